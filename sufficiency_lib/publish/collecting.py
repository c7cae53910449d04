"""Notebooks read for what they publish: their cells run with a page that shows nothing.

The notebooks say what is published. So their cells run here, and each table that they would put
on the page is kept as it is.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

import pandas as pd

from sufficiency_lib.publish.disclosure import undisclosed
from sufficiency_lib.publish.linked import Part
from sufficiency_lib.publish.other_pages import is_on_both
from sufficiency_lib.publish.specs import SPECS, TableSpec, spec_for
from sufficiency_lib.publish.wording import Words

#: Futures drawn where nobody sees them.
_FEW_DRAWS = 2

#: Gives the tables that other notebooks publish, by their ids, with nothing hidden.
Evidence = Callable[[], Mapping[str, pd.DataFrame]]


class Collector:
    """A page that shows nothing, and keeps every table that is to be published.

    profile, parameters, as_at, words  as of a `Page`
    parts                              what was kept
    sums_up                            whether what other notebooks publish was asked for
    cells                              how many of its notebook's cells a page of another day
                                       needs to be read; None: all
    """

    cells: int | None = None

    def __init__(self, study: Any, evidence: Evidence = dict) -> None:
        self._evidence, self.sums_up = evidence, False
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
        return dict(self._evidence())

    def internal_table(self, *_: Any, **__: Any) -> None:
        """Nothing: it is never published."""

    opening = say = note = brief = internal_table

    def value(self, *_: Any, **__: Any) -> str:
        """A stand-in for a figure of a sentence; its table is kept where it is published."""
        return ""


def lasting(parts: Iterable[Part]) -> list[Part]:
    """Those whose figures are not of random draws: of these only a few were made here."""
    return [part for part in parts if not part.spec.is_drawn]


def unhidden(parts: Iterable[Part]) -> dict[str, pd.DataFrame]:
    """What a notebook that sums others up is given of them, with nothing hidden."""
    return {part.spec.id: undisclosed(part.frame, part.spec) for part in lasting(parts)}


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
        known = partial(unhidden, tuple(parts))
        parts += read(study, path, known, (cells or {}).get(path)).parts
    return parts


def read(
    study: Any, path: Path, evidence: Evidence = dict, cells: int | None = None
) -> Collector:
    """A notebook's cells, or the first so many, run with a page that only collects.

    study     a `dataset.Dataset`
    evidence  gives what other notebooks publish, where this one asks for it
    """
    page = Collector(study, evidence)
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
