"""What is said of futures, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from forecast_futures import AS_AT, futures, history, level, spread
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.forecast import summary
from sufficiency_lib.forecast.history import of_groups, with_history
from sufficiency_lib.forecast.rows import GROUPS, HISTORY_GROUPS, children_on
from sufficiency_lib.forecast.targets import forecast_targets, not_forecast
from sufficiency_lib.settings import Target

TODAY = {"all": 32, "fostering": 12, "fostering_in_house": 10, "fostering_ifa": 2,
         "childrens_home": 20}  # fmt: skip
PATHS = {"fostering/own": spread(10), "fostering/independent": level(2),
         "childrens_home/independent": level(20)}  # fmt: skip


@pytest.fixture
def runs() -> dict:
    return {"no_change": futures(PATHS),
            "Fewer": futures(PATHS | {"childrens_home/independent": level(15)})}


def row(frame: pd.DataFrame, **where: object) -> dict:
    for key, value in where.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 100))
@quickly
def test_a_share_of_futures_is_held_and_no_smaller_number_holds_it(
    values: list[int], percent: int
) -> None:
    held = summary.at_share(np.array(values), percent / 100)
    at_or_below = sum(value <= held for value in values)
    assert held in values and 100 * at_or_below >= percent * len(values)
    assert 100 * sum(value < held for value in values) < percent * len(values)


def test_a_forecast_has_every_scenario_month_and_placement(runs: dict) -> None:
    frame = summary.forecast(runs, TODAY)
    assert list(frame.columns) == [
        "scenario", "date", "placement_group", "children_today", "mean", "p10", "p50", "p90",
    ]
    groups = ["all", "fostering", "childrens_home", "fostering_in_house", "fostering_ifa"]
    assert list(frame["placement_group"][:5]) == groups
    assert list(dict.fromkeys(frame["scenario"])) == ["no_change", "Fewer"]
    assert len(frame) == 2 * 24 * 5
    assert frame["date"].iloc[0] == "2025-04-30" and frame["date"].iloc[-1] == "2027-03-31"
    own = row(frame, scenario="no_change", date="2025-04-30", placement_group="fostering_in_house")
    # Ten futures of 11 to 20: one in ten is at 11, five at or below 15, nine at or below 19.
    assert (own["children_today"], own["mean"], own["p10"], own["p50"], own["p90"]) == (
        10, 15.5, 11, 15, 19)
    whole = row(frame, scenario="Fewer", date="2027-03-31", placement_group="all")
    assert (whole["children_today"], whole["mean"], whole["p90"]) == (32, 32.5, 36)


def test_a_placement_that_one_scenario_alone_has_is_in_all(runs: dict) -> None:
    opened = futures(PATHS | {"secure/public": level(4)})
    frame = summary.forecast({**runs, "Open": opened}, TODAY)
    secure = frame[frame["placement_group"] == "secure"]
    assert secure.groupby("scenario")["p50"].max().to_dict() == {
        "no_change": 0, "Fewer": 0, "Open": 4}


def test_nights_of_months_and_years(runs: dict) -> None:
    months = summary.forecast_nights(runs, TODAY)
    april = row(months, scenario="no_change", date="2025-04-30", placement_group="childrens_home")
    assert april["p50_nights"] == april["mean_nights"] == 20 * 30
    years = summary.nights_by_year(runs, TODAY)
    assert list(dict.fromkeys(years["year_ending"])) == ["2026-03-31", "2027-03-31"]
    home = row(years, scenario="Fewer", year_ending="2026-03-31", placement_group="childrens_home")
    assert home["p10_nights"] == home["p90_nights"] == 15 * 365


def test_no_scenario_gives_right_shaped_nothing() -> None:
    assert list(summary.forecast({}, TODAY)) == [
        "scenario", "date", "placement_group", "children_today", *summary.FIGURES]
    assert summary.at_year_ends(summary.forecast({}, TODAY)).empty
    assert summary.compared(summary.forecast({}, TODAY)).empty
    turning = pd.DataFrame({"year_ending": [], "turning_16": [], "turning_18": []})
    assert "todays_children" in summary.forecast_cohorts(None, turning)
    assert summary.forecast_needs(None, {}).empty and summary.forecast_uasc(None, 3).empty


def test_year_ends_and_the_rows_that_a_page_prints(runs: dict) -> None:
    frame = summary.forecast(runs, TODAY)
    ends = summary.at_year_ends(frame)
    assert list(dict.fromkeys(ends["date"])) == ["2026-03-31", "2027-03-31"]
    assert set(summary.at_year_ends(frame, (1,))["date"]) == {"2026-03-31"}
    printed = ends[summary.on_page(ends, years=(2, 5), groups=("all",), scenario="Fewer")]
    assert printed[["scenario", "date", "placement_group"]].to_numpy().tolist() == [
        ["Fewer", "2027-03-31", "all"]]
    assert summary.on_page(ends, groups=None).sum() == len(ends) / 2


def test_scenarios_stand_beside_no_change(runs: dict) -> None:
    frame = summary.compared(summary.at_year_ends(summary.forecast(runs, TODAY)))
    fewer = row(frame, scenario="Fewer", date="2026-03-31", placement_group="childrens_home")
    assert fewer["difference_children"] == -5.0
    assert (frame.loc[frame["scenario"] == "no_change", "difference_children"] == 0).all()
    assert list(frame["scenario"][:2]) == ["no_change", "Fewer"]


def test_cohorts_are_whole_years_beside_todays_children() -> None:
    turning = pd.DataFrame({"year_ending": ["2026-03-31"], "turning_16": [7], "turning_18": [9]})
    frame = summary.forecast_cohorts(futures({"fostering/own": level(9)}, turning=2), turning)
    first = row(frame, turning_age=18, year_ending="2026-03-31")
    assert (first["todays_children"], first["p50"], first["mean"]) == (9, 24, 24.0)
    later = row(frame, turning_age=16, year_ending="2027-03-31")
    assert np.isnan(later["todays_children"]) and later["years_ahead"] == 2


def test_needs_and_unaccompanied_children_at_year_ends() -> None:
    made = futures({"fostering/own": level(9)}, uasc=3)
    needs = summary.forecast_needs(made, {"abuse_or_neglect": 9})
    assert row(needs, date="2026-03-31", need_family="abuse_or_neglect")["p50"] == 9
    assert row(needs, date="2027-03-31", need_family="not_known")["p90"] == 0
    assert summary.forecast_uasc(made, 4)[["children_today", "p50"]].to_numpy().tolist() == [
        [4, 3]] * 2


EPISODES = history(
    ("a", "fostering", "own", "2023-05-01", None, "2015-01-01"),
    ("b", "fostering", "voluntary", "2023-05-01", "2024-06-01", "2015-01-01"),
    ("c", "fostering", "other_la", "2024-05-01", None, "2015-01-01"),
    ("d", "kinship_fostering", "private", "2024-05-01", None, "2015-01-01"),
)


def test_children_on_a_day_by_the_rows_of_a_forecast() -> None:
    counts = children_on(EPISODES, [AS_AT, "2024-03-31"])
    assert list(counts.index) == ["2024-03-31", AS_AT] and list(counts) == list(GROUPS)
    then, now = (counts.loc[day] for day in counts.index)
    assert (then["all"], then["fostering_ifa"], then["kinship_fostering"]) == (2, 1, 0)
    # Another authority's carers are in neither part, nor is an agency's kinship placement.
    assert (now["all"], now["fostering"], now["fostering_in_house"], now["fostering_ifa"]) == (
        3, 2, 1, 0)
    assert children_on(EPISODES[:0], [AS_AT]).loc[AS_AT].sum() == 0


def test_history_forecast_and_proof_in_one_table(runs: dict) -> None:
    tested = pd.DataFrame({
        "origin": ["2024-03-31"], "date": [AS_AT], "horizon_months": [12],
        "placement_group": ["all"], "same_as_today": [2], "straight_line": [np.nan], "p10": [1],
        "p50": [2], "p90": [4], "mean": [2.0], "actual": [3],
    })
    by_year = summary.at_year_ends(summary.forecast(runs, TODAY))
    frame = with_history(EPISODES, ["2024-03-31", AS_AT], by_year, tested, AS_AT)
    assert set(frame["placement_group"]) == set(by_year["placement_group"]) - {"fostering"}
    assert set(frame["placement_group"]) <= set(HISTORY_GROUPS)
    everybody = of_groups(frame, "all")
    past = everybody[everybody["line"] == "history"]
    assert past["children"].tolist() == [2, 3] and set(past["p50"]) == {"z"}
    told = everybody[everybody["line"] == "backtest"].iloc[0]
    assert (told["children"], told["children_at_start"], told["p90"]) == (3, 2, 4)
    ahead = everybody[everybody["line"] == "Fewer"]
    assert set(ahead["children"]) == {"z"} and set(ahead["origin"]) == {AS_AT}


def test_targets_are_met_in_the_futures_that_reach_them() -> None:
    made = futures({"fostering/own": spread(10), "fostering/independent": level(10),
                    "kinship_fostering/independent": level(0)})
    by = "2027-03-31"
    targets = [
        Target(metric="in_house_children_pct", value=60, by=by),
        Target(metric="in_house_bed_nights_pct", value=60, by=by, label="60/40"),
        Target(metric="children_looked_after", value=25, by=by),
        Target(metric="within_rule_pct", value=90, by=by),
        Target(metric="children_looked_after", value=9),
        Target(metric="children_looked_after", value=9, by="2045-03-31"),
    ]
    frame = forecast_targets({"no_change": made}, targets, EPISODES)
    # 11 to 20 in-house beside 10 with agencies: 15 of 25 is 60%, so six futures in ten meet it.
    assert frame["chance_met_pct"].tolist() == [60.0, 60.0, 50.0]
    assert frame["value_p50"].tolist() == [60.0, 60.0, 25.0]
    assert frame["label"].tolist()[:2] == ["in_house_children_pct", "60/40"]
    assert frame[["in_house", "ifa"]].iloc[0].tolist() == [1, 1]
    assert not_forecast({"no_change": made}, targets) == targets[3:]
    assert forecast_targets({}, targets, EPISODES).empty
    assert not_forecast({}, targets) == targets
