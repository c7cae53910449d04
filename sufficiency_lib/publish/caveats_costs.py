"""Sentences of the costs: what is missing or withheld, and what it would show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sufficiency_lib.publish.wording import mid_sentence, number

NO_LEDGER = (
    "What placements cost is not given. With ledger.csv (child, dates, placement, contract and "
    "weekly cost of each placement paid for), or in part with unit costs in profile.toml "
    "([unit_costs_gbp_per_week]),"
)
WITHHELD = (
    "Costs are withheld from this page: what a council pays can be commercially sensitive "
    "(Freedom of Information Act 2000, section 43). The council's own edition has them. With "
    "costs = true under [publish] in profile.toml"
)
_TELLS = (
    "this part tells the weekly cost of each kind of placement and contract, spend year by year "
    "and on a night, how far the ledger and the returns agree, the share of cost that the "
    "dearest placements take, why spend changed, what goes with a dearer placement, in-house "
    "beside bought at full cost, and what moving agency fostering in-house would save."
)
GIVEN = (
    "There is no ledger, so every price here is a unit cost of the profile: one price for each "
    "kind of placement, the same for every child and in every year. Spend is the nights of the "
    "year at these prices, and not what was paid. With ledger.csv (child, dates, placement, "
    "contract and weekly cost of each placement paid for) it would be."
)
LEDGER_ONLY = (
    "The unit costs of the profile do not tell this. It takes ledger.csv, which says what was "
    "paid for each child, when, and under which contract."
)
NOT_HERE = "There are no costs to show here, for the reason given at the head of this part."
NOT_COMPARED = (
    "No kind of placement has enough children with a price on either side to be compared."
)
NO_CHANGE_YET = "A change in spend takes the returns and the ledger of two years."
NOT_BOTH = "No kind of placement is both the council's own and bought, with prices of each."
NOT_ENOUGH_FOSTERED = (
    "Too few children were fostered in-house or by agencies with a price to say what would be "
    "saved."
)
NO_SECTION_251 = (
    "No published unit costs are in the reference store. With the Local Authority Interactive "
    "Tool's table of children's finance among --statistics, what similar councils, the region "
    "and England spend a week stands here."
)
NO_PROCESSES = (
    "What the work of placing children costs is not given. With hours and their rate, or pounds "
    "each, under [costs.processes] in profile.toml, it stands beside how often each was done."
)
NO_ITEMS = (
    "The profile gives no other costs ([[costs.items]] in profile.toml), so the full costs are "
    "the prices alone: in-house looks cheaper than it is, as its carers' fees are in the price "
    "and those who support them are not."
)


def may_show(page: Any) -> bool:
    """Whether a page may have costs: an internal one, or by the profile's switch.

    page  a `page.Page`
    """
    return page.is_internal or page.profile.publish.costs


def why_absent(study: Any, *, may_show: bool) -> str:
    """Why there are no costs, and what they would show; "" where they are shown.

    study     a `dataset.Dataset`
    may_show  whether the page may have costs (see `may_show`)
    """
    if study.ledger.empty and not study.profile.unit_costs_gbp_per_week:
        return f"{NO_LEDGER} {_TELLS}"
    return "" if may_show else f"{WITHHELD} {_TELLS}"


def basis(study: Any, withheld: str) -> str:
    """What stands at the head of the part: why there are no costs, or that they are given.

    study     a `dataset.Dataset`
    withheld  `why_absent`
    returns   "" where the prices are those of a ledger
    """
    return withheld or (GIVEN if study.ledger.empty else "")


def or_else(withheld: str, sentence: str) -> str:
    """What stands in place of a table: that nothing of costs does, or its own reason.

    withheld  `why_absent`

    >>> or_else("", NOT_BOTH) == NOT_BOTH, or_else("Withheld.", NOT_BOTH) == NOT_HERE
    (True, True)
    """
    return NOT_HERE if withheld else sentence


def items_named(items: Sequence[Any]) -> str:
    """The items of full costs, as they were given; NO_ITEMS without any.

    >>> from sufficiency_lib.settings_costs import CostItem
    >>> items_named([CostItem(name="Training", placement_group="fostering", gbp_per_week=20)])
    'Other costs in the profile: Training (£20 a week for each child).'
    """
    if not items:
        return NO_ITEMS
    said = [f"{item.name} ({_each(item)})" for item in items]
    return f"Other costs in the profile: {'; '.join(said)}."


def _each(item: Any) -> str:
    if item.gbp_per_week is not None:
        return f"{number('cost_gbp_per_week', item.gbp_per_week)} a week for each child"
    return f"{number('spend_gbp_per_year', item.gbp_per_year)} a year for all of them"


def places_at(plan: Any) -> str:
    """At which occupancy nights become places, and what a place takes once.

    plan  `settings_costs.InvestSettings`

    >>> from sufficiency_lib.settings_costs import InvestSettings
    >>> places_at(InvestSettings()).partition(";")[0]
    'Places are counted as if 85% of them were filled'
    """
    once = plan.one_off_gbp_per_place
    told = "what a new place takes once is not given (one_off_gbp_per_place under "
    told += "[costs.invest_to_save] in profile.toml), so nor is when it is paid back"
    if once is not None:
        told = f"each takes {number('invest_gbp', once)} once"
    return f"Places are counted as if {plan.occupancy_pct:g}% of them were filled; {told}."


def not_priced(spent: pd.DataFrame, words: Any) -> str:
    """Which placements have no price at all in the last year, so that no spend is theirs.

    spent  `costs.spend_by_year`
    words  of the page

    >>> from sufficiency_lib.publish.wording import Words
    >>> spent = pd.DataFrame({"year_ending": ["2025-03-31"] * 2, "cohort": ["parents", "secure"],
    ...                       "nights": [90, 80], "nights_priced": [0, 80]})
    >>> not_priced(spent, Words())
    'No price is given for any night in these placements: with parents.'
    """
    last = spent[spent["year_ending"] == spent["year_ending"].max()]
    nights = last.groupby("cohort", sort=False)[["nights", "nights_priced"]].sum()
    without = nights.index[(nights["nights"] > 0) & (nights["nights_priced"] == 0)]
    named = [words.cell("cohort", cohort) for cohort in without]
    if not named:
        return ""
    listed = ", ".join(map(mid_sentence, named))
    return f"No price is given for any night in these placements: {listed}."
