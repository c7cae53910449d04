"""The synthetic postcode directory: units scattered about real towns, in ONSPD's columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.sample.outlines import draw_outlines, drawn_area
from sufficiency_lib.sample.places import Place, read_places

INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
TERMINATED_SHARE = 0.06
LARGE_USER_SHARE = 0.02
NO_COUNTY = {"E": "E99999999", "W": "W99999999", "S": "S99999999", "N": "N99999999"}
METRES_A_MILE = 1609.3
DIRECTORY_COLUMNS = (
    "pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "oslaua",
    "usertype", "oseast1m", "osnrth1m", "osgrdind", "ctry", "rgn",
)  # fmt: skip


@dataclass(frozen=True)
class Geography:
    """Where everything is: the directory as a frame and arrays, and the outlines.

    `directory` has the columns of `postcodes.csv` and a whole-number index; the arrays run in
    the same order. `outlines` is upper-tier code → geometry in metres on EPSG:27700.
    """

    directory: pd.DataFrame
    easting: np.ndarray
    northing: np.ndarray
    authority: np.ndarray
    postcode: np.ndarray
    usable: np.ndarray
    """Live, on the British grid and for small users: fit to be a home or a placement."""
    terminated: np.ndarray
    weight: np.ndarray
    """How likely a placement is to be here, before distance: England before elsewhere."""
    english: np.ndarray
    outlines: dict[str, BaseGeometry]

    def miles_from(self, easting: float, northing: float) -> np.ndarray:
        """Straight-line miles from a point to every postcode, not rounded."""
        metres = np.hypot(self.easting - easting, self.northing - northing)
        return metres / METRES_A_MILE

    def miles_from_outline(self, code: str) -> np.ndarray:
        """Miles from an authority's outline to every postcode; 0 inside it."""
        points = shapely.points(self.easting, self.northing)
        shapely.prepare(self.outlines[code])
        return shapely.distance(self.outlines[code], points) / METRES_A_MILE


def invent_geography(rng: np.random.Generator) -> Geography:
    """The outlines and the directory, the same for every authority."""
    places = read_places()
    outlines = draw_outlines(places, rng)
    directory, authority = _directory(places, outlines, rng)
    abroad = ~directory["ctry"].str.startswith("E").to_numpy()
    british = ~directory["ctry"].str.startswith("N").to_numpy()
    terminated = (directory["doterm"] != "").to_numpy()
    return Geography(
        directory=directory,
        easting=directory["oseast1m"].to_numpy(dtype=float),
        northing=directory["osnrth1m"].to_numpy(dtype=float),
        authority=authority,
        postcode=directory["pcds"].to_numpy(dtype=object),
        usable=~terminated & british & (directory["usertype"] == "0").to_numpy(),
        terminated=terminated,
        weight=np.where(british, np.where(abroad, 0.1, 1.0), 0.0) * _evenness(authority),
        english=~abroad,
        outlines=outlines,
    )


def _evenness(authority: np.ndarray) -> np.ndarray:
    """A weight that keeps the authorities given most postcodes from drawing most placements."""
    _, number, counts = np.unique(authority.astype(str), return_inverse=True, return_counts=True)
    return counts[number] ** -0.7


def inward_code(number: int) -> str:
    """The inward half of an outward code's n-th unit: a digit and two letters, in turn.

    Never the letters C I K M O V, which the Post Office does not use there.

    >>> inward_code(0), inward_code(1), inward_code(9)
    ('1AA', '2BA', '1NA')
    """
    letters = len(INWARD_LETTERS)
    first = INWARD_LETTERS[number % letters]
    second = INWARD_LETTERS[number // letters % letters]
    return f"{1 + number % 9}{first}{second}"


def _directory(
    places: list[Place], outlines: dict[str, BaseGeometry], rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    drawn = drawn_area()
    shapely.prepare(drawn)
    # Inside by 30 m, so that no unit stands on a line that rounding may move.
    inner = {code: shapely.buffer(outline, -30, quad_segs=1) for code, outline in outlines.items()}
    shapely.prepare(list(inner.values()))
    used: Counter[str] = Counter()
    rows = [
        row
        for place in places
        if place.units
        for row in _units(place, inner.get(place.authority), drawn, used, rng)
    ]
    columns = [*DIRECTORY_COLUMNS, "authority"]
    joined = pd.DataFrame(sorted(rows, key=lambda row: row[2]), columns=columns)
    return joined.drop(columns="authority"), joined["authority"].to_numpy(dtype=object)


def _units(
    place: Place,
    home: BaseGeometry | None,
    drawn: BaseGeometry,
    used: Counter[str],
    rng: np.random.Generator,
) -> Iterator[tuple[object, ...]]:
    points = _scatter(place, home, drawn, rng)
    ended = rng.random(place.units) < TERMINATED_SHARE
    large = rng.random(place.units) < LARGE_USER_SHARE
    months = rng.choice(["200312", "201206", "201809"], place.units)
    # A terminated unit's grid reference is only good to 100 m in the real directory.
    points = np.where(ended[:, None], points // 100 * 100, points).astype(int)
    for number, (easting, northing) in enumerate(points.tolist()):
        outward = place.outward[number % len(place.outward)]
        inward = inward_code(used[outward])
        used[outward] += 1
        yield (
            f"{outward}{inward.rjust(7 - len(outward))}",
            f"{outward}{inward.rjust(8 - len(outward))}",
            f"{outward} {inward}",
            "198001",
            str(months[number]) if ended[number] else "",
            _county(place),
            place.district,
            "1" if large[number] else "0",
            easting,
            northing,
            "1" if place.country[0] != "N" else "9",
            place.country,
            place.region,
            place.authority,
        )


def _county(place: Place) -> str:
    two_tier = place.authority != place.district
    return place.authority if two_tier else NO_COUNTY[place.district[0]]


def _scatter(
    place: Place, home: BaseGeometry | None, drawn: BaseGeometry, rng: np.random.Generator
) -> np.ndarray:
    """Whole-metre points about a place: inside its authority's outline, or outside the drawing."""
    inside = home is not None and shapely.intersects_xy(drawn, place.easting, place.northing)
    spread = 350 + 45 * np.sqrt(place.units) if inside else 2500
    kept = np.empty((0, 2))
    for _ in range(200):
        points = np.round(rng.normal((place.easting, place.northing), spread, (place.units, 2)))
        fits = np.ones(len(points), dtype=bool)
        # A terminated unit is floored to 100 m: that corner must be on the right side too.
        for corner in (points, points // 100 * 100):
            if inside:
                fits &= shapely.contains_xy(home, corner)
            else:
                fits &= ~shapely.intersects_xy(drawn, corner)
        kept = np.vstack([kept, points[fits]])
        if len(kept) >= place.units:
            return kept[: place.units]
    raise ValueError(f"no room for the postcodes of {place.name}: check its grid reference")
