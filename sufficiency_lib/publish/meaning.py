"""What a published count counts, so that one number in two tables is known to be one.

Two tables that print the same children must hide the same cells, or each tells what the other
does not. A `Meaning` says for a kind of table which children a row and a column stand for:
a family (children on a day, placements made in a year ...), a time, and conditions. A condition
is an attribute with the set of values it may have, so that 'private or voluntary' is known to
be made of 'private' and 'voluntary'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sufficiency_lib.codes import DFE_PLACEMENT_GROUP as _DFE_GROUPS
from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.metrics.pairs import SECTORS

Conditions = Mapping[str, frozenset[str]]
Reading = Callable[[str], Conditions | None]

#: Values of a key that stand for everybody.
_EVERYBODY = frozenset({"all", "total", "all_new"})

_FOSTERING = ("kinship_fostering", "fostering")


def _pairs(groups: tuple[str, ...], providers: tuple[str, ...]) -> Conditions:
    """Placements of these groups by these providers."""
    return {"placement": frozenset(f"{g} by {p}" for g in groups for p in providers)}


def _attribute(name: str) -> Reading:
    return lambda value: {} if value in _EVERYBODY else {name: frozenset({value})}


def _group(value: str) -> Conditions | None:
    if value in _EVERYBODY:
        return {}
    return _pairs((value,), PROVIDERS) if value in PLACEMENT_GROUPS else None


def _provider(value: str) -> Conditions | None:
    if value in _EVERYBODY:
        return {}
    return _pairs(PLACEMENT_GROUPS, (value,)) if value in PROVIDERS else None


def _sector(value: str) -> Conditions | None:
    return _pairs(PLACEMENT_GROUPS, SECTORS[value]) if value in SECTORS else None


def _dfe_group(value: str) -> Conditions:
    groups = tuple(group for group, dfe in _DFE_GROUPS.items() if dfe == value)
    return _pairs(groups, PROVIDERS)


#: Cohorts of fostering as the fostering split tells them (see `metrics.pairs`).
_SPLIT: Mapping[str, Conditions] = {
    "kinship": _pairs(("kinship_fostering",), ("own",)),
    "in_house": _pairs(("fostering",), ("own",)),
    "ifa": _pairs(_FOSTERING, ("private", "voluntary")),
    "other_public": _pairs(_FOSTERING, ("other_la", "other_public")),
}
_OTHER = {
    "placement": _pairs(_FOSTERING, PROVIDERS)["placement"].difference(
        *(_SPLIT[part]["placement"] for part in ("kinship", "in_house", "ifa"))
    )
}
_COHORTS: Mapping[str, Conditions] = {
    "kinship": _SPLIT["kinship"],
    "fostering_in_house": _SPLIT["in_house"],
    "fostering_ifa": _SPLIT["ifa"],
    "fostering_other": _OTHER,
}
#: The same names in the tables of locality, where kinship is never in them.
_LOCAL_COHORTS: Mapping[str, Conditions] = {
    "fostering_in_house": _pairs(("fostering",), ("own",)),
    "fostering_ifa": _pairs(("fostering",), ("private", "voluntary")),
}


def _cohort(value: str) -> Conditions | None:
    return _COHORTS.get(value) or _group(value)


def _local_cohort(value: str) -> Conditions | None:
    return _LOCAL_COHORTS.get(value) or _group(value)


_BANDS = {"le_20": "within", "gt_20": "beyond", "not_known": "not_known"}


def _band(value: str) -> Conditions:
    return {"home_20_miles": frozenset({_BANDS[value]})}


def _boundary(value: str) -> Conditions:
    inside = frozenset({"within"})
    return {"in_area": inside if value == "inside" else frozenset({"beyond", "not_known"})}


def _location(value: str) -> Conditions:
    if value == "not_known":
        return _band(value)
    side, _, band = value.partition("_")
    return {**_boundary(side), **_band(band)}


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


_AGE, _STARTS = {"age_group": _attribute("age_group")}, {"starts": {}}
_BY_SECTOR: Mapping[str, Conditions] = {sector: _sector(sector) or {} for sector in SECTORS}
_CHANGE = {"start_children": {}, "end_children": {}}
_CHANGE_DAYS = {"start_children": "start_date", "end_children": "end_date"}
_SEXES = {sex: {"sex": frozenset({sex})} for sex in ("female", "male", "not_known")}
_16_AND_OVER = {"age_group": frozenset({"16_and_over"})}


def _stock(when: str = "as_at", **keys: Reading) -> Meaning:
    return Meaning("looked after", when, keys)


def _started(family: str, **keys: Reading) -> Meaning:
    return Meaning(family, "year_ending", keys)


def _local(family: str, when: str, counted: str, **keys: Reading) -> Meaning:
    return Meaning(family, when, keys, {counted: {}}, ruled=True)


#: Kind of table → what its counts count; one that is not here counts what no other does.
MEANINGS: Mapping[str, Meaning] = {
    "children_looked_after": _stock(),
    "looked_after_by_month": _stock(),
    "reconciliation": Meaning("looked after", "", {}, only={"step": "looked_after"}),
    "children_by_age": Meaning("looked after", "as_at", _AGE, {"children": {}, **_SEXES}),
    "children_by_ethnicity": _stock(ethnicity_group=_attribute("ethnicity_group")),
    "children_by_legal_status": _stock(legal_status_group=_attribute("legal_status_group")),
    "children_by_need": _stock(category_of_need=_attribute("category_of_need")),
    "children_by_uasc": _stock(uasc=_attribute("uasc")),
    "children_by_disability": _stock(disability=_attribute("disability")),
    "time_looked_after": _stock(duration_band=_attribute("duration_band")),
    "placement_mix": _stock(placement_group=_group, provider=_provider),
    "placement_mix_dfe": _stock(dfe_placement_group=_dfe_group),
    "placements_by_group": Meaning(
        "looked after", "as_at", {"cohort": _cohort}, {"children": {}, **_BY_SECTOR}
    ),
    "placements_by_sector": Meaning(
        "looked after", "as_at", {"cohort": _cohort}, {"children": {}, **_BY_SECTOR}
    ),
    "sixteen_plus": Meaning(
        "looked after", "as_at", {"cohort": _cohort},
        {name: {**rest, **_16_AND_OVER} for name, rest in {"children": {}, **_BY_SECTOR}.items()},
    ),
    "placement_change": Meaning(
        "looked after", "", {"placement_group": _group, "provider": _provider}, _CHANGE,
        _CHANGE_DAYS,
    ),
    "placement_change_by_group": Meaning(
        "looked after", "", {"placement_group": _group}, _CHANGE, _CHANGE_DAYS
    ),
    "placement_change_by_cohort": Meaning(
        "looked after", "", {"cohort": _cohort}, _CHANGE, _CHANGE_DAYS
    ),
    "fostering_split": Meaning(
        "looked after", "period", {}, _SPLIT, only={"basis": "children"}
    ),
    "fostering_split_by_age": Meaning("looked after", "as_at", _AGE, _SPLIT),
    "stability": Meaning(
        "looked after", "as_at", {},
        {"numerator": {"moved": frozenset({"often"})},
         "answered_no": {"moved": frozenset({"less"})}, "denominator": {}},
        only={"measure": "three_or_more_placements"},
    ),
    "locality": _local("looked after", "", "children", cohort=_local_cohort),
    "locality_by_provider": _local("looked after", "", "children", provider_group=_sector),
    "locality_by_age": _local(
        "looked after", "", "children", age_group=_attribute("age_group")
    ),
    "locality_trend": _local("looked after", "as_at", "children"),
    "distance_summary": _stock("", cohort=_local_cohort),
    "distance_by_boundary": _stock("", boundary=_boundary, distance_band=_band),
    "placement_authorities": _stock("", placement_authority=_attribute("placement_authority")),
    "started_by_age": _started("started", **_AGE),
    "started_by_need": _started("started", category_of_need=_attribute("category_of_need")),
    "ceased_by_age": _started("ceased", **_AGE),
    "ceased_by_reason": _started("ceased", reason_ceased=_attribute("reason_ceased")),
    "duration_on_leaving": _started("ceased", duration_band=_attribute("duration_band")),
    # Of all periods that began since the first return, so that each year's page has last year's.
    "length_of_stay": Meaning(
        "periods ended", "", {"age_group": _attribute("age_group")}, {"periods_ended": {}}
    ),
    "still_looked_after": Meaning(
        "periods followed", "", {"after_months": _attribute("after_months")}, {"followed": {}}
    ),
    "new_placements": Meaning(
        "placements made", "year_ending", {"placement_group": _group, "provider": _provider},
        _STARTS,
    ),
    "new_placements_by_group": Meaning(
        "placements made", "year_ending", {"cohort": _cohort}, {**_STARTS, **_BY_SECTOR}
    ),
    "new_placements_by_sector": Meaning(
        "placements made", "year_ending", {"cohort": _cohort}, {**_STARTS, **_BY_SECTOR}
    ),
    "locality_of_new_placements": _local(
        "placements made", "year_ending", "starts", cohort=_local_cohort
    ),
    "new_placements_by_provider": _local(
        "placements made", "year_ending", "starts", provider_group=_sector
    ),
    "new_placements_by_age": _local(
        "placements made", "year_ending", "starts", age_group=_attribute("age_group")
    ),
    "new_placements_by_distance": Meaning(
        "placements made", "year_ending", {"location": _location}, _STARTS
    ),
    "bed_nights": Meaning(
        "nights", "year_ending", {"placement_group": _group, "provider": _provider},
        {"nights": {}},
    ),
    "bed_nights_by_cohort": Meaning(
        "nights", "year_ending", {"cohort": _cohort}, {"nights": {}}
    ),
}

_RULED = ("within", "beyond", "not_known")
#: Rules that measure from where the placement is; home_20_miles asks for the home as well.
_MEASURED = frozenset({"centre_20_miles", "boundary_20_miles", "border_10_miles"})


@dataclass(frozen=True)
class Identity:
    """Who is counted, whatever the table: equal for two cells that count the same."""

    family: str
    when: str
    conditions: tuple[tuple[str, frozenset[str]], ...]

    def without(self, attribute: str) -> Identity:
        """The same with nothing said of one attribute."""
        rest = tuple(pair for pair in self.conditions if pair[0] != attribute)
        return Identity(self.family, self.when, rest)

    def of(self, attribute: str) -> frozenset[str] | None:
        """The values that an attribute may have; None: any."""
        return dict(self.conditions).get(attribute)


def identity(
    kind: str, row: Mapping[str, object], column: str, day: str
) -> Identity | None:
    """Who a cell counts; None where only its own table says it.

    kind    the kind of table, an id of `publish.specs`
    row     the cells of its row
    column  its column
    day     the day of the page, as ISO text

    >>> agency = {"as_at": "2025-03-31", "cohort": "kinship"}
    >>> split = {"basis": "children", "period": "2025-03-31"}
    >>> identity("placements_by_sector", agency, "children", "2025-03-31") == identity(
    ...     "fostering_split", split, "kinship", "2025-03-31")
    True
    """
    meaning = MEANINGS.get(kind)
    if meaning is None or any(str(row.get(k)) != v for k, v in meaning.only.items()):
        return None
    said = _said_by_column(meaning, row, column)
    if said is None:
        return None
    conditions = [said]
    for key, reading in meaning.keys.items():
        if key in row:
            read = reading(str(row[key]))
            if read is None:
                return None
            conditions.append(read)
    when = meaning.days.get(column, meaning.when)
    moment = str(row[when])[:10] if when else day
    return Identity(meaning.family, moment, _together(conditions))


def _said_by_column(
    meaning: Meaning, row: Mapping[str, object], column: str
) -> Conditions | None:
    if meaning.ruled and column in _RULED:
        rule = str(row["rule"])
        # Whether a placement can be found on the map is one question under all of these rules.
        asked = "on_the_map" if column == "not_known" and rule in _MEASURED else rule
        return {asked: frozenset({column})}
    return meaning.counts.get(column)


def _together(conditions: list[Conditions]) -> tuple[tuple[str, frozenset[str]], ...]:
    both: dict[str, frozenset[str]] = {}
    for one in conditions:
        for attribute, values in one.items():
            both[attribute] = both.get(attribute, values) & values
    return tuple(sorted(both.items(), key=lambda pair: pair[0]))
