"""Fostering households: who joined and left, the places they have, and how full they are.

Mainstream households are all but relatives and friends, who are approved for the children that
they have, and whose places no other child could take.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.intake.local_schemas import LOCAL_CODES
from sufficiency_lib.metrics.bed_nights import bed_nights_by_cohort
from sufficiency_lib.metrics.market import FEWEST_HOMES
from sufficiency_lib.metrics.nights import nights_between
from sufficiency_lib.metrics.stock import in_years, percentage, ratio, years_of
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_counts

GROUPS: tuple[str, ...] = ("mainstream", "kinship")
_IN_ORDER = (*(kind for kind in LOCAL_CODES["CARER_TYPES"] if kind != "kinship"), "not_known",
             "mainstream", "kinship")

_DAY = pd.Timedelta(days=1)


def fostering_households(
    carers: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Fostering households that joined and left in each year, and those approved at its end.

    carers     household_id, approved_date, left_date (NaT while it goes on), carer_type
    year_ends  31 Marches; the year is the one each closes
    by         columns whose values each have a table
    returns    carer_group (mainstream, kinship), year_ending, households (approved on the
               last day), joined (whose approval began in the year), left (who were approved
               no more on some day of it), net (joined less left). An approval that follows
               on from another of the same household is no joining and no leaving; so
               households are those of a year before and net. Carers whose type is not known
               are mainstream.

    >>> households = pd.DataFrame({"household_id": ["a", "b"], "carer_type": ["general"] * 2,
    ...     "approved_date": pd.to_datetime(["2020-01-01", "2024-06-01"]),
    ...     "left_date": pd.to_datetime(["2024-09-30", None])})
    >>> found = fostering_households(households, ["2025-03-31"])
    >>> found.iloc[0, 2:].astype(int).to_dict()
    {'households': 1, 'joined': 1, 'left': 1, 'net': 0}
    """
    spells, years = _spells(carers, by), years_of(year_ends)
    levels, areas = {"carer_group": GROUPS, "year_ending": list(years)}, areas_of(carers, by)
    approved = [spells[_approved_on(spells, day)].assign(year_ending=year)
                for year, (_, day) in years.items()]
    rows = pd.concat(approved or [spells[:0].assign(year_ending="")], ignore_index=True)
    frame = tally(rows, levels, areas, name="households")
    keys = [*by, *levels]
    for name, moment in (("joined", "approved_date"), ("left", "gone")):
        frame = with_counts(frame, in_years(spells, moment, years), keys, name=name)
    frame = frame.assign(net=frame["joined"] - frame["left"])
    return frame if len(carers) else frame[:0]


def fostering_capacity(carers: pd.DataFrame, as_at: object, *, by: By = ()) -> pd.DataFrame:
    """The approved places of fostering households on a day, and the children in them.

    carers   as in `fostering_households`, with places_approved and children_placed, which is
             of the day of the extract
    returns  carer_group (types met; mainstream: all but kinship), households, households_told
             (that say both their places and their children), places (approved), filled
             (children placed) and vacant_places (of those told; a household with more
             children than places has none vacant), children_per_household_average,
             occupancy_pct (children of places), base_filled

    Source: council sufficiency strategies (Herefordshire 2019-24: 1.2 children a household).
    """
    rows = carers[_approved_on(carers, pd.Timestamp(as_at))]
    rows = rows.sort_values("approved_date", kind="stable")
    rows = rows.drop_duplicates([*by, "household_id"], keep="last")
    told = rows["places_approved"].notna() & rows["children_placed"].notna()
    places = rows["places_approved"].astype("float64").where(told, 0)
    placed = rows["children_placed"].astype("float64").where(told, 0)
    rows = rows.assign(
        carer_group=_known_type(rows), households_told=told.astype("int64"),
        places=places, filled=placed, vacant_places=(places - placed).clip(0),
    )
    frame = _with_mainstream(rows, areas_of(carers, by))
    few = (frame["households_told"] < FEWEST_HOMES) & (frame["filled"] > 0)
    frame["children_per_household_average"] = ratio(
        frame["filled"], frame["households_told"], 1, 1)
    frame["occupancy_pct"] = percentage(frame["filled"], frame["places"])
    frame["base_filled"] = frame["filled"].mask(few, 1)
    return frame if len(carers) else frame[:0]


