"""Where new places would bring most children near home: maximal covering location.

The children who now live more than 20 miles from home in one kind of placement stand for those
who will need it: near their homes there was no place for them. What is found is where to
recruit carers and open homes for children to come. It is never a reason to move a child who is
settled (statutory guidance 2010, 2.12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from sufficiency_lib.cleaning.distance import TWENTY_MILES, distance_miles
from sufficiency_lib.metrics.carers import current_mainstream
from sufficiency_lib.metrics.market import is_supply_on
from sufficiency_lib.metrics.reach import middles_of, most_served
from sufficiency_lib.metrics.stock import on_date, percentage

#: Two plans that serve as many children are told apart by the miles from home, as less than
#: this part of a child, however many there are.
_TIE = 0.5


#: The gain of a plan over the resamples of the children: column → percentile.
GAINED: Mapping[str, int] = {"gained_p10": 10, "gained_p50": 50, "gained_p90": 90}


@dataclass(frozen=True)
class _Case:
    """Which hexagons could serve each home of a child far away, and what is to be added.

    near   a row a home, a column a hexagon; away: how far, as a part of the miles allowed
    """

    near: NDArray[np.bool_]
    away: NDArray[np.float64]
    places_each: int
    places: int


def where_to_add(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    hexagons: Sequence[str],
    hexagon_miles: float,
    places: int,
    places_each: Mapping[str, int],
    seed: int,
    fewest: int = 1,
    resamples: int = 100,
    miles: float = TWENTY_MILES,
) -> pd.DataFrame:
    """The small areas in which new places would bring most children within 20 miles of home.

    episodes     the repaired history with home_easting, home_northing and distance_miles
    hexagons     where a home could be opened or carers recruited: the grid references of the
                 middles (see `reach.hexagons_in`)
    places       how many are added, of each kind
    places_each  kind of placement, as in placement_group → places of one home or household
    seed         of the resampling; resamples: how many
    fewest       the fewest children far from home for whom areas may be named
    returns      placement_group, hexagon, homes_added (homes or households in the best plan)
                 and chosen_pct (the share of the resamples, each of the children looked after
                 in that kind drawn anew with replacement, in whose best plan the hexagon
                 has one). Hexagons of the plan first, then the others chosen in any resample,
                 most often first. No rows where fewer than `fewest` children are far from
                 home, or no hexagon is near the home of any.

    A child counts as served by a new place within so many miles of home, each place serving one
    child. Of plans that serve as many children the one nearest to their homes is taken.
    Children whose distance from home is not known are left out.

    Source: Church & ReVelle (1974), The maximal covering location problem, Papers of the
    Regional Science Association 32, 101-118, with a limit on what a site can serve.
    """
    tables = [pd.DataFrame({"placement_group": [], "hexagon": []}, dtype=object).assign(
        homes_added=pd.Series(dtype="int64"), chosen_pct=pd.Series(dtype="float64"))]
    for group, each in places_each.items():
        far, size = _far(episodes, as_at, group, miles)
        if far["children"].sum() < fewest:
            continue
        case = _case(far, hexagons, hexagon_miles, places, each, miles)
        plan, _ = _best(case, far["children"].to_numpy())
        chosen = np.zeros(len(hexagons))
        for counts in _resampled(far, size, seed, resamples if plan.any() else 0):
            chosen += _best(case, counts)[0] > 0
        table = pd.DataFrame({
            "placement_group": group, "hexagon": pd.Series(list(hexagons), dtype=object),
            "homes_added": plan, "chosen_pct": percentage(pd.Series(chosen), resamples),
        })
        tables.append(table[(plan > 0) | (chosen > 0)].sort_values(
            ["homes_added", "chosen_pct", "hexagon"], ascending=[False, False, True]))
    full = [table for table in tables if len(table)]
    return pd.concat(full or tables, ignore_index=True)


def gain_from_adding(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    hexagons: Sequence[str],
    hexagon_miles: float,
    places: int,
    places_each: Mapping[str, int],
    seed: int,
    resamples: int = 100,
    miles: float = TWENTY_MILES,
) -> pd.DataFrame:
    """How many children far from home the best plan of `where_to_add` would have a place for.

    episodes and the rest  as in `where_to_add`
    returns                placement_group, places_added, beyond (children of the kind more
                           than so many miles from home), gained (of those, who would have a
                           new place near home), gained_p10, gained_p50 and gained_p90 (the
                           same of each resample, the plan left as it is: a tenth of them have
                           fewer than the first, half of them the second or fewer, a tenth more
                           than the third; NaN without resamples) and base_gained: where places
                           are left over, the children whom none would be near. A row for each
                           kind; none without hexagons.

    The resamples are those of `where_to_add`: as many children of the kind, drawn anew with
    replacement. They say how far the gain rests on who happens to be looked after now, and not
    whether a home can be opened, or whether need will change.

    Source: Efron and Tibshirani (1993), *An Introduction to the Bootstrap*.
    """
    rows = []
    for group, each in places_each.items() if len(hexagons) else ():
        far, size = _far(episodes, as_at, group, miles)
        case = _case(far, hexagons, hexagon_miles, places, each, miles)
        plan, gained = _best(case, far["children"].to_numpy())
        beyond = int(far["children"].sum())
        # Where every place is taken, who is left over is chance and tells of no child.
        rest = beyond - gained if gained < places else 0
        drawn = [_served(case, plan, counts) for counts in _resampled(far, size, seed, resamples)]
        rows.append((group, places, beyond, gained, *_percentiles(drawn), rest or gained))
    whole = ["places_added", "beyond", "gained", "base_gained"]
    columns = ["placement_group", *whole[:3], *GAINED, whole[3]]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(GAINED, "float64")
                        | {"placement_group": object})


def usual_places(
    provision: pd.DataFrame, carers: pd.DataFrame, as_at: object
) -> dict[str, int]:
    """How many places one children's home and one mainstream fostering household usually have.

    provision, carers  the register and the households
    returns            childrens_home and fostering → the median, a half taken upwards; 1 where
                       nothing is known, so that no home is assumed larger than it need be
    """
    homes = provision[is_supply_on(provision, as_at)]
    homes = homes.loc[homes["provision_type"] == "childrens_home", "places"]
    households = carers.loc[current_mainstream(carers, as_at), "places_approved"]
    return {group: _median(places) for group, places in
            (("childrens_home", homes), ("fostering", households))}


def _median(places: pd.Series) -> int:
    known = places.dropna().astype("float64")
    return max(1, int(np.floor(known.median() + 0.5))) if len(known) else 1


def _far(
    episodes: pd.DataFrame, as_at: object, group: str, miles: float
) -> tuple[pd.DataFrame, int]:
    """Homes of a kind's children who live too far from them, with the children; and all of it."""
    columns = ["placement_group", "distance_miles", "home_easting", "home_northing"]
    stock = on_date(episodes, pd.Timestamp(as_at), columns=columns)
    stock = stock[stock["placement_group"] == group]
    far = stock[stock["distance_miles"] > miles]
    homes = far.groupby(["home_easting", "home_northing"]).size()
    return homes.rename("children").reset_index(), len(stock)


