"""Charts of change: children looked after year by year, and placements between two dates."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import pandas as pd

from sufficiency_lib.publish.charts_bars import in_words, is_shown, upright_stub
from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.drawing import BASE_OF_ALL, ChartContext, Draw, Drawing, Rows
from sufficiency_lib.publish.style import (
    INK,
    MUTED,
    NAVY,
    ORANGE,
    PAPER,
    house_style,
    new_figure,
)
from sufficiency_lib.publish.wording import iso_date, long_date, mid_sentence, number


def children_looked_after(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line of children looked after at each date, from zero, every point labelled.

    Columns used: as_at, children. A suppressed date is a hatched stub, and breaks the line.
    """
    frame = frame.assign(as_at=frame["as_at"].map(iso_date)).sort_values("as_at")
    dates, values = list(frame["as_at"]), list(frame["children"])
    with house_style():
        figure = _line(dates, values, context)
    points = "; ".join(
        f"{long_date(d)}, {context.words.cell('children', v)}"
        for d, v in zip(dates, values, strict=True)
    )
    alt = f"Line chart of children looked after in {context.name}: {points}."
    return Drawing(figure, alt, _line_title(dates, values), BASE_OF_ALL)


def _line_title(dates: list[str], values: list[object]) -> str:
    first, last = values[0], values[-1]
    if len(values) == 1:
        if is_shown(last):
            return f"{last:,} children were looked after on {long_date(dates[-1])}"
        return f"Children looked after on {long_date(dates[-1])}"
    span = f"between {long_date(dates[0])} and {long_date(dates[-1])}"
    if not (is_shown(first) and is_shown(last)):
        return f"Children looked after {span}"
    if first == last:
        return f"Children looked after stood at {last:,} at both {span.removeprefix('between ')}"
    verb = "rose" if last > first else "fell"
    return f"Children looked after {verb} from {first:,} to {last:,} {span}"


def _line(dates: list[str], values: list[object], context: ChartContext):
    width, height, side = context.width_px, 240, 40
    floor, roof = height - 40, 34
    figure = new_figure(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    top = max([float(v) for v in values if is_shown(v)], default=1.0) or 1.0
    step = (width - 2 * side) / max(len(values) - 1, 1)
    xs = [side + step * i if len(values) > 1 else width / 2 for i in range(len(values))]
    axes.plot([0, width], [floor, floor], color=INK, lw=1)
    for x, day, value in zip(xs, dates, values, strict=True):
        name = long_date(day).removeprefix("31 March ")
        axes.text(x, floor + 20, name, ha="center", va="center_baseline", color=MUTED)
        if not is_shown(value):
            upright_stub(axes, x, floor, str(value))
    runs = groupby(range(len(values)), key=lambda i: is_shown(values[i]))
    for shown, run in ((flag, list(run)) for flag, run in runs):
        if not shown:
            continue
        ys = [floor - (floor - roof) * float(values[i]) / top for i in run]
        axes.plot([xs[i] for i in run], ys, color=NAVY, lw=2.5, marker="o", markersize=8,
                  markeredgecolor=PAPER, markeredgewidth=1.5, clip_on=False)
        for i, y in zip(run, ys, strict=True):
            axes.text(xs[i], y - 15, f"{values[i]:,}", ha="center", va="center_baseline",
                      weight="bold")
    return figure


def placement_change(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars to the right for growth and to the left for decline, a row a placement.

    Columns used: placement_group and provider (if there), or cohort; start_date, end_date,
    start_children, end_children, change, change_pct. Rows that were 0 at both dates are left out.
    """
    rows = _change_rows(frame, context)
    with house_style():
        figure = _diverging(rows, context)
    start, end = (long_date(frame[c].iloc[0]) for c in ("start_date", "end_date"))
    said = "; ".join(f"{name} {_said(change, pct)}" for name, change, pct in rows)
    alt = (
        f"Bar chart of the change in children by placement in {context.name} "
        f"between {start} and {end}: {said}."
    )
    title = _change_title(rows, start, end)
    return Drawing(figure, alt, title, "Percentages are of the number at the start.")


def _change_rows(
    frame: pd.DataFrame, context: ChartContext
) -> list[tuple[str, object, object]]:
    rows = []
    for r in frame.to_dict("records"):
        if r["start_children"] == 0 and r["end_children"] == 0:
            continue
        key = "cohort" if "cohort" in r else "placement_group"
        group = context.words.cell(key, r[key])
        said = r.get("provider") not in (None, "parents", "all", "total")
        provider = context.words.cell("provider", r["provider"]) if said else ""
        name = f"{group} ({_short(provider)})" if said else group
        rows.append((name, r["change"], r["change_pct"]))
    return rows


def _short(provider: str) -> str:
    """A provider in as few words as a bar's name has room for."""
    return provider.lower().removesuffix(" provision").replace("another", "other")


def _said(change: object, pct: object) -> str:
    if not is_shown(change):
        return in_words("change", change)
    return number("change", change) + (f" ({number('change_pct', pct)})" if is_shown(pct) else "")


_TOTAL_NAMES = ("Total", "All placements")


def _change_title(rows: list[tuple[str, object, object]], start: str, end: str) -> str:
    """The largest growth and decline among the figures shown, and said to be only those."""
    known = [(n, c) for n, c, _ in rows if is_shown(c) and n not in _TOTAL_NAMES]
    up = max(known, key=lambda row: row[1], default=("", 0))
    down = min(known, key=lambda row: row[1], default=("", 0))
    parts = [f"{mid_sentence(name)} {'up' if by > 0 else 'down'} {abs(by):,}"
             for name, by in (up, down) if by]
    if not parts:
        return f"Placements between {start} and {end}"
    among = " that can be shown" if any(not is_shown(c) for _, c, _ in rows) else ""
    plural = "changes" if len(parts) > 1 else "change"
    return f"Largest {plural}{among}: {', '.join(parts)}, between {start} and {end}"


def _diverging(rows: list[tuple[str, object, object]], context: ChartContext):
    canvas = Rows([name for name, _, _ in rows], context)
    known = [float(change) for _, change, _ in rows if is_shown(change)]
    down, up = max([-c for c in known if c < 0], default=0), max(known + [0])
    margin = 100
    room = context.width_px - canvas.left - margin * (2 if down else 1) - 8
    scale = max(room, 60) / max(down + up, 1)
    zero = canvas.left + (margin if down else 0) + down * scale + 4
    for row, (_, change, pct) in enumerate(rows):
        if not is_shown(change):
            if change in MARKS:
                canvas.stub(row, zero)
            continue
        length = abs(float(change)) * scale
        x = zero if change >= 0 else zero - length
        if length:
            canvas.box(row, x, length, NAVY if change > 0 else ORANGE)
        tip = zero + length + 7 if change >= 0 else zero - length - 7
        canvas.say(tip, canvas.middle(row), _said(change, pct),
                   ha="left" if change >= 0 else "right")
    canvas.baseline(zero)
    return canvas.figure


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "children_looked_after": children_looked_after,
    **dict.fromkeys(
        ("placement_change", "placement_change_by_group", "placement_change_by_cohort"),
        placement_change,
    ),
}
