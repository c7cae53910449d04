"""One table of what was, what may come, and what past forecasts said: the data of a fan chart."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.forecast.rows import HISTORY_GROUPS, children_on
from sufficiency_lib.metrics.marks import NOT_APPLICABLE
from sufficiency_lib.metrics.stock import iso

#: The lines that are no scenario.
HISTORY, BACKTEST = "history", "backtest"
COLUMNS = ("placement_group", "line", "origin", "date", "children", "children_at_start", "p10",
           "p50", "p90")  # fmt: skip


def with_history(
    episodes: pd.DataFrame,
    days: Iterable[object],
    by_year: pd.DataFrame,
    tested: pd.DataFrame,
    as_at: object,
) -> pd.DataFrame:
    """The history, the forecast of each scenario and the past forecasts, line by line.

    episodes  the repaired history
    days      the year ends of the history, and the day of the forecast
    by_year   `summary.at_year_ends` of a forecast
    tested    `backtest.backtest`
    as_at     the day of the forecast
    returns   COLUMNS. line: history, then each scenario, then backtest. origin: the day from
              which the line looks ahead (the day itself in the history). children: those counted
              on the date, z on days to come. children_at_start: those counted on the origin, on
              which the interval rests; z in the history, as are p10, p50 and p90. Rows are of
              rows.HISTORY_GROUPS, those met in the forecast
    """
    met = [group for group in HISTORY_GROUPS if group in set(by_year["placement_group"])]
    counts = children_on(episodes, days)
    past = counts[met].melt(ignore_index=False, var_name="placement_group", value_name="children")
    past = past.rename_axis("date").reset_index()
    past = past.assign(line=HISTORY, origin=past["date"])
    ahead = by_year.rename(columns={"scenario": "line", "children_today": "children_at_start"})
    ahead = ahead.assign(origin=iso(as_at))
    told = tested.rename(columns={"actual": "children", "same_as_today": "children_at_start"})
    whole = pd.concat([past, ahead, told.assign(line=BACKTEST)], ignore_index=True)
    whole = whole[whole["placement_group"].isin(met)]
    place = whole["placement_group"].map({group: at for at, group in enumerate(met)})
    whole = whole.assign(place=place).sort_values("place", kind="stable", ignore_index=True)
    figures = list(COLUMNS[4:])
    cells = whole[figures].astype(object)
    whole[figures] = cells.where(cells.notna(), NOT_APPLICABLE)
    return whole[list(COLUMNS)]


def of_groups(frame: pd.DataFrame, *groups: str) -> pd.DataFrame:
    """The rows of some placements."""
    return frame[frame["placement_group"].isin(groups)].reset_index(drop=True)
