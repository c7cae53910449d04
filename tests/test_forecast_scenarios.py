"""A scenario of the profile sets exactly the levers that it names."""

from __future__ import annotations

from datetime import date

import pytest

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.forecast.levers import (
    EntryChange,
    ExitChange,
    InHouseTarget,
    Levers,
    NewPlaces,
    StepDown,
)
from sufficiency_lib.forecast.scenarios import levers_by_name, levers_of
from sufficiency_lib.settings_forecast import Scenario

DAY = date(2026, 4, 1)


def test_every_lever_is_set_as_it_is_named() -> None:
    scenario = Scenario(
        name="All",
        entries=[{"pct": -10, "begins": DAY, "ages": (0, 4), "uasc": False}],
        exits=[{"pct": 20, "begins": DAY, "places": ["fostering"]}],
        step_down=[{"places": ["childrens_home"], "to": "fostering/own", "pct_a_year": 10,
                    "begins": DAY}],
        in_house={"pct": 90, "by": DAY},
        new_places=[{"state": "childrens_home/own", "places": 4, "opens": DAY,
                     "instead_of": ["childrens_home/independent"], "occupancy_pct": 85}],
    )
    assert levers_of(scenario) == Levers(
        entries=(EntryChange(-10, DAY, ages=(0, 4)),),
        exits=(ExitChange(20, DAY, places=("fostering",)),),
        step_down=(StepDown(("childrens_home",), "fostering/own", 10, DAY),),
        in_house=InHouseTarget(90, DAY),
        new_places=(NewPlaces("childrens_home/own", 4, DAY, ("childrens_home/independent",), 85),),
    )


def test_no_change_comes_first_and_changes_nothing() -> None:
    levers = levers_by_name((Scenario(name="B"), Scenario(name="A")))
    assert list(levers) == ["no_change", "B", "A"]
    assert all(one == Levers() for one in levers.values())


def test_dates_that_run_back_are_refused_in_words() -> None:
    scenario = Scenario(name="A", entries=[{"pct": 5, "begins": DAY, "by": date(2025, 1, 1)}])
    with pytest.raises(ConfigurationError, match="run back"):
        levers_of(scenario)
