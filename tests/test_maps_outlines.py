"""Outlines no finer than a figure's pixels: few points, shared borders, no blots and no gaps."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.publish.maps_ground import within
from sufficiency_lib.publish.maps_outlines import CREEK_PX, Land, land_in
from sufficiency_lib.publish.maps_view import View

#: A hundred metres a pixel.
WINDOW = View.on((0, 0, 50_000, 50_000), left=0, top=0, width=500, heights=(500, 500))


def rough(west: float, south: float, east: float, north: float, points: int) -> BaseGeometry:
    """A box in metres with a ragged edge of so many points, 30 m in and out."""
    line = shapely.box(west, south, east, north).exterior
    ragged = shapely.get_coordinates(shapely.line_interpolate_point(
        line, np.arange(points) / points, normalized=True))
    return shapely.Polygon(ragged + np.where(np.arange(points) % 2, 30.0, -30.0)[:, None])


def drawn(areas: dict[str, BaseGeometry], code: str = "own") -> Land:
    return land_in(WINDOW, areas, code)


def test_a_ragged_outline_has_few_points_and_its_size() -> None:
    area = rough(10_000, 10_000, 40_000, 40_000, 20_000)
    land = drawn({"own": area})
    assert land.points < 60
    assert land.own.area == pytest.approx(area.area / 100**2, rel=0.01)


def test_neighbours_share_their_border_after_it_is_made_simple() -> None:
    """What one loses at a bend the other has: no gap and no overlap."""
    bends = np.arange(10_000, 40_001, 50)
    border = np.column_stack([25_000 + 800 * np.sin(bends / 700) + bends % 150, bends])
    left = shapely.Polygon([(10_000, 40_000), (10_000, 10_000), *border])
    right = shapely.Polygon([*border, (40_000, 40_000), (40_000, 10_000)][::-1])
    right = shapely.box(10_000, 10_000, 40_000, 40_000).difference(left)
    pieces = drawn({"own": left, "other": right}).pieces
    assert pieces["own"].intersection(pieces["other"]).area == 0
    assert shapely.union_all(list(pieces.values())).area == pytest.approx(300 * 300)


def test_no_border_is_drawn_twice() -> None:
    squares = {f"{x} {y}": shapely.box(x, y, x + 10_000, y + 10_000)
               for x in (10_000, 20_000) for y in (10_000, 20_000)}
    land = drawn(squares, code="none of them")
    assert land.own.is_empty
    assert land.borders.length == pytest.approx(400, abs=4)
    assert land.land.area == pytest.approx(200 * 200)


def test_a_creek_too_narrow_to_see_is_closed_and_a_wide_one_is_not() -> None:
    block = shapely.box(10_000, 10_000, 40_000, 40_000)
    for metres, is_closed in ((100 * CREEK_PX * 0.8, True), (100 * CREEK_PX * 3, False)):
        creek = shapely.box(25_000, 10_000, 25_000 + metres, 30_000)
        land = drawn({"own": block.difference(creek)})
        assert (land.own.area == pytest.approx(300 * 300)) == is_closed
        assert land.land.area == land.own.area


def test_a_narrow_river_between_two_areas_stays_as_its_banks() -> None:
    """In one area it is closed without a trace; between two it is their border."""
    block = shapely.box(10_000, 10_000, 40_000, 40_000)
    river = shapely.box(24_900, 10_000, 25_100, 40_000)
    inlet = shapely.box(12_000, 20_000, 20_000, 20_200)
    west, east = block.difference(river).difference(inlet).geoms
    land = drawn({"west": west, "east": east}, code="none of them")
    assert land.land.area == pytest.approx(300 * 300)
    assert land.borders.length == pytest.approx(2 * 300, abs=2 * CREEK_PX)


def test_islets_are_left_out_but_never_all_of_an_authority() -> None:
    islet = shapely.box(30_000, 30_000, 30_100, 30_100)
    main = shapely.box(10_000, 10_000, 20_000, 20_000)
    assert drawn({"own": shapely.union_all([main, islet])}).own.area == pytest.approx(100 * 100)
    assert drawn({"own": islet}).own.area > 0


def test_an_area_within_another_is_not_filled() -> None:
    city = shapely.box(24_000, 24_000, 24_600, 24_600)
    county = shapely.box(10_000, 10_000, 40_000, 40_000).difference(city)
    land = drawn({"own": county, "city": city})
    assert land.own.area == pytest.approx(300 * 300 - 6 * 6)


def test_the_window_may_hold_nothing() -> None:
    land = drawn({"far": shapely.box(900_000, 900_000, 910_000, 910_000)})
    assert land.points == 0 and land.pieces == {}


def test_the_line_at_a_distance_is_right_to_its_pixel_and_has_few_points() -> None:
    coast = rough(10_000, 10_000, 40_000, 40_000, 8_000)
    line = within(coast, 32_000)
    exact = shapely.box(10_000, 10_000, 40_000, 40_000).buffer(32_000, quad_segs=64)
    assert line.boundary.hausdorff_distance(exact.boundary) < 200
    assert shapely.get_num_coordinates(line) < 200
