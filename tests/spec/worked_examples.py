"""Reads the worked examples: one TOML file a measure, tables written out with bars.

Each file says what a measure is, gives rows that can be worked by hand, and the table that
must come out. The same files are meant to be printed in the methods page, so they hold
nothing but what a reader needs.

    title        of the measure
    measure      module.function in sufficiency_lib.metrics
    definition   numerator, denominator and unknowns, in prose
    source       who defines it
    working      how to get the expected rows by hand
    expected     the table that comes out; a blank cell is a value that cannot be worked out
    [parameters] what the function is told besides its tables
    [tables]     its input tables, by the name of the argument; a blank cell is missing
    [only]       column → values: the rows of the outcome that are shown (optional)
    [profile]    settings of the authority, for a measure that takes a profile (optional)
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sufficiency_lib.fields import FIELDS

FOLDER = Path(__file__).resolve().parent

#: Tables that a measure takes as the page shows them: numbers and marks together.
SHOWN = frozenset({"looked_after", "locality", "split", "stability", "shown"})


@dataclass(frozen=True)
class WorkedExample:
    """One measure with rows that can be worked by hand."""

    name: str
    title: str
    measure: str
    definition: str
    source: str
    working: str
    tables: dict[str, str]
    expected: str
    parameters: dict[str, Any] = field(default_factory=dict)
    only: dict[str, list[str]] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)

    @property
    def function(self) -> Callable[..., pd.DataFrame]:
        """The measure itself."""
        module, name = self.measure.split(".")
        return getattr(importlib.import_module(f"sufficiency_lib.metrics.{module}"), name)

    def inputs(self) -> dict[str, pd.DataFrame]:
        """The input tables, typed."""
        return {name: _typed(name, read_cells(text)) for name, text in self.tables.items()}

    def arguments(self) -> dict[str, Any]:
        """What the function is told besides its tables."""
        if not self.profile:
            return dict(self.parameters)
        from sufficiency_lib.settings import AuthorityProfile

        return self.parameters | {"profile": AuthorityProfile(**self.profile)}

    def shown(self, outcome: pd.DataFrame) -> pd.DataFrame:
        """The rows of an outcome that the example prints, as text; `base_` columns left out."""
        for column, values in self.only.items():
            outcome = outcome[outcome[column].isin(values)]
        kept = [name for name in outcome if not name.startswith("base_")]
        return outcome[kept].map(as_text).reset_index(drop=True)


def worked_examples() -> list[WorkedExample]:
    """Every example, by the name of its file."""
    return [
        WorkedExample(name=path.stem, **tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    ]


def read_cells(text: str) -> pd.DataFrame:
    """A table written with bars, as text; its first line names the columns."""
    lines = [line.split("|") for line in text.strip().splitlines()]
    cells = [[cell.strip() for cell in line] for line in lines]
    wrong = [number for number, line in enumerate(cells, 1) if len(line) != len(cells[0])]
    if wrong:
        raise ValueError(f"Row {wrong[0]} has not as many cells as the heading: {text}")
    return pd.DataFrame(cells[1:], columns=cells[0], dtype=object)


def as_text(value: object) -> str:
    """A value as the examples write it: blank when unknown, 50 and 50.0 alike."""
    if pd.isna(value):
        return ""
    if isinstance(value, str):
        return value
    return f"{float(value):g}" if abs(float(value)) < 1e5 else str(int(value))


def _typed(table: str, cells: pd.DataFrame) -> pd.DataFrame:
    return cells.apply(lambda column: _column(column, shown=table in SHOWN))


def _column(cells: pd.Series, *, shown: bool) -> pd.Series:
    """Cells as the registry says that their column is."""
    given = cells.where(cells != "", None)
    if shown:
        return given.map(_number_or_text).astype(object)
    kind = FIELDS[cells.name].kind if cells.name in FIELDS else "text"
    if cells.name == "dec_unreadable":
        kind = "yes_no"
    if kind == "date":
        return pd.to_datetime(given)
    if kind == "yes_no" and set(cells) <= {"yes", "no", ""}:
        said = given.map({"yes": True, "no": False})
        return said.astype(bool) if said.notna().all() else said.astype("boolean")
    if kind in ("integer", "number") and cells.name != "value":
        return pd.to_numeric(given)
    return given


def _number_or_text(cell: str | None) -> object:
    if cell is None:
        return float("nan")
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell
