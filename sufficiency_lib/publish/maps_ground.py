"""The ground that a map stands on: the authority, its neighbours, and the line of its rule.

Drawn from the boundary file alone. Where the file has all of England, what is left is the sea,
or by Wales and Scotland one of those; where it has not, only what lies well off the coast is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import shapely
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.intake.authorities import authority_names
from sufficiency_lib.publish import maps_drawing as on_map
from sufficiency_lib.publish.maps_coast import the_sea
from sufficiency_lib.publish.maps_drawing import METRES_PER_MILE, View
from sufficiency_lib.publish.style import INK, PAPER
from sufficiency_lib.settings import LocalitySettings, locality_rule_label

RULE_MILES = 20
#: West, south, east and north in metres: what is not England in here may be Wales or Scotland.
_NATIONS = {
    "Wales": shapely.box(0, 164_000, 360_000, 400_000),
    "Scotland": shapely.box(0, 530_000, 402_000, 1_300_000),
}
#: The least share of a window that the legend explains.
_SEEN = 0.004


@dataclass(frozen=True)
class Ground:
    """The outlines round one authority.

    boundaries  code, name, geometry (EPSG:27700), one row an authority
    code        the authority's own; None when it is not known
    names       ONS code → name, as the table of authorities has them
    rule        the locality rule in force; settings: its centre and distances
    """

    boundaries: gpd.GeoDataFrame
    code: str | None
    names: Mapping[str, str]
    rule: str = "home_20_miles"
    settings: LocalitySettings = LocalitySettings()

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
        return set(authority_names()) <= set(self.outlines)

    @cached_property
    def rule_line(self) -> tuple[BaseGeometry | None, str, str]:
        """The area that the rule's line goes round, what the line is, and how to read it."""
        words = locality_rule_label(self.rule, self.settings)
        said = f"The authority's rule for local is {words}"
        if self.rule == "in_area":
            return None, "", f"{said}: the thick outline."
        if self.rule == "centre_20_miles":
            around = shapely.Point(self.centre).buffer(RULE_MILES * METRES_PER_MILE, quad_segs=32)
            name = f"{RULE_MILES} miles from {self.settings.centre_name or 'the centre'}"
            return around, name, f"{said}: the dashed line."
        miles = self.settings.border_miles if self.rule == "border_10_miles" else RULE_MILES
        around = self.own.simplify(100).buffer(miles * METRES_PER_MILE, quad_segs=12)
        name = f"{miles:g} miles from the boundary"
        if self.rule != "home_20_miles":
            return around, name, f"{said}: the dashed line."
        return around, name, (
            f"{said}, so no one line shows it. A child from inside the authority who is placed "
            "beyond the dashed line, 20 miles from the boundary, is more than 20 miles from home."
        )

    @property
    def centre(self) -> tuple[float, float] | None:
        """Easting and northing of the centre that the rule is measured from, if it is."""
        if self.rule != "centre_20_miles":
            return None
        return self.settings.centre_easting, self.settings.centre_northing

    def draw(self, axes: Axes, view: View, *, finest: float = 1.0) -> dict[str, BaseGeometry]:
        """Draw the land and what is not in the file, with bends of so many pixels.

        Returns the areas in pixels by name, the authority's own first and then by size.
        """
        sea, _ = self._outside(view)
        on_map.draw_area(axes, view.frame, facecolor=on_map.OUTSIDE, zorder=0)
        # With an edge, which the land covers: so no grey shows between the sea and its coast.
        on_map.draw_area(axes, view.pixels(sea.simplify(2 / view.scale)),
                         facecolor=on_map.SEA, edgecolor=on_map.SEA,
                         lw=4, zorder=0)
        pieces = view.coverage({code: self.outlines[code] for code in self._near(view)}, finest)
        for code, piece in pieces.items():
            colour = on_map.OWN if code == self.code else on_map.NEIGHBOUR
            on_map.draw_area(axes, piece, facecolor=colour, edgecolor=on_map.BORDER, lw=0.8,
                             zorder=1)
        ordered = sorted(pieces, key=lambda code: (code != self.code, -pieces[code].area, code))
        if self.code in pieces:
            for colour, width in ((PAPER, 4.5), (INK, 2.2)):
                on_map.draw_area(axes, pieces[self.code], edgecolor=colour, lw=width, zorder=5)
        return {self.names.get(code, code): pieces[code] for code in ordered}

    def _near(self, view: View) -> list[str]:
        return [code for code, area in self.outlines.items()
                if shapely.intersects(shapely.box(*area.bounds), view.ground)]

    def outside_legend(self, view: View) -> dict[str, dict[str, Any]]:
        """The ground that the file does not hold, as far as the window shows any."""
        sea, beyond = self._outside(view)
        least = view.ground.area * _SEEN
        edge = {"edgecolor": on_map.BORDER, "lw": 0.8}
        legend = {"Sea": {"facecolor": on_map.SEA, **edge}} if sea.area > least else {}
        near = [name for name, box in _NATIONS.items()
                if beyond.intersection(box).area > least]
        rest = beyond.difference(shapely.union_all(list(_NATIONS.values()))).area > least
        if near or rest:
            words = " and ".join(near)
            more = ", or other land or sea" if rest else ", or the sea by it"
            named = f": {words}{more}" if near else ""
            legend[f"Not in the boundary file{named}"] = {"facecolor": on_map.OUTSIDE, **edge}
        return legend

    def _outside(self, view: View) -> tuple[BaseGeometry, BaseGeometry]:
        """What no outline covers, in metres: the sea, and what cannot be told."""
        if view not in self._told:
            coarse = 2 / view.scale
            land = shapely.union_all([
                on_map.only_areas(shapely.clip_by_rect(
                    self.outlines[code].simplify(coarse), *view.ground.bounds))
                for code in self._near(view)
            ])
            outside = view.ground.difference(land)
            off = outside.difference(shapely.union_all(list(_NATIONS.values())))
            sea = off if self.is_whole else the_sea(off)
            self._told[view] = sea, outside.difference(sea)
        return self._told[view]

    @cached_property
    def _told(self) -> dict[View, tuple[BaseGeometry, BaseGeometry]]:
        return {}
