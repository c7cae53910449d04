"""Nights slept: how many of each stay fall in a span of days, and in each year."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.metrics.stock import iso, sorted_days, year_start


def nights_between(episodes: pd.DataFrame, first: object, last: object) -> pd.Series:
    """Nights slept in each episode from the night of `first` to the night of `last`.

    The night of day d counts when decom <= d < dec; an open episode goes on past `last`. A
    full year is 365 nights, or 366.

    >>> stays = pd.DataFrame({"decom": pd.to_datetime(["2024-04-01", "2025-03-30"]),
    ...                       "dec": pd.to_datetime([None, "2025-03-31"])})
    >>> nights_between(stays, "2024-04-01", "2025-03-31").tolist()
    [365, 1]
    """
    after_last = pd.Timestamp(last) + pd.Timedelta(days=1)
    start = episodes["decom"].clip(lower=pd.Timestamp(first))
    end = episodes["dec"].fillna(after_last).clip(upper=after_last)
    return (end - start).dt.days.clip(lower=0).astype("int64")


def slept_in_years(
    rows: pd.DataFrame, year_ends: Iterable[object], *, begins: str = "decom"
) -> pd.DataFrame:
    """The rows with nights in each year, year after year, with their nights and year_ending.

    rows    decom (or `begins`), dec (NaT while it goes on)
    begins  the column of the first night: alone_from of the ledger counts no night twice

    >>> stay = pd.DataFrame({"decom": pd.to_datetime(["2025-03-30"]),
    ...                      "dec": pd.to_datetime([None])})
    >>> slept_in_years(stay, ["2025-03-31"])["nights"].tolist()
    [2]
    """
    spans = pd.DataFrame({"decom": rows[begins], "dec": rows["dec"]})
    parts = [rows[:0].assign(nights=pd.Series(dtype="int64"), year_ending="")]
    for day in sorted_days(year_ends):
        nights = nights_between(spans, year_start(day), day)
        parts.append(rows[nights > 0].assign(nights=nights[nights > 0], year_ending=iso(day)))
    return pd.concat(parts, ignore_index=True)
