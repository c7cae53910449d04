"""What a reader can deduce from sums: against working it out, and against trying every value."""

from __future__ import annotations

from itertools import product

import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.publish import attack
from sufficiency_lib.publish.attack import Solved, feasible, too_narrow
from sufficiency_lib.publish.relations import Member


def adds_up(whole: int, *parts: int, values: dict[int, float]) -> list[Member]:
    """The sum of counts by their numbers."""
    return [Member(whole, values[whole], -1, is_total=True),
            *(Member(part, values[part], 1) for part in parts)]


def test_one_hidden_part_of_a_shown_total_is_worked_out() -> None:
    values = {0: 10.0, 1: 3.0, 2: 7.0}
    sums = [adds_up(0, 1, 2, values=values)]
    assert feasible(values, sums, {1}) == {1: (3.0, 3.0)}
    assert too_narrow(values, sums, {1}, {1}, width=5) == {1}


def test_two_hidden_parts_can_be_anything_up_to_their_sum() -> None:
    values = {0: 10.0, 1: 3.0, 2: 7.0}
    sums = [adds_up(0, 1, 2, values=values)]
    assert feasible(values, sums, {1, 2}) == {1: (0.0, 10.0), 2: (0.0, 10.0)}
    assert too_narrow(values, sums, {1, 2}, {1}, width=5) == set()


def test_a_hidden_count_is_worked_out_through_two_tables() -> None:
    """Rows a + b = 9 and columns a + c = 5, c + d = 9 with b shown elsewhere: a is 9 - b."""
    values = {0: 9.0, 1: 2.0, 2: 7.0, 3: 5.0, 4: 3.0, 5: 9.0, 6: 6.0}
    sums = [adds_up(0, 1, 2, values=values), adds_up(3, 1, 4, values=values),
            adds_up(5, 4, 6, values=values)]
    # a, c and d hidden, b shown: each follows from the one before.
    assert too_narrow(values, sums, {1, 4, 6}, {1, 4}, width=5) == {1, 4}
    assert too_narrow(values, sums, {1, 2, 4, 6}, {1, 4}, width=5) == set()


def test_parts_that_can_only_be_few_give_themselves_away() -> None:
    values = {0: 3.0, 1: 1.0, 2: 2.0}
    sums = [adds_up(0, 1, 2, values=values)]
    assert too_narrow(values, sums, {1, 2}, {1, 2}, width=5) == {1, 2}


def test_a_rest_that_no_table_prints_is_not_known() -> None:
    values = {0: 10.0, 1: 3.0}
    members = [Member(0, 10.0, -1, is_total=True), Member(1, 3.0, 1), Member(None, 7.0, 1)]
    low, high = feasible(values, [members], {1})[1]
    assert (low, high) == (0.0, 10.0)


def test_where_nothing_is_hidden_nothing_is_attacked() -> None:
    values = {0: 10.0, 1: 3.0, 2: 7.0}
    assert feasible(values, [adds_up(0, 1, 2, values=values)], set()) == {}


cells = st.lists(st.integers(0, 4), min_size=4, max_size=4)


@quickly
@given(cells, st.sets(st.integers(0, 8), max_size=9))
def test_the_range_holds_every_table_with_the_same_shown_numbers(
    counts: list[int], hidden: set[int]
) -> None:
    """A two-by-two table with its totals, against every table of small whole numbers."""

    def table(a: int, b: int, c: int, d: int) -> dict[int, float]:
        return dict(enumerate((a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d)))

    values = {number: float(count) for number, count in table(*counts).items()}
    lines = ((4, 0, 1), (5, 2, 3), (6, 0, 2), (7, 1, 3), (8, 4, 5), (8, 6, 7))
    sums = [adds_up(whole, *parts, values=values) for whole, *parts in lines]
    alike = [
        other for other in (table(*cell) for cell in product(range(9), repeat=4))
        if all(other[n] == values[n] for n in values if n not in hidden)
    ]
    for number, (low, high) in feasible(values, sums, hidden).items():
        found = [other[number] for other in alike]
        assert low - 1e-6 <= min(found) and max(found) <= high + 1e-6 or high > 1e6


@quickly
@given(cells, st.sets(st.integers(0, 8), max_size=9), st.integers(1, 9))
def test_what_is_too_narrow_is_what_has_a_narrow_range(
    counts: list[int], hidden: set[int], width: int
) -> None:
    """Points shared among counts and systems solved before change nothing of the answer."""
    a, b, c, d = counts
    values = {n: float(count) for n, count in enumerate(
        (a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d))}
    lines = ((4, 0, 1), (5, 2, 3), (6, 0, 2), (7, 1, 3), (8, 4, 5), (8, 6, 7))
    sums = [adds_up(whole, *parts, values=values) for whole, *parts in lines]
    narrow = {number for number, (low, high) in feasible(values, sums, hidden).items()
              if high - low < width - 1e-6}
    solved: Solved = {}
    for _ in range(2):
        assert too_narrow(values, sums, hidden, hidden, width=width, solved=solved) == narrow


def test_a_system_is_solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {0: 10.0, 1: 3.0, 2: 7.0}
    sums, solved = [adds_up(0, 1, 2, values=values)], {}
    assert too_narrow(values, sums, {1, 2}, {1, 2}, width=5, solved=solved) == set()
    monkeypatch.setattr(attack, "_extreme", None)
    assert too_narrow(values, sums, {1, 2}, {1, 2}, width=5, solved=solved) == set()


def test_ranges_are_given_for_the_counts_asked_for() -> None:
    values = {0: 10.0, 1: 3.0, 2: 7.0}
    sums = [adds_up(0, 1, 2, values=values)]
    assert feasible(values, sums, {1, 2}, among={2}) == {2: (0.0, 10.0)}
