"""The ground that a map stands on: the authority, its neighbours, and the line of its rule.

Drawn from the boundary file alone. Where the file has all of England, what is left is the sea,
or by Wales, Scotland and others one of those; where it has not, only what lies well off the
coast is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.intake.authorities import authority_names
from sufficiency_lib.publish import maps_drawing as on_map
from sufficiency_lib.publish.maps_coast import BESIDE, the_sea
from sufficiency_lib.publish.maps_outlines import BEND_PX, Land, land_in
from sufficiency_lib.publish.maps_view import METRES_PER_MILE, View, polygons_of, rounded
from sufficiency_lib.publish.wording import listed
from sufficiency_lib.settings import LocalitySettings, locality_rule_label

RULE_MILES = 20
#: The least share of a window that the legend explains.
_SEEN = 0.004
#: Metres that the line of a rule may be off: a pixel of the largest map of it is no less.
_LINE_METRES = 150
#: On a map of much of England no border is what it is about: metres across, and its bends.
_FAR_METRES, _FAR_BEND_PX = 150_000, 2.4
#: Metres that an area's middle may be off.
_MIDDLE_METRES = 250
_IS_RULE = "the rule for local"


@dataclass(frozen=True)
class RuleLine:
    """How a map shows the locality rule.

    area   what the line goes round, in metres; None where it is the authority's own outline
    name   what the line is, for the legend
    said   the rule, and how to read the line
    """

    area: BaseGeometry | None
    name: str
    said: str


#: What stands for the code of members whose areas are drawn as one.
_TOGETHER = "consortium"


@dataclass(frozen=True)
class Ground:
    """The outlines round one authority.

    boundaries  code, name, geometry (EPSG:27700), one row an authority
    code        the authority's own; None when it is not known
    names       ONS code → name, as the table of authorities has them
    rule        the locality rule in force; settings: its centre and distances
    within      the codes of a consortium's members, whose areas are drawn as one (see `of`)
    """

    boundaries: gpd.GeoDataFrame
    code: str | None
    names: Mapping[str, str]
    rule: str = "home_20_miles"
    settings: LocalitySettings = LocalitySettings()
    within: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, boundaries: gpd.GeoDataFrame, codes: frozenset[str], names: Mapping[str, str],
        *, name: str, **told: Any,
    ) -> Ground:
        """The ground of an authority, or of a consortium under its name.

        codes  the authority's, or every member's; where an outline of one is missing, the
               consortium has none. told: rule and settings
        """
        if len(codes) < 2:
            return cls(boundaries, next(iter(codes), None), names, **told)
        theirs = boundaries["code"].isin(list(codes))
        rest, parts = boundaries[~theirs], boundaries.loc[theirs, "geometry"].to_list()
        if len(parts) == len(codes):
            one = {"code": [_TOGETHER], "name": [name], "geometry": [shapely.union_all(parts)]}
            whole = gpd.GeoDataFrame(one, geometry="geometry", crs=boundaries.crs)
            rest = gpd.GeoDataFrame(pd.concat([rest, whole], ignore_index=True), crs=boundaries.crs)
        return cls(rest, _TOGETHER, {**names, _TOGETHER: name}, within=codes, **told)

    @cached_property
    def outlines(self) -> dict[str, BaseGeometry]:
        """Code → outline, for those that have one."""
        pairs = zip(self.boundaries["code"], self.boundaries.geometry, strict=True)
        return {code: area for code, area in pairs if area is not None and not area.is_empty}

    @property
    def own(self) -> BaseGeometry | None:
        """The authority's own outline, or None."""
        return self.outlines.get(self.code) if self.code is not None else None

    @cached_property
    def is_whole(self) -> bool:
        """Whether the file has all of England, so that what is left is no land of it."""
        return set(authority_names()) <= {*self.outlines, *self.within}

    @cached_property
    def rule_line(self) -> RuleLine:
        """The line of the rule in force."""
        words = locality_rule_label(self.rule, self.settings)
        said = f"The authority's rule for local is {words}"
        if self.rule == "in_area":
            return RuleLine(None, "", f"{said}: the thick outline.")
        if self.rule == "centre_20_miles":
            around = shapely.Point(self.centre).buffer(RULE_MILES * METRES_PER_MILE, quad_segs=32)
            name = f"{RULE_MILES} miles from {self.settings.centre_name or 'the centre'}"
            return RuleLine(around, f"{name}: {_IS_RULE}", f"{said}: the dashed line.")
        miles = self.settings.border_miles if self.rule == "border_10_miles" else RULE_MILES
        around = within(self.own, miles * METRES_PER_MILE)
        name = f"{miles:g} miles from the boundary"
        if self.rule != "home_20_miles":
            return RuleLine(around, f"{name}: {_IS_RULE}", f"{said}: the dashed line.")
        return RuleLine(around, name, (
            f"{said}, so no one line shows it. A child from inside the authority who is placed "
            "beyond the dashed line, 20 miles from the boundary, is more than 20 miles from home."
        ))

    @property
    def centre(self) -> tuple[float, float] | None:
        """Easting and northing of the centre that the rule is measured from, if it is."""
        if self.rule != "centre_20_miles":
            return None
        return self.settings.centre_easting, self.settings.centre_northing

    def own_legend(self, name: str) -> dict[str, dict[str, Any]]:
        """What the thick outline is; where the rule is the area itself, that too."""
        more = f": {_IS_RULE}" if self.rule == "in_area" else ""
        return {f"{name} boundary{more}": {"line": True, **on_map.OUTLINE}}

    def draw(self, axes: Axes, view: View) -> dict[str, BaseGeometry]:
        """Draw the land and what is not in the file.

        Returns the areas in pixels by name, the authority's own first and then by size.
        """
        land, sea, beside = self.land(view), *self._outside(view)
        on_map.draw_area(axes, view.frame, zorder=0,
                         facecolor=on_map.SEA if self.is_whole else on_map.OUTSIDE)
        if self.is_whole:
            for area in beside.values():
                on_map.draw_area(axes, area, facecolor=on_map.OUTSIDE, zorder=0)
        else:
            on_map.draw_area(axes, sea, facecolor=on_map.SEA, zorder=0)
        on_map.draw_area(axes, land.land, facecolor=on_map.NEIGHBOUR, zorder=1, **on_map.EDGE)
        on_map.draw_lines(axes, land.borders, zorder=1, **on_map.EDGE)
        on_map.draw_area(axes, land.own, facecolor=on_map.OWN, zorder=2,
                         edgecolor=on_map.OUTLINE["color"], lw=on_map.OUTLINE["lw"])
        pieces = land.pieces | ({self.code: land.own} if self.code in land.pieces else {})
        ordered = sorted(pieces, key=lambda code: (code != self.code, -pieces[code].area, code))
        named = {self.names.get(code, code): pieces[code] for code in ordered}
        return named | {_capital(name): area for name, area in beside.items()}

    def draw_outline_over(self, axes: Axes, view: View, over: BaseGeometry) -> BaseGeometry:
        """Draw the own outline again where areas in pixels hide it; the pixels it all takes."""
        edge = self.land(view).own.boundary
        on_map.draw_line(axes, shapely.intersection(edge, over), on_map.OUTLINE, over)
        return edge.buffer(3, quad_segs=1)

    def land(self, view: View) -> Land:
        """The outlines in a window, worked out once for the same ground."""
        home = replace(view, left=0.0, top=0.0)
        if home not in self._lands:
            bend = BEND_PX if home.width / home.scale < _FAR_METRES else _FAR_BEND_PX
            self._lands[home] = land_in(home, self.outlines, self.code, bend=bend)
        return self._lands[home].moved(view.left, view.top)

    def outside_legend(self, view: View) -> dict[str, dict[str, Any]]:
        """The ground that the file does not hold, as far as the window shows any."""
        sea, beside = self._outside(view)
        least = view.frame.area * _SEEN
        legend = {}
        if sea.area > least:
            legend["Sea or tidal water"] = {"facecolor": on_map.SEA, **on_map.EDGE}
        near = [name for name, area in beside.items() if area.area > least]
        known = shapely.union_all([self.land(view).land, sea, *beside.values()])
        rest = view.frame.difference(known).area > least
        if near or rest:
            more = ", or other land or sea" if rest else ", or the sea by it"
            named = f": {listed(near)}{more}" if near else ""
            words = f"Not in the boundary file{named}"
            legend[words] = {"facecolor": on_map.OUTSIDE, **on_map.EDGE}
        return legend

    def _outside(self, view: View) -> tuple[BaseGeometry, dict[str, BaseGeometry]]:
        """What no outline covers, in pixels: the sea, and other land or the sea by it."""
        land = self.land(view).land
        beside = {}
        for name, area in BESIDE.items():
            piece = view.pixels(area)
            if not piece.is_empty:
                beside[name] = rounded(piece.difference(land))
        left = view.frame.difference(shapely.union_all([land, *map(view.pixels, BESIDE.values())]))
        return (left if self.is_whole else self._told_sea(left, view)), beside

    def _told_sea(self, left: BaseGeometry, view: View) -> BaseGeometry:
        """Of what is left in a window, in pixels, the parts that are off the coast."""
        told = [part for part in polygons_of(left) if not the_sea(view.metres(part)).is_empty]
        return rounded(shapely.union_all(told))

    def middle(self, code: str) -> tuple[float, float]:
        """The middle of the widest part of an area in metres, which is always inside it."""
        if code not in self._middles:
            widest = max(shapely.get_parts(self.outlines[code]), key=shapely.area)
            circle = shapely.maximum_inscribed_circle(
                widest.simplify(_MIDDLE_METRES), tolerance=2 * _MIDDLE_METRES)
            east, north = shapely.get_coordinates(circle)[0]
            self._middles[code] = float(east), float(north)
        return self._middles[code]

    @cached_property
    def _middles(self) -> dict[str, tuple[float, float]]:
        return {}

    @cached_property
    def _lands(self) -> dict[View, Land]:
        return {}


def within(area: BaseGeometry, metres: float) -> BaseGeometry:
    """The ground within a distance of an area.

    In two steps, which is the same as in one and much faster: after a fiftieth of the way the
    creeks of a coast are gone, and with them most of its points.

    >>> round(within(shapely.box(0, 0, 10_000, 10_000), 1_000).area / 1e6)
    143
    """
    first = area.simplify(_LINE_METRES).buffer(metres / 50, quad_segs=2)
    return first.simplify(_LINE_METRES / 2).buffer(metres * 49 / 50, quad_segs=24)


def _capital(name: str) -> str:
    return name.removeprefix("the ")
