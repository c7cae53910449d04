"""Sentences that say how far the tables of children can be relied on."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.metrics.population import MOST_YEARS_BEHIND, own_mid_year
from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.wording import listed, long_date

#: What is said in place of a table that rests on a file the council has not given.
NO_EDGE_OF_CARE = (
    "No count of children at the edge of care is given. With one (edge_of_care.csv: children in "
    "need, child protection plans, family support) their number and rate stand here, beside "
    "those of the children looked after."
)
NO_DISABILITY = (
    "Which children are disabled is not given, and the statistical return does not say it. With "
    "it (circumstances.csv) their number stands here."
)
NO_SIBLINGS = (
    "Which children are brothers and sisters is not given. With an id for each family "
    "(circumstances.csv) this shows how many live together."
)

TOO_FEW_PERIODS = (
    "Too few periods of care started within the returns to estimate how long one lasts."
)

_NUMBERS = {1: "one year", 2: "two years"}


def estimates_used(shown: pd.DataFrame) -> str:
    """By which estimates the rates divide, and where one is not the day's own or is not given.

    shown  `children_looked_after` as disclosed: as_at, estimate_year

    >>> estimates_used(pd.DataFrame({"as_at": ["2025-03-31"], "estimate_year": [2023]}))
    'The rate at 31 March 2025 divides by the mid-2023 estimate, as no mid-2024 one is given.'
    >>> estimates_used(pd.DataFrame({"as_at": ["2025-03-31"], "estimate_year": [2024]}))
    'Each rate divides by the estimate for the mid-year before its date.'
    """
    said, without = [], []
    for day, year in zip(shown["as_at"], shown["estimate_year"], strict=True):
        own = own_mid_year(day)
        if isinstance(year, str) or pd.isna(year):
            without.append(long_date(day))
        elif int(year) < own:
            said.append(
                f"The rate at {long_date(day)} divides by the mid-{int(year)} estimate, as no "
                f"mid-{own} one is given."
            )
    if without:
        said.append(
            f"No rate is given at {listed(without)}: no population estimate is given for the "
            f"mid-year before, nor for the {_NUMBERS[MOST_YEARS_BEHIND]} before that."
        )
    return " ".join(said) or "Each rate divides by the estimate for the mid-year before its date."


def adults_counted(shown: pd.DataFrame) -> str:
    """How many of the children the returns have as 18 or over; "" if none.

    shown  `children_by_age` as disclosed: aged_18_and_over

    >>> adults_counted(pd.DataFrame({"aged_18_and_over": [0, 7]}))[:50]
    '7 of those aged 16 and over are 18 or over by the '
    """
    cells = list(shown["aged_18_and_over"])
    if any(cell in MARKS for cell in cells if isinstance(cell, str)):
        number = "A few"
    elif sum(cells):
        number = f"{sum(cells):,}"
    else:
        return ""
    return (
        f"{number} of those aged 16 and over are 18 or over by the returns. Nobody is looked after "
        "from 18 on: either the date of birth is wrong, or the end of care is not recorded."
    )


def cohorts_known(shown: pd.DataFrame) -> str:
    """For how many children the date of birth is not known, so that they are in no cohort.

    shown  `children_by_age` as disclosed: age_group, children

    >>> cohorts_known(pd.DataFrame({"age_group": ["not_known"], "children": [0]}))
    'The date of birth is known for every child.'
    """
    unknown = shown.loc[shown["age_group"] == "not_known", "children"].iloc[0]
    if unknown in MARKS:
        number = "a few children"
    elif unknown == 0:
        return "The date of birth is known for every child."
    else:
        number = f"{unknown:,} children"
    return f"For {number} the date of birth is not known: they are in none of the columns."
