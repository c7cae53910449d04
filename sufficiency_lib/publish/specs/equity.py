"""The tables of which children live further away, or move more."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

_COHORT = ("with_outcome", "without_outcome")
_OTHERS = ("reference_with_outcome", "reference_without_outcome")
_SIDES = ("children", "reference_children")

_COMPARED = (
    "difference_points", "low_points", "high_points", "rate_ratio", "low_ratio", "high_ratio",
    "p_adjusted", "reading",
)
_OLDER, _OLDEST = "aged_10_and_over", "aged_16_and_over"

#: A cohort and the others are all children of whom the outcome is known; their number, with
#: it and without it, is the same in every row, so it is known. Those aged 10 to 15 are what is
#: between the two cuts by age; how many have the outcome is printed nowhere.
_SUMS: tuple[Relation, ...] = (
    RowSum(_COHORT, "children"),
    RowSum(_OTHERS, "reference_children"),
    RowSum((_COHORT[0], _OTHERS[0])),
    RowSum((_COHORT[1], _OTHERS[1])),
    RowSum((*_SIDES, "left_out"), keep=_SIDES),
    *(ColumnSum(column, ("outcome_compared",), "cohort", _OLDER, (_OLDEST,),
                rest_is_private=column != "children")
      for column in (*_COHORT, "children")),
    *(ColumnSum(column, ("outcome_compared",), "cohort", _OLDEST, (_OLDER,),
                rest_is_private=column != "reference_children")
      for column in (*_OTHERS, "reference_children")),
)

_COHORT_WORDS = {
    "aged_10_and_over": "Aged 10 and over",
    "aged_16_and_over": "Aged 16 and over",
    "girls": "Girls",
    "minority_ethnic": "Of a minority ethnic group",
    "uasc": "Unaccompanied (UASC)",
    "disabled": "Disabled",
    "siblings": "With siblings looked after",
}

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "outcome_compared": {
        "far": "Living more than 20 miles from home",
        "out_of_area": "Living outside the authority",
        "residential": "Living in a residential setting",
        "other_setting": "Living in another setting, unregistered ones included",
        "moved_often": "Three or more placements in the year",
    },
    "cohort": _COHORT_WORDS,
    "term": {**_COHORT_WORDS, "aged_10_to_15": "Aged 10 to 15", "all": "All children"},
    "p_adjusted": {
        "under_0.001": "below 0.001",
        "under_0.01": "below 0.01",
        "under_0.05": "below 0.05",
        "not_under_0.05": "0.05 or more",
    },
    "reading": {
        "more_likely": "More likely",
        "less_likely": "Less likely",
        "no_clear_difference": "No clear difference",
        "too_few": "Too few to compare",
        "nobody": "Nobody to compare",
        "not_recorded": "Not recorded of enough",
    },
    "model": {
        "fitted": "In the model",
        "term_left_out": "Left out: too few",
        "too_few": "No model: too few children",
        "too_sparse": "No model: too few of an age group",
        "separated": "No model: no finite answer",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="equity",
        title="Which children are more likely to live further away, or to move often",
        note="Each row sets a cohort against all other children looked after, those of whom it "
        "is not recorded included. Small print: how many of the cohort it is so of, and 95% "
        "intervals; the difference is in percentage points. The reading allows for the number "
        "of comparisons in the table (Holm’s method): among so many, some intervals will leave "
        "out nought, or a ratio of one, by chance alone. Left out of the first part are "
        "children whose distance is not known; it is not measured for unaccompanied children. "
        "Nothing is compared with fewer than 10 children on either side, or fewer than 5 "
        "expected with it or without it; what fewer than 10 children have, or lack, has one "
        "row.",
        keys=("as_at", "outcome_compared", "cohort"),
        counts=("children", *_COHORT, "reference_children", *_OTHERS, "left_out"),
        derived={
            **dict.fromkeys(("rate_of_known_pct", "low_pct", "high_pct"), ("children", *_COHORT)),
            "reference_rate_pct": ("reference_children", *_OTHERS),
            **dict.fromkeys(_COMPARED, (*_SIDES, *_COHORT, *_OTHERS)),
        },
        relations=_SUMS,
        missing=dict.fromkeys(("reference_children", *_OTHERS), "z"),
        hide=("without_outcome", *_OTHERS, "reference_children", "left_out", "p_adjusted"),
        labels={
            "cohort": "Children, and reading",
            "children": "Number",
            "rate_of_known_pct": "Rate",
            "reference_rate_pct": "Others",
            "difference_points": "Difference",
            "rate_ratio": "Ratio",
        },
        under={
            "reading": "cohort", "with_outcome": "children",
            "low_pct": "rate_of_known_pct", "high_pct": "rate_of_known_pct",
            "low_points": "difference_points", "high_points": "difference_points",
            "low_ratio": "rate_ratio", "high_ratio": "rate_ratio",
        },
        band="outcome_compared",
    ),
    TableSpec(
        id="equity_adjusted",
        title="The same, with age, sex, ethnicity, UASC and disability held alike",
        note="One logistic model for each. An odds ratio above 1: more likely than the others "
        "when all else in the model is alike; the ages are set against under 10. Odds are the "
        "number with it for each one without it, so an odds ratio is further from 1 than a "
        "ratio of rates. Small print: 95% intervals; the reading allows for all rows (Holm’s "
        "method). A model needs 10 children with it and 10 without it for each cohort in it, "
        "and each cohort 5 of both on both sides. The kind of placement is not held alike: it "
        "is part of how a child comes to live far away.",
        keys=("as_at", "outcome_compared", "term", "model"),
        counts=("children",),
        derived=dict.fromkeys(
            ("odds_ratio", "low_odds_ratio", "high_odds_ratio", "p_adjusted", "reading"),
            ("children",),
        ),
        hide=("p_adjusted",),
        labels={"children": "Number"},
        under={"low_odds_ratio": "odds_ratio", "high_odds_ratio": "odds_ratio"},
        band="outcome_compared",
    ),
)
