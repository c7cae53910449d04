"""Who is looked after on a day or placed in a period, and the arithmetic measures share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

#: The name of each year → its first and its last day.
Years = Mapping[str, tuple[pd.Timestamp, pd.Timestamp]]

#: UASC has no distance while the child is one, nor for two years after (DfE).
UASC_MEMORY_YEARS = 2

#: Reasons for a new episode that begin a stay with another carer.
NEW_STAY_RNE = frozenset({"S", "P", "B"})
#: Reasons that may begin a legal status: a start, or a change of it.
NEW_LEGAL_STATUS_RNE = frozenset({"S", "L", "U", "B"})

MONTHS_A_YEAR = 12

#: What `without_uasc_distance` reads, beside what a caller asks for.
_UASC_COLUMNS = ("ever_uasc", "uasc_until", "distance_miles")

#: What it changes.
_DISTANCES = frozenset({"distance_miles", "distance_band"})


def on_date(
    episodes: pd.DataFrame,
    as_at: pd.Timestamp,
    *,
    short_breaks: bool = False,
    columns: Sequence[str | None] | None = None,
) -> pd.DataFrame:
    """The episodes open on a day: started by it, and not ended by it.

    episodes      decom, dec (NaT while open), is_short_break, one row an episode
    as_at         the day
    short_breaks  whether to keep V3 and V4, which no headline counts (DfE)
    columns       which to return, of those that there are; None: all, which takes far longer
    returns       the rows open that day, one a child, as the repaired history has no overlaps;
                  where the frame says who was UASC, their distances as DfE has them that day
                  (see `without_uasc_distance`)

    >>> history = pd.DataFrame({"decom": pd.to_datetime(["2024-01-05", "2024-01-05"]),
    ...     "dec": pd.to_datetime(["2024-03-31", None]), "is_short_break": [False, False]})
    >>> len(on_date(history, pd.Timestamp("2024-03-31")))
    1
    """
    day = pd.Timestamp(as_at)
    open_then = open_between(episodes, day, day)
    if not short_breaks:
        open_then &= ~episodes["is_short_break"].astype(bool)
    return _distances_on(episodes, open_then, day, columns)


def open_between(
    episodes: pd.DataFrame, first: pd.Timestamp | pd.Series, last: pd.Timestamp | pd.Series
) -> pd.Series:
    """Whether each episode is open at some time from one day to another, both in it.

    episodes     decom, dec (NaT while open); one that ends on the first day is open no more
    first, last  one day each, or one a row; with the same day twice: open on that day

    >>> stays = pd.DataFrame({"decom": pd.to_datetime(["2024-01-05"] * 3),
    ...     "dec": pd.to_datetime(["2024-04-01", "2024-04-02", None])})
    >>> open_between(stays, pd.Timestamp("2024-04-01"), pd.Timestamp("2025-03-31")).tolist()
    [False, True, True]
    """
    return (episodes["decom"] <= last) & (episodes["dec"].isna() | (episodes["dec"] > first))


def stock_on_days(
    episodes: pd.DataFrame, dates: Iterable[object], columns: Sequence[str | None]
) -> pd.DataFrame:
    """The children of each day one under another, day after day, with the day in `as_at`.

    episodes  as in `on_date`
    dates     days, each taken once; no days give no rows
    columns   as in `on_date`, to return beside as_at (ISO text)

    >>> history = pd.DataFrame({"child_id": ["a"], "is_short_break": [False],
    ...     "decom": pd.to_datetime(["2024-01-05"]), "dec": pd.to_datetime([None])})
    >>> stock_on_days(history, ["2025-03-31", "2024-03-31"], ["child_id"])["as_at"].tolist()
    ['2024-03-31', '2025-03-31']
    """
    parts = [
        on_date(episodes, day, columns=columns).assign(as_at=iso(day))
        for day in sorted_days(dates)
    ]
    nobody = on_date(episodes[:0], pd.NaT, columns=columns).assign(as_at="")
    return pd.concat(parts or [nobody], ignore_index=True)


def placed_between(
    episodes: pd.DataFrame,
    first: object,
    last: object,
    *,
    columns: Sequence[str | None] | None = None,
) -> pd.DataFrame:
    """The placements made in a period: stays with a carer that began in it.

    episodes  decom, rne, is_short_break, one row an episode
    first     the first day of the period; last: the last
    columns   as in `on_date`
    returns   the first row of each such stay: RNE S, P or B, as L, T and U stay with the same
              carer. Short breaks are left out. Distances are as `without_uasc_distance` has
              them on the day the placement began.

    A flow: a child placed twice is here twice. Never set beside a stock under one label.

    >>> history = pd.DataFrame({"rne": ["S", "P", "T"], "is_short_break": [False] * 3,
    ...     "decom": pd.to_datetime(["2024-03-31", "2024-04-01", "2024-05-01"])})
    >>> placed_between(history, "2024-04-01", "2025-03-31").index.tolist()
    [1]
    """
    begun = episodes["decom"].between(pd.Timestamp(first), pd.Timestamp(last))
    begun &= episodes["rne"].isin(list(NEW_STAY_RNE)) & ~episodes["is_short_break"].astype(bool)
    return _distances_on(episodes, begun, episodes.loc[begun, "decom"], columns)


def placed_in_years(
    episodes: pd.DataFrame,
    year_ends: Iterable[object],
    *,
    columns: Sequence[str | None] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The placements made in each of several years, and the years' ends in order.

    episodes   as in `placed_between`
    year_ends  31 Marches; the year is the one each closes. No years give no rows
    columns    as in `on_date`; decom is returned in any case
    returns    the rows of `placed_between`, year after year, with their year_ending; and the
               ends as ISO text, each once

    >>> history = pd.DataFrame({"rne": ["S", "P"], "is_short_break": [False] * 2,
    ...     "decom": pd.to_datetime(["2024-04-01", "2023-05-01"])})
    >>> made, ends = placed_in_years(history, ["2025-03-31", "2024-03-31"])
    >>> made["year_ending"].tolist(), ends
    (['2024-03-31', '2025-03-31'], ['2024-03-31', '2025-03-31'])
    """
    years = years_of(year_ends)
    kept = None if columns is None else [*columns, "decom"]
    days = [day for span in years.values() for day in span] or [pd.NaT]
    # Placements are found once, as each year would look through all episodes again.
    made = placed_between(episodes, days[0], days[-1], columns=kept)
    return in_years(made, "decom", years), list(years)


