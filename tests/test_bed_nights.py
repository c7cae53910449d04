"""Bed nights: the night of day d counts when decom <= d < dec."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from histories import STORAGES, history, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.bed_nights import bed_nights, nights_between

COLUMNS = ["year_ending", "placement_group", "provider", "nights", "base_nights"]

_day = st.dates(date(2023, 12, 1), date(2024, 6, 30))
_stay = st.tuples(_day, st.none() | st.integers(0, 120))


def looped(decom: date, dec: date | None, first: date, last: date) -> int:
    """The second method: one day after another."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(1 for day in days if decom <= day and (dec is None or day < dec))


def stays_of(stays: list[tuple[date, int | None]]) -> pd.DataFrame:
    return history(
        *(
            {"decom": start, "dec": None if days is None else start + timedelta(days=days)}
            for start, days in stays
        )
    )


@pytest.mark.parametrize(
    ("decom", "dec", "nights"),
    [
        ("2023-04-01", None, 366),  # the year to 31 March 2024 holds 29 February
        ("2020-01-01", None, 366),
        ("2024-03-31", None, 1),
        ("2024-04-01", None, 0),
        ("2023-04-01", "2023-04-01", 0),  # starts and ends on one day: no night
        ("2023-04-01", "2023-04-02", 1),
        ("2023-01-01", "2023-04-01", 0),  # ended as the year opened
        ("2023-01-01", "2023-04-02", 1),
        ("2024-02-28", "2024-03-01", 2),
        ("2023-06-01", "2024-03-31", 304),  # the night of the end is not slept
        ("2023-06-01", "2024-04-01", 305),
        ("2023-06-01", "2026-01-01", 305),
    ],
)
def test_nights_of_one_stay_in_a_leap_year(decom: str, dec: str | None, nights: int) -> None:
    stay = history({"decom": decom, "dec": dec})
    assert nights_between(stay, "2023-04-01", "2024-03-31").tolist() == [nights]


@given(st.lists(_stay, min_size=1, max_size=8), _day, st.integers(0, 60))
@quickly
def test_nights_by_looping_over_days(stays, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    expected = [
        looped(start, None if days is None else start + timedelta(days=days), first, last)
        for start, days in stays
    ]
    assert nights_between(stays_of(stays), first, last).tolist() == expected


@given(st.lists(_stay, min_size=1, max_size=8), st.lists(_day, min_size=3, max_size=3))
@quickly
def test_nights_of_adjacent_periods_add_up_to_the_whole(stays, days: list[date]) -> None:
    first, middle, last = sorted(days)
    episodes = stays_of(stays)
    whole = nights_between(episodes, first, last)
    after = middle + timedelta(days=1)
    parts = nights_between(episodes, first, middle) + nights_between(episodes, after, last)
    assert parts.tolist() == whole.tolist()


@given(_day, st.integers(1, 200), st.integers(0, 200))
@quickly
def test_cutting_a_stay_in_two_changes_no_night(start: date, length: int, cut: int) -> None:
    middle, end = start + timedelta(days=min(cut, length)), start + timedelta(days=length)
    one = history({"decom": start, "dec": end})
    two = history({"decom": start, "dec": middle}, {"decom": middle, "dec": end})
    span = (date(2023, 4, 1), date(2024, 3, 31))
    assert nights_between(two, *span).sum() == nights_between(one, *span).sum()


@pytest.mark.parametrize("storage", STORAGES)
def test_nights_by_placement_and_provider(storage: str) -> None:
    episodes = history(
        {"child_id": "a", "decom": "2023-04-01", "dec": "2023-04-11"},  # 10 nights
        {"child_id": "a", "decom": "2023-04-11", "dec": "2023-05-01", "provider": "private"},  # 20
        {"child_id": "b", "decom": "2023-04-01"},  # 366, then 365
        {"child_id": "c", "decom": "2023-04-01", "is_short_break": True},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = bed_nights(episodes, ["2025-03-31", "2024-03-31"])
    assert got.columns.tolist() == COLUMNS
    assert got.to_numpy().tolist() == [
        ["2024-03-31", "fostering", "own", 376, 2],
        ["2024-03-31", "fostering", "private", 20, 1],
        ["2025-03-31", "fostering", "own", 365, 1],
        ["2025-03-31", "fostering", "private", 0, 0],
    ]
    pd.testing.assert_frame_equal(episodes, before)


def test_a_child_in_three_episodes_of_one_placement_is_one_child_behind_the_nights() -> None:
    episodes = history(
        {"child_id": "a", "decom": "2024-04-01", "dec": "2024-05-01"},
        {"child_id": "a", "decom": "2024-05-01", "dec": "2024-06-01"},
        {"child_id": "a", "decom": "2024-06-01", "dec": "2024-06-02"},
    )
    assert bed_nights(episodes, ["2025-03-31"])[["nights", "base_nights"]].to_numpy().tolist() == [
        [62, 1]
    ]


def test_all_nights_of_a_year_are_the_stock_of_each_of_its_days_added_up() -> None:
    episodes = history(
        {"decom": "2023-11-05", "dec": "2024-02-29"},
        {"decom": "2024-02-29", "placement_group": "secure"},
        {"decom": "2024-03-31", "provider": "private"},
    )
    days = pd.date_range("2023-04-01", "2024-03-31")
    by_day = sum(
        int(((episodes["decom"] <= day) & ~(episodes["dec"] <= day)).sum()) for day in days
    )
    assert bed_nights(episodes, ["2024-03-31"])["nights"].sum() == by_day


@pytest.mark.parametrize("years", [[], ["2025-03-31"]])
def test_no_episodes_or_no_years_give_an_empty_table(years: list[str]) -> None:
    got = bed_nights(history(), years)
    assert got.empty
    assert got.columns.tolist() == COLUMNS
