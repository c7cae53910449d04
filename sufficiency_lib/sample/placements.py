"""Where each child lives, year end by year end and then day by day.

At every 31 March the children looked after are matched to the plan's mix: an assignment that
maximises how well ages and histories fit the cells, with random noise, so that the mix is
right by construction and no history is edited to make it so. Between year ends the paths are
filled in with changes of cell and of carer.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from sufficiency_lib.sample.calibration import FIRST_YEAR, LAST_YEAR, AuthorityPlan
from sufficiency_lib.sample.cells import CELLS, FOSTERING, age_band
from sufficiency_lib.sample.cohort import CarePeriod, pick
from sufficiency_lib.sample.days import YEAR, age_at, birthday, day, year_end
from sufficiency_lib.sample.shares import in_shares
from sufficiency_lib.sample.siblings import companions, reunite, shared_spells
from sufficiency_lib.sample.spells import HORIZON, Spell

IMPOSSIBLE = -400.0
SOONEST_ADOPTION = 300
"""Days in care before a child can be placed for adoption: the court decides first."""
USUAL_ADOPTION = 460
UASC_NEVER = ("parents", "adoption", "parent_child", "secure", "yoi", "school", "care_home")
AWAY_SHARE = 0.015
RESTLESSNESS = ((0.64, 0.6), (1.5, 0.32), (8.0, 0.08))
"""Most children settle; a few move again and again: a factor on moves, and its share."""
ALIKE = 25
"""In how many children, one after the other, the shares of restlessness are kept."""
MOST_MOVES_A_YEAR = 6.0
SUPPORTED_REGISTERED = day(2024, 4, 1)
INDEPENDENT_LIVING_ENDED = day(2023, 10, 28)


def place_children(
    plan: AuthorityPlan, periods: list[CarePeriod], rng: np.random.Generator
) -> list[Spell]:
    """Every spell of every care period, in order of care period and then of time."""
    beside = companions(periods, rng)
    anchors = _assign_year_ends(plan, periods, beside, rng)
    together = {*beside} | {i for i, other in enumerate(beside) if other is not None}
    found: dict[int, list[Spell]] = {}
    # A child placed with a brother or sister comes after that one.
    order = sorted(range(len(periods)), key=lambda i: (periods[i].start, i))
    for number, restless in zip(order, _restlessness(len(order), rng), strict=True):
        leader = beside[number]
        found[number] = _spells(
            plan, periods[number], anchors[number], found[leader] if leader is not None else [],
            restless, rng,
        )  # fmt: skip
        _give_codes(found[number], number not in together, rng)
    return [spell for number in range(len(periods)) for spell in found[number]]


def _restlessness(count: int, rng: np.random.Generator) -> list[float]:
    """A factor on moves for each child, mixed alike among those who come at about one time."""
    blocks = -(-count // ALIKE)
    return [f for _ in range(blocks) for f in in_shares(RESTLESSNESS, ALIKE, rng)][:count]


def _assign_year_ends(
    plan: AuthorityPlan,
    periods: list[CarePeriod],
    beside: list[int | None],
    rng: np.random.Generator,
) -> list[list[tuple[int, str]]]:
    """For every care period, the cell it is in at each 31 March it spans."""
    anchors: list[list[tuple[int, str]]] = [[] for _ in periods]
    for year in range(FIRST_YEAR - 1, LAST_YEAR + 1):
        when = year_end(year)
        mix = plan.mix(year)
        open_now = [i for i, period in enumerate(periods) if period.open_on(when)]
        names = sorted(mix)
        scores = np.array(
            [
                [_score(plan, periods[i], when, name, mix[name], anchors[i]) for name in names]
                for i in open_now
            ]
        )
        scores += rng.gumbel(size=scores.shape)
        slots = [column for column, name in enumerate(names) for _ in range(mix[name])]
        _, taken = linear_sum_assignment(scores[:, slots], maximize=True)
        cells = np.array(slots)[taken]
        reunite(cells, scores, names, open_now, beside)
        for number, column in zip(open_now, cells.tolist(), strict=True):
            anchors[number].append((when, names[column]))
    return anchors


def _score(
    plan: AuthorityPlan,
    period: CarePeriod,
    when: int,
    name: str,
    number: int,
    history: list[tuple[int, str]],
) -> float:
    """The log of how likely a child is to be in a cell on a day, up to a constant."""
    cell = CELLS[name]
    age = period.age_on(when)
    fit = cell.fit[age_band(age)]
    if age < cell.youngest or fit == 0 or number == 0:
        return IMPOSSIBLE
    if name == "temporary" and when - period.start < 30:
        return IMPOSSIBLE
    weight = np.log(fit * number)
    if period.child.is_uasc:
        if name in UASC_NEVER:
            return IMPOSSIBLE
        weight += np.log(plan.uasc_fit.get(name, 0.3))
    previous = history[-1][1] if history else ""
    if name == "adoption":
        return weight + _adoption_score(period, when, previous)
    if previous == "adoption":
        return IMPOSSIBLE / 2
    return weight + (np.log(cell.stick) if previous == name else 0.0)


def _adoption_score(period: CarePeriod, when: int, previous: str) -> float:
    """Placed for adoption: in care long enough for a court to decide, and soon to leave."""
    if previous == "adoption":
        return 100.0
    waited = when - period.start
    remaining = period.end - when
    if waited < SOONEST_ADOPTION or period.age_on(when) > 8 or not period.is_last():
        return IMPOSSIBLE
    soon = 4.0 if 20 < remaining < 420 else (1.0 if remaining < 600 else -3.0)
    return soon - 2.0 * max(0.0, waited / YEAR - 2.0)


def _spells(
    plan: AuthorityPlan,
    period: CarePeriod,
    anchors: list[tuple[int, str]],
    leader: list[Spell],
    restless: float,
    rng: np.random.Generator,
) -> list[Spell]:
    known = _without_temporary(plan, period, anchors, rng)
    shared = shared_spells(period, known, leader) if leader else []
    stop = min(period.end, HORIZON + 1)
    spells = shared
    if not shared or shared[-1].end != stop:
        spells = _joined(shared, _own_spells(plan, period, known, shared, restless, rng))
    if period.end > HORIZON:
        spells[-1].end = None
    _go_away(spells, anchors, rng)
    return spells


def _joined(shared: list[Spell], own: list[Spell]) -> list[Spell]:
    """Stays with a sibling, and then own ones, the first of which is with the same carer."""
    if not shared:
        return own
    shared[-1].end = own[0].end
    return [*shared, *own[1:]]


def _own_spells(
    plan: AuthorityPlan,
    period: CarePeriod,
    known: list[tuple[int, str]],
    shared: list[Spell],
    restless: float,
    rng: np.random.Generator,
) -> list[Spell]:
    """The stays that are the child's alone: all, or those after the ones with a sibling."""
    runs = _runs(plan, period, known, shared, rng)
    stop = min(period.end, HORIZON + 1)
    spells: list[Spell] = []
    for position, (start, name) in enumerate(runs):
        end = runs[position + 1][0] if position + 1 < len(runs) else stop
        starts = [start, *_moves(period, start, end, restless * CELLS[name].moves_a_year, rng)]
        for begin, finish in zip(starts, [*starts[1:], end], strict=True):
            spells.append(Spell(period, begin, finish, name))
    return spells


