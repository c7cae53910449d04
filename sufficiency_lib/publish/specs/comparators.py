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
        named_by=("metric", "rule"),
    ),
    TableSpec(
        id="comparators",
        title="The authority's figures beside the published ones",
        note="The first figures are the authority's own, from its returns; the others are "
        "published, in whole numbers, and are never of this authority. Similar councils: the "
        "median of the published figures of its statistical neighbours; a small one that is "
        "suppressed is left out, which lifts the median, and fewer than five make none. Only "
        "measures on the Department's own definition are here. Those of a year are of the year "
        "that ends on the date.",
        keys=("metric", "label", "unit", "england", "region", "neighbours", "neighbours_known",
              "release"),
        lift=("release",),
        row_unit=("value", "england", "region", "neighbours"),
        missing={"value": "x", "denominator": "x", "numerator": "x"},
        under={"release": "label"},
        counts=("numerator", "denominator"),
        derived={"value": ("numerator", "denominator")},
        relations=(RowSum(("numerator",), "denominator"),),
        labels={"value": "This authority", "numerator": "Number", "denominator": "Of",
                "neighbours_known": "Similar councils counted"},
        hide=("metric", "unit"),
    ),
)
