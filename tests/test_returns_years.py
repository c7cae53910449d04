"""Which year each table of a folder of returns is given, and what is told of it."""

from __future__ import annotations

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

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.returns import Returns, read_returns


def _read(folder: Path, **options: object) -> tuple[Returns, pd.DataFrame]:
    log = FindingLog()
    return read_returns(folder, log, **options), log.frame()


#: The return for the year before: B2 and 0007 were there, and Q9, whom no later return has.
EARLIER = (
    ("0007", "15/11/2021", "S", "C2", "N5", "K2", "PR4", "", "", "", "HR2 6AA", "HR1 1AB", ""),
    ("B2", "20/06/2020", "S", "C2", "N1", "U1", "PR1", "", "", "", "HR1 1AA", "HR2 6AA", ""),
    ("Q9", "20/06/2022", "S", "V2", "N1", "U6", "PR1", "", "", "", "HR1 1AA", "HR2 6AA", ""),
)
EARLIER_HEADER = (HEADER[1], HEADER[2], ("Q9", "1", "01/02/2012", "WBRI", "", "0", ""))


def _write_two_years(folder: Path, old: str, new: str) -> Path:
    """`old` and `new` begin the paths of the files of each year."""
    for start, episodes, header in ((old, EARLIER, EARLIER_HEADER), (new, EPISODES, HEADER)):
        for name, text in (("a.csv", as_csv(EPISODE_COLUMNS, episodes)),
                           ("b.csv", as_csv(HEADER_COLUMNS, header)),
                           ("c.csv", as_csv(UASC_COLUMNS, UASC))):
            path = folder / f"{start}{name}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("old", "new"), [("2023/", "2024/"), ("x/", "y/"), ("2024/", "2023/"), ("old-", "new-")]
)
def test_years_in_one_folder_or_a_folder_each(tmp_path: Path, old: str, new: str) -> None:
    returns, findings = _read(_write_two_years(tmp_path / "r", old, new))
    assert returns.years == (2023, 2024)
    assert findings.empty
    by_file = returns.sources.set_index("source_file")["return_year"].to_dict()
    # The same child is the whole UASC table of both years: only a folder can tell them apart.
    files = ("a.csv", "b.csv", "c.csv") if old.endswith("/") else ("a.csv", "b.csv")
    assert all(by_file[f"{old}{file}"] == 2023 for file in files)
    assert all(by_file[f"{new}{file}"] == 2024 for file in files)


def test_several_years_stacked_in_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    stacked = [[*row, "2023"] for row in EARLIER] + [[*row, "2024"] for row in EPISODES]
    (folder / "all.csv").write_text(as_csv([*EPISODE_COLUMNS, "YEAR"], stacked))
    (folder / "who.csv").write_text(
        as_csv([*HEADER_COLUMNS, "YEAR"], [[*row, "2023"] for row in EARLIER_HEADER]
               + [[*row, "2024"] for row in HEADER])
    )
    returns, findings = _read(folder)
    assert returns.tables["episodes"]["return_year"].tolist() == [2023] * 3 + [2024] * 5
    assert returns.tables["header"]["return_year"].tolist() == [2023] * 3 + [2024] * 4
    assert findings.empty