def _runs(
    plan: AuthorityPlan,
    period: CarePeriod,
    known: list[tuple[int, str]],
    shared: list[Spell],
    rng: np.random.Generator,
) -> list[tuple[int, str]]:
    """Unbroken stretches in one cell: when each begins, and the cell."""
    if shared:
        runs = [(shared[-1].stop(), shared[-1].cell)]
    else:
        runs = [_first_run(plan, period, known, rng)]
    seen = runs[0][0] if shared else 0
    for when, name in known:
        if when < seen:
            continue
        start, before = runs[-1]
        if name != before:
            runs.append((_change_day(period, max(start, seen), when, name, rng), name))
        seen = when
    start, before = runs[-1]
    seen = max(start, seen)
    if before != "adoption" and period.end <= HORIZON and period.end - seen > 40:
        runs.extend(_last_run(plan, period, seen, before, rng))
    return runs


def _first_run(
    plan: AuthorityPlan,
    period: CarePeriod,
    known: list[tuple[int, str]],
    rng: np.random.Generator,
) -> tuple[int, str]:
    before_returns = year_end(FIRST_YEAR - 1)
    if period.start <= before_returns:
        # Only the spell under way when the returns begin can be seen in them.
        name = known[0][1]
        longest = before_returns - period.start
        if name == "adoption":
            longest = min(max(longest - SOONEST_ADOPTION, 0), 300)
        settled = 10 + int(rng.exponential(0.8 / max(CELLS[name].moves_a_year, 0.1)) * YEAR)
        eldest = birthday(period.child.born, int(CELLS[name].youngest))
        return max(before_returns - min(settled, longest), eldest, period.start), name
    if known and known[0][1] != "adoption":
        same = known[0][0] == period.start or rng.random() < 0.72
        if same and period.age_on(period.start) >= CELLS[known[0][1]].youngest:
            return period.start, known[0][1]
    return period.start, _free_choice(plan, period, period.start, rng)


