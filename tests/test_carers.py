"""Fostering households: joining, leaving, the places they have, and the nights that are used."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from histories import STORAGES, history, many, quickly, stored_as
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.carers import (
    current_mainstream,
    fostering_bed_use,
    fostering_capacity,
    fostering_households,
)

START, DAY = "2024-03-31", "2025-03-31"
ORDINARY = {
    "household_id": "", "carer_type": "general", "approved_date": "2019-05-01",
    "left_date": None, "places_approved": 2, "children_placed": 1,
}


def households(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """One row an approval; households are numbered where they are not named."""
    frame = pd.DataFrame([ORDINARY | {"household_id": f"h{n}"} | row
                          for n, row in enumerate(rows)], columns=list(ORDINARY))
    for name in ("approved_date", "left_date"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ms]")
    for name in ("places_approved", "children_placed"):
        frame[name] = frame[name].astype("Int64")
    text = ["household_id", "carer_type"]
    return stored_as(frame.astype(dict.fromkeys(text, object)), storage)


_approval = st.tuples(st.sampled_from("abc"), st.integers(0, 900), st.none() | st.integers(0, 400))


@given(st.lists(_approval, min_size=1, max_size=6))
@settings(quickly, max_examples=12)
def test_households_are_those_of_the_year_before_and_net(approvals) -> None:
    first = pd.Timestamp("2023-01-01")
    rows = [{"household_id": name, "approved_date": first + pd.Timedelta(days=start),
             "left_date": None if length is None else first + pd.Timedelta(days=start + length)}
            for name, start, length in approvals]
    found = fostering_households(households(*rows), [START, DAY, "2026-03-31"])
    found = found[found["carer_group"] == "mainstream"]
    assert (found["households"].diff().iloc[1:] == found["net"].iloc[1:]).all()
    frame = households(*rows)
    for row in found.to_dict("records"):
        day = pd.Timestamp(row["year_ending"])
        open_then = (frame["approved_date"] <= day) & ~(frame["left_date"] < day)
        assert row["households"] == frame.loc[open_then, "household_id"].nunique()


def test_a_new_approval_the_day_after_is_the_same_stay() -> None:
    def joined_and_left(second: str) -> list[int]:
        rows = households({"household_id": "a", "left_date": "2024-08-31"},
                          {"household_id": "a", "approved_date": second})
        found = fostering_households(rows, [DAY]).iloc[0]
        return [int(found["joined"]), int(found["left"])]

    assert joined_and_left("2024-09-01") == joined_and_left("2024-06-01") == [0, 0]
    assert joined_and_left("2024-09-02") == [1, 1]


@pytest.mark.parametrize("storage", STORAGES)
def test_capacity_of_households_at_once_is_that_of_each_alone(storage: str) -> None:
    one, two = households({}, {"carer_type": "kinship"}), households({"places_approved": 3})
    both = pd.concat([one.assign(whose="a"), two.assign(whose="b")], ignore_index=True)
    found = fostering_capacity(stored_as(both, storage), DAY, by=["whose"])
    rows = found[found["carer_group"] == "mainstream"]
    assert rows[["whose", "places", "vacant_places"]].to_numpy().tolist() == [
        ["a", 2, 1], ["b", 3, 2]]


def test_a_household_counts_by_its_latest_approval() -> None:
    rows = households({"household_id": "a", "places_approved": 1},
                      {"household_id": "a", "approved_date": "2024-01-01", "places_approved": 3},
                      {"household_id": "b", "left_date": "2025-03-30"},
                      {"household_id": "c", "carer_type": "kinship"})
    assert current_mainstream(rows, DAY).tolist() == [False, True, False, False]
    found = fostering_capacity(rows, DAY).set_index("carer_group")
    assert found.loc["mainstream", ["households", "places"]].tolist() == [1, 3]


def test_children_of_fewer_than_three_households_are_hidden_and_so_are_those_of_the_rest() -> None:
    many_children = {"places_approved": 9, "children_placed": 8}
    rows = households(*[many_children] * 5, *[{**many_children, "carer_type": "specialist"}] * 2)
    shown = publishing.page().disclose("fostering_capacity", fostering_capacity(rows, DAY))
    shown = shown.set_index("carer_group")
    assert shown["filled"].tolist() == ["c", "c", 56]
    for column in ("vacant_places", "occupancy_pct", "children_per_household_average"):
        assert shown.loc["specialist", column] == shown.loc["general", column] == "c"
    assert shown["places"].tolist() == [45, 18, 63]


def test_a_household_of_a_kind_or_places_not_known_is_mainstream_and_gives_none() -> None:
    rows = households({}, {"carer_type": None, "places_approved": None})
    found = fostering_capacity(rows, DAY)
    shown = ["carer_group", "households", "households_told", "filled", "base_filled"]
    assert found[shown].to_numpy().tolist() == [
        ["general", 1, 1, 1, 1], ["not_known", 1, 0, 0, 0], ["mainstream", 2, 1, 1, 1]]
    assert fostering_bed_use(rows, history(), [DAY])["capacity_nights"].tolist() == [2 * 365]


def test_the_children_of_two_households_are_behind_a_base_of_one() -> None:
    for number, base in ((2, 1), (3, 6)):
        found = fostering_capacity(households(*[{"children_placed": 2}] * number), DAY)
        assert found["base_filled"].tolist() == [base, base]


def test_herefordshire_had_1_2_children_a_household() -> None:
    rows = households(*[{"children_placed": 2}] * 20, *[{"children_placed": 1}] * 80)
    found = fostering_capacity(rows, DAY).set_index("carer_group")
    assert found.loc["mainstream", "children_per_household_average"] == 1.2


def test_herefordshires_170_beds_and_53_000_nights_are_85_per_cent() -> None:
    """145 children all year are 52,925 nights; one more came for the last 75."""
    rows = households(*[{}] * 85)
    episodes = many([(145, {}), (1, {"decom": "2025-01-16"})])
    found = fostering_bed_use(rows, episodes, [DAY]).iloc[0]
    assert (found["average_places"], found["capacity_nights"]) == (170, 170 * 365)
    assert (found["nights"], found["base_nights"]) == (53_000, 146)
    assert round(found["use_pct"]) == 85


def test_the_nights_of_a_leap_year_and_of_overlapping_approvals_count_once() -> None:
    rows = households({"household_id": "a", "left_date": "2024-03-31"},
                      {"household_id": "a", "approved_date": "2024-03-01", "places_approved": 3})
    found = fostering_bed_use(rows, history(), ["2024-03-31"]).iloc[0]
    assert found["capacity_nights"] == 2 * 335 + 3 * 31
    assert found["use_pct"] == 0 and found["base_nights"] == 0


def test_the_last_day_of_an_approval_is_a_night_of_its_places() -> None:
    # Two places from 1 to 10 April: 20 nights, and 0.05 places on an average night.
    found = fostering_bed_use(households({"left_date": "2024-04-10"}), history(), [DAY]).iloc[0]
    assert (found["capacity_nights"], found["average_places"]) == (20, 0.1)


def test_several_councils_at_once_are_each_alone() -> None:
    rows = pd.concat([households({}).assign(whose="a"), households({}, {}).assign(whose="b")])
    episodes = history({}, {}).assign(whose=["a", "b"])
    found = fostering_bed_use(rows, episodes, [START, DAY], by=["whose"])
    assert found[["whose", "capacity_nights", "nights"]].to_numpy().tolist() == [
        ["a", 732, 0], ["a", 730, 365], ["b", 1464, 0], ["b", 1460, 365]]


def test_without_carers_tables_have_their_columns_and_no_rows() -> None:
    nothing, some = empty_table("carers"), households({})
    pairs = [
        (fostering_households(nothing, [DAY]), fostering_households(some, [DAY])),
        (fostering_capacity(nothing, DAY), fostering_capacity(some, DAY)),
        (fostering_bed_use(nothing, history({}), [DAY]), fostering_bed_use(some, history(), [DAY])),
    ]
    for empty, full in pairs:
        assert empty.empty and list(empty) == list(full)
    assert fostering_households(some, []).empty and fostering_bed_use(some, history(), []).empty
