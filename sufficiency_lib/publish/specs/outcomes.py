"""The tables of stability, health, leaving care and adoption."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.codes.outcomes import (
    ACTIVE,
    ACTIVITY_LABELS,
    FIVE_OUTCOMES,
    HOME_LABELS,
    IN_EDUCATION,
    LEAVER_AGE_LABELS,
    MEASURE_LABELS,
    MISUSE_HELP,
    MOVE_REASONS,
    PLANNED_REASONS,
    UNPLANNED_REASONS,
)
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum, SameValue
from sufficiency_lib.publish.specs.spec import TableSpec

_ANSWERS = ("numerator", "answered_no", "not_recorded", "denominator")
_ANSWER_RATES = {
    "rate_pct": ("numerator", "denominator"),
    "rate_of_known_pct": ("numerator", "answered_no"),
}
_ANSWER_SUM = RowSum(_ANSWERS[:3], "denominator", keep=("numerator",))
#: Where everybody's answer is known, only yes is printed on the page.
_YES_OR_NO = RowSum(("numerator", "answered_no"), "denominator", keep=("numerator",))
_ANSWER_LABELS = {
    "numerator": "Yes",
    "denominator": "All",
    "rate_pct": "Of all",
    "rate_of_known_pct": "Of those recorded",
}

#: Another table says how many moves were unplanned, planned, or for a reason that does not say.
_REASON_SUMS: tuple[Relation, ...] = tuple(
    ColumnSum("moves", ("year_ending",), "move_reason", parts=tuple(
        reason for reason in MOVE_REASONS if reason in reasons))
    for reasons in (
        MOVE_REASONS, UNPLANNED_REASONS, PLANNED_REASONS,
        set(MOVE_REASONS) - UNPLANNED_REASONS - PLANNED_REASONS,
    )
)


def _leavers_sums(key: str, *parts: tuple[str, ...]) -> tuple[Relation, ...]:
    """All of an age, and the parts that `care_leavers` prints, add up to what it prints."""
    by = ("year_ending", "leaver_age")
    everyone = ColumnSum("young_people", by, key, known=("not_recorded",))
    return (everyone, *(ColumnSum("young_people", by, key, parts=some) for some in parts))


#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "measure": MEASURE_LABELS,
    "five_outcome": FIVE_OUTCOMES,
    "move_reason": MOVE_REASONS,
    "misuse_help": MISUSE_HELP,
    "leaver_age": LEAVER_AGE_LABELS,
    "leaver_activity": ACTIVITY_LABELS,
    "leaver_home": HOME_LABELS,
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="stability",
        title="Stability of placements",
        note="Three or more placements: of all children looked after on the date, those who "
        "were in three or more in the year to it; temporary stays away are not counted. Same "
        "carer: of children under 16 looked after for two and a half years without a break, "
        "those who have lived with the same carer for two years, an adoptive placement and "
        "the one before it together.",
        keys=("as_at", "five_outcome", "measure"),
        counts=("numerator", "answered_no", "denominator"),
        derived={"rate_pct": ("numerator", "denominator")},
        relations=(_YES_OR_NO,),
        labels={"numerator": "Children", "denominator": "Of", "rate_pct": "Share"},
        hide=("five_outcome", "answered_no"),
        band="measure",
    ),
    TableSpec(
        id="moves_by_reason",
        title="Changes of placement by reason",
        note="A change of placement is one that a child made while staying looked after; a "
        "change of status is a move on paper, with the same carer. Temporary stays away are "
        "left out. Not recorded stays in the base of every share.",
        keys=("year_ending", "move_reason"),
        counts=("moves",),
        derived={"share_pct": ("moves",)},
        relations=_REASON_SUMS,
        labels={"share_pct": "Share of moves"},
    ),
    TableSpec(
        id="unplanned_endings",
        title="Placements that ended other than as planned",
        note="A move is unplanned when the carer or the child asked for an end, after an "
        "allegation, a concern about standards or the loss of approval, or because the "
        "provision closed. A return home is unplanned when the care plan did not foresee it.",
        keys=("year_ending", "five_outcome", "measure"),
        counts=_ANSWERS,
        derived=_ANSWER_RATES,
        relations=(_ANSWER_SUM,),
        labels=_ANSWER_LABELS | {
            "numerator": "Unplanned", "answered_no": "Planned", "not_recorded": "Not said"},
        hide=("five_outcome",),
        band="measure",
    ),
    TableSpec(
        id="missing_from_care",
        title="Children missing or away without authorisation",
        note="Of all children looked after at any time in the year. Missing: nobody knew where "
        "the child was. Away: it was known, and not allowed. Councils differ in when they "
        "record a child as away.",
        keys=("year_ending", "five_outcome", "measure"),
        counts=("numerator", "answered_no", "denominator", "incidents"),
        derived={
            "rate_pct": ("numerator", "denominator"),
            "incidents_average": ("numerator", "incidents"),
        },
        relations=(
            _YES_OR_NO,
            SameValue("denominator", ("year_ending",)),
        ),
        labels={"numerator": "Children", "denominator": "Of", "rate_pct": "Share"},
        hide=("five_outcome", "answered_no"),
        band="measure",
    ),
    TableSpec(
        id="health",
        title="Health and behaviour of children looked after for a year or more",
        note="Children looked after on the last day of the year, and for the 12 months before "
        "it. Not recorded stays in the base of the first rate and is left out of the second.",
        keys=("year_ending", "five_outcome", "measure"),
        counts=_ANSWERS,
        derived=_ANSWER_RATES,
        relations=(_ANSWER_SUM,),
        labels=_ANSWER_LABELS,
        band="five_outcome",
    ),
    TableSpec(
        id="substance_misuse_help",
        title="Help for children who misuse substances",
        note="Children looked after for 12 months of whom substance misuse was identified.",
        keys=("year_ending", "five_outcome", "misuse_help"),
        counts=("children",),
        derived={"share_pct": ("children",)},
        relations=(ColumnSum("children", ("year_ending",), "misuse_help"),),
        hide=("five_outcome",),
    ),
    TableSpec(
        id="sdq_scores",
        title="Strengths and difficulties questionnaire: emotional and behavioural health",
        note="Children aged 4 to 16 looked after for 12 months. A score of 0 to 13 is normal, "
        "14 to 16 borderline, and 17 to 40 a cause for concern; the share that is a cause for "
        "concern, and the mean, are of children with a score.",
        keys=("year_ending", "five_outcome"),
        counts=("children", "scored", "normal", "borderline", "cause_for_concern"),
        derived={
            "scored_pct": ("children", "scored"),
            "cause_for_concern_pct": ("cause_for_concern", "scored"),
            "score_mean": ("scored",),
        },
        relations=(
            RowSum(("normal", "borderline", "cause_for_concern"), "scored",
                   keep=("cause_for_concern",)),
            RowSum(("scored",), "children"),
        ),
        labels={
            "children": "Aged 4 to 16",
            "scored_pct": "With a score, %",
            "cause_for_concern_pct": "Cause for concern, %",
        },
        lift=(),
        hide=("five_outcome",),
    ),
    TableSpec(
        id="care_leavers",
        title="Care leavers in touch, in education or work, and in a suitable home",
        note="Young people who left care, by age on their birthday in the year. Not recorded, "
        "which is most often because the council is not in touch, stays in the base of the "
        "first rate and is left out of the second.",
        keys=("year_ending", "leaver_age", "five_outcome", "measure"),
        counts=_ANSWERS,
        derived=_ANSWER_RATES,
        relations=(_ANSWER_SUM, SameValue("denominator", ("year_ending", "leaver_age"))),
        labels=_ANSWER_LABELS,
        hide=("five_outcome",),
        band="leaver_age",
    ),
    TableSpec(
        id="leavers_by_activity",
        title="What care leavers do",
        note="Not known stays in the base of every share.",
        keys=("year_ending", "leaver_age", "leaver_activity"),
        counts=("young_people",),
        derived={"share_pct": ("young_people",)},
        relations=_leavers_sums("leaver_activity", IN_EDUCATION, ACTIVE),
        labels={"share_pct": "Share of the age"},
        band="leaver_age",
    ),
    TableSpec(
        id="leavers_by_home",
        title="Where care leavers live",
        note="Not known stays in the base of every share.",
        keys=("year_ending", "leaver_age", "leaver_home"),
        counts=("young_people",),
        derived={"share_pct": ("young_people",)},
        relations=_leavers_sums("leaver_home"),
        labels={"share_pct": "Share of the age"},
        band="leaver_age",
    ),
    TableSpec(
        id="adoption_timeliness",
        title="How long children waited to be adopted",
        note="Three years together, as in the adoption scorecards, because few children are "
        "adopted in one. A child whose care began before the first return, or who was adopted "
        "without having been placed for adoption, is not in the mean.",
        keys=("period", "five_outcome", "measure"),
        counts=("counted", "not_recorded"),
        derived={"days_mean": ("counted",)},
        labels={"counted": "Children", "not_recorded": "Wait not known"},
        lift=("period",),
        hide=("five_outcome",),
    ),
    TableSpec(
        id="adoption_within_12_months",
        title="Children placed with adopters within 12 months of the decision",
        note="Decisions of the year before, so that 12 months have passed for every child. A "
        "decision that was reversed in that time is left out.",
        keys=("year_ending", "decided", "five_outcome", "measure"),
        counts=("numerator", "answered_no", "denominator"),
        derived={"rate_pct": ("numerator", "denominator")},
        relations=(_YES_OR_NO,),
        labels={"numerator": "In time", "denominator": "Decisions", "rate_pct": "Share"},
        lift=(),
        hide=("year_ending", "five_outcome", "measure", "answered_no"),
    ),
    TableSpec(
        id="five_outcomes",
        title="Every measure under the five outcomes",
        note="The latest year of each measure above. Care leavers are those aged 19 to 21. "
        "Rates count not recorded in the base, but for the strengths and difficulties scores.",
        keys=("five_outcome", "measure", "year_ending"),
        counts=("numerator", "denominator"),
        derived={"rate_pct": ("numerator", "denominator")},
        relations=(RowSum(("numerator",), "denominator"),),
        labels={"numerator": "Number", "denominator": "Of", "rate_pct": "Rate"},
        band="five_outcome",
    ),
)
