"""How many children are looked after, at what rate and age, and how many come and go."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.cleaning.periods import care_periods, once_a_child
from sufficiency_lib.metrics.ages import ADULT, AGE_BANDS, OLDEST, aged, band_of, levels_of
from sufficiency_lib.metrics.stock import (
    completed_years,
    iso,
    on_date,
    ratio,
    sorted_days,
    stock_on_days,
    year_start,
    years_of,
)
from sufficiency_lib.metrics.tally import By, all_levels, areas_of, tally, with_counts, with_share

__all__ = [
    "AGE_BANDS",
    "MOST_YEARS_BEHIND",
    "children_by_age",
    "children_looked_after",
    "edge_of_care",
    "looked_after_by_month",
    "own_mid_year",
    "started_and_ceased",
]

#: How many years before a day's own mid-year an estimate may be and still be its base.
MOST_YEARS_BEHIND = 2


def children_looked_after(
    episodes: pd.DataFrame,
    dates: Iterable[object],
    population: pd.DataFrame | None = None,
    *,
    by: By = (),
) -> pd.DataFrame:
    """Children looked after on each day, and the rate per 10,000 children aged 0 to 17.

    episodes    the repaired history (see `on_date`); short breaks are left out
    dates       days
    population  mid_year, children: mid-year estimates; the latest mid-year (30 June) before
                the day is used, as DfE does: mid-2024 for 31 March 2025. One more than
                MOST_YEARS_BEHIND years older than that is refused. None, or none in time: the
                rate is NaN.
    by          columns of `episodes` and `population`: a table for each of their values
    returns     as_at, children, rate_per_10000 (whole number, half up), population_0_17,
                estimate_year (whose mid-year estimate is used)

    Source: DfE, *Children looked after in England including adoptions*, methodology.

    >>> history = pd.DataFrame({"child_id": ["a", "b", "c"],
    ...     "decom": pd.to_datetime(["2023-05-01", "2024-02-01", "2024-03-01"]),
    ...     "dec": pd.to_datetime(["2024-03-01", None, None]),
    ...     "is_short_break": [False, False, True]})
    >>> people = pd.DataFrame({"mid_year": [2023], "children": [500]})
    >>> print(children_looked_after(history, ["2024-03-31"], people).to_string(index=False))
         as_at  children  rate_per_10000  population_0_17  estimate_year
    2024-03-31         1            20.0              500           2023
    """
    frame = _looked_after(episodes, sorted_days(dates), by)
    return _with_rate(frame, population, by)


def looked_after_by_month(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on the last day of each month of each year.

    year_ends  31 Marches: the months are those of the years that they close
    returns    as_at (the last day of a month), children; short breaks are left out

    A stock, twelve times a year: what comes and goes between two days is not in it.

    >>> history = pd.DataFrame({"child_id": ["a"], "is_short_break": [False],
    ...     "decom": pd.to_datetime(["2024-05-31"]), "dec": pd.to_datetime(["2024-07-31"])})
    >>> looked_after_by_month(history, ["2025-03-31"])["children"].tolist()[:4]
    [0, 1, 1, 0]
    """
    days = [
        day for end in sorted_days(year_ends)
        for day in pd.date_range(year_start(end), end, freq="ME")
    ]
    return _looked_after(episodes, days, by)


def _looked_after(episodes: pd.DataFrame, days: list[pd.Timestamp], by: By) -> pd.DataFrame:
    """Distinct children on each day: as_at, children."""
    stock = stock_on_days(episodes, days, [*by, "child_id"]).drop_duplicates()
    return tally(stock, {"as_at": [iso(day) for day in days]}, areas_of(episodes, by))


def edge_of_care(
    edge: pd.DataFrame,
    population: pd.DataFrame | None = None,
    *,
    until: object | None = None,
    by: By = (),
) -> pd.DataFrame:
    """Children at the edge of care by the council's own count, and their rate per 10,000.

    edge        as_at, edge_group (a plan or service, in the council's words), children
    population  as in `children_looked_after`, with the same base
    until       the last day whose counts are wanted; None: all
    returns     as_at, at_the_edge (the group), children, rate_per_10000, population_0_17,
                estimate_year, by day and then as given. A frame without rows gives none.

    The groups may overlap (a child with a protection plan is a child in need), so they are
    never added up. Source: statutory guidance on sufficiency (2010), 4.7: children at risk of
    care as well as those in it.

    >>> edge = pd.DataFrame({"as_at": pd.to_datetime(["2025-03-31"]), "children": [145],
    ...     "edge_group": ["Child protection plan"]})
    >>> people = pd.DataFrame({"mid_year": [2024], "children": [35300]})
    >>> edge_of_care(edge, people)["rate_per_10000"].tolist()
    [41.0]
    """
    days = pd.to_datetime(edge["as_at"])
    wanted = days <= pd.Timestamp(until) if until is not None else days.notna()
    counted = edge.loc[wanted, [*by, "as_at", "edge_group", "children"]]
    counted = counted.assign(as_at=days[wanted].map(iso).astype(object))
    counted = counted.rename(columns={"edge_group": "at_the_edge"})
    counted = counted.sort_values([*by, "as_at"], kind="stable", ignore_index=True)
    return _with_rate(counted, population, by)


