"""Placements sought against placements made: how searches went, and how long they took.

A search is one row of the referrals, and is of the year in which it began. A child may be
searched for more than once: the children behind each count stand in its `base_` column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.metrics.distances import FEWEST_FOR_QUARTILES
from sufficiency_lib.metrics.stock import in_years, percentage, ratio, years_of
from sufficiency_lib.metrics.tally import (
    By,
    areas_of,
    bases_last,
    looked_up,
    tally,
    with_counts,
)

#: Column → the outcome that it counts.
OUTCOMES = {
    "placed": "placed", "placed_unregistered": "placed_unregistered", "withdrawn": "withdrawn",
    "still_open": "open",
}

#: Column of what was used → the placement groups.
MADE: dict[str, tuple[str, ...]] = {
    "kinship_made": ("kinship_fostering",),
    "fostering_made": ("fostering",),
    "home_made": ("childrens_home",),
    "supported_made": ("supported_accommodation",),
    "other_made": tuple(
        group for group in PLACEMENT_GROUPS
        if group not in ("kinship_fostering", "fostering", "childrens_home",
                         "supported_accommodation")
    ),
}
_FAMILY = {group: groups[0] if len(groups) == 1 else "other"
           for groups in MADE.values() for group in groups}
_FAMILIES = (*(groups[0] for groups in MADE.values() if len(groups) == 1), "other")

_QUANTILES = {"median_days": 0.5, "lower_quartile_days": 0.25, "upper_quartile_days": 0.75}


def searches(
    referrals: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Placements sought in each year, and how the searches ended.

    referrals  referral_id, child_id, referral_date, placed_date, outcome, offers, refusals
    year_ends  31 Marches; a search is of the year in which it began
    by         columns whose values each have a table
    returns    year_ending, searches, placed (in a registered setting), placed_unregistered,
               withdrawn, still_open (when the extract was made: censored), placed_pct (placed
               of all searches), median_days from referral to placement with its quartiles
               (of those placed in a registered setting, so without those still open; NaN
               where none were, quartiles where fewer than ten), offers_average and
               refusals_average (of the searches that say), and base_<count>: the children
               behind each count (a search that names no child counts as one). Years before
               the first search are left out, as nothing is known of them.

    >>> sought = pd.DataFrame({"referral_id": ["1", "2"], "child_id": ["a", "a"],
    ...     "outcome": ["placed", "withdrawn"], "offers": [2, 0], "refusals": [1, 4],
    ...     "referral_date": pd.to_datetime(["2024-04-01", "2024-05-01"]),
    ...     "placed_date": pd.to_datetime(["2024-04-08", None])})
    >>> found = searches(sought, ["2025-03-31"]).iloc[0]
    >>> [float(found[name]) for name in ("searches", "placed_pct", "median_days", "base_searches")]
    [2.0, 50.0, 7.0, 1.0]
    """
    years = years_of(year_ends)
    rows = in_years(_with_days(referrals), "referral_date", years)
    frame = tally(rows, {"year_ending": list(years)}, areas_of(referrals, by), name="searches")
    frame = _outcomes(frame, rows, [*by, "year_ending"])
    return frame[frame["year_ending"] >= rows["year_ending"].min()].reset_index(drop=True)


def searches_by_type(
    referrals: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Placements sought in each year by the placement that was wanted, and how searches ended.

    referrals, year_ends  as in `searches`, with placement_group_sought
    returns               year_ending, placement_group_sought (those met), and the columns of
                          `searches`
    """
    years = years_of(year_ends)
    rows = in_years(_with_days(referrals), "referral_date", years)
    met = [group for group in PLACEMENT_GROUPS if (rows["placement_group_sought"] == group).any()]
    levels = {"year_ending": list(years), "placement_group_sought": met}
    frame = tally(rows, levels, areas_of(referrals, by), name="searches")
    return _outcomes(frame, rows, [*by, *levels])


def sought_and_made(
    referrals: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """The placement that was wanted against the one that was used, of searches in each year.

    referrals  as in `searches`, with placement_group_sought and placement_group_made
    returns    year_ending, placement_group_sought (kinship_fostering, fostering,
               childrens_home, supported_accommodation, other: those met), kinship_made,
               fostering_made, home_made, supported_made, other_made (registered settings, or
               not known to be other), unregistered_made (whatever it is called), and
               as_sought_pct (the same kind as wanted, of all that were placed), with the
               children behind each count as base_<count>. Searches without a placement are
               left out.
    """
    years = years_of(year_ends)
    rows = in_years(referrals, "referral_date", years)
    rows = rows[rows["outcome"].isin(["placed", "placed_unregistered"])]
    made = rows["placement_group_made"].astype(object)
    column_of = {group: column for column, groups in MADE.items() for group in groups}
    rows = rows.assign(
        placement_group_sought=rows["placement_group_sought"].astype(object).map(_FAMILY),
        child=_child(rows),
        made=made.map(column_of).fillna("other_made").where(
            rows["outcome"] == "placed", "unregistered_made"),
    )
    met = [one for one in _FAMILIES if (rows["placement_group_sought"] == one).any()]
    levels = {"year_ending": list(years), "placement_group_sought": met}
    columns = [*MADE, "unregistered_made"]
    frame = areas_of(referrals, by).merge(
        tally(rows[:0], levels, pd.DataFrame(index=[0])).drop(columns="children"), how="cross")
    frame = _counted(frame, rows, [*by, *levels], "made", {name: name for name in columns})
    same = pd.Series(0, index=frame.index)
    for column, groups in MADE.items():
        wanted = groups[0] if len(groups) == 1 else "other"
        same = same.where(frame["placement_group_sought"] != wanted, frame[column])
    frame["as_sought_pct"] = percentage(same, frame[columns].sum(axis=1))
    return bases_last(frame)


def _with_days(referrals: pd.DataFrame) -> pd.DataFrame:
    days = (referrals["placed_date"] - referrals["referral_date"]).dt.days
    return referrals.assign(days=days.astype("float64"), child=_child(referrals))


def _child(rows: pd.DataFrame) -> pd.Series:
    """Who was searched for; a search that names no child stands for one of its own."""
    child = "child " + rows["child_id"].astype("object").where(rows["child_id"].notna(), "")
    return child.where(rows["child_id"].notna(), "search " + rows["referral_id"].astype(object))


def _counted(
    frame: pd.DataFrame,
    rows: pd.DataFrame,
    keys: Sequence[str],
    column: str,
    values: dict[str, str],
) -> pd.DataFrame:
    """A count for each value of a column, and the different children behind it."""
    for name, value in values.items():
        part = rows[rows[column] == value]
        frame = with_counts(frame, part, keys, name=name)
        frame = with_counts(frame, part, keys, name=f"base_{name}", distinct="child")
    return frame


def _outcomes(frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    frame = with_counts(frame, rows, keys, name="base_searches", distinct="child")
    frame = _counted(frame, rows, keys, "outcome", OUTCOMES)
    frame["placed_pct"] = percentage(frame["placed"], frame["searches"])
    made = rows[(rows["outcome"] == "placed") & rows["days"].notna()]
    enough = with_counts(frame[keys], made, keys, name="made")["made"] >= FEWEST_FOR_QUARTILES
    for name, share in _QUANTILES.items():
        days = looked_up(frame, made.groupby(keys, observed=True)["days"].quantile(share), keys)
        days = pd.Series(ratio(days, 1, 1, 1), index=frame.index)
        frame[name] = days if name == "median_days" else days.where(enough)
    for name in ("offers", "refusals"):
        told = rows.assign(told=rows[name].astype("float64"))
        grouped = told.groupby(keys, observed=True)["told"]
        sums, known = (looked_up(frame, part, keys) for part in (grouped.sum(), grouped.count()))
        frame[f"{name}_average"] = ratio(sums, known, 1, 1)
    return bases_last(frame)
