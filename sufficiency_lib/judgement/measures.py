"""The headline measures as targets are set for them: which way is better, and how each is read.

A figure of today and one of a year ago are read by the same function (`metrics.headline.figures`),
so a change between them is never a change of definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sufficiency_lib.judgement.shown import Shown, last_day
from sufficiency_lib.metrics.headline import Figure, figures
from sufficiency_lib.metrics.stock import iso

#: Of a measure that is counted under a locality rule: the target's own, or the one in force.
ANY_RULE = "any"


@dataclass(frozen=True)
class Measure:
    """What is fixed about a headline measure.

    at_most  whether less is better, so that a target is met at or below it
    rule     the locality rule it is always counted under; ANY_RULE: the one it is told; blank: none
    """

    at_most: bool = False
    rule: str = ""


_HIGH, _LOW = Measure(), Measure(at_most=True)
_NEAR = Measure(rule=ANY_RULE)

#: Every measure that a target may be set for.
MEASURES: Mapping[str, Measure] = {
    "children_looked_after": _LOW,
    "rate_per_10000": _LOW,
    "within_rule_pct": _NEAR,
    "fostering_within_rule_pct": _NEAR,
    "fostering_in_house_within_rule_pct": _NEAR,
    "fostering_ifa_within_rule_pct": _NEAR,
    "childrens_home_within_rule_pct": _NEAR,
    "placed_over_20_miles_pct": Measure(at_most=True, rule="home_20_miles"),
    "distance_not_known_pct": Measure(at_most=True, rule="home_20_miles"),
    "placed_outside_area_pct": Measure(at_most=True, rule="in_area"),
    "in_house_children_pct": _HIGH,
    "in_house_incl_kinship_children_pct": _HIGH,
    "in_house_bed_nights_pct": _HIGH,
    "in_house_incl_kinship_bed_nights_pct": _HIGH,
    "three_or_more_placements_pct": _LOW,
    "same_carer_2_years_pct": _HIGH,
}

#: The tables that the measures are read from → the columns that are needed of one without rows.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "children_looked_after": ("as_at", "children", "rate_per_10000", "population_0_17"),
    "locality": ("rule", "cohort"),
    "locality_trend": ("as_at", "rule"),
    "fostering_split": ("basis", "period"),
    "stability": ("as_at", "measure"),
}


def rule_of(metric: str, told: str | None, in_force: str) -> str:
    """The rule that a measure is counted under; blank where it has none.

    told      the rule that a target or a baseline names, if it does: it stands, even where the
              measure cannot be counted under it
    in_force  the rule of the page

    >>> rule_of("within_rule_pct", None, "in_area"), rule_of("children_looked_after", None, "x")
    ('in_area', '')
    """
    own = MEASURES.get(metric, _HIGH).rule
    return told or (in_force if own == ANY_RULE else own)


def figure_on(
    shown: Shown, metric: str, rule: str, day: object, *, today: bool = False
) -> Figure | None:
    """One measure on one day, as the tables show it; None where none of them has it.

    shown  children_looked_after, locality, locality_trend, fostering_split, stability: any may be
           missing or without rows
    rule   see `rule_of`; of a measure that is not counted under it there is none
    day    a day of the tables
    today  whether it is the day of the page, of which `locality` is; of others `locality_trend`
           knows all children alone
    """
    tables = {name: _table(shown, name) for name in _COLUMNS}
    when = iso(day)
    trend, split = tables["locality_trend"], tables["fostering_split"]
    near = trend[_days(trend["as_at"]) == when].assign(cohort="all")
    stock = tables["children_looked_after"]
    told = figures(
        stock[_days(stock["as_at"]) == when],
        tables["locality"] if today and len(tables["locality"]) else near,
        split[_days(split["period"]) == when],
        rule=rule or "home_20_miles", day=when, stability=tables["stability"],
    )
    return next((one for one in told if (one.metric, one.rule) == (metric, rule)), None)


def figures_by_day(shown: Shown, metric: str, rule: str) -> dict[str, Figure]:
    """One measure on every day of which a table of several years has it, in order.

    Arguments as in `figure_on`. returns  day (ISO) → figure, marks and all
    """
    dated = {"children_looked_after": "as_at", "locality_trend": "as_at",
             "fostering_split": "period", "stability": "as_at"}  # fmt: skip
    days = {day for table, column in dated.items() for day in _days(_table(shown, table)[column])}
    found = {day: figure_on(shown, metric, rule, day) for day in sorted(days)}
    return {day: figure for day, figure in found.items() if figure is not None}


def _table(shown: Shown, name: str) -> pd.DataFrame:
    frame = shown.get(name)
    return frame if frame is not None and len(frame) else pd.DataFrame(columns=_COLUMNS[name])


def _days(column: pd.Series) -> pd.Series:
    return column.map(last_day).astype(object)
