"""Everything that is published together: the tables of all notebooks, before any is shown.

The notebooks are read for what they publish (`publish.collecting`), once for the page and once for
that of a year before. Of both `publish.other_pages` decides what the page hides. That is done once
for an authority's data and the notebooks as they stand, and kept (`publish.edition_kept`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.publish import collecting
from sufficiency_lib.publish.attack import Solved
from sufficiency_lib.publish.collecting import Collector, collect, lasting, unhidden
from sufficiency_lib.publish.disclosure import undisclosed
from sufficiency_lib.publish.edition_kept import (
    MadeOf,
    Section,
    Shown,
    keep,
    made_of,
    place_of,
    shown_by,
)
from sufficiency_lib.publish.linked import Part, all_counted
from sufficiency_lib.publish.members_pages import OF_PAGE
from sufficiency_lib.publish.other_pages import MemberPage, is_on_both, other_pages, plan_beside
from sufficiency_lib.publish.plan import Plan
from sufficiency_lib.publish.plan import plan as plan_alone
from sufficiency_lib.settings import project_folder
from sufficiency_lib.store import code_hash

#: In the environment of a run that makes one section again: the edition that it belongs to.
EDITION = "SUFFICIENCY_EDITION"

#: Put before the names of the tables of sections that stay as they are.
_AS_THEY_ARE = f"the other sections{OF_PAGE}"


def a_year_before(study: Any) -> Any | None:
    """The same dataset as at the same day of last year; None where its returns start later.

    study  a `dataset.Dataset`
    """
    day = (pd.Timestamp(study.as_at) - pd.DateOffset(years=1)).date()
    if day < date(study.return_years[0], 3, 31):
        return None
    told = study.parameters.model_copy(update={"as_at": day})
    return replace(study, as_at=day, parameters=told)


def edition_plan(study: Any) -> Plan:
    """What all tables of the edition of a dataset hide; made once, then kept.

    The page of a year before is taken as published, where the returns reach back to it. A
    library without its notebooks has no edition: then each table is hidden by itself.
    """
    return _edition(study).plan if _hides(study) else Plan()


def edition_tables(study: Any) -> dict[str, pd.DataFrame]:
    """Every table that the page of a dataset shows, as it shows it, for what sums the page up.

    Those of random draws are left out, and so are those of a notebook that asks for this.
    """
    return dict(_edition(study).tables)


def edition_key(study: Any) -> str:
    """By what the edition of a dataset is kept: its data, what was told, notebooks and library."""
    digest = hashlib.sha256(f"{_whose(study)}\n{code_hash('**/*.py')}\n".encode())
    for path in _notebooks():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def edition_with(study: Any, changed: Path, last: str) -> str:
    """An edition with one section made again and the others as they are; returns its key.

    study    a `dataset.Dataset`
    changed  the notebook of that section
    last     the key of the edition that the others were published in

    What the others show cannot be hidden any more, and what they hide must not be told: so the
    tables of this section are decided beside them, as beside the page of another day. Raises
    ConfigurationError where that edition is kept no longer.
    """
    now = edition_key(study)
    if now == last:
        return now
    whose, slug = _whose(study), study.profile.slug
    key = hashlib.sha256(f"{whose}\n{last}\n{now}\n{changed.name}".encode()).hexdigest()[:24]
    place = place_of(slug, key)
    if place.is_file():
        return key
    before, rests_on = shown_by(place_of(slug, last)), made_of(place_of(slug, last))
    if before is None or rests_on is None:
        raise ConfigurationError(
            f"What the other sections of {study.profile.name} hide is not in the cache any more, "
            "so one alone cannot be made to go with them; run it once without --only."
        )
    with pd.option_context("mode.string_storage", "python"):
        keep(place, *_with_one_again(study, changed, before, rests_on))
    return key


def _with_one_again(
    study: Any, changed: Path, before: Shown, rests_on: MadeOf
) -> tuple[Shown, MadeOf]:
    others = {name: one for name, one in rests_on.sections.items() if name != changed.name}
    known = {table: frame for name, one in others.items() if name < changed.name
             for table, frame in one.unhidden.items()}
    page = collecting.read(study, changed, lambda: known)
    section = _section(page)
    ours = {one.table for one in section.counts}
    was_ours = {one.table for one in rests_on.sections[changed.name].counts}
    stays = {name: cells for name, cells in before.plan.hidden.items()
             if name not in was_ours | ours}
    plan = Plan()
    if _hides(study):
        listed = [one for kept in others.values() for one in kept.counts]
        start = Plan({name: cells for name, cells in before.plan.hidden.items() if name in ours})
        decided = plan_beside(
            section.counts, rests_on.others.and_also(_AS_THEY_ARE, (listed, Plan(stays))),
            study.profile.disclosure, start=start,
        )
        plan = Plan({**stays, **decided.hidden}, {**before.plan.decided, **decided.decided})
    tables = {name: frame for name, frame in before.tables.items() if name not in was_ours}
    sections = {**rests_on.sections, changed.name: section}
    return (Shown(plan, {**tables, **_shown_of(study, page, plan)}),
            MadeOf(sections, rests_on.others))


def _edition(study: Any, gathered: _Gathered | None = None) -> Shown:
    """What an edition hides and what it shows, made once, then kept.

    gathered  its tables, where they are there already
    """
    notebooks = _notebooks()
    if not notebooks:
        return Shown(Plan(), {})
    place = place_of(study.profile.slug, _key_in_use(study))
    kept = shown_by(place)
    if kept is not None:
        return kept
    # Each table is small and made anew: text kept as Python's own is made soonest.
    with pd.option_context("mode.string_storage", "python"):
        shown, rests_on = _made(study, gathered or _gathered(study, notebooks))
    keep(place, shown, rests_on)
    return shown


def _key_in_use(study: Any) -> str:
    """The key of the edition that a dataset's page belongs to: what a run says, or its own."""
    whose, _, key = os.environ.get(EDITION, "").partition(" ")
    return key if key and whose == _whose(study) else edition_key(study)


