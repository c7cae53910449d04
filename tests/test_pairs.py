"""Keys of tables of placements: what is met, in the tables' order, area by area."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, stored_as

from sufficiency_lib.codes import placement_group, provider
from sufficiency_lib.metrics.pairs import (
    by_sector,
    cohort_of,
    fostering_share,
    in_every_period,
    levels_met,
    side_of,
    with_share_of_total,
    with_total,
)
from sufficiency_lib.metrics.tally import areas_of

DAYS = ["2024-03-31", "2025-03-31"]


def placed(*rows: tuple[object, ...]) -> pd.DataFrame:
    columns = ["authority", "as_at", "cohort", "provider", "child_id"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


ROWS = placed(
    ("b", DAYS[0], "secure", "other_la", "p"), ("a", DAYS[0], "kinship", "own", "q"),
    ("b", DAYS[0], "kinship", "own", "r"), ("b", DAYS[0], "kinship", "private", "r"),
    ("b", DAYS[1], "kinship", "own", "r"), ("b", DAYS[0], "kinship", "own", "r"),
)


@pytest.mark.parametrize("storage", STORAGES)
def test_what_is_met_is_in_the_tables_order_and_what_has_none_is_last(storage: str) -> None:
    rows = stored_as(pd.DataFrame(
        {"placement_group": ["unheard_of", "secure", "fostering", "secure", "fostering"],
         "provider": ["own", "own", "private", "own", "own"]}, dtype=object), storage)
    got = levels_met(rows, ["placement_group", "provider"])
    assert got.to_numpy().tolist() == [
        ["fostering", "own"], ["fostering", "private"], ["secure", "own"], ["unheard_of", "own"]]
    assert got.index.tolist() == [0, 1, 2, 3]


def test_each_area_has_what_is_met_there_in_every_period() -> None:
    met = levels_met(ROWS, ["cohort"], ["authority"])
    assert met.to_numpy().tolist() == [["a", "kinship"], ["b", "kinship"], ["b", "secure"]]
    got = in_every_period(met, "as_at", DAYS, ["authority"])
    assert got.columns.tolist() == ["authority", "as_at", "cohort"]
    assert got.to_numpy().tolist() == [
        ["a", DAYS[0], "kinship"], ["a", DAYS[1], "kinship"],
        ["b", DAYS[0], "kinship"], ["b", DAYS[0], "secure"],
        ["b", DAYS[1], "kinship"], ["b", DAYS[1], "secure"],
    ]
    assert in_every_period(met, "as_at", [], ["authority"]).empty


def test_a_total_stands_after_the_cohorts_of_each_area_with_what_it_is_told() -> None:
    met = pd.DataFrame({"authority": ["a", "b"], "cohort": ["secure", "kinship"],
                        "contract": ["spot", "block"]})
    got = with_total(met, areas_of(met, ["authority"]), contract="all")
    assert got.to_numpy().tolist() == [
        ["a", "secure", "spot"], ["a", "total", "all"],
        ["b", "kinship", "block"], ["b", "total", "all"]]
    alone = with_total(met[["cohort"]], areas_of(met, []))
    assert alone["cohort"].to_dict() == {0: "secure", 1: "kinship", 2: "total"}


def test_providers_are_counted_by_whose_they_are_with_the_children_behind_a_flow() -> None:
    whole = ["own_provision", "public_provision", "independent_provision", "no_provider", "starts"]
    got = by_sector(ROWS, "as_at", DAYS[:1], areas_of(ROWS, ["authority"]), name="starts",
                    is_flow=True)
    bases = [f"base_{name}" for name in whole]
    assert got.columns.tolist() == ["authority", "as_at", "cohort", *whole, *bases]
    assert got.drop(columns="as_at").to_numpy().tolist() == [
        ["a", "kinship", 1, 0, 0, 0, 1, 1, 0, 0, 0, 1],
        ["a", "total", 1, 0, 0, 0, 1, 1, 0, 0, 0, 1],
        ["b", "kinship", 2, 0, 1, 0, 3, 1, 0, 1, 0, 1],
        ["b", "secure", 0, 1, 0, 0, 1, 0, 1, 0, 0, 1],
        ["b", "total", 2, 1, 1, 0, 4, 1, 1, 1, 0, 2],
    ]
    stock = by_sector(ROWS, "as_at", DAYS, areas_of(ROWS, []), name="children")
    assert stock.columns.tolist() == ["as_at", "cohort", *whole[:4], "children"]
    assert stock["children"].tolist() == [4, 1, 5, 1, 0, 1]


@pytest.mark.parametrize("storage", STORAGES)
def test_whose_a_placement_is_stands_beside_it_and_what_is_not_told_is_nobody_s(
    storage: str,
) -> None:
    rows = pd.DataFrame({"provider": ["not_recorded", "other_public", "private", None]},
                        index=[4, 9, 2, 5], dtype=object)
    assert side_of(stored_as(rows, storage)["provider"]).to_dict() == {
        4: "none", 9: "public", 2: "independent", 5: "none"}


def test_a_share_is_of_the_total_of_its_own_period() -> None:
    frame = pd.DataFrame({"as_at": [DAYS[0]] * 2 + [DAYS[1]] * 2, "n": [1, 8, 1, 2],
                          "cohort": ["secure", "total"] * 2})
    assert with_share_of_total(frame, ["as_at"], of="n")["share_pct"].tolist() == [
        12.5, 100.0, 50.0, 100.0]


@pytest.mark.parametrize(
    ("place", "who", "part"),
    [
        ("U1", "PR1", "kinship"), ("U2", "PR1", "kinship"), ("U3", "PR1", "kinship"),
        ("U4", "PR1", "in_house"), ("U5", "PR1", "in_house"), ("U6", "PR1", "in_house"),
        ("U1", "PR4", "ifa"), ("U3", "PR5", "ifa"), ("U4", "PR4", "ifa"), ("U6", "PR5", "ifa"),
        ("U1", "PR2", "other_public"), ("U5", "PR2", "other_public"),
        ("U6", "PR3", "other_public"),
        ("U6", None, None), ("U6", "PR0", None), ("K2", "PR1", None), ("K2", "PR4", None),
        ("A3", "PR1", None), ("T0", None, None), ("P1", "PR0", None),
    ],
)
def test_which_part_of_the_split_each_placement_is_in(place, who, part) -> None:
    episode = {"placement_group": placement_group(place), "provider": provider(who)}
    got = fostering_share(history(episode)).iloc[0]
    assert (None if pd.isna(got) else got) == part


def test_the_part_and_the_cohort_of_a_row_stand_beside_it() -> None:
    rows = history({}, {"provider": "private"}, {"placement_group": "secure"}).set_axis([9, 4, 7])
    assert fostering_share(rows).dropna().to_dict() == {9: "in_house", 4: "ifa"}
    assert cohort_of(rows).to_dict() == {9: "fostering_in_house", 4: "fostering_ifa", 7: "secure"}
