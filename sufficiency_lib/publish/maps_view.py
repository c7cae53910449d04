"""The window on the ground that a map is: metres of the British National Grid to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.cleaning.distance import KM_PER_MILE, METRES_PER_KM

METRES_PER_MILE = METRES_PER_KM * KM_PER_MILE

#: Decimals of a pixel that are written: a tenth is finer than a screen shows.
DIGITS = 1


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

    @property
    def frame(self) -> BaseGeometry:
        """The window in pixels."""
        return shapely.box(self.left, self.top, self.left + self.width, self.top + self.height)

    def point(self, easting: float, northing: float) -> tuple[float, float]:
        """A point of the ground in pixels of the figure, to a tenth."""
        return (round(self.left + (easting - self.west) * self.scale, DIGITS),
                round(self.top + (self.north - northing) * self.scale, DIGITS))

    def moved(self, right: float, down: float) -> View:
        """The same ground drawn elsewhere in the figure."""
        return replace(self, left=self.left + right, top=self.top + down)

    def pixels(self, shape: BaseGeometry) -> BaseGeometry:
        """What of an area or a line is in the window, in pixels to a tenth."""
        return rounded(self.drawn(shapely.clip_by_rect(shape, *self.ground.bounds)))

    def drawn(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in pixels, in the window or not."""
        corner, scale = [self.west, self.north], [self.scale, -self.scale]
        return shapely.transform(
            shape, lambda metres: (metres - corner) * scale + [self.left, self.top])

    def metres(self, pixels: BaseGeometry) -> BaseGeometry:
        """A shape of the figure on the ground."""
        corner, scale = [self.west, self.north], [self.scale, -self.scale]
        return shapely.transform(
            pixels, lambda xy: (xy - [self.left, self.top]) / scale + corner)


def rounded(pixels: BaseGeometry) -> BaseGeometry:
    """A shape to the tenth of a pixel, a polygon still valid."""
    shape = shapely.transform(pixels, lambda xy: np.round(xy, DIGITS))
    return only_areas(shape) if shapely.get_dimensions(pixels) == 2 else shape


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