def _last_run(
    plan: AuthorityPlan, period: CarePeriod, seen: int, before: str, rng: np.random.Generator
) -> list[tuple[int, str]]:
    """A change after the last 31 March that a child who leaves was seen at."""
    waited = period.end - period.start
    adoptable = waited > SOONEST_ADOPTION + 120 and 0.6 < period.age_on(period.end) < 5
    adoptable = adoptable and period.is_last()
    if adoptable and before in FOSTERING and rng.random() < 0.3:
        earliest = max(seen + 1, period.start + SOONEST_ADOPTION)
        latest = period.end - 70
        if earliest < latest:
            return [(int(rng.integers(earliest, latest)), "adoption")]
    if rng.random() < 0.12:
        when = int(rng.integers(seen + 5, period.end - 10))
        return [(when, _free_choice(plan, period, when, rng))]
    return []


def _without_temporary(
    plan: AuthorityPlan,
    period: CarePeriod,
    anchors: list[tuple[int, str]],
    rng: np.random.Generator,
) -> list[tuple[int, str]]:
    """The year ends with the usual placement in place of a temporary one."""
    known: list[tuple[int, str]] = []
    for when, name in anchors:
        if name == "temporary":
            usual = [cell for _, cell in known if cell != "adoption"]
            name = usual[-1] if usual else _foster_choice(plan, rng)
        known.append((when, name))
    return known


def _foster_choice(plan: AuthorityPlan, rng: np.random.Generator) -> str:
    mix = plan.mix(LAST_YEAR)
    return FOSTERING[pick(rng, tuple(mix.get(name, 0) for name in FOSTERING))]


def _free_choice(
    plan: AuthorityPlan, period: CarePeriod, when: int, rng: np.random.Generator
) -> str:
    """A cell for a day that is not a year end, in proportion to the mix and the child's age."""
    mix = plan.mix(LAST_YEAR - 1)
    names = [name for name in sorted(mix) if name not in ("adoption", "temporary")]
    scores = [_score(plan, period, when, name, mix[name], []) for name in names]
    return names[pick(rng, tuple(float(np.exp(score)) for score in scores))]


def _change_day(
    period: CarePeriod, start: int, when: int, name: str, rng: np.random.Generator
) -> int:
    """The day of a move into a cell, after `start` and by `when`, old enough for it."""
    earliest = max(start + 1, birthday(period.child.born, int(CELLS[name].youngest)))
    if name == "adoption":
        waited = int(USUAL_ADOPTION * rng.lognormal(0, 0.25))
        earliest = max(earliest, min(period.start + waited, when - 1), when - 300)
    if name in ("unregistered", "secure", "health", "yoi"):
        earliest = max(earliest, when - 90)
    return int(rng.integers(min(earliest, when), when + 1))


def _moves(
    period: CarePeriod, start: int, end: int, moves_a_year: float, rng: np.random.Generator
) -> list[int]:
    """Days on which the carer changes but not the cell: more early on, and for teenagers."""
    days: list[int] = []
    when = start
    while moves_a_year:
        rate = moves_a_year * (6.0 if when - period.start < 150 else 1.0)
        rate *= 1.4 if age_at(period.child.born, when) >= 12 else 1.0
        rate = min(rate, MOST_MOVES_A_YEAR)
        when += max(5, int(rng.exponential(YEAR / rate)))
        if when >= end - 2:
            break
        days.append(when)
    return days