def _distances_on(
    episodes: pd.DataFrame,
    chosen: pd.Series,
    day: pd.Timestamp | pd.Series,
    columns: Sequence[str | None] | None,
) -> pd.DataFrame:
    """Chosen rows of chosen columns, with the distances that DfE has on the day."""
    if columns is None:
        return without_uasc_distance(episodes[chosen], day)
    if _DISTANCES.isdisjoint(columns):
        return episodes.loc[chosen, [name for name in episodes if name in columns]]
    needed = [name for name in episodes if name in {*columns, *_UASC_COLUMNS}]
    rows = without_uasc_distance(episodes.loc[chosen, needed], day)
    return rows[[name for name in needed if name in columns]]


def uasc_on(
    episodes: pd.DataFrame, day: pd.Timestamp | pd.Series, *, memory_years: int = 0
) -> pd.Series:
    """Whether each row's child is an unaccompanied asylum-seeking child on a day.

    episodes      ever_uasc, uasc_until (NaT while it lasts)
    day           one day, or one a row
    memory_years  how long after it ends it still counts: 2 for distances (DfE)

    >>> rows = pd.DataFrame({"ever_uasc": [True, True, False],
    ...     "uasc_until": pd.to_datetime([None, "2023-06-01", None])})
    >>> uasc_on(rows, pd.Timestamp("2025-03-31")).tolist()
    [True, False, False]
    >>> uasc_on(rows, pd.Timestamp("2025-03-31"), memory_years=2).tolist()
    [True, True, False]
    """
    until = episodes["uasc_until"] + pd.DateOffset(years=memory_years)
    return episodes["ever_uasc"].fillna(False).astype(bool) & (until.isna() | (until > day))


def without_uasc_distance(rows: pd.DataFrame, day: pd.Timestamp | pd.Series) -> pd.DataFrame:
    """The rows with no distance from home for UASC, nor for who was one in the last two years.

    A frame without ever_uasc and uasc_until, or without distances, comes back as it is.
    Source: DfE, SSDA903 guide; the day is the table's, or the day a placement began.
    """
    if not set(_UASC_COLUMNS) <= set(rows.columns):
        return rows
    hidden = uasc_on(rows, day, memory_years=UASC_MEMORY_YEARS)
    if not hidden.any():
        return rows
    changed = {"distance_miles": rows["distance_miles"].mask(hidden)}
    if "distance_band" in rows:
        changed["distance_band"] = rows["distance_band"].mask(hidden, "not_known")
    return rows.assign(**changed)


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


