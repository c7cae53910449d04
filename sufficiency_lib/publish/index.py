"""The page over all authorities of a run: who was done, the main figures, who failed and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sufficiency_lib.publish.appendix import page_style
from sufficiency_lib.publish.glance import figure_words
from sufficiency_lib.publish.page import INTERNAL_BANNER, SYNTHETIC_BANNER
from sufficiency_lib.publish.render import TEMPLATES
from sufficiency_lib.publish.wording import MARK_MEANINGS, Words, long_date

#: Headline measures set side by side; more would not fit a page.
MOST_MEASURES = 5

_STATUS_WORDS = {
    "ok": "Done",
    "done": "Done",
    "up_to_date": "Up to date",
    "failed": "Failed",
}


@dataclass(frozen=True)
class IndexEntry:
    """One authority of a run.

    slug      its folder beside the index, with appendix.html in it
    status    done, up_to_date or failed
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
    measures = _measures(entries)
    page = TEMPLATES.get_template("index.html.j2").render(
        measures=[label for _, label in measures],
        rows=[_row(entry, [metric for metric, _ in measures]) for entry in entries],
        failed=[entry for entry in entries if entry.is_failed],
        synthetic_banner=SYNTHETIC_BANNER if synthetic else None,
        internal_banner=INTERNAL_BANNER if internal else None,
        marks=MARK_MEANINGS,
        style=page_style(internal=internal),
    )
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def _measures(entries: Sequence[IndexEntry]) -> list[tuple[str, str]]:
    """The first measures that any authority has, with their labels, in order."""
    labels: dict[str, str] = {}
    for entry in entries:
        for record in entry.headline:
            labels.setdefault(str(record["metric"]), str(record.get("label", record["metric"])))
    return list(labels.items())[:MOST_MEASURES]


def _row(entry: IndexEntry, metrics: Sequence[str]) -> dict[str, object]:
    records = {str(record["metric"]): record for record in entry.headline}
    return {
        "entry": entry,
        "as_at": long_date(entry.as_at) if entry.as_at else "",
        "status": _STATUS_WORDS.get(entry.status, entry.status.replace("_", " ").capitalize()),
        "cells": [_cell(records.get(metric)) for metric in metrics],
    }


def _cell(record: Mapping[str, object] | None) -> dict[str, str]:
    if record is None:
        return {"value": "x", "rule": ""}
    rule = str(record.get("rule") or "")
    return {
        "value": figure_words(dict(record)) or "x",
        "rule": Words().cell("rule", rule) if rule and rule not in MARK_MEANINGS else "",
    }