def _go_away(
    spells: list[Spell], anchors: list[tuple[int, str]], rng: np.random.Generator
) -> None:
    """Give spells their temporary placements: those seen at a year end, and a few others."""
    temporary = [when for when, name in anchors if name == "temporary"]
    for spell in spells:
        stop = spell.end if spell.end is not None else HORIZON + 1
        for when in temporary:
            if spell.start < when < stop:
                left = max(spell.start + 1, when - int(rng.integers(1, 6)))
                back: int | None = min(stop - 1, when + int(rng.integers(1, 8)))
                if back is not None and back <= when:
                    back = None if spell.end is None else when + 1
                spell.away.append((left, None if when == HORIZON else back, "T4"))
        quiet = stop - spell.start > 200 and not spell.away
        if quiet and spell.cell in FOSTERING and rng.random() < AWAY_SHARE:
            left = spell.start + int(rng.integers(30, stop - spell.start - 60))
            code = ("T1", "T2", "T3", "T4", "T0")[int(rng.integers(5))]
            nights = 5 if code == "T4" else int(rng.integers(4, 21))
            spell.away.append((left, left + nights, code))


def _give_codes(spells: list[Spell], alone: bool, rng: np.random.Generator) -> None:
    for position, spell in enumerate(spells):
        before = spells[position - 1] if position and alone else None
        spell.places = _place_codes(spell, before, rng)


def _place_codes(
    spell: Spell, before: Spell | None, rng: np.random.Generator
) -> list[tuple[int, str]]:
    stop = spell.end if spell.end is not None else HORIZON + 1
    period = spell.period
    if spell.cell == "adoption":
        return [(spell.start, _adoption_code(spell, before, rng))]
    if spell.cell in FOSTERING:
        return _foster_codes(spell, stop, rng)
    if spell.cell.startswith("supported"):
        return _supported_codes(spell, stop, period.age_on(spell.start), rng)
    return [(spell.start, CELLS[spell.cell].place)]


def _adoption_code(spell: Spell, before: Spell | None, rng: np.random.Generator) -> str:
    consent = rng.random() < 0.05
    fostered = before is not None and before.cell in ("foster_own", "foster_ifa")
    if before is not None and fostered and before.end == spell.start and rng.random() < 0.15:
        # A foster-to-adopt carer: the child stays and only the placement's status changes.
        before.places = [(before.start, "U5")]
        before.away = []
        spell.same_carer_as_before = True
        return "A3" if consent else "A5"
    return "A4" if consent else "A6"


def _foster_codes(spell: Spell, stop: int, rng: np.random.Generator) -> list[tuple[int, str]]:
    long_term, other = ("U1", "U3") if spell.cell == "kinship" else ("U4", "U6")
    matched = spell.start + int(rng.uniform(0.6, 2.2) * YEAR)
    inside_away = any(left <= matched <= (back or stop) for left, back, _ in spell.away)
    if matched >= stop or rng.random() < 0.3 or inside_away:
        return [(spell.start, other)]
    if spell.start - spell.period.start > 2 * YEAR and rng.random() < 0.5:
        return [(spell.start, long_term)]
    return [(spell.start, other), (matched, long_term)]


def _supported_codes(
    spell: Spell, stop: int, age: float, rng: np.random.Generator
) -> list[tuple[int, str]]:
    """P2 until 28 October 2023, H5 until 1 April 2024, K3 from then on."""
    if spell.start >= SUPPORTED_REGISTERED:
        return [(spell.start, "K3")]
    alone = age > 17 and spell.start < INDEPENDENT_LIVING_ENDED and rng.random() < 0.2
    codes = [(spell.start, "P2" if alone else "H5")]
    if alone and stop > INDEPENDENT_LIVING_ENDED:
        codes.append((INDEPENDENT_LIVING_ENDED, "H5"))
    if stop > SUPPORTED_REGISTERED:
        codes.append((SUPPORTED_REGISTERED, "K3"))
    return codes
