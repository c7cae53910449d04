"""The map of places for each child, hexagon by hexagon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
from matplotlib.figure import Figure

from sufficiency_lib.metrics.reach import BANDS, NOBODY_NEAR, middles_of
from sufficiency_lib.publish import maps_drawing as on_map
from sufficiency_lib.publish.disclosure import SUPPRESSED
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.maps_bands import CELL, EDGE, FULL, KEY_PX, hexagon_round, miles_of
from sufficiency_lib.publish.maps_ground import Ground
from sufficiency_lib.publish.maps_labels import name_areas, name_px
from sufficiency_lib.publish.maps_view import METRES_PER_MILE, View
from sufficiency_lib.publish.style import HATCH_FACE, MUTED, NAVY, house_style
from sufficiency_lib.publish.wording import sentence_case

#: One hue from light to dark, by band; colour alone says nothing, so each fills more too.
_FACES = ("#ffffff", "#d3e6f6", "#a9cfee", "#2073bc", NAVY)
_SHARES = (0.3, 0.46, 0.62, 0.78, FULL)
_LOOKS = {words: (face, share)
          for (_, words), face, share in zip(BANDS, _FACES, _SHARES, strict=True)}
_OTHER = {NOBODY_NEAR: "No child's home near", SUPPRESSED: "Not shown, to protect children"}
_HIDDEN = {"facecolor": HATCH_FACE, "edgecolor": MUTED, "lw": 0.6}
_BEYOND_MILES = 5
#: Below a place for each child there is not one to choose.
_UNDER_ONE = ("no places", "under half a place", "half to under one")

#: Whose places they are, as a map says it.
CHILDRENS_HOMES = "in children's homes"
FOSTER_CARERS = "with the council's foster carers"


@dataclass(frozen=True)
class SupplyMap:
    """What draws `places_by_hexagon`: `page.chart(id, frame, draw=SupplyMap(atlas.ground))`.

    ground   what lies under the hexagons
    offered  whose places they are, in words: CHILDRENS_HOMES or FOSTER_CARERS
    """

    ground: Ground
    offered: str = CHILDRENS_HOMES

    def __call__(self, frame: pd.DataFrame, context: ChartContext) -> Drawing:
        """The hexagons of the authority, each filled by its band.

        Columns used: hexagon, supply_band, hexagon_miles.
        """
        with house_style():
            figure = self._figure(frame, context)
        miles = miles_of(frame)
        counts = frame["supply_band"].value_counts()
        said = "; ".join(f"{_words(band)} in {counts[band]} of them" for band in _met(frame))
        alt = (
            f"Map of {len(frame)} hexagons {miles:g} miles across that cover {context.name}, by "
            f"places {self.offered} within 20 miles for each child: {said}."
        )
        return Drawing(figure, alt, _title(frame, self.offered), (
            f"Hexagons {miles:g} miles across; the data names each by the grid reference of its "
            f"middle. Places {self.offered}, filled or not. North is up."
        ))

    def _figure(self, frame: pd.DataFrame, context: ChartContext) -> Figure:
        view = View.on(
            self.ground.own.envelope.buffer(_BEYOND_MILES * METRES_PER_MILE).bounds,
            left=0.5, top=0.5, width=context.width_px - 1,
            heights=(context.width_px * 0.6, context.width_px * 0.95),
        )
        legend: dict[str, dict[str, Any]] = {
            _words(band): {"areas": _pieces(band, 0.0, 0.0, KEY_PX)} for band in _met(frame)
        }
        legend |= self.ground.own_legend(context.name) | self.ground.outside_legend(view)
        figure, axes = on_map.canvas(context, view, legend)
        named = self.ground.draw(axes, view)
        miles = miles_of(frame)
        width = miles * METRES_PER_MILE * view.scale
        cells = []
        for (east, north), band in zip(
            middles_of(frame["hexagon"].tolist(), miles), frame["supply_band"], strict=True
        ):
            pieces = _pieces(band, *view.point(east, north), width)
            cells.append(pieces[0][0])
            for area, style in pieces:
                on_map.draw_area(axes, shapely.clip_by_rect(area, *view.frame.bounds), zorder=4,
                                 **style)
        over = shapely.union_all(cells)
        taken = [*cells, self.ground.draw_outline_over(axes, view, over)]
        size = name_px(context)
        taken.append(on_map.scale_bar(axes, view, taken, size))
        name_areas(axes, named, taken, size)
        on_map.edge_of(axes, view)
        return figure


def _title(frame: pd.DataFrame, offered: str) -> str:
    short = int(frame["supply_band"].isin(_UNDER_ONE).sum())
    near = f"{offered} for each child within 20 miles"
    if short:
        areas = "area has" if short == 1 else "areas have"
        return f"{short} of {len(frame)} {areas} less than one place {near}"
    if set(frame["supply_band"]) & set(_OTHER):
        return f"Places {near} of each area"
    return f"Every area has a place or more {near}"


def _met(frame: pd.DataFrame) -> list[str]:
    """The bands of a frame, from the least."""
    present = set(frame["supply_band"])
    return [band for band in (*_LOOKS, *_OTHER) if band in present]


def _words(band: str) -> str:
    """A band as a legend says it.

    >>> _words("two or more"), _words("c")
    ('Two or more places for each child', 'Not shown, to protect children')
    """
    if band in _OTHER:
        return _OTHER[band]
    more = "for each child" if "place" in band else "places for each child"
    return sentence_case(f"{band} {more}")


def _pieces(band: str, x: float, y: float, width: float) -> list[tuple[Any, dict[str, Any]]]:
    """A hexagon in pixels: its whole, and what says its band."""
    if band not in _LOOKS:
        return [(hexagon_round(x, y, width), _HIDDEN)]
    face, share = _LOOKS[band]
    inner = hexagon_round(x, y, width * share)
    return [(hexagon_round(x, y, width), CELL), (inner, {"facecolor": face, **EDGE})]
