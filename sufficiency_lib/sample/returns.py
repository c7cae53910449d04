"""The SSDA903 tables of one return year, written as a council would submit them.

A return holds what was known at its own 31 March: an episode still open then has no end in
that year's file and has one in the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from sufficiency_lib.sample.adoption import Decision
from sufficiency_lib.sample.cohort import CarePeriod, Child
from sufficiency_lib.sample.days import age_at, birthday, uk_date, year_end
from sufficiency_lib.sample.episodes import Episode
from sufficiency_lib.sample.health import oc2
from sufficiency_lib.sample.leavers import answers

SW_FIRST_YEAR = 2024
COLUMNS = {
    "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
    "episodes": "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE "
    "HOME_POST PL_POST URN",
    "uasc": "CHILD SEX DOB DUC",
    "reviews": "CHILD DOB REVIEW REVIEW_CODE",
    "oc2": "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
    "HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    "oc3": "CHILD DOB IN_TOUCH ACTIV ACCOM",
    "ad1": "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    "placed_for_adoption": "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    "previous_permanence": "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
    "missing": "CHILD DOB MISSING MIS_START MIS_END",
    "social_worker": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
}

Row = list[str]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Missing:
    """A time a child was missing or away without leave."""

    child: int
    kind: str
    start: int
    end: int | None


@dataclass(frozen=True)
class Worker:
    """A social worker's time with a child."""

    child: int
    worker: str
    start: int
    end: int | None
    reason: str


@dataclass
class Records:
    """All there is to know of one authority, from which each year's return is cut."""

    children: list[Child]
    identifiers: list[str]
    upns: list[str]
    mothers: dict[int, int]
    """Children who are mothers, and when the baby was born."""
    periods: list[CarePeriod]
    episodes: list[Episode]
    short_breaks: list[Episode]
    permanence: dict[int, tuple[str, str, int]]
    """Children who left care before by a permanence order: code, authority, date."""
    decisions: dict[int, Decision]
    """Children of whom it was decided that they should be placed for adoption."""
    missing: list[Missing]
    workers: list[Worker]
    care_leavers: list[tuple[str, int]]
    """Identifier and birth of young people who left care before the first return."""
    postcode: Callable[[int | None, str], str]

    def name(self, child: int) -> tuple[str, str]:
        """The first two columns of most tables: identifier and date of birth."""
        return self.identifiers[child], uk_date(self.children[child].born)


def return_tables(
    records: Records, year: int, omitted: frozenset[int], seed: np.random.SeedSequence
) -> Tables:
    """The eleven tables of one return; social workers only from 2023-24.

    `omitted` are the children this return should hold and does not, with all their rows.
    """
    rng = np.random.default_rng(seed)
    first, last = year_end(year - 1) + 1, year_end(year)
    episodes = [
        episode
        for episode in [*records.episodes, *records.short_breaks]
        if _overlaps(episode.start, episode.end, first, last) and episode.child not in omitted
    ]
    names = records.identifiers
    episodes = sorted(
        (_as_known(e, last) for e in episodes), key=lambda e: (names[e.child], e.start)
    )
    here = sorted({e.child for e in episodes}, key=lambda child: names[child])
    stays = [
        period
        for period in records.periods
        if _overlaps(period.start, period.end, first, last) and period.child.number not in omitted
    ]
    tables = {
        "header": [_header(records, child, last) for child in here],
        "episodes": [_episode(records, episode) for episode in episodes],
        "uasc": [_uasc(records, c, last) for c in here if records.children[c].is_uasc],
        "reviews": _reviews(records, stays, first, last, rng),
        "oc2": oc2([stay for stay in stays if _a_year_on(stay, last)], last, records.name, rng),
        "oc3": _oc3(records, omitted, first, last, rng),
        "ad1": _ad1(records, episodes, rng),
        "placed_for_adoption": list(_decisions(records, here, first, last)),
        "previous_permanence": [_permanence(records, child) for child in here],
        "missing": _missing(records, set(here), first, last),
    }
    if year >= SW_FIRST_YEAR:
        tables["social_worker"] = _workers(records, set(here), first, last)
    return tables


def _overlaps(start: int, end: int | None, first: int, last: int) -> bool:
    return start <= last and (end is None or end >= first)


def _as_known(episode: Episode, last: int) -> Episode:
    if episode.end is None or episode.end <= last:
        return episode
    return replace(episode, end=None, reason_ended="", reason_changed="")


def _header(records: Records, child: int, last: int) -> Row:
    who = records.children[child]
    baby = records.mothers.get(child)
    mother = ["1", uk_date(baby)] if baby is not None and baby <= last else ["", ""]
    name, born = records.name(child)
    return [name, who.sex, born, who.ethnicity, records.upns[child], *mother]


