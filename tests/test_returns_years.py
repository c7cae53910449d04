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
