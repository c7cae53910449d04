"""How long children are looked after: of those here, of those who left, of all who start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from sufficiency_lib.cleaning.periods import care_periods, once_a_child
from sufficiency_lib.codes import ENDED_UNSEEN
from sufficiency_lib.metrics.ages import AGE_BANDS, band_of, levels_of
from sufficiency_lib.metrics.intervals import Z_95
from sufficiency_lib.metrics.stock import (
    MONTHS_A_YEAR,
    completed_years,
    iso,
    percentage,
    ratio,
    sorted_days,
    years_of,
)
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_counts, with_share

DURATION_BANDS: tuple[str, ...] = (
    "under_6_months",
    "6_to_12_months",
    "1_to_2_years",
    "2_to_3_years",
    "3_to_5_years",
    "5_years_and_over",
    "not_known",
)
#: Where one band ends and the next begins, in months.
_BOUNDS_MONTHS = (6, 12, 24, 36, 60)

#: When the share still looked after is estimated, in months from the start.
AFTER_MONTHS = (6, 12, 24, 36, 60)

#: Fewer periods than this give no estimate of a length of stay.
FEWEST_PERIODS = 20

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / MONTHS_A_YEAR
_UNKNOWN = (float("nan"),) * 3


def time_looked_after(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on each day by how long they have been, in this period of care.

    episodes  the repaired history with care_period_id and rne
    returns   as_at, duration_band (see DURATION_BANDS), children, share_pct (of all that day).
              A period whose first episode is no start (RNE S) began before the returns do: it
              is in not_known, unless what is seen of it is five years or more.

    Source: DfE, *Children looked after in England*, duration of latest period of care.
    """
    periods = care_periods(episodes, by=by)
    days = sorted_days(dates)
    parts = []
    for day in days:
        here = periods[(periods["start"] <= day)
                       & (periods["end"].isna() | (periods["end"] > day))]
        here = here.drop_duplicates([*by, "child_id"], keep="last")
        parts.append(here[[*by]].assign(as_at=iso(day), duration_band=_band(here, day)))
    rows = pd.concat(parts) if parts else periods[[*by]].assign(as_at="", duration_band="")[:0]
    return _shares(rows, {"as_at": [iso(day) for day in days]}, areas_of(episodes, by))


