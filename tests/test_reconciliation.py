"""From the rows of every return to the children looked after."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, quickly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.reconciliation import STEP_LABELS, reconciliation

DAY = pd.Timestamp("2025-03-31")


def returned(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    ordinary = {
        "child_id": "a", "decom": "2024-04-01", "dec": None, "dec_unreadable": False,
        "return_year": 2025, "dropped_by": "",
    }
    frame = pd.DataFrame([ordinary | row for row in rows], columns=list(ordinary))
    for column in ("decom", "dec"):
        frame[column] = pd.to_datetime(frame[column])
    frame = frame.astype(
        {"child_id": "object", "dropped_by": "object", "dec_unreadable": bool,
         "return_year": "Int64"}
    )
    return stored_as(frame, storage)


def steps(rows: pd.DataFrame, episodes: pd.DataFrame, day: pd.Timestamp = DAY) -> dict:
    got = reconciliation(rows, episodes, day)
    assert got.columns.tolist()[:3] == ["step", "children", "episodes"]
    assert got["step"].tolist() == list(STEP_LABELS)
    return {step: (children, n) for step, children, n in got.itertuples(index=False)}


@pytest.mark.parametrize("storage", STORAGES)
def test_a_waterfall_by_hand(storage: str) -> None:
    rows = returned(
        {"child_id": "a", "return_year": 2024, "decom": "2023-06-01", "dropped_by": "3"},
        {"child_id": "a", "decom": "2023-06-01"},  # open, and stays so
        {"child_id": "b"},  # open, ended by repair
        {"child_id": "c", "return_year": 2024, "decom": "2023-06-01"},  # not in this return
        {"child_id": "d"},  # a short break
        {"child_id": "e", "dec": "2024-09-01"},  # ended
        {"child_id": None, "decom": "2024-09-01", "dropped_by": "unusable"},
        {"child_id": "f", "decom": None, "dropped_by": "unusable"},
        storage=storage,
    )
    episodes = history(
        {"child_id": "a", "decom": "2023-06-01"},
        {"child_id": "b", "dec": "2024-12-01"},
        {"child_id": "c", "decom": "2023-06-01"},
        {"child_id": "d", "is_short_break": True},
        {"child_id": "e", "dec": "2024-09-01"},
        storage=storage,
    )
    before = rows.copy(deep=True), episodes.copy(deep=True)
    got = steps(rows, episodes)
    assert got == {
        "rows_read": (6, 8),
        "unusable": (1, 2),  # a row without a child counts as a row only
        "repeated": (1, 1),
        "history": (5, 5),
        # a, b, d, and the row without a child, which stood open in the file
        "open_in_files": (3, 4),
        "ended_by_repair": (1, 2),
        "added_by_repair": (1, 1),
        "open_after_repair": (3, 3),
        "short_breaks": (1, 1),
        "looked_after": (2, 2),
    }
    pd.testing.assert_frame_equal(rows, before[0])
    pd.testing.assert_frame_equal(episodes, before[1])


@pytest.mark.parametrize(
    ("row", "is_open"),
    [
        ({}, 1),
        ({"decom": "2025-03-31"}, 1),
        ({"decom": "2025-04-01"}, 0),
        ({"dec": "2025-03-31"}, 0),
        ({"dec": "2025-04-10"}, 0),  # no return for this year can know of that end
        ({"dec_unreadable": True}, 0),
        ({"return_year": 2024}, 0),
    ],
)
def test_which_rows_are_open_in_the_files(row: dict[str, object], is_open: int) -> None:
    assert steps(returned(row), history())["open_in_files"] == (is_open, is_open)


def test_a_day_within_the_year_sees_who_was_open_then() -> None:
    rows = returned({"dec": "2025-01-15"}, {"child_id": "b", "decom": "2025-01-15"})
    episodes = history({"child_id": "a", "dec": "2025-01-15"},
                       {"child_id": "b", "decom": "2025-01-15"})
    got = steps(rows, episodes, pd.Timestamp("2024-12-31"))
    assert (got["open_in_files"], got["looked_after"]) == ((1, 1), (1, 1))
    at_the_end = steps(returned({"dec": DAY}), history({"dec": DAY}), pd.Timestamp("2024-12-31"))
    assert at_the_end["open_in_files"] == (1, 1)


def test_several_open_rows_of_one_child_are_one_child() -> None:
    got = steps(returned({}, {"decom": "2024-06-01"}), history({"child_id": "a"}))
    assert got["open_in_files"] == (1, 2)
    assert got["looked_after"] == (1, 1)


def test_nothing_read_is_nought_at_every_step() -> None:
    assert set(steps(returned(), history()).values()) == {(0, 0)}


_children = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(_children, _children, st.sets(st.sampled_from("abcdefgh")))
@quickly
def test_the_steps_add_up(in_files: list[str], in_history: list[str], short: set[str]) -> None:
    episodes = history(
        *({"child_id": child, "is_short_break": child in short} for child in in_history)
    )
    got = {step: n for step, (n, _) in
           steps(returned(*({"child_id": child} for child in in_files)), episodes).items()}
    assert (
        got["open_in_files"] - got["ended_by_repair"] + got["added_by_repair"]
        == got["open_after_repair"]
    )
    assert got["open_after_repair"] - got["short_breaks"] == got["looked_after"]
