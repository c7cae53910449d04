"""What every map is made of: a canvas, areas and lines in pixels, a scale and a legend.

North is up. Everything is drawn from outlines that are public and from the words of a table
that has passed the gate, to a tenth of a pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.cleaning.distance import KM_PER_MILE
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.lettering import in_lines, text_width
from sufficiency_lib.publish.maps_view import DIGITS, METRES_PER_MILE, View, polygons_of
from sufficiency_lib.publish.style import FONT_PX, INK, MUTED, PAPER, PLUM, new_figure

SEA = "#d5e5f1"
OUTSIDE = "#e3e6e8"
NEIGHBOUR = "#f7f5f0"
OWN = PAPER
#: The line round an area that is not the own, on the map and in the legend.
EDGE = {"edgecolor": "#7f8990", "lw": 0.8}

#: The own outline and the line of the rule: each on a paper edge where it crosses a hexagon.
OUTLINE = {"color": INK, "lw": 2.2}
RULE_LINE = {"color": PLUM, "lw": 2, "dashes": (5, 3)}
_PAPER_EDGE_PX = 2.0

LEGEND_PX = 22
_LINE_PX = 17
_KEY_PX = 24
_BETWEEN_PX = 20
#: Scale bars that may be drawn, in miles.
_BARS_MILES = (1, 2, 5, 10, 20, 50, 100)


def canvas(
    context: ChartContext, lowest: View, legend: Mapping[str, Mapping[str, Any]]
) -> tuple[Figure, Axes]:
    """A figure measured in pixels for maps down to `lowest`, with the legend under them."""
    top = lowest.top + lowest.height + 8
    rows = legend_rows(list(legend), context.width_px)
    height = round(top + sum(_row_height(row) for row in rows) + 2)
    figure = new_figure(context.width_px, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, context.width_px), ylim=(height, 0))
    axes.set_axis_off()
    _draw_legend(axes, legend, rows, top)
    return figure, axes


def draw_area(axes: Axes, area: BaseGeometry, **style: Any) -> None:
    """An area in pixels, with its holes; nothing for one that is empty."""
    rings = [ring for part in polygons_of(area) for ring in (part.exterior, *part.interiors)]
    points = [shapely.get_coordinates(ring) for ring in rings]
    if not points:
        return
    codes = [np.r_[Path.MOVETO, [Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]
             for ring in points]
    path = Path(np.vstack(points), np.concatenate(codes).astype(Path.code_type))
    # As an artist: nobody needs the limits of the axes found anew for each patch.
    axes.add_artist(PathPatch(path, **{"facecolor": "none", "lw": 0, **style}))


def draw_lines(axes: Axes, lines: BaseGeometry, **style: Any) -> None:
    """The lines of a shape in pixels as one path; nothing for none."""
    points = [shapely.get_coordinates(part) for part in shapely.get_parts(lines)
              if shapely.get_dimensions(part) == 1]
    points = [part for part in points if len(part)]
    if not points:
        return
    codes = [np.r_[Path.MOVETO, [Path.LINETO] * (len(part) - 1)] for part in points]
    path = Path(np.vstack(points), np.concatenate(codes).astype(Path.code_type))
    axes.add_artist(PathPatch(path, facecolor="none", **style))


def draw_line(
    axes: Axes, line: BaseGeometry, style: Mapping[str, Any], over: BaseGeometry
) -> None:
    """A line that matters, on a paper edge where it crosses colours."""
    draw_lines(axes, shapely.intersection(line, over), edgecolor=PAPER, capstyle="butt",
               lw=style["lw"] + _PAPER_EDGE_PX, zorder=5)
    if "dashes" in style:
        for part in shapely.get_parts(line):
            axes.plot(*shapely.get_coordinates(part).T, **style, zorder=6)
    else:
        draw_lines(axes, line, edgecolor=style["color"], lw=style["lw"], zorder=6)


def edge_of_area(area: BaseGeometry, view: View) -> BaseGeometry:
    """The edge of an area in metres as lines in pixels, without the window's own edge."""
    edge = view.pixels(area.simplify(0.3 / view.scale).boundary)
    return shapely.line_merge(edge) if edge.geom_type == "MultiLineString" else edge