def _case(
    far: pd.DataFrame,
    hexagons: Sequence[str],
    hexagon_miles: float,
    places: int,
    places_each: int,
    miles: float,
) -> _Case:
    middles = middles_of(hexagons, hexagon_miles)
    away = distance_miles(
        far["home_easting"].to_numpy()[:, None], far["home_northing"].to_numpy()[:, None],
        middles[None, :, 0], middles[None, :, 1],
    )
    return _Case(away <= miles, away / miles, places_each, places)


def _resampled(
    far: pd.DataFrame, size: int, seed: int, resamples: int
) -> list[NDArray[np.int64]]:
    """Children at each home far away, of as many children drawn with replacement from all."""
    rng = np.random.default_rng(seed)
    if not size:
        return []
    shares = np.append(far["children"].to_numpy() / size, 0.0)
    shares[-1] = max(0.0, 1.0 - shares.sum())
    return [rng.multinomial(size, shares)[:-1] for _ in range(resamples)]


def _best(case: _Case, children: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """How many homes the best plan has in each hexagon, and how many children it serves."""
    sites = case.near.shape[1]
    home, site = np.nonzero(case.near & (children > 0)[:, None])
    if not len(home) or case.places < 1:
        return np.zeros(sites, dtype="int64"), 0
    homes = -(-case.places // case.places_each)
    limits = np.concatenate([children, np.zeros(sites + len(home)), [homes, case.places]])
    worth = 1 - _TIE * case.away[home, site] / max(1, case.places)
    # A home that serves nobody is not opened.
    cost = np.concatenate([np.full(sites, _TIE / (10 * homes)), -worth])
    found = milp(
        cost, integrality=np.concatenate([np.ones(sites), np.zeros(len(home))]),
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(_limited(case, children, home, site), -np.inf, limits),
        options={"mip_rel_gap": 0.0},
    )
    plan = np.rint(found.x[:sites]).astype("int64")
    return plan, int(np.rint(found.x[sites:].sum()))


def _served(case: _Case, plan: NDArray[np.int64], children: NDArray[np.int64]) -> int:
    """How many children at each home a plan that stands already has a place for."""
    near = np.repeat(case.near[:, plan > 0], children, axis=0)
    return min(case.places, most_served(near, plan[plan > 0] * case.places_each))


def _percentiles(drawn: Sequence[int]) -> list[float]:
    """Those of `GAINED`, as whole children that were drawn; NaN where none were."""
    if not drawn:
        return [np.nan] * len(GAINED)
    return np.percentile(drawn, list(GAINED.values()), method="inverted_cdf").tolist()


def _limited(
    case: _Case, children: NDArray[np.int64], home: NDArray[np.intp], site: NDArray[np.intp]
) -> csr_array:
    """What is limited: a child is served once, a site by its homes, and homes and places in all.

    That no home is served from a site without one follows for whole homes; said, it spares the
    solver nearly all of its search.

    home, site  which home each hexagon could serve, pair by pair
    returns     a column for the homes opened in each hexagon, then one for each pair
    """
    homes, sites = case.near.shape
    pairs = len(home)
    at, ones = sites + np.arange(pairs), np.ones(pairs)
    served_once = csr_array((ones, (home, at)), shape=(homes, sites + pairs))
    each = np.full(sites, -float(case.places_each))
    held = csr_array((
        np.concatenate([ones, each]),
        (np.concatenate([site, np.arange(sites)]), np.concatenate([at, np.arange(sites)])),
    ), shape=(sites, sites + pairs))
    pair = np.arange(pairs)
    most = np.minimum(children[home], case.places_each).astype("float64")
    open_first = csr_array((np.concatenate([ones, -most]), (np.concatenate([pair, pair]),
                           np.concatenate([at, site]))), shape=(pairs, sites + pairs))
    opened = np.concatenate([np.ones(sites), np.zeros(pairs)])
    total = csr_array(np.stack([opened, 1 - opened]))
    return vstack([served_once, held, open_first, total])
