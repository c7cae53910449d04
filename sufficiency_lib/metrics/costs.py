"""What placements cost: each week on a day, and in each year, and how much of it is known.

All are worked from the ledger laid over the history (see `ledger`). A table of a history
without a ledger has no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sufficiency_lib.metrics.amounts import pounds, spend_of
from sufficiency_lib.metrics.ledger import PLACED, lived, paid_stays, priced_on
from sufficiency_lib.metrics.nights import slept_in_years
from sufficiency_lib.metrics.pairs import in_every_period, levels_met, with_total
from sufficiency_lib.metrics.stock import iso, percentage, ratio, sorted_days, year_start
from sufficiency_lib.metrics.tally import (
    By,
    all_levels,
    areas_of,
    as_objects,
    looked_up,
    total_within,
    with_counts,
)

_COST = "cost_gbp_per_week"


def weekly_costs(
    episodes: pd.DataFrame, ledger: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """What placements cost a week on each day, by placement and whose provision it is.

    episodes  the repaired history (see `stock.on_date`)
    ledger    see `ledger.paid_stays`: the two meet by child and dates
    dates     days of stock
    returns   as_at, cohort (see `pairs.cohort_of`; those met on any day, and `total`),
              provider_side (own, public, independent, none; `all` beside `total`), children,
              children_priced (of whom the ledger pays for the placement), children_not_priced,
              total_gbp_per_week, mean_gbp_per_week and median_gbp_per_week (of those priced;
              NaN where there are none), base_total_gbp_per_week (the children behind the
              money). Whole pounds; the row `total` adds up the rows above it.

    A placement without a price stays in `children`, and nothing stands in for its price.
    """
    rows = _stock(episodes, ledger, dates, by)
    frame = _rows_of(rows, "as_at", sorted_days(dates), areas_of(episodes, by))
    frame = frame if len(ledger) else frame[:0]
    keys = [*by, "as_at", *PLACED]
    return _with_weekly(frame, _and_all(rows), keys, [*by, "as_at"])


def weekly_costs_by_contract(
    episodes: pd.DataFrame, ledger: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """What placements that are paid for cost a week on each day, by placement and contract.

    episodes, ledger, dates  as in `weekly_costs`
    returns   as_at, cohort, provider_side, contract (in_house, framework, block, spot,
              not_known; those met on any day), children_priced, total_gbp_per_week,
              mean_gbp_per_week, median_gbp_per_week, base_total_gbp_per_week. The contracts of
              a placement add up to its row of `weekly_costs`. A child for whom two rows pay is
              under the contract of the dearer, with the cost of both.
    """
    rows = _stock(episodes, ledger, dates, by)
    rows = rows[rows[_COST].notna()]
    met = levels_met(rows, (*PLACED, "contract"), by)
    frame = in_every_period(met, "as_at", map(iso, sorted_days(dates)), by)
    frame = _with_weekly(frame, rows, [*by, "as_at", *PLACED, "contract"], None)
    return frame.drop(columns=["children", "children_not_priced"])


def spend_by_year(
    episodes: pd.DataFrame, ledger: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """What was spent on placements in each year, and on a night, by placement and provision.

    episodes, ledger  as in `weekly_costs`
    year_ends  31 Marches; the year is the one each closes
    returns    year_ending, cohort and provider_side (as in `weekly_costs`), nights (as
               `bed_nights` counts them), average_children (nights by the days of the year),
               nights_priced, coverage_pct (nights_priced of nights), spend_gbp_per_year (nights
               x weekly cost / 7; a night for which two rows pay costs both),
               cost_gbp_per_night (spend by nights_priced), and base_ columns with the children
               behind nights, nights_priced and spend. Whole pounds; the row `total` adds up.

    Nights without a price stay in `nights`: spend is what the ledger says, never more.

    >>> stay = pd.DataFrame({"child_id": ["a"], "placement_group": ["fostering"],
    ...     "provider": ["own"], "is_short_break": [False],
    ...     "decom": pd.to_datetime(["2024-04-01"]), "dec": pd.to_datetime([None])})
    >>> paid = pd.DataFrame({"child_id": ["a"], "start_date": pd.to_datetime(["2024-04-01"]),
    ...     "end_date": pd.to_datetime([None]), "place_code": ["U6"], "contract": ["in_house"],
    ...     "cost_gbp_per_week": [550.0]})
    >>> spend_by_year(stay, paid, ["2025-03-31"])["spend_gbp_per_year"].tolist()
    [28679, 28679]
    """
    days = sorted_days(year_ends)
    slept = slept_in_years(lived(episodes, by=by), days)
    stays = paid_stays(episodes, ledger, by=by)
    paid = slept_in_years(stays, days)
    paid = paid.assign(spend=spend_of(paid["nights"], paid[_COST]))
    alone = slept_in_years(stays, days, begins="alone_from")
    frame = _rows_of(slept, "year_ending", days, areas_of(episodes, by))
    frame = frame if len(ledger) else frame[:0]
    keys = [*by, "year_ending", *PLACED]
    for name, rows in (("nights", slept), ("nights_priced", alone)):
        frame = with_counts(frame, _and_all(rows), keys, name=name, weight="nights")
        frame = with_counts(frame, _and_all(rows), keys, name=f"base_{name}", distinct="child_id")
    frame["average_children"] = ratio(frame["nights"], _days_of(frame["year_ending"]), 1, 1)
    frame["coverage_pct"] = percentage(frame["nights_priced"], frame["nights"])
    frame = _with_pounds(frame, _and_all(paid), keys, "spend", "spend_gbp_per_year")
    frame = _adding_up(frame, "spend_gbp_per_year", [*by, "year_ending"])
    frame["cost_gbp_per_night"] = ratio(
        frame["spend_gbp_per_year"], frame["nights_priced"], 1, 2)
    frame["base_spend_gbp_per_year"] = frame["base_nights_priced"]
    return frame[[*keys, "nights", "average_children", "nights_priced", "coverage_pct",
                  "spend_gbp_per_year", "cost_gbp_per_night", "base_nights",
                  "base_nights_priced", "base_spend_gbp_per_year"]]


def ledger_coverage(
    episodes: pd.DataFrame, ledger: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """How well the ledger and the history agree in each year.

    episodes, ledger, year_ends  as in `spend_by_year`
    returns   year_ending, nights, nights_priced, nights_not_priced, coverage_pct (priced of
              all), nights_paid_twice (priced, by more than one row), nights_paid_elsewhere
              (priced, where the ledger says another placement group than the history),
              nights_paid_outside (in the ledger, while the history has the child in no
              placement: not looked after, on a short break, or no child of it), and base_
              columns with the children behind each.
    """
    days = sorted_days(year_ends)
    stays = paid_stays(episodes, ledger, by=by)
    alone = slept_in_years(stays, days, begins="alone_from")
    counted = {
        "nights": slept_in_years(lived(episodes, by=by), days),
        "nights_priced": alone,
        "nights_paid_twice": _more(slept_in_years(stays, days), alone, by),
        "nights_paid_elsewhere": alone[alone["is_elsewhere"].astype(bool)],
        "nights_paid_outside": _more(_ledger_nights(ledger, days, by),
                                     slept_in_years(stays, days), by),
    }
    years = all_levels({"year_ending": [iso(day) for day in days]})
    frame = areas_of(episodes, by).merge(years, how="cross")
    frame = frame if len(ledger) else frame[:0]
    keys = [*by, "year_ending"]
    for name, rows in counted.items():
        frame = with_counts(frame, rows, keys, name=name, weight="nights")
        frame = with_counts(frame, rows[rows["nights"] > 0], keys, name=f"base_{name}",
                            distinct="child_id")
    frame["nights_not_priced"] = frame["nights"] - frame["nights_priced"]
    frame["coverage_pct"] = percentage(frame["nights_priced"], frame["nights"])
    first, *rest = counted
    return frame[[*keys, first, rest[0], "nights_not_priced", "coverage_pct", *rest[1:],
                  *(f"base_{name}" for name in counted)]]


def dearest_placements(
    episodes: pd.DataFrame,
    ledger: pd.DataFrame,
    dates: Iterable[object],
    *,
    top_pct: float = 10,
    by: By = (),
) -> pd.DataFrame:
    """How much of what is paid in a week on each day goes to the most expensive placements.

    top_pct   which placements are the most expensive: this share of those priced, of whose
              number the half is rounded up; never a single one of them is told apart
    returns   as_at, top_pct, children_priced, dearest_children, dearest_share_pct (of what all
              priced placements cost), dearest_mean_gbp_per_week, others_mean_gbp_per_week
    """
    rows = _stock(episodes, ledger, dates, by)
    rows = rows[rows[_COST].notna()].sort_values(_COST, ascending=False, kind="stable")
    days = all_levels({"as_at": [iso(day) for day in sorted_days(dates)]})
    frame = areas_of(episodes, by).merge(days, how="cross").assign(top_pct=top_pct)
    frame = frame if len(ledger) else frame[:0]
    keys = [*by, "as_at"]
    frame = with_counts(frame, rows, keys, name="children_priced")
    most = ratio(frame["children_priced"] * top_pct, 100, 1, 0)
    frame = frame.assign(dearest_children=most.astype("int64"))
    top = as_objects(frame[[*keys, "dearest_children"]], keys)
    rows = as_objects(rows, keys).merge(top, on=keys)
    dearest = rows.groupby(keys, sort=False).cumcount() < rows["dearest_children"]
    whole = _sum(frame, rows, keys)
    part = _sum(frame, rows[dearest], keys)
    others = frame["children_priced"] - frame["dearest_children"]
    return frame.assign(
        dearest_share_pct=percentage(part, whole),
        dearest_mean_gbp_per_week=ratio(part, frame["dearest_children"], 1, 0),
        others_mean_gbp_per_week=ratio(whole - part, others, 1, 0),
    )


def _stock(
    episodes: pd.DataFrame, ledger: pd.DataFrame, dates: Iterable[object], by: By
) -> pd.DataFrame:
    """The children of each day with what is paid for them, day after day."""
    parts = [
        priced_on(episodes, ledger, day, by=by).assign(as_at=iso(day))
        for day in sorted_days(dates)
    ]
    nobody = priced_on(episodes[:0], ledger, pd.NaT, by=by).assign(as_at="")
    return pd.concat(parts or [nobody], ignore_index=True)


def _rows_of(
    rows: pd.DataFrame, period: str, days: Sequence[pd.Timestamp], areas: pd.DataFrame
) -> pd.DataFrame:
    """The keys of a table: every placement met in every period, and the total of each area."""
    by = list(areas.columns)
    met = with_total(levels_met(rows, PLACED, by), areas, provider_side="all")
    return in_every_period(met, period, map(iso, days), by)


def _and_all(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows, and once more as those of all placements."""
    whole = rows.assign(cohort="total", provider_side="all")
    return pd.concat([rows, whole], ignore_index=True)


