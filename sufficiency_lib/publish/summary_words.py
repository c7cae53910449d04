"""The two-page summary: what we know, what is changing, what we need.

A sentence is a function of the shown tables. It says "" where a figure it needs is missing or
hidden, so that nothing is claimed that no table shows; a clause whose figure is hidden is left
out of a longer sentence, and nothing stands in its place.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.publish.briefing import Brief, Part, written
from sufficiency_lib.publish.summary_changing import CHANGING
from sufficiency_lib.publish.summary_known import KNOWN
from sufficiency_lib.publish.summary_needs import NEEDS
from sufficiency_lib.publish.wording import Words


def summary(
    shown: Mapping[str, pd.DataFrame], words: Words, *, name: str, day: object, rule: str
) -> tuple[Part, ...]:
    """The summary in three parts: what we know, what is changing, what we need.

    shown    the tables of the page by id, as disclosed
    words    the authority's words for codes
    name     the authority; day: of the page; rule: the locality rule in force
    returns  the parts that have anything to say, each with its points; no tables give none

    Source: statutory guidance (2010), 4.9, which asks for a summary that is easily read.

    >>> stock = pd.DataFrame({"as_at": ["2025-03-31"], "children": [330], "rate_per_10000": ["x"]})
    >>> summary({"children_looked_after": stock}, Words(), name="Anyshire", day="2025-03-31",
    ...     rule="home_20_miles")[0].points[0]
    'On 31 March 2025 Anyshire looked after 330 children, not counting short breaks.'
    """
    brief = Brief(shown, words, name, day, rule)
    parts = (
        Part("What we know", written(brief, KNOWN)),
        Part("What is changing", written(brief, CHANGING)),
        Part("What we need", written(brief, NEEDS)),
    )
    return tuple(part for part in parts if part.points)
