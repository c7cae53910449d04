"""How many children are looked after, and at what rate."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.metrics.stock import (
    completed_years,
    iso,
    on_date,
    percentage,
    ratio,
    sorted_days,
    year_start,
)

AGE_BANDS: tuple[tuple[str, int, int], ...] = (
    ("under_1", 0, 0),
    ("1_to_4", 1, 4),
    ("5_to_9", 5, 9),
    ("10_to_15", 10, 15),
    ("16_and_over", 16, 120),
)


def children_looked_after(
    episodes: pd.DataFrame, dates: Iterable[object], population: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Children looked after on each day, and the rate per 10,000 children aged 0 to 17.

    episodes    the repaired history (see `on_date`); short breaks are left out
    dates       days
    population  mid_year, children: mid-year estimates; the latest mid-year (30 June) before
                the day is used, as DfE does. None, or none so early: the rate is NaN.
    returns     as_at, children, rate_per_10000 (whole number, half up), population_0_17

    Source: DfE, *Children looked after in England including adoptions*, methodology.

    >>> history = pd.DataFrame({"child_id": ["a", "b", "c"],
    ...     "decom": pd.to_datetime(["2023-05-01", "2024-02-01", "2024-03-01"]),
    ...     "dec": pd.to_datetime(["2024-03-01", None, None]),
    ...     "is_short_break": [False, False, True]})
    >>> people = pd.DataFrame({"mid_year": [2023], "children": [500]})
    >>> print(children_looked_after(history, ["2024-03-31"], people).to_string(index=False))
         as_at  children  rate_per_10000  population_0_17
    2024-03-31         1            20.0              500
    """
    rows = []
    for day in sorted_days(dates):
        children = on_date(episodes, day)["child_id"].nunique()
        base = _population_before(population, day)
        rate = float(ratio(children, base, 10_000, 0)) if base is not None else float("nan")
        rows.append((iso(day), children, rate, base if base is not None else pd.NA))
    columns = ["as_at", "children", "rate_per_10000", "population_0_17"]
    return pd.DataFrame(rows, columns=columns).astype({"population_0_17": "Int64"})


def _population_before(population: pd.DataFrame | None, day: pd.Timestamp) -> int | None:
    if population is None or population.empty:
        return None
    mid_years = pd.to_datetime(
        {"year": population["mid_year"].astype(int), "month": 6, "day": 30}
    )
    earlier = population[(mid_years < day).to_numpy()]
    if earlier.empty:
        return None
    return int(earlier.sort_values("mid_year")["children"].iloc[-1])


def children_by_age(episodes: pd.DataFrame, as_at: object) -> pd.DataFrame:
    """Children looked after on a day by DfE's age bands and sex.

    episodes  the repaired history with dob and sex
    returns   as_at, age_group, female, male, not_known (sex), children, share_pct (of all).
              A child whose date of birth is not known, or cannot be right (older than 120),
              is in the age group not_known; one in no header is not_known in both. The rows
              add up to the children looked after.

    Source: DfE age groups, *Children looked after in England*, table A1.
    """
    stock = on_date(episodes, pd.Timestamp(as_at))
    age = completed_years(stock["dob"], pd.Timestamp(as_at))
    bands = [(name, age.between(low, high).fillna(False)) for name, low, high in AGE_BANDS]
    oldest = AGE_BANDS[-1][2]
    bands.append(("not_known", ~age.between(0, oldest).fillna(False)))
    rows = []
    for name, mask in bands:
        sex = stock.loc[mask.astype(bool), "sex"]
        female, male = int((sex == "female").sum()), int((sex == "male").sum())
        not_known = len(sex) - female - male
        rows.append((iso(pd.Timestamp(as_at)), name, female, male, not_known, len(sex)))
    frame = pd.DataFrame(
        rows, columns=["as_at", "age_group", "female", "male", "not_known", "children"]
    )
    return frame.assign(share_pct=percentage(frame["children"], frame["children"].sum()))


def started_and_ceased(episodes: pd.DataFrame, year_ends: Iterable[object]) -> pd.DataFrame:
    """Children who started and who ceased to be looked after in each year.

    episodes  the repaired history with care_period_id; short breaks are left out
    returns   year_ending, started, ceased. A child who starts twice in a year is counted
              once, as DfE does. A period that begins before the first return is no start in
              the years shown, and one still open is no end.
    """
    lasting = episodes[~episodes["is_short_break"].astype(bool)]
    periods = lasting.groupby("care_period_id").agg(
        child_id=("child_id", "first"),
        start=("decom", "min"),
        end=("dec", "max"),
        ended=("dec", "count"),
        episodes=("decom", "count"),
    )
    periods["end"] = periods["end"].where(periods["ended"] == periods["episodes"])
    rows = []
    for day in sorted_days(year_ends):
        first = year_start(day)
        started = periods.loc[periods["start"].between(first, day), "child_id"].nunique()
        ceased = periods.loc[periods["end"].between(first, day), "child_id"].nunique()
        rows.append((iso(day), started, ceased))
    return pd.DataFrame(rows, columns=["year_ending", "started", "ceased"])
