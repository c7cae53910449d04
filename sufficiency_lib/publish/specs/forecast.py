"""The tables of the forecast."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.relations import ColumnSum
from sufficiency_lib.publish.specs.spec import TableSpec

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="forecast",
        title="Forecast of children by placement",
        note="p10 and p90 hold the middle 80% of the simulated futures; p50 is the middle one.",
        keys=("scenario", "date", "placement_group", "mean", "p10", "p50", "p90"),
    ),
    TableSpec(
        id="forecast_backtest",
        title="How the forecast would have done before",
        keys=("origin", "horizon_months", "placement_group", "p10", "p50", "p90"),
        counts=("actual", "same_as_today"),
        relations=tuple(
            ColumnSum(column, ("origin", "horizon_months"), "placement_group")
            for column in ("actual", "same_as_today")
        ),
    ),
)
