"""Every way of writing a date that was seen, and what is not one."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.intake.dates import NOTHING, is_month_first, read_dates

DAY = pd.Timestamp(2024, 3, 31)


def _one(value: object, **how: bool) -> tuple[pd.Timestamp, str]:
    row = read_dates(pd.Series([value], dtype=object), **how).iloc[0]
    return row["date"], row["how"]


@pytest.mark.parametrize(
    ("value", "how"),
    [
        ("31/03/2024", ""),
        ("31-03-2024", ""),
        ("31.03.2024", ""),
        ("31 03 2024", ""),
        ("31/3/2024", ""),
        ("  31/03/2024\t", ""),
        ("\xa031/03/2024\xa0", ""),
        ("'31/03/2024", ""),
        ('"31/03/2024"', ""),
        ("31/03/2024 00:00:00", "time_dropped"),
        ("31/03/2024 00:00", "time_dropped"),
        ("31/03/2024 12:00:00 AM", "time_dropped"),
        ("2024-03-31", "iso"),
        ("2024/03/31", "iso"),
        ("2024-03-31T00:00:00", "iso"),
        ("2024-03-31 00:00:00.000", "iso"),
        ("2024-03-31T00:00:00Z", "iso"),
        ("2024-03-31T00:00:00+01:00", "iso"),
        ("31/03/24", "two_digit_year"),
        ("20240331", "compact"),
        ("31-Mar-2024", "named_month"),
        ("31 March 2024", "named_month"),
        ("31st March 2024", "named_month"),
        ("31MAR2024", "named_month"),
        ("31-mar-24", "named_month"),
        ("45382", "excel_serial"),
        ("45382.0", "excel_serial"),
        ("45382.75", "excel_serial"),
    ],
)
def test_a_date_in_every_shape(value: str, how: str) -> None:
    assert _one(value) == (DAY, how)


@pytest.mark.parametrize(("digits", "year"), [("00", 2000), ("24", 2024), ("69", 2069),
                                              ("70", 1970), ("99", 1999)])
def test_the_century_of_a_two_digit_year(digits: str, year: int) -> None:
    assert _one(f"01/02/{digits}")[0] == pd.Timestamp(year, 2, 1)


@pytest.mark.parametrize(
    "value",
    ["31/02/2024", "00/01/2024", "29/02/2023", "2024-02-30", "32/01/2024", "20241301",
     "31-Feb-2024", "01/01/1800", "01/01/2999", "31032024", "13/13/2024"],
)
def test_an_impossible_day(value: str) -> None:
    read, how = _one(value)
    assert read is pd.NaT and how == "impossible"


@pytest.mark.parametrize(
    "value",
    ["soon", "31/03", "03/2024", "U6", "HR1 1AA", "398768", "99999", "10000", "1e5", "=A1",
     "31/03/2024 and later", "2024", "\x00", "9" * 400, "31/03/20240"],
)
def test_what_is_not_a_date(value: str) -> None:
    read, how = _one(value)
    assert read is pd.NaT and how == "not_a_date"


@pytest.mark.parametrize("value", [None, float("nan"), "   ", *sorted(NOTHING), "N/A", "NULL"])
def test_nothing_is_nothing(value: object) -> None:
    read, how = _one(value)
    assert read is pd.NaT and how == ""


def test_a_column_that_can_only_be_month_first_is_read_so_throughout() -> None:
    read = read_dates(pd.Series(["03/31/2024", "04/05/2024"]))
    assert read["date"].tolist() == [DAY, pd.Timestamp(2024, 4, 5)]
    assert read["how"].tolist() == ["month_first", "month_first"]


def test_one_date_that_is_only_day_first_keeps_the_column_day_first() -> None:
    read = read_dates(pd.Series(["03/31/2024", "04/05/2024", "31/03/2024"]))
    assert read["how"].tolist() == ["impossible", "", ""]
    assert read["date"].tolist()[1:] == [pd.Timestamp(2024, 5, 4), DAY]


def test_a_column_may_be_told_how_it_is_written() -> None:
    assert _one("04/05/2024", month_first=True) == (pd.Timestamp(2024, 4, 5), "month_first")
    assert _one("04/05/2024", month_first=False) == (pd.Timestamp(2024, 5, 4), "")


@pytest.mark.parametrize(
    ("values", "said"),
    [(["03/31/2024"], True), (["31/03/2024"], False), (["03/04/2024"], False), ([], False),
     (["2024-03-31", "soon"], False), (["03/31/2024 00:00:00"], True)],
)
def test_month_first_needs_a_date_that_can_only_be_so(values: list[str], said: bool) -> None:
    assert is_month_first(values) is said


def test_no_rows_no_dates() -> None:
    read = read_dates(pd.Series([], dtype=object))
    assert read.empty and read["date"].dtype == "datetime64[s]"


def test_the_index_is_kept() -> None:
    assert read_dates(pd.Series(["", "31/03/2024"], index=[7, 3])).index.tolist() == [7, 3]


WRITTEN = {
    "day first": lambda day: f"{day.day:02d}/{day.month:02d}/{day.year}",
    "day first, short": lambda day: f"{day.day}-{day.month}-{day.year}",
    "iso": lambda day: day.isoformat(),
    "iso with time": lambda day: f"{day.isoformat()}T00:00:00",
    "with time": lambda day: f"{day.day:02d}/{day.month:02d}/{day.year} 00:00:00",
    "compact": lambda day: day.isoformat().replace("-", ""),
    "named": lambda day: f"{day.day} {day.strftime('%B')} {day.year}",
    "named, short": lambda day: f"{day.day:02d}-{day.strftime('%b')}-{day.year}",
    "serial": lambda day: str((day - date(1899, 12, 30)).days),
    "two digits": lambda day: f"{day.day:02d}/{day.month:02d}/{day.year % 100:02d}",
}
DAYS = st.integers(0, 36_000).map(lambda days: date(1970, 1, 1) + timedelta(days=days))


@given(DAYS, st.sampled_from(sorted(WRITTEN)))
def test_a_date_written_in_any_way_is_read_back(day: date, way: str) -> None:
    if way == "two digits":
        day = day.replace(year=1970 + (day.year - 1970) % 100, day=min(day.day, 28))
    assert read_dates(pd.Series([WRITTEN[way](day)]), month_first=False)["date"].iloc[0] == (
        pd.Timestamp(day)
    )


@given(DAYS.filter(lambda day: day.day > 12))
def test_a_month_first_date_is_read_back_when_it_can_only_be_so(day: date) -> None:
    assert _one(f"{day.month:02d}/{day.day:02d}/{day.year}") == (
        pd.Timestamp(day), "month_first"
    )


@given(st.lists(st.text(), max_size=6))
def test_no_text_is_too_much(values: list[str]) -> None:
    read = read_dates(pd.Series(values, dtype=object))
    assert len(read) == len(values)
    assert not (read["date"].notna() & read["how"].isin(["impossible", "not_a_date"])).any()
