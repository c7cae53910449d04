"""The chance that a measure reaches a target, from how it changed in the years that are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from sufficiency_lib.metrics.headline import Figure
from sufficiency_lib.metrics.stock import iso

#: Fewer changes than this say next to nothing of how much a measure changes in a year.
FEWEST_CHANGES = 3

#: A measure that is told for each of so many children.
_PER = 10_000
#: A child's nights of a year are one observation and not 365 of them.
_NIGHTS_A_YEAR = 365


def chance_from_changes(
    past: Mapping[str, Figure], now: Figure, target: float, years: float, *, at_most: bool
) -> float:
    """The percentage chance of standing at the target so many years from now; NaN: not known.

    past     day (ISO) → the measure on that day, this one among them; marks are left out
    now      the measure today
    target   in the measure's unit: %, children, or per 10,000
    years    from today to the target's day, above 0
    at_most  whether the target is met at or below it

    A share is taken on the logit (the scale on which it cannot pass 0 or 100%), a number or a rate
    on the logarithm, each with a half added so that none and all can be taken too. There the
    measure is a random walk without drift: every year adds a step of mean 0, and nothing says that
    steps of the past will go on in one direction. The variance of a step is the mean square of the
    yearly changes less what chance alone puts into them (binomial for a share, Poisson for a
    number), and no less than 0. To the steps until the target's day comes the chance in today's
    figure and in that day's, so that a year ahead is as uncertain as the changes of the past were.
    As the variance is known from few changes, Student's t with as many degrees of freedom stands
    for the normal curve.

    Changes count between figures a year apart; fewer than FEWEST_CHANGES give NaN, and so does a
    mark today. Limits: it knows nothing of plans, of a trend or of what drives the measure; four
    changes tell a steady measure from a fitful one badly; and as most children stay from one year
    to the next, the binomial noise is overrated, which leaves the sum for one year as it was and
    makes later years look a little too sure.

    Source: the local level model, Harvey (1989), *Forecasting, Structural Time Series Models and
    the Kalman Filter*; empirical logits, Cox and Snell (1989), *Analysis of Binary Data*.

    >>> def of(part):
    ...     return Figure("within_rule_pct", "", part / 4, "%", part, 400, "in_area")
    >>> past = {f"{2022 + at}-03-31": of(part) for at, part in enumerate((280, 240, 300, 260))}
    >>> chance_from_changes(past, of(260), 70, 2, at_most=False)
    39.2
    """
    known = {day: spot for day, one in past.items() if (spot := _spot(one)) is not None}
    today = _spot(now)
    changes = [
        (known[day][0] - known[before][0], known[day][1] + known[before][1])
        for day in known
        if (before := _year_before(day)) in known
    ]
    if today is None or len(changes) < FEWEST_CHANGES:
        return np.nan
    step = max(0.0, float(np.mean([change**2 - noise for change, noise in changes])))
    level, noise = today
    spread = np.sqrt(years * step + 2 * noise)
    short = (_level(target, now) - level) / spread
    below = stats.t.cdf(short, df=len(changes))
    return round(100 * float(below if at_most else 1 - below), 1)


def _year_before(day: str) -> str:
    return iso(pd.Timestamp(day) - pd.DateOffset(years=1))


def _spot(figure: Figure) -> tuple[float, float] | None:
    """A figure on its scale, with the variance that chance alone gives it; None for a mark."""
    size = _size(figure)
    if size is None or isinstance(figure.value, str) or pd.isna(figure.value):
        return None
    if figure.unit != "%":
        return _level(float(figure.value), figure), 1 / (size + 0.5)
    part = float(figure.numerator) / float(figure.denominator) * size
    level = float(np.log((part + 0.5) / (size - part + 0.5)))
    return level, 1 / (part + 0.5) + 1 / (size - part + 0.5)


def _level(value: float, figure: Figure) -> float:
    """A value of the measure on its scale, for as many children as there are in the figure."""
    size = _size(figure)
    if figure.unit == "%":
        part = min(max(value, 0.0), 100.0) / 100 * size
        return float(np.log((part + 0.5) / (size - part + 0.5)))
    whole = float(figure.denominator) / _PER if figure.unit == "per 10,000" else 1.0
    return float(np.log(max(value, 0.0) * whole + 0.5) - np.log(whole))


def _size(figure: Figure) -> float | None:
    """How many children a figure stands on; None where that is not known or nobody."""
    of = {"%": figure.denominator, "per 10,000": figure.numerator}.get(figure.unit, figure.value)
    needed = [of, figure.numerator, figure.denominator] if figure.unit != "children" else [of]
    if any(isinstance(one, str) or one is None or pd.isna(one) for one in needed):
        return None
    size = float(of) / (_NIGHTS_A_YEAR if "bed_nights" in figure.metric else 1)
    return size if size > 0 else None
