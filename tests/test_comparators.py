"""Published figures: found by what stands in a table, chosen by year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from comparator_cells import FAR, NATIONAL, NEIGHBOURS, NONE, around, cell, cells, neighbours, of
from histories import STORAGES, quickly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.intake.authorities import load_authorities
from sufficiency_lib.intake.comparable import CELL_COLUMNS, COMPARABLE, comparable_cells
from sufficiency_lib.intake.comparators import is_comparator_table, tidy_statistics
from sufficiency_lib.intake.compared import (
    compared_with,
    neighbours_of,
    region_of,
    todays_codes,
)
from sufficiency_lib.intake.statistics import read_statistics
from sufficiency_lib.metrics.comparators import PUBLISHED_COLUMNS, beside, published
from sufficiency_lib.settings import AuthorityProfile

# --- which figure ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_at", "year"),
    [("2025-03-31", "2025"), ("2024-09-30", "2024"), ("2024-03-30", "2021"),
     ("2026-03-31", "2025"), ("2019-03-31", "2021")],
)
def test_the_year_of_the_day_else_before_it_else_after_it(as_at: str, year: str) -> None:
    rows = [cell(value, time_period=y) for value, y in ((20, "2021"), (21, "2024"), (22, "2025"))]
    found = of(around(*rows, as_at=as_at), "england")
    assert found["time_period"] == year
    assert found["release"] == f"31 March {year}; DfE, 2025 release"


def test_the_later_release_is_taken_and_the_suites_own_table_last() -> None:
    older = cell(20, release_year="2024", release="DfE, 2024 release")
    newer = cell(23, release="DfE, 2025 release (final)")
    got = published(cells(older, newer), NATIONAL, as_at="2025-03-31")
    assert of(got, "england")["value"] == 23
    assert of(got, "england")["release"] == "31 March 2025; DfE, 2025 release (final)"
    assert of(got, "england", "uasc_pct")["value"] == 8


def test_a_year_the_files_lack_comes_from_the_suites_own_table() -> None:
    got = published(cells(cell(20, time_period="2023")), NATIONAL, as_at="2025-03-31")
    assert of(got, "england")["time_period"] == "2025"
    assert of(got, "england")["value"] == 22


@pytest.mark.parametrize(
    ("symbol", "mark"),
    [("c", "c"), ("*", "c"), ("k", "k"), ("low", "k"), ("z", "z"), (":", "x"), ("blank", "x")],
)
def test_a_published_symbol_is_said_and_never_a_number(symbol: str, mark: str) -> None:
    found = of(around(cell(None, symbol=symbol)), "england")
    assert pd.isna(found["value"]) and found["symbol"] == mark and found["areas_known"] == 0


def test_a_region_is_known_by_its_name_and_no_other_is_taken() -> None:
    regions = [cell(v, geographic_level="regional", region_name=name)
               for v, name in ((18, "London"), (19, "West Midlands"), (12, "Inner London"))]
    assert of(around(*regions, region="London"), "region")["value"] == 18
    assert "region" not in set(around(*regions)["comparator_area"])
    assert region_of("E09000019") == "London"


def test_the_median_is_of_the_neighbours_that_have_a_figure() -> None:
    found = of(neighbours([10, 40, 30, 20, 50, "c"]), "neighbours")
    assert (found["value"], found["areas_known"], found["areas_asked"]) == (30, 5, 6)
    assert of(neighbours([10, 40, 30, 20, 50, 60]), "neighbours")["value"] == 35


def test_four_neighbours_make_no_median() -> None:
    found = of(neighbours([10, 40, "c", 20, 50, "z"]), "neighbours")
    assert pd.isna(found["value"])
    assert (found["symbol"], found["areas_known"]) == ("x", 4)


def test_a_neighbour_that_rounds_to_zero_is_nought_and_a_suppressed_one_is_nothing() -> None:
    assert of(neighbours(["k", "k", "k", 2, 3, "c"]), "neighbours")["value"] == 0


def test_others_than_the_neighbours_are_no_neighbours() -> None:
    strange = cell(99, geographic_level="local_authority", authority="E06000018")
    five = [cell(10, geographic_level="local_authority", authority=c) for c in NEIGHBOURS[:5]]
    assert of(around(strange, *five, neighbours=NEIGHBOURS), "neighbours")["value"] == 10


@quickly
@given(st.lists(st.integers(0, 100), min_size=5, max_size=6))
def test_a_median_lies_among_the_figures(values: list[int]) -> None:
    found = of(neighbours(values), "neighbours")
    assert min(values) <= found["value"] <= max(values)
    assert found["areas_known"] == len(values)


def test_nothing_given_is_a_table_without_rows() -> None:
    got = published(NONE, NATIONAL[:0], as_at="2025-03-31", region="London", neighbours=NEIGHBOURS)
    assert got.empty and list(got) == list(PUBLISHED_COLUMNS)
    assert beside(pd.DataFrame(columns=["metric", "value", "numerator", "denominator"]), got).empty


@pytest.mark.parametrize("storage", STORAGES)
def test_however_the_cells_are_stored(storage: str) -> None:
    rows = cells(cell(22), *(cell(v, geographic_level="local_authority", authority=code)
                             for v, code in enumerate(NEIGHBOURS)))
    got = published(stored_as(rows, storage), NATIONAL, as_at="2025-03-31", neighbours=NEIGHBOURS)
    assert of(got, "england")["value"] == 22
    assert of(got, "neighbours")["value"] == 2.5


# --- a table is known by what stands in it ---------------------------------------------------


def tidy(**columns: list[str]) -> pd.DataFrame:
    text = {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    return tidy_statistics(pa.table(text))


def test_a_table_is_known_by_its_columns_whatever_its_name_and_case() -> None:
    table = tidy(
        time_period=["2024", "2025"], geographic_level=["National"] * 2,
        CLA_group=["Place providers"] * 2, Characteristic=["OWN PROVISION (BY THE LA)"] * 2,
        number=["36000", "35050"], percentage=["43", "43"],
    )
    got = comparable_cells({"anything": table}, {"anything": "November 2025"})
    assert got["metric"].tolist() == ["own_provision_pct"] * 2
    assert set(got["release"]) == {"DfE, 2025 release (November 2025)"}
    assert list(got) == list(CELL_COLUMNS)


def test_other_tables_are_passed_over() -> None:
    text = pd.DataFrame({"Web link": ["a"], "URN": ["1"]})
    other = tidy(time_period=["2025"], geographic_level=["National"], age_group=["0 to 17"],
                 population_estimate=["12183016"])
    assert comparable_cells({"ofsted": text, "people": other, "none": other[:0]}).empty


def test_neighbours_from_either_layout_as_codes_of_today() -> None:
    wide = pd.DataFrame({"old_la_code": ["884", "370"], "la_name": ["a", "b"],
                         "SN_1": ["370", "884"], "SN_1P": ["Close", "Close"],
                         "SN_10": ["373", "373"], "SN_2": ["893", "893"]})
    assert neighbours_of("E06000019", {"sn": wide}) == ("E08000038", "E06000051", "E08000039")
    listed = pd.DataFrame({"ons_code_2023": ["E08000016"], "sn1_2025": ["884"]})
    assert neighbours_of("E08000038", {"empty": wide[:0], "a": listed}) == ("E06000019",)
    assert neighbours_of("E06000018", {"sn": wide}) == neighbours_of(None, {"sn": wide}) == ()


def test_a_strange_neighbour_stays_and_has_no_figure() -> None:
    assert todays_codes(["E08000016", "Narnia"]) == ("E08000038", "Narnia")


class Store:
    """As much of a reference store as is asked for."""

    def __init__(self, **tables: pd.DataFrame) -> None:
        self.statistics = tables

    def release(self, name: str) -> str | None:
        return "May" if name == "rates" else None


def test_the_profiles_neighbours_stand_before_the_files() -> None:
    model = pd.DataFrame({"old_la_code": ["884"], "SN_1": ["893"]})
    rates = tidy(time_period=["2025"], geographic_level=["National"], rate_per_10000=["67"],
                 population_type=["Children looked after on 31 March each year"])
    store = Store(model=model, rates=rates)
    profile = AuthorityProfile(code="E06000019", name="Herefordshire", slug="herefordshire")
    told = compared_with(store, profile)
    assert told["neighbours"] == ("E06000051",) and told["region"] == "West Midlands"
    assert told["cells"]["release"].tolist() == ["DfE, 2025 release (May)"]
    own = profile.model_copy(update={"neighbours": ("E08000016",)})
    assert compared_with(store, own)["neighbours"] == ("E08000038",)
    nobody = profile.model_copy(update={"code": None})
    assert compared_with(Store(), nobody)["region"] == ""


# --- from the Department's own files ---------------------------------------------------------

FILES = (
    "dfe_cla_on_31_march_2020_2025.parquet", "la_cla_placement_stability.csv",
    "cla_number_and_rate_per_10k_children.csv", "la_cla_during_year_new_placements.csv",
    "sn_model_2025_wide.csv",
)


@pytest.fixture(scope="module")
def real(shared_dir: Path) -> dict[str, pd.DataFrame]:
    found = {}
    for name in FILES:
        path = shared_dir / "reference" / name
        if not path.is_file():
            pytest.skip(f"{name} is not in the shared folder")
        for table_name, table in read_statistics(path).items():
            found[table_name] = (
                tidy_statistics(table) if is_comparator_table(table) else table.to_pandas()
            )
    return found


@pytest.fixture(scope="module")
def real_cells(real: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return comparable_cells(real)


def test_every_measure_is_found_for_england_every_region_and_153_authorities(
    real_cells: pd.DataFrame,
) -> None:
    rows = real_cells[real_cells["time_period"] == "2025"]
    counted = rows.groupby(["metric", "geographic_level"]).size().unstack()
    assert set(counted.index) == {measure.metric for measure in COMPARABLE}
    assert (counted["national"] == 1).all()
    # Nine regions, and London's two halves.
    assert (counted["regional"] == 11).all()
    today = rows[rows["authority"].isin(load_authorities()["code"])]
    assert (today.groupby("metric")["authority"].agg(["size", "nunique"]) == 153).all(axis=None)
    assert set(rows["release"]) == {"DfE, 2025 release"}


def test_england_herefordshires_region_and_its_neighbours(
    real: dict[str, pd.DataFrame], real_cells: pd.DataFrame
) -> None:
    got = published(
        real_cells, NATIONAL, as_at="2025-03-31", region=region_of("E06000019"),
        neighbours=neighbours_of("E06000019", real),
    )
    assert len(got) == 3 * len(COMPARABLE)
    england = {m: of(got, "england", m)["value"] for m in (
        "rate_per_10000", FAR, "distance_not_known_pct", "placed_outside_area_pct",
        "same_carer_2_years_pct", "three_or_more_placements_pct")}
    assert list(england.values()) == [67, 22, 9, 44, 69, 10]
    assert of(got, "region", "rate_per_10000")["value"] == 86
    assert of(got, "region")["area_name"] == "West Midlands"
    rates = real_cells[
        (real_cells["metric"] == "rate_per_10000") & (real_cells["time_period"] == "2025")
        & real_cells["authority"].isin(neighbours_of("E06000019", real))
    ]["value"].sort_values().tolist()
    assert len(rates) == 10
    assert of(got, "neighbours", "rate_per_10000")["value"] == (rates[4] + rates[5]) / 2
    assert of(got, "neighbours", "placed_for_adoption_pct")["areas_known"] == 9


def test_a_london_borough_is_beside_london_whole(real_cells: pd.DataFrame) -> None:
    got = published(real_cells, NATIONAL, as_at="2025-03-31", region=region_of("E09000007"))
    assert of(got, "region", "rate_per_10000")["value"] == 48


def test_all_153_authorities_have_a_region_and_ten_neighbours(
    real: dict[str, pd.DataFrame], real_cells: pd.DataFrame
) -> None:
    codes = load_authorities()["code"]
    regions = set(real_cells["region_name"].dropna())
    assert {region_of(code) for code in codes} <= regions
    assert all(len(set(neighbours_of(code, real)) - {code}) == 10 for code in codes)
