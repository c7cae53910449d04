"""How long children stay: bands, and Kaplan-Meier against a second method."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from children_frames import children
from histories import STORAGES, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.duration import (
    DAYS_A_MONTH,
    DURATION_BANDS,
    duration_on_leaving,
    length_of_stay,
    median_days,
    still_looked_after,
    survival_at,
    time_looked_after,
)
from sufficiency_lib.metrics.population import children_looked_after, started_and_ceased

DAY = "2025-03-31"


def band(decom: str, rne: str = "S", storage: str = "object") -> str:
    got = time_looked_after(children({"decom": decom, "rne": rne}, storage=storage), [DAY])
    return got.loc[got["children"] == 1, "duration_band"].item()


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize(
    ("decom", "expected"),
    [
        ("2025-03-31", "under_6_months"),
        ("2024-10-01", "under_6_months"),
        ("2024-09-30", "6_to_12_months"),
        ("2024-04-01", "6_to_12_months"),
        ("2024-03-31", "1_to_2_years"),
        ("2023-03-31", "2_to_3_years"),
        ("2022-03-31", "3_to_5_years"),
        ("2020-04-01", "3_to_5_years"),
        ("2020-03-31", "5_years_and_over"),
    ],
)
def test_the_bands_begin_where_the_months_are_full(decom, expected, storage) -> None:
    assert band(decom, storage=storage) == expected


@pytest.mark.parametrize("rne", ["P", "L", None])
def test_a_period_whose_start_is_not_seen_is_not_known_unless_five_years_are(rne) -> None:
    assert band("2024-09-30", rne) == "not_known"
    assert band("2020-03-31", rne) == "5_years_and_over"


def test_the_last_period_of_a_year_counts_on_leaving() -> None:
    episodes = children(
        {"child_id": "a", "decom": "2020-05-01", "dec": "2024-05-01"},
        {"child_id": "a", "decom": "2024-06-01", "dec": "2024-07-01"},
        {"child_id": "b", "decom": "2022-05-01", "dec": "2024-05-01"},
    )
    got = duration_on_leaving(episodes, [DAY]).set_index("duration_band")["children"]
    assert got[got > 0].to_dict() == {"under_6_months": 1, "2_to_3_years": 1}


_stays = st.lists(st.tuples(st.integers(0, 900), st.none() | st.integers(0, 700)), max_size=10)


@given(_stays)
@quickly
def test_the_bands_hold_every_child_once(stays) -> None:
    origin = pd.Timestamp("2022-09-01")
    episodes = children(*(
        {"decom": origin + pd.Timedelta(days=start),
         "dec": None if days is None else origin + pd.Timedelta(days=start + days)}
        for start, days in stays
    ))
    stock = children_looked_after(episodes, [DAY])["children"].iloc[0]
    assert time_looked_after(episodes, [DAY])["children"].sum() == stock
    ceased = started_and_ceased(episodes, [DAY])["ceased"].iloc[0]
    assert duration_on_leaving(episodes, [DAY])["children"].sum() == ceased


# --- Kaplan-Meier ----------------------------------------------------------------------------


def by_hand(days: list[int], ended: list[bool]) -> tuple[float, float, float]:
    """The second method: the product and Greenwood's sum, one time after another."""
    times, curve, total = sorted({d for d, e in zip(days, ended, strict=True) if e}), 1.0, 0.0
    found = [np.nan] * 3
    for time in times:
        at_risk = sum(d >= time for d in days)
        gone = sum(d == time and e for d, e in zip(days, ended, strict=True))
        curve *= 1 - gone / at_risk
        low = high = np.nan
        if curve > 1e-12:
            total += gone / (at_risk * (at_risk - gone))
            spread = np.exp(1.959963984540054 * np.sqrt(total) / abs(np.log(curve)))
            low, high = curve**spread, curve ** (1 / spread)
        else:
            low = 0.0
        for at, line in enumerate((curve, low, high)):
            if np.isnan(found[at]) and line <= 0.5 + 1e-9:
                found[at] = float(time)
    return tuple(found)


_lives = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=30)


@given(_lives)
@quickly
def test_the_median_and_its_limits_worked_one_time_after_another(lives) -> None:
    days, ended = [d for d, _ in lives], [e for _, e in lives]
    ours = median_days(pd.Series(days), pd.Series(ended, dtype=bool))
    np.testing.assert_allclose(ours, by_hand(days, ended))


