"""The map of lines to the other authorities in whose areas children are placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sufficiency_lib.publish import maps_drawing as on_map
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.maps_ground import Ground
from sufficiency_lib.publish.maps_labels import label_points, name_px
from sufficiency_lib.publish.maps_view import View
from sufficiency_lib.publish.style import INK, NAVY, PAPER, house_style
from sufficiency_lib.publish.wording import MARK_MEANINGS, long_date, number

#: The least number of children of a line → its width, and its words.
_WIDTHS = {1: 1.5, 6: 2.5, 11: 4.5, 21: 7.0, 51: 10.0}
_COLOUR = "#2073bc"
#: Ground beyond the authorities that a line goes to, as a share of the way across.
_MARGIN = 0.16
#: Pixels across the end of a line, beyond the line's own width.
_END_PX = 4
_LEAST_END_PX = 8

#: Name, code and children of an authority that a line goes to.
End = tuple[str, str, int]


def flows(ground: Ground, frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line to each other authority where children are placed, as wide as they are many.

    Columns used: placement_authority, children. Only authorities that the table names and the
    boundary file draws have a line; the others are said in words.
    """
    ends = ends_of(ground, frame)
    with house_style():
        figure, unnamed = _figure(ground, ends, context)
    said = "; ".join(f"{name} {count:,}" for name, _, count in ends)
    left = _not_drawn(ground, frame, ends)
    alt = (
        f"Map of lines from {context.name} to the other authorities where its children are placed "
        f"on {long_date(context.as_at)}, with the children placed in each: {said}. {left}"
    )
    base = (
        f"Lines run between the middles of the areas and show no address. {left} {unnamed} "
        "North is up."
    )
    return Drawing(figure, alt.strip(), _title(ends, context.name), " ".join(base.split()))


def ends_of(ground: Ground, frame: pd.DataFrame) -> list[End]:
    """The other authorities that have a line, in the order of the table."""
    codes = {ground.names.get(code, code): code for code in ground.outlines}
    rows = [row for row in frame.to_dict("records") if row["placement_authority"] in codes]
    return [
        (row["placement_authority"], codes[row["placement_authority"]], int(row["children"]))
        for row in rows
        if codes[row["placement_authority"]] != ground.code
        and not isinstance(row["children"], str) and row["children"] > 0
    ]


def _not_drawn(ground: Ground, frame: pd.DataFrame, ends: Sequence[End]) -> str:
    own = {ground.names.get(code, "") for code in (ground.code, *ground.within)}
    drawn = {name for name, _, _ in ends} | own
    left = [
        f"{row['placement_authority']} {_count(row['children'])}"
        for row in frame.to_dict("records") if row["placement_authority"] not in drawn
    ]
    return f"Without a line: {'; '.join(left)}." if left else ""


def _count(value: object) -> str:
    if isinstance(value, str):
        return MARK_MEANINGS.get(value, value)
    return number("children", float(value))


def _title(ends: Sequence[End], name: str) -> str:
    most = max((count for _, _, count in ends), default=0)
    first = [end for end, _, count in ends if count == most]
    if len(first) != 1:
        return f"Where children are placed outside {name}"
    return f"Outside {name}, most children are placed in {first[0]}: {most:,}"


def _figure(
    ground: Ground, ends: Sequence[End], context: ChartContext
) -> tuple[Figure, str]:
    """The map, and a sentence on lines for whose names it has no room."""
    middles = {code: ground.middle(code) for code in (ground.code, *(code for _, code, _ in ends))}
    view = _view(ground, list(middles.values()), context)
    legend = _legend(ends) | ground.own_legend(context.name) | ground.outside_legend(view)
    figure, axes = on_map.canvas(context, view, legend)
    ground.draw(axes, view)
    here = view.point(*middles[ground.code])
    there = {name: view.point(*middles[code]) for name, code, _ in ends}
    _draw_lines(axes, ends, here, there)
    lines = [shapely.LineString([here, point]).buffer(4, quad_segs=1) for point in there.values()]
    size = name_px(context)
    points = [shapely.Point(point).buffer(40, quad_segs=2) for point in (here, *there.values())]
    bar = on_map.scale_bar(axes, view, [*lines, *points], size)
    labels = {context.name: here} | {f"{name} {n:,}": there[name] for name, _, n in ends}
    frame = view.frame.buffer(-2).difference(bar)
    written = label_points(axes, labels, lines, frame, towards=here, size=size)
    on_map.edge_of(axes, view)
    left_out = [words for words in labels if words not in written]
    return figure, f"Lines without a name on the map: {'; '.join(left_out)}." if left_out else ""


def _draw_lines(
    axes: Axes, ends: Sequence[End], here: tuple[float, float],
    there: Mapping[str, tuple[float, float]],
) -> None:
    """The lines, the widest first, and a mark at each end of them."""
    for name, _, count in sorted(ends, key=lambda end: -end[2]):
        x, y = zip(here, there[name], strict=True)
        axes.plot(x, y, color=PAPER, lw=_width(count) + 2, zorder=7)
        axes.plot(x, y, color=_COLOUR, lw=_width(count), zorder=7)
    for name, _, count in ends:
        across = max(_LEAST_END_PX, _width(count) + _END_PX)
        axes.plot(*there[name], marker="o", color=NAVY, markeredgecolor=PAPER, markersize=across,
                  zorder=8)
    axes.plot(*here, marker="s", color=INK, markeredgecolor=PAPER, markersize=11, zorder=8)


def _view(
    ground: Ground, middles: Sequence[tuple[float, float]], context: ChartContext
) -> View:
    reach = shapely.union_all([ground.own.envelope, *map(shapely.Point, middles)])
    west, south, east, north = reach.bounds
    room = max(east - west, north - south) * _MARGIN
    width = context.width_px
    return View.on(
        (west - room, south - room, east + room, north + room), left=0.5, top=0.5,
        width=width - 1, heights=(width * 0.7, width * (0.9 if context.is_wide else 1.3)),
    )


def _width(count: int) -> float:
    return max(width for least, width in _WIDTHS.items() if least <= count)


def _legend(ends: Sequence[End]) -> dict[str, dict[str, Any]]:
    met = {_width(count) for _, _, count in ends}
    starts = list(_WIDTHS)
    words = [f"{low} to {high - 1} children"
             for low, high in zip(starts, starts[1:], strict=False)]
    named = zip([*words, f"{starts[-1]} or more children"], _WIDTHS.values(), strict=True)
    return {said: {"line": True, "color": _COLOUR, "lw": width}
            for said, width in named if width in met}
