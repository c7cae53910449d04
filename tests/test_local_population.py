"""The mid-year population of the area, by which rates divide."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import load_local


def _read(folder: Path, text: str | None) -> tuple[list[list[int]], FindingLog]:
    if text is not None:
        (folder / "population.csv").write_text(text, encoding="utf-8")
    log = FindingLog()
    frame = load_local(folder, log).population
    assert list(frame.columns) == ["mid_year", "children"]
    return frame.to_numpy().tolist(), log


def test_the_rows_of_all_children_are_read_in_order(tmp_path: Path) -> None:
    rows, log = _read(
        tmp_path,
        "mid_year,age_group,children\n2024,0-17,36100\n2024,0,1800\n2023, 0-17 ,36000\n",
    )
    assert rows == [[2023, 36000], [2024, 36100]]
    assert log.frame().empty


@pytest.mark.parametrize("group", ["0–17", "0 to 17", "0 - 17".replace(" - ", "-")])
def test_the_range_may_be_written_in_other_ways(tmp_path: Path, group: str) -> None:
    assert _read(tmp_path, f"mid_year,age_group,children\n2024,{group},5\n")[0] == [[2024, 5]]


@pytest.mark.parametrize("text", [None, ""])
def test_without_a_table_there_is_no_population(tmp_path: Path, text: str | None) -> None:
    assert _read(tmp_path, text)[0] == []


def test_a_table_without_all_children_is_told(tmp_path: Path) -> None:
    rows, log = _read(tmp_path, "mid_year,age_group,children\n2024,0-4,5\n")
    assert rows == []
    assert log.frame()[["severity", "rule"]].to_numpy().tolist() == [["bending", "no_population"]]


def test_of_two_figures_for_a_year_the_last_is_read_and_told(tmp_path: Path) -> None:
    years = "2024,0-17,5\n2023,0-17,4\n2024,0-17,6\n2024,0-17,6\n"
    rows, log = _read(tmp_path, f"mid_year,age_group,children\n{years}")
    assert rows == [[2023, 4], [2024, 6]]
    assert log.frame()[["rule", "source_line"]].to_numpy().tolist() == [["mid_year_twice", 2]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mid_year,children\n2024,5\n",
         "population.csv, line 1, column age_group: expected columns mid_year"),
        ("mid_year,age_group,children\n2024,0-17,many\n",
         "population.csv, line 2, column children: found 'many', expected a whole number"),
        ("mid_year,age_group,children\n2024,0-17,\"36,100\"\n",
         "population.csv, line 2, column children: found '36,100'"),
        ("mid_year,age_group,children\n2024,0-17,0\n", "population.csv, line 2, column children"),
        ("mid_year,age_group,children\n2024,0-17,-5\n", "population.csv, line 2, column children"),
        ("mid_year,age_group,children\n2024,0-17,\n", "population.csv, line 2, column children"),
        ("mid_year,age_group,children\nsoon,0-17,5\n",
         "population.csv, line 2, column mid_year: found 'soon'"),
        ("mid_year,age_group,children\n2024,0-17," + "9" * 30 + "\n",
         "population.csv, line 2, column children"),
    ],
)
def test_a_figure_no_rate_could_rest_on_is_refused(tmp_path: Path, text: str, said: str) -> None:
    _, log = _read(tmp_path, text)
    with pytest.raises(InputError) as caught:
        log.raise_if_fatal()
    assert str(caught.value).startswith(said)


def test_the_figures_are_whole_numbers(tmp_path: Path) -> None:
    (tmp_path / "population.csv").write_text("mid_year,age_group,children\n2024,0-17,5\n")
    frame = load_local(tmp_path, FindingLog()).population
    assert all(pd.api.types.is_integer_dtype(dtype) for dtype in frame.dtypes)
