"""How rates wander: the shipped parameters, covariances, weights of past years, and paths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_panel import TRUTH
from scipy.linalg import solve_discrete_lyapunov

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.forecast.covariances import (
    UNKNOWN_LEVEL_SD,
    chance_covariance,
    drift_covariance,
    given,
    level_covariance,
)
from sufficiency_lib.forecast.drift import (
    drift_paths,
    drift_toml,
    expected_path,
    level_weights,
    numbers,
    published_drift,
    read_drift,
)

#: Own and shared drift of entries alone, so that sums can be worked by hand.
PLAIN = replace(TRUTH, volatility_sd=0.0, shared_entry_sd=0.0, shared_exit_sd=0.0,
                entry_persistence=0.5, entry_sd=0.1)  # fmt: skip


def paths(drift, *, seed=7, draws=40_000, months=60, **more):
    return drift_paths(drift, draws=draws, months=months, rng=np.random.default_rng(seed), **more)


def level_sd(drift, years, *, per_year):
    """How wrong the level of entries expected of the year ahead may be, on the log scale."""
    known = drift_covariance(drift, years + 1) + drift_covariance(drift, years + 1, shared=True)
    level = UNKNOWN_LEVEL_SD**2 + known[: years + 1, : years + 1]
    noise = drift.entry_dispersion / per_year * np.eye(years)
    return float(np.sqrt(given(level, noise, years)[1][0, 0]))


# --- covariances ---------------------------------------------------------------------------------


def test_the_drift_is_the_stationary_process_of_its_equations():
    """Second method: the discrete Lyapunov equation, and each year from the one before."""
    step = np.diag([TRUTH.entry_persistence, TRUTH.exit_persistence])
    across = TRUTH.correlation * TRUTH.entry_sd * TRUTH.exit_sd
    shock = np.array([[TRUTH.entry_sd**2, across], [across, TRUTH.exit_sd**2]])
    now = solve_discrete_lyapunov(step, shock)
    found = drift_covariance(TRUTH, 4)
    for later in range(4):
        expected = np.linalg.matrix_power(step, later) @ now
        # [of the later year's entry and exit, of the first year's entry and exit]
        assert found[np.ix_([later, 4 + later], [0, 4])] == pytest.approx(expected)


def test_the_lasting_level_and_the_chance_are_of_their_own_years():
    level = level_covariance(TRUTH, 2)
    assert level[0, 1] == pytest.approx(0.2**2)
    assert level[0, 3] == pytest.approx(0.6 * 0.2 * 0.15)
    chance = chance_covariance(TRUTH, 2, np.array([90.0]), np.array([40.0]))[0]
    assert chance[0, 0] == pytest.approx(1.8 / 90) and chance[2, 2] == pytest.approx(1.8 / 40)
    assert chance[0, 2] == pytest.approx(-0.3 * 1.8 / 60)
    assert chance[0, 1] == chance[0, 3] == 0


# --- what past years say of the level ------------------------------------------------------------


def test_years_that_differ_by_chance_alone_count_alike():
    still = replace(PLAIN, entry_sd=0.0)
    assert level_weights(still, 4, per_year=80) == pytest.approx([0.25] * 4, abs=1e-4)
    assert level_sd(still, 4, per_year=80) == pytest.approx(np.sqrt(1.8 / 80 / 4), rel=1e-3)


def test_the_last_year_alone_counts_where_there_is_drift_without_chance():
    wandering = replace(PLAIN, entry_persistence=0.999, entry_dispersion=1e-6)
    assert level_weights(wandering, 4, per_year=80) == pytest.approx([0, 0, 0, 1], abs=2e-3)


def test_a_small_council_looks_further_back_and_so_does_a_far_year():
    few, many = (level_weights(published_drift(), 6, per_year=n) for n in (15, 600))
    assert few[-1] < many[-1]
    far = level_weights(published_drift(), 6, per_year=100, ahead=5)
    assert far[-1] < level_weights(published_drift(), 6, per_year=100)[-1]
    assert level_weights(published_drift(), 6, per_year=100, of="exits").sum() == pytest.approx(1)


def test_the_level_errs_as_much_as_it_says():
    """Second method: histories drawn from the process, their weighted level against what came."""
    rng, years = np.random.default_rng(3), 5
    process = drift_covariance(PLAIN, years + 1)[: years + 1, : years + 1]
    drawn = rng.multivariate_normal(np.zeros(years + 1), process, 40_000)
    counted = drawn[:, :years] + rng.standard_normal((40_000, years)) * np.sqrt(1.8 / 60)
    errors = counted @ level_weights(PLAIN, years, per_year=60) - drawn[:, years]
    assert errors.std() == pytest.approx(level_sd(PLAIN, years, per_year=60), rel=0.02)


def test_a_move_fades_at_the_rate_of_the_drift():
    """Without chance, from two years: by hand the level k years ahead is m + d f^k, where m and d
    are of the two years' mean and difference."""
    exact = replace(PLAIN, entry_dispersion=1e-9)
    path = expected_path(exact, np.array([100.0, 144.0]), months=36)
    # b(1) = log 144, and the best level of an AR(1) of two years is their mean, log 120.
    ahead = [np.log(1.2) * 0.5**k for k in (1, 2, 3)]
    assert np.log(path[::12]) == pytest.approx(np.array(ahead) - ahead[0], abs=1e-3)
    assert (path[12:24] == path[12]).all()
    steady = expected_path(published_drift(), np.full(5, 40.0), months=30, of="exits")
    assert steady == pytest.approx(1) and steady.shape == (30,)
    assert expected_path(exact, np.array([5.0]), months=0).shape == (0,)


