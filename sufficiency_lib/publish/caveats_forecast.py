"""Sentences that say how far a forecast can be relied on, and what is missing for one."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS
from sufficiency_lib.forecast.projection import Asked
from sufficiency_lib.publish.wording import long_date, mid_sentence
from sufficiency_lib.settings import Target

#: What is said in place of a table that there is nothing for.
NO_FORECAST = (
    "No forecast is made from these returns, for the reason given at the head of this part."
)
EVERY_MONTH = "Every month, in every scenario, is in the file."
EVERY_MONTH_UNCHANGED = "Every month, with no change, is in the file."
EVERY_LINE = "What these charts draw, and the same for every other placement, is in the file."
NOBODY = "No forecast is made, or nobody has been in these placements in the years of the returns."
NO_BACKTEST = (
    "There is no year end from which a forecast could have been made and checked: that takes two "
    "years of returns before it and one after."
)
NO_SCENARIO = (
    "The profile has no scenario. With one ([[scenarios]] in profile.toml, or a cell above) what "
    "it would change stands here beside no change."
)
NO_CAPACITY = (
    "How many places the council can count on is not given. With them ([capacity_places] in "
    "profile.toml, or carers.csv for its own fostering) the chance that need passes them stands "
    "here."
)
NO_COSTS = (
    "What placements cost is not given. With it (ledger.csv, or [unit_costs_gbp_per_week] in "
    "profile.toml) what the futures would cost stands here."
)
COSTS_WITHHELD = (
    "Spend is not published: what a council pays can be commercially sensitive. The council's own "
    "edition has it, and costs = true under [publish] in profile.toml publishes it."
)
NO_TARGET = (
    "The profile has no target that a forecast can speak of: the number of children looked after, "
    "or the share of fostering that is in-house, with the day by which it is to be reached."
)


def how_made(asked: Asked, as_at: object) -> str:
    """How many futures were drawn, how far and from which day.

    >>> how_made(Asked(10, 500, 1), "2025-03-31")[:56]
    'From 31 March 2025, 500 futures of 10 years were simulat'
    """
    return (
        f"From {long_date(as_at)}, {asked.draws:,} futures of {asked.years} years were simulated, "
        f"month by month (seed {asked.seed}). They differ by chance, by how well the rates are "
        "known, and by how such rates have wandered from year to year in England's authorities."
    )


def spend_absent(costs: pd.DataFrame, *, may_show: bool) -> str:
    """What is said where there is no spend: it may not be shown, or nothing is known of it.

    costs  `forecast.spend.unit_costs`
    """
    if not costs["cost_gbp_per_week"].notna().any():
        return NO_COSTS
    return NO_FORECAST if may_show else COSTS_WITHHELD


def not_costed(costs: pd.DataFrame) -> str:
    """Which placements have no cost, so that they are in no spend; "" where all have one.

    costs  `forecast.spend.unit_costs`

    >>> costs = pd.DataFrame({"placement_group": ["parents", "secure"],
    ...                       "cost_source": ["not_costed", "ledger"]})
    >>> not_costed(costs)
    'No cost is given for these placements, so none is counted for them: with parents.'
    """
    groups = costs.loc[costs["cost_source"] == "not_costed", "placement_group"]
    if groups.empty:
        return ""
    names = [PLACEMENT_GROUP_LABELS[group] for group in dict.fromkeys(groups)]
    listed = ", ".join(map(mid_sentence, names))
    return f"No cost is given for these placements, so none is counted for them: {listed}."


def targets_left_out(targets: Iterable[Target]) -> str:
    """Which targets no forecast is made of (of distance, say, or without a day); "" for none.

    >>> targets_left_out([Target(metric="within_rule_pct", value=90, label="90% nearby")])
    'Of these targets no forecast is made: 90% nearby.'
    """
    named = [target.label or target.metric for target in targets]
    if not named:
        return ""
    return f"Of these targets no forecast is made: {'; '.join(named)}."
