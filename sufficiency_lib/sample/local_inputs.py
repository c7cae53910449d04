"""The local inputs beside the returns: supply register, carers, ledger, referrals, population."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from sufficiency_lib.codes import placement_group
from sufficiency_lib.sample.calibration import PlannedTarget
from sufficiency_lib.sample.cells import FOSTERING
from sufficiency_lib.sample.cohort import draw
from sufficiency_lib.sample.days import day, iso_date
from sufficiency_lib.sample.forecast_plans import FORECAST_PARTS
from sufficiency_lib.sample.geography import Geography
from sufficiency_lib.sample.records import Authority
from sufficiency_lib.sample.spells import HORIZON, Home, Spell

COLUMNS = {
    "provision": "urn provider_name provision_type sector ofsted_grade places vacancies postcode "
    "as_at",
    "carers": "household_id carer_type approved_date left_date places_approved children_placed "
    "postcode",
    "ledger": "child_id start_date end_date place_code provider_code contract cost_gbp_per_week",
    "referrals": "referral_id child_id referral_date placement_group_sought placement_group_made "
    "offers refusals placed_date outcome",
    "population": "mid_year age_group children",
    "circumstances": "child_id sibling_group_id is_disabled",
    "edge_of_care": "as_at edge_group children",
}

Row = list[str]
REFERRALS_FROM = day(2022, 4, 1)
LEDGER_FROM = day(2020, 4, 1)
WORDS = (
    "Quillwort", "Larkmoss", "Tansy Hill", "Brindlebeck", "Copperleaf", "Marlpit", "Oddfellow",
    "Thistledown", "Wrenfield", "Saltern", "Yarrowgate", "Pebblecombe", "Dunnock", "Fernhollow",
    "Gorsewater", "Heronmere", "Kestrel Row", "Lanternwick", "Mothwing", "Nettlestone",
)  # fmt: skip
PROVISION = {
    "home_own": ("childrens_home", "House"),
    "home_ext": ("childrens_home", "House"),
    "secure": ("secure", "Secure Centre"),
    "supported_own": ("supported_accommodation", "Lodgings"),
    "supported_ext": ("supported_accommodation", "Lodgings"),
    "school": ("residential_school", "School"),
}
SECTORS = {"PR1": "own", "PR2": "other_public", "PR3": "other_public", "PR4": "private",
           "PR5": "voluntary"}  # fmt: skip
GRADES = (
    ("Outstanding", 0.17), ("Good", 0.62), ("Requires improvement to be good", 0.12),
    ("Inadequate", 0.02), ("Not yet inspected", 0.07),
)  # fmt: skip
CONTRACTS = {
    "foster_ifa": (("framework", 0.78), ("spot", 0.22)),
    "home_ext": (("framework", 0.5), ("spot", 0.35), ("block", 0.15)),
    "supported_ext": (("framework", 0.6), ("spot", 0.25), ("block", 0.15)),
}
SPOT = (("spot", 1.0),)
IN_HOUSE = (("in_house", 1.0),)
CARER_TYPES = (("general", 0.9), ("specialist", 0.1))
FOSTERING_WEEK = {"in_house": 550, "framework": 780, "spot": 920}
"""Pounds a week, as Herefordshire printed them for 2018/19."""
WEEK = {
    "kinship": 320, "foster_other": 850, "home_own": 3900, "home_ext": 4050, "secure": 7200,
    "supported_own": 450, "supported_ext": 1150, "school": 3100, "care_home": 2600,
    "parent_child": 3600, "unregistered": 7500,
}  # fmt: skip
EDGE_OF_CARE = (("Children in need", 333), ("Child protection plan", 41))
AGE_SHARES = (("0", 0.045), ("1-4", 0.2), ("5-9", 0.275), ("10-15", 0.355), ("16-17", 0.125))


def local_tables(
    authority: Authority, geography: Geography, rng: np.random.Generator
) -> dict[str, list[Row]]:
    """The rows of the local input files, in the order of `COLUMNS`."""
    return {
        "provision": list(_provision(authority, geography, rng)),
        "carers": list(_carers(authority, geography, rng)),
        "ledger": list(_ledger(authority, rng)),
        "referrals": list(_referrals(authority, rng)),
        "population": list(_population(authority)),
        "circumstances": list(_circumstances(authority, rng)),
        "edge_of_care": list(_edge_of_care(authority)),
    }


def profile_text(authority: Authority) -> str:
    """profile.toml: who the authority is, its rule, targets, neighbours and plans."""
    plan = authority.plan
    targets = "".join(_target_text(target) for target in plan.targets)
    codes = ", ".join(f'"{code}"' for code in plan.neighbours)
    return f"""\
# Written with the synthetic sample. The children, homes and costs beside it do not exist.
[authority]
code = "{plan.code}"
name = "{plan.name}"
synthetic = true

[locality]
rule = "{plan.rule}"
centre_name = "{plan.centre_name}"
centre_easting = {plan.centre[0]}
centre_northing = {plan.centre[1]}
border_miles = 10

