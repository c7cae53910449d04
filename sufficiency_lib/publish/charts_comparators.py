"""Charts of published figures beside local ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sufficiency_lib.publish.charts_bars import in_words, is_shown
from sufficiency_lib.publish.disclosure import SUPPRESSED
from sufficiency_lib.publish.drawing import STUB_PX, ChartContext, Draw, Drawing, Rows
from sufficiency_lib.publish.style import INK, MUTED, NAVY, PAPER, PLUM, TEAL, house_style
from sufficiency_lib.publish.wording import listed, long_date, number

_LOCAL = "This authority"

#: Published figures are hollow marks, each of its own shape; only the authority's is a bar.
_MARKS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "england": ("England", {"marker": "s", "markersize": 8.5, "markeredgecolor": PLUM}),
    "region": ("Region", {"marker": "^", "markersize": 9, "markeredgecolor": TEAL}),
    "neighbours": ("Similar councils", {"marker": "o", "markersize": 8.5, "markeredgecolor": INK}),
}
_HOLLOW = {"color": PAPER, "markeredgewidth": 2, "linestyle": "none"}
#: Each at its own height, so that figures alike do not cover one another.
_LIFT_PX = {"england": -9, "region": 0, "neighbours": 9}
#: Shares by age stand in the table; here they would crowd out what is judged.
_LEFT_OUT = "aged_"
_TICK = 20
#: Room for the authority's figure, left of the axis.
_FIGURE_PX = 56.0


def comparators(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A bar a measure for the authority, with a hollow mark for each published figure.

    Columns used: metric, label, unit, value, england, region, neighbours, release. Percentages
    are drawn, but not those by age. A suppressed figure of the authority is a hatched stub, and
    the marks beside it stay.
    """
    drawn = frame[(frame["unit"] == "%") & ~frame["metric"].str.startswith(_LEFT_OUT)]
    rows = drawn.to_dict("records")
    areas = [area for area in _MARKS if any(is_shown(row.get(area, "x")) for row in rows)]
    with house_style():
        figure = _bars(rows, areas, context)
    said = "; ".join(_row_words(row, areas) for row in rows)
    marked = [_MARKS[area][0] for area in areas] or ["no other area"]
    alt = (
        f"Bar chart of {context.name} on {long_date(context.as_at)}, with marks for the published "
        f"figures of {listed(marked)}: {said}."
    )
    releases = ". ".join(dict.fromkeys(str(row["release"]) for row in rows))
    base = (
        f"Bars are {context.name}'s own figures, marks are published ones: {releases}. "
        "Base: all children looked after, or those that the measure is of."
    )
    return Drawing(figure, alt, _title(rows), base)


def _bars(
    rows: Sequence[Mapping[str, object]], areas: Sequence[str], context: ChartContext
) -> Figure:
    marks: dict[str, Mapping[str, Any]] = {
        _LOCAL: {"marker": "s", "color": NAVY, "markersize": 14, "linestyle": "none"}
    }
    marks |= {_MARKS[area][0]: {**_HOLLOW, **_MARKS[area][1]} for area in areas}
    canvas = Rows([str(row["label"]) for row in rows], context, foot_px=28, marks=marks)
    figures = [row[column] for row in rows for column in ("value", *areas)]
    most = max([float(figure) for figure in figures if is_shown(figure)], default=1.0)
    top = max(_TICK, math.ceil(most / _TICK) * _TICK)
    left = canvas.left + _FIGURE_PX
    scale = (context.width_px - left - 28) / top
    canvas.grid({left + share * scale: f"{share}%" for share in range(0, top + 1, _TICK)})
    for row, record in enumerate(rows):
        _draw_row(canvas, row, record, areas, left, scale)
    canvas.baseline(left)
    return canvas.figure


def _draw_row(
    canvas: Rows, row: int, record: Mapping[str, object], areas: Sequence[str], left: float,
    scale: float,
) -> None:
    value, middle = record["value"], canvas.middle(row)
    # The figure stands left of the axis, where no mark can be taken for it.
    if is_shown(value):
        canvas.box(row, left, float(value) * scale, NAVY)
        canvas.say(left - 8, middle, number("rate_pct", float(value)), ha="right", weight="bold")
    elif value == SUPPRESSED:
        canvas.stub(row, left - 8 - STUB_PX)
    else:
        canvas.say(left - 8, middle, str(value), ha="right", color=MUTED)
    for area in areas:
        if is_shown(record[area]):
            x = left + float(record[area]) * scale
            canvas.axes.plot(x, middle + _LIFT_PX[area], zorder=4, **_HOLLOW, **_MARKS[area][1])


def _row_words(row: Mapping[str, object], areas: Sequence[str]) -> str:
    beside = ", ".join(f"{_MARKS[area][0]} {in_words(area, row[area], '%')}" for area in areas)
    return f"{row['label']} {in_words('rate_pct', row['value'])} ({beside})"


def _title(rows: Sequence[Mapping[str, object]]) -> str:
    """The first measure of which both figures may be said."""
    for row in rows:
        if is_shown(row["value"]) and is_shown(row["england"]):
            own = number("rate_pct", float(row["value"]))
            england = number("england", float(row["england"]), "%")
            return f"{row['label']}: {own}, beside {england} in England"
    return "The authority's measures beside the published ones"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "comparators": comparators,
}