def test_the_curve_and_the_median_are_those_of_statsmodels() -> None:
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    rng = np.random.default_rng(903)
    lived, seen_for = rng.exponential(300, 400).round(), rng.uniform(30, 900, 400).round()
    days, ended = pd.Series(np.minimum(lived, seen_for)), pd.Series(lived <= seen_for)
    theirs = survfunc.SurvfuncRight(days.to_numpy(), ended.to_numpy().astype(int))
    median = theirs.quantile(0.5)
    assert median_days(days, ended)[0] == median
    for at in (30.0, 180.0, 365.0):
        place = np.searchsorted(theirs.surv_times, at, side="right") - 1
        assert survival_at(days, ended, at)[0] == pytest.approx(theirs.surv_prob[place])
    low, high = theirs.quantile_ci(0.5, method="cloglog")
    ours = median_days(days, ended)[1:]
    steps = theirs.surv_times
    # Its interval is of the times not rejected, ours of where the limits cross: a step apart.
    assert abs(np.searchsorted(steps, ours[0]) - np.searchsorted(steps, low)) <= 1
    assert abs(np.searchsorted(steps, ours[1]) - np.searchsorted(steps, high)) <= 1


def test_freireichs_remission_times_give_the_published_median() -> None:
    """6-MP against placebo (1963), in every textbook: medians 23 and 8 weeks."""
    treated = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    assert median_days(pd.Series(treated), pd.Series(ended).astype(bool))[0] == 23
    assert median_days(pd.Series(placebo), pd.Series([True] * 21))[0] == 8
    share = survival_at(pd.Series(treated), pd.Series(ended).astype(bool), 10)[0]
    assert share == pytest.approx(0.7529, abs=5e-5)


def test_a_median_not_reached_is_not_known() -> None:
    days, ended = pd.Series([5, 10, 10, 10]), pd.Series([True, False, False, False])
    median, low, high = median_days(days, ended)
    assert np.isnan([median, high]).all() and low == 5  # five days at least
    assert np.isnan(median_days(days, pd.Series([False] * 4))).all()
    assert survival_at(days, ended, 8)[0] == 0.75
    assert np.isnan(survival_at(days, ended, 11)).all()


def ladder(count: int = 40, **more: object) -> list[dict[str, object]]:
    """Periods from 1 April 2023 that end after 10, 20, 30 … days."""
    start = pd.Timestamp("2023-04-01")
    return [{"decom": start, "dec": start + pd.Timedelta(days=10 * at), "rec": "E4A"} | more
            for at in range(1, count + 1)]


@pytest.mark.parametrize("storage", STORAGES)
def test_periods_from_before_the_returns_are_left_out(storage) -> None:
    early = [{"decom": "2019-01-01"}] * 30
    episodes = children(*ladder(), *early, storage=storage)
    got = length_of_stay(episodes, "2023-04-01", DAY).set_index("age_group").loc["all"]
    assert got["periods_ended"] == 40
    assert got["median_months"] == round(200 / DAYS_A_MONTH, 1)
    assert got["median_low_months"] < got["median_months"] < got["median_high_months"]


def test_what_ends_after_the_day_is_open_on_it() -> None:
    episodes = children(*ladder())
    got = length_of_stay(episodes, "2023-04-01", "2023-07-10").set_index("age_group").loc["all"]
    assert got["periods_ended"] == 10
    assert np.isnan(got["median_months"])


def test_who_is_in_no_later_return_is_censored_and_not_ended() -> None:
    got = length_of_stay(children(*ladder(rec="E99")), "2023-04-01", DAY).set_index("age_group")
    assert got.loc["all", "periods_ended"] == 0 and np.isnan(got.loc["all", "median_months"])


def test_few_periods_give_no_median_and_ages_add_up() -> None:
    episodes = children(*ladder(25, dob="2010-01-01"), *ladder(5, dob="2020-01-01"))
    got = length_of_stay(episodes, "2023-04-01", DAY).set_index("age_group")
    assert got["median_months"].notna().to_dict() == {
        "all": True, "under_1": False, "1_to_4": False, "5_to_9": False, "10_to_15": True,
        "16_and_over": False, "not_known": False,
    }
    assert got.drop(index="all")["periods_ended"].sum() == got.loc["all", "periods_ended"] == 30


def test_a_child_with_two_periods_is_one_child_behind_them() -> None:
    twice = [row | {"child_id": f"c{at // 2}"} for at, row in enumerate(ladder())]
    got = length_of_stay(children(*twice), "2023-04-01", DAY).iloc[0]
    assert (got["periods_ended"], got["base_periods_ended"]) == (40, 20)


