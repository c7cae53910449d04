"""Unexpected demand: the chance that need passes what there is, and what would hold it.

Guidance (2010), 2.13: how likely unexpected demand is, what it would mean, and the standby
capacity for it. A year is full when its fullest month is, so each future counts by its peak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.rows import GROUPS
from sufficiency_lib.forecast.summary import at_share, year_ends
from sufficiency_lib.metrics.carers import current_mainstream
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR

if TYPE_CHECKING:
    from sufficiency_lib.forecast.futures import Futures

#: The shares of futures that standby places are to hold.
HOLDS = (0.90, 0.95)

DEMAND_COLUMNS = (
    "placement_group", "year_ending", "children_today", "capacity_places", "capacity_source",
    "largest_month_p50", "largest_month_p90", "largest_month_p95", "chance_over_capacity_pct",
)  # fmt: skip
STANDBY_COLUMNS = (
    "placement_group", "year_ending", "children_today", "capacity_places", "usual_children",
    "places_hold_90", "places_hold_95", "standby_90", "standby_95", "short_90", "short_95",
)  # fmt: skip

FROM_PROFILE, FROM_CARERS = "profile", "carers"


def capacity(
    profile: Mapping[str, int], carers: pd.DataFrame, as_at: object
) -> dict[str, tuple[int, str]]:
    """The places that the council can count on, where it is known: row → (places, source).

    profile  placement group, fostering_in_house or fostering_ifa → places ([capacity_places])
    carers   household_id, places_approved, carer_type, approved_date, left_date

    In-house fostering that the profile leaves out is the approved places of mainstream households
    on the day, each once by its latest approval (see `carers.current_mainstream`): an upper bound,
    as a place may be empty for a good reason. No other capacity can be read from a register,
    because other authorities place in the same homes.
    """
    known = {group: (int(places), FROM_PROFILE) for group, places in profile.items()}
    places = carers.loc[current_mainstream(carers, as_at), "places_approved"].sum()
    if "fostering_in_house" not in known and places > 0:
        known["fostering_in_house"] = (int(places), FROM_CARERS)
    return {group: known[group] for group in GROUPS if group in known}


def unexpected_demand(
    futures: Futures | None, today: Mapping[str, int], places: Mapping[str, tuple[int, str]]
) -> pd.DataFrame:
    """How large each year's fullest month may be, and the chance that it passes capacity.

    futures  no change; None, as where a forecast is refused: no rows
    today    row → children on the first date
    places   `capacity`
    returns  placement_group, year_ending, children_today, capacity_places (blank: not known),
             capacity_source, largest_month_p50, largest_month_p90, largest_month_p95 (children at
             the fullest month end of the year: half, 90% and 95% of futures stay at or below),
             chance_over_capacity_pct (of futures in which it is more than the places; blank
             without capacity)
    """
    if futures is None:
        return pd.DataFrame(columns=list(DEMAND_COLUMNS))
    ends, rows = year_ends(futures), []
    for group, children in futures.by_group().items():
        full = peaks(children)
        held, source = places.get(group, (np.nan, ""))
        over = 100 * (full > held).mean(axis=0) if group in places else np.full(len(ends), np.nan)
        rows.append(pd.DataFrame({
            "placement_group": group, "year_ending": ends,
            "children_today": int(today.get(group, 0)), "capacity_places": held,
            "capacity_source": source,
            **{f"largest_month_p{share:.0f}": at_share(full, share / 100)
               for share in (50, 90, 95)},
            "chance_over_capacity_pct": np.round(over, 1),
        }))
    return _by_year_end(rows)[list(DEMAND_COLUMNS)]


def standby_places(
    futures: Futures | None, today: Mapping[str, int], places: Mapping[str, tuple[int, str]]
) -> pd.DataFrame:
    """The places that hold 90% and 95% of futures in each year, and how many stand by for it.

    Arguments as in `unexpected_demand`.
    returns  placement_group, year_ending, children_today, capacity_places, usual_children (the
             mean of the year's month ends over all futures, one decimal), places_hold_90,
             places_hold_95 (places that the fullest month does not pass in that share of
             futures), standby_90, standby_95 (those less usual_children, rounded up), and
             short_90, short_95 (those that capacity falls short by; 0 where it does not; blank
             without capacity)
    """
    if futures is None:
        return pd.DataFrame(columns=list(STANDBY_COLUMNS))
    ends, rows = year_ends(futures), []
    for group, children in futures.by_group().items():
        full, usual = peaks(children), usual_children(children)
        held = places.get(group, (np.nan, ""))[0]
        row = {
            "placement_group": group, "year_ending": ends, "capacity_places": held,
            "children_today": int(today.get(group, 0)), "usual_children": np.round(usual, 1),
        }
        for share in HOLDS:
            needed, name = at_share(full, share), f"{100 * share:.0f}"
            row[f"places_hold_{name}"] = needed
            row[f"standby_{name}"] = np.maximum(np.ceil(needed - usual), 0).astype("int64")
            row[f"short_{name}"] = np.maximum(needed - held, 0)
        rows.append(pd.DataFrame(row))
    return _by_year_end(rows)[list(STANDBY_COLUMNS)]


def _by_year_end(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The placements of each year together."""
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values("year_ending", kind="stable", ignore_index=True)


def peaks(children: np.ndarray) -> np.ndarray:
    """The fullest month end of each year in each future: [draws, years].

    children  [draws, months + 1], the first date first, which is in no year

    >>> peaks(np.array([[9] + [1] * 11 + [4] + [2] * 12]))
    array([[4, 2]])
    """
    return _by_year(children).max(axis=2)


def usual_children(children: np.ndarray) -> np.ndarray:
    """The mean of each year's month ends over all futures: [years].

    >>> usual_children(np.array([[9] + [1] * 6 + [3] * 6]))
    array([2.])
    """
    return _by_year(children).mean(axis=(0, 2), dtype="float64")


def _by_year(children: np.ndarray) -> np.ndarray:
    years = (children.shape[1] - 1) // MONTHS_A_YEAR
    months = children[:, 1 : 1 + years * MONTHS_A_YEAR]
    return months.reshape(len(children), years, MONTHS_A_YEAR)
