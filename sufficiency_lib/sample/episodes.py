"""Spells and legal statuses woven into SSDA903 episodes.

A new episode begins whenever the placement, the carer or the legal status changes: S at the
start, L for the status alone, P or T for the placement (with or without the carer), B or U for
both on one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sufficiency_lib.sample.adoption import Decision
from sufficiency_lib.sample.calibration import FIRST_YEAR
from sufficiency_lib.sample.cells import FOSTERING, age_band
from sufficiency_lib.sample.cohort import CarePeriod, draw
from sufficiency_lib.sample.days import YEAR, birthday, year_end
from sufficiency_lib.sample.homes import NO_URN
from sufficiency_lib.sample.spells import HORIZON, Spell

MOVE_REASONS = (
    ("CARPL", 0.36), ("CREQB", 0.2), ("CREQO", 0.08), ("LAREQ", 0.11), ("CHILD", 0.11),
    ("OTHER", 0.07), ("STAND", 0.02), ("CLOSE", 0.02), ("ALLEG", 0.02), ("APPRR", 0.01),
)  # fmt: skip
CARE_ORDER_ODDS = (0.85, 0.8, 0.75, 0.5, 0.12)
"""How likely a care order is, by age band at the start."""
LEAVING_AT_18 = {
    "foster": (("E17", 0.7), ("E5", 0.14), ("E7", 0.06), ("E8", 0.1)),
    "supported": (("E5", 0.6), ("E6", 0.25), ("E8", 0.15)),
    "other": (("E5", 0.4), ("E7", 0.2), ("E8", 0.4)),
}
LEAVING_EARLIER = {
    "kinship": (("E47", 0.45), ("E41", 0.12), ("E4A", 0.3), ("E4B", 0.05), ("E13", 0.08)),
    "foster": (
        ("E4A", 0.56), ("E4B", 0.13), ("E13", 0.11), ("E48", 0.08), ("E45", 0.04), ("E46", 0.02),
        ("E8", 0.03), ("E3", 0.02), ("E2", 0.004),
    ),
    "parents": (("E4A", 1.0),),
    "adoption": (("E12", 0.62), ("E11", 0.38)),
    "custody": (("E14", 0.6), ("E9", 0.4)),
    "unaccompanied": (("E3", 0.4), ("E8", 0.2), ("E15", 0.3), ("E16", 0.1)),
    "other": (("E4A", 0.6), ("E4B", 0.2), ("E13", 0.1), ("E8", 0.1)),
}  # fmt: skip


@dataclass
class Episode:
    """One row of the episodes table, before it is written out for a return year."""

    child: int
    start: int
    new: str
    legal_status: str
    need: str
    place: str
    provider: str
    end: int | None
    reason_ended: str
    reason_changed: str
    home: int | None
    postcode: int | None
    postcode_fault: str
    urn: str


@dataclass(frozen=True)
class _Stay:
    """A stretch at one address under one place code."""

    start: int
    end: int | None
    place: str
    spell: Spell
    new_carer: bool
    away: bool = False


def weave(
    spells: list[Spell], decisions: dict[int, Decision], rng: np.random.Generator
) -> list[Episode]:
    """The episodes of every care period that were open on or after the first 1 April.

    `decisions` are those on adoption, by the identity of the care period.
    """
    episodes: list[Episode] = []
    for mine in _by_period(spells):
        episodes.extend(_period_episodes(mine, decisions.get(id(mine[0].period)), rng))
    first = year_end(FIRST_YEAR - 1) + 1
    return [e for e in episodes if e.end is None or e.end >= first]


def legal_timeline(
    spells: list[Spell], decision: Decision | None, rng: np.random.Generator
) -> list[tuple[int, str]]:
    """When each legal status of a care period began, the first on its first day."""
    period = spells[0].period
    custody = [s for s in spells if s.cell == "yoi"]
    statuses = _orders(period, spells, decision, rng)
    for spell in custody:
        before = [status for start, status in statuses if start <= spell.start][-1]
        statuses = [item for item in statuses if not _within(item[0], spell)]
        statuses.append((spell.start, "J1"))
        if spell.end is not None and spell.end < period.end:
            statuses.append((spell.end, before))
    return _only_changes(sorted(statuses))


def _by_period(spells: list[Spell]) -> Iterator[list[Spell]]:
    mine: list[Spell] = []
    for spell in spells:
        if mine and mine[-1].period is not spell.period:
            yield mine
            mine = []
        mine.append(spell)
    if mine:
        yield mine


def _within(when: int, spell: Spell) -> bool:
    return spell.start <= when and (spell.end is None or when <= spell.end)


def _orders(
    period: CarePeriod,
    spells: list[Spell],
    decision: Decision | None,
    rng: np.random.Generator,
) -> list[tuple[int, str]]:
    """Section 20, or the way to a care order; a placement order before an adoption."""
    start = period.start
    home = [s for s in spells if s.cell == "parents"]
    adoption = next((s for s in spells if s.cell == "adoption"), None)
    likely = CARE_ORDER_ODDS[age_band(period.age_on(start))]
    likely += 0.12 if period.end - start > 2 * YEAR else 0.0
    ordered = rng.random() < likely and period.end - start > 45
    if period.child.is_uasc or not (ordered or home or decision):
        return [(start, "V2")]
    first, interim = _way_in(start, rng)
    if home:
        interim = min(interim, home[0].start)
    full = interim + int(rng.integers(150, 330))
    statuses = [(interim, "C1"), (full, "C2")]
    by_consent = adoption is not None and adoption.places[0][1] in ("A3", "A4")
    if decision is not None and not by_consent:
        # A child cannot be placed with parents under a placement order.
        order = max(decision.ordered, *(s.end or start for s in home), start + 2)
        interim = min(interim, order - 1)
        statuses = [(interim, "C1"), (order, "E1")]
        statuses += [(full, "C2")] if interim < full < order else []
        if decision.reversed_on is not None:
            statuses.append((decision.reversed_on, "C2"))
    if interim > start:
        statuses.append((start, first))
    return sorted(item for item in statuses if item[0] < min(period.end, HORIZON + 1))


def _way_in(start: int, rng: np.random.Generator) -> tuple[str, int]:
    """The first status, and the day of the interim care order that follows it."""
    chance = rng.random()
    if chance < 0.12:
        return "L2" if chance < 0.08 else "L1", start + int(rng.integers(3, 9))
    if chance < 0.62:
        return "V2", start + int(rng.integers(5, 120))
    return "C1", start


def _only_changes(statuses: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """One status a day (the last given) and no status followed by itself."""
    kept: list[tuple[int, str]] = []
    for when, status in statuses:
        if kept and kept[-1][0] == when:
            kept.pop()
        if not kept or kept[-1][1] != status:
            kept.append((when, status))
    return kept


def _stays(spells: list[Spell]) -> Iterator[_Stay]:
    for spell in spells:
        cuts = {start: (place, False) for start, place in spell.places}
        for left, back, code in spell.away:
            usual = [place for start, place in spell.places if start <= left][-1]
            cuts[left] = (code, True)
            if back is not None:
                cuts[back] = (usual, False)
        was_away = False
        starts = sorted(cuts)
        for position, start in enumerate(starts):
            place, away = cuts[start]
            end = starts[position + 1] if position + 1 < len(starts) else spell.end
            first = position == 0 and not spell.same_carer_as_before
            yield _Stay(start, end, place, spell, first or away or was_away, away)
            was_away = away


def _period_episodes(
    spells: list[Spell], decision: Decision | None, rng: np.random.Generator
) -> Iterator[Episode]:
    stays = list(_stays(spells))
    statuses = legal_timeline(spells, decision, rng)
    stay_at = {stay.start: stay for stay in stays}
    status_at = dict(statuses)
    seen_from = stays[0].start
    starts = sorted({s for s in [*stay_at, *status_at] if s >= seen_from})
    stay = stays[0]
    status = [name for when, name in statuses if when <= seen_from][-1]
    for position, start in enumerate(starts):
        moved, changed = stay_at.get(start), status_at.get(start)
        stay, status = moved or stay, changed or status
        new = _reason_new(spells[0].period, start, moved, changed)
        following = starts[position + 1] if position + 1 < len(starts) else None
        end = following if following is not None else stays[-1].end
        next_stay = stay_at.get(following) if following is not None else None
        yield _episode(stay, status, start, end, new, following is None, next_stay, rng)


def _reason_new(period: CarePeriod, start: int, moved: _Stay | None, changed: str | None) -> str:
    if start == period.start:
        return "S"
    if moved is None:
        return "L"
    if changed is None:
        return "P" if moved.new_carer else "T"
    return "B" if moved.new_carer else "U"


def _episode(
    stay: _Stay,
    status: str,
    start: int,
    end: int | None,
    new: str,
    is_last: bool,
    next_stay: _Stay | None,
    rng: np.random.Generator,
) -> Episode:
    spell = stay.spell
    ended = ""
    if end is not None:
        ended = _reason_left(spell, end, rng) if is_last else "X1"
    regulated = not stay.away and stay.place not in ("H5", "P2")
    return Episode(
        child=spell.period.child.number,
        start=start,
        new=new,
        legal_status=status,
        need=spell.period.need,
        place=stay.place,
        provider="" if stay.away else spell.provider,
        end=end,
        reason_ended=ended,
        reason_changed=_reason_changed(stay, next_stay, rng) if next_stay else "",
        home=spell.period.child.home,
        postcode=spell.postcode,
        postcode_fault=spell.postcode_fault,
        urn=spell.urn if regulated else NO_URN,
    )


def _reason_changed(stay: _Stay, following: _Stay, rng: np.random.Generator) -> str:
    """Why the child moved; going to a temporary placement and coming back have no reason."""
    if stay.away or following.away:
        return ""
    if not following.new_carer:
        return "PLACE"
    if following.spell.cell in ("adoption", "parents"):
        return "CARPL"
    return str(draw(rng, MOVE_REASONS))


def _reason_left(spell: Spell, end: int, rng: np.random.Generator) -> str:
    fosters = spell.cell in FOSTERING
    if end >= birthday(spell.period.child.born, 18):
        supported = spell.cell.startswith("supported")
        kind = "foster" if fosters else "supported" if supported else "other"
        return str(draw(rng, LEAVING_AT_18[kind]))
    kind = "other"
    if not spell.period.is_last():
        return str(draw(rng, LEAVING_EARLIER["other"]))
    if spell.period.child.is_uasc:
        kind = "unaccompanied"
    elif spell.cell in ("yoi",):
        kind = "custody"
    elif spell.cell in LEAVING_EARLIER:
        kind = spell.cell
    elif fosters:
        kind = "foster"
    return str(draw(rng, LEAVING_EARLIER[kind]))
