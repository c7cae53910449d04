"""Every measure that the benchmark times: the library's own functions, on all authorities.

The folder `sql` has the same measures, under the same names, for DuckDB.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping

import pandas as pd

import sufficiency_lib.metrics as room
from benchmarks.england import FIRST_DAY, SEED, YEAR_ENDS
from benchmarks.england_records import records_of
from sufficiency_lib.metrics import (
    adjusted,
    adoption,
    bed_nights,
    care_leavers,
    characteristics,
    cohorts,
    distances,
    duration,
    equity,
    families,
    flows,
    health,
    locality,
    missing,
    moves,
    new_placements,
    older,
    places,
    population,
    provision,
    stability,
    unregistered,
)

Tables = Mapping[str, pd.DataFrame]
Measure = Callable[[Tables], pd.DataFrame]
BY = ["authority"]
DAYS = list(YEAR_ENDS)
FIRST, LAST = DAYS[0], DAYS[-1]


def tables_of(episodes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The frames that measures need, a made-up country's episodes among them, by name."""
    every = sorted(episodes["authority"].unique())
    return {
        "episodes": episodes,
        "names": pd.DataFrame({"code": every, "name": [f"Authority {code}" for code in every]}),
        "days": pd.DataFrame({"day": pd.to_datetime(DAYS)}),
        **records_of(episodes, YEAR_ENDS, seed=SEED),
    }


RULES = ("home_20_miles", "centre_20_miles", "boundary_20_miles", "in_area", "border_10_miles")
#: Each row says by its authority whose area is meant.
LOCALITY = {"rules": RULES, "code": "authority", "border_miles": 10.0, "by": BY}


def _names(tables: Tables) -> dict[str, str]:
    return dict(zip(tables["names"]["code"], tables["names"]["name"], strict=True))


def _on_days(measure: Callable[..., pd.DataFrame], **more: object) -> Measure:
    return lambda tables: measure(tables["episodes"], DAYS, **{"by": BY} | more)


def _on_last_day(measure: Callable[..., pd.DataFrame], **more: object) -> Measure:
    return lambda tables: measure(tables["episodes"], LAST, **{"by": BY} | more)


def _with_days(table: str, measure: Callable[..., pd.DataFrame]) -> Measure:
    return lambda tables: measure(tables["episodes"], tables[table], DAYS, by=BY)


def _with_circumstances(measure: Callable[..., pd.DataFrame]) -> Measure:
    return lambda tables: measure(
        tables["episodes"], LAST, circumstances=tables["circumstances"], by=BY)


