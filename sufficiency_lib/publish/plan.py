"""One decision for a whole edition: which cells of all its tables are hidden.

The gate (`publish.disclosure`) sees a table at a time. A reader has them all, so what one table
hides another may tell. Here every count of every table becomes a variable, cells that count
the same being one (`publish.meaning`), with the sums within tables and between them. The same
rules as the gate's then choose what to hide, and an attack tries to work the hidden counts out
(`publish.attack`); what it finds is hidden better, until it finds nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import pandas as pd

from sufficiency_lib.publish.attack import too_narrow
from sufficiency_lib.publish.disclosure import BASE_PREFIX, Settings, classify, protect
from sufficiency_lib.publish.meaning import Identity, identity
from sufficiency_lib.publish.relations import Member, find_relations
from sufficiency_lib.publish.specs import TableSpec

#: How often more is hidden for what the attack finds before an edition is refused.
ROUNDS = 200

Row = tuple[str, ...]
#: Table, row and column.
Cell = tuple[str, Row, str]


@dataclass(frozen=True)
class Part:
    """One table of an edition, with nothing hidden yet.

    kind   the id of its specification before it was given another name
    spec   as published
    frame  its counts as they are
    day    the day of the page it stands on, as ISO text
    """

    kind: str
    spec: TableSpec
    frame: pd.DataFrame
    day: str


@dataclass(frozen=True)
class Plan:
    """Table → the cells that it hides: the row by its keys, and the column."""

    hidden: Mapping[str, frozenset[tuple[Row, str]]] = field(default_factory=dict)

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

    def as_json(self) -> str:
        """As text, for keeping."""
        return json.dumps(
            {name: sorted([list(row), column] for row, column in cells)
             for name, cells in sorted(self.hidden.items())},
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """From what `as_json` gave."""
        return cls({
            name: frozenset((tuple(row), column) for row, column in cells)
            for name, cells in json.loads(text).items()
        })


def row_names(spec: TableSpec, frame: pd.DataFrame) -> list[Row]:
    """What each row is about: its keys as text, and a number where rows are alike."""
    keys = [frame[key].map(_text).tolist() for key in spec.keys if key in frame]
    seen: dict[Row, int] = {}
    names = []
    for at in range(len(frame)):
        name = tuple(column[at] for column in keys)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else (*name, str(seen[name])))
    return names


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:10] if isinstance(value, pd.Timestamp) else str(value)


class _Edition:
    """The variables of an edition, their values, and the sums among them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.values: dict[int, float] = {}
        self.cells: dict[int, list[Cell]] = {}
        self.hidden: set[int] = set()
        self.sums: list[list[Member]] = []
        self.known: dict[tuple[Identity | Cell, float], int] = {}
        self.lists: list[list[int]] = []
        self._numbers = count()
        self._meant: dict[int, Identity] = {}
        self._seen: set[frozenset[tuple[int | None, int]]] = set()

    def add(self, part: Part) -> None:
        """Every count of a table, and the sums that it names."""
        frame = part.frame.reset_index(drop=True)
        counts, _ = classify(frame, part.spec)
        names, records = row_names(part.spec, frame), frame.to_dict("records")
        here: dict[tuple[int, str], int] = {}
        for column in counts:
            listed = []
            for at, record in enumerate(records):
                number = _number(record[column])
                if math.isnan(number):
                    continue
                meant = identity(part.kind, record, column, part.day)
                cell = (part.spec.id, names[at], column)
                variable = self._variable(meant, cell, number)
                here[at, column] = variable
                listed.append(variable)
                if cell not in self.cells[variable]:
                    self.cells[variable].append(cell)
                base = _number(record.get(BASE_PREFIX + column, math.nan))
                if self._is_small(number) or self._is_small(base):
                    self.hidden.add(variable)
            self.lists.append(listed)
        for members in find_relations(frame, part.spec.relations):
            self._add_sum(members, here)

    def _variable(self, meant: Identity | None, cell: Cell, value: float) -> int:
        # Two cells that should count the same and do not are kept apart, and so are their sums.
        key = (meant or cell, value)
        if key not in self.known:
            variable = self.known[key] = next(self._numbers)
            self.values[variable], self.cells[variable] = value, []
            if meant is not None:
                self._meant[variable] = meant
        return self.known[key]

    def _is_small(self, number: float) -> bool:
        return 0 < number <= self.settings.threshold

    def _add_sum(self, members: Sequence[Member], here: Mapping[tuple[int, str], int]) -> None:
        changed = []
        for member in members:
            if member.cell is not None and member.cell not in here:
                return
            cell = None if member.cell is None else here[member.cell]
            changed.append(
                Member(cell, member.value, member.sign, member.is_total, member.is_kept,
                       member.is_known, member.is_private)
            )
        cells = [member.cell for member in changed if member.cell is not None]
        elsewhere = any(member.cell is None and member.is_total for member in changed)
        if elsewhere and all(cell in self._meant for cell in cells):
            # The total that another table prints is found by what it means.
            return
        if len(set(cells)) == len(cells):
            self._keep(changed)

    def _keep(self, members: list[Member]) -> None:
        """A sum, unless it is known already."""
        key = frozenset((member.cell, member.sign) for member in members)
        if len(members) > 1 and (key not in self._seen or None in dict(key)):
            self._seen.add(key)
            self.sums.append(members)

    def add_sums_between(self) -> None:
        """The sums by which the cells of one table make up a cell of another.

        A list of cells that differ in one attribute only, and share none of its values, makes
        up any cell that says the same of everything else and whose values are some of theirs.
        """
        meant = self._meant
        wholes: dict[Identity, list[tuple[frozenset[str] | None, int]]] = {}
        for variable, who in meant.items():
            for attribute in [name for name, _ in who.conditions] or [""]:
                wholes.setdefault(who.without(attribute), []).append((who.of(attribute), variable))
            wholes.setdefault(who, []).append((None, variable))
        for listed in self.lists:
            for rest, attribute, parts in _partitions(listed, meant):
                for values, whole in wholes.get(rest, ()):
                    if values is not None and meant[whole].of(attribute) != values:
                        continue
                    made_of = _made_of(values, parts)
                    total = sum(self.values[part] for part in made_of)
                    if not made_of or whole in made_of or total != self.values[whole]:
                        continue
                    self._keep([
                        Member(whole, total, -1, is_total=True),
                        *(Member(part, self.values[part], 1) for part in made_of),
                    ])

    def decide(self) -> set[int]:
        """What is hidden, once no sum and no attack gives a hidden count away."""
        threshold = self.settings.threshold
        small = set(self.hidden)
        hidden = protect(small, self.sums, threshold)
        for _ in range(ROUNDS):
            told = too_narrow(self.values, self.sums, hidden, small, width=threshold)
            more = {cell for cell in (self._beside(one, hidden) for one in sorted(told))
                    if cell is not None}
            if not more:
                return hidden
            hidden = protect(hidden | more, self.sums, threshold)
        return hidden

    def _beside(self, variable: int, hidden: set[int]) -> int | None:
        """The smallest count still shown in the sums nearest to one that was worked out."""
        reached, frontier = {variable}, {variable}
        while frontier:
            near = [members for members in self.sums
                    if any(member.cell in frontier for member in members)]
            shown = [
                (member.is_total, member.value, member.cell)
                for members in near
                for member in members
                if member.cell is not None and member.cell not in hidden and member.value > 0
            ]
            if shown:
                return min(shown)[2]
            met = {member.cell for members in near for member in members
                   if member.cell is not None}
            frontier = met - reached
            reached |= met
        return None


