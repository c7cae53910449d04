"""The mix of placements, its change and the split: of areas at once, and of several years."""

from __future__ import annotations

import pandas as pd
from histories import history

from sufficiency_lib.metrics.provision import (
    fostering_split,
    placement_change,
    placement_change_by_cohort,
    placement_change_by_group,
    placement_mix,
)

START, END = "2024-03-31", "2025-03-31"
BY = ["authority"]
CHANGED = ["start_children", "end_children", "change"]


def two_areas() -> pd.DataFrame:
    """In b one child in-house throughout; in a one who left, and one who came to an agency."""
    stays = {"decom": "2023-05-01"}
    return history(
        stays, stays | {"dec": "2024-05-01"}, {"provider": "private", "decom": "2024-05-01"},
    ).assign(authority=["b", "a", "a"])


def test_each_area_has_its_own_pairs_on_every_day() -> None:
    got = placement_mix(two_areas(), [START, END], by=BY)
    assert got.to_numpy().tolist() == [
        ["a", START, "fostering", "own", 1, 100.0], ["a", START, "fostering", "private", 0, 0.0],
        ["a", END, "fostering", "own", 0, 0.0], ["a", END, "fostering", "private", 1, 100.0],
        ["b", START, "fostering", "own", 1, 100.0], ["b", END, "fostering", "own", 1, 100.0],
    ]


def test_each_area_s_change_is_its_own() -> None:
    pairs = placement_change(two_areas(), START, END, by=BY)
    assert pairs[["authority", "provider", *CHANGED]].to_numpy().tolist() == [
        ["a", "own", 1, 0, -1], ["a", "private", 0, 1, 1], ["b", "own", 1, 1, 0]]
    groups = placement_change_by_group(two_areas(), START, END, by=BY)
    assert groups[["authority", "placement_group", *CHANGED]].to_numpy().tolist() == [
        ["a", "fostering", 1, 1, 0], ["a", "all", 1, 1, 0],
        ["b", "fostering", 1, 1, 0], ["b", "all", 1, 1, 0]]
    cohorts = placement_change_by_cohort(two_areas(), START, END, by=BY)
    assert cohorts[["authority", "cohort", *CHANGED]].to_numpy().tolist() == [
        ["a", "fostering_in_house", 1, 0, -1], ["a", "fostering_ifa", 0, 1, 1],
        ["a", "total", 1, 1, 0],
        ["b", "fostering_in_house", 1, 1, 0], ["b", "total", 1, 1, 0]]


def test_each_year_of_the_split_is_its_own_and_so_are_the_children_behind_it() -> None:
    """One child leaves ten nights into the second year; another comes on its last day."""
    episodes = history(
        {"decom": "2024-03-02", "dec": "2024-04-11"},  # 30 nights, then 10
        {"decom": "2025-03-31", "rne": "P"},  # 1 night
    )
    got = fostering_split(episodes, [START, END])
    assert got["basis"].tolist() == [
        "children", "children", "bed_nights", "bed_nights", "new_placements", "new_placements"]
    assert got["period"].tolist()[::2] == [START, f"2023-04-01/{START}", f"2023-04-01/{START}"]
    assert got["in_house"].tolist() == [1, 1, 30, 11, 1, 1]
    assert got["base_in_house"].tolist() == [1, 1, 1, 2, 1, 1]


def test_a_child_who_left_is_behind_no_count_of_a_day() -> None:
    got = fostering_split(history({"decom": "2023-01-01", "dec": "2024-01-01"}), [END])
    assert got["base_in_house"].tolist() == [0, 0, 0]
