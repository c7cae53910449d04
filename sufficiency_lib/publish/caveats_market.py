"""What is said where an input of supply and the market is missing, and what it would show."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

_CUTS = {"supply_by_sector": "sector", "supply_by_grade": "grade", "supply_by_area": "area"}

NO_REGISTER = (
    "There is no supply register. With provision.csv, or Ofsted's published list of providers, "
    "this would show registered places, vacancies and occupancy, and who has them."
)
NOR_REGISTER = "Without a supply register this is not shown either."
NO_CARERS = (
    "There is no list of fostering households. With carers.csv this would show how many joined "
    "and left, how many children each has, and how full their places are."
)
NOR_CARERS = "Without a list of fostering households this is not shown either."
NO_REFERRALS = (
    "There are no referrals for these years. With referrals.csv this would show placements "
    "sought against placements made: how long they took, what was offered, and what was used "
    "where nothing suitable was found."
)
NOR_REFERRALS = "Without referrals for the year this is not shown either."
NO_SUPPLY = (
    "There is neither a supply register nor a list of fostering households. With provision.csv "
    "and carers.csv this would show how much supply there is near children's homes."
)
NOTHING_MAPPED = (
    "No place of a kind that children are in can be put on the map: the supply register and the "
    "list of fostering households are missing or have no postcodes (Ofsted withholds those of "
    "children's homes). With them this would show how many providers are within 20 miles of "
    "each child's home."
)
NO_HEXAGONS = (
    "Places for each child cannot be shown by area: that needs the authority's outline in the "
    "reference store and a register with the postcodes of children's homes, which Ofsted's list "
    "has not."
)
NO_OUTLINE = (
    "Where to add places cannot be worked out without the authority's outline in the reference "
    "store."
)
NOWHERE = (
    "No area is named: too few children live more than 20 miles from home for any to be told, or "
    "none of them is from near the authority."
)
NOBODY_WAITS = (
    "No search is open on the date, or there are no referrals. With the open searches of "
    "referrals.csv this would show who waits, and the vacancies near their homes."
)


def cuts(supply: pd.DataFrame) -> Mapping[str, str]:
    """Table → what it cuts the register by; none of a register without rows.

    >>> list(cuts(pd.DataFrame({"places": [4]}))), cuts(pd.DataFrame())
    (['supply_by_sector', 'supply_by_grade', 'supply_by_area'], {})
    """
    return _CUTS if len(supply) else {}
