"""Editions as they are kept between processes: what is hidden, what is shown, and the counts.

Two files an edition in the user's own cache: one that every notebook of a run reads, and one of
the counts, by which a section that is made again is decided beside the others as they stand.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from sufficiency_lib.publish.linked import Count, Counted
from sufficiency_lib.publish.meaning import Identity
from sufficiency_lib.publish.other_pages import OtherPages
from sufficiency_lib.publish.plan import Plan
from sufficiency_lib.publish.relations import Member
from sufficiency_lib.publish.wording import iso_date
from sufficiency_lib.settings import cache_folder
from sufficiency_lib.store import private, put_whole

Tables = Mapping[str, pd.DataFrame]

#: What is told of a term of a sum, in order.
_MEMBER = tuple(one.name for one in fields(Member))

#: Editions kept of an authority: those of an analyst's last few changes.
_MOST_KEPT = 12


@dataclass(frozen=True)
class Section:
    """What one notebook publishes.

    sums_up   whether it is made of what other notebooks publish
    counts    every count of its tables
    unhidden  its tables with nothing hidden, but those of random draws
    """

    sums_up: bool
    counts: Sequence[Counted]
    unhidden: Tables


@dataclass(frozen=True)
class Shown:
    """What an edition hides, and its tables as it shows them, for what sums them up."""

    plan: Plan
    tables: Tables


@dataclass(frozen=True)
class MadeOf:
    """What an edition was decided from.

    sections  a notebook's file name → what it publishes, in order
    others    the pages beside which it was decided
    """

    sections: Mapping[str, Section] = field(default_factory=dict)
    others: OtherPages = field(default_factory=OtherPages)


def place_of(slug: str, key: str) -> Path:
    """Where an edition of an authority is kept, or is to be."""
    return cache_folder() / "editions" / slug / f"{key}.json"


def keep(place: Path, shown: Shown, made_of: MadeOf) -> None:
    """Keep an edition; the oldest of many of the same authority make room for it."""
    private(place.parent.parent)
    private(place.parent)
    # Last what says that the whole is there.
    put_whole(gzip.compress(_text(_made_of_as_json(made_of)), 1), _counts_of(place))
    put_whole(_text({"plan": shown.plan.as_json(), "tables": _tables_as_json(shown.tables)}), place)
    by_age = sorted(place.parent.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    for old in by_age[:-_MOST_KEPT]:
        with suppress(OSError):
            old.unlink()
            _counts_of(old).unlink(missing_ok=True)


def shown_by(place: Path) -> Shown | None:
    """What a kept edition hides and shows; None where it is not kept."""
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Shown(Plan.from_json(told["plan"]), _tables(told["tables"]))


def made_of(place: Path) -> MadeOf | None:
    """What a kept edition was decided from; None where it is not kept."""
    try:
        told = json.loads(gzip.decompress(_counts_of(place).read_bytes()))
    except FileNotFoundError:
        return None
    sections = {
        name: Section(one["sums_up"], _counts(one["counts"]), _tables(one["unhidden"]))
        for name, one in told["sections"].items()
    }
    pages = {
        page: (_counts(one["counts"]), Plan.from_json(one["plan"]))
        for page, one in told["pages"].items()
    }
    return MadeOf(sections, OtherPages(pages, tuple(told["members"])))


def _counts_of(place: Path) -> Path:
    return place.with_suffix(".counts.gz")


def _text(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _made_of_as_json(made: MadeOf) -> dict[str, Any]:
    return {
        "sections": {
            name: {"sums_up": one.sums_up, "counts": _counts_as_json(one.counts),
                   "unhidden": _tables_as_json(one.unhidden)}
            for name, one in made.sections.items()
        },
        "pages": {
            page: {"counts": _counts_as_json(counts), "plan": plan.as_json()}
            for page, (counts, plan) in made.others.pages.items()
        },
        "members": list(made.others.members),
    }


def _counts_as_json(tables: Sequence[Counted]) -> list[Any]:
    return [
        [table.table, table.digest,
         [[[*one.place, *one.cell, _who_as_json(one.who), one.value, _blank(one.base)]
           for one in column] for column in table.columns],
         [[[getattr(member, name) for name in _MEMBER] for member in members]
          for members in table.sums]]
        for table in tables
    ]


def _counts(told: Sequence[Any]) -> list[Counted]:
    return [
        Counted(
            table, digest,
            tuple(tuple(_count(*one) for one in column) for column in columns),
            tuple(
                tuple(Member(None if cell is None else tuple(cell), *rest)
                      for cell, *rest in members)
                for members in sums
            ),
        )
        for table, digest, columns, sums in told
    ]


def _count(
    at: int, of: str, table: str, row: list[str], column: str, who: Any, value: float,
    base: float | None,
) -> Count:
    cell = (table, tuple(row), column)
    return Count((at, of), cell, _who(who), value, float("nan") if base is None else base)


def _who_as_json(who: Any) -> Any:
    if isinstance(who, Identity):
        conditions = [[name, sorted(values)] for name, values in who.conditions]
        return {"family": who.family, "when": who.when, "conditions": conditions}
    return who


def _who(told: Any) -> Any:
    if isinstance(told, dict):
        conditions = tuple((name, frozenset(values)) for name, values in told["conditions"])
        return Identity(told["family"], told["when"], conditions)
    (table, row, column), day = told
    return (table, tuple(row), column), day


def _blank(number: float) -> float | None:
    return None if pd.isna(number) else number


def _tables_as_json(tables: Tables) -> dict[str, Any]:
    return {name: _cells(frame) for name, frame in tables.items()}


def _cells(frame: pd.DataFrame) -> dict[str, Any]:
    """A table as plain values: dates as ISO text, blanks as null."""
    plain = {
        str(column): [None if not isinstance(value, str) and pd.isna(value) else
                      value if isinstance(value, str | bool) else
                      iso_date(value) if isinstance(value, date) else
                      value.item() if hasattr(value, "item") else value
                      for value in frame[column]]
        for column in frame.columns
    }
    return {"columns": list(plain), "cells": list(plain.values())}


def _tables(told: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables that `_tables_as_json` was given."""
    return {
        name: pd.DataFrame(dict(zip(one["columns"], one["cells"], strict=True)),
                           columns=one["columns"])
        for name, one in told.items()
    }