def own_mid_year(day: object) -> int:
    """The year of the latest mid-year (30 June) before a day, by which DfE divides.

    >>> own_mid_year("2025-03-31"), own_mid_year("2025-06-30"), own_mid_year("2025-07-01")
    (2024, 2024, 2025)
    """
    day = pd.Timestamp(day)
    return day.year if (day.month, day.day) > (6, 30) else day.year - 1


def _with_rate(frame: pd.DataFrame, population: pd.DataFrame | None, by: By) -> pd.DataFrame:
    """The frame with rate_per_10000, population_0_17 and estimate_year, by as_at."""
    bases = _bases(population, list(dict.fromkeys(frame["as_at"])), by)
    frame = frame.merge(bases, on=[*by, "as_at"], how="left")
    base = frame["population_0_17"].to_numpy(dtype="float64", na_value=float("nan"))
    rate = ratio(frame["children"], base, 10_000, 0)
    frame.insert(len(frame.columns) - 2, "rate_per_10000", rate)
    return frame


def _bases(population: pd.DataFrame | None, days: list[str], by: By) -> pd.DataFrame:
    """The estimate that serves each day: by, as_at, population_0_17, estimate_year."""
    names = {"children": "population_0_17", "mid_year": "estimate_year"}
    columns = [*by, "as_at", *names.values()]
    if population is None or population.empty or not days:
        none = pd.DataFrame(columns=columns, dtype=object)
        return none.astype(dict.fromkeys(names.values(), "Int64"))
    known = population.dropna(subset=["mid_year", "children"]).sort_values("mid_year")
    parts = []
    for day in days:
        own = own_mid_year(day)
        usable = known[known["mid_year"].astype(int).between(own - MOST_YEARS_BEHIND, own)]
        latest = usable.drop_duplicates(list(by), keep="last") if by else usable.tail(1)
        parts.append(latest.rename(columns=names).assign(as_at=day)[columns])
    return pd.concat(parts).astype(dict.fromkeys(names.values(), "Int64"))


def children_by_age(episodes: pd.DataFrame, as_at: object, *, by: By = ()) -> pd.DataFrame:
    """Children looked after on a day by DfE's age bands and sex.

    episodes  the repaired history with dob and sex
    returns   as_at, age_group, female, male, not_known (sex), children, share_pct (of all),
              aged_18_and_over. A child whose date of birth is not known, or cannot be right
              (older than 120), is in the age group not_known; one in no header is not_known in
              both. The rows add up to the children looked after.

    Nobody is looked after from 18 on, but returns have such rows. DfE's "16 years and over"
    holds them, so they stay in it here, and aged_18_and_over says how many there are.

    Source: DfE age groups, *Children looked after in England*, table A1.
    """
    day = pd.Timestamp(as_at)
    stock = on_date(episodes[[*by, "dob", "sex", "decom", "dec", "is_short_break"]], day)
    age = completed_years(stock["dob"], day)
    rows = stock[[*by]].assign(
        as_at=iso(day),
        age_group=band_of(age, AGE_BANDS),
        sex=stock["sex"].astype(object).where(stock["sex"].isin(["female", "male"]), "not_known"),
    )
    keys = [*by, "as_at", "age_group"]
    levels = {"as_at": [iso(day)], "age_group": levels_of(AGE_BANDS)}
    frame = areas_of(episodes, by).merge(all_levels(levels), how="cross")
    for sex in ("female", "male", "not_known"):
        frame = with_counts(frame, rows[rows["sex"] == sex], keys, name=sex)
    frame = with_share(with_counts(frame, rows, keys), [*by, "as_at"])
    adults = rows[aged(age, ADULT, OLDEST)]
    return with_counts(frame, adults, keys, name="aged_18_and_over")


def started_and_ceased(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children who started and who ceased to be looked after in each year.

    episodes  the repaired history with care_period_id; short breaks are left out
    returns   year_ending, started, ceased. A child who starts twice in a year is counted
              once, as DfE does. A period that begins before the first return is no start in
              the years shown, and one still open is no end.
    """
    periods = care_periods(episodes, by=by)
    years = years_of(year_ends)
    frame = areas_of(episodes, by).merge(all_levels({"year_ending": list(years)}), how="cross")
    for name, column in (("started", "start"), ("ceased", "end")):
        rows = once_a_child(periods, column, years, keep="last", by=by)
        frame = with_counts(frame, rows, [*by, "year_ending"], name=name)
    return frame
