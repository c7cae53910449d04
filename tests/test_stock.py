"""Who is looked after on a day, and rounding half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from histories import STORAGES, history, quickly
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.metrics.stock import (
    completed_years,
    in_years,
    on_date,
    percentage,
    period,
    placed_between,
    placed_in_years,
    ratio,
    sorted_days,
    stock_on_days,
    uasc_on,
    year_start,
    years_of,
)

DAY = pd.Timestamp("2025-03-31")


def half_up(part: int, whole: int, places: int) -> float:
    """The second method: exact fractions and the decimal module's own half up."""
    exact = Fraction(100 * part, whole)
    scaled = exact * 10**places
    sign, size = (-1 if scaled < 0 else 1), abs(scaled)
    whole_part, rest = divmod(size.numerator, size.denominator)
    up = Fraction(rest, size.denominator) >= Fraction(1, 2)
    return float(Decimal(sign * (whole_part + up)) / Decimal(10) ** places)


@pytest.mark.parametrize(
    ("decom", "dec", "counted"),
    [
        ("2025-03-31", None, True),  # starts that day
        ("2025-04-01", None, False),  # starts the day after
        ("2024-01-01", "2025-03-31", False),  # ends that day: not slept there that night
        ("2024-01-01", "2025-04-01", True),  # ends the day after
        ("2025-03-31", "2025-03-31", False),  # starts and ends that day
        ("2025-03-31", "2025-04-01", True),
        ("2024-01-01", "2024-06-01", False),
    ],
)
def test_the_day_an_episode_starts_counts_and_the_day_it_ends_does_not(
    decom: str, dec: str | None, counted: bool
) -> None:
    assert len(on_date(history({"decom": decom, "dec": dec}), DAY)) == int(counted)


def test_a_child_who_moves_on_the_day_is_in_the_new_placement_only() -> None:
    moved = history(
        {"child_id": "a", "dec": "2025-03-31"},
        {"child_id": "a", "decom": "2025-03-31", "placement_group": "secure"},
    )
    assert on_date(moved, DAY)["placement_group"].tolist() == ["secure"]


@pytest.mark.parametrize("storage", STORAGES)
def test_short_breaks_are_left_out_unless_asked_for(storage: str) -> None:
    mixed = history({}, {"is_short_break": True}, storage=storage)
    assert len(on_date(mixed, DAY)) == 1
    assert len(on_date(mixed, DAY, short_breaks=True)) == 2


def test_what_is_not_asked_for_changes_nothing_of_what_is() -> None:
    """Without a distance among the columns none is worked out; the others are the same."""
    rows = history({}, {"dec": "2025-01-01"}).assign(
        ever_uasc=True, uasc_until=pd.NaT, distance_miles=30.0, distance_band="gt_20")
    whole = on_date(rows, DAY)
    assert whole["distance_miles"].isna().all()
    for columns in (["placement_group"], ["placement_group", "distance_band"], ["distance_miles"]):
        pd.testing.assert_frame_equal(on_date(rows, DAY, columns=columns), whole[columns])


def test_a_nullable_short_break_flag_serves_too() -> None:
    mixed = history({}, {"is_short_break": True}).astype({"is_short_break": "boolean"})
    assert len(on_date(mixed, DAY)) == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.none() | st.integers(0, 40), st.booleans()),
        min_size=1, max_size=12,
    ),
    st.integers(0, 40),
)
@quickly
def test_stock_by_looping_over_episodes(
    stays: list[tuple[int, int | None, bool]], offset: int
) -> None:
    origin = pd.Timestamp("2024-02-15")
    rows = [
        {
            "decom": origin + pd.Timedelta(days=start),
            "dec": None if length is None else origin + pd.Timedelta(days=start + length),
            "is_short_break": short,
        }
        for start, length, short in stays
    ]
    day = origin + pd.Timedelta(days=offset)
    expected = sum(
        1
        for start, length, short in stays
        if not short and start <= offset and (length is None or offset < start + length)
    )
    assert len(on_date(history(*rows), day)) == expected


@pytest.mark.parametrize(
    ("part", "whole", "places", "expected"),
    [
        (1, 8, 1, 12.5),
        (1, 2000, 1, 0.1),  # 0.05
        (1, 2001, 1, 0.0),
        (1, 40, 0, 3.0),  # 2.5, which numpy rounds to 2
        (1, 8, 0, 13.0),  # 12.5
        (1, 16, 1, 6.3),  # 6.25
        (-1, 16, 1, -6.3),  # half away from zero
        (-1, 40, 0, -3.0),
        (57, 205, 1, 27.8),
        (-15, 209, 1, -7.2),
        (2, 3, 1, 66.7),
        (0, 7, 1, 0.0),
        (7, 7, 1, 100.0),
        (404, 275, 0, 147.0),
        (1, 1, 1, 100.0),  # of one child: all or nothing
        (0, 1, 1, 0.0),
        (3, -1, 0, -300.0),
    ],
)
def test_percentages_are_rounded_half_up(
    part: int, whole: int, places: int, expected: float
) -> None:
    assert float(percentage(part, whole, places)) == expected


