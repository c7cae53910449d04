"""Codes of health, leaving care, missing and adoption, and the five outcomes they speak to.

Sources: DfE, *Children looked-after by local authorities in England: guide to the SSDA903
collection* (code sets, as the public validator checks them); HM Government, *Every Child
Matters: change for children* (2004), for the five outcomes.
"""

from __future__ import annotations

from sufficiency_lib.codes import REASON_PLACE_CHANGE

FIVE_OUTCOMES: dict[str, str] = {
    "be_healthy": "Be healthy",
    "stay_safe": "Stay safe",
    "enjoy_and_achieve": "Enjoy and achieve",
    "positive_contribution": "Make a positive contribution",
    "economic_wellbeing": "Achieve economic wellbeing",
}

#: Measure → the outcome it speaks to, by the aims that *Every Child Matters* lists under each:
#: security and stability are staying safe, not using drugs is being healthy, law-abiding
#: behaviour is a positive contribution, a decent home and work are economic wellbeing.
OUTCOME_OF: dict[str, str] = {
    "health_assessment": "be_healthy",
    "teeth_check": "be_healthy",
    "immunisations": "be_healthy",
    "health_check": "be_healthy",
    "sdq_cause_for_concern": "be_healthy",
    "substance_misuse": "be_healthy",
    "three_or_more_placements": "stay_safe",
    "same_carer_2_years": "stay_safe",
    "unplanned_moves": "stay_safe",
    "unplanned_returns_home": "stay_safe",
    "missing": "stay_safe",
    "away": "stay_safe",
    "in_touch": "stay_safe",
    "a1": "stay_safe",
    "a2": "stay_safe",
    "a10": "stay_safe",
    "adoption_within_12_months": "stay_safe",
    "in_education": "enjoy_and_achieve",
    "convicted": "positive_contribution",
    "in_education_employment_or_training": "economic_wellbeing",
    "suitable_accommodation": "economic_wellbeing",
}

MEASURE_LABELS: dict[str, str] = {
    "health_assessment": "Health assessment in the year",
    "teeth_check": "Teeth checked by a dentist in the year",
    "immunisations": "Immunisations up to date",
    "health_check": "Development checks up to date, under 5",
    "sdq_cause_for_concern": "Strengths and difficulties score a cause for concern",
    "substance_misuse": "Substance misuse identified",
    "convicted": "Convicted or cautioned, aged 10 and over",
    "three_or_more_placements": "Three or more placements in the year",
    "same_carer_2_years": "With the same carer for two years or more",
    "unplanned_moves": "Moves that were unplanned",
    "unplanned_returns_home": "Returns home that were unplanned",
    "missing": "Missing at least once in the year",
    "away": "Away without authorisation at least once in the year",
    "in_touch": "In touch with the council",
    "in_education": "In education",
    "in_education_employment_or_training": "In education, employment or training",
    "suitable_accommodation": "In suitable accommodation",
    "a1": "A1: entering care to moving in with the adoptive family",
    "a10": "A10: as A1, stopped when the child moved in with a foster carer who adopts",
    "a2": "A2: court authority to the match",
    "adoption_within_12_months": "Placed for adoption within 12 months of the decision",
}

#: Reasons for a change of placement, in the order and the words of DfE's published table.
MOVE_REASONS: dict[str, str] = {
    "ALLEG": "Allegation (section 47)",
    "APPRR": "Approval removed",
    "CREQO": "Carer asks for an end, other than for the child's behaviour",
    "CREQB": "Carer asks for an end because of the child's behaviour",
    "PLACE": "Change in the status of the placement only",
    "CARPL": "Change to, or carrying out of, the care plan",
    "CHILD": "Child asks for an end",
    "CUSTOD": "Custody arrangement",
    "OTHER": "Other",
    "CLOSE": "Resignation or closure of provision",
    "LAREQ": "Responsible or area authority asks for an end",
    "STAND": "Standards of care concern",
    "not_recorded": "Not recorded",
}

#: Endings that the child's care plan did not foresee; the others are planned, or do not say.
UNPLANNED_REASONS = frozenset({"CREQB", "CREQO", "CHILD", "ALLEG", "STAND", "APPRR", "CLOSE"})
PLANNED_REASONS = frozenset({"CARPL", "PLACE", "CUSTOD", "LAREQ"})

MISSING_KINDS: dict[str, str] = {"M": "missing", "A": "away"}

#: Strengths and difficulties total score: band → lowest and highest (Goodman 1997, as DfE).
SDQ_BANDS: dict[str, tuple[int, int]] = {
    "normal": (0, 13),
    "borderline": (14, 16),
    "cause_for_concern": (17, 40),
}
SDQ_AGES = (4, 16)

MISUSE_HELP: dict[str, str] = {
    "received": "Help received",
    "refused": "Help offered and refused",
    "neither": "Neither",
    "not_recorded": "Not recorded",
}

