"""The children of a block of futures, in flat arrays: who is where, and what comes next for them.

A child of a future is one place in each array. Its spot says future and state at once, its cell
age band and band of time looked after as well, its kind future, need and whether it is UASC:

    spot = future * S + state
    cell = (spot * A + age band) * U + band of time looked after
    kind = (future * 2 + UASC) * N + family of need

A child's next move or exit comes when the hazards of its months add up to `left`, drawn from
the exponential distribution of mean 1: the same as a chance every month, and quicker.
"""

from __future__ import annotations

import numpy as np

from sufficiency_lib.codes.children import NEED_FAMILIES
from sufficiency_lib.forecast.rates import AGE_STARTS, DURATION_STARTS, age_bands, duration_bands
from sufficiency_lib.forecast.states import ADULT_MONTHS

AGES, TIMES, NEEDS = len(AGE_STARTS), len(DURATION_STARTS), len(NEED_FAMILIES)
_CELLS = AGES * TIMES

#: Nobody's time looked after, and no age, is more months than this on any day of the futures.
_LONGEST_MONTHS = 1024
_NEVER = np.iinfo(np.int16).max

#: By months of age, and by months looked after: what each adds to a cell, and how long to the
#: next band. From the 18th birthday on the next month is the last.
_AGE_ADDS = age_bands(_LONGEST_MONTHS) * TIMES
_TIME_ADDS = duration_bands(_LONGEST_MONTHS)


def _waits(bounds: tuple[int, ...], after: int) -> np.ndarray:
    """Months to the next of some bounds; `after` the last of them."""
    months = np.arange(_LONGEST_MONTHS)
    at = np.searchsorted(bounds, months, side="right")
    return np.where(at < len(bounds), np.append(bounds, 0)[at] - months, after).astype(np.int16)


_AGE_WAITS = _waits((*AGE_STARTS[1:], ADULT_MONTHS), 1)
_TIME_WAITS = _waits(DURATION_STARTS[1:], _LONGEST_MONTHS)

_FIELDS = {
    "spot": np.int32, "cell": np.intp, "kind": np.int32, "left": np.float32,
    "crossing": np.int16, "born": np.int16, "started": np.int16, "bed": np.int8,
}  # fmt: skip
#: An entrant's first month end is the first of its time looked after.
_FRESH = 0


def arriving(
    month: np.ndarray | int,
    *,
    states: int,
    future: np.ndarray,
    state: np.ndarray,
    age: np.ndarray,
    time: np.ndarray | int = _FRESH,
    need: np.ndarray,
    uasc: np.ndarray | bool,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """What a `Pool` holds of children, at the month's end on which they are first there.

    month      0 for today's children, or each entrant's
    age, time  in completed months that day
    """
    spot = future * states + state
    wait = _AGE_WAITS.take(age)
    if time is not _FRESH:
        wait = np.minimum(wait, _TIME_WAITS.take(time))
    found = {
        "spot": spot,
        "cell": spot * _CELLS + _AGE_ADDS.take(age) + _TIME_ADDS.take(time),
        "kind": (future * 2 + uasc) * NEEDS + need,
        "left": rng.standard_exponential(len(future), dtype=np.float32),
        "crossing": month + wait,
        "born": month - age,
        "started": month - time,
        "bed": np.zeros(len(future), dtype=np.int8),
    }
    return {
        name: np.broadcast_to(value, spot.shape).astype(_FIELDS[name], copy=False)
        for name, value in found.items()
    }


class Pool:
    """Room for children, more of it when it is needed; the first `size` places are taken.

    spot, cell, kind  int, see above
    left      float32  hazard until the next event; infinite for who has left
    crossing  int16  the month whose end brings another band, or 18; of an entrant's times
              looked after, which a month's entrants share, `lengthen` takes care
    born, started  int16  months, counted from the start of the futures (0 or earlier mostly)
    bed       int8  0, or which new places (from 1) the child lives in

    Entrants stand in the order of their months, and stay so.
    """

    def __init__(self, states: int, months: int):
        self.states, self.size = states, 0
        self._held = {name: np.empty(0, dtype) for name, dtype in _FIELDS.items()}
        self._firsts = np.zeros(months + 2, dtype=np.intp)

    def __len__(self) -> int:
        """How many children there is room for."""
        return len(self._held["spot"])

    def __getattr__(self, name: str) -> np.ndarray:
        """The children's values of a field."""
        if name not in _FIELDS:
            raise AttributeError(name)
        return self._held[name][: self.size]

    def add(self, month: int, parts: list[tuple[dict[str, np.ndarray], slice]]) -> None:
        """Take in children of a month: some of those of one `arriving` and another.

        Month 0 is today's children's; each month after it adds its entrants once, in order.
        """
        self._firsts[month] = self.size
        self._make_room(sum(int(part.stop - part.start) for _, part in parts))
        for children, part in parts:
            at = slice(self.size, self.size + int(part.stop - part.start))
            for name, held in self._held.items():
                held[at] = children[name][part]
            self.size = at.stop
        self._firsts[month + 1] = self.size

    def _make_room(self, more: int) -> None:
        """Room for so many more children, and a quarter beyond, so that it is seldom made."""
        if self.size + more > len(self):
            room = (self.size + more) * 5 // 4
            for name, held in self._held.items():
                self._held[name] = np.concatenate([held, np.empty(room - len(held), held.dtype)])

    def lengthen(self, month: int) -> None:
        """Put the entrants of past months in the next band of time looked after."""
        for wait in DURATION_STARTS[1:]:
            if month - wait > 0:
                self.cell[self._firsts[month - wait] : self._firsts[month - wait + 1]] += 1

    def cross(self, who: np.ndarray, month: int) -> None:
        """Put children in the bands of a month's end, and say when the next come."""
        age, time = month - self.born.take(who), month - self.started.take(who)
        self.cell[who] = self.spot.take(who) * _CELLS + _AGE_ADDS.take(age) + _TIME_ADDS.take(time)
        self.crossing[who] = month + np.minimum(_AGE_WAITS.take(age), _TIME_WAITS.take(time))

    def future(self, who: np.ndarray | slice) -> np.ndarray:
        """Which of the block's futures children belong to."""
        return self.spot[who] // self.states

    def relocate(self, who: np.ndarray, to: np.ndarray | int) -> None:
        """Put children in other states, out of any new place; age and time stay."""
        spot = self.spot.take(who)
        further = to - spot % self.states
        self.spot[who] = spot + further
        self.cell[who] += further * _CELLS
        self.bed[who] = 0

    def remove(self, who: np.ndarray) -> None:
        """Children who have left: nothing more comes for them."""
        self.left[who] = np.inf

    @property
    def here(self) -> np.ndarray:
        """Which places are of children who have not left."""
        return np.isfinite(self.left)

    def compact(self) -> None:
        """Drop those who have left."""
        stay = np.flatnonzero(self.here)
        for held in self._held.values():
            held[: len(stay)] = held.take(stay)
        self._firsts = np.searchsorted(stay, self._firsts)
        self.size = len(stay)
