"""Code sets by year, and the groups that every measure uses."""

from __future__ import annotations

import pytest

from sufficiency_lib import codes

CONTRACT_GROUPS = {
    "kinship_fostering": "U1 U2 U3",
    "fostering": "U4 U5 U6",
    "childrens_home": "K2",
    "secure": "K1",
    "supported_accommodation": "K3 H5 P2",
    "residential_school": "S1",
    "other_residential": "R1 R2 R3 R5",
    "parents": "P1",
    "adoption": "A3 A4 A5 A6",
    "temporary": "T0 T1 T2 T3 T4",
    "other": "P3 Z1 Z11 Z12 Z13 Z14",
}


def test_every_place_code_is_in_the_group_of_the_contract() -> None:
    said = {code: group for group, listed in CONTRACT_GROUPS.items() for code in listed.split()}
    assert set(said) == set(codes.PLACE)
    assert {code: codes.placement_group(code) for code in codes.PLACE} == said


@pytest.mark.parametrize("code", [None, "", "U9", "u6"])
def test_a_place_that_is_not_known_is_other(code: str | None) -> None:
    assert codes.placement_group(code) == "other"


@pytest.mark.parametrize(
    ("code", "provider"),
    [
        ("PR0", "parents"), ("PR1", "own"), ("PR2", "other_la"), ("PR3", "other_public"),
        ("PR4", "private"), ("PR5", "voluntary"), (None, "not_recorded"), ("PR9", "not_recorded"),
    ],
)
def test_provider_of_a_code(code: str | None, provider: str) -> None:
    assert codes.provider(code) == provider


@pytest.mark.parametrize(
    ("column", "code", "first", "last"),
    [
        ("PLACE", "K3", 2025, 2027),
        ("PLACE", "P2", 2016, 2024),
        ("PLACE", "Z11", 2026, 2027),
        ("PLACE", "Z1", 2016, 2027),
        ("SEX", "M", 2024, 2027),
        ("SEX", "1", 2016, 2027),
    ],
)
def test_a_code_may_be_used_from_its_first_year_to_its_last(
    column: str, code: str, first: int, last: int
) -> None:
    may = [year for year in range(2016, 2028) if code in codes.valid_codes(column, year)]
    assert may == list(range(first, last + 1))


def test_a_column_without_codes_has_no_valid_codes() -> None:
    with pytest.raises(KeyError):
        codes.valid_codes("URN", 2024)


@pytest.mark.parametrize(("year", "month", "ends"), [(2024, 3, 2024), (2024, 4, 2025),
                                                     (2024, 12, 2025), (2025, 1, 2025)])
def test_a_return_year_is_named_by_its_end(year: int, month: int, ends: int) -> None:
    assert codes.return_year_of(year, month) == ends


def test_everything_shown_has_a_label() -> None:
    assert set(codes.PLACEMENT_GROUP_LABELS) == set(codes.PLACEMENT_GROUPS)
    assert set(codes.PROVIDER_LABELS) == set(codes.PROVIDERS)
    assert set(codes.DFE_PLACEMENT_GROUP) == set(codes.PLACEMENT_GROUPS)
    assert all(entry.label for table in codes.CODE_SETS.values() for entry in table.values())


def test_short_breaks_are_v3_and_v4() -> None:
    assert codes.SHORT_BREAK_LEGAL_STATUSES == {"V3", "V4"}
    assert codes.SAME_CARER_RNE == {"L", "T", "U"}
