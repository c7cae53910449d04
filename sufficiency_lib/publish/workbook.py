"""The tables as files: a workbook with a contents sheet, and one csv a table.

Figures are numbers, dates are dates, marks and words are text, and text that a spreadsheet might
take for a formula is kept from running. The same tables give the same bytes.
"""

from __future__ import annotations

import csv
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.glossary import definitions
from sufficiency_lib.publish.tables import PublishedTable, mark_notes
from sufficiency_lib.publish.wording import MARK_MEANINGS, Words

#: A spreadsheet runs what begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

#: Sheets that are no tables.
CONTENTS, NOTES = "Contents", "Notes"

#: Stands in the workbook's properties when no date is given: files must not hold the clock.
_NO_DATE = date(2000, 1, 1)

_MOST_PLACES = 2

#: Letters to a line of a note.
_LINE = 110


def neutral(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what looks like a formula.

    >>> neutral("=1+1"), neutral("Homes & Co")
    ("'=1+1", 'Homes & Co')
    """
    return "'" + text if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def write_tables(tables: Sequence[PublishedTable], folder: Path) -> list[Path]:
    """Write `folder`/<id>.csv for each table: UTF-8, one header row, LF line ends.

    Figures are unformatted; c, z, x and k stand as they are; a blank is empty. Returns the
    paths, in the order of the tables.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in tables:
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([neutral(str(column)) for column in table.frame.columns])
        for row in table.frame.itertuples(index=False):
            writer.writerow([_csv_cell(value) for value in row])
        path = folder / f"{table.id}.csv"
        path.write_bytes(text.getvalue().encode("utf-8"))
        paths.append(path)
    return paths


def _csv_cell(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return neutral(value) if isinstance(value, str) else value


def write_workbook(
    tables: Sequence[PublishedTable],
    path: Path,
    *,
    title: str = "Sufficiency tables",
    as_at: date | None = None,
    banners: Sequence[str] = (),
    words: Words | None = None,
) -> Path:
    """Write every table to a workbook: contents with links, notes, then one sheet a table.

    title    at the head of the contents sheet
    as_at    goes into the file's properties, in place of today
    banners  warnings, at the head of every sheet and on every sheet of paper
    words    the authority's words for codes
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # In memory: what it writes to files on the way has the line ends and rights of the system.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(str(path), options)
    made = datetime.combine(as_at or _NO_DATE, datetime.min.time())
    book.set_properties({"title": title, "created": made})
    writer = _Writer(book, title, tuple(banners), words or Words())
    names = sheet_names(tables)
    writer.contents(tables, names)
    writer.notes()
    for table, name in zip(tables, names, strict=True):
        writer.table(table, name)
    book.close()
    return path


def sheet_names(tables: Sequence[PublishedTable]) -> list[str]:
    """A sheet name for each table: its id, cut to the 31 letters that Excel takes, unique.

    >>> import pandas as pd
    >>> t = PublishedTable("a" * 40, "T", "", pd.DataFrame())
    >>> [len(n) for n in sheet_names([t, t])]
    [31, 31]
    """
    names: list[str] = []
    for table in tables:
        base = re.sub(r"\W", "_", table.id)
        name, count = base[:31], 2
        taken = {other.lower() for other in (CONTENTS, NOTES, *names)}
        while name.lower() in taken:
            ending = f"_{count}"
            name, count = base[: 31 - len(ending)] + ending, count + 1
        names.append(name)
    return names


@dataclass
class _Writer:
    """Writes the sheets of one workbook."""

    book: xlsxwriter.Workbook
    title: str
    banners: tuple[str, ...]
    words: Words

    def __post_init__(self) -> None:
        add = self.book.add_format
        head = {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}
        self.formats: Mapping[str, Format] = {
            "title": add({"bold": True, "font_size": 14, "font_color": "#12436D"}),
            "warning": add({"bold": True, "font_color": "#9B1020"}),
            "head": add(head),
            "head_n": add({**head, "align": "right"}),
            "mark": add({"align": "right"}),
            "wrap": add({"text_wrap": True, "valign": "top"}),
            "pct": add({"num_format": '#,##0.0"%"', "align": "right"}),
            "day": add({"num_format": "d mmmm yyyy", "align": "left"}),
            **{
                f"places_{n}": add({
                    "num_format": "#,##0" + ("." + "0" * n if n else ""), "align": "right",
                })
                for n in range(_MOST_PLACES + 1)
            },
        }  # fmt: skip

    def _sheet(self, name: str, title: str) -> Worksheet:
        """A sheet with its title in the first row and the warnings in the second."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.formats["title"])
        if self.banners:
            warning = " · ".join(self.banners)
            sheet.write_string(1, 0, warning, self.formats["warning"])
            sheet.set_header(f"&C&B{warning.replace('&', '&&')}")
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def contents(self, tables: Sequence[PublishedTable], names: Sequence[str]) -> None:
        """Every sheet with a link to it, and where its table begins."""
        sheet = self._sheet(CONTENTS, self.title)
        first = self._said(sheet, ("One table a sheet. A formula can name it: table_ and the name "
                                   "of its sheet.",), 1)  # fmt: skip
        self._heads(sheet, first, ("Sheet", "Table", "Headings in row", "Rows"), (34, 90, 18, 10))
        rows = [(NOTES, "Symbols and words", self._first_row([]), None)]
        rows += [
            (name, table.title, self._first_row(_above(table)), len(table.frame))
            for table, name in zip(tables, names, strict=True)
        ]
        for row, (name, title, head, length) in enumerate(rows, start=first + 1):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
            sheet.write_string(row, 1, title)
            sheet.write_number(row, 2, head + 1, self.formats["places_0"])
            if length is not None:
                sheet.write_number(row, 3, length, self.formats["places_0"])

    def notes(self) -> None:
        """What the symbols and the words mean."""
        sheet = self._sheet(NOTES, "Symbols and words")
        first = self._first_row([])
        self._back(sheet, first - 1)
        self._heads(sheet, first, ("Symbol or word", "Meaning", "Source"), (42, 90, 50))
        rows = [(mark, meaning, "") for mark, meaning in MARK_MEANINGS.items()]
        rows += [(term["name"], term["meaning"], term["source"]) for term in definitions()]
        for row, cells in enumerate(rows, start=first + 1):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell, self.formats["wrap"])

    def table(self, table: PublishedTable, name: str) -> None:
        """A table on its own sheet: title, note, marks, then headings and rows, and a filter."""
        sheet = self._sheet(name, table.title)
        above = _above(table)
        first = self._first_row(above)
        self._said(sheet, above, first - 1 - len(above))
        self._back(sheet, first - 1)
        headings: list[dict[str, object]] = []
        for column, key in enumerate(table.frame.columns):
            cells = table.frame[key].tolist()  # Python's own figures: each is looked at
            heading = _unlike(table.labels.get(str(key), str(key)), str(key), headings)
            head = self.formats["head_n" if any(map(_is_figure, cells)) else "head"]
            headings.append({"header": heading, "header_format": head})
            sheet.write_string(first, column, heading, head)
            mixed = "unit" in table.frame
            longest = self._column(sheet, first + 1, column, str(key), cells, mixed=mixed)
            sheet.set_column(column, column, min(max(longest + 2, 12), 60))
        if len(table.frame) and headings:
            sheet.add_table(first, 0, first + len(table.frame), len(headings) - 1, {
                "name": f"table_{name}", "columns": headings, "style": "Table Style Light 1",
            })  # fmt: skip
        self._hold(sheet, first)

    def _first_row(self, above: Sequence[str]) -> int:
        """The row of the headings, counted from nought: under title, warnings, text and link."""
        return 1 + bool(self.banners) + len(above) + 1

    def _said(self, sheet: Worksheet, lines: Sequence[str], row: int) -> int:
        """Write lines of text under the warnings, or from a row on; returns the row after."""
        row = max(row, 1 + bool(self.banners))
        for line in lines:
            sheet.write_string(row, 0, line)
            row += 1
        return row

    def _back(self, sheet: Worksheet, row: int) -> None:
        sheet.write_url(row, 0, f"internal:'{CONTENTS}'!A1", string="Back to the contents")

    def _heads(
        self, sheet: Worksheet, row: int, names: Sequence[str], widths: Sequence[int]
    ) -> None:
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            is_count = name in ("Rows", "Headings in row")
            sheet.write_string(row, column, name, self.formats["head_n" if is_count else "head"])
            sheet.set_column(column, column, width)
        self._hold(sheet, row)

    def _hold(self, sheet: Worksheet, row: int) -> None:
        """Keep the headings in sight, on screen and on each sheet of paper."""
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)

    def _column(
        self, sheet: Worksheet, first: int, column: int, key: str, cells: Sequence[object], *,
        mixed: bool,
    ) -> int:  # fmt: skip
        """Write the cells of a column; returns how many letters the longest takes.

        mixed  each row is in a unit of its own, so each figure has its own decimals
        """
        numeric, places, longest = any(map(_is_figure, cells)), _places(cells), 0
        said: dict[object, str | datetime] = {}
        for row, cell in enumerate(cells, start=first):
            if _is_figure(cell):
                decimals = _places([cell]) if mixed else places
                style = "pct" if key.endswith("_pct") else f"places_{decimals}"
                sheet.write_number(row, column, float(cell), self.formats[style])
                longest = max(longest, len(f"{cell:,.2f}"))
            elif cell not in ("", None):
                if cell not in said:
                    said[cell] = _day(cell) or self.words.cell(key, cell)
                is_mark = numeric or cell in MARKS
                longest = max(longest, self._text(sheet, row, column, said[cell], is_mark))
        return longest

    def _text(
        self, sheet: Worksheet, row: int, column: int, said: str | datetime, is_mark: bool
    ) -> int:
        """Write a day or words; returns how many letters they take."""
        if isinstance(said, datetime):
            sheet.write_datetime(row, column, said, self.formats["day"])
            return len("30 September 2025")
        sheet.write_string(row, column, said, self.formats["mark"] if is_mark else None)
        return len(said)


