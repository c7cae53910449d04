"""Cells of text to values: identifiers, codes, dates and answers, each assumption a finding."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.codes import CODE_SETS, valid_codes
from sufficiency_lib.intake.dates import NOTHING, is_month_first, read_dates
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.ssda903 import CORE_TABLES, DATE_COLUMNS, Table

#: How a date read with an assumption is told, by read_dates' `how`.
_ASSUMED = {
    "iso": "read as year-month-day",
    "time_dropped": "read without the time",
    "two_digit_year": "read with the century that fits",
    "month_first": "read as month first, as the whole table is",
    "named_month": "read by the month's name",
    "compact": "read as yyyymmdd",
    "excel_serial": "read as a spreadsheet's day number",
}
#: Assumptions under which another reading would have been another day.
_GUESSED = frozenset({"month_first"})
_POSTCODES = ("HOME_POST", "PL_POST")
_YES = frozenset({"1", "1.0", "Y", "YES", "T", "TRUE"})
_NO = frozenset({"0", "0.0", "N", "NO", "F", "FALSE"})


def type_table(frame: pd.DataFrame, table: Table, log: FindingLog) -> pd.DataFrame:
    """The rows of one table with typed cells.

    frame    text cells, with source_file and source_line
    returns  the same rows: CHILD as trimmed text (None when blank), codes in upper case
             (None when blank), date columns as datetime64 (NaT when blank or impossible)

    Text in a date column that has not the shape of a date is fatal in the tables that every
    figure rests on, as it means that the columns have slipped. In the others it is bending,
    as an impossible date is everywhere, and the cell is read as blank.
    """
    frame = frame.copy()
    frame["CHILD"] = _identifier(frame, log)
    month_first = _month_first(frame, table)
    for column in table.columns:
        if column == "CHILD" or column not in frame:
            continue
        if column in DATE_COLUMNS.get(table.name, ()):
            core = table.name in CORE_TABLES
            read = _dates(frame, column, log, month_first=month_first, core=core)
            if column == "DEC":
                # An end that was written but cannot be read is not the same as no end.
                frame["dec_unreadable"] = read["how"] == "impossible"
            frame[column] = read["date"]
        elif column in CODE_SETS:
            frame[column] = _codes(frame, column, log)
        else:
            frame[column] = _text(frame[column], upper=column in _POSTCODES)
    return frame


def _text(cells: pd.Series, *, upper: bool = False) -> pd.Series:
    trimmed = cells.fillna("").astype(str).str.strip()
    if upper:
        trimmed = trimmed.str.upper()
    blank = trimmed.str.lower().isin(NOTHING)
    return trimmed.astype(object).where(~blank, None)


def _month_first(frame: pd.DataFrame, table: Table) -> bool:
    """Whether the table's dates are month first: its columns were written by one hand."""
    columns = [name for name in DATE_COLUMNS.get(table.name, ()) if name in frame]
    return is_month_first(
        value for name in columns for value in frame[name].fillna("").astype(str).unique()
    )


def _identifier(frame: pd.DataFrame, log: FindingLog) -> pd.Series:
    trimmed, shortened = identifiers(frame["CHILD"].fillna("").astype(str).str.strip())
    log.add_rows(
        "fatal", "shortened_identifier", frame[shortened], column="CHILD",
        values=trimmed[shortened],
        expected="the whole identifier (a spreadsheet has shortened it, as in 1.23E+11)",
        action="export it again as text",
    )
    return trimmed.astype(object).where(~trimmed.str.lower().isin(NOTHING), None)