def _episode(records: Records, e: Episode) -> Row:
    return [
        records.identifiers[e.child], uk_date(e.start), e.new, e.legal_status, e.need, e.place,
        e.provider, uk_date(e.end), e.reason_ended, e.reason_changed,
        records.postcode(e.home, ""), records.postcode(e.postcode, e.postcode_fault), e.urn,
    ]  # fmt: skip


def _uasc(records: Records, child: int, last: int) -> Row:
    who = records.children[child]
    name, born = records.name(child)
    adult = birthday(who.born, 18)
    return [name, who.sex, born, uk_date(adult) if adult <= last else ""]


def _reviews(
    records: Records, stays: Iterable[CarePeriod], first: int, last: int, rng: np.random.Generator
) -> list[Row]:
    """A review within 20 working days, another within three months, then every six months."""
    rows = []
    for stay in stays:
        when, gap = stay.start + 26, 88
        while when <= min(last, stay.end):
            if when >= first and rng.random() < 0.96:
                young = stay.age_on(when) < 4
                code = "PN0" if young else str(rng.choice(["PN1", "PN3", "PN5", "PN7"]))
                rows.append([*records.name(stay.child.number), uk_date(when), code])
            when, gap = when + gap, 178
    return rows


def _a_year_on(stay: CarePeriod, last: int) -> bool:
    return stay.open_on(last) and last - stay.start >= 365


def _oc3(
    records: Records, omitted: frozenset[int], first: int, last: int, rng: np.random.Generator
) -> list[Row]:
    """Care leavers whose 17th to 21st birthday fell in the year."""
    left = [
        (records.identifiers[period.child.number], period.child.born)
        for period in records.periods
        if period.end <= last
        and age_at(period.child.born, period.end) > 16.25
        and period.end - period.start > 91
        and period.child.number not in omitted
    ]
    everyone = sorted(set(left) | set(records.care_leavers))
    reached = [
        next((a for a in range(17, 22) if first <= birthday(born, a) <= last), None)
        for _, born in everyone
    ]
    asked = [(who, age) for who, age in zip(everyone, reached, strict=True) if age is not None]
    said = answers([age for _, age in asked], rng)
    return [
        [name, uk_date(born), *row] for ((name, born), _), row in zip(asked, said, strict=True)
    ]


def _ad1(records: Records, episodes: Iterable[Episode], rng: np.random.Generator) -> list[Row]:
    rows = []
    for episode in episodes:
        if episode.reason_ended not in ("E11", "E12"):
            continue
        fosterer = episode.place in ("A3", "A5")
        pair = rng.random() < 0.85
        sexes = ["MF", "MF", "MF", "MF", "FF", "MM"] if pair else ["F1", "F1", "F1", "M1"]
        statuses = ["L11", "L11", "L11", "L2", "L3"] if pair else ["L0"]
        matched = _moved_in(records, episode) - int(rng.integers(7, 32))
        rows.append(
            [
                *records.name(episode.child),
                uk_date(records.decisions[episode.child].decided), uk_date(matched),
                "1" if fosterer else "0", "2" if pair else "1",
                str(rng.choice(sexes)), str(rng.choice(statuses)),
            ]
        )  # fmt: skip
    return rows


def _moved_in(records: Records, last: Episode) -> int:
    """When the placement began that ended in adoption."""
    return min(
        episode.start
        for episode in records.episodes
        if episode.child == last.child and episode.place.startswith("A")
    )


def _decisions(records: Records, here: list[int], first: int, last: int) -> Iterator[Row]:
    """Children here with a decision that they should be placed for adoption, in force in the year.

    DATE_PLACED is the day of the decision, long before the child moves in.
    """
    for child in here:
        decision = records.decisions.get(child)
        if decision is None or not _overlaps(decision.decided, decision.reversed_on, first, last):
            continue
        told = decision.reversed_on is not None and decision.reversed_on <= last
        yield [
            *records.name(child), uk_date(decision.decided),
            uk_date(decision.reversed_on if told else None),
            decision.reason_reversed if told else "",
        ]  # fmt: skip


def _permanence(records: Records, child: int) -> Row:
    code, authority, when = records.permanence.get(child, ("Z1", "", None))
    return [*records.name(child), code, authority, uk_date(when)]


def _missing(records: Records, here: set[int], first: int, last: int) -> list[Row]:
    return [
        [
            *records.name(item.child), item.kind, uk_date(item.start),
            uk_date(item.end if item.end is not None and item.end <= last else None),
        ]
        for item in records.missing
        if item.child in here and _overlaps(item.start, item.end, first, last)
    ]  # fmt: skip


def _workers(records: Records, here: set[int], first: int, last: int) -> list[Row]:
    rows = []
    for item in records.workers:
        if item.child in here and _overlaps(item.start, item.end, first, last):
            ended = item.end is not None and item.end <= last
            rows.append(
                [
                    *records.name(item.child), item.worker, uk_date(item.start),
                    uk_date(item.end if ended else None), item.reason if ended else "",
                ]
            )  # fmt: skip
    return rows
