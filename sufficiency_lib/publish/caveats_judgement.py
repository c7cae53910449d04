"""What is said where need cannot be set against supply or a target cannot be judged."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS
from sufficiency_lib.judgement.gap import REGISTER_INSIDE
from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.wording import mid_sentence
from sufficiency_lib.settings_forecast import NO_CHANGE

_LABELS = {**PLACEMENT_GROUP_LABELS, "fostering_in_house": "In-house fostering"}

NO_SUPPLY = (
    "How many places there are is not known, so need is set against none. With [capacity_places] "
    "in profile.toml, carers.csv (for the council's own fostering) and provision.csv (for homes "
    "inside the area) this would show how many places may be short, of which kind and when."
)
NO_FORECAST = (
    "Need is not set against supply, because no forecast is made from these returns for the "
    "reason given in the part on what may be needed. With one this would show how many places may "
    "be short, of which kind and when."
)
NO_TARGETS = (
    "The profile has no target. With the council's own ([[targets]] in profile.toml: the measure, "
    "its value, its day, and what it started from) this would show how far each has come and how "
    "likely it is to be met."
)
NO_PRIORITIES = (
    "No table of this page has a figure of children who live far from home, move often or wait, or "
    "of places that may be short: with the returns of a whole year they would stand here, most "
    "children first."
)
NEW_PLACES = (
    "Places are those of today in every scenario: what a scenario would open takes children out of "
    "other placements, and is not added to the places here."
)
#: What a consortium's page says of its members.
SIDE_BY_SIDE = (
    "The same measures for each member, and for all of them together. What is local is counted "
    "under one rule for all, so that members can be compared; a member's own assessment may use "
    "another. A child of one member who is placed in another's area is away from the council that "
    "is responsible, and inside the consortium."
)


def gap_absent(*, has_forecast: bool) -> str:
    """What is said where there is no gap to show: no forecast, or nothing known of supply."""
    return NO_SUPPLY if has_forecast else NO_FORECAST


def about_gap(short: pd.DataFrame, not_known: str) -> list[str]:
    """What is to be known of a table of gaps: whose places are not counted, and which are.

    short      `gap.sufficiency_gap`
    not_known  `supply_not_known`

    >>> about_gap(pd.DataFrame({"scenario": ["no_change"]}), "")
    []
    """
    if short.empty:
        return []
    scenarios = set(short["scenario"]) - {NO_CHANGE}
    return [*filter(None, [not_known, NEW_PLACES if scenarios else ""])]


def target_reasons(shown: pd.DataFrame) -> list[str]:
    """Why a target is not judged, or what is odd about it, a sentence each.

    shown  `target_progress`, as disclosed

    >>> target_reasons(pd.DataFrame({"label": ["90% nearby", "Fewer"], "reason": ["Why.", "c"]}))
    ['90% nearby: Why.']
    """
    return [
        f"{row['label']}: {row['reason']}" for row in shown.to_dict("records")
        if isinstance(row["reason"], str) and row["reason"] not in ("", *MARKS)
    ]


def supply_not_known(groups: Iterable[str], bases: Iterable[tuple[str, str]]) -> str:
    """Which placements have no place that the council can count on; "" where all have some.

    groups  the placements to be named, by code
    bases   (placement_group, supply_basis) of the rows of `sufficiency_gap`

    >>> supply_not_known(["secure", "childrens_home"], [("childrens_home", "profile")])[:76]
    "How many places the council can count on is not known for: secure children's"
    """
    known = {group for group, basis in bases if basis != REGISTER_INSIDE}
    names = [_LABELS[group] for group in dict.fromkeys(groups) if group not in known]
    if not names:
        return ""
    listed = ", ".join(map(mid_sentence, names))
    return (
        f"How many places the council can count on is not known for: {listed}. With them "
        "([capacity_places] in profile.toml) their gap would stand here."
    )