def _with_weekly(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str], within: list[str] | None
) -> pd.DataFrame:
    """Children, those priced, and the sum, mean and median of what is paid for them a week."""
    priced = rows[rows[_COST].notna()]
    frame = with_counts(frame, rows, keys)
    frame = with_counts(frame, priced, keys, name="children_priced")
    frame["children_not_priced"] = frame["children"] - frame["children_priced"]
    frame = _with_pounds(frame, priced, keys, _COST, "total_gbp_per_week")
    if within is not None:
        frame = _adding_up(frame, "total_gbp_per_week", within)
    frame["mean_gbp_per_week"] = ratio(
        frame["total_gbp_per_week"], frame["children_priced"], 1, 0)
    middle = _grouped(frame, priced, keys, _COST, "median")
    return frame.assign(median_gbp_per_week=pounds(middle),
                        base_total_gbp_per_week=frame["children_priced"])


def _grouped(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str], column: str, how: str
) -> pd.Series:
    """A statistic of the rows that share each row's keys; NaN where there are none."""
    found = as_objects(rows, keys).groupby(keys, sort=False)[column].agg(how)
    return looked_up(frame, found, keys)


def _sum(frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    return _grouped(frame, rows, keys, _COST, "sum").fillna(0.0)


def _with_pounds(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str], column: str, name: str
) -> pd.DataFrame:
    amounts = pounds(_grouped(frame, rows, keys, column, "sum").fillna(0.0))
    return frame.assign(**{name: pd.Series(amounts, frame.index).astype("int64")})


