"""An attack on what is published: can a hidden count be worked out from everything shown?

The counts shown are known, the hidden ones are not but cannot be below nought, and the sums
hold. Whatever a reader can deduce from that is the range within which linear programming can
move a hidden count. A range that is too narrow gives the count away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sufficiency_lib.publish.relations import Member

_EXACT = 1e-6
#: More than any count: stands for "nothing tells how large it could be".
_MOST = 1e7


def too_narrow(
    values: Mapping[int, float],
    sums: Sequence[Sequence[Member]],
    hidden: set[int],
    small: set[int],
    *,
    width: float,
) -> set[int]:
    """The small counts that a reader could place within less than `width` of each other.

    values  every count, by its number
    sums    what adds up, each a list of signed members that come to nought
    hidden  the counts that are not shown
    small   those of them that must not be known, because few children are behind them
    width   how far apart the least and the most that a count could be must lie

    >>> both = [Member(0, 9, -1), Member(1, 3, 1), Member(2, 6, 1)]
    >>> sorted(too_narrow({0: 9, 1: 3, 2: 6}, [both], {1}, {1}, width=5))
    [1]
    >>> sorted(too_narrow({0: 9, 1: 3, 2: 6}, [both], {1, 2}, {1}, width=5))
    []
    """
    found: set[int] = set()
    for numbers, rows, totals in _systems(values, sums, hidden):
        place = {number: at for at, number in enumerate(numbers)}
        # Every solution is a way the counts could be: what it shows of one count it shows of
        # all, so that most need no programme of their own.
        low = np.full(len(numbers), np.inf)
        high = np.full(len(numbers), -np.inf)
        for number in (one for one in numbers if one in small):
            at = place[number]
            for sign in (-1.0, 1.0):
                if high[at] - low[at] < width - _EXACT:
                    point = _extreme(at, sign, rows, totals)
                    low, high = np.fmin(low, point), np.fmax(high, point)
            if high[at] - low[at] < width - _EXACT:
                found.add(number)
    return found


def feasible(
    values: Mapping[int, float], sums: Sequence[Sequence[Member]], hidden: set[int]
) -> dict[int, tuple[float, float]]:
    """For each hidden count that a sum tells of, the least and the most that it could be."""
    return {
        number: _range(at, rows, totals)
        for numbers, rows, totals in _systems(values, sums, hidden)
        for at, number in enumerate(numbers)
        if number in values
    }


def _systems(
    values: Mapping[int, float], sums: Sequence[Sequence[Member]], hidden: set[int]
) -> Iterable[tuple[list[int], np.ndarray, np.ndarray]]:
    """The equations in the hidden counts, in systems that have none of them in common."""
    equations = []
    for at, members in enumerate(sums):
        unknown = [m for m in members if m.cell is not None and m.cell in hidden]
        if not unknown:
            continue
        # A rest that no table prints is a count like another, with a number of its own.
        rests = [Member(-1 - at, m.value, m.sign) for m in members
                 if m.cell is None and not m.is_total]
        shown = sum(m.sign * m.value for m in members
                    if m not in unknown and (m.cell is not None or m.is_total))
        equations.append(([*unknown, *rests], -shown))
    order = {number: at for at, number in enumerate(
        dict.fromkeys(m.cell for unknown, _ in equations for m in unknown))}
    if not order:
        return
    size = len(order)
    pairs = [(order[a.cell], order[b.cell]) for unknown, _ in equations
             for a, b in zip(unknown, unknown[1:], strict=False)]
    ends = np.array(pairs or [(0, 0)]).T
    graph = coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    for label in range(labels.max() + 1):
        numbers = [number for number, at in order.items() if labels[at] == label]
        place = {number: at for at, number in enumerate(numbers)}
        mine = [e for e in equations if e[0][0].cell in place]
        rows = np.zeros((len(mine), len(numbers)))
        for at, (unknown, _) in enumerate(mine):
            for member in unknown:
                rows[at, place[member.cell]] += member.sign
        yield numbers, rows, np.array([total for _, total in mine])


def _extreme(at: int, sign: float, rows: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """A way the counts could be in which one of them is least (sign 1) or most (sign -1)."""
    aim = np.zeros(rows.shape[1])
    aim[at] = sign
    solved = linprog(aim, A_eq=rows, b_eq=totals, bounds=(0, _MOST), method="highs")
    # No solution would mean that the sums contradict each other; then nothing is claimed.
    return solved.x if solved.status == 0 else np.full(rows.shape[1], np.nan)


def _range(at: int, rows: np.ndarray, totals: np.ndarray) -> tuple[float, float]:
    """The least and the most that one count can be."""
    return _extreme(at, 1.0, rows, totals)[at], _extreme(at, -1.0, rows, totals)[at]
