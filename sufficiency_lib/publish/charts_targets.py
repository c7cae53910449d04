"""The chart of the council's targets: where each started, where it is, and what is aimed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sufficiency_lib.publish.charts_bars import is_shown, upright_stub
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.lettering import in_lines, text_width
from sufficiency_lib.publish.style import (
    FONT_PX,
    GRID,
    INK,
    MUTED,
    NAVY,
    PAPER,
    PLUM,
    house_style,
    new_figure,
)
from sufficiency_lib.publish.wording import long_date, mid_sentence, number

_LEGEND_PX, _LINE_PX, _BAR_PX, _APART_PX, _FOOT_PX = 30, 19, 30, 16, 26
_SIDE_PX, _RIGHT_PX = 62, 24
#: Bold letters are wider than plain ones by about so much.
_BOLD = 1.1
_TICKS = (0, 25, 50, 75, 100)

_MARKS: Mapping[str, Mapping[str, Any]] = {
    "Baseline": {"marker": "D", "color": PAPER, "markersize": 8, "markeredgecolor": MUTED,
                 "markeredgewidth": 2.5},
    "Now": {"marker": "o", "color": NAVY, "markersize": 11},
    "Target": {"marker": "|", "color": PLUM, "markersize": 18, "markeredgewidth": 4},
}  # fmt: skip
_JUDGED = ("met", "on_course", "behind", "missed")


def target_progress(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line a target from 0 to 100%, under its words, its rule and its standing.

    Columns used: label, rule, unit, target, target_date, baseline, baseline_date, value, standing.
    Targets that are no share are not drawn; without one that is, the chart has no lines.
    """
    rows = [row for row in frame.to_dict("records") if row["unit"] == "%"]
    with house_style():
        figure = _draw(rows, context)
    said = " ".join(f"{_in_words(row, context)}." for row in rows)
    alt = f"Chart of the targets of {context.name}: baseline, now and target. {said}".strip()
    return Drawing(figure, alt, _title(rows), "Targets that are a share. A baseline of another "
                   "definition is not drawn.")


def _title(rows: Sequence[Mapping[str, Any]]) -> str:
    judged = [row["standing"] for row in rows if row["standing"] in _JUDGED]
    if not judged:
        return "The council's targets: where each started and where it is"
    met, on_course = judged.count("met"), judged.count("on_course")
    if len(judged) == 1:
        where = "met" if met else "on course" if on_course else "not on course"
        return f"The one target that can be judged is {where}"
    more = f", and {on_course} on course" if on_course else ""
    return (
        f"Of {len(judged)} targets that can be judged, {met or 'none'} "
        f"{'are' if met > 1 else 'is'} met{more}"
    )


def _draw(rows: Sequence[Mapping[str, Any]], context: ChartContext) -> Figure:
    heads = [_heads(row, context) for row in rows]
    tops, top = [], float(_LEGEND_PX)
    for bold, plain in heads:
        top += _LINE_PX * (len(bold) + len(plain))
        tops.append(top)
        top += _BAR_PX + _APART_PX
    figure = new_figure(context.width_px, top + _FOOT_PX)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, context.width_px), ylim=(top + _FOOT_PX, 0))
    axes.set_axis_off()
    _legend(axes, has_baseline=any(_is_number(row["baseline"]) for row in rows))
    scale = (context.width_px - _SIDE_PX - _RIGHT_PX) / 100
    for row, (bold, plain), bar in zip(rows, heads, tops, strict=True):
        _say(axes, bold, plain, bar)
        _target(axes, row, bar + _BAR_PX / 2, scale)
    for share in _TICKS if rows else ():
        axes.text(_SIDE_PX + share * scale, top + 8, f"{share}%", ha="center",
                  va="center_baseline", color=MUTED)
    return figure


def _legend(axes: Axes, *, has_baseline: bool) -> None:
    x = 0.0
    for name, mark in _MARKS.items():
        if name == "Baseline" and not has_baseline:
            continue
        axes.plot(x + 8, 10, **mark)
        axes.text(x + 21, 10, name, va="center_baseline")
        x += 21 + text_width(name, FONT_PX) + 28


def _say(axes: Axes, bold: Sequence[str], plain: Sequence[str], bar: float) -> None:
    """The lines above a bar: the target's words, then its standing and rule."""
    for at, line in enumerate((*bold, *plain)):
        y = bar - _LINE_PX * (len(bold) + len(plain) - at - 0.5)
        axes.text(0, y, line, va="center_baseline", color=INK if at < len(bold) else MUTED,
                  weight="bold" if at < len(bold) else "normal")


def _target(axes: Axes, row: Mapping[str, Any], y: float, scale: float) -> None:
    """One line with its three marks, and today's figure left of them."""
    for share in _TICKS:
        x = _SIDE_PX + share * scale
        axes.plot([x, x], [y - 12, y + 12], color=GRID, lw=1, zorder=0)
    aim = _SIDE_PX + float(row["target"]) * scale
    axes.plot(aim, y, zorder=2, **_MARKS["Target"])
    if not _is_number(row["value"]):
        # Left of the axis, so that it does not read as a rate near nought.
        upright_stub(axes, _SIDE_PX / 2, y + 13, str(row["value"]))
        return
    now = _SIDE_PX + float(row["value"]) * scale
    axes.plot([now, aim], [y, y], color=MUTED, lw=1.5, ls=":", zorder=1)
    left = now
    if _is_number(row["baseline"]):
        then = _SIDE_PX + float(row["baseline"]) * scale
        left = min(now, then)
        axes.plot([then, now], [y, y], color=NAVY, lw=3, zorder=3)
        axes.plot(then, y, zorder=5, **_MARKS["Baseline"])
    axes.plot(now, y, zorder=4, **_MARKS["Now"])
    axes.text(min(left, aim if aim > left - 70 else left) - 12, y, _share(row["value"]), ha="right",
              va="center_baseline", weight="bold", zorder=6,
              bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})


def _heads(row: Mapping[str, Any], context: ChartContext) -> tuple[list[str], list[str]]:
    rule = context.words.code("rule", row["rule"])
    said = ". ".join(filter(None, (_standing(row, context), rule)))
    return (in_lines(str(row["label"]), context.width_px / _BOLD, FONT_PX),
            in_lines(said, context.width_px, FONT_PX))


def _standing(row: Mapping[str, Any], context: ChartContext) -> str:
    said = context.words.cell("standing", row["standing"])
    return "Suppressed" if said == "c" else said


def _in_words(row: Mapping[str, Any], context: ChartContext) -> str:
    """A row in words: nothing that the table does not say."""
    rule = context.words.code("rule", row["rule"])
    name = str(row["label"]) + (f" ({mid_sentence(rule)})" if rule else "")
    parts = []
    if _is_number(row["baseline"]):
        parts.append(f"baseline {_share(row['baseline'])} on {long_date(row['baseline_date'])}")
    elif row["baseline"] == "c":
        parts.append("baseline suppressed")
    if _is_number(row["value"]):
        parts.append(f"now {_share(row['value'])}")
    else:
        parts.append("now suppressed" if row["value"] == "c" else "now not available")
    by = f" by {long_date(row['target_date'])}" if row["target_date"] else ""
    parts.append(f"target {_share(row['target'])}{by}")
    return f"{name}: {', '.join(parts)}; {_standing(row, context).lower()}"


def _share(value: object) -> str:
    return number("value", float(value), "%")


def _is_number(value: object) -> bool:
    return is_shown(value) and not pd.isna(value)
