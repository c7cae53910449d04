"""Futures: what is conserved, small cases by hand, and intervals that hold what they say."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecast_frames import placements
from histories import quickly
from hypothesis import given, settings
from hypothesis import strategies as st
from made_panel import TRUTH

from benchmarks.forecast_coverage import FIRST, HORIZONS_MONTHS, TRUTHS, measured
from benchmarks.forecast_truth import LASTING, Truth, made_up_history
from sufficiency_lib.dataset import load
from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.forecast import model
from sufficiency_lib.forecast.drift import DriftPaths, published_drift
from sufficiency_lib.forecast.futures import Futures
from sufficiency_lib.forecast.levers import Levers, StepDown
from sufficiency_lib.forecast.model import simulate
from sufficiency_lib.forecast.pool import Pool
from sufficiency_lib.forecast.refusal import refused, worth
from sufficiency_lib.forecast.run import forecast, futures_of, learn, multipliers
from sufficiency_lib.metrics.cohorts import turning_ages
from sufficiency_lib.metrics.stock import on_date, uasc_on
from sufficiency_lib.settings import RunParameters

AS_AT = "2025-03-31"
HISTORY = made_up_history(LASTING, 1)
LEARNT = learn(HISTORY, AS_AT, first=FIRST)
ARRAYS = ("children", "nights", "entries", "exits", "uasc", "turning_16", "turning_18", "needs")


def futures_from(*rows: dict[str, object], months: int = 12, draws: int = 20) -> Futures:
    return forecast(placements(*rows), AS_AT, first="2023-04-01", months=months, draws=draws,
                    seed=1)  # fmt: skip


def assert_balanced(futures: Futures) -> None:
    total = futures.children.sum(axis=2)
    assert (total[:, 1:] == total[:, :-1] + futures.entries - futures.exits).all()
    assert (futures.needs.sum(axis=2) == total).all()
    assert (futures.children >= 0).all() and (futures.needs >= 0).all()
    assert ((futures.uasc >= 0) & (futures.uasc <= total)).all()
    assert (futures.turning_18 <= futures.exits).all()
    days = np.diff(futures.dates).astype("timedelta64[D]").astype(int)
    mean = (futures.children[:, 1:] + futures.children[:, :-1]) / 2
    assert futures.nights == pytest.approx(mean * days[None, :, None], rel=1e-6)


# --- what every simulation keeps ---------------------------------------------------------------


def test_children_are_those_before_and_the_entries_without_the_exits():
    futures = futures_of(LEARNT, months=30, draws=70, seed=1)
    assert_balanced(futures)
    assert (futures.draws, futures.months) == (70, 30)
    assert (futures.children[:, 0].sum(axis=1) == len(on_date(HISTORY, AS_AT))).all()
    assert len(futures.dates) == 31 and futures.dates[12] == pd.Timestamp("2026-03-31")
    assert [str(getattr(futures, name).dtype) for name in ARRAYS] == [
        "int32", "float32", *["int32"] * 6]  # fmt: skip


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    one, same, other = (futures_of(LEARNT, months=6, draws=130, seed=seed) for seed in (1, 1, 2))
    for name in ARRAYS:
        assert getattr(one, name).tobytes() == getattr(same, name).tobytes()
    assert one.children.tobytes() != other.children.tobytes()


@pytest.mark.parametrize("threads", ["1", "3", "0", "2,1"])
def test_futures_do_not_depend_on_how_many_threads_draw_them(monkeypatch, threads):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    as_usual = futures_of(LEARNT, months=3, draws=260, seed=1)
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    assert model._threads() == (int(threads) if threads in "13" else os.cpu_count())
    drawn = futures_of(LEARNT, months=3, draws=260, seed=1)
    for name in ARRAYS:
        assert getattr(drawn, name).tobytes() == getattr(as_usual, name).tobytes()


def test_more_futures_begin_with_the_same_ones():
    few, many = (futures_of(LEARNT, months=6, draws=model.BLOCK_DRAWS * n, seed=1) for n in (1, 2))
    assert (few.children == many.children[: model.BLOCK_DRAWS]).all()


@pytest.mark.parametrize(("months", "draws"), [(0, 5), (1, 1), (5, 1)])
def test_one_future_or_no_month_has_the_right_shape(months, draws):
    futures = futures_of(LEARNT, months=months, draws=draws, seed=1)
    assert futures.children.shape[:2] == (draws, months + 1)
    assert futures.nights.shape[:2] == futures.entries.shape == (draws, months)
    assert_balanced(futures)


@given(st.lists(
    st.tuples(st.integers(0, 6900), st.integers(0, 900), st.none() | st.integers(1, 500),
              st.sampled_from(["own", "private"]), st.booleans()),
    min_size=1, max_size=12,
))  # fmt: skip
@settings(quickly, max_examples=10)
def test_any_history_balances(children):
    origin = pd.Timestamp("2023-01-01")
    rows = [
        {"decom": origin + pd.Timedelta(days=start), "dob": origin - pd.Timedelta(days=age),
         "dec": None if days is None else origin + pd.Timedelta(days=start + days),
         "provider": provider, "is_uasc": uasc, "ever_uasc": uasc}
        for age, start, days, provider, uasc in children
    ]  # fmt: skip
    assert_balanced(futures_from(*rows, months=8, draws=3))


# --- small cases by hand -----------------------------------------------------------------------


def test_with_no_entry_and_no_exit_ever_only_birthdays_change_the_stock():
    rows = [{"decom": "2022-01-01", "dob": dob, "need_code": need}
            for dob, need in (("2007-05-05", "N1"), ("2007-10-31", "N2"), ("2015-01-01", "N8"),
                              ("2009-04-30", "N1"))]  # fmt: skip
    futures = futures_from(*rows)
    assert_balanced(futures)
    # 18 on 5 May and 31 October 2025; 16 on 30 April.
    assert futures.children.sum(axis=2).tolist() == [[4, 4, 3, 3, 3, 3, 3, *[2] * 6]] * 20
    assert futures.turning_18[0].tolist() == [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert futures.turning_16[0].tolist() == [1, *[0] * 11]
    named = dict(zip(futures.need_names, futures.needs[0, -1], strict=True))
    assert (named["abuse_or_neglect"], named["absent_parenting"], named["other_needs"]) == (1, 1, 0)
    assert futures.nights[0, :2, 0].tolist() == [4 * 30, 3.5 * 31]


def test_nobody_is_looked_after_past_eighteen():
    """However long the futures, today's children are gone when the youngest is 18."""
    learnt = replace(LEARNT, entries=replace(
        LEARNT.entries, children=replace(LEARNT.entries.children, level=0.0)))  # fmt: skip
    futures = futures_of(learnt, months=215, draws=5, seed=1)
    left = 216 - LEARNT.start.age.min()
    assert not futures.children[:, left:].any()
    assert (futures.exits.sum(axis=1) == len(LEARNT.start)).all()


