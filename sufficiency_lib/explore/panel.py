"""The panel of one question: its banners, its tables and its map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from sufficiency_lib.explore.answer import MAPPED, page_of, tables, under
from sufficiency_lib.publish.figures import image_of
from sufficiency_lib.publish.maps import ABSENT, Atlas
from sufficiency_lib.publish.page import Page
from sufficiency_lib.publish.render import render_table, templates_of
from sufficiency_lib.publish.specs import SPECS
from sufficiency_lib.publish.wording import long_date, mid_sentence

TEMPLATES = templates_of("sufficiency_lib.explore")

#: What every panel says: nothing here is decided on together with what is published.
_INTERNAL = (
    "For your own screen. Nothing is suppressed here; the appendix is what is published."
)
_PUBLIC = (
    "Not for publication. Each table here hides its own small numbers, but not what several of "
    "them give away together; the appendix, which decides on all its tables at once, is what is "
    "published."
)


#: The tables that say where, as the map does; the others say how near.
_BESIDE_MAP = ("distance_by_boundary", "placement_authorities")

#: Where the note of the appendix speaks of all children, and here it is of a cohort.
_NOTES = {
    "locality_trend": "Of the children of the cohort on each day, so that not known stays in the "
    "base.",
    "placement_authorities": "The share is of the children of the cohort on the day.",
}


@dataclass(frozen=True)
class Panel:
    """One question and its answer; the last line of a cell shows it.

    study   the `dataset.Dataset` that was asked, with the rule that was asked for in force
    cohort  as asked
    tables  table → frame, as `explore.tables` gives them
    note    what stands above it
    """

    study: Any
    cohort: str
    tables: Mapping[str, pd.DataFrame]
    note: str = ""

    @property
    def title(self) -> str:
        """Whose figures these are, of which cohort, at which day and under which rule."""
        page = page_of(self.study)
        return " · ".join([
            self.study.profile.name, page.words.cell("cohort", self.cohort),
            long_date(self.study.as_at), page.words.cell("rule", self.study.locality_rule),
        ])

    @property
    def is_of_nobody(self) -> bool:
        """Whether no child of the cohort was looked after on the day."""
        near = self.tables["locality"]
        return bool((near.loc[near["cohort"] == self.cohort, "children"] == 0).all())

    def _repr_html_(self) -> str:
        page = page_of(self.study)
        return TEMPLATES.get_template("panel.html.j2").render(
            title=self.title,
            banners=page.banners(),
            internal=page.is_internal,
            aim=_INTERNAL if page.is_internal else _PUBLIC,
            note=self.note,
            nobody=self.is_of_nobody,
            absent=ABSENT,
            **({} if self.is_of_nobody else self._parts(page)),
        )

    def __repr__(self) -> str:
        """The same for a screen without HTML."""
        parts = [*page_of(self.study).banners(), self.title, self.note]
        for name, frame in self.tables.items():
            parts += ["", SPECS[name].title, frame.to_string(index=False)]
        return "\n".join(part for part in parts if part or part == "")

    def _parts(self, page: Page) -> dict[str, Any]:
        """The map with the tables that go beside it, and the other tables."""
        shown = {name: self._table(name, frame, page) for name, frame in self.tables.items()
                 if name != MAPPED and len(frame)}
        where = [html for name, html in shown.items() if name in _BESIDE_MAP]
        near = [html for name, html in shown.items() if name not in _BESIDE_MAP]
        return {"figure": self._map(page), "where": where, "near": near}

    def _table(self, name: str, frame: pd.DataFrame, page: Page) -> Markup:
        # A screen has room for every figure of each date, not for the rate alone.
        spec = replace(SPECS[name], across=None)
        return Markup(render_table(
            frame, spec, page.words, title=spec.title, note=_NOTES.get(name, spec.note),
            anchor=f"explore-{name.replace('_', '-')}",
        ))

    def _map(self, page: Page) -> dict[str, Any] | None:
        """The map for a screen, or None where none can be drawn."""
        atlas = Atlas.for_dataset(self.study)
        frame = atlas.drawable(self.tables[MAPPED])
        if frame.empty:
            return None
        drawing = atlas.placements(frame, page.context(SPECS[MAPPED]))
        cohort = page.words.cell("cohort", self.cohort)
        return {
            "title": f"Where children are placed: {mid_sentence(cohort)}",
            "alt": f"{cohort}. {drawing.alt}", "base": drawing.base, **image_of(drawing),
        }


def show(study: Any, cohort: str = "all", rule: str = "") -> Panel:
    """The tables and the map of one cohort under one rule, for the last line of a cell.

    study, cohort, rule  as in `explore.tables`, whose frames are in the panel's `.tables`
    """
    told = under(study, cohort, rule)
    return Panel(told, cohort, tables(told, cohort))
