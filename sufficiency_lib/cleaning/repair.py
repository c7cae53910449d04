"""Many years' episode rows to one history a child: each rule small, each change tagged.

The rules are those of the London councils' shared SSDA903 pipeline, with the refinements
that real returns need:

| rule | when | what is done |
|---|---|---|
| unusable | no child, or no readable DECOM | the row is left out |
| 3 | the same child and DECOM again | the latest return's row stays |
| end_not_readable | DEC cannot be read or is before DECOM | DEC = earlier of next DECOM, 31 March |
| 1 | open, and a later episode exists | DEC = next DECOM, REC X1 |
| 1A | as 1, and the next one starts care (S) | DEC = earlier of 31 March, day before; REC E99 |
| 2 | open in an old return, never seen again | DEC = that year's 31 March, REC E99 |
| 4 | runs past the start of the next | DEC = next DECOM |
| 5 | ended X1, and the next starts later | DEC = next DECOM (not where the next is an S) |

Every rule takes a history (one row an episode, ordered by child and DECOM, with `tag`) and
gives it back; `tag` gathers the names of the rules that changed a row.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sufficiency_lib.codes import ENDED_UNSEEN
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.years import year_ends

RULES_TOLD: dict[str, tuple[str, str]] = {
    "end_not_readable": (
        "a readable DEC not before DECOM",
        "ended at the next start or that year's 31 March, whichever is first",
    ),
    "1": ("an end, as a later episode exists", "ended when the next episode starts, REC X1"),
    "1A": ("an end before the next start of care", "ended before the next episode, REC E99"),
    "2": ("the child in a later return, or an end", "ended at that year's 31 March, REC E99"),
    "4": ("an end no later than the next start", "ended when the next episode starts"),
    "5": ("no gap after REC X1", "ended when the next episode starts"),
}


@dataclass(frozen=True)
class Repaired:
    """What repair made.

    history   one row an episode, as read plus `tag`; ordered by CHILD and DECOM
    dropped   rows left out, with `tag` saying by which rule and the index they came with
    """

    history: pd.DataFrame
    dropped: pd.DataFrame


def repair(episodes: pd.DataFrame, log: FindingLog) -> Repaired:
    """One history a child from the episode rows of all returns.

    episodes  typed rows: CHILD, DECOM, DEC, RNE, REC, dec_unreadable, return_year,
              source_file, source_line and the rest of the table
    log       takes a finding for every row changed or left out

    Source: the London councils' shared pipeline. Unknown codes pass through untouched.
    """
    rows = episodes.assign(tag="")
    usable, unusable = drop_unusable(rows)
    log.add_rows(
        "bending", "unusable_row", unusable, column="DECOM",
        expected="a child and a start date", action="row left out",
    )
    usable = clear_reason_on_open(usable, log)
    kept, superseded = drop_superseded(usable)
    _tell_superseded(kept, superseded, log)
    history = in_order(kept)
    latest_year = int(history["return_year"].max()) if len(history) else 0
    history = end_unreadable(history)
    history = close_before_next(history)
    history = close_before_new_period(history)
    history = close_never_seen_again(history, latest_year)
    history = truncate_overlap(history)
    history = close_gap(history)
    _tell(history, log)
    unfollowed = (history["REC"] == "X1") & next_of(history, "DECOM").isna()
    log.add_rows(
        "bending", "nothing_follows_x1", history[unfollowed], column="REC",
        values=history.loc[unfollowed, "REC"], expected="another episode after REC X1",
        action="care taken to have ended; check that no row is missing",
    )
    return Repaired(history, pd.concat([unusable, superseded]))


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by child, start and end (open last), with a clean index."""
    return rows.sort_values(
        ["CHILD", "DECOM", "DEC", "return_year"], na_position="last", kind="stable"
    ).reset_index(drop=True)


