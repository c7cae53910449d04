"""What a history says once it is repaired: groups, ages' basis, distances, in or out of area.

Frames go by the names of `fields` from here on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.cleaning.distance import (
    distance_band,
    distance_miles,
    miles_to_boundary,
)
from sufficiency_lib.codes import (
    SAME_CARER_RNE,
    SHORT_BREAK_LEGAL_STATUSES,
    placement_group,
    provider,
)
from sufficiency_lib.codes.grouping import grouped
from sufficiency_lib.intake.postcodes import PostcodeDirectory

_NAMES = {
    "CHILD": "child_id",
    "DECOM": "decom",
    "DEC": "dec",
    "RNE": "rne",
    "LS": "legal_status",
    "CIN": "need_code",
    "PLACE": "place_code",
    "PLACE_PROVIDER": "provider_code",
    "REC": "rec",
    "REASON_PLACE_CHANGE": "reason_place_change",
    "HOME_POST": "home_postcode",
    "PL_POST": "placement_postcode",
    "URN": "urn",
    "tag": "repairs",
}


@dataclass(frozen=True)
class Area:
    """Where the responsible authority is, for what is measured from it.

    codes      today's ONS code, or those of a consortium's members; none when not known
    boundary   its outline on EPSG:27700; None when it is not known
    centre     easting and northing of the centre that the profile names; None without one
    """

    codes: frozenset[str] = frozenset()
    boundary: BaseGeometry | None = None
    centre: tuple[float, float] | None = None


def derive(
    history: pd.DataFrame,
    children: pd.DataFrame,
    directory: PostcodeDirectory,
    area: Area,
    *,
    fallback: str = "none",
) -> pd.DataFrame:
    """The repaired history with everything measured about each episode.

    history    `repair`'s history
    children   `children_of`'s frame
    directory  postcodes to grid references and authorities
    area       the responsible authority's
    fallback   none, sector or outward: where to place a postcode the directory does not have

    Returns one row an episode with the columns of `fields`. A distance is NaN when either
    postcode is not known or the home is outside England, and for short breaks; whether one of a
    UASC counts depends on the day of the table (`metrics.stock.without_uasc_distance`). An
    authority of placement is None when its postcode is not known. Source: DfE, SSDA903 guide.
    """
    episodes = history.rename(columns=_NAMES).drop(columns=["dec_unreadable"])
    episodes = episodes.merge(children, on="child_id", how="left", validate="many_to_one")
    episodes["placement_group"] = grouped(episodes["place_code"], placement_group)
    episodes["provider"] = grouped(episodes["provider_code"], provider)
    episodes["is_short_break"] = episodes["legal_status"].isin(SHORT_BREAK_LEGAL_STATUSES)
    episodes["is_uasc"] = _is_uasc(episodes)
    episodes = _number_stays(episodes)
    episodes = _locate(episodes, directory, fallback)
    return _measure(episodes, area)


def _is_uasc(episodes: pd.DataFrame) -> pd.Series:
    lasting = episodes["uasc_until"].isna() | (episodes["uasc_until"] > episodes["decom"])
    return episodes["ever_uasc"].fillna(False).astype(bool) & lasting


def _number_stays(episodes: pd.DataFrame) -> pd.DataFrame:
    """Periods of care, and stays with one carer within them, numbered through the frame.

    A period goes on while each episode starts by the day the one before ended. A stay goes
    on through L, T and U; any other reason, or a new period, starts another.
    """
    episodes = episodes.sort_values(["child_id", "decom"], kind="stable", ignore_index=True)
    same_child = episodes["child_id"].eq(episodes["child_id"].shift())
    unbroken = same_child & (episodes["decom"] <= episodes["dec"].shift())
    restarted = (episodes["rne"] == "S") & (episodes["rec"].shift() != "X1")
    new_period = ~(unbroken & ~restarted)
    new_stay = new_period | ~episodes["rne"].isin(SAME_CARER_RNE)
    return episodes.assign(
        care_period_id=new_period.cumsum().astype("int64"),
        placement_id=new_stay.cumsum().astype("int64"),
    )


def _locate(
    episodes: pd.DataFrame, directory: PostcodeDirectory, fallback: str
) -> pd.DataFrame:
    for end in ("home", "placement"):
        found = directory.lookup(episodes[f"{end}_postcode"], fallback=fallback)
        episodes[f"{end}_easting"] = found["easting"]
        episodes[f"{end}_northing"] = found["northing"]
        episodes[f"{end}_authority"] = found["authority"]
        episodes[f"{end}_postcode_status"] = found["status"]
        episodes[f"{end}_postcode_terminated"] = found["terminated"]
    return episodes


def _measure(episodes: pd.DataFrame, area: Area) -> pd.DataFrame:
    place = episodes["placement_easting"], episodes["placement_northing"]
    miles = distance_miles(episodes["home_easting"], episodes["home_northing"], *place)
    home = episodes["home_authority"].astype("str")
    abroad = episodes["home_authority"].notna() & ~home.str.startswith("E")
    without = episodes["is_short_break"] | abroad
    miles = np.where(without, np.nan, miles)
    episodes = episodes.assign(distance_miles=miles, distance_band=distance_band(miles))
    return measured_from(episodes, area)


def measured_from(episodes: pd.DataFrame, area: Area) -> pd.DataFrame:
    """What is measured from the responsible authority's area: centre, border, in or out.

    episodes  with placement_easting, placement_northing and placement_authority
    area      the authority's, or a consortium's
    returns   the same rows with centre_miles, border_miles (miles; NaN where either is not
              known) and boundary: inside (any member's area), outside, or not_known without codes

    >>> placed = pd.DataFrame({"placement_easting": [1.0], "placement_northing": [1.0],
    ...                        "placement_authority": ["E2"]})
    >>> measured_from(placed, Area(codes=frozenset({"E1", "E2"})))["boundary"].tolist()
    ['inside']
    """
    place = episodes["placement_easting"], episodes["placement_northing"]
    nothing = np.full(len(episodes), np.nan)
    outline = area.boundary
    return episodes.assign(
        centre_miles=distance_miles(*area.centre, *place) if area.centre else nothing,
        border_miles=miles_to_boundary(*place, outline) if outline is not None else nothing,
        boundary=_inside(episodes["placement_authority"], area.codes),
    )


def _inside(placed_in: pd.Series, codes: frozenset[str]) -> pd.Series:
    """inside or outside as DfE says it: a placement not known to be inside is outside."""
    if not codes:
        return pd.Series("not_known", index=placed_in.index, dtype=object)
    inside = placed_in.isin(list(codes))
    return pd.Series(np.where(inside, "inside", "outside"), index=placed_in.index)
