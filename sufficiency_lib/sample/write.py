"""Writing the synthetic authorities to a folder, all or nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.moving import aside, move
from sufficiency_lib.sample import local_inputs, returns
from sufficiency_lib.sample.calibration import FIRST_YEAR, LAST_YEAR, PLANS, AuthorityPlan
from sufficiency_lib.sample.geography import Geography, invent_geography
from sufficiency_lib.sample.outlines import as_geojson
from sufficiency_lib.sample.records import invent_authority
from sufficiency_lib.sample.untidy import repeat_rows, vanishing_children

DEFAULT_SEED = 20250331
YEARS_WITH_REPEATED_ROWS = (2022, 2024, 2025)


def write_sample(
    to: Path, *, seed: int = DEFAULT_SEED, authorities: Sequence[str] | None = None
) -> Path:
    """Write the synthetic authorities, their geography and their provenance into `to`.

    `authorities` are ONS codes or slugs; None writes all three. The same seed gives the same
    bytes, and an authority's files do not depend on which others are written. Everything is
    built beside `to` and moved into place at the end, replacing what was there. Returns `to`.
    Raises ConfigurationError for an authority the sample does not have.
    """
    plans = _chosen(authorities)
    to = Path(to)
    with aside(to) as room:
        built = room / "new"
        built.mkdir()
        geography = invent_geography(_rng(seed, 0, 0))
        _write_geography(built / "reference" / "raw", geography)
        for plan in plans:
            _write_authority(built / plan.slug, plan, geography, seed)
        _write_text(built / "PROVENANCE.md", _provenance(plans, seed))
        if to.exists():
            move(to, room / "old")
        move(built, to)
    return to


def _chosen(authorities: Sequence[str] | None) -> list[AuthorityPlan]:
    if authorities is None:
        return list(PLANS.values())
    known = {key: plan for plan in PLANS.values() for key in (plan.code, plan.slug)}
    for name in authorities:
        if name not in known:
            raise ConfigurationError(
                f"The sample has no authority '{name}'; expected one of {', '.join(known)}."
            )
    asked = {known[name].code for name in authorities}
    return [plan for plan in PLANS.values() if plan.code in asked]


def _rng(seed: int, authority: int, purpose: int) -> np.random.Generator:
    """A generator of its own for every authority and purpose."""
    return np.random.default_rng(_sequence(seed, authority, purpose))


def _sequence(seed: int, authority: int, purpose: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed, spawn_key=(authority, purpose))


def _write_geography(folder: Path, geography: Geography) -> None:
    folder.mkdir(parents=True)
    directory = geography.directory
    _write_rows(folder / "postcodes.csv", list(directory.columns), directory.values.tolist())
    text = json.dumps(as_geojson(geography.outlines), separators=(",", ":"), sort_keys=True)
    _write_text(folder / "boundaries.geojson", text + "\n")


def _write_authority(folder: Path, plan: AuthorityPlan, geography: Geography, seed: int) -> None:
    number = int(plan.code[1:])
    authority = invent_authority(plan, geography, _rng(seed, number, 0))
    rng = _rng(seed, number, 1)
    omitted = vanishing_children(authority.records.periods, rng)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        cut = returns.return_tables(
            authority.records, year, omitted[year], _sequence(seed, number, year)
        )
        if year in YEARS_WITH_REPEATED_ROWS:
            cut["episodes"] = repeat_rows(cut["episodes"], rng)
        _write_tables(folder / str(year), cut, returns.COLUMNS)
    local = local_inputs.local_tables(authority, geography, _rng(seed, number, 2))
    _write_tables(folder, local, local_inputs.COLUMNS)
    profile = local_inputs.profile_text(authority)
    _write_text(folder / "profile.toml", profile)


def _write_tables(
    folder: Path, tables: dict[str, list[list[str]]], columns: dict[str, str]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _write_rows(folder / f"{name}.csv", columns[name].split(), rows)


def _write_text(path: Path, text: str) -> None:
    """The same bytes on every system: no line ends of its own."""
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_rows(path: Path, columns: list[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _provenance(plans: Sequence[AuthorityPlan], seed: int) -> str:
    names = "\n".join(f"- {plan.name} ({plan.code}) in `{plan.slug}/`" for plan in plans)
    return f"""\
# Where this data came from

**It is synthetic. No child, carer, home or postcode in it is real.** It was written by

    python -m sufficiency_lib sample

with the seed {seed}; the same seed writes the same bytes. It holds

{names}

and, in `reference/raw/`, a postcode directory and outlines for them and their neighbours.

## What is real
Names and codes of authorities, approximate grid references of towns, outward postcodes, the
names of code sets, and the statistical neighbours in `profile.toml` (Department for Education).
Everything else was drawn at random. Units such as "HR1 1AA" are made by rule and stand where
chance put them: one that happens to exist is somewhere else in the real directory. The
outlines are schematic and follow no real boundary. Populations are near the real numbers of
children, rounded, and split into ages by rule.

## What it is calibrated to
- Herefordshire: 92% of in-house and 64% of independent agency fostering, about 84% of both, and
  about 30% of children's homes within 20 miles of home; bed nights 63% in-house and 37% agency
  (Placement Sufficiency Strategy 2019-2024, figures for March 2018 and 2018/19).
- Nottingham: the placement mix printed for 31 March 2014 and 2016, here at 31 March 2023 and
  2025; 83.6% within 20 miles of the city centre (Placement Sufficiency Strategy 2016-2018).
- Brighton and Hove: 89% within 20 miles of the boundary (2011 report).

The councils are named because their published figures were used. Nothing here describes the
children they look after today.

## What is untidy on purpose
A few rows twice, a few children open in one return and absent from all later ones, a few
episodes that overlap the next, a few gaps after X1, and a few postcodes missing, terminated or
in no directory, so that cleaning has something to repair.
"""
