"""Charts of place: the locality rate of each cohort, and distance inside and outside."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from sufficiency_lib.publish.charts_bars import in_words, is_shown
from sufficiency_lib.publish.disclosure import NOT_AVAILABLE, SUPPRESSED
from sufficiency_lib.publish.drawing import (
    BASE_OF_ALL,
    ChartContext,
    Draw,
    Drawing,
    Rows,
    Segment,
)
from sufficiency_lib.publish.style import MUTED, NAVY, PAPER, PLUM, TEAL, house_style
from sufficiency_lib.publish.wording import long_date, number
from sufficiency_lib.settings import locality_rule_label

_RATES = _OF_ALL, _OF_KNOWN = ("Of all children", "Of children whose distance is known")

_MARKS = {
    _OF_ALL: {"marker": "o", "color": NAVY, "markersize": 11},
    _OF_KNOWN: {
        "marker": "D", "color": PAPER, "markersize": 9, "markeredgecolor": TEAL,
        "markeredgewidth": 2.5,
    },
    "Target": {"marker": "|", "color": PLUM, "markersize": 18, "markeredgewidth": 4},
}


def locality(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Dots on a line from 0 to 100% for each cohort: the rate of all, and the rate of known.

    Columns used: rule, cohort, children, rate_pct, rate_of_known_pct. The page's rule is
    drawn, or the frame's first. Cohorts without children are left out. A target stands as a
    bar across the row of the cohort it is set for, unless it is set under another rule.
    """
    rules = list(frame["rule"])
    rule = context.rule if context.rule in rules else rules[0]
    rows = [
        r for r in frame[frame["rule"] == rule].to_dict("records") if r["children"] != 0
    ]
    words = locality_rule_label(rule, context.words.locality)
    targets = {target_cohort(t.metric): t for t in context.targets if t.rule in (None, rule)}
    with house_style():
        figure = _dots(rows, targets, context)
    said = "; ".join(_cohort_words(r, context) for r in rows)
    alt = (
        f"Dot chart of the share of children placed {words} in {context.name} on "
        f"{long_date(context.as_at)}, of all children and of those whose distance is known: "
        f"{said}." + _targets_words(targets, rows, context)
    )
    return Drawing(figure, alt, _locality_title(rows, words), f"Local means {words}. Base: the "
                   "children of each row.")


def target_cohort(metric: str) -> str:
    """The cohort that a headline target's metric is about.

    >>> target_cohort("fostering_within_rule_pct"), target_cohort("within_rule_pct")
    ('fostering', 'all')
    """
    return "all" if metric == "within_rule_pct" else metric.removesuffix("_within_rule_pct")


def _dots(rows: list[dict[str, object]], targets: dict, context: ChartContext):
    names = [context.words.cell("cohort", r["cohort"]) for r in rows]
    has_target = any(str(r["cohort"]) in targets for r in rows)
    marks = {name: mark for name, mark in _MARKS.items() if name != "Target" or has_target}
    canvas = Rows(names, context, foot_px=28, marks=marks)
    start, end = canvas.left + 42.0, context.width_px - 24.0
    scale = (end - start) / 100
    canvas.grid({start + share * scale: f"{share}%" for share in (0, 25, 50, 75, 100)})
    for row, record in enumerate(rows):
        middle = canvas.middle(row)
        target = targets.get(str(record["cohort"]))
        if target is not None:
            x = start + target.value * scale
            canvas.axes.plot([x, x], [middle - 14, middle + 14], color=PLUM, lw=4, zorder=2)
        rate, known = record["rate_pct"], record["rate_of_known_pct"]
        if isinstance(rate, str) and isinstance(known, str):
            if SUPPRESSED in (rate, known):
                # Left of the axis, so that it does not read as a rate near nought.
                canvas.stub(row, start - 34)
            continue
        aim = None if target is None else start + target.value * scale
        _pair(canvas, middle, start, scale, (rate, known), aim)
    return canvas.figure


