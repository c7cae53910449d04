"""What every map is made of: a window on the ground, outlines in pixels, names and a scale.

North is up. Everything is drawn from outlines that are public and from the words of a table
that has passed the gate, to a tenth of a pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.cleaning.distance import KM_PER_MILE, METRES_PER_KM
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.style import FONT_PX, INK, MUTED, PAPER, new_figure

METRES_PER_MILE = METRES_PER_KM * KM_PER_MILE

SEA = "#d5e5f1"
OUTSIDE = "#e3e6e8"
NEIGHBOUR = "#f7f5f0"
OWN = PAPER
BORDER = "#8a949c"

#: Smaller than the figure's own words, so that names do not hide the ground.
NAME_PX = 12
_LETTER = 0.54
LEGEND_PX = 22
_KEY_PX = 24
#: Scale bars that may be drawn, in miles.
_BARS_MILES = (1, 2, 5, 10, 20, 50, 100)
_DIGITS = 1


@dataclass(frozen=True)
class View:
    """A window on the ground and where it stands in a figure.

    west, north  its corner in metres
    scale        pixels a metre
    left, top    where that corner is drawn; width, height: pixels it takes
    """

    west: float
    north: float
    scale: float
    left: float
    top: float
    width: float
    height: float

    @classmethod
    def on(
        cls,
        bounds: Sequence[float],
        *,
        left: float,
        top: float,
        width: float,
        heights: tuple[float, float],
    ) -> View:
        """The window that holds `bounds` (west, south, east, north) in so many pixels.

        heights  the least and the most pixels it may be high: the ground is widened to fit
        """
        west, south, east, north = bounds
        tall = (north - south) / (east - west) * width
        height = round(min(max(tall, heights[0]), heights[1]))
        scale = min(width / (east - west), height / (north - south))
        middle = ((west + east) / 2, (south + north) / 2)
        return cls(middle[0] - width / scale / 2, middle[1] + height / scale / 2, scale,
                   left, top, width, height)

    @property
    def ground(self) -> BaseGeometry:
        """The window in metres."""
        return shapely.box(self.west, self.north - self.height / self.scale,
                           self.west + self.width / self.scale, self.north)

    def point(self, easting: float, northing: float) -> tuple[float, float]:
        """A point of the ground in pixels of the figure, to a tenth."""
        return (round(self.left + (easting - self.west) * self.scale, _DIGITS),
                round(self.top + (self.north - northing) * self.scale, _DIGITS))

    @property
    def frame(self) -> BaseGeometry:
        """The window in pixels."""
        return shapely.box(self.left, self.top, self.left + self.width, self.top + self.height)

    def moved(self, right: float, down: float) -> View:
        """The same ground drawn elsewhere in the figure."""
        return replace(self, left=self.left + right, top=self.top + down)

    def coverage(
        self, areas: Mapping[str, BaseGeometry], finest: float
    ) -> dict[str, BaseGeometry]:
        """Areas that share borders, as `pixels`, so that no gap opens between them.

        finest  pixels below which a bend of a border is left out
        """
        if not areas:
            return {}
        margin = self.ground.buffer(5_000).bounds
        near = [only_areas(shapely.clip_by_rect(area, *margin)) for area in areas.values()]
        simple = shapely.coverage_simplify(near, finest / self.scale)
        pieces = zip(areas, map(self._in_pixels, simple), strict=True)
        return {name: piece for name, piece in pieces if not piece.is_empty}

    def pixels(self, area: BaseGeometry) -> BaseGeometry:
        """What of an area is in the window, in pixels and no finer than the eye sees."""
        return self._in_pixels(area.simplify(0.6 / self.scale))

    def _in_pixels(self, area: BaseGeometry) -> BaseGeometry:
        def drawn(metres: np.ndarray) -> np.ndarray:
            east, north = metres.T
            x = self.left + (east - self.west) * self.scale
            y = self.top + (self.north - north) * self.scale
            return np.round(np.column_stack([x, y]), _DIGITS)

        piece = shapely.transform(shapely.clip_by_rect(area, *self.ground.bounds), drawn)
        return only_areas(piece)


def only_areas(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, made valid: cutting and rounding leave lines and crossings."""
    areas = shapely.MultiPolygon(polygons_of(shape))
    if areas.is_valid:
        return areas
    # Polygon by polygon, and none that has shrunk to a line: the only way that cannot fail.
    mended = [shapely.make_valid(area, method="structure", keep_collapsed=False)
              for area in areas.geoms]
    return shapely.MultiPolygon(polygons_of(shapely.union_all(mended)))


