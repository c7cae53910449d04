"""The tables of who the children are."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

#: All placements add up to children looked after at both dates; the providers of a group add
#: up to the group's own number only at the end, which other tables print.
_CHANGE_SUMS: tuple[Relation, ...] = (
    ColumnSum("start_children", ("start_date", "end_date"), "placement_group"),
    ColumnSum("end_children", ("start_date", "end_date"), "placement_group"),
    ColumnSum("end_children", ("start_date", "end_date", "placement_group"), "provider"),
)

_SEXES = ("female", "male", "not_known")

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "age_group": {
        "under_1": "Under 1",
        "1_to_4": "1 to 4",
        "5_to_9": "5 to 9",
        "10_to_15": "10 to 15",
        "16_and_over": "16 and over",
        "not_known": "Not known",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="children_looked_after",
        title="Children looked after at 31 March",
        note="Children in a series of short breaks only are left out. The rate divides by the "
        "latest mid-year estimate of children aged 0 to 17 before the date.",
        keys=("as_at", "population_0_17"),
        counts=("children",),
        derived={"rate_per_10000": ("children",)},
        missing={"population_0_17": "x"},
    ),
    TableSpec(
        id="children_by_age",
        title="Children looked after by age and sex",
        keys=("as_at", "age_group"),
        counts=(*_SEXES, "children"),
        derived={"share_pct": ("children",)},
        relations=(
            RowSum(_SEXES, "children"),
            *(ColumnSum(column, ("as_at",), "age_group") for column in (*_SEXES, "children")),
        ),
        labels={"not_known": "Sex not known", "children": "All"},
    ),
    TableSpec(
        id="started_and_ceased",
        title="Children who started and who ceased to be looked after",
        keys=("year_ending",),
        counts=("started", "ceased"),
    ),
)
