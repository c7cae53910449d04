"""The tables of one history agree with one another: whoever is in one is in all."""

from __future__ import annotations

import pandas as pd
from histories import history, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import DISTANCE_BANDS, LOCALITY_RULES, PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.metrics.bed_nights import bed_nights
from sufficiency_lib.metrics.distances import distance_by_boundary
from sufficiency_lib.metrics.locality import locality
from sufficiency_lib.metrics.places import placement_authorities
from sufficiency_lib.metrics.population import children_by_age, children_looked_after
from sufficiency_lib.metrics.provision import (
    fostering_split,
    placement_change_by_group,
    placement_mix,
)

START, DAY = "2024-03-31", "2025-03-31"
FIRST = pd.Timestamp("2023-10-01")
MILES = {"le_20": 20.0, "gt_20": 20.1, "not_known": None}

_episode = st.fixed_dictionaries({
    "days": st.integers(0, 400),
    "placement_group": st.sampled_from(PLACEMENT_GROUPS),
    "provider": st.sampled_from(PROVIDERS),
    "distance_band": st.sampled_from(DISTANCE_BANDS),
    "boundary": st.sampled_from(["inside", "outside"]),
    "is_short_break": st.booleans(),
    "dob": st.none() | st.just("2015-01-01"),
    "placement_authority": st.sampled_from(["E06000018", "W06000023", None]),
})
_child = st.tuples(st.integers(0, 300), st.lists(_episode, min_size=1, max_size=3), st.booleans())


def unbroken(children) -> pd.DataFrame:
    """Each child's episodes one after another, the last perhaps open."""
    rows = []
    for number, (offset, episodes, is_open) in enumerate(children):
        start = FIRST + pd.Timedelta(days=offset)
        for at, episode in enumerate(episodes):
            end = start + pd.Timedelta(days=episode["days"])
            last = at == len(episodes) - 1
            rows.append({key: value for key, value in episode.items() if key != "days"} | {
                "child_id": f"c{number}",
                "care_period_id": number,
                "decom": start,
                "dec": None if last and is_open else end,
                "distance_miles": MILES[episode["distance_band"]],
            })
            start = end
    return history(*rows)


@given(st.lists(_child, max_size=8))
@quickly
def test_every_table_of_a_day_counts_the_same_children(children) -> None:
    episodes = unbroken(children)
    before, looked_after = children_looked_after(episodes, [START, DAY])["children"]
    rates = locality(episodes, DAY, rules=list(LOCALITY_RULES), code="E06000018")
    everyone = placement_change_by_group(episodes, START, DAY).iloc[-1]
    mix = placement_mix(episodes, [DAY])
    assert mix["children"].sum() == looked_after
    assert children_by_age(episodes, DAY)["children"].sum() == looked_after
    assert distance_by_boundary(episodes, DAY)["children"].sum() == looked_after
    assert placement_authorities(episodes, DAY, {})["children"].sum() == looked_after
    assert set(rates.loc[rates["cohort"] == "all", "children"]) == {looked_after}
    assert (rates["within"] + rates["beyond"] + rates["not_known"] == rates["children"]).all()
    assert (everyone["start_children"], everyone["end_children"]) == (before, looked_after)
    by_rule = rates[rates["cohort"].isin(PLACEMENT_GROUPS)].groupby("rule")["children"].sum()
    assert set(by_rule) == {looked_after}
    home = rates[(rates["rule"] == "home_20_miles") & (rates["cohort"] == "all")].iloc[0]
    bands = distance_by_boundary(episodes, DAY).groupby("distance_band")["children"].sum()
    assert [home["within"], home["beyond"], home["not_known"]] == bands[list(MILES)].tolist()


@given(st.lists(_child, max_size=8))
@quickly
def test_fostering_nights_are_those_of_the_table_of_nights(children) -> None:
    episodes = unbroken(children)
    nights = bed_nights(episodes, [DAY])
    foster = nights[nights["placement_group"].isin(["kinship_fostering", "fostering"])]
    known = foster[~foster["provider"].isin(["parents", "not_recorded"])]["nights"].sum()
    split = fostering_split(episodes, [DAY]).set_index("basis").loc["bed_nights"]
    parts = ["kinship", "in_house", "ifa", "other_public"]
    assert split[parts].sum() == known