def test_turning_18_is_that_of_the_cohorts_where_nobody_else_leaves():
    rows = [{"decom": "2022-01-01", "dob": f"{year}-{month:02d}-15"}
            for year in range(2007, 2012) for month in (1, 4, 8, 12)]  # fmt: skip
    futures = futures_from(*rows, months=60, draws=2)
    expected = turning_ages(placements(*rows).query("dob > '2007-03-31'"), AS_AT, 5)
    for age in ("turning_18", "turning_16"):
        yearly = getattr(futures, age)[0].reshape(5, 12).sum(axis=1)
        assert yearly.tolist()[1:] == expected[age].tolist()[1:]


def test_one_recorded_as_an_adult_leaves_in_the_first_month():
    futures = futures_from({"dob": "2001-01-01"}, {"dob": "2015-01-01"}, {"dob": "1900-01-01"},
                           months=2, draws=3)  # fmt: skip
    assert futures.children.sum(axis=2).tolist() == [[3, 1, 1]] * 3


def test_an_age_that_is_not_known_is_one_of_those_who_live_in_the_same_state():
    rows = [{"decom": "2022-01-01", "dob": "2007-05-05"}] * 3 + [
        {"decom": "2022-01-01", "dob": "2015-01-01", "provider": "private"},
        {"decom": "2022-01-01", "dob": None},
        {"decom": "2022-01-01", "dob": None, "provider": "private"}]  # fmt: skip
    futures = futures_from(*rows, months=3, draws=4)
    assert futures.children[:, -1].tolist() == [[0, 2]] * 4


def test_nobody_with_a_date_of_birth_is_refused():
    with pytest.raises(InputError, match="date of birth"):
        futures_from({"dob": None})


