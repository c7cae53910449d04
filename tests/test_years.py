"""Which return year a table is of."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency_lib.intake.years import (
    fits_year,
    infer_year,
    match_by_children,
    named_by_start,
    read_year,
    return_year,
    year_end,
    year_ends,
)


def _dates(*days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days), format="%Y-%m-%d")).astype("datetime64[s]")


def _infer(*episodes: tuple[str | None, str | None]) -> int | None:
    decom, dec = zip(*episodes, strict=True) if episodes else ((), ())
    return infer_year(_dates(*decom), _dates(*dec))


def test_the_year_that_holds_a_day() -> None:
    days = _dates("2024-03-31", "2024-04-01", None)
    assert return_year(days).tolist() == [2024, 2025, pd.NA]
    assert year_end(2024) == pd.Timestamp(2024, 3, 31)
    ends = year_ends(pd.Series([2024, None], dtype="Int64"))
    assert ends.tolist() == [pd.Timestamp(2024, 3, 31), pd.NaT]


@pytest.mark.parametrize(
    ("episodes", "year"),
    [
        ([("2023-06-01", None)], 2024),
        ([("2023-06-01", "2024-02-01")], 2024),
        # Nothing began in the year, but something ended in it.
        ([("2019-05-01", None), ("2019-06-01", "2023-07-01")], 2024),
        # Nothing ended in the year, but something began in it.
        ([("2019-05-01", None), ("2023-06-01", None)], 2024),
        # One date in the far future, one in the past: the many decide.
        ([("2042-05-01", None), ("2023-06-01", None), ("2023-07-01", "2024-01-01")], 2024),
        ([("2019-05-01", "2018-01-01"), ("2023-06-01", None), ("2023-07-01", "2024-01-01")], 2024),
        # An end on 31 March is of the year that it closes.
        ([("2020-01-01", "2023-03-31"), ("2020-01-01", None), ("2022-04-01", None)], 2023),
        ([("2020-01-01", "2023-04-01"), ("2020-01-01", None)], 2024),
        ([(None, None)], None),
        ([], None),
        ([(None, "2023-06-01")], 2024),
    ],
)
def test_the_year_is_that_whose_return_could_hold_the_most(
    episodes: list[tuple[str | None, str | None]], year: int | None
) -> None:
    assert _infer(*episodes) == year


def test_only_open_episodes_are_of_the_year_in_which_the_last_began() -> None:
    # Nothing in these rows speaks for a later year, however late the return may be.
    assert _infer(("2015-05-01", None), ("2021-06-30", None)) == 2022


def test_what_a_return_could_hold() -> None:
    decom = _dates("2023-04-01", "2024-03-31", "2024-04-01", "2020-01-01", "2020-01-01", None)
    dec = _dates(None, None, None, "2023-03-31", "2024-04-01", None)
    fits = fits_year(decom, dec, pd.Series([2024] * 6))
    assert fits.tolist() == [True, True, False, False, False, False]


def test_a_year_may_be_named_by_its_start() -> None:
    decom, dec = _dates("2020-01-01", "2023-06-01"), _dates("2023-09-01", None)
    assert named_by_start(decom, dec, pd.Series([2023, 2023], dtype="Int64"))
    assert not named_by_start(decom, dec, pd.Series([2024, 2024], dtype="Int64"))
    assert not named_by_start(decom[:0], dec[:0], pd.Series([], dtype="Int64"))


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024", 2024), (" 2024 ", 2024), ("2024.0", 2024), ("2023-24", 2024), ("2023/24", 2024),
     ("2023/2024", 2024), ("2023_24", 2024), ("2023 - 24", 2024), ("1999-00", 2000),
     ("24", None), ("soon", None), ("", None), ("20245", None), ("2024-03-31", None),
     # Years that do not follow one another, and such as no calendar has.
     ("2023-25", None), ("2023-2025", None), ("2023-23", None), ("9999-00", None),
     ("0000-01", None), ("\u0662\u0660\u0662\u0664", None)],
)
def test_a_year_as_it_is_written(text: str, year: int | None) -> None:
    assert read_year(text) == year


def test_the_likest_children_decide() -> None:
    by_year = {2022: {"a", "b"}, 2023: {"b", "c", "d"}, 2024: {"c", "d", "e", "f"}}
    assert match_by_children({"a", "b"}, by_year) == 2022
    assert match_by_children({"c", "d"}, by_year) == 2023
    assert match_by_children({"f"}, by_year) == 2024
    assert match_by_children({"b", "c", "d", "e"}, by_year, whole=True) == 2023
    assert match_by_children({"z"}, by_year) is None
    assert match_by_children(set(), by_year) is None
    assert match_by_children({"a"}, {}) is None


def test_of_years_as_like_the_latest_is_taken() -> None:
    assert match_by_children({"a"}, {2022: {"a"}, 2023: {"a"}}) == 2023