def completed_years(dob: pd.Series, day: pd.Timestamp | pd.Series) -> pd.Series:
    """Age in completed years on a day; NA where the date of birth is not known or is later.

    day  one day, or one a row (NA where it is not known)

    A child born on 29 February is a year older on 1 March.

    >>> born = pd.to_datetime(pd.Series(["2008-04-01", "2008-03-31", None]))
    >>> completed_years(born, pd.Timestamp("2025-03-31")).tolist()
    [16, 17, <NA>]
    >>> completed_years(born, pd.to_datetime(pd.Series(["2025-04-01"] * 3))).tolist()
    [17, 17, <NA>]
    """
    if not isinstance(day, pd.Series):
        day = pd.Timestamp(day)
    on = day.dt if isinstance(day, pd.Series) else day
    birthday_to_come = (dob.dt.month > on.month) | (
        (dob.dt.month == on.month) & (dob.dt.day > on.day)
    )
    age = (on.year - dob.dt.year - birthday_to_come.astype(int)).astype("Float64").round()
    return age.where(dob.notna() & pd.notna(day) & (dob <= day)).astype("Int64")


def year_start(year_end: pd.Timestamp) -> pd.Timestamp:
    """The first day of the year that a day closes: of a 31 March, the 1 April before it.

    >>> year_start(pd.Timestamp("2025-03-31"))
    Timestamp('2024-04-01 00:00:00')
    """
    return pd.Timestamp(year_end) - pd.DateOffset(years=1) + pd.Timedelta(days=1)


def last_year_closed(day: object) -> int:
    """The year of the last 31 March on or before a day.

    >>> last_year_closed("2025-03-31"), last_year_closed("2025-03-30")
    (2025, 2024)
    """
    day = pd.Timestamp(day)
    return day.year if (day.month, day.day) >= (3, 31) else day.year - 1


def years_of(year_ends: Iterable[object]) -> Years:
    """Years by the ISO date on which they end, in order: their first and last day.

    >>> years_of(["2025-03-31"])["2025-03-31"][0]
    Timestamp('2024-04-01 00:00:00')
    """
    return {iso(day): (year_start(day), day) for day in sorted_days(year_ends)}


def in_years(rows: pd.DataFrame, column: str, years: Years) -> pd.DataFrame:
    """The rows whose date falls in each year, year after year, with the year as year_ending.

    column  of dates
    years   see `years_of`

    >>> rows = pd.DataFrame({"dec": pd.to_datetime(["2024-03-31", "2024-04-01"])})
    >>> in_years(rows, "dec", years_of(["2025-03-31"]))["year_ending"].tolist()
    ['2025-03-31']
    """
    parts = [
        rows[rows[column].between(first, last)].assign(year_ending=year)
        for year, (first, last) in years.items()
    ]
    return pd.concat(parts or [rows[:0].assign(year_ending="")], ignore_index=True)


def iso(day: object) -> str:
    """A day as ISO text.

    >>> iso(pd.Timestamp("2025-03-31"))
    '2025-03-31'
    """
    return f"{pd.Timestamp(day):%Y-%m-%d}"


def long_date(value: object) -> str:
    """A date in full; text that is no ISO date is given back.

    >>> long_date("2025-03-31"), long_date(date(2024, 4, 1)), long_date("2024-25")
    ('31 March 2025', '1 April 2024', '2024-25')
    """
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    return f"{value.day} {value:%B} {value.year}"


def period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """A flow's period as 'from/to', both days in it.

    >>> period(pd.Timestamp("2024-04-01"), pd.Timestamp("2025-03-31"))
    '2024-04-01/2025-03-31'
    """
    return f"{iso(start)}/{iso(end)}"


def sorted_days(days: Iterable[object]) -> list[pd.Timestamp]:
    """Days as timestamps, each once, in order.

    >>> [iso(day) for day in sorted_days(["2025-03-31", "2024-03-31", "2025-03-31"])]
    ['2024-03-31', '2025-03-31']
    """
    return sorted({pd.Timestamp(day) for day in days})
