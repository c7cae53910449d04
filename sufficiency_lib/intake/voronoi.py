"""Authority outlines built from a postcode directory, where no boundary file is given.

Every place in England belongs to the authority of the postcode nearest to it: the Voronoi
cells of an authority's postcodes, put together, are its area. Cells at the coast would run
out to sea, so the whole is clipped to the country that the postcodes cover.

Far from any border it does not matter which postcode is nearest, so there one postcode a
square serves for all; the cells that make the border are exact to the postcodes.

How well it agrees with the published outlines of December 2024, built from the postcodes of
November 2025 (`python -m benchmarks` prints it): over 153 authorities 94.0% of the area is in
common (the middle authority 92%; least in the Isles of Scilly, 33%, nearly all coast); of
152,130 postcodes in and near them, 99.96% are inside both or neither, 99.5% get the same answer
to "within 10 miles" and 99.3% to "within 20 miles"; the distance to the border is out by 0.17
miles on average, 1.3 at the ninety-ninth percentile, 4.8 at most. A boundary file is better.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from tqdm import tqdm

from sufficiency_lib.intake.authorities import PSEUDO_CODE, authority_names
from sufficiency_lib.intake.boundaries import BRITISH_NATIONAL_GRID
from sufficiency_lib.intake.postcodes import PostcodeDirectory

# An authority with fewer places than this is the edge of a directory that was cut short.
# The smallest there is, the Isles of Scilly, has about a hundred.
LEAST_PLACES = 50
# Pieces and holes with fewer places are postcodes recorded against the wrong authority.
LEAST_PLACES_OF_A_PIECE = 20
# Where more of an authority's places than this are left out, they are too far apart to draw
# its outline: the directory is a sample of one.
LEAST_SHARE_INSIDE = 0.9
# A larger piece or hole is one whatever it holds (moorland between two valleys).
LARGEST_STRAY_SQUARE_METRES = 25e6
SQUARE_METRES_SIDE = 500
# Squares around one's own that must all be of one authority for a square to be thinned.
_SURROUNDINGS = 5
# Two postcodes up to twice this far apart have land between them; more, and it may be sea.
GAP_METRES = 4_000
# How far land reaches beyond the outermost postcodes.
MARGIN_METRES = 500
# Neighbours' postcodes within this distance decide where an authority ends.
REACH_METRES = 2 * GAP_METRES + 2_000
_CLIP_SQUARE_METRES_SIDE = 1_000
THREADS = 4
_NATIONAL_GRID_SIZE = 2_000_000


@dataclass(frozen=True)
class _Places:
    """Distinct grid references, and which are the authority's own."""

    easting: NDArray[np.int64]
    northing: NDArray[np.int64]
    mine: NDArray[np.bool_]

    def chosen(self, which: NDArray) -> _Places:
        return _Places(self.easting[which], self.northing[which], self.mine[which])

    def squares(self, side: int) -> tuple[NDArray, NDArray, tuple[int, int]]:
        """Column and row of each place's square from the south-west, and how many there are."""
        column, row = self.easting // side, self.northing // side
        column, row = column - column.min(), row - row.min()
        return column, row, (int(column.max()) + 1, int(row.max()) + 1)


def outline_from_postcodes(directory: PostcodeDirectory, code: str) -> BaseGeometry:
    """The outline of one authority, built from its postcodes and those around it.

    Parameters
    ----------
    directory: postcodes with grid references and authorities.
    code: ONS code of today.

    Returns
    -------
    Polygon or MultiPolygon (EPSG:27700); empty when the directory has fewer than
    :data:`LEAST_PLACES` grid references of that authority, or they are so far apart that
    less than :data:`LEAST_SHARE_INSIDE` of them are in what is drawn.

    Method: Voronoi cells (Okabe, Boots, Sugihara and Chiu, Spatial Tessellations, 2000) of
    distinct grid references, merged; pieces and holes of a few places taken out; clipped to
    the morphological closing (by :data:`GAP_METRES`) of all postcodes near.

    >>> from sufficiency_lib.intake.postcodes import PostcodeDirectory
    >>> east, north = (np.ravel(a).astype(np.int32) for a in np.mgrid[0:20, 0:10] * 1000)
    >>> half = (east >= 10_000).astype(np.int16)
    >>> key, ended = np.arange(200), np.zeros(200, np.int8)
    >>> two = PostcodeDirectory(key, east, north, half, ended, ("E06000018", "E10000024"))
    >>> outline = outline_from_postcodes(two, "E06000018")
    >>> round(outline.bounds[2]), round(outline.area / 1e6)  # half way between 9 and 10 km
    (9500, 99)
    """
    if code not in directory.authority_codes:
        return shapely.Polygon()
    number = directory.authority_codes.index(code)
    mine = np.flatnonzero((directory.authority == number) & (directory.easting >= 0))
    if len(mine) < LEAST_PLACES:
        return shapely.Polygon()
    places = _distinct(directory, _around(directory, mine), number)
    if places.mine.sum() < LEAST_PLACES:
        return shapely.Polygon()
    outline = _outline(_thinned(places), _country(places))
    own = places.chosen(places.mine)
    inside = shapely.contains_xy(outline, own.easting, own.northing)
    return outline if inside.mean() >= LEAST_SHARE_INSIDE else shapely.Polygon()


