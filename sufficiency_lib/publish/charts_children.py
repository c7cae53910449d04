"""Charts of who the children are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from sufficiency_lib.publish.drawing import ChartContext, Drawing

#: Table id → the chart that draws it.
CHARTS: Mapping[str, Callable[[pd.DataFrame, ChartContext], Drawing]] = {}
