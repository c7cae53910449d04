"""The page that children and families read: short sentences, no words of the trade.

Each sentence is written from shown figures and is left out where they are missing or hidden.
Shares are said in tenths (`briefing.in_ten`), which are worked so that the words are true.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.judgement.priorities import OWN_SUPPLY
from sufficiency_lib.publish.briefing import (
    Brief,
    Part,
    Sentence,
    count,
    counted,
    day_words,
    figures,
    in_ten,
    written,
)
from sufficiency_lib.publish.wording import Words, sentence_case
from sufficiency_lib.settings import LocalitySettings
from sufficiency_lib.settings_forecast import NO_CHANGE


def family(
    shown: Mapping[str, pd.DataFrame], words: Words, *, name: str, day: object
) -> tuple[Part, ...]:
    """One page for children and families, in parts with a heading each.

    shown    the tables of the page by id, as disclosed
    words    the authority's words for codes
    name     the authority; day: of the page
    returns  the parts, each with its sentences; nothing where no figure can be told. Near home
             is within 20 miles of the child's home, whatever rule is in force

    Source: statutory guidance (2010), 4.9.

    >>> stock = pd.DataFrame({"as_at": ["2025-03-31"], "children": [330]})
    >>> page = family({"children_looked_after": stock}, Words(), name="Anyshire",
    ...     day="2025-03-31")
    >>> page[1].heading, page[1].points[0]
    ('How many children?', 'On 31 March 2025 we looked after 330 children.')
    """
    brief = Brief(shown, words, name, day)
    told = [Part(heading, written(brief, sentences)) for heading, sentences in FIGURES]
    told = [part for part in told if part.points]
    if not told:
        return ()
    return (Part("What is this?", written(brief, FIRST)), *told,
            Part("Where can I find out more?", written(brief, LAST)))


# --- first and last: what needs no figure ----------------------------------------------------


def what_this_is(brief: Brief) -> str:
    """Who speaks, and to whom."""
    together = brief.words.locality.area_of != LocalitySettings.area_of
    who = "the councils that work together as" if together else "the council in"
    return (f"This page is for children, young people and families. It is from {who} "
            f"{brief.name}.")


def people_first(brief: Brief) -> str:
    """That a number stands for children."""
    return "Behind every number is a child with their own story."


def small_numbers(brief: Brief) -> str:
    """Why some numbers are missing."""
    return "We leave out very small numbers, so that no one can tell who a child is."


def never_moved(brief: Brief) -> str:
    """That need is for children to come."""
    return ("No child should be moved just to meet a target. These numbers are about homes for "
            "children who come next.")


def read_more(brief: Brief) -> str:
    """The full report."""
    return "The full report has all the numbers, and how we counted."


def whom_to_ask(brief: Brief) -> str:
    """Whom a child or a family can ask."""
    return ("Do you have a question, or a worry about where you live? You can ask your social "
            "worker. You can also ask your independent reviewing officer. They will want to hear "
            "what you think.")


# --- how children live -----------------------------------------------------------------------


def how_many(brief: Brief) -> str:
    """Children looked after on the newest date."""
    row = brief.newest("children_looked_after", "as_at")
    children = figures(row, "children")
    if not children:
        return ""
    return f"On {day_words(row['as_at'])} we looked after {counted(*children, *_CHILDREN)}."


def more_or_fewer(brief: Brief) -> str:
    """Whether there are more children than at the first date."""
    ends = brief.first_and_last("children_looked_after", "as_at", "children")
    if not ends:
        return ""
    old, new = (figures(row, "children")[0] for row in ends)
    then = day_words(ends[0]["as_at"])
    if old == new:
        return f"That is the same number as on {then}."
    return f"On {then} it was {'fewer' if old < new else 'more'}: {count(old)}."


_CHILDREN = ("child", "children")

#: Cohort → how children in it live.
_HOMES: Mapping[str, str] = {
    "fostering_in_house": "with our own foster carers",
    "fostering_ifa": "with foster carers from an agency",
    "kinship": "with relatives or friends who foster them",
    "childrens_home": "in a children's home",
    "parents": "with their parents",
}


def homes(brief: Brief) -> str:
    """With whom children live, a sentence for each kind whose number is shown."""
    told = []
    for cohort, where in _HOMES.items():
        row = brief.newest("placements_by_sector", "as_at", cohort=cohort)
        children = figures(row, "children")
        if children and children[0] > 0:
            who = count(*children) if told else counted(*children, *_CHILDREN)
            told.append(f"{who} lived {where}.")
    return " ".join(told)


def near_home(brief: Brief) -> str:
    """Children within 20 miles of their home, in tenths of all; and of how many it is unknown."""
    row = brief.row("locality", rule="home_20_miles", cohort="all")
    near = figures(row, "within", "children")
    said = in_ten(*near) if near else ""
    if not said:
        return ""
    text = f"{_of_children(said)} lived within 20 miles of their own home."
    unknown = figures(row, "not_known")
    if unknown and unknown[0]:
        text += f" For {counted(*unknown, *_CHILDREN)} we do not know how far away it was."
    return text


def _of_children(said: str) -> str:
    """A share with its noun, at the head of a sentence."""
    if said == "about half":
        return "About half of the children"
    if said in ("all", "none"):
        return f"{sentence_case(said)} of the children"
    return f"{sentence_case(said)} children"


def brothers_and_sisters(brief: Brief) -> str:
    """Children with a brother or sister in care who live with all of them, and with any."""
    row = brief.newest("siblings", "as_at", sibling_group_size="all")
    together = figures(row, "with_all", "children")
    said = in_ten(*together) if together else ""
    if not said:
        return ""
    who = counted(together[1], *_CHILDREN)
    text = (f"We looked after {who} with a brother or sister in care. "
            f"{sentence_case(said)} of them lived with all of theirs.")
    some = figures(row, "with_some")
    if some and some[0]:
        also = counted(some[0], "more child", "more children")
        text += f" {also} lived with some of theirs."
    return text


def moves(brief: Brief) -> str:
    """Children who lived in three or more homes in the year."""
    row = brief.newest("stability", "as_at", measure="three_or_more_placements")
    often = figures(row, "numerator", "denominator")
    said = in_ten(*often) if often else ""
    return f"{_of_children(said)} lived in three or more homes in the last year." if said else ""


def staying(brief: Brief) -> str:
    """Children in care for long who have had the same carer for two years."""
    row = brief.newest("stability", "as_at", measure="same_carer_2_years")
    stayed = figures(row, "numerator", "denominator")
    said = in_ten(*stayed) if stayed else ""
    if not said:
        return ""
    return (f"Of children who had been in care for a long time, {said} had lived with the same "
            f"carer for two years.")


# --- what may come, and what is needed -------------------------------------------------------


def what_may_come(brief: Brief) -> str:
    """The range of the forecast at its last date, and that it may be wrong."""
    rows = brief.ahead("forecast_by_year", "date", placement_group="all")
    span = figures(rows[-1], "p10", "p90") if rows else ()
    if not span:
        return ""
    return (
        f"We cannot know how many children will need us. If things go on as they are, we think it "
        f"will be {count(span[0])} to {count(span[1])} on {day_words(rows[-1]['date'])}. We "
        f"expect to be wrong about 2 times in 10."
    )


#: Placement group → what more of it means; the last word is followed by how many.
_MORE: Mapping[str, str] = {
    "fostering_in_house": "We need more foster carers",
    "fostering": "We need more foster carers",
    "childrens_home": "We need more room in children's homes",
    "supported_accommodation": "We need more homes where older teenagers get support",
}


def what_we_need(brief: Brief) -> str:
    """What is short in the middle of the forecast, and only that."""
    told: dict[str, str] = {}
    for group, need in _MORE.items():
        for row in _last_gaps(brief, group):
            short = figures(row, "gap_p50")
            if not short or short[0] <= 0:
                continue
            if row["supply_basis"] in OWN_SUPPLY:
                told.setdefault(need, f"{need}. By {day_words(row['year_ending'])} we may be "
                                      f"{counted(*short, 'place', 'places')} short.")
            elif group == "childrens_home":
                told.setdefault(need, _FEW_HOMES)
    return " ".join([*told.values(), "We will try to find more."]) if told else ""


_FEW_HOMES = (
    "Our area may not have enough children's homes, even if only our children lived in them."
)


def enough_carers(brief: Brief) -> str:
    """That places with own carers are as many as may be needed, where they are."""
    for row in _last_gaps(brief, "fostering_in_house"):
        short = figures(row, "gap_p50")
        if row["supply_basis"] in OWN_SUPPLY and short and short[0] <= 0:
            return ("Our own foster carers may have enough places for the children we expect. But "
                    "each child needs the home that is right for them.")
    return ""


def _last_gaps(brief: Brief, group: str) -> list[Mapping[str, object]]:
    rows = brief.ahead("sufficiency_gap", "year_ending")
    last = rows[-1]["year_ending"] if rows else ""
    return [row for row in brief.rows("sufficiency_gap", scenario=NO_CHANGE, year_ending=last)
            if row["placement_group"] == group]


FIRST: tuple[Sentence, ...] = (what_this_is, people_first)

FIGURES: tuple[tuple[str, tuple[Sentence, ...]], ...] = (
    ("How many children?", (how_many, more_or_fewer)),
    ("Where do children live?", (homes, near_home)),
    ("Do brothers and sisters stay together?", (brothers_and_sisters,)),
    ("How long can children stay?", (moves, staying)),
    ("What may come next?", (what_may_come,)),
    ("What do we need?", (what_we_need, enough_carers)),
)

LAST: tuple[Sentence, ...] = (never_moved, small_numbers, read_more, whom_to_ask)
