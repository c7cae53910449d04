"""Who is looked after on a day: ethnicity, legal status, need, UASC, disability."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from sufficiency_lib.cleaning.periods import care_periods
from sufficiency_lib.codes.children import (
    ETHNICITY_GROUPS,
    LEGAL_STATUS_GROUPS,
    NEEDS,
    ethnicity_group,
    legal_status_group,
    need_group,
)
from sufficiency_lib.metrics.stock import iso, on_date, percentage, sorted_days, uasc_on
from sufficiency_lib.metrics.tally import By, areas_of, tally, total_within

_STAY = ("decom", "dec", "is_short_break")


def children_by_ethnicity(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on each day by DfE's main ethnic groups.

    episodes  the repaired history with ethnicity_code
    returns   as_at, ethnicity_group, children, share_pct (of all that day). Refused, not yet
              obtained, blank and unknown codes are together in `refused`, as DfE has them. The
              groups of a day add up to the children looked after.

    Source: DfE, *Children looked after in England*, children on 31 March by characteristics.

    >>> history = pd.DataFrame({"ethnicity_code": ["WBRI", "MWBC", None, "WIRI"],
    ...     "decom": pd.to_datetime(["2024-05-01"] * 4), "dec": pd.to_datetime([None] * 4),
    ...     "is_short_break": [False] * 4})
    >>> children_by_ethnicity(history, ["2025-03-31"])["children"].tolist()
    [2, 1, 0, 0, 0, 1]
    """
    slim = episodes[[*by, "ethnicity_code", *_STAY]]
    grouped = slim.assign(ethnicity_group=_mapped(slim["ethnicity_code"], ethnicity_group))
    return _on_days(grouped, dates, "ethnicity_group", ETHNICITY_GROUPS, by)


def children_by_legal_status(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on each day by DfE's groups of legal status.

    episodes  the repaired history with legal_status: that of the episode open on the day
    returns   as_at, legal_status_group, children, share_pct (of all that day). A blank or
              unknown code is not_known. The groups of a day add up to the children looked after.

    Source: DfE, as `children_by_ethnicity`.
    """
    slim = episodes[[*by, "legal_status", *_STAY]]
    grouped = slim.assign(legal_status_group=_mapped(slim["legal_status"], legal_status_group))
    return _on_days(grouped, dates, "legal_status_group", LEGAL_STATUS_GROUPS, by)


def children_by_need(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on each day by category of need.

    episodes  the repaired history with need_code and care_period_id
    returns   as_at, category_of_need (N1 to N8, not_known), children, share_pct (of all that
              day). The need is the one recorded when the child started to be looked after, as
              DfE has it: the first that the period of care has. The rows of a day add up.

    Source: DfE, as `children_by_ethnicity`, footnote on category of need.
    """
    needs = care_periods(episodes, by=by)[[*by, "care_period_id", "need_code"]]
    slim = episodes[[*by, "care_period_id", *_STAY]]
    slim = slim.merge(needs, on=[*by, "care_period_id"], how="left")
    grouped = slim.assign(category_of_need=_mapped(slim["need_code"], need_group))
    return _on_days(grouped, dates, "category_of_need", NEEDS, by)


def children_by_uasc(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Unaccompanied asylum-seeking children looked after on each day, and the others.

    episodes  the repaired history with ever_uasc and uasc_until
    returns   as_at, uasc (uasc, not_uasc), children, share_pct (of all that day). A child is one
              until the date in the UASC table (DUC): on that day no more. One in no UASC table
              is not_uasc. The two rows of a day add up to the children looked after.

    Source: DfE, as `children_by_ethnicity`.
    """
    slim = episodes[[*by, "ever_uasc", "uasc_until", *_STAY]]
    return _on_days(slim, dates, "uasc", ("uasc", "not_uasc"), by, said=_said_uasc)


def _said_uasc(stock: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return uasc_on(stock, day).map({True: "uasc", False: "not_uasc"}).astype(object)


def children_by_disability(
    episodes: pd.DataFrame, circumstances: pd.DataFrame, as_at: object, *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on a day by whether the council records a disability.

    episodes       the repaired history
    circumstances  child_id, is_disabled (blank: not recorded), one row a child
    returns        as_at, disability (disabled, not_disabled, not_known), children, share_pct (of
                   all that day). A child without a row, or with a blank, is not_known and stays
                   in the base. Without any circumstances there are no rows: the return does not
                   say who is disabled (category of need N2 is not the same).

    Source: Equality Act 2010, section 6, as the council records it; guidance (2010), 2.1.
    """
    slim = episodes[[*by, "child_id", *_STAY]]
    said = circumstances[[*by, "child_id", "is_disabled"]].drop_duplicates([*by, "child_id"])
    slim = slim.merge(said, on=[*by, "child_id"], how="left")
    words = {True: "disabled", False: "not_disabled"}
    known = slim["is_disabled"].astype("boolean").astype(object).map(words)
    slim = slim.assign(disability=known.astype(object).where(known.notna(), "not_known"))
    frame = _on_days(slim, [as_at], "disability", (*words.values(), "not_known"), by)
    return frame[_has_rows(frame, circumstances, by)].reset_index(drop=True)


def _has_rows(frame: pd.DataFrame, given: pd.DataFrame, by: By) -> pd.Series:
    """Whether each row's area has any rows in a table that may be missing."""
    if not by:
        return pd.Series(len(given) > 0, index=frame.index)
    areas = pd.MultiIndex.from_frame(given[list(by)].drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(frame[list(by)]).isin(areas), index=frame.index)


def _mapped(codes: pd.Series, group: Callable[[str | None], str]) -> pd.Series:
    """Each code's group, worked out once a code."""
    known = {code: group(code) for code in codes.dropna().unique()}
    return codes.astype(object).map(known).astype(object).fillna(group(None))


def _on_days(
    episodes: pd.DataFrame,
    dates: Iterable[object],
    key: str,
    levels: Sequence[str],
    by: By,
    *,
    said: Callable[[pd.DataFrame, pd.Timestamp], pd.Series] | None = None,
) -> pd.DataFrame:
    """The stock of each day by one key: as_at, key, children, share_pct.

    said  (stock, day) → the key, where it depends on the day
    """
    days = sorted_days(dates)
    parts = []
    for day in days:
        stock = on_date(episodes, day)
        value = stock[key] if said is None else said(stock, day)
        parts.append(stock[[*by]].assign(as_at=iso(day), **{key: value}))
    rows = pd.concat(parts) if parts else episodes[[*by]].assign(as_at="", **{key: ""})[:0]
    levels_of_key = {"as_at": [iso(day) for day in days], key: levels}
    frame = tally(rows, levels_of_key, areas_of(episodes, by))
    whole = total_within(frame, "children", [*by, "as_at"])
    return frame.assign(share_pct=percentage(frame["children"], whole))