def _adding_up(frame: pd.DataFrame, column: str, within: list[str]) -> pd.DataFrame:
    """The total as the sum of the rounded rows, so that the table adds up as it is printed."""
    is_total = frame["cohort"] == "total"
    parts = frame.assign(part=frame[column].mask(is_total, 0))
    return frame.assign(**{
        column: frame[column].mask(is_total, total_within(parts, "part", within))
    })


def _days_of(year_ends: pd.Series) -> pd.Series:
    """The nights of each year."""
    said = {end: pd.Timestamp(end) for end in year_ends.unique()}
    return year_ends.map({end: (day - year_start(day)).days + 1 for end, day in said.items()})


def _ledger_nights(
    ledger: pd.DataFrame, days: Sequence[pd.Timestamp], by: By
) -> pd.DataFrame:
    rows = ledger[[*by, "child_id"]].assign(decom=ledger["start_date"], dec=ledger["end_date"])
    return slept_in_years(rows[ledger[_COST].notna()], days)


def _more(rows: pd.DataFrame, less: pd.DataFrame, by: By) -> pd.DataFrame:
    """By how many nights each child has more in the one than in the other, year by year."""
    keys = [*by, "child_id", "year_ending"]
    one, two = (
        as_objects(part, keys).groupby(keys, sort=False)["nights"].sum() for part in (rows, less)
    )
    return one.sub(two, fill_value=0).astype("int64").rename("nights").reset_index()
