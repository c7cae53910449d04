"""Everything that is published together: the tables of all notebooks, before any is shown.

The notebooks say what is published, so they are read for it: their cells run here with a page
that shows nothing and keeps each table as it is, once for the page and once for that of a year
before. Of both `publish.two_years` decides what the page hides. That is done once for an
authority's data and the notebooks as they stand, and kept.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pandas as pd

from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.publish.disclosure import undisclosed
from sufficiency_lib.publish.linked import Part
from sufficiency_lib.publish.plan import Plan
from sufficiency_lib.publish.plan import plan as plan_alone
from sufficiency_lib.publish.specs import SPECS, TableSpec, spec_for
from sufficiency_lib.publish.two_years import MemberPage, is_on_both, plan_after
from sufficiency_lib.publish.wording import Words, iso_date
from sufficiency_lib.settings import cache_folder, project_folder
from sufficiency_lib.store import code_hash, private, put_whole

#: Futures drawn where nobody sees them.
_FEW_DRAWS = 2


class Collector:
    """A page that shows nothing, and keeps every table that is to be published.

    profile, parameters, as_at, words  as of a `Page`
    parts                              what was kept
    known                              what other notebooks publish, for one that sums them up
    sums_up                            whether what others publish was asked for
    cells                              how many of its notebook's cells a page of another day
                                       needs to be read; None: all
    """

    cells: int | None = None

    def __init__(self, study: Any, known: Sequence[Part] = ()) -> None:
        self.known, self.sums_up = tuple(known), False
        self.profile, self.parameters, self.as_at = study.profile, study.parameters, study.as_at
        self.rule = study.locality_rule
        self.words = Words(study.profile.locality)
        self.is_internal = False
        self.parts: list[Part] = []

    def table(
        self, table_id: str, frame: pd.DataFrame, *, spec: TableSpec | None = None,
        as_id: str | None = None, **_: Any,
    ) -> None:
        """Keep a table, under the name it is published by."""
        known = spec_for(table_id, frame, spec)
        named = known.named(as_id) if as_id else known
        self.parts.append(Part(known.id, named, frame, f"{self.as_at:%Y-%m-%d}"))

    chart = table

    def download(
        self, table_id: str, frame: pd.DataFrame, text: str,
        *, like: tuple[str, pd.DataFrame] | None = None,
    ) -> None:
        """Keep a table of the files, unless it hides what another does that is kept."""
        if like is None:
            self.table(table_id, frame)

    def draws(self, asked: int) -> int:
        """A few: what is hidden depends on the counts beside a forecast, never on its figures."""
        return min(asked, _FEW_DRAWS)

    def disclose(
        self, table_id: str, frame: pd.DataFrame, spec: TableSpec | None = None
    ) -> pd.DataFrame:
        """The frame with nothing hidden, so that what is made of it is kept whole too."""
        return undisclosed(frame, spec_for(table_id, frame, spec))

    def evidence(self) -> dict[str, pd.DataFrame]:
        """The tables of the other notebooks, with nothing hidden."""
        self.sums_up = True
        return {part.spec.id: undisclosed(part.frame, part.spec) for part in _lasting(self.known)}

    def internal_table(self, *_: Any, **__: Any) -> None:
        """Nothing: it is never published."""

    opening = say = note = brief = internal_table

    def value(self, *_: Any, **__: Any) -> str:
        """A stand-in for a figure of a sentence; its table is kept where it is published."""
        return ""


def _lasting(parts: Sequence[Part]) -> list[Part]:
    """Those whose figures are not of random draws: of these only a few were made here."""
    return [part for part in parts if not part.spec.is_drawn]


def collect(
    study: Any, notebooks: Sequence[Path], cells: Mapping[Path, int | None] | None = None
) -> list[Part]:
    """Every table that the notebooks publish of a dataset, with nothing hidden.

    study      a `dataset.Dataset`
    notebooks  in the order of the edition
    cells      notebook → how many of its cells are run; None, or not named: all
    """
    parts: list[Part] = []
    for path in notebooks:
        parts += _read(study, path, parts, (cells or {}).get(path)).parts
    return parts


def _read(
    study: Any, path: Path, known: Sequence[Part], cells: int | None = None
) -> Collector:
    """A notebook's cells, or the first so many, run with a page that only collects."""
    page = Collector(study, known)
    told = {**_as_told(study), "parameters": study.parameters, "study": study, "page": page}
    names: dict[str, Any] = {"__name__": "__main__"}
    page.cells = 0
    for number, cell in enumerate(_code(path.name, path.read_text(encoding="utf-8"))[:cells], 1):
        many = len(page.parts)
        exec(cell, names)  # the suite's own notebooks
        names |= told
        if _bears_on_another_day(cell, page.parts[many:]):
            page.cells = number
    return page


