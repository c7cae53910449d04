"""What the returns say beside the episodes: health, care leavers, adoption, missing, reviews.

Each table of the return becomes one frame with the names of `fields`, its years stacked.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.codes.outcomes import ACTIVITY_OF_CODE, HOME_OF_LETTER, IN_TOUCH, MISSING_KINDS
from sufficiency_lib.intake.dates import read_dates
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.ssda903 import DATE_COLUMNS, TABLES
from sufficiency_lib.intake.typed import yes_no

#: Tables of the return that are kept as records, in the order in which they are listed.
RECORD_TABLES: tuple[str, ...] = (
    "oc2", "oc3", "ad1", "placed_for_adoption", "missing", "reviews", "previous_permanence",
)

#: Columns that answer yes or no, and what is read as which; anything else is not recorded.
YES_NO: dict[str, tuple[str, ...]] = {
    "oc2": (
        "convicted", "health_check", "immunisations", "teeth_check", "health_assessment",
        "substance_misuse", "intervention_received", "intervention_offered",
    ),
    "ad1": ("foster_care",),
}

#: Columns of codes, and of whole numbers with the least and the most that they can be.
CODES: dict[str, tuple[str, ...]] = {
    "oc2": ("sdq_reason",),
    "oc3": ("in_touch", "activ", "accom"),
    "ad1": ("sex_adoptr", "ls_adoptr"),
    "placed_for_adoption": ("reason_placed_ceased",),
    "missing": ("missing",),
    "reviews": ("review_code",),
    "previous_permanence": ("prev_perm", "la_perm"),
}
NUMBERS: dict[str, dict[str, tuple[int, int]]] = {
    "oc2": {"sdq_score": (0, 40)},
    "ad1": {"nb_adoptr": (1, 2)},
}

#: Codes that a measure reads: what each column may hold.
KNOWN_CODES: dict[str, dict[str, frozenset[str]]] = {
    "oc3": {
        "in_touch": frozenset(IN_TOUCH),
        "activ": frozenset({*ACTIVITY_OF_CODE, "0"}),
        "accom": frozenset({"0", *(f"{home}{n}" for home in (*HOME_OF_LETTER, "R") for n in "12")}),
    },
    "missing": {"missing": frozenset(MISSING_KINDS)},
}

#: What makes an event the same in a later return, which may say how it ended.
SAME_EVENT: dict[str, tuple[str, ...]] = {
    "missing": ("child_id", "missing", "mis_start"),
    "placed_for_adoption": ("child_id", "date_placed"),
}


def records_of(
    tables: Mapping[str, pd.DataFrame], log: FindingLog
) -> dict[str, pd.DataFrame]:
    """Each table of records: child_id, return_year and its columns, in lower case.

    tables   table name → typed rows of every year (see `intake.typed`), with source_file and
             source_line
    log      gets a finding for each cell that was filled in and cannot be read
    returns  name → frame. A row without a child is left out, as it can be nobody's; a row
             that a later return repeats is kept once, with the later year: whole, or for a
             time missing and a decision to place for adoption from the same day, as the later
             return may say how it ended. A table that no return has is there without rows.

    Answers of yes and no come as booleans (1, Y, yes and true in any case), codes in upper
    case, whole numbers as such and dob as a date. What cannot be read, or cannot be (a
    strengths and difficulties score over 40), is missing, never no.
    """
    return {
        name: _read(name, tables[name], log) if name in tables else _none_of(name)
        for name in RECORD_TABLES
    }


def _read(name: str, rows: pd.DataFrame, log: FindingLog) -> pd.DataFrame:
    """The records of one table as they are kept, with a finding for each cell not read."""
    columns = _columns_of(name)
    lacking = {column: None for column in columns if column not in rows}
    read = _cleaned(name, rows.assign(**lacking)[[*columns, "return_year"]].rename(columns=columns))
    _tell_unread(name, rows, read, log)
    return _each_once(name, read[read["child_id"].notna()])


def _none_of(name: str) -> pd.DataFrame:
    """The records of a table that no return has: the same columns, without rows."""
    dates = {column.lower(): "datetime64[s]" for column in DATE_COLUMNS.get(name, ())}
    columns = [*_columns_of(name).values(), "return_year"]
    empty = pd.DataFrame(columns=columns, dtype=object)
    return _cleaned(name, empty.astype({"return_year": "int64"} | dates))


def _columns_of(name: str) -> dict[str, str]:
    """A table's columns in the return → in the records."""
    return {column: column.lower() for column in TABLES[name].columns} | {"CHILD": "child_id"}


def _each_once(name: str, read: pd.DataFrame) -> pd.DataFrame:
    """The rows without those that a later return repeats."""
    known = read.sort_values("return_year", kind="stable")
    if name in DATE_COLUMNS:
        # An event is one event however many returns tell it; a state is said anew each year.
        known = known.drop_duplicates([c for c in known if c != "return_year"], keep="last")
    if name in SAME_EVENT:
        same = list(SAME_EVENT[name])
        known = known[~known.duplicated(same, keep="last") | known[same].isna().any(axis=1)]
    return known.reset_index(drop=True)


def _tell_unread(name: str, rows: pd.DataFrame, read: pd.DataFrame, log: FindingLog) -> None:
    """A finding for each cell that was filled in and cannot be read.

    rows  as returned, with source_file and source_line; read: the same rows, cleaned
    """
    for column, kept in _columns_of(name).items():
        expected = _expected(name, kept)
        if not expected or column not in rows:
            continue
        known = KNOWN_CODES.get(name, {}).get(kept)
        unread = ~read[kept].isin(list(known)) if known else read[kept].isna()
        lost = rows[rows[column].notna() & unread]
        log.add_rows(
            "bending", "answer_not_read", lost, column=column,
            values=lost[column].astype(str), expected=expected,
            action="counted as not recorded",
        )


def _expected(name: str, column: str) -> str:
    """What a cell must be, in words; blank for a column that is not checked here."""
    if column in YES_NO.get(name, ()):
        return "1 or 0, or yes or no"
    if column in NUMBERS.get(name, {}):
        least, most = NUMBERS[name][column]
        return f"a whole number from {least} to {most}"
    if column in KNOWN_CODES.get(name, {}):
        return f"a code of {column.upper()}"
    return ""


def _cleaned(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their cells as what they mean."""
    rows = rows.copy()
    for column in YES_NO.get(name, ()):
        rows[column] = yes_no(rows[column])
    for column in CODES.get(name, ()):
        rows[column] = rows[column].map(_code).astype(object)
    for column, (least, most) in NUMBERS.get(name, {}).items():
        value = pd.to_numeric(rows[column], errors="coerce").astype("Float64")
        known = (value % 1 == 0) & value.between(least, most)
        rows[column] = value.where(known.fillna(False)).astype("Int64")
    if "dob" in rows and not pd.api.types.is_datetime64_any_dtype(rows["dob"]):
        rows["dob"] = read_dates(rows["dob"])["date"]
    return rows


def _code(cell: object) -> str | None:
    return str(cell).strip().upper() or None if pd.notna(cell) else None
