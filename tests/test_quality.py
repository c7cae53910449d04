"""How good the data are, in counts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from histories import STORAGES, history, stored_as

from sufficiency_lib.intake.ssda903 import TABLES
from sufficiency_lib.metrics.quality import (
    RULE_LABELS,
    TABLE_LABELS,
    exceptions,
    findings_by_rule,
    locations_known,
    rows_read,
)

LIBRARY = Path(__file__).resolve().parents[1] / "sufficiency_lib"


def rules_logged() -> Iterator[str]:
    """Every rule that the source names in a call of a finding log, where it names it outright."""
    for path in [*LIBRARY.glob("intake/*.py"), *LIBRARY.glob("cleaning/*.py"),
                 LIBRARY / "dataset.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.func.attr in ("add", "add_rows") and len(node.args) >= 2:
                if isinstance(node.args[1], ast.Constant):
                    yield node.args[1].value


def sources(*rows: tuple[str, int, int], storage: str = "object") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["table", "return_year", "rows"])
    return stored_as(frame.astype({"table": "object"}), storage)


@pytest.mark.parametrize("storage", STORAGES)
def test_a_missing_year_shows_as_nought(storage: str) -> None:
    read = sources(("uasc", 2025, 4), ("episodes", 2023, 10), ("episodes", 2025, 7),
                   ("episodes", 2025, 5), storage=storage)
    before = read.copy(deep=True)
    got = rows_read(read)
    assert got.columns.tolist() == ["table", "return_year", "rows"]
    assert got.to_numpy().tolist() == [
        ["Episodes", "2023", 10], ["Episodes", "2024", 0], ["Episodes", "2025", 12],
        ["UASC", "2023", 0], ["UASC", "2024", 0], ["UASC", "2025", 4],
    ]
    pd.testing.assert_frame_equal(read, before)


def test_every_table_of_the_return_has_words() -> None:
    """A table without a label would be left out of rows_read."""
    assert set(TABLES) == set(TABLE_LABELS)


def test_nothing_read() -> None:
    got = rows_read(sources())
    assert got.empty
    assert got.columns.tolist() == ["table", "return_year", "rows"]


def findings(*rows: tuple[str, str], storage: str = "object") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["severity", "rule"]).astype("object")
    return stored_as(frame, storage)


@pytest.mark.parametrize("storage", STORAGES)
def test_the_gravest_first_then_the_most_frequent(storage: str) -> None:
    found = findings(
        ("cosmetic", "3"), ("cosmetic", "untidy_code"), ("cosmetic", "3"), ("bending", "4"),
        ("fatal", "missing_column"), ("cosmetic", "date_iso_8601"), ("bending", "never_heard_of"),
        storage=storage,
    )
    before = found.copy(deep=True)
    got = findings_by_rule(found)
    assert got.to_numpy().tolist() == [
        ["fatal", RULE_LABELS["missing_column"], 1],
        ["bending", RULE_LABELS["4"], 1],
        ["bending", "never_heard_of", 1],
        ["cosmetic", RULE_LABELS["3"], 2],
        ["cosmetic", RULE_LABELS["untidy_code"], 1],
        ["cosmetic", "Dates not as dd/mm/yyyy (iso 8601)", 1],
    ]
    assert got["findings"].sum() == len(found)
    pd.testing.assert_frame_equal(found, before)


def test_every_finding_has_words() -> None:
    """A rule without a label would show its code name on a public page."""
    from sufficiency_lib.cleaning.repair import RULES_TOLD

    logged = {*rules_logged(), *RULES_TOLD}
    assert len(logged) > 15
    assert sorted(logged - set(RULE_LABELS)) == []


def test_nothing_found() -> None:
    got = findings_by_rule(findings())
    assert got.empty
    assert got.columns.tolist() == ["severity", "finding", "findings"]


@pytest.mark.parametrize("storage", STORAGES)
def test_how_many_postcodes_can_be_placed(storage: str) -> None:
    episodes = history(
        {}, {"home_postcode_status": "blank"}, {"home_postcode_status": "unknown"},
        {"home_postcode_status": "malformed", "placement_postcode_status":
         "not_on_british_grid"},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = locations_known(episodes)
    assert got.columns.tolist() == ["end", "found", "blank", "other", "episodes", "found_pct"]
    assert got.to_numpy().tolist() == [
        ["Home", 1, 1, 2, 4, 25.0], ["Placement", 3, 0, 1, 4, 75.0],
    ]
    pd.testing.assert_frame_equal(episodes, before)


def test_without_episodes_there_is_no_share() -> None:
    got = locations_known(history())
    assert got["episodes"].tolist() == [0, 0]
    assert got["found_pct"].isna().all()


def test_exceptions_are_what_moves_a_figure_with_its_place() -> None:
    findings = pd.DataFrame(
        {
            "severity": ["cosmetic", "bending", "bending"], "rule": ["3", "4", "unknown_code"],
            "source_file": ["a.csv", "a.csv", "b.csv"], "source_line": [2, 3, None],
            "column": ["DECOM", "DEC", "PLACE"], "value": ["", "", "U9"],
            "expected": ["e"] * 3, "action": ["x", "ended", "kept"],
        }
    ).astype({"source_line": "Int64"})
    got = exceptions(findings)
    assert got.to_numpy().tolist() == [
        ["a.csv", "3", "DEC", "", "An episode that runs past the start of the next", "ended"],
        ["b.csv", "", "PLACE", "U9", "A code that is in no year's code set", "kept"],
    ]
    assert len(exceptions(findings, most=1)) == 1
