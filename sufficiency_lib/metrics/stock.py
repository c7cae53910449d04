"""Who is looked after on a day, and the arithmetic that every measure shares."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def on_date(
    episodes: pd.DataFrame, as_at: pd.Timestamp, *, short_breaks: bool = False
) -> pd.DataFrame:
    """The episodes open on a day: started by it, and not ended by it.

    episodes      decom, dec (NaT while open), is_short_break, one row an episode
    as_at         the day
    short_breaks  whether to keep V3 and V4, which no headline counts (DfE)
    returns       the rows open that day, one a child, as the repaired history has no overlaps

    >>> history = pd.DataFrame({"decom": pd.to_datetime(["2024-01-05", "2024-01-05"]),
    ...     "dec": pd.to_datetime(["2024-03-31", None]), "is_short_break": [False, False]})
    >>> len(on_date(history, pd.Timestamp("2024-03-31")))
    1
    """
    day = pd.Timestamp(as_at)
    open_then = (episodes["decom"] <= day) & (episodes["dec"].isna() | (episodes["dec"] > day))
    if not short_breaks:
        open_then &= ~episodes["is_short_break"].astype(bool)
    return episodes[open_then]


def percentage(part: object, whole: object, places: int = 1) -> object:
    """100 × part / whole, rounded half up once, as DfE rounds; NaN for a whole of zero.

    Whole numbers are worked exactly, so that a half goes up and never to the even digit.

    >>> float(percentage(1, 8)), float(percentage(57, 205)), float(percentage(5, 0))
    (12.5, 27.8, nan)
    >>> percentage(pd.Series([1, 3]), pd.Series([800, 800])).tolist()
    [0.1, 0.4]
    """
    if isinstance(part, pd.Series) or isinstance(whole, pd.Series):
        index = part.index if isinstance(part, pd.Series) else whole.index
        return pd.Series(ratio(part, whole, 100, places), index=index)
    return ratio(part, whole, 100, places)


def ratio(part: object, whole: object, per: int, places: int) -> np.ndarray:
    """per × part / whole rounded half up to `places`; NaN where the whole is zero or NaN.

    A negative ratio is rounded half away from zero, as a printed table would.

    >>> ratio([404], [35300], 10_000, 0).tolist()
    [114.0]
    """
    top = np.asarray(part, dtype="float64") * per * 10**places
    bottom = np.asarray(whole, dtype="float64")
    known = np.isfinite(bottom) & (bottom != 0) & np.isfinite(top)
    safe = np.where(known, bottom, 1.0)
    # floor((2a + b) / 2b) is the half-up rounding of a/b, exact while both are whole.
    size = np.floor((2 * np.abs(top) + np.abs(safe)) / (2 * np.abs(safe)))
    # Adding nought turns the -0.0 of a very small fall into 0.0.
    return np.where(known, np.sign(top) * np.sign(safe) * size / 10**places + 0.0, np.nan)


def completed_years(dob: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Age in completed years on a day; NA where the date of birth is not known or is later.

    A child born on 29 February is a year older on 1 March.

    >>> completed_years(pd.to_datetime(pd.Series(["2008-04-01", "2008-03-31", None])),
    ...                 pd.Timestamp("2025-03-31")).tolist()
    [16, 17, <NA>]
    """
    day = pd.Timestamp(day)
    birthday_to_come = (dob.dt.month > day.month) | (
        (dob.dt.month == day.month) & (dob.dt.day > day.day)
    )
    age = (day.year - dob.dt.year - birthday_to_come.astype(int)).astype("Float64").round()
    return age.where(dob.notna() & (dob <= day)).astype("Int64")


def year_start(year_end: pd.Timestamp) -> pd.Timestamp:
    """1 April that opens the year which a 31 March closes.

    >>> year_start(pd.Timestamp("2025-03-31"))
    Timestamp('2024-04-01 00:00:00')
    """
    return pd.Timestamp(year_end) - pd.DateOffset(years=1) + pd.Timedelta(days=1)


def iso(day: pd.Timestamp) -> str:
    """A day as ISO text.

    >>> iso(pd.Timestamp("2025-03-31"))
    '2025-03-31'
    """
    return f"{pd.Timestamp(day):%Y-%m-%d}"


def period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """A flow's period as 'from/to', both days in it.

    >>> period(pd.Timestamp("2024-04-01"), pd.Timestamp("2025-03-31"))
    '2024-04-01/2025-03-31'
    """
    return f"{iso(start)}/{iso(end)}"


def sorted_days(days: Iterable[object]) -> list[pd.Timestamp]:
    """Days as timestamps, each once, in order."""
    return sorted({pd.Timestamp(day) for day in days})
