"""Who the children are, and where two returns may speak of one child as of two."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.cleaning.children import check_identity, children_of
from sufficiency_lib.intake.findings import FindingLog


def _header(*rows: tuple[str | None, str | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["CHILD", "DOB", "return_year"])
    frame["DOB"] = pd.to_datetime(frame["DOB"])
    return frame.assign(source_file="h.csv", source_line=range(2, len(rows) + 2))


def _episodes(*children: str | None) -> pd.DataFrame:
    lines = range(2, len(children) + 2)
    return pd.DataFrame({"CHILD": children, "source_file": "e.csv", "source_line": lines})


def _told(header: pd.DataFrame | None, episodes: pd.DataFrame) -> list[list[object]]:
    log = FindingLog()
    check_identity(header, episodes, log)
    return log.frame()[["rule", "source_file", "source_line"]].to_numpy().tolist()


def test_a_date_of_birth_that_differs_is_told_once_at_the_latest() -> None:
    header = _header(
        ("a", "2010-01-01", 2023), ("a", "2010-01-10", 2024), ("b", "2011-01-01", 2023),
        ("b", None, 2024), (None, "2012-01-01", 2024), (None, "2013-01-01", 2024),
    )
    assert _told(header, _episodes("a", "b")) == [["birth_date_differs", "h.csv", 3]]


def test_identifiers_that_differ_only_in_capitals_or_zeros_are_told() -> None:
    assert _told(None, _episodes("007", "7", "7", "ab1", "AB1", "8", None, "0", "00")) == [
        ["identifier_alike", "e.csv", 2], ["identifier_alike", "e.csv", 3],
        ["identifier_alike", "e.csv", 5], ["identifier_alike", "e.csv", 6],
    ]
    assert _told(None, _episodes("a", "a", "b")) == []


def test_one_row_a_child_from_the_latest_return_that_names_it() -> None:
    header = pd.DataFrame(
        [("b", "2010-02-01", "1", "WBRI", 2023), ("a", "2011-01-01", "F", "MOTH", 2024),
         ("b", None, "2", "BAFR", 2024), ("a", "2011-01-02", "U", "NOBT", 2022),
         (None, "2012-01-01", "M", "WBRI", 2024)],
        columns=["CHILD", "DOB", "SEX", "ETHNIC", "return_year"],
    )
    uasc = pd.DataFrame([("c", "2024-05-01", 2024), ("b", "2023-06-01", 2024), ("c", None, 2023),
                         ("b", None, 2023), (None, None, 2024)],
                        columns=["CHILD", "DUC", "return_year"])
    got = children_of(header, uasc)
    assert got.columns.tolist() == [
        "child_id", "dob", "sex", "ethnicity_code", "ever_uasc", "uasc_until"]
    assert got.astype(str).fillna("").to_numpy().tolist() == [
        ["a", "2011-01-01", "female", "MOTH", "False", ""],
        ["b", "2010-02-01", "female", "BAFR", "True", "2023-06-01"],
        ["c", "", "not_known", "", "True", "2024-05-01"],
    ]


def test_of_rows_of_one_year_the_one_that_is_read_last_is_taken() -> None:
    """Three hundred of a child, as a sort of few rows keeps their order whatever it promises."""
    years = [2024, 2023, 2022] * 100
    header = pd.DataFrame({"CHILD": "a", "DOB": "2010-01-01", "SEX": "1",
                           "ETHNIC": [f"E{n}" for n in range(300)], "return_year": years})
    uasc = pd.DataFrame({"CHILD": "a", "return_year": years,
                         "DUC": pd.date_range("2024-01-01", periods=300)})
    got = children_of(header, uasc).iloc[0]
    # Of 2024 the last is the 298th: 2024 is a leap year, whose 298th day is 24 October.
    assert (got["ethnicity_code"], str(got["uasc_until"].date())) == ("E297", "2024-10-24")


def test_without_a_header_or_uasc_there_is_nobody_or_nothing_of_them() -> None:
    assert children_of(None, None).empty
    uasc = pd.DataFrame({"CHILD": ["a"], "DUC": [None], "return_year": [2024]})
    alone = children_of(None, uasc).iloc[0]
    assert (alone["child_id"], alone["sex"], alone["ever_uasc"]) == ("a", "not_known", True)
    header = _header(("a", "2010-01-01", 2024)).assign(SEX="M", ETHNIC="WBRI")
    assert children_of(header, None)[["sex", "ever_uasc"]].to_numpy().tolist() == [["male", False]]


def test_what_is_found_of_identity_says_where_and_what_was_done() -> None:
    log = FindingLog()
    header = _header(("a", "2010-01-01", 2023), ("a", "2010-01-10", 2024))
    check_identity(header, _episodes("07", "7"), log)
    told = log.frame()[["column", "value", "expected", "action"]].to_numpy().tolist()
    one_way = ["one way of writing a child's identifier", "read as different children"]
    assert told == [
        ["DOB", "", "the same date of birth in every return", "the latest return's taken"],
        ["CHILD", "07", *one_way], ["CHILD", "7", *one_way],
    ]
