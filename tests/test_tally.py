"""Counting for every area at once is counting each area alone."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, quickly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics import tally as tally_module
from sufficiency_lib.metrics.tally import (
    all_levels,
    areas_of,
    areas_together,
    as_objects,
    for_each_area,
    tally,
    total_within,
    with_counts,
)

LEVELS = {"sex": ["f", "m"], "band": ["young", "old"]}

rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("fmx"), st.sampled_from(["young", "old"]),
              st.integers(0, 9), st.sampled_from("pqr")),
    max_size=30,
).map(lambda found: pd.DataFrame(found, columns=["area", "sex", "band", "nights", "child"]))


@quickly
@given(rows)
def test_a_tally_by_area_is_each_area_s_tally(frame: pd.DataFrame) -> None:
    together = tally(frame, LEVELS, areas_of(frame, ["area"]))
    alone = [
        tally(part, LEVELS, areas_of(part, [])).assign(area=area)
        for area, part in frame.groupby("area")
    ]
    expected = pd.concat(alone)[together.columns] if alone else together
    assert together.to_numpy().tolist() == expected.to_numpy().tolist()


@quickly
@given(rows)
def test_every_row_with_a_listed_value_is_counted_once(frame: pd.DataFrame) -> None:
    listed = frame[frame["sex"].isin(LEVELS["sex"])]
    areas = areas_of(frame, [])
    assert tally(frame, LEVELS, areas)["children"].sum() == len(listed)
    nights = tally(frame, LEVELS, areas, name="nights", weight="nights")
    assert nights["nights"].sum() == listed["nights"].sum()


@pytest.mark.parametrize("storage", STORAGES)
def test_counts_weights_and_different_children(storage: str) -> None:
    frame = stored_as(
        pd.DataFrame({"sex": ["f", "f", "m"], "nights": [3, 4, 5], "child": ["p", "p", "q"]},
                     dtype=object).astype({"nights": int}), storage)
    levels, areas = {"sex": ["f", "m", "u"]}, areas_of(frame, [])
    assert tally(frame, levels, areas)["children"].tolist() == [2, 1, 0]
    assert tally(frame, levels, areas, weight="nights")["children"].tolist() == [7, 5, 0]
    assert tally(frame, levels, areas, distinct="child")["children"].tolist() == [1, 1, 0]


def test_without_keys_there_is_one_count() -> None:
    frame = pd.DataFrame({"child": ["p", "p", "q"], "nights": [1, 2, 3]})
    whole = pd.DataFrame({"label": ["all"]})
    assert with_counts(whole, frame, [])["children"].tolist() == [3]
    assert with_counts(whole, frame, [], distinct="child")["children"].tolist() == [2]
    assert with_counts(whole, frame, [], weight="nights")["children"].tolist() == [6]


def test_no_rows_count_to_nought() -> None:
    frame = pd.DataFrame({"area": [], "sex": [], "band": []}, dtype=object)
    assert tally(frame, LEVELS, areas_of(frame, []))["children"].tolist() == [0, 0, 0, 0]
    assert tally(frame, LEVELS, areas_of(frame, ["area"])).empty


def test_levels_keep_their_order_and_totals_their_rows() -> None:
    assert all_levels({"a": [2, 1], "b": ["x"]}).to_numpy().tolist() == [[2, "x"], [1, "x"]]
    frame = pd.DataFrame({"y": [1, 2, 1], "n": [3, 4, 5]})
    assert total_within(frame, "n", ["y"]).tolist() == [8, 4, 8]
    assert total_within(frame, "n", []).tolist() == [12, 12, 12]


def test_each_area_makes_its_table_and_none_makes_an_empty_one() -> None:
    frame = pd.DataFrame({"area": ["b", "a", "b"], "n": [1, 2, 3]})

    def most(part: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"most": [part["n"].max()]})

    assert for_each_area(most, frame, ["area"]).to_numpy().tolist() == [["a", 2], ["b", 3]]
    assert for_each_area(most, frame, []).to_numpy().tolist() == [[3]]


def test_a_tally_is_named_and_numbered_as_asked_and_nothing_has_no_rows() -> None:
    rows = pd.DataFrame({"authority": ["b", "a"], "sex": ["f", "f"]}, index=[7, 3])
    areas = tally_module.areas_of(rows, ["authority"])
    assert areas.index.tolist() == [0, 1]
    got = tally_module.tally(rows, {"sex": ["f"]}, areas, name="starts")
    assert got.to_dict("list") == {"authority": ["a", "b"], "sex": ["f", "f"], "starts": [1, 1]}
    assert tally_module.has_rows(rows, rows[:0], []).to_dict() == {7: False, 3: False}
    assert tally_module.has_rows(rows, rows[:1], ["authority"]).to_dict() == {7: True, 3: False}
    none = tally_module.for_each_area(lambda part: part[["sex"]], rows[:0], ["authority"])
    assert none.empty


def test_counts_of_no_areas_are_whole_numbers_too() -> None:
    rows = pd.DataFrame({"area": [], "sex": []}, dtype=object)
    assert tally(rows, {"sex": ["f"]}, areas_of(rows, ["area"]))["children"].dtype == "int64"
    assert areas_of(rows, []).index.tolist() == [0]


def test_areas_stand_together_each_in_the_order_it_had() -> None:
    """Hundreds of rows, as a sort of few keeps their order whatever it promises."""
    rows = pd.DataFrame({"area": list("ba") * 200, "n": range(400)}, index=range(400, 0, -1))
    rows["area"] = rows["area"].astype(object)
    together = areas_together(rows, ["area"])
    assert together["n"].tolist() == [*range(1, 400, 2), *range(0, 400, 2)]
    assert together.index.tolist() == list(range(400))
    assert areas_together(rows, []).equals(rows)


def test_areas_held_as_categories_are_those_that_there_are() -> None:
    kinds = pd.CategoricalDtype(["a", "b", "c"])
    frame = pd.DataFrame({"area": pd.Series(["b", "a", "b"], dtype=kinds), "n": [1, 2, 3]})
    asked = []

    def most(part: pd.DataFrame) -> pd.DataFrame:
        asked.append(part["n"].tolist())
        return pd.DataFrame({"most": [part["n"].max()]})

    got = for_each_area(most, frame, ["area"])
    assert asked == [[2], [1, 3]]
    assert got.to_dict("list") == {"area": ["a", "b"], "most": [2, 3]}
    assert got.index.tolist() == [0, 1]


def test_keys_that_are_stored_in_two_ways_are_made_alike() -> None:
    frame = pd.DataFrame({"sex": pd.Series(["f", "m"], dtype="category"), "n": [1, 2]})
    got = as_objects(frame, ["sex"])
    assert [str(kind) for kind in got.dtypes] == ["object", "int64"]
    assert got["sex"].tolist() == ["f", "m"]
