"""Supply near home: hexagons, catchments, and places for each child."""

from __future__ import annotations

from itertools import permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import publishing
import pytest
import shapely
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st
from test_carers import households
from test_maps import HERE, SHAPES, SQUARES
from test_market import register

from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.areas import grid_reference
from sufficiency_lib.metrics.reach import (
    hexagon_width,
    hexagons_in,
    middles_of,
    most_served,
    places_by_hexagon,
    providers_nearby,
    supply_located,
    waiting_and_vacancies,
    within_reach,
)
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.maps_ground import Ground
from sufficiency_lib.publish.maps_supply import FOSTER_CARERS, SupplyMap
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

DAY = "2025-03-31"
EAST, NORTH = 351_000.0, 240_000.0
MILE = 1609.3


def children(*rows: dict[str, object]) -> pd.DataFrame:
    """One row a child in a children's home, 25 miles from home, where nothing else is said."""
    ordinary = {"placement_group": "childrens_home", "home_easting": EAST, "home_northing": NORTH,
                "distance_miles": 25.0, "decom": "2024-05-01", "dec": None, "is_short_break": False}
    frame = pd.DataFrame([{**ordinary, "child_id": f"c{n}"} | row for n, row in enumerate(rows)],
                         columns=[*ordinary, "child_id"])
    for name in ("decom", "dec"):
        frame[name] = pd.to_datetime(frame[name])
    numbers = ["home_easting", "home_northing", "distance_miles"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def families(*rows: dict[str, object]) -> pd.DataFrame:
    return households(*rows).assign(easting=EAST, northing=NORTH)


def nobody(kind: str) -> pd.DataFrame:
    return empty_table(kind).assign(easting=pd.Series(dtype="float64"),
                                    northing=pd.Series(dtype="float64"))


# --- who could have a place ------------------------------------------------------------------


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5),
       st.lists(st.integers(0, 2), min_size=3, max_size=3))
@quickly
def test_as_many_as_can_are_served(near, places) -> None:
    """By trying every order in which children could take the first place that is left."""
    beds = [setting for setting, count in enumerate(places) for _ in range(count)]
    best = max(
        sum(taken < len(beds) and near[child][beds[taken]] for child, taken in enumerate(order))
        for order in permutations(range(max(len(beds), len(near))), len(near))
    )
    assert most_served(np.array(near), np.array(places)) == best


def test_twenty_miles_is_within_and_a_tenth_more_is_not() -> None:
    homes = pd.DataFrame({"home_easting": [EAST], "home_northing": [NORTH]})
    points = pd.DataFrame({"easting": [EAST + 20 * MILE, EAST + 20.1 * MILE],
                           "northing": [NORTH, NORTH]})
    assert within_reach(homes, points).tolist() == [[True, False]]


def test_foster_children_are_near_households_and_not_agencies() -> None:
    episodes = children({"placement_group": "fostering"}, {"placement_group": "fostering"})
    agency = register({"provision_type": "fostering_agency", "sector": "private"})
    with_carers = providers_nearby(episodes, agency, families({}, {"places_approved": 0}), DAY)
    assert with_carers.iloc[0][["children", "one_near", "near_a_place"]].tolist() == [2, 2, 2]
    assert providers_nearby(episodes, agency, nobody("carers"), DAY).empty


def test_children_by_providers_near_add_up_and_small_ones_are_hidden() -> None:
    lost = {"home_easting": None, "home_northing": None}
    episodes = children(*[{}] * 20, *[lost] * 3, {"home_easting": EAST + 99_000})
    found = providers_nearby(episodes, register({}, {"places": 0}), nobody("carers"), DAY)
    row = found.iloc[0]
    assert row[["none_near", "one_near", "two_or_more_near", "home_not_known"]].tolist() == [
        1, 20, 0, 3]
    assert (row["children"], row["near_a_place"], row["none_near_pct"]) == (24, 4, 4.8)
    shown = publishing.page().disclose("providers_nearby", found).iloc[0]
    assert [shown[name] for name in ("none_near", "home_not_known", "none_near_pct")] == ["c"] * 3


def test_without_supply_or_children_tables_have_no_rows() -> None:
    provision, carers = nobody("provision"), nobody("carers")
    assert supply_located(provision, carers, DAY).empty
    assert providers_nearby(children({}), provision, carers, DAY).empty
    assert providers_nearby(children({})[:0], register({}), carers, DAY).empty
    spread = places_by_hexagon(children({}), provision, carers, DAY, group="childrens_home",
                               hexagons=["SO 51 40"], hexagon_miles=3.0)
    assert spread.empty and list(spread)[:2] == ["hexagon", "supply_band"]
    assert waiting_and_vacancies(empty_table("referrals"), children({}), provision, carers,
                                 DAY).empty


