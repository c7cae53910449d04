"""What the local market holds: places, vacancies and occupancy, and who has them.

Places, vacancies and providers are not children. The places that are filled are: so what is
worked from them carries in `base_filled` the children behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.intake.authorities import Codes, as_codes
from sufficiency_lib.intake.local_schemas import LOCAL_CODES
from sufficiency_lib.metrics.stock import percentage, ratio
from sufficiency_lib.metrics.tally import By

PROVISION_TYPES: tuple[str, ...] = tuple(LOCAL_CODES["PROVISION_TYPES"])

#: Below so many homes, anyone who knows one of them would know how many children are in the rest.
FEWEST_HOMES = 3
#: One agency's places are in many households, so that no one of them is told by its total.
_OF_MANY_HOUSEHOLDS = "fostering_agency"

#: What stands for the kinds of which there is none where all are there.
NONE_ABSENT = "All are there"

AREAS: tuple[str, ...] = ("inside", "outside", "not_known")

#: What the register can be cut by, with the order of the values.
DIMENSIONS: Mapping[str, Sequence[str]] = {
    "sector": (*LOCAL_CODES["SECTORS"], "not_known"),
    "grade": (*LOCAL_CODES["OFSTED_GRADES"], "not_known"),
    "area": AREAS,
}

_PERFECT_SHARE = 100

#: A file that names settings of more than half of England's 153 authorities is a list of the
#: country; a council's own register has those near it, and those from which it buys.
_AUTHORITIES_OF_A_COUNTRY = 153 // 2


def is_supply_on(provision: pd.DataFrame, as_at: object) -> pd.Series:
    """Which rows of a supply register stand for the supply of a day.

    provision  provision_type, as_at (NaT: not dated), short_breaks_only, urn, source_file
    returns    True for, of each file, the rows of its last day up to `as_at`, or of its first
               day after where none is so early, and those not dated; for none of a file whose
               day is a year or more older than the newest; of a provider (urn) in several
               files for the row of the latest day. Homes for short breaks only are left out,
               as no child can live there.

    >>> register = pd.DataFrame({"provision_type": ["secure"] * 2, "urn": ["1", "1"],
    ...     "short_breaks_only": [False, False], "source_file": ["p.csv"] * 2,
    ...     "as_at": pd.to_datetime(["2024-03-31", "2025-03-31"])})
    >>> is_supply_on(register, "2025-03-31").tolist()
    [False, True]
    """
    day = pd.Timestamp(as_at)
    dated = provision["as_at"]
    files = provision["source_file"].astype(object).fillna("")
    last = dated.where(dated <= day).groupby(files).transform("max")
    chosen = last.fillna(dated.groupby(files).transform("min"))
    fresh = chosen.isna() | (chosen > chosen.max() - pd.DateOffset(years=1))
    kept = dated.isna() | ((dated == chosen) & fresh)
    kept &= ~provision["short_breaks_only"].fillna(False).astype(bool)
    rows = provision[kept].sort_values("as_at", kind="stable", na_position="first")
    twice = rows["urn"].notna() & rows.duplicated(["urn", "provision_type"], keep="last")
    return kept & ~twice.reindex(provision.index, fill_value=False)


def is_local(provision: pd.DataFrame, code: Codes) -> pd.Series:
    """Which rows of a register are local: a list of the whole country is no local market.

    provision  the register: authority, sector, source_file
    code       the authority's ONS code, or those of a consortium's members; none: every row is
               taken for local
    returns    True for every row of the files of a council's own making; of a file that lists
               the country, as Ofsted's does, for the settings inside the authority, and the
               authority's own wherever they stand

    >>> told = pd.DataFrame({"authority": ["E06000019", "E06000018"], "sector": ["private"] * 2,
    ...                      "source_file": ["provision.csv"] * 2})
    >>> is_local(told, "E06000019").tolist()
    [True, True]
    """
    if not as_codes(code):
        return pd.Series(True, index=provision.index)
    files = provision["source_file"].astype(object).fillna("")
    named = provision["authority"].astype(object).groupby(files).transform("nunique")
    inside = area_of(provision, code) == "inside"
    own = provision["sector"].astype(object) == "own"
    return (named <= _AUTHORITIES_OF_A_COUNTRY) | inside | own


def supply_by_type(provision: pd.DataFrame, as_at: object, *, by: By = ()) -> pd.DataFrame:
    """Registered places on a day by type of provision, how many are filled, and occupancy.

    provision  the register: provision_type, places, vacancies and what `is_supply_on` reads
    by         columns whose values each have a table
    returns    provision_type (those met), providers (settings registered), places (NaN where
               none says how many), places_told (those of settings that say their vacancies
               too), vacant_places, filled (places_told less vacancies: children of any authority),
               occupancy_pct (filled of places_told), base_filled. Without vacancies, as in
               Ofsted's list, all four are NaN.

    >>> register = pd.DataFrame({"provision_type": ["secure"], "places": [8], "vacancies": [2],
    ...     "short_breaks_only": [False], "urn": ["1"], "source_file": [""],
    ...     "as_at": pd.to_datetime(["2025-03-31"])})
    >>> supply_by_type(register, "2025-03-31")[["filled", "occupancy_pct"]].to_numpy().tolist()
    [[6.0, 75.0]]
    """
    return _supply(provision[is_supply_on(provision, as_at)], by, {})


def supply_by(
    provision: pd.DataFrame,
    as_at: object,
    *,
    dimension: str,
    code: Codes = None,
    by: By = (),
) -> pd.DataFrame:
    """Registered places on a day by type and by sector, Ofsted grade or area.

    dimension  sector, grade (Ofsted's), or area (inside the authority or outside; needs the
               column authority)
    code       for area: the authority's ONS code; None: no area is known
    returns    provision_type, the dimension (those met, not_known last), and the columns of
               `supply_by_type`

    Raises KeyError for another dimension.
    """
    rows = provision[is_supply_on(provision, as_at)]
    values = {
        "sector": lambda: rows["sector"], "grade": lambda: rows["ofsted_grade"],
        "area": lambda: area_of(rows, code),
    }[dimension]().astype(object)
    rows = rows.assign(**{dimension: values.where(values.notna(), "not_known")})
    return _supply(rows, by, {dimension: DIMENSIONS[dimension]})


def area_of(rows: pd.DataFrame, code: Codes) -> pd.Series:
    """Whether each row's authority has the code, or one of several: inside, outside or not_known.

    >>> area_of(pd.DataFrame({"authority": ["E1", "E2", None]}), "E1").tolist()
    ['inside', 'outside', 'not_known']
    """
    authority = rows["authority"].astype(object)
    codes = as_codes(code)
    inside = authority.isin(list(codes)).map({True: "inside", False: "outside"})
    known = authority.notna() & bool(codes)
    return inside.astype(object).where(known, "not_known")


def provider_concentration(
    provision: pd.DataFrame, as_at: object, *, code: Codes = None, by: By = ()
) -> pd.DataFrame:
    """How many organisations have the registered places, and how few have most of them.

    provision  the register with owner (blank: the provider stands for itself) and authority
    code       the authority's ONS code
    returns    area (inside: settings inside the authority; all: the whole register),
               provision_type, owners, providers, places (those known), largest_share_pct
               (the owner with most places), hhi (Herfindahl-Hirschman index: the sum of the
               squares of the owners' shares in per cent, 0 to 10,000; half up). NaN where no
               places are known.

    Source: CMA and OFT, Merger Assessment Guidelines (2010): above 1,000 concentrated,
    above 2,000 highly concentrated.
    """
    rows = _owned(provision, as_at, code)
    rows = rows.assign(places=rows["places"].astype("float64"))
    keys = [*by, "area", "provision_type"]
    grouped = rows.groupby(keys, observed=True, sort=False)
    frame = grouped.agg(owners=("owner", "nunique"), providers=("owner", "size"))
    owned = rows.groupby([*keys, "owner"], observed=True)["places"].sum(min_count=1)
    shares = owned / owned.groupby(level=keys).transform("sum") * _PERFECT_SHARE
    frame["places"] = grouped["places"].sum(min_count=1)
    largest = owned.groupby(level=keys).max().reindex(frame.index)
    frame["largest_share_pct"] = percentage(largest, frame["places"])
    squares = (shares**2).groupby(level=keys).sum(min_count=1).reindex(frame.index)
    frame["hhi"] = ratio(squares, 1, 1, 0)
    return _ordered(frame.reset_index(), by, {"area": ("inside", "all")}, first="area")


def number_and_range(
    provision: pd.DataFrame, as_at: object, *, code: Codes = None, by: By = ()
) -> pd.DataFrame:
    """The number of providers and the range of accommodation, as section 22G(4) has it.

    provision, code  as in `provider_concentration`
    returns          area (inside, all), owners, providers, kinds (of the five of the
                     register), kinds_absent (those of which there is none, in words)

    Source: Children Act 1989, s22G(4): having regard to the benefit of a number of
    accommodation providers and a range of accommodation.
    """
    rows = _owned(provision, as_at, code)
    keys = [*by, "area"]
    frame = rows.groupby(keys, observed=True, sort=False).agg(
        owners=("owner", "nunique"), providers=("owner", "size"),
        kinds=("provision_type", "nunique"), held=("provision_type", set),
    ).reset_index()
    frame["kinds_absent"] = [_absent(held) for held in frame["held"]]
    return _ordered(frame.drop(columns="held"), by, {"area": ("inside", "all")}, first="area")


def _absent(held: set[str]) -> str:
    words = LOCAL_CODES["PROVISION_TYPES"]
    return ", ".join(words[kind] for kind in PROVISION_TYPES if kind not in held) or NONE_ABSENT


def _owned(provision: pd.DataFrame, as_at: object, code: Codes) -> pd.DataFrame:
    """The supply of a day inside the authority, and then all of it, each with an owner."""
    rows = provision[is_supply_on(provision, as_at)]
    owner = rows["owner"].astype(object).where(rows["owner"].notna(), rows["provider_name"])
    rows = rows.assign(owner=owner)
    inside = rows[area_of(rows, code) == "inside"].assign(area="inside")
    return pd.concat([inside, rows.assign(area="all")], ignore_index=True)


def _supply(
    rows: pd.DataFrame, by: By, dimension: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    places, free = rows["places"].astype("float64"), rows["vacancies"].astype("float64")
    told = places.notna() & free.notna()
    rows = rows.assign(
        places=places, places_told=places.where(told), vacant_places=free.where(told),
        filled=(places - free).where(told), homes_told=told,
    )
    keys = [*by, "provision_type", *dimension]
    grouped = rows.groupby(keys, observed=True, sort=False)
    frame = grouped.agg(providers=("homes_told", "size"), homes_told=("homes_told", "sum"))
    columns = ["places", "places_told", "vacant_places", "filled"]
    frame[columns] = grouped[columns].sum(min_count=1)
    frame["occupancy_pct"] = percentage(frame["filled"], frame["places_told"])
    frame = frame.reset_index()
    few = (frame["homes_told"] < FEWEST_HOMES) & (frame["filled"] > 0)
    few &= frame["provision_type"] != _OF_MANY_HOUSEHOLDS
    frame["base_filled"] = frame["filled"].mask(few, 1.0)
    return _ordered(frame.drop(columns="homes_told"), by, dimension)


def _ordered(
    frame: pd.DataFrame, by: By, orders: Mapping[str, Sequence[str]], *, first: str = ""
) -> pd.DataFrame:
    """The rows as the code sets have their values, those of each area together."""
    ranks = pd.DataFrame(index=frame.index)
    for column in by:
        ranks[column] = frame[column]
    every = {"provision_type": PROVISION_TYPES, **orders}
    for column in sorted(every, key=lambda name: name != first):
        if column in frame:
            place = {value: at for at, value in enumerate(every[column])}
            ranks[column] = frame[column].astype(object).map(place).fillna(len(place))
    if frame.empty or not len(ranks.columns):
        return frame
    return frame.loc[ranks.sort_values(list(ranks)).index].reset_index(drop=True)
