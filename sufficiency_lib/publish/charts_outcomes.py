"""Charts of stability and outcomes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.publish.charts_bars import (
    bar_rows,
    in_words,
    is_shown,
    latest,
    line_over_time,
    said_by_day,
    said_by_row,
)
from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing
from sufficiency_lib.publish.style import PLUM
from sufficiency_lib.publish.wording import iso_date, long_date

_OFTEN, _SETTLED = "three_or_more_placements", "same_carer_2_years"


def stability(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Two lines through time: children who moved often, and children who are settled.

    Columns used: as_at, measure, rate_pct.
    """
    rates = frame.assign(as_at=frame["as_at"].map(iso_date)).set_index(["measure", "as_at"])
    days = sorted(frame["as_at"].map(iso_date).unique())
    often, settled = (
        [rates.at[(measure, day), "rate_pct"] for day in days] for measure in (_OFTEN, _SETTLED)
    )
    names = [context.words.cell("measure", measure) for measure in (_OFTEN, _SETTLED)]
    figure = line_over_time(days, often, context, column="rate_pct", of=names[0],
                            compared=[(names[1], settled, PLUM)])
    alt = (
        f"Line chart of the stability of placements in {context.name}. {names[0]}: "
        f"{said_by_day(days, often, 'rate_pct')}. {names[1]}: "
        f"{said_by_day(days, settled, 'rate_pct')}."
    )
    return Drawing(figure, alt, _stability_title(days, often, settled),
                   "Bases: children looked after; children under 16 looked after for two and a "
                   "half years.")


def _stability_title(days: list[str], often: list[object], settled: list[object]) -> str:
    if not is_shown(often[-1]):
        return f"Stability of placements, {long_date(days[-1])}"
    moved = f"{in_words('rate_pct', often[-1])} of children had three or more placements"
    if not is_shown(settled[-1]):
        return f"{moved} in the year to {long_date(days[-1])}"
    return f"{moved}; {in_words('rate_pct', settled[-1])} of those long in care are settled"


def health(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of the rate of each measure of health in the latest year.

    Columns used: year_ending, measure, rate_pct.
    """
    rows, year = latest(frame, "year_ending")
    names = [context.words.cell("measure", measure) for measure in rows["measure"]]
    values = list(rows["rate_pct"])
    figure = bar_rows(names, values, context, column="rate_pct", most=100)
    alt = (
        f"Bar chart of the health and behaviour of children looked after for a year or more "
        f"in {context.name}, year to {long_date(year)}: "
        f"{said_by_row(names, values, 'rate_pct')}."
    )
    return Drawing(figure, alt, _health_title(rows, year),
                   "Base: children looked after for 12 months, of the ages named.")


def _health_title(rows: pd.DataFrame, year: str) -> str:
    rates = dict(zip(rows["measure"], rows["rate_pct"], strict=True))
    assessed, teeth = rates.get("health_assessment", "x"), rates.get("teeth_check", "x")
    if is_shown(assessed) and is_shown(teeth):
        return (f"{in_words('rate_pct', assessed)} had a health assessment and "
                f"{in_words('rate_pct', teeth)} saw a dentist in the year")
    return f"Health of children looked after, year to {long_date(year)}"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "stability": stability,
    "health": health,
}
