"""How soon children are adopted, as the adoption scorecards measure it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes.outcomes import (
    ADOPTED,
    COURT_AUTHORITY,
    FOSTER_CARER_ADOPTION_PLACES,
)
from sufficiency_lib.metrics.answers import with_outcome
from sufficiency_lib.metrics.stock import (
    NEW_LEGAL_STATUS_RNE,
    in_years,
    iso,
    open_between,
    percentage,
    period,
    ratio,
    sorted_days,
    year_start,
    years_of,
)
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_counts

MEASURES = ("a1", "a10", "a2")
WITHIN = pd.DateOffset(years=1)

#: A first episode for one of these tells when care began.
ENTERED_RNE = frozenset({"S"})


def adoption_timeliness(
    episodes: pd.DataFrame,
    ad1: pd.DataFrame,
    year_end: object,
    *,
    years: int = 3,
    by: By = (),
) -> pd.DataFrame:
    """The mean days that adopted children waited, over the years up to a day.

    episodes  the repaired history with rec, legal_status, place_code and placement_id
    ad1       child_id, date_match, foster_care
    year_end  the 31 March that closes the period
    years     how many years the period has; the scorecards take three, as few are adopted
    returns   period, five_outcome, measure, counted (children adopted in the period whose
              wait is known), not_recorded (those of whom it is not), days_mean (of those
              counted, whole days)

      a1   from the start of the period of care to moving in with the adoptive family: the
           start of the placement (A3 to A6) from which the child was adopted
      a10  the same, but for a child adopted by a foster carer (A3, A5 or FOSTER_CARE) to the
           day on which the child moved in with that carer
      a2   from court authority to place the child (the first episode under a placement or
           freeing order, E1 or D1) to the match with the adopters; 0 where the match is first

    A child who was not placed for adoption before the adoption order is counted in none. One
    whose care (a1, a10) or whose placement order (a2) began before the first return, so that
    its first row does not say when, is not counted there; nor in a2 one without such an order
    or a date of the match. Nobody counted: NaN.

    Source: DfE, *Adoption scorecards: methodology and guidance*, indicators A1, A2 and A10.
    """
    last = pd.Timestamp(year_end)
    first = year_start(last - pd.DateOffset(years=years - 1))
    adopted = _adopted(episodes, ad1, first, last, by)
    adopted = adopted.assign(period=period(first, last))
    levels = {"period": [period(first, last)], "measure": MEASURES}
    everyone = pd.concat([adopted.assign(measure=measure) for measure in MEASURES])
    everyone = everyone.assign(days=_waits(adopted))
    known = everyone[everyone["days"].notna()]
    areas = areas_of(episodes, by)
    frame = tally(known, levels, areas, name="counted")
    unknown = everyone[everyone["days"].isna()]
    frame = with_counts(frame, unknown, [*by, *levels], name="not_recorded")
    total = tally(known, levels, areas, name="days", weight="days")["days"]
    return with_outcome(frame.assign(days_mean=ratio(total, frame["counted"], 1, 0)))


def adoption_within_12_months(
    episodes: pd.DataFrame,
    placed_for_adoption: pd.DataFrame,
    ad1: pd.DataFrame,
    year_ends: Iterable[object],
    *,
    by: By = (),
) -> pd.DataFrame:
    """Children placed with adopters within 12 months of the decision that they should be.

    episodes             the repaired history
    placed_for_adoption  child_id, date_placed (of the decision), date_placed_ceased
    ad1                  child_id, date_int (of the same decision, for who was adopted)
    year_ends            the days by which the 12 months had passed
    returns              year_ending, decided (the year of the decisions, from/to),
                         five_outcome, measure, numerator, answered_no (later, or not at
                         all), denominator, rate_pct

    Counted are children whose first decision fell in the year before the one that ends on the
    day, so that everybody has had 12 months; in the numerator are those whose first placement
    for adoption (A3 to A6) after entering that period of care began by the same day a year
    after it. A child of whom it was decided within the 12 months, unplaced, that it should no
    longer be placed is left out, and so is one who was not looked after on the day of the
    decision. No decisions: the rate is NaN.

    Source: Department for Education (2010), *Sufficiency: statutory guidance*, Box 1; SSDA903
    guide, placed for adoption and AD1.
    """
    days = sorted_days(year_ends)
    decisions = _decisions(placed_for_adoption, ad1, by)
    placed = _placed_on(episodes, decisions, by)
    limit = placed["decided_on"] + WITHIN
    within = placed["placed_on"] <= limit
    reversed_first = (placed["ceased_on"] <= limit) & ~within
    counted = placed.assign(within=within)[~reversed_first]
    before = years_of(day - WITHIN for day in days)
    counted = in_years(counted, "decided_on", before).rename(columns={"year_ending": "decided"})
    frame = tally(counted[counted["within"]], {"decided": list(before)}, areas_of(episodes, by),
                  name="numerator")
    frame = with_counts(frame, counted, [*by, "decided"], name="denominator")
    frame.insert(len(by) + 2, "answered_no", frame["denominator"] - frame["numerator"])
    frame["rate_pct"] = percentage(frame["numerator"], frame["denominator"])
    ends = {iso(day - WITHIN): iso(day) for day in days}
    spans = {year: period(*span) for year, span in before.items()}
    frame.insert(len(by), "year_ending", frame["decided"].map(ends).astype(object))
    frame["decided"] = frame["decided"].map(spans).astype(object)
    frame.insert(len(by) + 2, "measure", "adoption_within_12_months")
    return with_outcome(frame)


#: What the waits of adopted children are read from, beside whose care it was.
_ADOPTION_COLUMNS = ("decom", "dec", "rne", "rec", "legal_status", "place_code", "placement_id",
                     "placement_group")


def _adopted(
    episodes: pd.DataFrame, ad1: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, by: By
) -> pd.DataFrame:
    """One row for each child adopted in the period, with the days its waits are between."""
    care = [*by, "child_id", "care_period_id"]
    rows = episodes.loc[~episodes["is_short_break"].astype(bool), [*care, *_ADOPTION_COLUMNS]]
    final = rows[rows["rec"].isin(list(ADOPTED)) & rows["dec"].between(first, last)]
    final = final.drop_duplicates([*by, "child_id"], keep="last")
    chosen = rows.merge(final[care], on=care)
    starts = _first(chosen, care, "entered", ENTERED_RNE)
    ordered = chosen[chosen["legal_status"].isin(list(COURT_AUTHORITY))]
    orders = _first(ordered, care, "ordered", NEW_LEGAL_STATUS_RNE)
    frame = final[[*care, "placement_id", "place_code"]].merge(starts, on=care, how="left")
    frame = frame.merge(orders, on=care, how="left")
    frame = frame.merge(_stays(chosen, care), on=[*care, "placement_id"], how="left")
    matches = ad1.drop_duplicates([*by, "child_id"], keep="last")
    return frame.merge(matches[[*by, "child_id", "date_match", "foster_care"]],
                       on=[*by, "child_id"], how="left")


def _first(
    rows: pd.DataFrame, care: list[str], name: str, reasons: frozenset[str]
) -> pd.DataFrame:
    """When each period's first row begins, if it begins for one of some reasons.

    Otherwise what is looked for was there before the first return, nobody knows since when.
    """
    first = rows.sort_values("decom", kind="stable").drop_duplicates(care)
    begun = first["decom"].where(first["rne"].isin(list(reasons)))
    return first[care].assign(**{name: begun})


def _stays(chosen: pd.DataFrame, care: list[str]) -> pd.DataFrame:
    """For each placement: its start, that of the one before, and since when it is adoptive."""
    keys = [*care, "placement_id"]
    stays = chosen.groupby(keys, observed=True)["decom"].min().rename("begun").reset_index()
    stays["begun_before"] = stays.groupby(care, observed=True)["begun"].shift()
    adoptive = chosen[chosen["placement_group"] == "adoption"]
    since = adoptive.groupby(keys, observed=True)["decom"].min().rename("moved_in")
    return stays.merge(since, on=keys, how="left")


def _waits(adopted: pd.DataFrame) -> pd.Series:
    """The days of each measure, one measure under the other, in the order of MEASURES."""
    by_carer = adopted["place_code"].isin(list(FOSTER_CARER_ADOPTION_PLACES))
    by_carer |= adopted["foster_care"].astype("boolean").fillna(False).astype(bool)
    # A carer who adopts is the carer of the same stay, or of the one before it.
    same_stay = adopted["begun"] < adopted["moved_in"]
    joined = adopted["begun"].where(same_stay, adopted["begun_before"])
    stopped = adopted["moved_in"].where(~by_carer | joined.isna(), joined)
    stopped = stopped.where(adopted["moved_in"].notna())
    matched = adopted["date_match"].where(adopted["moved_in"].notna())
    waits = (
        adopted["moved_in"] - adopted["entered"],
        stopped - adopted["entered"],
        (matched - adopted["ordered"]).clip(lower=pd.Timedelta(0)),
    )
    return pd.concat([wait.dt.days for wait in waits])


def _decisions(placed: pd.DataFrame, ad1: pd.DataFrame, by: By) -> pd.DataFrame:
    """The first decision that each child should be placed for adoption."""
    keys = [*by, "child_id"]
    told = placed[[*keys, "date_placed", "date_placed_ceased"]]
    told = told.rename(columns={"date_placed": "decided_on", "date_placed_ceased": "ceased_on"})
    adopted = ad1[[*keys, "date_int"]].rename(columns={"date_int": "decided_on"})
    every = pd.concat([told, adopted.assign(ceased_on=pd.NaT)], ignore_index=True)
    every = every.dropna(subset="decided_on").sort_values("decided_on", kind="stable")
    return every.drop_duplicates(keys)


def _placed_on(episodes: pd.DataFrame, decisions: pd.DataFrame, by: By) -> pd.DataFrame:
    """Each decision with the first placement for adoption of the period of care it was in.

    Those are left out that were of a child who was not looked after on the day.
    """
    keys = [*by, "child_id"]
    care = [*keys, "care_period_id"]
    rows = episodes.loc[episodes["placement_group"] == "adoption", [*care, "decom"]]
    first = rows.groupby(care, observed=True)["decom"].min().rename("placed_on").reset_index()
    joined = decisions.merge(episodes[[*care, "decom", "dec"]], on=keys)
    here = joined[open_between(joined, joined["decided_on"], joined["decided_on"])]
    here = here.sort_values("decom", kind="stable").drop_duplicates(keys, keep="last")
    return here.merge(first, on=care, how="left")
