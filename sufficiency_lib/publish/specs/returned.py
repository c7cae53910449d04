"""The tables of what was read, and of how it became children."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.metrics.reconciliation import STEP_LABELS
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

_RECONCILIATION_SUMS: tuple[Relation, ...] = (
    *(
        ColumnSum(column, (), "step", "open_after_repair", **parts)
        for column in ("children", "episodes")
        for parts in (
            {"parts": ("short_breaks", "looked_after"), "known": ("looked_after",)},
            {
                "parts": ("open_in_files", "added_by_repair"),
                "less": ("ended_by_repair",),
                "keep": ("open_in_files",),
            },
        )
    ),
    ColumnSum("episodes", (), "step", "rows_read", ("unusable", "repeated", "history")),
)

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "step": STEP_LABELS,
    "severity": {
        "fatal": "Fatal: stops the run",
        "bending": "Bending: moves a figure",
        "cosmetic": "Cosmetic: read as it was meant",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="rows_read",
        title="Rows read of each table in each year’s return",
        keys=("table", "return_year"),
        counts=("rows",),
        across=("return_year", "rows"),
    ),
    TableSpec(
        id="reconciliation",
        title="From the rows of the returns to children looked after",
        note="Each step counts distinct children, and the rows of the returns that are theirs.",
        keys=("step",),
        counts=("children", "episodes"),
        relations=_RECONCILIATION_SUMS,
    ),
    TableSpec(
        id="findings_by_rule",
        title="What was found in the returns",
        keys=("severity", "finding"),
        counts=("findings",),
        labels={"findings": "Times"},
        band="severity",
    ),
    TableSpec(
        id="locations_known",
        title="Episodes whose postcodes can be placed on the map",
        note="Other: given, but not in the directory or not on the British grid.",
        keys=("end",),
        counts=("found", "blank", "other", "episodes"),
        derived={"found_pct": ("found", "episodes")},
        relations=(RowSum(("found", "blank", "other"), "episodes"),),
        labels={"end": "Postcode", "found_pct": "Found, %"},
    ),
)
