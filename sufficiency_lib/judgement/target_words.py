"""Why a target cannot be judged, or is judged with a warning: a sentence each."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.metrics.stock import long_date
from sufficiency_lib.settings import LocalitySettings, Target, locality_rule_label

NO_DAY = (
    "The target has no day, so nothing says how far it should have come; by under [[targets]] in "
    "profile.toml gives one."
)
NO_BASELINE = (
    "There is nothing to judge it by: no baseline is given and too few years are known for a "
    "chance. baseline and baseline_on under [[targets]] in profile.toml would show progress."
)
_NOT_COMPARED = "Two definitions cannot be compared, so no progress is given."
WAS_THERE = "The baseline already stood at the target, and the measure has gone back since."

#: What a rule needs that cannot be worked out without it.
_NEEDS = {
    "home_20_miles": "the postcodes of homes and placements in the returns",
    "centre_20_miles": "centre_easting and centre_northing under [locality] in profile.toml",
    "boundary_20_miles": "the authority's outline in the reference store",
    "in_area": "the authority's ONS code in profile.toml",
    "border_10_miles": "the authority's outline in the reference store",
}

#: A published figure rounds away so much of its last decimal place.
_HALF = 0.5
#: Our own figures are to one decimal.
_OUR_ROUNDING = 0.05


def unit_of(metric: str) -> str:
    """The unit of a measure, by its name.

    >>> unit_of("rate_per_10000"), unit_of("within_rule_pct"), unit_of("children_looked_after")
    ('per 10,000', '%', 'children')
    """
    if metric.endswith("_pct"):
        return "%"
    return "per 10,000" if metric.endswith("_per_10000") else "children"


def refused(
    target: Target, baseline: tuple[str, str], own: str, locality: LocalitySettings
) -> str:
    """Why a baseline of another definition gives no progress.

    baseline  its measure and rule; own: the target's rule

    >>> told = Target(metric="childrens_home_within_rule_pct", value=60, rule="border_10_miles",
    ...     baseline=30, baseline_on="2018-03-31", baseline_rule="home_20_miles")
    >>> refused(told, (told.metric, "home_20_miles"), "border_10_miles", LocalitySettings())[:75]
    'The baseline (30% on 31 March 2018) counts children within 20 miles of the '
    """
    given = "" if target.baseline is None else f"{_figure(target.baseline, baseline[0])} on "
    start = f"The baseline ({given}{long_date(target.baseline_on)})"
    if baseline[0] == target.metric:
        return (
            f"{start} counts children {_rule(baseline[1], locality)}; the target counts children "
            f"{_rule(own, locality)}. {_NOT_COMPARED}"
        )
    of_baseline, of_target = (
        f"'{metric}'" + (f" ({_rule(rule, locality)})" if rule else "")
        for metric, rule in (baseline, (target.metric, own))
    )
    return (
        f"{start} is of the measure {of_baseline}; the target is of {of_target}. {_NOT_COMPARED}"
    )


def differs(target: Target, returned: object) -> str:
    """What the returns say of the baseline's day, if it is more than rounding away; else blank.

    returned  the figure of the returns, a mark, or NaN where they do not have the day

    >>> told = Target(metric="within_rule_pct", value=90, baseline=84, baseline_on="2018-03-31")
    >>> differs(told, 83.5), differs(told, 82.1)[:40]
    ('', 'The profile gives 84% for 31 March 2018;')
    """
    if isinstance(returned, str) or pd.isna(returned):
        return ""
    given = float(target.baseline)
    places = len(f"{given:g}".partition(".")[2])
    if abs(float(returned) - given) <= _HALF / 10**places + _OUR_ROUNDING + 1e-9:
        return ""
    return (
        f"The profile gives {_figure(given, target.metric)} for {long_date(target.baseline_on)}; "
        f"the returns give {_figure(float(returned), target.metric)}."
    )


def no_baseline_then(target: Target) -> str:
    """That no table has the measure on the day of the baseline."""
    return (
        f"The returns do not say the measure for {long_date(target.baseline_on)}, so there is no "
        "baseline; baseline under [[targets]] in profile.toml would give one."
    )


def unknown_measure(metric: str, known: Iterable[str]) -> str:
    """That a target is set for something that the page does not measure."""
    return f"'{metric}' is not a headline measure; expected one of {', '.join(known)}."


def not_under_a_rule(metric: str, told: str, own: str) -> str:
    """That a target names a rule under which its measure is not counted."""
    counted = f"is always counted under {own}" if own else "is counted under no locality rule"
    return (
        f"'{metric}' {counted}, and the target names {told}; take rule out of it in profile.toml."
    )


def no_figure(rule: str, locality: LocalitySettings, *, is_nobody: bool) -> str:
    """Why there is no figure today, and what would give one."""
    if is_nobody:
        return "There is nobody whom the measure could count on this day."
    if rule:
        return (
            f"How many children are placed {_rule(rule, locality)} cannot be worked out; it needs "
            f"{_NEEDS[rule]}."
        )
    return "The returns do not say it for this day; a return of more years would."


def _rule(rule: str, locality: LocalitySettings) -> str:
    return locality_rule_label(rule, locality) if rule else "wherever they live"


def _figure(value: float, metric: str) -> str:
    unit = unit_of(metric)
    return f"{value:,.10g}{'%' if unit == '%' else ' ' + unit}"