def test_stacked_years_named_by_their_start(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    stacked = [[*row, "2022"] for row in EARLIER] + [[*row, "2023"] for row in EPISODES]
    (folder / "all.csv").write_text(as_csv([*EPISODE_COLUMNS, "YEAR"], stacked))
    (folder / "who.csv").write_text(
        as_csv([*HEADER_COLUMNS, "YEAR"], [[*row, "2022"] for row in EARLIER_HEADER]
               + [[*row, "2023"] for row in HEADER])
    )
    returns, findings = _read(folder)
    assert returns.years == (2023, 2024)
    assert set(returns.tables["header"]["return_year"]) == {2023, 2024}
    assert findings["rule"].tolist() == ["year_named_by_its_start"] * 2


def test_a_year_that_is_given_overrules_what_is_inferred(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r")
    returns, findings = _read(folder, years={"one.csv": 2026})
    assert returns.years == (2026,)
    assert set(returns.tables["header"]["return_year"]) == {2026}
    assert set(findings["rule"]) == {"outside_its_year"}


def test_a_year_without_a_return_is_told(tmp_path: Path) -> None:
    folder = _write_two_years(tmp_path / "r", "one/", "two/")
    returns, findings = _read(folder, years={"one/a.csv": 2021})
    assert returns.years == (2021, 2024)
    missing = findings[findings["rule"] == "missing_year"]
    assert missing["value"].tolist() == ["2022", "2023"]
    assert set(missing["severity"]) == {"bending"}


def test_a_header_of_strangers_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "one.csv").write_text(as_csv(EPISODE_COLUMNS, EPISODES))
    (folder / "x").mkdir()
    (folder / "x" / "two.csv").write_text(as_csv(HEADER_COLUMNS, EARLIER_HEADER[2:]))
    returns, findings = _read(folder)
    assert set(returns.tables["header"]["return_year"]) == {2024}
    assert findings[["severity", "rule"]].to_numpy().tolist() == [
        ["bending", "year_not_known"], ["cosmetic", "header_without_episode"]
    ]


def test_children_whom_only_the_header_lists_are_counted(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r", episodes=EPISODES[:3])
    _, findings = _read(folder)
    told = findings[findings["rule"] == "header_without_episode"]
    assert told["value"].tolist() == ["2 children in 2024"]


def test_a_profile_may_overrule_a_year_but_not_for_a_file_that_is_not_there(tmp_path: Path) -> None:
    folder = write_return(tmp_path / "r")
    assert read_returns(folder, FindingLog(), years={"one.csv": 2026}).years == (2026,)
    with pytest.raises(ConfigurationError, match="gives a year for 'two/none.csv'"):
        read_returns(folder, FindingLog(), years={"two/none.csv": 2026})


def test_an_extract_of_many_years_is_read_by_the_year_each_episode_ended_in(tmp_path: Path) -> None:
    rows = [
        ("a", "01/05/2019", "S", "V2", "U6", "01/09/2019"),
        ("b", "01/05/2019", "S", "V2", "U6", "01/05/2021"),
        ("c", "01/05/2020", "S", "V2", "U6", "31/03/2022"),
        ("d", "01/06/2022", "S", "V2", "U6", "01/02/2023"),
        ("e", "01/02/2024", "S", "V2", "U6", ""),
    ]
    (tmp_path / "all.csv").write_text(as_csv(("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC"), rows))
    log = FindingLog()
    returns = read_returns(tmp_path, log)
    assert returns.years == (2020, 2022, 2023, 2024)
    assert returns.tables["episodes"]["return_year"].tolist() == [2020, 2022, 2022, 2023, 2024]
    findings = log.frame()
    told = findings[findings["rule"] == "extract_of_many_years"]
    assert told["value"].tolist() == ["2020 to 2024"]
    assert "outside_its_year" not in set(findings["rule"])


def test_missing_periods_are_dated_by_themselves_where_nothing_else_says(tmp_path: Path) -> None:
    columns = ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC")
    for year in (2023, 2024):
        rows = [("a", f"01/05/{year - 1}", "S", "V2", "U6", f"01/02/{year}")]
        (tmp_path / f"{year}-one.csv").write_text(as_csv(columns, rows))
    (tmp_path / "x.csv").write_text("CHILD,MISSING,MIS_START,MIS_END\na,M,01/06/2022,02/06/2022\n")
    sources = read_returns(tmp_path, FindingLog()).sources.set_index("source_file")
    assert sources.loc["x.csv", ["table", "return_year"]].tolist() == ["missing", 2023]


def test_a_code_of_another_year_is_read_and_told(tmp_path: Path) -> None:
    columns = ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC")
    rows = [("a", "01/05/2019", "S", "V2", "K3", "01/09/2019"),
            ("b", "01/05/2019", "S", "V2", "P2", "01/02/2020")]
    (tmp_path / "one.csv").write_text(as_csv(columns, rows))
    log = FindingLog()
    returns = read_returns(tmp_path, log)
    assert returns.tables["episodes"]["PLACE"].tolist() == ["K3", "P2"]
    told = log.frame().query("rule == 'code_of_another_year'")
    assert told[["severity", "source_line", "value"]].to_numpy().tolist() == [["cosmetic", 2, "K3"]]
