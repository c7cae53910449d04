"""The registry has every column once, and every file's and table's columns are in it."""

from __future__ import annotations

import pytest

from sufficiency_lib import codes, fields
from sufficiency_lib.intake.local_schemas import (
    LOCAL_CODES,
    LOCAL_TABLES,
    codes_of,
    dtypes_of,
    empty_table,
    local_kind,
    schema_of,
)
from sufficiency_lib.intake.ssda903 import TABLES
from sufficiency_lib.publish.specs import SPECS

KINDS = {"text", "integer", "number", "date", "code", "yes_no"}


def test_every_column_is_there_once() -> None:
    names = [row[0] for row in fields._ROWS]
    assert len(names) == len(set(names)) == len(fields.FIELDS)
    assert {one.kind for one in fields.FIELDS.values()} <= KINDS
    assert all(one.label and one.source for one in fields.FIELDS.values())


def test_every_code_set_of_the_registry_is_one() -> None:
    known = {*codes.CODE_SETS, *LOCAL_CODES, "PROVIDERS", "LOCALITY_RULES", "DISTANCE_BANDS"}
    assert {one.codes for one in fields.FIELDS.values() if one.codes} <= known


def test_bounds_are_of_numbers_and_in_order() -> None:
    assert set(fields._BOUNDS) <= set(fields.FIELDS) and set(fields._PRIVATE) <= set(fields.FIELDS)
    for name in fields._BOUNDS:
        one = fields.FIELDS[name]
        assert one.kind in ("integer", "number") and one.least < one.most
        assert one.doubtful_above is None or one.least < one.doubtful_above < one.most


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_of_the_return_is_in_the_registry(table) -> None:
    assert set(table.columns) <= set(fields.FIELDS)


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.id)
def test_every_column_of_a_published_table_is_in_the_registry(spec) -> None:
    shown = {*spec.keys, *spec.counts, *spec.derived, *spec.labels, *spec.hide}
    assert sorted(shown - set(fields.FIELDS)) == []


@pytest.mark.parametrize("kind", LOCAL_TABLES)
def test_a_schema_is_what_the_registry_says(kind: str) -> None:
    table, schema = LOCAL_TABLES[kind], schema_of(kind)
    assert set(schema.columns) == {*table.columns, "source_file", "source_line"}
    assert set(table.columns) <= set(fields.FIELDS) and set(table.key) <= set(table.columns)
    assert set(table.marks) <= set(table.columns)
    for name in table.columns:
        one, column = fields.FIELDS[name], schema.columns[name]
        assert column.nullable == (name not in table.filled)
        told = {check.error for check in column.checks}
        assert ("unknown_code" in told) == (one.kind == "code")
        assert ("out_of_bounds" in told) == (one.least is not None)
    assert list(schema.validate(empty_table(kind), lazy=True)) == list(dtypes_of(kind))
    for rule in table.rules:
        assert rule.column in rule.among and set(rule.among) <= set(table.columns)
        assert rule.then in ("row_out", "cell_blank", "kept")


def test_circumstances_are_known_by_either_of_what_they_say() -> None:
    for said in ("sibling_group_id", "is_disabled"):
        assert local_kind(["child_id", said]) == "circumstances"
    assert local_kind(["child_id"]) is None


@pytest.mark.parametrize("kind", sorted({*LOCAL_TABLES} - {"circumstances"}))
def test_a_local_input_is_known_by_its_columns_even_with_one_required_lost(kind: str) -> None:
    table = LOCAL_TABLES[kind]
    assert local_kind(table.columns) == local_kind(table.required) == kind
    telling = {("population", "mid_year"), ("edge_of_care", "edge_group")}
    for lost in table.required:
        left = [name for name in table.columns if name != lost]
        assert local_kind(left) == (None if (kind, lost) in telling else kind)


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.id)
def test_what_the_suite_publishes_is_no_local_input(spec) -> None:
    assert local_kind({*spec.keys, *spec.counts, *spec.derived}) is None


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_of_the_return_is_no_local_input(table) -> None:
    assert local_kind(table.columns) is None


def test_the_codes_of_a_column() -> None:
    assert list(codes_of(fields.FIELDS["sector"])) == ["own", "private", "voluntary",
                                                       "other_public"]
    assert list(codes_of(fields.FIELDS["place_code"])) == list(codes.PLACE)
    assert list(codes_of(fields.FIELDS["placement_group_made"])) == list(codes.PLACEMENT_GROUPS)
    assert codes_of(fields.FIELDS["places"]) == {}


def test_a_label_and_a_unit() -> None:
    assert fields.label("cost_gbp_per_week") == "Weekly cost"
    assert fields.unit("cost_gbp_per_week") == "£ per week"
    assert fields.label("never_heard_of") == "Never heard of"
    assert fields.unit("never_heard_of") is None
