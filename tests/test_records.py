"""The other tables of the return: cells as what they mean, and each event once."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency_lib.cleaning.records import (
    CODES,
    NUMBERS,
    RECORD_TABLES,
    SAME_EVENT,
    YES_NO,
    records_of,
)
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.ssda903 import TABLES


def of(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """The record made of rows of one table, ordinary but for what is said."""
    ordinary = {"CHILD": "a", "return_year": 2025, "source_file": "2025/x.csv", "source_line": 2}
    frame = pd.DataFrame([ordinary | row for row in rows])
    for column in frame:
        if column.startswith(("DATE", "MIS_")):
            frame[column] = pd.to_datetime(frame[column])
    return records_of({name: frame}, FindingLog())[name]


@pytest.mark.parametrize(
    ("cell", "score"),
    [("0", 0), ("40", 40), ("17.0", 17), ("41", None), ("-1", None), ("12.5", None),
     ("high", None), (None, None)],
)
def test_a_score_is_a_whole_number_from_0_to_40(cell, score) -> None:
    found = of("oc2", {"SDQ_SCORE": cell})["sdq_score"]
    assert str(found.dtype) == "Int64"
    assert (None if pd.isna(found.iloc[0]) else int(found.iloc[0])) == score


def test_codes_are_in_upper_case_and_blank_is_missing() -> None:
    left = of("oc3", {"IN_TOUCH": " yes", "ACTIV": "f1", "ACCOM": " "})
    assert left[["in_touch", "activ", "accom"]].iloc[0].tolist() == ["YES", "F1", None]


def test_a_date_of_birth_is_a_date() -> None:
    left = of("oc3", {"DOB": "01/05/2007"}, {"CHILD": "b", "DOB": "31/02/2007"})
    assert left["dob"].iloc[0] == pd.Timestamp("2007-05-01") and pd.isna(left["dob"].iloc[1])


def test_a_time_missing_told_again_with_its_end_is_one() -> None:
    open_then = {"MISSING": "M", "MIS_START": "2024-03-30", "MIS_END": None, "return_year": 2024}
    closed = open_then | {"MIS_END": "2024-04-03", "return_year": 2025}
    found = of("missing", open_then, closed)
    assert found[["mis_end", "return_year"]].to_numpy().tolist() == [
        [pd.Timestamp("2024-04-03"), 2025]]


def test_a_decision_told_again_with_its_reversal_is_one() -> None:
    stands = {"DATE_PLACED": "2023-06-01", "DATE_PLACED_CEASED": None, "return_year": 2024}
    found = of("placed_for_adoption", stands,
               stands | {"DATE_PLACED_CEASED": "2024-06-01", "return_year": 2025})
    assert found["date_placed_ceased"].tolist() == [pd.Timestamp("2024-06-01")]


def test_events_without_a_day_are_not_taken_for_one() -> None:
    found = of("missing", {"MISSING": "M", "MIS_END": "2024-05-01"},
               {"MISSING": "M", "MIS_END": "2024-06-01"})
    assert len(found) == 2


def test_a_state_is_said_anew_each_year() -> None:
    found = of("oc2", {"CONVICTED": "0", "return_year": 2024}, {"CONVICTED": "0"})
    assert found["return_year"].tolist() == [2024, 2025]


def test_a_row_of_nobody_is_left_out() -> None:
    assert of("oc2", {"CHILD": None, "CONVICTED": "1"}).empty


def test_tables_that_no_return_has_are_there_without_rows() -> None:
    made = records_of({}, FindingLog())
    assert list(made) == list(RECORD_TABLES)
    for name, frame in made.items():
        assert frame.empty and set(frame) == {
            "child_id", "return_year", *(c.lower() for c in TABLES[name].columns[1:])}
    filled = of("oc2", {"CONVICTED": "1", "SDQ_SCORE": "3", "DOB": "01/05/2007"})
    for column in ("convicted", "sdq_score", "dob"):
        assert made["oc2"][column].dtype == filled[column].dtype


@pytest.mark.parametrize("rules", [YES_NO, CODES, NUMBERS, SAME_EVENT])
def test_what_is_cleaned_is_a_column_of_its_table(rules) -> None:
    for name, columns in rules.items():
        known = {column.lower() for column in TABLES[name].columns} | {"child_id"}
        assert set(columns) <= known


# --- what cannot be read is told -------------------------------------------------------------


def _told(name: str, **cells: list[object]) -> list[tuple]:
    length = len(next(iter(cells.values())))
    frame = pd.DataFrame({"CHILD": list("abcdefgh")[:length], **cells, "return_year": 2025,
                          "source_file": "2025/x.csv", "source_line": range(2, length + 2)})
    log = FindingLog()
    records_of({name: frame}, log)
    found = log.frame()
    told = zip(found["source_line"].astype(int), found["column"], found["value"], strict=True)
    return sorted(told)


def test_an_answer_that_cannot_be_read_is_told_with_its_line() -> None:
    told = _told("oc2", CONVICTED=["1", "maybe", None, "0"], SDQ_SCORE=["12", None, "41", "x"])
    assert told == [(3, "CONVICTED", "maybe"), (4, "SDQ_SCORE", "41"), (5, "SDQ_SCORE", "x")]


def test_a_code_that_no_measure_knows_is_told() -> None:
    told = _told("oc3", IN_TOUCH=["YES", "HELLO"], ACTIV=["f1", "0"], ACCOM=["R1", "Q9"])
    assert told == [(3, "ACCOM", "Q9"), (3, "IN_TOUCH", "HELLO")]
    assert _told("missing", MISSING=["M", "a", "Z"]) == [(4, "MISSING", "Z")]


def test_what_is_blank_or_absent_is_not_told() -> None:
    assert _told("oc2", CONVICTED=[None, None]) == []
    log = FindingLog()
    records_of({}, log)
    assert log.frame().empty


def test_a_finding_says_what_a_cell_must_be_and_how_it_is_counted() -> None:
    frame = pd.DataFrame({"CHILD": ["a"], "CONVICTED": ["maybe"], "SDQ_SCORE": ["41"],
                          "return_year": 2025, "source_file": "x.csv", "source_line": 2})
    left = frame[["CHILD", "return_year", "source_file", "source_line"]].assign(ACTIV="HELLO")
    log = FindingLog()
    records_of({"oc2": frame, "oc3": left}, log)
    found = log.frame().set_index("column")
    assert found["expected"].to_dict() == {
        "CONVICTED": "1 or 0, or yes or no", "SDQ_SCORE": "a whole number from 0 to 40",
        "ACTIV": "a code of ACTIV"}
    assert set(found["action"]) == {"counted as not recorded"}


# --- each once -------------------------------------------------------------------------------


def test_an_event_that_a_later_return_repeats_whole_is_of_the_later() -> None:
    match = {"DATE_INT": "2024-01-01", "DATE_MATCH": "2024-02-01"}
    found = of("ad1", match, match | {"return_year": 2024}, match | {"CHILD": "b"})
    assert found[["child_id", "return_year"]].to_numpy().tolist() == [["a", 2025], ["b", 2025]]
    assert "index" not in found and found.index.tolist() == [0, 1]


def test_of_two_rows_of_one_event_in_one_return_the_last_read_is_taken() -> None:
    """Three hundred, as a sort of few rows keeps their order whatever it promises."""
    ends = pd.date_range("2024-05-01", periods=300)
    found = of("missing", *({"MISSING": "M", "MIS_START": "2024-04-01", "MIS_END": end,
                             "return_year": 2025 - at % 3} for at, end in enumerate(ends)))
    assert found["mis_end"].tolist() == [ends[297]]


def test_what_is_not_said_is_no_code_and_a_date_stays_one() -> None:
    left = of("oc3", {"IN_TOUCH": None, "DOB": pd.Timestamp("2007-05-01")})
    assert left["in_touch"].tolist() == [None]
    assert left["dob"].tolist() == [pd.Timestamp("2007-05-01")]
