"""Which year's return a table belongs to, from what it holds.

A return for the year ending 31 March Y holds every episode open at some time in that year,
so nothing in it starts after 31 March Y or ends before 1 April Y-1.
"""

from __future__ import annotations

import re

import pandas as pd

from sufficiency_lib.codes import return_year_of

_YEAR = re.compile(r"((?:19|20)\d{2})(?:\s*[-/_]\s*(\d{2}|\d{4})|\.0)?", re.ASCII)


def year_end(year: int) -> pd.Timestamp:
    """31 March that closes a return year.

    >>> year_end(2025)
    Timestamp('2025-03-31 00:00:00')
    """
    return pd.Timestamp(year, 3, 31)


def return_year(dates: pd.Series) -> pd.Series:
    """The return year that holds each date; NA for a missing one.

    >>> return_year(pd.to_datetime(pd.Series(["2024-03-31", "2024-04-01"]))).tolist()
    [2024, 2025]
    """
    return return_year_of(dates.dt.year, dates.dt.month).astype("Int64")


#: Fewer episodes than this share fit one return: the file is an extract of many years.
_ONE_YEAR_SHARE = 0.7


def infer_years(decom: pd.Series, dec: pd.Series) -> pd.Series:
    """The return year of each episode of a file that names none.

    returns  one year for all, `infer_year`'s, when most episodes fit it. Otherwise the file
             is an extract of many years: each episode is in the return of the year it ended
             in, and one still open in the latest. NA throughout without a date to go by.

    >>> years = infer_years(pd.to_datetime(pd.Series(["2019-01-05", "2020-05-01", "2023-06-01"])),
    ...                     pd.to_datetime(pd.Series(["2019-09-01", "2022-02-01", None])))
    >>> years.tolist()
    [2020, 2022, 2024]
    """
    year = infer_year(decom, dec)
    if year is None:
        return pd.Series(pd.NA, index=decom.index, dtype="Int64")
    dated = int(decom.notna().sum())
    fitting = int(fits_year(decom, dec, pd.Series(year, index=decom.index)).sum())
    if fitting >= _ONE_YEAR_SHARE * dated:
        return pd.Series(year, index=decom.index, dtype="Int64")
    ended = return_year(dec)
    latest = max(int(seen.max()) for seen in (ended, return_year(decom)) if seen.notna().any())
    return ended.fillna(latest)


def infer_year(decom: pd.Series, dec: pd.Series) -> int | None:
    """The year whose return these episodes fit best; None when there is no date to go by.

    A year is scored by the episodes that could stand in its return: started by its 31 March,
    not ended before its 1 April, not ended after its 31 March. Of equal years the earliest
    is taken: nothing in the rows speaks for a later one.

    >>> infer_year(pd.to_datetime(pd.Series(["2020-01-05", "2023-06-01"])),
    ...            pd.to_datetime(pd.Series([None, "2024-02-01"])))
    2024
    """
    seen = pd.concat([return_year(decom), return_year(dec)]).dropna()
    if seen.empty:
        return None

    def fits(year: int) -> int:
        return int(fits_year(decom, dec, pd.Series(year, index=decom.index)).sum())

    candidates = range(int(seen.min()), int(seen.max()) + 1)
    return max(candidates, key=lambda year: (fits(year), -year))


def fits_year(decom: pd.Series, dec: pd.Series, year: pd.Series) -> pd.Series:
    """Whether each episode could stand in the return of the year beside it.

    An episode without a readable start fits none.

    >>> fits_year(pd.to_datetime(pd.Series(["2023-06-01", "2024-04-01"])),
    ...           pd.to_datetime(pd.Series([None, None])), pd.Series([2024, 2024])).tolist()
    [True, False]
    """
    opens, closes = year_ends(year - 1), year_ends(year)
    ended_outside = dec.notna() & ((dec <= opens) | (dec > closes))
    return decom.notna() & (decom <= closes) & ~ended_outside


def year_ends(years: pd.Series) -> pd.Series:
    """31 March that closes each return year; NaT for a missing one.

    >>> year_ends(pd.Series([2025]))[0]
    Timestamp('2025-03-31 00:00:00')
    """
    return years.map({year: year_end(int(year)) for year in years.dropna().unique()}).astype(
        "datetime64[s]"
    )


def named_by_start(decom: pd.Series, dec: pd.Series, year: pd.Series) -> bool:
    """Whether years are named by the calendar year in which they begin, not end.

    They are when more episodes fit the return of the year after the one named.
    """
    return bool(fits_year(decom, dec, year + 1).sum() > fits_year(decom, dec, year).sum())


def read_year(text: str) -> int | None:
    """The return year named by a YEAR column's value: '2024', '2023-24' or '2023/2024'.

    returns  None for anything else, and for a pair of years that do not follow one another

    >>> read_year("2024"), read_year("2023-24"), read_year("2023/2024"), read_year("2023-25")
    (2024, 2024, 2024, None)
    """
    match = _YEAR.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match[1])
    if match[2] is None:
        return year
    return year + 1 if str(year + 1).endswith(match[2]) else None


def match_by_children(
    children: set[str], by_year: dict[int, set[str]], *, whole: bool = False
) -> int | None:
    """The year whose children are most like those of a table that has no dates.

    whole    True for a table that lists every child of its year (the header): the year with
             the largest share of all children in common. Otherwise first the share of the
             table's own children that the year has. Of equal years the latest.
    returns  None without any child in common

    >>> match_by_children({"a", "b"}, {2023: {"a"}, 2024: {"a", "b", "c"}})
    2024
    """

    def likeness(year: int) -> tuple[float, float, int]:
        shared = len(children & by_year[year])
        of_all = shared / (len(children | by_year[year]) or 1)
        return (of_all if whole else shared / (len(children) or 1), of_all, year)

    best = max(by_year, key=likeness, default=None)
    return best if best is not None and likeness(best)[0] > 0 else None
