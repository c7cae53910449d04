"""The tables of published figures beside local ones, and of the headline."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.relations import RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "unit": {"percent": "%", "per_10000": "per 10,000"},
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="headline",
        title="Headline measures",
        note="No rate stands without its rule. A comparator carries the release it is from.",
        keys=("metric", "label", "unit", "rule", "target", "comparator", "comparator_release"),
        lift=(),
        row_unit=("value", "target", "comparator"),
        missing={"numerator": "z", "denominator": "z", "target": "z", "comparator": "x"},
        under={"rule": "label", "comparator_release": "comparator"},
        counts=("numerator", "denominator"),
        derived={"value": ("numerator", "denominator")},
        counts_when={"value": ("unit", ("children", "episodes", "placements", "nights"))},
        relations=(RowSum(("numerator",), "denominator"),),
        hide=("metric", "unit"),
    ),
)
