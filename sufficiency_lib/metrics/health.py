"""The health of children looked after for a year or more, from OC2."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.codes.outcomes import MISUSE_HELP, SDQ_AGES, SDQ_BANDS
from sufficiency_lib.metrics.ages import OLDEST, aged
from sufficiency_lib.metrics.answers import answered, only_of_years_told, with_outcome
from sufficiency_lib.metrics.stock import (
    completed_years,
    iso,
    on_date,
    percentage,
    ratio,
    sorted_days,
    year_start,
)
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_counts, with_share

_EVERYONE = (0, OLDEST)

#: Measure → the ages asked. Each has the name of its column of OC2.
_AGES: dict[str, tuple[int, int]] = {
    "health_assessment": _EVERYONE,
    "teeth_check": _EVERYONE,
    "immunisations": _EVERYONE,
    "health_check": (0, 4),
    "substance_misuse": _EVERYONE,
    "convicted": (10, OLDEST),
}

MEASURES = tuple(_AGES)


def health(
    episodes: pd.DataFrame, oc2: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """What OC2 says of children looked after without a break for 12 months, in each year.

    episodes   the repaired history with care_period_id and dob; short breaks are left out
    oc2        child_id, return_year and OC2's columns, yes or no as booleans
    year_ends  the 31 Marches that close the years
    returns    year_ending, five_outcome, measure, numerator (yes), answered_no, not_recorded,
               denominator (everybody asked), rate_pct (of the denominator, as DfE divides),
               rate_of_known_pct (of those recorded)

    Asked are children looked after on the day whose period of care began by 1 April of the
    year: of all, health_assessment, teeth_check, immunisations and substance_misuse; of those
    under 5 health_check; of those aged 10 and over convicted (a youth caution counts). A child
    without a row, or with a blank, is not_recorded. A child without a date of birth is asked
    only what is asked of all. Where nothing is recorded of anybody, yes and no are NA and the
    rates NaN.

    Source: DfE, *Children looked after in England*, outcomes of children looked after for at
    least 12 months; SSDA903 guide, OC2.
    """
    days = sorted_days(year_ends)
    asked = _asked(episodes, oc2, days, by)
    parts = [_answers(asked, measure, by) for measure in MEASURES]
    levels = {"year_ending": [iso(day) for day in days], "measure": MEASURES}
    return with_outcome(answered(pd.concat(parts), levels, areas_of(episodes, by)))


def substance_misuse_help(
    episodes: pd.DataFrame, oc2: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """What help children had who misuse substances, of those looked after for 12 months.

    episodes, oc2, year_ends  as for `health`
    returns  year_ending, five_outcome, misuse_help (received; refused: offered and refused;
             neither; not_recorded), children, share_pct (of all of them, not recorded
             included). Nobody identified: NaN; no row of OC2 in the year: NA.

    Source: DfE, *Children looked after in England*, substance misuse; SSDA903 guide, OC2.
    """
    days = sorted_days(year_ends)
    asked = _asked(episodes, oc2, days, by)
    asked = asked[asked["substance_misuse"].astype("boolean").fillna(False).astype(bool)]
    received = asked["intervention_received"].astype("boolean")
    refused = asked["intervention_offered"].astype("boolean")
    silent = received.isna() & refused.isna()
    had = pd.Series("neither", index=asked.index, dtype=object).mask(silent, "not_recorded")
    had = had.mask(refused.fillna(False), "refused").mask(received.fillna(False), "received")
    levels = {"year_ending": [iso(day) for day in days], "misuse_help": MISUSE_HELP}
    frame = tally(asked.assign(misuse_help=had), levels, areas_of(episodes, by))
    frame = with_share(frame, [*by, "year_ending"])
    frame.insert(len(by) + 1, "five_outcome", "be_healthy")
    return only_of_years_told(frame, oc2, ["children", "share_pct"], by=by)


def sdq_scores(
    episodes: pd.DataFrame, oc2: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """The strengths and difficulties scores of children looked after for 12 months.

    episodes, oc2, year_ends  as for `health`
    returns  year_ending, five_outcome, children (aged 4 to 16, looked after for 12 months),
             scored (with a score), scored_pct (of children), normal (0 to 13), borderline (14
             to 16), cause_for_concern (17 to 40), cause_for_concern_pct and score_mean (of
             those scored, one decimal)

    A child without a score is in children and nowhere else. Nobody scored: NaN; no row of
    OC2 in the year: NA.

    Source: DfE, *Children looked after in England*, emotional and behavioural health; bands
    of the total difficulties score by Goodman, R. (1997), Journal of Child Psychology and
    Psychiatry 38.
    """
    days = sorted_days(year_ends)
    asked = _asked(episodes, oc2, days, by)
    asked = asked[aged(asked["age"], *SDQ_AGES)]
    scored = asked[asked["sdq_score"].notna()]
    keys = [*by, "year_ending"]
    frame = tally(asked, {"year_ending": [iso(day) for day in days]}, areas_of(episodes, by))
    frame.insert(len(keys), "five_outcome", "be_healthy")
    frame = with_counts(frame, scored, keys, name="scored")
    for band, (least, most) in SDQ_BANDS.items():
        rows = scored[scored["sdq_score"].between(least, most)]
        frame = with_counts(frame, rows, keys, name=band)
    frame.insert(len(keys) + 3, "scored_pct", percentage(frame["scored"], frame["children"]))
    concern = percentage(frame["cause_for_concern"], frame["scored"])
    total = with_counts(frame[keys], scored, keys, name="total", weight="sdq_score")["total"]
    mean = ratio(total, frame["scored"], 1, 1)
    frame = frame.assign(cause_for_concern_pct=concern, score_mean=mean)
    return only_of_years_told(frame, oc2, ["scored", "scored_pct", *SDQ_BANDS], by=by)


def _asked(
    episodes: pd.DataFrame, oc2: pd.DataFrame, days: list[pd.Timestamp], by: By
) -> pd.DataFrame:
    """One row for each child of each year's base, with its age and its row of OC2."""
    lasting = ~episodes["is_short_break"].astype(bool)
    kept = [*by, "child_id", "care_period_id", "decom", "dec", "dob", "is_short_break"]
    rows = episodes.loc[lasting, kept]
    periods = rows.groupby([*by, "care_period_id"], sort=False, observed=True)
    rows = rows.assign(since=periods["decom"].transform("min"))
    keys = [*by, "child_id"]
    said = oc2.drop(columns="dob", errors="ignore")
    said = said.drop_duplicates([*keys, "return_year"], keep="last")
    parts = []
    for day in days:
        here = on_date(rows, day)
        here = here[here["since"] <= year_start(day)].drop_duplicates(keys)
        part = here[keys].assign(year_ending=iso(day), age=completed_years(here["dob"], day))
        parts.append(part.merge(said[said["return_year"] == day.year], on=keys, how="left"))
    return pd.concat(parts, ignore_index=True)


def _answers(asked: pd.DataFrame, measure: str, by: By) -> pd.DataFrame:
    youngest, oldest = _AGES[measure]
    chosen = aged(asked["age"], youngest, oldest)
    chosen |= (youngest, oldest) == _EVERYONE
    rows = asked.loc[chosen, [*by, "year_ending"]]
    return rows.assign(measure=measure, answer=asked.loc[chosen, measure].astype("boolean"))
