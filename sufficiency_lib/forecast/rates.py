"""How children move and leave: monthly chances by age, state and time looked after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.hazards import Chances, concentration, estimate
from sufficiency_lib.forecast.states import ADULT_MONTHS, UNKNOWN

#: First completed months of each age band: DfE's bands, with the teens apart in which
#: placements change in kind, and 16 and 17, when supported accommodation opens and most leave.
AGE_STARTS: tuple[int, ...] = (0, 12, 60, 120, 156, 192, 204)
#: First month of each band of time looked after: DfE's half-years and years, and finer in the
#: first half-year, in which two in five leave (guidance 2010, 2.1).
DURATION_STARTS: tuple[int, ...] = (0, 1, 3, 6, 12, 24, 36)

#: Proportional fitting ends when no count changes by more than a thousandth of a move; it
#: takes some ten rounds, and a table that has not come to rest by then is near enough.
_FITTED, _FITTING_ROUNDS = 1e-3, 100


@dataclass(frozen=True)
class Transitions:
    """What happened from each month end to the next, counted by cell: S states, A ages, U times.

    trials  int [S, A, U]  child-months
    exits   int [S, A, U]  of them, no longer looked after (in that period) at the next end
    moves   int [S, A, S]  in another state at the next month end: from, age, to
    moved   int [S, A, U]  the moves by cell
    """

    trials: np.ndarray
    exits: np.ndarray
    moves: np.ndarray
    moved: np.ndarray


@dataclass(frozen=True)
class Tables:
    """One set of rates for each of D draws, as the simulation reads them.

    exits, moves  float32 [D, S * A * U]  monthly hazards by cell (see `cell_of`)
    to            float32 [D, S * A, S]  of those who move, the share that goes to each state
                  or one before it in the order
    """

    exits: np.ndarray
    moves: np.ndarray
    to: np.ndarray


@dataclass(frozen=True)
class Rates:
    """Everything learnt of moves and exits.

    states        as the futures will have them
    exits, moves  `Chances` by cell; a move's is among those who do not leave in the month
    destinations  [S, A, S]  Dirichlet parameters of where those who move go
    """

    states: tuple[str, ...]
    exits: Chances
    moves: Chances
    destinations: np.ndarray

    def draw(
        self, rng: np.random.Generator, draws: int, *, fixed_level: bool = False
    ) -> Tables:
        """So many sets of rates, each as likely as the next given the history.

        fixed_level  whether the level of exits is that of `exits`, as its error is elsewhere
        """
        exits = self.exits.draw(rng, draws, fixed_level=fixed_level)
        moves = self.moves.draw(rng, draws)
        many = len(self.states)
        parts = rng.standard_gamma(self.destinations.reshape(1, -1, many),
                                   (draws, many * len(AGE_STARTS), many))  # fmt: skip
        up_to = np.cumsum(parts, axis=2)
        whole = np.where(up_to[:, :, -1:] > 0, up_to[:, :, -1:], 1.0)
        return Tables(exits, moves, (up_to / whole).astype(np.float32))


def age_bands(months: int) -> np.ndarray:
    """The age band of each completed month of age below `months`.

    >>> age_bands(216)[[0, 11, 12, 203, 204]].tolist()
    [0, 0, 1, 5, 6]
    """
    return np.searchsorted(AGE_STARTS, np.arange(months), side="right") - 1


def duration_bands(months: int) -> np.ndarray:
    """The band of each month looked after below `months`.

    >>> duration_bands(40)[[0, 1, 2, 3, 35, 36]].tolist()
    [0, 1, 1, 2, 5, 6]
    """
    return np.searchsorted(DURATION_STARTS, np.arange(months), side="right") - 1


def transitions(
    panel: pd.DataFrame,
    grid: pd.DatetimeIndex,
    states: tuple[str, ...],
    *,
    between: tuple[int, int] | None = None,
) -> Transitions:
    """Count what happened between month ends.

    panel    `states.stays`
    states   those of the futures, all that the panel has among them
    between  places in the grid: only what happened from the first to the second; None: all

    Counted from month end to month end, exactly as the simulation steps: who comes and goes
    between two ends is an entrant who did not stay (see `entries`). Left out are the last month
    before the 18th birthday, when leaving is certain; children with no date of birth; and
    those whose start is not seen until the time that is seen reaches the last band, so that
    nobody is counted in a band that is only a guess. A period that the repair closed as no
    later return has the child (E99) counts as an exit in that month: stock must balance, and
    one event is right though its day is not known.
    """
    place = {state: at for at, state in enumerate(states)}
    period, at = panel["care_period_id"].to_numpy(), panel["at"].to_numpy()
    state = panel["state"].map(place).to_numpy(dtype="int64")
    follows = np.zeros(len(panel), dtype=bool)
    follows[:-1] = (period[1:] == period[:-1]) & (at[1:] == at[:-1] + 1)
    after = np.where(follows, np.roll(state, -1), UNKNOWN)
    age, duration = panel["age"].to_numpy(), panel["duration"].to_numpy()
    known = panel["from_start"].to_numpy() | (duration >= DURATION_STARTS[-1])
    first, last = between or (0, len(grid) - 1)
    usable = (at >= first) & (at < last) & (age >= 0) & (age + 1 < ADULT_MONTHS) & known
    band = age_bands(ADULT_MONTHS)[np.clip(age, 0, ADULT_MONTHS - 1)]
    time = duration_bands(DURATION_STARTS[-1] + 1)[np.clip(duration, 0, DURATION_STARTS[-1])]
    shape = len(states), len(AGE_STARTS), len(DURATION_STARTS)
    moves = usable & follows & (after != state)
    return Transitions(
        trials=_count(shape, usable, state, band, time),
        exits=_count(shape, usable & ~follows, state, band, time),
        moves=_count((*shape[:2], shape[0]), moves, state, band, after),
        moved=_count(shape, moves, state, band, time),
    )


def _count(shape: tuple[int, ...], rows: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    cell = np.ravel_multi_index(tuple(key[rows] for key in keys), shape)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)


def estimate_rates(counts: Transitions, states: tuple[str, ...]) -> Rates:
    """Learn the chances of leaving and moving, and where those who move go, from the counts.

    counts  `transitions`
    states  those that the counts are by
    """
    shape = counts.trials.shape
    state, age, time = (level.ravel() for level in np.indices(shape))
    names = [name.partition("/")[0] for name in states]
    group = np.unique(names, return_inverse=True)[1][state] if names else state
    factors = (age, time, group, state)
    exits, trials = counts.exits.ravel(), counts.trials.ravel()
    return Rates(
        states=states,
        exits=estimate(exits, trials, factors),
        moves=estimate(counts.moved.ravel(), trials - exits, factors),
        destinations=destinations(counts.moves),
    )


def destinations(moves: np.ndarray) -> np.ndarray:
    """Dirichlet parameters of where children who move go: [from, age, to].

    moves    [S, A, S]  counted: from, age, to

    What is expected of a row is what its state and its age make of it: the log-linear table
    that has the counts' from-to, age-to and from-age totals and no interaction beyond, found by
    proportional fitting; each state first gets one move's worth of where all who move go, so
    that nothing rare is impossible. How many moves that expectation is worth beside a row's
    own is estimated from how rows stray from it (`hazards.concentration`).

    Nobody moves to where they are; where there is nowhere to go, they stay.

    >>> moves = np.zeros((2, 1, 2)); moves[0, 0, 1] = 3
    >>> (destinations(moves) > 0).astype(int).tolist()
    [[[0, 1]], [[0, 1]]]
    """
    many, bands = moves.shape[0], moves.shape[1]
    off = (1 - np.eye(many))[:, None, :]
    overall = moves.sum(axis=(0, 1))
    elsewhere = np.broadcast_to(overall * off, moves.shape)
    total = elsewhere.sum(axis=2, keepdims=True)
    anywhere = np.divide(elsewhere, total, out=np.zeros(moves.shape), where=total > 0)
    table = moves + anywhere / bands
    shares = _fitted(table, off)
    worth = concentration(moves.reshape(-1, many), shares.reshape(-1, many))
    nowhere = np.eye(many)[:, None, :] * (table.sum(axis=2, keepdims=True) == 0)
    return worth * shares + moves + nowhere


def _fitted(table: np.ndarray, possible: np.ndarray) -> np.ndarray:
    """Shares of each row of the log-linear table with a table's two-way totals."""
    fit = np.broadcast_to(possible, table.shape).astype(float)
    for _ in range(_FITTING_ROUNDS):
        before = fit
        for axis in range(3):
            has = fit.sum(axis=axis, keepdims=True)
            wanted = table.sum(axis=axis, keepdims=True)
            fit = fit * np.divide(wanted, has, out=np.zeros_like(wanted), where=has > 0)
        if np.abs(fit - before).max() < _FITTED:
            break
    rows = fit.sum(axis=2, keepdims=True)
    return np.divide(fit, rows, out=np.zeros_like(fit), where=rows > 0)
