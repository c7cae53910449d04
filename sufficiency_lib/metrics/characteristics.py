"""Who is looked after on a day: ethnicity, legal status, need, UASC, disability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from sufficiency_lib.codes.grouping import grouped
from sufficiency_lib.metrics.stock import iso, sorted_days, stock_on_days, uasc_on
from sufficiency_lib.metrics.tally import By, areas_of, has_rows, tally, with_share


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
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, "ethnicity_code"])
    stock["ethnicity_group"] = grouped(stock["ethnicity_code"], ethnicity_group)
    return _table(stock, days, "ethnicity_group", ETHNICITY_GROUPS, areas_of(episodes, by))


def children_by_legal_status(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children looked after on each day by DfE's groups of legal status.

    episodes  the repaired history with legal_status: that of the episode open on the day
    returns   as_at, legal_status_group, children, share_pct (of all that day). A blank or
              unknown code is not_known. The groups of a day add up to the children looked after.

    Source: DfE, as `children_by_ethnicity`.
    """
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, "legal_status"])
    stock["legal_status_group"] = grouped(stock["legal_status"], legal_status_group)
    return _table(stock, days, "legal_status_group", LEGAL_STATUS_GROUPS, areas_of(episodes, by))


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
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, "care_period_id"])
    stock = stock.merge(needs, on=[*by, "care_period_id"], how="left")
    stock["category_of_need"] = grouped(stock["need_code"], need_group)
    return _table(stock, days, "category_of_need", NEEDS, areas_of(episodes, by))


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
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, "ever_uasc", "uasc_until"])
    is_uasc = uasc_on(stock, pd.to_datetime(stock["as_at"]))
    stock["uasc"] = is_uasc.map({True: "uasc", False: "not_uasc"}).astype(object)
    return _table(stock, days, "uasc", ("uasc", "not_uasc"), areas_of(episodes, by))


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
    days = [pd.Timestamp(as_at)]
    stock = stock_on_days(episodes, days, [*by, "child_id"])
    said = circumstances[[*by, "child_id", "is_disabled"]].drop_duplicates([*by, "child_id"])
    stock = stock.merge(said, on=[*by, "child_id"], how="left")
    words = {True: "disabled", False: "not_disabled"}
    known = stock["is_disabled"].astype("boolean").astype(object).map(words)
    stock["disability"] = known.astype(object).fillna("not_known")
    areas = areas_of(episodes, by)
    frame = _table(stock, days, "disability", (*words.values(), "not_known"), areas)
    return frame[has_rows(frame, circumstances, by)].reset_index(drop=True)


def _table(
    stock: pd.DataFrame,
    days: Sequence[pd.Timestamp],
    key: str,
    levels: Sequence[str],
    areas: pd.DataFrame,
) -> pd.DataFrame:
    """The stock of each day by one key: as_at, key, children, share_pct."""
    frame = tally(stock, {"as_at": [iso(day) for day in days], key: levels}, areas)
    return with_share(frame, [*areas.columns, "as_at"])
