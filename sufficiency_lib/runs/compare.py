"""What moved between two runs: every published figure that differs, row by row.

Only what was published is read (tables/*.csv), so what is said of two public runs is public.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sufficiency_lib import fields
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.publish.specs import SPECS

#: Kinds of column that measure something; the others say what a row is about.
_FIGURES = frozenset({"integer", "number"})

COLUMNS = ("authority", "table", "row", "column", "old", "new")


@dataclass(frozen=True)
class Change:
    """One figure that moved, or a row or table that is in one run only.

    row      what the row is about: 'rule=home_20_miles, cohort=all'; blank: the whole table
    column   the figure; blank: the whole row
    old, new as published; blank where there was or is none
    """

    authority: str
    table: str
    row: str = ""
    column: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        where = " · ".join(part for part in (self.authority, self.table, self.row) if part)
        if self.column:
            return f"{where} · {self.column}: {self.old or 'blank'} → {self.new or 'blank'}"
        return f"{where} is {'new' if self.new else 'no longer there'}"


def compare(old: Path, new: Path) -> list[Change]:
    """Every published figure that differs between two output folders.

    old, new  folders that `run` wrote: of all authorities, or of one
    returns   changes by authority, table and row

    Raises ConfigurationError for a folder without published tables.
    """
    before, after = _authorities(old), _authorities(new)
    found: list[Change] = []
    for name in sorted(before.keys() | after.keys()):
        found += _between(name, before.get(name, {}), after.get(name, {}))
    return found


def as_frame(changes: list[Change]) -> pd.DataFrame:
    """Changes as a table with COLUMNS, all text."""
    rows = [[getattr(change, column) for column in COLUMNS] for change in changes]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def summary(changes: list[Change]) -> str:
    """How much moved, in a sentence.

    >>> summary([])
    'No published figure differs.'
    >>> summary([Change("kent", "locality", "rule=in_area", "within", "3", "4")])
    '1 figure differs, in 1 table of 1 authority.'
    """
    if not changes:
        return "No published figure differs."
    figures = sum(1 for change in changes if change.column)
    other = len(changes) - figures
    tables = {(change.authority, change.table) for change in changes}
    names = {change.authority for change in changes}
    said = f"{_count(figures, 'figure')} {'differs' if figures == 1 else 'differ'}"
    if other:
        said += f" and {_count(other, 'row or table', 'rows or tables')} came or went"
    return f"{said}, in {_count(len(tables), 'table')} of " + (
        f"{_count(len(names), 'authority', 'authorities')}."
    )


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _authorities(folder: Path) -> dict[str, dict[str, Path]]:
    """Authority → table → its csv file."""
    homes = [folder, *sorted(folder.iterdir())] if folder.is_dir() else []
    found = {
        home.resolve().name: {path.stem: path for path in sorted((home / "tables").glob("*.csv"))}
        for home in homes
        if (home / "tables").is_dir() and not home.name.startswith(".")
    }
    if not found:
        raise ConfigurationError(
            f"'{folder.name}' holds no published tables; give an output folder that `run` wrote, "
            "or one authority's folder in it."
        )
    if list(found) == [folder.resolve().name]:
        # One authority's folder, whatever it was renamed to when it was kept.
        return {"": found[folder.resolve().name]}
    return found


def _between(name: str, old: dict[str, Path], new: dict[str, Path]) -> Iterator[Change]:
    for table in sorted(old.keys() | new.keys()):
        if table not in old or table not in new:
            yield Change(name, table, new="" if table in old else "there")
            continue
        yield from _rows_between(name, table, _read(old[table]), _read(new[table]))


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def row_keys(table: str, frame: pd.DataFrame) -> list[str]:
    """The columns that say what a row of a published table is about.

    table  its id; one that is not registered goes by its columns of text
    """
    spec = SPECS.get(table)
    if spec is not None and spec.named_by:
        return [column for column in spec.named_by if column in frame]
    named = spec.keys if spec is not None else tuple(frame.columns)
    return [
        column for column in frame.columns
        if column in named
        and (column not in fields.FIELDS or fields.FIELDS[column].kind not in _FIGURES)
    ]


def _rows_between(
    name: str, table: str, old: pd.DataFrame, new: pd.DataFrame
) -> Iterator[Change]:
    keys = [column for column in row_keys(table, new) if column in old]
    before, after = _by_key(old, keys), _by_key(new, keys)
    for key in dict.fromkeys([*before, *after]):
        row = ", ".join(f"{c}={v}" for c, v in zip(keys, key, strict=False) if v)
        if key not in before or key not in after:
            yield Change(name, table, row or "a row", new="" if key in before else "there")
            continue
        for column in dict.fromkeys([*old.columns, *new.columns]):
            was, is_now = before[key].get(column, ""), after[key].get(column, "")
            if column not in keys and was != is_now:
                yield Change(name, table, row, column, was, is_now)


def _by_key(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows by what they are about; rows alike are told apart by their order."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for record in frame.to_dict("records"):
        key = tuple(record[column] for column in keys)
        again = 0
        while (*key, *([str(again)] if again else [])) in found:
            again += 1
        found[(*key, *([str(again)] if again else []))] = record
    return found
