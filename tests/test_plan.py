"""One decision for all tables: nothing that one hides is told by another."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import publishing
import pytest

from sufficiency_lib.publish.linked import Part, row_names
from sufficiency_lib.publish.page import Page
from sufficiency_lib.publish.plan import Plan, plan
from sufficiency_lib.publish.relations import ColumnSum
from sufficiency_lib.publish.specs import SPECS, TableSpec

DAY = "2025-03-31"
SETTINGS = SimpleNamespace(threshold=5, round_to=1)


def part(kind: str, frame: pd.DataFrame, as_id: str | None = None) -> Part:
    spec = SPECS[kind]
    return Part(kind, spec.named(as_id) if as_id else spec, frame, DAY)


def uasc(few: int = 3, others: int = 97, day: str = DAY) -> Part:
    return part("children_by_uasc", pd.DataFrame({
        "as_at": [day] * 2, "uasc": ["uasc", "not_uasc"], "children": [few, others],
        "share_pct": [3.0, 97.0]}))


def looked_after(children: int = 100) -> Part:
    return part("children_looked_after", pd.DataFrame({
        "as_at": [DAY], "children": [children], "rate_per_10000": [50.0],
        "population_0_17": [20_000], "estimate_year": [2024]}))


def cells(made: Plan, kind: str) -> set[tuple[str, str]]:
    return {("|".join(row), column) for row, column in made.hidden.get(kind, ())}


def test_the_rest_of_a_total_that_another_table_prints_is_hidden_too() -> None:
    made = plan([uasc(), looked_after()], SETTINGS)
    assert cells(made, "children_by_uasc") == {
        (f"{DAY}|uasc", "children"), (f"{DAY}|not_uasc", "children")
    }
    assert cells(made, "children_looked_after") == set()


def test_a_cell_hidden_in_one_table_is_hidden_wherever_it_is_printed() -> None:
    trend = part("locality_trend", pd.DataFrame({
        "as_at": [DAY], "rule": ["home_20_miles"], "children": [100], "within": [60],
        "beyond": [36], "not_known": [4], "rate_pct": [60.0], "rate_of_known_pct": [62.5]}))
    bands = part("distance_by_boundary", pd.DataFrame({
        "boundary": ["inside", "inside", "inside", "outside", "outside", "outside"],
        "distance_band": ["le_20", "gt_20", "not_known"] * 2,
        "children": [50, 6, 4, 10, 30, 0], "share_pct": [50.0, 6.0, 4.0, 10.0, 30.0, 0.0]}))
    made = plan([trend, bands, looked_after()], SETTINGS)
    # Not known is 4 in both; beyond is 36, and the table of bands must not give it by its parts.
    assert (f"{DAY}|home_20_miles", "not_known") in cells(made, "locality_trend")
    assert ("inside|not_known", "children") in cells(made, "distance_by_boundary")
    hidden = {at for at, _ in cells(made, "distance_by_boundary")}
    within, beyond = "within", "beyond"
    trend_hides = {column for _, column in cells(made, "locality_trend")}
    assert trend_hides & {within, beyond}
    for column, parts in ((within, {"inside|le_20", "outside|le_20"}),
                          (beyond, {"inside|gt_20", "outside|gt_20"})):
        assert column not in trend_hides or parts & hidden


def test_where_nobody_is_few_nothing_is_hidden() -> None:
    assert plan([uasc(20, 80), looked_after()], SETTINGS).hidden == {}


def test_a_table_published_twice_hides_the_same_under_both_names() -> None:
    frame = uasc().frame
    made = plan([uasc(), part("children_by_uasc", frame, as_id="again"), looked_after()], SETTINGS)
    assert cells(made, "children_by_uasc") == cells(made, "again") != set()


def test_a_table_of_its_own_is_hidden_by_its_own_sums() -> None:
    spec = TableSpec("own", "Own", keys=("place",), counts=("children",))
    frame = pd.DataFrame({"place": ["a", "b"], "children": [3, 40]})
    made = plan([Part("own", spec, frame, DAY)], SETTINGS)
    assert made.hidden == {"own": frozenset({(("a",), "children")})}


def test_few_children_behind_many_nights_are_hidden() -> None:
    nights = part("bed_nights_by_cohort", pd.DataFrame({
        "year_ending": [DAY] * 2, "cohort": ["secure", "childrens_home"],
        "nights": [700, 9000], "base_nights": [2, 30]}))
    assert cells(plan([nights], SETTINGS), "bed_nights_by_cohort") >= {(f"{DAY}|secure", "nights")}


def test_a_plan_is_laid_over_a_frame_by_what_its_rows_are_about() -> None:
    made = plan([uasc(), looked_after()], SETTINGS)
    frame = uasc().frame.iloc[::-1].reset_index(drop=True)
    assert made.of(SPECS["children_by_uasc"], frame) == {(0, "children"), (1, "children")}
    other = uasc(day="2024-03-31").frame
    assert made.of(SPECS["children_by_uasc"], other) == set()
    assert Plan().of(SPECS["children_by_uasc"], frame) == set()


def test_a_plan_is_kept_as_text() -> None:
    made = plan([uasc(), looked_after()], SETTINGS)
    assert Plan.from_json(made.as_json()) == made


def test_rows_alike_have_names_of_their_own() -> None:
    spec = TableSpec("own", "Own", keys=("place",), counts=("children",))
    frame = pd.DataFrame({"place": ["a", "a", "b"], "children": [1, 2, 3]})
    assert row_names(spec, frame) == [("a",), ("a", "2"), ("b",)]


@pytest.mark.parametrize("threshold", [0, 5, 10])
def test_the_threshold_is_the_profile_s(threshold: int) -> None:
    made = plan([uasc(7, 93), looked_after()], SimpleNamespace(threshold=threshold, round_to=1))
    assert bool(made.hidden) == (threshold >= 7)


def test_a_frame_of_the_edition_hides_what_the_plan_says_and_no_more() -> None:
    """2 + 40 + 60 = 102. The plan hides 2 and 40; another frame of that name is hidden alone."""
    spec = TableSpec("own", "Own", keys=("place",), counts=("children",),
                     relations=(ColumnSum("children", (), "place"),))
    frame = pd.DataFrame({"place": ["a", "b", "c", "total"], "children": [2, 40, 60, 102]})
    made = plan([Part("own", spec, frame, DAY)], SETTINGS)
    assert made.decides(spec, frame) and made.of(spec, frame) == {(0, "children"), (1, "children")}
    other = frame.assign(children=[2, 30, 60, 92])
    assert not made.decides(spec, other)
    assert not made.decides(spec.named("twin"), frame) and not Plan().decides(spec, frame)
    page = publishing.page()
    planned = Page(page.profile, page.parameters, as_at=page.as_at, plan=lambda: Plan(
        {"own": frozenset({(("a",), "children")})}, made.decided))
    # A plan that hid too little shows that rule 2 is the plan's for its own frames alone.
    assert planned.disclose("own", frame, spec)["children"].tolist() == ["c", 40, 60, 102]
    assert planned.disclose("own", other, spec)["children"].tolist() == ["c", "c", 60, 92]
