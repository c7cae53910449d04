"""The tables of where and with whom children live."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS, PROVIDER_LABELS
from sufficiency_lib.publish.relations import ColumnSum, Relation
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

#: All placements add up to children looked after at both dates; the providers of a group add
#: up to the group's own number only at the end, which other tables print.
_CHANGE_SUMS: tuple[Relation, ...] = (
    ColumnSum("start_children", ("start_date", "end_date"), "placement_group"),
    ColumnSum("end_children", ("start_date", "end_date"), "placement_group"),
    ColumnSum("end_children", ("start_date", "end_date", "placement_group"), "provider"),
)

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "placement_group": {**PLACEMENT_GROUP_LABELS, "all": "All placements", "total": "Total"},
    "provider": {**PROVIDER_LABELS, "all": "All providers", "total": "All providers"},
    "basis": {
        "children": "Children on the date",
        "bed_nights": "Nights slept",
        "new_placements": "New placements",
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
        id="placement_change",
        title="Change in placements between two dates",
        note="The percentage is of the number at the start; z where that is 0.",
        keys=("placement_group", "provider", "start_date", "end_date"),
        counts=("start_children", "end_children"),
        derived=_CHANGES,
        labels=_CHANGE_LABELS,
        relations=_CHANGE_SUMS,
    ),
    TableSpec(
        id="placement_change_by_group",
        title="Change in placements between two dates, whoever provides",
        note="The percentage is of the number at the start; z where that is 0.",
        keys=("placement_group", "start_date", "end_date"),
        counts=("start_children", "end_children"),
        derived=_CHANGES,
        relations=tuple(
            ColumnSum(column, ("start_date", "end_date"), "placement_group")
            for column in ("start_children", "end_children")
        ),
        labels=_CHANGE_LABELS,
    ),
    TableSpec(
        id="fostering_split",
        title="Fostering: in-house and independent fostering agencies",
        note="In-house is fostering by the authority's own carers, agency is private and "
        "voluntary providers, and kinship is fostering by relatives or friends whom the "
        "authority approved. The in-house share is given without and with kinship, because "
        "the two differ widely.",
        keys=("basis", "period"),
        counts=("kinship", "in_house", "ifa", "other_public"),
        derived={
            "in_house_pct": ("in_house", "ifa"),
            "in_house_incl_kinship_pct": ("kinship", "in_house", "ifa"),
        },
        labels={
            "ifa": "Agency (IFA)",
            "in_house_pct": "In-house share",
            "in_house_incl_kinship_pct": "Share with kinship",
        },
        band="basis",
    ),
    TableSpec(
        id="bed_nights",
        title="Nights slept by placement and provider",
        note="A night counts for the placement the child slept in. A child in one placement "
        "for a whole year sleeps 365 nights there, 366 in a leap year.",
        keys=("year_ending", "placement_group", "provider"),
        counts=("nights",),
        relations=(ColumnSum("nights", ("year_ending",), "placement_group"),),
        across=("year_ending", "nights"),
    ),
)
