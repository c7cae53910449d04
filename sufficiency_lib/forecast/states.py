"""Children as they are: where each is placed, how old, how long looked after, on a grid of months.

Everything here uses only what is known on the day the forecast is made (`known_by`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency_lib.cleaning.periods import care_periods
from sufficiency_lib.codes import ENDED_UNSEEN, PLACEMENT_GROUPS, PROVIDER_SIDES
from sufficiency_lib.codes.children import NEED_FAMILIES, need_family
from sufficiency_lib.errors import InputError
from sufficiency_lib.metrics.ages import ADULT
from sufficiency_lib.metrics.pairs import side_of
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR, uasc_on

#: The age at which care ends, in completed months.
ADULT_MONTHS = ADULT * MONTHS_A_YEAR
#: An age in months that is not known.
UNKNOWN = -1

_NEEDED = ("child_id", "decom", "dec", "placement_group", "provider", "is_short_break", "dob",
           "care_period_id", "rne")  # fmt: skip


@dataclass(frozen=True)
class Cohort:
    """Children looked after on one day, an array each: N children.

    state    int, place in `states`
    age      int, completed months; UNKNOWN (-1) where there is no date of birth
    duration int, months looked after: how many month ends have passed since the first one
    need     int, place in `codes.children.NEED_FAMILIES`
    uasc     bool, an unaccompanied asylum-seeking child that day
    states   the states met anywhere in the history, in the house order
    """

    state: np.ndarray
    age: np.ndarray
    duration: np.ndarray
    need: np.ndarray
    uasc: np.ndarray
    states: tuple[str, ...]

    def __len__(self) -> int:
        """How many children."""
        return len(self.state)


def states_of(episodes: pd.DataFrame) -> pd.Series:
    """Each episode's state: its placement group and whose provision it is.

    A group or provider that is not known here is in other, or in none.

    >>> states_of(pd.DataFrame({"placement_group": ["fostering", "secure", "parents"],
    ...                         "provider": ["voluntary", "other_la", "parents"]})).tolist()
    ['fostering/independent', 'secure/public', 'parents/none']
    """
    group = episodes["placement_group"].astype(object)
    group = group.where(group.isin(PLACEMENT_GROUPS), "other")
    return group + "/" + side_of(episodes["provider"])


def in_order(states: Iterable[str]) -> tuple[str, ...]:
    """States, each once, in the order of placement groups and then of sides.

    >>> in_order(["secure/public", "fostering/independent", "fostering/own"])
    ('fostering/own', 'fostering/independent', 'secure/public')
    """
    sides = tuple(PROVIDER_SIDES)

    def place(state: str) -> tuple[int, int]:
        group, _, side = state.partition("/")
        return PLACEMENT_GROUPS.index(group), sides.index(side)

    return tuple(sorted(set(states), key=place))


def known_by(episodes: pd.DataFrame, as_at: object) -> pd.DataFrame:
    """The history as it was known on a day: no later start, no later end; no short breaks.

    episodes  the repaired history
    as_at     the day
    returns   its rows that had started by the day. An end after the day is open again, its
              reason blank. So is a period that the repair closed (E99) on the day or later: it
              is the next return that has not got the child, and that was still to come. Adds
              `state` (see `states_of`).

    Raises InputError naming a column that is not there.

    >>> history = pd.DataFrame({"child_id": ["a"], "decom": pd.to_datetime(["2024-04-01"]),
    ...     "dec": pd.to_datetime(["2025-03-31"]), "rec": ["E99"], "rne": ["S"],
    ...     "placement_group": ["fostering"], "provider": ["own"], "is_short_break": [False],
    ...     "dob": pd.to_datetime(["2015-01-01"]), "care_period_id": [1]})
    >>> known_by(history, "2025-03-31")[["dec", "state"]].to_numpy().tolist()
    [[NaT, 'fostering/own']]
    """
    lacking = [name for name in _NEEDED if name not in episodes]
    if lacking:
        raise InputError(f"The history has no column {lacking[0]}; the forecast needs it.")
    day = pd.Timestamp(as_at)
    seen = (episodes["decom"] <= day) & ~episodes["is_short_break"].astype(bool)
    known = episodes[seen].copy()
    reason = known["rec"] if "rec" in known else pd.Series(None, known.index, dtype=object)
    later = (known["dec"] > day) | ((known["dec"] >= day) & (reason == ENDED_UNSEEN))
    known["dec"] = known["dec"].mask(later)
    known["rec"] = reason.astype(object).mask(later.fillna(False), None)
    known["state"] = states_of(known)
    return known.sort_values(["child_id", "decom"], kind="stable", ignore_index=True)


def history_grid(first: object, as_at: object) -> pd.DatetimeIndex:
    """The month ends from the day before the first return to the day of the forecast.

    Counted back from the day, so that it is the last one; as `futures.month_ends` counts on.

    >>> grid = history_grid("2020-04-01", "2025-03-31")
    >>> len(grid), f"{grid[0]:%d/%m/%Y}"
    (61, '31/03/2020')
    """
    day = pd.Timestamp(as_at).normalize()
    before = pd.Timestamp(first).normalize() - pd.Timedelta(days=1)
    months = max(0, (day.year - before.year) * MONTHS_A_YEAR + day.month - before.month)
    if day.is_month_end:
        grid = pd.date_range(end=day, periods=months + 1, freq="ME")
    else:
        grid = pd.DatetimeIndex([day - pd.DateOffset(months=n) for n in range(months, -1, -1)])
    return grid[grid >= before] if (grid >= before).any() else grid[-1:]


def months_since(days: pd.Series, date: pd.Timestamp) -> np.ndarray:
    """Completed months from each day to a month end: int, UNKNOWN (-1) where not known.

    By the last day of a month each of its days has passed, so that a birthday on the 31st is
    in every month. Born on 29 February: a year older on 1 March.

    >>> days = pd.to_datetime(pd.Series(["2007-03-31", "2025-03-31", "2008-02-29", None]))
    >>> months_since(days, pd.Timestamp("2025-03-31")).tolist()
    [216, 0, 204, -1]
    """
    days = days.where(~((days.dt.month == 2) & (days.dt.day == 29)), days + pd.Timedelta(days=1))
    last = 31 if date.is_month_end else date.day
    years = date.year - days.dt.year
    months = years * MONTHS_A_YEAR + date.month - days.dt.month - (days.dt.day > last)
    return np.where(days.notna() & (days <= date), months.fillna(UNKNOWN), UNKNOWN).astype("int64")


def stays(known: pd.DataFrame, grid: pd.DatetimeIndex) -> pd.DataFrame:
    """One row a child and month end on which it is looked after.

    known    `known_by`'s history
    grid     month ends (see `history_grid`)
    returns  at (place in the grid), child_id, care_period_id, state, age and duration in
             completed months, need (place in `NEED_FAMILIES`), is_uasc, from_start; sorted by
             care period and month. Age is UNKNOWN (-1) without a date of birth. Where
             `from_start` is False the period was under way when it is first seen, and
             `duration` is the time since then, the least it can be.
    """
    opens = np.searchsorted(grid, known["decom"].to_numpy())
    ends = known["dec"].fillna(grid[-1] + pd.Timedelta(days=1)).to_numpy()
    closes = np.searchsorted(grid, ends)
    length = np.maximum(closes - opens, 0)
    row = np.repeat(np.arange(len(known)), length)
    at = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + opens[row]
    panel = known[["child_id", "care_period_id", "state", "dob"]].iloc[row].assign(at=at)
    panel["is_uasc"] = uasc_on_days(known.iloc[row], grid[at])
    # Of two rows that claim one night the later one holds it.
    panel = panel.drop_duplicates(["child_id", "at"], keep="last")
    periods = periods_of(known, grid[0])
    panel = panel.merge(periods, on="care_period_id", how="left")
    panel["age"] = months_on(panel["dob"], panel["at"], grid)
    panel["duration"] = months_on(panel["start"], panel["at"], grid)
    kept = ["at", "child_id", "care_period_id", "state", "age", "duration", "need", "is_uasc",
            "from_start"]  # fmt: skip
    return panel.sort_values(["care_period_id", "at"], kind="stable", ignore_index=True)[kept]


def periods_of(known: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Each care period: care_period_id, start, from_start (see `stays`) and need.

    known  `known_by`'s history
    first  the first day of the grid
    """
    periods = care_periods(known)
    codes = periods["need_code"] if "need_code" in periods else pd.Series(None, periods.index)
    families = codes.astype(object).map(need_family, na_action=None)
    return pd.DataFrame({
        "care_period_id": periods["care_period_id"].to_numpy(),
        "start": periods["start"],
        # A period that begins within the returns is seen from its start whatever its reason.
        "from_start": (periods["rne"].astype(object) == "S") | (periods["start"] > first),
        "need": families.map(NEED_FAMILIES.index).astype("int64"),
    })


