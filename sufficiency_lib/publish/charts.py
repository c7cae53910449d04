"""The charts, one for a kind of table: (disclosed frame, context) → Drawing.

Titles and text alternatives are made from the disclosed frame only, as the bars are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from sufficiency_lib.publish.charts_change import children_looked_after, placement_change
from sufficiency_lib.publish.charts_mix import bed_nights, fostering_split, placement_mix
from sufficiency_lib.publish.charts_place import distance_by_boundary, locality
from sufficiency_lib.publish.drawing import ChartContext, Drawing

__all__ = ["CHARTS", "ChartContext", "Drawing"]

#: Table id → the chart that draws it.
CHARTS: Mapping[str, Callable[[pd.DataFrame, ChartContext], Drawing]] = {
    "children_looked_after": children_looked_after,
    "placement_mix": placement_mix,
    "fostering_split": fostering_split,
    "locality": locality,
    "distance_by_boundary": distance_by_boundary,
    "bed_nights": bed_nights,
    "placement_change": placement_change,
    "placement_change_by_group": placement_change,
}