[disclosure]
threshold = 5
round_to = 1
{targets}
[neighbours]
# Statistical neighbours, nearest first (Department for Education, 2025).
codes = [{codes}]
{FORECAST_PARTS[plan.code]}"""


def _target_text(target: PlannedTarget) -> str:
    """A part [[targets]] of profile.toml: what is blank is left out."""
    lines = ["", "[[targets]]"]
    for name, value in asdict(target).items():
        if value not in ("", None):
            # Dates and numbers stand bare in TOML.
            bare = name in ("value", "by", "baseline", "baseline_on")
            lines.append(f"{name} = {value}" if bare else f'{name} = "{value}"')
    return "\n".join(lines) + "\n"


def _provision(
    authority: Authority, geography: Geography, rng: np.random.Generator
) -> Iterator[Row]:
    as_at = iso_date(HORIZON)
    local = np.flatnonzero(geography.usable & (geography.authority == authority.plan.code))
    for urn, name, sector, homes in _agencies(authority):
        ours = sum(home.capacity for home in homes)
        # An independent agency's carers look after other authorities' children too.
        places = ours if sector == "own" else 4 + round(ours * rng.uniform(1.5, 3))
        free = places - sum(_children_in(home) for home in homes)
        where = str(geography.postcode[int(rng.choice(local))])
        vacancies = min(free, round(places * rng.uniform(0.08, 0.16)))
        grade = draw(rng, GRADES)
        yield [
            urn, name, "fostering_agency", sector, grade, str(places), str(vacancies), where, as_at
        ]  # fmt: skip
    for number, home in enumerate(h for h in authority.homes if h.cell in PROVISION):
        kind, noun = PROVISION[home.cell]
        if kind == "supported_accommodation" and not _used_since_registration(home):
            continue
        # Homes in the market take other authorities' children too.
        others = 0 if home.provider == "PR1" else int(rng.integers(0, 3))
        places = home.capacity + others
        vacancies = min(home.capacity - _children_in(home), int(rng.random() < 0.35))
        name = f"{WORDS[number % len(WORDS)]} {noun} {number // len(WORDS) + 1} (invented)"
        yield [
            home.urn, name, kind, SECTORS[home.provider], draw(rng, GRADES), str(places),
            str(vacancies), str(geography.postcode[home.postcode]), as_at,
        ]  # fmt: skip


def _agencies(authority: Authority) -> Iterator[tuple[str, str, str, list[Home]]]:
    """The authority's own fostering service, then the independent agencies, and their homes."""
    own = _active_households(authority)
    name = f"{authority.plan.name} fostering service (synthetic)"
    yield authority.own_fostering_urn, name, "own", own
    shift = authority.plan.dfe_number % len(WORDS)
    words = [*WORDS[shift:], *WORDS[:shift]]
    for word, (provider, urn) in zip(words, authority.agencies, strict=False):
        homes = [home for home in authority.homes if home.urn == urn and _children_in(home)]
        yield urn, f"{word} Fostering (invented)", SECTORS[provider], homes


def _children_in(home: Home) -> int:
    return sum(start <= HORIZON < end for start, end in home.stays)


def _used_since_registration(home: Home) -> bool:
    return any(end > day(2024, 4, 1) for _, end in home.stays)


def _carers(
    authority: Authority, geography: Geography, rng: np.random.Generator
) -> Iterator[Row]:
    """In-house households approved at some time in the years of the returns."""
    kin = [home for home in authority.homes if home.cell == "kinship"]
    general = [home for home in authority.homes if home.cell == "foster_own"]
    active = {home.number for home in _active_households(authority)}
    for number, home in enumerate([*general, *kin], start=1):
        placed = _children_in(home)
        first = min(start for start, _ in home.stays)
        last = max(end for _, end in home.stays)
        left = None if placed or home.number in active else _left(home, last, rng)
        if left is not None and left < LEDGER_FROM:
            continue
        kind = "kinship" if home.cell == "kinship" else draw(rng, CARER_TYPES)
        yield [
            f"H{number:04d}", kind, iso_date(first - int(rng.integers(20, 400))), iso_date(left),
            str(home.capacity), str(placed), str(geography.postcode[home.postcode]),
        ]  # fmt: skip


def _left(home: Home, last: int, rng: np.random.Generator) -> int:
    """When a household stopped: when it closed, but not while a child was there."""
    if home.closes <= HORIZON:
        return max(home.closes, last)
    return last + int(rng.uniform(0, min(400, HORIZON - last)))


def _active_households(authority: Authority) -> list[Home]:
    """Households with a child, and as many waiting as make the plan's children a household."""
    general = [home for home in authority.homes if home.cell == "foster_own"]
    busy = [home for home in general if _children_in(home)]
    children = sum(_children_in(home) for home in busy)
    waiting = max(0, round(children / authority.plan.children_per_household) - len(busy))
    idle = [home for home in general if not _children_in(home) and home.closes > HORIZON]
    idle.sort(key=lambda home: -max(end for _, end in home.stays))
    return [*busy, *idle[:waiting]]