# --- paths ---------------------------------------------------------------------------------------


def test_paths_start_at_the_base_and_spread_as_the_process_does():
    found = paths(PLAIN)
    assert found.entry.shape == (40_000, 60) and found.entry.dtype == np.float32
    log = np.log(found.entry.astype(float))
    # s² (1 + f² + ...) = 0.01, 0.0125, 0.013125 ... with s 0.1 and f 0.5
    expected = np.sqrt([0.01, 0.0125, 0.013125, 0.01328125, 0.0133203125])
    assert log[:, ::12].std(axis=0) == pytest.approx(expected, rel=0.02)
    assert np.median(found.entry, axis=0) == pytest.approx(1, abs=0.004)
    assert np.median(found.exit, axis=0) == pytest.approx(1, abs=0.004)


def test_entries_and_exits_move_together_as_stated():
    first = [np.log(one[:, 0]) for one in (paths(PLAIN).entry, paths(PLAIN).exit)]
    assert np.corrcoef(*first)[0, 1] == pytest.approx(PLAIN.correlation, abs=0.02)


def test_a_multiplier_holds_for_a_year():
    found = paths(TRUTH, draws=3, months=30).exit
    assert (found[:, :12] == found[:, :1]).all() and (found[:, 12:24] == found[:, 12:13]).all()
    assert (found[:, 11] != found[:, 12]).all()


def test_the_same_seed_gives_the_same_paths_and_another_gives_others():
    one, same, other = (paths(TRUTH, seed=seed, draws=5) for seed in (1, 1, 2))
    assert (one.entry == same.entry).all() and (one.exit == same.exit).all()
    assert (one.entry != other.entry).any()


def test_the_shared_part_and_volatility_widen_the_tails():
    wild = replace(PLAIN, shared_entry_sd=0.1, shared_freedom=4.0, volatility_sd=0.5)
    plain, wide = (np.log(paths(one).entry[:, 0].astype(float)) for one in (PLAIN, wild))
    kurtosis = [((x - x.mean()) ** 4).mean() / x.var() ** 2 for x in (plain, wide)]
    assert wide.std() > plain.std()
    assert kurtosis[0] == pytest.approx(3, abs=0.15) and kurtosis[1] > 4


def test_a_level_from_few_years_is_less_certain():
    known = {"entries_per_year": 60, "exits_per_year": 60}
    spreads = [np.log(paths(PLAIN, years_known=n, **known).entry[:, 0]).std() for n in (1, 5)]
    assert spreads[0] > spreads[1]
    assert spreads[1] == pytest.approx(level_sd(PLAIN, 5, per_year=60), rel=0.02)


def test_chance_beyond_poisson_is_added_by_the_size():
    known = {"entries_per_year": 50.0, "exits_per_year": 50.0}
    plain, more = (np.log(paths(PLAIN, beyond_poisson=b, **known).entry) for b in (False, True))
    added = more[:, 0].var() - plain[:, 0].var()
    assert added == pytest.approx((1.8 - 1) / 50, rel=0.08)


def test_no_months_and_no_draws_give_empty_paths():
    assert paths(TRUTH, draws=4, months=0).entry.shape == (4, 0)
    assert paths(TRUTH, draws=0, months=5).exit.shape == (0, 5)


# --- the shipped parameters and refusals ---------------------------------------------------------


def test_the_shipped_drift_says_where_it_comes_from():
    said = published_drift().provenance
    assert "Department for Education" in said["source"] and said["last_year"] >= 2025
    assert "sufficiency_lib.forecast.estimate" in said["command"]


def test_a_drift_survives_its_file(tmp_path):
    (tmp_path / "drift.toml").write_text(drift_toml(TRUTH), encoding="utf-8")
    assert numbers(read_drift(tmp_path / "drift.toml")) == numbers(TRUTH)


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("[drift]\nentry_sd = 0.1\n", ConfigurationError, "missing or not known"),
        ("[drift\n", InputError, "cannot be read as TOML"),
        (drift_toml(TRUTH).replace("entry_sd = 0.1200", 'entry_sd = "much"', 1),
         ConfigurationError, "'entry_sd' is much: expected a number from 0"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_a_sentence(tmp_path, text, error, sentence):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(error, match=sentence):
        read_drift(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("name", "value"),
    [("entry_persistence", 1.0), ("correlation", -1.0), ("exit_sd", -0.1), ("shared_freedom", 0.0),
     ("entry_dispersion", float("nan"))],
)  # fmt: skip
def test_an_impossible_parameter_is_a_sentence(name, value):
    with pytest.raises(ConfigurationError, match=f"'{name}' is {value}: expected a number"):
        replace(TRUTH, **{name: value})


def test_what_cannot_be_asked_is_a_sentence():
    with pytest.raises(ConfigurationError, match="'years' is 0: expected a whole number from 1"):
        level_weights(TRUTH, 0, per_year=10)
    with pytest.raises(ConfigurationError, match="'entries' or of 'exits', not of 'moves'"):
        level_weights(TRUTH, 2, per_year=10, of="moves")
    with pytest.raises(ConfigurationError, match="'entries_per_year' is None"):
        paths(TRUTH, draws=1, years_known=3)
    with pytest.raises(ConfigurationError, match="a number above 0 for each past year"):
        expected_path(TRUTH, np.array([10.0, 0.0]), months=12)
