"""Cells of a local input from text to values; what cannot be read is a fault.

An assumption (a pound sign, a code in another case, a spreadsheet's date) is a cosmetic
finding, once a column and file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.codes import CODE_SETS
from sufficiency_lib.fields import FIELDS, Field
from sufficiency_lib.intake.authorities import authority_of
from sufficiency_lib.intake.dates import NOTHING, is_month_first, read_dates
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local_schemas import (
    LOCAL_TABLES,
    SOURCE_COLUMNS,
    codes_of,
    dtypes_of,
    expected_of,
)
from sufficiency_lib.intake.typed import identifiers, yes_no

_PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
_MONEY = re.compile(r"-?£?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,12})?", re.ASCII)
#: Dates in both of these are as good as each other here.
_AS_ASKED = frozenset({"", "iso", "impossible", "not_a_date"})

#: The row (a label of the frame), the column and what was broken.
FAULT_COLUMNS = ("row", "column", "rule")


def read_cells(
    text: pd.DataFrame, kind: str, log: FindingLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The typed rows of one file of a local input, and the cells that could not be read.

    text     the input's columns (those of `LOCAL_TABLES[kind]`, all of them) as text, with
             source_file and source_line
    returns  the same rows with the types of `dtypes_of`, an unreadable cell blank; and the
             faults: row, column, rule (not_a_number, not_a_date, impossible_date,
             shortened_identifier, not_yes_or_no, unknown_authority). A code that is in no code
             set stays as written, for the schema to find.
    """
    columns = LOCAL_TABLES[kind].columns
    typed = pd.DataFrame(index=text.index)
    faults: list[pd.DataFrame] = []
    month_first = is_month_first(
        value for name in columns if FIELDS[name].kind == "date" for value in text[name].unique()
    )
    for name in columns:
        values, broken = _column(text, FIELDS[name], month_first, log)
        typed[name] = values
        faults += [
            pd.DataFrame({"row": text.index[rows], "column": name, "rule": rule})
            for rule, rows in broken.items() if rows.any()
        ]
    for name in SOURCE_COLUMNS:
        typed[name] = text[name]
    nothing = pd.DataFrame({name: pd.Series(dtype=object) for name in FAULT_COLUMNS})
    found = pd.concat(faults, ignore_index=True) if faults else nothing
    return typed.astype(dtypes_of(kind)), found


def _column(
    text: pd.DataFrame, field: Field, month_first: bool, log: FindingLog
) -> tuple[pd.Series, Mapping[str, pd.Series]]:
    """The values of one column, and under each rule the rows that broke it."""
    written = text[field.name].fillna("").astype("str").str.strip()
    bare = written.where(~written.str.lower().isin(NOTHING), "")
    if field.kind == "date":
        return _dates(text, bare, field, month_first, log)
    if field.kind in ("integer", "number"):
        return _numbers(text, bare, field, log)
    if field.kind == "code":
        return _codes(text, bare, field, log), {}
    if field.kind == "yes_no":
        values = yes_no(bare)
        return values, {"not_yes_or_no": (bare != "") & values.isna()}
    if field.name == "authority":
        return _authorities(bare)
    if field.name in ("child_id", "urn"):
        # As the returns' identifiers are read, so that the two can be matched.
        bare, shortened = identifiers(bare)
        # XXXXXXX stands for a provider that is not registered.
        bare = bare.where(~bare.str.fullmatch("[Xx]{3,}") | (field.name != "urn"), "")
        return _or_none(bare), {"shortened_identifier": shortened}
    return _or_none(bare.str.upper() if field.name == "postcode" else bare), {}


def _or_none(bare: pd.Series) -> pd.Series:
    return bare.astype(object).where(bare != "", None)


def _numbers(
    text: pd.DataFrame, bare: pd.Series, field: Field, log: FindingLog
) -> tuple[pd.Series, Mapping[str, pd.Series]]:
    is_money = (field.unit or "").startswith("£")
    compact = bare.str.replace(r"\s", "", regex=True) if is_money else bare
    readable = compact.str.fullmatch(_MONEY if is_money else _PLAIN)
    if field.kind == "integer":
        readable &= compact.str.fullmatch(r"-?[0-9]{1,9}(\.0+)?")
    with_symbols = readable & compact.str.contains("[£,]", regex=True)
    _tell_first(
        log, "amount_with_symbols", text[with_symbols], field.name, bare[with_symbols],
        "digits and a decimal point only", "read without £ and commas",
    )
    values = pd.to_numeric(
        compact.where(readable).str.replace("[£,]", "", regex=True), errors="coerce"
    )
    return values, {"not_a_number": (bare != "") & ~readable}


def _dates(
    text: pd.DataFrame, bare: pd.Series, field: Field, month_first: bool, log: FindingLog
) -> tuple[pd.Series, Mapping[str, pd.Series]]:
    read = read_dates(bare, month_first=month_first)
    for how in sorted(set(read["how"]) - _AS_ASKED):
        same = read["how"] == how
        _tell_first(
            log, f"date_{how}", text[same], field.name, bare[same], expected_of(field),
            f"read as a date, this one as {read.loc[same, 'date'].iloc[0]:%Y-%m-%d}",
            severity="bending" if how == "month_first" else "cosmetic",
        )
    return read["date"], {
        "not_a_date": read["how"] == "not_a_date",
        "impossible_date": read["how"] == "impossible",
    }


def _codes(text: pd.DataFrame, bare: pd.Series, field: Field, log: FindingLog) -> pd.Series:
    """Codes as the code set writes them; a label, another case or spaces are read too."""
    codes = codes_of(field)
    known = {_plain(code): code for code in codes}
    if field.codes not in CODE_SETS:
        known |= {_plain(label): code for code, label in codes.items()}
    read = bare.map({value: known.get(_plain(value), value) for value in bare.unique()})
    changed = read != bare
    _tell_first(
        log, "untidy_code", text[changed], field.name, bare[changed], expected_of(field),
        "read as the code that it means",
    )
    return _or_none(read)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"['’]", "", text.lower())).strip("_")


def _authorities(bare: pd.Series) -> tuple[pd.Series, Mapping[str, pd.Series]]:
    read = bare.map({value: authority_of(value) for value in bare.unique()}).astype(object)
    return read.where(read.notna(), None), {"unknown_authority": (bare != "") & read.isna()}


def _tell_first(
    log: FindingLog, rule: str, rows: pd.DataFrame, column: str, values: pd.Series,
    expected: str, action: str, *, severity: str = "cosmetic",
) -> None:
    """One finding for all cells of a column that were read with the same assumption."""
    if rows.empty:
        return
    cells = "1 cell" if len(rows) == 1 else f"{len(rows):,} cells"
    log.add(
        severity, rule, file=rows["source_file"].iloc[0], line=int(rows["source_line"].iloc[0]),
        column=column, value=values.iloc[0], expected=expected, action=f"{action} ({cells})",
    )
