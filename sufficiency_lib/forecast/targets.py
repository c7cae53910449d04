"""Progress against the targets of the profile: where each scenario would stand on the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.futures import AGENCY, IN_HOUSE
from sufficiency_lib.forecast.summary import at_share
from sufficiency_lib.metrics.pairs import fostering_share
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR, iso, on_date

if TYPE_CHECKING:
    from sufficiency_lib.forecast.futures import Futures
    from sufficiency_lib.settings import Target

#: States of fostering as the fostering split has them: U4 to U6 by the authority, and U1 to U6
#: by private and voluntary providers.
_IN_HOUSE = (IN_HOUSE,)
_IFA = (AGENCY, "kinship_fostering/independent")

COLUMNS = ("metric", "label", "target_date", "scenario", "target", "unit", "in_house", "ifa",
           "value_p10", "value_p50", "value_p90", "chance_met_pct")  # fmt: skip


def forecast_targets(
    runs: Mapping[str, Futures], targets: Iterable[Target], episodes: pd.DataFrame
) -> pd.DataFrame:
    """Each target that a forecast speaks of, in each scenario, on the day it is set for.

    runs      scenario → its futures
    targets   of the profile; those whose metric is not in MEASURES, without a day, or with one
              that the futures do not reach are left out (see `not_forecast`)
    episodes  the repaired history, for what the figures rest on today
    returns   COLUMNS: in_house and ifa are children on the first date (as `fostering_split`),
              value_p10, value_p50, value_p90 the measure on the day, chance_met_pct the
              percentage of futures that meet the target: at least, for a share; at most, for
              the number of children
    """
    first = next(iter(runs.values()), None)
    if first is None:
        return pd.DataFrame(columns=list(COLUMNS))
    stock = on_date(episodes, first.dates[0], columns=["placement_group", "provider"])
    split = fostering_share(stock).value_counts()
    rows = []
    for target in targets:
        if not _is_forecast(target, first):
            continue
        unit, meets, measure = MEASURES[target.metric]
        for scenario, futures in runs.items():
            values = measure(futures, _month_of(target, futures))
            met = 100 * np.mean(meets(values, target.value))
            rows.append((
                target.metric, target.label or target.metric, iso(target.by), scenario,
                target.value, unit, int(split.get("in_house", 0)), int(split.get("ifa", 0)),
                *(round(float(at_share(values, share)), 1) for share in (0.1, 0.5, 0.9)),
                round(float(met), 1),
            ))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def not_forecast(runs: Mapping[str, Futures], targets: Iterable[Target]) -> list[Target]:
    """The targets of which `forecast_targets` says nothing."""
    first = next(iter(runs.values()), None)
    return [target for target in targets if first is None or not _is_forecast(target, first)]


def _is_forecast(target: Target, futures: Futures) -> bool:
    return (
        target.metric in MEASURES and target.by is not None
        and futures.dates[0] < pd.Timestamp(target.by) <= futures.dates[-1]
    )


def _month_of(target: Target, futures: Futures) -> int:
    """The first month end on the target's day or after it."""
    return int(np.searchsorted(futures.dates, pd.Timestamp(target.by)))


def _at(futures: Futures, states: Iterable[str]) -> list[int]:
    wanted = set(states)
    return [at for at, state in enumerate(futures.states) if state in wanted]


def _share(part: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Percentages, 0 where there is nobody to divide by."""
    whole = part + other
    return 100 * part / np.where(whole > 0, whole, 1)


def _in_house_children(futures: Futures, month: int) -> np.ndarray:
    """Of the children fostered in-house or by agencies at a month's end, the share in-house."""
    there = futures.children[:, month]
    own, agency = (there[:, _at(futures, who)].sum(axis=1) for who in (_IN_HOUSE, _IFA))
    return _share(own, agency)


def _in_house_nights(futures: Futures, month: int) -> np.ndarray:
    """The same of the nights of the twelve months that end then, or of those forecast."""
    slept = futures.nights[:, max(0, month - MONTHS_A_YEAR) : month].sum(axis=1, dtype="float64")
    own, agency = (slept[:, _at(futures, who)].sum(axis=1) for who in (_IN_HOUSE, _IFA))
    return _share(own, agency)


def _children(futures: Futures, month: int) -> np.ndarray:
    return futures.children[:, month].sum(axis=1)


Measure = Callable[["Futures", int], np.ndarray]
#: Metric → unit, when it meets a target, and its value in each future at a month's end.
MEASURES: Mapping[str, tuple[str, Callable[..., np.ndarray], Measure]] = {
    "in_house_children_pct": ("%", np.greater_equal, _in_house_children),
    "in_house_bed_nights_pct": ("%", np.greater_equal, _in_house_nights),
    "children_looked_after": ("children", np.less_equal, _children),
}
