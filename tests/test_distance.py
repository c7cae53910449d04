"""Distances: values worked by hand, and a second method in exact decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.cleaning.distance import (
    boundary_segments,
    distance_band,
    distance_miles,
    miles_to_boundary,
    round_half_up,
)

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"
EASTING = st.integers(0, 700_000)
NORTHING = st.integers(0, 1_300_000)
POINT = st.tuples(EASTING, NORTHING)


def exact_miles(one: tuple[int, int], two: tuple[int, int]) -> Decimal:
    """The Department's formula in fifty decimal digits."""
    getcontext().prec = 50
    squared = Decimal(one[0] - two[0]) ** 2 + Decimal(one[1] - two[1]) ** 2
    miles = squared.sqrt() / 1000 / Decimal("1.6093")
    return miles.quantize(Decimal("0.1"), ROUND_HALF_UP)


def between(one: tuple[int, int], two: tuple[int, int]) -> float:
    return float(distance_miles(one[0], one[1], two[0], two[1]))


@pytest.mark.parametrize(
    ("east", "north", "miles"),
    [
        (0, 0, 0.0),
        (80, 0, 0.0),  # 80 / 1609.3 = 0.0497
        (81, 0, 0.1),  # 81 / 1609.3 = 0.0503
        (3, 4, 0.0),
        (32_186, 0, 20.0),  # 20 × 1609.3 exactly
        (0, 32_266, 20.0),  # 20.0497
        (32_267, 0, 20.1),  # 20.0503
        (30_000, 40_000, 31.1),  # 50,000 m = 31.069
        (300_000, 400_000, 310.7),  # 500,000 m = 310.694
    ],
)
def test_distance_worked_by_hand(east: int, north: int, miles: float) -> None:
    assert between((350_000, 240_000), (350_000 + east, 240_000 + north)) == miles


@pytest.mark.parametrize(
    ("east", "miles"),
    [
        (80.4, 0.0),  # 80.4 / 1609.3 = 0.04996
        (80.5, 0.1),  # 0.05002
        (32_266.4, 20.0),  # 20.04996
        (32_266.5, 20.1),  # 20.05002
        (20_000_000, 12_427.8),  # 12427.76
    ],
)
def test_distance_where_grid_references_are_no_whole_metres_or_very_far(
    east: float, miles: float
) -> None:
    assert between((0, 0), (east, 0)) == between((0, east), (0, 0)) == miles


def test_distance_is_not_known_when_any_coordinate_is() -> None:
    known, unknown = 400_000.0, float("nan")
    for position in range(4):
        values = [known] * 4
        values[position] = unknown
        assert np.isnan(distance_miles(*[[v] for v in values])[0])


def test_distance_takes_columns_of_a_frame() -> None:
    frame = pd.DataFrame({"e": [351_000.0, np.nan], "n": [240_000.0, 240_000.0]})
    miles = distance_miles(frame["e"], frame["n"], 351_000, 272_186)
    assert miles[0] == 20.0
    assert np.isnan(miles[1])


@given(POINT, POINT)
def test_distance_equals_exact_decimal_arithmetic(one, two) -> None:
    assert Decimal(str(between(one, two))) == exact_miles(one, two)


@given(POINT, POINT)
def test_distance_is_symmetric(one, two) -> None:
    assert between(one, two) == between(two, one)


@given(POINT, POINT, POINT)
def test_triangle_inequality_up_to_rounding(one, two, three) -> None:
    assert between(one, three) <= between(one, two) + between(two, three) + 0.1501


@given(st.integers(0, 9_000))
def test_distance_is_right_on_either_side_of_every_rounding_point(k: int) -> None:
    """The whole metres next to (k + ½) tenths of a mile, 80.465 × (2k + 1) m apart."""
    edge = 16_093 * (2 * k + 1) // 200
    for metres in (edge, edge + 1):
        assert Decimal(str(between((0, 0), (metres, 0)))) == exact_miles((0, 0), (metres, 0))


