"""Bed nights: the nights that children slept in placements, by year and by month."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sufficiency_lib.metrics.nights import slept_in_years
from sufficiency_lib.metrics.pairs import (
    PAIR,
    cohort_of,
    in_every_period,
    levels_met,
    with_total,
)
from sufficiency_lib.metrics.stock import iso, ratio, sorted_days
from sufficiency_lib.metrics.tally import By, areas_of, with_counts

_DAY = np.timedelta64(1, "D")


def bed_nights(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Bed nights in each year by placement group and provider.

    episodes   the repaired history; short breaks are left out
    year_ends  31 Marches; the year is the one each closes
    returns    year_ending, placement_group, provider, nights, base_nights (the children who
               slept there at some time in the year, for disclosure control). A pair met in
               any year has a row for every year.
    """
    days = sorted_days(year_ends)
    rows = _slept(episodes, days, by)
    frame = in_every_period(levels_met(rows, PAIR, by), "year_ending", map(iso, days), by)
    return _with_nights(frame, rows, [*by, "year_ending", *PAIR])


def bed_nights_by_cohort(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Bed nights in each year by placement, with fostering told apart.

    episodes, year_ends  as in `bed_nights`
    returns  year_ending, cohort (as in `provision.placements_by_sector`: those met in any
             year, then `total`), nights, base_nights

    >>> stays = pd.DataFrame({"child_id": ["a"], "placement_group": ["fostering"],
    ...     "provider": ["own"], "is_short_break": [False],
    ...     "decom": pd.to_datetime(["2025-03-30"]), "dec": pd.to_datetime([None])})
    >>> bed_nights_by_cohort(stays, ["2025-03-31"])[["cohort", "nights"]].to_numpy().tolist()
    [['fostering_in_house', 2], ['total', 2]]
    """
    days = sorted_days(year_ends)
    rows = _slept(episodes, days, by)
    rows = rows.assign(cohort=cohort_of(rows))
    met = with_total(levels_met(rows, ["cohort"], by), areas_of(episodes, by))
    frame = in_every_period(met, "year_ending", map(iso, days), by)
    rows = pd.concat([rows, rows.assign(cohort="total")], ignore_index=True)
    return _with_nights(frame, rows, [*by, "year_ending", "cohort"])


def _slept(episodes: pd.DataFrame, days: list[pd.Timestamp], by: By) -> pd.DataFrame:
    """The stays with nights in each year but short breaks, as `slept_in_years` has them."""
    lasting = ~episodes["is_short_break"].astype(bool)
    return slept_in_years(episodes.loc[lasting, [*by, *PAIR, "child_id", "decom", "dec"]], days)


def _with_nights(frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    frame = with_counts(frame, rows, keys, name="nights", weight="nights")
    return with_counts(frame, rows, keys, name="base_nights", distinct="child_id")


def bed_nights_by_month(
    episodes: pd.DataFrame, first: object, last: object, *, by: By = ()
) -> pd.DataFrame:
    """Bed nights in each calendar month of a span, by placement, with fostering told apart.

    episodes     the repaired history; short breaks are left out
    first, last  the first and the last night; a month that they cut is counted in part
    returns      cohort (as in `bed_nights_by_cohort`), month (YYYY-MM), nights, base_nights
                 (the children who slept there at some time in the month), average_children
                 (nights by the days of the month in the span, one decimal). The months of a
                 year add up to its `bed_nights_by_cohort`, which has the total.

    Counted by a difference array: each stay adds one on its first day and takes it off on its
    last, so that running sums are the children there each night, however many stays there are.

    >>> stays = pd.DataFrame({"child_id": ["a"], "placement_group": ["fostering"],
    ...     "provider": ["own"], "is_short_break": [False],
    ...     "decom": pd.to_datetime(["2024-04-29"]), "dec": pd.to_datetime(["2024-05-02"])})
    >>> bed_nights_by_month(stays, "2024-04-01", "2024-05-31")["nights"].tolist()
    [2, 1]
    """
    start, stop = pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=1)
    calendar = pd.date_range(start, stop, inclusive="left")
    lasting = episodes[~episodes["is_short_break"].astype(bool)]
    begun = _days_after(lasting["decom"], start, len(calendar))
    ended = _days_after(lasting["dec"].fillna(stop), start, len(calendar))
    slept = begun < ended
    rows, begun, ended = lasting[slept], begun[slept], ended[slept]
    rows = rows.assign(cohort=cohort_of(rows))
    met = levels_met(rows, ["cohort"], by)
    group = _places(rows, met)
    opens = np.flatnonzero(calendar.is_month_start | (np.arange(len(calendar)) == 0))
    nights = np.add.reduceat(_each_night(group, begun, ended, (len(met), len(calendar))),
                             opens, axis=1)
    month = np.searchsorted(opens, [begun, ended - 1], side="right") - 1
    children = _distinct_children(group, month, pd.factorize(rows["child_id"])[0], nights.shape)
    frame = met.loc[np.repeat(np.arange(len(met)), len(opens))].reset_index(drop=True)
    names = np.tile(calendar[opens].strftime("%Y-%m").to_numpy(dtype=object), len(met))
    frame = frame.assign(month=names, nights=nights.ravel(), base_nights=children.ravel())
    days = np.diff(np.append(opens, len(calendar)))
    average = ratio(frame["nights"], np.tile(days, len(met)), 1, 1)
    return frame.assign(average_children=average)


def _days_after(days: pd.Series, start: pd.Timestamp, most: int) -> np.ndarray:
    """How many days after `start` each day is, from 0 to `most`."""
    since = (days.to_numpy().astype("datetime64[D]") - start.to_datetime64()) // _DAY
    return np.clip(since, 0, most).astype("int64")


def _places(rows: pd.DataFrame, met: pd.DataFrame) -> np.ndarray:
    """Which row of `met` each row belongs to."""
    keys = list(met.columns)
    at = met.astype(object).assign(at=np.arange(len(met)))
    return rows[keys].astype(object).merge(at, on=keys, how="left")["at"].to_numpy(dtype="int64")


def _each_night(
    group: np.ndarray, begun: np.ndarray, ended: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """Children in each group each night."""
    groups, days = shape
    wide = days + 1
    cells = groups * wide
    steps = np.bincount(group * wide + begun, minlength=cells)
    steps -= np.bincount(group * wide + ended, minlength=cells)
    return steps.reshape(groups, wide).cumsum(axis=1)[:, :days]


def _distinct_children(
    group: np.ndarray, month: np.ndarray, child: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """How many different children slept in each group in each month.

    month  the first and the last month of each stay
    """
    groups, months = shape
    first, last = month
    lasts = last - first + 1
    stay = np.repeat(np.arange(len(first)), lasts)
    within = np.arange(len(stay)) - np.repeat(lasts.cumsum() - lasts, lasts)
    cell = group[stay] * months + first[stay] + within
    most = int(child.max(initial=0)) + 1
    slept = np.sort(cell * most + child[stay])
    # Sorting is several times faster here than numpy's own `unique`.
    different = slept[np.diff(slept, prepend=-1) > 0]
    return np.bincount(different // most, minlength=groups * months).reshape(groups, months)
