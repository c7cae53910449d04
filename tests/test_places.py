"""The authorities in whose areas children are placed."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history

from sufficiency_lib.metrics.places import placement_authorities

DAY = "2025-03-31"
HERE, THERE = "E06000018", "E06000019"


@pytest.mark.parametrize("storage", STORAGES)
def test_authorities_of_placement_most_children_first(storage: str) -> None:
    episodes = history(
        {}, {}, {"placement_authority": THERE}, {"placement_authority": "W06000023"},
        {"placement_authority": None}, {"is_short_break": True}, storage=storage,
    )
    before = episodes.copy(deep=True)
    names = {HERE: "Nottingham", THERE: "Herefordshire"}
    got = placement_authorities(episodes, DAY, names)
    assert got.to_numpy().tolist() == [
        ["Nottingham", 2, 40.0], ["Herefordshire", 1, 20.0], ["Not known", 1, 20.0],
        ["Wales", 1, 20.0],
    ]
    pd.testing.assert_frame_equal(episodes, before)
    assert placement_authorities(history(), DAY, names).empty


def test_authorities_with_few_children_are_put_together() -> None:
    episodes = history(
        {}, {}, {}, {"placement_authority": THERE}, {"placement_authority": None}
    )
    got = placement_authorities(episodes, DAY, {HERE: "Nottingham"}, fewest=3)
    assert got.to_numpy().tolist() == [["Nottingham", 3, 60.0], ["Other authorities", 2, 40.0]]


def test_authorities_of_placement_when_none_is_known() -> None:
    nowhere = history({"placement_authority": None}).astype({"placement_authority": "float64"})
    assert placement_authorities(nowhere, DAY, {}).to_numpy().tolist() == [["Not known", 1, 100.0]]


def test_the_rest_of_an_area_is_the_last_row_however_many_it_holds() -> None:
    away = [{"placement_authority": f"E0600002{n}"} for n in range(5)]
    got = placement_authorities(history({}, {}, *away), DAY, {HERE: "Nottingham"}, fewest=2)
    assert got.to_numpy().tolist() == [["Nottingham", 2, 28.6], ["Other authorities", 5, 71.4]]


@pytest.mark.parametrize("storage", STORAGES)
def test_many_areas_at_once_are_each_alone(storage: str) -> None:
    episodes = history(
        {}, {"placement_authority": THERE}, {"placement_authority": THERE},
        {"placement_authority": None}, {"dec": DAY}, storage=storage,
    ).assign(authority=["b", "b", "a", "a", "c"])
    got = placement_authorities(episodes, DAY, {HERE: "Nottingham"}, fewest=1, by=["authority"])
    assert got.to_numpy().tolist() == [
        ["a", THERE, 1, 50.0], ["a", "Not known", 1, 50.0],
        ["b", THERE, 1, 50.0], ["b", "Nottingham", 1, 50.0],
    ]
