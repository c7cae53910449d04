"""The few figures that the page opens with, each with its base, rule, target and comparator."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from sufficiency_lib.metrics.comparators import published_figure
from sufficiency_lib.metrics.marks import NOT_APPLICABLE, added, first_mark
from sufficiency_lib.metrics.stock import percentage
from sufficiency_lib.settings import AuthorityProfile

COLUMNS = (
    "metric",
    "label",
    "value",
    "unit",
    "numerator",
    "denominator",
    "rule",
    "target",
    "comparator",
    "comparator_release",
)


class Figure(NamedTuple):
    """One measure before it is set beside anything; marks stay in place of its numbers."""

    metric: str
    label: str
    value: object
    unit: str
    numerator: object
    denominator: object
    rule: str


def headline(
    looked_after: pd.DataFrame,
    locality: pd.DataFrame,
    split: pd.DataFrame,
    *,
    rule: str,
    profile: AuthorityProfile,
    comparators: pd.DataFrame | None = None,
    stability: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The headline figures of one authority on one day.

    looked_after  `children_looked_after`; its last row is the day
    locality      `locality`, with the rows of the named rule, home_20_miles and, where the
                  authority is known, in_area
    split         `fostering_split`; the last period of each basis is taken
    rule          the locality rule in force; printed in every row that it makes
    profile       for targets, by the name of the metric
    comparators   published figures (see `comparators.published`): England's are set beside the
                  metric of the same name, which is of the same definition. None: no comparators
    stability     `stability`, whose rows of the day are taken; None, or none of the day: not
                  shown
    returns       COLUMNS. Numerator and denominator are blank for a plain count. A target
                  stands only beside a measure of its own rule.

    Give the tables as the page shows them: every figure is taken from one, so a mark in it
    (c suppressed, z not applicable, x not available) goes on into the figures that rest on
    it, and nothing is said here that the tables do not say. Raises KeyError where `locality`
    does not have the rule.
    """
    if rule not in set(locality["rule"]):
        raise KeyError(rule)
    day = looked_after.iloc[-1]["as_at"]
    told = figures(looked_after, locality, split, rule=rule, stability=stability, day=day)
    frame = pd.DataFrame(told, columns=list(Figure._fields), dtype=object)
    measures = zip(frame["metric"], frame["rule"], strict=True)
    targets = [profile.target_for(metric, rule) for metric, rule in measures]
    frame["target"] = [target.value if target else float("nan") for target in targets]
    england = _england(comparators)
    known = [england.get(metric, (float("nan"), "")) for metric in frame["metric"]]
    frame["comparator"] = [value for value, _ in known]
    frame["comparator_release"] = [release for _, release in known]
    return frame


def figures(
    looked_after: pd.DataFrame,
    locality: pd.DataFrame,
    split: pd.DataFrame,
    *,
    rule: str,
    day: object,
    stability: pd.DataFrame | None = None,
) -> list[Figure]:
    """Every headline measure that the tables tell of, under one rule.

    looked_after, locality, split, stability  as in `headline`; the last row of the first and
                                              the last period of the third are taken
    rule     under which the measures that need one are counted
    day      of `stability`
    returns  one a measure; a measure of which a table has no row has none
    """
    rows = [*_stock_rows(looked_after), *_locality_rows(locality, rule), *_split_rows(split),
            *_stability_rows(stability, day)]
    return [Figure(*row) for row in rows]


def _england(comparators: pd.DataFrame | None) -> dict[str, tuple[object, str]]:
    """England's figure of each metric, with its release."""
    if comparators is None:
        return {}
    mine = comparators[comparators["comparator_area"] == "england"]
    return {
        row["metric"]: (published_figure(row), f"England, {row['release']}")
        for row in mine.to_dict("records")
    }


def _stock_rows(looked_after: pd.DataFrame) -> list[tuple]:
    if looked_after.empty:
        return []
    last = looked_after.iloc[-1]
    children, people = last["children"], last["population_0_17"]
    return [
        ("children_looked_after", "Children looked after", children, "children", None, None, ""),
        ("rate_per_10000", "Children looked after per 10,000 aged 0 to 17",
         last["rate_per_10000"], "per 10,000", children, people, ""),
    ]


#: metric → (cohort, label): each under the rule in force.
_WITHIN = {
    "within_rule_pct": ("all", "Children placed locally"),
    "fostering_in_house_within_rule_pct": (
        "fostering_in_house", "Fostered children placed locally, in-house"),
    "fostering_ifa_within_rule_pct": (
        "fostering_ifa", "Fostered children placed locally, independent agency"),
    "childrens_home_within_rule_pct": (
        "childrens_home", "Children in children's homes placed locally"),
}


