"""A consortium's members side by side, and what their own pages tell of its page."""

from __future__ import annotations

import pandas as pd
from histories import history, quickly, sparingly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.members import (
    ALL_MEMBERS,
    COHORTS_COMPARED,
    PLACED_IN,
    members_placed,
    side_by_side,
)
from sufficiency_lib.publish.charts_members import members_locality
from sufficiency_lib.publish.disclosure import disclose
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.family_words import family
from sufficiency_lib.publish.linked import Part, row_names
from sufficiency_lib.publish.other_pages import MemberPage, plan_after
from sufficiency_lib.publish.plan import plan
from sufficiency_lib.publish.render import render_table
from sufficiency_lib.publish.specs import SPECS
from sufficiency_lib.publish.wording import Words
from sufficiency_lib.settings import DisclosureSettings, LocalitySettings, SharedLocality

DAY = "2025-03-31"
HERE, THERE, AWAY = "E06000019", "E06000018", "E06000051"
CODES = {"Herefordshire": HERE, "Nottingham": THERE}
SETTINGS = DisclosureSettings(threshold=5)


def pooled(*episodes: dict[str, object]) -> pd.DataFrame:
    """A history in which each child is a member's, and each stay its own."""
    made = history(*episodes)
    return made.assign(member=[one["member"] for one in episodes],
                       placement_id=range(len(episodes)), placement_postcode="HR1 1AA")


def rows(member: str, placed: str | None, many: int, **also: object) -> list[dict[str, object]]:
    return [{"member": member, "placement_authority": placed, **also}] * many


def side(episodes: pd.DataFrame, **told: object) -> dict[str, pd.DataFrame]:
    people = {"Herefordshire": pd.DataFrame({"mid_year": [2024], "children": [1000]}),
              "Nottingham": None, ALL_MEMBERS: None}
    return side_by_side(episodes, DAY, **{
        "codes": CODES, "rule": "in_area", "border_miles": 10.0, "population": people,
        "year_end": DAY, **told})


# --- side by side ----------------------------------------------------------------------------


def test_where_each_members_children_are() -> None:
    episodes = pooled(
        *rows("Herefordshire", HERE, 3), *rows("Herefordshire", THERE, 2),
        *rows("Herefordshire", AWAY, 1), *rows("Nottingham", HERE, 4), *rows("Nottingham", None, 1),
    )
    got = members_placed(episodes, DAY, CODES)
    assert got.columns.tolist() == ["as_at", "member", "placed_in", "children", "share_pct"]
    counts = got.set_index(["member", "placed_in"])["children"]
    assert counts.loc["Herefordshire"].to_dict() == dict(zip(PLACED_IN, (3, 2, 1, 0), strict=True))
    assert counts.loc["Nottingham"].to_dict() == dict(zip(PLACED_IN, (0, 4, 0, 1), strict=True))
    assert counts.loc[ALL_MEMBERS].to_dict() == dict(zip(PLACED_IN, (3, 6, 1, 1), strict=True))
    assert got["share_pct"].tolist()[:4] == [50.0, 33.3, 16.7, 0.0]
    assert got.index.tolist() == list(range(12))


def test_a_member_without_children_on_the_day_has_its_rows() -> None:
    gone = {"decom": "2020-04-01", "dec": "2021-04-01"}
    got = members_placed(
        pooled(*rows("Herefordshire", HERE, 2), *rows("Nottingham", THERE, 1, **gone)), DAY, CODES)
    of_none = got[got["member"] == "Nottingham"]
    assert of_none["children"].tolist() == [0, 0, 0, 0]
    assert of_none["share_pct"].isna().all()


