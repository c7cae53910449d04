"""What is wrong in a local input: each fault a finding, and the rows that can be used.

A required column that is missing, or a number or date in one that cannot be read, is fatal:
the columns may have slipped. Any other fault leaves out its row, or blanks a cell that may
be blank, and bends a figure.
"""

from __future__ import annotations

import re

import pandas as pd

from sufficiency_lib.fields import FIELDS
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local_cells import FAULT_COLUMNS
from sufficiency_lib.intake.local_schemas import (
    LOCAL_TABLES,
    SOURCE_COLUMNS,
    LocalTable,
    expected_of,
    schema_of,
)

#: Unreadable text in a required column: the columns may have slipped.
_SLIPPED = frozenset({"not_a_number", "not_a_date", "shortened_identifier"})
_AMOUNT = re.compile(r"cost|price|fee|amount|charge|rate|spend", re.IGNORECASE)
_WORD_WITH_DIGIT = r"\w*\d\w*"

#: What was expected, where it is not what the column's field says.
_EXPECTED = {
    "blank_cell": "a value in every row",
    "impossible_date": "a day of the calendar as yyyy-mm-dd or dd/mm/yyyy",
    "shortened_identifier": "the whole identifier (a spreadsheet has shortened it)",
    "unknown_authority": "the code or name of an English authority",
}
_ACTIONS = {
    "fatal": "correct it and run again",
    "row_out": "row left out",
    "cell_blank": "read as blank",
    "kept": "kept; check it",
}


def check_columns(text: pd.DataFrame, table: LocalTable, name: str, log: FindingLog) -> bool:
    """Whether a file has every column that it must; findings for those amiss.

    text    the file's columns in lower case
    name    what findings call the file
    """
    present = set(text.columns) - set(SOURCE_COLUMNS)
    missing = [column for column in table.required if column not in present]
    extra = sorted(present - set(table.columns))
    unitless = [column for column in extra if _AMOUNT.search(column)]
    for column in missing:
        if "_gbp_per_" in column and unitless:
            log.add(
                "fatal", "unit_not_named", file=name, line=1, column=unitless[0],
                value=unitless[0], expected=f"{column}, whose name says its unit",
                action="rename the column if that is what it holds; a yearly amount is divided "
                "by 52.18 first",
            )
            extra.remove(unitless[0])
            continue
        log.add(
            "fatal", "missing_column", file=name, line=1, column=column,
            expected=f"columns {_listed(table.required)}",
            action="add the column, or remove the file",
        )
    if extra:
        log.add(
            "cosmetic", "extra_columns", file=name, line=1, value=", ".join(extra),
            expected=f"columns of the {table.title.lower()}", action="left alone",
        )
    return not missing


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def usable_rows(
    typed: pd.DataFrame, faults: pd.DataFrame, text: pd.DataFrame, kind: str, log: FindingLog
) -> pd.DataFrame:
    """The rows of a local input that can be used, with a finding for every fault.

    typed, faults  as `read_cells` gives them
    text           the same rows as written
    returns        the rows of `typed` without those left out, faulty optional cells blank

    Everything is told at once: what could not be read, and what the schema finds.
    """
    table = LOCAL_TABLES[kind]
    every = pd.concat([faults, _schema_failures(typed, table)], ignore_index=True)
    # A cell that could not be read is blank by now, and would be told a second time.
    every = _first_causes(every.drop_duplicates(["row", "column"]), table)
    typed, left_out = typed.copy(), set()
    for (column, rule), same in every.groupby(["column", "rule"], sort=False):
        rows = sorted(same["row"])
        then = _then(table, str(column), str(rule))
        log.add_rows(
            "fatal" if then == "fatal" else "bending", str(rule), text.loc[rows],
            column=str(column), values=_shown(text.loc[rows, column], table),
            expected=_expected(table, str(column), str(rule)), action=_ACTIONS[then],
        )
        if then in ("row_out", "fatal"):
            left_out.update(rows)
        elif then == "cell_blank":
            typed.loc[rows, column] = None
    return typed.drop(index=list(left_out))


def _first_causes(every: pd.DataFrame, table: LocalTable) -> pd.DataFrame:
    """Faults without those between cells of which one has a fault of its own."""
    of_cells = ~every["rule"].isin([rule.name for rule in table.rules])
    cells = every[of_cells]
    follows = pd.Series(False, index=every.index)
    for rule in table.rules:
        faulty = cells.loc[cells["column"].isin(rule.among), "row"]
        follows |= (every["rule"] == rule.name) & every["row"].isin(faulty)
    return every[~follows | of_cells]


