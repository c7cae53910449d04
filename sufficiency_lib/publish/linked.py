"""The counts of everything that is published together, and the sums that link them.

Every count of every table becomes a variable; cells that count the same are one
(`publish.meaning`), and so share whether they are hidden. The sums are those within tables and
those by which the cells of one table make up a cell of another.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import pandas as pd

from sufficiency_lib.publish.attack import Solved, too_narrow
from sufficiency_lib.publish.cover import cover
from sufficiency_lib.publish.disclosure import BASE_PREFIX, Settings, classify
from sufficiency_lib.publish.meaning import Identity, identity
from sufficiency_lib.publish.nested import SPARE_RULE, rings
from sufficiency_lib.publish.relations import Member, find_relations
from sufficiency_lib.publish.specs import TableSpec

#: How many times dearer than a part it is to hide a total, from which others are read; a part
#: from which more is read; and what another table prints, so that hiding it here is little use.
_TOTAL, _KEPT, _KNOWN = 4, 4, 20
#: What hiding a nought costs: more than a count of any size, as a reader may know that there can
#: be none, and then a nought hides nothing.
_NOUGHT = 100

Row = tuple[str, ...]
#: Table, row and column.
Cell = tuple[str, Row, str]

#: Keys that say the day or the year of a row.
_DATED = frozenset({
    "as_at", "year_ending", "period", "month", "start_date", "end_date", "return_year"
})


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

    @property
    def is_dated(self) -> bool:
        """Whether its rows say their day or year, and so count the same on any page."""
        return not _DATED.isdisjoint(self.spec.keys) and not _DATED.isdisjoint(self.frame.columns)


@dataclass(frozen=True)
class Count:
    """One count of a table.

    place  its row's position and its column
    cell   where it is published
    who    whom it counts; where only its own table says that, the cell and its day
    value  as it is
    base   the children behind it, where they are counted apart; else NaN
    """

    place: tuple[int, str]
    cell: Cell
    who: Identity | tuple[Cell, str]
    value: float
    base: float


@dataclass(frozen=True)
class Counted:
    """A table as read: its name and digest, its counts, a list a column, and its own sums."""

    table: str
    digest: str
    columns: tuple[tuple[Count, ...], ...]
    sums: tuple[tuple[Member, ...], ...]


def row_names(spec: TableSpec, frame: pd.DataFrame) -> list[Row]:
    """What each row is about: its keys as text, and a number where rows are alike."""
    keys = [[_text(value) for value in frame[key].tolist()] for key in spec.keys if key in frame]
    seen: dict[Row, int] = {}
    names = []
    for at in range(len(frame)):
        name = tuple(column[at] for column in keys)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else (*name, str(seen[name])))
    return names


def digest(spec: TableSpec, frame: pd.DataFrame) -> str:
    """By which a frame is known again: of its rows' names and all that may be a count in it."""
    return _digest(frame, classify(frame, spec)[0], row_names(spec, frame))


def _digest(frame: pd.DataFrame, counts: Sequence[str], names: Sequence[Row]) -> str:
    bases = [name for name in (BASE_PREFIX + column for column in counts) if name in frame]
    cells = [[_text(value) for value in frame[name].tolist()] for name in (*counts, *bases)]
    told = json.dumps([names, counts, bases, cells], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:10] if isinstance(value, pd.Timestamp) else str(value)


def _number(value: object) -> float:
    return math.nan if isinstance(value, str) or pd.isna(value) else float(value)


def counted(part: Part) -> Counted:
    """Every count of a table and every sum that it names; what is not available is left out."""
    frame = part.frame.reset_index(drop=True)
    counts, _ = classify(frame, part.spec)
    names = row_names(part.spec, frame)
    columns_of = [frame[column].tolist() for column in frame]
    records = [dict(zip(frame, cells, strict=True)) for cells in zip(*columns_of, strict=True)]
    day = "" if part.is_dated else part.day
    columns = []
    for column in counts:
        listed = []
        for at, record in enumerate(records):
            value = _number(record[column])
            if math.isnan(value):
                continue
            cell = (part.spec.id, names[at], column)
            who = identity(part.kind, record, column, part.day) or (cell, day)
            base = _number(record.get(BASE_PREFIX + column, math.nan))
            listed.append(Count((at, column), cell, who, value, base))
        columns.append(tuple(listed))
    sums = find_relations(frame, part.spec.relations)
    return Counted(
        part.spec.id, _digest(frame, counts, names), tuple(columns),
        tuple(tuple(members) for members in sums),
    )


def all_counted(parts: Iterable[Part]) -> list[Counted]:
    """`counted` of each table; one drawn and printed from the same frame is read once."""
    once = {(part.spec.id, id(part.frame)): part for part in parts}
    return [counted(part) for part in once.values()]


