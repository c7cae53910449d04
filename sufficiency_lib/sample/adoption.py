"""Decisions that a child should be placed for adoption, months before it is.

The agency's decision comes some months into the care period, the court's placement order
weeks after it, and the child moves in with adopters about seven months later; some wait for
longer than a year, and for some the decision is reversed (DfE, adoption scorecards).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from sufficiency_lib.sample.cells import FOSTERING
from sufficiency_lib.sample.cohort import CarePeriod, draw
from sufficiency_lib.sample.spells import HORIZON, Spell

TYPICAL_WAIT_DAYS = 235
WAIT_SPREAD = 0.5
SOONEST_DECISION_DAYS = 50
"""After entering care."""
NEVER_PLACED_SHARE = 0.2
"""Of young fostered children, in care for a year, who are not placed for adoption."""
REVERSED_SHARE = 0.55
"""Of decisions about children who are never placed; the others are still waiting."""
REASONS_REVERSED = (("RD1", 0.42), ("RD2", 0.28), ("RD3", 0.2), ("RD4", 0.1))


@dataclass(frozen=True)
class Decision:
    """That a child should be placed for adoption: when, its order, and its reversal if any."""

    child: int
    decided: int
    ordered: int
    reversed_on: int | None = None
    reason_reversed: str = ""


def decide(spells: list[Spell], rng: np.random.Generator) -> dict[int, Decision]:
    """The decision of each care period that has one, by the identity of the period."""
    decisions: dict[int, Decision] = {}
    households: dict[int, Decision] = {}
    for _, group in groupby(spells, key=lambda spell: id(spell.period)):
        mine = list(group)
        period = mine[0].period
        adoption = next((spell for spell in mine if spell.cell == "adoption"), None)
        if adoption is not None:
            drawn = _before_placement(period, adoption.start, rng)
            # Brothers and sisters who are placed together were decided on together.
            known = households.setdefault(id(adoption.household()), drawn)
            together = Decision(period.child.number, known.decided, known.ordered)
            decisions[id(period)] = together if known.decided > period.start + 30 else drawn
        elif _eligible(period, mine) and rng.random() < NEVER_PLACED_SHARE:
            decisions[id(period)] = _without_placement(period, rng)
    return decisions


def _before_placement(
    period: CarePeriod, placed: int, rng: np.random.Generator
) -> Decision:
    waited = int(np.clip(rng.lognormal(np.log(TYPICAL_WAIT_DAYS), WAIT_SPREAD), 110, 900))
    earliest = period.start + SOONEST_DECISION_DAYS + int(rng.integers(0, 60))
    decided = min(max(placed - waited, earliest), placed - 40)
    ordered = min(decided + int(rng.integers(5, 30)), placed - 20)
    return Decision(period.child.number, decided, ordered)


def _without_placement(period: CarePeriod, rng: np.random.Generator) -> Decision:
    decided = period.start + int(rng.integers(130, 330))
    ordered = decided + int(rng.integers(5, 30))
    reversal = ordered + 60 + int(rng.exponential(300))
    if rng.random() > REVERSED_SHARE or reversal >= period.end - 30:
        return Decision(period.child.number, decided, ordered)
    return Decision(period.child.number, decided, ordered, reversal, draw(rng, REASONS_REVERSED))


def _eligible(period: CarePeriod, mine: list[Spell]) -> bool:
    """Young, in care for long enough, and with foster carers for the whole of it."""
    stayed = min(period.end, HORIZON) - period.start
    young = period.age_on(period.start) < 4 and period.age_on(min(period.end, HORIZON)) < 7
    return young and stayed > 330 and all(spell.cell in FOSTERING for spell in mine)
