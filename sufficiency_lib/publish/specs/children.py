"""The tables of who the children are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sufficiency_lib.codes.children import (
    CEASED_LABELS,
    ETHNICITY_LABELS,
    LEGAL_STATUS_LABELS,
    NEED_FAMILY_LABELS,
    NEED_LABELS,
)
from sufficiency_lib.publish.relations import ColumnSum, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

_SEXES = ("female", "male", "not_known")
_TOGETHER = ("with_all", "with_some", "with_none", "not_known")
_MONTHS = ("median_months", "median_low_months", "median_high_months")
_STILL = ("still_pct", "still_low_pct", "still_high_pct")

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "age_group": {
        "under_1": "Under 1",
        "1_to_4": "1 to 4",
        "5_to_9": "5 to 9",
        "10_to_15": "10 to 15",
        "16_and_over": "16 and over",
        "16_to_17": "16 to 17",
        "18_and_over": "18 and over",
        "not_known": "Not known",
        "all": "All ages",
    },
    "ethnicity_group": ETHNICITY_LABELS,
    "legal_status_group": LEGAL_STATUS_LABELS,
    "category_of_need": {**NEED_LABELS, **NEED_FAMILY_LABELS},
    "uasc": {"uasc": "Unaccompanied asylum-seeking", "not_uasc": "Other children"},
    "disability": {
        "disabled": "Disabled",
        "not_disabled": "Not disabled",
        "not_known": "Not recorded",
    },
    "reason_ceased": CEASED_LABELS,
    "duration_band": {
        "under_6_months": "Under 6 months",
        "6_to_12_months": "6 months to under 1 year",
        "1_to_2_years": "1 year to under 2 years",
        "2_to_3_years": "2 years to under 3 years",
        "3_to_5_years": "3 years to under 5 years",
        "5_years_and_over": "5 years and over",
        "not_known": "Not known: since before the returns",
    },
    "sibling_group_size": {
        "2": "Two",
        "3": "Three",
        "4_and_over": "Four or more",
        "all": "All",
    },
}


def _over_time(
    when: str, table_id: str, title: str, note: str, key: str, heading: str | None = None
) -> TableSpec:
    """A table of several days or years by one key, the days or years side by side."""
    return TableSpec(
        labels={key: heading} if heading else {},
        id=table_id,
        title=title,
        note=note,
        keys=(when, key),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(ColumnSum("children", (when,), key),),
        across=(when, "children"),
    )


_of_days, _of_years = partial(_over_time, "as_at"), partial(_over_time, "year_ending")

_HOW_MANY: tuple[TableSpec, ...] = (
    TableSpec(
        id="children_looked_after",
        title="Children looked after at 31 March",
        note="Children in a series of short breaks only are left out. The rate divides by the "
        "latest mid-year estimate of children aged 0 to 17 before the date.",
        keys=("as_at", "population_0_17", "estimate_year"),
        counts=("children",),
        derived={"rate_per_10000": ("children",)},
        missing={"population_0_17": "x", "estimate_year": "x"},
        hide=("estimate_year",),
    ),
    TableSpec(
        id="looked_after_by_month",
        title="Children looked after at the end of each month",
        note="Children in a series of short breaks only are left out.",
        keys=("as_at",),
        counts=("children",),
    ),
    TableSpec(
        id="started_and_ceased",
        title="Children who started and who ceased to be looked after",
        keys=("year_ending",),
        counts=("started", "ceased"),
    ),
    TableSpec(
        id="edge_of_care",
        title="Children at the edge of care",
        note="The council's own counts, per 10,000 children aged 0 to 17 by the latest mid-year "
        "estimate before the date. A child may be in several groups.",
        keys=("as_at", "at_the_edge", "population_0_17", "estimate_year"),
        counts=("children",),
        derived={"rate_per_10000": ("children",)},
        missing={"population_0_17": "x", "estimate_year": "x"},
        hide=("population_0_17", "estimate_year"),
        labels={"rate_per_10000": "Rate per 10,000"},
    ),
)

_WHO: tuple[TableSpec, ...] = (
    TableSpec(
        id="children_by_age",
        title="Children looked after by age and sex",
        note="Age in completed years on the date.",
        keys=("as_at", "age_group"),
        counts=(*_SEXES, "children", "aged_18_and_over"),
        derived={"share_pct": ("children",)},
        relations=(
            RowSum(_SEXES, "children"),
            RowSum(("aged_18_and_over",), "children"),
            *(ColumnSum(column, ("as_at",), "age_group") for column in (*_SEXES, "children")),
        ),
        labels={"not_known": "Sex not known", "children": "All"},
        hide=("aged_18_and_over",),
    ),
    _of_days(
        "children_by_ethnicity",
        "Children looked after by ethnicity",
        "DfE's main groups.",
        "ethnicity_group",
    ),
    _of_days(
        "children_by_legal_status",
        "Children looked after by legal status",
        "The legal status on the date, in DfE's groups.",
        "legal_status_group",
    ),
    _of_days(
        "children_by_need",
        "Children looked after by category of need",
        "The main reason for which the child started to be looked after, as recorded then.",
        "category_of_need",
    ),
    _of_days(
        "children_by_uasc",
        "Unaccompanied asylum-seeking children looked after",
        "Those who were unaccompanied asylum-seeking children on the date.",
        "uasc",
        heading="Children",
    ),
    TableSpec(
        id="children_by_disability",
        title="Children looked after by disability",
        note="As the council records it; the statistical return does not say who is disabled. "
        "Children for whom nothing is recorded stay in the base of the shares.",
        keys=("as_at", "disability"),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(ColumnSum("children", ("as_at",), "disability"),),
    ),
    TableSpec(
        id="siblings",
        title="Children looked after with brothers or sisters, and whom they live with",
        note="Children, and not families: two for each pair. Together means the same placement "
        "postcode and provider, and the same Ofsted number where both give one. Not known: a "
        "placement postcode is missing; those children stay in the base of the share.",
        keys=("as_at", "sibling_group_size"),
        counts=("children", *_TOGETHER),
        derived={"with_all_pct": ("with_all", "children")},
        relations=(
            RowSum(_TOGETHER, "children", keep=("with_all",)),
            *(
                ColumnSum(column, ("as_at",), "sibling_group_size", total="all")
                for column in ("children", *_TOGETHER)
            ),
        ),
        labels={
            "with_all_pct": "With all, %",
            "sibling_group_size": "Brothers and sisters in care",
        },
    ),
)

_FLOWS: tuple[TableSpec, ...] = (
    _of_years(
        "started_by_age",
        "Children who started to be looked after, by age",
        "Age on the day. A child who started more than once in a year is counted at the first.",
        "age_group",
    ),
    _of_years(
        "started_by_need",
        "Children who started to be looked after, by category of need",
        "The main reason, as recorded at the start; the rarer needs are put together. A child "
        "who started more than once in a year is counted at the first.",
        "category_of_need",
    ),
    _of_years(
        "ceased_by_age",
        "Children who ceased to be looked after, by age",
        "Age on the day; most who are 18 leave on their birthday. A child who ceased more than "
        "once in a year is counted at the last.",
        "age_group",
    ),
    _of_years(
        "ceased_by_reason",
        "Children who ceased to be looked after, by reason",
        "A child who ceased more than once in a year is counted at the last. Not known, in no "
        "later return: an older return has the child still looked after and no later one has "
        "the child at all, so that care is taken to have ended by its 31 March.",
        "reason_ceased",
    ),
)

_HOW_LONG: tuple[TableSpec, ...] = (
    _of_days(
        "time_looked_after",
        "Children looked after by how long they have been",
        "In this period of care, up to the date.",
        "duration_band",
    ),
    _of_years(
        "duration_on_leaving",
        "Children who ceased to be looked after, by how long they had been",
        "Their latest period of care.",
        "duration_band",
    ),
    TableSpec(
        id="length_of_stay",
        title="How long periods of care last, by age at the start",
        note="The median is the time by which half of those who started have left, with its 95% "
        "interval; children still looked after count for as long as they have been. It is x "
        "where half have not left yet, or where fewer than 20 periods started.",
        keys=("age_group",),
        counts=("periods_ended",),
        derived={column: ("periods_ended",) for column in _MONTHS},
        relations=(ColumnSum("periods_ended", (), "age_group", total="all"),),
        labels={"age_group": "Age at the start"},
    ),
    TableSpec(
        id="still_looked_after",
        title="The share who are still looked after, by time from the start",
        note="Of the periods of care that started within the returns, with the 95% interval. "
        "Times for which no child could be followed yet are left out.",
        keys=("after_months", "care_periods"),
        counts=("followed",),
        derived={column: ("followed",) for column in _STILL},
        hide=("care_periods",),
    ),
    TableSpec(
        id="turning_ages",
        title="Children looked after now who turn 16 and 18 in each of the next years",
        note="A count of today's children as if none left and none came: no forecast.",
        keys=("as_at", "year_ending", "years_ahead"),
        counts=("turning_16", "turning_18"),
        # Who turns 18 in the first two years is 16 or 17 now, whom the table of ages prints.
        relations=(ColumnSum("turning_18", ("as_at",), "years_ahead", parts=("1", "2")),),
        hide=("years_ahead",),
    ),
)

SPECS: tuple[TableSpec, ...] = (*_HOW_MANY, *_WHO, *_FLOWS, *_HOW_LONG)
