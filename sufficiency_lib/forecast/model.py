"""Simulated futures of the children an authority looks after.

Each future f and month t (month ends; t = 0 is the day of the forecast):

    a child in cell c (state, age band, band of time looked after) leaves with hazard
        L[f, c] * x[f, t] * lever(t), moves to another state with hazard M[f, c],
        and moved ones go to state j with the share Q[f, state, age band, j];
    every child leaves in the month of its 18th birthday;
    n[f, t] children enter, Poisson or wider, of mean level[f] * e[f, t] * lever(t), each with
        the age, first state and need of an entrant seen; unaccompanied asylum-seeking
        children at a level of their own that varies from year to year as theirs did.

L, M, Q and the level are drawn anew in each future from what the history says of them (see
`hazards`, `rates`, `entries`); e and x are the drift of entries and exits from year to year
(`drift`). So futures differ by chance, by how well the rates are known, and by drift. Months
of the year are alike: entries have seasons, which ten years ahead and sums of years do not feel.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from sufficiency_lib.codes.children import NEED_FAMILIES
from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.forecast.changes import Changes
from sufficiency_lib.forecast.drift import DriftPaths
from sufficiency_lib.forecast.entries import Entries
from sufficiency_lib.forecast.futures import Futures, month_ends
from sufficiency_lib.forecast.levers import Levers
from sufficiency_lib.forecast.rates import Rates
from sufficiency_lib.forecast.states import UNKNOWN, Cohort
from sufficiency_lib.forecast.steps import Block

#: Futures stepped at once: enough for threads to work side by side, and few enough for a
#: processor's own memory. It is part of the result, as each block has its own stream of chance,
#: so it must not depend on the machine.
BLOCK_DRAWS = 125


def simulate(
    start: Cohort,
    rates: Rates,
    entries: Entries,
    *,
    as_at: object,
    months: int,
    draws: int,
    rng: np.random.Generator,
    paths: DriftPaths | None = None,
    levers: Levers | None = None,
    fixed_level: bool = False,
) -> Futures:
    """Step today's children, and those who will come, through so many futures.

    start    `states.cohort_today`
    rates    `rates.estimate_rates`, of the same states
    entries  `entries.estimate_entries`
    as_at    the day of `start`
    months   how far ahead; 0 gives today alone
    draws    how many futures
    rng      where chance comes from; the same state gives the same bytes on any machine
    paths    multipliers of entries and exit hazards [draws, months]; None: no drift
    levers   what a scenario changes; None: nothing
    fixed_level  True where the paths hold how wrong the level of exits may be (see
             `Chances.draw`)

    A child with no date of birth has in each future the age of another child of the same state
    (or of any, with none such). One recorded as 18 or over leaves in the first month.

    Raises InputError where nobody has a date of birth, and ConfigurationError where a lever
    sends children to a state that the rates do not have.
    """
    if len(start) and (start.age == UNKNOWN).all():
        raise InputError(
            "No child looked after has a date of birth; the forecast needs the headers."
        )
    lacking = set((levers or Levers()).states_named) - set(rates.states)
    if lacking:
        raise ConfigurationError(
            f"The rates know nothing of {', '.join(sorted(lacking))}, to which the scenario sends "
            "children: learn them with the scenario's levers."
        )
    dates = month_ends(as_at, months)
    changes = Changes(levers or Levers(), dates, rates.states)
    entry, leave = _multipliers(paths, draws, months)
    firsts = range(0, draws, BLOCK_DRAWS)

    def run(first: int, own: np.random.Generator) -> Block:
        part = slice(first, first + BLOCK_DRAWS)
        block = Block(start, rates, entries, changes, entry[part], leave[part], own,
                      fixed_level=fixed_level)  # fmt: skip
        block.run()
        return block

    with ThreadPoolExecutor(_threads()) as threads:
        blocks = list(threads.map(run, firsts, rng.spawn(len(firsts))))
    return _futures(blocks, dates, rates.states)


def _threads() -> int:
    """As many as numerical libraries are told to use, or as there are cores.

    Futures do not depend on it; authorities side by side must not fight for cores.
    """
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else os.cpu_count() or 1


def _multipliers(
    paths: DriftPaths | None, draws: int, months: int
) -> tuple[np.ndarray, np.ndarray]:
    if paths is None:
        return (np.ones((draws, months), dtype=np.float32),) * 2
    if paths.entry.shape != (draws, months) or paths.exit.shape != (draws, months):
        raise ValueError(f"paths are {paths.entry.shape}; expected {(draws, months)}")
    return paths.entry, paths.exit


def nights_between(children: np.ndarray, dates: pd.DatetimeIndex) -> np.ndarray:
    """Bed nights of each month: its days times the mean of the children at its two ends.

    children  [draws, months + 1, states]
    returns   float32 [draws, months, states]

    >>> nights_between(np.array([[[2], [3]]]), pd.DatetimeIndex(["2025-03-31", "2025-04-30"]))
    array([[[75.]]], dtype=float32)
    """
    days = np.diff(dates.to_numpy()).astype("timedelta64[D]").astype(np.float32)
    half = np.float32(0.5) * days[None, :, None]
    return (children[:, :-1] + children[:, 1:]).astype(np.float32) * half


def _futures(blocks: list[Block], dates: pd.DatetimeIndex, states: tuple[str, ...]) -> Futures:
    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block in blocks])

    children = joined("children")
    return Futures(
        dates=dates,
        states=states,
        children=children,
        nights=nights_between(children, dates),
        entries=joined("entries"),
        exits=joined("exits"),
        uasc=joined("uasc"),
        turning_16=joined("turning_16"),
        turning_18=joined("turning_18"),
        needs=joined("needs"),
        need_names=NEED_FAMILIES,
    )
