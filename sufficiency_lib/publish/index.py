"""The page over all authorities of a run: who was done, the main figures, who failed and why."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from markupsafe import Markup

from sufficiency_lib.publish.glance import figure_words
from sufficiency_lib.publish.render import TEMPLATES
from sufficiency_lib.publish.sheet import (
    INTERNAL_BANNER,
    SYNTHETIC_BANNER,
    page_style,
    without_blank_lines,
)
from sufficiency_lib.publish.wording import MARK_MEANINGS, Words, long_date


@dataclass(frozen=True)
class Measure:
    """A headline measure that authorities are set side by side by.

    metric   its name in the headline table
    heading  as short as a column wants it
    base     of which children it is, where the heading does not say
    """

    metric: str
    heading: str
    base: str = ""


#: The one measure that each authority counts under a rule of its own.
OWN_RULE = "within_rule_pct"

#: Size, closeness to home, whose provision, and stability: what a sufficiency strategy turns on.
MEASURES = (
    Measure("children_looked_after", "Children looked after"),
    Measure("rate_per_10000", "Looked after per 10,000 aged 0 to 17"),
    Measure(OWN_RULE, "Placed locally", "under the authority’s own rule"),
    Measure("placed_over_20_miles_pct", "Over 20 miles from home"),
    Measure("placed_outside_area_pct", "Not known to be inside the area"),
    Measure("in_house_bed_nights_pct", "Fostering in-house", "of bed nights, without kinship"),
    Measure("three_or_more_placements_pct", "Three or more placements", "in the year"),
    Measure("same_carer_2_years_pct", "Same carer for two years",
            "under 16, looked after for two and a half years"),
)  # fmt: skip


@dataclass(frozen=True)
class IndexEntry:
    """One authority of a run.

    slug      its folder beside the index, with appendix.html in it
    status    done, failed or running
    as_at     the date of its figures, or None
    message   why it failed, in a sentence
    headline  records of its published headline table: metric, label, value, unit, rule
    has_page  whether an appendix stands there, if only from an earlier run
    """

    slug: str
    name: str
    status: str
    as_at: date | str | None = None
    message: str = ""
    headline: Sequence[Mapping[str, object]] = ()
    has_page: bool | None = None

    @property
    def is_failed(self) -> bool:
        """Whether this run did not finish it."""
        return self.status == "failed"

    @property
    def links(self) -> bool:
        """Whether to link to its appendix."""
        return not self.is_failed if self.has_page is None else self.has_page


def build_index(
    entries: Sequence[IndexEntry], *, synthetic: bool = False, internal: bool = False
) -> str:
    """The index of a run as one HTML page, in the design of the appendix.

    entries    in the order in which they are to stand
    synthetic  some authority is made up: the page says so
    internal   some appendix is not for publication: the page says so
    """
    measures = [m for m in MEASURES if any(m.metric in _by_metric(e) for e in entries)]
    script = without_blank_lines(_source("sort.js")).rstrip()
    rows = [_row(entry, measures) for entry in entries]
    page = TEMPLATES.get_template("index.html.j2").render(
        measures=measures,
        rows=rows,
        england=_england(entries, measures),
        differing=_rules_differ(rows),
        failed=[entry for entry in entries if entry.is_failed],
        synthetic_banner=SYNTHETIC_BANNER if synthetic else None,
        internal_banner=INTERNAL_BANNER if internal else None,
        marks=MARK_MEANINGS,
        style=page_style(internal=internal),
        script=Markup(script),
        script_hash=Markup(_hash(script)),
    )
    return without_blank_lines(page)


def _source(name: str) -> str:
    return TEMPLATES.loader.get_source(TEMPLATES, name)[0]


def _hash(script: str) -> str:
    """The name of a script in a Content-Security-Policy: this one may run, and no other."""
    return "sha256-" + b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")


def _by_metric(entry: IndexEntry) -> dict[str, Mapping[str, object]]:
    return {str(record["metric"]): record for record in entry.headline}


def _row(entry: IndexEntry, measures: Sequence[Measure]) -> dict[str, object]:
    records = _by_metric(entry)
    return {
        "entry": entry,
        "as_at": long_date(entry.as_at) if entry.as_at else "",
        "status": entry.status.replace("_", " ").capitalize(),
        "cells": [_cell(records.get(measure.metric)) for measure in measures],
    }


def _cell(record: Mapping[str, object] | None) -> dict[str, str]:
    """What a cell says, the figure it is sorted by (blank for a mark), and its rule."""
    if record is None:
        return {"value": "x", "sort": "", "rule": ""}
    value, rule = record.get("value", ""), str(record.get("rule") or "")
    # The heading says it of a measure that has one rule everywhere.
    own = str(record["metric"]) == OWN_RULE and rule and rule not in MARK_MEANINGS
    return {
        "value": figure_words(dict(record)) or "x",
        "sort": "" if isinstance(value, str) else f"{value:g}",
        "rule": Words().cell("rule", rule) if own else "",
    }


def _rules_differ(rows: Sequence[Mapping[str, object]]) -> bool:
    """Whether one column holds rates under different rules."""
    columns = zip(*(row["cells"] for row in rows), strict=True)
    return any(len({cell["rule"] for cell in column if cell["rule"]}) > 1 for column in columns)


def _england(
    entries: Sequence[IndexEntry], measures: Sequence[Measure]
) -> dict[str, object] | None:
    """England's published figure of each measure, and the release, if all are of one.

    Authorities at different dates have different releases beside them: then each figure is
    shown with its own. None where no authority has a figure of England beside its own.
    """
    columns = []
    for measure in measures:
        found: dict[str, dict[str, str]] = {}
        for record in (_by_metric(entry).get(measure.metric) for entry in entries):
            value = record.get("comparator") if record else None
            if isinstance(value, int | float):
                said = figure_words({"value": value, "unit": record.get("unit")})
                release = str(record.get("comparator_release") or "").removeprefix("England, ")
                found.setdefault(release, {"value": said, "release": release})
        columns.append([found[release] for release in sorted(found)])
    releases = {line["release"] for column in columns for line in column}
    if not releases:
        return None
    for measure, column in zip(measures, columns, strict=True):
        if not column:
            mark = "z" if measure.metric == OWN_RULE else "x"
            column.append({"value": mark, "release": ""})
    return {"columns": columns, "release": releases.pop() if len(releases) == 1 else ""}
