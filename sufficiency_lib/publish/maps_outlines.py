"""Outlines as a figure of a certain size can show them: few points, and borders still shared.

A boundary file has a bend every twenty metres; a pixel of a map is a hundred to a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.publish.maps_view import DIGITS, View, only_areas, polygons_of, rounded

#: Pixels: a bend that is off by less is left out.
BEND_PX = 1.8
#: Pixels across: a creek that is narrower is closed, as the lines of its banks would be a blot.
CREEK_PX = 4.0
#: Square pixels: an islet or a hole that is smaller is left out.
ISLET_PX2 = 4.0
#: Square pixels: water within the land, cut off where a creek was closed, that is smaller.
_POOL_PX2 = 60.0
#: Pixels: what closing creeks may move a line by.
_SMOOTH_PX = 0.6
#: Pixels of ground beyond the window that are worked on, so that no cut is seen in it.
_ROUND_PX = 20


@dataclass(frozen=True)
class Land:
    """What a window shows of the outlines, in its pixels.

    pieces   code → area, its borders shared with its neighbours'
    own      the authority's own area, its creeks closed; without area where it has no outline
    land     all areas as one, with their creeks closed
    borders  lines between two areas neither of which is the authority's own, each once
    """

    pieces: dict[str, BaseGeometry]
    own: BaseGeometry
    land: BaseGeometry
    borders: BaseGeometry

    def moved(self, right: float, down: float) -> Land:
        """The same land drawn elsewhere in the figure."""
        def to(shape: BaseGeometry) -> BaseGeometry:
            return shapely.transform(shape, lambda xy: np.round(xy + [right, down], DIGITS))

        return Land({code: to(piece) for code, piece in self.pieces.items()},
                    to(self.own), to(self.land), to(self.borders))

    @property
    def points(self) -> int:
        """How many points it takes to draw."""
        drawn = [self.own, self.land, self.borders]
        return int(shapely.get_num_coordinates(drawn).sum())


def land_in(
    view: View,
    outlines: Mapping[str, BaseGeometry],
    code: str | None,
    *,
    bend: float = BEND_PX,
) -> Land:
    """The outlines in a window, no finer than its pixels.

    outlines  code → area in metres
    code      the authority's own
    bend      pixels: a bend that is off by less is left out

    Borders stay shared: what one area loses at a bend its neighbour has (Visvalingam and
    Whyatt's way for coverages, as GEOS has it).
    """
    pieces = _pieces(view, outlines, code, bend)
    others = {one: piece for one, piece in pieces.items() if one != code}
    own = shapely.difference(_closed(pieces.get(code, shapely.MultiPolygon())),
                             shapely.union_all(list(others.values())))
    own = _without_islets(only_areas(own))
    raw = shapely.union_all(list(pieces.values()))
    land = only_areas(shapely.union(_closed(raw), own))
    frame = view.frame
    return Land(
        {one: cut for one, piece in pieces.items() if not (cut := _cut(piece, frame)).is_empty},
        _cut(own, frame), _cut(land, frame),
        _borders(others, shapely.union(land.boundary, own.boundary), frame),
    )


def _pieces(
    view: View, outlines: Mapping[str, BaseGeometry], code: str | None, bend: float
) -> dict[str, BaseGeometry]:
    """Each area near the window in pixels, with few bends and no islets."""
    around = view.ground.buffer(_ROUND_PX / view.scale)
    near = {
        one: _without_islets(shapely.clip_by_rect(area, *around.bounds), view.scale)
        for one, area in outlines.items() if shapely.box(*area.bounds).intersects(around)
    }
    near = {one: area for one, area in near.items() if not area.is_empty or one == code}
    simple = shapely.coverage_simplify(list(near.values()), bend / view.scale)
    return {one: rounded(view.drawn(area)) for one, area in zip(near, simple, strict=True)}


def _without_islets(
    area: BaseGeometry, scale: float = 1.0, pools: float = ISLET_PX2
) -> BaseGeometry:
    """The parts that can be seen, without holes under `pools`; always the largest part."""
    least, pools = ISLET_PX2 / scale**2, pools / scale**2
    parts = sorted(polygons_of(area), key=shapely.area, reverse=True)
    kept = [part for number, part in enumerate(parts) if number == 0 or part.area >= least]
    return shapely.MultiPolygon([
        shapely.Polygon(part.exterior, [ring for ring in part.interiors
                                        if shapely.Polygon(ring).area >= pools])
        for part in kept
    ])


def _closed(area: BaseGeometry) -> BaseGeometry:
    """An area with its narrow creeks filled and the rest as it was."""
    wide = area.buffer(CREEK_PX / 2, join_style="mitre", mitre_limit=2)
    closed = wide.buffer(-CREEK_PX / 2, join_style="mitre", mitre_limit=2)
    return _without_islets(only_areas(closed.simplify(_SMOOTH_PX)), pools=_POOL_PX2)


def _borders(
    areas: Mapping[str, BaseGeometry], drawn: BaseGeometry, frame: BaseGeometry
) -> BaseGeometry:
    """The lines between areas, without those that are drawn as a coast or the own outline.

    Both banks of a river between two areas are kept, those of a creek that was closed are not.
    """
    shapes = list(areas.values())
    lines = shapely.union_all([area.boundary for area in shapes])
    parts = shapely.get_parts(lines.difference(drawn.buffer(_SMOOTH_PX, quad_segs=1)))
    near, _ = shapely.STRtree(shapes).query(parts, predicate="dwithin", distance=CREEK_PX)
    between = np.bincount(near, minlength=len(parts)) > 1
    merged = shapely.line_merge(shapely.MultiLineString(list(parts[between])))
    seen = [line for line in shapely.get_parts(merged) if line.length >= CREEK_PX]
    cut = shapely.clip_by_rect(shapely.MultiLineString(seen), *frame.bounds)
    return shapely.MultiLineString(
        [part for part in shapely.get_parts(rounded(cut))
         if np.ptp(shapely.get_coordinates(part), axis=0).any()]
    )


def _cut(area: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    return rounded(shapely.clip_by_rect(area, *frame.bounds))