def test_no_episode_is_refused_and_one_month_of_returns_is_a_shape():
    with pytest.raises(InputError, match="No episode had started"):
        forecast(HISTORY[:0], AS_AT, first=FIRST, months=1, draws=1, seed=1)
    for first in ("2025-04-01", "2025-03-01"):
        assert_balanced(forecast(HISTORY, AS_AT, first=first, months=6, draws=2, seed=1))


def test_paths_of_other_futures_are_refused():
    paths = DriftPaths(*(np.ones((3, 12), dtype="float32") for _ in range(2)))
    with pytest.raises(ValueError, match=r"paths are \(3, 12\); expected \(4, 12\)"):
        simulate(LEARNT.start, LEARNT.rates, LEARNT.entries, as_at=AS_AT, months=12, draws=4,
                 rng=np.random.default_rng(1), paths=paths)  # fmt: skip


def test_a_pool_has_its_fields_and_no_others():
    assert len(Pool(1, 1).spot) == 0 and not hasattr(Pool(1, 1), "unheard_of")


def test_nobody_looked_after_today_is_an_empty_start():
    futures = futures_from({"dec": "2024-01-01", "decom": "2023-05-01"}, months=24, draws=40)
    assert not futures.children[:, 0].any()
    assert_balanced(futures)


def test_uasc_come_apart_and_leave_at_eighteen():
    rows = [{"decom": f"2024-{month:02d}-01", "is_uasc": True, "ever_uasc": True,
             "dob": "2007-09-15"} for month in range(1, 13)]  # fmt: skip
    futures = futures_from(*rows, {"decom": "2022-01-01"}, months=12, draws=50)
    assert_balanced(futures)
    assert (futures.uasc[:, 0] == 12).all()
    assert (futures.children.sum(axis=2) - futures.uasc == 1).all()
    assert futures.turning_18[:, 5].min() >= 10


def test_levels_of_drift_move_entries_and_exits():
    flat = DriftPaths(np.ones((64, 12), np.float32), np.ones((64, 12), np.float32))
    more = DriftPaths(flat.entry * np.float32(2), flat.exit * np.float32(0))
    given = dict(as_at=AS_AT, months=12, draws=64)
    base, moved = (
        simulate(LEARNT.start, LEARNT.rates, LEARNT.entries, rng=np.random.default_rng(1),
                 paths=paths, **given)
        for paths in (flat, more)
    )  # fmt: skip
    assert moved.entries.sum() == pytest.approx(2 * base.entries.sum(), rel=0.05)
    gone = (LEARNT.entries.children.state < 0).mean() * moved.entries.sum()
    assert moved.exits.sum() == pytest.approx(moved.turning_18.sum() + gone, rel=0.05)
    plain = simulate(LEARNT.start, LEARNT.rates, LEARNT.entries, rng=np.random.default_rng(1),
                     **given)  # fmt: skip
    assert plain.children.tobytes() == base.children.tobytes()


def test_drift_makes_futures_wider():
    drifting = learn(HISTORY, AS_AT, first=FIRST, drift=published_drift())
    still, wide = (futures_of(one, months=60, draws=200, seed=1) for one in (LEARNT, drifting))
    assert_balanced(wide)
    spread = [one.children.sum(axis=2)[:, -1].std() for one in (still, wide)]
    assert spread[1] > 1.3 * spread[0]


def test_what_was_learnt_of_past_years_is_as_counted():
    drifting = learn(HISTORY, AS_AT, first=FIRST, drift=published_drift())
    begun = HISTORY[HISTORY["rne"] == "S"]["decom"]
    ends = pd.date_range("2021-03-31", AS_AT, freq="YE-MAR")
    counted = [begun.between(end - pd.DateOffset(years=1), end, inclusive="right").sum()
               for end in ends]  # fmt: skip
    assert drifting.entry_years.tolist() == counted
    left = HISTORY[HISTORY["rec"].eq("E8") & HISTORY["dec"].between("2020-04-02", AS_AT)]
    at_18 = left["dec"] >= left["dob"] + pd.DateOffset(years=18) - pd.DateOffset(days=1)
    came = left["care_period_id"].map(HISTORY.groupby("care_period_id")["decom"].min())
    at_once = came.dt.to_period("M") == left["dec"].dt.to_period("M")
    assert drifting.unmoved_share == pytest.approx((at_18 | at_once).mean(), abs=0.02)
    assert drifting.exit_years.mean() == pytest.approx(1, abs=0.05)
    assert not len(LEARNT.entry_years) and multipliers(
        LEARNT, draws=1, months=1, rng=np.random.default_rng(1)) is None  # fmt: skip


