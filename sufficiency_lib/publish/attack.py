"""An attack on what is published: can a hidden count be worked out from everything shown?

The counts shown are known, the hidden ones are not but cannot be below nought, and the sums
hold. Whatever a reader can deduce from that is the range within which linear programming can
move a hidden count. A range that is too narrow gives the count away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from sufficiency_lib.publish.relations import Member

_EXACT = 1e-6
#: More than any count: stands for "nothing tells how large it could be".
_MOST = 1e7

#: A system of equations, the counts to protect in it and how, as bytes → those too narrow, by
#: place.
Solved = dict[tuple[bytes, ...], tuple[int, ...]]


@dataclass(frozen=True)
class System:
    """Equations in hidden counts that have none in common with others'.

    numbers  the counts, each a column; below nought: a rest that no table prints
    rows     the signs, one row an equation
    totals   what each row comes to
    true     the counts as they are: one way in which they could be
    """

    numbers: list[int]
    rows: np.ndarray
    totals: np.ndarray
    true: np.ndarray


def too_narrow(
    values: Mapping[int, float],
    sums: Sequence[Sequence[Member]],
    hidden: set[int],
    small: set[int],
    *,
    width: float,
    least: float = 0.0,
    solved: Solved | None = None,
) -> set[int]:
    """The small counts that a reader could place within less than `width` of each other.

    values  every count, by its number
    sums    what adds up, each a list of signed members that come to nought
    hidden  the counts that are not shown
    small   those of them that must not be known, because few children are behind them
    width   how far apart the least and the most that a count could be must lie
    least   the least that a reader knows a hidden count to be, where it is not nought
    solved  what was found before; what is found now is added to it

    >>> both = [Member(0, 9, -1), Member(1, 3, 1), Member(2, 6, 1)]
    >>> sorted(too_narrow({0: 9, 1: 3, 2: 6}, [both], {1}, {1}, width=5))
    [1]
    >>> sorted(too_narrow({0: 9, 1: 3, 2: 6}, [both], {1, 2}, {1}, width=5))
    []
    """
    solved = {} if solved is None else solved
    criteria = np.array([width, least]).tobytes()
    found: set[int] = set()
    for system in _systems(values, sums, hidden):
        asked = np.array([number in small for number in system.numbers])
        floor = np.where(system.true >= least, least, 0.0)
        told = (system.rows, system.totals, asked, floor)
        key = (criteria, *(part.tobytes() for part in told))
        if key not in solved:
            solved[key] = tuple(_narrow(system, np.flatnonzero(asked), width, floor))
        found |= {system.numbers[at] for at in solved[key]}
    return found


def _narrow(
    system: System, asked: np.ndarray, width: float, floor: np.ndarray
) -> Iterable[int]:
    """Which of the columns asked for cannot be moved as far as `width`, none below `floor`."""
    # Every solution is a way the counts could be: what it shows of one count it shows of
    # all, so that most need no programme of their own.
    low = np.full(len(system.numbers), np.inf)
    high = np.full(len(system.numbers), -np.inf)
    if len(asked) and np.abs(system.rows @ system.true - system.totals).max() < _EXACT:
        low, high = system.true, system.true
    aims = [(asked, -1.0), (asked, 1.0), *(([at], sign) for at in asked for sign in (-1.0, 1.0))]
    for columns, sign in aims:
        if any(high[columns] - low[columns] < width - _EXACT):
            point = _extreme(system, columns, sign, floor)
            low, high = np.fmin(low, point), np.fmax(high, point)
    return [at for at in asked.tolist() if high[at] - low[at] < width - _EXACT]


def feasible(
    values: Mapping[int, float],
    sums: Sequence[Sequence[Member]],
    hidden: set[int],
    *,
    among: set[int] | None = None,
) -> dict[int, tuple[float, float]]:
    """For each hidden count that a sum tells of, the least and the most that it could be.

    among  the counts to answer for; None: all
    """
    asked = values.keys() if among is None else among
    return {
        number: (_extreme(system, [at], 1.0)[at], _extreme(system, [at], -1.0)[at])
        for system in _systems(values, sums, hidden)
        for at, number in enumerate(system.numbers)
        if number in asked
    }


def _systems(
    values: Mapping[int, float], sums: Sequence[Sequence[Member]], hidden: set[int]
) -> Iterable[System]:
    """The equations in the hidden counts, in systems that have none of them in common."""
    equations = []
    true = dict(values)
    for at, members in enumerate(sums):
        unknown = [m for m in members if m.cell is not None and m.cell in hidden]
        if not unknown:
            continue
        # A rest that no table prints is a count like another, with a number of its own.
        rests = [Member(-1 - at, m.value, m.sign) for m in members
                 if m.cell is None and not m.is_total]
        true |= {m.cell: m.value for m in rests}
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
    parts, labels = connected_components(graph, directed=False)
    numbers: list[list[int]] = [[] for _ in range(parts)]
    mine: list[list[int]] = [[] for _ in range(parts)]
    for number, at in order.items():
        numbers[labels[at]].append(number)
    for at, (unknown, _) in enumerate(equations):
        mine[labels[order[unknown[0].cell]]].append(at)
    for label in range(parts):
        place = {number: at for at, number in enumerate(numbers[label])}
        rows = np.zeros((len(mine[label]), len(place)))
        for at, which in enumerate(mine[label]):
            for member in equations[which][0]:
                rows[at, place[member.cell]] += member.sign
        yield System(
            numbers[label], rows, np.array([equations[which][1] for which in mine[label]]),
            np.array([true[number] for number in place]),
        )


def _extreme(
    system: System, columns: Sequence[int], sign: float, floor: np.ndarray | float = 0.0
) -> np.ndarray:
    """A way the counts could be in which some together are least (sign 1) or most (sign -1)."""
    aim = np.zeros(len(system.numbers))
    aim[columns] = sign
    solved = milp(
        aim, bounds=Bounds(floor, _MOST),
        constraints=LinearConstraint(csr_array(system.rows), system.totals, system.totals),
    )
    # No solution would mean that the sums contradict each other; then nothing is claimed.
    return np.full(len(aim), np.nan) if solved.x is None else solved.x