#: name → the measure of all authorities; the folder `sql` has the same names. What follows a
#: dot says how the function of that name is called.
MEASURES: dict[str, Measure] = {
    "children_looked_after": lambda t: population.children_looked_after(
        t["episodes"], DAYS, t["population"], by=BY),
    "looked_after_by_month": _on_days(population.looked_after_by_month),
    "edge_of_care": lambda t: population.edge_of_care(t["edge_of_care"], t["population"], by=BY),
    "children_by_age": _on_last_day(population.children_by_age),
    "started_and_ceased": _on_days(population.started_and_ceased),
    "started_by_age": _on_days(flows.started_by_age),
    "started_by_need": _on_days(flows.started_by_need),
    "ceased_by_age": _on_days(flows.ceased_by_age),
    "ceased_by_reason": _on_days(flows.ceased_by_reason),
    "children_by_ethnicity": _on_days(characteristics.children_by_ethnicity),
    "children_by_legal_status": _on_days(characteristics.children_by_legal_status),
    "children_by_need": _on_days(characteristics.children_by_need),
    "children_by_uasc": _on_days(characteristics.children_by_uasc),
    "children_by_disability": lambda t: characteristics.children_by_disability(
        t["episodes"], t["circumstances"], LAST, by=BY),
    "time_looked_after": _on_days(duration.time_looked_after),
    "duration_on_leaving": _on_days(duration.duration_on_leaving),
    "turning_ages": _on_last_day(cohorts.turning_ages),
    "siblings": lambda t: families.siblings(t["episodes"], t["circumstances"], LAST, by=BY),
    "placement_mix": _on_days(provision.placement_mix),
    "placements_by_sector": _on_days(provision.placements_by_sector),
    "placement_mix_dfe": _on_days(provision.placement_mix_dfe),
    "placement_change": lambda t: provision.placement_change(t["episodes"], FIRST, LAST, by=BY),
    "placement_change_by_group": lambda t: provision.placement_change_by_group(
        t["episodes"], FIRST, LAST, by=BY),
    "placement_change_by_cohort": lambda t: provision.placement_change_by_cohort(
        t["episodes"], FIRST, LAST, by=BY),
    "new_placements": _on_days(new_placements.new_placements),
    "new_placements_by_sector": _on_days(new_placements.new_placements_by_sector),
    "sixteen_plus": _on_days(older.sixteen_plus),
    "unregistered_and_other": _on_days(unregistered.unregistered_and_other),
    "fostering_split": _on_days(provision.fostering_split),
    "fostering_split_by_age": _on_last_day(provision.fostering_split_by_age),
    "bed_nights": _on_days(bed_nights.bed_nights),
    "bed_nights_by_cohort": _on_days(bed_nights.bed_nights_by_cohort),
    "bed_nights_by_month": lambda t: bed_nights.bed_nights_by_month(
        t["episodes"], FIRST_DAY, LAST, by=BY),
    "distance_by_boundary": _on_last_day(distances.distance_by_boundary),
    "new_placements_by_distance": _on_days(distances.new_placements_by_distance),
    "distance_summary": _on_last_day(distances.distance_summary),
    "placement_authorities": lambda t: places.placement_authorities(
        t["episodes"], LAST, _names(t), fewest=5, by=BY),
    "locality": _on_last_day(locality.locality, **LOCALITY),
    "locality_by.provider_group": _on_last_day(
        locality.locality_by, dimension="provider_group", **LOCALITY),
    "locality_by.age_group": _on_last_day(
        locality.locality_by, dimension="age_group", **LOCALITY),
    "locality_trend": _on_days(locality.locality_trend, **LOCALITY),
    "locality_of_new_placements": _on_days(locality.locality_of_new_placements, **LOCALITY),
    "locality_of_new_placements_by.provider_group": _on_days(
        locality.locality_of_new_placements_by, dimension="provider_group", **LOCALITY),
    "stability": _on_days(stability.stability),
    "moves_by_reason": _on_days(moves.moves_by_reason),
    "unplanned_endings": _on_days(moves.unplanned_endings),
    "length_of_stay": lambda t: duration.length_of_stay(t["episodes"], FIRST_DAY, LAST, by=BY),
    "still_looked_after": lambda t: duration.still_looked_after(
        t["episodes"], FIRST_DAY, LAST, by=BY),
    "health": _with_days("oc2", health.health),
    "sdq_scores": _with_days("oc2", health.sdq_scores),
    "substance_misuse_help": _with_days("oc2", health.substance_misuse_help),
    "missing_from_care": _with_days("missing", missing.missing_from_care),
    "adoption_timeliness": lambda t: adoption.adoption_timeliness(
        t["episodes"], t["ad1"], LAST, by=BY),
    "adoption_within_12_months": lambda t: adoption.adoption_within_12_months(
        t["episodes"], t["placed_for_adoption"], t["ad1"], DAYS, by=BY),
    "care_leavers": lambda t: care_leavers.care_leavers(t["oc3"], DAYS, by=BY),
    "leavers_by_activity": lambda t: care_leavers.leavers_by_activity(t["oc3"], DAYS, by=BY),
    "leavers_by_home": lambda t: care_leavers.leavers_by_home(t["oc3"], DAYS, by=BY),
    "equity": _with_circumstances(equity.equity),
    "equity_adjusted": _with_circumstances(adjusted.equity_adjusted),
}  # fmt: skip

#: What has no twin in SQL, and why.
WITHOUT_SQL: dict[str, str] = {
    "equity": "score intervals and tests, which SQL has no functions for",
    "equity_adjusted": "logistic models",
}

#: Functions that take authorities and serve measures, without being one.
SHARED_TOOLS = frozenset({
    "areas_of", "by_sector", "carer_stays", "cohorts_of", "compared_on", "for_each_area",
    "in_every_period", "levels_met", "only_of_years_told", "outcomes_of", "placements_in_year",
})  # fmt: skip


def not_measured() -> list[str]:
    """Measures that the library makes for several authorities at once and this does not time."""
    timed = {name.partition(".")[0] for name in MEASURES} | SHARED_TOOLS
    found = set()
    for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_")
            if own and "by" in inspect.signature(function).parameters:
                found.add(name)
    return sorted(found - timed)
