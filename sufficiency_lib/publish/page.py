"""What a notebook shows with: every table, chart and sentence passes the gate here.

A public page shows nothing that `publish.disclosure` has not seen. An internal page shows
the figures as they are, and says on every part of the document that it is not for
publication.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from IPython.display import display

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.publish import charts
from sufficiency_lib.publish.briefs import BRIEF, brief_data
from sufficiency_lib.publish.disclosure import MARKS, SUPPRESSED, undisclosed
from sufficiency_lib.publish.drawing import ChartContext, Draw
from sufficiency_lib.publish.edition import edition_plan, edition_tables
from sufficiency_lib.publish.figures import render_figure
from sufficiency_lib.publish.plan import Plan
from sufficiency_lib.publish.render import TEMPLATES, render_table
from sufficiency_lib.publish.sheet import INTERNAL_BANNER, SYNTHETIC_BANNER
from sufficiency_lib.publish.specs import TableSpec, spec_for
from sufficiency_lib.publish.tables import MIME, payload
from sufficiency_lib.publish.wording import Words, long_date, number

_MARK_IN_PROSE = {
    "c": "[suppressed]",
    "z": "[not applicable]",
    "x": "[not available]",
    "k": "[rounds to zero]",
}


class Shown(str):
    """A figure that has passed the gate, as it reads in a sentence."""


class Page:
    """The page of one authority: banners, tables, charts and sentences.

    profile     .name .synthetic .locality .disclosure .targets (an AuthorityProfile)
    parameters  .audience and .locality_rule (RunParameters)
    as_at       the date of every stock figure
    sources     sentences that name where the figures are from
    plan        gives what all tables of the edition hide together; asked when first needed
    evidence    gives the tables of the other notebooks, as the page shows them
    """

    def __init__(
        self,
        profile: Any,
        parameters: Any,
        *,
        as_at: date,
        sources: Sequence[str] = (),
        plan: Callable[[], Plan] = Plan,
        evidence: Callable[[], dict[str, pd.DataFrame]] = dict,
    ) -> None:
        self.profile = profile
        self.parameters = parameters
        self.as_at = as_at
        self.sources = tuple(str(source) for source in sources)
        self.rule = parameters.locality_rule or profile.locality.rule
        self.words = Words(profile.locality)
        self._anchors: list[str] = []
        self._plan = cache(plan)
        self._evidence = evidence

    @classmethod
    def for_dataset(cls, data: Any) -> Page:
        """The page for a dataset: what its tables hide is decided for all notebooks at once."""
        return cls(
            data.profile, data.parameters, as_at=data.as_at, plan=lambda: edition_plan(data),
            evidence=lambda: edition_tables(data),
        )

    @property
    def is_internal(self) -> bool:
        """Whether the page may show what the public may not see."""
        return self.parameters.audience == "internal"

    def opening(self, title: str, lede: str | None = None) -> None:
        """Begin a notebook: the banners, whose figures these are, and at what date."""
        html = TEMPLATES.get_template("opening.html.j2").render(
            title=title,
            name=self.profile.name,
            as_at=long_date(self.as_at),
            banners=self.banners(),
            internal=self.is_internal,
        )
        _show(html, f"{title}: {self.profile.name}, {long_date(self.as_at)}", "opening",
              title=title)
        if lede:
            self.say(lede)

    def banners(self) -> list[str]:
        """The warnings that every part of the document carries."""
        banners = [INTERNAL_BANNER] if self.is_internal else []
        return [*banners, SYNTHETIC_BANNER] if self.profile.synthetic else banners

    def draws(self, asked: int) -> int:
        """How many futures a forecast draws for this page: as many as were asked for."""
        return asked

    def disclose(
        self, table_id: str, frame: pd.DataFrame, spec: TableSpec | None = None
    ) -> pd.DataFrame:
        """The frame as this page's audience may see it: numbers, or c, z, x and k."""
        spec = spec_for(table_id, frame, spec)
        if self.is_internal:
            return undisclosed(frame, spec)
        return self._plan().shown(spec, frame, self.profile.disclosure)

    def evidence(self) -> dict[str, pd.DataFrame]:
        """The tables of the other notebooks by their names, as this page shows them."""
        return self._evidence()

    def table(
        self,
        table_id: str,
        frame: pd.DataFrame,
        *,
        title: str | None = None,
        note: str | None = None,
        spec: TableSpec | None = None,
        as_id: str | None = None,
        absent: str = "",
        printed: Sequence[bool] | None = None,
    ) -> None:
        """Show a table, with its tidy disclosed data beside it for the workbook and the csv.

        title, note  instead of the specification's
        spec         for a table that is not registered in `publish.specs`
        as_id        the name under which it is published, where one kind is shown twice
        absent       what to say instead of a table without rows: what is missing, and what
                     it would show
        printed      which rows the page prints, where the whole is long; the files hold all
        """
        spec, shown = self._published(table_id, frame, spec, as_id)
        title = title or spec.title
        if shown.empty and absent:
            self.note(absent)
            return
        note = spec.note if note is None else note
        rows = shown if printed is None else shown[list(printed)].reset_index(drop=True)
        html = render_table(
            rows, spec, self.words, title=title, note=note, anchor=self._anchor(spec.id)
        )
        text = f"{title} ({len(rows)} rows)"
        _show(html, text, "table", payload(shown, spec, title, note), id=spec.id)

    def download(
        self,
        table_id: str,
        frame: pd.DataFrame,
        text: str,
        *,
        like: tuple[str, pd.DataFrame] | None = None,
    ) -> None:
        """Publish a table too long for a page: a paragraph here, all of it in the files.

        text  what the file holds; the link to it stands below
        like  for a table of a forecast by many dates: the table on this page that rests on the
              same children, and its frame. What it hides of a placement is hidden on every date
        """
        if like is not None:
            shown = self.disclose(*like)
            few = shown.loc[shown["children_today"].map(lambda cell: cell == SUPPRESSED),
                            "placement_group"]
            today = frame["children_today"].astype(object)
            hidden = frame["placement_group"].isin(list(few))
            frame = frame.assign(children_today=today.mask(hidden, SUPPRESSED))
        spec, shown = self._published(table_id, frame, None, None)
        html = TEMPLATES.get_template("prose.html.j2").render(text=text, kind="note")
        _show(html, text, "table", payload(shown, spec, spec.title, spec.note), id=spec.id)

    def internal_table(
        self, table_id: str, frame: pd.DataFrame, *, title: str, note: str = ""
    ) -> None:
        """Show a table of text to the council itself; a public page has nothing of it.

        For what names rows of the returns: findings by file and line.
        """
        if not self.is_internal:
            return
        text = frame.astype(str)
        spec = TableSpec(id=table_id, title=title, note=note, keys=tuple(text.columns), lift=())
        self.table(table_id, text, spec=spec)

    def chart(
        self,
        table_id: str,
        frame: pd.DataFrame,
        *,
        draw: Draw | None = None,
        title: str | None = None,
        note: str = "",
        spec: TableSpec | None = None,
        as_id: str | None = None,
        absent: str = "",
    ) -> None:
        """Draw a table, with a text alternative and its data as a table one click away.

        draw  (disclosed frame, ChartContext) → Drawing; None: the chart registered for
              `table_id` in `publish.charts`

        Give the same frame as to `table`: the chart picks the rows that it draws, so that
        table and chart hide the same cells. A frame without rows gives a sentence: `absent`.
        """
        draw = draw or charts.CHARTS.get(table_id)
        if draw is None:
            raise ConfigurationError(
                f"No chart is registered for table '{table_id}'; pass draw=, or choose one of "
                f"{', '.join(sorted(charts.CHARTS))}."
            )
        spec, shown = self._published(table_id, frame, spec, as_id)
        if shown.empty:
            self.note(absent or f"{title or spec.title}: there is nothing to draw.")
            return
        anchor = self._anchor(f"{spec.id}-chart")
        html, drawing = render_figure(
            shown, spec, draw, self.context(spec), title=title, note=note, anchor=anchor
        )
        text = f"{title or drawing.title}. {drawing.alt}"
        _show(html, text, "chart", payload(shown, spec, spec.title, spec.note), id=spec.id)

    def say(self, text: str, **values: Shown) -> None:
        """A paragraph. Figures come in as {name} from `value`, so that they pass the gate.

        Raises ConfigurationError when a bare number is given.
        """
        for name, value in values.items():
            if not isinstance(value, str | date):
                raise ConfigurationError(
                    f"say() was given {name} as a {type(value).__name__}; take it from "
                    "page.value(...), so that it passes the disclosure gate."
                )
        words = {k: long_date(v) if isinstance(v, date) else v for k, v in values.items()}
        said = text.format(**words) if values else text
        html = TEMPLATES.get_template("prose.html.j2").render(text=said, kind="say")
        _show(html, said, "say")

    def note(self, text: str) -> None:
        """A paragraph in small print: a caveat or a definition."""
        html = TEMPLATES.get_template("prose.html.j2").render(text=text, kind="note")
        _show(html, text, "note")

    def brief(self, kind: str, title: str, parts: Sequence[Any]) -> None:
        """A short text that also becomes a page of its own beside the appendix.

        kind   "summary" or "families" (see `publish.briefs`)
        parts  each with a .heading and .points: sentences made of disclosed figures. A text
               without any is not shown
        """
        data = brief_data(kind, title, parts)
        if not data["parts"]:
            return
        html = TEMPLATES.get_template("brief.html.j2").render(**data)
        text = "\n".join(point for part in data["parts"] for point in part["points"])
        _show(html, text, "brief", data, mime=BRIEF)

    def value(
        self,
        table_id: str,
        frame: pd.DataFrame,
        column: str,
        *,
        spec: TableSpec | None = None,
        **where: object,
    ) -> Shown:
        """One figure of a table for a sentence: `where` names its row by the keys.

        A suppressed figure reads "[suppressed]". Raises ConfigurationError unless exactly
        one row answers.
        """
        shown = self.disclose(table_id, frame, spec)
        for key, wanted in where.items():
            shown = shown[shown[key].map(lambda v, w=wanted: _same(v, w))]
        if len(shown) != 1:
            named = ", ".join(f"{k}={v}" for k, v in where.items()) or "no key"
            raise ConfigurationError(
                f"Table '{table_id}' has {len(shown)} rows for {named}; expected one."
            )
        found = shown[column].iloc[0]
        if isinstance(found, str) and found in MARKS:
            return Shown(_MARK_IN_PROSE[found])
        if isinstance(found, int | float):
            return Shown(number(column, found).removeprefix("+"))
        return Shown(self.words.cell(column, found))

    def _published(
        self,
        table_id: str,
        frame: pd.DataFrame,
        spec: TableSpec | None,
        as_id: str | None,
    ) -> tuple[TableSpec, pd.DataFrame]:
        spec = spec_for(table_id, frame, spec)
        shown = self.disclose(table_id, frame, spec)
        return (spec.named(as_id) if as_id else spec), shown

    def context(self, spec: TableSpec) -> ChartContext:
        """What a chart of a table is told beside its frame."""
        return ChartContext(
            name=self.profile.name,
            as_at=self.as_at,
            rule=self.rule,
            words=self.words,
            targets=tuple(getattr(self.profile, "targets", ())),
            source=self.source(spec),
        )

    def source(self, spec: TableSpec) -> str:
        """The line under a figure that says where it is from."""
        made_up = "synthetic " if self.profile.synthetic else ""
        return f"Source: {self.profile.name}, {made_up}{spec.source}."

    def _anchor(self, name: str) -> str:
        """A stable anchor that no other part of this notebook has."""
        base = name.replace("_", "-")
        count = self._anchors.count(base)
        self._anchors.append(base)
        return base if not count else f"{base}-{count + 1}"


def _same(value: object, wanted: object) -> bool:
    return value == wanted or str(value)[:10] == str(wanted)


def _show(
    html: str, text: str, role: str, data: dict[str, object] | None = None, *,
    mime: str = MIME, **about: str,
) -> None:
    """One output: its HTML, its short text and its tidy data, and what part it plays."""
    bundle: dict[str, object] = {"text/html": html, "text/plain": text}
    if data is not None:
        bundle[mime] = data
    display(bundle, raw=True, metadata={"sufficiency": {"role": role, **about}})
