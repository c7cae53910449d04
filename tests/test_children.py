"""Who the children are, and where two returns may speak of one child as of two."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.cleaning.children import check_identity
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