IN_TOUCH: dict[str, str] = {
    "YES": "In touch",
    "NO": "Not in touch",
    "REFU": "Refuses contact",
    "NREQ": "No longer needs services",
    "DIED": "Died after leaving care",
    "RHOM": "Back with parents for six months or more",
}

#: Young people whom DfE leaves out of its tables of care leavers.
NOT_CARE_LEAVERS = frozenset({"DIED", "RHOM"})

ACTIVITY_OF_CODE: dict[str, str] = {
    "F1": "higher_education", "P1": "higher_education",
    "F2": "other_education", "P2": "other_education",
    "F3": "training_or_work", "P3": "training_or_work",
    "F4": "training_or_work", "P4": "training_or_work",
    "F5": "training_or_work", "P5": "training_or_work",
    "G4": "illness_or_disability", "G6": "pregnancy_or_parenting", "G5": "other_reasons",
}  # fmt: skip

ACTIVITY_LABELS: dict[str, str] = {
    "higher_education": "Higher education",
    "other_education": "Other education",
    "training_or_work": "Apprenticeship, training or work",
    "illness_or_disability": "None of these: illness or disability",
    "pregnancy_or_parenting": "None of these: pregnancy or parenting",
    "other_reasons": "None of these: other reasons",
    "not_recorded": "Not known",
}

#: Activities in education, employment or training, and those in education.
ACTIVE = ("higher_education", "other_education", "training_or_work")
IN_EDUCATION = ("higher_education", "other_education")

#: The letter of an ACCOM code → where the young person lives; its figure says whether that is
#: suitable (1) or not (2).
HOME_OF_LETTER: dict[str, str] = {
    "B": "parents_or_relatives",
    "Z": "former_foster_carers",
    "C": "supported", "D": "supported", "E": "supported", "T": "supported",
    "U": "independent", "K": "independent",
    "S": "emergency_or_none", "V": "emergency_or_none", "W": "emergency_or_none",
    "X": "custody",
    "G": "abroad", "H": "abroad",
    "Y": "other_home",
}  # fmt: skip

HOME_LABELS: dict[str, str] = {
    "parents_or_relatives": "With parents or relatives",
    "former_foster_carers": "With former foster carers",
    "supported": "Supported lodgings, semi-independent, foyer or residential",
    "independent": "Living independently or in ordinary lodgings",
    "emergency_or_none": "Emergency, bed and breakfast or no home",
    "custody": "In custody",
    "abroad": "Gone abroad or deported",
    "other_home": "Other",
    "not_recorded": "Not known",
}

#: Letters with which DfE says nothing of whether the home is suitable.
SUITABILITY_NOT_SAID = frozenset({"G", "H", "R"})

LEAVER_AGES: dict[str, tuple[int, int]] = {"17_18": (17, 18), "19_21": (19, 21)}
LEAVER_AGE_LABELS: dict[str, str] = {"17_18": "Aged 17 and 18", "19_21": "Aged 19 to 21"}

ADOPTED = frozenset({"E11", "E12"})
#: Placed for adoption with the foster carer the child already lived with.
FOSTER_CARER_ADOPTION_PLACES = frozenset({"A3", "A5"})
#: Court authority to place a child for adoption: a placement order or a freeing order.
COURT_AUTHORITY = frozenset({"E1", "D1"})

RETURNED_HOME: dict[str, str] = {"E4A": "planned", "E4B": "unplanned"}


def move_reason(code: str | None) -> str:
    """The reason for a move that a code gives; blank or unknown is `not_recorded`.

    >>> move_reason("CREQB"), move_reason(None), move_reason("SOMEDAY")
    ('CREQB', 'not_recorded', 'not_recorded')
    """
    return code if code in REASON_PLACE_CHANGE else "not_recorded"


def activity(code: str | None) -> str:
    """What a care leaver does, by the ACTIV code; blank, 0 or unknown is `not_recorded`.

    >>> activity("P4"), activity("G5"), activity("0")
    ('training_or_work', 'other_reasons', 'not_recorded')
    """
    return ACTIVITY_OF_CODE.get(code or "", "not_recorded")


def care_leaver_home(code: str | None) -> str:
    """Where a care leaver lives, by the ACCOM code; R, 0, blank or unknown is `not_recorded`.

    >>> care_leaver_home("D1"), care_leaver_home("R2"), care_leaver_home("0")
    ('supported', 'not_recorded', 'not_recorded')
    """
    return HOME_OF_LETTER.get((code or "")[:1], "not_recorded")


def is_suitable(code: str | None) -> bool | None:
    """Whether a care leaver's home is suitable; None where it is not said.

    >>> is_suitable("U1"), is_suitable("W2"), is_suitable("G1"), is_suitable("0")
    (True, False, None, None)
    """
    text = code or ""
    known = len(text) == 2 and text[0] in HOME_OF_LETTER and text[0] not in SUITABILITY_NOT_SAID
    return {"1": True, "2": False}.get(text[1]) if known else None