def duration_on_leaving(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children who ceased to be looked after in each year by how long they had been.

    episodes  the repaired history with care_period_id and rne
    returns   year_ending, duration_band, children, share_pct (of all who ceased that year):
              of the latest period of care, as DfE has it. Unknown starts as in
              `time_looked_after`. A child who ceases twice in a year is counted once, at the
              last. The rows of a year add up to `started_and_ceased`.

    Source: DfE, *Children looked after in England*, children ceasing by characteristics.
    """
    years = years_of(year_ends)
    ceased = once_a_child(care_periods(episodes, by=by), "end", years, keep="last", by=by)
    ceased["duration_band"] = _band(ceased, ceased["end"])
    return _shares(ceased, {"year_ending": list(years)}, areas_of(episodes, by))


def _band(periods: pd.DataFrame, until: pd.Timestamp | pd.Series) -> pd.Series:
    """The band of the time from each period's start; not_known where that is no start."""
    passed = sum(
        (until >= periods["start"] + pd.DateOffset(months=months)).astype(int)
        for months in _BOUNDS_MONTHS
    )
    bands = pd.Series(np.array(DURATION_BANDS, dtype=object)[passed.astype(int)],
                      index=periods.index, dtype=object)
    longest = passed == len(_BOUNDS_MONTHS)
    return bands.where((periods["rne"] == "S") | longest, "not_known")


def _shares(
    rows: pd.DataFrame, when: Mapping[str, list[str]], areas: pd.DataFrame
) -> pd.DataFrame:
    """Each day or year by band of duration, with the share of all that day or year."""
    frame = tally(rows, {**when, "duration_band": DURATION_BANDS}, areas)
    return with_share(frame, [*areas.columns, *when])


def length_of_stay(
    episodes: pd.DataFrame,
    first: object,
    as_at: object,
    *,
    fewest: int = FEWEST_PERIODS,
    by: By = (),
) -> pd.DataFrame:
    """How long periods of care last: the Kaplan-Meier median by age at the start.

    episodes  the repaired history with care_period_id, dob and rec
    first     the first day of the first return: only periods that start from it on are used,
              so that none is in because it happened to last until then
    as_at     the last day of which anything is known
    fewest    how many periods a median needs at least
    returns   age_group (all, then DfE's bands, not_known), periods_ended (seen to end by as_at),
              median_months, median_low_months, median_high_months (95% interval from the
              log-log limits of the curve), and base_periods_ended, the children behind them

    How many periods started is left out: with the years of `started_by_age` it would give away
    what that table hides.

    A period still open is censored on as_at. So is one that the repair closed on a 31 March
    because no later return has the child (E99), on that day: it lasted so long at least. A
    median is the first day by which half have ended; NaN while that has not come, and for
    fewer than `fewest` periods. A limit that is not reached is NaN. Periods of one child
    are taken as independent.

    Source: Kaplan and Meier (1958); Brookmeyer and Crowley (1982) for the interval.
    """
    stays = _of_all_ages(_stays(episodes, pd.Timestamp(first), pd.Timestamp(as_at), by))
    ended = stays[stays["ended"]]
    levels, keys = {"age_group": ("all", *levels_of(AGE_BANDS))}, [*by, "age_group"]
    frame = tally(ended, levels, areas_of(episodes, by), name="periods_ended")
    days = [
        median_days(*lives) if len(lives[0]) >= fewest else _UNKNOWN
        for lives in _lives_of(stays, frame[keys])
    ]
    months = ratio(np.reshape(days, (-1, 3)), DAYS_A_MONTH, 1, 1)
    frame = frame.assign(**dict(zip(_MEDIANS, months.T, strict=True)))
    return with_counts(frame, ended, keys, name="base_periods_ended", distinct="child_id")


_MEDIANS = ("median_months", "median_low_months", "median_high_months")


def still_looked_after(
    episodes: pd.DataFrame,
    first: object,
    as_at: object,
    *,
    fewest: int = FEWEST_PERIODS,
    by: By = (),
) -> pd.DataFrame:
    """The share of periods of care that last at least so long, from the Kaplan-Meier curve.

    episodes, first, as_at, fewest  as in `length_of_stay`, of which this is the curve
    returns  after_months (those of AFTER_MONTHS for which a period could be followed),
             care_periods (all), followed (seen to last so long at least), still_pct,
             still_low_pct, still_high_pct (95%, log-log), and base_<count>. No rows for fewer
             than `fewest` periods.

    It is not the share of today's children who will stay so long: those who stay long are
    over-represented among today's.

    Source: as `length_of_stay`.
    """
    stays = _stays(episodes, pd.Timestamp(first), pd.Timestamp(as_at), by)
    followed = pd.concat([
        stays[stays["days"] >= months * DAYS_A_MONTH].assign(after_months=months)
        for months in AFTER_MONTHS
    ])
    frame = tally(followed, {"after_months": AFTER_MONTHS}, areas_of(episodes, by),
                  name="followed")
    lives = _lives_of(stays.assign(age_group="all"), frame[[*by]].assign(age_group="all"))
    shares = [
        survival_at(*one, months * DAYS_A_MONTH) if len(one[0]) >= fewest else _UNKNOWN
        for one, months in zip(lives, frame["after_months"], strict=True)
    ]
    rates = percentage(np.reshape(shares, (-1, 3)), 1)
    frame = frame.assign(**dict(zip(_SHARES, rates.T, strict=True)))
    frame = frame[frame["still_pct"].notna()].reset_index(drop=True)
    frame = with_counts(frame, stays, by, name="care_periods")
    frame = with_counts(frame, stays, by, name="base_care_periods", distinct="child_id")
    frame = with_counts(frame, followed, [*by, "after_months"], name="base_followed",
                        distinct="child_id")
    return frame[[*by, *_STILL]]


_SHARES = ("still_pct", "still_low_pct", "still_high_pct")
_STILL = ("after_months", "care_periods", "followed", *_SHARES, "base_care_periods",
          "base_followed")


def _stays(
    episodes: pd.DataFrame, first: pd.Timestamp, as_at: pd.Timestamp, by: By
) -> pd.DataFrame:
    """The periods that start in the window: by, child_id, age_group, days, ended."""
    periods = care_periods(episodes, by=by)
    stays = periods[periods["start"].between(first, as_at)]
    until = stays["end"].where(stays["end"] <= as_at, as_at)
    return stays[[*by, "child_id"]].assign(
        age_group=band_of(completed_years(stays["dob"], stays["start"]), AGE_BANDS),
        days=(until - stays["start"]).dt.days.astype("float64"),
        ended=(stays["end"] <= as_at) & (stays["rec"] != ENDED_UNSEEN),
    )


def _of_all_ages(stays: pd.DataFrame) -> pd.DataFrame:
    """The stays twice: as of every age, then of their own."""
    return pd.concat([stays.assign(age_group="all"), stays], ignore_index=True)


def _lives_of(
    stays: pd.DataFrame, table: pd.DataFrame
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The days of the stays of each row of a table, by its columns, and which of them ended."""
    keys = list(table.columns)
    groups = stays.groupby(keys, observed=True, sort=False)[["days", "ended"]]
    lives = {
        values: (part["days"].to_numpy(), part["ended"].to_numpy(dtype=bool))
        for values, part in groups
    }
    nobody = np.empty(0), np.empty(0, dtype=bool)
    return (lives.get(row, nobody) for row in table.itertuples(index=False, name=None))


def median_days(days: np.ndarray, ended: np.ndarray) -> tuple[float, float, float]:
    """The Kaplan-Meier median in days and its 95% limits; NaN where one is not reached.

    >>> days, ended = np.arange(1, 41), np.full(40, True)
    >>> median_days(days, ended)[0]
    20.0
    """
    if not ended.any():
        return _UNKNOWN
    at, middle, low, high = _curve(days, ended)
    return tuple(_first_below(at, line) for line in (middle, low, high))


def survival_at(days: np.ndarray, ended: np.ndarray, at: float) -> tuple[float, float, float]:
    """The share that lasts longer than `at` days, with 95% limits; NaN beyond what is seen.

    >>> days, ended = np.arange(1, 41), np.full(40, True)
    >>> survival_at(days, ended, 10)[0]
    0.75
    """
    if len(days) == 0 or days.max() < at:
        return _UNKNOWN
    if not ended.any():
        return 1.0, float("nan"), float("nan")
    times, *lines = _curve(days, ended)
    place = np.searchsorted(times, at, side="right") - 1
    if place < 0:
        return 1.0, float("nan"), float("nan")
    return tuple(float(line[place]) for line in lines)


def _curve(days: np.ndarray, ended: np.ndarray) -> tuple[np.ndarray, ...]:
    """Times in days, and at each the share that lasts longer with its lower and upper limit.

    Worked here, as scipy's takes longer, and England has a thousand curves.
    """
    ended = np.asarray(ended, dtype=bool)
    at, place = np.unique(np.asarray(days, dtype="float64"), return_inverse=True)
    gone = np.bincount(place[ended], minlength=len(at))
    over = np.cumsum(np.bincount(place))
    at_risk = len(ended) - np.concatenate([[0], over[:-1]])
    # Where every end is seen the product is a share of all, and only so exact.
    shares = 1 - over / len(ended) if ended.all() else np.cumprod((at_risk - gone) / at_risk)
    # Before the first end and after the last the limits are not defined.
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(gone / (at_risk * (at_risk - gone)))
        middle = np.log(-np.log(shares))
        spread = Z_95 * np.sqrt(1 / np.log(shares) ** 2 * greenwood)
        low, high = np.exp(-np.exp(middle + spread)), np.exp(-np.exp(middle - spread))
    return at, shares, np.where(shares <= 0, 0.0, low), high


def _first_below(at: np.ndarray, line: np.ndarray) -> float:
    """The first time at which a line is down to a half; NaN if it never is."""
    down = np.flatnonzero(line <= 0.5 + 1e-9)
    return float(at[down[0]]) if len(down) else float("nan")
