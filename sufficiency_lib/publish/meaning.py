"""What a published count counts, so that one number in two tables is known to be one.

Two tables that print the same children must hide the same cells, or each tells what the other
does not. A `Meaning` says for a kind of table which children a row and a column stand for:
a family (children on a day, placements made in a year ...), a time, and conditions. A condition
is an attribute with the set of values it may have, so that 'private or voluntary' is known to
be made of 'private' and 'voluntary'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sufficiency_lib.metrics.pairs import SECTORS
from sufficiency_lib.publish import readings as said
from sufficiency_lib.publish.meaning_costs import COSTS
from sufficiency_lib.publish.meaning_judgement import JUDGEMENT
from sufficiency_lib.publish.meaning_market import MARKET
from sufficiency_lib.publish.meaning_members import beside
from sufficiency_lib.publish.readings import Conditions, Meaning, Reading

_AGE, _STARTS = {"age_group": said.attribute("age_group")}, {"starts": {}}
_BY_SECTOR: Mapping[str, Conditions] = {sector: said.sector(sector) or {} for sector in SECTORS}
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


_FORECAST = Meaning(
    "looked after", "", {"placement_group": said.local_cohort}, {"children_today": {}}
)

_OF_ONE_AUTHORITY: Mapping[str, Meaning] = {
    "children_looked_after": _stock(),
    "looked_after_by_month": _stock(),
    "reconciliation": Meaning("looked after", "", {}, only={"step": "looked_after"}),
    "children_by_age": Meaning("looked after", "as_at", _AGE, {"children": {}, **_SEXES}),
    "children_by_ethnicity": _stock(ethnicity_group=said.attribute("ethnicity_group")),
    "children_by_legal_status": _stock(legal_status_group=said.attribute("legal_status_group")),
    "children_by_need": _stock(category_of_need=said.attribute("category_of_need")),
    "children_by_uasc": _stock(uasc=said.attribute("uasc")),
    "children_by_disability": _stock(disability=said.attribute("disability")),
    "time_looked_after": _stock(duration_band=said.attribute("duration_band")),
    "placement_mix": _stock(placement_group=said.group, provider=said.provider),
    "placement_mix_dfe": _stock(dfe_placement_group=said.dfe_group),
    "placements_by_group": Meaning(
        "looked after", "as_at", {"cohort": said.cohort}, {"children": {}, **_BY_SECTOR}
    ),
    "placements_by_sector": Meaning(
        "looked after", "as_at", {"cohort": said.cohort}, {"children": {}, **_BY_SECTOR}
    ),
    "sixteen_plus": Meaning(
        "looked after", "as_at", {"cohort": said.cohort},
        {name: {**rest, **_16_AND_OVER} for name, rest in {"children": {}, **_BY_SECTOR}.items()},
    ),
    "placement_change": Meaning(
        "looked after", "", {"placement_group": said.group, "provider": said.provider}, _CHANGE,
        _CHANGE_DAYS,
    ),
    "placement_change_by_group": Meaning(
        "looked after", "", {"placement_group": said.group}, _CHANGE, _CHANGE_DAYS
    ),
    "placement_change_by_cohort": Meaning(
        "looked after", "", {"cohort": said.cohort}, _CHANGE, _CHANGE_DAYS
    ),
    "fostering_split": Meaning(
        "looked after", "period", {}, said.SPLIT, only={"basis": "children"}
    ),
    "fostering_split_by_age": Meaning("looked after", "as_at", _AGE, said.SPLIT),
    "stability": Meaning(
        "looked after", "as_at", {},
        {"numerator": {"moved": frozenset({"often"})},
         "answered_no": {"moved": frozenset({"less"})}, "denominator": {}},
        only={"measure": "three_or_more_placements"},
    ),
    "locality": _local("looked after", "", "children", cohort=said.local_cohort),
    "locality_by_provider": _local("looked after", "", "children", provider_group=said.sector),
    "locality_by_age": _local(
        "looked after", "", "children", age_group=said.attribute("age_group")
    ),
    "locality_trend": _local("looked after", "as_at", "children"),
    "distance_summary": _stock("", cohort=said.local_cohort),
    "distance_by_boundary": _stock("", boundary=said.boundary, distance_band=said.band),
    "placement_authorities": _stock("", placement_authority=said.attribute("placement_authority")),
    "started_by_age": _started("started", **_AGE),
    "started_by_need": _started("started", category_of_need=said.attribute("category_of_need")),
    "ceased_by_age": _started("ceased", **_AGE),
    "ceased_by_reason": _started("ceased", reason_ceased=said.attribute("reason_ceased")),
    "duration_on_leaving": _started("ceased", duration_band=said.attribute("duration_band")),
    # Of all periods that began since the first return, so that each year's page has last year's.
    "length_of_stay": Meaning(
        "periods ended", "", {"age_group": said.attribute("age_group")}, {"periods_ended": {}}
    ),
    "still_looked_after": Meaning(
        "periods followed", "", {"after_months": said.attribute("after_months")}, {"followed": {}}
    ),
    "new_placements": Meaning(
        "placements made", "year_ending",
        {"placement_group": said.group, "provider": said.provider}, _STARTS,
    ),
    "new_placements_by_group": Meaning(
        "placements made", "year_ending", {"cohort": said.cohort}, {**_STARTS, **_BY_SECTOR}
    ),
    "new_placements_by_sector": Meaning(
        "placements made", "year_ending", {"cohort": said.cohort}, {**_STARTS, **_BY_SECTOR}
    ),
    "locality_of_new_placements": _local(
        "placements made", "year_ending", "starts", cohort=said.local_cohort
    ),
    "new_placements_by_provider": _local(
        "placements made", "year_ending", "starts", provider_group=said.sector
    ),
    "new_placements_by_age": _local(
        "placements made", "year_ending", "starts", age_group=said.attribute("age_group")
    ),
    "new_placements_by_distance": Meaning(
        "placements made", "year_ending", {"location": said.location}, _STARTS
    ),
    "bed_nights": Meaning(
        "nights", "year_ending", {"placement_group": said.group, "provider": said.provider},
        {"nights": {}},
    ),
    "bed_nights_by_cohort": Meaning(
        "nights", "year_ending", {"cohort": said.cohort}, {"nights": {}}
    ),
    # --- the forecast: what its figures rest on ---
    **{name: _FORECAST for name in (
        "forecast", "forecast_by_year", "forecast_nights", "forecast_nights_by_year",
        "forecast_spend", "forecast_spend_by_year", "forecast_scenarios",
        "forecast_scenario_spend", "unexpected_demand", "standby_places",
    )},
    "forecast_unit_costs": Meaning(
        "looked after", "", {"placement_group": said.local_cohort, "provider_side": said.side},
        {"children_today": {}},
    ),
    "forecast_needs": Meaning(
        "looked after", "", {"need_family": said.need_group}, {"children_today": {}}
    ),
    "forecast_uasc": Meaning(
        "looked after", "", {"uasc": said.attribute("uasc")}, {"children_today": {}}
    ),
    "forecast_targets": Meaning(
        "looked after", "", {}, {"in_house": said.SPLIT["in_house"], "ifa": said.SPLIT["ifa"]}
    ),
    "forecast_backtest": Meaning(
        "looked after", "date", {"placement_group": said.local_cohort},
        {"actual": {}, "same_as_today": {}}, {"same_as_today": "origin"},
    ),
    "forecast_with_history": Meaning(
        "looked after", "date", {"placement_group": said.local_cohort},
        {"children": {}, "children_at_start": {}}, {"children_at_start": "origin"},
    ),
    "turning_ages": Meaning(
        "turning", "", {"year_ending": said.attribute("year")},
        {f"turning_{age}": {"age": frozenset({age})} for age in ("16", "18")},
    ),
    "forecast_cohorts": Meaning(
        "turning", "",
        {"year_ending": said.attribute("year"), "turning_age": said.attribute("age")},
        {"todays_children": {}},
    ),
    **MARKET,
    **COSTS,
    **JUDGEMENT,
}
#: Kind of table → what its counts count; one that is not here counts what no other does.
MEANINGS: Mapping[str, Meaning] = {**_OF_ONE_AUTHORITY, **beside(_OF_ONE_AUTHORITY)}

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
    column_says = _said_by_column(meaning, row, column)
    if column_says is None:
        return None
    conditions = [column_says]
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