def polygons_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """The polygons of a shape, those of shapes within it too."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def canvas(
    context: ChartContext, lowest: View, legend: Mapping[str, Mapping[str, Any]]
) -> tuple[Figure, Axes]:
    """A figure measured in pixels for maps down to `lowest`, with the legend under them."""
    size = FONT_PX if context.is_wide else NAME_PX
    top = lowest.top + lowest.height + 8
    rows = legend_rows(list(legend), context.width_px, size)
    height = top + len(rows) * LEGEND_PX + 2
    figure = new_figure(context.width_px, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, context.width_px), ylim=(height, 0))
    axes.set_axis_off()
    draw_legend(axes, legend, top, context.width_px, size)
    return figure, axes


def draw_area(axes: Axes, area: BaseGeometry, **style: Any) -> None:
    """An area in pixels, with its holes; nothing for one that is empty."""
    path = _path(area)
    if path is not None:
        # As an artist: nobody needs the limits of the axes found anew for each patch.
        axes.add_artist(PathPatch(path, **{"facecolor": "none", "lw": 0, **style}))


def _path(area: BaseGeometry) -> Path | None:
    rings = []
    for part in polygons_of(area):
        # An islet smaller than a pixel is bytes that nobody sees.
        rings += [part.exterior, *part.interiors] if part.area >= 1 else []
    points = [shapely.get_coordinates(ring) for ring in rings]
    if not points:
        return None
    codes = [np.r_[Path.MOVETO, [Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]
             for ring in points]
    return Path(np.vstack(points), np.concatenate(codes).astype(Path.code_type))


def draw_line(axes: Axes, area: BaseGeometry, view: View, **style: Any) -> None:
    """The edge of an area as a line, without the window's own edge where it is cut off."""
    edge = shapely.clip_by_rect(area.simplify(0.6 / view.scale).boundary, *view.ground.bounds)
    for part in shapely.get_parts(shapely.line_merge(edge)):
        xy = np.array([view.point(*metres) for metres in shapely.get_coordinates(part)])
        if len(xy):
            axes.plot(xy[:, 0], xy[:, 1], **style)


def edge_of(axes: Axes, view: View) -> None:
    """A thin line round the window."""
    axes.add_patch(Rectangle((view.left, view.top), view.width, view.height, facecolor="none",
                             edgecolor=MUTED, lw=1, zorder=9))


def text_width(text: str, size: float) -> float:
    """Pixels that a text takes, a little over the true mean."""
    return len(text) * size * _LETTER


def name_areas(
    axes: Axes, pieces: Mapping[str, BaseGeometry], taken: Iterable[BaseGeometry]
) -> list[str]:
    """Write each area's name where it fits in it, in pixels; the names that were written.

    taken  what no name may cover. A name too long for its area is left out.
    """
    covered = shapely.union_all(list(taken))
    written = []
    for name, piece in pieces.items():
        lines = _lines(name)
        width = max(text_width(line, NAME_PX) for line in lines) + 6
        high = len(lines) * (NAME_PX + 3) + 4
        where = _room_for(piece.difference(covered), width, high)
        if where is None:
            continue
        x, y = where
        axes.text(x, y, "\n".join(lines), ha="center", va="center", size=NAME_PX, color=MUTED,
                  zorder=7, linespacing=1.15)
        covered |= shapely.box(x - width / 2, y - high / 2, x + width / 2, y + high / 2)
        written.append(name)
    return written


