"""Maps of hexagons: where children are placed, and beside it where they come from.

A hexagon is drawn only where its band is printed; nothing tells one with few children from one
without any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.metrics.areas import ELSEWHERE, centres_of, hexagons_at, point_of
from sufficiency_lib.publish import maps_drawing as on_map
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.lettering import text_width
from sufficiency_lib.publish.maps_bands import (
    CELL,
    EDGE,
    FULL,
    TALL,
    Look,
    hexagon_round,
    key_of,
    look_of,
    miles_of,
    short_words,
    start_of,
)
from sufficiency_lib.publish.maps_ground import Ground, RuleLine
from sufficiency_lib.publish.maps_labels import name_areas, name_px
from sufficiency_lib.publish.maps_view import METRES_PER_MILE, View
from sufficiency_lib.publish.style import FONT_PX, PAPER, house_style
from sufficiency_lib.publish.wording import long_date

_CENTRE = {"marker": "o", "color": on_map.RULE_LINE["color"], "markeredgecolor": PAPER,
           "markersize": 9, "lw": 0}
#: Ground beyond the line of the rule, and beyond the authority where no line is drawn, in miles.
_BEYOND_LINE_MILES, _BEYOND_MILES = 2, 10
_HEADS = {"homes_band": "Where they come from", "placements_band": "Where they are placed"}
#: Hexagons of one band that a text alternative names.
_LISTED = 8
_GAP = 16


def placements(ground: Ground, frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Children by the hexagon they are placed in, with the line of the rule.

    Columns used: hexagon, placements_band, hexagon_miles.
    """
    with house_style():
        figure, beyond = _figure(ground, frame, context, ["placements_band"])
    found = _by_band(frame, "placements_band")
    note = ground.rule_line.said
    alt = (
        f"Map of hexagons {miles_of(frame):g} miles across, of children looked after by "
        f"{context.name} on {long_date(context.as_at)}, by where they are placed. "
        f"{_said(found)} {_others(frame, 'placements_band')} {note}"
    )
    base = (
        f"Hexagons {miles_of(frame):g} miles across; the data names each by the grid reference of "
        f"its middle. {_others(frame, 'placements_band')} {_beyond_words(beyond)}{note} "
        f"North is up."
    )
    return Drawing(figure, alt, _title(ground, found, frame, context), base)