@given(st.integers(-100_000, 100_000), st.integers(1, 100_000), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_rounding_agrees_with_exact_fractions(part: int, whole: int, places: int) -> None:
    assert float(percentage(part, whole, places)) == half_up(part, whole, places)


def test_half_up_as_the_decimal_module_does_it() -> None:
    ours = [float(percentage(n, 1000, 0)) for n in range(0, 1001)]
    theirs = [float((Decimal(n) / 10).quantize(Decimal(1), ROUND_HALF_UP)) for n in range(1001)]
    assert ours == theirs


def test_nothing_to_divide_by_is_unknown_and_never_nought() -> None:
    got = percentage(pd.Series([0, 3, 1, 1]), pd.Series([0.0, 0.0, np.nan, 2.0]))
    assert got.isna().tolist() == [True, True, True, False]
    assert np.isnan(ratio(5, 0, 10_000, 0))
    assert np.isnan(percentage(float("nan"), 4))


def test_a_very_small_fall_is_nought_without_a_sign() -> None:
    assert str(float(percentage(-1, 3000))) == "0.0"


def test_the_index_of_the_part_is_kept() -> None:
    got = percentage(pd.Series([1, 2], index=["x", "y"]), 4)
    assert got.to_dict() == {"x": 25.0, "y": 50.0}
    assert percentage(1, pd.Series([4], index=["z"])).to_dict() == {"z": 25.0}


def test_nullable_numbers_serve_too() -> None:
    got = percentage(pd.Series([1, None], dtype="Int64"), pd.Series([8, 8], dtype="Int64"))
    assert got.iloc[0] == 12.5
    assert pd.isna(got.iloc[1])


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-04-01", "2025-03-31", 16),  # 17 tomorrow
        ("2008-03-31", "2025-03-31", 17),  # 17 today
        ("2008-02-29", "2025-02-28", 16),
        ("2008-02-29", "2025-03-01", 17),
        ("2008-02-29", "2024-02-29", 16),
        ("2025-03-31", "2025-03-31", 0),
        ("2025-04-01", "2025-03-31", None),
        (None, "2025-03-31", None),
    ],
)
def test_completed_years(born: str | None, day: str, age: int | None) -> None:
    got = completed_years(pd.to_datetime(pd.Series([born])), pd.Timestamp(day)).iloc[0]
    assert (None if pd.isna(got) else int(got)) == age


def test_a_year_opens_on_1_april_leap_or_not() -> None:
    assert year_start(pd.Timestamp("2024-03-31")) == pd.Timestamp("2023-04-01")
    assert year_start(pd.Timestamp("2025-03-31")) == pd.Timestamp("2024-04-01")
    assert period("2023-04-01", "2024-03-31") == "2023-04-01/2024-03-31"


def test_days_come_once_and_in_order() -> None:
    days = sorted_days(["2025-03-31", pd.Timestamp("2024-03-31").date(), "2025-03-31"])
    assert days == [pd.Timestamp("2024-03-31"), pd.Timestamp("2025-03-31")]


# --- UASC and their distances -------------------------------------------------------------------


def _once_uasc(until: str | None, decom: str = "2019-01-01") -> pd.DataFrame:
    frame = history({"decom": decom, "distance_miles": 12.0})
    return frame.assign(ever_uasc=True, uasc_until=pd.to_datetime([until]))


@pytest.mark.parametrize(
    ("until", "day", "counts"),
    [
        (None, "2023-05-01", False),
        ("2030-01-01", "2023-05-01", False),
        ("2021-05-02", "2023-05-01", False),
        ("2021-05-01", "2023-05-01", True),
        ("2020-02-29", "2022-02-27", False),
        ("2020-02-29", "2022-02-28", True),
    ],
)
def test_a_distance_counts_again_two_years_after_uasc_by_the_table_s_day(
    until: str | None, day: str, counts: bool
) -> None:
    before = _once_uasc(until)
    (row,) = on_date(before, day).to_dict("records")
    assert pd.notna(row["distance_miles"]) == counts
    assert row["distance_band"] == ("le_20" if counts else "not_known")
    assert before["distance_miles"].tolist() == [12.0]


