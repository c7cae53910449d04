"""What moving fostering in-house would save: by hand, and that its interval holds the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_costs import paid_for

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.metrics.invest import COLUMNS, invest_to_save


def fostered(own: list[float], agency: list[float]):
    return paid_for(
        [{"placement_group": "fostering", "provider": "own", "week": week} for week in own]
        + [{"placement_group": "fostering", "provider": "private", "week": week}
           for week in agency]
    )  # fmt: skip


def saved(own, agency, **told):
    asked = {"moved_pct": [100], "occupancy_pct": 100} | told
    return invest_to_save(*fostered(own, agency), "2025-03-31", **asked)


def test_the_saving_is_nights_by_the_difference_with_overheads() -> None:
    # 12 children for a year are 625.71 weeks; 850 + 15 - 550 - 140 = 175 a week.
    row = saved([550] * 12, [780, 920] * 6, own_overheads_gbp_per_week=140,
                agency_overheads_gbp_per_week=15).iloc[0]
    assert row["saving_gbp_per_year"] == round(12 * 365 / 7 * 175)
    assert (row["places_needed"], row["nights_moved"]) == (12, 12 * 365)
    assert (row["agency_gbp_per_week"], row["own_gbp_per_week"]) == (865, 690)
    assert np.isnan(row["invest_gbp"]) and np.isnan(row["payback_months"])
    assert row["low_gbp_per_year"] < row["saving_gbp_per_year"] < row["high_gbp_per_year"]


def test_half_pounds_go_up_as_in_every_other_table() -> None:
    # Half of 12 for a year at £600 and half at £601: 600.50 a week, which is printed as 601.
    row = saved([600, 601] * 6, [700, 701] * 6).iloc[0]
    assert (row["own_gbp_per_week"], row["agency_gbp_per_week"]) == (601, 701)
    # A hundredth of 3,650 nights is 37, at 50 pence a night: £18.50, printed as 19.
    made = saved([500] * 10, [503.5] * 10, moved_pct=[1]).iloc[0]
    assert (made["nights_moved"], made["saving_gbp_per_year"]) == (37, 19)


def test_a_night_for_which_two_rows_pay_is_one_night_of_both_prices() -> None:
    episodes, ledger = fostered([550] * 10, [780] * 10)
    paid = pd.concat([ledger, ledger[-1:].assign(cost_gbp_per_week=100.0)], ignore_index=True)
    row = invest_to_save(episodes, paid, "2025-03-31", moved_pct=[100], occupancy_pct=100).iloc[0]
    # £100 a week more for one of ten.
    assert (row["agency_nights"], row["agency_gbp_per_week"]) == (3_650, 790)


def test_what_costs_more_is_never_paid_back() -> None:
    row = saved([900] * 10, [800] * 10, one_off_gbp_per_place=5_000).iloc[0]
    assert row["saving_gbp_per_year"] < 0 and row["invest_gbp"] == 50_000
    assert np.isnan(row["payback_months"])


def test_a_place_is_whole_and_filled_as_told() -> None:
    made = saved([550] * 10, [800] * 10, moved_pct=[10, 25], occupancy_pct=85)
    # 365 nights at 85% take 1.18 places, 913 nights 2.94.
    assert made["places_needed"].tolist() == [2, 3]


def test_places_are_for_the_nights_of_the_year_and_paid_back_in_months_and_tenths() -> None:
    row = saved([550] * 10, [800] * 10, one_off_gbp_per_place=6_000).iloc[0]
    # 10 places take 60,000; 3,650 nights save 130,357 a year: 5.52 months.
    assert (row["saving_gbp_per_year"], row["payback_months"]) == (130_357, 5.5)
    # 366 nights are one more than a place gives in a year of 365.
    made = saved([550] * 10, [800] * 10, moved_pct=[10.03])
    assert made[["nights_moved", "places_needed"]].to_numpy().tolist() == [[366, 2]]


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    agency = [700.0 + 37 * at % 400 for at in range(25)]
    first, second, other = (saved([550] * 10, agency, seed=seed) for seed in (3, 3, 4))
    assert first.equals(second) and not first.equals(other)


def test_the_interval_is_as_wide_as_the_mean_is_unsure() -> None:
    rng = np.random.default_rng(7)
    agency = rng.normal(900, 120, 60).clip(min=1)
    row = saved([550] * 60, list(agency), draws=4_000).iloc[0]
    weeks = 60 * 365 / 7
    half = 1.96 * agency.std() / len(agency) ** 0.5 * weeks
    wide = (row["high_gbp_per_year"] - row["low_gbp_per_year"]) / 2
    assert wide == pytest.approx(half, rel=0.06)


def test_prices_that_are_all_alike_say_nothing_of_how_sure_they_are() -> None:
    row = saved([550.1] * 11, [800.3] * 13).iloc[0]
    assert row["saving_gbp_per_year"] > 0
    assert np.isnan(row["low_gbp_per_year"]) and np.isnan(row["high_gbp_per_year"])


def test_few_children_give_no_answer() -> None:
    made = saved([550] * 9, [800] * 30)
    assert made.empty and list(made) == list(COLUMNS)


@pytest.mark.parametrize("told", [{"moved_pct": [0]}, {"moved_pct": [101]}, {"occupancy_pct": 0}])
def test_a_share_that_is_none_is_refused(told) -> None:
    with pytest.raises(ConfigurationError, match="not a share in per cent"):
        saved([550] * 10, [800] * 10, **told)


def test_authorities_are_worked_one_by_one() -> None:
    episodes, ledger = (frame.assign(authority=["a", "b"] * 20)
                        for frame in fostered([550.0] * 20, [780.0] * 10 + [920.0] * 10))
    told = {"moved_pct": [50], "occupancy_pct": 85}
    both = invest_to_save(episodes, ledger, "2025-03-31", by=["authority"], **told)
    one = invest_to_save(*(frame[frame["authority"] == "a"] for frame in (episodes, ledger)),
                         "2025-03-31", **told)
    assert both["authority"].tolist() == ["a", "b"]
    assert both.drop(columns="authority").iloc[0].tolist() == pytest.approx(
        one.iloc[0].tolist(), nan_ok=True)
