"""A consortium: a profile that names members, whose children are pooled."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_return import EPISODE_COLUMNS, EPISODES, build_small_reference, write_return

from sufficiency_lib import dataset
from sufficiency_lib.cleaning.derive import Area
from sufficiency_lib.cleaning.pooled import MemberTables, pooled
from sufficiency_lib.dataset_shown import as_html
from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.intake.folders import (
    find_authority,
    find_members,
    input_folders,
    list_authorities,
)
from sufficiency_lib.publish.edition import collect
from sufficiency_lib.runs.fingerprint import input_hashes
from sufficiency_lib.runs.plan import report_notebooks
from sufficiency_lib.settings import run_parameters

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
HERE, THERE = "E06000019", "E06000051"
TWO = '["herefordshire", "Shropshire"]'


def write_profile(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_small_reference(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two councils with the same small return, and the consortium of both."""
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
    tmp_path = tmp_path / "data"
    for name in ("herefordshire", "shropshire"):
        write_return(tmp_path / name / "2024")
    write_profile(tmp_path / "middle", f"[consortium]\nmembers = {TWO}\n")
    return tmp_path


def load(data: Path, store: Path, **told: object) -> dataset.Dataset:
    return dataset.load(run_parameters(
        **{"authority": "middle", "data": data, "reference": store, **told}))


# --- whose folders ---------------------------------------------------------------------------


def test_a_folder_whose_profile_names_members_is_listed(data: Path) -> None:
    assert [one.slug for one in list_authorities(data)] == ["herefordshire", "middle", "shropshire"]


def test_members_lie_beside_the_consortium_or_in_it(data: Path) -> None:
    (data / "shropshire").rename(data / "middle" / "shropshire")
    home = find_authority("middle", data)
    found = find_members(home, ("shropshire", "E06000019"), data)
    assert [(one.code, one.folder.parent) for one in found] == [
        (HERE, data), (THERE, data / "middle")]
    assert input_folders(home, data) == {
        "": data / "middle", "herefordshire": data / "herefordshire",
        "shropshire": data / "middle" / "shropshire"}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ('["herefordshire", "Leeds"]', "A member of middle cannot be read. 'Leeds' (E08000035)"),
        ('["herefordshire", "E06000019"]', "are one authority; name it once"),
        ('["herefordshire", "middle"]', "'middle' is itself a consortium; name its members"),
        ('["herefordshire", "../../etc"]', "is not an authority we know, nor a folder"),
        ('["herefordshire"]', "a consortium has two members or more"),
        ('"herefordshire"', "'members' is not a list; expected a list of ONS codes or names"),
        ('["herefordshire", ""]', "members.1"),
        ('["herefordshire", 7]', "members.1"),
    ],
)
def test_members_that_cannot_be(data: Path, store: Path, members: str, said: str) -> None:
    write_profile(data / "middle", f"[consortium]\nmembers = {members}\n")
    with pytest.raises(ConfigurationError) as refused:
        load(data, store)
    assert said in str(refused.value)
    assert input_folders(find_authority("middle", data), data)[""] == data / "middle"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[consortium]\n", "[consortium] holds only members"),
        ("[consortium]\nmember = []\n", "'member' is not a setting we know"),
        (f'[authority]\ncode = "{HERE}"\n[consortium]\nmembers = {TWO}\n',
         "a consortium is no authority and has no code of its own"),
    ],
)
def test_a_profile_of_a_consortium_that_is_wrong(
    data: Path, store: Path, text: str, said: str
) -> None:
    write_profile(data / "middle", text)
    with pytest.raises(ConfigurationError) as refused:
        load(data, store)
    assert said in str(refused.value)


def test_an_unreadable_profile_stops_only_its_own_authority(data: Path, store: Path) -> None:
    write_profile(data / "herefordshire", "[consortium\n")
    assert {one.slug for one in list_authorities(data)} == {"herefordshire", "middle", "shropshire"}
    with pytest.raises(ConfigurationError, match="Herefordshire: profile.toml is not readable"):
        load(data, store)


def test_returns_among_the_members_are_refused(data: Path, store: Path) -> None:
    write_return(data / "middle" / "2024")
    with pytest.raises(ConfigurationError, match="put each return in its member's folder"):
        load(data, store)


# --- what is pooled --------------------------------------------------------------------------