def fostering_bed_use(
    carers: pd.DataFrame, episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """The bed nights that mainstream fostering households could give in a year, and those used.

    carers     household_id, approved_date, left_date, places_approved, carer_type
    episodes   the repaired history: the nights slept in fostering by the authority's own
               carers (U4 to U6, PR1) are those used
    year_ends  31 Marches
    returns    year_ending, average_places (places on an average night), capacity_nights
               (approved places times the nights they were approved for), nights (used),
               use_pct (nights of capacity_nights), base_nights. A household whose places are
               not known gives none; a place is counted as there on every night, with no
               leave taken off.

    Source: Herefordshire 2019-24: 170 beds, 53,000 nights, 85% used.
    """
    years = years_of(year_ends)
    used = bed_nights_by_cohort(episodes, year_ends, by=by)
    used = used[used["cohort"] == "fostering_in_house"]
    rows = _one_at_a_time(carers[_group_of(carers) == "mainstream"], by)
    places = rows["places_approved"].astype("float64").fillna(0)
    given = [rows.assign(capacity=nights_between(rows, *span) * places, year_ending=year)
             for year, span in years.items()]
    given = pd.concat(given or [rows.assign(capacity=0.0, year_ending="")], ignore_index=True)
    frame = tally(given, {"year_ending": list(years)}, areas_of(carers, by),
                  name="capacity_nights", weight="capacity")
    for name in ("nights", "base_nights"):
        frame = with_counts(frame, used, [*by, "year_ending"], name=name, weight=name)
    lengths = [(last - first).days + 1 for first, last in map(years.get, frame["year_ending"])]
    frame["average_places"] = ratio(frame["capacity_nights"], lengths, 1, 1)
    capacity = frame["capacity_nights"]
    frame["use_pct"] = percentage(frame["nights"], capacity.where(capacity > 0))
    frame = frame[[*by, "year_ending", "average_places", "capacity_nights", "nights", "use_pct",
                   "base_nights"]]
    return frame if len(carers) else frame[:0]


def current_mainstream(carers: pd.DataFrame, as_at: object) -> pd.Series:
    """Which rows are mainstream households approved on a day, each household once.

    >>> carers = pd.DataFrame({"household_id": ["a", "b"], "carer_type": ["general", "kinship"],
    ...     "approved_date": pd.to_datetime(["2020-01-01"] * 2),
    ...     "left_date": pd.to_datetime([None, None])})
    >>> current_mainstream(carers, "2025-03-31").tolist()
    [True, False]
    """
    open_then = _approved_on(carers, pd.Timestamp(as_at)) & (_group_of(carers) == "mainstream")
    latest = carers["approved_date"].where(open_then).groupby(carers["household_id"])
    return open_then & (carers["approved_date"] == latest.transform("max"))


def _approved_on(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each approval holds on a day; its last day is still one of it."""
    return (rows["approved_date"] <= day) & (
        rows["left_date"].isna() | (rows["left_date"] >= day))


def _known_type(carers: pd.DataFrame) -> pd.Series:
    kind = carers["carer_type"].astype(object)
    return kind.where(kind.notna(), "not_known")


def _group_of(carers: pd.DataFrame) -> pd.Series:
    return (carers["carer_type"].astype(object) == "kinship").map(
        {True: "kinship", False: "mainstream"}).astype(object)


def _spells(carers: pd.DataFrame, by: By) -> pd.DataFrame:
    """Approvals that follow on from one another as one; `gone` is the first day without."""
    rows = carers.assign(carer_group=_group_of(carers)).sort_values(
        [*by, "household_id", "approved_date"], kind="stable")
    # A household that left carries a day; one that stays, a day that no approval reaches.
    end = rows["left_date"].fillna(pd.Timestamp.max.floor("D").as_unit("ms"))
    household = [rows[column] for column in [*by, "household_id"]]
    before = end.groupby(household, observed=True).cummax().groupby(
        household, observed=True).shift()
    rows["spell"] = (before.isna() | (rows["approved_date"] - _DAY > before)).cumsum()
    rows["end"] = end
    grouped = rows.groupby("spell", sort=True)
    first = grouped.first()
    last = grouped["end"].max()
    left = last.where(last < pd.Timestamp("2262-01-01"))
    return first.assign(left_date=left, gone=left + _DAY)


def _one_at_a_time(carers: pd.DataFrame, by: By) -> pd.DataFrame:
    """Approvals as decom and dec, the earlier of two that overlap cut where the later begins."""
    rows = carers.sort_values([*by, "household_id", "approved_date"], kind="stable")
    following = rows.groupby([*by, "household_id"], observed=True)["approved_date"].shift(-1)
    ends = pd.concat([rows["left_date"] + _DAY, following], axis=1).min(axis=1)
    return rows.assign(decom=rows["approved_date"], dec=ends)


def _with_mainstream(rows: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Sums by type of carer, for the types met, with mainstream after those it is made of."""
    whole = rows[rows["carer_group"] != "kinship"].assign(carer_group="mainstream")
    counted = pd.concat([rows, whole], ignore_index=True)
    met = set(counted["carer_group"])
    levels = {"carer_group": [kind for kind in _IN_ORDER if kind in met]}
    frame = tally(counted, levels, areas, name="households")
    for column in ("households_told", "places", "filled", "vacant_places"):
        sums = tally(counted, levels, areas, name=column, weight=column)
        frame[column] = sums[column]
    return frame
