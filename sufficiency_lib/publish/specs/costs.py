"""The tables of what placements cost.

Every amount rests on children: the gate hides the cost of a few as it hides their number, and
another cost beside it where a sum would give it away.
"""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.metrics.full_costs import COMPARED, COUNTED_BY
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

_WEEK = ("as_at", "cohort", "provider_side")
_YEAR = ("year_ending", "cohort", "provider_side")
_MEANS = ("mean_gbp_per_week", "median_gbp_per_week")
_A_NIGHT = (
    "A night is paid for at a seventh of the weekly cost; nights without a price stay in the base."
)
_MATCHED = f"The ledger and the returns are matched by child and dates. {_A_NIGHT}"
_SPENT = ("nights", "nights_priced", "spend_gbp_per_year")
_EFFECTS = ("change_gbp_per_year", "volume_gbp_per_year", "mix_gbp_per_year",
            "price_gbp_per_year")
_TWO_YEARS = ("start_gbp_per_year", "end_gbp_per_year")
_FULL_COUNTS = tuple(
    f"{side}_{count}" for side in COMPARED for count in ("children", "total_gbp_per_week")
)
_MOVED = ("agency_nights", "agency_spend_gbp_per_year", "own_nights", "own_spend_gbp_per_year")
_PLACEMENT = {"cohort": "Placement"}
_UNDER = {"provider_side": "cohort"}


def _adds_up(columns: tuple[str, ...], *by: str) -> tuple[Relation, ...]:
    """The placements of a day or year add up to the row of all of them."""
    return tuple(ColumnSum(column, by, "cohort") for column in columns)


#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "provider_side": {"all": "Whoever provides"},
    "contract": {
        "in_house": "In-house",
        "framework": "Framework",
        "block": "Block",
        "spot": "Spot",
        "not_known": "Not known",
    },
    "factor": {
        "over_20_miles": "More than 20 miles from home, against 20 miles or less",
        "three_or_more_placements": "Three or more placements in the year, against fewer",
    },
    "process": {
        "first_placement": "Deciding, and finding the first placement",
        "care_planning": "Care planning",
        "maintaining": "Maintaining the placement",
        "ceasing": "Ceasing to be looked after",
        "next_placement": "Finding the next placement",
        "review": "Review",
        "legal": "Legal",
        "leaving_care": "Transition to leaving care",
    },
    "unit_cost": {
        "all_placements": "All looked-after children",
        "fostering": "Fostering",
        "residential": "Residential care",
    },
}

_HELD = (
    TableSpec(
        id="ledger_coverage",
        title="How much of the nights the ledger prices",
        note=f"{_MATCHED} Paid for, not looked after: no placement of the returns holds the "
        "child that night, so it is in no figure of spend.",
        keys=("year_ending",),
        counts=("nights", "nights_priced", "nights_not_priced", "nights_paid_twice",
                "nights_paid_elsewhere", "nights_paid_outside"),
        derived={"coverage_pct": ("nights", "nights_priced")},
        relations=(RowSum(("nights_priced", "nights_not_priced"), "nights"),),
        labels={"nights": "All nights"},
        lift=(),
    ),
    TableSpec(
        id="weekly_costs",
        source="prices and SSDA903 returns",
        title="What placements cost a week, and whose provision they are",
        note="Children looked after on the date. The total, mean and median are of those for "
        "whose placement a price is known; £0 and z where none is.",
        keys=_WEEK,
        counts=("children", "children_priced", "children_not_priced", "total_gbp_per_week"),
        derived=dict.fromkeys(_MEANS, ("children_priced", "total_gbp_per_week")),
        relations=(
            RowSum(("children_priced", "children_not_priced"), "children"),
            *_adds_up(("children", "children_priced", "children_not_priced",
                       "total_gbp_per_week"), "as_at"),
        ),
        under=_UNDER,
        labels=_PLACEMENT,
    ),
    TableSpec(
        id="weekly_costs_by_contract",
        title="What placements cost a week, by contract",
        note="Placements on the date for which the ledger says a price.",
        keys=(*_WEEK, "contract"),
        counts=("children_priced", "total_gbp_per_week"),
        derived=dict.fromkeys(_MEANS, ("children_priced", "total_gbp_per_week")),
        relations=tuple(ColumnSum(column, _WEEK, "contract")
                        for column in ("children_priced", "total_gbp_per_week")),
        labels={**_PLACEMENT, "children_priced": "Children"},
    ),
)

