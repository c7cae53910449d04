"""Intervals and tests of rates, against printed examples and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from histories import quickly
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom, chi2_contingency, norm
from statsmodels.stats.multitest import multipletests

from sufficiency_lib.metrics.intervals import (
    equality,
    holm,
    newcombe,
    score_ratio,
    smallest_expected,
    wilson,
)

Z = norm.isf(0.025)


def ends(interval: tuple[np.ndarray, np.ndarray], places: int = 4) -> tuple[float, float]:
    return tuple(round(float(end[0]), places) for end in interval)


def two_groups(most: int = 60) -> st.SearchStrategy:
    size = st.integers(2, most)
    return st.tuples(size, size).flatmap(
        lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]),
                            st.integers(0, n[1]), st.just(n[1]))
    )


@pytest.mark.parametrize(
    ("had", "children", "expected"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_is_as_printed(had, children, expected) -> None:
    assert ends(wilson(had, children)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombe_is_as_printed(cells, expected) -> None:
    assert ends(newcombe(*cells)) == expected


def test_the_interval_of_a_ratio_is_near_the_one_koopman_printed() -> None:
    """Koopman (1984): 36/40 over 16/80, 2.94 to 7.15, without Miettinen's N/(N - 1)."""
    low, high = ends(score_ratio(36, 40, 16, 80), 2)
    assert 2.92 < low < 2.94 and 7.15 < high < 7.18


def by_definition(one: int, of_one: int, two: int, of_two: int, ratio: float) -> float:
    """The score of a ratio, its likeliest proportions found by search and not by algebra."""

    def unlikely(rest: float) -> float:
        return -binom.logpmf(one, of_one, rest * ratio) - binom.logpmf(two, of_two, rest)

    rest = minimize_scalar(unlikely, bounds=(1e-9, min(1, 1 / ratio) - 1e-9), method="bounded",
                           options={"xatol": 1e-12}).x
    group, total = rest * ratio, of_one + of_two
    spread = group * (1 - group) / of_one + ratio**2 * rest * (1 - rest) / of_two
    return (one / of_one - ratio * two / of_two) / np.sqrt(spread * total / (total - 1))


@pytest.mark.parametrize(
    "cells", [(36, 40, 16, 80), (7, 34, 1, 34), (19, 313, 80, 400), (30, 31, 29, 40),
              (3, 10, 9, 10), (10, 10, 3, 10)]
)
def test_at_the_ends_of_a_ratio_its_score_is_196(cells) -> None:
    low, high = (float(end[0]) for end in score_ratio(*cells))
    assert by_definition(*cells, low) == pytest.approx(Z, abs=1e-4)
    assert by_definition(*cells, high) == pytest.approx(-Z, abs=1e-4)


@quickly
@given(two_groups())
def test_a_ratio_lies_in_its_interval_which_holds_1_where_no_difference_is_found(cells) -> None:
    one, of_one, two, of_two = cells
    assume(two and one + two < of_one + of_two)
    low, high = (float(end[0]) for end in score_ratio(*cells))
    assert low <= one / of_one / (two / of_two) * (1 + 1e-9) and (one == 0) == (low == 0)
    assert high >= one / of_one / (two / of_two) * (1 - 1e-9)
    assert (low > 1 or high < 1) == bool(equality(*cells)[0] < 0.05)


@quickly
@given(two_groups())
def test_a_difference_lies_in_its_interval_and_turns_round(cells) -> None:
    one, of_one, two, of_two = cells
    low, high = (float(end[0]) for end in newcombe(*cells))
    assert -1 <= low <= one / of_one - two / of_two + 1e-9
    assert one / of_one - two / of_two - 1e-9 <= high <= 1
    back = [float(end[0]) for end in newcombe(two, of_two, one, of_one)]
    assert back == pytest.approx([-high, -low])


def test_where_there_is_nobody_nothing_is_said() -> None:
    for made in (newcombe, score_ratio):
        assert np.isnan(made([3, 0], [9, 0], [0, 1], [0, 4])).all()
    assert np.isnan(wilson(0, 0)).all() and np.isnan(equality(0, 0, 1, 4)).all()
    assert np.isnan(score_ratio(3, 10, 0, 10)).all(), "no ratio to a rate of 0"
    assert np.isnan(score_ratio(10, 10, 10, 10)).all()
    assert np.isnan(equality([0, 10], [10, 10], [0, 10], [10, 10])).all()


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.22, 0.5])
@pytest.mark.parametrize("children", [20, 60, 300])
def test_wilson_holds_the_truth_about_95_times_in_100(rate: float, children: int) -> None:
    had = np.arange(children + 1)
    low, high = wilson(had, np.full(children + 1, children))
    chance = binom.pmf(had, children, rate)
    assert 0.90 <= chance[(low <= rate) & (rate <= high)].sum() <= 0.995


@pytest.mark.parametrize(("one", "two"), [(0.1, 0.1), (0.25, 0.4), (0.5, 0.7)])
def test_newcombe_and_the_score_hold_the_truth_about_95_times_in_100(one, two) -> None:
    had, others = (grid.ravel() for grid in np.meshgrid(range(41), range(61), indexing="ij"))
    chance = binom.pmf(had, 40, one) * binom.pmf(others, 60, two)
    size, of_others = np.full(had.shape, 40), np.full(had.shape, 60)
    for made, truth in ((newcombe, one - two), (score_ratio, one / two)):
        low, high = made(had, size, others, of_others)
        assert 0.93 <= chance[(low <= truth) & (truth <= high)].sum() <= 0.975


def test_the_test_of_equality_is_pearsons_times_n_less_1_over_n() -> None:
    table = np.array([[30, 40], [25, 85]])
    pearson = chi2_contingency(table, correction=False)
    n = table.sum()
    ours = equality(30, 70, 25, 110)[0]
    assert norm.isf(ours / 2) ** 2 == pytest.approx(pearson.statistic * (n - 1) / n)
    assert smallest_expected(30, 70, 25, 110)[0] == pytest.approx(pearson.expected_freq.min())


def test_holm_by_hand() -> None:
    """Smallest times 4, next times 3, and so on; never below the one before, never above 1."""
    assert holm([0.01, 0.04, 0.03, 0.5]).tolist() == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.6, 0.7]).tolist() == [1.0, 1.0]
    with_none = holm([0.01, np.nan, 0.04])
    assert with_none[[0, 2]].tolist() == pytest.approx([0.02, 0.04]) and np.isnan(with_none[1])
    assert np.isnan(holm([np.nan])).all() and holm([]).shape == (0,)


@quickly
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_holm_is_never_smaller_and_keeps_the_order(p: list[float]) -> None:
    adjusted = holm(p)
    assert (adjusted >= np.array(p) - 1e-12).all() and (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()
    assert adjusted == pytest.approx(multipletests(p, method="holm")[1])
