"""A disclosed frame as an accessible HTML table.

Written directly, not through great_tables: that gives no caption element, one row-header
column only, 10 kB of style a table, and formatters that do not take a "c".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.specs import TableSpec
from sufficiency_lib.publish.tables import heading, mark_notes, tidy
from sufficiency_lib.publish.wording import UNIT_NAMES, Words, long_date, mid_sentence

#: A table this narrow fits a 320 px screen, so it needs no scrolling region.
NARROW_COLUMNS = 3
#: A table this short is kept on one sheet of paper.
SHORT_ROWS = 14


def templates_of(package: str) -> Environment:
    """The templates of a package: all text is escaped, and a name without a value is an error."""
    return Environment(
        loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


TEMPLATES = templates_of("sufficiency_lib.publish")


@dataclass(frozen=True)
class Cell:
    """The words of a cell, with what stands under them in small print."""

    text: str
    small: str = ""

    @property
    def is_mark(self) -> bool:
        """Whether it is one of c, z, x and k."""
        return self.text in MARKS


@dataclass(frozen=True)
class Column:
    """A column of figures or words: its name in the frame, heading and alignment."""

    name: str
    label: str
    numeric: bool


@dataclass
class Body:
    """Rows that belong together: under a band, or beside a head that spans them."""

    band: str | None
    head: str | None
    rows: list[tuple[list[Cell], list[tuple[Column, Cell]]]] = field(default_factory=list)


def render_table(
    frame: pd.DataFrame,
    spec: TableSpec,
    words: Words,
    *,
    title: str,
    note: str = "",
    anchor: str,
) -> str:
    """A disclosed frame as HTML: caption, scoped headers, notes; a region where it is wide.

    Keys that are the same in every row move into the caption. With `spec.across`, the
    values of one key stand side by side. Text is escaped.
    """
    units = list(frame["unit"]) if "unit" in frame else None
    shown = tidy(frame, spec).drop(columns=list(spec.hide), errors="ignore")
    shown, fixed = _lift_constants(shown, spec, words)
    shown, spread, at = _spread(shown, spec, words)
    band = spec.band if spec.band in shown else None
    small = {name: under for name, under in spec.under.items() if {name, under} <= set(shown)}
    keys = [k for k in _leading(shown, spec) if k != band and k not in small]
    columns = [
        Column(name, spread.get(name) or heading(name, spec), _is_numeric(shown[name]))
        for name in shown.columns
        if name not in keys and name != band and name not in small
    ]
    grid = _Grid(spec, words, keys, columns, band, small, spread, units)
    return TEMPLATES.get_template("table.html.j2").render(
        anchor=anchor,
        title=title,
        fixed=[*fixed, *at],
        note=note,
        key_labels=[heading(key, spec) for key in keys],
        columns=columns,
        bodies=grid.bodies(shown),
        width=len(keys) + len(columns),
        marks=mark_notes(shown),
        short=len(shown) <= SHORT_ROWS,
        wide=len(keys) + len(columns) > NARROW_COLUMNS,
    )


def _leading(shown: pd.DataFrame, spec: TableSpec) -> list[str]:
    """The keys that come before the first figure: they head the row; later ones are cells."""
    leading: list[str] = []
    for column in shown.columns:
        if column not in spec.keys:
            break
        leading.append(column)
    return leading or [shown.columns[0]]


def _is_numeric(cells: pd.Series) -> bool:
    figures = [c for c in cells if not isinstance(c, str | bool)]
    return bool(figures) or bool(len(cells)) and all(c in MARKS for c in cells)


def _lift_constants(
    shown: pd.DataFrame, spec: TableSpec, words: Words
) -> tuple[pd.DataFrame, list[str]]:
    """Take keys with one value out of the rows, to be said once in the caption."""
    fixed: list[str] = []
    for column in spec.lift:
        if column in shown and len(shown) > 1 and shown[column].nunique() == 1:
            value = shown[column].iloc[0]
            said = words.cell(column, value)
            if long_date(value) != value:
                said = f"{heading(column, spec)} {said}"
            fixed.append(mid_sentence(said))
            shown = shown.drop(columns=column)
    return shown, fixed


def _spread(
    shown: pd.DataFrame, spec: TableSpec, words: Words
) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    """Put one figure's values for each date, or for each code of a key, side by side.

    Returns the frame, the heading of each new column, and what the caption then says.
    """
    if spec.across is None or shown.empty or not set(spec.across) <= set(shown.columns):
        return shown, {}, []
    key, figure = spec.across
    keys = [c for c in shown.columns if c in spec.keys and c != key]
    values = [str(value) for value in dict.fromkeys(shown[key])]
    headings, at = _short_dates(values, heading(key, spec))
    headings = {value: words.code(key, value) or short for value, short in headings.items()}
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for record in shown.to_dict("records"):
        rows.setdefault(tuple(record[k] for k in keys), {})[str(record[key])] = record[figure]
    wide = [
        {**dict(zip(keys, names, strict=True)), **{v: cells.get(v, 0) for v in values}}
        for names, cells in rows.items()
    ]
    return pd.DataFrame(wide, columns=[*keys, *values], dtype=object), headings, at


def _short_dates(values: Sequence[str], name: str) -> tuple[dict[str, str], list[str]]:
    """Dates on the same day of each year are headed by the year, and the day is said once.

    >>> _short_dates(["2024-03-31", "2025-03-31"], "As at")
    ({'2024-03-31': '2024', '2025-03-31': '2025'}, ['as at 31 March of each year'])
    """
    try:
        days = [date.fromisoformat(value) for value in values]
    except ValueError:
        return dict(zip(values, values, strict=True)), []
    if len({(day.day, day.month) for day in days}) > 1:
        return {value: long_date(value) for value in values}, []
    return (
        {value: str(day.year) for value, day in zip(values, days, strict=True)},
        [f"{name.lower()} {days[0].day} {days[0]:%B} of each year"],
    )


@dataclass(frozen=True)
class _Grid:
    """How the rows of one table are put into words and bodies."""

    spec: TableSpec
    words: Words
    keys: Sequence[str]
    columns: Sequence[Column]
    band: str | None
    small: Mapping[str, str]
    spread: Mapping[str, str]
    units: Sequence[object] | None

    def bodies(self, shown: pd.DataFrame) -> list[Body]:
        """The rows in order, those with the same band or first key together."""
        bodies: list[Body] = []
        for row, record in enumerate(shown.to_dict("records")):
            heads = [self._cell(key, record, row) for key in self.keys]
            heads = [
                head if head.text else Cell(self.spec.missing.get(key, "Not recorded"), head.small)
                for key, head in zip(self.keys, heads, strict=True)
            ]
            band = self._cell(self.band, record, row).text if self.band else None
            head = heads[0].text if len(heads) > 1 else None
            if not bodies or (bodies[-1].band, bodies[-1].head) != (band, head):
                bodies.append(Body(band, head))
            cells = [(column, self._cell(column.name, record, row)) for column in self.columns]
            bodies[-1].rows.append((heads[1:] if head else heads, cells))
        return bodies

    def _cell(self, name: str, record: Mapping[str, object], row: int) -> Cell:
        column = self.spec.across[1] if name in self.spread and self.spec.across else name
        unit = None
        if self.units is not None and name in self.spec.row_unit:
            unit = UNIT_NAMES.get(str(self.units[row]))
        text = self.words.cell(column, record[name], unit)
        under = [other for other, target in self.small.items() if target == name]
        below = [self.words.cell(other, record[other]) for other in under]
        if _are_ends(under):
            return Cell(text, "" if set(below) & set(MARKS) else " to ".join(below))
        return Cell(text, " ".join(filter(None, below)))


def _are_ends(columns: Sequence[str]) -> bool:
    """Whether two columns are the ends of an interval, by their names."""
    return [column.partition("_")[0] for column in columns] == ["low", "high"]
