"""Why placements end, and how many end other than as planned."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes.grouping import grouped
from sufficiency_lib.codes.outcomes import (
    MOVE_REASONS,
    PLANNED_REASONS,
    RETURNED_HOME,
    UNPLANNED_REASONS,
    move_reason,
)
from sufficiency_lib.metrics.answers import answered, with_outcome
from sufficiency_lib.metrics.stock import Years, in_years, years_of
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_counts, with_share

#: A new episode for one of these is a change of placement (DfE, SSDA903 guide).
CHANGE_OF_PLACEMENT_RNE = frozenset({"P", "T", "B", "U"})

ENDINGS = ("unplanned_moves", "unplanned_returns_home")


def moves_by_reason(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Changes of placement in each year, by the reason that was recorded.

    episodes   the repaired history with rec, rne and reason_place_change
    year_ends  the days that close the years
    returns    year_ending, move_reason (DfE's published reasons in their order, then
               not_recorded), moves, share_pct (of the moves in the year), base_moves (the
               children who made them)

    A change of placement is an episode that ends in the year with the child still looked
    after (X1), followed on by one that begins for a change of placement (P, T, B or U: T and
    U keep the carer, and are DfE's "change in the status of the placement only"). A temporary
    stay away and the return from it are no change, unless a reason was recorded. Short breaks
    are left out. A reason that is blank or no code is not_recorded, and in the base.

    Source: DfE, *Children looked after in England*, reason for placement change during the
    year; SSDA903 guide, validation rules 225 and 226.
    """
    years = years_of(year_ends)
    moves = _moves(episodes, years, by)
    levels = {"year_ending": list(years), "move_reason": MOVE_REASONS}
    keys = [*by, *levels]
    frame = tally(moves, levels, areas_of(episodes, by), name="moves")
    frame = with_share(frame, [*by, "year_ending"], of="moves")
    return with_counts(frame, moves, keys, name="base_moves", distinct="child_id")


def unplanned_endings(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Moves and returns home that were not planned, in each year.

    episodes   as for `moves_by_reason`
    returns    year_ending, five_outcome, measure, numerator, answered_no (planned),
               not_recorded, denominator, rate_pct (per 100 of the denominator),
               rate_of_known_pct, and base_ columns with the children behind each count; the
               years of one measure after those of the other:

      unplanned_moves  changes of placement because the carer asked for an end, the child did,
          an allegation or a concern about standards was raised, approval was removed, or the
          provision closed; of all changes of placement. A change of care plan, of status, a
          custody arrangement and an authority's request are planned; "other" and blank do
          not say, and are not_recorded.
      unplanned_returns_home  children who went home to parents or others with parental
          responsibility outside the care plan (E4B), of all who went home (E4A and E4B)

    Source: Ofsted's fostering data: an unplanned ending is one that the care plan did not
    foresee, in itself or in its time; the reading of DfE's codes is the suite's own.
    """
    years = years_of(year_ends)
    moves = _moves(episodes, years, by)
    moves = moves.assign(measure=ENDINGS[0], answer=_unplanned(moves["move_reason"]))
    home = _returns_home(episodes, years, by)
    answers = pd.concat([moves, home])[[*by, "year_ending", "measure", "child_id", "answer"]]
    levels = {"measure": ENDINGS, "year_ending": list(years)}
    frame = answered(answers, levels, areas_of(episodes, by))
    said = answers["answer"].astype("boolean")
    behind = {"numerator": said.fillna(False), "answered_no": ~said.fillna(True),
              "not_recorded": said.isna(), "denominator": said.isna() | said.notna()}
    for column, rows in behind.items():
        frame = with_counts(frame, answers[rows], [*by, *levels], name=f"base_{column}",
                            distinct="child_id")
    frame.insert(len(by), "year_ending", frame.pop("year_ending"))
    return with_outcome(frame)


def _unplanned(reasons: pd.Series) -> pd.Series:
    known = reasons.isin(UNPLANNED_REASONS | PLANNED_REASONS)
    return reasons.isin(UNPLANNED_REASONS).astype("boolean").where(known)


#: What tells a change of placement.
_COLUMNS = ("child_id", "care_period_id", "decom", "dec", "rne", "rec", "reason_place_change",
            "placement_group")


def _moves(episodes: pd.DataFrame, years: Years, by: By) -> pd.DataFrame:
    """The episodes that a change of placement ended, by the year of their end."""
    lasting = ~episodes["is_short_break"].astype(bool)
    rows = episodes.loc[lasting, [*by, *_COLUMNS]]
    rows = rows.sort_values([*by, "child_id", "decom"], kind="stable")
    following = rows[[*by, "child_id", "care_period_id"]].shift(-1)
    goes_on = (rows[following.columns] == following).all(axis=1)
    temporary = rows["placement_group"] == "temporary"
    kept_away = temporary | temporary.shift(-1, fill_value=False)
    changed = (rows["rec"] == "X1") & goes_on
    changed &= rows["rne"].shift(-1).isin(list(CHANGE_OF_PLACEMENT_RNE))
    moves = rows[changed]
    moves = moves.assign(move_reason=grouped(moves["reason_place_change"], move_reason))
    moves = moves[~kept_away[changed] | (moves["move_reason"] != "not_recorded")]
    return in_years(moves[[*by, "child_id", "dec", "move_reason"]], "dec", years)


def _returns_home(episodes: pd.DataFrame, years: Years, by: By) -> pd.DataFrame:
    home = ~episodes["is_short_break"].astype(bool) & episodes["rec"].isin(list(RETURNED_HOME))
    home = in_years(episodes.loc[home, [*by, "child_id", "dec", "rec"]], "dec", years)
    # A child who goes home twice in a year is counted once, by how the last time came about.
    home = home.sort_values("dec", kind="stable").drop_duplicates(
        [*by, "year_ending", "child_id"], keep="last")
    unplanned = home["rec"].map(RETURNED_HOME).eq("unplanned").astype("boolean")
    return home.assign(measure=ENDINGS[1], answer=unplanned)
