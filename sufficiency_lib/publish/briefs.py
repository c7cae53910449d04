"""The short pages beside an appendix: the summary in two pages, and the page for families.

They are shown in a notebook like everything else. Here what was shown is taken up again and made
a page of its own, that can be printed, sent or read out alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sufficiency_lib.publish.glance import key_figures
from sufficiency_lib.publish.parts import outputs_of
from sufficiency_lib.publish.render import TEMPLATES
from sufficiency_lib.publish.sections import collect_tables
from sufficiency_lib.publish.sheet import (
    DRAFT_BANNER,
    INTERNAL_BANNER,
    SYNTHETIC_BANNER,
    page_style,
    without_blank_lines,
)
from sufficiency_lib.publish.wording import Words, long_date

#: The type under which an output of a notebook carries its words as data.
BRIEF = "application/vnd.sufficiency.brief+json"


@dataclass(frozen=True)
class Kind:
    """A short page: its file, what a link to it says, and whether figures stand at its head."""

    file: str
    link: str
    has_figures: bool = False


KINDS: Mapping[str, Kind] = {
    "summary": Kind("summary.html", "Summary in two pages", has_figures=True),
    "families": Kind("for-families.html", "For children and families, in one page"),
}


def brief_data(kind: str, title: str, parts: Sequence[Any]) -> dict[str, Any]:
    """What an output carries: `parts` have a .heading and .points.

    >>> from types import SimpleNamespace
    >>> part = SimpleNamespace(heading="What we know", points=("One.",))
    >>> brief_data("summary", "Summary", [part])["parts"]
    [{'heading': 'What we know', 'points': ['One.']}]
    """
    told = [{"heading": part.heading, "points": list(part.points)} for part in parts]
    return {"kind": kind, "title": title, "file": KINDS[kind].file, "parts": told}


def briefs_shown(notebooks: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """Each short text that the notebooks show, by its kind."""
    shown = (output.get("data", {}) for notebook in notebooks
             for _, output in outputs_of(notebook))
    return {data[BRIEF]["kind"]: data[BRIEF] for data in shown if BRIEF in data}


def links_to(notebooks: Sequence[Any]) -> list[Kind]:
    """The short pages that stand beside the appendix of these notebooks."""
    shown = briefs_shown(notebooks)
    return [kind for name, kind in KINDS.items() if name in shown]


def build_briefs(
    notebooks: Sequence[Any], *, profile: Any, parameters: Any, as_at: date, draft: bool = False
) -> dict[str, str]:
    """File → page, for each short text that the executed notebooks of an authority show.

    notebooks   NotebookNodes
    profile     .name .synthetic .locality
    parameters  .audience
    draft       whether one section is of another edition than the others
    """
    internal = parameters.audience == "internal"
    figures = key_figures(collect_tables(notebooks), Words(profile.locality))
    pages = {}
    for name, data in briefs_shown(notebooks).items():
        kind = KINDS[name]
        page = TEMPLATES.get_template("brief_page.html.j2").render(
            kind=name,
            title=data["title"],
            parts=data["parts"],
            figures=figures if kind.has_figures else [],
            name=profile.name,
            as_at=long_date(as_at),
            internal=internal,
            internal_banner=INTERNAL_BANNER,
            synthetic_banner=SYNTHETIC_BANNER if profile.synthetic else None,
            draft_banner=DRAFT_BANNER if draft else None,
            style=page_style(internal=internal),
        )
        pages[kind.file] = without_blank_lines(page)
    return pages
