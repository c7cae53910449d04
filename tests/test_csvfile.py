"""A csv is read whatever wrote it, each row with its line; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_return import as_csv

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.csvfile import (
    decode,
    delimiter_of,
    parse,
    read_headers,
    read_text_table,
    tidy_header,
)
from sufficiency_lib.intake.findings import FindingLog

PLAIN = "CHILD,NAME\n1,Zoë\n2,Ann\n"


def _read(path: Path, raw: bytes) -> tuple[pd.DataFrame | None, FindingLog]:
    log = FindingLog()
    path.write_bytes(raw)
    return read_text_table(path.read_bytes(), "a.csv", log), log


def _rules(log: FindingLog) -> list[tuple[str, object]]:
    frame = log.frame()
    return list(zip(frame["rule"], frame["source_line"], strict=True))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    frame, log = _read(tmp_path / "a.csv", (mark + PLAIN).encode(encoding))
    assert frame["NAME"].tolist() == ["Zoë", "Ann"]
    assert list(frame.columns) == ["CHILD", "NAME", "source_file", "source_line"]
    assert log.frame().empty


def test_bytes_that_no_council_writes_are_still_text() -> None:
    assert decode(b"a\x81b", "a.csv") == "a\x81b"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_start_of_a_file_may_end_inside_a_character(encoding: str) -> None:
    raw = "Zoë".encode(encoding)
    assert decode(raw[:-1], "a.csv", whole=False) == "Zo"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    text = as_csv(["CHILD", "DOB"], [["1", "a,b;c|d"], ["2", ""]], delimiter=delimiter, end=end)
    frame, log = _read(tmp_path / "a.csv", text.encode())
    assert frame["DOB"].tolist() == ["a,b;c|d", ""]
    assert frame["source_line"].tolist() == [2, 3]
    assert log.frame().empty


def test_a_header_of_one_column_needs_no_delimiter() -> None:
    assert delimiter_of("CHILD") == ","


def test_a_cell_over_several_lines_is_read_and_told(tmp_path: Path) -> None:
    raw = b'CHILD,NOTE\n1,"two\nlines"\n2,one\n'
    frame, log = _read(tmp_path / "a.csv", raw)
    assert frame["NOTE"].tolist() == ["two\nlines", "one"]
    assert frame["source_line"].tolist() == [2, 4]
    assert _rules(log) == [("cell_over_lines", 2)]


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    frame, log = _read(tmp_path / "a.csv", b"\n\n\nCHILD,DOB\n\n1,a\n,\n  ,\n\n2,b\n\n")
    assert frame["CHILD"].tolist() == ["1", "2"]
    assert frame["source_line"].tolist() == [6, 10]
    assert log.frame().empty


def test_a_line_of_delimiters_before_the_header_is_passed_over(tmp_path: Path) -> None:
    frame, _ = _read(tmp_path / "a.csv", b";;\r\nCHILD;DOB;SEX\r\n1;a;2\r\n")
    assert frame["SEX"].tolist() == ["2"] and frame["source_line"].tolist() == [3]


def test_short_and_long_rows_are_read_and_told(tmp_path: Path) -> None:
    frame, log = _read(tmp_path / "a.csv", b"A,B,C\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n")
    assert frame[["A", "B", "C"]].to_numpy().tolist() == [
        ["1", "2", ""], ["1", "2", "3"], ["1", "2", "3"], ["1", "2", "3"]
    ]
    assert _rules(log) == [("too_few_cells", 2), ("too_many_cells", 3)]


def test_the_first_of_two_columns_with_one_name_is_read_and_told(tmp_path: Path) -> None:
    frame, log = _read(tmp_path / "a.csv", b"A, a ,B,\n1,2,3,4\n")
    assert frame[["A", "B"]].to_numpy().tolist() == [["1", "3"]]
    assert _rules(log) == [("column_twice", 1)]


def test_columns_by_the_names_of_what_is_added_are_not_read(tmp_path: Path) -> None:
    """An analyst's working file may say itself where its rows are from."""
    frame, log = _read(tmp_path / "a.csv", b"source_file,A,Source line\nx,1,9\n")
    assert frame.to_dict("records") == [{"A": "1", "source_file": "a.csv", "source_line": 2}]
    assert _rules(log) == []


@pytest.mark.parametrize("raw", [b"", b"\n\n", b" \r\n", b"\xef\xbb\xbf", "\ufeff\ufeff".encode()])
def test_an_empty_file_is_a_finding(tmp_path: Path, raw: bytes) -> None:
    frame, log = _read(tmp_path / "a.csv", raw)
    assert frame is None and _rules(log) == [("empty_file", pd.NA)]


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    frame, _ = _read(tmp_path / "a.csv", b"CHILD,DOB")
    assert frame.empty and list(frame.columns[:2]) == ["CHILD", "DOB"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"CHILD,DOB\n1,\x00\n", "a.csv is not text (it holds zero bytes)"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a.csv is not text"),
        ("CHILD,DOB\n".encode("utf-16-le"), "a.csv is not text"),
        (b"\xef\xbb\xbfCHILD\xff", "a.csv begins as utf-8-sig text but is not"),
        (b"\xff\xfeC\x00H", "a.csv begins as utf-16 text but is not"),
        (b"A,B\n1," + b"x" * 200_000 + b"\n", "a.csv, line 2: the csv cannot be read"),
        (b'A,B\n1,2\n3,"4\n5,6\n', "a.csv, line 3: a quotation mark is opened and never closed"),
        (b'A,"B\n1,2\n', "a.csv"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path / "a.csv", raw)
    assert str(caught.value).startswith(said)
    assert "expected" in str(caught.value)


def test_the_header_is_read_without_the_rest() -> None:
    head = "\n\nChild ; \"place provider\"\n".encode("utf-8-sig")
    start = (head + b"\xc3\xa9;1\n" * 9000)[:16_384]
    assert read_headers(start, "a.csv")[0] == ["CHILD", "PLACE_PROVIDER"]
    assert read_headers(b"", "a.csv") == []


def test_the_limit_on_cells_is_put_back(tmp_path: Path) -> None:
    import csv

    before = csv.field_size_limit()
    parse("A,B\n1,2\n", "a.csv", FindingLog())
    with pytest.raises(InputError):
        parse("A,B\n1," + "x" * 100_001, "a.csv", FindingLog())
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("cell", "name"),
    [(" decom ", "DECOM"), ("Place provider", "PLACE_PROVIDER"), ("\ufeffCHILD", "CHILD"),
     ('"DOB"', "DOB"), ("", "")],
)
def test_a_column_name_is_tidied(cell: str, name: str) -> None:
    assert tidy_header(cell) == name


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff\r\n", exclude_categories=["C"]),
    max_size=8,
).filter(lambda cell: cell == cell.strip())


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS).filter(any), max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, encoding: str
) -> None:
    raw = as_csv(["A", "B", "C"], rows, delimiter=delimiter, end=end).encode(encoding)
    log = FindingLog()
    frame = parse(decode(raw, "a.csv"), "a.csv", log)
    assert frame[["A", "B", "C"]].to_numpy().tolist() == [list(row) for row in rows]
    assert frame["source_line"].tolist() == list(range(2, len(rows) + 2))
    assert log.frame().empty


@given(st.binary(max_size=200))
def test_no_bytes_are_too_much(raw: bytes) -> None:
    try:
        text = decode(raw, "a.csv")
        parse(text, "a.csv", FindingLog())
    except InputError:
        return