def _schema_failures(typed: pd.DataFrame, table: LocalTable) -> pd.DataFrame:
    """What pandera finds, as faults: row, column, rule."""
    from pandera.errors import SchemaErrors

    try:
        schema_of(table.name).validate(typed, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in FAULT_COLUMNS})
    of_rows = cases["schema_context"] == "DataFrameSchema"
    columns = {rule.name: rule.column for rule in table.rules}
    return pd.DataFrame({
        "row": cases["index"],
        "column": cases["column"].where(~of_rows, cases["check"].map(columns)),
        "rule": cases["check"].replace({"not_nullable": "blank_cell"}),
    })


def _then(table: LocalTable, column: str, rule: str) -> str:
    """What is done about a fault: fatal, row_out, cell_blank or kept."""
    own = [one.then for one in table.rules if (one.name, one.column) == (rule, column)]
    if rule == "doubtful_amount":
        return "kept"
    if own:
        then = own[0]
    elif column in table.required and rule in _SLIPPED:
        return "fatal"
    elif column in table.filled or (column in table.required and FIELDS[column].kind == "date"):
        # A date that is blank means that something goes on, which one misread does not.
        then = "row_out"
    else:
        then = "cell_blank"
    return "fatal" if table.rests and then == "row_out" else then


def _expected(table: LocalTable, column: str, rule: str) -> str:
    if rule == "doubtful_amount":
        most = FIELDS[column].doubtful_above
        return f"an amount for one week, seldom above {most:,} (is it a yearly amount?)"
    own = [one.expected for one in table.rules if (one.name, one.column) == (rule, column)]
    return own[0] if own else _EXPECTED.get(rule) or expected_of(FIELDS[column])


def _shown(values: pd.Series, table: LocalTable) -> pd.Series:
    """Values for findings: blank in private columns, and what may be an identifier elsewhere."""
    if FIELDS[str(values.name)].private:
        return values.where(values.isna(), "")
    if not any(FIELDS[name].private and name.endswith("_id") for name in table.columns):
        return values
    return values.where(~values.str.strip().str.fullmatch(_WORD_WITH_DIGIT), "")


def drop_repeated(frame: pd.DataFrame, kind: str, log: FindingLog) -> pd.DataFrame:
    """The rows of all files of a local input, of those with the same key only the last.

    A provider's key is its URN and the date of the register; without a URN, its name.
    """
    key = list(LOCAL_TABLES[kind].key)
    keys = frame[key].astype(object)
    if "urn" in key:
        known = keys["urn"].notna()
        keys.loc[known, [name for name in key if name not in ("urn", "as_at")]] = None
    twice = keys.duplicated(keep="last")
    log.add_rows(
        "bending", "row_twice", frame[twice], column=key[0],
        expected="each of them once, in one file", action="the last of them is read",
    )
    return frame[~twice].reset_index(drop=True)


def tell_overlaps(ledger: pd.DataFrame, log: FindingLog) -> None:
    """A finding for each row of the ledger that begins before the child's last one has ended.

    ledger  child_id, start_date, end_date (NaT while it goes on), source_file, source_line
    """
    rows = ledger.sort_values(["child_id", "start_date"], kind="stable")
    ends = rows["end_date"].fillna(pd.Timestamp(2262, 1, 1))
    so_far = ends.groupby(rows["child_id"]).cummax()
    before = so_far.groupby(rows["child_id"]).shift()
    log.add_rows(
        "bending", "ledger_overlap", rows[rows["start_date"] < before], column="start_date",
        expected="each child in one placement at a time",
        action="kept, so that both are paid for; check the dates",
    )


def tell_unmatched(local: pd.DataFrame, known: set[str], log: FindingLog) -> None:
    """A finding for each child of a ledger or referrals who is in no return; the rows stay.

    local   child_id, source_file, source_line
    known   the children of the returns
    """
    named = local[local["child_id"].notna()]
    stranger = named[~named["child_id"].isin(list(known))].drop_duplicates("child_id")
    log.add_rows(
        "bending", "child_not_in_returns", stranger, column="child_id",
        expected="a child of the returns", action="kept; counted only where no match is needed",
    )
