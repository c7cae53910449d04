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

from sufficiency_lib.metrics.areas import (
    BAND_STARTS,
    ELSEWHERE,
    centres_of,
    hexagons_at,
    point_of,
)
from sufficiency_lib.publish import maps_drawing as on_map
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.maps_drawing import METRES_PER_MILE, View
from sufficiency_lib.publish.maps_ground import Ground
from sufficiency_lib.publish.style import INK, NAVY, ORANGE, PAPER, house_style
from sufficiency_lib.publish.wording import long_date

#: One hue from light to dark: a band's colour goes by what it begins with, and its ink.
_SHADES = dict(zip(BAND_STARTS, (
    ("#e3eff9", INK), ("#b5d6f0", INK), ("#6bace6", "#0b0c0c"), ("#2073bc", PAPER), (NAVY, PAPER),
), strict=True))
_EDGE = {"edgecolor": NAVY, "lw": 0.8}
_RULE_LINE = {"color": ORANGE, "lw": 2, "dashes": (5, 3)}
#: Ground beyond the line of the rule, and beyond the authority where no line is drawn, in miles.
_BEYOND_LINE_MILES, _BEYOND_MILES = 2, 10
_HEADS = {"homes_band": "Where they come from", "placements_band": "Where they are placed"}
#: Hexagons of one band that a text alternative names.
_LISTED = 8
_GAP = 16
#: Sizes that a band may be written in, the first that fits.
_BAND_PX = (12, 10)


