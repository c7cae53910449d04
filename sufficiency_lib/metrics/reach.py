"""Supply within 20 miles of where children are from, and the demand for it.

Supply is what can be placed on the map: settings of the register with a postcode, by the kind
of placement they offer, and for fostering the mainstream households of the authority's own
carers, as an agency's office says nothing of where its carers live. Demand is the children
looked after in that kind of placement, at their homes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.cleaning.distance import (
    KM_PER_MILE,
    METRES_PER_KM,
    TWENTY_MILES,
    distance_miles,
)
from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.metrics.areas import (
    SIZES_MILES,
    centres_of,
    grid_reference,
    hexagons_at,
    point_of,
)
from sufficiency_lib.metrics.carers import current_mainstream
from sufficiency_lib.metrics.market import FEWEST_HOMES, is_supply_on
from sufficiency_lib.metrics.stock import on_date, percentage

#: Kind of placement → the type of provision of the register that offers it.
GROUPS: Mapping[str, str | None] = {
    "fostering": None,
    "childrens_home": "childrens_home",
    "secure": "secure",
    "supported_accommodation": "supported_accommodation",
    "residential_school": "residential_school",
}

#: A kind of placement is searched on a map of so many hexagons, or of the smallest there are.
_ENOUGH_HEXAGONS = 12

#: Bands of places for each child: what each begins with, and its words.
BANDS: Sequence[tuple[float, str]] = (
    (0.0, "no places"), (1e-9, "under half a place"), (0.5, "half to under one"),
    (1.0, "one to under two"), (2.0, "two or more"),
)
NOBODY_NEAR = "no child's home near"


def supply_located(
    provision: pd.DataFrame, carers: pd.DataFrame, as_at: object
) -> pd.DataFrame:
    """How much of the supply can be placed on the map.

    provision  the register with easting and northing (see `cleaning.located`)
    carers     the fostering households, with the same
    as_at      the day
    returns    placement_group (fostering_in_house: the authority's own mainstream households;
               fostering_ifa: agencies, whose carers' homes are not in the register; and the
               others), providers (households or settings), providers_located, places,
               places_located (NaN where no places are known). Kinds without supply are left
               out.
    """
    points = _supply(provision, carers, as_at)
    agencies = provision[is_supply_on(provision, as_at)]
    agencies = agencies[agencies["provision_type"] == "fostering_agency"]
    agencies = agencies[agencies["sector"].astype(object) != "own"]
    agencies = agencies.assign(placement_group="fostering_ifa", easting=np.nan)
    points = points.assign(placement_group=points["placement_group"].replace(
        "fostering", "fostering_in_house"))
    columns = ["placement_group", "easting", "places"]
    rows = pd.concat([points[columns], agencies[columns]], ignore_index=True)
    rows["places"] = rows["places"].astype("float64")
    rows = rows.assign(on_map=rows["easting"].notna(),
                       places_on_map=rows["places"].where(rows["easting"].notna(), 0))
    order = ["fostering_in_house", "fostering_ifa", *list(GROUPS)[1:]]
    grouped = rows.groupby("placement_group", sort=False)
    frame = grouped.agg(providers=("on_map", "size"), providers_located=("on_map", "sum"))
    frame["places"] = grouped["places"].sum(min_count=1)
    frame["places_located"] = grouped["places_on_map"].sum().where(frame["places"].notna())
    return frame.reindex([one for one in order if one in frame.index]).rename_axis(
        "placement_group").reset_index()


def providers_nearby(
    episodes: pd.DataFrame,
    provision: pd.DataFrame,
    carers: pd.DataFrame,
    as_at: object,
    *,
    miles: float = TWENTY_MILES,
) -> pd.DataFrame:
    """Children by how many suitable providers have a registered place near their home.

    episodes, provision, carers  the history; the register and the households, located
    miles                        how far is near
    returns    placement_group (of children looked after on the day), children, none_near,
               one_near, two_or_more_near (settings, or households for fostering, with one
               place or more within so many miles of the child's home), home_not_known,
               none_near_pct (of children whose home is known) and near_a_place: the most
               children who could each have a place of their own so near, if no child of
               another authority had one. Suitable is the kind of placement the child is in:
               the register does not say for which ages or for whom a home is. Kinds of which
               no supply can be located are left out: nothing can be said of them.
    """
    rows = []
    homes_of, points = _homes(episodes, as_at), _located(_supply(provision, carers, as_at))
    for group in GROUPS:
        homes = homes_of[homes_of["placement_group"] == group]
        places = points[(points["placement_group"] == group) & (points["places"] > 0)]
        if homes.empty or places.empty:
            continue
        known = homes[homes["home_easting"].notna()]
        near = within_reach(known, places, miles)
        count = near.sum(axis=1)
        rows.append({
            "placement_group": group, "children": len(homes),
            "none_near": int((count == 0).sum()), "one_near": int((count == 1).sum()),
            "two_or_more_near": int((count > 1).sum()),
            "home_not_known": len(homes) - len(known),
            "near_a_place": most_served(near, places["places"].to_numpy()),
        })
    columns = ["placement_group", "children", "none_near", "one_near", "two_or_more_near",
               "home_not_known", "near_a_place"]
    frame = pd.DataFrame(rows, columns=columns)
    counts = frame[columns[1:]] = frame[columns[1:]].astype("int64")
    share = percentage(counts["none_near"], counts["children"] - counts["home_not_known"])
    frame.insert(6, "none_near_pct", share)
    return frame


def places_by_hexagon(
    episodes: pd.DataFrame,
    provision: pd.DataFrame,
    carers: pd.DataFrame,
    as_at: object,
    *,
    group: str,
    hexagons: Sequence[str],
    hexagon_miles: float,
    miles: float = TWENTY_MILES,
) -> pd.DataFrame:
    """Places for each child within reach, hexagon by hexagon: two-step floating catchments.

    group     a kind of placement of `GROUPS`
    hexagons  the grid references of their middles (see `hexagons_in`)
    returns   hexagon, supply_band (places for each child, in bands), providers_near (located
              and within so many miles of the middle of the hexagon), hexagon_miles, and
              base_supply_band: the children within reach of any provider that the band
              rests on

    First each provider's places are shared among the children whose homes are within reach of
    it; then each hexagon has the sum of these shares over the providers within its reach. A
    provider with no child's home within reach is shared by none, and adds nothing. Children of
    other authorities, who want the same places, are not known. No rows where none of the kind
    can be located.

    Source: Luo & Wang (2003), Measures of spatial accessibility to health care in a GIS
    environment, Environment and Planning B 30, 865-884.
    """
    homes = _homes(episodes, as_at)
    homes = homes[(homes["placement_group"] == group) & homes["home_easting"].notna()]
    points = _located(_supply(provision, carers, as_at))
    points = points[(points["placement_group"] == group) & (points["places"] > 0)]
    # Where nothing of the kind is on the map, "no places" would be said of what is not known.
    hexagons = hexagons if len(points) else []
    wanted = within_reach(homes, points, miles)
    demand = wanted.sum(axis=0)
    each = points["places"].to_numpy() / np.where(demand > 0, demand, np.inf)
    middles = pd.DataFrame(middles_of(hexagons, hexagon_miles),
                           columns=["home_easting", "home_northing"])
    near = within_reach(middles, points, miles)
    shares = near @ each
    rests = (near.astype(int) @ wanted.T.astype(int) > 0).sum(axis=1)
    nobody = near.any(axis=1) & (rests == 0)
    words = [NOBODY_NEAR if alone else _band(share)
             for share, alone in zip(shares, nobody, strict=True)]
    return pd.DataFrame({
        "hexagon": pd.Series(list(hexagons), dtype=object),
        "supply_band": pd.Series(words, dtype=object),
        "providers_near": near.sum(axis=1).astype("int64"),
        "hexagon_miles": np.full(len(hexagons), float(hexagon_miles)),
        "base_supply_band": np.where(rests > 0, rests, np.nan),
    })


def waiting_and_vacancies(
    referrals: pd.DataFrame,
    episodes: pd.DataFrame,
    provision: pd.DataFrame,
    carers: pd.DataFrame,
    as_at: object,
    *,
    miles: float = TWENTY_MILES,
) -> pd.DataFrame:
    """Searches still open, against the vacancies near the children's homes.

    referrals  child_id, referral_date, placement_group_sought, outcome
    episodes   where the child's home is: of the latest episode that says it
    returns    placement_group_sought (those that are waited for), waiting (open searches
               begun by the day), home_not_known, vacancies (of settings that can be located
               and that say), vacancies_near (those within so many miles of the home of any
               child who waits) and could_be_matched (the most who could each have one of
               them). Vacancies are NaN where they would tell those of one or two homes, or
               where no supply of the kind can be located.
    """
    day = pd.Timestamp(as_at)
    still = referrals[(referrals["outcome"] == "open") & (referrals["referral_date"] <= day)]
    homes = _latest_homes(episodes, day)
    still = still.assign(
        home_easting=still["child_id"].map(homes["home_easting"]).astype("float64"),
        home_northing=still["child_id"].map(homes["home_northing"]).astype("float64"),
    )
    points = _located(_supply(provision, carers, as_at)).dropna(subset=["vacancies"])
    rows = []
    for group in PLACEMENT_GROUPS:
        waiting = still[still["placement_group_sought"] == group]
        if len(waiting):
            free = points[points["placement_group"] == group]
            rows.append({"placement_group_sought": group, **_matched(waiting, free, miles)})
    columns = ["placement_group_sought", "waiting", "home_not_known", "vacancies",
               "vacancies_near", "could_be_matched"]
    numbers = dict.fromkeys(columns[1:], "float64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def within_reach(
    homes: pd.DataFrame, points: pd.DataFrame, miles: float = TWENTY_MILES
) -> NDArray[np.bool_]:
    """Which points are at most so many miles from each home, in DfE's rounded miles.

    homes   home_easting, home_northing; points: easting, northing; none missing
    returns a row a home, a column a point
    """
    away = distance_miles(
        homes["home_easting"].to_numpy("float64")[:, None],
        homes["home_northing"].to_numpy("float64")[:, None],
        points["easting"].to_numpy("float64")[None, :],
        points["northing"].to_numpy("float64")[None, :],
    )
    return away <= miles


def most_served(near: NDArray[np.bool_], places: NDArray) -> int:
    """The most homes that could each have a place of its own that is near it.

    near    a row a home, a column a setting; places: of each setting

    >>> most_served(np.array([[True, False], [True, False], [True, True]]), np.array([1, 5]))
    2
    """
    homes, settings = near.shape
    if not near.any():
        return 0
    row, column = np.nonzero(near)
    # A source to each home, each home to the settings near it, each setting to a sink.
    ends = homes + settings + 1
    tail = np.concatenate([np.zeros(homes, int), row + 1, np.arange(settings) + homes + 1])
    head = np.concatenate([np.arange(homes) + 1, column + homes + 1, np.full(settings, ends)])
    most = np.concatenate([np.ones(homes + len(row)), np.asarray(places)]).astype("int32")
    graph = csr_array((most, (tail, head)), shape=(ends + 1, ends + 1), dtype="int32")
    return int(maximum_flow(graph, 0, ends).flow_value)


def hexagons_in(outline: BaseGeometry | None, miles: float | None = None) -> list[str]:
    """The hexagons that cover most of an area, by grid reference.

    outline  in metres (EPSG:27700); None: no hexagons
    miles    their width; None: see `hexagon_width`
    returns  those whose middle is in the area, or outside it by no more than a quarter of
             their width; of an area that has none, the one round its middle

    >>> hexagons_in(shapely.box(440_000, 300_000, 450_000, 305_000), 3.0)
    ['SK 39 01', 'SK 42 05', 'SK 44 01', 'SK 47 05', 'SK 49 01']
    """
    if outline is None or outline.is_empty:
        return []
    miles = hexagon_width(outline) if miles is None else miles
    beyond = miles * METRES_PER_KM * KM_PER_MILE / 4
    west, south, east, north = outline.buffer(beyond, quad_segs=1).bounds
    # No hexagon is as narrow as two steps, so that none lies between the points.
    across, up = (np.arange(low, high + beyond, beyond)
                  for low, high in ((west, east), (south, north)))  # fmt: skip
    points = np.array(np.meshgrid(across, up)).reshape(2, -1)
    pairs = np.unique(hexagons_at(points[0], points[1], miles), axis=0)
    middles = centres_of(pairs, miles)
    shapely.prepare(outline)
    inside = shapely.dwithin(outline, shapely.points(middles), beyond)
    if not inside.any():
        point = outline.representative_point()
        middles, inside = centres_of(hexagons_at([point.x], [point.y], miles), miles), [True]
    return sorted(grid_reference(*middle) for middle in middles[inside])


def hexagon_width(outline: BaseGeometry | None) -> float:
    """The widest of `areas.SIZES_MILES` of which twelve or more fit an area, else the smallest.

    >>> hexagon_width(shapely.box(0, 0, 60_000, 60_000)), hexagon_width(None)
    (12.0, 3.0)
    """
    if outline is None:
        return SIZES_MILES[0]
    enough = [size for size in SIZES_MILES if len(hexagons_in(outline, size)) >= _ENOUGH_HEXAGONS]
    return max(enough, default=SIZES_MILES[0])


def middles_of(hexagons: Sequence[str], miles: float) -> NDArray[np.float64]:
    """The very middles of the hexagons that references name: easting and northing in metres.

    >>> middles_of(["SK 44 01"], 3.0).round().tolist()
    [[444167.0, 301038.0]]
    """
    points = np.array([point_of(one) for one in hexagons], dtype="float64").reshape(-1, 2)
    return centres_of(hexagons_at(points[:, 0], points[:, 1], miles), miles)


def _supply(provision: pd.DataFrame, carers: pd.DataFrame, as_at: object) -> pd.DataFrame:
    """What is offered on a day: placement_group, easting, northing, places, vacancies."""
    columns = ["placement_group", "easting", "northing", "places", "vacancies"]
    kinds = {kind: group for group, kind in GROUPS.items() if kind is not None}
    register = provision[is_supply_on(provision, as_at)]
    register = register.assign(
        placement_group=register["provision_type"].astype(object).map(kinds))
    households = carers[current_mainstream(carers, as_at)]
    places = households["places_approved"].astype("float64")
    free = (places - households["children_placed"].astype("float64")).clip(lower=0)
    households = households.assign(placement_group="fostering", places=places, vacancies=free)
    rows = pd.concat([register.dropna(subset=["placement_group"])[columns].astype(
        dict.fromkeys(columns[1:], "float64")), households[columns].astype(
        dict.fromkeys(columns[1:], "float64"))], ignore_index=True)
    return rows.astype({"placement_group": object})


def _located(points: pd.DataFrame) -> pd.DataFrame:
    return points.dropna(subset=["easting", "northing"])


def _homes(episodes: pd.DataFrame, as_at: object) -> pd.DataFrame:
    columns = ["placement_group", "home_easting", "home_northing"]
    return on_date(episodes, pd.Timestamp(as_at), columns=columns)


def _latest_homes(episodes: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The last known home of each child up to a day, by child_id."""
    known = episodes[episodes["home_easting"].notna() & (episodes["decom"] <= day)]
    known = known.sort_values("decom", kind="stable").drop_duplicates("child_id", keep="last")
    return known.set_index("child_id")[["home_easting", "home_northing"]]


def _matched(waiting: pd.DataFrame, free: pd.DataFrame, miles: float) -> dict[str, float]:
    """The counts of one row of `waiting_and_vacancies`."""
    known = waiting[waiting["home_easting"].notna()]
    near = within_reach(known, free, miles)
    reached = near.any(axis=0)
    parts = (int(reached.sum()), int((~reached).sum()))
    told = len(free) > 0 and not any(0 < part < FEWEST_HOMES for part in parts)
    vacancies = free["vacancies"].to_numpy()
    return {
        "waiting": len(waiting), "home_not_known": len(waiting) - len(known),
        "vacancies": vacancies.sum() if told else np.nan,
        "vacancies_near": vacancies[reached].sum() if told else np.nan,
        "could_be_matched": most_served(near, vacancies) if len(free) else np.nan,
    }


def _band(share: float) -> str:
    """The words for places for each child.

    >>> _band(0.0), _band(0.4999), _band(2.0)
    ('no places', 'under half a place', 'two or more')
    """
    return next(words for start, words in reversed(BANDS) if share >= start)
