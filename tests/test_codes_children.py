"""The groups in which DfE publishes children: every code is in one, and an unknown is told."""

from __future__ import annotations

import pytest

from sufficiency_lib.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    REASON_ENDED,
    SHORT_BREAK_LEGAL_STATUSES,
)
from sufficiency_lib.codes.children import (
    CEASED_GROUPS,
    ETHNICITY_GROUPS,
    LEGAL_STATUS_GROUPS,
    NEED_FAMILIES,
    NEEDS,
    ceased_group,
    ethnicity_group,
    legal_status_group,
    need_family,
    need_group,
)
from sufficiency_lib.publish.specs import CODE_WORDS

ETHNICITIES = {
    "white": "WBRI WIRI WIRT WOTH WROM WENG WEEU",
    "mixed": "MWBC MWBA MWAS MOTH MWCH",
    "asian": "AIND APKN ABAN AOTH CHNE CHKC ASNL",
    "black": "BCRB BAFR BOTH BSOM BNGN",
    "other_ethnic": "OOTH OAFG OKRD",
    "refused": "REFU NOBT",
}
CEASED = {
    "home": "E4A E4B",
    "special_guardianship": "E45 E46 E47 E48",
    "adopted": "E11 E12",
    "relatives_or_others": "E13 E41",
    "independent": "E5 E6",
    "turned_18": "E17",
    "transferred": "E3 E7",
    "youth_justice": "E9 E14",
    "other": "E2 E8 E15 E16",
    "no_later_return": "E99",
    "not_known": "X1",
}


@pytest.mark.parametrize(("group", "codes"), ETHNICITIES.items())
def test_main_and_extended_codes_of_ethnicity(group: str, codes: str) -> None:
    assert {ethnicity_group(code) for code in codes.split()} == {group}


@pytest.mark.parametrize("code", [None, "", "W", "wbri", "XXXX", "WBRIX", float("nan")])
def test_an_ethnicity_that_is_no_code_is_with_the_refused(code) -> None:
    assert ethnicity_group(code) == "refused"


def test_every_legal_status_has_a_group_but_short_breaks() -> None:
    without = {code for code in LEGAL_STATUS if legal_status_group(code) == "not_known"}
    assert without == SHORT_BREAK_LEGAL_STATUSES
    groups = {legal_status_group(code) for code in LEGAL_STATUS}
    assert groups == set(LEGAL_STATUS_GROUPS)


def test_every_reason_for_ceasing_has_its_group() -> None:
    said = {code: group for group, codes in CEASED.items() for code in codes.split()}
    assert {code: ceased_group(code) for code in said} == said
    assert set(said) == {*REASON_ENDED, "E99"}
    assert set(CEASED) == set(CEASED_GROUPS)


def test_every_need_is_itself_and_in_a_family() -> None:
    assert [need_group(code) for code in CATEGORY_OF_NEED] == list(NEEDS[:-1])
    families = {need_family(code) for code in CATEGORY_OF_NEED}
    assert families == set(NEED_FAMILIES) - {"not_known"}


@pytest.mark.parametrize("group", [legal_status_group, need_group, need_family, ceased_group])
@pytest.mark.parametrize("code", [None, "", "Q9", float("nan")])
def test_a_code_that_is_not_known_is_said_to_be_so(group, code) -> None:
    assert group(code) == "not_known"


@pytest.mark.parametrize(
    ("column", "groups"),
    [("ethnicity_group", ETHNICITY_GROUPS), ("legal_status_group", LEGAL_STATUS_GROUPS),
     ("category_of_need", {*NEEDS, *NEED_FAMILIES}), ("reason_ceased", CEASED_GROUPS)],
)
def test_every_group_has_words(column: str, groups) -> None:
    assert set(groups) <= set(CODE_WORDS[column])