def placements(ground: Ground, frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Children by the hexagon they are placed in, with the line of the rule.

    Columns used: hexagon, placements_band, hexagon_miles.
    """
    with house_style():
        figure, beyond = _figure(ground, frame, context, ["placements_band"])
    found = _by_band(frame, "placements_band")
    note = ground.rule_line[2]
    alt = (
        f"Map of hexagons {_miles(frame):g} miles across, of children looked after by "
        f"{context.name} on {long_date(context.as_at)}, by where they are placed. "
        f"{_said(found)} {_others(frame, 'placements_band')} {note}"
    )
    base = (
        f"Hexagons {_miles(frame):g} miles across; the data names each by the grid reference of "
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
        f"Two maps alike of hexagons {_miles(frame):g} miles across, of children looked after by "
        f"{context.name} on {long_date(context.as_at)}. By the home they come from: "
        f"{_said(homes)} By where they are placed: {_said(placed)} "
        f"{_others(frame, 'homes_band')}"
    )
    base = (
        f"Hexagons {_miles(frame):g} miles across. {_others(frame, 'homes_band')} "
        f"{_beyond_words(beyond)}North is up."
    )
    return Drawing(figure, alt, _compared_title(frame, columns), base)


def _figure(
    ground: Ground, frame: pd.DataFrame, context: ChartContext, columns: Sequence[str]
) -> tuple[Figure, int]:
    """A map for each column over one legend, and how many hexagons lie beyond the window."""
    two = len(columns) > 1
    line, line_words, _ = (None, "", "") if two else ground.rule_line
    views = _views(ground, line, context, len(columns))
    legend = _legend(ground, frame, columns, context.name, line_words)
    legend |= ground.outside_legend(views[0])
    figure, axes = on_map.canvas(context, views[-1], legend)
    missed: set[str] = set()
    for column, view in zip(columns, views, strict=True):
        if two:
            axes.text(view.left, view.top - 12, _HEADS[column], weight="bold", va="center")
        missed |= _map(ground, axes, view, frame, column, line)
    return figure, len(missed)


def _views(
    ground: Ground, line: BaseGeometry | None, context: ChartContext, maps: int
) -> list[View]:
    """The windows: one, or two side by side, or on a narrow page one above the other."""
    beside = maps > 1 and context.is_wide
    width = (context.width_px - _GAP) / 2 if beside else context.width_px
    head = 24 if maps > 1 else 0
    held = ground.own if line is None else shapely.union_all([ground.own, line])
    margin = (_BEYOND_MILES if line is None else _BEYOND_LINE_MILES) * METRES_PER_MILE
    first = View.on(
        held.envelope.buffer(margin).bounds, left=0.5, top=head + 0.5, width=width - 1,
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
    line: BaseGeometry | None,
) -> set[str]:
    """One map; the hexagons that its window does not hold."""
    pieces = ground.draw(axes, view)
    taken, missed = [], set()
    for row in _shown_rows(frame, column):
        hexagon = view.pixels(_hexagon(row["hexagon"], row["hexagon_miles"]))
        if hexagon.is_empty:
            missed.add(row["hexagon"])
            continue
        face, ink = _shade(row[column])
        on_map.draw_area(axes, hexagon, facecolor=face, zorder=4, **_EDGE)
        _write_band(axes, view, row, column, ink)
        taken.append(hexagon)
    if line is not None:
        on_map.draw_line(axes, line, view, zorder=6, **_RULE_LINE)
        taken.append(view.pixels(line).boundary.buffer(4))
    if line is not None and ground.centre is not None:
        axes.plot(*view.point(*ground.centre), marker="o", color=ORANGE, markeredgecolor=PAPER,
                  markersize=9, zorder=7)
    taken.append(on_map.scale_bar(axes, view))
    on_map.name_areas(axes, pieces, taken)
    on_map.edge_of(axes, view)
    return missed


def _write_band(
    axes: Axes, view: View, row: Mapping[str, Any], column: str, ink: str
) -> None:
    """The band in its hexagon, where there is room, so that colour is not all that says it."""
    words = str(row[column]).replace(" to ", "\N{EN DASH}").replace(" or more", "+")
    width = row["hexagon_miles"] * METRES_PER_MILE * view.scale
    size = next((s for s in _BAND_PX if on_map.text_width(words, s) + 2 <= width), None)
    x, y = view.point(*_centre(row["hexagon"], row["hexagon_miles"]))
    if size is None or not shapely.contains_xy(view.frame.buffer(-width / 3), x, y):
        return
    axes.text(x, y, words, ha="center", va="center", size=size, color=ink, zorder=6,
              bbox={"facecolor": _shade(row[column])[0], "edgecolor": "none", "pad": 0.5})


def _legend(
    ground: Ground, frame: pd.DataFrame, columns: Sequence[str], name: str, line_words: str
) -> dict[str, dict[str, Any]]:
    """The bands that are met and the lines."""
    met = {row[column] for column in columns for row in _shown_rows(frame, column)}
    items: dict[str, dict[str, Any]] = {
        f"{words} children": {"facecolor": _shade(words)[0], **_EDGE}
        for words in sorted(met, key=_start)
    }
    items[f"{name} boundary"] = {"line": True, "color": INK, "lw": 2.2}
    if line_words:
        items[line_words] = {"line": True, **_RULE_LINE}
    return items


def _start(words: object) -> int:
    """The number that a band begins with; 0 for one that is not shown.

    >>> _start("21 to 50"), _start("fewer than 6, or not shown"), _start("c")
    (21, 0, 0)
    """
    first = str(words).split(" ")[0]
    return int(first) if first.isdigit() else 0


def _shade(words: object) -> tuple[str, str]:
    """Colour and ink of a band.

    >>> _shade("8 to 10") == _shade("6 to 10")
    True
    """
    return _SHADES[max(start for start in BAND_STARTS if start <= _start(words))]


def _shown_rows(frame: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    rows = frame[frame["hexagon"] != ELSEWHERE].to_dict("records")
    return [row for row in rows if _start(row[column])]


def _by_band(frame: pd.DataFrame, column: str) -> dict[str, list[str]]:
    """Band → the hexagons with it, the highest band first."""
    found: dict[str, list[str]] = {}
    for row in sorted(_shown_rows(frame, column), key=lambda r: -_start(r[column])):
        found.setdefault(str(row[column]), []).append(str(row["hexagon"]))
    return found


def _miles(frame: pd.DataFrame) -> float:
    return float(frame["hexagon_miles"].iloc[0])


def _centre(reference: str, miles: float) -> tuple[float, float]:
    """The very middle of the hexagon that a reference names, in metres."""
    east, north = point_of(reference)
    (centre,) = centres_of(hexagons_at([east], [north], miles), miles)
    return float(centre[0]), float(centre[1])


def _hexagon(reference: str, miles: float) -> BaseGeometry:
    east, north = _centre(reference, miles)
    across = miles * METRES_PER_MILE / 2
    corner = across / 3**0.5
    return shapely.Polygon([
        (east, north + 2 * corner), (east + across, north + corner),
        (east + across, north - corner), (east, north - 2 * corner),
        (east - across, north - corner), (east - across, north + corner),
    ])


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
    areas = [_hexagon(reference, _miles(frame)) for reference in hexagons]
    inside = sum(bool(area.intersects(ground.own)) for area in areas)
    of = f"All {len(areas)}" if inside == len(areas) else f"{inside} of the {len(areas)}"
    return (
        f"{of} areas where {min(map(_start, found))} or more children are "
        f"placed are in {context.name} or across its boundary"
    )


def _compared_title(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """How many areas children come from and are placed in, of those that are shown."""
    rows = [_shown_rows(frame, column) for column in columns]
    homes, placed = ({row["hexagon"] for row in shown} for shown in rows)
    if not homes or not placed:
        return "Where children come from and where they are placed"
    fewest = min(_start(row[column]) for shown, column in zip(rows, columns, strict=True)
                 for row in shown)
    return (
        f"{len(homes)} areas are home to {fewest} or more children, {len(placed)} have as many "
        f"placed in them, and {len(homes & placed)} have both"
    )
