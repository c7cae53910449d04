"""How often children move, and how long they have lived with the same carer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sufficiency_lib.metrics.answers import answered, with_outcome
from sufficiency_lib.metrics.stock import (
    completed_years,
    iso,
    on_date,
    open_between,
    sorted_days,
    year_start,
)
from sufficiency_lib.metrics.tally import By, areas_of

MEASURES = ("three_or_more_placements", "same_carer_2_years")

#: Placements in the year from which a child is said to have moved often (DfE).
OFTEN = 3
#: The longer-term measure: aged under 16, looked after for 2.5 years, 2 years with the carer.
SETTLED_UNDER = 16
LOOKED_AFTER = pd.DateOffset(years=2, months=6)
WITH_CARER = pd.DateOffset(years=2)


def carer_stays(episodes: pd.DataFrame, *, by: By = ()) -> pd.Series:
    """The stay with one carer that each episode belongs to, numbered through the frame.

    episodes  child_id, decom, care_period_id, placement_id, placement_group, provider and
              placement_postcode
    returns   a number for each episode, in the index of the frame; NA for temporary ones

    A stay is a placement (`placement_id`: L, T and U are no move). Temporary placements
    (T0 to T4) are no stay of their own: the child is away from the usual placement, to which
    the guide says it must return. So a stay goes on over one when the episode after it is in
    the same kind of placement, by the same provider, at the same postcode as the one before.
    Where a postcode is not known it cannot be told, and the return is a new stay.

    Source: DfE, SSDA903 guide: temporary placements, and validation rules 226 and 383.

    >>> away = pd.DataFrame({"child_id": ["a"] * 3, "care_period_id": [1] * 3,
    ...     "placement_id": [1, 2, 3], "provider": ["own", "not_recorded", "own"],
    ...     "placement_group": ["fostering", "temporary", "fostering"],
    ...     "placement_postcode": ["AB1 2CD", None, "AB1 2CD"],
    ...     "decom": pd.to_datetime(["2024-04-01", "2024-06-01", "2024-06-05"])})
    >>> carer_stays(away).tolist()
    [1, <NA>, 1]
    """
    return _stays(_in_order(episodes, by), by).reindex(episodes.index)


def _in_order(episodes: pd.DataFrame, by: By) -> pd.DataFrame:
    return episodes.sort_values([*by, "child_id", "decom", "placement_id"], kind="stable")


def _stays(order: pd.DataFrame, by: By) -> pd.Series:
    """The stay of each row of a history in order; see `carer_stays`."""
    usual = order["placement_group"] != "temporary"
    was_away = (~usual).shift(fill_value=False)[usual]
    rows = order[usual]
    goes_on = _as_before(rows, ["placement_id"])
    goes_on |= was_away & _as_before(rows, _PLACE)
    goes_on &= _as_before(rows, [*by, "child_id", "care_period_id"])
    return (~goes_on).cumsum().astype("Int64").reindex(order.index)


#: What tells that a child came back to the placement it was away from.
_PLACE = ("placement_group", "provider", "placement_postcode")


def _as_before(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Whether each row has in these columns what the row above it has; unknown is neither."""
    same = pd.Series(True, index=rows.index)
    for column in columns:
        alike = rows[column].eq(rows[column].shift())
        same &= alike.fillna(False).astype(bool) & rows[column].notna()
    return same


def placements_in_year(
    episodes: pd.DataFrame, as_at: object, *, by: By = ()
) -> pd.Series:
    """How many placements each child looked after on a day was in over the year to it.

    episodes  as for `carer_stays`, with dec and is_short_break
    as_at     the day; the year starts on the day after the same day a year before
    returns   child_id (after the columns of `by`) → number of stays, in order of child

    A placement counts if the child was in it at any time in the year, the one open at its
    start included; temporary ones and short breaks are left out. A child who was in none but
    temporary ones has 0.

    Source: DfE, *Children looked after in England*, placement stability.

    >>> moved = pd.DataFrame({"child_id": ["a"] * 2, "care_period_id": [1] * 2,
    ...     "placement_id": [1, 2], "provider": ["own"] * 2, "is_short_break": [False] * 2,
    ...     "placement_group": ["fostering"] * 2, "placement_postcode": ["AB1 2CD"] * 2,
    ...     "decom": pd.to_datetime(["2023-05-01", "2024-06-01"]),
    ...     "dec": pd.to_datetime(["2024-06-01", None])})
    >>> placements_in_year(moved, "2025-03-31").to_dict()
    {'a': 2}
    """
    counts = _count_in_year(_lasting(episodes, by), pd.Timestamp(as_at), by)
    return counts.set_index([*by, "child_id"])["placements"].sort_index()