def edge_of(axes: Axes, view: View) -> None:
    """A thin line round the window."""
    axes.add_patch(Rectangle((view.left, view.top), view.width, view.height, facecolor="none",
                             edgecolor=MUTED, lw=1, zorder=10))


def scale_bar(
    axes: Axes, view: View, busy: Iterable[BaseGeometry], size: float
) -> BaseGeometry:
    """A bar of so many miles, with its kilometres, in a corner; the pixels it takes.

    busy  what it had better not cover: it stands in the corner that has least of it
    """
    longest = view.width * 0.3
    miles = max((m for m in _BARS_MILES if m * METRES_PER_MILE * view.scale <= longest),
                default=_BARS_MILES[0])
    length = round(miles * METRES_PER_MILE * view.scale, DIGITS)
    words = f"{miles} mile{'s' if miles > 1 else ''} ({miles * KM_PER_MILE:.3g} km)"
    wide, high = max(length, text_width(words, size)) + 12, size + 18
    back = min(_corners(view, wide, high),
               key=lambda box: round(sum(box.intersection(one).area for one in busy)))
    draw_area(axes, back, facecolor=PAPER, alpha=0.85, zorder=8)
    x, y = back.bounds[0] + 6, back.bounds[3] - 5
    axes.plot([x, x, x + length, x + length], [y - 6, y, y, y - 6], color=INK, lw=1.5, zorder=9)
    axes.text(x, back.bounds[1] + 3 + size / 2, words, size=size, color=INK,
              va="center_baseline", zorder=9)
    return back


def _corners(view: View, wide: float, high: float) -> list[BaseGeometry]:
    """A box in each corner, those at the foot first."""
    left, top, right, bottom = view.frame.buffer(-6, join_style="mitre").bounds
    return [
        shapely.box(*(round(edge, DIGITS) for edge in (x, y, x + wide, y + high)))
        for y in (bottom - high, top) for x in (left, right - wide)
    ]


def legend_rows(items: Sequence[str], width: float) -> list[list[tuple[str, list[str]]]]:
    """The items of a legend in the rows that they take, in order, each with its lines."""
    rows: list[list[tuple[str, list[str]]]] = [[]]
    used = 0.0
    room = width - _KEY_PX - 8
    for item in items:
        lines = in_lines(item, room, FONT_PX)
        needed = _KEY_PX + 8 + max(text_width(line, FONT_PX) for line in lines)
        if rows[-1] and used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append((item, lines))
        used += needed + _BETWEEN_PX
    return rows


def _row_height(row: Sequence[tuple[str, list[str]]]) -> float:
    return LEGEND_PX + _LINE_PX * (max((len(lines) for _, lines in row), default=1) - 1)


def _draw_legend(
    axes: Axes,
    items: Mapping[str, Mapping[str, Any]],
    rows: Sequence[Sequence[tuple[str, list[str]]]],
    top: float,
) -> None:
    """What each colour and line means: a patch's style, or a `line`'s, `marker`'s or `area`'s."""
    for row in rows:
        x, y = 0.0, top + LEGEND_PX / 2
        for item, lines in row:
            _draw_key(axes, dict(items[item]), x, y)
            for number, line in enumerate(lines):
                axes.text(x + _KEY_PX + 8, y + number * _LINE_PX, line, size=FONT_PX,
                          va="center_baseline")
            longest = max(text_width(line, FONT_PX) for line in lines)
            x += round(_KEY_PX + 8 + longest + _BETWEEN_PX, DIGITS)
        top += _row_height(row)


def _draw_key(axes: Axes, style: dict[str, Any], x: float, y: float) -> None:
    if style.pop("line", False):
        dashes = {} if "dashes" in style else {"solid_capstyle": "butt"}
        axes.plot([x + 1, x + _KEY_PX], [y, y], **dashes, **style)
    elif "marker" in style:
        axes.plot(x + _KEY_PX / 2, y, **style)
    elif "areas" in style:
        for area, of_area in style["areas"]:
            draw_area(axes, shapely.transform(area, lambda xy: xy + [x + _KEY_PX / 2, y]),
                      **of_area)
    else:
        axes.add_patch(Rectangle((x + 1, y - 7), _KEY_PX - 2, 14, **style))
