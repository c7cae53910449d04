"""How children move and leave: counts by hand, sparse cells, and rates that are recovered."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_frames import placements
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom

from benchmarks.forecast_truth import LASTING, Truth, made_up_history
from sufficiency_lib.forecast.hazards import chance_of, concentration, estimate
from sufficiency_lib.forecast.rates import (
    AGE_STARTS,
    DURATION_STARTS,
    destinations,
    estimate_rates,
    transitions,
)
from sufficiency_lib.forecast.states import history_grid, in_order, known_by, stays

GRID = history_grid("2023-04-01", "2025-03-31")


def counted(*rows: dict[str, object], between=None):
    known = known_by(placements(*rows), GRID[-1])
    states = in_order(known["state"])
    return transitions(stays(known, GRID), GRID, states, between=between), states


# --- counts ------------------------------------------------------------------------------------


def test_a_stay_is_counted_from_month_end_to_month_end():
    counts, states = counted(
        {"child_id": "a", "care_period_id": 7, "decom": "2024-05-15", "dec": "2024-06-10",
         "rec": "X1"},
        {"child_id": "a", "care_period_id": 7, "decom": "2024-06-10", "dec": "2024-09-01",
         "rec": "E4A", "rne": "P", "provider": "private"},
    )  # fmt: skip
    assert states == ("fostering/own", "fostering/independent")
    # Nine years old: on 31 May in-house, moved by 30 June, there on 31 July and August, then gone.
    age = AGE_STARTS.index(60)
    assert counts.trials[:, age].tolist() == [[1, 0, 0, 0, 0, 0, 0], [0, 2, 1, 0, 0, 0, 0]]
    assert counts.exits.sum() == counts.exits[1, age, 2] == 1
    assert counts.moved.sum() == counts.moves[0, age, 1] == counts.moved[0, age, 0] == 1


def test_who_is_still_here_at_the_end_has_not_left():
    counts, _ = counted({"decom": "2024-12-31"})
    assert (counts.trials.sum(), counts.exits.sum(), counts.moves.sum()) == (3, 0, 0)


def test_the_month_of_the_18th_birthday_is_no_chance_of_leaving():
    # 18 on 15 July 2024: the months that end in April to June can be exits, July's cannot.
    counts, _ = counted({"decom": "2024-03-31", "dec": "2024-07-15", "dob": "2006-07-15"})
    assert (counts.trials.sum(), counts.exits.sum()) == (3, 0)


def test_a_child_who_comes_back_left_and_came():
    counts, _ = counted(
        {"child_id": "a", "care_period_id": 1, "decom": "2024-04-01", "dec": "2024-06-10"},
        {"child_id": "a", "care_period_id": 2, "decom": "2024-06-20"},
    )
    assert counts.exits.sum() == 1 and counts.moves.sum() == 0


def test_what_is_not_known_is_left_out_until_it_is():
    unknown_age, _ = counted({"dob": None})
    assert unknown_age.trials.sum() == 0
    # First seen in May 2021 and not from the start: in the last band for certain from May 2024.
    unseen, _ = counted({"decom": "2021-05-01", "rne": "P"})
    assert unseen.trials.sum() == unseen.trials[..., -1].sum() == 10


def test_the_counts_of_years_add_up():
    rows = ({"decom": "2023-06-01", "dec": "2024-06-20"}, {"decom": "2024-03-15"})
    whole, _ = counted(*rows)
    parts = [counted(*rows, between=between)[0] for between in ((0, 12), (12, 24))]
    for name in ("trials", "exits", "moves", "moved"):
        assert (sum(getattr(part, name) for part in parts) == getattr(whole, name)).all()


# --- borrowing strength ------------------------------------------------------------------------


def test_a_cell_with_little_of_its_own_is_near_its_factors_and_one_with_much_is_not():
    factors = [np.repeat(np.arange(4), 5), np.tile(np.arange(5), 4)]
    rng = np.random.default_rng(1)
    trials = np.full(20, 2000)
    events = rng.binomial(trials, chance_of(-3.5 + 0.5 * factors[0] - 0.3 * factors[1]))
    trials[0], events[0] = 2, 2
    found = estimate(events, trials, factors)
    assert found.prior[0] == pytest.approx(chance_of(np.array(-3.5)), rel=0.25)
    assert found.mean[0] < 0.1
    assert found.mean[1:] == pytest.approx(events[1:] / trials[1:], rel=0.2)


def test_the_weight_of_the_factors_is_that_of_the_greatest_likelihood():
    rng = np.random.default_rng(2)
    trials = np.full(400, 60)
    chances = rng.beta(40 * 0.1, 40 * 0.9, 400)
    found = estimate(rng.binomial(trials, chances), trials, [np.zeros(400, dtype=int)])
    assert 25 < found.weight < 65
    here, prior = found.weight, found.prior[0]

    def likely(weight):
        return betabinom.logpmf(found.events, 60, weight * prior, weight * (1 - prior)).sum()

    assert likely(here) > max(likely(here * 1.1), likely(here / 1.1))


def test_nothing_seen_is_nothing_expected():
    found = estimate(np.zeros(3), np.array([5, 0, 9]), [np.arange(3)])
    assert not found.mean.any() and not found.draw(np.random.default_rng(1), 4).any()


def test_draws_are_around_the_mean_and_as_wide_as_the_counts_allow():
    found = estimate(np.array([30, 60]), np.array([1000, 1000]), [np.arange(2)])
    chances = -np.expm1(-found.draw(np.random.default_rng(1), 4000).astype(float))
    assert chances.mean(axis=0) == pytest.approx(found.mean, rel=0.05)
    # A binomial's own error, give or take what the cells lend each other.
    own = np.sqrt(found.mean * (1 - found.mean) / 1000)
    assert (chances.std(axis=0) > 0.6 * own).all() and (chances.std(axis=0) < 1.4 * own).all()
    level = found.draw(np.random.default_rng(1), 50, fixed_level=True).astype(float)
    assert -np.expm1(-level) @ found.trials == pytest.approx(90, rel=0.01)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=1, max_size=12))
@quickly
def test_chances_are_chances_whatever_the_counts(cells):
    events = np.array([min(one) for one in cells])
    trials = np.array([max(one) for one in cells])
    found = estimate(events, trials, [np.arange(len(cells)) % 3, np.arange(len(cells))])
    assert ((found.mean >= 0) & (found.mean <= 1)).all()
    hazards = found.draw(np.random.default_rng(1), 3)
    assert np.isfinite(hazards).all() and (hazards >= 0).all()


def test_no_rows_tell_nothing_of_how_rows_differ():
    assert concentration(np.zeros((2, 2)), np.full((2, 2), 0.5)) > 0


# --- where they go -----------------------------------------------------------------------------


@given(st.lists(st.integers(0, 6), min_size=18, max_size=18))
@quickly
def test_nobody_moves_to_where_they_are(cells):
    moves = np.array(cells).reshape(3, 2, 3) * (1 - np.eye(3, dtype=int))[:, None, :]
    found = destinations(moves)
    assert np.isfinite(found).all() and (found >= 0).all() and (found.sum(axis=2) > 0).all()
    stays_put = found[np.arange(3), :, np.arange(3)]
    # Unless there is nowhere else anybody went.
    assert (stays_put[(found.sum(axis=2) - stays_put) > 0] == 0).all()


def test_a_rare_row_borrows_from_its_state_and_its_age():
    moves = np.zeros((3, 2, 3))
    moves[0, 0], moves[0, 1] = (0, 90, 10), (0, 60, 60)
    moves[1, 0], moves[1, 1] = (45, 0, 5), (0.5, 0, 0)
    found = destinations(moves)
    share = found[1, 1] / found[1, 1].sum()
    # The old go to the third far oftener than the young do, from anywhere: odds times nine.
    assert share[2] > 0.3


# --- a truth that is known ---------------------------------------------------------------------


def test_rates_that_depend_on_the_time_looked_after_are_recovered():
    truth = Truth(entries=60, leaves=LASTING.leaves, moves=(0.0, 0.0, 0.0))
    history = made_up_history(truth, 1, last="2025-03-31")
    grid = history_grid("2020-04-01", "2025-03-31")
    known = known_by(history, grid[-1])
    states = in_order(known["state"])
    rates = estimate_rates(transitions(stays(known, grid), grid, states), states)
    cells = rates.exits.mean.reshape(len(states), len(AGE_STARTS), len(DURATION_STARTS))
    trials = rates.exits.trials.reshape(cells.shape)
    found = (cells * trials).sum(axis=(0, 1)) / trials.sum(axis=(0, 1))
    starts = np.array([*DURATION_STARTS, 60])
    # Children are some half a month into theirs at a month's end: the band's middle is enough.
    expected = -np.expm1(-truth.leaving((starts[:-1] + starts[1:]) // 2))
    assert found[2:] == pytest.approx(expected[2:], rel=0.1)
    monthly = np.repeat(found, np.diff(starts))
    lasts = np.cumprod(1 - monthly)
    assert lasts[11] / lasts[0] == pytest.approx(truth.lasting(12) / truth.lasting(1), rel=0.05)
    assert lasts[59] / lasts[0] == pytest.approx(truth.lasting(60) / truth.lasting(1), rel=0.12)
