"""The mix of placements, its change, and fostering in-house or by agencies."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, many, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import PLACE, PLACE_PROVIDER, placement_group, provider
from sufficiency_lib.metrics.provision import (
    change,
    fostering_split,
    placement_change,
    placement_change_by_group,
    placement_mix,
    placements_by_sector,
)

MIX = ["as_at", "placement_group", "provider", "children", "share_pct"]
CHANGE = [
    "placement_group", "provider", "start_date", "end_date",
    "start_children", "end_children", "change", "change_pct",
]
SPLIT = [
    "basis", "period", "kinship", "in_house", "ifa", "other_public",
    "in_house_pct", "in_house_incl_kinship_pct",
]
COUNTS = SPLIT[2:6]
RATES = SPLIT[6:]
START, END = "2024-03-31", "2025-03-31"

KIN = {"placement_group": "kinship_fostering"}
AGENCY = {"provider": "private"}


@pytest.mark.parametrize("storage", STORAGES)
def test_the_mix_says_nought_where_a_pair_is_met_on_another_day(storage: str) -> None:
    episodes = history(
        {"decom": "2023-01-01"},
        {"decom": "2023-01-01", "dec": "2024-06-01", "placement_group": "childrens_home",
         "provider": "private"},
        {"decom": "2024-06-01", "placement_group": "secure", "provider": "other_la"},
        {"decom": "2023-01-01", "is_short_break": True},
        {"decom": "2024-06-01", "provider": "not_recorded", "placement_group": "other"},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = placement_mix(episodes, [END, START])
    assert got.columns.tolist() == MIX
    assert got.to_numpy().tolist() == [
        [START, "fostering", "own", 1, 50.0],
        [START, "childrens_home", "private", 1, 50.0],
        [START, "secure", "other_la", 0, 0.0],
        [START, "other", "not_recorded", 0, 0.0],
        [END, "fostering", "own", 1, 33.3],
        [END, "childrens_home", "private", 0, 0.0],
        [END, "secure", "other_la", 1, 33.3],
        [END, "other", "not_recorded", 1, 33.3],
    ]
    pd.testing.assert_frame_equal(episodes, before)


def test_every_code_has_its_place_in_the_mix_and_nobody_is_lost() -> None:
    codes = [(place, who) for place in [*PLACE, None, "QQ"] for who in [*PLACE_PROVIDER, None]]
    episodes = history(
        *(
            {"placement_group": placement_group(place), "provider": provider(who)}
            for place, who in codes
        )
    )
    assert placement_mix(episodes, [END])["children"].sum() == len(codes)


def test_a_day_without_children_has_no_share() -> None:
    got = placement_mix(history({"decom": "2024-06-01"}), [START, END])
    assert got["children"].tolist() == [0, 1]
    assert got["share_pct"].isna().tolist() == [True, False]


def test_no_episodes_give_an_empty_mix_and_change() -> None:
    assert placement_mix(history(), [END]).columns.tolist() == MIX
    assert placement_mix(history(), [END]).empty
    assert placement_change(history(), START, END).columns.tolist() == CHANGE
    assert placement_change(history(), START, END).empty
    everyone = placement_change_by_group(history(), START, END).iloc[0]
    assert everyone["end_children"] == 0
    assert pd.isna(everyone["change_pct"])


def test_change_is_of_the_start_and_nothing_can_be_said_of_a_start_of_nought() -> None:
    got = change([200, 8, 0, 0, 3000], [189, 12, 5, 0, 2999])
    assert got["change"].tolist() == [-11, 4, 5, 0, -1]
    assert got["change_pct"].fillna(-999).tolist() == [-5.5, 50.0, -999, -999, 0.0]
    assert str(got["change_pct"].iloc[-1]) == "0.0"


@pytest.mark.parametrize("storage", STORAGES)
def test_change_between_two_dates(storage: str) -> None:
    gone = {"decom": "2023-01-01", "dec": "2024-06-01"}
    come = {"decom": "2024-06-01"}
    stay = {"decom": "2023-01-01"}
    episodes = history(gone, stay, stay, come | AGENCY, gone | KIN, storage=storage)
    before = episodes.copy(deep=True)
    got = placement_change(episodes, START, END)
    assert got.columns.tolist() == CHANGE
    assert got.set_index(["placement_group", "provider"])[CHANGE[4:7]].to_numpy().tolist() == [
        [1, 0, -1],
        [3, 2, -1],
        [0, 1, 1],
    ]
    assert got["change_pct"].fillna(-999).tolist() == [-100.0, -33.3, -999]
    assert set(got["start_date"]) == {START}
    by_group = placement_change_by_group(episodes, START, END)
    assert by_group["placement_group"].tolist() == ["kinship_fostering", "fostering", "all"]
    assert by_group["change_pct"].tolist() == [-100.0, 0.0, -25.0]
    pd.testing.assert_frame_equal(episodes, before)


def test_a_change_from_a_day_to_itself_is_nought() -> None:
    got = placement_change(history({}), END, END).iloc[0]
    assert (got["start_children"], got["end_children"], got["change_pct"]) == (1, 1, 0.0)


@pytest.mark.parametrize("storage", STORAGES)
def test_the_split_by_children_nights_and_new_placements(storage: str) -> None:
    episodes = history(
        {"child_id": "a", "decom": "2020-01-01"},  # 365 nights in-house
        {"child_id": "b", "decom": "2025-03-21", "rne": "P"} | AGENCY,  # 11 nights
        {"child_id": "c", "decom": "2024-04-01", "dec": "2024-04-11", "rne": "S"} | KIN,  # 10
        {"child_id": "c", "decom": "2024-04-11", "rne": "L"} | KIN,  # 355, no new placement
        {"child_id": "d", "decom": "2025-03-31", "rne": "B", "provider": "other_public"},  # 1
        {"child_id": "e", "decom": "2024-05-01", "dec": "2024-05-03", "rne": "S"},  # 2, gone
        {"child_id": "f", "decom": "2024-05-01", "is_short_break": True},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = fostering_split(episodes, [END])
    assert got.columns.tolist()[: len(SPLIT)] == SPLIT
    assert got["basis"].tolist() == ["children", "bed_nights", "new_placements"]
    assert got["period"].tolist() == [END, f"2024-04-01/{END}", f"2024-04-01/{END}"]
    assert got[COUNTS].to_numpy().tolist() == [[1, 1, 1, 1], [365, 367, 11, 1], [1, 1, 1, 1]]
    # 367 of 378; 732 of 743.
    assert got["in_house_pct"].tolist() == [50.0, 97.1, 50.0]
    assert got["in_house_incl_kinship_pct"].tolist() == [66.7, 98.5, 66.7]
    assert got[[f"base_{name}" for name in COUNTS]].to_numpy().tolist() == [
        [1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 1, 1]
    ]
    pd.testing.assert_frame_equal(episodes, before)


@pytest.mark.parametrize(
    ("rne", "new"), [("S", 1), ("P", 1), ("B", 1), ("L", 0), ("T", 0), ("U", 0), (None, 0)]
)
def test_which_reasons_make_a_new_placement(rne: str | None, new: int) -> None:
    got = fostering_split(history({"rne": rne}), [END]).set_index("basis")
    assert got.at["new_placements", "in_house"] == new


@pytest.mark.parametrize(
    ("decom", "new"),
    [("2024-03-31", 0), ("2024-04-01", 1), ("2025-03-31", 1), ("2025-04-01", 0)],
)
def test_new_placements_at_the_edges_of_the_year(decom: str, new: int) -> None:
    got = fostering_split(history({"decom": decom}), [END]).set_index("basis")
    assert got.at["new_placements", "in_house"] == new


def test_a_placement_that_starts_and_ends_on_one_day_is_new_but_has_no_night() -> None:
    day = {"decom": "2024-06-01", "dec": "2024-06-01"}
    got = fostering_split(history(day), [END]).set_index("basis")["in_house"]
    assert got.to_dict() == {"children": 0, "bed_nights": 0, "new_placements": 1}


def test_only_children_who_slept_there_in_the_year_are_behind_its_nights() -> None:
    gone = {"decom": "2023-01-01", "dec": "2024-04-01"}
    got = fostering_split(history(gone, {"decom": "2023-01-01"}), [END]).set_index("basis")
    assert got.at["bed_nights", "in_house"] == 365
    assert got.at["bed_nights", "base_in_house"] == 1


def test_periods_are_in_order_within_each_basis() -> None:
    got = fostering_split(history({}), [END, START])
    assert got["basis"].tolist() == [b for b in ("children", "bed_nights", "new_placements")
                                     for _ in range(2)]
    assert got["period"].tolist()[:2] == [START, END]


def test_no_fostering_has_no_in_house_rate() -> None:
    for episodes in (history(), history({"placement_group": "secure"})):
        got = fostering_split(episodes, [END])
        assert got[COUNTS].sum().sum() == 0
        assert got[RATES].isna().all().all()


def test_only_public_fostering_has_no_rate_either() -> None:
    got = fostering_split(history({"provider": "other_la"}), [END])
    assert got["other_public"].tolist()[0] == 1
    assert got[RATES].isna().all().all()


def test_no_years_give_no_rows() -> None:
    got = fostering_split(history({}), [])
    assert got.empty
    assert got.columns.tolist()[: len(SPLIT)] == SPLIT


def test_the_national_split_with_and_without_kinship() -> None:
    """At 1 September 2024 the same national data give 52.9% without kinship, 63.7% with it."""
    # The shape of it in a thousand children: in-house 529, agencies 471, kinship 297.
    episodes = many([(529, {}), (471, AGENCY), (297, KIN)])
    got = fostering_split(episodes, [END]).iloc[0]
    assert (got["in_house_pct"], got["in_house_incl_kinship_pct"]) == (52.9, 63.7)


_who = st.sampled_from(["own", "other_la", "other_public", "private", "voluntary", "not_recorded"])
_group = st.sampled_from(["kinship_fostering", "fostering", "secure", "other"])


@given(st.lists(st.tuples(_group, _who), max_size=25))
@quickly
def test_the_split_is_the_mix_added_up(children) -> None:
    episodes = history(*({"placement_group": g, "provider": p} for g, p in children))
    mix = placement_mix(episodes, [END])
    pairs = {(g, p): n for _, g, p, n, _ in mix.itertuples(index=False)}
    foster = ("kinship_fostering", "fostering")

    def total(groups, whos) -> int:
        return sum(pairs.get((group, who), 0) for group in groups for who in whos)

    got = fostering_split(episodes, [END]).iloc[0]
    assert got[COUNTS].tolist() == [
        total(["kinship_fostering"], ["own"]),
        total(["fostering"], ["own"]),
        total(foster, ["private", "voluntary"]),
        total(foster, ["other_la", "other_public"]),
    ]


def test_places_of_two_authorities_stand_one_after_the_other_with_a_total_each() -> None:
    episodes = history(
        {"provider": "private"}, {}, {"placement_group": "secure", "provider": "other_la"},
        {"provider": "not_recorded"},
    ).assign(authority=["b", "a", "a", "a"])
    got = placements_by_sector(episodes, [END], by=["authority"])
    sides = ["own_provision", "public_provision", "independent_provision", "no_provider"]
    assert got.columns.tolist() == [
        "authority", "as_at", "cohort", *sides, "children", "share_pct"]
    assert got[["authority", "cohort", *sides, "children", "share_pct"]].to_numpy().tolist() == [
        ["a", "fostering_in_house", 1, 0, 0, 0, 1, 33.3],
        ["a", "fostering_other", 0, 0, 0, 1, 1, 33.3],
        ["a", "secure", 0, 1, 0, 0, 1, 33.3],
        ["a", "total", 1, 1, 0, 1, 3, 100.0],
        ["b", "fostering_ifa", 0, 0, 1, 0, 1, 100.0],
        ["b", "total", 0, 0, 1, 0, 1, 100.0],
    ]
    assert got.index.tolist() == list(range(6))
