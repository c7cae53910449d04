"""A scenario's levers, turned into what the simulation does each month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.futures import AGENCY, IN_HOUSE
from sufficiency_lib.forecast.levers import (
    InHouseTarget,
    Levers,
    NewPlaces,
    StepDown,
    entry_multipliers,
    exit_multipliers,
    phased,
    positions,
    step_down_shares,
)
from sufficiency_lib.forecast.rates import AGE_STARTS, DURATION_STARTS, age_bands
from sufficiency_lib.forecast.states import ADULT_MONTHS
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR

if TYPE_CHECKING:
    from sufficiency_lib.forecast.steps import Block


class Changes:
    """The levers on the dates of one simulation; used by all its blocks, changed by none.

    entries, uasc_entries  [M, 18]  what the starts of each month and age are multiplied by
    """

    def __init__(self, levers: Levers, dates: pd.DatetimeIndex, states: tuple[str, ...]):
        self.levers, self.dates, self.states = levers, dates, states
        self.entries = entry_multipliers(levers.entries, dates)
        self.uasc_entries = entry_multipliers(levers.entries, dates, uasc=True)
        self._exits = self._exit_cells() if levers.exits else None
        self._steps = [(one, step_down_shares(one, dates)) for one in levers.step_down]
        self._house = None if levers.in_house is None else self._house_path(levers.in_house)

    def _exit_cells(self) -> list[np.ndarray]:
        """Each month's multipliers of the hazard of leaving by cell, alike ones the same array.

        An age band holds several years of age; a change that begins or ends within one is
        spread over it.
        """
        by_age = exit_multipliers(self.levers.exits, self.dates, self.states)
        bands = age_bands(ADULT_MONTHS)[::MONTHS_A_YEAR]
        found: list[np.ndarray] = []
        for month in by_age:
            band = np.stack([month[bands == at].mean(axis=0) for at in range(len(AGE_STARTS))])
            cells = np.repeat(band.T.ravel(), len(DURATION_STARTS)).astype(np.float32)
            found.append(found[-1] if found and np.array_equal(found[-1], cells) else cells)
        return found

    def _house_path(self, target: InHouseTarget) -> tuple[pd.Timestamp, np.ndarray]:
        """When an in-house target begins, and how far it is reached at each month's end."""
        begins = max(self.dates[0], pd.Timestamp(target.begins or self.dates[0]))
        return begins, phased(self.dates, begins, target.by)

    def exit_cells(self, month: int) -> np.ndarray | None:
        """The month's multipliers of leaving, [S * A * U]; None where no lever changes it."""
        return None if self._exits is None else self._exits[month]

    def apply(self, block: Block, month: int) -> None:
        """Move children as the levers say, at the end of a month."""
        for one, shares in self._steps:
            if shares[month]:
                _step_down(block, one, shares[month], month)
        for number, places in enumerate(self.levers.new_places, 1):
            if self.dates[month + 1] >= pd.Timestamp(places.opens):
                _fill(block, places, number, month)
        if self.levers.in_house is not None:
            self._in_house(block, self.levers.in_house, month)

    def _in_house(self, block: Block, target: InHouseTarget, month: int) -> None:
        begins, path = self._house
        if self.dates[month + 1] < begins:
            return
        own, agency = (self.states.index(state) for state in (IN_HOUSE, AGENCY))
        base = max(0, self.dates.searchsorted(begins, side="right") - 1)
        share = _share(block.children[:, base, own], block.children[:, base, agency],
                       target.pct / 100)  # fmt: skip
        asked = share + (target.pct / 100 - share) * path[month]
        here = block.children[:, month + 1]
        fostered = here[:, own] + here[:, agency]
        # Half a child is no child: the share is reached by the next whole one.
        lacking = np.ceil(asked * fostered - here[:, own] - 1e-9)
        candidates = _in_states(block, [agency])
        block.relocate(_some(block, candidates, lacking), own, month)


def _share(own: np.ndarray, agency: np.ndarray, otherwise: float) -> np.ndarray:
    fostered = own + agency
    return np.where(fostered > 0, own / np.maximum(fostered, 1), otherwise)


def _step_down(block: Block, one: StepDown, share: float, month: int) -> None:
    to = block.changes.states.index(one.to)
    origins = [at for at in positions(one.places, block.changes.states) if at != to]
    candidates = _in_states(block, origins)
    chosen = candidates[block.lever_rng.random(len(candidates)) < share]
    block.relocate(chosen, to, month)


def _fill(block: Block, places: NewPlaces, number: int, month: int) -> None:
    """Let children into the places that are free."""
    to = block.changes.states.index(places.state)
    origins = [at for at in positions(places.instead_of, block.changes.states) if at != to]
    candidates = _in_states(block, origins)
    candidates = candidates[block.pool.bed[candidates] == 0]
    living = block.pool.future(np.flatnonzero((block.pool.bed == number) & block.pool.here))
    free = places.in_use - np.bincount(living, minlength=block.draws)
    chosen = _some(block, candidates, free)
    block.relocate(chosen, to, month)
    block.pool.bed[chosen] = number


def _in_states(block: Block, states: list[int]) -> np.ndarray:
    """The children who are in some states at the end of the month."""
    wanted = np.tile(np.isin(np.arange(block.states), states), block.draws)
    return np.flatnonzero(wanted.take(block.pool.spot) & block.pool.here)


def _in_order(keys: np.ndarray) -> np.ndarray:
    """Positions in the order of the keys; the same on every machine, equal keys too.

    A sort that keeps equal keys as they were takes longer, and they are rare.
    """
    order = np.argsort(keys)
    sorted_keys = keys[order]
    return np.argsort(keys, kind="stable") if (sorted_keys[1:] == sorted_keys[:-1]).any() else order


def _some(block: Block, candidates: np.ndarray, many: np.ndarray) -> np.ndarray:
    """So many of the candidates of each future, at random; all where there are fewer.

    many  [D]; below 0 is none
    """
    future = block.pool.future(candidates)
    order = _in_order(future + block.lever_rng.random(len(future)))
    counts = np.bincount(future, minlength=block.draws)
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    return candidates[order[place < many[future[order]]]]
