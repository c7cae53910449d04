"""Everything known of one authority's children, ready to be cut into yearly returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sufficiency_lib.sample.adoption import decide
from sufficiency_lib.sample.calibration import LAST_YEAR, AuthorityPlan
from sufficiency_lib.sample.cohort import CarePeriod, Child, Cohort
from sufficiency_lib.sample.days import YEAR, birthday, day
from sufficiency_lib.sample.episodes import Episode, weave
from sufficiency_lib.sample.geography import INWARD_LETTERS, Geography
from sufficiency_lib.sample.homes import Housing
from sufficiency_lib.sample.placements import place_children
from sufficiency_lib.sample.returns import Missing, Records, Worker
from sufficiency_lib.sample.shares import among
from sufficiency_lib.sample.spells import HORIZON, Home, Spell
from sufficiency_lib.sample.untidy import blur_ends

FIRST_DAY = day(2020, 4, 1)
SOCIAL_WORKERS_FROM = day(2023, 4, 1)
OPEN_SHORT_BREAKS = 3
MISSING_SHARE = 0.27
"""Of children in care at 12 and over, those who ever go missing."""
MISSING_TIMES_A_YEAR = 4.5
MOST_MISSING_TIMES = 40
CARE_LEAVERS_A_YEAR = 0.06
"""Young people who left care before the returns begin, for each age, per child looked after."""


@dataclass(frozen=True)
class Authority:
    """One synthetic authority: its plan, its records, and what the local inputs need."""

    plan: AuthorityPlan
    records: Records
    spells: list[Spell]
    homes: list[Home]
    agencies: list[tuple[str, str]]
    own_fostering_urn: str


def invent_authority(
    plan: AuthorityPlan, geography: Geography, rng: np.random.Generator
) -> Authority:
    """Draw an authority's children, placements and episodes."""
    cohort = Cohort(plan, geography, rng)
    periods = cohort.draw()
    spells = place_children(plan, periods, rng)
    housing = Housing(plan, geography, rng)
    housing.house(spells)
    decisions = decide(spells, rng)
    episodes = weave(spells, decisions, rng)
    blur_ends(episodes, rng)
    periods = [p for p in periods if p.end >= FIRST_DAY]
    breaks = _short_breaks(plan, geography, cohort.children, housing, rng)
    numbers = (100_000 + rng.permutation(800_000)[: len(cohort.children) + 500]).tolist()
    identifiers = [str(number) for number in numbers]
    records = Records(
        children=cohort.children,
        identifiers=identifiers,
        upns=[_upn(plan, child, position) for position, child in enumerate(cohort.children)],
        mothers=_mothers(periods, rng),
        periods=periods,
        episodes=episodes,
        short_breaks=breaks,
        permanence=_permanence(plan, periods, rng),
        decisions={decision.child: decision for decision in decisions.values()},
        missing=_missing(periods, rng),
        workers=_workers(periods, rng),
        care_leavers=_care_leavers(plan, identifiers[len(cohort.children) :], rng),
        postcode=_postcode_writer(geography),
    )
    return Authority(
        plan, records, spells, housing.homes, housing.agencies, housing.own_fostering_urn
    )


def _upn(plan: AuthorityPlan, child: Child, position: int) -> str:
    """A pupil number in the right shape, or the code for having none."""
    if child.is_uasc:
        return "UN2"
    if birthday(child.born, 5) > HORIZON:
        return "UN1"
    return f"A{plan.dfe_number}{position:09d}"


def _mothers(periods: list[CarePeriod], rng: np.random.Generator) -> dict[int, int]:
    mothers = {}
    for period in periods:
        old = period.age_on(min(period.end, HORIZON)) > 16.5
        if old and period.child.sex == "2" and not period.child.is_uasc and rng.random() < 0.05:
            mothers[period.child.number] = int(rng.integers(period.end - 200, period.end))
    return mothers


def _permanence(
    plan: AuthorityPlan, periods: list[CarePeriod], rng: np.random.Generator
) -> dict[int, tuple[str, str, int]]:
    """A few children came back after adoption (P1) or special guardianship (P2)."""
    before = {}
    for period in periods:
        years = period.age_on(period.start)
        if years > 3 and not period.child.is_uasc and rng.random() < 0.04:
            when = period.child.born + int(rng.uniform(1, years - 1) * YEAR)
            authority = "OUT" if rng.random() < 0.2 else str(plan.dfe_number)
            code = "P1" if rng.random() < 0.25 else "P2"
            before[period.child.number] = (code, authority, when)
    return before


