"""The tables of how near to home children live."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS, PLACEMENT_GROUPS
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum, SameValue
from sufficiency_lib.publish.specs.spec import TableSpec

_COHORT_COUNTS = ("children", "within", "beyond", "not_known")

_SPLIT = ("fostering_in_house", "fostering_ifa")

_LOCALITY_SUMS: tuple[Relation, ...] = (
    RowSum(("within", "beyond", "not_known"), "children", keep=("within",)),
    *(ColumnSum(c, ("rule",), "cohort", "all", PLACEMENT_GROUPS) for c in _COHORT_COUNTS),
    # Where another authority fosters a few of the children, it is the total that goes: the
    # two parts say what it would, and councils are judged on them.
    *(
        ColumnSum(c, ("rule",), "cohort", "fostering", _SPLIT, keep=_SPLIT, total_first=True)
        for c in _COHORT_COUNTS
    ),
    SameValue("children", ("cohort",)),
)

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "cohort": {
        **PLACEMENT_GROUP_LABELS,
        "all": "All children looked after",
        "fostering_in_house": "Fostering, in-house",
        "fostering_ifa": "Fostering, independent agency",
    },
    "distance_band": {
        "le_20": "20 miles or less",
        "gt_20": "More than 20 miles",
        "not_known": "Not known",
    },
    "boundary": {
        "inside": "Inside the authority",
        "outside": "Outside the authority",
        "not_known": "Not known",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="locality",
        title="Children placed locally",
        note="The rate of all keeps children whose distance is not known in the base; the rate "
        "of known leaves them out.",
        keys=("rule", "cohort"),
        counts=_COHORT_COUNTS,
        derived={
            "rate_pct": ("within", "children"),
            "rate_of_known_pct": ("within", "beyond"),
        },
        relations=_LOCALITY_SUMS,
        labels={"cohort": "Placement", "rate_pct": "Of all", "rate_of_known_pct": "Of known"},
        band="rule",
    ),
    TableSpec(
        id="distance_by_boundary",
        title="Children by distance from home, inside and outside the authority",
        note="Distance is a straight line from the child's home to the placement, to one "
        "decimal of a mile. Not known stays in the base of every share.",
        keys=("boundary", "distance_band"),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(
            ColumnSum("children"),
            ColumnSum("children", ("boundary",), "distance_band"),
            ColumnSum("children", ("distance_band",), "boundary"),
        ),
    ),
    TableSpec(
        id="placement_authorities",
        title="Children by the authority they are placed in",
        note="The share is of all children looked after on the date.",
        keys=("placement_authority",),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(ColumnSum("children"),),
        labels={"placement_authority": "Placed in"},
    ),
)
