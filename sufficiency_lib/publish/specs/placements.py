"""The tables of where and with whom children live."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS, PROVIDER_LABELS
from sufficiency_lib.metrics.pairs import SECTORS
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

_CHANGES = {
    "change": ("start_children", "end_children"),
    "change_pct": ("start_children", "end_children"),
}
_CHANGE_LABELS = {
    "start_children": "Start",
    "end_children": "End",
    "change": "Change",
    "change_pct": "Change, %",
}

_CHANGE_NOTE = "The percentage is of the number at the start; z where that is 0."
_NIGHTS_NOTE = (
    "A night counts for the placement the child slept in. A child in one placement for a whole "
    "year sleeps 365 nights there, 366 in a leap year."
)

_SPLIT = ("kinship", "in_house", "ifa", "other_public")
_SPLIT_SHARES = {
    "in_house_pct": ("in_house", "ifa"),
    "in_house_incl_kinship_pct": ("kinship", "in_house", "ifa"),
}
_SPLIT_LABELS = {
    "ifa": "Agency (IFA)",
    "in_house_pct": "In-house share",
    "in_house_incl_kinship_pct": "Share with kinship",
}

_SECTORS = tuple(SECTORS)

#: The young people fostered are in two tables, that by age and that of the over-16s, so
#: neither hides them for the sake of others.
_FOSTERED = ("kinship", "fostering_in_house", "fostering_ifa")


def _sector_sums(
    whole: str, when: str, known: tuple[str, ...] = ()
) -> tuple[Relation, ...]:
    """The sectors add up to the row, and the cohorts to the total.

    known  the cohorts that another table prints too
    """
    return (
        RowSum(_SECTORS, whole),
        *(ColumnSum(column, (when,), "cohort", known=known) for column in (*_SECTORS, whole)),
    )


def _change_sums(key: str) -> tuple[Relation, ...]:
    """All placements add up to children looked after at both dates."""
    return tuple(ColumnSum(column, ("start_date", "end_date"), key)
                 for column in ("start_children", "end_children"))


#: The providers of a group add up to the group's own number only at the end, which other tables
#: print.
_CHANGE_SUMS: tuple[Relation, ...] = (
    *_change_sums("placement_group"),
    ColumnSum("end_children", ("start_date", "end_date", "placement_group"), "provider"),
)

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "placement_group": {
        **PLACEMENT_GROUP_LABELS,
        "all": "All placements",
        "total": "Total",
    },
    "cohort": {
        "kinship": "Fostering with relatives or friends",
        "fostering_other": "Fostering, other public or not recorded",
        "elsewhere": "Elsewhere",
        "total": "All placements",
    },
    "provider": {**PROVIDER_LABELS, "all": "All providers", "total": "All providers"},
    "basis": {
        "children": "Children on the date",
        "bed_nights": "Nights slept",
        "new_placements": "New placements",
    },
    "arrangement": {
        "other_placements": "In other placements (codes Z1, Z11 to Z14)",
        "under_16_supported": "Under 16 and in supported accommodation",
        "home_without_urn": "In a children's home without an Ofsted number",
        "supported_without_urn": "In supported accommodation without an Ofsted number",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="placement_mix",
        title="Children looked after by placement and provider",
        note="The share is of all children looked after on the date.",
        keys=("as_at", "placement_group", "provider"),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(
            ColumnSum("children", ("as_at",), "placement_group"),
            ColumnSum("children", ("as_at", "placement_group"), "provider", latest="as_at"),
        ),
        across=("as_at", "children"),
    ),
    TableSpec(
        id="placements_by_group",
        title="Children looked after by placement",
        note="In-house fostering is by the authority's own carers, agency fostering by private and "
        "voluntary providers. The workbook says of every placement whose provision it is.",
        keys=("as_at", "cohort"),
        counts=(*_SECTORS, "children"),
        derived={"share_pct": ("children",)},
        relations=_sector_sums("children", "as_at"),
        labels={"cohort": "Placement"},
        across=("as_at", "children"),
    ),
    TableSpec(
        id="placements_by_sector",
        title="Children looked after by placement, and whose provision it is",
        note="Other public provision is another authority's, or that of the health service and "
        "the like. The share is of all children looked after on the date.",
        keys=("as_at", "cohort"),
        counts=(*_SECTORS, "children"),
        derived={"share_pct": ("children",)},
        relations=_sector_sums("children", "as_at"),
        labels={"cohort": "Placement", "children": "All"},
    ),
    TableSpec(
        id="placement_mix_dfe",
        title="Children looked after by DfE's placement groups",
        note="DfE's groups: foster placements hold kinship, and temporary placements are in "
        "other placements. The share is of all children looked after on the date.",
        keys=("as_at", "dfe_placement_group"),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(ColumnSum("children", ("as_at",), "dfe_placement_group"),),
    ),
    TableSpec(
        id="new_placements",
        title="New placements made in each year, by placement and provider",
        note="A stay with a carer that began in the year. A child placed twice counts twice; "
        "a change of legal status, or of address with the same carer, does not count.",
        keys=("year_ending", "placement_group", "provider"),
        counts=("starts",),
        relations=(
            ColumnSum("starts", ("year_ending",), "placement_group"),
        ),
        across=("year_ending", "starts"),
    ),
    TableSpec(
        id="new_placements_by_group",
        title="New placements made in each year",
        note="A stay with a carer that began in the year. A child placed twice counts twice. The "
        "workbook says of every placement whose provision it is.",
        keys=("year_ending", "cohort"),
        counts=(*_SECTORS, "starts"),
        derived={"share_pct": ("starts",)},
        relations=_sector_sums("starts", "year_ending"),
        labels={"cohort": "Placement"},
        across=("year_ending", "starts"),
    ),
    TableSpec(
        id="new_placements_by_sector",
        title="New placements made in the year, and whose provision they are",
        note="A stay with a carer that began in the year. A child placed twice counts twice.",
        keys=("year_ending", "cohort"),
        counts=(*_SECTORS, "starts"),
        derived={"share_pct": ("starts",)},
        relations=_sector_sums("starts", "year_ending"),
        labels={"cohort": "Placement", "starts": "All", "share_pct": "Share of new placements"},
    ),
    TableSpec(
        id="sixteen_plus",
        title="Where young people aged 16 and over live, and whose provision it is",
        note="Age in completed years on the date. The share is of all aged 16 and over. "
        "Elsewhere is with parents, in residential schools, secure homes and every other "
        "placement.",
        keys=("as_at", "cohort"),
        counts=(*_SECTORS, "children"),
        derived={"share_pct": ("children",)},
        relations=_sector_sums("children", "as_at", _FOSTERED),
        labels={"cohort": "Placement", "children": "All"},
    ),
    TableSpec(
        id="unregistered_and_other",
        title="Other placements, and placements without a registration",
        note="Other placements take in unregistered settings. Nobody under 16 may be placed in "
        "supported accommodation since 9 September 2021 (SI 2021/161). Supported accommodation "
        "must be registered since 28 October 2023 (SI 2023/416); a provider that had applied "
        "by then may go on until the answer. No Ofsted number means that the return has none, "
        "or XXXXXXX. A child may be in several rows, so they do not add up.",
        keys=("arrangement", "year_ending"),
        counts=("children_at_year_end", "children_in_year", "nights"),
    ),
    TableSpec(
        id="placement_change",
        title="Change in placements between two dates, by provider",
        note=_CHANGE_NOTE,
        keys=("placement_group", "provider", "start_date", "end_date"),
        counts=("start_children", "end_children"),
        derived=_CHANGES,
        labels=_CHANGE_LABELS,
        relations=_CHANGE_SUMS,
    ),
    TableSpec(
        id="placement_change_by_group",
        title="Change in placements between two dates, whoever provides",
        note=_CHANGE_NOTE,
        keys=("placement_group", "start_date", "end_date"),
        counts=("start_children", "end_children"),
        derived=_CHANGES,
        relations=_change_sums("placement_group"),
        labels=_CHANGE_LABELS,
    ),
    TableSpec(
        id="placement_change_by_cohort",
        title="Change in placements between two dates",
        note=_CHANGE_NOTE,
        keys=("cohort", "start_date", "end_date"),
        counts=("start_children", "end_children"),
        derived=_CHANGES,
        relations=_change_sums("cohort"),
        labels={"cohort": "Placement", **_CHANGE_LABELS},
    ),
    TableSpec(
        id="fostering_split",
        title="Fostering: in-house and independent fostering agencies",
        note="In-house is fostering by the authority's own carers, agency is private and "
        "voluntary providers, and kinship is fostering by relatives or friends whom the "
        "authority approved. The in-house share is given without and with kinship, because "
        "the two differ widely.",
        keys=("basis", "period"),
        counts=_SPLIT,
        derived=_SPLIT_SHARES,
        labels=_SPLIT_LABELS,
        band="basis",
    ),
    TableSpec(
        id="fostering_split_by_age",
        title="Fostering by age: in-house and independent fostering agencies",
        note="Children on the date, in the age they had reached. In-house, agency and kinship "
        "are as in the table above.",
        keys=("as_at", "age_group"),
        counts=_SPLIT,
        derived=_SPLIT_SHARES,
        relations=tuple(
            ColumnSum(column, ("as_at",), "age_group", known=("16_and_over",))
            for column in _SPLIT
        ),
        labels=_SPLIT_LABELS,
    ),
    TableSpec(
        id="bed_nights",
        title="Nights slept by placement and provider",
        note=_NIGHTS_NOTE,
        keys=("year_ending", "placement_group", "provider"),
        counts=("nights",),
        relations=(ColumnSum("nights", ("year_ending",), "placement_group"),),
        across=("year_ending", "nights"),
    ),
    TableSpec(
        id="bed_nights_by_cohort",
        title="Nights slept by placement",
        note=_NIGHTS_NOTE,
        keys=("year_ending", "cohort"),
        counts=("nights",),
        relations=(ColumnSum("nights", ("year_ending",), "cohort"),),
        labels={"cohort": "Placement"},
        across=("year_ending", "nights"),
    ),
    TableSpec(
        id="bed_nights_by_month",
        title="Nights slept by placement, month by month",
        note="Children on an average night are the nights divided by the days of the month.",
        keys=("cohort", "month"),
        counts=("nights",),
        derived={"average_children": ("nights",)},
        relations=(
            ColumnSum("nights", ("cohort",)),
            ColumnSum("nights", ("month",), "cohort"),
        ),
        labels={"cohort": "Placement"},
    ),
)
