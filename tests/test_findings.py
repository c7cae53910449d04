"""The log of findings: nothing lost, nothing private said."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import COLUMNS, FindingLog, is_private, sentence, shorten

ROWS = pd.DataFrame({"source_file": ["a.csv", "a.csv"], "source_line": [3, 9]})


def _fatal(log: FindingLog, column: str, value: str) -> str:
    log.add(
        "fatal", "not_a_date", file="2024/e.csv", line=7, column=column, value=value,
        expected="a date as dd/mm/yyyy", action="correct it and run again",
    )
    with pytest.raises(InputError) as caught:
        log.raise_if_fatal()
    return str(caught.value)


def test_an_empty_log_is_a_frame_with_its_columns() -> None:
    frame = FindingLog().frame()
    assert list(frame.columns) == list(COLUMNS) and frame.empty
    FindingLog().raise_if_fatal()


def test_findings_stay_in_the_order_found() -> None:
    log = FindingLog()
    log.add("cosmetic", "first", file="a.csv")
    log.add("cosmetic", "second", file="a.csv", line=4)
    log.add_rows("bending", "third", ROWS, column="DEC", values=pd.Series(["x", None]))
    log.add_rows("bending", "never", ROWS.iloc[:0])
    other = FindingLog()
    other.add("bending", "last", file="b.csv")
    log.extend(other)
    frame = log.frame()
    assert frame["rule"].tolist() == ["first", "second", "third", "third", "last"]
    assert frame["source_line"].tolist() == [pd.NA, 4, 3, 9, pd.NA]
    assert frame["value"].tolist() == ["", "", "x", "", ""]


def test_only_a_fatal_finding_stops() -> None:
    log = FindingLog()
    log.add("bending", "odd", file="a.csv", expected="x", action="y")
    log.raise_if_fatal()
    assert _fatal(log, "DECOM", "soon") == (
        "2024/e.csv, line 7, column DECOM: found 'soon', expected a date as dd/mm/yyyy; "
        "correct it and run again."
    )


@pytest.mark.parametrize(("more", "said"), [(1, "There is 1 more such finding."),
                                            (1234, "There are 1,234 more such findings.")])
def test_how_many_more_is_said(more: int, said: str) -> None:
    row = pd.Series({"rule": "r", "source_file": "a", "source_line": pd.NA, "column": "",
                     "value": "", "expected": "b", "action": "c"})
    assert sentence(row, more).startswith("a: expected b; c.")
    assert sentence(row, more).endswith(said)


@pytest.mark.parametrize("column", ["CHILD", "DOB", "UPN", "MC_DOB", "HOME_POST", "PL_POST"])
def test_a_private_value_is_not_said(column: str) -> None:
    said = _fatal(FindingLog(), column, "secret")
    assert "secret" not in said
    assert said.startswith(f"2024/e.csv, line 7, column {column}: expected")


@pytest.mark.parametrize(
    "slipped", ["398768", "0007", "AB12", "HR1 1AA", "hr11aa", "B11AA", "X012345678901"]
)
def test_what_may_have_slipped_in_from_a_private_column_is_not_said(slipped: str) -> None:
    assert slipped not in _fatal(FindingLog(), "DECOM", slipped)


@pytest.mark.parametrize("value", ["soon", "31/02/2024", "12/2024", "yes please", "=1+1"])
def test_an_ordinary_value_is_said(value: str) -> None:
    assert not is_private("DECOM", value)


def test_a_number_in_a_local_table_is_said() -> None:
    assert not is_private("children", "12k")


def test_a_value_is_shown_on_one_short_line() -> None:
    assert shorten("a\nb\x00c\u202ed") == "a�b�c�d"
    assert shorten("a" * 40) == "a" * 40
    assert shorten("a" * 41) == "a" * 39 + "…"


def test_many_findings_of_one_row_each_are_quick_to_gather() -> None:
    log = FindingLog()
    for line in range(20_000):
        log.add("bending", "too_few_cells", file="a.csv", line=line)
    assert log.frame()["source_line"].tolist() == list(range(20_000))
