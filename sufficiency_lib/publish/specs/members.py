"""The tables of a consortium's members side by side: each measure's own, a member at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs import children, locality, outcomes, placements
from sufficiency_lib.publish.specs.spec import TableSpec

LABELS: Mapping[str, Mapping[str, str]] = {
    "member": {"all": "All members"},
    "placed_in": {
        "own_area": "The member's own area",
        "other_members_area": "Another member's area",
        "outside": "Outside every member's area",
        "not_known": "Not known",
    },
}

_OF_ONE = {
    spec.id: spec for room in (children, locality, outcomes, placements) for spec in room.SPECS
}


def _within_member(relation: Relation) -> Relation:
    """A sum of the measure's own table, which holds for each member."""
    if isinstance(relation, RowSum):
        return relation
    return replace(relation, by=("member", *relation.by))


def _beside(table_id: str, of: str, title: str, **changed: object) -> TableSpec:
    """A measure's table with a row for each member, who add up to all of them."""
    one = _OF_ONE[of]
    others = tuple(key for key in one.keys if key not in ("population_0_17", "estimate_year"))
    sums = tuple(ColumnSum(count, others, "member") for count in one.counts)
    told = {"labels": {**one.labels, "member": "Member"}, "hide": one.hide, "across": None}
    return replace(
        one, id=table_id, title=title, keys=("member", *one.keys), **told | changed,
        relations=(*map(_within_member, one.relations), *sums),
    )


SPECS: tuple[TableSpec, ...] = (
    _beside("members_looked_after", "children_looked_after",
            "Children looked after by each member"),
    _beside("members_placements", "placements_by_sector",
            "Children looked after by placement, in each member's care",
            note="The share of each member's children. In-house fostering is by the member's own "
            "carers. The workbook has the children, and whose provision it is.",
            across=("member", "share_pct")),
    _beside("members_locality", "locality", "Children placed locally, by member",
            note="Under the consortium's rule for every member, so that they can be compared. The "
            "rate of all keeps children whose distance is not known in the base.",
            band="cohort"),
    TableSpec(
        id="members_placed",
        title="Where each member's children are placed",
        note="Another member's area is inside the consortium, and outside the area of the council "
        "that is responsible.",
        keys=("as_at", "member", "placed_in"),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(
            ColumnSum("children", ("as_at", "member"), "placed_in"),
            ColumnSum("children", ("as_at", "placed_in"), "member"),
        ),
        across=("placed_in", "children"),
    ),
    _beside("members_fostering", "fostering_split",
            "Fostering by member: in-house and independent fostering agencies",
            lift=("period",)),
    _beside("members_stability", "stability", "Stability of placements, by member"),
)
