"""What real returns do to a reader: each variant is read as the good return is, or is named."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from small_return import (
    EPISODE_COLUMNS,
    EPISODES,
    HEADER,
    HEADER_COLUMNS,
    UASC,
    UASC_COLUMNS,
    as_csv,
    write_return,
)

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.files import InputFile, find_files
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.recognised import holds_returns, is_episodes_file
from sufficiency_lib.intake.returns import Returns, read_returns

TYPED = [column for column in EPISODE_COLUMNS]


def _read(folder: Path, **options: object) -> tuple[Returns, pd.DataFrame]:
    log = FindingLog()
    return read_returns(folder, log, **options), log.frame()


def _values(episodes: pd.DataFrame) -> list[tuple]:
    rows = episodes[TYPED].astype(object).where(episodes[TYPED].notna(), None)
    return sorted(rows.itertuples(index=False, name=None), key=str)


@pytest.fixture
def good(tmp_path: Path) -> list[tuple]:
    return _values(_read(write_return(tmp_path / "good"))[0].tables["episodes"])


def _column(rows: Sequence[Sequence[str]], name: str, change: Callable[[str], str]) -> list[list]:
    place = EPISODE_COLUMNS.index(name)
    return [[*row[:place], change(row[place]), *row[place + 1 :]] for row in rows]


def _dates(change: Callable[[str], str]) -> list[list[str]]:
    def each(cell: str) -> str:
        return change(cell) if cell else ""

    return _column(_column(EPISODES, "DECOM", each), "DEC", each)


def _plain(rows: Sequence[Sequence[str]] = EPISODES, columns: Sequence[str] = EPISODE_COLUMNS,
           **options: str) -> bytes:
    return as_csv(columns, rows, **options).encode()


def _iso(cell: str) -> str:
    return "-".join(reversed(cell.split("/")))


def _month_first(cell: str) -> str:
    day, month, year = cell.split("/")
    return f"{month}/{day}/{year}"


def _shuffled() -> bytes:
    order = list(range(len(EPISODE_COLUMNS)))
    random.Random(1).shuffle(order)
    rows = [[row[place] for place in order] for row in reversed(EPISODES)]
    return _plain(rows, [EPISODE_COLUMNS[place] for place in order])


#: What a council's export does to the episodes: its bytes, and the findings that follow.
VARIANTS: dict[str, tuple[bytes, set[str]]] = {
    "as it should be": (_plain(), set()),
    "ISO dates": (_plain(_dates(_iso)), {"date_iso"}),
    "two-digit years": (_plain(_dates(lambda cell: cell[:6] + cell[8:])), {"date_two_digit_year"}),
    "a time of midnight": (_plain(_dates(lambda cell: cell + " 00:00:00")), {"date_time_dropped"}),
    "ISO dates with a time": (_plain(_dates(lambda cell: _iso(cell) + "T00:00:00")), {"date_iso"}),
    "month first": (_plain(_dates(_month_first)), {"date_month_first"}),
    "a BOM": (b"\xef\xbb\xbf" + _plain(), set()),
    "UTF-16": (_plain().decode().encode("utf-16"), set()),
    "CRLF": (_plain(end="\r\n"), set()),
    "CR": (_plain(end="\r"), set()),
    "semicolons": (_plain(delimiter=";"), set()),
    "tabs": (_plain(delimiter="\t"), set()),
    "blank lines between": (_plain(end="\r\n\r\n"), set()),
    "padded headers in lower case": (
        _plain(columns=[f"  {name.lower()} " for name in EPISODE_COLUMNS]), set()
    ),
    "padded codes in lower case": (
        _plain(_column(_column(EPISODES, "PLACE", lambda cell: f" {cell.lower()} "), "RNE",
                       lambda cell: cell.lower())),
        {"untidy_code"},
    ),
    "columns and rows in another order": (_shuffled(), set()),
    "the XML names": (
        _plain(columns=["CHILDID" if name == "CHILD" else "PL" if name == "PLACE" else name
                        for name in EPISODE_COLUMNS]), set()
    ),
    "columns of the council's own": (
        _plain([[*row, "x"] for row in EPISODES], [*EPISODE_COLUMNS, "TEAM"]), set()
    ),
    "stacked with LA and YEAR": (
        _plain([[*row, "884", "2024"] for row in EPISODES], [*EPISODE_COLUMNS, "LA", "YEAR"]),
        set(),
    ),
    "stacked with the year as a pair": (
        _plain([[*row, "2023-24"] for row in EPISODES], [*EPISODE_COLUMNS, "YEAR"]), set()
    ),
    "stacked with the year named by its start": (
        _plain([[*row, "2023"] for row in EPISODES], [*EPISODE_COLUMNS, "YEAR"]),
        {"year_named_by_its_start"},
    ),
    "a YEAR column in which nothing can be read": (
        _plain([[*row, "now"] for row in EPISODES], [*EPISODE_COLUMNS, "YEAR"]), set()
    ),
    "every cell in quotation marks": (
        b"\n".join(
            b",".join(b'"' + cell.encode() + b'"' for cell in row)
            for row in (EPISODE_COLUMNS, *EPISODES)
        ), set()
    ),
    "NULL for nothing": (
        _plain([[cell or "NULL" for cell in row] for row in EPISODES]), set()
    ),
}


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_a_variant_is_read_as_the_good_return_is(
    tmp_path: Path, good: list[tuple], variant: str
) -> None:
    raw, rules = VARIANTS[variant]
    folder = write_return(tmp_path / "varied")
    (folder / "one.csv").write_bytes(raw)
    returns, findings = _read(folder)
    assert _values(returns.tables["episodes"]) == good
    assert set(findings["rule"]) == rules
    assert returns.years == (2024,)
    assert {name: set(rows["return_year"]) for name, rows in returns.tables.items()} == {
        "episodes": {2024}, "header": {2024}, "uasc": {2024}
    }


def _without(*names: str) -> bytes:
    keep = [place for place, name in enumerate(EPISODE_COLUMNS) if name not in names]
    return _plain([[row[place] for place in keep] for row in EPISODES],
                  [EPISODE_COLUMNS[place] for place in keep])


def _cell(row: int, column: str, cell: str) -> bytes:
    rows = [list(each) for each in EPISODES]
    rows[row][EPISODE_COLUMNS.index(column)] = cell
    return _plain(rows)


@pytest.mark.parametrize(
    ("raw", "rule", "severity", "column"),
    [
        (_cell(1, "DECOM", "31/02/2024"), "impossible_date", "bending", "DECOM"),
        (_cell(0, "DEC", "31/09/2023"), "impossible_date", "bending", "DEC"),
        (_without("HOME_POST", "PL_POST"), "missing_column", "bending", "HOME_POST"),
        (_without("PLACE_PROVIDER"), "missing_column", "bending", "PLACE_PROVIDER"),
        (_without("URN"), "missing_column", "cosmetic", "URN"),
        (_cell(0, "PLACE", "Q7"), "unknown_code", "bending", "PLACE"),
        (_cell(1, "DECOM", "10/09/2042"), "outside_its_year", "bending", "DECOM"),
        (_cell(0, "DEC", "10/09/2024"), "outside_its_year", "bending", "DECOM"),
        (_plain([[*row, year] for row, year in zip(EPISODES, ["2024"] * 4 + [""], strict=True)],
                [*EPISODE_COLUMNS, "YEAR"]), "year_not_known", "bending", "YEAR"),
    ],
)
def test_what_bends_a_return_is_a_finding(
    tmp_path: Path, raw: bytes, rule: str, severity: str, column: str
) -> None:
    folder = write_return(tmp_path / "bent")
    (folder / "one.csv").write_bytes(raw)
    returns, findings = _read(folder)
    found = findings[findings["rule"] == rule]
    assert (severity, column) in set(zip(found["severity"], found["column"], strict=True))
    assert len(returns.tables["episodes"]) == len(EPISODES)
    assert returns.years == (2024,)


def test_one_blank_start_stays_to_be_left_out_by_repair(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r")
    (folder / "one.csv").write_bytes(_cell(1, "DECOM", ""))
    episodes = _read(folder)[0].tables["episodes"]
    assert episodes["DECOM"].isna().sum() == 1 and len(episodes) == 5


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (_cell(1, "DECOM", "soon"),
         "one.csv, line 3, column DECOM: found 'soon', expected a date as dd/mm/yyyy; "
         "correct it and run again."),
        (_without("DECOM"), "one.csv, line 1, column DECOM: expected the episodes table to have"),
        (_without("CHILD"), "one.csv, line 1, column CHILD: expected the episodes table to have"),
        (_plain(_column(EPISODES, "DECOM", lambda _: "")), "No row of the episodes in the folder"),
        (_plain(_column(EPISODES, "CHILD", lambda _: "")), "No row of the episodes in the folder"),
        (_plain([]), "No row of the episodes in the folder"),
        (b"", "No SSDA903 episodes table is in the folder"),
        (_plain()[:-40].rpartition(b",")[0] + b",\"V", "one.csv, line 6: a quotation mark"),
        (_plain([[*row, la] for row, la in zip(EPISODES, "11222", strict=True)],
                [*EPISODE_COLUMNS, "LA"]),
         "one.csv, column LA: found '2 of them', expected one authority in a folder"),
        (_cell(0, "CHILD", "1.2E+10"),
         "one.csv, line 2, column CHILD: expected the whole identifier"),
        (b"PK\x03\x04\x00\x00", "one.csv is not text"),
    ],
)
def test_what_cannot_be_believed_is_refused_in_a_sentence(
    tmp_path: Path, raw: bytes, said: str
) -> None:
    folder = write_return(tmp_path / "wrong")
    (folder / "one.csv").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        _read(folder)
    assert str(caught.value).startswith(said)
    assert "expected" in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_a_private_value_is_not_in_the_sentence(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "wrong")
    (folder / "two.csv").write_text(
        as_csv(HEADER_COLUMNS, [["A1", "1", "about 2012", "", "", "", ""]])
    )
    with pytest.raises(InputError) as caught:
        _read(folder)
    assert str(caught.value).startswith("two.csv, line 2, column DOB: expected a date")
    assert "2012" not in str(caught.value)


def test_optional_files_of_no_bytes_are_passed_over(tmp_path: Path, good: list[tuple]) -> None:
    folder = write_return(tmp_path / "r")
    for name in ("ad1.csv", "oc3.csv"):
        (folder / name).write_bytes(b"")
    (folder / "three.csv").write_text("CHILD,SEX,DOB,DUC\n")
    returns, findings = _read(folder)
    assert _values(returns.tables["episodes"]) == good
    assert findings[["severity", "rule", "source_file"]].to_numpy().tolist() == [
        ["cosmetic", "empty_file", "ad1.csv"], ["cosmetic", "empty_file", "oc3.csv"],
        ["cosmetic", "no_rows", "three.csv"],
    ]


def test_files_are_known_by_their_columns_whatever_they_are_called(
    tmp_path: Path, good: list[tuple]
) -> None:
    folder = tmp_path / "r"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "header 2019.CSV").write_bytes(_plain())
    (folder / "deep" / "er" / "episodes.txt").write_text(as_csv(HEADER_COLUMNS, HEADER))
    (folder / "uasc.tsv").write_text(as_csv(UASC_COLUMNS, UASC, delimiter="\t"))
    returns, findings = _read(folder)
    assert _values(returns.tables["episodes"]) == good
    assert returns.sources.to_numpy().tolist() == [
        ["deep/er/episodes.txt", "header", 2024, 4],
        ["deep/header 2019.CSV", "episodes", 2024, 5],
        ["uasc.tsv", "uasc", 2024, 1],
    ]
    assert findings.empty


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r")
    (folder / "population.csv").write_text("mid_year,age_group,children\n2024,0-17,100\n")
    (folder / "notes.txt").write_text('"Hello" said nobody, "\n')
    (folder / "~$one.csv").write_bytes(b"\x00")
    (folder / ".hidden.csv").write_bytes(b"\x00")
    (folder / "report.docx").write_bytes(b"\x00")
    (folder / "2025.xlsx").write_bytes(b"\x00")
    (folder / "folder.csv").mkdir()
    assert [file.name for file in find_files(folder)] == [
        "notes.txt", "one.csv", "population.csv", "three.csv", "two.csv"
    ]
    _, findings = _read(folder)
    assert findings[["severity", "rule", "source_file"]].to_numpy().tolist() == [
        ["cosmetic", "not_a_table", "2025.xlsx"], ["cosmetic", "not_a_table", "notes.txt"]
    ]


def test_a_folder_of_spreadsheets_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "Returns 2025.xlsx").write_bytes(b"")
    with pytest.raises(InputError, match="save each sheet of Returns 2025.xlsx as csv"):
        read_returns(tmp_path, FindingLog())


def test_leading_zeros_and_lines_are_kept(tmp_path: Path) -> None:
    returns, _ = _read(write_return(tmp_path / "r"))
    episodes = returns.tables["episodes"]
    assert episodes["CHILD"].tolist() == ["A1", "A1", "0007", "B2", "C3"]
    assert episodes["source_line"].tolist() == [2, 3, 4, 5, 6]
    assert set(episodes["source_file"]) == {"one.csv"}


@pytest.mark.parametrize("sex", ["1", "M", "m", " 1 ", "1.0"])
def test_sex_by_number_or_letter(tmp_path: Path, sex: str) -> None:
    folder = write_return(tmp_path / "r")
    rows = [(row[0], sex, *row[2:]) for row in HEADER]
    (folder / "two.csv").write_text(as_csv(HEADER_COLUMNS, rows))
    assert set(_read(folder)[0].tables["header"]["SEX"]) == {sex.strip().upper()[0]}


# Whether a folder holds returns.


def test_an_episodes_file_is_known_by_its_first_line(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r")
    assert is_episodes_file(InputFile("one.csv", folder / "one.csv"))
    assert not is_episodes_file(InputFile("two.csv", folder / "two.csv"))
    assert holds_returns(folder) and holds_returns(tmp_path)
    (folder / "one.csv").write_bytes(b"\x00" * 10)
    assert not holds_returns(folder)
    (folder / "one.csv").write_bytes(b"")
    assert not holds_returns(folder)
    (folder / "one.docx").write_bytes(_plain())
    assert not InputFile("one.docx", folder / "one.docx").is_readable
    assert not holds_returns(folder)


def test_a_folder_without_returns_says_what_to_put_there(tmp_path: Path) -> None:
    (tmp_path / "herefordshire").mkdir()
    with pytest.raises(InputError, match="No SSDA903 episodes table is in the folder 'hereford"):
        _read(tmp_path / "herefordshire")


@pytest.mark.parametrize("above", ["sep=;\n", "Children looked after\nExported;by;me\n\n"])
def test_lines_above_the_header_are_passed_over_and_told(
    tmp_path: Path, good: list[tuple], above: str
) -> None:
    folder = write_return(tmp_path / "r")
    text = as_csv(EPISODE_COLUMNS, EPISODES).replace(",", ";")
    (folder / "one.csv").write_text(above + text)
    returns, findings = _read(folder)
    assert _values(returns.tables["episodes"]) == good
    assert findings["rule"].tolist() == ["lines_above_header"]
    first = above.count("\n") + 2
    assert returns.tables["episodes"]["source_line"].tolist() == list(range(first, first + 5))
    assert holds_returns(folder)


def test_a_postcode_column_without_a_value_is_told(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r")
    (folder / "one.csv").write_text(
        as_csv(EPISODE_COLUMNS, _column(EPISODES, "HOME_POST", lambda _: " "))
    )
    _, findings = _read(folder)
    assert findings[["severity", "rule", "column"]].to_numpy().tolist() == [
        ["bending", "blank_column", "HOME_POST"]
    ]


def test_text_for_a_date_stops_a_run_only_in_the_tables_that_figures_rest_on(
    tmp_path: Path,
) -> None:
    folder = write_return(tmp_path / "r")
    (folder / "m.csv").write_text(
        "CHILD,DOB,MISSING,MIS_START,MIS_END\nA1,,M,soon,02/06/2022\n"
    )
    returns, findings = _read(folder)
    assert returns.tables["missing"]["MIS_START"].isna().all()
    assert findings[["severity", "rule", "column"]].to_numpy().tolist() == [
        ["bending", "not_a_date", "MIS_START"]
    ]