def homes_and_placements(ground: Ground, frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Two maps alike: the hexagons that homes are in, and those of placements.

    Columns used: hexagon, homes_band, placements_band, hexagon_miles.
    """
    columns = list(_HEADS)
    with house_style():
        figure, beyond = _figure(ground, frame, context, columns)
    homes, placed = (_by_band(frame, column) for column in columns)
    alt = (
        f"Two maps alike of hexagons {miles_of(frame):g} miles across, of children looked after by "
        f"{context.name} on {long_date(context.as_at)}. By the home they come from: "
        f"{_said(homes)} By where they are placed: {_said(placed)} "
        f"{_others(frame, 'homes_band')}"
    )
    base = (
        f"Hexagons {miles_of(frame):g} miles across. {_others(frame, 'homes_band')} "
        f"{_beyond_words(beyond)}North is up."
    )
    return Drawing(figure, alt, _compared_title(frame, columns), base)


def _figure(
    ground: Ground, frame: pd.DataFrame, context: ChartContext, columns: Sequence[str]
) -> tuple[Figure, int]:
    """A map for each column over one legend, and how many hexagons lie beyond the window."""
    two = len(columns) > 1
    line = None if two else ground.rule_line
    views = _views(ground, line, context, len(columns), miles_of(frame))
    size = name_px(context)
    said = _has_room(frame, columns, views[0], size)
    legend = _legend(ground, frame, columns, context.name, line, said=said)
    legend |= ground.outside_legend(views[0])
    figure, axes = on_map.canvas(context, views[-1], legend)
    missed: set[str] = set()
    for column, view in zip(columns, views, strict=True):
        if two:
            axes.text(view.left, view.top - 12, _HEADS[column], weight="bold", size=FONT_PX,
                      va="center_baseline")
        missed |= _map(ground, axes, view, frame, column, line, size, said=said)
    return figure, len(missed)


def _views(
    ground: Ground, line: RuleLine | None, context: ChartContext, maps: int, miles: float
) -> list[View]:
    """The windows: one, or two side by side, or on a narrow page one above the other.

    Each holds the line, and every hexagon `miles` across that touches the authority.
    """
    beside = maps > 1 and context.is_wide
    width = (context.width_px - _GAP) / 2 if beside else context.width_px
    head = 24 if maps > 1 else 0
    around = line.area if line is not None else None
    least = miles * TALL if around is not None else max(miles * TALL, _BEYOND_MILES)
    held = ground.own.envelope.buffer(least * METRES_PER_MILE)
    if around is not None:
        edge = around.envelope.buffer(_BEYOND_LINE_MILES * METRES_PER_MILE)
        held = shapely.union_all([held, edge])
    first = View.on(
        held.bounds, left=0.5, top=head + 0.5, width=width - 1,
        heights=(width * 0.7, width * (1.2 if maps > 1 else 0.95)),
    )
    step = (width + _GAP, 0) if beside else (0, first.height + head + 14)
    return [first.moved(number * step[0], number * step[1]) for number in range(maps)]


def _map(
    ground: Ground,
    axes: Axes,
    view: View,
    frame: pd.DataFrame,
    column: str,
    line: RuleLine | None,
    size: float,
    *,
    said: bool,
) -> set[str]:
    """One map; the hexagons that are left out, as they are not wholly in the window."""
    pieces = ground.draw(axes, view)
    rows = {row["hexagon"]: row for row in _shown_rows(frame, column)}
    middles = {one: view.point(*_centre(one, miles_of(frame))) for one in rows}
    width = miles_of(frame) * METRES_PER_MILE * view.scale
    inside = {one: middle for one, middle in middles.items()
              if view.frame.covers(hexagon_round(*middle, width))}
    looks = {one: look_of(rows[one][column]) for one in inside}
    cells = _draw_hexagons(axes, width, inside, looks, said=said)
    over = shapely.union_all(cells)
    lines = [ground.draw_outline_over(axes, view, over)]
    if line is not None and line.area is not None:
        lines.append(_draw_rule(ground, axes, view, line.area, over))
    if said:
        crossing = shapely.union_all(lines)
        for one, middle in inside.items():
            _write_band(axes, middle, short_words(rows[one][column]), looks[one], size, crossing)
    taken = [*cells, *lines]
    taken.append(on_map.scale_bar(axes, view, taken, size))
    name_areas(axes, pieces, taken, size)
    on_map.edge_of(axes, view)
    return set(rows) - set(inside)


def _has_room(
    frame: pd.DataFrame, columns: Sequence[str], view: View, size: float
) -> bool:
    """Whether all bands can be written in their hexagons."""
    words = [short_words(row[column]) for column in columns for row in _shown_rows(frame, column)]
    widest = max((text_width(one, size) for one in words), default=0.0)
    return widest + 6 <= miles_of(frame) * METRES_PER_MILE * view.scale * FULL


def _draw_hexagons(
    axes: Axes,
    width: float,
    middles: Mapping[str, tuple[float, float]],
    looks: Mapping[str, Look],
    *,
    said: bool,
) -> list[BaseGeometry]:
    """The hexagons, each band as one path; the pixels they take.

    said  whether the bands are written: if not, each fills its share of the whole hexagon
    """
    cells = [hexagon_round(*middle, width) for middle in middles.values()]
    if not said:
        on_map.draw_area(axes, shapely.GeometryCollection(cells), zorder=3, **CELL)
    for look in dict.fromkeys(looks.values()):
        across = width * (FULL if said else look.share)
        inner = [hexagon_round(*middles[one], across) for one in looks if looks[one] == look]
        on_map.draw_area(axes, shapely.GeometryCollection(inner), facecolor=look.face, zorder=4,
                         **EDGE)
    return cells


def _draw_rule(
    ground: Ground, axes: Axes, view: View, area: BaseGeometry, over: BaseGeometry
) -> BaseGeometry:
    """The line of the rule, and the centre it is measured from; the pixels it takes."""
    edge = on_map.edge_of_area(area, view)
    on_map.draw_line(axes, edge, on_map.RULE_LINE, over)
    if ground.centre is not None:
        axes.plot(*view.point(*ground.centre), **_CENTRE, zorder=8)
    return edge.buffer(4, quad_segs=2)


def _write_band(
    axes: Axes,
    middle: tuple[float, float],
    words: str,
    look: Look,
    size: float,
    crossing: BaseGeometry,
) -> None:
    """The band in its hexagon, over any line that crosses it."""
    wide, high = text_width(words, size) / 2 + 1, size / 2
    x, y = middle
    crossed = crossing.intersects(shapely.box(x - wide, y - high, x + wide, y + high))
    back = {"bbox": {"facecolor": look.face, "edgecolor": "none", "pad": 1}} if crossed else {}
    axes.text(x, y, words, ha="center", va="center_baseline", size=size, color=look.ink,
              zorder=7, **back)


def _legend(
    ground: Ground,
    frame: pd.DataFrame,
    columns: Sequence[str],
    name: str,
    line: RuleLine | None,
    *,
    said: bool,
) -> dict[str, dict[str, Any]]:
    """The bands that are met and the lines."""
    met = {row[column] for column in columns for row in _shown_rows(frame, column)}
    items: dict[str, dict[str, Any]] = {
        f"{words} children": {"areas": key_of(words, said)} for words in sorted(met, key=start_of)
    }
    items |= ground.own_legend(name)
    if line is not None and line.name:
        items[line.name] = {"line": True, **on_map.RULE_LINE}
        if ground.centre is not None:
            items[ground.settings.centre_name or "The centre"] = dict(_CENTRE)
    return items


def _shown_rows(frame: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    rows = frame[frame["hexagon"] != ELSEWHERE].to_dict("records")
    return [row for row in rows if start_of(row[column])]


def _by_band(frame: pd.DataFrame, column: str) -> dict[str, list[str]]:
    """Band → the hexagons with it, the highest band first."""
    found: dict[str, list[str]] = {}
    for row in sorted(_shown_rows(frame, column), key=lambda r: -start_of(r[column])):
        found.setdefault(str(row[column]), []).append(str(row["hexagon"]))
    return found


def _centre(reference: str, miles: float) -> tuple[float, float]:
    """The very middle of the hexagon that a reference names, in metres."""
    east, north = point_of(reference)
    (centre,) = centres_of(hexagons_at([east], [north], miles), miles)
    return float(centre[0]), float(centre[1])


def _on_ground(reference: str, miles: float) -> BaseGeometry:
    """The hexagon that a reference names, in metres."""
    return hexagon_round(*_centre(reference, miles), miles * METRES_PER_MILE)


def _said(found: Mapping[str, Sequence[str]]) -> str:
    """The bands in words, with the first few hexagons of each."""
    if not found:
        return "No hexagon has enough children to be shown."
    parts = []
    for words, hexagons in found.items():
        more = len(hexagons) - _LISTED
        named = ", ".join(hexagons[:_LISTED]) + (f" and {more} more" if more > 0 else "")
        parts.append(f"{words} children in {named}")
    return "; ".join(parts) + "."


def _others(frame: pd.DataFrame, column: str) -> str:
    """What a place without a hexagon means."""
    words = str(frame.loc[frame["hexagon"] == ELSEWHERE, column].iloc[0])
    if words == "none":
        return "Where no hexagon is drawn there are no children."
    fewer = words.partition(",")[0]
    return (
        f"Where no hexagon is drawn there are no children, or {fewer}, or a number that is not "
        "shown to protect them."
    )


def _beyond_words(beyond: int) -> str:
    """A sentence, and a space, for hexagons that the window leaves out."""
    if not beyond:
        return ""
    verb = "hexagon lies" if beyond == 1 else "hexagons lie"
    return f"{beyond} {verb} beyond the map; the data has them. "


def _title(
    ground: Ground, found: Mapping[str, list[str]], frame: pd.DataFrame, context: ChartContext
) -> str:
    hexagons = [reference for references in found.values() for reference in references]
    if len(hexagons) < 2:
        return f"Where children looked after by {context.name} are placed"
    areas = [_on_ground(reference, miles_of(frame)) for reference in hexagons]
    shapely.prepare(ground.own)
    inside = int(shapely.intersects(ground.own, areas).sum())
    of = f"All {len(areas)}" if inside == len(areas) else f"{inside} of the {len(areas)}"
    return (
        f"{of} areas where {min(map(start_of, found))} or more children are "
        f"placed are in {context.name} or across its boundary"
    )


def _compared_title(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """How many areas children come from and are placed in, of those that are shown."""
    rows = [_shown_rows(frame, column) for column in columns]
    homes, placed = ({row["hexagon"] for row in shown} for shown in rows)
    if not homes or not placed:
        return "Where children come from and where they are placed"
    fewest = min(start_of(row[column]) for shown, column in zip(rows, columns, strict=True)
                 for row in shown)
    return (
        f"{len(homes)} areas are home to {fewest} or more children, {len(placed)} have as many "
        f"placed in them, and {len(homes & placed)} have both"
    )