def test_every_measure_for_each_member_and_for_all() -> None:
    episodes = pooled(
        *rows("Herefordshire", HERE, 3), *rows("Nottingham", HERE, 2, provider="private"),
        *rows("Nottingham", AWAY, 5),
    )
    got = side(episodes)
    assert set(got) == {"members_looked_after", "members_placements", "members_locality",
                        "members_placed", "members_fostering", "members_stability"}
    assert all(set(table["member"]) == {*CODES, ALL_MEMBERS} for table in got.values())
    near = got["members_locality"].set_index(["cohort", "member"])
    # Inside any member's area: Nottingham's two in Herefordshire are local for the consortium.
    assert near.loc[("all", "Nottingham"), ["within", "children", "rate_pct"]].tolist() == [
        2, 7, 28.6]
    assert near.loc[("all", ALL_MEMBERS), ["within", "children"]].tolist() == [5, 10]
    assert [*dict.fromkeys(got["members_locality"]["cohort"])] == list(COHORTS_COMPARED)
    assert "index" not in got["members_locality"]
    looked_after = got["members_looked_after"].set_index("member")
    assert looked_after["children"].to_dict() == {
        "Herefordshire": 3, "Nottingham": 7, ALL_MEMBERS: 10}
    assert looked_after.loc["Herefordshire", "rate_per_10000"] == 30
    assert looked_after.loc[["Nottingham", ALL_MEMBERS], "rate_per_10000"].isna().all()
    split = got["members_fostering"].set_index(["basis", "member"])
    assert split.loc[("children", "Nottingham"), ["in_house", "ifa"]].tolist() == [5, 2]


def test_members_without_a_population_have_no_rate_and_all_of_them_may_have_one() -> None:
    everybody = {ALL_MEMBERS: pd.DataFrame({"mid_year": [2024], "children": [500]})}
    got = side(pooled(*rows("Herefordshire", HERE, 1)), population=everybody)
    rates = got["members_looked_after"].set_index("member")["rate_per_10000"]
    assert rates.fillna(-1).to_dict() == {"Herefordshire": -1, ALL_MEMBERS: 20}


def test_stability_is_told_from_the_first_return_on() -> None:
    """Of returns that begin in 2025 nobody can be known to be with a carer for two years."""
    episodes = pooled(*rows("Nottingham", HERE, 1, decom="2020-05-01"))
    for first, rates in ((2020, [0, 100, 0, 100]), (2025, [0, -1, 0, -1])):
        told = side(episodes, first_return=first)["members_stability"]
        assert told["rate_pct"].fillna(-1).tolist() == rates


def test_an_authority_has_no_members() -> None:
    assert side(history({}, {})) == {}


def test_without_a_year_end_there_is_no_flow() -> None:
    assert "members_stability" not in side(pooled(*rows("Nottingham", HERE, 1)), year_end=None)


@sparingly
@given(st.lists(st.tuples(st.sampled_from([*CODES]), st.sampled_from([HERE, THERE, AWAY, None])),
                min_size=1, max_size=30))
def test_members_add_up_to_all_of_them(placed: list[tuple[str, str | None]]) -> None:
    episodes = pooled(*({"member": m, "placement_authority": a} for m, a in placed))
    for name, table in side(episodes).items():
        for count in (c for c in SPECS[name].counts if c in table):
            keys = [key for key in SPECS[name].keys
                    if key not in ("member", "population_0_17", "estimate_year")]
            whole = table[table["member"] == ALL_MEMBERS].set_index(keys)[count]
            parts = table[table["member"] != ALL_MEMBERS].groupby(keys)[count].sum()
            assert whole.fillna(0).to_dict() == parts.reindex(whole.index).fillna(0).to_dict()


def test_the_chart_says_every_member_and_hides_what_is_hidden() -> None:
    episodes = pooled(*rows("Herefordshire", HERE, 12), *rows("Herefordshire", AWAY, 8),
                       *rows("Nottingham", THERE, 18), *rows("Nottingham", AWAY, 2))
    table = side(episodes)["members_locality"]
    context = ChartContext(name="Middle", as_at=pd.Timestamp(DAY).date(), rule="in_area",
                           words=Words(LocalitySettings()), targets=(), source="")
    drawn = members_locality(disclose(table, SPECS["members_locality"], SETTINGS), context)
    assert "Nottingham suppressed" in drawn.alt
    assert "90" not in drawn.alt + drawn.title
    whole = members_locality(table, context)
    assert whole.title.endswith("from 60.0% of Herefordshire's to 90.0% of Nottingham's")