class Edition:
    """The variables of what is published together, their values, and the sums among them.

    values  variable → its count
    cells   variable → where it is published; nowhere: it is the difference of two that are
    small   the variables that count so few that they must not be known
    sums    each a list of signed members that come to nought
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.values: dict[int, float] = {}
        self.cells: dict[int, list[Cell]] = {}
        self.small: set[int] = set()
        self.sums: list[list[Member]] = []
        self.known: dict[tuple[Identity | tuple[Cell, str], float], int] = {}
        self.lists: list[list[int]] = []
        self.meant: dict[int, Identity] = {}
        self._numbers = count()
        self._seen: set[frozenset[tuple[int | None, int]]] = set()

    @classmethod
    def of(cls, tables: Iterable[Counted], settings: Settings) -> Edition:
        """The edition of some tables that stand on one page."""
        made = cls(settings)
        for table in tables:
            made.add(table)
        made.link()
        return made

    def add(self, table: Counted, page: str = "") -> None:
        """Every count of a table, and the sums that it names.

        page  put before the names of tables, to tell the cells of one page from another's
        """
        here: dict[tuple[int, str], int] = {}
        for column in table.columns:
            for one in column:
                variable = here[one.place] = self._variable(one.who, one.value)
                name, row, of = one.cell
                cell = (page + name, row, of)
                if cell not in self.cells[variable]:
                    self.cells[variable].append(cell)
                if self._is_small(one.value) or self._is_small(one.base):
                    self.small.add(variable)
            self.lists.append([here[one.place] for one in column])
        for members in table.sums:
            self._add_sum(members, here)

    def _variable(self, who: Identity | tuple[Cell, str], value: float) -> int:
        # Two cells that should count the same and do not are kept apart, and so are their sums.
        key = (who, value)
        if key not in self.known:
            variable = self.known[key] = self._new(value)
            if isinstance(who, Identity):
                self.meant[variable] = who
        return self.known[key]

    def _new(self, value: float) -> int:
        variable = next(self._numbers)
        self.values[variable], self.cells[variable] = value, []
        return variable

    def _is_small(self, number: float) -> bool:
        return 0 < number <= self.settings.threshold

    def _add_sum(self, members: Sequence[Member], here: Mapping[tuple[int, str], int]) -> None:
        changed = []
        for member in members:
            if member.cell is not None and member.cell not in here:
                return
            cell = None if member.cell is None else here[member.cell]
            if cell is None and not member.is_total and self._is_small(member.value):
                # What is left over, though no table prints it, is worked out as easily.
                cell = self._new(member.value)
                self.small.add(cell)
            changed.append(
                Member(cell, member.value, member.sign, member.is_total, member.is_kept,
                       member.is_known, member.is_private)
            )
        cells = [member.cell for member in changed if member.cell is not None]
        elsewhere = any(member.cell is None and member.is_total for member in changed)
        if elsewhere and all(cell in self.meant for cell in cells):
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

    def link(self) -> None:
        """The sums between tables, once all are added."""
        self._add_sums_between()
        self._add_rings()

    def tie(self, members: list[Member]) -> None:
        """Add a sum that no table names."""
        self._keep(members)

    def link_lists(self, lists: Sequence[Sequence[int]]) -> None:
        """The sums by which variables of several tables, listed together, make up others."""
        self.lists = [list(listed) for listed in lists]
        self._add_sums_between()

    def _add_rings(self) -> None:
        """The counts that no table prints, but two that are printed differ by."""
        for outer, inner in rings(self.meant, self.values):
            between, ring = self.values[outer] - self.values[inner], None
            if self._is_small(between):
                ring = self._new(between)
                self.small.add(ring)
            self.sums.append([
                Member(outer, self.values[outer], -1, is_total=not self._is_spare(outer)),
                Member(inner, self.values[inner], 1, is_total=not self._is_spare(inner)),
                Member(ring, between, 1, is_private=ring is None),
            ])

    def _is_spare(self, variable: int) -> bool:
        return self.meant[variable].of(SPARE_RULE) is not None

    def _add_sums_between(self) -> None:
        """The sums by which the cells of one table make up a cell of another.

        A list of cells that differ in one attribute only, and share none of its values, makes
        up any cell that says the same of everything else and whose values are some of theirs.
        """
        meant = self.meant
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

    def decide(
        self,
        hidden: set[int] | None = None,
        *,
        told: frozenset[int] = frozenset(),
        solved: Solved | None = None,
    ) -> set[int]:
        """What is hidden, so that no small count can be worked out.

        hidden  what is hidden to begin with; None: what is small
        told    what is known whatever is hidden now
        solved  what the attack found of other editions (see `attack.too_narrow`)

        A reader who takes every "c" for one child or more must find a small count to be any of
        1 to the threshold; and one who takes it for nothing, or more, must find it no nearer.
        """
        threshold, small = self.settings.threshold, self.small - told
        hidden = small if hidden is None else hidden - told
        cost = self._costs(told)
        for least, width in ((1, threshold - 1), (0, threshold)):
            found = too_narrow(
                self.values, self.sums, hidden, small, width=width, least=least, solved=solved
            )
            hidden = cover(
                self.values, self.sums, hidden, found, cost=cost, width=width, least=least
            )
        return hidden

    def _costs(self, told: frozenset[int]) -> dict[int, float]:
        """What is lost by hiding each count: more for a large one, and wherever it is printed."""
        times = dict.fromkeys(self.values, 1)
        for role, dearer in (("is_total", _TOTAL), ("is_kept", _KEPT), ("is_known", _KNOWN)):
            for cell in {m.cell for each in self.sums for m in each if getattr(m, role)}:
                if cell is not None:
                    times[cell] *= dearer
        return {
            variable: (1 + math.log1p(value) if value else _NOUGHT)
            * len(self.cells[variable]) * times[variable]
            for variable, value in self.values.items()
            if variable not in told
        }


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
