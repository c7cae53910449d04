"""What is hidden beside small counts: enough, and no more than a few sums worked by hand need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.publish import cover as cover_module
from sufficiency_lib.publish.attack import too_narrow
from sufficiency_lib.publish.cover import cover
from sufficiency_lib.publish.relations import Member
from tests.histories import quickly


def _sum(total: int, parts: list[int], values: dict[int, float]) -> list[Member]:
    return [
        Member(total, values[total], -1, is_total=True),
        *(Member(part, values[part], 1) for part in parts),
    ]


def _by_size(values: dict[int, float]) -> dict[int, float]:
    return {number: 1 + value for number, value in values.items()}


def test_the_cheapest_companion_is_hidden() -> None:
    # 3 of 60: the 7 can give way for it, so the 50 and the total stay.
    values = {0: 60, 1: 3, 2: 7, 3: 50}
    sums = [_sum(0, [1, 2, 3], values)]
    assert cover(values, sums, {1}, {1}, cost=_by_size(values), width=5) == {1, 2}


def test_two_small_ones_cover_each_other_where_their_sum_leaves_room() -> None:
    # 4 + 5 = 9: either may be 0 to 9.
    values = {0: 59, 1: 4, 2: 5, 3: 50}
    sums = [_sum(0, [1, 2, 3], values)]
    assert cover(values, sums, {1, 2}, {1, 2}, cost=_by_size(values), width=5) == {1, 2}


def test_two_small_ones_that_are_at_least_one_each_need_a_third() -> None:
    # 1 + 2 = 3: a reader who knows that neither is nought has them between 1 and 2.
    values = {0: 53, 1: 1, 2: 2, 3: 50}
    sums = [_sum(0, [1, 2, 3], values)]
    hidden = cover(values, sums, {1, 2}, {1, 2}, cost=_by_size(values), width=4, least=1)
    assert hidden == {1, 2, 3}


def test_a_table_of_two_ways_needs_a_rectangle() -> None:
    # Rows 0 and 1, columns 0 and 1; the cell at the corner is small, all totals are shown.
    cells = {(0, 0): 2, (0, 1): 20, (1, 0): 30, (1, 1): 40, (0, 2): 60, (2, 0): 60}
    cells |= {(1, 2): 60, (2, 1): 60, (2, 2): 60}
    number = {cell: at for at, cell in enumerate(cells)}
    values = {number[cell]: float(value) for cell, value in cells.items()}
    sums, next_number = [], len(values)
    for line in range(3):
        for parts in ([(line, 0), (line, 1), (line, 2)], [(0, line), (1, line), (2, line)]):
            members = [number[cell] for cell in parts]
            values[next_number] = sum(values[member] for member in members)
            sums.append(_sum(next_number, members, values))
            next_number += 1
    cost = {at: 1.0 if at < 4 else 10.0 if at < 9 else 1000.0 for at in values}
    small = {number[0, 0]}
    hidden = cover(values, sums, small, small, cost=cost, width=5)
    assert hidden == {number[cell] for cell in ((0, 0), (0, 1), (1, 0), (1, 1))}
    assert not too_narrow(values, sums, hidden, small, width=5)


def test_what_is_shown_elsewhere_is_never_hidden() -> None:
    # Without a price the 7 stays, so the 50 must give way.
    values = {0: 60, 1: 3, 2: 7, 3: 50}
    sums = [_sum(0, [1, 2, 3], values)]
    cost = {0: 1000.0, 3: 50.0}
    assert cover(values, sums, {1}, {1}, cost=cost, width=5) == {1, 3}


def test_where_it_cannot_rise_it_may_fall() -> None:
    # 4 and 2 make 6, and the 6 is shown for good: 0 to 6 is wide enough.
    values = {0: 6, 1: 4, 2: 2}
    sums = [_sum(0, [1, 2], values)]
    assert cover(values, sums, {1}, {1}, cost={2: 1.0}, width=5) == {1, 2}


def test_where_nothing_can_give_way_nothing_is_claimed() -> None:
    values = {0: 9, 1: 3, 2: 6}
    sums = [_sum(0, [1, 2], values)]
    assert cover(values, sums, {1}, {1}, cost={}, width=5) == {1}
    assert too_narrow(values, sums, {1}, {1}, width=5) == {1}


def test_a_rest_that_no_table_prints_covers_without_hiding_more() -> None:
    values = {1: 3.0, 2: 50.0}
    members = [Member(None, 60, -1, is_total=True), Member(1, 3, 1), Member(2, 50, 1),
               Member(None, 7, 1)]
    assert cover(values, [members], {1}, {1}, cost={2: 1.0}, width=5) == {1}


def test_a_count_in_no_sum_needs_nothing() -> None:
    assert cover({1: 3.0}, [], {1}, {1}, cost={}, width=5) == {1}


@quickly
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_nothing_small_can_be_worked_out_of_a_table_with_its_totals(rows: list[list[int]]) -> None:
    values: dict[int, float] = {}
    grid = []
    for row in rows:
        grid.append([len(values) + at for at in range(len(row))])
        values.update(zip(grid[-1], map(float, row), strict=True))
    lines = [*grid, *map(list, zip(*grid, strict=True))]
    sums = []
    for line in lines:
        total = len(values)
        values[total] = sum(values[cell] for cell in line)
        sums.append(_sum(total, line, values))
    totals = [len(values) - len(lines) + at for at in range(len(rows))]
    values[len(values)] = sum(values[total] for total in totals)
    sums.append(_sum(len(values) - 1, totals, values))
    small = {number for number, value in values.items() if 0 < value <= 5}
    cost = _by_size(values)
    hidden = cover(values, sums, small, small, cost=cost, width=5)
    assert small <= hidden
    assert not too_narrow(values, sums, hidden, small, width=5)
    # However large programmes are solved, nothing is left to be worked out.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_module, "_LARGE", 0)
        same = cover(values, sums, small, small, cost=cost, width=5)
    assert small <= same and not too_narrow(values, sums, same, small, width=5)
