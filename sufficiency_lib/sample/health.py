"""What OC2 says of children looked after for a year, near England's published shares."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from sufficiency_lib.sample.cohort import CarePeriod
from sufficiency_lib.sample.shares import among, spread

SDQ = NormalDist(13.7, 6.7)
SCORED_SHARE = 0.8
CHECKED_SHARE = 0.9
IMMUNISED_SHARE = 0.85
TEETH_SHARE = 0.78
ASSESSED_SHARE = 0.89
CONVICTED_SHARE = 0.025
"""Of those aged 10 and over."""
MISUSE_SHARE = 0.075
"""Of those aged 13 and over."""


def oc2(
    stays: list[CarePeriod],
    last: int,
    name: Callable[[int], tuple[str, str]],
    rng: np.random.Generator,
) -> list[list[str]]:
    """One row for each stay, in order; `name` gives a child's identifier and birth."""
    ages = [stay.age_on(last) for stay in stays]
    everyone = [True] * len(stays)
    under_5 = [age < 5 for age in ages]
    misuse = among([age >= 13 for age in ages], MISUSE_SHARE, rng)
    helped = among(misuse, 0.6, rng)
    score, reason = _scores(ages, rng)
    columns = [
        score,
        reason,
        _figures(among([age >= 10 for age in ages], CONVICTED_SHARE, rng)),
        _figures(among(under_5, CHECKED_SHARE, rng), under_5),
        *(
            _figures(among(everyone, share, rng))
            for share in (IMMUNISED_SHARE, TEETH_SHARE, ASSESSED_SHARE)
        ),
        _figures(misuse),
        _figures(helped, misuse),
        ["1" if m and not h else "" for m, h in zip(misuse, helped, strict=True)],
    ]
    answers = zip(*columns, strict=True)
    return [
        [*name(stay.child.number), *said] for stay, said in zip(stays, answers, strict=True)
    ]


def _figures(said: list[bool], asked: list[bool] | None = None) -> list[str]:
    """1 and 0; blank for those who are not asked."""
    figures = ["1" if yes else "0" for yes in said]
    if asked is None:
        return figures
    return [figure if one else "" for figure, one in zip(figures, asked, strict=True)]


def _scores(ages: list[float], rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Strengths and difficulties, and why there is no score."""
    asked = [4 <= age < 17 for age in ages]
    scored = among(asked, SCORED_SHARE, rng)
    drawn = iter(spread(sum(scored), rng).tolist())
    scores = [_score(next(drawn)) if yes else "" for yes in scored]
    refused = among([a and not s for a, s in zip(asked, scored, strict=True)], 0.5, rng)
    reasons = [
        "" if s else "SDQ1" if not a else "SDQ4" if r else "SDQ2"
        for a, s, r in zip(asked, scored, refused, strict=True)
    ]
    return scores, reasons


def _score(part: float) -> str:
    return str(round(min(40.0, max(0.0, SDQ.inv_cdf(min(max(part, 0.001), 0.999))))))
