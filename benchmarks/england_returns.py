"""A made-up England as councils would send it in: a folder of SSDA903 files an authority.

Each is one of the synthetic authorities (`sufficiency_lib.sample`) made as large as one of
England's, by a seed of its own: five returns of eleven tables, with the register, the carers, the
ledger and the referrals beside them. All share the sample's geography and reference store.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle
from pathlib import Path

import numpy as np

from sufficiency_lib.sample import local_inputs, returns
from sufficiency_lib.sample.calibration import FIRST_YEAR, LAST_YEAR, PLANS, AuthorityPlan
from sufficiency_lib.sample.geography import Geography, invent_geography
from sufficiency_lib.sample.records import invent_authority
from sufficiency_lib.sample.untidy import repeat_rows, vanishing_children
from sufficiency_lib.sample.write import DEFAULT_SEED, YEARS_WITH_REPEATED_ROWS

AUTHORITIES = 153
LOOKED_AFTER = 82_000
#: Children looked after on 31 March 2025 in the smallest authority, in that which a twentieth
#: are smaller than, and so on to the largest (DfE, *Children looked after in England including
#: adoptions*, 2025 release, number and rate by local authority).
PUBLISHED_SIZES = (
    32, 161, 215, 262, 282, 303, 332, 357, 377, 414, 458, 498, 527, 564, 594, 646, 694, 802, 999,
    1293, 2317,
)  # fmt: skip
#: The sample's writer takes no fewer: a few children leave it nobody to look for a place for.
FEWEST = 20


@dataclass(frozen=True)
class Made:
    """One made-up authority: its folder's name, how many it looks after, and what it is like."""

    name: str
    looked_after: int
    like: str


def sizes(authorities: int = AUTHORITIES) -> list[int]:
    """Children looked after in each of so many authorities, spread as the published numbers are.

    Nearly as many to an authority as England has: between two published sizes lie fewer than a
    straight line says, so that all are a little smaller than it.

    >>> 0.99 < sum(sizes()) / LOOKED_AFTER < 1.01, 440 < sizes(1)[0] < 460
    (True, True)
    """
    published = np.array(PUBLISHED_SIZES, float)
    of_a_line = (published[1:] + published[:-1]).mean() / 2
    published *= LOOKED_AFTER / AUTHORITIES / of_a_line
    # In the middle of its own part of the range, so that one authority is neither end of it.
    at = (np.arange(authorities) + 0.5) / authorities
    steps = np.linspace(0, 1, len(published))
    return [max(FEWEST, round(size)) for size in np.interp(at, steps, published)]


def made_up(authorities: int = AUTHORITIES) -> list[Made]:
    """The authorities of a made-up England, smallest first.

    >>> [(made.name, made.looked_after) for made in made_up(2)]
    [('made-up-001', 297), ('made-up-002', 632)]
    """
    return [
        Made(f"made-up-{number:03d}", size, code)
        for number, (size, code) in enumerate(zip(sizes(authorities), cycle(PLANS)), 1)
    ]


def of_middle_size(everyone: Sequence[Made], few: int) -> list[Made]:
    """So many of them, the nearest to the middle in size, that in the middle first.

    >>> [made.name for made in of_middle_size(made_up(), 3)]
    ['made-up-077', 'made-up-076', 'made-up-078']
    """
    middle = (len(everyone) - 1) / 2
    ranked = sorted(range(len(everyone)), key=lambda at: (abs(at - middle), at))
    return [everyone[at] for at in ranked[:few]]


def resized(plan: AuthorityPlan, looked_after: int) -> AuthorityPlan:
    """The plan of an authority with as many children as are asked for, or nearly."""
    times = looked_after / sum(plan.mix(LAST_YEAR).values())
    return replace(
        plan,
        mixes={
            year: {cell: round(children * times) for cell, children in mix.items()}
            for year, mix in plan.mixes.items()
        },
        population={year: round(people * times) for year, people in plan.population.items()},
        short_break_children=round(plan.short_break_children * times),
    )


def write_returns(everyone: Sequence[Made], to: Path, *, processes: int = 1) -> None:
    """Write each authority's folder into `to`; so many at a time, the largest first."""
    largest_first = sorted(everyone, key=lambda made: -made.looked_after)
    if processes == 1:
        for made in largest_first:
            write_one(made, to)
        return
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(write_one, largest_first, [to] * len(largest_first)))


def write_one(made: Made, to: Path) -> None:
    """Write one authority's returns, local inputs and profile into a folder of `to`."""
    geography, folder = _geography(), to / made.name
    plan = resized(PLANS[made.like], made.looked_after)
    number = int(made.name.rpartition("-")[2])
    children, files, local, *years = np.random.SeedSequence([DEFAULT_SEED, number]).spawn(
        3 + LAST_YEAR + 1 - FIRST_YEAR
    )
    authority = invent_authority(plan, geography, np.random.default_rng(children))
    random = np.random.default_rng(files)
    omitted = vanishing_children(authority.records.periods, random)
    for year, seed in zip(range(FIRST_YEAR, LAST_YEAR + 1), years, strict=True):
        cut = returns.return_tables(authority.records, year, omitted[year], seed)
        if year in YEARS_WITH_REPEATED_ROWS:
            cut["episodes"] = repeat_rows(cut["episodes"], random)
        _write(folder / str(year), cut, returns.COLUMNS)
    beside = local_inputs.local_tables(authority, geography, np.random.default_rng(local))
    _write(folder, beside, local_inputs.COLUMNS)
    profile = local_inputs.profile_text(authority)
    (folder / "profile.toml").write_text(profile, encoding="utf-8")


@cache
def _geography() -> Geography:
    """The sample's own, so that its reference store knows every postcode."""
    seed = np.random.SeedSequence(DEFAULT_SEED, spawn_key=(0, 0))
    return invent_geography(np.random.default_rng(seed))


def _write(
    folder: Path, tables: Mapping[str, Sequence[Sequence[str]]], columns: Mapping[str, str]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(_lines(columns[name], rows))


def _lines(columns: str, rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield columns.split()
    yield from rows
