"""What most needs doing, ranked by the children it affects."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.judgement.priorities import BASES, COLUMNS, priorities
from sufficiency_lib.judgement.shown import newest, number_in
from sufficiency_lib.publish.disclosure import disclose
from sufficiency_lib.publish.specs import CODE_WORDS, SPECS
from tests.briefing_frames import frame
from tests.histories import quickly

RULE = "centre_20_miles"
LAST = "2025-03-31"


def locality(**beyond: object) -> pd.DataFrame:
    """Beyond the rule by cohort, of 100 children each; `all` under every rule as it is named."""
    rules = {"far": "home_20_miles", "out": "in_area"}
    rows = [(rules.get(name, RULE), "all" if name in (*rules, "everyone") else name, 100, value, 0)
            for name, value in beyond.items()]
    return frame("rule cohort children beyond not_known", *rows)


def ranked(shown: dict[str, pd.DataFrame], rule: str = RULE) -> list[tuple[object, ...]]:
    table = priorities(shown, rule=rule)
    return [(None if pd.isna(row["rank"]) else row["rank"], row["priority"],
             row["children_affected"]) for row in table.to_dict("records")]


def test_ranks_by_hand() -> None:
    shown = {"locality": locality(everyone=30, far=45, out="c", childrens_home=30,
                                  fostering_ifa=0, fostering_in_house="x",
                                  supported_accommodation=12)}
    assert ranked(shown) == [
        (1, "beyond_home", 45), (2, "not_local", 30), (2, "childrens_home_not_local", 30),
        (4, "supported_accommodation_not_local", 12), (None, "outside_area", "c"),
    ]


def test_the_rule_in_force_is_not_said_twice() -> None:
    rows = frame("rule cohort children beyond not_known", ("home_20_miles", "all", 330, 64, 25))
    table = priorities({"locality": rows}, rule="home_20_miles")
    assert table["priority"].tolist() == ["not_local", "distance_not_known"]
    assert table["share_pct"].tolist() == [19.4, 7.6]
    assert table["rule"].tolist() == ["home_20_miles", ""]
    assert set(table["of_children"]) == {330}


def test_only_the_newest_year_counts() -> None:
    shown = {"stability": frame(
        "as_at measure numerator answered_no denominator",
        ("2024-03-31", "three_or_more_placements", 99, 1, 100),
        (LAST, "three_or_more_placements", 36, 294, 330),
        (LAST, "same_carer_2_years", 75, 32, 107))}
    assert ranked(shown) == [(1, "three_or_more_placements", 36), (2, "same_carer_2_years", 32)]


def test_siblings_apart_are_those_with_some_and_those_with_none() -> None:
    def of(some: object, none: object) -> list[tuple[object, ...]]:
        return ranked({"siblings": frame(
            "as_at sibling_group_size children with_some with_none",
            (LAST, "2", 9, 8, 1), (LAST, "all", 91, some, none))})

    assert of(12, 15) == [(1, "siblings_apart", 27)]
    assert of(12, "c") == of("c", "x") == [(None, "siblings_apart", "c")]
    assert of(12, "x") == of(0, 0) == of(12, None) == of(pd.NA, 12) == []


def test_children_who_wait_less_those_who_could_be_matched() -> None:
    def of(*row: object) -> list[tuple[object, ...]]:
        return ranked({"waiting_and_vacancies": frame(
            "placement_group_sought waiting could_be_matched home_not_known",
            ("fostering", *row))})

    assert of(20, 7, 1) == [(1, "waiting_fostering", 12)]
    assert of(20, "c", 1) == of("c", 7, 1) == [(None, "waiting_fostering", "c")]
    assert of(20, 20, 0) == of(20, 7, None) == []


def test_other_bases_follow_without_a_rank() -> None:
    shown = {
        "unregistered_and_other": frame(
            "arrangement year_ending children_at_year_end children_in_year",
            ("home_without_urn", LAST, 7, 11), ("other_placements", "2024-03-31", 50, 60),
            ("other_placements", LAST, 0, "c")),
        "missing_from_care": frame("year_ending measure numerator denominator",
                                   (LAST, "missing", 52, 487), (LAST, "away", 19, 487)),
        "care_leavers": frame("year_ending leaver_age measure answered_no denominator",
                              (LAST, "19_21", "suitable_accommodation", 21, 186)),
        "searches": frame("year_ending searches placed_unregistered", (LAST, 727, 8)),
        "searches_by_type": frame("year_ending placement_group_sought searches",
                                  (LAST, "fostering", 509)),
        "sought_and_made": frame("year_ending placement_group_sought home_made",
                                 (LAST, "fostering", 39)),
        "providers_nearby": frame("placement_group children none_near", ("secure", 9, 6)),
        "sufficiency_gap": frame(
            "scenario year_ending placement_group supply_basis need_p50 gap_p50",
            ("no_change", "2027-03-31", "childrens_home", "profile", 26, 2.0),
            ("no_change", "2026-03-31", "childrens_home", "profile", 24, 0.0),
            ("no_change", "2028-03-31", "childrens_home", "profile", 29, 5.0),
            ("no_change", "2027-03-31", "secure", "register_inside", 9, 9.0),
            ("plan", "2026-03-31", "secure", "profile", 9, 9.0)),
    }
    assert ranked(shown) == [
        (1, "home_without_urn_on_the_date", 7), (2, "none_near_secure", 6),
        (None, "missing", 52), (None, "leavers_19_21", 21),
        (None, "home_without_urn_in_the_year", 11),
        (None, "fostering_sought_home_made", 39), (None, "searches_unregistered", 8),
        (None, "short_childrens_home", 2.0), (None, "other_placements_in_the_year", "c"),
    ]
    table = priorities(shown, rule=RULE).set_index("priority")
    assert "by 31 March 2027" in table.loc["short_childrens_home", "what"]
    assert table.loc["fostering_sought_home_made", "of_children"] == 509
    assert table.loc["home_without_urn_in_the_year", "share_pct"] == "z"


def test_no_tables_give_an_empty_table() -> None:
    for shown in ({}, {"locality": locality(), "stability": pd.DataFrame()}):
        table = priorities(shown, rule=RULE)
        assert list(table.columns) == list(COLUMNS) and len(table) == 0


def test_words_name_tables_and_nobody_is_to_be_moved() -> None:
    shown = {"locality": locality(everyone=30, far=45, childrens_home=9, fostering_ifa=8)}
    before = shown["locality"].copy()
    table = priorities(shown, rule=RULE)
    pd.testing.assert_frame_equal(shown["locality"], before)
    assert set(table["stands_in"]) <= set(SPECS) and set(table["basis"]) <= set(BASES)
    assert set(BASES) <= set(CODE_WORDS["basis"])
    assert not any(re.search(r"\bmov", words) for words in table["suggests"])


def test_the_gate_hides_small_counts_and_not_small_forecasts() -> None:
    shown = {
        "locality": locality(everyone=30, childrens_home=4),
        "sufficiency_gap": frame(
            "scenario year_ending placement_group supply_basis need_p50 gap_p50",
            ("no_change", "2027-03-31", "childrens_home", "profile", 26, 2.0)),
    }
    table = disclose(priorities(shown, rule=RULE), SPECS["priorities"],
                     SimpleNamespace(threshold=5, round_to=1))
    assert table["children_affected"].tolist() == [30, "c", 2]
    assert table["share_pct"].tolist() == [30.0, "c", 7.7]
    again = disclose(table, SPECS["priorities"], SimpleNamespace(threshold=5, round_to=1))
    pd.testing.assert_frame_equal(again, table)


_CELL = st.one_of(st.integers(0, 40), st.sampled_from(["c", "k", "x", "z", None]))
_COHORTS = ("everyone", "far", "out", "childrens_home", "fostering_ifa", "fostering_in_house",
            "supported_accommodation")


@quickly
@given(st.tuples(*[_CELL] * len(_COHORTS)))
def test_ranks_are_of_numbers_and_marks_come_last(values: tuple[object, ...]) -> None:
    rows = ranked({"locality": locality(**dict(zip(_COHORTS, values, strict=True)))})
    told = [row for row in rows if number_in(row[2]) is not None]
    hidden = [row for row in rows if number_in(row[2]) is None]
    assert rows == told + hidden
    assert sorted(row[2] for row in told) == sorted(n for n in values if isinstance(n, int) and n)
    assert all(row[0] == 1 + sum(other[2] > row[2] for other in told) for row in told)
    # Hidden ones stand in the order in which they are looked for, whatever they hide.
    order = ("not_local", "beyond_home", "outside_area", *[f"{c}_not_local" for c in _COHORTS[3:]])
    assert [row[1] for row in hidden] == [
        code for code, value in zip(order, values, strict=True) if value in ("c", "k")]
    assert all(row[0] is None for row in hidden)


@pytest.mark.parametrize("value", ["c", None, True, float("nan"), pd.NA, "12"])
def test_what_is_no_number(value: object) -> None:
    assert number_in(value) is None


def test_the_newest_rows() -> None:
    rows = frame("year_ending n", ("2024-03-31", 1), (LAST, 2), (LAST, 3))
    assert [row["n"] for row in newest({"t": rows}, "t", "year_ending")] == [2, 3]
    assert newest({"t": rows}, "t", "as_at") == newest({}, "t", "year_ending") == []