def _pair(
    canvas: Rows,
    middle: float,
    start: float,
    scale: float,
    rates: tuple[object, object],
    target: float | None,
) -> None:
    """The two rates of a row, and the first one's figure where nothing else stands."""
    xs = {
        name: start + float(rate) * scale
        for name, rate in zip(_RATES, rates, strict=True)
        if not isinstance(rate, str)
    }
    low, high = min(xs.values()), max(xs.values())
    canvas.axes.plot([low, high], [middle, middle], color=MUTED, lw=2, zorder=3)
    for name in reversed(_RATES):
        if name in xs:
            canvas.axes.plot(xs[name], middle, zorder=4, **_MARKS[name])
    if _RATES[0] in xs:
        room = low - start > 60
        free = target is None or not low - 70 < target < low
        left = room and free
        canvas.say(low - 12 if left else high + 12, middle, number("rate_pct", rates[0]),
                   ha="right" if left else "left", weight="bold", zorder=6,
                   bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})


def _cohort_words(record: dict[str, object], context: ChartContext) -> str:
    name = context.words.cell("cohort", record["cohort"])
    rate, known = (in_words("rate_pct", record[c]) for c in ("rate_pct", "rate_of_known_pct"))
    return f"{name} {rate}" if rate == known else f"{name} {rate} of all, {known} of known"


def _targets_words(
    targets: dict, rows: list[dict[str, object]], context: ChartContext
) -> str:
    drawn = {str(r["cohort"]) for r in rows}
    said = [
        f" Target for {context.words.cell('cohort', cohort).lower()}: {target.value:g}%."
        for cohort, target in targets.items()
        if cohort in drawn
    ]
    return "".join(said)


def _locality_title(rows: list[dict[str, object]], words: str) -> str:
    everyone = next((r["rate_pct"] for r in rows if r["cohort"] == "all"), "x")
    if isinstance(everyone, str):
        return f"Children placed {words}"
    return f"{number('rate_pct', everyone)} of children looked after are placed {words}"


_BANDS = (("le_20", NAVY), ("gt_20", TEAL), ("not_known", PLUM))


def distance_by_boundary(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A bar for children placed inside the authority and one outside, by distance band.

    Columns used: boundary, distance_band, children, share_pct.
    """
    cells = {(r["boundary"], r["distance_band"]): r for r in frame.to_dict("records")}
    words = context.words
    with house_style():
        figure = _boundary_bars(cells, context)
    said = "; ".join(
        f"{words.cell('boundary', place)}, {words.cell('distance_band', band).lower()}, "
        f"{in_words('children', r['children'])}"
        for (place, band), r in cells.items()
    )
    alt = (
        f"Stacked bar chart of children looked after in {context.name} on "
        f"{long_date(context.as_at)} by distance from home and place: {said}."
    )
    far = cells.get(("outside", "gt_20"), {}).get("share_pct", "x")
    title = "Children by distance from home, inside and outside the authority"
    if is_shown(far):
        title = (f"{number('share_pct', far)} of children live outside the authority and more "
                 "than 20 miles from home")
    return Drawing(figure, alt, title, f"{BASE_OF_ALL[:-1]}; not known stays in the base.")


def _boundary_bars(
    cells: Mapping[tuple[str, str], Mapping[str, object]], context: ChartContext
) -> Figure:
    words = context.words
    bars = {
        place: [(cells[place, band]["children"], colour) for band, colour in _BANDS
                if (place, band) in cells]
        for place, _ in cells
    }
    canvas = Rows([words.cell("boundary", place) for place in bars], context,
                  legend={words.cell("distance_band", b): colour for b, colour in _BANDS})
    totals = [sum(float(v) for v, _ in shown if is_shown(v)) for shown in bars.values()]
    scale = (canvas.room - 44) / max([*totals, 1.0])
    for at, shown in enumerate(bars.values()):
        canvas.stack(at, [Segment(v, colour, f"{v:,}" if is_shown(v) else "")
                          for v, colour in shown if v != NOT_AVAILABLE], scale)
    canvas.baseline()
    return canvas.figure


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "locality": locality,
    "distance_by_boundary": distance_by_boundary,
}
