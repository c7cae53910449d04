"""What a scenario changes: plain settings with dates and percentages, checked when made.

Every change comes in evenly between two dates: nothing before `begins`, all of it from `by` on.
A lever names states as the futures do ("fostering/own"), or a whole placement group
("fostering").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDER_SIDES
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.forecast.futures import AGENCY, IN_HOUSE
from sufficiency_lib.metrics.ages import ADULT
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR


@dataclass(frozen=True)
class EntryChange:
    """Fewer or more children starting to be looked after.

    pct     change of the monthly starts: -10 is a tenth fewer
    begins  the day from which it starts to work; by: the day from which all of it does
    ages    completed years on starting, first and last; None: every age
    uasc    whether it is unaccompanied asylum-seeking children whose arrivals change, and not
            the others'
    """

    pct: float
    begins: object
    by: object | None = None
    ages: tuple[int, int] | None = None
    uasc: bool = False

    def __post_init__(self) -> None:
        _check_change("an entry change", self.pct, self.begins, self.by)
        _check_ages(self.ages)


@dataclass(frozen=True)
class ExitChange:
    """Children leaving care sooner or later than they did, other than at 18.

    pct     change of the monthly rate of leaving: 10 is a tenth more
    begins  as in `EntryChange`; by: too
    ages    completed years in the month, first and last; None: every age
    places  states or placement groups from which they leave; none named: all
    """

    pct: float
    begins: object
    by: object | None = None
    ages: tuple[int, int] | None = None
    places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_change("an exit change", self.pct, self.begins, self.by)
        _check_ages(self.ages)
        _check_places(self.places)


@dataclass(frozen=True)
class StepDown:
    """Children moved on from one kind of placement to another, beyond the moves of before.

    places      states or placement groups they move from
    to          the state they move to: "fostering/own"
    pct_a_year  of the children there, the share that is moved within twelve months
    begins, by  as in `EntryChange`
    """

    places: tuple[str, ...]
    to: str
    pct_a_year: float
    begins: object
    by: object | None = None

    def __post_init__(self) -> None:
        _check_days("a step-down", self.begins, self.by)
        _check_share("a step-down", self.pct_a_year, most=99.9)
        _check_places(self.places, some=True)
        _check_state(self.to)


@dataclass(frozen=True)
class InHouseTarget:
    """A share of fostering that is to be in-house by a date: 90 (of 90/10) by 31 March 2024.

    pct     of the children fostered with in-house or agency carers who are not relatives or
            friends (U4-U6), the share with the authority's own; counted each month, it is the
            share of bed nights
    by      the day by which it is reached, in even steps from the share on the day it `begins`
    begins  None: the day the futures start from

    Each month as many children as it takes are in-house instead of with an agency, drawn at
    random; nobody is moved where the share is reached anyway. After `by` it is held.
    """

    pct: float
    by: object
    begins: object | None = None

    def __post_init__(self) -> None:
        _check_share("the in-house target", self.pct)
        _check_days("the in-house target", self.by if self.begins is None else self.begins,
                    self.by)


@dataclass(frozen=True)
class NewPlaces:
    """Places that open, for children who would otherwise be elsewhere.

    state          what they are: "childrens_home/own"
    places         how many; opens: the day
    instead_of     states or placement groups from which children come to live in them
    occupancy_pct  of the places, the share that is in use; what is left over is rounded down

    From the day on, each free place is taken by a child of `instead_of`, drawn at random. Who
    moves on or leaves frees it again.
    """

    state: str
    places: int
    opens: object
    instead_of: tuple[str, ...]
    occupancy_pct: float = 100.0

    def __post_init__(self) -> None:
        _check_state(self.state)
        _check_days("new places", self.opens, None)
        _check_share("the occupancy of new places", self.occupancy_pct)
        _check_places(self.instead_of, some=True)
        if int(self.places) != self.places or self.places < 0:
            raise ConfigurationError(
                f"New places are {self.places}; give a whole number, 0 or more."
            )

    @property
    def in_use(self) -> int:
        """How many of the places children live in at once."""
        # A share that is exact in decimals must not lose a place to how it is stored.
        return int(np.floor(self.places * self.occupancy_pct / 100 + 1e-9))


@dataclass(frozen=True)
class Levers:
    """Everything one scenario changes; as it comes, nothing.

    entries, exits  `EntryChange` and `ExitChange`; several at once multiply
    step_down       `StepDown`
    in_house        an `InHouseTarget` or None
    new_places      `NewPlaces`

    >>> Levers(in_house=InHouseTarget(90, by="2027-03-31")).states_named
    ('fostering/own', 'fostering/independent')
    """

    entries: tuple[EntryChange, ...] = ()
    exits: tuple[ExitChange, ...] = ()
    step_down: tuple[StepDown, ...] = ()
    in_house: InHouseTarget | None = None
    new_places: tuple[NewPlaces, ...] = ()

    @property
    def states_named(self) -> tuple[str, ...]:
        """The states that the levers send children to, whether or not any are met today."""
        named = [*(one.to for one in self.step_down), *(one.state for one in self.new_places)]
        if self.in_house is not None:
            named += [IN_HOUSE, AGENCY]
        return tuple(dict.fromkeys(named))


# --- month by month ----------------------------------------------------------------------------


def phased(dates: pd.DatetimeIndex, begins: object, by: object | None) -> np.ndarray:
    """How much of a change is there in each month: 0 before it begins, 1 from `by` on.

    dates    M + 1 month ends (see `futures.month_ends`)
    returns  [M], each month by its last day

    >>> days = pd.to_datetime(["2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30"])
    >>> phased(days, "2025-04-30", "2025-06-30").round(2).tolist()
    [0.0, 0.51, 1.0]
    >>> phased(days, "2025-05-01", None).tolist()
    [0.0, 1.0, 1.0]
    """
    ends, start = dates[1:], pd.Timestamp(begins)
    if by is None or pd.Timestamp(by) <= start:
        return np.asarray(ends >= start, dtype="float64")
    passed = np.asarray((ends - start).days, dtype="float64")
    return np.clip(passed / (pd.Timestamp(by) - start).days, 0.0, 1.0)


def entry_multipliers(
    changes: Iterable[EntryChange], dates: pd.DatetimeIndex, *, uasc: bool = False
) -> np.ndarray:
    """What the starts of each month and age are multiplied by.

    uasc     whether of unaccompanied asylum-seeking children's arrivals or of the others'
    returns  [M, 18]: by month, and by completed years of age

    >>> days = pd.to_datetime(["2025-03-31", "2025-04-30"])
    >>> entry_multipliers([EntryChange(-10, "2025-04-01", ages=(16, 17))], days)[0, 14:].tolist()
    [1.0, 1.0, 0.9, 0.9]
    """
    found = np.ones((len(dates) - 1, ADULT))
    for one in changes:
        if one.uasc == uasc:
            found[:, _ages(one.ages)] *= _multiplier(one, dates)[:, None]
    return found


def exit_multipliers(
    changes: Iterable[ExitChange], dates: pd.DatetimeIndex, states: Sequence[str]
) -> np.ndarray:
    """What the monthly rates of leaving are multiplied by: [M, 18, S], by age and state.

    >>> days = pd.to_datetime(["2025-03-31", "2025-04-30"])
    >>> change = ExitChange(20, "2025-04-01", places=("fostering",))
    >>> exit_multipliers([change], days, ["fostering/own", "secure/public"])[0, 5].tolist()
    [1.2, 1.0]
    """
    found = np.ones((len(dates) - 1, ADULT, len(states)))
    for one in changes:
        there = positions(one.places, states) if one.places else list(range(len(states)))
        for age in range(ADULT)[_ages(one.ages)]:
            found[:, age, there] *= _multiplier(one, dates)[:, None]
    return found


def step_down_shares(one: StepDown, dates: pd.DatetimeIndex) -> np.ndarray:
    """The share moved in each month, [M], such that twelve of them make the year's.

    >>> days = pd.to_datetime(["2025-03-31", "2025-04-30"])
    >>> share = step_down_shares(StepDown(("secure",), "fostering/own", 50, "2025-04-01"), days)
    >>> float(round(1 - (1 - share[0]) ** 12, 6))
    0.5
    """
    monthly = 1 - (1 - one.pct_a_year / 100) ** (1 / MONTHS_A_YEAR)
    return monthly * phased(dates, one.begins, one.by)


def positions(places: Iterable[str], states: Sequence[str]) -> list[int]:
    """Where the states of some placement groups, or the states themselves, stand.

    >>> positions(["fostering"], ["fostering/own", "fostering/independent", "secure/public"])
    [0, 1]
    """
    asked = set(places)
    return [
        at for at, state in enumerate(states)
        if state in asked or state.partition("/")[0] in asked
    ]


def _multiplier(one: EntryChange | ExitChange, dates: pd.DatetimeIndex) -> np.ndarray:
    return 1 + one.pct / 100 * phased(dates, one.begins, one.by)


def _ages(ages: tuple[int, int] | None) -> slice:
    return slice(0, ADULT) if ages is None else slice(ages[0], ages[1] + 1)


# --- what cannot be meant ----------------------------------------------------------------------


def _check_change(what: str, pct: float, begins: object, by: object | None) -> None:
    if not np.isfinite(pct) or pct < -100:
        raise ConfigurationError(
            f"The percentage of {what} is {pct:g}; expected a number from -100 (none are left) up."
        )
    _check_days(what, begins, by)


def _check_share(what: str, pct: float, *, most: float = 100.0) -> None:
    if not 0 <= pct <= most:
        raise ConfigurationError(
            f"The percentage of {what} is {pct:g}; expected a number from 0 to {most:g}."
        )


def _check_days(what: str, begins: object, by: object | None) -> None:
    days = []
    for day in (begins, by):
        try:
            read = pd.NaT if day is None else pd.Timestamp(day)
        except (ValueError, TypeError):
            raise ConfigurationError(
                f"A date of {what} is '{day}'; expected one such as 2027-03-31."
            ) from None
        if day is not None and read is pd.NaT:
            raise ConfigurationError(f"A date of {what} is blank; expected one such as 2027-03-31.")
        days.append(read)
    if begins is None:
        raise ConfigurationError(f"{what.capitalize()} needs the date from which it begins.")
    if by is not None and days[1] < days[0]:
        raise ConfigurationError(
            f"The dates of {what} run back: it begins on {days[0]:%d/%m/%Y} and is to be "
            f"complete by {days[1]:%d/%m/%Y}."
        )


def _check_ages(ages: tuple[int, int] | None) -> None:
    if ages is not None and not 0 <= ages[0] <= ages[1] < ADULT:
        raise ConfigurationError(
            f"Ages {ages[0]} to {ages[1]} cannot be; expected two from 0 to 17, the lower first."
        )


def _check_places(places: Iterable[str], *, some: bool = False) -> None:
    if isinstance(places, str):
        raise ConfigurationError(
            f"'{places}' must be in a list of places, also when it is the only one."
        )
    if some and not tuple(places):
        raise ConfigurationError("A lever names no place from which children come; name one.")
    for place in places:
        if place not in PLACEMENT_GROUPS:
            _check_state(place)


def _check_state(state: str) -> None:
    group, _, side = str(state).partition("/")
    if group not in PLACEMENT_GROUPS or side not in PROVIDER_SIDES:
        raise ConfigurationError(
            f"'{state}' is no kind of placement here; expected a placement group "
            f"({', '.join(PLACEMENT_GROUPS)}), a stroke and one of {', '.join(PROVIDER_SIDES)}: "
            "fostering/own."
        )
