"""The gate, against cases worked by hand and against random tables."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.publish.disclosure import disclose, is_hidden, round_half_up, undisclosed
from sufficiency_lib.publish.relations import ColumnSum, RowSum, SameValue, find_relations
from sufficiency_lib.publish.specs import SPECS, TableSpec
from sufficiency_lib.settings import DisclosureSettings

FIVE = DisclosureSettings()


def column(frame: pd.DataFrame, name: str) -> list[object]:
    return frame[name].tolist()


def shown(counts: list[float], *relations: object, **spec: object) -> list[object]:
    """Counts of one column in rows a, b, c …, as published."""
    frame = pd.DataFrame({"place": list("abcdefgh")[: len(counts)], "children": counts})
    made = TableSpec("t", "T", keys=("place",), counts=("children",), relations=relations, **spec)
    return column(disclose(frame, made, FIVE), "children")


def test_counts_from_one_to_the_threshold_are_hidden_and_zero_is_shown():
    assert shown([0, 1, 5, 6, 320]) == [0, "c", "c", 6, 320]


def test_no_threshold_hides_nothing():
    frame = pd.DataFrame({"place": ["a"], "children": [1]})
    spec = TableSpec("t", "T", keys=("place",), counts=("children",))
    assert column(disclose(frame, spec, DisclosureSettings(threshold=0)), "children") == [1]


def test_a_lone_hidden_count_takes_the_smallest_other_with_it():
    # 3 alone is the total less the rest; 12 is the smallest of the others.
    assert shown([3, 40, 12, 0], ColumnSum("children")) == ["c", 40, "c", 0]


def test_two_hidden_ones_that_sum_to_two_take_another():
    # Their sum is known, so each would be 1.
    assert shown([1, 1, 9, 50], ColumnSum("children")) == ["c", "c", "c", 50]


def test_two_hidden_threes_may_each_be_one_to_five():
    # 3 + 3 = 6: either may be 1 to 5, as the mark itself says.
    assert shown([3, 3, 9, 50], ColumnSum("children")) == ["c", "c", 9, 50]


def test_the_total_row_is_hidden_only_when_no_part_is_left():
    counts = [10, 4, 6]
    frame = pd.DataFrame({"place": ["all", "a", "b"], "children": counts})
    relation = ColumnSum("children", (), "place")
    spec = TableSpec("t", "T", keys=("place",), counts=("children",), relations=(relation,))
    assert column(disclose(frame, spec, FIVE), "children") == [10, "c", "c"]
    alone = frame.assign(children=[4, 4, 0])
    assert column(disclose(alone, spec, FIVE), "children") == ["c", "c", 0]


def test_a_small_rest_that_is_not_printed_is_protected():
    # fostering 40 = in-house 25 + agency 13 + 2 not printed: two of the three must go.
    frame = pd.DataFrame(
        {"cohort": ["fostering", "fostering_in_house", "fostering_ifa"], "children": [40, 25, 13]}
    )
    relation = ColumnSum("children", (), "cohort", "fostering",
                         ("fostering_in_house", "fostering_ifa"))
    spec = TableSpec("t", "T", keys=("cohort",), counts=("children",), relations=(relation,))
    assert column(disclose(frame, spec, FIVE), "children") == [40, 25, "c"]


def test_rows_hide_across_and_the_rates_that_rest_on_them():
    frame = pd.DataFrame(
        {
            "rule": ["home_20_miles"] * 3,
            "cohort": ["all", "fostering", "childrens_home"],
            "children": [76, 50, 26],
            "within": [52, 44, 8],
            "beyond": [15, 3, 12],
            "not_known": [9, 3, 6],
            "rate_pct": [68.4, 88.0, 30.8],
            "rate_of_known_pct": [77.6, 93.6, 40.0],
        }
    )
    made = disclose(frame, SPECS["locality"], FIVE)
    # Fostering: beyond 3 and not known 3 are hidden, and each may be 1 to 5, so within stays.
    # Down the columns 3 would be 15 - 12, and 9 - 6: so 12 and 6 go too.
    assert column(made, "children") == [76, 50, 26]
    assert column(made, "within") == [52, 44, 8]
    assert column(made, "beyond") == [15, "c", "c"]
    assert column(made, "not_known") == [9, "c", "c"]
    assert column(made, "rate_pct") == [68.4, 88.0, 30.8]
    assert column(made, "rate_of_known_pct") == [77.6, "c", "c"]


def test_what_is_worth_keeping_is_hidden_last():
    frame = pd.DataFrame(
        {"children": [56], "within": [21], "beyond": [32], "not_known": [3], "cohort": ["a"]}
    )
    parts = ("within", "beyond", "not_known")
    for keep, expected in (((), ["c", 32, "c"]), (("within",), [21, "c", "c"])):
        spec = TableSpec("t", "T", keys=("cohort",), counts=("children", *parts),
                         relations=(RowSum(parts, "children", keep),))
        assert disclose(frame, spec, FIVE).loc[0, list(parts)].tolist() == expected


def test_a_share_is_hidden_with_its_count():
    frame = pd.DataFrame(
        {
            "boundary": ["inside"] * 3 + ["outside"] * 3,
            "distance_band": ["le_20", "gt_20", "not_known"] * 2,
            "children": [60, 2, 10, 20, 30, 8],
            "share_pct": [46.2, 1.5, 7.7, 15.4, 23.1, 6.2],
        }
    )
    made = disclose(frame, SPECS["distance_by_boundary"], FIVE)
    # 2 alone in its row takes 10, alone in its column takes 30; 10 alone takes 8.
    assert column(made, "children") == [60, "c", "c", 20, "c", "c"]
    assert column(made, "share_pct") == [46.2, "c", "c", 15.4, "c", "c"]


def test_nights_are_hidden_by_the_children_behind_them():
    frame = pd.DataFrame(
        {
            "year_ending": ["2025-03-31"] * 3,
            "placement_group": ["fostering", "fostering", "secure"],
            "provider": ["own", "private", "other_la"],
            "nights": [9000, 4000, 300],
            "base_nights": [30, 14, 2],
        }
    )
    made = disclose(frame, SPECS["bed_nights"], FIVE)
    assert column(made, "nights") == [9000, "c", "c"]
    assert "base_nights" not in made


def test_a_change_is_hidden_with_either_end():
    frame = pd.DataFrame(
        {
            "placement_group": ["fostering", "childrens_home", "secure", "temporary"],
            "provider": ["own", "private", "other_la", "not_recorded"],
            "start_date": "2024-03-31",
            "end_date": "2025-03-31",
            "start_children": [100, 30, 2, 0],
            "end_children": [110, 28, 0, 0],
            "change": [10, -2, -2, 0],
            "change_pct": [10.0, -6.7, -100.0, math.nan],
        }
    )
    made = disclose(frame, SPECS["placement_change"], FIVE)
    assert column(made, "start_children") == [100, "c", "c", 0]
    assert column(made, "end_children") == [110, 28, 0, 0]
    assert column(made, "change") == [10, "c", "c", 0]
    assert column(made, "change_pct") == [10.0, "c", "c", "z"]


def test_a_headline_whose_remainder_is_small_is_hidden():
    frame = pd.DataFrame(
        {
            "metric": ["a", "b", "c", "d"],
            "unit": ["%", "%", "children", "children"],
            "numerator": [48, 40, None, None],
            "denominator": [50, 50, None, None],
            "value": [96.0, 80.0, 4.0, 326.0],
        }
    )
    made = disclose(frame, SPECS["headline"], FIVE)
    assert column(made, "numerator") == ["c", 40, "z", "z"]
    assert column(made, "denominator") == [50, 50, "z", "z"]
    assert column(made, "value") == ["c", 80.0, "c", 326]


def test_marks_in_a_frame_made_from_disclosed_ones_go_on():
    frame = pd.DataFrame(
        {"metric": ["a", "b"], "unit": "%", "numerator": ["c", "z"], "denominator": [50, 0],
         "value": ["c", "z"]}
    )
    made = disclose(frame, SPECS["headline"], FIVE)
    assert column(made, "value") == ["c", "z"]
    assert column(made, "numerator") == ["c", "z"]


def test_short_breaks_hide_the_total_and_not_the_figure_printed_elsewhere():
    frame = pd.DataFrame(
        {
            "step": ["open_in_files", "ended_by_repair", "added_by_repair",
                     "open_after_repair", "short_breaks", "looked_after"],
            "children": [62, 0, 0, 62, 7, 55],
            "episodes": [62, 0, 0, 62, 7, 55],
        }
    )
    made = disclose(frame, SPECS["reconciliation"], FIVE)
    assert column(made, "children") == [62, 0, 0, 62, 7, 55]
    few = frame.assign(children=[58, 0, 0, 58, 3, 55])
    hidden = column(disclose(few, SPECS["reconciliation"], FIVE), "children")
    assert hidden[5] == 55 and hidden[4] == "c" and hidden[3] == "c"
    assert "c" in hidden[:3]


def test_undeclared_numbers_are_never_shown_by_oversight():
    frame = pd.DataFrame(
        {"place": ["a"], "children": [3], "siblings": [2], "moved_pct": [66.7], "town": ["Ross"]}
    )
    spec = TableSpec("t", "T", keys=("place",), counts=("children",))
    made = disclose(frame, spec, FIVE)
    assert made.iloc[0].tolist() == ["a", "c", "c", "c", "Ross"]


def test_what_is_missing_is_marked():
    frame = pd.DataFrame(
        {"as_at": ["2024-03-31", "2025-03-31"], "children": [math.nan, 326],
         "rate_per_10000": [math.nan, math.nan]}
    )
    made = disclose(frame, SPECS["children_looked_after"], FIVE)
    assert column(made, "children") == ["x", 326]
    assert column(made, "rate_per_10000") == ["x", "x"]


def test_rounding_is_half_up_and_what_rounds_away_says_so():
    frame = pd.DataFrame({"place": list("abcd"), "children": [12, 13, 2, 0], "share_pct": [
        44.4, 48.5, 7.4, 0.0]})
    spec = TableSpec("t", "T", keys=("place",), counts=("children",),
                     derived={"share_pct": ("children",)})
    made = disclose(frame, spec, DisclosureSettings(threshold=0, round_to=5))
    assert column(made, "children") == [10, 15, "k", 0]
    assert column(made, "share_pct") == [44.0, 49.0, 7.0, 0.0]
    assert round_half_up(7.5, 5) == 10


def test_internal_shows_everything_but_marks_what_is_missing():
    frame = pd.DataFrame(
        {"as_at": ["2025-03-31"], "children": [3], "rate_per_10000": [math.nan], "base_children": 3}
    )
    made = undisclosed(frame, SPECS["children_looked_after"])
    assert made.iloc[0].tolist() == ["2025-03-31", 3, "x"]


def test_the_same_number_in_two_rows_is_hidden_in_both():
    frame = pd.DataFrame(
        {
            "rule": ["home_20_miles", "in_area"],
            "cohort": ["fostering", "fostering"],
            "children": [30, 30],
            "within": [27, 10],
            "beyond": [3, 20],
            "not_known": [0, 0],
        }
    )
    spec = TableSpec("t", "T", keys=("rule", "cohort"), counts=("children", "within", "beyond"),
                     relations=(RowSum(("within", "beyond"), "children", keep=("within",)),
                                SameValue("children", ("cohort",))))
    made = disclose(frame, spec, FIVE)
    assert column(made, "within") == ["c", 10]
    assert column(made, "children") == [30, 30]


def left_alone(frame: pd.DataFrame, spec: TableSpec) -> list[object]:
    """The sums that still have exactly one member that a reader does not see."""
    made = disclose(frame, spec, FIVE)
    hidden = {
        (row, name)
        for name in spec.counts
        for row, cell in enumerate(made[name])
        if isinstance(cell, str) and cell == "c"
    }
    alone = []
    for members in find_relations(frame.reset_index(drop=True), spec.relations):
        unseen = [m for m in members if is_hidden(m, hidden, FIVE.threshold)]
        if len(unseen) == 1:
            alone.append(members)
    return alone


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=11, max_size=11))
def test_no_sum_of_the_locality_table_is_left_with_one_hidden_member(rows):
    counts = pd.DataFrame(rows, columns=["within", "beyond", "not_known"])
    counts["cohort"] = PLACEMENT_GROUPS
    everyone = counts[["within", "beyond", "not_known"]].sum().to_frame().T.assign(cohort="all")
    frame = pd.concat([everyone, counts], ignore_index=True).assign(rule="home_20_miles")
    frame["children"] = frame["within"] + frame["beyond"] + frame["not_known"]
    assert not left_alone(frame, SPECS["locality"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_no_sum_of_a_cross_table_is_left_with_one_hidden_member(counts):
    frame = pd.DataFrame(
        {
            "boundary": ["inside"] * 3 + ["outside"] * 3,
            "distance_band": ["le_20", "gt_20", "not_known"] * 2,
            "children": counts,
        }
    )
    assert not left_alone(frame, SPECS["distance_by_boundary"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=8, max_size=8))
def test_hidden_parts_of_a_known_total_could_each_be_one_to_the_threshold(counts):
    made = shown(counts, ColumnSum("children"))
    hidden = [value for value, cell in zip(counts, made, strict=True) if cell == "c"]
    rest = [value for value, cell in zip(counts, made, strict=True) if cell != "c" and value]
    if hidden and (rest or sum(counts) > FIVE.threshold) and len(hidden) < 8 and rest:
        assert sum(hidden) >= len(hidden) + FIVE.threshold - 1


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.id)
def test_every_specification_takes_an_empty_frame(spec):
    columns = [*spec.keys, *spec.counts, *spec.derived]
    made = disclose(pd.DataFrame(columns=columns), spec, FIVE)
    assert list(made.columns) == columns


def test_the_total_of_fostering_goes_before_its_two_parts() -> None:
    cohorts = {
        "all": 330, "kinship_fostering": 42, "fostering": 194, "childrens_home": 92, "secure": 2,
        "fostering_in_house": 129, "fostering_ifa": 63,
    }
    frame = pd.DataFrame({"rule": "in_area", "cohort": cohorts, "children": cohorts})
    frame["cohort"] = frame.index
    shown = disclose(frame, SPECS["locality"], DisclosureSettings()).set_index("cohort")["children"]
    # 194 less 129 and 63 would give away the two whom another authority fosters.
    assert shown.to_dict() == cohorts | {"fostering": "c", "secure": "c"}


@pytest.mark.parametrize("private", [False, True])
def test_a_rest_that_is_printed_nowhere_needs_no_more_hidden(private: bool) -> None:
    """3 of 60 are hidden and 40 shown; the other 17 stand in no table, so 3 cannot be told."""
    frame = pd.DataFrame({"key": ["all", "a", "b"], "children": [60, 3, 40]})
    relation = ColumnSum("children", key="key", total="all", rest_is_private=private)
    spec = TableSpec("own", "Own", keys=("key",), counts=("children",), relations=(relation,))
    made = disclose(frame, spec, DisclosureSettings())["children"].tolist()
    assert made == ([60, "c", 40] if private else [60, "c", "c"])


def test_a_column_of_rates_and_counts_rounds_each_as_what_it_is() -> None:
    spec = TableSpec(
        id="t", title="T", keys=("metric", "unit"), counts=("numerator", "denominator"),
        derived={"value": ("numerator", "denominator")},
        counts_when={"value": ("unit", ("children",))},
    )
    frame = pd.DataFrame({
        "metric": ["a", "b"], "unit": ["%", "children"], "value": [92.4, 333.0],
        "numerator": [121.0, np.nan], "denominator": [131.0, np.nan],
    })
    shown = disclose(frame, spec, DisclosureSettings(threshold=5, round_to=5))
    assert shown["value"].tolist() == [92.0, 335]
    assert shown["numerator"].tolist()[0] == 120
