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

FOLDER = Path(__file__).resolve().parent

DATES = frozenset({"decom", "dec", "dob"})
FLAGS = frozenset({"is_short_break", "dec_unreadable"})
WHOLE = frozenset({"care_period_id", "return_year", "mid_year", "rows"})
DECIMAL = frozenset({"distance_miles", "centre_miles", "border_miles"})
#: Tables that a measure takes as the page shows them: numbers and marks together.
SHOWN = frozenset({"looked_after", "locality", "split"})


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
    given = cells.where(cells != "", None)
    if shown:
        return given.map(_number_or_text).astype(object)
    if cells.name in DATES:
        return pd.to_datetime(given)
    if cells.name in FLAGS:
        return cells == "yes"
    if cells.name in DECIMAL:
        return pd.to_numeric(given)
    # In a table of the population, children are a number; nowhere else are they an input.
    return given.astype(int) if cells.name in WHOLE | {"children"} else given


def _number_or_text(cell: str | None) -> object:
    if cell is None:
        return float("nan")
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell
