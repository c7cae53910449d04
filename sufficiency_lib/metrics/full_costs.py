"""Full unit costs: in-house beside bought, and the work of placing a child.

The ledger has what is paid for a placement. What else it takes is in the profile: items of
cost (guidance 4.5), and unit costs of the eight processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from sufficiency_lib.cleaning.periods import care_periods
from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.metrics.amounts import NIGHTS_A_WEEK, pounds
from sufficiency_lib.metrics.invest import AGENCY, OWN
from sufficiency_lib.metrics.ledger import lived, priced_on
from sufficiency_lib.metrics.nights import nights_between, slept_in_years
from sufficiency_lib.metrics.stock import (
    NEW_LEGAL_STATUS_RNE,
    in_years,
    open_between,
    placed_in_years,
    ratio,
    year_start,
    years_of,
)
from sufficiency_lib.metrics.tally import By, areas_of, as_objects, looked_up, tally, with_counts
from sufficiency_lib.settings_costs import PROCESSES, CostItem, ProcessCost

#: The sides that are set against each other.
COMPARED = ("own", "independent")

#: What each of the eight processes is counted by.
COUNTED_BY: Mapping[str, str] = {
    "first_placement": "period of care that starts",
    "care_planning": "child looked after in the year",
    "maintaining": "week in a placement",
    "ceasing": "period of care that ends",
    "next_placement": "move to another carer",
    "review": "review held",
    "legal": "court order that begins",
    "leaving_care": "young person who turns 16",
}

#: Orders of a court by which children are looked after (DfE code set LS).
_COURT_ORDERS = frozenset({"C1", "C2", "D1", "E1"})
_LEAVING_AGE = 16


def full_unit_costs(
    episodes: pd.DataFrame,
    ledger: pd.DataFrame,
    as_at: object,
    items: Sequence[CostItem] = (),
    *,
    by: By = (),
) -> pd.DataFrame:
    """A week in the council's own provision beside one that it buys, with full costs.

    episodes, ledger  see `ledger.priced_on`: placements on the day that have a price
    items     of the profile (see `settings_costs.CostItem`): a week for each child, or a year
              for all of them, which is spread over the nights of the year to the day
    returns   placement_group, and of own and independent provision each: _children,
              _total_gbp_per_week (of the ledger), _gbp_per_week (their mean),
              _items_gbp_per_week, _full_gbp_per_week; then difference_gbp_per_week
              (independent less own, in full), and base_ columns of the totals. A row for each
              placement group that has both. Own fostering is U4 to U6, as relatives would
              foster for nobody else; agency fostering is U1 to U6, as in `pairs.cohort_of`.
              Whole pounds.

    Without items the full costs are those of the ledger: then in-house looks cheaper than it
    is, as its carers' fees are in the ledger and those who support them are not.

    Source: sufficiency guidance (2010), 4.5.
    """
    rows = priced_on(episodes, ledger, as_at, by=by)
    rows = rows[rows["cost_gbp_per_week"].notna() & rows["provider_side"].isin(list(COMPARED))]
    group = rows["cohort"].replace(dict.fromkeys((OWN, AGENCY), "fostering"))
    rows = rows.assign(placement_group=group)[group.isin(list(PLACEMENT_GROUPS))]
    weekly = _items_a_week(episodes, as_at, items, by)
    groups = sorted(set(rows["placement_group"]), key=PLACEMENT_GROUPS.index)
    frame = tally(rows[:0], {"placement_group": groups}, areas_of(episodes, by)).drop(
        columns="children")
    keys = [*by, "placement_group"]
    for side in COMPARED:
        frame = _with_side(frame, rows[rows["provider_side"] == side], keys, side, weekly)
    gap = frame["independent_full_gbp_per_week"] - frame["own_full_gbp_per_week"]
    both = (frame["own_children"] > 0) & (frame["independent_children"] > 0)
    return frame.assign(difference_gbp_per_week=gap)[both].reset_index(drop=True)


def _with_side(
    frame: pd.DataFrame, rows: pd.DataFrame, keys: list[str], side: str, weekly: pd.DataFrame
) -> pd.DataFrame:
    """The children of one side, and what their weeks cost without and with the items."""
    frame = with_counts(frame, rows, keys, name=f"{side}_children")
    paid = as_objects(rows, keys).groupby(keys, sort=False)["cost_gbp_per_week"].sum()
    more = weekly[weekly["side"] == side].set_index(keys)["weekly"]
    total = pounds(looked_up(frame, paid, keys).fillna(0.0))
    items = pounds(looked_up(frame, more, keys).fillna(0.0))
    children = frame[f"{side}_children"]
    mean = ratio(total, children, 1, 0)
    return frame.assign(**{
        f"{side}_total_gbp_per_week": total.astype("int64"),
        f"{side}_gbp_per_week": mean,
        f"{side}_items_gbp_per_week": items,
        f"{side}_full_gbp_per_week": mean + items,
        f"base_{side}_total_gbp_per_week": children,
    })


def fostering_overheads(
    episodes: pd.DataFrame, as_at: object, items: Sequence[CostItem]
) -> dict[str, float]:
    """What the items of fostering come to for a child and week, as `invest_to_save` takes them.

    items    see `full_unit_costs`; a yearly one is spread over the nights of the year to the day
    returns  own_overheads_gbp_per_week, agency_overheads_gbp_per_week; 0 without items, NaN for a
             yearly one in a year without nights

    >>> fostering_overheads(pd.DataFrame(), "2025-03-31", ())["own_overheads_gbp_per_week"]
    0.0
    """
    names = dict(zip(COMPARED, ("own", "agency"), strict=True))
    of_fostering = [item for item in items if item.placement_group == "fostering"]
    return {
        f"{name}_overheads_gbp_per_week": _total(
            episodes, as_at, [item for item in of_fostering if item.side == side])
        for side, name in names.items()
    }


def _total(episodes: pd.DataFrame, as_at: object, items: Sequence[CostItem]) -> float:
    return float(_items_a_week(episodes, as_at, items, ())["weekly"].iloc[0]) if items else 0.0


def _items_a_week(
    episodes: pd.DataFrame, as_at: object, items: Sequence[CostItem], by: By
) -> pd.DataFrame:
    """by, placement_group, side, weekly: the items of each added up, for a child and week."""
    day = pd.Timestamp(as_at)
    lasting = episodes[~episodes["is_short_break"].astype(bool)]
    parts = [pd.DataFrame(columns=[*by, "placement_group", "side", "weekly"])]
    for item in map(CostItem.model_validate, items):
        rows = _nights_of(lasting, item, day, by)
        a_week = item.gbp_per_week
        if item.gbp_per_year is not None:
            a_week = ratio([item.gbp_per_year] * len(rows), rows["nights"], NIGHTS_A_WEEK, 4)
        parts.append(rows.drop(columns="nights").assign(weekly=a_week))
    every = pd.concat(parts, ignore_index=True)
    every = every.assign(weekly=every["weekly"].astype("float64"))
    keys = [*by, "placement_group", "side"]
    return every.groupby(keys, sort=False)["weekly"].sum(min_count=1).reset_index()


def _nights_of(
    lasting: pd.DataFrame, item: CostItem, day: pd.Timestamp, by: By
) -> pd.DataFrame:
    """The nights of an item's placements in the year to a day, one row an area."""
    of_side = lived(lasting)["provider_side"] == item.side
    rows = lasting[of_side & (lasting["placement_group"] == item.placement_group)]
    rows = rows.assign(nights=nights_between(rows, year_start(day), day))
    frame = areas_of(lasting, by).assign(placement_group=item.placement_group, side=item.side)
    return with_counts(frame, rows, list(by), name="nights", weight="nights")


def process_costs(
    episodes: pd.DataFrame,
    reviews: pd.DataFrame,
    year_ends: Iterable[object],
    unit_costs: Mapping[str, ProcessCost],
    *,
    by: By = (),
) -> pd.DataFrame:
    """How often each of the eight processes of placing a child happened, and what it cost.

    episodes   the repaired history with care_period_id, dob, rne and legal_status
    reviews    child_id, review (the day it was held)
    year_ends  31 Marches; the year is the one each closes
    unit_costs of the profile: process → its cost each time (see `settings_costs.ProcessCost`)
    returns    year_ending, process, times, gbp_each (NaN: not given), spend_gbp_per_year
               (times x gbp_each), base_times (the children behind them). The times are:

      first_placement  periods of care that started · care_planning  children looked after at
      some time in the year · maintaining  weeks in placements (nights by 7, rounded) ·
      ceasing  periods of care that ended · next_placement  moves to another carer in care (RNE
      P or B) · review  reviews held · legal  court orders that began, with the start or by a
      change of status (C1, C2, D1, E1) · leaving_care  children who turned 16 looked after

    Short breaks are left out. Work on what did not happen (a search that came to nothing) is
    not in the history, nor in the times.

    Source: the processes of the Loughborough Cost Calculator, named in the sufficiency
    guidance (2010); which rows of the history stand for each is the suite's own reading.
    """
    events = pd.concat(
        [rows.assign(process=name) for name, rows in
         _events(episodes, reviews, list(year_ends), by).items()], ignore_index=True)
    levels = {"year_ending": list(years_of(year_ends)), "process": PROCESSES}
    keys = [*by, *levels]
    frame = tally(events, levels, areas_of(episodes, by), name="times")
    slept = events[events["process"] == "maintaining"]
    nights = with_counts(frame[keys], slept, keys, name="nights", weight="nights")["nights"]
    is_weeks = frame["process"] == "maintaining"
    weeks = pd.Series(ratio(nights, NIGHTS_A_WEEK, 1, 0), frame.index).astype("int64")
    frame["times"] = frame["times"].mask(is_weeks, weeks)
    each = {name: ProcessCost.model_validate(cost).each for name, cost in unit_costs.items()}
    frame["gbp_each"] = frame["process"].map(each).astype("float64")
    frame["spend_gbp_per_year"] = pounds(frame["times"] * frame["gbp_each"])
    return with_counts(frame, events, keys, name="base_times", distinct="child_id")