def use_edition(study: Any, key: str) -> None:
    """Have the notebooks that this process starts belong to an edition of a dataset."""
    os.environ[EDITION] = f"{_whose(study)} {key}"


def _hides(study: Any) -> bool:
    """Whether anything is hidden of a page at all."""
    return bool(study.profile.disclosure.threshold) and study.parameters.audience == "public"


def _notebooks() -> list[Path]:
    """Those of the report, in order."""
    root = project_folder()
    return [] if root is None else [
        path for path in sorted((root / "notebooks").glob("*.ipynb"))
        if not path.name.startswith("00_")
    ]


@dataclass(frozen=True)
class _Gathered:
    """Every table of an edition, notebook by notebook, and of that of a year before."""

    read: Mapping[Path, Collector]
    before: Sequence[Part]

    @property
    def parts(self) -> list[Part]:
        return [part for page in self.read.values() for part in page.parts]


def _gathered(study: Any, notebooks: Sequence[Path]) -> _Gathered:
    read: dict[Path, Collector] = {}
    for path in notebooks:
        known = partial(unhidden, [p for page in read.values() for p in page.parts])
        read[path] = collecting.read(study, path, known)
    if not _hides(study):
        return _Gathered(read, ())
    # What stands on one page alone has no bearing on the other, and takes time to work out.
    both = [path for path, page in read.items() if any(map(is_on_both, page.parts))]
    return _Gathered(read, _before(study, both, {path: read[path].cells for path in both}))


def _made(study: Any, gathered: _Gathered) -> tuple[Shown, MadeOf]:
    plan, settings, solved = Plan(), study.profile.disclosure, Solved()
    sections = {path.name: _section(page) for path, page in gathered.read.items()}
    rests_on = MadeOf(sections)
    if _hides(study):
        pages = [_pages_of(one) for one in study.members]
        others = other_pages(
            gathered.parts, gathered.before, settings, solved=solved,
            members=[page for page, _ in pages], members_before=[page for _, page in pages],
        )
        counts = [one for section in sections.values() for one in section.counts]
        plan = plan_beside(counts, others, settings, solved=solved)
        rests_on = MadeOf(sections, others)
    tables = {name: frame for page in gathered.read.values()
              for name, frame in _shown_of(study, page, plan).items()}
    return Shown(plan, tables), rests_on


def _section(page: Collector) -> Section:
    return Section(page.sums_up, all_counted(page.parts), unhidden(page.parts))


def _shown_of(study: Any, page: Collector, plan: Plan) -> dict[str, pd.DataFrame]:
    """A notebook's tables as the page shows them; none of one that sums others up."""
    if page.sums_up:
        return {}
    return {part.spec.id: _shown(study, part, plan) for part in lasting(page.parts)}


def _pages_of(member: Any) -> tuple[MemberPage, MemberPage]:
    """A member's page as it is published by itself, and its page of a year before."""
    gathered = _gathered(member, _notebooks())
    plan, settings = _edition(member, gathered).plan, member.profile.disclosure
    whose = member.profile.name, member.profile.slug
    return (MemberPage(*whose, gathered.parts, plan),
            MemberPage(*whose, gathered.before, plan_alone(gathered.before, settings)))


def _before(
    study: Any, notebooks: Sequence[Path], cells: Mapping[Path, int | None]
) -> list[Part]:
    """The tables of the page of a year before; none where there can have been no such page.

    cells  notebook → how many of its cells: what follows the last table that both pages could
           print has no bearing on it
    """
    earlier = a_year_before(study)
    try:
        return [] if earlier is None else collect(earlier, notebooks, cells)
    except SufficiencyError:
        return []


def _shown(study: Any, part: Part, plan: Plan) -> pd.DataFrame:
    if study.parameters.audience == "internal":
        return undisclosed(part.frame, part.spec)
    return plan.shown(part.spec, part.frame, study.profile.disclosure)


def _whose(study: Any) -> str:
    """Of the data and what was told, on which a plan rests."""
    # A consortium asks for its members' pages by another name and day than their own runs do.
    asked = {"as_at": study.as_at.isoformat(), "rule": study.locality_rule,
             "audience": study.parameters.audience}
    told = json.dumps(asked, sort_keys=True) + study.profile.model_dump_json()
    return hashlib.sha256(f"{study.fingerprint}\n{told}".encode()).hexdigest()[:24]
