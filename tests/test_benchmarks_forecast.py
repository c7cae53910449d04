"""The benchmarks of forecasts: what is asked of a model, and what is told of it."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest

from benchmarks.demand_model import (
    AS_IT_COMES,
    AS_OURS,
    OURS,
    Said,
    as_said,
    each_forecast,
    errors,
    planned,
    without_short_breaks,
)
from benchmarks.forecast_coverage import coverage_toml, summed_up
from benchmarks.forecast_truth import DAYS_A_YEAR, Truth, Wandering, made_up_history
from benchmarks.shared import environment


def test_a_wandering_truth_starts_and_ends_as_its_years_say():
    """By hand: nobody starts in the second year, and twice as many in the third."""
    wandering = Wandering(np.array([1.0, 0.0, 2.0]), np.array([1.0, 1.0, 1.0]))
    days = wandering.starts(100.0, 3 * 366, np.random.default_rng(1))
    year = wandering.year(days)
    assert (np.diff(days) >= 0).all() and not (year == 1).any()
    assert (year == 0).sum() == pytest.approx(1200, abs=5 * np.sqrt(1200))
    assert (year == 2).sum() == pytest.approx(2400, abs=5 * np.sqrt(2400))
    still = Wandering(np.ones(30), np.zeros(30))
    history = made_up_history(Truth(entries=6, moves=(0.0, 0.0, 0.0)), 1, wandering=still)
    left = history[history["dec"].notna()]
    assert ((left["dec"] - left["dob"]).dt.days / DAYS_A_YEAR).min() > 17.99


def test_what_intervals_held_is_written_as_it_is_read():
    rows = pd.DataFrame({
        "authority": [0, 1], "months": 12, "group": "all", "actual": [10, 30],
        "mean": [12.0, 29.0], "p10": [9.0, 31.0], "p90": [15.0, 40.0],
    })  # fmt: skip
    found = summed_up(rows)
    # One of two held; 2 above and 1 below, of 20 children: 2.5%, give or take 1.5 / 20.
    assert found.loc[(12, "all")].tolist() == [20.0, 50.0, 2.5, 7.5]
    said = tomllib.loads(coverage_toml({"steady": found}, 2))
    assert said["coverage"] == [{"truth": "steady", "months": 12, "group": "all",
                                 "children": 20.0, "held_pct": 50.0, "bias_pct": 2.5,
                                 "error_pct": 7.5}]  # fmt: skip
    assert said["provenance"]["authorities"] == 2


def days(*years: int) -> list[pd.Timestamp]:
    return [pd.Timestamp(year, 3, 31) for year in years]


def test_each_forecast_is_set_against_what_came():
    one, two, three = days(2020, 2021, 2022)
    came = {one: 90, two: 100, three: 50}
    said = [
        Said(OURS, one, two, 110.0, 95.0, 120.0),
        Said(OURS, one, three, 60.0, 55.0, 70.0),
        Said(OURS, two, three, 45.0, 40.0, 50.0),
        Said(AS_IT_COMES, one, two, 75.0),
    ]
    heading, ours, theirs = errors(said, came)
    # 10 of 100 and 5 of 50 a year ahead, 10 of 50 two; two of three intervals held.
    assert ours.split() == ["ours", "10.0", "20.0", "nan", "2", "of", "3"]
    assert theirs.startswith("theirs, as it comes") and theirs.split()[4:] == [
        "25.0", "nan", "nan", "says", "none"]  # fmt: skip
    assert heading.endswith("80% interval held")
    lines = each_forecast([one for one in said if one.way == OURS], came)
    assert lines[1].split() == ["2020", "2021", "100", "110", "(95", "to", "120)"]


def test_the_other_side_is_given_what_was_known_and_once_without_short_breaks(tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    (given / "e.csv").write_text("CHILD,LS\n007,V4\n008,C2\n", encoding="utf-8")
    (given / "h.csv").write_text("CHILD,DOB\n007,\n", encoding="utf-8")
    made = without_short_breaks(given, tmp_path / "alike")
    assert (made / "e.csv").read_text(encoding="utf-8") == "CHILD,LS\n008,C2\n"
    assert (made / "h.csv").read_text(encoding="utf-8") == "CHILD,DOB\n007,\n"
    origin, *ahead = days(2020, 2021, 2022)
    six_months, whole = planned("2018-04-01", origin, ahead, given, made)
    assert (six_months["start"], whole["start"]) == ("2019-09-30", "2018-04-01")
    assert six_months["days"] == whole["days"] == ["2021-03-31", "2022-03-31"]
    assert as_said([whole | {"said": [4.0, 5.0]}])[1] == Said(AS_OURS, origin, ahead[1], 5.0)


def test_what_cannot_be_installed_is_none(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert environment(tmp_path / "taken", tmp_path / "requirements.txt") is None
