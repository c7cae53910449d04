"""From a scenario of the profile, or of a notebook cell, to what the model changes."""

from __future__ import annotations

from sufficiency_lib.forecast import levers
from sufficiency_lib.forecast.levers import Levers
from sufficiency_lib.settings_forecast import NO_CHANGE, Scenario


def levers_of(scenario: Scenario) -> Levers:
    """The levers that a scenario sets; see `forecast.levers` for what each does.

    Raises ConfigurationError for dates that run back or ages that cannot be.

    >>> fewer = Scenario(name="Fewer", entries=[{"pct": -10, "begins": "2025-04-01"}])
    >>> levers_of(fewer).entries[0].pct
    -10.0
    """
    told = scenario.in_house
    return Levers(
        entries=tuple(levers.EntryChange(**one.model_dump()) for one in scenario.entries),
        exits=tuple(levers.ExitChange(**one.model_dump()) for one in scenario.exits),
        step_down=tuple(levers.StepDown(**one.model_dump()) for one in scenario.step_down),
        in_house=None if told is None else levers.InHouseTarget(**told.model_dump()),
        new_places=tuple(levers.NewPlaces(**one.model_dump()) for one in scenario.new_places),
    )


def levers_by_name(scenarios: tuple[Scenario, ...]) -> dict[str, Levers]:
    """Every scenario's levers by its name, after no change, which changes nothing.

    >>> list(levers_by_name((Scenario(name="Fewer"),)))
    ['no_change', 'Fewer']
    """
    return {NO_CHANGE: Levers(), **{one.name: levers_of(one) for one in scenarios}}
