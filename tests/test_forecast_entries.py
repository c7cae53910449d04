"""Who starts: how many, how old, where, and how uncertain that is."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_frames import placements
from histories import STORAGES

from benchmarks.forecast_truth import Truth, made_up_history
from sufficiency_lib.codes.children import NEED_FAMILIES
from sufficiency_lib.forecast.entries import GONE, Arrivals, entrants, estimate_entries
from sufficiency_lib.forecast.states import UNKNOWN, history_grid, in_order, known_by, stays

GRID = history_grid("2023-04-01", "2025-03-31")


def seen_in(history, grid=GRID):
    known = known_by(history, grid[-1])
    return entrants(known, stays(known, grid), grid, in_order(known["state"]))


def arrivals(**changes) -> Arrivals:
    ordinary = dict(
        level=5.0, level_var=0.0, dispersion=1.0, year_var=0.0, age=np.array([10, 20]),
        state=np.array([0, 1]), need=np.array([0, 0]), chances=np.array([0.5, 0.5]),
    )  # fmt: skip
    return Arrivals(**ordinary | changes)


@pytest.mark.parametrize("storage", STORAGES)
def test_each_start_within_the_returns_is_an_entrant(storage):
    seen = seen_in(placements(
        {"decom": "2023-03-31"},
        {"decom": "2023-04-01", "dob": "2015-01-15"},
        {"decom": "2024-05-10", "dec": "2024-05-20", "provider": "private", "need_code": "N2"},
        {"child_id": "x", "decom": "2024-05-10", "dec": "2024-09-01"},
        {"child_id": "x", "decom": "2024-10-01", "dob": None},
        {"decom": "2024-06-01", "dob": "2006-06-20"},
        {"decom": "2025-03-31", "is_uasc": True, "ever_uasc": True},
        {"decom": "2024-06-01", "is_short_break": True},
        storage=storage,
    ))  # fmt: skip
    assert seen["at"].tolist() == [1, 14, 14, 19, 15, 24]
    # Gone by the end of May; gone as 18 by the end of June.
    assert seen["state"].tolist() == [0, GONE, 0, 0, GONE, 0]
    assert seen["age"].tolist() == [99, 112, 112, UNKNOWN, 216, 122]
    assert NEED_FAMILIES[seen["need"][1]] == "other_needs"
    assert seen["is_uasc"].tolist() == [False] * 5 + [True]


def test_who_is_uasc_is_told_by_the_dates_or_by_the_episode_or_not_at_all():
    history = placements(
        {"decom": "2024-07-01", "is_uasc": True, "ever_uasc": True},
        # No more on the day on which care began.
        {"decom": "2024-08-01", "ever_uasc": True, "uasc_until": "2024-07-31"},
    )
    by_dates = seen_in(history.drop(columns="is_uasc"))
    by_episode = seen_in(history.drop(columns=["ever_uasc", "uasc_until"]))
    assert by_dates["is_uasc"].tolist() == by_episode["is_uasc"].tolist() == [True, False]
    untold = seen_in(history.drop(columns=["is_uasc", "ever_uasc", "uasc_until"]))
    assert untold["is_uasc"].tolist() == [False, False]


def test_the_two_streams_are_apart_and_their_levels_are_starts_a_month():
    rows = [{"decom": f"2024-{month:02d}-10"} for month in (1, 2, 2, 5, 9, 11)]
    rows += [{"decom": "2024-07-01", "is_uasc": True, "ever_uasc": True}]
    found = estimate_entries(seen_in(placements(*rows)), 24)
    assert found.children.level == pytest.approx(6 / 24)
    assert found.uasc.level == pytest.approx(1 / 24)
    assert (len(found.children.age), len(found.uasc.age)) == (6, 1)


def test_recent_years_count_for_more_where_they_are_said_to():
    rows = [{"decom": "2023-06-01"}] * 8 + [{"decom": "2024-06-01"}] * 2
    seen = seen_in(placements(*rows))
    weighted = estimate_entries(seen, 24, np.array([0.25, 0.75])).children
    assert weighted.level * 12 == pytest.approx(8**0.25 * 2**0.75)
    # Three quarters of what comes is like the two of the last year.
    assert weighted.chances[-2:].sum() == pytest.approx(0.75 * 2 / (0.25 * 8 + 0.75 * 2))
    quiet = estimate_entries(seen_in(placements(*rows[:8])), 24, np.array([0.25, 0.75]))
    assert quiet.children.level * 12 == pytest.approx(0.25 * 8)


def test_months_before_the_first_whole_year_count_for_nothing_beside_weights():
    rows = [{"decom": "2023-04-15"}] * 5 + [{"decom": "2024-06-01"}] * 3
    found = estimate_entries(seen_in(placements(*rows)), 24, np.array([1.0])).children
    assert found.level * 12 == pytest.approx(3)
    assert found.chances[:5].sum() == 0


def test_an_entrant_without_an_age_counts_but_lends_none():
    rows = [{"decom": "2024-06-01", "dob": None}, {"decom": "2024-06-01"}]
    found = estimate_entries(seen_in(placements(*rows)), 24).children
    assert found.level == pytest.approx(2 / 24) and len(found.age) == 1


def test_nobody_came_nobody_comes():
    found = estimate_entries(seen_in(placements({"decom": "2020-01-01"})), 24)
    counts = found.children.counts(np.random.default_rng(1), 3, 24, np.ones((3, 24)))
    assert counts.shape == (3, 24) and not counts.any()


def test_counts_have_the_mean_and_the_variance_they_are_said_to_have():
    one = np.ones((4000, 12))
    rng = np.random.default_rng(1)
    poisson = arrivals().counts(rng, 4000, 12, one)
    wider = arrivals(dispersion=2.5).counts(rng, 4000, 12, one)
    level = arrivals(level_var=0.5).counts(rng, 4000, 12, one)
    years = arrivals(year_var=0.1).counts(rng, 4000, 24, np.ones((4000, 24)))
    for counts in (poisson, wider, level, years):
        assert counts.mean() == pytest.approx(5, rel=0.02)
    assert poisson.var() == pytest.approx(5, rel=0.04)
    assert wider.var() == pytest.approx(12.5, rel=0.05)
    # A year's total: twelve months' chance, and the level's error twelve times over.
    assert level.sum(axis=1).var() == pytest.approx(60 + 144 * 0.5, rel=0.08)
    both = years.reshape(4000, 2, 12).sum(axis=2)
    assert both[:, 0].var() == pytest.approx(60 + 60**2 * 0.1, rel=0.1)
    assert abs(np.corrcoef(both.T)[0, 1]) < 0.06
    assert arrivals().counts(rng, 9, 2, np.zeros((9, 2))).sum() == 0


def test_each_future_has_its_own_sample_of_the_entrants():
    pools = arrivals(chances=np.array([0.0, 1.0])).pools(np.random.default_rng(1), 5)
    assert pools.tolist() == [[1, 1]] * 5
    mix = arrivals(age=np.arange(200), state=np.zeros(200, int), need=np.zeros(200, int),
                   chances=np.full(200, 1 / 200)).pools(np.random.default_rng(1), 500)  # fmt: skip
    # The share of the younger half varies as a share of two hundred does.
    assert (mix < 100).mean(axis=1).std() == pytest.approx(0.5 / np.sqrt(200), rel=0.1)


def test_the_level_of_a_known_truth_is_recovered():
    grid = history_grid("2020-04-01", "2025-03-31")
    found = estimate_entries(seen_in(made_up_history(Truth(entries=40), 3), grid), 60).children
    assert found.level == pytest.approx(40, abs=4 * np.sqrt(40 / 60))
    assert found.level_var**0.5 == pytest.approx(np.sqrt(40 / 60), rel=0.25)
    assert found.dispersion < 1.5
