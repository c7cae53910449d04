"""Children on a day, in the rows that a forecast has: everybody, groups, and parts of fostering.

The same names count children in the history, so that a forecast starts where the tables of
placements stop.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.forecast.futures import FOSTERING_COHORTS
from sufficiency_lib.metrics.locality import in_cohort
from sufficiency_lib.metrics.stock import iso, on_date, sorted_days

ALL = "all"

#: Every row, in the order of the tables.
GROUPS: tuple[str, ...] = (ALL, *PLACEMENT_GROUPS, *FOSTERING_COHORTS)

#: The rows of a history of several years. Fostering is told by its two parts and not as a whole:
#: less the parts, the whole would tell the few whom another authority fosters.
HISTORY_GROUPS: tuple[str, ...] = tuple(group for group in GROUPS if group != "fostering")


def children_on(episodes: pd.DataFrame, days: Iterable[object]) -> pd.DataFrame:
    """Children looked after on each day, for every row a forecast can have.

    episodes  the repaired history: placement_group, provider (see `metrics.stock.on_date`)
    returns   a row a day (ISO text, sorted), a column for each of GROUPS: whole numbers. Short
              breaks are left out; a provider not recorded is in neither part of fostering

    >>> history = pd.DataFrame({"placement_group": ["fostering", "secure"],
    ...     "provider": ["own", "other_la"], "is_short_break": [False, False],
    ...     "decom": pd.to_datetime(["2024-01-01"] * 2), "dec": pd.to_datetime([None, None])})
    >>> children_on(history, ["2024-03-31"])[["all", "secure", "fostering_in_house"]].to_numpy()
    array([[2, 1, 1]])
    """
    rows = {}
    for day in sorted_days(days):
        stock = on_date(episodes, day, columns=["placement_group", "provider"])
        counts = stock["placement_group"].astype(str).value_counts()
        parts = {name: in_cohort(stock, name).sum() for name in FOSTERING_COHORTS}
        rows[iso(day)] = [{ALL: len(stock), **counts, **parts}.get(name, 0) for name in GROUPS]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(GROUPS), dtype="int64")
