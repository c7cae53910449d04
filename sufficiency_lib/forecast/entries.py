"""Who starts to be looked after: how many a month, how old, where first, with what need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.states import (
    ADULT_MONTHS,
    UNKNOWN,
    months_on,
    periods_of,
    uasc_on_days,
)
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR

#: The state of an entrant who was gone again by the end of the month.
GONE = -1


@dataclass(frozen=True)
class Arrivals:
    """One stream of entrants, and those seen, of whom future ones are drawn: P entrants.

    level        starts a month, the estimate
    level_var    its variance: how well the months seen tell it
    dispersion   variance of a month's starts over their mean, 1 or more: brothers and sisters
                 come together
    year_var     relative variance of the level from year to year, for a stream that has no
                 drift of its own elsewhere; 0: none
    age          int [P]  completed months at the end of the month of the start
    state        int [P]  where that day, a place in the states; GONE (-1) if left by then
    need         int [P]  family of need
    chances      float [P]  how likely each is drawn; adds up to 1
    """

    level: float
    level_var: float
    dispersion: float
    year_var: float
    age: np.ndarray
    state: np.ndarray
    need: np.ndarray
    chances: np.ndarray

    def counts(
        self, rng: np.random.Generator, draws: int, months: int, multipliers: np.ndarray
    ) -> np.ndarray:
        """Starts of each draw and month, int64 [draws, months].

        multipliers  [draws, months] or what spreads to it: drift and levers together
        """
        if not self.level or not len(self.age):
            return np.zeros((draws, months), dtype=np.int64)
        level = _gamma(rng, self.level, self.level_var, (draws, 1))
        years = -(-months // MONTHS_A_YEAR)
        own = _gamma(rng, 1.0, self.year_var, (draws, years))
        mean = level * np.repeat(own, MONTHS_A_YEAR, axis=1)[:, :months] * multipliers
        if self.dispersion > 1:
            # A Poisson count around a gamma of this scale has just this dispersion.
            scale = self.dispersion - 1
            mean = rng.standard_gamma(mean / scale) * scale
        return rng.poisson(mean)

    def pools(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Each draw's own sample of the entrants seen: places in the arrays, [draws, P].

        The bootstrap: how the mix of entrants varies between draws is how uncertain it is.
        """
        shape = draws, len(self.age)
        # Few chances differ, one a year: first which of them, then who of those who have it.
        order = np.argsort(self.chances, kind="stable")
        values, first, many = np.unique(self.chances[order], return_index=True, return_counts=True)
        up_to = np.cumsum(values * many)
        which = np.searchsorted(up_to, rng.random(shape) * up_to[-1], side="right")
        which = np.minimum(which, len(values) - 1)
        return order[first[which] + (rng.random(shape) * many[which]).astype("int64")]


def _gamma(
    rng: np.random.Generator, mean: float, variance: float, shape: tuple[int, ...]
) -> np.ndarray:
    """Draws around a mean that are never below 0."""
    if variance <= 0:
        return np.full(shape, mean)
    return rng.standard_gamma(mean**2 / variance, shape) * (variance / mean)


@dataclass(frozen=True)
class Entries:
    """The two streams: unaccompanied asylum-seeking children come apart from all others."""

    children: Arrivals
    uasc: Arrivals


def entrants(
    known: pd.DataFrame, panel: pd.DataFrame, grid: pd.DatetimeIndex, states: tuple[str, ...]
) -> pd.DataFrame:
    """Every start within the grid: at, state, age, need, is_uasc.

    known, panel  `states.known_by` and `states.stays`
    returns       one row a care period that starts after the grid's first day: at (the month
                  end by which it had started, a place in the grid from 1), state (place in
                  `states` on that day; GONE if it had ended), age in completed months then,
                  need, is_uasc. A child who comes back is an entrant again.
    """
    periods = periods_of(known, grid[0])
    first = known.drop_duplicates("care_period_id")[["care_period_id", "dob"]]
    periods = periods.merge(first, on="care_period_id")
    new = periods[(periods["start"] > grid[0]) & (periods["start"] <= grid[-1])]
    at = np.searchsorted(grid, new["start"].to_numpy())
    there = panel.drop_duplicates("care_period_id")[["care_period_id", "at", "state", "is_uasc"]]
    new = new.assign(month=at).merge(there, on="care_period_id", how="left")
    stayed = new["at"].notna() & (new["at"] == new["month"])
    place = {state: at for at, state in enumerate(states)}
    age = months_on(new["dob"], new["month"], grid)
    return pd.DataFrame({
        "at": new["month"].to_numpy(dtype="int64"),
        # Who turned 18 before the month's end had left by then, as who left otherwise.
        "state": np.where(stayed & (age < ADULT_MONTHS), new["state"].map(place), GONE)
        .astype("int64"),
        "age": age.astype("int64"),
        "need": new["need"].to_numpy(dtype="int64"),
        "is_uasc": _uasc_at_start(known, new),
    })


