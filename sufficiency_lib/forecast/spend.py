"""What the futures cost: bed nights times the weekly cost of each kind of placement.

In constant prices: a place is taken to cost in every year what it costs on the first date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.futures import FOSTERING_COHORTS
from sufficiency_lib.forecast.states import states_of
from sufficiency_lib.forecast.summary import month_names, rows_of, said_of, year_ends, yearly
from sufficiency_lib.metrics.amounts import NIGHTS_A_WEEK
from sufficiency_lib.metrics.ledger import priced_on
from sufficiency_lib.metrics.pairs import PAIR
from sufficiency_lib.metrics.stock import on_date

if TYPE_CHECKING:
    from sufficiency_lib.forecast.futures import Futures

BY_MONTH = ("mean_gbp_per_month", "p10_gbp_per_month", "p50_gbp_per_month", "p90_gbp_per_month")
BY_YEAR = ("mean_gbp_per_year", "p10_gbp_per_year", "p50_gbp_per_year", "p90_gbp_per_year")

#: Published to the nearest so many pounds: a forecast knows no pence.
_NEAREST_GBP = 1_000

LEDGER, PROFILE, LEDGER_NEAREST, NOT_COSTED = "ledger", "profile", "ledger_nearest", "not_costed"

COST_COLUMNS = ("placement_group", "provider_side", "placements_costed", "cost_gbp_per_week",
                "cost_source")  # fmt: skip


def unit_costs(
    episodes: pd.DataFrame,
    ledger: pd.DataFrame,
    as_at: object,
    states: Sequence[str],
    profile: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """What a place in each state costs a week, and where that is from.

    episodes, ledger  as in `metrics.ledger.priced_on`: the children of the day and what is paid
             for each, so that a mean is that of `metrics.costs.weekly_costs`
    states   '<placement group>/<side>', as the futures have them
    profile  placement group, fostering_in_house, fostering_ifa or state → £ a week, which stands
             in where the ledger has none
    returns  placement_group, provider_side, placements_costed (children whose place the ledger
             pays for), cost_gbp_per_week (pounds and pence; blank where nothing says it),
             cost_source: ledger (the mean of the state), profile, ledger_nearest (the mean of the
             same placement with the provider whom the ledger has most), or not_costed

    >>> stays = pd.DataFrame({"child_id": ["a"], "placement_group": ["fostering"],
    ...     "provider": ["own"], "is_short_break": [False],
    ...     "decom": pd.to_datetime(["2024-04-01"]), "dec": pd.to_datetime([None])})
    >>> paid = pd.DataFrame({"child_id": ["a"] * 2, "place_code": ["U6"] * 2,
    ...     "contract": ["in_house"] * 2, "cost_gbp_per_week": [400.0, 150.0],
    ...     "start_date": pd.to_datetime(["2024-04-01"] * 2), "end_date": pd.NaT})
    >>> unit_costs(stays, paid, "2025-03-31", ["fostering/own"])["cost_gbp_per_week"].tolist()
    [550.0]
    """
    given = dict(profile or {})
    priced = priced_on(episodes, ledger, as_at, columns=PAIR).dropna(subset=["cost_gbp_per_week"])
    found = priced.groupby(states_of(priced))["cost_gbp_per_week"].agg(["mean", "size"])
    rows = []
    for state in states:
        group, _, side = state.partition("/")
        said = next((given[name] for name in _names_of(state) if name in given), None)
        near = found[[other.partition("/")[0] == group for other in found.index]]
        if state in found.index:
            cost, count, source = *found.loc[state], LEDGER
        elif said is not None:
            cost, count, source = said, 0, PROFILE
        elif len(near):
            cost, count, source = *near.loc[near["size"].idxmax()], LEDGER_NEAREST
        else:
            cost, count, source = np.nan, 0, NOT_COSTED
        rows.append((group, side, int(count), round(float(cost), 2), source))
    return pd.DataFrame(rows, columns=list(COST_COLUMNS))


def unit_costs_shown(
    costs: pd.DataFrame, episodes: pd.DataFrame, as_at: object, fewest: int
) -> pd.DataFrame:
    """The unit costs as a page has them: beside the children whose places they are.

    costs   `unit_costs`
    fewest  the fewest placements whose mean may be shown (`Dataset.fewest_shown`)
    returns placement_group, provider_side, children_today, cost_gbp_per_week ("c" where it is the
            mean of fewer placements, "x" where nothing says it), cost_source
    """
    here = states_of(on_date(episodes, pd.Timestamp(as_at))).value_counts()
    state = costs["placement_group"] + "/" + costs["provider_side"]
    few = costs["placements_costed"].between(1, fewest - 1)
    cost = costs["cost_gbp_per_week"].astype(object)
    return pd.DataFrame({
        "placement_group": costs["placement_group"], "provider_side": costs["provider_side"],
        "children_today": state.map(here).fillna(0).astype("int64"),
        "cost_gbp_per_week": cost.where(cost.notna(), "x").mask(few, "c"),
        "cost_source": costs["cost_source"],
    })


def _names_of(state: str) -> list[str]:
    """What a profile may call a state, the most exact first."""
    cohorts = [name for name, parts in FOSTERING_COHORTS.items() if state in parts]
    return [state, *cohorts, state.partition("/")[0]]


def spend(futures: Futures, costs: pd.DataFrame) -> dict[str, np.ndarray]:
    """Pounds spent in each month and future, by the rows of the forecast.

    costs    `unit_costs`; a state that it has not, or that is not costed, counts as nothing
    returns  row → [draws, months], in pounds of the first date
    """
    states = costs["placement_group"] + "/" + costs["provider_side"]
    known = dict(zip(states, costs["cost_gbp_per_week"].fillna(0.0), strict=True))
    weekly = np.array([known.get(state, 0.0) for state in futures.states], dtype="float64")
    priced = futures.nights * (weekly / NIGHTS_A_WEEK)
    return {
        group: priced[:, :, futures.columns_of(group)].sum(axis=2) for group in futures.groups
    }


def forecast_spend(
    runs: Mapping[str, Futures], today: Mapping[str, int], costs: pd.DataFrame
) -> pd.DataFrame:
    """Spend by placement in each month, scenario by scenario, in constant prices.

    runs, today  as in `summary.forecast`
    costs        `unit_costs` of their states
    returns      scenario, date (the month's last day), placement_group, children_today, and
                 BY_MONTH in whole thousands of pounds; a row without any cost is left out
    """
    return rows_of(
        {name: _costed(futures, costs) for name, futures in runs.items()}, today, "date",
        {name: month_names(futures) for name, futures in runs.items()},
        lambda values: _pounds(values, BY_MONTH), BY_MONTH,
    )


def spend_by_year(
    runs: Mapping[str, Futures], today: Mapping[str, int], costs: pd.DataFrame
) -> pd.DataFrame:
    """Spend by placement in each whole year; the range is of the year's sum in each future.

    returns  scenario, year_ending, placement_group, children_today, and BY_YEAR in whole
             thousands of pounds
    """
    return rows_of(
        {name: _costed(futures, costs) for name, futures in runs.items()}, today,
        "year_ending", {name: year_ends(futures) for name, futures in runs.items()},
        lambda values: _pounds(yearly(values), BY_YEAR), BY_YEAR,
    )


def _costed(futures: Futures, costs: pd.DataFrame) -> dict[str, np.ndarray]:
    known = set(costs.loc[costs["cost_gbp_per_week"].notna(), "placement_group"])
    cohorts = FOSTERING_COHORTS if "fostering" in known else ()
    rows = {"all", *known, *cohorts} if known else set()
    return {group: values for group, values in spend(futures, costs).items() if group in rows}


def _pounds(values: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    said = said_of(values)
    rounded = [np.round(one / _NEAREST_GBP) * _NEAREST_GBP for one in said.values()]
    return dict(zip(names, (one.astype("int64") for one in rounded), strict=True))
