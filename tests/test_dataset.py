"""From a folder of files to a Dataset, and what stops on the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from small_return import EPISODE_COLUMNS, EPISODES, as_csv, build_small_reference, write_return

from sufficiency_lib import dataset as dataset_module
from sufficiency_lib.dataset import Dataset, folder_of, load
from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.metrics.reconciliation import reconciliation
from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.settings import run_parameters


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_small_reference(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
    write_return(tmp_path / "data" / "herefordshire" / "2024")
    return tmp_path / "data"


def _load(data: Path, store: Path, authority: str = "herefordshire", **options: object) -> Dataset:
    return load(run_parameters(authority=authority, data=data, reference=store, **options))


def _versions(cache: Path) -> list[Path]:
    return sorted((cache / "datasets").glob("*/*"))


def test_the_small_return_whole(data: Path, store: Path) -> None:
    found = _load(data, store)
    assert found.as_at == date(2024, 3, 31)
    assert found.return_years == [2024] and found.year_ends == [date(2024, 3, 31)]
    assert found.days == [date(2024, 3, 31)]
    assert (found.profile.code, found.profile.name) == ("E06000019", "Herefordshire")
    assert found.population is None and found.findings.empty
    said = found.episodes.set_index(["child_id", "decom"]).sort_index()
    assert said["distance_miles"].fillna(-1).tolist() == [19.4, 20.0, 20.1, 0.9, -1]
    # The first is UASC: no distance of theirs counts in a table.
    first = found.episodes.query("ever_uasc")
    assert len(first) == 1 and on_date(first, found.as_at)["distance_miles"].isna().all()
    assert said["distance_band"].tolist() == [
        "le_20", "le_20", "gt_20", "le_20", "not_known"
    ]
    assert said["boundary"].tolist() == ["outside", "outside", "outside", "inside", "inside"]
    assert said["is_uasc"].tolist() == [True, False, False, False, False]
    assert said["is_short_break"].tolist() == [False, False, False, False, True]
    assert said["placement_id"].tolist() == [1, 2, 3, 4, 5]
    assert said["care_period_id"].tolist() == [1, 2, 2, 3, 4]
    assert len(found.children) == 4 and len(found.returned) == 5


def test_the_waterfall_of_the_small_return(data: Path, store: Path) -> None:
    found = _load(data, store)
    steps = reconciliation(found.returned, found.episodes, pd.Timestamp(found.as_at))
    children = dict(zip(steps["step"], steps["children"], strict=True))
    assert children["open_in_files"] == 3 and children["open_after_repair"] == 3
    assert children["short_breaks"] == 1 and children["looked_after"] == 2
    assert dict(zip(steps["step"], steps["episodes"], strict=True))["rows_read"] == 5


def test_every_row_read_is_in_returned_with_what_it_was_left_out_by(
    data: Path, store: Path
) -> None:
    rows = [*EPISODES, EPISODES[2], ("", *EPISODES[2][1:])]
    (data / "herefordshire" / "2024" / "one.csv").write_text(as_csv(EPISODE_COLUMNS, rows))
    found = _load(data, store)
    assert found.returned.sort_values("source_line")["dropped_by"].tolist() == [
        "", "", "3", "", "", "", "unusable"
    ]
    assert len(found.episodes) == 5


def test_a_second_load_reads_what_was_kept(
    data: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _load(data, store)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the returns were read again")

    monkeypatch.setattr(dataset_module, "read_returns", never)
    second = _load(data, store)
    for name in ("episodes", "children", "returned", "findings", "sources"):
        pd.testing.assert_frame_equal(getattr(second, name), getattr(first, name))
    assert second.as_at == first.as_at


def test_a_changed_file_is_read_and_the_older_version_goes(
    data: Path, store: Path, tmp_path: Path
) -> None:
    _load(data, store)
    before = _versions(tmp_path / "cache")
    (data / "herefordshire" / "2024" / "one.csv").write_text(
        as_csv(EPISODE_COLUMNS, EPISODES[:3])
    )
    assert len(_load(data, store).episodes) == 3
    after = _versions(tmp_path / "cache")
    assert len(before) == len(after) == 1 and before != after


def test_a_changed_profile_and_a_new_file_are_read(data: Path, store: Path) -> None:
    assert _load(data, store).episodes["centre_miles"].isna().all()
    folder = data / "herefordshire"
    (folder / "profile.toml").write_text(
        "[locality]\ncentre_easting = 350000\ncentre_northing = 240000\n"
    )
    (folder / "population.csv").write_text("mid_year,age_group,children\n2023,0-17,36000\n")
    found = _load(data, store)
    assert found.episodes["centre_miles"].max() == 20.1
    assert found.population.to_numpy().tolist() == [[2023, 36000]]


def test_one_folder_read_as_two_authorities_is_measured_for_each(data: Path, store: Path) -> None:
    own = data / "herefordshire"
    mine = _load(own, store, "herefordshire").episodes["boundary"]
    theirs = _load(own, store, "E06000051").episodes["boundary"]
    assert mine.value_counts().to_dict() == {"outside": 3, "inside": 2}
    assert theirs.value_counts().to_dict() == {"outside": 2, "inside": 3}


def test_the_cache_is_this_users_alone(data: Path, store: Path, tmp_path: Path) -> None:
    _load(data, store)
    own = next((tmp_path / "cache" / "datasets").iterdir())
    assert own.stat().st_mode & 0o077 == 0


def test_what_a_notebook_may_print_names_no_child(data: Path, store: Path) -> None:
    said = repr(_load(data, store))
    assert said == (
        "Dataset of Herefordshire: returns to 31 March 2024–2024, as at 31 March 2024; "
        "5 episodes, 0 findings"
    )


def test_the_day_of_the_run_has_no_leading_zero(data: Path, store: Path) -> None:
    _two_years(data)
    assert "as at 1 May 2023;" in repr(_load(data, store, as_at="2023-05-01"))


def _two_years(data: Path) -> None:
    earlier = (("B2", "20/06/2020", "S", "C2", "N1", "U1", "PR1", "", "", "", "HR1 1AA",
                "HR2 6AA", ""),
               ("Q9", "20/06/2022", "S", "C2", "N1", "U6", "PR1", "", "", "", "HR1 1AA",
                "HR2 6AA", ""))
    folder = data / "herefordshire" / "2023"
    folder.mkdir()
    (folder / "e.csv").write_text(as_csv(EPISODE_COLUMNS, earlier))


def test_two_years_make_one_history(data: Path, store: Path) -> None:
    _two_years(data)
    found = _load(data, store)
    assert found.year_ends == [date(2023, 3, 31), date(2024, 3, 31)]
    gone = found.episodes.set_index("child_id").loc["Q9"]
    assert (gone["dec"], gone["rec"], gone["repairs"]) == (pd.Timestamp(2023, 3, 31), "E99", "2")
    assert sorted(found.findings["rule"]) == ["2", "3", "no_date_of_birth"]
    earlier = _load(data, store, as_at="2023-03-31")
    assert earlier.year_ends == [date(2023, 3, 31)]
    assert earlier.days == [date(2023, 3, 31)]


@pytest.mark.parametrize("as_at", ["2023-03-31", "2024-04-01", "1999-01-01"])
def test_a_day_outside_the_returns_is_refused(data: Path, store: Path, as_at: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _load(data, store, as_at=as_at)
    assert str(caught.value) == (
        f"The date {pd.Timestamp(as_at):%d/%m/%Y} is outside the returns, which close on "
        "31/03/2024 to 31/03/2024; give a date between these with --as-at."
    )


def test_bad_input_says_where_what_and_what_to_do(data: Path, store: Path) -> None:
    rows = [list(row) for row in EPISODES]
    rows[1][1] = "soon"
    (data / "herefordshire" / "2024" / "one.csv").write_text(as_csv(EPISODE_COLUMNS, rows))
    with pytest.raises(InputError) as caught:
        _load(data, store)
    assert str(caught.value) == (
        "2024/one.csv, line 3, column DECOM: found 'soon', expected a date as dd/mm/yyyy; "
        "correct it and run again."
    )
    assert caught.value.exit_code == 3


def test_a_bad_population_stops_the_run(data: Path, store: Path) -> None:
    (data / "herefordshire" / "population.csv").write_text("mid_year,children\n2024,5\n")
    with pytest.raises(InputError, match="population.csv, line 1, column age_group"):
        _load(data, store)


def test_nothing_is_kept_of_a_failed_load(data: Path, store: Path, tmp_path: Path) -> None:
    (data / "herefordshire" / "2024" / "one.csv").write_bytes(b"\x00")
    with pytest.raises(InputError):
        _load(data, store)
    assert _versions(tmp_path / "cache") == []


@pytest.mark.parametrize(
    ("rule", "profile", "said"),
    [
        ("centre_20_miles", "", "needs centre_easting and centre_northing"),
        ("centre_20_miles", "[locality]\ncentre_easting = 1\n", "needs centre_easting and"),
        ("border_10_miles", "[authority]\ncode = 'E06000018'\n", "needs the authority's outline"),
        ("boundary_20_miles", "[authority]\ncode = 'E06000018'\n", "needs the authority's outl"),
    ],
)
def test_a_rule_that_cannot_be_worked_out_is_refused(
    data: Path, store: Path, rule: str, profile: str, said: str
) -> None:
    (data / "herefordshire" / "profile.toml").write_text(profile)
    with pytest.raises(ConfigurationError, match=rule) as caught:
        _load(data, store, locality_rule=rule)
    assert said in str(caught.value) and "choose another rule" in str(caught.value)


def test_a_folder_that_names_no_authority_has_no_area(data: Path, store: Path) -> None:
    (data / "herefordshire").rename(data / "wonderland")
    found = _load(data, store, "wonderland")
    assert found.rules == ["home_20_miles"]
    assert set(found.episodes["boundary"]) == {"not_known"}
    with pytest.raises(ConfigurationError, match="in_area needs to know the authority"):
        _load(data, store, "wonderland", locality_rule="in_area")


def test_the_rules_that_can_be_worked_out_the_one_in_force_first(data: Path, store: Path) -> None:
    found = _load(data, store, locality_rule="in_area")
    assert found.locality_rule == "in_area"
    assert found.rules == ["in_area", "home_20_miles", "boundary_20_miles", "border_10_miles"]
    assert found.locality == {
        "rules": found.rules, "code": frozenset({"E06000019"}), "border_miles": 10.0}
    assert found.authority_names["E06000019"].startswith("Herefordshire")


def test_unknown_postcodes_and_nameless_children_are_told(data: Path, store: Path) -> None:
    rows = [list(row) for row in EPISODES]
    rows[0][11], rows[2][11], rows[3][10] = "HR9 9ZZ", "BT1 1AA", "nowhere"
    rows.append(["ZZ", *rows[4][1:]])
    (data / "herefordshire" / "2024" / "one.csv").write_text(as_csv(EPISODE_COLUMNS, rows))
    found = _load(data, store)
    rows_told = found.findings.dropna(subset="source_line")
    assert rows_told.set_index("rule")["column"].to_dict() == {
        "postcode_unknown": "PL_POST", "postcode_not_on_british_grid": "PL_POST",
        "postcode_malformed": "HOME_POST", "no_date_of_birth": "DOB",
    }
    rates = found.findings[found.findings["source_line"].isna()].set_index("rule")["value"]
    assert rates["postcode_unknown_rate"] == "PL_POST: 1 of 6 given (16.7%)"


def test_the_folder_of_a_run(data: Path) -> None:
    assert folder_of(run_parameters(authority="884", data=data)) == data / "herefordshire"