def outlines_from_postcodes(
    directory: PostcodeDirectory, codes: Iterable[str] | None = None
) -> gpd.GeoDataFrame:
    """The outlines of English authorities, each built as :func:`outline_from_postcodes` does.

    Parameters
    ----------
    directory: postcodes with grid references and authorities.
    codes: ONS codes of today; all English authorities of the directory when left out.

    Returns
    -------
    GeoDataFrame sorted by code: ``code``, ``name``, ``geometry`` (EPSG:27700); an authority
    with too few grid references has no row.
    """
    wanted = sorted(set(directory.authority_codes if codes is None else codes))
    wanted = [code for code in wanted if code.startswith("E") and not PSEUDO_CODE.match(code)]
    # The geometry library leaves Python's lock while it works; the order is the codes'.
    with ThreadPoolExecutor(THREADS) as pool:
        built = pool.map(lambda code: outline_from_postcodes(directory, code), wanted)
        named = zip(wanted, built, strict=True)
        told = tqdm(named, "Outlines", len(wanted), leave=False, disable=None, file=sys.stderr)
        outlines = {code: outline for code, outline in told if not outline.is_empty}
    names = authority_names()
    return gpd.GeoDataFrame(
        {
            "code": pd.array(list(outlines), dtype="str"),
            "name": pd.array([names.get(code, code) for code in outlines], dtype="str"),
        },
        geometry=gpd.GeoSeries(list(outlines.values()), crs=BRITISH_NATIONAL_GRID),
    )


def _around(directory: PostcodeDirectory, mine: NDArray) -> NDArray[np.int64]:
    """Rows of the directory in the box around an authority's postcodes, neighbours too."""
    east, north = directory.easting, directory.northing
    near = east >= max(0, int(east[mine].min()) - REACH_METRES)
    near &= east <= int(east[mine].max()) + REACH_METRES
    near &= north >= max(0, int(north[mine].min()) - REACH_METRES)
    near &= north <= int(north[mine].max()) + REACH_METRES
    return np.flatnonzero(near)


def _distinct(directory: PostcodeDirectory, rows: NDArray, number: int) -> _Places:
    """One place a grid reference; one's own where at least half of its postcodes are."""
    east = directory.easting[rows].astype(np.int64)
    where = east * _NATIONAL_GRID_SIZE + directory.northing[rows]
    where, place, count = np.unique(where, return_inverse=True, return_counts=True)
    own = np.bincount(place, weights=directory.authority[rows] == number)
    return _Places(*np.divmod(where, _NATIONAL_GRID_SIZE), own * 2 >= count)


def _thinned(places: _Places) -> _Places:
    """Every place near the border, and one a square elsewhere."""
    from scipy import ndimage  # Takes long to import, and most runs find outlines drawn.

    column, row, shape = places.squares(SQUARE_METRES_SIDE)
    both = np.ones(shape, dtype=bool)
    for side in (places.mine, ~places.mine):
        occupied = np.zeros(shape, dtype=bool)
        occupied[column[side], row[side]] = True
        both &= ndimage.maximum_filter(occupied, _SURROUNDINGS)
    kept = both[column, row]
    kept[_first_of_each_square(column, row, shape)] = True
    return places.chosen(kept)


