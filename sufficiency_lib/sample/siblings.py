"""Brothers and sisters who are placed together.

Most children who come into care when a brother or sister is there, or with one, are placed
with that one where both are fostered, at home or placed for adoption. Such a child's stays
are the other's for as long as their paths agree; then it goes on by itself.
"""

from __future__ import annotations

import numpy as np

from sufficiency_lib.sample.cells import FOSTERING
from sufficiency_lib.sample.cohort import CarePeriod
from sufficiency_lib.sample.shares import spread
from sufficiency_lib.sample.spells import HORIZON, Spell

TOGETHER_SHARES = (0.9, 0.7)
"""Of children who find one brother or sister in care, or more, how many are placed with one."""
ALIKE = 20
"""In how many of them, one after the other, those shares are kept."""
SHARED = (*FOSTERING, "parents", "adoption")
MOST_LOST = 9.0
"""How much likelier two exchanged placements may have been, as a logarithm: less than moving."""


def companions(periods: list[CarePeriod], rng: np.random.Generator) -> list[int | None]:
    """For each care period, that of the brother or sister with whom the child is placed.

    It is one that is open when the period begins, so that nobody waits for a later one.
    """
    found: list[int | None] = [None] * len(periods)
    families: dict[int, list[int]] = {}
    bags: tuple[list[bool], list[bool]] = ([], [])
    for number in sorted(range(len(periods)), key=lambda i: (periods[i].start, i)):
        period = periods[number]
        family = families.setdefault(period.child.family, [])
        here = [other for other in family if periods[other].open_on(period.start)]
        bag = bags[len(here) > 1]
        if here and not bag:
            bag.extend((spread(ALIKE, rng) < TOGETHER_SHARES[len(here) > 1]).tolist())
        if here and bag.pop():
            found[number] = here[int(rng.integers(len(here)))]
        family.append(number)
    return found


def reunite(
    taken: np.ndarray,
    scores: np.ndarray,
    names: list[str],
    people: list[int],
    beside: list[int | None],
) -> None:
    """Exchange cells so that children are in the cell of the sibling they are placed with.

    `taken` is each child's column of `scores`, changed in place: a child and one who has no
    such sibling exchange theirs, so that the number in each cell stays what it was.
    """
    rows = {number: row for row, number in enumerate(people)}
    leading = {number for number in beside if number is not None}
    alone = [r for n, r in rows.items() if beside[n] is None and n not in leading]
    shared = {column for column, name in enumerate(names) if name in SHARED}
    for number, row in rows.items():
        other = rows.get(beside[number]) if beside[number] is not None else None
        if other is None or taken[other] == taken[row] or taken[other] not in shared:
            continue
        there, here = taken[other], taken[row]
        able = [r for r in alone if taken[r] == there]
        if not able:
            continue
        gains = scores[able, here] - scores[able, there]
        best = int(np.argmax(gains))
        if scores[row, there] - scores[row, here] + gains[best] > -MOST_LOST:
            taken[row], taken[able[best]] = there, here


def shared_spells(
    period: CarePeriod, anchors: list[tuple[int, str]], leader: list[Spell]
) -> list[Spell]:
    """The stays a child has with a brother or sister, from its first day on; maybe none.

    They end when the other's path leaves the one that the child's year ends tell.
    """
    first = max(period.start, leader[0].start)
    until = min(period.end, HORIZON + 1)
    agreed = _agreed_until(anchors, leader, until)
    shared: list[Spell] = []
    for spell in leader:
        if spell.stop() <= first or spell.start >= agreed:
            continue
        if not _may_share(spell, period, bool(shared)):
            break
        stop = min(spell.stop(), agreed)
        begin = max(spell.start, first)
        if begin < stop:
            shared.append(Spell(period, begin, stop, spell.cell, beside=spell.household()))
    return shared


def _agreed_until(anchors: list[tuple[int, str]], leader: list[Spell], until: int) -> int:
    """The first day on which the two no longer have one path; 0 if they never do."""
    agreed = 0
    for when, name in anchors:
        there = [s for s in leader if s.start <= when < s.stop()]
        if there and there[0].cell != name:
            return agreed
        agreed = when + 1
    return until


def _may_share(spell: Spell, period: CarePeriod, already: bool) -> bool:
    if spell.cell != "adoption":
        return spell.cell in SHARED
    # Adopted together means on one day, and never to come back.
    one_end = period.end == spell.period.end and period.is_last()
    return one_end and (already or period.start < spell.start)
