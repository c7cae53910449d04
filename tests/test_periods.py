"""Periods of care out of episodes: the first row, the last, the latest end, and whose they are."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, quickly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.cleaning.periods import care_periods, once_a_child

COLUMNS = ["care_period_id", "child_id", "decom", "dec", "rne", "rec", "need_code"]


def episodes_of(*rows: tuple, short: tuple[bool, ...] | None = None) -> pd.DataFrame:
    """Rows of COLUMNS, none of a short break unless said."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("decom", "dec"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    frame["care_period_id"] = frame["care_period_id"].astype("int64")
    text = ["child_id", "rne", "rec", "need_code"]
    frame[text] = frame[text].astype(object).where(frame[text].notna(), None)
    return frame.assign(dob=pd.Timestamp(2012, 3, 4),
                        is_short_break=list(short or [False] * len(rows)))


def said(periods: pd.DataFrame, *columns: str) -> list[list[object]]:
    """The columns' values, dates as ISO text and what is missing as None."""
    shown = periods[list(columns)].astype(object)
    return [
        [None if pd.isna(value) else f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp)
         else value for value in row]
        for row in shown.itertuples(index=False)
    ]


@pytest.mark.parametrize("storage", STORAGES)
def test_a_period_is_from_its_first_episode_to_its_last(storage: str) -> None:
    """Rows come in any order; what is said of a period is of its first day, or of its last."""
    read = stored_as(episodes_of(
        (2, "b", "2024-02-01", None, "S", None, "N8"),
        (1, "a", "2023-06-01", "2023-09-01", "P", "E4A", "N2"),
        (1, "a", "2023-04-01", "2023-05-01", "S", "X1", None),
        (1, "a", "2023-05-01", "2023-06-01", "L", "X1", "N1"),
    ), storage)
    before = read.copy(deep=True)
    got = care_periods(read)
    names = ("care_period_id", "child_id", "start", "end", "rne", "rec", "need_code")
    assert said(got, *names) == [
        [1, "a", "2023-04-01", "2023-09-01", "S", "E4A", "N1"],  # the first need recorded
        [2, "b", "2024-02-01", None, "S", None, "N8"],
    ]
    assert got["dob"].tolist() == [pd.Timestamp(2012, 3, 4)] * 2
    pd.testing.assert_frame_equal(read, before)


def test_a_period_is_open_while_any_of_its_episodes_is_and_ends_with_the_latest() -> None:
    got = care_periods(episodes_of(
        (1, "a", "2023-04-01", None, "S", None, "N1"),
        (1, "a", "2023-05-01", "2023-06-01", "P", "X1", "N1"),
        (2, "b", "2023-04-01", "2023-12-01", "S", "X1", "N1"),
        (2, "b", "2023-05-01", "2023-06-01", "P", "E8", "N1"),
    ))
    assert said(got, "end", "rec") == [[None, "X1"], ["2023-12-01", "E8"]]


def test_of_two_episodes_of_one_day_the_one_that_ends_first_is_first_and_an_open_one_last() -> None:
    got = care_periods(episodes_of(
        (1, "a", "2023-04-01", None, "P", None, None),
        (1, "a", "2023-04-01", "2023-04-02", "S", "X1", "N1"),
        (2, "b", "2023-04-01", "2023-04-03", "P", "E8", "N4"),
        (2, "b", "2023-04-01", "2023-04-02", "S", "X1", "N3"),
    ))
    assert said(got, "rne", "rec", "need_code") == [["S", None, "N1"], ["S", "E8", "N3"]]


def test_an_open_episode_comes_before_one_that_begins_the_day_after() -> None:
    got = care_periods(episodes_of(
        (1, "a", "2023-04-02", "2023-04-09", "P", "X1", "N2"),
        (1, "a", "2023-04-01", None, "S", None, "N1"),
    ))
    assert said(got, "start", "rne", "need_code", "rec") == [["2023-04-01", "S", "N1", "X1"]]


def test_rows_alike_in_every_day_stay_as_they_come() -> None:
    """A hundred in a period, as a sort of few rows keeps their order whatever it promises."""
    rows = [(at % 3, f"c{at % 3}", "2023-04-01", "2023-04-02", f"R{at}", f"E{at}", f"N{at}")
            for at in range(300)]
    got = care_periods(episodes_of(*rows))
    assert said(got, "rne", "rec", "need_code") == [
        ["R0", "E297", "N0"], ["R1", "E298", "N1"], ["R2", "E299", "N2"]]


def test_an_authority_without_periods_takes_no_need_from_the_next() -> None:
    """Where authorities are held as categories, one of them may have no rows."""
    read = episodes_of(
        (1, "a", "2023-04-01", "2023-05-01", "S", "E4A", "N1"),
        (1, "z", "2022-04-01", "2022-05-01", "S", "E8", "N2"),
    ).assign(authority=pd.Categorical(["y", "x"], categories=["w", "x", "y"]))
    got = care_periods(read, by=["authority"])
    assert said(got, "authority", "child_id", "need_code") == [["x", "z", "N2"], ["y", "a", "N1"]]


