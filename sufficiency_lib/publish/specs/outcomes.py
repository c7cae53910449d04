"""The tables of stability, health, leaving care and adoption."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.relations import RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "measure": {
        "three_or_more_placements": "Three or more placements in the year",
        "same_carer_2_years": "With the same carer for two years or more",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="stability",
        title="Stability of placements",
        keys=("measure",),
        counts=("numerator", "denominator"),
        derived={"rate_pct": ("numerator", "denominator")},
        relations=(RowSum(("numerator",), "denominator"),),
    ),
)