def _missing(periods: list[CarePeriod], rng: np.random.Generator) -> list[Missing]:
    """Mostly teenagers, mostly a night or two, and mostly the same few children."""
    found = []
    spans = [
        (period, max(period.start, birthday(period.child.born, 12), FIRST_DAY))
        for period in sorted(periods, key=lambda p: p.start)
    ]
    teenagers = [min(period.end, HORIZON) - teenage >= 30 for period, teenage in spans]
    ever = among(teenagers, MISSING_SHARE, rng)
    for (period, teenage), goes in zip(spans, ever, strict=True):
        if not goes:
            continue
        stop = min(period.end, HORIZON)
        times_a_year = rng.lognormal(np.log(MISSING_TIMES_A_YEAR), 0.7)
        times = 1 + int(rng.poisson(times_a_year * (stop - teenage) / YEAR))
        times = min(MOST_MISSING_TIMES, times)
        starts = np.sort(rng.integers(teenage + 5, stop - 15, times)).tolist()
        for start, following in zip(starts, [*starts[1:], stop], strict=True):
            nights = min(1 + int(rng.exponential(1.5)), following - start - 1)
            if nights > 0:
                kind = "M" if rng.random() < 0.88 else "A"
                found.append(Missing(period.child.number, kind, start, start + nights))
    return found


def _workers(periods: list[CarePeriod], rng: np.random.Generator) -> list[Worker]:
    """One social worker after another, from the start of the care period."""
    found = []
    for period in periods:
        start = period.start
        stop: int | None = period.end if period.end <= HORIZON else None
        while True:
            worker = f"SW{int(rng.integers(100, 190)):06d}"
            end = start + 60 + int(rng.exponential(430))
            last = end >= (stop or HORIZON)
            reason = "OTHERS" if last else str(rng.choice(["LEFTRL", "ORGRST", "CHCHAN"]))
            ended = stop if last else end
            if ended is None or ended >= SOCIAL_WORKERS_FROM:
                found.append(Worker(period.child.number, worker, start, ended, reason))
            if last:
                break
            start = end
    return found


def _care_leavers(
    plan: AuthorityPlan, identifiers: list[str], rng: np.random.Generator
) -> list[tuple[str, int]]:
    each = round(CARE_LEAVERS_A_YEAR * sum(plan.mix(LAST_YEAR).values()))
    births = [
        day(year, 4, 1) + int(rng.integers(0, 365))
        for year in range(1999, 2002)
        for _ in range(each)
    ]
    return list(zip(identifiers, births, strict=False))


def _short_breaks(
    plan: AuthorityPlan,
    geography: Geography,
    children: list[Child],
    housing: Housing,
    rng: np.random.Generator,
) -> list[Episode]:
    """Disabled children with many short stays, each recorded on its own (V4)."""
    local = np.flatnonzero(geography.usable & (geography.authority == plan.code))
    house = housing.open_short_breaks_home(int(rng.choice(local)))
    episodes: list[Episode] = []
    for position in range(plan.short_break_children):
        born = HORIZON - int(rng.uniform(9, 17) * YEAR)
        home = int(rng.choice(local))
        sex = "1" if rng.random() < 0.65 else "2"
        child = Child(len(children), born, sex, "WBRI", -1 - position, home, False)
        children.append(child)
        residential = rng.random() < 0.5
        place, provider, urn, where = (
            ("K2", house.provider, house.urn, house.postcode)
            if residential
            else ("U6", "PR1", housing.own_fostering_urn, int(rng.choice(local)))
        )
        first = max(FIRST_DAY, birthday(born, 6)) + int(rng.integers(0, 400))
        for start, end in _breaks(first, position < OPEN_SHORT_BREAKS, rng):
            episodes.append(
                Episode(
                    child=child.number, start=start, new="S", legal_status="V4", need="N2",
                    place=place, provider=provider, end=end,
                    reason_ended="E8" if end is not None else "", reason_changed="",
                    home=home, postcode=where, postcode_fault="", urn=urn,
                )
            )  # fmt: skip
    return episodes


def _breaks(
    first: int, open_at_end: bool, rng: np.random.Generator
) -> list[tuple[int, int | None]]:
    """Weekends two to six weeks apart; one under way at the last 31 March if asked."""
    last_weekend = HORIZON - 3
    # 6 January 2020 was a Monday: four days on is a Friday.
    friday = first + (day(2020, 1, 10) - first) % 7
    weekends: list[tuple[int, int | None]] = []
    while friday < last_weekend - 7:
        weekends.append((friday, friday + int(rng.integers(2, 4))))
        friday += 7 * int(rng.integers(2, 7))
    if open_at_end:
        weekends.append((last_weekend, None))
    return weekends


def _postcode_writer(geography: Geography) -> Callable[[int | None, str], str]:
    """How a directory row is written: as it is, blank, or as a unit that does not exist."""

    def write(row: int | None, fault: str) -> str:
        if row is None or fault == "blank":
            return ""
        postcode = str(geography.postcode[row])
        if fault == "unknown":
            # No invented unit begins with 0, so this is well formed and in no directory.
            return f"{postcode.split()[0]} 0{INWARD_LETTERS[row % 20]}{INWARD_LETTERS[row % 7]}"
        return postcode

    return write
