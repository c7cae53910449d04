"""Bed nights: the night of day d counts when decom <= d < dec."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from histories import STORAGES, history, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.bed_nights import (
    bed_nights,
    bed_nights_by_cohort,
    bed_nights_by_month,
)
from sufficiency_lib.metrics.nights import nights_between

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


# --- by cohort and by month --------------------------------------------------------------------

_placed = st.tuples(
    _stay,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["fostering", "kinship_fostering", "childrens_home"]),
    st.sampled_from(["own", "private", "other_la"]),
)


def placed(stays) -> pd.DataFrame:
    bare = stays_of([stay for stay, *_ in stays])
    columns = zip(*(rest for _, *rest in stays), strict=True) if stays else ([], [], [])
    names = ("child_id", "placement_group", "provider")
    return bare.assign(**{name: list(values) for name, values in zip(names, columns, strict=True)})


@given(st.lists(_placed, max_size=8))
@quickly
def test_months_pairs_and_cohorts_of_a_year_have_the_same_nights(stays) -> None:
    episodes = placed(stays)
    whole = bed_nights_by_cohort(episodes, ["2024-03-31"]).set_index("cohort")
    months = bed_nights_by_month(episodes, "2023-04-01", "2024-03-31")
    assert bed_nights(episodes, ["2024-03-31"])["nights"].sum() == whole.at["total", "nights"]
    added = months.groupby("cohort")["nights"].sum()
    assert added.to_dict() == whole["nights"].drop("total").to_dict()
    assert months["month"].nunique() in (0, 12)
    assert (months["base_nights"] <= months["nights"]).all()
    assert months["base_nights"].gt(0).equals(months["nights"].gt(0))


@given(st.lists(_placed, min_size=1, max_size=6), _day, st.integers(0, 70))
@quickly
def test_months_by_looping_over_them(stays, first: date, length: int) -> None:
    episodes, last = placed(stays), first + timedelta(days=length)
    got = bed_nights_by_month(episodes, first, last)
    for row in got.itertuples():
        start = max(first, date.fromisoformat(f"{row.month}-01"))
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = min(last, following - timedelta(days=1))
        nights = nights_between(episodes, start, end)
        share = {"kinship": ("kinship_fostering", ["own"]),
                 "fostering_in_house": ("fostering", ["own"]),
                 "childrens_home": ("childrens_home", ["own", "private", "other_la"])}
        if row.cohort not in share:
            continue
        group, who = share[row.cohort]
        mine = (episodes["placement_group"] == group) & episodes["provider"].isin(who)
        assert row.nights == nights[mine].sum()
        assert row.base_nights == episodes.loc[mine & (nights > 0), "child_id"].nunique()
        days = (end - start).days + 1
        assert abs(row.average_children - row.nights / days) <= 0.05 + 1e-9


def test_a_cut_month_is_averaged_over_the_days_counted() -> None:
    got = bed_nights_by_month(history({"decom": "2023-01-01"}), "2024-01-30", "2024-02-29")
    assert got[["month", "nights", "average_children"]].to_numpy().tolist() == [
        ["2024-01", 2, 1.0], ["2024-02", 29, 1.0]
    ]


def test_no_nights_give_no_months_and_a_total_of_nought() -> None:
    assert bed_nights_by_month(history(), "2024-04-01", "2025-03-31").empty
    assert bed_nights_by_month(
        history({"is_short_break": True}), "2024-04-01", "2025-03-31").empty
    assert bed_nights_by_cohort(history(), ["2025-03-31"])["nights"].tolist() == [0]


def test_children_behind_the_nights_of_a_month_are_counted_once_a_month_and_place() -> None:
    episodes = history(
        {"child_id": "a", "decom": "2024-04-29", "dec": "2024-05-02"},  # two nights and one
        {"child_id": "a", "decom": "2024-05-10", "dec": "2024-05-11"},
        {"child_id": "b", "decom": "2024-05-31", "dec": "2024-06-01"},  # none in June
        {"child_id": "c", "decom": "2024-04-30", "dec": "2024-06-02", "provider": "private"},
    )
    got = bed_nights_by_month(episodes, "2024-04-01", "2024-06-30")
    assert got.to_numpy().tolist() == [
        ["fostering_in_house", "2024-04", 2, 1, 0.1], ["fostering_in_house", "2024-05", 3, 2, 0.1],
        ["fostering_in_house", "2024-06", 0, 0, 0.0], ["fostering_ifa", "2024-04", 1, 1, 0.0],
        ["fostering_ifa", "2024-05", 31, 1, 1.0], ["fostering_ifa", "2024-06", 1, 1, 0.0],
    ]


def test_nights_of_two_authorities_stand_one_after_the_other_each_with_its_own_places() -> None:
    episodes = history(
        {"decom": "2025-03-30"}, {"decom": "2025-03-31", "provider": "private"},
        {"decom": "2025-03-31"},
    ).assign(authority=["b", "a", "a"])
    year = bed_nights_by_cohort(episodes, ["2025-03-31"], by=["authority"])
    assert year[["authority", "cohort", "nights", "base_nights"]].to_numpy().tolist() == [
        ["a", "fostering_in_house", 1, 1], ["a", "fostering_ifa", 1, 1], ["a", "total", 2, 2],
        ["b", "fostering_in_house", 2, 1], ["b", "total", 2, 1],
    ]
    month = bed_nights_by_month(episodes, "2025-03-01", "2025-03-31", by=["authority"])
    assert month[["authority", "cohort", "nights", "base_nights"]].to_numpy().tolist() == [
        ["a", "fostering_in_house", 1, 1], ["a", "fostering_ifa", 1, 1],
        ["b", "fostering_in_house", 2, 1],
    ]
    for table in (year, month):
        assert table.index.tolist() == list(range(len(table)))


def test_a_place_in_which_nobody_slept_in_any_of_the_years_has_no_row() -> None:
    later = history({"decom": "2025-04-01", "provider": "private"}, {})
    assert bed_nights(later, ["2025-03-31"])["provider"].tolist() == ["own"]
    assert bed_nights_by_cohort(later, ["2025-03-31"])["cohort"].tolist() == [
        "fostering_in_house", "total"]
    assert bed_nights(later[:1], ["2025-03-31"]).empty
