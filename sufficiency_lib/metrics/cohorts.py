"""Cohorts that can be foreseen: who of today's children turns 16 and 18 in which year."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.metrics.stock import completed_years, iso, on_date
from sufficiency_lib.metrics.tally import By, all_levels, areas_of, with_counts

#: Supported accommodation may be used from 16; care ends at 18.
MILESTONES = (16, 18)


def turning_ages(
    episodes: pd.DataFrame, as_at: object, years: int = 5, *, by: By = ()
) -> pd.DataFrame:
    """How many of the children looked after on a day turn 16 and 18 in each year after it.

    episodes  the repaired history with dob
    as_at     the day; from a 31 March the years are those of the returns
    years     how many years ahead
    returns   as_at, year_ending (the last day of each twelve months after the day),
              years_ahead (1 for the first), turning_16, turning_18: distinct children with a
              birthday of that age in those months

    It is a count of today's children as if none left and none came: an upper bound of today's
    cohort, and no forecast. A child whose date of birth is not known is in no column; nor is
    one who is 18 already.

    Source: guidance (2010), 4.7, on needs in the short and the long term.

    >>> history = pd.DataFrame({"child_id": ["a", "b"], "is_short_break": [False, False],
    ...     "decom": pd.to_datetime(["2024-05-01"] * 2), "dec": pd.to_datetime([None, None]),
    ...     "dob": pd.to_datetime(["2009-04-01", "2008-04-01"])})
    >>> turning_ages(history, "2025-03-31", 3)[["turning_16", "turning_18"]].to_numpy().tolist()
    [[1, 0], [0, 1], [0, 1]]
    """
    day = pd.Timestamp(as_at)
    stock = on_date(episodes[[*by, "child_id", "dob", "decom", "dec", "is_short_break"]], day)
    stock = stock.drop_duplicates([*by, "child_id"])
    ends = [day + pd.DateOffset(years=ahead) for ahead in range(years + 1)]
    levels = {"as_at": [iso(day)], "year_ending": [iso(end) for end in ends[1:]]}
    frame = areas_of(episodes, by).merge(all_levels(levels), how="cross")
    ahead = {day: number for number, day in enumerate(levels["year_ending"], 1)}
    frame["years_ahead"] = frame["year_ending"].map(ahead).astype("int64")
    ages = {iso(end): completed_years(stock["dob"], end).fillna(-1) for end in ends}
    keys = [*by, "as_at", "year_ending"]
    for age in MILESTONES:
        turned = [
            stock.loc[(ages[iso(before)] < age) & (ages[iso(end)] >= age), [*by]]
            .assign(as_at=iso(day), year_ending=iso(end))
            for before, end in zip(ends, ends[1:], strict=False)
        ]
        rows = pd.concat(turned) if turned else stock[[*by]].assign(as_at="", year_ending="")[:0]
        frame = with_counts(frame, rows, keys, name=f"turning_{age}")
    return frame
