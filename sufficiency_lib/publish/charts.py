"""The charts, one for a kind of table: (disclosed frame, context) → Drawing.

Titles and text alternatives are made from the disclosed frame only, as the bars are.
"""

from __future__ import annotations

from collections.abc import Mapping

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
from sufficiency_lib.publish.drawing import Draw

#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    **charts_change.CHARTS,
    **charts_mix.CHARTS,
    **charts_place.CHARTS,
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