def _lines(name: str) -> list[str]:
    """A long name in two lines of like length."""
    words = name.split()
    if len(name) <= 14 or len(words) == 1:
        return [name]
    cut = min(range(1, len(words)),
              key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:]))))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _room_for(area: BaseGeometry, width: float, height: float) -> tuple[float, float] | None:
    """The middle of the roomiest place for words of that size in an area, or None.

    With x pressed together until the words are a square, it is the middle of the largest
    circle: words that fit within fit in the circle's square as well.
    """
    parts = polygons_of(area)
    if not parts:
        return None
    pressed = [shapely.transform(p, lambda xy: xy * [height / width, 1]) for p in parts]
    roomiest = max(pressed, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(roomiest, tolerance=1)
    if circle.length * 2 < height * 1.1:
        return None
    x, y = shapely.get_coordinates(circle)[0]
    return round(float(x * width / height), _DIGITS), round(float(y), _DIGITS)


def label_points(
    axes: Axes,
    view: View,
    labels: Mapping[str, tuple[float, float]],
    taken: Iterable[BaseGeometry],
    *,
    towards: tuple[float, float],
) -> None:
    """Words beside points in pixels, away from `towards` where there is room.

    The first side that covers nothing is taken, or else the one that covers least.
    """
    covered = [*taken, *(shapely.Point(point).buffer(6) for point in labels.values())]
    window = view.frame
    for words, (x, y) in labels.items():
        wide, high = text_width(words, NAME_PX) + 6, NAME_PX + 6
        sides = [(dx, dy) for dx in (9, -wide / 2, -9 - wide)
                 for dy in (-high / 2, -high - 8, 8) if (dx, dy) != (-wide / 2, -high / 2)]
        sides.sort(key=lambda at: (at[0] + wide / 2) * (towards[0] - x)
                   + (at[1] + high / 2) * (towards[1] - y))
        boxes = [shapely.box(x + dx, y + dy, x + dx + wide, y + dy + high) for dx, dy in sides]
        others = shapely.union_all(covered)
        best = min(boxes, key=lambda b: round(b.intersection(others).area
                                              + 4 * b.difference(window).area, _DIGITS))
        draw_area(axes, best, facecolor=PAPER, alpha=0.85, zorder=8)
        left, top, right, bottom = best.bounds
        axes.text((left + right) / 2, (top + bottom) / 2, words, size=NAME_PX, color=INK,
                  ha="center", va="center_baseline", zorder=9)
        covered.append(best)


def scale_bar(axes: Axes, view: View) -> BaseGeometry:
    """A bar of so many miles, with its kilometres, at the foot; the pixels it takes."""
    longest = view.width * 0.3
    miles = max((m for m in _BARS_MILES if m * METRES_PER_MILE * view.scale <= longest),
                default=_BARS_MILES[0])
    length = miles * METRES_PER_MILE * view.scale
    words = f"{miles} mile{'s' if miles > 1 else ''} ({miles * KM_PER_MILE:.3g} km)"
    x, y = view.left + 12, view.top + view.height - 12
    high = NAME_PX + 20
    wide = max(length, text_width(words, NAME_PX)) + 16
    back = shapely.box(x - 8, y - high, x - 8 + wide, y + 8)
    draw_area(axes, back, facecolor=PAPER, alpha=0.85, zorder=8)
    axes.plot([x, x, x + length, x + length], [y - 6, y, y, y - 6], color=INK, lw=1.5, zorder=9)
    axes.text(x, y - 14, words, size=NAME_PX, color=INK, va="center", zorder=9)
    return back


def legend_rows(items: Sequence[str], width: float, size: float) -> list[list[str]]:
    """The items of a legend in the rows that they take, in order."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for item in items:
        needed = _KEY_PX + 8 + text_width(item, size) + 20
        if rows[-1] and used + needed - 20 > width:
            rows.append([])
            used = 0.0
        rows[-1].append(item)
        used += needed
    return rows


def draw_legend(
    axes: Axes, items: Mapping[str, Mapping[str, Any]], top: float, width: float, size: float
) -> None:
    """What each colour and line means: a patch's style, or with `line` a line's.

    The rows are those of `legend_rows`.
    """
    y = top + LEGEND_PX / 2
    for row in legend_rows(list(items), width, size):
        x = 0.0
        for item in row:
            style = dict(items[item])
            if style.pop("line", False):
                dashes = {} if "dashes" in style else {"solid_capstyle": "butt"}
                axes.plot([x + 1, x + _KEY_PX], [y, y], **dashes, **style)
            else:
                axes.add_patch(Rectangle((x + 1, y - 7), _KEY_PX - 2, 14, **style))
            axes.text(x + _KEY_PX + 8, y, item, size=size, va="center_baseline")
            x += _KEY_PX + 8 + text_width(item, size) + 20
        y += LEGEND_PX