def _events(
    episodes: pd.DataFrame, reviews: pd.DataFrame, year_ends: Sequence[object], by: By
) -> Mapping[str, pd.DataFrame]:
    """Process → its rows: by, child_id and year_ending, one each time."""
    years, kept = years_of(year_ends), [*by, "child_id"]
    periods = care_periods(episodes, by=by)
    lasting = episodes[~episodes["is_short_break"].astype(bool)]
    slept = slept_in_years(lived(episodes, by=by), year_ends)
    moved, _ = placed_in_years(episodes, year_ends, columns=[*kept, "rne"])
    orders = lasting[lasting["legal_status"].isin(list(_COURT_ORDERS))
                     & lasting["rne"].isin(list(NEW_LEGAL_STATUS_RNE))]
    known = reviews["child_id"].astype(object).isin(set(lasting["child_id"]))
    rows = {
        "first_placement": in_years(periods[[*kept, "start"]], "start", years),
        "care_planning": slept.drop_duplicates([*kept, "year_ending"]),
        "maintaining": slept,
        "ceasing": in_years(periods[[*kept, "end"]], "end", years),
        "next_placement": moved[moved["rne"] != "S"],
        "review": in_years(reviews.loc[known, [*kept, "review"]], "review", years),
        "legal": in_years(orders[[*kept, "decom"]], "decom", years),
        "leaving_care": _turning(lasting, year_ends, kept),
    }
    return {name: found[[*kept, "year_ending", *(["nights"] if name == "maintaining" else [])]]
            for name, found in rows.items()}


def _turning(
    lasting: pd.DataFrame, year_ends: Sequence[object], kept: list[str]
) -> pd.DataFrame:
    """The children who were looked after on the day in a year on which they turned 16."""
    day = lasting["dob"] + pd.DateOffset(years=_LEAVING_AGE)
    there = open_between(lasting, day, day)
    rows = lasting.loc[there, kept].assign(day=day[there])
    return in_years(rows, "day", years_of(year_ends))