def test_the_share_still_looked_after_stops_where_nobody_could_be_followed() -> None:
    got = still_looked_after(children(*ladder()), "2023-04-01", DAY).set_index("after_months")
    assert got.index.tolist() == [6, 12]
    assert got["still_pct"].tolist() == [55.0, 10.0]
    assert got["followed"].tolist() == [22, 4]
    assert (got["still_low_pct"] < got["still_pct"]).all()


def test_nobody() -> None:
    got = length_of_stay(children(), "2023-04-01", DAY)
    assert got["periods_ended"].sum() == 0 and got["median_months"].isna().all()
    assert still_looked_after(children(), "2023-04-01", DAY).empty
    assert time_looked_after(children(), [DAY])["duration_band"].tolist() == list(DURATION_BANDS)
    assert duration_on_leaving(children(), []).empty


def test_only_who_is_there_on_the_day_is_in_its_bands_area_by_area() -> None:
    episodes = children(
        {"decom": "2020-01-01", "dec": "2024-01-01"},  # gone
        {"decom": "2024-01-01", "dec": DAY, "rne": "P"},  # ends that day
        {"decom": "2025-04-01"},  # to come
        {"decom": "2023-01-01"}, {"decom": "2025-01-01"},
        {"decom": "2025-01-01", "dec": "2025-02-01", "child_id": "c1"},  # numbered as one of a's
    ).assign(authority=["a", "a", "a", "a", "b", "b"])
    got = time_looked_after(episodes, [DAY], by=["authority"])
    assert got.loc[got["children"] > 0, ["authority", "duration_band", "children", "share_pct"]
                   ].to_numpy().tolist() == [
        ["a", "2_to_3_years", 1, 100.0], ["b", "under_6_months", 1, 100.0]]
    left = duration_on_leaving(episodes, [DAY], by=["authority"])
    assert left.loc[left["children"] > 0, ["authority", "duration_band"]].to_numpy().tolist() == [
        ["a", "not_known"], ["b", "under_6_months"]]
    assert time_looked_after(episodes, []).empty


def test_as_many_periods_as_are_asked_for_are_enough() -> None:
    episodes, first = children(*ladder(20)), "2023-04-01"
    for fewest, told in ((20, True), (21, False)):
        got = length_of_stay(episodes, first, DAY, fewest=fewest).iloc[0]
        assert pd.notna(got["median_months"]) is told
        assert still_looked_after(episodes, first, DAY, fewest=fewest).empty is not told


def test_areas_are_followed_apart_and_their_children_counted_once() -> None:
    twice = [row | {"child_id": f"c{at // 2}"} for at, row in enumerate(ladder())]
    episodes = pd.concat([children(*twice).assign(authority="a"),
                          children(*ladder(20)).assign(authority="b")], ignore_index=True)
    stay = length_of_stay(episodes, "2023-04-01", DAY, by=["authority"])
    stay = stay[stay["age_group"] == "all"]
    assert stay[["authority", "periods_ended", "base_periods_ended", "median_months"]
                ].to_numpy().tolist() == [["a", 40, 20, 6.6], ["b", 20, 20, 3.3]]
    still = still_looked_after(episodes, "2023-04-01", DAY, by=["authority"])
    assert still[["authority", "after_months", "followed", "base_followed", "care_periods",
                  "base_care_periods"]].to_numpy().tolist() == [
        ["a", 6, 22, 11, 40, 20], ["a", 12, 4, 2, 40, 20], ["b", 6, 2, 2, 20, 20]]


@pytest.mark.filterwarnings("error")
def test_a_curve_before_its_first_and_at_its_last_end() -> None:
    days, ended = np.arange(1, 41), np.ones(40, dtype=int)
    np.testing.assert_equal(survival_at(days, ended, 0.5), (1.0, np.nan, np.nan))
    np.testing.assert_equal(survival_at(days, ended, 40), (0.0, 0.0, np.nan))
    np.testing.assert_equal(survival_at(days, ended * 0, 30), (1.0, np.nan, np.nan))
    np.testing.assert_equal(survival_at(days[:0], ended[:0], 0), (np.nan,) * 3)
    np.testing.assert_equal(survival_at(days[:1], ended[:1], 1)[0], 0.0)
    # Noughts and ones say who ended as well: one of four, then one of the two who are left.
    assert survival_at(np.array([1, 2, 3, 4]), np.array([1, 0, 1, 0]), 3)[0] == 0.375