def test_a_move_of_the_last_years_fades_and_the_exits_that_can_take_all_the_drift():
    """By hand, as in test_drift: without chance a level k years ahead is m + d f^k."""
    drift = replace(TRUTH, entry_dispersion=1e-9, entry_persistence=0.5, exit_dispersion=1e-9,
                    exit_persistence=0.5, shared_entry_sd=0.0, shared_exit_sd=0.0)  # fmt: skip
    still = replace(LEARNT, drift=drift, years=2, entry_years=np.array([120.0, 120.0]),
                    exit_years=np.ones(2), unmoved_share=0.0)  # fmt: skip
    moved = replace(still, entry_years=np.array([100.0, 144.0]),
                    exit_years=np.array([1 / 1.2, 1.2]), unmoved_share=0.5)  # fmt: skip
    size = {"draws": 30, "months": 36}
    flat, fading = (multipliers(one, **size, rng=np.random.default_rng(1))
                    for one in (still, moved))  # fmt: skip
    expected = np.exp(np.log(1.2) * (np.array([0.5, 0.25, 0.125]) - 0.5))
    entry = (fading.entry / flat.entry)[:, ::12]
    assert entry == pytest.approx(np.tile(expected, (30, 1)), rel=1e-3)
    # Half of the exits are at 18 or at once: the others move twice as far.
    the_rest = np.maximum(0, 1 + 2 * (flat.exit[:, ::12] - 1))
    assert fading.exit[:, ::12] == pytest.approx(the_rest * expected, rel=1e-3)
    quiet = replace(moved, entry_years=np.array([0.0, 144.0]))
    again = multipliers(quiet, **size, rng=np.random.default_rng(1))
    assert (again.entry == flat.entry).all()


def test_groups_are_the_states_put_together():
    futures = futures_of(LEARNT, months=3, draws=5, seed=1)
    groups = futures.by_group()
    assert list(groups) == ["all", "fostering", "childrens_home", "fostering_in_house",
                            "fostering_ifa"]  # fmt: skip
    assert (groups["all"] == groups["fostering"] + groups["childrens_home"]).all()
    assert (groups["fostering"] == groups["fostering_in_house"] + groups["fostering_ifa"]).all()
    assert futures.by_group("nights")["all"].shape == (5, 3)


def test_a_lever_to_a_state_that_was_not_learnt_is_refused_in_a_sentence():
    levers = Levers(step_down=(StepDown(("fostering",), "secure/public", 5, AS_AT),))
    with pytest.raises(ConfigurationError, match="know nothing of secure/public"):
        futures_of(LEARNT, months=1, draws=1, seed=1, levers=levers)


def test_the_sample_starts_from_its_stock(sample_dir):
    study = load(RunParameters(authority="herefordshire", data=sample_dir))
    futures = forecast(study.episodes, study.as_at, first="2020-04-01", months=12, draws=40,
                       seed=1, drift=published_drift())  # fmt: skip
    assert_balanced(futures)
    there = on_date(study.episodes, pd.Timestamp(study.as_at))
    uasc = uasc_on(there, pd.Timestamp(study.as_at)).sum()
    assert (futures.children[:, 0].sum(axis=1) == len(there)).all()
    assert (futures.uasc[:, 0] == uasc).all() and uasc > 0
    for group, children in there.groupby("placement_group"):
        assert (futures.by_group()[group][:, 0] == len(children)).all()


# --- what it does not know ---------------------------------------------------------------------


def test_what_happens_after_the_day_changes_nothing():
    cut = HISTORY[HISTORY["decom"] <= AS_AT]
    cut = cut.assign(dec=cut["dec"].where(cut["dec"] <= AS_AT))
    assert not cut.equals(HISTORY)
    one, two = (forecast(history, AS_AT, first=FIRST, months=4, draws=10, seed=1)
                for history in (HISTORY, cut))  # fmt: skip
    assert one.children.tobytes() == two.children.tobytes()


# --- a truth that is known (benchmarks.forecast_coverage has the large form) ---------------------


