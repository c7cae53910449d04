"""Where new places would bring most children near home, and how many they would."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
import publishing
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from test_carers import households
from test_market import register
from test_reach import DAY, EAST, MILE, children, nobody

from sufficiency_lib.metrics.reach import middles_of, most_served, within_reach
from sufficiency_lib.metrics.where_to_add import (
    GAINED,
    gain_from_adding,
    usual_places,
    where_to_add,
)

PLAN = {"hexagons": ["SO 20 40", "SO 36 40", "SO 52 40", "SO 68 40"], "hexagon_miles": 3.0}


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=8), st.integers(1, 5),
       st.integers(1, 3))
@quickly
def test_no_plan_serves_more_than_the_best(homes, places, each) -> None:
    """Against every way of placing the homes, with the most served found by flow."""
    episodes = children(*({"home_easting": EAST + x * MILE} for x in homes))
    told = {**PLAN, "places": places, "places_each": {"childrens_home": each}, "seed": 1}
    gain = gain_from_adding(episodes, DAY, **told, resamples=0)["gained"].iloc[0]
    points = pd.DataFrame(middles_of(PLAN["hexagons"], 3.0), columns=["easting", "northing"])
    near = within_reach(episodes, points)
    best = 0
    for chosen in combinations_with_replacement(range(4), -(-places // each)):
        beds = np.bincount(chosen, minlength=4) * each
        best = max(best, min(places, most_served(near, beds)))
    assert gain == best


def test_the_same_seed_gives_the_same_areas_and_a_sure_area_is_always_chosen() -> None:
    episodes = children(*[{}] * 12, *[{"home_easting": EAST + 60 * MILE}] * 8,
                        *[{"distance_miles": 3.0}] * 10)
    told = {**PLAN, "places": 4, "places_each": {"childrens_home": 4}, "resamples": 20}
    first = where_to_add(episodes, DAY, seed=1, **told)
    pd.testing.assert_frame_equal(first, where_to_add(episodes, DAY, seed=1, **told))
    assert first["homes_added"].sum() == 1 and first["chosen_pct"].max() == 100.0
    assert first["hexagon"].iloc[0] == "SO 52 40"


def test_no_area_is_named_for_few_children() -> None:
    told = {**PLAN, "places": 4, "places_each": {"childrens_home": 4, "fostering": 2}, "seed": 1}
    found = where_to_add(children(*[{}] * 5), DAY, fewest=6, **told)
    assert found.empty and list(found) == ["placement_group", "hexagon", "homes_added",
                                           "chosen_pct"]
    assert gain_from_adding(children({}), DAY, **{**told, "hexagons": []}).empty
    # Of the five, all in homes, none is fostered: nobody to draw again, and nothing to gain.
    gain = gain_from_adding(children(*[{}] * 5), DAY, **told).set_index("placement_group")
    assert gain.loc["fostering", ["beyond", "gained"]].tolist() == [0, 0]
    assert gain.loc["fostering", ["gained_p10", "gained_p50", "gained_p90"]].isna().all()


def test_what_a_gain_leaves_over_is_hidden_where_it_tells_of_a_few() -> None:
    far = {"home_easting": EAST + 200 * MILE}
    told = {**PLAN, "places": 10, "places_each": {"childrens_home": 5}, "seed": 1}
    page, figures = publishing.page(), ["gained", *GAINED]
    some = gain_from_adding(children(*[{}] * 8, *[far] * 2), DAY, **told)
    assert page.disclose("gain_from_adding", some)[figures].to_numpy().tolist() == [["c"] * 4]
    full = gain_from_adding(children(*[{}] * 13), DAY, **told)
    assert page.disclose("gain_from_adding", full)[figures].to_numpy().tolist() == [[10] * 4]


def test_how_sure_the_gain_is_are_the_ends_of_a_binomial() -> None:
    """Thirty of sixty could have one of sixty places: a draw has as many as sixty coins' heads."""
    episodes = children(*[{}] * 30, *[{"distance_miles": 3.0}] * 30)
    told = {**PLAN, "places": 60, "places_each": {"childrens_home": 60}, "resamples": 500}
    one = gain_from_adding(episodes, DAY, seed=1, **told)
    exact = binom(60, 0.5).ppf([0.1, 0.5, 0.9])
    assert np.abs(one[list(GAINED)].to_numpy()[0] - exact).max() <= 1
    pd.testing.assert_frame_equal(one, gain_from_adding(episodes, DAY, seed=1, **told))


def test_a_gain_of_children_who_are_all_alike_and_far_is_sure() -> None:
    told = {**PLAN, "places": 4, "places_each": {"childrens_home": 4}, "seed": 1}
    sure = gain_from_adding(children(*[{}] * 9), DAY, **told, resamples=20)
    assert sure[list(GAINED)].to_numpy().tolist() == [[4.0, 4.0, 4.0]]
    none = gain_from_adding(children(*[{}] * 9), DAY, **told, resamples=0)
    assert none["gained"].tolist() == [4] and none[list(GAINED)].isna().all(axis=None)


def test_usual_places_are_the_median_or_one() -> None:
    rows = register({"places": 3}, {"places": 4}, {"places": None}, {"provision_type": "secure"})
    carers = households({"places_approved": 2}, {"places_approved": 1, "carer_type": "kinship"})
    assert usual_places(rows, carers, DAY) == {"childrens_home": 4, "fostering": 2}
    assert usual_places(nobody("provision"), nobody("carers"), DAY) == {
        "childrens_home": 1, "fostering": 1}


def test_one_place_is_usual_where_homes_have_one_and_other_kinds_say_nothing_of_it() -> None:
    rows = register({"places": 1}, *[{"provision_type": "secure", "places": 9}] * 3)
    assert usual_places(rows, nobody("carers"), DAY)["childrens_home"] == 1


def test_areas_are_named_for_one_child_unless_more_are_asked_for() -> None:
    told = {**PLAN, "places": 1, "places_each": {"childrens_home": 1}, "seed": 1, "resamples": 3}
    assert where_to_add(children({}), DAY, **told).to_numpy().tolist() == [
        ["childrens_home", "SO 52 40", 1, 100.0]]
    assert where_to_add(children({}), DAY, **told, fewest=2).empty
