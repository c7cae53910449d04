"""The sums that tie published cells together, found in a frame.

A reader who knows a sum and all its parts but one knows the part. A table's specification
names its sums with the three classes here; `find_relations` lays them over the rows of a
frame, and the gate (`publish.disclosure`) sees that none gives a hidden cell away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

#: Words that mark the total row of a key column.
TOTAL_VALUES = ("all", "total")


@dataclass(frozen=True)
class RowSum:
    """Within each row, `parts` add up to `total`.

    total None: the total stands in another table, so it is taken as known. Where the parts
    fall short of the total, the rest counts as a part that the table does not print.
    keep: parts to hide only if nothing else will do, because more is read from them.
    """

    parts: tuple[str, ...]
    total: str | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnSum:
    """Within each group of rows that share `by`, the rows of `column` add up.

    key     the key column that tells the total from its parts
    total   the value of `key` on the total row; None: any of TOTAL_VALUES, and where no row
            has it the total stands in another table, so it is taken as known
    parts   the values of `key` that are parts; None: every row but the total
    less    the values of `key` that are taken off
    keep    the values of `key` to hide only if nothing else will do
    total_first  whether the total is to be hidden before any of `keep`
    known   the values of `key` that other tables print, so that hiding them here is no use
    latest  a column: only the rows with its last value add up to what is printed elsewhere
    rest_is_private  whether what the parts fall short by is printed nowhere: then the sum
            gives nothing away, unless the rest is itself too small to be known
    """

    column: str
    by: tuple[str, ...] = ()
    key: str | None = None
    total: str | None = None
    parts: tuple[str, ...] | None = None
    less: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    total_first: bool = False
    known: tuple[str, ...] = ()
    latest: str | None = None
    rest_is_private: bool = False


@dataclass(frozen=True)
class SameValue:
    """Rows that share `by` repeat the same number in `column`."""

    column: str
    by: tuple[str, ...]


Relation = RowSum | ColumnSum | SameValue


@dataclass(frozen=True)
class Member:
    """One term of a sum: its cell (row position, column), value and sign.

    cell None: a number that the table does not print but a reader could work out.
    is_kept: hidden late. is_known: printed elsewhere too, so hidden last. is_private: not
    printed, and not to be worked out unless all the others are known.
    """

    cell: tuple[int, str] | None
    value: float
    sign: int
    is_total: bool = False
    is_kept: bool = False
    is_known: bool = False
    is_private: bool = False


def find_relations(frame: pd.DataFrame, relations: Sequence[Relation]) -> list[list[Member]]:
    """Every sum that `relations` name in `frame`, as lists of members that add up to zero.

    A sum with a number that is not available is left out: nothing follows from it. So is
    one whose columns the frame does not have.

    >>> frame = pd.DataFrame({"within": [9], "beyond": [3], "children": [12]})
    >>> [[m.sign for m in row] for row in
    ...  find_relations(frame, [RowSum(("within", "beyond"), "children")])]
    [[-1, 1, 1]]
    """
    read = _Read(frame)
    found: list[list[Member]] = []
    for relation in relations:
        if isinstance(relation, RowSum):
            found.extend(_row_sums(read, relation))
        elif isinstance(relation, ColumnSum):
            found.extend(_column_sums(read, relation))
        else:
            found.extend(_same_values(read, relation))
    return [members for members in found if not any(math.isnan(m.value) for m in members)]


class _Read:
    """The columns of a frame as lists, each made once: a table has many sums."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns, self.rows = frozenset(frame.columns), len(frame)
        self._frame = frame
        self.numbers = cache(self._numbers)
        self.words = cache(self._words)
        self.groups = cache(self._groups)

    def _numbers(self, column: str) -> list[float]:
        """A column as numbers; NaN for what is not one."""
        return [math.nan if isinstance(value, str) or pd.isna(value) else float(value)
                for value in self._frame[column].tolist()]

    def _words(self, column: str) -> list[str]:
        return self._frame[column].map(str).tolist()

    def _groups(self, by: tuple[str, ...]) -> list[list[int]]:
        """Positions of the rows that share `by`, in the order in which they come."""
        groups: dict[tuple[str, ...], list[int]] = {}
        columns = [self.words(column) for column in by]
        for row in range(self.rows):
            groups.setdefault(tuple(column[row] for column in columns), []).append(row)
        return list(groups.values())


def _close(total: Member, parts: Iterable[Member], *, private: bool = False) -> list[Member]:
    """A sum with its unprinted rest, if the printed parts fall short of the total."""
    members = [total, *parts]
    rest = total.value - sum(member.sign * member.value for member in members[1:])
    if not math.isnan(rest) and abs(rest) > 1e-9:
        members.append(Member(None, abs(rest), 1 if rest > 0 else -1, is_private=private))
    return members


def _row_sums(read: _Read, relation: RowSum) -> Iterable[list[Member]]:
    parts = [column for column in relation.parts if column in read.columns]
    if not parts or (relation.total is not None and relation.total not in read.columns):
        return
    totals = [] if relation.total is None else read.numbers(relation.total)
    for row in range(read.rows):
        members = [
            Member((row, c), read.numbers(c)[row], 1, is_kept=c in relation.keep)
            for c in parts
        ]
        if relation.total is None:
            total = Member(None, sum(m.value for m in members), -1, True)
        else:
            total = Member((row, relation.total), totals[row], -1, True)
        yield _close(total, members)


def _column_sums(read: _Read, relation: ColumnSum) -> Iterable[list[Member]]:
    needed = [relation.column, *relation.by, relation.key, relation.latest]
    if any(column is not None and column not in read.columns for column in needed):
        return
    totals = (relation.total,) if relation.total else TOTAL_VALUES
    numbers = read.numbers(relation.column)
    keys = read.words(relation.key) if relation.key else [""] * read.rows
    for rows in read.groups(relation.by):
        rows = _latest_rows(read, rows, relation.latest)
        total_rows = [r for r in rows if relation.key and keys[r] in totals]
        parts = [
            Member(
                (r, relation.column),
                numbers[r],
                -1 if keys[r] in relation.less else 1,
                is_kept=keys[r] in relation.keep,
                is_known=keys[r] in relation.known,
            )
            for r in rows
            if r not in total_rows
            and (relation.parts is None or keys[r] in (*relation.parts, *relation.less))
        ]
        if not parts or (relation.total and not total_rows):
            continue
        if total_rows:
            cell = (total_rows[0], relation.column)
            total = Member(cell, numbers[cell[0]], -1, not relation.total_first)
            yield _close(total, parts, private=relation.rest_is_private)
        else:
            yield [Member(None, sum(m.value for m in parts), -1, True), *parts]


def _latest_rows(read: _Read, rows: list[int], column: str | None) -> list[int]:
    if column is None or not read.rows:
        return rows
    moments = read.words(column)
    last = max(moments)
    return [r for r in rows if moments[r] == last]


def _same_values(read: _Read, relation: SameValue) -> Iterable[list[Member]]:
    if any(column not in read.columns for column in (relation.column, *relation.by)):
        return
    numbers = read.numbers(relation.column)
    for rows in read.groups(relation.by):
        for first, second in zip(rows, rows[1:], strict=False):
            one, two = numbers[first], numbers[second]
            if one == two:
                yield [
                    Member((first, relation.column), one, -1, True),
                    Member((second, relation.column), two, 1),
                ]