def _uasc_at_start(known: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """Whether each period's child was a UASC on the day it began."""
    first = known.drop_duplicates("care_period_id").set_index("care_period_id")
    first = first.loc[new["care_period_id"]]
    return uasc_on_days(first, pd.DatetimeIndex(first["decom"]))


def estimate_entries(
    seen: pd.DataFrame, months: int, year_weights: np.ndarray | None = None
) -> Entries:
    """Learn both streams from the starts seen.

    seen          `entrants`
    months        how many months the grid holds
    year_weights  what each twelve months counts for, the earliest first and the last ending on
                  the grid's last day; None: every month alike. With weights the level is the
                  weighted mean of the years' logarithms (their plain mean, if a year has no
                  starts), and months before the first of these years count for nothing.
    """
    uasc = seen["is_uasc"].to_numpy(dtype=bool)
    return Entries(
        children=_arrivals(seen[~uasc], months, year_weights, by_year=False),
        uasc=_arrivals(seen[uasc], months, None, by_year=True),
    )


def month_weights(months: int, year_weights: np.ndarray | None) -> np.ndarray:
    """What each month counts for, [months], adding up to 1.

    >>> month_weights(25, np.array([1.0, 3.0])).round(4)[[0, 1, 24]].tolist()
    [0.0, 0.0208, 0.0625]
    """
    if year_weights is None:
        return np.full(months, 1 / max(months, 1))
    by_month = np.repeat(np.asarray(year_weights, float), MONTHS_A_YEAR)[-months:]
    by_month = np.concatenate([np.zeros(months - len(by_month)), by_month])
    return by_month / by_month.sum()


def weighted_level(values: np.ndarray, weights: np.ndarray) -> float:
    """A weighted mean of logarithms, or a plain one where a value is 0.

    >>> round(weighted_level(np.array([100.0, 400.0]), np.array([0.5, 0.5])), 6)
    200.0
    """
    values, weights = np.asarray(values, float), np.asarray(weights, float)
    weights = weights / weights.sum()
    return float(np.exp(weights @ np.log(values)) if (values > 0).all() else weights @ values)


def starts_by_year(seen: pd.DataFrame, months: int) -> np.ndarray:
    """Starts of each whole year, the last ending on the grid's last day, oldest first.

    seen    `entrants`
    months  how many months the grid holds

    >>> starts_by_year(pd.DataFrame({"at": [1, 2, 14, 14, 25]}), 25).tolist()
    [1.0, 3.0]
    """
    return _years_of(_by_month(seen, months)).sum(axis=1)


def _by_month(seen: pd.DataFrame, months: int) -> np.ndarray:
    return np.bincount(seen["at"].to_numpy() - 1, minlength=months)[:months].astype(float)


def _arrivals(
    seen: pd.DataFrame, months: int, year_weights: np.ndarray | None, *, by_year: bool
) -> Arrivals:
    """One stream: its level from weighted months, its entrants weighted the same way."""
    weights = month_weights(months, year_weights)
    counts = _by_month(seen, months)
    level, dispersion = float(weights @ counts), _dispersion(counts)
    if year_weights is not None:
        years = _years_of(counts).sum(axis=1)[-len(year_weights):]
        level = weighted_level(years, np.asarray(year_weights)[-len(years):]) / MONTHS_A_YEAR
    known = seen[seen["age"] != UNKNOWN]
    chances = weights[known["at"].to_numpy() - 1]
    whole = chances.sum()
    return Arrivals(
        level=level if whole else 0.0,
        level_var=float(dispersion * (weights**2 @ counts)),
        dispersion=dispersion,
        year_var=_between_years(counts, dispersion) if by_year else 0.0,
        age=known["age"].to_numpy(),
        state=known["state"].to_numpy(),
        need=known["need"].to_numpy(),
        chances=chances / whole if whole else chances,
    )


def _years_of(counts: np.ndarray) -> np.ndarray:
    """Whole years of monthly counts, the last ending with the last month: [years, 12]."""
    years = len(counts) // MONTHS_A_YEAR
    return counts[len(counts) - years * MONTHS_A_YEAR:].reshape(years, MONTHS_A_YEAR)


def _dispersion(counts: np.ndarray) -> float:
    """Variance over mean of the months within their years, at least 1; 1 with none to tell."""
    years = _years_of(counts)
    if not years.sum():
        return 1.0
    return float(max(1.0, years.var(axis=1, ddof=1).sum() / years.mean(axis=1).sum()))


def _between_years(counts: np.ndarray, dispersion: float) -> float:
    """Relative variance of the years' level beyond chance, by moments; 0 with one year."""
    totals = _years_of(counts).sum(axis=1)
    if len(totals) < 2 or not totals.sum():
        return 0.0
    beyond = totals.var(ddof=1) - dispersion * totals.mean()
    return float(max(0.0, beyond / totals.mean() ** 2))
