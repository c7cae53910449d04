"""A block of futures, stepped from month end to month end."""

from __future__ import annotations

import numpy as np

from sufficiency_lib.forecast.changes import Changes
from sufficiency_lib.forecast.entries import Entries
from sufficiency_lib.forecast.newcomers import Newcomers, newcomers
from sufficiency_lib.forecast.pool import NEEDS, TIMES, Pool, arriving
from sufficiency_lib.forecast.rates import Rates, Tables
from sufficiency_lib.forecast.states import ADULT_MONTHS, UNKNOWN, Cohort

_SIXTEEN = 192
#: Those who left are dropped twice a year: often enough to be few, seldom enough to be cheap.
_COMPACT_EVERY_MONTHS = 6


class Block:
    """So many futures at once, from the same children of today.

    start          today's children
    rates, entries what each future draws its own of
    changes        what the scenario changes
    entry_drift, exit_drift  [D, M]  multipliers
    rng            the block's own chance
    fixed_level    see `Chances.draw`

    After `run` its arrays are those of `Futures`, for these D futures.
    """

    def __init__(
        self,
        start: Cohort,
        rates: Rates,
        entries: Entries,
        changes: Changes,
        entry_drift: np.ndarray,
        exit_drift: np.ndarray,
        rng: np.random.Generator,
        *,
        fixed_level: bool = False,
    ):
        self.draws, self.months = entry_drift.shape
        self.states = len(rates.states)
        self.rng, self.changes, self.exit_drift = rng, changes, exit_drift
        # Levers have chance of their own, so that what they leave alone stays as it was.
        (self.lever_rng,) = rng.spawn(1)
        self.tables: Tables = rates.draw(rng, self.draws, fixed_level=fixed_level)
        self._to = self.tables.to.reshape(-1, self.states)
        self._new = self._newcomers(entries, entry_drift)
        self._known = None
        shape, dates = (self.draws, self.months), self.months + 1
        self.children = np.zeros((self.draws, dates, self.states), dtype=np.int32)
        self._kinds = np.zeros((self.draws, dates, 2, NEEDS), dtype=np.int32)
        self.exits, self.turning_16, self.turning_18 = (
            np.zeros(shape, dtype=np.int32) for _ in range(3)
        )
        self.entries = sum(new.entries for new in self._new)
        self.pool = self._today(start)
        # The month's hazards of all children: kept, as memory anew each month takes as long.
        self._now = np.empty(0, dtype=np.float32)

    @property
    def needs(self) -> np.ndarray:
        """Children by family of need [D, M + 1, N]."""
        return self._kinds.sum(axis=2, dtype=np.int32)

    @property
    def uasc(self) -> np.ndarray:
        """Unaccompanied asylum-seeking children [D, M + 1]."""
        return self._kinds[:, :, 1].sum(axis=2, dtype=np.int32)

    def _newcomers(self, entries: Entries, drift: np.ndarray) -> tuple[Newcomers, Newcomers]:
        chance = {"states": self.states, "rng": self.rng, "lever_rng": self.lever_rng}
        still = np.ones_like(drift)
        return (
            newcomers(entries.children, drift, self.changes.entries, uasc=False, **chance),
            newcomers(entries.uasc, still, self.changes.uasc_entries, uasc=True, **chance),
        )

    def _today(self, start: Cohort) -> Pool:
        """Today's children in every future; an age not known is one of the known, each time."""
        many = len(start)
        age = np.tile(start.age, (self.draws, 1))
        for child in np.flatnonzero(start.age == UNKNOWN):
            alike = start.age[(start.state == start.state[child]) & (start.age != UNKNOWN)]
            known = alike if len(alike) else start.age[start.age != UNKNOWN]
            age[:, child] = self.rng.choice(known, self.draws)
        children = arriving(
            0, states=self.states, future=np.repeat(np.arange(self.draws), many),
            state=np.tile(start.state, self.draws), age=age.ravel(),
            time=np.tile(start.duration, self.draws), need=np.tile(start.need, self.draws),
            uasc=np.tile(start.uasc, self.draws), rng=self.rng,
        )  # fmt: skip
        self.children[:, 0] = self._by_state(children["spot"])
        self._kinds[:, 0] = self._by_kind(children["kind"])
        pool = Pool(self.states, self.months)
        pool.add(0, [(children, slice(0, many * self.draws))])
        return pool

    def run(self) -> None:
        """Every month, one after another; then only the counts are kept."""
        for month in range(self.months):
            self._step(month)
            if (month + 1) % _COMPACT_EVERY_MONTHS == 0:
                self.pool.compact()
        del self.pool, self.tables, self._to, self._new, self._known, self._now

    def _step(self, month: int) -> None:
        pool, end = self.pool, month + 1
        self.children[:, end], self._kinds[:, end] = self.children[:, month], self._kinds[:, month]
        total, going = self._hazards(month)
        if len(self._now) < pool.size:
            self._now = np.empty(len(pool), dtype=np.float32)
        left, now = pool.left, self._now[: pool.size]
        np.take(total, pool.cell, out=now, mode="clip")
        left -= now
        due = np.flatnonzero((left <= 0) | (pool.crossing == end))
        crossing = due[(pool.crossing.take(due) == end) & np.isfinite(left.take(due))]
        adult = end - pool.born.take(crossing) >= ADULT_MONTHS
        self.turning_18[:, month] = self._leave(crossing[adult], month)
        self._events(due[left.take(due) <= 0], month, going)
        pool.lengthen(end)
        staying = crossing[np.isfinite(left.take(crossing))]
        pool.cross(staying, end)
        sixteen = staying[end - pool.born.take(staying) == _SIXTEEN]
        self.turning_16[:, month] = self._by_state(pool.spot.take(sixteen)).sum(axis=1)
        self._enter(month)
        self.changes.apply(self, month)

    def _hazards(self, month: int) -> tuple[np.ndarray, np.ndarray]:
        """The hazard that anything happens, by cell, and the chance that it is an exit."""
        drift, scenario = self.exit_drift[:, month], self.changes.exit_cells(month)
        known = self._known
        if known is None or known[1] is not scenario or not np.array_equal(known[0], drift):
            leave = self.tables.exits * drift[:, None]
            if scenario is not None:
                leave = leave * scenario
            total = leave + self.tables.moves
            going = np.expm1(-leave) / np.expm1(-np.maximum(total, np.finfo(np.float32).tiny))
            self._known = known = drift, scenario, (total.ravel(), going.ravel())
        return known[2]

    def _events(self, who: np.ndarray, month: int, going: np.ndarray) -> None:
        """Those whose next event has come leave, or move to another state."""
        cell = self.pool.cell.take(who)
        goes = self.rng.random(len(who), dtype=np.float32) < going.take(cell)
        self._leave(who[goes], month)
        moves = ~goes
        who, rows = who[moves], self._to.take(cell[moves] // TIMES, axis=0)
        chance = self.rng.random(len(who), dtype=np.float32)
        to = np.minimum((chance[:, None] >= rows).sum(axis=1), self.states - 1)
        self.pool.left[who] = self.rng.standard_exponential(len(who), dtype=np.float32)
        self.relocate(who, to, month)

    def relocate(self, who: np.ndarray, to: np.ndarray | int, month: int) -> None:
        """Move children to other states, in the count of the month's end too."""
        before = self._by_state(self.pool.spot.take(who))
        self.pool.relocate(who, to)
        self.children[:, month + 1] += self._by_state(self.pool.spot.take(who)) - before

    def _leave(self, who: np.ndarray, month: int) -> np.ndarray:
        """Children leave in a month; how many of each future."""
        by_state = self._by_state(self.pool.spot.take(who))
        self.children[:, month + 1] -= by_state
        self._kinds[:, month + 1] -= self._by_kind(self.pool.kind.take(who))
        self.pool.remove(who)
        gone = by_state.sum(axis=1)
        self.exits[:, month] += gone
        return gone

    def _enter(self, month: int) -> None:
        """The month's entrants; one who was gone by its end came and left within it."""
        for new in self._new:
            self.exits[:, month] += new.gone[:, month]
            self.children[:, month + 1] += new.by_state[month]
            self._kinds[:, month + 1] += new.by_kind[month]
        self.pool.add(month + 1, [
            (new.children, slice(*new.begins[month : month + 2])) for new in self._new
        ])

    def _by_state(self, spot: np.ndarray) -> np.ndarray:
        counts = np.bincount(spot, minlength=self.draws * self.states)
        return counts.reshape(self.draws, self.states).astype(np.int32)

    def _by_kind(self, kind: np.ndarray) -> np.ndarray:
        counts = np.bincount(kind, minlength=self.draws * 2 * NEEDS)
        return counts.reshape(self.draws, 2, NEEDS).astype(np.int32)
