"""Schematic outlines of the three authorities and their neighbours.

A jittered grid of points is laid over each window, finer around the two cities; each point
belongs to the authority of the nearest place in the gazetteer; the points' Voronoi cells are
joined by authority and clipped to the window and to the coast. The result has the wavy edges
of a real boundary, shares them exactly between neighbours, and is nobody's real boundary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.spatial import Voronoi, cKDTree
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.sample.places import Place, authority_names

SOUTH_COAST_KM = (
    (470, 96.5), (480, 95), (484, 93.2), (486.5, 92.6), (490, 96.8), (494, 98.4), (498, 99.8),
    (503, 100.9), (509, 101.3), (515, 102.1), (520, 103.6), (524, 104.3), (528, 104.1),
    (531.3, 103.7), (534, 103.0), (537, 101.9), (539.5, 101.1), (542, 100.2), (545, 99.8),
    (547.5, 98.2), (551, 97.3), (556, 95.4), (559.5, 95.2), (562.2, 98.6), (565.5, 101.8),
    (570, 105.2), (574.5, 107.0), (580, 108.6), (585, 111.2), (590, 116.0), (595, 118.2),
    (600, 118.5),
)  # fmt: skip
"""A few points of the Sussex coast, west to east: the sea lies to the south."""


@dataclass(frozen=True)
class Window:
    """A drawn area: a circle with straight edges, and finer grids inside it."""

    centre: tuple[float, float]
    radius: float
    south: float
    spacing: float
    fine: tuple[tuple[float, float, float, float], ...] = ()

    def area(self) -> BaseGeometry:
        """The window as a polygon in metres, without the sea."""
        circle = shapely.Point(*self.centre).buffer(self.radius, quad_segs=8)
        sheet = shapely.box(0, self.south, 700, 700)
        return shapely.transform(circle & sheet & _land(), lambda xy: xy * 1000)


WINDOWS = (
    Window((351, 243), 56, 194, 2.0),
    Window((457, 340), 52, 280, 2.0, fine=((457, 340, 11, 0.5),)),
    Window((532, 112), 48, 90, 2.0, fine=((532, 106, 12, 0.5),)),
)


def draw_outlines(places: list[Place], rng: np.random.Generator) -> dict[str, BaseGeometry]:
    """Upper-tier code → outline in whole metres (EPSG:27700), sorted by code.

    The outlines do not overlap, and together they fill the windows' land.
    """
    cells: dict[str, list[BaseGeometry]] = {}
    for window in WINDOWS:
        for code, cell in _window_cells(window, places, rng):
            cells.setdefault(code, []).append(cell)
    return {code: _largest_parts(shapely.coverage_union_all(cells[code])) for code in sorted(cells)}


def drawn_area() -> BaseGeometry:
    """All the land the windows draw, in metres."""
    return shapely.union_all([window.area() for window in WINDOWS])


def as_geojson(outlines: dict[str, BaseGeometry]) -> dict[str, Any]:
    """The outlines as a GeoJSON feature collection with a `crs` member for EPSG:27700."""
    names = authority_names()
    return {
        "type": "FeatureCollection",
        "name": "synthetic_outlines",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "name": names[code]},
                "geometry": _whole_metres(outline),
            }
            for code, outline in outlines.items()
        ],
    }


def _land() -> BaseGeometry:
    return shapely.Polygon([*SOUTH_COAST_KM, (700, 118.5), (700, 700), (0, 700), (0, 96.5)])


def _window_cells(
    window: Window, places: list[Place], rng: np.random.Generator
) -> list[tuple[str, BaseGeometry]]:
    points = _jittered_points(window, rng)
    area = window.area()
    # Only places on the sheet own cells: a town beyond the edge would own a meaningless sliver.
    places = [p for p in places if shapely.intersects_xy(area, p.easting, p.northing)]
    sites = np.array([(place.easting, place.northing) for place in places], dtype=float)
    _, nearest = cKDTree(sites).query(points)
    clipped = shapely.intersection(_voronoi_polygons(points), area)
    return [
        (places[site].authority, cell)
        for site, cell in zip(nearest, clipped, strict=True)
        if cell.area > 0
    ]


def _jittered_points(window: Window, rng: np.random.Generator) -> np.ndarray:
    reach = window.radius + 6
    x, y = window.centre
    points = _grid(x, y, reach, window.spacing, rng)
    for fine_x, fine_y, half, spacing in window.fine:
        inside = np.abs(points - (fine_x, fine_y)).max(axis=1) < half
        points = np.vstack([points[~inside], _grid(fine_x, fine_y, half, spacing, rng)])
    return points * 1000


def _grid(x: float, y: float, half: float, spacing: float, rng: np.random.Generator) -> np.ndarray:
    steps = np.arange(-half + spacing / 2, half, spacing)
    grid = np.array([(x + dx, y + dy) for dx in steps for dy in steps])
    return grid + rng.uniform(-0.35, 0.35, grid.shape) * spacing


def _voronoi_polygons(points: np.ndarray) -> np.ndarray:
    """The bounded Voronoi cell of every point; four far points bound the outermost cells."""
    centre = points.mean(axis=0)
    far = centre + np.array([(-1, 0), (1, 0), (0, -1), (0, 1)]) * 1_000_000.0
    diagram = Voronoi(np.vstack([points, far]))
    vertices = np.round(diagram.vertices)
    rings = [vertices[diagram.regions[diagram.point_region[i]]] for i in range(len(points))]
    return np.array([shapely.Polygon(ring) for ring in rings])


def _largest_parts(outline: BaseGeometry) -> BaseGeometry:
    """The outline in whole metres, without slivers left by rounding."""
    rounded = shapely.set_precision(outline, 1.0)
    parts = [part for part in shapely.get_parts(rounded) if part.area > 10_000]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _whole_metres(outline: BaseGeometry) -> dict[str, Any]:
    def rings(polygon: BaseGeometry) -> list[list[list[int]]]:
        around = [polygon.exterior, *polygon.interiors]
        return [[[round(x), round(y)] for x, y in ring.coords] for ring in around]

    if outline.geom_type == "Polygon":
        return {"type": "Polygon", "coordinates": rings(outline)}
    return {"type": "MultiPolygon", "coordinates": [rings(part) for part in outline.geoms]}
