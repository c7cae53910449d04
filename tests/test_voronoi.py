"""Outlines built from postcodes: squares whose borders are known, and England's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from sufficiency_lib.cleaning.distance import miles_to_boundary
from sufficiency_lib.intake.boundaries import read_boundaries
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import PostcodeDirectory
from sufficiency_lib.intake.voronoi import outline_from_postcodes, outlines_from_postcodes

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"
CODES = ("E06000018", "E10000024", "W06000023")


def directory(easting, northing, authority) -> PostcodeDirectory:
    east, north, whose = (np.ravel(np.asarray(a)) for a in (easting, northing, authority))
    return PostcodeDirectory(
        np.arange(len(east)), east.astype(np.int32), north.astype(np.int32),
        whose.astype(np.int16), np.zeros(len(east), np.int8), CODES,
    )  # fmt: skip


def grid(side: int = 30, step: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Postcodes a kilometre apart, from 400 km east and 300 km north."""
    east, north = np.mgrid[0:side, 0:side] * step
    return np.ravel(east) + 400_000, np.ravel(north) + 300_000


def test_the_border_is_half_way_between_the_postcodes() -> None:
    east, north = grid()
    outline = outline_from_postcodes(directory(east, north, east >= 415_000), "E06000018")
    west, south, right, top = outline.bounds
    assert right == 414_500
    # Away from neighbours the land goes on a little beyond the outermost postcodes.
    assert 399_400 <= west <= 399_600 and 299_400 <= south <= 299_600 and top <= 329_600
    assert outline.area == pytest.approx(15_000 * 30_000, rel=0.01)


def test_two_authorities_neither_overlap_nor_leave_a_gap() -> None:
    east, north = grid()
    both = outlines_from_postcodes(directory(east, north, (east + north) % 60_000 > 15_000))
    assert both["code"].to_list() == ["E06000018", "E10000024"]
    assert both["name"].to_list() == ["Nottingham", "Nottinghamshire"]
    assert both.crs == "EPSG:27700"
    one, two = both.geometry
    assert one.intersection(two).area < 1
    assert one.union(two).area == pytest.approx(one.area + two.area)


def test_a_city_inside_a_county_is_a_hole_and_a_stray_postcode_is_not() -> None:
    east, north = grid(40)
    city = (abs(east - 420_000) <= 5_000) & (abs(north - 320_000) <= 5_000)
    stray = (east == 405_000) & (north == 305_000)
    county = directory(east, north, np.where(city | stray, 0, 1))
    outline = outline_from_postcodes(county, "E10000024")
    assert len(shapely.get_parts(outline)) == 1
    (hole,) = shapely.get_parts(outline)[0].interiors
    assert shapely.Polygon(hole).area == pytest.approx(11_000**2)
    inner = outline_from_postcodes(county, "E06000018")
    assert inner.geom_type == "Polygon" and inner.area == pytest.approx(11_000**2)


def test_the_sea_between_an_island_and_the_coast_is_no_land() -> None:
    east, north = grid(20)
    # 200 postcodes on an island 15 km off the eastern shore, of the same authority.
    far_east, far_north = grid(15, 500)
    mine = directory(
        np.append(east, far_east + 34_000), np.append(north, far_north), np.zeros(625)
    )
    outline = outline_from_postcodes(mine, "E06000018")
    assert len(shapely.get_parts(outline)) == 2
    assert not outline.contains(shapely.Point(426_500, 303_000))
    assert outline.contains(shapely.Point(437_000, 303_000))


def test_welsh_neighbours_bound_and_have_no_row() -> None:
    east, north = grid()
    found = outlines_from_postcodes(directory(east, north, np.where(east < 415_000, 0, 2)))
    assert found["code"].to_list() == ["E06000018"]
    assert found.geometry[0].bounds[2] == 414_500


def test_postcodes_at_one_place_count_once_for_the_authority_of_most() -> None:
    east, north = grid(12)
    again = np.full(3, 405_000), np.full(3, 305_000)
    whose = np.append(np.zeros(144), [1, 1, 1])
    one = directory(np.append(east, again[0]), np.append(north, again[1]), whose)
    assert outline_from_postcodes(one, "E06000018").area > 11_000**2
    assert outline_from_postcodes(one, "E10000024").is_empty


def test_too_few_postcodes_make_no_outline() -> None:
    east, north = grid(7)
    few = directory(east, north, np.zeros(49))
    assert outline_from_postcodes(few, "E06000018").is_empty
    assert outline_from_postcodes(few, "E10000024").is_empty
    assert outline_from_postcodes(few, "E09000001").is_empty
    assert list(outlines_from_postcodes(few).columns) == ["code", "name", "geometry"]
    assert len(outlines_from_postcodes(few)) == 0


def test_postcodes_too_far_apart_make_no_outline() -> None:
    east, north = grid(20, 12_000)
    assert outline_from_postcodes(directory(east, north, np.zeros(400)), "E06000018").is_empty


def test_the_same_postcodes_in_another_order_give_the_same_outline() -> None:
    east, north = grid()
    order = np.random.default_rng(5).permutation(len(east))
    whose = east >= 415_000
    one = outline_from_postcodes(directory(east, north, whose), "E06000018")
    two = outline_from_postcodes(directory(east[order], north[order], whose[order]), "E06000018")
    assert shapely.to_wkb(one) == shapely.to_wkb(two)


# -- against the published outlines of England -----------------------------------------------


@cache
def england() -> tuple[PostcodeDirectory, gpd.GeoSeries]:
    if not (SHARED / "utla_england_dec2024_bgc.gpkg").is_file():
        pytest.skip("the shared reference files are not beside this checkout")
    outlines, _ = read_boundaries(SHARED / "utla_england_dec2024_bgc.gpkg")
    postcodes, _ = read_postcodes(SHARED / "postcodes_england.parquet")
    return postcodes, outlines.set_index("code").geometry


@pytest.mark.parametrize(
    ("code", "overlap"),
    [
        ("E06000019", 0.95),  # Herefordshire: rural, on the Welsh border
        ("E06000018", 0.91),  # Nottingham: a city inside a county
        ("E06000043", 0.78),  # Brighton and Hove: the sea, and downs without postcodes
        ("E06000021", 0.92),  # Stoke-on-Trent: a city inland
        ("E09000007", 0.97),  # Camden: London
        ("E10000024", 0.96),  # Nottinghamshire: a county around a city
        ("E10000016", 0.96),  # Kent: a long coast, islands, estuaries
        ("E06000057", 0.88),  # Northumberland: sparse, on the Scottish border
    ],
)
def test_built_outlines_agree_with_the_published(code: str, overlap: float) -> None:
    """Overlap, and of 5,000 postcodes within 40 km what a locality rule would decide."""
    postcodes, published = england()
    real, built = published[code], outline_from_postcodes(postcodes, code)
    assert built.is_valid
    assert built.intersection(real).area / built.union(real).area >= overlap
    west, south, east, north = real.bounds
    near = (postcodes.easting > west - 40_000) & (postcodes.easting < east + 40_000)
    near &= (postcodes.northing > south - 40_000) & (postcodes.northing < north + 40_000)
    some = np.random.default_rng(3).choice(np.flatnonzero(near), 5_000, replace=False)
    place = postcodes.easting[some], postcodes.northing[some]
    theirs, ours = miles_to_boundary(*place, real), miles_to_boundary(*place, built)
    assert ((theirs == 0) == (ours == 0)).mean() >= 0.995
    for limit in (10, 20):
        assert ((theirs <= limit) == (ours <= limit)).mean() >= 0.99
    assert np.abs(theirs - ours).mean() <= 0.35
