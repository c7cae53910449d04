"""Dates as councils write them: dd/mm/yyyy, ISO, two-digit years, times of midnight, serials.

Reading is by value, and by column where a value alone cannot say (day first or month
first). Whatever had to be assumed comes back beside the date, so that it can be logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

#: What a reader types when there is no date.
NOTHING = frozenset({"", "-", "--", ".", "na", "n/a", "n/k", "nk", "nan", "nat", "none", "null",
                     "not known", "unknown", "00/00/0000", "0000-00-00", "#n/a"})

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NUMERIC = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NAMED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[/.\- ]?([a-z]{3})[a-z]*[/.\- ,]*(\d{4}|\d{2})$")
_TIME = re.compile(r"[t ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|z)?([+-]\d{2}:?\d{2})?$")
_SERIAL = re.compile(r"^(\d{5})(\.\d+)?$")
_SERIAL_ORIGIN = pd.Timestamp(1899, 12, 30)

#: Two-digit years below this are 20xx. Nobody in a return was born before 1970.
_PIVOT = 70
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2100


def read_dates(text: pd.Series, *, month_first: bool | None = None) -> pd.DataFrame:
    """Dates in a column of text.

    text         any index; values are text or missing
    month_first  whether 03/04 is March; None: decided from this column (see `is_month_first`)
    returns      the same index; `date` (datetime64, NaT where there is none) and `how`: blank
                 for dd/mm/yyyy and for nothing written; else iso, time_dropped,
                 two_digit_year, month_first, named_month, compact, excel_serial (read, with
                 an assumption); impossible (the shape of a date, but no such day) or
                 not_a_date

    >>> read_dates(pd.Series(["31/03/2024", "2024-03-31", "31/02/2024", "soon", ""])).how.tolist()
    ['', 'iso', 'impossible', 'not_a_date', '']
    """
    values = text.fillna("").astype(str)
    distinct = values.unique()
    if month_first is None:
        month_first = is_month_first(distinct)
    read = {value: _read_one(value, month_first) for value in distinct}
    dates = pd.to_datetime(values.map({value: pair[0] for value, pair in read.items()}))
    return pd.DataFrame(
        {
            "date": dates.astype("datetime64[s]"),
            "how": values.map({value: pair[1] for value, pair in read.items()}).astype(object),
        },
        index=text.index,
    )


def is_month_first(values: Iterable[str]) -> bool:
    """Whether dates are written month first: some can only be so, and none only day first.

    >>> is_month_first(["03/04/2024", "03/13/2024"]), is_month_first(["03/04/2024"])
    (True, False)
    """
    only_day_first = only_month_first = False
    for value in values:
        match = _NUMERIC.match(_bare(value)[0])
        if match:
            first, second = int(match[1]), int(match[2])
            only_day_first |= first > 12 >= second
            only_month_first |= second > 12 >= first
    return only_month_first and not only_day_first


def _bare(value: str) -> tuple[str, bool]:
    """The text without spaces at its ends and without a time, and whether one was dropped."""
    text = " ".join(value.strip().strip("'\"").lower().split())
    bare = _TIME.sub("", text)
    return bare, bare != text


def _read_one(value: str, month_first: bool) -> tuple[pd.Timestamp, str]:
    text, had_time = _bare(value)
    if text in NOTHING:
        return pd.NaT, ""
    parts, how = _parts_of(text, month_first)
    if parts is None:
        return pd.NaT, "not_a_date"
    if how == "excel_serial":
        date = _SERIAL_ORIGIN + pd.Timedelta(days=parts[0])
        in_range = _EARLIEST_YEAR <= date.year <= _LATEST_YEAR
        return (date, how) if in_range else (pd.NaT, "not_a_date")
    year, month, day = parts
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return pd.NaT, "impossible"
    try:
        date = pd.Timestamp(year, month, day)
    except ValueError:
        return pd.NaT, "impossible"
    return date, how or ("time_dropped" if had_time else "")


def _parts_of(text: str, month_first: bool) -> tuple[tuple[int, ...] | None, str]:
    """(year, month, day) and how they were read; None when the text has no shape of a date."""
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[2]), match[3]
        day, month = (second, first) if month_first else (first, second)
        short = len(year) == 2
        how = "two_digit_year" if short else "month_first" if month_first else ""
        return (_full_year(year), month, day), how
    if match := _ISO.match(text):
        return (int(match[1]), int(match[2]), int(match[3])), "iso"
    if match := _COMPACT.match(text):
        return (int(match[1]), int(match[2]), int(match[3])), "compact"
    if (match := _NAMED.match(text)) and match[2] in _MONTHS:
        return (_full_year(match[3]), _MONTHS[match[2]], int(match[1])), "named_month"
    if match := _SERIAL.match(text):
        return (int(match[1]),), "excel_serial"
    return None, ""


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year < _PIVOT else 1900 + year
