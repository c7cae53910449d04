"""The measures of outcomes under the five outcomes that they speak to."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.codes.outcomes import FIVE_OUTCOMES, LEAVER_AGES
from sufficiency_lib.metrics.stock import iso

COLUMNS = ("five_outcome", "measure", "year_ending", "numerator", "denominator", "rate_pct")

_OLDEST = list(LEAVER_AGES)[-1]


def five_outcomes(
    *,
    stability: pd.DataFrame,
    unplanned_endings: pd.DataFrame,
    missing_from_care: pd.DataFrame,
    health: pd.DataFrame,
    sdq_scores: pd.DataFrame,
    care_leavers: pd.DataFrame,
    adoption_within_12_months: pd.DataFrame,
) -> pd.DataFrame:
    """The latest figure of each measure, under the one of the five outcomes it speaks to.

    stability … adoption_within_12_months  the tables of those measures
    returns   COLUMNS, in the order of the five outcomes. Care leavers are those aged 19 to
              21; the share of strengths and difficulties scores that are a cause for concern
              is of those scored.

    Give the tables as the page shows them: a mark in one (c suppressed, z not applicable, x
    not available) stays, so that nothing is said here that the tables do not say.

    Source: guidance 4.7 (the five outcomes); HM Government, *Every Child Matters* (2004).
    """
    concern = sdq_scores.assign(measure="sdq_cause_for_concern").drop(columns="children")
    concern = concern.rename(columns={
        "cause_for_concern": "numerator", "scored": "denominator",
        "cause_for_concern_pct": "rate_pct"})
    settled = stability.rename(columns={"as_at": "year_ending"})
    leavers = care_leavers[care_leavers["leaver_age"] == _OLDEST]
    tables = [health, concern, settled, unplanned_endings, missing_from_care, leavers,
              adoption_within_12_months]
    rows = pd.concat([_latest(table) for table in tables], ignore_index=True)
    order = rows["five_outcome"].map(list(FIVE_OUTCOMES).index)
    return rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _latest(table: pd.DataFrame) -> pd.DataFrame:
    rows = table.assign(year_ending=table["year_ending"].map(iso))
    return rows.loc[rows["year_ending"] == rows["year_ending"].max(), list(COLUMNS)].astype(object)