_SPEND = (
    TableSpec(
        id="spend_by_year",
        title="Spend on placements in each year",
        note=f"{_A_NIGHT} £0 where no price is known.",
        keys=_YEAR,
        counts=("spend_gbp_per_year",),
        relations=_adds_up(("spend_gbp_per_year",), "year_ending"),
        under=_UNDER,
        labels=_PLACEMENT,
        across=("year_ending", "spend_gbp_per_year"),
    ),
    TableSpec(
        id="spend_in_year",
        title="Spend on placements in the year, and what a night cost",
        note=f"{_A_NIGHT} A night is what was spent by nights with a price; £0 and z where no "
        "price is known.",
        keys=_YEAR,
        counts=_SPENT,
        derived={"average_children": ("nights",), "coverage_pct": ("nights", "nights_priced"),
                 "cost_gbp_per_night": ("nights_priced", "spend_gbp_per_year")},
        relations=_adds_up(_SPENT, "year_ending"),
        under=_UNDER,
        labels={**_PLACEMENT, "nights": "Nights"},
        hide=("nights_priced",),
    ),
    TableSpec(
        id="spend_change",
        source="prices and SSDA903 returns",
        title="Why spend changed between two years",
        note="Each effect is worked at the mean of the two years, so that nothing is left over. "
        "Other placements: nights moved between kinds of placement; in one row, more or fewer "
        "of the nights were there. Prices: a night there cost more or less. Of nights with a "
        "price only; where fewer of one year's nights have one, the change is partly of that.",
        keys=("cohort", "provider_side", "start_date", "end_date"),
        counts=_TWO_YEARS,
        derived={**dict.fromkeys(_EFFECTS, _TWO_YEARS),
                 "start_coverage_pct": ("start_gbp_per_year",),
                 "end_coverage_pct": ("end_gbp_per_year",)},
        relations=tuple(
            ColumnSum(column, ("start_date", "end_date"), "cohort") for column in _TWO_YEARS
        ),
        under=_UNDER,
        labels={**_PLACEMENT, "start_date": "Year to", "end_date": "and year to"},
        hide=(*_TWO_YEARS, "start_coverage_pct", "end_coverage_pct"),
    ),
    TableSpec(
        id="dearest_placements",
        title="The most expensive placements",
        note="The dearest tenth of the placements with a price on each date, together.",
        keys=("as_at", "top_pct"),
        counts=("children_priced", "dearest_children"),
        derived=dict.fromkeys(
            ("dearest_share_pct", "dearest_mean_gbp_per_week", "others_mean_gbp_per_week"),
            ("children_priced", "dearest_children"),
        ),
        hide=("top_pct",), lift=(),
    ),
    TableSpec(
        id="cost_differences",
        title="What goes with a dearer placement",
        note="The difference of the mean weekly costs on the date, with the interval that holds "
        "it in 95 of 100 such samples, for each kind of placement with enough children on "
        "either side. An interval that holds nought shows no difference, and £0 to £0 "
        "that all are paid for alike. It is not what "
        "distance or moves cost: children who need more are placed further away and moved more.",
        keys=("factor", "cohort", "provider_side"),
        derived=dict.fromkeys(
            ("difference_gbp_per_week", "low_gbp_per_week", "high_gbp_per_week"), ()),
        labels=_PLACEMENT,
        band="factor",
    ),
)

_COMPARED = (
    TableSpec(
        id="section_251",
        title="Published weekly unit costs",
        note="What councils say they spend, by the weeks of children in that kind of placement; "
        "the Department calls them approximate. They hold overheads that a ledger does not, so "
        "they are not to be set beside the costs above. Similar councils: the median of the "
        "statistical neighbours' figures.",
        keys=("unit_cost", "financial_year", "council_gbp_per_week", "england_gbp_per_week",
              "region_gbp_per_week", "neighbours_gbp_per_week", "neighbours_known", "release"),
        lift=("financial_year", "release"),
        missing=dict.fromkeys(
            ("council_gbp_per_week", "region_gbp_per_week", "neighbours_gbp_per_week"), "x"),
        labels={"neighbours_known": "Similar councils counted"},
    ),
    TableSpec(
        id="full_unit_costs",
        title="A week in the council's own provision and in what it buys, with full costs",
        note="Placements on the date with a price. Other costs are those of the council's "
        "profile: what supporting its own carers and homes takes, or what buying takes, and the "
        "ledger does not hold.",
        keys=("placement_group",),
        counts=_FULL_COUNTS,
        derived={
            **{f"{side}{part}_gbp_per_week": (f"{side}_children", f"{side}_total_gbp_per_week")
               for side in COMPARED for part in ("", "_full")},
            **{f"{side}_items_gbp_per_week": () for side in COMPARED},
            "difference_gbp_per_week": _FULL_COUNTS,
        },
        labels={"difference_gbp_per_week": "Bought less own"},
        hide=tuple(f"{side}_total_gbp_per_week" for side in COMPARED),
    ),
    TableSpec(
        id="process_costs",
        title="The work of placing children: the eight processes",
        note="Counted in the returns: " + "; ".join(
            f"{LABELS['process'][name][:1].lower()}{LABELS['process'][name][1:]}, each {what}"
            for name, what in COUNTED_BY.items()
        ) + ". x: the profile gives no cost. Searches that came to nothing are not counted.",
        keys=("year_ending", "process", "gbp_each"),
        counts=("times",),
        derived={"spend_gbp_per_year": ("times",)},
        missing={"gbp_each": "x"},
    ),
    TableSpec(
        id="invest_to_save",
        title="If agency fostering were in-house",
        note="What the year would have cost less. The interval is how sure the two mean costs "
        "are; whether carers can be found, and whether they would cost the same, is not in it. "
        "From and to are x where all are paid for alike, as with unit costs, which do not say how "
        "sure they are.",
        keys=("year_ending", "moved_pct"),
        counts=_MOVED,
        derived=dict.fromkeys(
            ("nights_moved", "places_needed", "agency_gbp_per_week", "own_gbp_per_week",
             "saving_gbp_per_year", "low_gbp_per_year", "high_gbp_per_year", "invest_gbp",
             "payback_months"), _MOVED),
        labels={"own_gbp_per_week": "In-house, a week"},
        hide=(*_MOVED, "invest_gbp"),
    ),
)

SPECS: tuple[TableSpec, ...] = (*_HELD, *_SPEND, *_COMPARED)
