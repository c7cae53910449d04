"""The table of what comes first, by the children it affects."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.specs.spec import TableSpec

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "basis": {
        "on_the_date": "Children on the date",
        "in_the_year": "Children in the year",
        "searches": "Searches in the year",
        "forecast": "Forecast",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="priorities",
        title="What most needs doing, by the children it affects",
        note="A child is in several rows, so rows are never added up. Ranked are counts of "
        "children on the date, and equal counts share a rank. Counts over a year, searches and "
        "forecasts are of others, so they follow without a rank. A count that may not be shown (c) "
        "is in the file alone, last and in no order: it may be none. A number says how many, and "
        "not how much it matters to a child. Nothing here is a reason to move a child who is "
        "settled.",
        keys=("rank", "priority", "what", "basis", "rule", "stands_in", "suggests"),
        counts=("of_children",),
        # A forecast is no count of children, so a small one is not hidden.
        counts_when={
            "children_affected": ("basis", ("on_the_date", "in_the_year", "searches")),
        },
        derived={"children_affected": (), "share_pct": ("children_affected", "of_children")},
        hide=("priority", "stands_in"),
        under={"rule": "what", "basis": "children_affected"},
        missing={"rank": "z", "of_children": "z"},
        lift=(),
        named_by=("priority",),
        source="every table of this page",
    ),
)
