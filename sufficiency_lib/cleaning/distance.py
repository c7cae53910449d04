"""Distances as the Department for Education measures them, and the 20-mile band.

A straight line on the British National Grid between two postcodes' grid references,
in miles of 1,609.3 metres, rounded half up to one decimal place (SSDA903 guidance, as
applied by the public 903 validator). Unknown stays unknown: NaN in, NaN or
``"not_known"`` out, never a number.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.codes import DISTANCE_BANDS

METRES_PER_KM = 1000
KM_PER_MILE = 1.6093
TWENTY_MILES = 20.0


def round_half_up(values: ArrayLike, places: int = 1) -> NDArray[np.float64]:
    """Round as the Department does: halves go up. NaN stays NaN.

    numpy and pandas round halves to even (``20.05`` becomes 20.0), which moves children
    across a band. A number is taken as the decimal it prints as.

    >>> round_half_up([20.05, 0.25, 0.35, float("nan")]).tolist()
    [20.1, 0.3, 0.4, nan]
    >>> round_half_up([2.5, 3.5], places=0).tolist()
    [3.0, 4.0]
    """
    scale = 10.0**places
    # 20.05 is held as 20.05000000000000071 and 1.15 as 1.149999999999999911; multiplied by
    # ten both land on the exact half, which adding a half and flooring then sends up.
    return np.floor(np.asarray(values, dtype=np.float64) * scale + 0.5) / scale


def distance_miles(
    easting_1: ArrayLike, northing_1: ArrayLike, easting_2: ArrayLike, northing_2: ArrayLike
) -> NDArray[np.float64]:
    """Straight-line distance in miles between points on the British National Grid.

    √(ΔE² + ΔN²) / 1000 / 1.6093, rounded half up to one decimal place.

    Parameters
    ----------
    easting_1, northing_1, easting_2, northing_2: metres (EPSG:27700), arrays of one shape
        or single numbers to be compared with all (a city centre).

    Returns
    -------
    Miles, float array; NaN where any of the four is NaN.

    Rounding is exact between any two points of Great Britain in whole metres, as grid
    references are: none is just half a tenth apart, as 40,000 (ΔE² + ΔN²) would be 16,093² ×
    an odd square, and floating point comes out on the side of each half that whole numbers do.

    Source: DfE, Children looked-after by local authorities in England: guide to the
    SSDA903 collection, distance between home and placement.

    >>> distance_miles([351000, 351000], [240000, 240000], [351000, 383186], [240000, 240000])
    array([ 0., 20.])
    >>> distance_miles(351000, 240000, [383300.0, float("nan")], [240000.0, 240000.0])
    array([20.1,  nan])
    """
    # As plain arrays, by position: two columns of one frame may have been re-indexed.
    delta_e = np.asarray(easting_1, np.float64) - np.asarray(easting_2, np.float64)
    delta_n = np.asarray(northing_1, np.float64) - np.asarray(northing_2, np.float64)
    metres = np.sqrt(delta_e**2 + delta_n**2)
    return round_half_up(metres / METRES_PER_KM / KM_PER_MILE)


def distance_band(miles: ArrayLike) -> NDArray[np.object_]:
    """The Department's band of each rounded distance.

    Parameters
    ----------
    miles: distances rounded to one decimal place; NaN is not known.

    Returns
    -------
    Text array: ``"le_20"`` (20.0 miles or less), ``"gt_20"``, ``"not_known"``. What is not
    known is a band of its own and stays in the denominator of published rates.

    >>> distance_band([20.0, 20.1, float("nan")]).tolist()
    ['le_20', 'gt_20', 'not_known']
    """
    miles = np.asarray(miles, dtype=np.float64)
    choice = np.where(np.isnan(miles), 2, np.where(miles <= TWENTY_MILES, 0, 1))
    return np.array(DISTANCE_BANDS, dtype=object)[choice]


def boundary_segments(geometry: BaseGeometry) -> NDArray[np.object_]:
    """Every straight piece of an outline, as an array of two-point lines.

    >>> len(boundary_segments(shapely.box(0, 0, 10, 10)))
    4
    """
    pieces = []
    for ring in shapely.get_parts(geometry.boundary):
        points = shapely.get_coordinates(ring)
        pieces.append(np.stack([points[:-1], points[1:]], axis=1))
    return shapely.linestrings(np.concatenate(pieces))


def miles_to_boundary(
    easting: ArrayLike, northing: ArrayLike, geometry: BaseGeometry | None
) -> NDArray[np.float64]:
    """Distance in miles from each point to an authority's outline; 0 inside or on it.

    Parameters
    ----------
    easting, northing: metres (EPSG:27700), arrays of one shape.
    geometry: the authority's polygon or polygons, in the same metres.

    Returns
    -------
    Miles, rounded half up to one decimal place; NaN where a coordinate is NaN. All NaN for
    an empty outline.

    Method: points inside by a prepared polygon, the rest to the nearest of the outline's
    segments through a spatial index (the plain distance to the polygon, found faster).

    >>> square = shapely.box(0, 0, 100_000, 100_000)
    >>> miles_to_boundary([50_000, 132_186, float("nan")], [50_000, 50_000, 0], square)
    array([ 0., 20., nan])
    """
    easting, northing = np.broadcast_arrays(
        np.asarray(easting, dtype=np.float64), np.asarray(northing, dtype=np.float64)
    )
    miles = np.full(easting.shape, np.nan)
    if geometry is None or geometry.is_empty:
        return miles
    known = ~(np.isnan(easting) | np.isnan(northing))
    shapely.prepare(geometry)
    inside = np.zeros(easting.shape, dtype=bool)
    inside[known] = shapely.intersects_xy(geometry, easting[known], northing[known])
    miles[inside] = 0.0
    outside = known & ~inside
    if outside.any():
        metres = _metres_to_segments(easting[outside], northing[outside], geometry)
        miles[outside] = round_half_up(metres / METRES_PER_KM / KM_PER_MILE)
    return miles


def _metres_to_segments(easting: NDArray, northing: NDArray, geometry: BaseGeometry) -> NDArray:
    tree = shapely.STRtree(boundary_segments(geometry))
    points = shapely.points(easting, northing)
    matched, metres = tree.query_nearest(points, return_distance=True, all_matches=False)
    nearest = np.empty(len(easting))
    nearest[matched[0]] = metres
    return nearest
