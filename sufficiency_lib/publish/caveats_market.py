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
NONE_INSIDE = (
    "The register has no setting inside the authority, so there is no local supply to show here."
)
NO_VACANCIES = (
    "The register does not say vacancies, so how full the places are is not shown. With "
    "provision.csv and its column vacancies this would show occupancy."
)
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
    "reference store and a supply register with the postcodes of children's homes. Ofsted's list "
    "withholds them: with it, what is inside the authority is in the tables of registered places."
)
NO_FOSTER_HEXAGONS = (
    "Foster places for each child cannot be shown by area: that needs the authority's outline in "
    "the reference store, and carers.csv with the postcodes of the households."
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


def of_the_country(register: pd.DataFrame, local: pd.DataFrame) -> str:
    """What is said where the register lists the whole country; "" where it does not.

    local  its local rows (see `market.is_local`)

    >>> of_the_country(pd.DataFrame({"urn": ["1", "2"]}), pd.DataFrame({"urn": ["1"]}))[:57]
    'A list of the whole country stands in the supply register'
    """
    if len(local) == len(register):
        return ""
    return (
        "A list of the whole country stands in the supply register. The tables of registered "
        "places are of its settings inside the authority, and of the council's own; those of "
        "organisations say the whole list too. A home elsewhere can take a child from here, so "
        "the market is wider than what is inside. Ofsted's published list says no vacancies, no "
        "places of fostering agencies and no postcodes of children's homes: with provision.csv "
        "what rests on them would be shown."
    )


def no_occupancy(register: pd.DataFrame, supply: pd.DataFrame) -> str:
    """Why no chart says how full the local places are.

    supply  `market.supply_by_type` of the local rows

    >>> nothing, one = pd.DataFrame(), pd.DataFrame({"urn": ["1"]})
    >>> [no_occupancy(one, nothing) == NONE_INSIDE, no_occupancy(nothing, nothing) == NO_REGISTER]
    [True, True]
    """
    if len(supply):
        return NO_VACANCIES
    return NONE_INSIDE if len(register) else NO_REGISTER


def occupied(supply: pd.DataFrame) -> pd.DataFrame:
    """Supply by type as its chart takes it: without rows where nothing says vacancies.

    >>> len(occupied(pd.DataFrame({"occupancy_pct": [float("nan")]})))
    0
    """
    return supply if supply["occupancy_pct"].notna().any() else supply[:0]


def usual_said(usual: Mapping[str, int]) -> str:
    """How many places a home or household that is added is taken to have.

    usual  `where_to_add.usual_places`

    >>> usual_said({"childrens_home": 4, "fostering": 1})[:79]
    "A home that is opened is taken to have 4 places, and a foster carers' household"
    """
    home, household = usual["childrens_home"], usual["fostering"]
    return (
        f"A home that is opened is taken to have {_places(home)}, and a foster carers' household "
        f"{_places(household)}: the median of those in the register and among the council's "
        "carers, or one where none are known."
    )


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"


def cuts(supply: pd.DataFrame) -> Mapping[str, str]:
    """Table → what it cuts the register by; none of a register without rows.

    >>> list(cuts(pd.DataFrame({"places": [4]}))), cuts(pd.DataFrame())
    (['supply_by_sector', 'supply_by_grade', 'supply_by_area'], {})
    """
    return _CUTS if len(supply) else {}
