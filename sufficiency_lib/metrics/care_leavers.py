"""How young people fare who have left care, from OC3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from sufficiency_lib.codes.grouping import grouped
from sufficiency_lib.codes.outcomes import (
    ACTIVE,
    ACTIVITY_LABELS,
    HOME_LABELS,
    IN_EDUCATION,
    IN_TOUCH,
    LEAVER_AGES,
    NOT_CARE_LEAVERS,
    activity,
    care_leaver_home,
    is_suitable,
)
from sufficiency_lib.metrics.ages import aged
from sufficiency_lib.metrics.answers import answered, only_of_years_told, with_outcome
from sufficiency_lib.metrics.stock import completed_years, iso, sorted_days
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_share

MEASURES = (
    "in_touch", "in_education", "in_education_employment_or_training", "suitable_accommodation",
)


def care_leavers(
    oc3: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Care leavers in touch, in education or work, and in a suitable home, in each year.

    oc3        child_id, dob, in_touch, activ, accom, return_year
    year_ends  the 31 Marches that close the years
    returns    year_ending, leaver_age (17_18, 19_21), five_outcome, measure, numerator
               (yes), answered_no, not_recorded, denominator (care leavers of that age),
               rate_pct (of the denominator, as DfE divides) and rate_of_known_pct (of those
               recorded)

    A care leaver's age is that on the birthday in the year. Those who died, or went back to
    parents for six months or more, are left out, and so are other ages and a blank date of
    birth. in_touch is YES; not wanting or needing contact is a no. in_education is F1, P1, F2
    and P2; the next measure adds apprenticeships, training and work (F3 to F5, P3 to P5).
    suitable_accommodation is an ACCOM code that ends in 1. Codes 0, blank or unknown are
    not_recorded; so is the suitability of a home abroad (G, H) or not known (R). Where
    nothing is recorded of anybody, yes and no are NA and the rates NaN; in a year of which
    OC3 has no row, so is every count.

    Source: DfE, *Children looked after in England*, care leavers aged 17 to 21; SSDA903
    guide, OC3.
    """
    days = sorted_days(year_ends)
    leavers = _leavers(oc3, days, by)
    touch = leavers["in_touch"].where(leavers["in_touch"].isin(list(IN_TOUCH)))
    answers = {
        "in_touch": _yes(touch.notna(), touch == "YES"),
        "in_education": _is_one_of(leavers["leaver_activity"], IN_EDUCATION),
        "in_education_employment_or_training": _is_one_of(leavers["leaver_activity"], ACTIVE),
        "suitable_accommodation": grouped(leavers["accom"], is_suitable).astype("boolean"),
    }
    keys = [*by, "year_ending", "leaver_age"]
    parts = [leavers[keys].assign(measure=m, answer=said) for m, said in answers.items()]
    levels = {"year_ending": [iso(day) for day in days], "leaver_age": LEAVER_AGES,
              "measure": MEASURES}
    frame = answered(pd.concat(parts), levels, areas_of(oc3, by))
    counts = ("numerator", "answered_no", "not_recorded", "denominator")
    return with_outcome(only_of_years_told(frame, oc3, counts, by=by))


def leavers_by_activity(
    oc3: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Care leavers by age and by what they do.

    oc3      as for `care_leavers`, who is counted too
    returns  year_ending, leaver_age, leaver_activity, young_people, share_pct (of all of that
             age, not recorded included)

    Source: DfE, *Children looked after in England*, care leavers' activity.
    """
    return _split(oc3, year_ends, {"leaver_activity": ACTIVITY_LABELS}, by)


def leavers_by_home(
    oc3: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Care leavers by age and by where they live.

    oc3      as for `care_leavers`, who is counted too
    returns  year_ending, leaver_age, leaver_home (DfE's accommodation codes in nine groups),
             young_people, share_pct (of all of that age, not recorded included)

    Source: DfE, *Children looked after in England*, care leavers' accommodation.
    """
    return _split(oc3, year_ends, {"leaver_home": HOME_LABELS}, by)


def _split(
    oc3: pd.DataFrame, year_ends: Iterable[object], levels: Mapping[str, Iterable[str]], by: By
) -> pd.DataFrame:
    """Care leavers of each year and age by what they do, or by where they live."""
    days = sorted_days(year_ends)
    whole = {"year_ending": [iso(day) for day in days], "leaver_age": LEAVER_AGES}
    frame = tally(_leavers(oc3, days, by), {**whole, **levels}, areas_of(oc3, by),
                  name="young_people")
    frame = with_share(frame, [*by, *whole], of="young_people")
    return only_of_years_told(frame, oc3, ["young_people"], by=by)


def _leavers(oc3: pd.DataFrame, days: list[pd.Timestamp], by: By) -> pd.DataFrame:
    """One row a care leaver and year, with age band, activity and home."""
    rows = oc3.drop_duplicates([*by, "child_id", "return_year"], keep="last")
    rows = rows[~rows["in_touch"].isin(list(NOT_CARE_LEAVERS))]
    parts = []
    for day in days:
        of_year = rows[rows["return_year"] == day.year]
        age = completed_years(of_year["dob"], day)
        for band, (youngest, oldest) in LEAVER_AGES.items():
            chosen = of_year[aged(age, youngest, oldest)]
            parts.append(chosen.assign(year_ending=iso(day), leaver_age=band))
    leavers = pd.concat(parts, ignore_index=True)
    return leavers.assign(
        leaver_activity=grouped(leavers["activ"], activity),
        leaver_home=grouped(leavers["accom"], care_leaver_home),
    )


def _is_one_of(values: pd.Series, chosen: Sequence[str]) -> pd.Series:
    return _yes(values != "not_recorded", values.isin(chosen))


def _yes(known: pd.Series, said: pd.Series) -> pd.Series:
    return said.astype("boolean").where(known)