def _bears_on_another_day(cell: CodeType, kept: Sequence[Part]) -> bool:
    """Whether a cell could make a table that the pages of two years both print.

    One that makes a table only where there is something to print may do so on another day.
    """
    if _KEEPING.isdisjoint(cell.co_names) or any(map(is_on_both, kept)):
        return bool(kept)
    named = {one for one in cell.co_consts if isinstance(one, str) and one in SPECS}
    return not kept or not named <= {part.kind for part in kept}


@cache
def _code(name: str, notebook: str) -> tuple[CodeType, ...]:
    """The code cells of a notebook, in their order.

    Of the setup not what reads the dataset and makes the page: both are there, and it takes long.
    """
    cells = []
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] != "code":
            continue
        parsed = ast.parse("".join(cell["source"]))
        if "setup" in cell["metadata"].get("tags", ()):
            parsed.body = [line for line in parsed.body if not _is_given(line)]
        cells.append(compile(parsed, name, "exec"))
    return tuple(cells)


def _is_given(line: ast.stmt) -> bool:
    """Whether a line sets nothing but what the notebook is told anyway."""
    return isinstance(line, ast.Assign) and all(
        isinstance(target, ast.Name) and target.id in _GIVEN for target in line.targets
    )


#: What a cell calls to have a table kept.
_KEEPING = frozenset({"table", "chart", "download"})

#: What the setup of a notebook makes.
_GIVEN = ("parameters", "study", "page")


def _as_told(study: Any) -> dict[str, str]:
    """A run's parameters as the notebooks take them: text, blank for the default."""
    told = study.parameters.model_dump(mode="json")
    return {name: "" if value is None else str(value) for name, value in told.items()}


def a_year_before(study: Any) -> Any | None:
    """The same dataset as at the same day of last year; None where its returns start later.

    study  a `dataset.Dataset`
    """
    day = (pd.Timestamp(study.as_at) - pd.DateOffset(years=1)).date()
    if day < date(study.return_years[0], 3, 31):
        return None
    told = study.parameters.model_copy(update={"as_at": day})
    return replace(study, as_at=day, parameters=told)


def edition_plan(study: Any) -> Plan:
    """What all tables of the edition of a dataset hide; made once, then kept.

    The page of a year before is taken as published, where the returns reach back to it. A
    library without its notebooks has no edition: then each table is hidden by itself.
    """
    if not study.profile.disclosure.threshold:
        return Plan()
    return _edition(study).plan


def edition_tables(study: Any) -> dict[str, pd.DataFrame]:
    """Every table that the page of a dataset shows, as it shows it, for what sums the page up.

    Those of random draws are left out, and so are those of a notebook that asks for this.
    """
    return _edition(study).tables


@dataclass(frozen=True)
class _Edition:
    plan: Plan
    tables: dict[str, pd.DataFrame]


def _edition(study: Any, gathered: _Gathered | None = None) -> _Edition:
    """What an edition hides and what it shows, made once, then kept.

    gathered  its tables, where they are there already
    """
    notebooks = _notebooks()
    if not notebooks:
        return _Edition(Plan(), {})
    kept = private(cache_folder() / "editions") / f"{_key(study, notebooks)}.json"
    if kept.is_file():
        told = json.loads(kept.read_text(encoding="utf-8"))
        tables = {name: _from_cells(cells) for name, cells in told["tables"].items()}
        return _Edition(Plan.from_json(told["plan"]), tables)
    # Each table is small and made anew: text kept as Python's own is made soonest.
    with pd.option_context("mode.string_storage", "python"):
        made = _made(study, gathered or _gathered(study, notebooks))
    told = {"plan": made.plan.as_json(),
            "tables": {name: _cells(frame) for name, frame in made.tables.items()}}
    put_whole(json.dumps(told, ensure_ascii=False).encode(), kept)
    return made


