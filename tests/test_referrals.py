"""Placements sought: how searches ended, how long they took, and what was used."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from histories import STORAGES, quickly, stored_as
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.referrals import MADE, searches, searches_by_type, sought_and_made

DAY = "2025-03-31"
ENDS = ["placed", "placed_unregistered", "withdrawn", "still_open"]
ORDINARY = {
    "referral_id": "", "child_id": "", "referral_date": "2024-05-01",
    "placed_date": "2024-05-04", "placement_group_sought": "fostering",
    "placement_group_made": "fostering", "outcome": "placed", "offers": 1, "refusals": 2,
}
OPEN = {"outcome": "open", "placed_date": None, "placement_group_made": None}


def sought(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """One row a search, each of another child where none is named."""
    frame = pd.DataFrame([ORDINARY | {"referral_id": f"r{n}", "child_id": f"c{n}"} | row
                          for n, row in enumerate(rows)], columns=list(ORDINARY))
    for name in ("referral_date", "placed_date"):
        frame[name] = pd.to_datetime(frame[name])
    for name in ("offers", "refusals"):
        frame[name] = frame[name].astype("Int64")
    text = [name for name in frame if frame[name].dtype in ("str", "object")]
    return stored_as(frame.astype(dict.fromkeys(text, object)), storage)


_search = st.fixed_dictionaries({
    "outcome": st.sampled_from(["placed", "placed_unregistered", "withdrawn", "open"]),
    "placement_group_sought": st.sampled_from(PLACEMENT_GROUPS),
    "placement_group_made": st.none() | st.sampled_from(PLACEMENT_GROUPS),
    "child_id": st.none() | st.sampled_from("ab"),
    "offers": st.none() | st.integers(0, 5),
})


@given(st.lists(_search, min_size=1, max_size=8))
@settings(quickly, max_examples=6)
def test_every_search_ends_in_one_way_and_stands_in_each_table(rows) -> None:
    frame = sought(*rows)
    year = searches(frame, [DAY]).iloc[0]
    kinds = searches_by_type(frame, [DAY])
    used = sought_and_made(frame, [DAY])
    assert year["searches"] == len(rows) == sum(year[ENDS])
    assert (kinds[["searches", *ENDS]].sum() == year[["searches", *ENDS]]).all()
    assert used[list(MADE)].to_numpy().sum() == year["placed"]
    assert used["unregistered_made"].sum() == year["placed_unregistered"]
    named = {row["child_id"] for row in rows if row["child_id"]}
    assert year["base_searches"] == len(named) + sum(row["child_id"] is None for row in rows)


@pytest.mark.parametrize("storage", STORAGES)
def test_days_are_of_registered_placements_and_quartiles_need_ten(storage: str) -> None:
    rows = [{"placed_date": f"2024-05-{1 + days:02d}"} for days in range(1, 10)]
    late = {"placed_date": "2024-06-30", "outcome": "placed_unregistered"}
    few = searches(sought(*rows, late, OPEN, storage=storage), [DAY]).iloc[0]
    assert few["median_days"] == 5.0 and pd.isna(few["lower_quartile_days"])
    ten = searches(sought(*rows, {"placed_date": "2024-05-11"}, storage=storage), [DAY]).iloc[0]
    assert [ten[name] for name in ("lower_quartile_days", "median_days", "upper_quartile_days")] \
        == [3.3, 5.5, 7.8]


def test_a_search_is_of_the_year_in_which_it_began() -> None:
    frame = sought({"referral_date": "2024-03-31"}, {"referral_date": "2024-04-01"})
    found = searches(frame, ["2023-03-31", "2024-03-31", DAY])
    assert found["year_ending"].tolist() == ["2024-03-31", DAY]
    assert found["searches"].tolist() == [1, 1]


def test_one_child_behind_many_searches_is_hidden() -> None:
    frame = sought(*[{"child_id": "a"}] * 30)
    shown = publishing.page().disclose("searches", searches(frame, [DAY])).iloc[0]
    assert shown["searches"] == shown["placed"] == shown["median_days"] == "c"


def test_what_was_used_cannot_be_told_from_what_is_shown_of_a_row() -> None:
    frame = sought(*[{}] * 20, *[{"placement_group_made": "childrens_home"}] * 3)
    shown = publishing.page().disclose("sought_and_made", sought_and_made(frame, [DAY])).iloc[0]
    assert shown["home_made"] == "c" and shown["fostering_made"] == "c"
    assert shown["as_sought_pct"] == "c"


def test_several_councils_at_once_are_each_alone() -> None:
    both = pd.concat([sought({}).assign(whose="a"), sought({}, OPEN).assign(whose="b")])
    found = searches(both, [DAY], by=["whose"])
    assert found[["whose", "searches", "still_open"]].to_numpy().tolist() == [
        ["a", 1, 0], ["b", 2, 1]]
    used = sought_and_made(both, [DAY], by=["whose"])
    assert used[["whose", "fostering_made"]].to_numpy().tolist() == [["a", 1], ["b", 1]]


def test_without_referrals_tables_have_their_columns_and_no_rows() -> None:
    nothing, some = empty_table("referrals"), sought({})
    for make in (searches, searches_by_type, sought_and_made):
        assert make(nothing, [DAY]).empty and list(make(nothing, [DAY])) == list(make(some, [DAY]))
        assert make(some, []).empty


def test_behind_every_count_are_its_children_and_each_search_that_names_none() -> None:
    frame = sought(*[{"child_id": "a", "offers": 1}] * 2, {"child_id": "a", "offers": 0} | OPEN,
                   *[{"child_id": None, "offers": None}] * 2)
    year = searches(frame, [DAY]).iloc[0]
    names = ["searches", "base_searches", "placed", "base_placed", "still_open"]
    assert year[names].tolist() == [5, 3, 4, 3, 1]
    # Two offers to the three searches that say.
    assert (year["offers_average"], year["refusals_average"]) == (0.7, 2.0)
    used = sought_and_made(frame, [DAY]).iloc[0]
    assert used[["fostering_made", "base_fostering_made"]].tolist() == [4, 3]
