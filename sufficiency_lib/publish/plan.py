"""One decision for a whole edition: which cells of all its tables are hidden.

The gate (`publish.disclosure`) sees a table at a time. A reader has them all, so what one table
hides another may tell. Here all counts are taken together (`publish.linked`), and as little as
may be is hidden beside the small ones (`publish.cover`) for an attack that tries to work them
out (`publish.attack`) to find nothing. A reader also has the page of a year before
(`publish.other_pages`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sufficiency_lib.publish.attack import Solved
from sufficiency_lib.publish.disclosure import Settings, disclose
from sufficiency_lib.publish.linked import (
    Counted,
    Edition,
    Part,
    Row,
    all_counted,
    digest,
    row_names,
)
from sufficiency_lib.publish.specs import TableSpec


@dataclass(frozen=True)
class Plan:
    """What each table of an edition hides.

    hidden   table → the cells: the row by its keys, and the column
    decided  table → the digests of the frames of which that is all that need be hidden
    """

    hidden: Mapping[str, frozenset[tuple[Row, str]]] = field(default_factory=dict)
    decided: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def decides(self, spec: TableSpec, frame: pd.DataFrame) -> bool:
        """Whether a frame is one of those that the plan was made of."""
        known = self.decided.get(spec.id)
        return bool(known) and digest(spec, frame) in known

    def deciding(self, tables: Iterable[Counted]) -> Plan:
        """The same plan, as all that need be hidden of some tables."""
        decided: dict[str, set[str]] = {}
        for one in tables:
            decided.setdefault(one.table, set()).add(one.digest)
        return Plan(self.hidden, {name: frozenset(known) for name, known in decided.items()})

    def of(self, spec: TableSpec, frame: pd.DataFrame) -> set[tuple[int, str]]:
        """The cells of a frame that are hidden: positions of rows, and columns."""
        cells = self.hidden.get(spec.id, frozenset())
        if not cells:
            return set()
        columns = {column for _, column in cells}
        return {
            (at, column)
            for at, row in enumerate(row_names(spec, frame))
            for column in columns
            if (row, column) in cells and column in frame
        }

    def shown(self, spec: TableSpec, frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        """A frame as the public may see it."""
        more, is_planned = self.of(spec, frame), self.decides(spec, frame)
        return disclose(frame, spec, settings, more=more, is_planned=is_planned)

    def as_json(self) -> str:
        """As text, for keeping."""
        hidden = {name: sorted([list(row), column] for row, column in cells)
                  for name, cells in sorted(self.hidden.items())}
        decided = {name: sorted(known) for name, known in sorted(self.decided.items())}
        return json.dumps({"hidden": hidden, "decided": decided}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """From what `as_json` gave."""
        kept = json.loads(text)
        hidden = {
            name: frozenset((tuple(row), column) for row, column in cells)
            for name, cells in kept["hidden"].items()
        }
        return cls(hidden, {name: frozenset(known) for name, known in kept["decided"].items()})


def plan(parts: Iterable[Part], settings: Settings) -> Plan:
    """Which cells of all tables of an edition are hidden, if nothing else is published.

    parts     every table that is published together, with nothing hidden
    settings  the threshold of the profile
    """
    return plan_of(all_counted(parts), settings)


def plan_of(
    tables: Iterable[Counted], settings: Settings, solved: Solved | None = None
) -> Plan:
    """`plan` of tables that are read already.

    solved  what the attack found of other editions (see `attack.too_narrow`)
    """
    tables = list(tables)
    edition = Edition.of(tables, settings)
    return as_plan(edition, edition.decide(solved=solved)).deciding(tables)


def as_plan(edition: Edition, hidden: Iterable[int]) -> Plan:
    """The cells in which some variables of an edition are published."""
    cells: dict[str, set[tuple[Row, str]]] = {}
    for variable in hidden:
        for table, row, column in edition.cells[variable]:
            cells.setdefault(table, set()).add((row, column))
    return Plan({name: frozenset(found) for name, found in cells.items()})
