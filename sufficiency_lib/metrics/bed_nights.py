"""Bed nights: the nights that children slept in placements."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDERS
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


def bed_nights(episodes: pd.DataFrame, year_ends: Iterable[object]) -> pd.DataFrame:
    """Bed nights in each year by placement group and provider.

    episodes   the repaired history; short breaks are left out
    year_ends  31 Marches; the year is the one each closes
    returns    year_ending, placement_group, provider, nights, base_nights (the children who
               slept there at some time in the year, for disclosure control). A pair met in
               any year has a row for every year.
    """
    lasting = episodes[~episodes["is_short_break"].astype(bool)]
    keys = ["placement_group", "provider"]
    years = {}
    for day in sorted_days(year_ends):
        slept = lasting.assign(nights=nights_between(lasting, year_start(day), day))
        slept = slept[slept["nights"] > 0]
        years[iso(day)] = slept.groupby(keys).agg(
            nights=("nights", "sum"), base_nights=("child_id", "nunique")
        )
    seen = {pair for frame in years.values() for pair in frame.index}
    pairs = [pair for pair in product(PLACEMENT_GROUPS, PROVIDERS) if pair in seen]
    index = pd.MultiIndex.from_tuples(pairs, names=keys)
    parts = [
        frame.reindex(index, fill_value=0).reset_index().assign(year_ending=day)
        for day, frame in years.items()
    ]
    columns = ["year_ending", *keys, "nights", "base_nights"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns].astype({"nights": int, "base_nights": int})
