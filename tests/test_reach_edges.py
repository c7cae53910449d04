"""Supply near home: whose home it is, what may be told of vacancies, and how far is near."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from test_market import register
from test_reach import DAY, EAST, MILE, children, families, nobody

from sufficiency_lib.metrics.reach import (
    hexagon_width,
    hexagons_in,
    places_by_hexagon,
    providers_nearby,
    supply_located,
    waiting_and_vacancies,
)

#: A setting 30 miles to the east of where children live.
FAR = {"easting": EAST + 30 * MILE}


def told(*settings: dict[str, object], sought: str = "childrens_home", **about: object) -> list:
    """What is said of one child who waits: vacancies, those near, and who could be matched."""
    referrals = pd.DataFrame({"child_id": ["c0"], "referral_date": pd.to_datetime([DAY]),
                              "placement_group_sought": [sought], "outcome": ["open"]})
    given = {"episodes": children({}), "provision": register(*settings), "as_at": DAY,
             "carers": nobody("carers")} | about
    found = waiting_and_vacancies(referrals, **given)
    assert found["waiting"].tolist() == [1]
    assert (found.dtypes.iloc[1:] == "float64").all()
    names = ["home_not_known", "vacancies", "vacancies_near", "could_be_matched"]
    return found[names].fillna(-1).to_numpy().tolist()[0]


@pytest.mark.parametrize(
    ("near", "far", "expected"),
    [(1, 0, [-1, -1, 1]), (2, 0, [-1, -1, 1]), (3, 0, [3, 3, 1]), (3, 1, [-1, -1, 1]),
     (3, 3, [6, 3, 1]), (0, 3, [3, 0, 0]), (1, 3, [-1, -1, 1]), (0, 0, [-1, -1, -1])],
)
def test_vacancies_are_told_where_they_tell_of_no_one_or_two_homes(near, far, expected) -> None:
    assert told(*[{"vacancies": 1}] * near, *[FAR | {"vacancies": 1}] * far) == [0, *expected]


def test_how_far_is_near_is_as_asked() -> None:
    homes = [FAR | {"vacancies": 1}] * 3
    assert told(*homes, miles=30.0) == [0, 3, 3, 1]
    nearby = providers_nearby(children({}), register(FAR), nobody("carers"), DAY, miles=30.0)
    assert nearby["one_near"].tolist() == [1]


def test_the_free_places_of_carers_are_those_nobody_has() -> None:
    """Two places and one child, one place and two children, two places and none."""
    carers = families({"places_approved": 2, "children_placed": 1},
                      {"places_approved": 1, "children_placed": 2},
                      {"places_approved": 2, "children_placed": 0})
    assert told(sought="fostering", carers=carers) == [0, 3, 3, 1]


def test_a_home_is_the_latest_that_is_known_by_the_day() -> None:
    moved = [{"home_easting": EAST + 90 * MILE, "decom": "2024-01-01"}, {"decom": DAY},
             {"home_easting": None, "decom": "2024-09-01"},
             {"home_easting": EAST + 90 * MILE, "decom": "2025-04-01"}]
    episodes = children(*({"child_id": "c0"} | row for row in moved))
    assert told({}, {}, {}, episodes=episodes)[::3] == [0, 1]
    assert told({}, {}, {}, episodes=episodes[2:])[::3] == [1, 0], "in no return by then"


# --- on the map ------------------------------------------------------------------------------


def test_the_places_of_a_kind_with_one_setting_are_known() -> None:
    found = supply_located(register({"places": 3, "easting": None}), nobody("carers"), DAY)
    assert found.to_numpy().tolist() == [["childrens_home", 1, 0, 3.0, 0.0]]


def spread(*settings: dict[str, object], **about: object) -> list[object]:
    """What is said of the hexagon where the children live, of whom one is fostered."""
    given = {"miles": 20.0, "homes": [{}]} | about
    episodes = children(*given["homes"], {"placement_group": "fostering"},
                        {"placement_group": "fostering", "home_easting": None})
    found = places_by_hexagon(episodes, register(*settings), nobody("carers"), DAY,
                              group="childrens_home", hexagons=["SO 51 40"], hexagon_miles=3.0,
                              miles=given["miles"])
    return found.drop(columns=["hexagon", "hexagon_miles"]).fillna(-1).to_numpy().tolist()[0]


def test_places_are_shared_among_children_of_the_kind_alone() -> None:
    assert spread({"places": 1}) == ["one to under two", 1, 1]
    assert spread({"places": 1}, homes=[{}, {}]) == ["half to under one", 1, 2]
    assert spread({"places": 1}, {"places": 0}) == ["one to under two", 1, 1]
    assert spread(FAR, miles=40.0, homes=[{}] * 4)[1:] == [1, 4]
    # A setting that is near no child's home is shared by none.
    assert spread({"places": 1}, homes=[{"home_easting": EAST + 30 * MILE}]) == [
        "no child's home near", 1, -1]


def test_a_hexagon_is_an_area_s_by_a_quarter_of_its_width_or_as_the_only_one() -> None:
    """Of three miles: 4,828 m, a quarter of which is 1,207 m. The middle is at 301,038 m."""
    near, beyond = (shapely.box(443_900, 299_000, 444_400, 301_038 - metres)
                    for metres in (1_150, 1_250))
    assert hexagons_in(beyond, 3.0) == ["SK 44 01"], "no other middle is near"
    other = shapely.box(441_000, 290_000, 441_100, 299_000)
    assert "SK 44 01" not in hexagons_in(beyond | other, 3.0)
    assert "SK 44 01" in hexagons_in(near | other, 3.0)
    corner = shapely.box(444_120, 303_650, 444_220, 303_750)
    assert hexagons_in(corner, 3.0) == ["SK 44 01"]
    assert hexagon_width(corner) == 3.0
    twelve = shapely.box(440_000, 300_000, 458_000, 320_000)
    assert [len(hexagons_in(twelve, miles)) for miles in (3.0, 5.0, 8.0)] == [23, 12, 4]
    assert hexagon_width(twelve) == 5.0
