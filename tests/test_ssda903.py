"""A table of the return is what its columns make it."""

from __future__ import annotations

import itertools
import random

import pytest

from sufficiency_lib.intake.ssda903 import SYNONYMS, TABLES, recognise, standard_names


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_is_recognised_by_its_columns_in_any_order(name: str) -> None:
    columns = list(TABLES[name].columns)
    random.Random(name).shuffle(columns)
    assert recognise(columns) == name
    assert recognise([*columns, "LA", "YEAR"]) == name
    assert recognise([*columns, "NOTES"]) == name


def test_no_table_can_be_taken_for_another() -> None:
    for one, other in itertools.permutations(TABLES.values(), 2):
        assert not set(one.marks) <= set(other.columns), (one.name, other.name)


@pytest.mark.parametrize(
    ("columns", "table"),
    [
        (["CHILD", "DECOM", "DEC", "RNE", "LS", "PLACE"], "episodes"),
        (["CHILD", "DECOM", "PLACE"], "episodes"),
        (["CHILD", "DOB", "SEX"], "header"),
        (["CHILD", "DOB", "SEX", "ETHNIC"], "header"),
        (["CHILD", "SEX", "DOB", "DUC"], "uasc"),
        (["CHILD", "DOB"], None),
        (["CHILD"], None),
        ([], None),
        (["URN", "PROVIDER_NAME", "PLACES", "POSTCODE"], None),
        (["CHILD_ID", "START_DATE", "END_DATE", "PLACE_CODE", "COST_GBP_PER_WEEK"], None),
        (["MID_YEAR", "AGE_GROUP", "CHILDREN"], None),
    ],
)
def test_recognition(columns: list[str], table: str | None) -> None:
    assert recognise(columns) == table


def test_synonyms_lead_to_columns_that_some_table_has() -> None:
    known = {column for table in TABLES.values() for column in table.columns}
    assert set(SYNONYMS.values()) <= known
    assert not set(SYNONYMS) & known


@pytest.mark.parametrize(
    ("columns", "renamed"),
    [
        (["CHILDID", "PL"], {"CHILDID": "CHILD", "PL": "PLACE"}),
        (["CHILD", "CHILDID"], {}),
        (["CHILDID", "CHILD_ID"], {"CHILDID": "CHILD"}),
        (["PLACEMENT", "PL", "DECOM"], {"PL": "PLACE"}),
        (["DECOM"], {}),
    ],
)
def test_a_standard_name_is_given_once(columns: list[str], renamed: dict[str, str]) -> None:
    assert standard_names(columns) == renamed
