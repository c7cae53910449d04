"""The tables of the forecast.

A forecast is no count, but a month ahead it nearly is one. So every row carries the children on
whom it rests, and its figures are hidden with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sufficiency_lib.codes.children import NEED_FAMILY_LABELS
from sufficiency_lib.publish.relations import ColumnSum
from sufficiency_lib.publish.specs import locality
from sufficiency_lib.publish.specs.spec import TableSpec
from sufficiency_lib.publish.specs.sums import placement_sums

_FIGURES = ("mean", "p10", "p50", "p90")
_NIGHTS = tuple(f"{name}_nights" for name in _FIGURES)
_BY_MONTH = tuple(f"{name}_gbp_per_month" for name in _FIGURES)
_BY_YEAR = tuple(f"{name}_gbp_per_year" for name in _FIGURES)
_PEAKS = ("largest_month_p50", "largest_month_p90", "largest_month_p95")
_STANDBY = tuple(
    f"{kind}_{share}" for kind in ("places_hold", "standby", "short") for share in (90, 95)
)
_VALUES = ("value_p10", "value_p50", "value_p90")

_RANGE = (
    "P50 is the middle future: half of them are at or below it. Eight futures in ten lie between "
    "P10 and P90. Today is the number of children on whom the row rests."
)
_NO_CHANGE = "No change means that children come, move and leave as they did in the returns."
_FILE = "The file has every placement."
_FILE_OF_ALL = "The file has every year, placement and scenario."
_FILE_OF_YEARS = "The file has every year and placement."
_PRICES = (
    "Bed nights times the weekly cost of each kind of placement, in the prices of the first "
    "date, to the nearest £1,000: no rise in prices is in it."
)


def _rests(figures: tuple[str, ...], on: str = "children_today") -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(figures, (on,))


def _by_placement(
    table_id: str, title: str, note: str, when: str, figures: tuple[str, ...],
    hide: tuple[str, ...] = (),
) -> TableSpec:
    """Scenario by scenario, date by date, placement by placement."""
    return TableSpec(
        id=table_id, title=title, note=note, keys=("scenario", when, "placement_group"),
        counts=("children_today",), derived=_rests(figures),
        relations=placement_sums(["children_today"], ("scenario", when)), hide=hide,
        lift=("scenario",), band=when, labels={"placement_group": "Placement"},
    )


#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "placement_group": {
        "fostering_in_house": "Fostering, in-house",
        "fostering_ifa": "Fostering, independent agency",
    },
    "scenario": {"no_change": "No change"},
    "line": {"history": "What was", "no_change": "No change", "backtest": "Past forecasts"},
    "provider_side": {
        side: locality.LABELS["provider_group"][sector]
        for side, sector in (("own", "own_provision"), ("public", "public_provision"),
                             ("independent", "independent_provision"), ("none", "no_provider"))
    },
    "cost_source": {
        "ledger": "The ledger",
        "profile": "The profile",
        "ledger_nearest": "The ledger, the same placement with other providers",
        "not_costed": "Not given",
    },
    "capacity_source": {"profile": "The profile", "carers": "Carers approved"},
    "need_family": NEED_FAMILY_LABELS,
}

_CHILDREN = (
    _by_placement("forecast", "Forecast of children by placement, month by month",
                  f"{_RANGE} {_NO_CHANGE}", "date", _FIGURES),
    _by_placement("forecast_by_year", "Forecast of children by placement",
                  f"{_RANGE} {_NO_CHANGE} {_FILE_OF_ALL}", "date", _FIGURES, ("mean",)),
    _by_placement("forecast_nights", "Forecast of bed nights by placement, month by month",
                  f"{_RANGE} {_NO_CHANGE}", "date", _NIGHTS),
    _by_placement("forecast_nights_by_year", "Forecast of bed nights by placement",
                  f"{_RANGE} The range is that of the year's nights. {_FILE_OF_ALL}",
                  "year_ending", _NIGHTS, ("mean_nights",)),
    _by_placement("forecast_spend", "Forecast of spend by placement, month by month",
                  f"{_PRICES} {_RANGE}", "date", _BY_MONTH),
    _by_placement("forecast_spend_by_year", "Forecast of spend by placement",
                  f"{_PRICES} {_RANGE} {_FILE_OF_ALL}", "year_ending", _BY_YEAR,
                  ("mean_gbp_per_year",)),
    TableSpec(
        id="forecast_scenarios",
        title="What each scenario would make of the number of children",
        note="Against no change is the mean of the futures less that without a change. A scenario "
        f"says what would follow if it came true, not that it will. {_FILE_OF_YEARS}",
        keys=("placement_group", "date", "scenario"),
        counts=("children_today",),
        derived=_rests((*_FIGURES, "difference_children")),
        hide=("mean",), lift=(),
    ),
    TableSpec(
        id="forecast_scenario_spend",
        title="What each scenario would make of spend",
        note=f"{_PRICES} What it would take to bring a scenario about is not in it. "
        f"{_FILE_OF_YEARS}",
        keys=("placement_group", "year_ending", "scenario"),
        counts=("children_today",),
        derived=_rests((*_BY_YEAR, "difference_gbp_per_year")),
        hide=("mean_gbp_per_year", "children_today"), lift=("placement_group",),
    ),
    TableSpec(
        id="forecast_unit_costs",
        title="The weekly costs that the spend rests on",
        note="Of places paid for on the first date; c where fewer placements stand behind it "
        "than may be shown.",
        keys=("placement_group", "provider_side", "cost_source"),
        counts=("children_today",),
        derived=_rests(("cost_gbp_per_week",)),
        relations=(ColumnSum("children_today"),),
    ),
)

_PROOF = (
    TableSpec(
        id="forecast_with_history",
        title="Children looked after: what was, what may come, and what past forecasts said",
        note=f"{_RANGE} z: a past day has no range, and a day to come no count.",
        keys=("placement_group", "line", "origin", "date"),
        counts=("children", "children_at_start"),
        derived=_rests(("p10", "p50", "p90"), "children_at_start"),
        relations=tuple(
            ColumnSum(column, ("line", "origin", "date"), "placement_group", "all")
            for column in ("children", "children_at_start")
        ),
        lift=("placement_group",), band="line",
    ),
    TableSpec(
        id="forecast_backtest",
        title="What past forecasts said, and what came",
        note=f"Each forecast was made again with only what was known on its day. {_FILE}",
        keys=("origin", "date", "horizon_months", "placement_group"),
        counts=("same_as_today", "actual"),
        derived=_rests(("straight_line", "mean", "p10", "p50", "p90"), "same_as_today"),
        relations=tuple(
            ColumnSum(column, ("origin", "horizon_months"), "placement_group", "all")
            for column in ("actual", "same_as_today")
        ),
        hide=("mean", "horizon_months"), lift=("placement_group",),
        labels={"date": "Forecast for", "placement_group": "Placement"},
        missing={"straight_line": "z"},
    ),
    TableSpec(
        id="forecast_accuracy",
        title="How far off past forecasts were",
        note="Errors are of the middle future, on average over the forecasts, as a percentage of "
        "what came. An 80% interval should hold 80 times in a hundred; with few forecasts it "
        f"cannot be told from 60 or 100. {_FILE}",
        keys=("horizon_months", "placement_group", "forecasts"),
        derived={"error_pct": (), "same_as_today_error_pct": (), "straight_line_error_pct": (),
                 "held_pct": ()},
        lift=(), labels={"placement_group": "Placement"},
    ),
)

_UNEXPECTED = (
    TableSpec(
        id="unexpected_demand",
        title="The fullest month of a year, and the chance that it passes the places there are",
        note="Half, 90% and 95% of futures stay at or below the number all year. Without a "
        f"number of places there is no chance to give. {_FILE_OF_YEARS}",
        keys=("placement_group", "year_ending", "capacity_places", "capacity_source"),
        counts=("children_today",),
        derived=_rests((*_PEAKS, "chance_over_capacity_pct")),
        relations=placement_sums(["children_today"], ("year_ending",)),
        lift=(), band="year_ending", missing={"capacity_places": "x"}, hide=("capacity_source",),
    ),
    TableSpec(
        id="standby_places",
        title="Places that hold 90% and 95% of futures, and how many stand by for it",
        note="Standby is what those places are more than the usual number of children. Short is "
        f"what today's places are fewer. {_FILE_OF_YEARS}",
        keys=("placement_group", "year_ending", "capacity_places"),
        counts=("children_today",),
        derived=_rests(("usual_children", *_STANDBY)),
        relations=placement_sums(["children_today"], ("year_ending",)),
        lift=(), band="year_ending", missing={"capacity_places": "x"},
        hide=("short_95", "capacity_places"),
    ),
)

_COHORTS = (
    TableSpec(
        id="forecast_cohorts",
        title="Young people who turn 16 and 18 while looked after",
        note="The forecast counts who will have come by then and leaves out who will have left; "
        "beside it stand the children of today alone.",
        keys=("turning_age", "year_ending", "years_ahead"),
        counts=("todays_children",),
        derived=_rests(_FIGURES, "todays_children"),
        hide=("years_ahead", "mean"), lift=(),
    ),
    TableSpec(
        id="forecast_needs",
        title="Children by the need for which they came into care",
        note=f"{_RANGE} The need is carried with the child from the first day.",
        keys=("date", "need_family"),
        counts=("children_today",),
        derived=_rests(_FIGURES),
        relations=(ColumnSum("children_today", ("date",), "need_family"),),
        hide=("mean",), lift=(), band="date",
    ),
    TableSpec(
        id="forecast_uasc",
        title="Unaccompanied asylum-seeking children",
        note=f"{_RANGE} They are part of all children. How many come depends on the national "
        "transfer scheme more than on anything that the returns tell.",
        keys=("date", "uasc"),
        counts=("children_today",),
        derived=_rests(_FIGURES),
        hide=("mean", "uasc"), lift=(),
    ),
    TableSpec(
        id="forecast_targets",
        title="The council's targets in each scenario",
        note="Where the measure would stand on the target's day, and the share of futures that "
        "meet it. In-house and agency are the children on whom it rests today.",
        keys=("metric", "label", "target_date", "scenario", "target", "unit"),
        counts=("in_house", "ifa"),
        derived=dict.fromkeys((*_VALUES, "chance_met_pct"), ("in_house", "ifa")),
        hide=("metric", "unit"), lift=("label", "target_date"), row_unit=("target", *_VALUES),
    ),
)

SPECS: tuple[TableSpec, ...] = tuple(
    replace(spec, is_drawn=True) for spec in (*_CHILDREN, *_PROOF, *_UNEXPECTED, *_COHORTS)
)
