"""How the forecast would have done: made again from past 31 Marches, and set beside what came.

Everything that a past forecast uses was known on its day. It is set against two forecasts that
need no model: that nothing changes, and that the years before go on in a straight line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.rows import ALL, HISTORY_GROUPS, children_on
from sufficiency_lib.forecast.summary import said_of
from sufficiency_lib.metrics.marks import NOT_APPLICABLE, SUPPRESSED
from sufficiency_lib.metrics.stock import iso, percentage

if TYPE_CHECKING:
    from sufficiency_lib.forecast.futures import Futures

#: Months ahead at which a forecast is held to account.
HORIZONS = (12, 24, 36)
#: Year ends through which a straight line is drawn, at most.
LINE_YEARS = 5

COLUMNS = ("origin", "date", "horizon_months", "placement_group", "same_as_today",
           "straight_line", "p10", "p50", "p90", "mean", "actual")  # fmt: skip

ACCURACY_COLUMNS = ("horizon_months", "placement_group", "error_pct", "same_as_today_error_pct",
                    "straight_line_error_pct", "held_pct", "forecasts")  # fmt: skip
#: What forecasts are compared by.
_COMPARED = ("actual", "same_as_today", "straight_line", "p10", "p50", "p90")


def origins_of(year_ends: Sequence[date]) -> list[pd.Timestamp]:
    """The 31 Marches from which a past forecast can be checked a year on.

    year_ends  those that the returns close (see `Dataset.year_ends`)

    >>> [day.year for day in origins_of([date(2021, 3, 31), date(2022, 3, 31)])]
    [2021]
    """
    ends = [pd.Timestamp(end) for end in sorted(year_ends)]
    year = pd.DateOffset(months=HORIZONS[0])
    return [end for end in ends if end + year in ends]


def backtest(
    predict: Callable[[pd.Timestamp, int], Futures],
    episodes: pd.DataFrame,
    year_ends: Sequence[date],
) -> pd.DataFrame:
    """Past forecasts beside what came, for every origin, horizon and placement.

    predict    (origin, months) → futures made of what was known on the origin; an origin that
               it refuses with an InputError is left out
    episodes   the repaired history, for what came
    year_ends  the 31 Marches that the returns close
    returns    COLUMNS: origin, date (the day that was forecast), horizon_months (12, 24, 36),
               placement_group (those of rows.HISTORY_GROUPS that the futures have),
               same_as_today (children at the origin), straight_line (see there; of all children
               only, because the line through the years of a small group would tell a year that
               is hidden), p10, p50, p90, mean, actual. No origin: no rows

    The returns tell today how things were then, repaired by what came later: a child whom the
    repair ends because no later return has it was then still counted.
    """
    ends = [iso(end) for end in sorted(year_ends)]
    counts = children_on(episodes, ends)
    rows = []
    for origin in origins_of(year_ends):
        checked = {months: iso(origin + pd.DateOffset(months=months)) for months in HORIZONS}
        checked = {months: day for months, day in checked.items() if day in ends}
        try:
            futures = predict(origin, max(checked))
        except InputError:
            continue
        rows += _checked(futures, counts, iso(origin), checked)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _checked(
    futures: Futures, counts: pd.DataFrame, origin: str, checked: dict[int, str]
) -> list[tuple]:
    by_group = futures.by_group()
    groups = [group for group in HISTORY_GROUPS if group in by_group]
    known = counts.loc[:origin]
    rows = []
    for months, day in checked.items():
        for group in groups:
            said = {name: float(value) for name, value in
                    said_of(by_group[group][:, months]).items()}
            rows.append((
                origin, day, months, group, int(counts.at[origin, group]),
                straight_line(known[group], months) if group == ALL else float("nan"),
                *(round(said[name]) for name in ("p10", "p50", "p90")), round(said["mean"], 1),
                int(counts.at[day, group]),
            ))
    return rows


def straight_line(counts: pd.Series, months: int) -> float:
    """The least-squares line through the last year ends, so many months on; never below 0.

    counts  children at each 31 March up to the origin, in order; the last LINE_YEARS are used

    >>> straight_line(pd.Series([100, 110, 120]), 24)
    140.0
    >>> straight_line(pd.Series([100]), 12)
    nan
    """
    last = counts.to_numpy(dtype="float64")[-LINE_YEARS:]
    if len(last) < 2:
        return float("nan")
    slope, level = np.polyfit(np.arange(len(last)), last, 1)
    return round(max(0.0, float(level + slope * (len(last) - 1 + months / 12))), 1)


def accuracy(tested: pd.DataFrame) -> pd.DataFrame:
    """How far off the past forecasts were on average, and how often the interval held.

    tested   `backtest`, as the page shows it: a row with a figure that is hidden makes its
             placement's row hidden too
    returns  ACCURACY_COLUMNS: error_pct (of the middle future), same_as_today_error_pct,
             straight_line_error_pct (z but for all children): mean absolute errors as a
             percentage of what came; held_pct (of forecasts whose 80% interval held what came);
             forecasts (how many). One of a placement that nobody was in then counts in no error

    With one forecast a horizon, held_pct can only be 0 or 100: the number stands beside it.
    """
    rows = []
    for (months, group), part in tested.groupby(["horizon_months", "placement_group"], sort=False):
        figures = {name: part[name].tolist() for name in _COMPARED}
        hidden = any(SUPPRESSED in cells for cells in figures.values())
        errors = [SUPPRESSED] * 4 if hidden else _errors(figures)
        if group != ALL:
            errors[2] = NOT_APPLICABLE
        rows.append((months, group, *errors, len(part)))
    return pd.DataFrame(rows, columns=list(ACCURACY_COLUMNS))


def _errors(figures: Mapping[str, Sequence[object]]) -> list[float]:
    numbers = {name: np.array([_number(cell) for cell in cells])
               for name, cells in figures.items()}
    came = numbers["actual"]
    some = came > 0
    off = [_mean(np.abs(numbers[name] - came)[some] / came[some]) * 100
           for name in ("p50", "same_as_today", "straight_line")]
    held = int(((numbers["p10"] <= came) & (came <= numbers["p90"])).sum())
    return [*(round(one, 1) for one in off), float(percentage(held, len(came)))]


def _number(cell: object) -> float:
    """A cell's number; NaN for a mark or a blank."""
    return float("nan") if isinstance(cell, str) or pd.isna(cell) else float(cell)


def _mean(values: np.ndarray) -> float:
    """The mean of those that are known; NaN where none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
