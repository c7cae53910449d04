"""What the log says of rows that repair changed, dropped or could not use."""

from __future__ import annotations

import pytest
from repair_rows import episodes_of, repair_of, said

from sufficiency_lib.cleaning.repair import repair
from sufficiency_lib.intake.findings import FindingLog


def test_a_reason_on_an_open_row_is_told() -> None:
    _, findings = repair_of([("a", 2024, "2023-05-01", None, "S", "E4A")])
    assert findings[["severity", "rule", "value", "source_line"]].to_numpy().tolist() == [
        ["cosmetic", "reason_on_open_row", "E4A", 2]
    ]


def test_rows_of_one_return_that_contradict_each_other_bend_a_figure() -> None:
    same, other, later = "2023-07-01", "2023-08-01", None
    _, repeated = repair_of([("a", 2024, "2023-06-01", same, "S", "X1")] * 2)
    assert repeated.loc[repeated["rule"] == "3", "severity"].tolist() == ["cosmetic"]
    _, findings = repair_of(
        [("a", 2024, "2023-06-01", same, "S", "E4A"), ("a", 2024, "2023-06-01", other, "S", "E4A")]
    )
    assert findings[["severity", "rule"]].to_numpy().tolist() == [["bending", "3_contradicted"]]
    _, years = repair_of(
        [("a", 2023, "2022-06-01", later, "S", None), ("a", 2024, "2022-06-01", same, "S", "E4A")]
    )
    assert years[["severity", "rule"]].to_numpy().tolist() == [["cosmetic", "3"]]


def test_x1_with_nothing_after_it_is_told_and_left() -> None:
    repaired, findings = repair_of([("a", 2024, "2023-06-01", "2023-07-01", "S", "X1")])
    assert said(repaired.history) == [("a", "2023-06-01", "2023-07-01", "X1", "")]
    assert findings[["severity", "rule"]].to_numpy().tolist() == [
        ["bending", "nothing_follows_x1"]
    ]


@pytest.mark.parametrize(
    ("mine", "its", "rule"),
    [
        ({}, {}, "3"),
        ({"PLACE": "U6"}, {"PLACE": "K2"}, "3_contradicted"),
        ({"PL_POST": "HR1 1AA"}, {"PL_POST": None}, "3_contradicted"),
        ({"PL_POST": None}, {"PL_POST": None}, "3"),
        ({"LS": None, "PLACE_PROVIDER": "PR1"}, {"LS": None, "PLACE_PROVIDER": "PR4"},
         "3_contradicted"),
    ],
)
def test_rows_contradict_each_other_in_any_of_what_they_should_agree_on(
    mine: dict[str, str | None], its: dict[str, str | None], rule: str
) -> None:
    """Nothing in both agrees; something in one alone does not."""
    ordinary = {"LS": "C2", "PLACE": "U6", "PLACE_PROVIDER": "PR1", "PL_POST": "HR1 1AA"}
    rows = episodes_of([("a", 2024, "2023-06-01", "2023-08-01", "S", "E4A")] * 2)
    log = FindingLog()
    repair(rows.assign(**{name: [(ordinary | mine)[name], (ordinary | its)[name]]
                          for name in ordinary}), log)
    told = log.frame()
    assert told[["rule", "column", "source_line"]].to_numpy().tolist() == [[rule, "DECOM", 2]]


def test_an_episode_without_a_night_contradicts_nothing() -> None:
    """Two moves on one day are two rows with one start; the first has no night."""
    _, findings = repair_of([("a", 2024, "2023-05-01", "2023-05-01", "S", "X1"),
                             ("a", 2024, "2023-05-01", "2023-05-09", "P", "E4A")])
    assert findings[["severity", "rule"]].to_numpy().tolist() == [["cosmetic", "3"]]


def test_each_finding_says_which_column_and_what_was_in_it() -> None:
    _, findings = repair_of([(None, 2024, "2023-05-01", None, "S", None),
                             ("a", 2023, "2022-05-01", None, "S", None),
                             ("b", 2024, "2023-05-01", "2023-06-01", "S", "X1")])
    assert findings[["severity", "rule", "column", "value", "source_line"]].fillna(
        "").to_numpy().tolist() == [
        ["bending", "unusable_row", "DECOM", "", 2], ["bending", "2", "DEC", "", 3],
        ["bending", "nothing_follows_x1", "REC", "X1", 4],
    ]
