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
import os
from collections.abc import Sequence
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
from sufficiency_lib.publish.specs import TableSpec, spec_for
from sufficiency_lib.publish.two_years import is_on_both, plan_after
from sufficiency_lib.publish.wording import Words, iso_date
from sufficiency_lib.settings import cache_folder, project_folder
from sufficiency_lib.store import private

#: Futures drawn where nobody sees them.
_FEW_DRAWS = 10


class Collector:
    """A page that shows nothing, and keeps every table that is to be published.

    profile, parameters, as_at, words  as of a `Page`
    parts                              what was kept
    known                              what other notebooks publish, for one that sums them up
    sums_up                            whether what others publish was asked for
    """

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


def collect(study: Any, notebooks: Sequence[Path]) -> list[Part]:
    """Every table that the notebooks publish of a dataset, with nothing hidden.

    study      a `dataset.Dataset`
    notebooks  in the order of the edition
    """
    parts: list[Part] = []
    for path in notebooks:
        parts += _read(study, path, parts).parts
    return parts


def _read(study: Any, path: Path, known: Sequence[Part]) -> Collector:
    """A notebook's cells run with a page that only collects."""
    page = Collector(study, known)
    told = {**_as_told(study), "parameters": study.parameters, "study": study, "page": page}
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in _code(path.name, path.read_text(encoding="utf-8")):
        exec(cell, names)  # the suite's own notebooks
        names |= told
    return page


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


def _edition(study: Any) -> _Edition:
    """What an edition hides and what it shows, made once, then kept."""
    notebooks = _notebooks()
    if not notebooks:
        return _Edition(Plan(), {})
    kept = private(cache_folder() / "editions") / f"{_key(study, notebooks)}.json"
    if kept.is_file():
        told = json.loads(kept.read_text(encoding="utf-8"))
        tables = {name: _from_cells(cells) for name, cells in told["tables"].items()}
        return _Edition(Plan.from_json(told["plan"]), tables)
    made = _made(study, notebooks)
    told = {"plan": made.plan.as_json(),
            "tables": {name: _cells(frame) for name, frame in made.tables.items()}}
    aside = kept.with_name(f".{kept.name}.{os.getpid()}")
    aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    os.replace(aside, kept)
    return made


def _notebooks() -> list[Path]:
    """Those of the report, in order."""
    root = project_folder()
    return [] if root is None else [
        path for path in sorted((root / "notebooks").glob("*.ipynb"))
        if not path.name.startswith("00_")
    ]


def _made(study: Any, notebooks: Sequence[Path]) -> _Edition:
    read: dict[Path, Collector] = {}
    for path in notebooks:
        read[path] = _read(study, path, [p for page in read.values() for p in page.parts])
    parts = [part for page in read.values() for part in page.parts]
    plan = Plan()
    if study.profile.disclosure.threshold:
        # What stands on one page alone has no bearing on the other, and takes time to work out.
        both = [path for path, page in read.items() if any(map(is_on_both, page.parts))]
        plan = plan_after(parts, _before(study, both), study.profile.disclosure)
    shown = [part for page in read.values() if not page.sums_up for part in _lasting(page.parts)]
    return _Edition(plan, {part.spec.id: _shown(study, part, plan) for part in shown})


def _before(study: Any, notebooks: Sequence[Path]) -> list[Part]:
    """The tables of the page of a year before; none where there can have been no such page."""
    earlier = a_year_before(study)
    try:
        return [] if earlier is None else collect(earlier, notebooks)
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
    library = Path(__file__).resolve().parent.parent
    told = json.dumps(_as_told(study), sort_keys=True) + study.profile.model_dump_json()
    digest = hashlib.sha256(f"{study.fingerprint}\n{told}\n".encode())
    for path in [*notebooks, *sorted(library.rglob("*.py"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