def _first_of_each_square(column: NDArray, row: NDArray, shape: tuple[int, int]) -> NDArray:
    return np.unique(column * shape[1] + row, return_index=True)[1]


def _outline(places: _Places, country: BaseGeometry) -> BaseGeometry:
    points = shapely.points(places.easting, places.northing)
    cells = shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    whole = shapely.coverage_union_all(shapely.get_parts(cells)[places.mine])
    pieces = shapely.get_parts(shapely.intersection(whole, country))
    pieces = pieces[shapely.get_dimensions(pieces) == 2]
    kept = _without_strays(pieces, points[places.mine])
    filled = [_without_small_holes(piece, points[~places.mine]) for piece in kept]
    return shapely.normalize(shapely.union_all(filled))


def _country(places: _Places) -> BaseGeometry:
    """The land around an authority's places: all postcodes near, and what lies between them."""
    from scipy import ndimage

    column, row, shape = places.squares(_CLIP_SQUARE_METRES_SIDE)
    grid = np.zeros(shape, dtype=bool)
    grid[column[places.mine], row[places.mine]] = True
    squares_away = ndimage.distance_transform_edt(~grid)[column, row]
    near = places.chosen(squares_away * _CLIP_SQUARE_METRES_SIDE <= REACH_METRES)
    some = near.chosen(_first_of_each_square(*near.squares(SQUARE_METRES_SIDE)))
    inland, depth = _inland(some)
    # What is inland is covered without drawing every disc there.
    some = some.chosen(depth <= 2 * GAP_METRES + 2 * _CLIP_SQUARE_METRES_SIDE)
    discs = shapely.buffer(shapely.points(some.easting, some.northing), GAP_METRES, quad_segs=4)
    discs = np.append(discs, inland)
    closed = shapely.buffer(shapely.union_all(discs), MARGIN_METRES - GAP_METRES, quad_segs=4)
    parts = shapely.get_parts(closed)
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))


def _inland(places: _Places) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Strips of squares all within the gap of a place, and each place's depth in there.

    The depth is the distance in metres to where no place is within the gap.
    """
    from scipy import ndimage

    side, gap = _CLIP_SQUARE_METRES_SIDE, GAP_METRES // _CLIP_SQUARE_METRES_SIDE
    around = gap + 2
    column, row, _ = places.squares(side)
    empty = np.ones((column.max() + 1 + 2 * around, row.max() + 1 + 2 * around), dtype=bool)
    empty[column + around, row + around] = False
    covered = ndimage.distance_transform_edt(empty) <= gap
    depth = ndimage.distance_transform_edt(covered)
    edge = np.diff(np.pad(depth > gap + 2, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edge == 1), np.argwhere(edge == -1)
    west = (starts[:, 0] - around + places.easting.min() // side) * side
    low, high = ((e[:, 1] - around + places.northing.min() // side) * side for e in (starts, ends))
    strips = shapely.box(west, low, west + side, high)
    return strips, depth[column + around, row + around] * side


def _without_strays(pieces: NDArray, points: NDArray) -> NDArray:
    """The pieces that are large, or hold more than a few of the authority's own places."""
    large = shapely.area(pieces) > LARGEST_STRAY_SQUARE_METRES
    return pieces[large | (_held(pieces, points) >= LEAST_PLACES_OF_A_PIECE)]


def _without_small_holes(piece: BaseGeometry, points: NDArray) -> BaseGeometry:
    """A piece whose holes of a few others' places are filled."""
    if not piece.interiors:
        return piece
    holes = shapely.polygons(np.array(piece.interiors, dtype=object))
    real = shapely.area(holes) > LARGEST_STRAY_SQUARE_METRES
    real |= _held(holes, points) >= LEAST_PLACES_OF_A_PIECE
    return shapely.Polygon(piece.exterior, np.array(piece.interiors, dtype=object)[real])


def _held(areas: NDArray, points: NDArray) -> NDArray[np.int64]:
    """How many of the points each area holds; the large ones are not counted."""
    held = np.zeros(len(areas), dtype=np.int64)
    small = np.flatnonzero(shapely.area(areas) <= LARGEST_STRAY_SQUARE_METRES)
    if len(small):
        found, _ = shapely.STRtree(points).query(areas[small], predicate="intersects")
        held[small] = np.bincount(found, minlength=len(small))
    return held
