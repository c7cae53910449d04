"""Reading shown figures, and small words for them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.publish.briefing import (
    YEARS_AHEAD,
    Brief,
    change,
    closed,
    count,
    counted,
    day_words,
    figures,
    in_ten,
    rule_words,
    share,
    written,
)
from sufficiency_lib.publish.wording import Words, listed
from tests.briefing_frames import HIDDEN, frame
from tests.histories import quickly


def brief(**shown: pd.DataFrame) -> Brief:
    return Brief(shown, Words(), "Anyshire", "2025-03-31")


@quickly
@given(st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_tenths_are_true(counts: tuple[int, int]) -> None:
    part, whole = counts
    said = in_ten(part, whole)
    if said in ("none", "all"):
        assert part == (0 if said == "none" else whole)
    elif said == "fewer than 1 in 10":
        assert 0 < 20 * part < whole
    elif said == "more than 9 in 10":
        assert 9 * whole < 10 * part < 10 * whole
    else:
        tenths = 5 if said == "about half" else int(said.split()[1])
        assert abs(10 * part - tenths * whole) <= whole / 2


@pytest.mark.parametrize(("part", "whole", "said"), [
    (15, 100, "about 2 in 10"), (149, 1000, "about 1 in 10"), (94, 100, "about 9 in 10"),
    (95, 100, "more than 9 in 10"), (5, 100, "about 1 in 10"), (7, 5, ""), (0, 0, ""),
])
def test_tenths_round_halves_up(part: int, whole: int, said: str) -> None:
    assert in_ten(part, whole) == said


@pytest.mark.parametrize("mark", [*HIDDEN, pd.NA, True])
def test_one_hidden_cell_leaves_no_figures(mark: object) -> None:
    assert figures({"a": 4, "b": mark}, "a", "b") == ()
    assert figures({"a": 4, "b": 0}, "a", "b") == (4.0, 0.0)
    assert figures({"a": 4}, "a", "b") == ()


def test_change_claims_no_direction_where_both_print_alike() -> None:
    assert change(9.14, 9.12, share) == "stayed at 9.1%"
    assert change(9.1, 9.2, share) == "rose from 9.1% to 9.2%"
    assert change(1200, 0, count) == "fell from 1,200 to 0"


def test_counts_have_their_noun() -> None:
    assert [counted(n, "child", "children") for n in (0, 1, 2)] == [
        "no children", "1 child", "2 children"]
    assert counted(0, "child", "children", "None") == "None"


def test_small_words() -> None:
    assert listed(["a", "b"]) == "a and b" and listed(["a"]) == "a"
    assert closed(" too few, ever ") == "Too few, ever." and closed(float("nan")) == ""
    assert day_words("2024-04-01/2025-03-31") == "31 March 2025"
    assert rule_words(brief(), "in_area") == "inside the authority's area"
    assert rule_words(brief(), "") == rule_words(brief(), float("nan")) == ""


def test_a_row_is_one_row() -> None:
    two = brief(locality=frame("rule within", ("in_area", 4), ("in_area", 5), ("home", 6)))
    assert two.row("locality", rule="home") == {"rule": "home", "within": 6}
    assert two.row("locality", rule="in_area") == two.row("locality", cohort="all") == {}
    assert two.row("siblings") == {}


def test_the_ends_of_a_trend_have_numbers() -> None:
    stock = frame("as_at children", ("2025-03-31", 9), ("2021-03-31", "c"), ("2022-03-31", 7),
                  ("2023-03-31", 8))
    ends = brief(stock=stock).first_and_last("stock", "as_at", "children")
    assert [row["children"] for row in ends] == [7, 9]
    assert brief(stock=stock[:2]).first_and_last("stock", "as_at", "children") == ()


def test_the_forecast_is_told_for_next_year_and_some_years_on() -> None:
    years = [f"{2025 + at}-03-31" for at in range(1, 11)]
    plan = frame("scenario date", *[("no_change", year) for year in years], ("more", years[0]))
    told = [row["date"] for row in brief(plan=plan).ahead("plan", "date")]
    assert told == ["2026-03-31", f"{2025 + YEARS_AHEAD}-03-31"]
    assert [row["date"] for row in brief(plan=plan[:1]).ahead("plan", "date")] == ["2026-03-31"]
    assert brief(plan=plan[:0]).ahead("plan", "date") == []


def test_sentences_without_words_are_left_out() -> None:
    assert written(brief(), [lambda b: "", lambda b: b.name]) == ("Anyshire",)
