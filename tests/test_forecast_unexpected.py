"""The fullest month, the chance that it passes the places, and standby: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from forecast_futures import futures, level, spread

from sufficiency_lib.forecast import unexpected
from sufficiency_lib.forecast.summary import on_page

TODAY = {"all": 30, "childrens_home": 20, "fostering": 10, "fostering_in_house": 10}
CARERS = pd.DataFrame({
    "household_id": list("abcde"),
    "places_approved": [2, 3, 4, 5, 1],
    "carer_type": ["general", "specialist", "kinship", "general", "general"],
    "approved_date": pd.to_datetime(["2020-01-01"] * 4 + ["2025-06-01"]),
    "left_date": pd.to_datetime([None, "2025-03-31", None, "2025-03-30", None]),
})


def row(frame: pd.DataFrame, **where: object) -> dict:
    for key, value in where.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


@pytest.fixture
def made():
    # 11 to 20 in-house all year; one month of the second year has 10 more in each future.
    own = spread(10)
    own[:, 18] += 10
    return futures({"fostering/own": own, "childrens_home/independent": level(20)})


def test_places_are_the_profile_s_or_those_of_carers_who_are_there() -> None:
    # Two and three places; kinship carers, one who left the day before and one to come are out.
    assert unexpected.capacity({}, CARERS, "2025-03-31") == {"fostering_in_house": (5, "carers")}
    told = unexpected.capacity({"childrens_home": 7, "fostering_in_house": 9}, CARERS, "2025-03-31")
    assert told == {"childrens_home": (7, "profile"), "fostering_in_house": (9, "profile")}
    assert unexpected.capacity({}, CARERS[:0], "2025-03-31") == {}


def test_a_household_approved_anew_has_its_places_once() -> None:
    # Approved for two places, and before that approval ended for three: three, and never five.
    anew = CARERS[:1].assign(places_approved=3, approved_date=pd.Timestamp("2025-01-01"))
    both = pd.concat([CARERS[:1], anew], ignore_index=True)
    assert unexpected.capacity({}, both, "2025-03-31") == {"fostering_in_house": (3, "carers")}


def test_the_chance_is_of_futures_with_a_month_above_the_places(made) -> None:
    places = {"fostering_in_house": (17, "profile"), "childrens_home": (20, "carers")}
    frame = unexpected.unexpected_demand(made, TODAY, places)
    assert list(frame) == list(unexpected.DEMAND_COLUMNS)
    first = row(frame, placement_group="fostering_in_house", year_ending="2026-03-31")
    # 18, 19 and 20 are more than 17. Half of ten futures stay at or below the fifth, 15.
    assert (first["chance_over_capacity_pct"], first["children_today"]) == (30.0, 10)
    assert [first[f"largest_month_p{share}"] for share in (50, 90, 95)] == [15, 19, 20]
    second = row(frame, placement_group="fostering_in_house", year_ending="2027-03-31")
    assert (second["chance_over_capacity_pct"], second["largest_month_p90"]) == (100.0, 29)
    homes = row(frame, placement_group="childrens_home", year_ending="2027-03-31")
    assert (homes["chance_over_capacity_pct"], homes["capacity_source"]) == (0.0, "carers")
    whole = row(frame, placement_group="all", year_ending="2026-03-31")
    assert np.isnan(whole["chance_over_capacity_pct"]) and np.isnan(whole["capacity_places"])


def test_standby_is_what_holds_the_fullest_month_less_the_usual(made) -> None:
    frame = unexpected.standby_places(made, TODAY, {"fostering_in_house": (17, "profile")})
    assert list(frame) == list(unexpected.STANDBY_COLUMNS)
    first = row(frame, placement_group="fostering_in_house", year_ending="2026-03-31")
    # The usual is 15.5; 19 places hold nine futures in ten and 20 all of them.
    assert first["usual_children"] == 15.5
    assert (first["places_hold_90"], first["standby_90"], first["short_90"]) == (19, 4, 2)
    assert (first["places_hold_95"], first["standby_95"], first["short_95"]) == (20, 5, 3)
    homes = row(frame, placement_group="childrens_home", year_ending="2026-03-31")
    assert (homes["standby_95"], np.isnan(homes["short_95"])) == (0, True)


def test_years_stand_together_and_without_futures_there_are_none(made) -> None:
    frame = unexpected.standby_places(made, TODAY, {})
    groups = ["all", "fostering", "childrens_home", "fostering_in_house", "fostering_ifa"]
    assert frame.loc[on_page(frame, years=(2,), groups=None), "placement_group"].tolist() == groups
    assert unexpected.standby_places(None, TODAY, {}).empty
    assert unexpected.unexpected_demand(None, TODAY, {}).empty
