"""Forecast need against supply: how many places may be short, of which kind, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.rows import GROUPS
from sufficiency_lib.forecast.summary import at_share, year_ends, yearly
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR

if TYPE_CHECKING:
    from sufficiency_lib.forecast.futures import Futures

#: Every registered place inside the area, as if no other authority used it.
REGISTER_INSIDE = "register_inside"

#: Kinds of provision whose registered places are in a home with an address, by the same name as
#: the placement. An agency's carers need not live where the agency is registered.
_IN_A_HOME = ("childrens_home", "secure", "supported_accommodation", "residential_school")

_SHARES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

COLUMNS = (
    "scenario", "year_ending", "placement_group", "children_today", "supply_places",
    "supply_basis",
    *(f"{what}_{share}" for what in ("need", "gap") for share in _SHARES),
    "chance_short_pct",
    *(f"short_nights_{share}" for share in _SHARES),
)  # fmt: skip


def registered_inside(by_area: pd.DataFrame | None) -> dict[str, int]:
    """Registered places inside the area by placement group, where the register knows them.

    by_area  `metrics.market.supply_by` with the dimension area, as it is or as it is shown:
             provision_type, area, places; None, as without a register: nothing
    returns  placement group → places. A kind that the register has elsewhere and not inside has
             0; one with places whose area or number is not known, and none known inside, is left
             out, and so is one that the register does not have. Fostering agencies are left out

    They are homes of every sector, which other authorities use too: the most that could be
    counted on, and never what this council has.

    >>> held = pd.DataFrame({"provision_type": ["childrens_home", "childrens_home", "secure"],
    ...     "area": ["inside", "outside", "outside"], "places": [12.0, 30.0, 8.0]})
    >>> registered_inside(held)
    {'childrens_home': 12, 'secure': 0}
    """
    found: dict[str, int] = {}
    if by_area is None:
        return found
    for kind in _IN_A_HOME:
        rows = by_area[by_area["provision_type"] == kind]
        inside = pd.to_numeric(rows.loc[rows["area"] == "inside", "places"], errors="coerce")
        if inside.notna().any():
            found[kind] = int(inside.sum())
        elif len(rows) and (rows["area"] == "outside").all():
            found[kind] = 0
    return found


def sufficiency_gap(
    runs: Mapping[str, Futures],
    today: Mapping[str, int],
    places: Mapping[str, tuple[int, str]],
    inside: Mapping[str, int],
) -> pd.DataFrame:
    """Need less supply by placement and year, in places and in nights, over the futures.

    runs     scenario → its futures; none, as where a forecast is refused: no rows
    today    row → children on the first date (a row of `forecast.rows.children_on`)
    places   row → (places, profile or carers), as `forecast.unexpected.capacity` gives them:
             what the council can count on
    inside   placement group → registered places inside the area (see `registered_inside`)
    returns  COLUMNS, only where supply is known: by scenario as given, year and placement, then
             what the council can count on before all that is registered inside the area.
             need_: children at the year's end. gap_: places, need less supply in each future;
             above 0 is short. chance_short_pct: of futures, those with more children than places
             at the year's end. short_nights_: nights of the year's months beyond the places.
             p10, p50 and p90 as `forecast.summary.at_share`

    A place left empty in one month serves no child in another, so the nights are short month by
    month: the sum of max(0, bed nights - places x days of the month). Supply stays what it is
    today, in every scenario: a home that a scenario opens adds no place here. A place that is
    counted may still be the wrong one for the child.

    Source: Children Act 1989, s22G; guidance (2010), 4.7: short and long term, quantity.
    """
    held = _held(places, inside)
    parts = [
        row
        for scenario, futures in runs.items()
        for row in _of_scenario(scenario, futures, today, held)
    ]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    whole = pd.concat(parts, ignore_index=True)
    run = pd.Categorical(whole["scenario"], list(runs))
    order = whole.assign(run=run).sort_values(["run", "year_ending"], kind="stable").index
    return whole.loc[order, list(COLUMNS)].reset_index(drop=True)


def _held(
    places: Mapping[str, tuple[int, str]], inside: Mapping[str, int]
) -> list[tuple[str, int, str]]:
    """Placement group, places and their basis, in the order of the tables."""
    return [
        (group, *supply)
        for group in GROUPS
        for supply in (
            *([places[group]] if group in places else []),
            *([(inside[group], REGISTER_INSIDE)] if group in inside else []),
        )
    ]


def _of_scenario(
    scenario: str, futures: Futures, today: Mapping[str, int], held: list[tuple[str, int, str]]
) -> list[pd.DataFrame]:
    """A frame of years for each placement that anybody is in and whose supply is known."""
    nights = futures.by_group("nights")
    need = {group: children[:, MONTHS_A_YEAR::MONTHS_A_YEAR]
            for group, children in futures.by_group("children").items()}  # fmt: skip
    ends, days = year_ends(futures), np.diff(futures.dates).astype("timedelta64[D]").astype(int)
    return [
        pd.DataFrame({
            "scenario": scenario, "year_ending": ends, "placement_group": group,
            "children_today": int(today.get(group, 0)), "supply_places": supply,
            "supply_basis": basis,
            **_against(need[group], nights[group], days, supply),
        })
        for group, supply, basis in held
        if group in need
    ]


def _against(
    need: np.ndarray, nights: np.ndarray, days: np.ndarray, supply: int
) -> dict[str, np.ndarray]:
    """What is said of need [draws, years] and nights [draws, months] against so many places."""
    gap = need.astype("int64") - supply
    short = yearly(np.maximum(nights.astype("float64") - supply * days, 0))
    said = {"need": need, "gap": gap, "short_nights": short}
    return {
        **{
            f"{what}_{name}": np.round(at_share(values, share)).astype("int64")
            for what, values in said.items()
            for name, share in _SHARES.items()
        },
        "chance_short_pct": np.round(100 * (gap > 0).mean(axis=0), 1),
    }
