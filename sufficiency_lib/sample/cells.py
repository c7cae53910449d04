"""The cells placements are drawn from: a kind of place with a kind of provider.

A cell is the generator's own idea and never leaves it; the returns hold only SSDA903 codes.
The numbers are judgements about which ages live where and how often carers change.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

AGE_BANDS = (1, 5, 10, 16)
"""Upper limits, in years, of the age bands under 1, 1-4, 5-9 and 10-15; the last is 16-17."""


@dataclass(frozen=True)
class Cell:
    """One kind of placement: who lives there, how settled they are, what it is near to."""

    place: str
    providers: tuple[tuple[str, float], ...]
    fit: tuple[float, float, float, float, float]
    """How likely, relative to other ages, in each of the five age bands."""
    stick: float
    """How many times likelier a child is to stay in the cell than to arrive in it."""
    moves_a_year: float
    """Changes of carer within the cell, once settled."""
    youngest: float = 0.0
    local_share: float = 0.5
    """Of those nearby, the share inside the authority's own area."""
    capacity: tuple[tuple[int, float], ...] = ((1, 1.0),)
    regulated: bool = False


OWN = (("PR1", 1.0),)
AGENCY = (("PR4", 0.84), ("PR5", 0.16))
INDEPENDENT = (("PR4", 0.88), ("PR5", 0.12))
FEW = ((1, 0.5), (2, 0.36), (3, 0.14))
HOME = ((2, 0.3), (3, 0.4), (4, 0.3))

CELLS: dict[str, Cell] = {
    "kinship": Cell("U3", OWN, (1.1, 1.3, 1.2, 0.8, 0.4), 2000, 0.05, 0, 0.85, ((3, 1.0),), True),
    "foster_own": Cell("U6", OWN, (1.4, 1.3, 1.1, 0.8, 0.4), 2000, 0.09, 0, 0.93, FEW, True),
    "foster_ifa": Cell("U6", AGENCY, (0.5, 0.8, 1.1, 1.2, 0.6), 2000, 0.12, 0, 0.45, FEW, True),
    "foster_other": Cell("U6", (("PR2", 1.0),), (0.5, 1, 1, 1, 0.6), 20, 0.3, 0, 0.0),
    "home_own": Cell("K2", OWN, (0, 0, 0.03, 1, 1.1), 100, 0.35, 7, 1.0, ((4, 1.0),), True),
    "home_ext": Cell("K2", INDEPENDENT, (0, 0, 0.1, 1, 1.1), 100, 0.4, 7, 0.45, HOME, True),
    "secure": Cell("K1", (("PR2", 1.0),), (0, 0, 0, 0.4, 1), 1.5, 0.1, 12, 0, ((4, 1.0),), True),
    "supported_own": Cell("H5", OWN, (0, 0, 0, 0, 1), 25, 0.2, 16, 1.0, ((4, 1.0),), True),
    "supported_ext": Cell("H5", AGENCY, (0, 0, 0, 0, 1), 25, 0.35, 16, 0.7, ((4, 1.0),), True),
    "school": Cell("S1", INDEPENDENT, (0, 0, 0.2, 1, 0.6), 40, 0.05, 8, 0.3, HOME, True),
    "care_home": Cell("R1", (("PR4", 1.0),), (0, 0, 0.2, 1, 1), 8, 0.1, 5, 0.5),
    "health": Cell("R2", (("PR3", 1.0),), (0.4, 0.2, 0.2, 0.8, 1), 1, 0.1, 0, 0.8),
    "parent_child": Cell("R3", AGENCY, (2, 0.05, 0, 0.02, 0.1), 1, 0.1, 0, 0.4),
    "yoi": Cell("R5", (("PR3", 1.0),), (0, 0, 0, 0.1, 1), 1.5, 0.1, 15, 0.0),
    "parents": Cell("P1", (("PR0", 1.0),), (0.7, 1, 1.1, 1, 0.7), 100, 0.02, 0, 0.95),
    "adoption": Cell("A6", OWN, (0.6, 2, 0.5, 0.01, 0), 1, 0.0, 0, 0.35),
    "unregistered": Cell("Z1", (("", 1.0),), (0, 0, 0.05, 1, 1.5), 0.5, 1.0, 9, 0.5),
    "temporary": Cell("T4", (("", 1.0),), (0.3, 0.6, 0.8, 1, 0.5), 0.1, 0.0, 0, 0.9),
}

FOSTERING = ("kinship", "foster_own", "foster_ifa", "foster_other")


def age_band(age: float) -> int:
    """Which of the five age bands an age falls in, from 0.

    >>> [age_band(age) for age in (0.5, 4.9, 9, 15.9, 17)]
    [0, 1, 2, 3, 4]
    """
    return bisect_right(AGE_BANDS, age)