def stability(
    episodes: pd.DataFrame,
    dates: Iterable[object],
    *,
    first_return: int | None = None,
    by: By = (),
) -> pd.DataFrame:
    """Children who moved often in the year, and children who are settled, on each day.

    episodes      the repaired history with placement_id, care_period_id and dob
    dates         days, usually each 31 March
    first_return  the first year of which there is a return; None: the history is whole
    returns       as_at, five_outcome, measure, numerator, answered_no (the others),
                  denominator, rate_pct, the days of one measure after those of the other:

      three_or_more_placements  children looked after on the day who were in three or more
          placements in the year to it (see `placements_in_year`), of all looked after on it
      same_carer_2_years  children who have lived with the same carer for two years or more,
          or who are placed for adoption and have lived in that placement and the one before
          it for two years together; of children under 16 who have been looked after without
          a break for two years and six months (started by 30 September for a 31 March). A
          child without a date of birth is left out.

    A stay away in a temporary placement does not break the time with a carer. A day without
    such children has a NaN rate. A return holds only the episodes of its year, so on a day
    less than two years and six months after the first one begins it cannot be told who has
    been looked after that long: the longer-term counts are NA.

    Source: DfE, *Children looked after in England including adoptions*, placement stability;
    national indicators 62 and 63.
    """
    lasting = _lasting(episodes, by)
    stays = _since(lasting)
    days = sorted_days(dates)
    counted = [_states(lasting, stays, day, by) for day in days]
    columns = [*by, "as_at", "measure", "answer"]
    states = pd.concat(counted) if counted else pd.DataFrame(columns=columns)
    levels = {"measure": MEASURES, "as_at": [iso(day) for day in days]}
    frame = answered(states, levels, areas_of(episodes, by))
    frame = frame.drop(columns=["not_recorded", "rate_of_known_pct"])
    frame.insert(len(by), "as_at", frame.pop("as_at"))
    return with_outcome(_without_short_histories(frame, first_return))


def _without_short_histories(frame: pd.DataFrame, first_return: int | None) -> pd.DataFrame:
    """The table without longer-term figures on days that the returns do not reach back from."""
    if first_return is None:
        return frame
    known_from = pd.Timestamp(first_return - 1, 4, 1)
    too_early = {iso(day) for day in pd.to_datetime(frame["as_at"].unique())
                 if day - LOOKED_AFTER < known_from}
    hidden = frame["as_at"].isin(too_early) & (frame["measure"] == MEASURES[1])
    counts = {name: frame[name].astype("Int64").mask(hidden)
              for name in ("numerator", "answered_no", "denominator")}
    return frame.assign(**counts, rate_pct=frame["rate_pct"].mask(hidden))


#: What tells of stays and how long they lasted, of those that a history has.
_COLUMNS = ("child_id", "care_period_id", "placement_id", "placement_group", "provider",
            "placement_postcode", "decom", "dec", "dob", "is_short_break")


def _lasting(episodes: pd.DataFrame, by: By) -> pd.DataFrame:
    """Episodes but short breaks, in order, with their stays and when each period began.

    child and care number whose row it is and of which period of care, as whole numbers are
    looked up far sooner than text.
    """
    kept = [name for name in episodes if name in {*by, *_COLUMNS}]
    rows = _in_order(episodes.loc[~episodes["is_short_break"].astype(bool), kept], by)
    whose = [*by, "child_id"]
    rows = rows.assign(
        stay=_stays(rows, by),
        child=rows.groupby(whose, sort=False, observed=True).ngroup(),
        care=rows.groupby([*whose, "care_period_id"], sort=False, observed=True).ngroup(),
    )
    period = rows.groupby([*by, "care_period_id"], sort=False, observed=True)
    return rows.assign(period_start=period["decom"].transform("min"))


def _count_in_year(rows: pd.DataFrame, day: pd.Timestamp, by: By) -> pd.DataFrame:
    """How many placements each child looked after on a day was in over the year to it."""
    slept = open_between(rows, year_start(day), day)
    stays = rows.loc[slept & rows["stay"].notna(), ["child", "stay"]].drop_duplicates("stay")
    here = on_date(rows, day, columns=[*by, "child_id", "child"]).drop_duplicates("child")
    counts = here["child"].map(stays["child"].value_counts()).fillna(0).astype("int64")
    return here.assign(placements=counts)


def _states(
    rows: pd.DataFrame, stays: pd.DataFrame, day: pd.Timestamp, by: By
) -> pd.DataFrame:
    """One row for each child in each measure's base, and whether it is in the numerator."""
    often = _count_in_year(rows, day, by)
    often = often.assign(measure=MEASURES[0], answer=often["placements"] >= OFTEN)
    settled = _settled(rows, stays, day, by).assign(measure=MEASURES[1])
    return pd.concat([often, settled])[[*by, "measure", "answer"]].assign(as_at=iso(day))


def _settled(
    rows: pd.DataFrame, stays: pd.DataFrame, day: pd.Timestamp, by: By
) -> pd.DataFrame:
    """Children in the base of the longer-term measure, and whether they are settled."""
    here = on_date(rows, day, columns=[*by, "care", "dob", "period_start"])
    here = here.drop_duplicates("care", keep="last")
    young = completed_years(here["dob"], day).lt(SETTLED_UNDER).fillna(False).astype(bool)
    base = here[young & (here["period_start"] <= day - LOOKED_AFTER)]
    begun = stays[stays["decom"] <= day].drop_duplicates("care", keep="last")
    since = begun.set_index("care")["since"].reindex(base["care"])
    return base.assign(answer=(since <= day - WITH_CARER).to_numpy())


def _since(rows: pd.DataFrame) -> pd.DataFrame:
    """The first row of each stay, in order, and since when the child has been settled in it.

    An adoptive placement that is a stay of its own counts from the start of the one before.
    """
    stays = rows[rows["stay"].notna()].drop_duplicates("stay")[["care", "decom", "placement_group"]]
    previous = stays.groupby("care", sort=False)["decom"].shift()
    adoptive = (stays["placement_group"] == "adoption") & previous.notna()
    return stays.assign(since=stays["decom"].where(~adoptive, previous))
