"""From a history to its futures: what an analyst calls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.drift import (
    Drift,
    DriftPaths,
    drift_paths,
    expected_path,
    level_weights,
)
from sufficiency_lib.forecast.entries import (
    GONE,
    MONTHS_A_YEAR,
    Entries,
    entrants,
    estimate_entries,
    starts_by_year,
    weighted_level,
)
from sufficiency_lib.forecast.futures import Futures
from sufficiency_lib.forecast.levers import Levers
from sufficiency_lib.forecast.model import simulate
from sufficiency_lib.forecast.rates import Rates, estimate_rates, transitions
from sufficiency_lib.forecast.states import (
    ADULT_MONTHS,
    Cohort,
    cohort_today,
    history_grid,
    in_order,
    known_by,
    stays,
)

#: Ten years: what the guidance asks for (2010, 4.7).
TEN_YEARS_MONTHS = 120


@dataclass(frozen=True)
class Learnt:
    """What one history says, before any future is drawn: the same for every scenario.

    as_at           the day of `start`
    years           whole years behind the rates
    start, rates, entries  see `model.simulate`
    exit_level      what the hazards of leaving are multiplied by, as recent years say more of
                    what comes next than all alike; 1 without a drift
    entries_a_year  starts of a usual year other than of UASC
    exits_a_year    ends of care of a usual year, those at 18 too, as published counts have them
    unmoved_share   the part of them that no rate moves: at 18, and within a month of the start
    entry_years     starts of each past year, as `entries_a_year`, oldest first; without a drift
                    empty, as is exit_years
    exit_years      exits of each over those that the rates of all years expect
    drift           how rates wander from year to year, or None
    """

    as_at: pd.Timestamp
    years: int
    start: Cohort
    rates: Rates
    entries: Entries
    exit_level: float
    entries_a_year: float
    exits_a_year: float
    unmoved_share: float
    entry_years: np.ndarray
    exit_years: np.ndarray
    drift: Drift | None


def learn(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    first: object,
    drift: Drift | None = None,
    levers: Levers | None = None,
) -> Learnt:
    """Today's children, and the rates at which they move, leave and come, out of a history.

    episodes  the repaired history; only what was known on the day is used (see `known_by`)
    as_at     the day of the forecast
    first     the first day of the first return
    drift     how rates wander. The years then count for the level of entries and of exits as
              far as they say what comes next (`drift.level_weights`), recent ones most; None,
              or no whole year: all alike
    levers    of a scenario, for the states it needs that nobody has been in

    Raises InputError for a column that is not there, and for a history without an episode.
    """
    day = pd.Timestamp(as_at).normalize()
    known, grid = known_by(episodes, day), history_grid(first, day)
    if known.empty:
        raise InputError(
            f"No episode had started by {day:%d/%m/%Y}, short breaks apart; a forecast needs a "
            "history. Check the date and the returns."
        )
    states = in_order([*known["state"], *(levers or Levers()).states_named])
    panel = stays(known, grid)
    seen, months = entrants(known, panel, grid, states), len(grid) - 1
    rates = estimate_rates(transitions(panel, grid, states), states)
    years, usual = months // MONTHS_A_YEAR, _usual_year(panel, seen, months)
    weights, exit_level = None, 1.0
    entry_years = exit_years = np.empty(0)
    if drift is not None and years and usual["entries_a_year"] and usual["exits_a_year"]:
        weights = level_weights(drift, years, per_year=usual["entries_a_year"], of="entries")
        lately = level_weights(drift, years, per_year=usual["exits_a_year"], of="exits")
        entry_years = starts_by_year(seen[~seen["is_uasc"]], months)
        exit_years = _exit_years(panel, grid, rates, years)
        exit_level = weighted_level(exit_years, lately)
    return Learnt(
        as_at=day,
        years=years,
        start=cohort_today(panel, grid, states),
        rates=rates,
        entries=estimate_entries(seen, months, weights),
        exit_level=exit_level,
        **usual,
        entry_years=entry_years,
        exit_years=exit_years,
        drift=drift,
    )


def _usual_year(panel: pd.DataFrame, seen: pd.DataFrame, months: int) -> dict[str, float]:
    """Entries and exits of a usual year, and the part of exits that no rate moves."""
    grown = int((panel["at"] == months).sum()) - int((panel["at"] == 0).sum())
    exits = max(0, len(seen) - grown)
    last = panel.drop_duplicates("care_period_id", keep="last")
    at_18 = (last["at"] < months) & (last["age"] + 1 >= ADULT_MONTHS)
    unmoved = at_18.sum() + (seen["state"] == GONE).sum()
    a_year = MONTHS_A_YEAR / max(months, 1)
    return {
        "entries_a_year": float((~seen["is_uasc"]).sum() * a_year),
        "exits_a_year": exits * a_year,
        "unmoved_share": float(unmoved / max(exits, 1)),
    }


def _exit_years(
    panel: pd.DataFrame, grid: pd.DatetimeIndex, rates: Rates, years: int
) -> np.ndarray:
    """Exits of each year over those that the rates of all years expect, oldest first."""
    last, found = len(grid) - 1, []
    for back in range(years, 0, -1):
        between = last - back * MONTHS_A_YEAR, last - (back - 1) * MONTHS_A_YEAR
        year = transitions(panel, grid, rates.states, between=between)
        expected = (year.trials.ravel() * rates.exits.mean).sum()
        found.append(year.exits.sum() / expected if expected else 1.0)
    return np.array(found)


def futures_of(
    learnt: Learnt,
    *,
    months: int = TEN_YEARS_MONTHS,
    draws: int,
    seed: int,
    levers: Levers | None = None,
) -> Futures:
    """Futures of what was learnt: of one scenario, in so many draws.

    seed  the same seed, and the same scenario, give the same bytes
    """
    seeded = np.random.default_rng(seed)
    chance, wandering = seeded.spawn(2)
    paths = multipliers(learnt, draws=draws, months=months, rng=wandering)
    entries = learnt.entries
    if paths is not None:
        # The paths hold how wrong the levels may be and how families come together.
        entries = replace(
            entries, children=replace(entries.children, level_var=0.0, dispersion=1.0)
        )
    return simulate(
        learnt.start, learnt.rates, entries, as_at=learnt.as_at, months=months, draws=draws,
        rng=chance, paths=paths, levers=levers, fixed_level=paths is not None,
    )  # fmt: skip


def multipliers(
    learnt: Learnt, *, draws: int, months: int, rng: np.random.Generator
) -> DriftPaths | None:
    """What entries and hazards of leaving are multiplied by in each future; None: no drift.

    The levels are those expected of the first year ahead; a move of the last years fades after
    it towards what the years before had (`drift.expected_path`).

    The drift is of all exits, and some no rate moves here: a child is 18 when it is, and who
    leaves within the month of the start is a kind of entrant (`entries`). So the other exits
    take all of it: 1 + (x - 1) / (1 - share of those), never below 0. Without that, futures
    would be narrower than the published panel says they are.
    """
    usual = learnt.entries_a_year, learnt.exits_a_year
    if learnt.drift is None or not learnt.years or not all(usual):
        return None
    paths = drift_paths(
        learnt.drift, draws=draws, months=months, rng=rng, years_known=learnt.years,
        entries_per_year=usual[0], exits_per_year=usual[1], beyond_poisson=True,
    )  # fmt: skip
    entry = _fading(learnt.drift, learnt.entry_years, months, usual[0], "entries")
    leave = _fading(learnt.drift, learnt.exit_years, months, usual[1], "exits")
    moved = _of_the_rest(paths.exit, learnt.unmoved_share)
    return DriftPaths(paths.entry * entry, moved * (leave * np.float32(learnt.exit_level)))


def _of_the_rest(of_all: np.ndarray, unmoved_share: float) -> np.ndarray:
    """Multipliers of the exits that rates move by which all exits are multiplied as asked.

    >>> _of_the_rest(np.array([1.0, 1.1, 0.2]), 0.5).round(3).tolist()
    [1.0, 1.2, 0.0]
    >>> _of_the_rest(np.array([1.1]), 1.0).tolist()
    [1.1]
    """
    if unmoved_share >= 1:
        return of_all
    return np.maximum(0, 1 + (of_all - 1) / np.float32(1 - unmoved_share))


def _fading(
    drift: Drift, past: np.ndarray, months: int, per_year: float, of: str
) -> np.ndarray:
    """By month, the level over that of the first year ahead; flat where a year had none."""
    if not (past > 0).all():
        return np.ones(months, dtype=np.float32)
    path = expected_path(drift, past, months=months, per_year=per_year, of=of)
    return path.astype(np.float32)


def forecast(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    first: object,
    months: int = TEN_YEARS_MONTHS,
    draws: int = 1000,
    seed: int,
    drift: Drift | None = None,
    levers: Levers | None = None,
) -> Futures:
    """The futures of an authority from its repaired history: `learn`, then `futures_of`.

    episodes  one row an episode: child_id, dob, decom, dec, placement_group, provider,
              is_short_break, care_period_id, rne; and where there are is_uasc or ever_uasc and
              uasc_until, need_code, rec
    as_at     the day from which; nothing that became known later is used
    first     the first day of the first return
    months, draws, seed  how far, how many, and which; the same give the same bytes
    drift     how rates wander from year to year (`drift.published_drift`); None: not at all
    levers    what a scenario changes; None: nothing

    Raises InputError for a column that is not there, for a history without an episode, and
    where nobody looked after has a date of birth.
    Whether the history is long enough to be worth anything is for `refusal.worth` to say.
    """
    learnt = learn(episodes, as_at, first=first, drift=drift, levers=levers)
    return futures_of(learnt, months=months, draws=draws, seed=seed, levers=levers)