# --- catchments ------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(1, 6)), min_size=1, max_size=5),
       st.lists(st.integers(-40, 40), min_size=1, max_size=6))
@quickly
def test_shares_of_a_child_are_those_worked_one_by_one(settings, homes) -> None:
    """The bands by plain loops over the definition of Luo & Wang."""
    provision = register(*({"easting": EAST + x * MILE, "places": n} for x, n in settings))
    episodes = children(*({"home_easting": EAST + x * MILE} for x in homes))
    found = places_by_hexagon(episodes, provision, nobody("carers"), DAY, hexagon_miles=3.0,
                              group="childrens_home", hexagons=["SO 51 40"])
    share, reached = 0.0, set()
    east, north = middles_of(["SO 51 40"], 3.0)[0]
    for x, places in settings:
        near = {n for n, home in enumerate(homes) if abs(home - x) <= 20}
        if np.hypot(EAST + x * MILE - east, NORTH - north) / MILE < 20.05:
            share += places / len(near) if near else 0
            reached |= near
    words = found["supply_band"].iloc[0]
    bands = [(0.5, "under half a place"), (1, "half to under one"), (2, "one to under two")]
    expected = next((said for top, said in bands if share < top - 1e-9), "two or more")
    if reached:
        assert words == expected and found["base_supply_band"].iloc[0] == len(reached)
    else:
        assert words in ("no places", "no child's home near")


def test_a_band_that_rests_on_few_children_is_hidden() -> None:
    found = places_by_hexagon(children({}, {}), register({}), nobody("carers"), DAY,
                              group="childrens_home", hexagons=["SO 51 40", "NY 00 00"],
                              hexagon_miles=3.0)
    shown = publishing.page().disclose("places_by_hexagon", found)
    assert shown["supply_band"].tolist() == ["c", "no places"]
    assert shown["providers_near"].tolist() == [1, 0]


@pytest.mark.parametrize("name", SHAPES)
def test_an_area_of_any_shape_has_its_hexagons(name: str) -> None:
    area = SHAPES[name]
    hexagons = hexagons_in(area)
    assert hexagons == sorted(set(hexagons)) and hexagons
    point = area.representative_point()
    assert any(grid_reference(point.x, point.y)[:2] == one[:2] for one in hexagons)
    assert hexagons_in(None) == hexagons_in(shapely.Polygon()) == []
    assert hexagon_width(area) >= 3.0


# --- waiting ---------------------------------------------------------------------------------


def test_vacancies_of_one_or_two_homes_are_not_told() -> None:
    referrals = pd.DataFrame({
        "child_id": ["c0"], "referral_date": pd.to_datetime(["2025-03-01"]),
        "placement_group_sought": ["childrens_home"], "outcome": ["open"],
    })
    two = register({}, {})
    found = waiting_and_vacancies(referrals, children({}), two, nobody("carers"), DAY)
    assert found["vacancies"].isna().all() and found["could_be_matched"].tolist() == [1]
    three = register({}, {}, {})
    found = waiting_and_vacancies(referrals, children({}), three, nobody("carers"), DAY)
    assert found[["vacancies", "vacancies_near"]].to_numpy().tolist() == [[3, 3]]
    later = waiting_and_vacancies(referrals, children({}), three, nobody("carers"), "2025-02-28")
    assert later.empty


# --- the map ---------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [NARROW_PX, WIDE_PX])
def test_the_map_says_every_band_and_repeats(width: int) -> None:
    ground = Ground(gpd.GeoDataFrame({"code": list(SQUARES), "name": list(SQUARES)},
                                     geometry=list(SQUARES.values()), crs="EPSG:27700"), HERE, {})
    hexagons = hexagons_in(ground.own)
    bands = ["no places", "under half a place", "half to under one", "one to under two",
             "two or more", "no child's home near", "c"]
    frame = pd.DataFrame({"hexagon": hexagons, "hexagon_miles": hexagon_width(ground.own),
                          "supply_band": [bands[n % 7] for n in range(len(hexagons))],
                          "providers_near": 1})
    context = ChartContext("Herefordshire", pd.Timestamp(DAY).date(), width_px=width)
    drawing = SupplyMap(ground)(frame, context)
    again = SupplyMap(ground)(frame, context)
    assert svg_bytes(drawing.figure) == svg_bytes(again.figure)
    short = sum(frame["supply_band"].isin(bands[:3]))
    assert drawing.title.startswith(f"{short} of {len(frame)} areas have less than one place")
    for words in ("No places for each child", "Under half a place for each child",
                  "Two or more places for each child", "No child's home near",
                  "Not shown, to protect children"):
        assert words in drawing.alt
    foster = SupplyMap(ground, FOSTER_CARERS)(frame, context)
    assert "with the council's foster carers" in foster.title
    assert "children's homes" not in foster.title + foster.alt + foster.base