def drop_unusable(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with a child and a start, and those without."""
    usable = rows["CHILD"].notna() & rows["DECOM"].notna()
    return rows[usable], rows[~usable].assign(tag="unusable")


def clear_reason_on_open(rows: pd.DataFrame, log: FindingLog) -> pd.DataFrame:
    """An open row has no reason for ending: one that is filled in is passed over.

    The row stays open: a reason without a date says nothing of when.
    """
    filled = rows["DEC"].isna() & ~rows["dec_unreadable"] & rows["REC"].notna()
    log.add_rows(
        "cosmetic", "reason_on_open_row", rows[filled], column="REC",
        values=rows.loc[filled, "REC"], expected="nothing while DEC is blank",
        action="read as open",
    )
    return rows.assign(REC=rows["REC"].where(~filled, None))


def drop_superseded(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rule 3: of the rows of one child with one DECOM, the latest return's stays.

    Within a return an ended row gives way to one that ends later, or is open.
    """
    # An end that cannot be read says less than one that can.
    order = rows.assign(readable=~rows["dec_unreadable"]).sort_values(
        ["return_year", "readable", "DEC", "source_file", "source_line"],
        na_position="last", kind="stable",
    )
    superseded = order.duplicated(["CHILD", "DECOM"], keep="last").reindex(rows.index)
    return rows[~superseded], rows[superseded].assign(tag="3")


#: What two rows of one episode should agree on.
_CONTENT = ("DEC", "LS", "PLACE", "PLACE_PROVIDER", "PL_POST")


def _tell_superseded(kept: pd.DataFrame, superseded: pd.DataFrame, log: FindingLog) -> None:
    """Rule 3's findings: cosmetic, but bending where rows of one return contradict each other."""
    told = {"column": "DECOM", "expected": "each episode once"}
    keys = ["CHILD", "DECOM", "return_year"]
    columns = [name for name in _CONTENT if name in kept]
    pairs = superseded[keys].merge(kept[[*keys, *columns]], on=keys, how="left", indicator=True)
    pairs.index = superseded.index
    # An episode without a night contradicts nothing: two moves can fall on one day.
    same_return = (pairs["_merge"] == "both") & (superseded["DEC"] != superseded["DECOM"])
    mine, its = superseded[columns].astype(object), pairs[columns].astype(object)
    differs = ((mine != its) & ~(mine.isna() & its.isna())).any(axis=1) & same_return
    log.add_rows(
        "cosmetic", "3", superseded[~differs], action="the latest return's row kept", **told
    )
    log.add_rows(
        "bending", "3_contradicted", superseded[differs],
        action="the row that ends last kept; check which is right", **told,
    )


def next_of(history: pd.DataFrame, column: str) -> pd.Series:
    """Each row's value of a column in the same child's next episode; missing for the last."""
    return history.groupby("CHILD", sort=False)[column].shift(-1)


def end_unreadable(history: pd.DataFrame) -> pd.DataFrame:
    """A DEC that cannot be right: the next DECOM or 31 March, whichever is first.

    The return said that it had ended, so it had by the 31 March that closes the return.
    """
    wrong = history["dec_unreadable"] | (history["DEC"] < history["DECOM"])
    closing = year_ends(history["return_year"])
    instead = pd.concat([closing, next_of(history, "DECOM")], axis=1).min(axis=1)
    instead = instead.where(instead >= history["DECOM"], history["DECOM"])
    ended = _change(history, wrong, "end_not_readable", dec=instead)
    return ended.assign(dec_unreadable=False)


def close_before_next(history: pd.DataFrame) -> pd.DataFrame:
    """Rule 1: an open row with a later episode that goes on with care ends when that starts."""
    following = next_of(history, "DECOM")
    when = history["DEC"].isna() & following.notna() & (next_of(history, "RNE") != "S")
    return _change(history, when, "1", dec=following, rec="X1")


def close_before_new_period(history: pd.DataFrame) -> pd.DataFrame:
    """Rule 1A: an open row before a new start of care ended sometime before it."""
    following = next_of(history, "DECOM")
    when = history["DEC"].isna() & following.notna() & (next_of(history, "RNE") == "S")
    day_before = following - pd.Timedelta(days=1)
    dec = pd.concat([year_ends(history["return_year"]), day_before], axis=1).min(axis=1)
    # An episode that starts after its return's own 31 March cannot end before it starts.
    dec = dec.where(dec >= history["DECOM"], history["DECOM"])
    return _change(history, when, "1A", dec=dec, rec=ENDED_UNSEEN)


def close_never_seen_again(history: pd.DataFrame, latest_year: int) -> pd.DataFrame:
    """Rule 2: open in an old return, and in no later one: care had ended by its 31 March."""
    when = (
        history["DEC"].isna()
        & next_of(history, "DECOM").isna()
        & (history["return_year"] < latest_year)
    )
    dec = year_ends(history["return_year"])
    dec = dec.where(dec >= history["DECOM"], history["DECOM"])
    return _change(history, when, "2", dec=dec, rec=ENDED_UNSEEN)


def truncate_overlap(history: pd.DataFrame) -> pd.DataFrame:
    """Rule 4: an episode ends no later than the next one starts."""
    following = next_of(history, "DECOM")
    return _change(history, history["DEC"] > following, "4", dec=following)


def close_gap(history: pd.DataFrame) -> pd.DataFrame:
    """Rule 5: after X1 the child stayed looked after, so there is no gap.

    Where the next episode starts care anew (S) the gap stands: the two rows contradict each
    other, and filling it would invent time in care.
    """
    following = next_of(history, "DECOM")
    when = (
        (history["REC"] == "X1")
        & (history["DEC"] < following)
        & (next_of(history, "RNE") != "S")
    )
    return _change(history, when, "5", dec=following)


def _change(
    history: pd.DataFrame,
    when: pd.Series,
    rule: str,
    *,
    dec: pd.Series,
    rec: str | None = None,
) -> pd.DataFrame:
    """Write a new DEC (and REC) where `when` holds, and add the rule to the tag."""
    when = when.fillna(False).astype(bool)
    changed = history.assign(
        DEC=history["DEC"].where(~when, dec.astype(history["DEC"].dtype)),
        tag=history["tag"].where(~when, history["tag"].str.cat([rule] * len(history), sep=" ")),
    )
    if rec is not None:
        changed["REC"] = history["REC"].where(~when, rec)
    return changed.assign(tag=changed["tag"].str.strip())


def _tell(history: pd.DataFrame, log: FindingLog) -> None:
    tags = history["tag"].str.split()
    for rule, (expected, action) in RULES_TOLD.items():
        touched = pd.Series([rule in names for names in tags], index=history.index, dtype=bool)
        log.add_rows(
            "bending", rule, history[touched], column="DEC", expected=expected, action=action
        )
