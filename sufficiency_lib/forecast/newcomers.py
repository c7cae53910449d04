"""Everybody who will enter a block of futures, drawn at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency_lib.forecast.entries import GONE, MONTHS_A_YEAR, Arrivals
from sufficiency_lib.forecast.pool import NEEDS, arriving


@dataclass(frozen=True)
class Newcomers:
    """One stream of entrants of D futures over M months.

    entries   int32 [D, M]  everybody; gone: those of them who left within the month
    children  what the pool holds of those who stay (`pool.arriving`), month after month
    begins    [M + 1]  where each month's are
    by_state  int32 [M, D, S]; by_kind [M, D, 2, N], UASC or not by family of need
    """

    entries: np.ndarray
    gone: np.ndarray
    children: dict[str, np.ndarray]
    begins: np.ndarray
    by_state: np.ndarray
    by_kind: np.ndarray


def newcomers(
    arrivals: Arrivals,
    drift: np.ndarray,
    by_age: np.ndarray,
    *,
    states: int,
    uasc: bool,
    rng: np.random.Generator,
    lever_rng: np.random.Generator,
) -> Newcomers:
    """Draw one stream.

    arrivals  the stream, and those seen, of whom these are drawn
    drift     [D, M]  what its level is multiplied by
    by_age    [M, 18]  what a scenario multiplies the starts of each age by
    uasc      whether it is that of unaccompanied asylum-seeking children
    """
    draws, months = drift.shape
    most = by_age.max(axis=1)
    counts = arrivals.counts(rng, draws, months, drift * most)
    month = np.repeat(np.arange(months), counts.sum(axis=0))
    future = np.repeat(np.tile(np.arange(draws), months), counts.T.ravel())
    picked = _picked(arrivals, future, draws, rng)
    if np.ptp(by_age, axis=1).any():
        # Drawn at the rate of the age that grows most; of the others so many are not needed.
        years = np.minimum(arrivals.age[picked] // MONTHS_A_YEAR, by_age.shape[1] - 1)
        kept = np.flatnonzero(lever_rng.random(len(picked)) * most[month] < by_age[month, years])
        month, future, picked = month[kept], future[kept], picked[kept]
    entries = _tally(month, future, (months, draws))
    stay = np.flatnonzero(arrivals.state.take(picked) != GONE)
    month, future, picked = month.take(stay), future.take(stay), picked.take(stay)
    here = _tally(month, future, (months, draws))
    children = arriving(
        month + 1, states=states, future=future, state=arrivals.state.take(picked),
        age=arrivals.age.take(picked), need=arrivals.need.take(picked), uasc=uasc, rng=rng,
    )  # fmt: skip
    return Newcomers(
        entries=entries.T,
        gone=(entries - here).T,
        children=children,
        begins=np.searchsorted(month, np.arange(months + 1)),
        by_state=_tally(month, children["spot"], (months, draws, states)),
        by_kind=_tally(month, children["kind"], (months, draws, 2, NEEDS)),
    )


def _picked(
    arrivals: Arrivals, future: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """For each entrant one of those seen, from its future's own sample of them."""
    if not len(future):
        return future
    pools = arrivals.pools(rng, draws)
    many = pools.shape[1]
    return pools.ravel().take(future * many + rng.integers(0, many, len(future)))


def _tally(month: np.ndarray, key: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """How many there are by month and key, int32 of a shape whose first side is the months."""
    each = int(np.prod(shape[1:]))
    counts = np.bincount(month * each + key, minlength=shape[0] * each)
    return counts.reshape(shape).astype(np.int32)
