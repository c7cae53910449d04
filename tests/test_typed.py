"""Cells to values; every assumption a finding."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.ssda903 import TABLES
from sufficiency_lib.intake.typed import type_table, yes_no

GOOD = {"CHILD": "1", "DECOM": "01/05/2023", "DEC": "", "RNE": "S", "LS": "C2", "PLACE": "U6",
        "CIN": "N1", "PLACE_PROVIDER": "PR1", "REC": "", "REASON_PLACE_CHANGE": "",
        "HOME_POST": "hr1 1aa", "PL_POST": "", "URN": "XXXXXXX"}


def _type(*rows: dict[str, str], table: str = "episodes") -> tuple[pd.DataFrame, pd.DataFrame]:
    base = GOOD if table == "episodes" else {}
    frame = pd.DataFrame([{**base, **row} for row in rows], dtype=object)
    frame["source_file"] = "e.csv"
    frame["source_line"] = range(2, len(rows) + 2)
    log = FindingLog()
    typed = type_table(frame, TABLES[table], log)
    return typed, log.frame()


def _one(column: str, cell: str) -> object:
    return _type({column: cell})[0][column].iloc[0]


def test_a_good_row_needs_no_finding() -> None:
    typed, findings = _type({})
    row = typed.iloc[0]
    assert (row["CHILD"], row["DECOM"], row["LS"]) == ("1", pd.Timestamp(2023, 5, 1), "C2")
    assert row["DEC"] is pd.NaT and not row["dec_unreadable"]
    assert (row["REC"], row["PL_POST"]) == (None, None)
    assert (row["HOME_POST"], row["URN"]) == ("HR1 1AA", "XXXXXXX")
    assert findings.empty


@pytest.mark.parametrize(
    ("cell", "child"),
    [("0007", "0007"), (" 12 ", "12"), ("12.0", "12"), ("A.0B", "A.0B"), ("", None), ("  ", None),
     ("AB.0", "AB.0"), ("7E04", "7E04"), ("1.5", "1.5")],
)
def test_an_identifier_is_text(cell: str, child: str | None) -> None:
    assert _one("CHILD", cell) == child


@pytest.mark.parametrize("cell", ["1.23E+11", "1E+11", "4.5e+09"])
def test_an_identifier_that_a_spreadsheet_shortened_is_fatal(cell: str) -> None:
    _, findings = _type({"CHILD": cell})
    assert findings[["severity", "rule", "source_line"]].to_numpy().tolist() == [
        ["fatal", "shortened_identifier", 2]
    ]


@pytest.mark.parametrize(
    ("cell", "code"), [("U6", "U6"), (" u6 ", "U6"), ("'U6'", "U6"), ("U6\xa0", "U6"),
                       ("", None), ("n/a", None), ("NULL", None), ("-", None)]
)
def test_a_code_is_tidied(cell: str, code: str | None) -> None:
    assert _one("PLACE", cell) == code


def test_untidy_codes_are_told_once_a_column() -> None:
    _, findings = _type({"PLACE": " u6"}, {"PLACE": "U6 "}, {"PLACE": "U6"})
    assert findings[["severity", "rule", "column", "source_line"]].to_numpy().tolist() == [
        ["cosmetic", "untidy_code", "PLACE", 2]
    ]
    assert findings["action"].iloc[0].startswith("read 2 such cells")


def test_an_unknown_code_is_kept_and_told() -> None:
    typed, findings = _type({"PLACE": "U9"}, {"RNE": "q"})
    assert typed["PLACE"].tolist() == ["U9", "U6"]
    told = findings[findings["severity"] == "bending"]
    assert told[["rule", "column", "value", "source_line"]].to_numpy().tolist() == [
        ["unknown_code", "RNE", "Q", 3], ["unknown_code", "PLACE", "U9", 2]
    ]


def test_a_sex_that_became_a_number_is_a_code_again() -> None:
    header = {"CHILD": "1", "DOB": "01/01/2010", "SEX": "1.0", "ETHNIC": "WBRI", "UPN": "",
              "MOTHER": "", "MC_DOB": ""}
    typed, _ = _type(header, table="header")
    assert typed["SEX"].iloc[0] == "1"


@pytest.mark.parametrize(
    ("cell", "severity", "rule"),
    [
        ("2023-05-01", "cosmetic", "date_iso"),
        ("01/05/23", "cosmetic", "date_two_digit_year"),
        ("01/05/2023 00:00:00", "cosmetic", "date_time_dropped"),
        ("45047", "cosmetic", "date_excel_serial"),
        ("1 May 2023", "cosmetic", "date_named_month"),
        ("20230501", "cosmetic", "date_compact"),
        ("31/02/2023", "bending", "impossible_date"),
        ("soon", "fatal", "not_a_date"),
    ],
)
def test_each_assumption_about_a_date_is_a_finding(cell: str, severity: str, rule: str) -> None:
    typed, findings = _type({"DECOM": cell})
    assert findings[["severity", "rule", "column", "source_line"]].to_numpy().tolist() == [
        [severity, rule, "DECOM", 2]
    ]
    expected = pd.Timestamp(2023, 5, 1) if severity == "cosmetic" else pd.NaT
    assert typed["DECOM"].iloc[0] is expected or typed["DECOM"].iloc[0] == expected


def test_month_first_is_decided_for_the_whole_table_and_bends() -> None:
    typed, findings = _type({"DECOM": "05/13/2023", "DEC": "06/07/2023"})
    assert typed["DECOM"].iloc[0] == pd.Timestamp(2023, 5, 13)
    assert typed["DEC"].iloc[0] == pd.Timestamp(2023, 6, 7)
    assert findings[["severity", "rule", "column"]].to_numpy().tolist() == [
        ["bending", "date_month_first", "DECOM"], ["bending", "date_month_first", "DEC"]
    ]


def test_an_end_that_cannot_be_read_is_not_an_open_episode() -> None:
    typed, _ = _type({"DEC": "31/02/2024"}, {"DEC": ""})
    assert typed["dec_unreadable"].tolist() == [True, False]


def test_a_column_that_is_not_there_is_left_out() -> None:
    frame = pd.DataFrame({"CHILD": ["1"], "DUC": [""], "source_file": "u", "source_line": 2})
    typed = type_table(frame, TABLES["uasc"], FindingLog())
    assert "DOB" not in typed and typed["DUC"].isna().all()


def test_a_table_without_rows_has_its_types() -> None:
    frame = pd.DataFrame([GOOD]).iloc[:0].assign(source_file="", source_line=0)
    typed = type_table(frame, TABLES["episodes"], FindingLog())
    assert typed.empty and str(typed["DECOM"].dtype).startswith("datetime64")


def test_a_fatal_date_is_said_without_what_may_be_an_identifier() -> None:
    log = FindingLog()
    frame = pd.DataFrame([{**GOOD, "DECOM": "398768"}]).assign(source_file="e", source_line=2)
    type_table(frame, TABLES["episodes"], log)
    with pytest.raises(InputError) as caught:
        log.raise_if_fatal()
    assert "398768" not in str(caught.value)
    assert str(caught.value).startswith("e, line 2, column DECOM: expected a date")


@pytest.mark.parametrize("cell", ["1", "y", "YES", " true", "T", "1.0", True])
def test_yes_is_read_however_it_is_written(cell) -> None:
    assert bool(yes_no(pd.Series([cell])).iloc[0]) is True


@pytest.mark.parametrize("cell", ["0", "n", "No", "FALSE ", "0.0", False])
def test_no_is_read_however_it_is_written(cell) -> None:
    assert bool(yes_no(pd.Series([cell])).iloc[0]) is False


@pytest.mark.parametrize("cell", [None, "", "2", "maybe", float("nan")])
def test_anything_else_is_not_recorded_and_never_no(cell) -> None:
    assert yes_no(pd.Series([cell], dtype=object)).isna().all()
