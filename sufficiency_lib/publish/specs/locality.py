"""The tables of how near to home children live."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS, PLACEMENT_GROUPS
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum, SameValue
from sufficiency_lib.publish.specs.spec import TableSpec
from sufficiency_lib.publish.specs.sums import FOSTERING_PARTS, placement_sums

_PARTS = ("within", "beyond", "not_known")

_APART = (*FOSTERING_PARTS, *(group for group in PLACEMENT_GROUPS if group != "fostering"))

_RATE_LABELS = {"rate_pct": "Of all", "rate_of_known_pct": "Of known"}

_STOCK_NOTE = (
    "The rate of all keeps children whose distance is not known in the base; the rate of known "
    "leaves them out."
)
_FLOW_NOTE = (
    "Stays with a carer that began in the year: a child placed twice is counted twice, and one "
    "placed before the year not at all. The rate of all keeps placements whose distance is not "
    "known in the base; the rate of known leaves them out."
)


def _rates_on(whole: str) -> dict[str, tuple[str, ...]]:
    return {"rate_pct": ("within", whole), "rate_of_known_pct": ("within", "beyond")}


def _adds_up(whole: str) -> Relation:
    return RowSum(_PARTS, whole, keep=("within",))


def _cut(table_id: str, title: str, key: str) -> TableSpec:
    """Children placed locally by one key; its values add up to all, whom `locality` prints."""
    return TableSpec(
        id=table_id,
        title=title,
        note=_STOCK_NOTE,
        keys=("rule", key),
        counts=("children", *_PARTS),
        derived=_rates_on("children"),
        relations=(
            _adds_up("children"),
            *(ColumnSum(c, ("rule",), key) for c in ("children", *_PARTS)),
            SameValue("children", (key,)),
        ),
        labels=_RATE_LABELS,
        band="rule",
    )


def _cut_of_new(table_id: str, title: str, key: str) -> TableSpec:
    """New placements made locally by one key, as `_cut`."""
    by = ("year_ending", "rule")
    return TableSpec(
        id=table_id,
        title=title,
        note=_FLOW_NOTE,
        keys=(*by, key),
        counts=("starts", *_PARTS),
        derived=_rates_on("starts"),
        relations=(
            _adds_up("starts"),
            *(ColumnSum(c, by, key) for c in ("starts", *_PARTS)),
            SameValue("starts", ("year_ending", key)),
        ),
        labels=_RATE_LABELS,
        band="rule",
    )


#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "cohort": {
        **PLACEMENT_GROUP_LABELS,
        "all": "All children looked after",
        "all_new": "All new placements",
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
    "provider_group": {
        "own_provision": "Own provision",
        "public_provision": "Another authority or public body",
        "independent_provision": "Private or voluntary",
        "no_provider": "Parents, or none recorded",
    },
    "location": {
        "inside_le_20": "Inside the authority, 20 miles or less from home",
        "inside_gt_20": "Inside the authority, more than 20 miles",
        "outside_le_20": "Outside the authority, 20 miles or less from home",
        "outside_gt_20": "Outside the authority, more than 20 miles",
        "not_known": "Distance not known",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="locality",
        title="Children placed locally",
        note=_STOCK_NOTE,
        keys=("rule", "cohort"),
        counts=("children", *_PARTS),
        derived=_rates_on("children"),
        relations=(
            _adds_up("children"),
            *placement_sums(("children", *_PARTS), ("rule",), "cohort"),
            SameValue("children", ("cohort",)),
        ),
        labels={"cohort": "Placement", **_RATE_LABELS},
        band="rule",
    ),
    _cut("locality_by_provider", "Children placed locally, by who provides", "provider_group"),
    _cut("locality_by_age", "Children placed locally, by age", "age_group"),
    TableSpec(
        id="locality_trend",
        title="Share of children placed locally at each date",
        note="Of all children looked after on the date, so that not known stays in the base.",
        keys=("as_at", "rule"),
        counts=("children", *_PARTS),
        derived=_rates_on("children"),
        relations=(_adds_up("children"), SameValue("children", ("as_at",))),
        across=("as_at", "rate_pct"),
    ),
    TableSpec(
        id="locality_of_new_placements",
        title="New placements made locally in the year",
        note=_FLOW_NOTE,
        keys=("year_ending", "rule", "cohort"),
        counts=("starts", *_PARTS),
        derived=_rates_on("starts"),
        relations=(
            _adds_up("starts"),
            *placement_sums(
                ("starts", *_PARTS), ("year_ending", "rule"), "cohort", "all_new"),
            # Where fostering has no row of its own, what another authority fosters is the rest.
            *(
                ColumnSum(c, ("year_ending", "rule"), "cohort", "all_new", _APART,
                          keep=FOSTERING_PARTS)
                for c in ("starts", *_PARTS)
            ),
            SameValue("starts", ("year_ending", "cohort")),
        ),
        labels={"cohort": "Placement", **_RATE_LABELS},
        band="rule",
    ),
    _cut_of_new("new_placements_by_provider", "New placements made locally in the year, by who "
                "provides", "provider_group"),
    _cut_of_new("new_placements_by_age", "New placements made locally in the year, by age",
                "age_group"),
    TableSpec(
        id="new_placements_by_distance",
        title="Location of new placements made in the year",
        note="Stays with a carer that began in the year: a child placed twice is counted twice. "
        "Placements whose distance is not known, inside or outside, have a row of their own and "
        "stay in the base of every share.",
        keys=("year_ending", "location"),
        counts=("starts",),
        derived={"share_pct": ("starts",)},
        # Under the rule of 20 miles from home, another table prints both sums of a distance.
        relations=tuple(
            ColumnSum("starts", ("year_ending",), "location", parts=parts)
            for parts in (None, ("inside_le_20", "outside_le_20"),
                          ("inside_gt_20", "outside_gt_20"))
        ),
    ),
    TableSpec(
        id="distance_summary",
        title="Distance from home in miles: the median and the quartiles",
        note="Of children looked after on the date whose distance is known: half live "
        "nearer than the median, a quarter nearer than the first of the other two and three "
        "quarters nearer than the second. Those two are given only where ten or more distances "
        "are known.",
        keys=("cohort",),
        counts=("children",),
        derived={
            column: ("children",)
            for column in ("median_miles", "lower_quartile_miles", "upper_quartile_miles")
        },
        relations=placement_sums(("children",), (), "cohort"),
        labels={"cohort": "Placement"},
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
    TableSpec(
        id="placements_by_hexagon",
        title="Children by the hexagon of their home and of their placement",
        note="Hexagons of the National Grid, each named by the grid reference of its middle. "
        "Counts are in bands. A hexagon with too few children at an end to be shown is not told "
        "from one without any; nor are some others shown, where a table of authorities would "
        "give one away. Children whose postcode is not known are in none.",
        keys=("hexagon", "hexagon_miles"),
        counts=("homes_band", "placements_band"),
        hide=("hexagon_miles",),
        named_by=("hexagon",),
    ),
)