def test_a_placement_s_distance_goes_by_the_day_it_began() -> None:
    made = placed_between(_once_uasc("2022-06-01", "2024-05-31"), "2024-04-01", "2025-03-31")
    assert made["distance_miles"].isna().all()
    made = placed_between(_once_uasc("2022-06-01", "2024-06-01"), "2024-04-01", "2025-03-31")
    assert made["distance_miles"].tolist() == [12.0]


def test_who_is_uasc_on_a_day() -> None:
    rows = pd.DataFrame({
        "ever_uasc": [True, True, True, False, None],
        "uasc_until": pd.to_datetime([None, "2025-03-31", "2025-04-01", None, None]),
    })
    day = pd.Timestamp("2025-03-31")
    assert uasc_on(rows, day).tolist() == [True, False, True, False, False]
    assert uasc_on(rows, day, memory_years=2).tolist() == [True, True, True, False, False]


# --- placements made ------------------------------------------------------------------------------


def test_placements_made_are_stays_with_a_new_carer_in_the_period() -> None:
    frame = history(
        {"rne": "S", "decom": "2024-04-01"}, {"rne": "P", "decom": "2025-03-31"},
        {"rne": "B", "decom": "2024-12-01"}, {"rne": "T", "decom": "2024-12-01"},
        {"rne": "U", "decom": "2024-12-01"}, {"rne": "L", "decom": "2024-12-01"},
        {"rne": "S", "decom": "2024-03-31"}, {"rne": "S", "decom": "2025-04-01"},
        {"rne": "S", "decom": "2024-12-01", "is_short_break": True},
    )
    assert placed_between(frame, "2024-04-01", "2025-03-31").index.tolist() == [0, 1, 2]


def test_placements_made_in_years_are_those_of_each_year_in_order() -> None:
    frame = history(
        {"rne": "P", "decom": "2025-03-31"}, {"rne": "S", "decom": "2023-04-01"},
        {"rne": "T", "decom": "2024-06-01"}, {"rne": "B", "decom": "2022-06-01"},
        {"rne": "S", "decom": "2024-03-31"}, {"rne": "S", "decom": "2025-04-01"},
    )
    made, ends = placed_in_years(frame, ["2025-03-31", "2024-03-31", "2025-03-31"])
    assert ends == ["2024-03-31", "2025-03-31"]
    assert made["year_ending"].tolist() == ["2024-03-31", "2024-03-31", "2025-03-31"]
    each = [placed_between(frame, f"{y - 1}-04-01", f"{y}-03-31") for y in (2024, 2025)]
    pd.testing.assert_frame_equal(
        made.drop(columns="year_ending"), pd.concat(each, ignore_index=True))


def test_no_years_have_no_placements_but_their_columns() -> None:
    made, ends = placed_in_years(history({}), [])
    assert ends == [] and made.empty
    assert {"year_ending", "decom", "child_id"} <= set(made)


# --- only the columns that are needed -------------------------------------------------------------


def test_only_the_columns_asked_for_come_back_with_distances_as_ever() -> None:
    once = _once_uasc("2024-06-01", "2024-05-01")
    asked = ("distance_band", "child_id", "distance_band", "not_a_column", None)
    for rows in (on_date(once, DAY, columns=asked),
                 placed_between(once, "2024-04-01", DAY, columns=asked)):
        assert rows.to_dict("list") == {"child_id": once["child_id"].tolist(),
                                        "distance_band": ["not_known"]}
    made, _ = placed_in_years(once, [DAY], columns=asked)
    assert set(made) == {"child_id", "decom", "distance_band", "year_ending"}


def test_the_stock_of_several_days_is_numbered_through_and_of_no_day_has_only_its_columns() -> None:
    rows = history({}, {"decom": "2023-04-01"})
    got = stock_on_days(rows, [DAY, "2024-03-31"], ["child_id"])
    assert got.to_dict("list") == {
        "child_id": ["c1", "c0", "c1"], "as_at": ["2024-03-31", "2025-03-31", "2025-03-31"]}
    assert got.index.tolist() == [0, 1, 2]
    none = stock_on_days(rows, [], ["child_id"])
    assert none.empty and none.columns.tolist() == ["child_id", "as_at"]


def test_rows_are_in_the_years_their_date_falls_in_and_in_none_of_no_years() -> None:
    rows = history({"dec": "2024-04-01"}, {"dec": "2024-03-31"}, {"dec": None})
    got = in_years(rows, "dec", years_of(["2025-03-31", "2024-03-31"]))
    assert got[["child_id", "year_ending"]].to_numpy().tolist() == [
        ["c1", "2024-03-31"], ["c0", "2025-03-31"]]
    assert got.index.tolist() == [0, 1]
    none = in_years(rows, "dec", {})
    assert none.empty and none.columns.tolist() == got.columns.tolist()
