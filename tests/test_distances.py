"""How far from home: DfE's tables of distance, and the median to its last tenth."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd
import pytest
from histories import STORAGES, history, many, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.distances import (
    FEWEST_FOR_QUARTILES,
    LOCATIONS,
    distance_by_boundary,
    distance_summary,
    new_placements_by_distance,
)
from sufficiency_lib.metrics.locality import COHORTS

DAY = "2025-03-31"
UNKNOWN = {
    "distance_miles": None, "distance_band": "not_known", "placement_authority": None,
    "boundary": "outside",
}
MILES = ["median_miles", "lower_quartile_miles", "upper_quartile_miles"]


@pytest.mark.parametrize("storage", STORAGES)
def test_distance_by_boundary(storage: str) -> None:
    episodes = history(
        {}, {}, {"distance_band": "gt_20"},
        {"boundary": "outside"},
        {"boundary": "outside", "distance_band": "not_known"},
        UNKNOWN,
        {"is_short_break": True}, {"dec": DAY},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = distance_by_boundary(episodes, DAY)
    assert got.to_numpy().tolist() == [
        ["inside", "le_20", 2, 33.3],
        ["inside", "gt_20", 1, 16.7],
        ["inside", "not_known", 0, 0.0],
        ["outside", "le_20", 1, 16.7],
        ["outside", "gt_20", 0, 0.0],
        ["outside", "not_known", 2, 33.3],
    ]
    assert got.columns.tolist() == ["boundary", "distance_band", "children", "share_pct"]
    pd.testing.assert_frame_equal(episodes, before)


def test_distance_by_boundary_says_nothing_when_the_authority_is_not_known() -> None:
    got = distance_by_boundary(history({"boundary": "not_known"}), DAY)
    assert got.empty
    assert got.columns.tolist() == ["boundary", "distance_band", "children", "share_pct"]


def test_distance_by_boundary_without_children_has_no_shares() -> None:
    for episodes in (history(), history({"dec": "2024-05-01"})):
        got = distance_by_boundary(episodes, DAY)
        assert got["children"].tolist() == [0] * 6
        assert got["share_pct"].isna().all()


@pytest.mark.parametrize("storage", STORAGES)
def test_boundaries_of_many_areas_at_once(storage: str) -> None:
    """An area of which it is not known what is inside has no rows."""
    episodes = history(
        {}, {"distance_band": "gt_20"}, {"boundary": "not_known"}, {"dec": DAY}, storage=storage
    ).assign(authority=["b", "b", "c", "a"])
    got = distance_by_boundary(episodes, DAY, by=["authority"])
    assert got["authority"].tolist() == ["a"] * 6 + ["b"] * 6
    assert got["children"].tolist() == [0] * 6 + [1, 1, 0, 0, 0, 0]
    assert got["share_pct"].isna().tolist() == [True] * 6 + [False] * 6


@pytest.mark.parametrize("storage", STORAGES)
def test_new_placements_by_distance(storage: str) -> None:
    out, far = {"boundary": "outside"}, {"distance_band": "gt_20"}
    episodes = history(
        {"child_id": "a"}, {"child_id": "a", "rne": "P"}, out, out | far, UNKNOWN,
        {"distance_band": "not_known"},
        {"rne": "L"}, {"rne": "T"}, {"rne": "U"},  # the same carer
        {"is_short_break": True},
        {"decom": "2024-03-31"},  # the year before
        {"decom": "2025-04-01"},  # the year after
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = new_placements_by_distance(episodes, [DAY])
    assert got.columns.tolist() == [
        "year_ending", "location", "starts", "share_pct", "base_starts"
    ]
    assert got.to_numpy().tolist() == [
        [DAY, "inside_le_20", 2, 33.3, 1], [DAY, "inside_gt_20", 0, 0.0, 0],
        [DAY, "outside_le_20", 1, 16.7, 1], [DAY, "outside_gt_20", 1, 16.7, 1],
        [DAY, "not_known", 2, 33.3, 2],
    ]
    pd.testing.assert_frame_equal(episodes, before)


def test_new_placements_by_distance_of_nobody_of_no_year_and_of_nowhere() -> None:
    got = new_placements_by_distance(history(), [DAY])
    assert got["location"].tolist() == list(LOCATIONS)
    assert got["starts"].tolist() == [0] * 5 and got["share_pct"].isna().all()
    assert new_placements_by_distance(history({}), []).empty
    assert new_placements_by_distance(history({"boundary": "not_known"}), [DAY]).empty


def test_uasc_have_no_distance_on_the_day_nor_on_the_day_they_are_placed() -> None:
    """One is UASC until May: still in the two years on the day, not yet one when placed."""
    episodes = history({}, {}, {}).assign(
        ever_uasc=[True, True, False],
        uasc_until=pd.to_datetime(["2024-05-01", "2022-04-15", None]),
    )
    stock = distance_by_boundary(episodes, DAY).set_index("distance_band")["children"]
    assert stock["not_known"].tolist() == [1, 0] and stock["le_20"].tolist() == [2, 0]
    made = new_placements_by_distance(episodes, [DAY]).set_index("location")["starts"]
    assert made[["inside_le_20", "not_known"]].tolist() == [1, 2]
    summary = distance_summary(episodes, DAY, cohorts=["all"]).iloc[0]
    assert (summary["children"], summary["base_children"]) == (3, 2)


@pytest.mark.parametrize(
    ("miles", "median"),
    [
        ([5.0], 5.0), ([5.0, None], 5.0), ([0.0, 0.1], 0.1), ([0.1, 0.2], 0.2),
        ([1.0, 2.0, 30.0], 2.0), ([1.0, 2.1, 2.2, 90.0], 2.2), ([None, None], None), ([], None),
        ([0.0, 0.0], 0.0),
    ],
)
def test_the_median_goes_half_way_and_a_half_goes_up(miles, median) -> None:
    episodes = history(*({"distance_miles": each} for each in miles))
    got = distance_summary(episodes, DAY, cohorts=["all"]).iloc[0]
    assert got["children"] == len(miles)
    assert got["base_children"] == sum(each is not None for each in miles)
    assert pd.isna(got["median_miles"]) if median is None else got["median_miles"] == median
    assert pd.isna(got["lower_quartile_miles"]) and pd.isna(got["upper_quartile_miles"])


def test_quartiles_only_where_ten_distances_are_known() -> None:
    ten = [{"distance_miles": float(mile)} for mile in range(1, 11)]
    got = distance_summary(history(*ten, UNKNOWN), DAY, cohorts=["all"]).iloc[0]
    # Between the third and fourth, and between the seventh and eighth: 3.25 and 7.75.
    assert got[MILES].tolist() == [5.5, 3.3, 7.8]
    nine = distance_summary(history(*ten[1:], UNKNOWN), DAY, cohorts=["all"]).iloc[0]
    assert nine["median_miles"] == 6.0 and nine[MILES[1:]].isna().all()


@pytest.mark.parametrize("storage", STORAGES)
def test_the_summary_of_every_cohort_without_short_breaks(storage: str) -> None:
    episodes = history(
        {}, {"provider": "private", "distance_miles": 9.0}, {"placement_group": "secure"},
        {"is_short_break": True, "distance_miles": 99.0}, {"dec": DAY}, storage=storage,
    )
    before = episodes.copy(deep=True)
    got = distance_summary(episodes, DAY)
    assert got.columns.tolist() == ["cohort", "children", *MILES, "base_children"]
    rows = got.set_index("cohort")
    assert rows.index.tolist() == list(COHORTS)
    assert rows.loc[["all", "fostering", "fostering_ifa"], "median_miles"].tolist() == [5, 7, 9]
    assert rows.at["adoption", "children"] == 0 and pd.isna(rows.at["adoption", "median_miles"])
    pd.testing.assert_frame_equal(episodes, before)


@pytest.mark.parametrize("storage", STORAGES)
def test_the_summary_of_many_areas_is_that_of_each(storage: str) -> None:
    """One has eleven distances and so quartiles, one has two, and one has nobody on the day."""
    eleven = [{"distance_miles": float(mile)} for mile in range(11)]
    episodes = history(*eleven, {"distance_miles": 40.0}, UNKNOWN, {"distance_miles": 3.0},
                       {"dec": DAY}, storage=storage)
    episodes = episodes.assign(authority=["b"] * 11 + ["a"] * 3 + ["c"])
    got = distance_summary(episodes, DAY, cohorts=["secure", "all"], by=["authority"])
    assert got.columns.tolist() == ["authority", "cohort", "children", *MILES, "base_children"]
    assert got.fillna(-1).to_numpy().tolist() == [
        ["a", "secure", 0, -1, -1, -1, 0], ["a", "all", 3, 21.5, -1, -1, 2],
        ["b", "secure", 0, -1, -1, -1, 0], ["b", "all", 11, 5.0, 2.5, 7.5, 11],
        ["c", "secure", 0, -1, -1, -1, 0], ["c", "all", 0, -1, -1, -1, 0],
    ]
    assert distance_summary(episodes, DAY, cohorts=[], by=["authority"]).empty


def test_the_summary_of_nobody() -> None:
    got = distance_summary(history(), DAY)
    assert got["cohort"].tolist() == list(COHORTS)
    assert got["children"].sum() == 0 and got[MILES].isna().all().all()


def by_hand(tenths: list[int], share: Fraction) -> float:
    """The linear quantile in exact fractions, a half going up."""
    ordered, at = sorted(tenths), share * (len(tenths) - 1)
    low = ordered[math.floor(at)]
    exact = low + (ordered[math.ceil(at)] - low) * (at - math.floor(at))
    return math.floor(exact + Fraction(1, 2)) / 10


@given(st.lists(st.integers(0, 3000), min_size=FEWEST_FOR_QUARTILES, max_size=40))
@quickly
def test_quartiles_are_those_of_exact_fractions(tenths: list[int]) -> None:
    episodes = history(*({"distance_miles": each / 10} for each in tenths))
    got = distance_summary(episodes, DAY, cohorts=["all"]).iloc[0]
    wanted = [by_hand(tenths, Fraction(n, 4)) for n in (2, 1, 3)]
    assert got[MILES].tolist() == wanted


def test_nobody_is_nine_hundred_and_ninety_nine_miles_away() -> None:
    got = distance_summary(many([(3, {}), (30, UNKNOWN)]), DAY, cohorts=["all"]).iloc[0]
    assert (got["median_miles"], got["base_children"], got["children"]) == (5.0, 3, 33)