def test_floating_point_is_right_at_every_rounding_point_of_great_britain() -> None:
    """Rounded distance never falls as its square grows: right on both sides is right between."""
    points = 9_175
    ties = [16_093**2 * (2 * k + 1) ** 2 // 40_000 for k in range(points + 1)]
    furthest = 700_000**2 + 1_300_000**2
    assert ties[points - 1] < furthest < ties[points]
    below = np.array(ties[:points])
    above = round_half_up(np.sqrt(below + 1) / 1000 / 1.6093)
    assert (above == np.arange(1, points + 1) / 10).all()
    wrong = round_half_up(np.sqrt(below) / 1000 / 1.6093) != np.arange(points) / 10
    # At a few squared metres it would be wrong, and no two places are so far apart.
    east = np.arange(700_001)
    for squared in below[wrong]:
        north = np.maximum(squared - east**2, 2)  # no square, for what is too far east already
        assert not (np.rint(np.sqrt(north)).astype(int) ** 2 == north).any()


@pytest.mark.parametrize(("value", "rounded"), [(20.05, 20.1), (20.0, 20.0), (1.15, 1.2)])
def test_halves_go_up(value: float, rounded: float) -> None:
    assert round_half_up([value])[0] == rounded


def test_every_half_tenth_up_to_a_thousand_miles_goes_up() -> None:
    k = np.arange(10_000)
    halves = (2 * k + 1) / 20
    assert (round_half_up(halves) == (k + 1) / 10).all()


def test_what_may_hold_nothing_is_read_as_numbers() -> None:
    """Whole numbers with None among them, as objects: what is not there is not known."""
    east, north = [32_186, None, 32_186], [0, None, 0]
    for columns in [(east, north, 0, 0), (0, 0, east, north), (north, east, 0, 0)]:
        assert distance_miles(*columns).tolist() == pytest.approx([20, np.nan, 20], nan_ok=True)
    miles = [20, None, 21]
    assert round_half_up(miles).tolist() == pytest.approx([20, np.nan, 21], nan_ok=True)
    assert distance_band(miles).tolist() == ["le_20", "not_known", "gt_20"]
    assert distance_band(miles).dtype == object
    outline = shapely.box(-1, -1, 0, 1)
    assert miles_to_boundary(east, north, outline)[[0, 2]].tolist() == [20.0, 20.0]
    assert np.isnan(miles_to_boundary(east, north, outline)[1])


def test_bands() -> None:
    assert distance_band([0.0, 20.0, 20.1, np.nan]).tolist() == [
        "le_20", "le_20", "gt_20", "not_known",
    ]  # fmt: skip


def test_miles_to_a_square_with_a_hole() -> None:
    outer = [(0, 0), (100_000, 0), (100_000, 100_000), (0, 100_000)]
    hole = [(20_000, 20_000), (80_000, 20_000), (80_000, 80_000), (20_000, 80_000)]
    ring = shapely.Polygon(outer, [hole])
    east = [10_000, 0, 50_000, -32_186, 103_000, np.nan]
    north = [10_000, 0, 50_000, 50_000, 104_000, 1]
    # inside; on the corner; 30 km into the hole (18.64); 20 miles west; 3-4-5 km off a corner
    expected = [0.0, 0.0, 18.6, 20.0, 3.1]
    miles = miles_to_boundary(east, north, ring)
    assert miles[:5].tolist() == expected
    assert np.isnan(miles[5])
    assert len(boundary_segments(ring)) == 8


def test_the_pieces_of_an_outline_are_its_sides() -> None:
    """Three miles and one high: taken by the wrong axis it would be one wide and three high."""
    pieces = boundary_segments(shapely.box(0, 0, 3, 1))
    sides = {frozenset(map(tuple, shapely.get_coordinates(piece))) for piece in pieces}
    assert sides == {
        frozenset({(0, 0), (3, 0)}), frozenset({(3, 0), (3, 1)}),
        frozenset({(3, 1), (0, 1)}), frozenset({(0, 1), (0, 0)}),
    }  # fmt: skip


def test_miles_to_the_nearest_side_of_each_part_of_an_area() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 90_000, 1_000),
                                  shapely.box(200_000, 0, 201_000, 1_000)])
    # 20 miles above the long part's middle; 16,093 m (10 miles) left of the other; in each.
    miles = miles_to_boundary([45_000, 183_907, 1, 200_500], [33_186, 500, 1, 500], parts)
    assert miles.tolist() == [20.0, 10.0, 0.0, 0.0]
    assert miles_to_boundary(45_000, 33_186, parts) == 20.0, "a single point"


def test_nothing_is_known_of_an_empty_outline() -> None:
    assert np.isnan(miles_to_boundary([1.0], [1.0], shapely.Polygon())).all()
    assert np.isnan(miles_to_boundary([1.0], [1.0], None)).all()


def test_miles_to_boundary_equals_plain_distance() -> None:
    source = SHARED / "utla_england_dec2024_bgc.gpkg"
    if not source.is_file():
        pytest.skip("the shared boundaries are not beside this checkout")
    import geopandas

    frame = geopandas.read_file(source).set_index("code")
    random = np.random.default_rng(7)
    east, north = random.uniform(1e5, 6.5e5, 1000), random.uniform(1e4, 6e5, 1000)
    for code in ("E06000019", "E06000018", "E06000043", "E06000053"):
        outline = frame.loc[code, "geometry"]
        plain = shapely.distance(outline, shapely.points(east, north)) / 1609.3
        found = miles_to_boundary(east, north, outline)
        assert (found == round_half_up(plain)).all()
        assert (found >= 0).all()
