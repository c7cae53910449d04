"""The chart of how far the rate of each group of children is from that of the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing, Rows
from sufficiency_lib.publish.style import MUTED, NAVY, PAPER, house_style
from sufficiency_lib.publish.wording import listed, long_date, mid_sentence, number

_CLEAR = ("more_likely", "less_likely")
_ENDS = ("difference_points", "low_points", "high_points")

_MARKS: Mapping[str, Mapping[str, object]] = {
    "Clear difference": {"marker": "o", "color": NAVY, "markersize": 11},
    "No clear difference": {
        "marker": "D", "color": PAPER, "markersize": 8, "markeredgecolor": MUTED,
        "markeredgewidth": 2,
    },
}
#: Between upright lines, in percentage points: the first that needs no more than six.
_STEPS = (5, 10, 20, 50)


def equity(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A mark for the difference of each group from the others, on its 95% interval.

    Columns used: outcome_compared, cohort, difference_points, low_points, high_points,
    reading. Comparisons that may not be shown, or could not be made, are left out and said.
    """
    records = frame.to_dict("records")
    rows = [r for r in records if not any(isinstance(r[end], str) for end in _ENDS)]
    with house_style():
        figure = _forest(rows, context)
    said = "; ".join(_row_words(r, context) for r in rows) or "none can be shown"
    alt = (
        f"Dot chart of how far the rate of each group of children looked after in "
        f"{context.name} on {long_date(context.as_at)} is above or below the rate of all "
        f"other children, in percentage points with 95% intervals: {said}."
    )
    left = len(records) - len(rows)
    base = (
        "Percentage points above or below the rate of the other children, with 95% intervals. "
        "A difference is clear if it stands after allowing for all the comparisons of the table."
    )
    if left:
        base += " Not drawn: what is suppressed, and what too few children have to be compared."
    return Drawing(figure, alt, _title(rows, context), base)


def _forest(rows: Sequence[Mapping[str, object]], context: ChartContext):
    outcomes = [str(r["outcome_compared"]) for r in rows]
    heads = {
        at: context.words.cell("outcome_compared", outcome)
        for at, outcome in enumerate(outcomes) if at == 0 or outcome != outcomes[at - 1]
    }
    names = [context.words.cell("cohort", r["cohort"]) for r in rows]
    canvas = Rows(names, context, heads=heads, marks=_MARKS, foot_px=28)
    low = min([0.0, *(float(r["low_points"]) for r in rows)])
    high = max([0.0, *(float(r["high_points"]) for r in rows)])
    start = canvas.left + 12.0
    scale = (canvas.room - 24) / max(high - low, 1.0)
    at = {point: start + (point - low) * scale for point in _ticks(low, high)}
    canvas.grid({x: number("difference_points", point).removesuffix(".0")
                 for point, x in at.items()})
    canvas.baseline(at[0.0])
    for row, record in enumerate(rows):
        middle = canvas.middle(row)
        value, least, most = (start + (float(record[end]) - low) * scale for end in _ENDS)
        clear = record["reading"] in _CLEAR
        canvas.axes.plot([least, most], [middle, middle], color=NAVY if clear else MUTED,
                         lw=3 if clear else 2, zorder=3)
        mark = _MARKS["Clear difference" if clear else "No clear difference"]
        canvas.axes.plot(value, middle, zorder=4, **mark)
        canvas.say(context.width_px - 4, middle,
                   number("difference_points", float(record["difference_points"])),
                   ha="right", weight="bold" if clear else "normal")
    return canvas.figure


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from low to high, nought among them.

    >>> _ticks(-12.5, 31.0)
    [-10.0, 0.0, 10.0, 20.0, 30.0]
    """
    step = next((s for s in _STEPS if (high - low) / s <= 6), _STEPS[-1])
    return [float(step * k) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _row_words(record: Mapping[str, object], context: ChartContext) -> str:
    value, low, high = (number("difference_points", float(record[end])) for end in _ENDS)
    return (
        f"{context.words.cell('outcome_compared', record['outcome_compared'])}, "
        f"{context.words.cell('cohort', record['cohort']).lower()}, {value} ({low} to {high}), "
        f"{context.words.cell('reading', record['reading']).lower()}"
    )


def _title(rows: Sequence[Mapping[str, object]], context: ChartContext) -> str:
    """What is clear, or that nothing is; and no more than may be seen."""
    if not rows:
        return "Which children live further away, or move more often"
    clear = [r for r in rows if r["reading"] in _CLEAR]
    if not clear:
        return "No group of children shown is clearly more likely to live far away or to move"
    if len(clear) > 1:
        groups = dict.fromkeys(context.words.cell("cohort", r["cohort"]).lower() for r in clear)
        rest = len(rows) - len(clear)
        return f"Clear differences for {listed(list(groups))}; {rest} other comparisons show none"
    who = context.words.cell("cohort", clear[0]["cohort"])
    what = context.words.cell("outcome_compared", clear[0]["outcome_compared"])
    how = context.words.cell("reading", clear[0]["reading"]).lower()
    verb = "be" if clear[0]["outcome_compared"] != "moved_often" else "have had"
    return f"One difference is clear: {who.lower()} {how} to {verb} {mid_sentence(what)}"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {"equity": equity}