def _partitions(
    listed: Sequence[int], meant: Mapping[int, Identity]
) -> Iterable[tuple[Identity, str, list[tuple[frozenset[str], int]]]]:
    """The lists among some cells that differ in one attribute alone, with that attribute."""
    groups: dict[tuple[Identity, str], dict[int, frozenset[str]]] = {}
    for variable in listed:
        who = meant.get(variable)
        if who is None:
            continue
        for attribute, values in who.conditions:
            groups.setdefault((who.without(attribute), attribute), {})[variable] = values
    for (rest, attribute), parts in groups.items():
        disjoint = [(values, variable) for variable, values in parts.items()]
        disjoint = _without_overlaps(disjoint)
        if len(disjoint) > 1:
            yield rest, attribute, disjoint


def _without_overlaps(
    parts: list[tuple[frozenset[str], int]]
) -> list[tuple[frozenset[str], int]]:
    """The parts that hold no other part, so that none is counted twice."""
    return [
        (values, variable)
        for values, variable in parts
        if not any(other < values for other, _ in parts)
    ]


def _made_of(
    whole: frozenset[str] | None, parts: Sequence[tuple[frozenset[str], int]]
) -> list[int]:
    """The parts that lie within a whole, where none lies across its edge."""
    if whole is None:
        return [variable for _, variable in parts]
    if any(values & whole and not values <= whole for values, _ in parts):
        return []
    return [variable for values, variable in parts if values <= whole]


def _number(value: object) -> float:
    return math.nan if isinstance(value, str) or pd.isna(value) else float(value)


def plan(parts: Iterable[Part], settings: Settings) -> Plan:
    """Which cells of all tables of an edition are hidden.

    parts     every table that is published together, with nothing hidden
    settings  the threshold of the profile
    """
    edition = _Edition(settings)
    for part in parts:
        edition.add(part)
    edition.add_sums_between()
    hidden: dict[str, set[tuple[Row, str]]] = {}
    for variable in edition.decide():
        for table, row, column in edition.cells[variable]:
            hidden.setdefault(table, set()).add((row, column))
    return Plan({name: frozenset(cells) for name, cells in hidden.items()})
