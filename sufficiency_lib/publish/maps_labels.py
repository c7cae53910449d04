"""Words on a map: their lines, where an area's name fits, and names beside points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import shapely
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.lettering import text_width
from sufficiency_lib.publish.maps_view import DIGITS, polygons_of
from sufficiency_lib.publish.style import FONT_PX, INK, MUTED, PAPER

#: Names on a wide page are smaller than the figure's own words, so that they do not hide the
#: ground; a narrow figure is shown smaller than it is drawn.
_WIDE_NAME_PX = 12
#: Pixels from a point at which its label may stand, nearest first: the far ones have a leader.
_AWAY_PX = (10, 24, 42, 64)
#: What a label may cover: an empty margin round its words, in pixels.
_PAD_PX = 3


def name_px(context: ChartContext) -> int:
    """The size of names on a map."""
    return _WIDE_NAME_PX if context.is_wide else FONT_PX


def name_areas(
    axes: Axes, pieces: Mapping[str, BaseGeometry], taken: Iterable[BaseGeometry], size: float
) -> list[str]:
    """Write each area's name where it fits in it, in pixels; the names that were written.

    taken  what no name may cover. A name too long for its area is left out.
    """
    covered = shapely.union_all(list(taken))
    written = []
    for name, piece in pieces.items():
        lines = _two_lines(name)
        width = max(text_width(line, size) for line in lines) + 6
        high = len(lines) * (size + 3) + 4
        where = _room_for(piece.difference(covered), width, high)
        if where is None:
            continue
        x, y = where
        axes.text(x, y, "\n".join(lines), ha="center", va="center", size=size, color=MUTED,
                  zorder=8, linespacing=1.15)
        covered |= shapely.box(x - width / 2, y - high / 2, x + width / 2, y + high / 2)
        written.append(name)
    return written


def _two_lines(name: str) -> list[str]:
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
    parts = [part for part in polygons_of(area) if part.area >= width * height]
    if not parts:
        return None
    pressed = [shapely.transform(p, lambda xy: xy * [height / width, 1]) for p in parts]
    roomiest = max(pressed, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(roomiest, tolerance=1)
    if circle.length * 2 < height * 1.1:
        return None
    x, y = shapely.get_coordinates(circle)[0]
    return round(float(x * width / height), DIGITS), round(float(y), DIGITS)


def label_points(
    axes: Axes,
    labels: Mapping[str, tuple[float, float]],
    taken: Sequence[BaseGeometry],
    frame: BaseGeometry,
    *,
    towards: tuple[float, float],
    size: float,
) -> list[str]:
    """Words beside points in pixels, away from `towards` where there is room; those written.

    labels  words → point, the most important first
    taken   lines that a label had better not cover; frame: what it must be within
    size    of the letters

    No label covers another or another's point: one that would is left out. A label that is not
    beside its point has a thin line to it.
    """
    points = {words: shapely.Point(point).buffer(6) for words, point in labels.items()}
    lines = shapely.union_all(list(taken))
    placed: list[BaseGeometry] = []
    written = []
    for words, point in labels.items():
        others = [mark for other, mark in points.items() if labels[other] != point]
        blocked = shapely.union_all(others + placed)
        boxes = _boxes(words, point, towards, size)
        free = [box for box in boxes if frame.covers(box) and not box.intersects(blocked)]
        if not free:
            continue
        best = min(free, key=lambda b: round(b.intersection(lines).area + _apart(b, point) ** 1.5))
        _write_label(axes, words, best, point, size)
        placed.append(best)
        written.append(words)
    return written


def _boxes(
    words: str, point: tuple[float, float], towards: tuple[float, float], size: float
) -> list[BaseGeometry]:
    """Where a label may stand round its point, those away from `towards` first."""
    x, y = point
    wide, high = text_width(words, size) + 2 * _PAD_PX, size + 2 * _PAD_PX
    middles = [
        (x + across * (away + wide / 2), y + down * (away + high / 2) * (0.7 if across else 1))
        for away in _AWAY_PX
        for across in (1, 0, -1) for down in (0, -1, 1) if across or down
    ]
    middles.sort(key=lambda at: (at[0] - x) * (towards[0] - x) + (at[1] - y) * (towards[1] - y)
                 > 0)
    return [
        shapely.box(*(round(edge, DIGITS) for edge in
                      (mx - wide / 2, my - high / 2, mx + wide / 2, my + high / 2)))
        for mx, my in middles
    ]


def _apart(box: BaseGeometry, point: tuple[float, float]) -> float:
    return float(box.distance(shapely.Point(point)))


def _write_label(
    axes: Axes, words: str, box: BaseGeometry, point: tuple[float, float], size: float
) -> None:
    left, top, right, bottom = box.bounds
    if _apart(box, point) > _AWAY_PX[0] + 2:
        end = shapely.get_coordinates(shapely.shortest_line(box, shapely.Point(point)))[0]
        axes.plot([point[0], round(end[0], DIGITS)], [point[1], round(end[1], DIGITS)],
                  color=MUTED, lw=1, zorder=7.5)
    axes.text((left + right) / 2, (top + bottom) / 2, words, size=size, color=INK, ha="center",
              va="center_baseline", zorder=9,
              bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1})