def test_children_with_one_number_in_two_councils_are_two(data: Path, store: Path) -> None:
    study = load(data, store)
    one = study.members[0]
    assert [member.profile.name for member in study.members] == ["Herefordshire", "Shropshire"]
    assert len(study.episodes) == 2 * len(one.episodes) > 0
    assert study.episodes["child_id"].nunique() == 2 * one.episodes["child_id"].nunique()
    assert study.episodes["placement_id"].nunique() == 2 * one.episodes["placement_id"].nunique()
    assert study.episodes.groupby("member").size().to_dict() == {
        "Herefordshire": len(one.episodes), "Shropshire": len(one.episodes)}
    assert set(study.sources["source_file"].str.partition("/")[0]) == {
        "herefordshire", "shropshire"}
    # Each stay and each period is one child's.
    assert study.episodes.groupby("care_period_id")["child_id"].nunique().eq(1).all()


def test_inside_the_area_is_inside_any_members(data: Path, store: Path) -> None:
    study = load(data, store, locality_rule="in_area")
    assert study.codes == {HERE, THERE} and study.profile.code is None
    placed = study.episodes["placement_authority"]
    assert (study.episodes["boundary"] == "inside").equals(placed.isin([HERE, THERE]))
    # The same placement is inside for the consortium whoever looks after the child.
    own = study.members[1].episodes
    assert (own["boundary"] == "inside").sum() < (
        study.episodes.loc[study.episodes["member"] == "Shropshire", "boundary"] == "inside").sum()


def test_what_one_member_withholds_is_withheld(data: Path, store: Path) -> None:
    write_profile(data / "herefordshire", "[disclosure]\nthreshold = 9\n[publish]\ncosts = true\n"
                  "[authority]\nsynthetic = true\n")
    write_profile(data / "shropshire", "[publish]\ncosts = true\n")
    write_profile(data / "middle", "[publish]\ncosts = true\n[disclosure]\nthreshold = 5\n"
                  f"[consortium]\nmembers = {TWO}\n")
    profile = load(data, store).profile
    assert (profile.disclosure.threshold, profile.publish.costs, profile.synthetic) == (
        9, True, True)
    write_profile(data / "shropshire", "")
    assert load(data, store).profile.publish.costs is False


def test_only_years_that_every_member_returned(data: Path, store: Path) -> None:
    earlier = [row[:1] + ("01/05/2021",) + row[2:7] + ("01/06/2022", "E4A") + row[9:]
               for row in EPISODES[:1]]
    write_return(data / "shropshire" / "2023", episodes=earlier)
    study = load(data, store)
    assert study.return_years == [2024]
    assert study.members[1].return_years == [2023, 2024]
    found = study.findings[study.findings["rule"] == "not_every_members_year"]
    assert found["value"].tolist() == ["2023"]
    assert found["source_file"].str.startswith("shropshire/2023").all()
    # What was over before the first common year began is not in any common return.
    assert (study.episodes["dec"].isna() | (study.episodes["dec"] >= "2023-04-01")).all()


def test_members_without_a_year_in_common() -> None:
    later = {"table": ["episodes"], "return_year": [2025], "source_file": ["e.csv"], "rows": [1]}
    earlier = later | {"return_year": [2024]}
    with pytest.raises(ConfigurationError, match="no return year in common: A 2024; B 2025"):
        pooled([MemberTables("a", "A", {"sources": pd.DataFrame(earlier)}),
                MemberTables("b", "B", {"sources": pd.DataFrame(later)})], Area())


def test_a_population_is_summed_where_every_member_tells_it(data: Path, store: Path) -> None:
    people = "mid_year,age_group,children\n2022,0-17,100\n2023,0-17,200\n"
    (data / "herefordshire" / "population.csv").write_text(people, encoding="utf-8")
    study = load(data, store)
    assert study.population is None
    assert "member_without_population" in set(study.findings["rule"])
    (data / "shropshire" / "population.csv").write_text(
        "mid_year,age_group,children\n2023,0-17,50\n", encoding="utf-8")
    assert load(data, store).population.to_numpy().tolist() == [[2023, 250]]
    # A population of the consortium's own stands instead.
    (data / "middle" / "population.csv").write_text(
        "mid_year,age_group,children\n2023,0-17,999\n", encoding="utf-8")
    assert load(data, store).population.to_numpy().tolist() == [[2023, 999]]