def test_columns_are_headed_in_words() -> None:
    placed = members_placed(pooled(*rows("Herefordshire", HERE, 9)), DAY, CODES)
    html = render_table(placed, SPECS["members_placed"], Words(), title="t", anchor="a")
    assert "Another member&#39;s area" in html and "other_members_area" not in html


def test_the_page_for_families_is_from_all_the_councils() -> None:
    stock = pd.DataFrame({"as_at": [DAY], "children": [330]})
    told = family({"children_looked_after": stock}, Words(SharedLocality()), name="Mid", day=DAY)
    assert told[0].points[0].endswith("the councils that work together as Mid.")


# --- what the members' own pages tell --------------------------------------------------------


def _page(counts: dict[str, int]) -> list[Part]:
    """One table of children by placement on the day, as each page prints it."""
    frame = pd.DataFrame({
        "as_at": DAY, "dfe_placement_group": list(counts), "children": list(counts.values())})
    frame["share_pct"] = 100 * frame["children"] / frame["children"].sum()
    spec = SPECS["placement_mix_dfe"]
    return [Part(spec.id, spec, frame, DAY)]


def _shown(parts: list[Part], made: object) -> dict[str, object]:
    part = parts[0]
    table = made.shown(part.spec, part.frame, SETTINGS)
    return dict(zip(part.frame["dfe_placement_group"], table["children"], strict=True))


def _pages(first: dict[str, int], second: dict[str, int]) -> list[MemberPage]:
    return [MemberPage(name, name.lower(), _page(one), plan(_page(one), SETTINGS))
            for name, one in (("Herefordshire", first), ("Nottingham", second))]


def test_a_total_less_what_one_member_shows_is_the_others_small_count() -> None:
    first = {"Foster placements": 40, "Placed for adoption": 3, "Other placements": 2}
    second = {"Foster placements": 60, "Placed for adoption": 20, "Other placements": 30}
    whole = {name: first[name] + second[name] for name in first}
    alone = _shown(_page(whole), plan(_page(whole), SETTINGS))
    assert alone["Placed for adoption"] == 23  # By itself there is nothing to hide.
    beside = _shown(_page(whole), plan_after(
        _page(whole), [], SETTINGS, members=_pages(first, second)))
    assert beside["Placed for adoption"] == "c" and beside["Other placements"] == "c"
    assert beside["Foster placements"] == 100


@quickly
@given(st.lists(st.integers(0, 30), min_size=3, max_size=3),
       st.lists(st.integers(0, 30), min_size=3, max_size=3))
def test_no_small_count_of_a_member_is_a_difference(one: list[int], two: list[int]) -> None:
    names = ("Foster placements", "Placed for adoption", "Other placements")
    first, second = (dict(zip(names, counts, strict=True)) for counts in (one, two))
    whole = {name: first[name] + second[name] for name in names}
    shown = _shown(_page(whole), plan_after(
        _page(whole), [], SETTINGS, members=_pages(first, second)))
    for mine, other in ((first, second), (second, first)):
        for name in names:
            if 0 < mine[name] <= SETTINGS.threshold and not 0 < other[name] <= SETTINGS.threshold:
                assert shown[name] == "c"


def test_a_sum_of_small_counts_may_be_shown() -> None:
    first = {"Foster placements": 40, "Placed for adoption": 5, "Other placements": 4}
    second = {"Foster placements": 60, "Placed for adoption": 4, "Other placements": 5}
    whole = {name: first[name] + second[name] for name in first}
    shown = _shown(_page(whole), plan_after(
        _page(whole), [], SETTINGS, members=_pages(first, second)))
    # 9 leaves each to be 1 to 8: nobody can say which.
    assert shown == whole


def test_rows_are_named_alike_on_every_page() -> None:
    part = _page({"Foster placements": 1})[0]
    assert row_names(part.spec, part.frame) == [(DAY, "Foster placements")]
