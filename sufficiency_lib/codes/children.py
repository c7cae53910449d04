"""Groups of children as DfE publishes them: ethnicity, legal status, need, why care ended.

Sources: DfE, *Children looked after in England including adoptions*, national and local
tables; DfE, common basic data set, ethnicity codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sufficiency_lib.codes import CATEGORY_OF_NEED, ENDED_UNSEEN
from sufficiency_lib.codes.outcomes import ADOPTED, COURT_AUTHORITY, RETURNED_HOME

#: First letter of DfE's four-letter codes, main or extended → its group. C is Chinese, which
#: the harmonised groups that DfE's table is worded in have under Asian.
_ETHNICITY_LETTERS: Mapping[str, str] = {
    "W": "white",
    "M": "mixed",
    "A": "asian",
    "C": "asian",
    "B": "black",
    "O": "other_ethnic",
}

ETHNICITY_LABELS: Mapping[str, str] = {
    "white": "White",
    "mixed": "Mixed or multiple ethnic groups",
    "asian": "Asian or Asian British",
    "black": "Black, African, Caribbean or Black British",
    "other_ethnic": "Other ethnic group",
    "refused": "Refused or not yet available",
}
ETHNICITY_GROUPS: tuple[str, ...] = tuple(ETHNICITY_LABELS)

#: Series of short breaks (V3, V4) are in none: no table of children counts them.
_LEGAL_CODES: Mapping[str, Iterable[str]] = {
    "full_care_order": ("C2",),
    "interim_care_order": ("C1",),
    "placement_order": COURT_AUTHORITY,
    "voluntary": ("V2",),
    "child_protection": ("L1", "L2", "L3"),
    "youth_justice": ("J1", "J2", "J3"),
}
_LEGAL_OF_CODE = {code: group for group, codes in _LEGAL_CODES.items() for code in codes}

LEGAL_STATUS_LABELS: Mapping[str, str] = {
    "full_care_order": "Full care order",
    "interim_care_order": "Interim care order",
    "placement_order": "Placement order",
    "voluntary": "Voluntary agreement (section 20)",
    "child_protection": "Detained for child protection",
    "youth_justice": "Youth justice",
    "not_known": "Not known",
}
LEGAL_STATUS_GROUPS: tuple[str, ...] = tuple(LEGAL_STATUS_LABELS)

NEED_LABELS: Mapping[str, str] = {
    **{code: one.label for code, one in CATEGORY_OF_NEED.items()},
    "not_known": "Not known",
}
NEEDS: tuple[str, ...] = tuple(NEED_LABELS)

#: Needs put together for tables of a year's starters, of whom few have most of the needs.
_NEED_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "abuse_or_neglect": ("N1",),
    "family_stress": ("N4", "N5"),
    "absent_parenting": ("N8",),
    "other_needs": ("N2", "N3", "N6", "N7"),
}
_NEED_FAMILY_OF = {code: name for name, codes in _NEED_FAMILIES.items() for code in codes}

NEED_FAMILY_LABELS: Mapping[str, str] = {
    "abuse_or_neglect": "Abuse or neglect",
    "family_stress": "Family in acute stress, or dysfunction",
    "absent_parenting": "Absent parenting",
    "other_needs": "Disability, parental illness, behaviour or low income",
    "not_known": "Not known",
}
NEED_FAMILIES: tuple[str, ...] = tuple(NEED_FAMILY_LABELS)

_CEASED_CODES: Mapping[str, Iterable[str]] = {
    "home": RETURNED_HOME,
    "special_guardianship": ("E45", "E46", "E47", "E48"),
    "adopted": ADOPTED,
    "relatives_or_others": ("E13", "E41"),
    "turned_18": ("E17",),
    "independent": ("E5", "E6"),
    "transferred": ("E3", "E7"),
    "youth_justice": ("E9", "E14"),
    "other": ("E8", "E2", "E15", "E16"),
    "no_later_return": (ENDED_UNSEEN,),
}
_CEASED_OF_CODE = {code: group for group, codes in _CEASED_CODES.items() for code in codes}

CEASED_LABELS: Mapping[str, str] = {
    "home": "Returned home to parents",
    "special_guardianship": "Special guardianship",
    "adopted": "Adopted",
    "relatives_or_others": "With relatives or others, or a child arrangements order",
    "independent": "Independent living, before or at 18",
    "turned_18": "Turned 18: stays with the carers, or another reason",
    "transferred": "To adult services or another authority",
    "youth_justice": "Sentenced, or remand ended",
    "other": "Another reason, before 18",
    "no_later_return": "Not known: in no later return",
    "not_known": "Not recorded",
}
CEASED_GROUPS: tuple[str, ...] = tuple(CEASED_LABELS)

#: The reason (E8) that councils give for most of those who leave on their 18th birthday.
ANOTHER_REASON = "E8"


def ethnicity_group(code: str | None) -> str:
    """DfE's main group of an ETHNIC code; blank or unknown is `refused` (not yet available).

    >>> [ethnicity_group(code) for code in ("WBRI", "BOTH", "CHNE", "NOBT", None)]
    ['white', 'black', 'asian', 'refused', 'refused']
    """
    if code in ("REFU", "NOBT") or not isinstance(code, str) or len(code) != 4:
        return "refused"
    return _ETHNICITY_LETTERS.get(code[0], "refused")


def legal_status_group(code: str | None) -> str:
    """DfE's group of a legal status; blank or unknown is `not_known`.

    A freeing order (D1), which placement orders replaced in 2005, is with those.

    >>> legal_status_group("C2"), legal_status_group("L3"), legal_status_group(None)
    ('full_care_order', 'child_protection', 'not_known')
    """
    return _LEGAL_OF_CODE.get(code, "not_known")


def need_group(code: str | None) -> str:
    """A category of need as given, or `not_known`.

    >>> need_group("N1"), need_group("N9"), need_group(None)
    ('N1', 'not_known', 'not_known')
    """
    return code if code in CATEGORY_OF_NEED else "not_known"


def need_family(code: str | None) -> str:
    """The few groups of needs of a table of starters; blank or unknown is `not_known`.

    >>> need_family("N5"), need_family("N2"), need_family(None)
    ('family_stress', 'other_needs', 'not_known')
    """
    return _NEED_FAMILY_OF.get(code, "not_known")


def ceased_group(code: str | None) -> str:
    """The group of the reason for which care ended, whatever the age.

    `no_later_return` is a care period that the repair closed (E99) because no later return
    has the child. X1, a blank or an unknown code says nothing: `not_known`.

    >>> ceased_group("E48"), ceased_group("E99"), ceased_group("X1")
    ('special_guardianship', 'no_later_return', 'not_known')
    """
    return _CEASED_OF_CODE.get(code, "not_known")
