"""Children who went missing, or were away without authorisation."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes.outcomes import MISSING_KINDS
from sufficiency_lib.metrics.answers import only_of_years_told, with_outcome
from sufficiency_lib.metrics.stock import Years, in_years, open_between, percentage, ratio, years_of
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_counts

KINDS = tuple(MISSING_KINDS.values())


def missing_from_care(
    episodes: pd.DataFrame,
    missing: pd.DataFrame,
    year_ends: Iterable[object],
    *,
    by: By = (),
) -> pd.DataFrame:
    """Children who were missing or away at least once in each year, and how often.

    episodes   the repaired history; short breaks are left out
    missing    child_id, missing (M or A), mis_start, return_year
    year_ends  the days that close the years
    returns    year_ending, five_outcome, measure (missing: whereabouts not known; away: known,
               and without authorisation), numerator (children with an incident), answered_no
               (the others), denominator (children looked after at any time in the year),
               rate_pct, incidents, incidents_average (for each child with one) and
               base_incidents (children); the years of one measure after those of the other

    An incident counts in the year in which it starts, and only for a child who was looked
    after in that year. A row of another kind, or without a start, is left out. A year of
    which the returns have no row at all is not available: the counts are NA, as a year
    without any incident cannot be told from a table that was not sent.

    Source: DfE, *Children looked after in England*, missing and away from placement without
    authorisation; practice in recording "away" differs between councils (DfE's caution).
    """
    years = years_of(year_ends)
    here = _looked_after(episodes, years, by)
    events = _incidents(missing, years).merge(
        here[[*by, "child_id", "year_ending"]], on=[*by, "child_id", "year_ending"])
    levels = {"measure": KINDS, "year_ending": list(years)}
    keys = [*by, *levels]
    frame = tally(events, levels, areas_of(episodes, by), name="numerator",
                  distinct="child_id")
    frame = with_counts(frame, here, [*by, "year_ending"], name="denominator")
    frame = with_counts(frame, events, keys, name="incidents")
    frame["answered_no"] = frame["denominator"] - frame["numerator"]
    frame["rate_pct"] = percentage(frame["numerator"], frame["denominator"])
    frame["incidents_average"] = ratio(frame["incidents"], frame["numerator"], 1, 1)
    frame["base_incidents"] = frame["numerator"]
    resting = ("numerator", "answered_no", "rate_pct", "incidents", "incidents_average",
               "base_incidents")
    frame = only_of_years_told(frame, missing, resting, by=by)
    order = [*by, "year_ending", "measure", "numerator", "answered_no", "denominator",
             "rate_pct", "incidents", "incidents_average", "base_incidents"]
    return with_outcome(frame[order])


def _looked_after(episodes: pd.DataFrame, years: Years, by: By) -> pd.DataFrame:
    """One row for each child looked after at any time in each year."""
    lasting = ~episodes["is_short_break"].astype(bool)
    rows = episodes.loc[lasting, [*by, "child_id", "decom", "dec"]]
    whose = rows[[*by, "child_id"]]
    parts = [
        whose[open_between(rows, first, last)].drop_duplicates().assign(year_ending=year)
        for year, (first, last) in years.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _incidents(missing: pd.DataFrame, years: Years) -> pd.DataFrame:
    kinds = missing["missing"].map(MISSING_KINDS)
    return in_years(missing.assign(measure=kinds)[kinds.notna()], "mis_start", years)
