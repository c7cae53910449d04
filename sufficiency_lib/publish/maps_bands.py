"""How a band of children looks on a map: a hexagon's colour, what it fills, and its words."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.metrics.areas import BAND_STARTS
from sufficiency_lib.publish.maps_view import rounded
from sufficiency_lib.publish.style import INK, NAVY, PAPER

#: The share of its hexagon's width that a band fills at most, so that neighbours stand apart.
FULL = 0.94


class Look(NamedTuple):
    """How a band looks: its colour, the ink on it, and the share of its hexagon it fills."""

    face: str
    ink: str
    share: float


#: One hue from light to dark, by what a band begins with. Where there is no room to write the
#: band, the share says it too: colour alone says nothing.
_LOOKS = dict(zip(BAND_STARTS, (
    Look("#d3e6f6", INK, 0.46), Look("#a9cfee", INK, 0.58), Look("#6bace6", "#0b0c0c", 0.7),
    Look("#2073bc", PAPER, 0.82), Look(NAVY, PAPER, FULL),
), strict=True))
#: The whole of a hexagon, round what says its band.
CELL = {"facecolor": "#edf4fa", "edgecolor": NAVY, "lw": 0.6}
EDGE = {"edgecolor": NAVY, "lw": 0.6}
#: Pixels across a hexagon in the legend.
KEY_PX = 18
#: How many times the width of a hexagon it is high.
TALL = 2 / 3**0.5


def start_of(words: object) -> int:
    """The number that a band begins with; 0 for one that is not shown.

    >>> start_of("21 to 50"), start_of("fewer than 6, or not shown"), start_of("c")
    (21, 0, 0)
    """
    first = str(words).split(" ")[0]
    return int(first) if first.isdigit() else 0


def look_of(words: object) -> Look:
    """How a band looks.

    >>> look_of("8 to 10") == look_of("6 to 10")
    True
    """
    return _LOOKS[max(start for start in BAND_STARTS if start <= start_of(words))]


def short_words(words: object) -> str:
    """A band as it is written in its hexagon.

    >>> short_words("6 to 10"), short_words("51 or more")
    ('6–10', '51+')
    """
    return str(words).replace(" to ", "\N{EN DASH}").replace(" or more", "+")


def hexagon_round(x: float, y: float, width: float) -> BaseGeometry:
    """A hexagon that points upwards, in pixels, `width` from side to side.

    >>> hexagon_round(0, 0, 10).bounds
    (-5.0, -5.8, 5.0, 5.8)
    """
    side, tip = width / 2, width * TALL / 2
    corners = [(x, y - tip), (x + side, y - tip / 2), (x + side, y + tip / 2), (x, y + tip),
               (x - side, y + tip / 2), (x - side, y - tip / 2)]
    return rounded(shapely.Polygon(corners))


def miles_of(frame: pd.DataFrame) -> float:
    """How many miles the hexagons of a table are across.

    >>> miles_of(pd.DataFrame({"hexagon_miles": [3.0, 3.0]}))
    3.0
    """
    return float(frame["hexagon_miles"].iloc[0])


def key_of(words: object, said: bool) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    """A hexagon of the legend: its whole, and what says its band."""
    look = look_of(words)
    inner = hexagon_round(0, 0, KEY_PX * (FULL if said else look.share))
    whole = [] if said else [(hexagon_round(0, 0, KEY_PX), CELL)]
    return [*whole, (inner, {"facecolor": look.face, **EDGE})]