def _ledger(authority: Authority, rng: np.random.Generator) -> Iterator[Row]:
    """One row a placement that is paid for, while it lasted into the years of the returns."""
    for spell in authority.spells:
        paid = spell.cell in WEEK or spell.cell in ("foster_own", "foster_ifa")
        if not paid or (spell.end is not None and spell.end < LEDGER_FROM):
            continue
        own = spell.provider == "PR1"
        contract = draw(rng, IN_HOUSE if own else CONTRACTS.get(spell.cell, SPOT))
        yield [
            authority.records.identifiers[spell.period.child.number],
            iso_date(spell.start), iso_date(spell.end), spell.places[-1][1], spell.provider,
            contract, str(_cost(spell, contract, rng)),
        ]  # fmt: skip


def _cost(spell: Spell, contract: str, rng: np.random.Generator) -> int:
    if spell.cell in ("foster_own", "foster_ifa"):
        return FOSTERING_WEEK[contract]
    usual = WEEK[spell.cell]
    if spell.cell in ("kinship", "foster_other"):
        return usual
    return max(200, round(usual * float(rng.normal(1, 0.12)) / 25) * 25)


def _referrals(authority: Authority, rng: np.random.Generator) -> Iterator[Row]:
    searched = [
        spell
        for spell in authority.spells
        if spell.start >= REFERRALS_FROM
        and not spell.same_carer_as_before
        and spell.cell not in ("parents", "adoption", "yoi", "kinship", "health")
    ]
    number = 0
    for spell in sorted(searched, key=lambda s: (s.start, s.period.child.number)):
        number += 1
        yield _referral(authority, number, spell, rng)
        if rng.random() < 0.05:
            number += 1
            asked = spell.start - int(rng.integers(5, 60))
            yield _unmet(authority, number, spell, asked, "withdrawn", rng)
    still = [spell for spell in authority.spells if spell.open_at_horizon()]
    for index in sorted(rng.choice(len(still), 6, replace=False).tolist()):
        number += 1
        asked = HORIZON - int(rng.integers(0, 20))
        yield _unmet(authority, number, still[index], asked, "open", rng)


def _referral(
    authority: Authority, number: int, spell: Spell, rng: np.random.Generator
) -> Row:
    made = placement_group(spell.places[0][1])
    sought = _sought(spell, made, rng)
    hard = spell.cell in ("home_ext", "unregistered", "foster_ifa") or sought != made
    offers = 1 + int(rng.poisson(0.3 if hard else 0.8))
    refusals = int(rng.poisson(14 if spell.cell == "unregistered" else 5 if hard else 0.7))
    asked = spell.start - (int(rng.integers(2, 28)) if hard else int(rng.integers(0, 6)))
    return [
        f"R{number:05d}", authority.records.identifiers[spell.period.child.number],
        iso_date(asked), sought, made, str(0 if spell.cell == "unregistered" else offers),
        str(refusals), iso_date(spell.start),
        "placed_unregistered" if spell.cell == "unregistered" else "placed",
    ]  # fmt: skip


def _sought(spell: Spell, made: str, rng: np.random.Generator) -> str:
    """What was asked for: often fostering, where a home was all that could be had."""
    if spell.cell == "unregistered":
        return str(rng.choice(["childrens_home", "childrens_home", "fostering"]))
    if spell.cell == "home_ext" and rng.random() < 0.3:
        return "fostering"
    if spell.cell in FOSTERING and rng.random() < 0.06:
        return "kinship_fostering"
    return made


def _unmet(
    authority: Authority,
    number: int,
    spell: Spell,
    asked: int,
    outcome: str,
    rng: np.random.Generator,
) -> Row:
    sought = str(rng.choice(["fostering", "fostering", "childrens_home"]))
    return [
        f"R{number:05d}", authority.records.identifiers[spell.period.child.number],
        iso_date(asked), sought, "", "0", str(int(rng.poisson(4))), "", outcome,
    ]  # fmt: skip


def _population(authority: Authority) -> Iterator[Row]:
    for year, total in authority.plan.population.items():
        parts = [round(total * share) for _, share in AGE_SHARES]
        parts[-1] += total - sum(parts)
        yield [str(year), "0-17", str(total)]
        for (group, _), children in zip(AGE_SHARES, parts, strict=True):
            yield [str(year), group, str(children)]


def _circumstances(authority: Authority, rng: np.random.Generator) -> Iterator[Row]:
    """Brothers and sisters of one family, and who is disabled: recorded for most children."""
    records = authority.records
    families = Counter(child.family for child in records.children)
    disabled = {p.child.number for p in records.periods if p.need == "N2"}
    for child, identifier in zip(records.children, records.identifiers, strict=False):
        group = f"F{child.family:05d}" if families[child.family] > 1 else ""
        drawn = rng.random()
        known = "" if drawn > 0.96 else "yes" if drawn < 0.1 else "no"
        yield [identifier, group, "yes" if child.number in disabled else known]


def _edge_of_care(authority: Authority) -> Iterator[Row]:
    """Children in need and on a child protection plan, at rates like England's."""
    for year, total in authority.plan.population.items():
        for group, per_10000 in EDGE_OF_CARE:
            yield [f"{year + 1}-03-31", group, str(round(total * per_10000 / 10_000))]