def _above(table: PublishedTable) -> list[str]:
    """What stands above a table: its note, in lines that a screen shows whole, and its marks."""
    marks = "; ".join(f"{mark} = {meaning}" for mark, meaning in mark_notes(table.frame))
    return [*textwrap.wrap(table.note, _LINE), *textwrap.wrap(marks, _LINE)]


def _unlike(heading: str, key: str, before: Sequence[Mapping[str, object]]) -> str:
    """A heading that no other column of the table has, as a spreadsheet's table must have it."""
    taken = {str(other["header"]).casefold() for other in before}
    if heading and heading.casefold() not in taken:
        return heading
    name, number = f"{heading} ({key})".strip(), 2
    while name.casefold() in taken:
        name, number = f"{heading} ({key}, {number})", number + 1
    return name


def _day(cell: object) -> datetime | None:
    """The day that a cell names as ISO text, if it does."""
    if not isinstance(cell, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        return None
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return None


def _is_figure(cell: object) -> bool:
    return isinstance(cell, int | float | np.number) and not isinstance(cell, bool)


def _places(cells: Sequence[object]) -> int:
    """How many decimals the figures have, so that one format shows them all."""
    figures = [float(cell) for cell in cells if _is_figure(cell)]
    needed = (n for n in range(_MOST_PLACES) if all(round(f, n) == f for f in figures))
    return next(needed, _MOST_PLACES)
