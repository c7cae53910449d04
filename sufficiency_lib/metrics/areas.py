"""Children by small area: hexagons of the homes they come from and of where they are placed.

The hexagons lie on the British National Grid, point upwards, and are the same in every run, so
that two years can be set side by side. Counts leave here in bands only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sufficiency_lib.cleaning.distance import KM_PER_MILE, METRES_PER_KM
from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.metrics.tally import By, for_each_area

#: Widths that a hexagon may have, smallest first.
SIZES_MILES = (3.0, 5.0, 8.0, 12.0)

#: The least share of children who must be in hexagons that can be shown, for a size to serve.
ENOUGH_SHOWN = 0.6

#: What a band begins with; the first that is shown begins with the fewest that may be.
BAND_STARTS = (1, 6, 11, 21, 51)

ELSEWHERE = "All other areas"

ENDS = {"home": "homes_band", "placement": "placements_band"}

COLUMNS = ("hexagon", *ENDS.values(), "hexagon_miles",
           *(f"base_{column}" for column in ENDS.values()))

_SQUARE_KM = 100
#: The Ordnance Survey's letters, row by row from the north west; there is no I.
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_GRID_EAST_KM, _GRID_NORTH_KM = 700, 1300


def placements_by_hexagon(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    fewest: int,
    sizes: Sequence[float] = SIZES_MILES,
    by: By = (),
) -> pd.DataFrame:
    """Children looked after by the hexagon of their home and of their placement, in bands.

    episodes  the repaired history with easting, northing and authority of both ends (short
              breaks are left out)
    fewest    the smallest number of children that a hexagon may be shown with
    sizes     widths in miles to try, smallest first: the first is taken with which six in ten
              of the children whose placement is known are in hexagons that may be shown
    by        columns whose values each have a table
    returns   hexagon (the grid reference of its middle, to a kilometre), homes_band,
              placements_band, hexagon_miles (side to opposite side). The hexagons with
              `fewest` or more at either end, most placements first, then one row for all
              others. Nothing tells a hexagon with fewer from one without any. No rows where no
              hexagon may be shown. `base_` columns: the children behind a band that is shown.

    A child whose postcode is not known is in no hexagon. Where a table of authorities could
    give away the one hexagon that is not shown of an authority, another of it is not shown
    either, which is why a hexagon not shown need not have fewer than `fewest`.
    """
    stock = on_date(episodes, pd.Timestamp(as_at))

    def table(rows: pd.DataFrame) -> pd.DataFrame:
        return _table(rows, fewest, sizes)

    return for_each_area(table, stock, by)


def bands(fewest: int) -> list[tuple[int, str]]:
    """The bands that may be shown: what each begins with, and its words.

    >>> [words for _, words in bands(6)]
    ['6 to 10', '11 to 20', '21 to 50', '51 or more']
    >>> bands(1)[0], bands(8)[0]
    ((1, '1 to 5'), (8, '8 to 10'))
    """
    starts = [fewest, *(start for start in BAND_STARTS if start > fewest)]
    words = [f"{low} to {high - 1}" if high - low > 1 else str(low)
             for low, high in zip(starts, starts[1:], strict=False)]
    return list(zip(starts, [*words, f"{starts[-1]} or more"], strict=True))


def not_shown(fewest: int) -> str:
    """How a band reads that may not be shown, or has no children.

    >>> not_shown(6), not_shown(1)
    ('fewer than 6, or not shown', 'none')
    """
    return "none" if fewest <= 1 else f"fewer than {fewest}, or not shown"


def hexagons_at(easting: ArrayLike, northing: ArrayLike, miles: float) -> NDArray[np.int64]:
    """The column and row of the hexagon in which each point lies: an array of pairs.

    Points in metres of the British National Grid, none missing. Columns lean to the east by
    half a hexagon a row. Cube rounding, after Red Blob Games, *Hexagonal Grids*.

    >>> hexagons_at([0.0, 5000.0], [0.0, 100.0], 3.0).tolist()
    [[0, 0], [1, 0]]
    """
    width = miles * KM_PER_MILE * METRES_PER_KM
    row = np.asarray(northing, np.float64) / (width * np.sqrt(3) / 2)
    column = np.asarray(easting, np.float64) / width - row / 2
    cube = np.stack([column, row, -column - row])
    nearest = np.rint(cube)
    # The worst rounded of the three is put right from the other two, as they must add to nought.
    worst = np.abs(nearest - cube).argmax(axis=0)
    fixed = nearest - np.where(np.arange(3)[:, None] == worst, nearest.sum(axis=0), 0)
    return fixed[:2].T.astype(np.int64)


def centres_of(hexagons: ArrayLike, miles: float) -> NDArray[np.float64]:
    """Easting and northing in metres of the middle of each hexagon, by column and row.

    >>> centres_of([[1, 0]], 3.0).round().tolist()
    [[4828.0, 0.0]]
    """
    width = miles * KM_PER_MILE * METRES_PER_KM
    pairs = np.asarray(hexagons, np.float64).reshape(-1, 2)
    return np.column_stack(
        [(pairs[:, 0] + pairs[:, 1] / 2) * width, pairs[:, 1] * width * np.sqrt(3) / 2]
    )


def grid_reference(easting: float, northing: float) -> str:
    """A point as an Ordnance Survey grid reference to the nearest kilometre.

    >>> grid_reference(351_000, 240_000), grid_reference(531_499, 104_500)
    ('SO 51 40', 'TQ 31 05')
    """
    east, north = (int(np.floor(metres / METRES_PER_KM + 0.5)) for metres in (easting, northing))
    across, up = east // _SQUARE_KM, north // _SQUARE_KM
    # Squares of 500 km lie from S, two to the west and one to the south of the map's own.
    large = _LETTERS[(3 - up // 5) * 5 + 2 + across // 5]
    small = _LETTERS[(4 - up % 5) * 5 + across % 5]
    return f"{large}{small} {east % _SQUARE_KM:02d} {north % _SQUARE_KM:02d}"


def point_of(reference: str) -> tuple[int, int]:
    """Easting and northing in metres of a reference that `grid_reference` gave.

    >>> point_of("SO 51 40"), point_of(grid_reference(430_000, 1_201_000))
    ((351000, 240000), (430000, 1201000))
    """
    letters, east, north = reference.split()
    large, small = (_LETTERS.index(letter) for letter in letters)
    across = (large % 5 - 2) * 5 + small % 5
    up = (3 - large // 5) * 5 + 4 - small // 5
    return ((across * _SQUARE_KM + int(east)) * METRES_PER_KM,
            (up * _SQUARE_KM + int(north)) * METRES_PER_KM)


def _table(stock: pd.DataFrame, fewest: int, sizes: Sequence[float]) -> pd.DataFrame:
    placed = _points(stock, "placement")
    counts = {size: _counted(placed, size) for size in sizes}
    enough = ENOUGH_SHOWN * len(placed)
    miles = next(
        (size for size, one in counts.items()
         if len(placed) and one[one >= fewest].sum() >= enough),
        sizes[-1],
    )
    shown = {end: _shown(_points(stock, end), miles, fewest) for end in ENDS}
    hexagons = sorted(
        set(shown["home"]) | set(shown["placement"]),
        key=lambda one: (-_band(shown["placement"].get(one, 0), fewest),
                         -_band(shown["home"].get(one, 0), fewest), one),
    )
    return _in_bands(hexagons, shown, miles, fewest)


def _points(stock: pd.DataFrame, end: str) -> pd.DataFrame:
    """Easting, northing and authority of one end, where it is known and on the grid."""
    points = pd.DataFrame({
        "easting": stock[f"{end}_easting"].astype("float64"),
        "northing": stock[f"{end}_northing"].astype("float64"),
        "authority": stock[f"{end}_authority"].astype(object),
    })
    known = points["easting"].between(0, _GRID_EAST_KM * METRES_PER_KM)
    return points[known & points["northing"].between(0, _GRID_NORTH_KM * METRES_PER_KM)]


def _cells(points: pd.DataFrame, miles: float) -> list[tuple[int, int]]:
    found = hexagons_at(points["easting"], points["northing"], miles)
    return [(int(column), int(row)) for column, row in found]


def _counted(points: pd.DataFrame, miles: float) -> pd.Series:
    return pd.Series(_cells(points, miles), dtype=object).value_counts()


def _shown(points: pd.DataFrame, miles: float, fewest: int) -> dict[tuple[int, int], int]:
    """The hexagons that may be shown, with their counts."""
    rows = pd.DataFrame({"hexagon": pd.Series(_cells(points, miles), dtype=object),
                         "authority": points["authority"].to_numpy()})
    counts = rows["hexagon"].value_counts().to_dict()
    shown = {one: count for one, count in counts.items() if count >= fewest}
    if fewest <= 1:
        return shown
    of_authority = [
        set(part["hexagon"]) for _, part in rows.groupby("authority", observed=True, sort=True)
        if len(part) >= fewest
    ]
    before = -1
    while before != len(shown):
        before = len(shown)
        for hexagons in of_authority:
            _hide_beside_one(shown, hexagons, fewest)
    return shown


def _hide_beside_one(
    shown: dict[tuple[int, int], int], hexagons: set[tuple[int, int]], fewest: int
) -> None:
    """Hide another hexagon of an authority only one of whose is hidden.

    Its printed count less the most that its bands allow would say how many are in that one. A
    band without an upper end says nothing.
    """
    open_band = bands(fewest)[-1][0]
    seen = [(shown[one], one) for one in hexagons if one in shown]
    alone = len(seen) == len(hexagons) - 1
    if alone and seen and max(seen)[0] < open_band:
        del shown[min(seen)[1]]


def _band(count: int, fewest: int) -> int:
    """What the band of a count begins with; 0 for a count that is not shown."""
    return max((start for start, _ in bands(fewest) if start <= count), default=0)


def _in_bands(
    hexagons: Sequence[tuple[int, int]],
    shown: dict[str, dict[tuple[int, int], int]],
    miles: float,
    fewest: int,
) -> pd.DataFrame:
    words = {0: not_shown(fewest), **dict(bands(fewest))}
    rest = [None] if hexagons else []
    table = {
        "hexagon": [grid_reference(*centre) for centre in centres_of(list(hexagons), miles)],
    }
    table["hexagon"] += [ELSEWHERE] * len(rest)
    for end, column in ENDS.items():
        found = [shown[end].get(one, 0) for one in [*hexagons, *rest]]
        table[column] = [words[_band(count, fewest)] for count in found]
        table[f"base_{column}"] = [float(count) if count else np.nan for count in found]
    frame = pd.DataFrame(table).assign(hexagon_miles=float(miles))[list(COLUMNS)]
    text = ["hexagon", *ENDS.values()]
    numbers = dict.fromkeys(set(COLUMNS) - set(text), "float64")
    return frame.astype(dict.fromkeys(text, object) | numbers)