def test_a_series_of_short_breaks_is_no_period() -> None:
    got = care_periods(episodes_of(
        (1, "a", "2023-04-01", "2023-05-01", "S", "E4A", "N1"),
        (2, "a", "2023-06-01", "2023-06-03", "S", "E4A", "N2"),
        short=(False, True),
    ))
    assert got["care_period_id"].tolist() == [1]
    assert care_periods(episodes_of()).empty


def test_two_authorities_number_their_periods_alike_and_each_keeps_its_own() -> None:
    read = episodes_of(
        (1, "a", "2023-04-01", "2023-05-01", "S", "E4A", None),
        (1, "z", "2022-04-01", "2022-05-01", "S", "E8", "N2"),
        (1, "z", "2022-05-01", "2022-07-01", "P", "E3", "N3"),
        (1, "?", "2022-05-01", "2022-07-01", "P", "E3", "N3"),
    ).assign(authority=["y", "x", "x", None])
    got = care_periods(read, by=["authority"])
    # The row of no authority is in no history. The first row's need stays its own: none.
    assert said(got, "authority", "child_id", "start", "end", "rec", "need_code") == [
        ["x", "z", "2022-04-01", "2022-07-01", "E3", "N2"],
        ["y", "a", "2023-04-01", "2023-05-01", "E4A", None],
    ]
    assert got.index.tolist() == [0, 1]


def test_columns_that_the_history_does_not_have_are_not_made_up() -> None:
    read = episodes_of((1, "a", "2023-04-01", "2023-05-01", "S", "E4A", "N1"))
    got = care_periods(read[["care_period_id", "child_id", "decom", "dec", "is_short_break"]])
    assert got.columns.tolist() == ["care_period_id", "start", "end", "child_id"]


_DAY = st.integers(0, 60)
_EPISODE = st.tuples(st.integers(1, 4), _DAY, st.none() | st.integers(0, 30),
                     st.sampled_from(["N1", "N2", None]))


@given(st.lists(_EPISODE, min_size=1, max_size=12))
@quickly
def test_periods_by_looping_over_episodes(rows) -> None:
    origin = pd.Timestamp(2024, 2, 1)
    day = [origin + pd.Timedelta(days=days) for days in range(100)]
    dated = [(number, day[start], None if length is None else day[start + length], need)
             for number, start, length, need in rows]
    got = care_periods(episodes_of(*(
        (number, f"c{number}", decom, dec, "S", "X1", need) for number, decom, dec, need in dated
    )))
    assert got["care_period_id"].tolist() == sorted({number for number, *_ in dated})
    for number, start, end, need in zip(
        got["care_period_id"], got["start"], got["end"], got["need_code"], strict=True
    ):
        mine = [row[1:] for row in dated if row[0] == number]
        mine.sort(key=lambda row: (row[0], row[1] is None, row[1] or origin))
        assert start == mine[0][0]
        ends = [dec for _, dec, _ in mine]
        assert pd.isna(end) if None in ends else end == max(ends)
        needs = [code for *_, code in mine if code is not None]
        assert pd.isna(need) if not needs else need == needs[0]


# --- one a child and year -------------------------------------------------------------------

YEARS = {
    "2024": (pd.Timestamp(2023, 4, 1), pd.Timestamp(2024, 3, 31)),
    "2025": (pd.Timestamp(2024, 4, 1), pd.Timestamp(2025, 3, 31)),
}


def periods_of(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["child_id", "start", "end"])
    return frame.assign(start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"]))


def test_a_child_counts_once_in_a_year_and_again_in_the_next() -> None:
    periods = periods_of(
        ("a", "2024-06-01", None), ("a", "2023-04-01", "2023-05-01"),
        ("a", "2023-09-01", "2024-02-01"), ("b", "2024-03-31", None),
        ("b", "2023-03-31", "2023-04-02"), ("c", "2025-04-01", None),
    )
    first = once_a_child(periods, "start", YEARS, keep="first")
    assert said(first, "year_ending", "child_id", "start") == [
        ["2024", "a", "2023-04-01"], ["2024", "b", "2024-03-31"], ["2025", "a", "2024-06-01"],
    ]
    last = once_a_child(periods, "start", YEARS, keep="last")
    assert said(last, "year_ending", "child_id", "start") == [
        ["2024", "a", "2023-09-01"], ["2024", "b", "2024-03-31"], ["2025", "a", "2024-06-01"],
    ]
    assert first.index.tolist() == [0, 1, 2]


def test_of_two_periods_that_end_on_one_day_the_later_start_is_the_last() -> None:
    periods = periods_of(
        ("a", "2024-05-02", "2024-05-02"), ("a", "2023-01-01", "2024-05-02"), ("a", "2024-06-01",
                                                                              None))
    last = once_a_child(periods, "end", YEARS, keep="last")
    assert said(last, "year_ending", "start") == [["2025", "2024-05-02"]]


def test_one_number_in_two_authorities_is_two_children() -> None:
    periods = periods_of(("a", "2024-05-01", None), ("a", "2024-05-02", None)).assign(
        authority=["x", "y"])
    got = once_a_child(periods, "start", YEARS, keep="last", by=["authority"])
    assert got["authority"].tolist() == ["x", "y"]


def test_no_years_no_rows_but_their_columns() -> None:
    got = once_a_child(periods_of(("a", "2024-05-01", None)), "start", {}, keep="last")
    assert got.empty and got.columns.tolist() == ["child_id", "start", "end", "year_ending"]
