"""The tables as files: a workbook with a contents sheet, and one csv a table.

Figures are numbers, marks and words are text, and text that a spreadsheet might take for a
formula is kept from running. The same tables give the same bytes.
"""

from __future__ import annotations

import csv
import numbers
import re
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sufficiency_lib.publish.tables import PublishedTable, mark_notes

#: A spreadsheet runs what begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

#: Stands in the workbook's properties when no date is given: files must not hold the clock.
_NO_DATE = date(2000, 1, 1)

_HEADER_ROW = 4


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
) -> Path:
    """Write every table to a workbook: a contents sheet with links, then one sheet a table.

    title, banners  at the head of the contents sheet
    as_at           goes into the file's properties, in place of today
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    made = datetime.combine(as_at or _NO_DATE, datetime.min.time())
    book.set_properties({"title": title, "created": made})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14, "font_color": "#12436D"}),
        "warning": book.add_format({"bold": True, "font_color": "#9B1020"}),
        "head": book.add_format(
            {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}
        ),
        "head_n": book.add_format(
            {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom", "align": "right"}
        ),
        "whole": book.add_format({"num_format": "#,##0", "align": "right"}),
        "decimal": book.add_format({"num_format": "#,##0.0", "align": "right"}),
        "mark": book.add_format({"align": "right"}),
    }
    names = sheet_names(tables)
    _write_contents(book.add_worksheet("Contents"), tables, names, title, banners, formats)
    for table, name in zip(tables, names, strict=True):
        _write_sheet(book.add_worksheet(name), table, formats)
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
        base = re.sub(r"[\[\]:*?/\\']", "_", table.id)
        name, count = base[:31], 2
        while name.lower() in {"contents", *(other.lower() for other in names)}:
            ending = f"_{count}"
            name, count = base[: 31 - len(ending)] + ending, count + 1
        names.append(name)
    return names


def _write_contents(
    sheet: Worksheet,
    tables: Sequence[PublishedTable],
    names: Sequence[str],
    title: str,
    banners: Sequence[str],
    formats: dict[str, Format],
) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, title, formats["title"])
    row = 1
    for banner in banners:
        sheet.write_string(row, 0, banner, formats["warning"])
        row += 1
    row += 1
    sheet.write_string(row, 0, "Sheet", formats["head"])
    sheet.write_string(row, 1, "Table", formats["head"])
    for table, name in zip(tables, names, strict=True):
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(row, 1, table.title)


def _write_sheet(sheet: Worksheet, table: PublishedTable, formats: dict[str, Format]) -> None:
    marks = "; ".join(f"{mark} = {meaning}" for mark, meaning in mark_notes(table.frame))
    sheet.write_string(0, 0, table.title, formats["title"])
    sheet.write_string(1, 0, table.note)
    sheet.write_string(2, 0, marks)
    sheet.write_url(3, 0, "internal:'Contents'!A1", string="Back to the contents")
    for column, name in enumerate(table.frame.columns):
        cells = list(table.frame[name])
        numeric = any(_is_figure(cell) for cell in cells)
        label = table.labels.get(str(name), str(name))
        sheet.write_string(_HEADER_ROW, column, label, formats["head_n" if numeric else "head"])
        style = formats["whole" if all(_is_whole(c) for c in cells) else "decimal"]
        for row, cell in enumerate(cells, start=_HEADER_ROW + 1):
            if _is_figure(cell):
                sheet.write_number(row, column, float(cell), style)
            elif cell not in ("", None):
                sheet.write_string(row, column, str(cell), formats["mark"] if numeric else None)
        longest = max([len(str(cell)) for cell in cells], default=0)
        sheet.set_column(column, column, min(max(longest + 2, 12), 60))
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _is_figure(cell: object) -> bool:
    return isinstance(cell, numbers.Real) and not isinstance(cell, bool)


def _is_whole(cell: object) -> bool:
    return not _is_figure(cell) or float(cell).is_integer()