def identifiers(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Identifiers as they are matched: leading zeros stay, a spreadsheet's '.0' goes.

    text     without spaces at its ends
    returns  the identifiers, and which of them a spreadsheet has shortened beyond repair

    >>> whole, shortened = identifiers(pd.Series(["007", "12.0", "1.23E+11"]))
    >>> whole.tolist(), shortened.tolist()
    (['007', '12', '1.23E+11'], [False, False, True])
    """
    whole = text.str.replace(r"(?<=[0-9])\.0+$", "", regex=True)
    return whole, whole.str.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")


def yes_no(cells: pd.Series) -> pd.Series:
    """Answers of yes and no as booleans; anything else is missing.

    >>> yes_no(pd.Series(["1", "n", " TRUE ", "2", None])).tolist()
    [True, False, True, <NA>, <NA>]
    """
    said = cells.where(cells.notna(), "").astype(str).str.strip().str.upper()
    yes = said.isin(list(_YES)).astype("boolean")
    return yes.where(said.isin(list(_YES | _NO)))


def _codes(frame: pd.DataFrame, column: str, log: FindingLog) -> pd.Series:
    """Codes in upper case without spaces; an unknown one stays as written, and is a finding."""
    written = frame[column].fillna("").astype(str)
    tidy = written.str.strip().str.strip("'\"").str.upper().str.replace(r"\.0+$", "", regex=True)
    blank = tidy.str.lower().isin(NOTHING)
    changed = (tidy != written) & ~blank
    if changed.any():
        rows = frame[changed]
        log.add(
            "cosmetic", "untidy_code", file=rows["source_file"].iloc[0],
            line=int(rows["source_line"].iloc[0]), column=column, value=written[changed].iloc[0],
            expected="codes in upper case without spaces",
            action=f"read {int(changed.sum()):,} such cells in upper case without spaces",
        )
    unknown = ~blank & ~tidy.isin(list(CODE_SETS[column]))
    log.add_rows(
        "bending", "unknown_code", frame[unknown], column=column, values=tidy[unknown],
        expected=f"a code of {column}", action="kept as not known",
    )
    return tidy.astype(object).where(~blank, None)


def _dates(
    frame: pd.DataFrame, column: str, log: FindingLog, *, month_first: bool, core: bool
) -> pd.DataFrame:
    read = read_dates(frame[column], month_first=month_first)
    written = frame[column].fillna("").astype(str)
    for how, action in _ASSUMED.items():
        same = read["how"] == how
        if same.any():
            rows = frame[same]
            log.add(
                "bending" if how in _GUESSED else "cosmetic",
                f"date_{how}", file=rows["source_file"].iloc[0],
                line=int(rows["source_line"].iloc[0]), column=column,
                value=written[same].iloc[0], expected="a date as dd/mm/yyyy",
                action=f"{action} ({int(same.sum()):,} cells)",
            )
    impossible = read["how"] == "impossible"
    log.add_rows(
        "bending", "impossible_date", frame[impossible], column=column,
        values=written[impossible], expected="a day of the calendar as dd/mm/yyyy",
        action="read as blank",
    )
    slipped = read["how"] == "not_a_date"
    log.add_rows(
        "fatal" if core else "bending", "not_a_date", frame[slipped], column=column,
        values=written[slipped], expected="a date as dd/mm/yyyy",
        action="correct it and run again" if core else "read as blank",
    )
    return read


def check_codes_of_year(rows: pd.DataFrame, table: Table, log: FindingLog) -> None:
    """A finding for each code that the return of the row's year does not have.

    rows  typed, with return_year. The code is read as it is: a K3 before 2024-25 is still
          supported accommodation.
    """
    for column in table.columns:
        if column not in CODE_SETS or column not in rows:
            continue
        for year in rows["return_year"].dropna().unique():
            other = set(CODE_SETS[column]) - valid_codes(column, int(year))
            early = rows[(rows["return_year"] == year) & rows[column].isin(list(other))]
            log.add_rows(
                "cosmetic", "code_of_another_year", early, column=column, values=early[column],
                expected=f"a code of the return for {year}", action="read as it is",
            )


#: What an episode must say; the figures that go astray without it.
_NEEDED = {
    "RNE": "whether it starts a placement is not known",
    "LS": "whether it is a short break is not known",
    "PLACE": "counted among other placements",
}
#: Placements that have no provider (DfE).
_WITHOUT_PROVIDER = ("T", "Z")


def check_needed_codes(episodes: pd.DataFrame, log: FindingLog) -> None:
    """A finding for each episode that leaves out a code on which a figure rests."""
    for column, effect in _NEEDED.items():
        log.add_rows(
            "bending", "blank_code", episodes[episodes[column].isna()], column=column,
            expected=f"a code of {column}", action=effect,
        )
    placed = episodes["PLACE"].fillna("").astype(str)
    nobody = episodes["PLACE_PROVIDER"].isna() & (placed != "")
    log.add_rows(
        "bending", "blank_code", episodes[nobody & ~placed.str.startswith(_WITHOUT_PROVIDER)],
        column="PLACE_PROVIDER", expected="a code of PLACE_PROVIDER",
        action="shown as not recorded",
    )
