"""What each published table is: title, definition, columns, and the sums among its counts.

The gate reads the sums (`publish.disclosure`), the renderers read the rest. A table that
is not here is published by passing a TableSpec of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.publish.disclosure import BASE_PREFIX
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum, SameValue


@dataclass(frozen=True)
class TableSpec:
    """One kind of table.

    id           stable: the anchor, the file name and the sheet
    title        what the table holds, as its caption
    note         the definition, printed under it
    keys         columns that name a row
    counts       columns that count children, episodes or nights
    derived      column → the counts it rests on
    relations    the sums among the counts
    counts_when  column → (unit column, units in which the column is itself a count)
    hide         columns left out of the page, kept in the workbook and the csv
    labels       headings that differ from the registry's
    lift         keys said once in the caption when all rows share them
    across       (key, figure): on the page, the key's values stand side by side
    row_unit     columns whose unit stands in the row's own `unit` column
    missing      column → the mark for a blank cell
    under        column → the column under whose words its own stand, in small print
    band         a key whose value heads its rows, across the whole table
    """

    id: str
    title: str
    note: str = ""
    keys: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    counts_when: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    hide: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    lift: tuple[str, ...] = ("as_at", "rule", "start_date", "end_date", "year_ending")
    across: tuple[str, str] | None = None
    row_unit: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    under: Mapping[str, str] = field(default_factory=dict)
    band: str | None = None

    def named(self, table_id: str) -> TableSpec:
        """The same kind of table published under another name."""
        return replace(self, id=table_id)


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

_SEXES = ("female", "male", "not_known")

_ALL_SPECS = (
    TableSpec(
        id="reconciliation",
        title="From the rows of the returns to children looked after",
        note="Each step counts distinct children, and the rows of the returns that are theirs.",
        keys=("step",),
        counts=("children", "episodes"),
        relations=_RECONCILIATION_SUMS,
    ),
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
    TableSpec(
        id="rows_read",
        title="Rows read of each table in each year’s return",
        keys=("table", "return_year"),
        counts=("rows",),
        across=("return_year", "rows"),
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
    TableSpec(
        id="stability",
        title="Stability of placements",
        keys=("measure",),
        counts=("numerator", "denominator"),
        derived={"rate_pct": ("numerator", "denominator")},
        relations=(RowSum(("numerator",), "denominator"),),
    ),
    TableSpec(
        id="forecast",
        title="Forecast of children by placement",
        note="p10 and p90 hold the middle 80% of the simulated futures; p50 is the middle one.",
        keys=("scenario", "date", "placement_group", "mean", "p10", "p50", "p90"),
    ),
    TableSpec(
        id="forecast_backtest",
        title="How the forecast would have done before",
        keys=("origin", "horizon_months", "placement_group", "p10", "p50", "p90"),
        counts=("actual", "same_as_today"),
        relations=tuple(
            ColumnSum(column, ("origin", "horizon_months"), "placement_group")
            for column in ("actual", "same_as_today")
        ),
    ),
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

SPECS: Mapping[str, TableSpec] = {spec.id: spec for spec in _ALL_SPECS}


def spec_for(table_id: str, frame: pd.DataFrame, spec: TableSpec | None = None) -> TableSpec:
    """The specification of a table: the one given, the registered one, or a table of text.

    Raises ConfigurationError for an unregistered table that holds numbers, because the gate
    cannot tell which of them count children, nor which add up.
    """
    if spec is not None:
        return spec
    if table_id in SPECS:
        return SPECS[table_id]
    numeric = [
        column
        for column in frame.columns
        if column.startswith(BASE_PREFIX)
        or pd.api.types.is_numeric_dtype(frame[column])
        and not pd.api.types.is_bool_dtype(frame[column])
    ]
    if numeric:
        raise ConfigurationError(
            f"Table '{table_id}' has numbers ({', '.join(map(str, numeric))}) and no "
            "specification; pass spec=TableSpec(...) that says which columns count children "
            "and which add up."
        )
    title = table_id.replace("_", " ").capitalize()
    return TableSpec(id=table_id, title=title, keys=tuple(map(str, frame.columns)))