def cohort_today(
    panel: pd.DataFrame, grid: pd.DatetimeIndex, states: tuple[str, ...]
) -> Cohort:
    """The children looked after on the last day of the grid.

    panel   `stays`
    states  those that the futures will have, all that the panel has among them

    A child whose start is not seen is taken to have been looked after as long as the median of
    those seen from their start who have been here at least as long; with none such, for the
    time that is seen. Ages and times beyond 18 years are 18 years.
    """
    here = panel[panel["at"] == len(grid) - 1]
    place = {state: at for at, state in enumerate(states)}
    duration = here["duration"].to_numpy().copy()
    seen = np.sort(duration[here["from_start"].to_numpy()])
    for row in np.flatnonzero(~here["from_start"].to_numpy()):
        longer = seen[np.searchsorted(seen, duration[row]):]
        if len(longer):
            duration[row] = int(np.median(longer))
    return Cohort(
        state=here["state"].map(place).to_numpy(dtype="int64"),
        age=np.minimum(here["age"].to_numpy(dtype="int64"), ADULT_MONTHS),
        duration=np.minimum(duration, ADULT_MONTHS),
        need=here["need"].to_numpy(dtype="int64"),
        uasc=here["is_uasc"].to_numpy(dtype=bool),
        states=states,
    )


def uasc_on_days(rows: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    """Whether each row's child is UASC on its day; as the episode says where no end is known."""
    if {"ever_uasc", "uasc_until"} <= set(rows.columns):
        return uasc_on(rows, pd.Series(days, index=rows.index)).to_numpy(dtype=bool)
    if "is_uasc" in rows:
        return rows["is_uasc"].fillna(False).to_numpy(dtype=bool)
    return np.zeros(len(rows), dtype=bool)


def months_on(days: pd.Series, at: pd.Series, grid: pd.DatetimeIndex) -> np.ndarray:
    """Completed months from each row's day to its own month end."""
    on_last = months_since(days, grid[-1])
    found = on_last - (len(grid) - 1 - at.to_numpy())
    return np.where((on_last == UNKNOWN) | (found < 0), UNKNOWN, found)