_FOSTERED = ("fostering_in_house", "fostering_ifa")


def _locality_rows(locality: pd.DataFrame, rule: str) -> list[tuple]:
    rates = locality.set_index(["rule", "cohort"])
    rows = [
        (metric, label, rates.at[(rule, cohort), "rate_pct"], "%",
         rates.at[(rule, cohort), "within"], rates.at[(rule, cohort), "children"], rule)
        for metric, (cohort, label) in _WITHIN.items() if (rule, cohort) in rates.index
    ]
    if all((rule, cohort) in rates.index for cohort in _FOSTERED):
        rows.insert(1, _fostered(rates, rule))
    if ("home_20_miles", "all") in rates.index:
        from_home = rates.loc[("home_20_miles", "all")]
        rows += [
            _share("placed_over_20_miles_pct", "Children placed more than 20 miles from home",
                   from_home["beyond"], from_home["children"], "home_20_miles",
                   beside=from_home["rate_pct"]),
            _share("distance_not_known_pct", "Children whose distance from home is not known",
                   from_home["not_known"], from_home["children"], "home_20_miles"),
        ]
    if ("in_area", "all") in rates.index:
        area = rates.loc[("in_area", "all")]
        inside = area["within"]
        outside = added(area["children"], inside if isinstance(inside, str) else -inside)
        rows.append(_share("placed_outside_area_pct",
                           "Children not known to be placed inside the authority's area",
                           outside, area["children"], "in_area", beside=area["rate_pct"]))
    return rows


def _fostered(rates: pd.DataFrame, rule: str) -> tuple:
    """In-house and agency fostering together, as councils set their targets for it.

    The few whom another authority fosters are left out, so that the figure stands on its two
    parts and tells nothing that they do not.
    """
    own, agency = (rates.loc[(rule, cohort)] for cohort in _FOSTERED)
    both = [own["rate_pct"], agency["rate_pct"]]
    known = [rate for rate in both if isinstance(rate, str) or not math.isnan(rate)]
    return _share(
        "fostering_within_rule_pct", "Fostered children placed locally, in-house and agency",
        added(own["within"], agency["within"]), added(own["children"], agency["children"]),
        rule, beside=next((rate for rate in known if rate != NOT_APPLICABLE), both[0]),
    )


def _split_rows(split: pd.DataFrame) -> list[tuple]:
    rows = []
    for basis, word in {"children": "children", "bed_nights": "bed nights"}.items():
        periods = split[split["basis"] == basis]
        if periods.empty:
            continue
        last = periods.iloc[-1]
        own, agency = last["in_house"], last["ifa"]
        with_kin = added(own, last["kinship"])
        rows += [
            (f"in_house_{basis}_pct", f"Fostering in-house, by {word}, without kinship",
             last["in_house_pct"], "%", own, added(own, agency), ""),
            (f"in_house_incl_kinship_{basis}_pct", f"Fostering in-house, by {word}, with kinship",
             last["in_house_incl_kinship_pct"], "%", with_kin, added(with_kin, agency), ""),
        ]
    return rows


#: The measures of `stability` that the page opens with, and how they are called.
_STABLE = {
    "three_or_more_placements": "Children with three or more placements in the year",
    "same_carer_2_years": "Children with the same carer for two years or more, of those under 16 "
    "looked after for two and a half years",
}


def _stability_rows(stability: pd.DataFrame | None, day: object) -> list[tuple]:
    if stability is None:
        return []
    last = stability[stability["as_at"].astype(str) == str(day)].set_index("measure")
    return [
        (f"{measure}_pct", label, last.at[measure, "rate_pct"], "%",
         last.at[measure, "numerator"], last.at[measure, "denominator"], "")
        for measure, label in _STABLE.items() if measure in last.index
    ]


def _share(
    metric: str, label: str, part: object, whole: object, rule: str, *, beside: object = None
) -> tuple:
    """A share worked out here; `beside` is the table's own rate on the same base.

    Where nothing is known the table has no rate (blank, or z), and then this has none: no
    child known to be far away is not 0% far away.
    """
    value = first_mark(part, whole)
    if value is None:
        no_rate = beside == NOT_APPLICABLE or (isinstance(beside, float) and math.isnan(beside))
        value = beside if no_rate else float(percentage(part, whole))
    return (metric, label, value, "%", part, whole, rule)