def _notebooks() -> list[Path]:
    """Those of the report, in order."""
    root = project_folder()
    return [] if root is None else [
        path for path in sorted((root / "notebooks").glob("*.ipynb"))
        if not path.name.startswith("00_")
    ]


@dataclass(frozen=True)
class _Gathered:
    """Every table of an edition, notebook by notebook, and of that of a year before."""

    read: Mapping[Path, Collector]
    before: Sequence[Part]

    @property
    def parts(self) -> list[Part]:
        return [part for page in self.read.values() for part in page.parts]


def _gathered(study: Any, notebooks: Sequence[Path]) -> _Gathered:
    read: dict[Path, Collector] = {}
    for path in notebooks:
        read[path] = _read(study, path, [p for page in read.values() for p in page.parts])
    if not study.profile.disclosure.threshold:
        return _Gathered(read, ())
    # What stands on one page alone has no bearing on the other, and takes time to work out.
    both = [path for path, page in read.items() if any(map(is_on_both, page.parts))]
    return _Gathered(read, _before(study, both, {path: read[path].cells for path in both}))


def _made(study: Any, gathered: _Gathered) -> _Edition:
    plan, settings = Plan(), study.profile.disclosure
    if settings.threshold:
        pages = [_pages_of(one) for one in study.members]
        plan = plan_after(
            gathered.parts, gathered.before, settings,
            members=[page for page, _ in pages], members_before=[page for _, page in pages],
        )
    pages = gathered.read.values()
    shown = [part for page in pages if not page.sums_up for part in _lasting(page.parts)]
    return _Edition(plan, {part.spec.id: _shown(study, part, plan) for part in shown})


def _pages_of(member: Any) -> tuple[MemberPage, MemberPage]:
    """A member's page as it is published by itself, and its page of a year before."""
    gathered = _gathered(member, _notebooks())
    plan, settings = _edition(member, gathered).plan, member.profile.disclosure
    whose = member.profile.name, member.profile.slug
    return (MemberPage(*whose, gathered.parts, plan),
            MemberPage(*whose, gathered.before, plan_alone(gathered.before, settings)))


def _before(
    study: Any, notebooks: Sequence[Path], cells: Mapping[Path, int | None]
) -> list[Part]:
    """The tables of the page of a year before; none where there can have been no such page.

    cells  notebook → how many of its cells: what follows the last table that both pages could
           print has no bearing on it
    """
    earlier = a_year_before(study)
    try:
        return [] if earlier is None else collect(earlier, notebooks, cells)
    except SufficiencyError:
        return []


def _shown(study: Any, part: Part, plan: Plan) -> pd.DataFrame:
    if study.parameters.audience == "internal":
        return undisclosed(part.frame, part.spec)
    return plan.shown(part.spec, part.frame, study.profile.disclosure)


def _cells(frame: pd.DataFrame) -> dict[str, Any]:
    """A table as plain values: dates as ISO text, blanks as null."""
    plain = {
        str(column): [None if not isinstance(value, str) and pd.isna(value) else
                      value if isinstance(value, str | bool) else
                      iso_date(value) if isinstance(value, date) else
                      value.item() if hasattr(value, "item") else value
                      for value in frame[column]]
        for column in frame.columns
    }
    return {"columns": list(plain), "cells": list(plain.values())}


def _from_cells(told: dict[str, Any]) -> pd.DataFrame:
    """The table that `_cells` was given."""
    return pd.DataFrame(dict(zip(told["columns"], told["cells"], strict=True)),
                        columns=told["columns"])


def _key(study: Any, notebooks: Sequence[Path]) -> str:
    """Of all that a plan rests on: the data, what was told, the notebooks and the library."""
    # A consortium asks for its members' pages by another name and day than their own runs do.
    asked = {"as_at": study.as_at.isoformat(), "rule": study.locality_rule,
             "audience": study.parameters.audience}
    told = json.dumps(asked, sort_keys=True) + study.profile.model_dump_json()
    digest = hashlib.sha256(f"{study.fingerprint}\n{told}\n{code_hash('**/*.py')}\n".encode())
    for path in notebooks:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
