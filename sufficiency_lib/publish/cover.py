"""What else must be hidden so that no small count can be worked out, and as little as may be.

For each small count a linear programme looks for two other ways the counts could be: in one it
is more, in the other less, by enough between them; every sum still holds; and as little as may
be of what is shown would have to differ. What differs is hidden: then a reader cannot tell
those ways from the true one.

Source: Fischetti and Salazar (2001), *Solving the cell suppression problem*; the programme here
is the relaxed one, a small count at a time, so what it hides is enough but not always the least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, coo_array, csc_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from sufficiency_lib.publish.relations import Member

_EXACT = 1e-6
#: More than any count: stands for "as far as it will".
_MOST = 1e7
#: What it costs to move a count that is hidden already: next to nothing, so that a programme
#: without need does not move it either.
_HIDDEN = 1e-4
#: Of a programme with more columns little moves, so that to make it smaller takes longer than
#: to solve it.
_LARGE = 1000


@dataclass(frozen=True)
class _System:
    """Counts that sums tie together, and those sums.

    at     the place of each of its counts among all
    rows   a sum each: the sign of each count in it
    """

    at: np.ndarray
    rows: csc_array


def cover(
    values: Mapping[int, float],
    sums: Sequence[Sequence[Member]],
    hidden: set[int],
    small: Iterable[int],
    *,
    cost: Mapping[int, float],
    width: float,
    least: float = 0.0,
) -> set[int]:
    """The counts to hide: those hidden already, and others that keep the small ones unknown.

    values  every count, by its number
    sums    what adds up, each a list of signed members that come to nought
    hidden  what is hidden already
    small   those of them that must not be known
    cost    what is lost by hiding a count that is shown; one without a cost is never hidden
    width   how far apart the least and the most that a small count could be must lie
    least   the least that a reader knows a hidden count to be, where it is not nought
    returns `hidden` and more. A count for which nothing helps, because what cannot be hidden
            tells it, is left as it is: `attack.too_narrow` finds it.

    >>> nine = [Member(0, 9, -1, is_total=True), Member(1, 3, 1), Member(2, 6, 1)]
    >>> sorted(cover({0: 9, 1: 3, 2: 6}, [nine], {1}, {1}, cost={0: 9, 2: 6}, width=5))
    [1, 2]
    """
    numbers = list(values)
    place = {number: at for at, number in enumerate(numbers)}
    rows, true = _equations(values, sums, place)
    price = np.full(len(true), _HIDDEN)
    price[: len(numbers)] = [cost.get(number, np.inf) for number in numbers]
    price[[place[number] for number in hidden]] = _HIDDEN
    floor = np.where(true >= least, least, 0.0)
    systems = {at: system for system in _systems(rows) for at in system.at.tolist()}
    asked = sorted((place[number] for number in small), key=lambda one: (true[one], one))
    asked = [at for at in asked if at in systems]
    low, high = true.copy(), true.copy()
    for system in {id(systems[at]): systems[at] for at in asked}.values():
        for way in _free_ways(system, np.isin(system.at, asked), true, floor, price):
            low[system.at] = np.minimum(low[system.at], way)
            high[system.at] = np.maximum(high[system.at], way)
    for at in asked:
        if high[at] - low[at] >= width - _EXACT:
            continue
        here = systems[at].at
        for way in _two_ways(systems[at], at, true, floor, price, width):
            price[here[np.abs(way - true[here]) > _EXACT]] = _HIDDEN
            low[here], high[here] = np.minimum(low[here], way), np.maximum(high[here], way)
    return {number for number in numbers if price[place[number]] == _HIDDEN}


def _equations(
    values: Mapping[int, float], sums: Sequence[Sequence[Member]], place: Mapping[int, int]
) -> tuple[csc_array, np.ndarray]:
    """The sums as rows of signs, and every count: those of `place`, then rests without one.

    A total that no table of these prints is known, and so has no column.
    """
    signs, at_row, at_column, rests = [], [], [], []
    for row, members in enumerate(sums):
        for member in members:
            if member.cell is None and member.is_total:
                continue
            if member.cell is None:
                column = len(place) + len(rests)
                rests.append(member.value)
            else:
                column = place[member.cell]
            signs.append(float(member.sign))
            at_row.append(row)
            at_column.append(column)
    true = np.array([*values.values(), *rests], dtype=float)
    shape = (len(sums), len(true))
    return coo_array((signs, (at_row, at_column)), shape=shape).tocsc(), true


def _systems(rows: csc_array) -> Iterable[_System]:
    """The counts in systems that have no sum in common; a count in no sum is in none."""
    tied = abs(rows)
    _, labels = connected_components(tied.T @ tied, directed=False)
    in_sums = np.asarray(tied.sum(axis=0)).ravel() > 0
    for label in np.unique(labels[in_sums]):
        at = np.flatnonzero(labels == label)
        part = rows[:, at]
        yield _System(at, part[np.unique(part.indices)].tocsc())


def _free_ways(
    system: _System, asked: np.ndarray, true: np.ndarray, floor: np.ndarray, price: np.ndarray
) -> list[np.ndarray]:
    """Ways the counts could be if no more is hidden: all asked for most, and least, together.

    Each is one way for every count, so that two programmes answer for most of those asked for.
    """
    value, moves = true[system.at], price[system.at] == _HIDDEN
    bounds = Bounds(np.where(moves, floor[system.at], value), np.where(moves, _MOST, value))
    level = system.rows @ value
    solved = [
        milp(sign * asked.astype(float), bounds=bounds,
             constraints=LinearConstraint(system.rows, level, level))
        for sign in (-1.0, 1.0)
    ]
    return [one.x for one in solved if one.x is not None]


def _two_ways(
    system: _System,
    at: int,
    true: np.ndarray,
    floor: np.ndarray,
    price: np.ndarray,
    width: float,
) -> list[np.ndarray]:
    """The cheapest two ways for a system's counts that put one `width` apart; none if none do.

    In the first the count is what it is or more, in the second that or less. Any other may go
    up or down, at its price; one without a price may not.
    """
    value, cost, size = true[system.at], price[system.at], len(system.at)
    one = np.flatnonzero(system.at == at)
    most = np.where(np.isfinite(cost), _MOST, 0.0)
    less = np.where(np.isfinite(cost), value - floor[system.at], 0.0)
    # Four blocks: more and less in the first way, more and less in the second.
    limits = np.stack([most, less, most, less])
    limits[1, one] = limits[2, one] = 0.0
    sums = hstack([system.rows, -system.rows])
    apart = np.zeros(4 * size)
    apart[one], apart[3 * size + one] = 1.0, 1.0
    level = np.append(np.zeros(2 * system.rows.shape[0]), width)
    solved = milp(
        np.tile(np.where(np.isfinite(cost), cost, 0.0), 4),
        bounds=Bounds(np.zeros(4 * size), limits.ravel()),
        constraints=LinearConstraint(
            vstack([block_diag([sums, sums]), csc_array(apart[np.newaxis])]), level, level
        ),
        options={"presolve": 4 * size <= _LARGE},
    )
    if solved.x is None:
        return []
    more, fewer, more_2, fewer_2 = solved.x.reshape(4, size)
    return [value + more - fewer, value + more_2 - fewer_2]
