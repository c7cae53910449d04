"""Sentences that say how far a table can be relied on, made from its disclosed figures."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.wording import mid_sentence


def locality_coverage(shown: pd.DataFrame, rule: str) -> str:
    """How many children's distance is known under a rule, and what that does to its rate.

    shown  `locality` as disclosed: a mark in place of a suppressed count
    rule   the rule in force

    >>> row = {"rule": "in_area", "cohort": "all", "children": 55, "not_known": 55}
    >>> locality_coverage(pd.DataFrame([row]), "in_area").startswith("Read with great care")
    True
    """
    row = shown[(shown["rule"] == rule) & (shown["cohort"] == "all")].iloc[0]
    children, unknown = row["children"], row["not_known"]
    if children in MARKS or unknown in MARKS:
        return (
            "For a few children where they live is not known: too few to say how many. They "
            "stay in the base of every rate of all."
        )
    if unknown == 0:
        return f"Where they live is known for all {children:,} children."
    said = f"Where they live is not known for {unknown:,} of the {children:,} children"
    if unknown * 2 > children:
        return (
            f"Read with great care: {mid_sentence(said)}, because a postcode is missing "
            "or not in the directory. No rate of all can be believed while that is so."
        )
    return (
        f"{said}. They stay in the base of the rate of all, as in the national statistics, "
        "which is therefore lower than the rate of those known."
    )


def outline_source(built: bool) -> str:
    """Where the outlines are from, which the rules about a boundary rest on.

    >>> outline_source(False)
    "The authority's boundary is from the boundary file in the reference store."
    """
    if built:
        return (
            "No boundary file was given, so the authority's boundary is drawn from its postcodes: "
            "a distance from it may be a mile or so out."
        )
    return "The authority's boundary is from the boundary file in the reference store."