def test_intervals_hold_and_means_are_unbiased():
    rows = measured(TRUTHS["lasting"], 6, draws=100).query("group == 'all'")
    held = rows["actual"].between(rows["p10"], rows["p90"]).groupby(rows["months"]).sum()
    # Of 6 with chance 0.8 each, fewer than 3 come once in 60 times; three horizons are seen.
    assert list(held.index) == list(HORIZONS_MONTHS) and (held >= 3).all()
    missed = (rows["mean"] - rows["actual"]) / rows["actual"]
    assert abs(missed.mean()) < 0.05


def test_entrants_last_as_long_as_the_truth_says():
    """Two in five leave within six months, one in eight is there after five years."""
    truth = Truth(entries=60, leaves=LASTING.leaves, moves=(0.0, 0.0, 0.0))
    history = made_up_history(truth, 1, last="2025-03-31")
    learnt = learn(history, AS_AT, first=FIRST)
    entries = replace(learnt.entries.children, age=np.full_like(learnt.entries.children.age, 60),
                      level=0.0)  # fmt: skip
    here = learnt.entries.children.state[learnt.entries.children.state >= 0]
    start = replace(learnt.start, state=here, age=np.full(len(here), 60),
                    duration=np.zeros(len(here), int), need=np.zeros(len(here), int),
                    uasc=np.zeros(len(here), bool))  # fmt: skip
    futures = simulate(start, learnt.rates, replace(learnt.entries, children=entries),
                       as_at=AS_AT, months=60, draws=20, rng=np.random.default_rng(1))  # fmt: skip
    share = futures.children.sum(axis=2).mean(axis=0) / len(here)
    # At a first month's end a child has been there for half a month on average.
    for months in (6, 12, 36, 60):
        expected = (truth.lasting(months) + truth.lasting(months + 1)) / 2
        expected /= (1 + truth.lasting(1)) / 2
        assert share[months] == pytest.approx(expected, abs=0.03)


# --- refusals ----------------------------------------------------------------------------------


def texts(history: pd.DataFrame, as_at: str = AS_AT, **more) -> str:
    return " ".join(doubt.text for doubt in worth(history, as_at, first=FIRST, **more))


def test_a_sound_history_meets_no_doubt():
    assert worth(HISTORY, AS_AT, first=FIRST, return_years=range(2021, 2026)) == []


def test_too_little_or_broken_history_is_refused_in_sentences():
    lost = HISTORY["decom"].between("2022-04-01", "2023-03-31")
    refusals = {
        "cover fewer than 24 months": (HISTORY, "2021-03-31"),
        "year to 31/03/2023 has next to no starts": (HISTORY[~lost], AS_AT),
        "Nobody is looked after": (HISTORY[:0], AS_AT),
        "No child has a date of birth": (HISTORY.assign(dob=pd.NaT), AS_AT),
        "Fewer than 30 starts": (HISTORY[HISTORY["child_id"].isin(
            HISTORY["child_id"].unique()[::20])], AS_AT),
    }
    for text, (history, as_at) in refusals.items():
        doubts = worth(history, as_at, first=FIRST)
        assert refused(doubts) and text in doubts[0].text, text
    gap = worth(HISTORY, AS_AT, first=FIRST, return_years=[2021, 2022, 2024, 2025])
    assert refused(gap) and "31 March 2023 is missing" in gap[0].text


def test_a_thin_history_is_warned_of():
    few = HISTORY[HISTORY["child_id"].isin(HISTORY["child_id"].unique()[::8])]
    assert "Fewer than 100 starts" in texts(few) and not refused(worth(few, AS_AT, first=FIRST))
    assert "cover 27 months" in texts(HISTORY, "2022-06-30")
    blank = HISTORY.assign(dob=HISTORY["dob"].where(HISTORY["care_period_id"] % 4 > 0))
    assert "More than one child in ten has no date of birth" in texts(blank)
    left = HISTORY["dec"].between("2022-06-01", "2023-03-31") & (HISTORY["rec"] == "E8")
    unseen = HISTORY.assign(rec=HISTORY["rec"].mask(left, "E99"))
    assert "missing from the next return" in texts(unseen)
    half = HISTORY["decom"].between("2022-04-01", "2023-01-31")
    assert "fewer than half" in texts(HISTORY[~half])
