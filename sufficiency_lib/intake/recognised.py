"""Which tables of the return a folder's files hold, recognised by their columns.

A csv file is one table; an XML file is all of them; either may be in a zip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.csvfile import read_headers, read_text_table, tell_lines_above
from sufficiency_lib.intake.files import InputFile, find_files, find_workbooks
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import LOCAL_FILES, is_local_input
from sufficiency_lib.intake.ssda903 import (
    BENDING_IF_ABSENT,
    TABLES,
    Table,
    recognise,
    standard_names,
)
from sufficiency_lib.intake.xmlfile import is_for_a_return, read_xml_tables


@dataclass
class FileTable:
    """One table of one file on its way to being typed and dated.

    name      the file, within the authority's folder
    table     its name in `ssda903.TABLES`
    rows      text cells until it is typed
    year      its return year, once that is known
    children  who is in it, once it is typed
    """

    name: str
    table: str
    rows: pd.DataFrame
    year: int | None = None
    children: set[str] = field(default_factory=set)


def holds_returns(folder: Path) -> bool:
    """Whether a folder holds, at any depth, a file with an SSDA903 episodes table.

    A zip that cannot be read counts as none here; reading the folder says what is wrong.
    """
    try:
        return any(is_episodes_file(file) for file in find_files(folder))
    except InputError:
        return False


def is_episodes_file(file: InputFile) -> bool:
    """Whether a file's beginning makes it an episodes table; no more of it is read."""
    try:
        if file.is_xml:
            return is_for_a_return(file.start())
        return _header_of(read_headers(file.start(), file.name))[1] == "episodes"
    except InputError:
        return False


def tables_in(folder: Path, log: FindingLog) -> Iterator[FileTable]:
    """Every table of the return in a folder, as text, with its standard column names.

    A file that is no table of the return is left alone, as a cosmetic finding, and so is a
    spreadsheet. A required column that is not there is a fatal one. Raises InputError for a
    file that cannot be read safely.
    """
    for file in find_workbooks(folder):
        log.add(
            "cosmetic", "not_a_table", file=file.name, expected="csv or XML",
            action="left alone; to have it read, save each of its sheets as csv",
        )
    for file in find_files(folder):
        found = _xml_tables(file) if file.is_xml else _csv_table(file, log)
        if not found and PurePosixPath(file.name).name.lower() not in LOCAL_FILES:
            log.add(
                "cosmetic", "not_a_table", file=file.name,
                expected="the columns of an SSDA903 table or of a local input",
                action="left alone",
            )
        for table, frame in found.items():
            if frame is not None:
                _check_columns(frame, TABLES[table], file.name, log)
                yield FileTable(file.name, table, frame)


def _xml_tables(file: InputFile) -> dict[str, pd.DataFrame]:
    return read_xml_tables(file.read(), file.name) if is_for_a_return(file.start()) else {}


def _csv_table(file: InputFile, log: FindingLog) -> dict[str, pd.DataFrame | None]:
    headers = read_headers(file.start(), file.name)
    if not headers:
        # An empty file is a finding of its own, made by the reader.
        return {"empty": read_text_table(file.read(), file.name, log)}
    skip, table = _header_of(headers)
    if table is None:
        # A local input is read on its own; what is wrong with it is told there.
        return {"local": None} if is_local_input(headers) else {}
    tell_lines_above(headers[:skip], file.name, log)
    frame = read_text_table(file.read(), file.name, log, skip=skip)
    return {table: frame if frame is None else frame.rename(columns=standard_names(frame.columns))}


def _header_of(headers: list[list[str]]) -> tuple[int, str | None]:
    """Which of a file's first records is a table's header, and of which table."""
    found = ((skip, recognise(header)) for skip, header in enumerate(headers))
    return next(((skip, table) for skip, table in found if table is not None), (0, None))


def _check_columns(frame: pd.DataFrame, table: Table, name: str, log: FindingLog) -> None:
    authorities = sorted(set(frame["LA"].str.strip().str.upper()) - {""}) if "LA" in frame else []
    if len(authorities) > 1:
        log.add(
            "fatal", "several_authorities", file=name, column="LA",
            value=f"{len(authorities):,} of them", expected="one authority in a folder",
            action="put the rows of each authority in a folder of its own",
        )
    if frame.empty:
        log.add("cosmetic", "no_rows", file=name, expected="rows under the header",
                action="passed over")
    for column in table.required:
        if column not in frame:
            log.add(
                "fatal", "missing_column", file=name, line=1, column=column,
                expected=f"the {table.name} table to have it",
                action="add the column, or export the table again",
            )
    for column in table.optional:
        if column not in frame:
            effect = BENDING_IF_ABSENT.get(column) if table.name == "episodes" else None
            log.add(
                "bending" if effect else "cosmetic", "missing_column", file=name, line=1,
                column=column, expected=f"the {table.name} table to have it",
                action=effect or "read as blank",
            )
            frame[column] = ""
        elif table.name == "episodes" and column in BENDING_IF_ABSENT and _is_blank(frame[column]):
            log.add(
                "bending", "blank_column", file=name, line=1, column=column,
                expected="a value in some row", action=BENDING_IF_ABSENT[column],
            )


def _is_blank(cells: pd.Series) -> bool:
    return len(cells) > 0 and not cells.str.strip().any()
