"""Counts of which one holds the other: what lies between them is a count too.

The children placed inside the area are some of those within ten miles of its border. Where a
page prints both, a reader has the difference: the children outside, but near. So it is with what
is counted since the first return, when this year's page and last year's both print it. No table
prints that ring, yet few children in it are as easily recognised as in any table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

from sufficiency_lib.publish.meaning import Identity

#: Locality rules of which a placement that meets one meets the wider one too.
NESTED_RULES = ("in_area", "border_10_miles", "boundary_20_miles")

#: Of two nested rules this one is hidden: councils are compared on the others.
SPARE_RULE = "border_10_miles"

#: What is counted from the first return to the day of the page.
CUMULATIVE = frozenset({"periods ended", "periods followed"})

_WITHIN = frozenset({"within"})


def rings(
    meant: Mapping[int, Identity], values: Mapping[int, float]
) -> Iterable[tuple[int, int]]:
    """The pairs of variables of which the first holds the second, and more.

    meant   variable → whom it counts
    values  variable → its count

    >>> both = {1: "border_10_miles", 2: "in_area"}
    >>> meant = {at: Identity("looked after", "2025-03-31", ((rule, frozenset({"within"})),))
    ...          for at, rule in both.items()}
    >>> list(rings(meant, {1: 12, 2: 9}))
    [(1, 2)]
    """
    groups: dict[Identity, list[int]] = {}
    for variable, who in meant.items():
        for rule in NESTED_RULES:
            if who.of(rule) == _WITHIN:
                groups.setdefault(who.without(rule), []).append(variable)
        if who.family in CUMULATIVE:
            groups.setdefault(replace(who, when=""), []).append(variable)
    for variables in groups.values():
        # How wide ten miles is the profile says, so the counts tell which holds the other.
        for inner, outer in combinations(sorted(variables, key=lambda one: values[one]), 2):
            if values[outer] > values[inner]:
                yield outer, inner
