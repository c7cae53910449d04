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
from dataclasses import replace
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
from sufficiency_lib.publish.wording import Words
from sufficiency_lib.settings import cache_folder, project_folder
from sufficiency_lib.store import private

#: Futures drawn where nobody sees them.
_FEW_DRAWS = 10


class Collector:
    """A page that shows nothing, and keeps every table that is to be published.

    profile, parameters, as_at, words  as of a `Page`
    parts                              what was kept
    """

    def __init__(self, study: Any) -> None:
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

    def internal_table(self, *_: Any, **__: Any) -> None:
        """Nothing: it is never published."""

    opening = say = note = internal_table

    def value(self, *_: Any, **__: Any) -> str:
        """A stand-in for a figure of a sentence; its table is kept where it is published."""
        return ""


def collect(study: Any, notebooks: Sequence[Path]) -> list[Part]:
    """Every table that the notebooks publish of a dataset, with nothing hidden.

    study      a `dataset.Dataset`
    notebooks  in the order of the edition
    """
    page = Collector(study)
    told = {**_as_told(study), "parameters": study.parameters, "study": study, "page": page}
    for path in notebooks:
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in _code(path.name, path.read_text(encoding="utf-8")):
            exec(cell, names)  # the suite's own notebooks
            names |= told
    return page.parts


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
    root = project_folder()
    notebooks = [] if root is None else [
        path for path in sorted((root / "notebooks").glob("*.ipynb"))
        if not path.name.startswith("00_")
    ]
    if not notebooks or not study.profile.disclosure.threshold:
        return Plan()
    kept = private(cache_folder() / "editions") / f"{_key(study, notebooks)}.json"
    if kept.is_file():
        return Plan.from_json(kept.read_text(encoding="utf-8"))
    made = _made(study, notebooks)
    aside = kept.with_name(f".{kept.name}.{os.getpid()}")
    aside.write_text(made.as_json(), encoding="utf-8")
    os.replace(aside, kept)
    return made


def _made(study: Any, notebooks: Sequence[Path]) -> Plan:
    published = {path: collect(study, [path]) for path in notebooks}
    parts = [part for found in published.values() for part in found]
    earlier = a_year_before(study)
    # What stands on one page alone has no bearing on the other, and takes time to work out.
    both = [path for path, found in published.items() if any(map(is_on_both, found))]
    try:
        before = [] if earlier is None else collect(earlier, both)
    except SufficiencyError:
        # A page that cannot be made was never published.
        before = []
    return plan_after(parts, before, study.profile.disclosure)


def _key(study: Any, notebooks: Sequence[Path]) -> str:
    """Of all that a plan rests on: the data, what was told, the notebooks and the library."""
    library = Path(__file__).resolve().parent.parent
    told = json.dumps(_as_told(study), sort_keys=True) + study.profile.model_dump_json()
    digest = hashlib.sha256(f"{study.fingerprint}\n{told}\n".encode())
    for path in [*notebooks, *sorted(library.rglob("*.py"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
