"""What the values of a table's keys say of who is counted: the words of `publish.meaning`.

A reading takes a value of a key and gives conditions: an attribute with the set of values that
it may have, so that 'private or voluntary' is known to be made of 'private' and 'voluntary'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sufficiency_lib.codes import DFE_PLACEMENT_GROUP as _DFE_GROUPS
from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.codes.children import NEEDS, need_family
from sufficiency_lib.metrics.pairs import SECTORS

Conditions = Mapping[str, frozenset[str]]
Reading = Callable[[str], Conditions | None]

#: Values of a key that stand for everybody.
EVERYBODY = frozenset({"all", "total", "all_new"})

FOSTERING = ("kinship_fostering", "fostering")


def pairs(groups: tuple[str, ...], providers: tuple[str, ...]) -> Conditions:
    """Placements of these groups by these providers."""
    return {"placement": frozenset(f"{g} by {p}" for g in groups for p in providers)}


def attribute(name: str) -> Reading:
    """A key that says one attribute: each value stands for those who have it."""
    return lambda value: {} if value in EVERYBODY else {name: frozenset({value})}


def group(value: str) -> Conditions | None:
    """A placement group, whoever provides."""
    if value in EVERYBODY:
        return {}
    return pairs((value,), PROVIDERS) if value in PLACEMENT_GROUPS else None


def provider(value: str) -> Conditions | None:
    """A provider, in whatever placement."""
    if value in EVERYBODY:
        return {}
    return pairs(PLACEMENT_GROUPS, (value,)) if value in PROVIDERS else None


def sector(value: str) -> Conditions | None:
    """Whose provision it is, in four parts (see `metrics.pairs.SECTORS`)."""
    return pairs(PLACEMENT_GROUPS, SECTORS[value]) if value in SECTORS else None


def dfe_group(value: str) -> Conditions:
    """A placement group of the Department for Education."""
    groups = tuple(group for group, dfe in _DFE_GROUPS.items() if dfe == value)
    return pairs(groups, PROVIDERS)


#: Cohorts of fostering as the fostering split tells them (see `metrics.pairs`).
SPLIT: Mapping[str, Conditions] = {
    "kinship": pairs(("kinship_fostering",), ("own",)),
    "in_house": pairs(("fostering",), ("own",)),
    "ifa": pairs(FOSTERING, ("private", "voluntary")),
    "other_public": pairs(FOSTERING, ("other_la", "other_public")),
}
_OTHER = {
    "placement": pairs(FOSTERING, PROVIDERS)["placement"].difference(
        *(SPLIT[part]["placement"] for part in ("kinship", "in_house", "ifa"))
    )
}
_COHORTS: Mapping[str, Conditions] = {
    "kinship": SPLIT["kinship"],
    "fostering_in_house": SPLIT["in_house"],
    "fostering_ifa": SPLIT["ifa"],
    "fostering_other": _OTHER,
}
#: The same names in the tables of locality, where kinship is never in them.
_LOCAL_COHORTS: Mapping[str, Conditions] = {
    "fostering_in_house": pairs(("fostering",), ("own",)),
    "fostering_ifa": pairs(("fostering",), ("private", "voluntary")),
}


def cohort(value: str) -> Conditions | None:
    """A cohort of the tables of placements, or a placement group."""
    return _COHORTS.get(value) or group(value)


def local_cohort(value: str) -> Conditions | None:
    """A cohort of the tables of locality and of the forecast."""
    return _LOCAL_COHORTS.get(value) or group(value)


def side(value: str) -> Conditions | None:
    """Whose provision a place is, as unit costs have it: own, public, independent, none, all."""
    if value in EVERYBODY:
        return {}
    return sector("no_provider" if value == "none" else f"{value}_provision")


def need_group(value: str) -> Conditions:
    """A family of needs, made of categories of need."""
    codes = frozenset(need for need in NEEDS if need_family(need) == value)
    return {"category_of_need": codes}


_BANDS = {"le_20": "within", "gt_20": "beyond", "not_known": "not_known"}


def band(value: str) -> Conditions:
    """A band of distance from home."""
    return {"home_20_miles": frozenset({_BANDS[value]})}


def boundary(value: str) -> Conditions:
    """Inside the authority or outside."""
    inside = frozenset({"within"})
    return {"in_area": inside if value == "inside" else frozenset({"beyond", "not_known"})}


def location(value: str) -> Conditions:
    """A side of the boundary and a band of distance together."""
    if value == "not_known":
        return band(value)
    inside_or_out, _, distance_band = value.partition("_")
    return {**boundary(inside_or_out), **band(distance_band)}


@dataclass(frozen=True)
class Meaning:
    """What the counts of one kind of table count.

    family  what is counted: cells of two families are never one
    when    the column that says the day or the year; blank: the day of the page
    keys    key column → what its value says of who is counted; a key not named here makes
            the row the table's own
    counts  count column → what it says beyond the keys; a count not named is the table's own
    days    count column → the column that says its day, where not all have the same
    only    key column → the value that a row must have; others are the table's own
    ruled   whether within, beyond and not_known stand under the rule of their row
    """

    family: str
    when: str = "as_at"
    keys: Mapping[str, Reading] = field(default_factory=dict)
    counts: Mapping[str, Conditions] = field(default_factory=lambda: {"children": {}})
    days: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    ruled: bool = False