def test_a_provider_in_two_registers_is_one_and_own_if_any_says_so(
    data: Path, store: Path
) -> None:
    columns = "provider_name,provision_type,sector,places,urn,as_at\n"
    home = "{name},childrens_home,{sector},4,SC1,2024-03-31\n"
    (data / "herefordshire" / "provision.csv").write_text(
        columns + home.format(name="Elm", sector="other_public")
        + "Oak,childrens_home,private,3,SC2,2024-03-31\n", encoding="utf-8")
    (data / "shropshire" / "provision.csv").write_text(
        columns + home.format(name="Elm House", sector="own"), encoding="utf-8")
    (data / "middle" / "provision.csv").write_text(
        columns + "Ash,secure,voluntary,8,SC3,2024-03-31\n", encoding="utf-8")
    register = load(data, store).provision
    assert register[["urn", "sector"]].to_numpy().tolist() == [
        ["SC1", "own"], ["SC2", "private"], ["SC3", "voluntary"]]


def test_a_provider_without_a_number_is_known_by_name_and_place(data: Path, store: Path) -> None:
    columns = "provider_name,provision_type,sector,places,postcode,as_at\n"
    row = "Elm,childrens_home,{sector},4,{postcode},2024-03-31\n"
    (data / "herefordshire" / "provision.csv").write_text(
        columns + row.format(sector="other_public", postcode="HR1 1AA")
        + row.format(sector="private", postcode=""), encoding="utf-8")
    (data / "shropshire" / "provision.csv").write_text(
        columns + row.format(sector="own", postcode="HR1 1AA")
        + row.format(sector="private", postcode=""), encoding="utf-8")
    register = load(data, store).provision
    # Of those without a postcode nobody can say whether they are one.
    assert register["sector"].tolist() == ["own", "private", "private"]


def test_what_names_children_belongs_in_a_members_folder(data: Path, store: Path) -> None:
    (data / "middle" / "circumstances.csv").write_text(
        "child_id,is_disabled\nA1,yes\n", encoding="utf-8")
    study = load(data, store)
    assert study.circumstances.empty
    assert "belongs_to_a_member" in set(study.findings["rule"])


def test_a_change_in_a_members_files_is_seen(data: Path, store: Path) -> None:
    first = load(data, store).fingerprint
    assert load(data, store).fingerprint == first
    more = [*EPISODES, ("D9", *EPISODES[1][1:])]
    assert len(more[0]) == len(EPISODE_COLUMNS)
    write_return(data / "shropshire" / "2024", episodes=more)
    changed = load(data, store)
    assert changed.fingerprint != first
    assert "shropshire:D9" in set(changed.episodes["child_id"])


def test_a_members_bad_file_is_named_with_the_member(data: Path, store: Path) -> None:
    (data / "shropshire" / "2024" / "one.csv").write_text(
        "CHILD,DECOM\nA1,x\n", encoding="utf-8")
    with pytest.raises(SufficiencyError, match="Shropshire: ") as refused:
        load(data, store)
    assert "A1" not in str(refused.value)


# --- the same appendix -----------------------------------------------------------------------


@pytest.mark.parametrize("notebooks", [
    pytest.param([NOTEBOOKS / "09_assessment.ipynb"], id="where the members are"),
    pytest.param(report_notebooks(NOTEBOOKS), id="all", marks=pytest.mark.slow),
])
def test_a_notebook_is_a_consortiums_too(
    data: Path, store: Path, notebooks: list[Path]
) -> None:
    study = load(data, store)
    published = {part.spec.id for part in collect(study, notebooks)}
    alone = {part.spec.id for part in collect(study.members[0], notebooks)}
    assert {name for name in published if name.startswith("members_")} == {
        "members_looked_after", "members_placements", "members_locality", "members_placed",
        "members_fostering", "members_stability"}
    assert not {name for name in alone if name.startswith("members_")}
    assert alone <= published


def test_a_consortium_is_stale_when_a_member_is(data: Path) -> None:
    home = find_authority("middle", data)
    before = input_hashes(home, data)
    assert {name.partition("/")[0] for name in before} == {
        "profile.toml", "herefordshire", "shropshire"}
    (data / "shropshire" / "provision.csv").write_text("provider_name\n", encoding="utf-8")
    assert set(input_hashes(home, data)) - set(before) == {"shropshire/provision.csv"}


def test_it_shows_itself_with_its_members(data: Path, store: Path) -> None:
    study = load(data, store)
    assert study._repr_html_() == as_html(study)
    assert "2 members" in study._repr_html_()
