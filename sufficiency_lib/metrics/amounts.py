"""Pounds and their units: a night, a week and a year are never taken for one another.

The unit of an amount is the end of its column's name. What asks for a weekly amount and is
given a yearly one refuses it, in a sentence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.metrics.stock import ratio

NIGHTS_A_WEEK = 7
#: Decimal places of a pound that a sum of thousands of amounts still has right.
_EXACT_PLACES = 6

#: The end of a column's name → the unit in words.
UNITS = {
    "gbp_per_night": "pounds a night",
    "gbp_per_week": "pounds a week",
    "gbp_per_year": "pounds a year",
}


def unit_of(name: object) -> str:
    """The unit that a column's name ends in; blank where it says none.

    >>> unit_of("cost_gbp_per_week"), unit_of("cost")
    ('gbp_per_week', '')
    """
    return next((unit for unit in UNITS if str(name).endswith(unit)), "")


def in_unit(amounts: pd.Series, unit: str) -> pd.Series:
    """The amounts themselves, once their name says the unit that is asked for.

    Raises InputError where it says another, or none.

    >>> in_unit(pd.Series([780], name="cost_gbp_per_week"), "gbp_per_week").tolist()
    [780]
    >>> try:
    ...     in_unit(pd.Series([40_000], name="cost_gbp_per_year"), "gbp_per_week")
    ... except InputError as error:
    ...     print(error)
    The column 'cost_gbp_per_year' holds pounds a year, where pounds a week are needed; convert \
it, and say the new unit in its name.
    """
    said = unit_of(amounts.name)
    if said != unit:
        holds = UNITS.get(said, "amounts whose unit is not in its name")
        raise InputError(
            f"The column '{amounts.name}' holds {holds}, where {UNITS[unit]} are needed; "
            "convert it, and say the new unit in its name."
        )
    return amounts


def spend_of(nights: pd.Series, cost: pd.Series) -> pd.Series:
    """What nights cost: pounds, not rounded.

    cost  weekly amounts, named so; a night is the seventh of a week

    >>> spend_of(pd.Series([365]), pd.Series([550], name="cost_gbp_per_week")).round(2).tolist()
    [28678.57]
    """
    return nights * in_unit(cost, "gbp_per_week") / NIGHTS_A_WEEK


def pounds(amounts: object) -> np.ndarray:
    """Whole pounds, halves up; NaN where an amount is not known.

    >>> pounds([549.5, float("nan")]).tolist()
    [550.0, nan]
    >>> pounds([3 * 100.5 / 7 + 4 * 100.5 / 7]).tolist()
    [101.0]
    """
    # A sum of parts may fall short of its half pound by what a computer adds wrongly.
    values = np.round(np.asarray(amounts, dtype="float64"), _EXACT_PLACES)
    return ratio(values, 1, 1, 0)
