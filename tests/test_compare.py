"""What moved between two runs is listed, figure by figure, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from sufficiency_lib.cli import main
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.runs.compare import Change, as_frame, compare, row_keys, summary

LOCALITY = """rule,cohort,children,within,beyond,not_known,rate_pct,rate_of_known_pct
home_20_miles,all,320,250,60,10,78.1,80.6
home_20_miles,adoption,c,c,0,0,c,c
"""


def output(folder: Path, tables: dict[str, str], slug: str = "herefordshire") -> Path:
    home = folder / slug / "tables"
    home.mkdir(parents=True)
    for name, text in tables.items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_same_run_twice_differs_in_nothing(tmp_path: Path) -> None:
    folders = [output(tmp_path / name, {"locality": LOCALITY}) for name in ("old", "new")]
    assert compare(*folders) == []


def test_a_figure_that_moved_is_listed_with_its_row(tmp_path: Path) -> None:
    old = output(tmp_path / "old", {"locality": LOCALITY})
    new = output(tmp_path / "new", {"locality": LOCALITY.replace("250,60", "249,61")})
    assert [str(change) for change in compare(old, new)] == [
        "herefordshire · locality · rule=home_20_miles, cohort=all · within: 250 → 249",
        "herefordshire · locality · rule=home_20_miles, cohort=all · beyond: 60 → 61",
    ]


def test_a_figure_that_is_suppressed_now_is_a_change(tmp_path: Path) -> None:
    old = output(tmp_path / "old", {"locality": LOCALITY})
    new = output(tmp_path / "new", {"locality": LOCALITY.replace("c,c,0", "c,c,c")})
    (change,) = compare(old, new)
    assert (change.column, change.old, change.new) == ("beyond", "0", "c")


def test_rows_tables_and_authorities_that_came_or_went(tmp_path: Path) -> None:
    old = output(tmp_path / "old", {"locality": LOCALITY, "gone": "place,children\na,9\n"})
    new = output(tmp_path / "new", {"locality": LOCALITY + "in_area,all,320,200,120,0,62.5,62.5\n"})
    output(new, {"locality": LOCALITY}, slug="nottingham")
    assert [str(change) for change in compare(old, new)] == [
        "herefordshire · gone is no longer there",
        "herefordshire · locality · rule=in_area, cohort=all is new",
        "nottingham · locality is new",
    ]
    assert summary(compare(old, new)) == (
        "0 figures differ and 3 rows or tables came or went, in 3 tables of 2 authorities."
    )


def test_one_authority_s_folder_is_compared_whatever_it_is_called(tmp_path: Path) -> None:
    old = output(tmp_path / "a", {"locality": LOCALITY}, slug="kept-2024") / "kept-2024"
    new = output(tmp_path / "b", {"locality": LOCALITY.replace("78.1", "78.2")}) / "herefordshire"
    assert [str(change) for change in compare(old, new)] == [
        "locality · rule=home_20_miles, cohort=all · rate_pct: 78.1 → 78.2"
    ]


def test_rows_alike_are_told_apart_by_their_order(tmp_path: Path) -> None:
    old = output(tmp_path / "old", {"own": "place,children\na,9\na,8\n"})
    new = output(tmp_path / "new", {"own": "place,children\na,9\na,7\n"})
    assert [(c.old, c.new) for c in compare(old, new)] == [("8", "7")]


def test_what_a_row_is_about_is_its_words_and_dates() -> None:
    frame = pd.DataFrame(columns=["as_at", "children", "rate_per_10000", "population_0_17"])
    assert row_keys("children_looked_after", frame) == ["as_at"]
    headline = pd.DataFrame(columns=["metric", "label", "value", "unit", "rule", "target"])
    assert row_keys("headline", headline) == ["metric", "rule"]


def test_a_folder_without_tables_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no published tables"):
        compare(tmp_path, tmp_path)


def test_the_command_lists_and_writes(tmp_path: Path) -> None:
    old = output(tmp_path / "old", {"locality": LOCALITY})
    new = output(tmp_path / "new", {"locality": LOCALITY.replace("250,60", "249,61")})
    to = tmp_path / "changes.csv"
    told = CliRunner().invoke(main, ["report", "--compare", str(old), str(new), "--to", str(to)])
    assert told.exit_code == 0
    assert told.output.splitlines()[-1] == "2 figures differ, in 1 table of 1 authority."
    pd.testing.assert_frame_equal(
        pd.read_csv(to, dtype=str, keep_default_na=False).astype(object),
        as_frame(compare(old, new)),
    )
    told = CliRunner().invoke(main, ["report", "--compare", str(old), str(tmp_path / "none")])
    assert told.exit_code == 2 and "There is no folder" in told.output


def test_a_change_reads_as_a_sentence() -> None:
    assert str(Change("", "locality", "cohort=all", "within", "", "3")) == (
        "locality · cohort=all · within: blank → 3"
    )
