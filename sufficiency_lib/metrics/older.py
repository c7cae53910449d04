"""Where young people aged 16 and over live: with families, in homes, or with support."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.metrics.ages import OLDEST, aged
from sufficiency_lib.metrics.pairs import PAIR, by_sector, cohort_of, with_share_of_total
from sufficiency_lib.metrics.stock import completed_years, iso, sorted_days, stock_on_days
from sufficiency_lib.metrics.tally import By, areas_of

OLDER_FROM = 16

#: The cohorts told apart; every other one is `elsewhere`.
TOLD_APART = (
    "kinship",
    "fostering_in_house",
    "fostering_ifa",
    "childrens_home",
    "supported_accommodation",
)


def sixteen_plus(
    episodes: pd.DataFrame, dates: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Children aged 16 and over on each day, by where they live and whose provision it is.

    episodes  the repaired history with dob (see `on_date`)
    returns   as_at, cohort (kinship, fostering_in_house, fostering_ifa, childrens_home,
              supported_accommodation, elsewhere, `total`), own_provision,
              public_provision, independent_provision, no_provider (as in
              `provision.placements_by_sector`), children, share_pct (of `total`). Age is in
              completed years on the day. One whose date of birth is not known is left out.

    A child recorded as looked after at 18 is here, as in DfE's band "16 years and over", so
    that the table agrees with the children by age.
    Source: DfE age groups, *Children looked after in England*, table A1.

    >>> history = pd.DataFrame({"child_id": ["a"], "placement_group": ["supported_accommodation"],
    ...     "provider": ["private"], "is_short_break": [False],
    ...     "dob": pd.to_datetime(["2008-03-31"]), "decom": pd.to_datetime(["2024-01-01"]),
    ...     "dec": pd.to_datetime([None])})
    >>> sixteen_plus(history, ["2024-03-31"])[
    ...     ["cohort", "children"]].to_numpy().tolist()
    [['supported_accommodation', 1], ['total', 1]]
    """
    days = sorted_days(dates)
    stock = stock_on_days(episodes, days, [*by, *PAIR, "child_id", "dob"])
    age = completed_years(stock["dob"], pd.to_datetime(stock["as_at"]))
    older = stock[aged(age, OLDER_FROM, OLDEST)]
    cohort = cohort_of(older)
    older = older.assign(cohort=cohort.where(cohort.isin(list(TOLD_APART)), "elsewhere"))
    frame = by_sector(older, "as_at", [iso(day) for day in days], areas_of(episodes, by),
                      name="children")
    return with_share_of_total(frame, [*by, "as_at"])
