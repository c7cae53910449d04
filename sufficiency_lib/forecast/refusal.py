"""Whether a history is enough to forecast from: refusals, warnings, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import poisson

from sufficiency_lib.cleaning.periods import care_periods
from sufficiency_lib.codes import ENDED_UNSEEN, return_year_of
from sufficiency_lib.forecast.states import known_by
from sufficiency_lib.metrics.ages import ADULT
from sufficiency_lib.metrics.duration import DAYS_A_MONTH
from sufficiency_lib.metrics.stock import on_date

#: A year to learn from and a year to check against: less can be neither.
FEWEST_MONTHS = 24
#: Long stays are followed by then, and three years tell drift from a single odd year.
ENOUGH_MONTHS = 36
#: The error by chance of a rate from 30 events is 18% (1 / √30), as much as rates drift in
#: years: less tells next to nothing. From 100 it is 10%.
FEWEST_EVENTS, ENOUGH_EVENTS = 30, 100
#: A year with fewer than half of the usual starts, so few that chance gives it once in a
#: thousand years, is a broken return before it is a quiet year.
_USUAL_SHARE, _CHANCE = 0.5, 0.001
#: A share of children that would shift what is said of the others' ages or exits; and how many
#: of them are more than an odd slip in a small authority.
_MANY, _A_PATTERN = 0.1, 3
_YEAR = pd.DateOffset(years=1)


@dataclass(frozen=True)
class Doubt:
    """Something that is wrong with a history: in a sentence, without any child's count.

    refuses  whether no forecast is made; otherwise it is a warning beside one
    text     what is missing, and what would be needed
    """

    refuses: bool
    text: str


def worth(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    first: object,
    return_years: Sequence[int] | None = None,
) -> list[Doubt]:
    """What stands against a forecast from this history; nothing where it is sound.

    episodes      the repaired history
    as_at, first  the day of the forecast and the first day of the first return
    return_years  the years whose returns were read, to find one that is missing between

    The sentences hold no count below those of this module, so they may be published.
    """
    day, begin = pd.Timestamp(as_at), pd.Timestamp(first)
    known = known_by(episodes, day)
    if on_date(known, day).empty:
        return [Doubt(True, f"Nobody is looked after on {day:%d/%m/%Y}; a forecast needs "
                            "children to start from. Check the date and the latest return.")]
    periods = care_periods(known)
    doubts = [
        *_of_length(begin, day),
        *_of_gaps(return_years, day),
        *_of_events(periods, begin, day),
        *_of_years(periods, begin, day),
        *_of_ages(known),
    ]
    return sorted(doubts, key=lambda doubt: not doubt.refuses)


def refused(doubts: Iterable[Doubt]) -> bool:
    """Whether any of the doubts forbids a forecast.

    >>> refused([Doubt(False, "Three years are few.")])
    False
    """
    return any(doubt.refuses for doubt in doubts)


def _of_length(first: pd.Timestamp, as_at: pd.Timestamp) -> list[Doubt]:
    months = round((as_at - first).days / DAYS_A_MONTH)
    if months < FEWEST_MONTHS:
        return [Doubt(True, f"The returns cover fewer than {FEWEST_MONTHS} months up to "
                            f"{as_at:%d/%m/%Y}; a forecast needs as many: a year to learn "
                            "from and a year to check it against. Add the earlier returns.")]
    if months < ENOUGH_MONTHS:
        return [Doubt(False, f"The returns cover {months} months: long stays are hardly seen, "
                             "and an odd year weighs heavily. With "
                             f"{ENOUGH_MONTHS} months or more the forecast is safer.")]
    return []


def _of_gaps(return_years: Sequence[int] | None, as_at: pd.Timestamp) -> list[Doubt]:
    years = [year for year in return_years or () if year <= return_year_of(as_at.year, as_at.month)]
    missing = sorted(set(range(min(years), max(years))) - set(years)) if years else []
    return [
        Doubt(True, f"The return for the year to 31 March {year} is missing: who came and left "
                    "within it is not known. Add it, or forecast from the returns after it.")
        for year in missing
    ]


def _of_events(
    periods: pd.DataFrame, first: pd.Timestamp, as_at: pd.Timestamp
) -> list[Doubt]:
    adult = periods["dob"] + pd.DateOffset(years=ADULT)
    counts = {
        "starts": int(periods["start"].between(first, as_at).sum()),
        "ends of care before 18": int((periods["end"].between(first, as_at)
                                       & ~(periods["end"] >= adult)).sum()),
    }
    doubts = []
    for what, many in counts.items():
        if many < FEWEST_EVENTS:
            doubts.append(Doubt(True, f"Fewer than {FEWEST_EVENTS} {what} are in the returns: a "
                                      "rate from so few is mostly chance. Add earlier returns, "
                                      "or forecast together with neighbours."))
        elif many < ENOUGH_EVENTS:
            doubts.append(Doubt(False, f"Fewer than {ENOUGH_EVENTS} {what} are in the returns: "
                                       "expect wide intervals, and none by placement to rely on."))
    return doubts


def _of_years(
    periods: pd.DataFrame, first: pd.Timestamp, as_at: pd.Timestamp
) -> list[Doubt]:
    """Years with too few starts, or with too many children whom no later return has."""
    whole = int((as_at - first).days // 365)
    ends = pd.date_range(end=as_at, periods=whole, freq=_YEAR)
    years = [(end - _YEAR + pd.Timedelta(days=1), end) for end in ends]
    starts = np.array([periods["start"].between(*year).sum() for year in years])
    doubts = []
    for at, (_, end) in enumerate(years):
        usual = np.median(np.delete(starts, at)) if len(starts) > 1 else 0
        if starts[at] < _USUAL_SHARE * usual and poisson.cdf(starts[at], usual) < _CHANCE:
            # A year of next to none is no return at all.
            none = starts[at] < usual / 10
            few = "next to no starts" if none else "fewer than half of other years' starts"
            doubts.append(Doubt(bool(none), f"The year to {end:%d/%m/%Y} has {few}: part of its "
                                "return seems to be missing. Check that all of it was read."))
        ended = periods[periods["end"].between(*years[at])]
        unseen = (ended["rec"] == ENDED_UNSEEN).sum() if "rec" in ended else 0
        if unseen >= _A_PATTERN and unseen > _MANY * len(ended):
            doubts.append(Doubt(False, f"Of those who left in the year to {end:%d/%m/%Y} many are "
                                       "only missing from the next return, and when they left is "
                                       "not known. Check that the next return is complete."))
    return doubts


def _of_ages(known: pd.DataFrame) -> list[Doubt]:
    blank = known.drop_duplicates("child_id")["dob"].isna()
    if blank.all():
        return [Doubt(True, "No child has a date of birth; a forecast needs ages. Add the "
                            "headers of the returns.")]
    if blank.mean() > _MANY:
        return [Doubt(False, "More than one child in ten has no date of birth; the ages of the "
                             "others stand in for theirs. Add the missing headers.")]
    return []
