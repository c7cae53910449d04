"""Cohorts that can be foreseen: who turns 16 and 18 in which year."""

from __future__ import annotations

import pytest
from children_frames import children

from sufficiency_lib.metrics.cohorts import turning_ages

DAY = "2025-03-31"


def turning(dob: str | None, as_at: str = DAY, years: int = 3) -> list[list[int]]:
    got = turning_ages(children({"dob": dob}), as_at, years)
    return got[["turning_16", "turning_18"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("dob", "expected"),
    [
        ("2009-03-31", [[0, 0], [0, 1], [0, 0]]),  # 16 on the day itself
        ("2009-04-01", [[1, 0], [0, 0], [0, 1]]),
        ("2010-03-31", [[1, 0], [0, 0], [0, 1]]),
        ("2007-04-01", [[0, 1], [0, 0], [0, 0]]),
        ("2007-03-31", [[0, 0]] * 3),  # 18 on the day
        ("2008-02-29", [[0, 1], [0, 0], [0, 0]]),  # 18 on 1 March 2026
        (None, [[0, 0]] * 3),
        ("2025-06-01", [[0, 0]] * 3),  # not born that day
    ],
)
def test_birthdays_to_come(dob, expected) -> None:
    assert turning(dob) == expected


def test_from_another_day_the_years_are_the_twelve_months_after_it() -> None:
    got = turning_ages(children({"dob": "2008-11-30", "decom": "2024-01-01"}), "2024-11-29", 2)
    assert got["year_ending"].tolist() == ["2025-11-29", "2026-11-29"]
    assert got["turning_16"].tolist() == [1, 0] and got["years_ahead"].tolist() == [1, 2]


def test_nobody_and_no_years() -> None:
    assert turning_ages(children(), DAY)[["turning_16", "turning_18"]].to_numpy().sum() == 0
    assert turning_ages(children({}), DAY, 0).empty
    assert turning_ages(children({}), DAY)["years_ahead"].tolist() == [1, 2, 3, 4, 5]


def test_who_turns_an_age_is_counted_once_and_where_the_child_is() -> None:
    """A row for each year of each area, and a child with two open rows is one."""
    told = {"dob": "2009-04-01"}
    episodes = children(told | {"child_id": "a", "authority": "b"},
                        told | {"child_id": "a", "authority": "b", "decom": "2024-06-01"},
                        told | {"child_id": "a", "authority": "a"},
                        told | {"child_id": "b", "authority": "a", "dec": DAY})
    got = turning_ages(episodes, DAY, 2, by=["authority"])
    assert got[["authority", "years_ahead", "turning_16", "turning_18"]].to_numpy().tolist() == [
        ["a", 1, 1, 0], ["a", 2, 0, 0], ["b", 1, 1, 0], ["b", 2, 0, 0]]
