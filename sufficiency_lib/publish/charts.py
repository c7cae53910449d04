"""The charts, one for a kind of table: (disclosed frame, context) → Drawing.

Titles and text alternatives are made from the disclosed frame only, as the bars are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from sufficiency_lib.publish import (
    charts_change,
    charts_children,
    charts_comparators,
    charts_costs,
    charts_equity,
    charts_forecast,
    charts_judgement,
    charts_locality,
    charts_market,
    charts_members,
    charts_mix,
    charts_outcomes,
    charts_place,
    charts_placements,
)
from sufficiency_lib.publish.drawing import ChartContext, Drawing

__all__ = ["CHARTS", "ChartContext", "Drawing"]

#: Table id → the chart that draws it.
CHARTS: Mapping[str, Callable[[pd.DataFrame, ChartContext], Drawing]] = {
    "children_looked_after": charts_change.children_looked_after,
    "placement_mix": charts_mix.placement_mix,
    "fostering_split": charts_mix.fostering_split,
    "locality": charts_place.locality,
    "distance_by_boundary": charts_place.distance_by_boundary,
    "bed_nights": charts_mix.bed_nights,
    "placement_change": charts_change.placement_change,
    "placement_change_by_group": charts_change.placement_change,
    **charts_children.CHARTS,
    **charts_placements.CHARTS,
    **charts_locality.CHARTS,
    **charts_equity.CHARTS,
    **charts_outcomes.CHARTS,
    **charts_comparators.CHARTS,
    **charts_forecast.CHARTS,
    **charts_costs.CHARTS,
    **charts_market.CHARTS,
    **charts_judgement.CHARTS,
    **charts_members.CHARTS,
}
