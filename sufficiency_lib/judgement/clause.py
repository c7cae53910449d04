"""A clause of the duty, and the finders that take its figures from the tables of the page.

A clause is data (see `clauses_act` and its neighbours): what it asks in plain words, where the
figures that answer it stand, and what no figure of the suite says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from sufficiency_lib.judgement.shown import HIDDEN, Shown, last_day
from sufficiency_lib.metrics.stock import iso, long_date

#: `Finder.rule`: the rule of the page, or whichever one the table is made for.
IN_FORCE, OF_ROW = "in_force", "of_row"
#: `Finder.when`: on or before the day; the first after it; the last of all.
NEWEST, NEXT, FURTHEST = "newest", "next", "furthest"

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Figure:
    """One figure of a shown table: its name in words, rule, value or mark, unit and table."""

    measure: str
    rule: str
    value: object
    unit: str
    stands_in: str


@dataclass(frozen=True)
class Finder:
    """Where a figure stands.

    table    the id of the table
    column   the column that holds the figure
    measure  its name in words; {column} takes the row's own text, {on} the date in words
    unit     of the figure
    where    column → value, of the rows to take
    dated    the column of the dates among which `when` chooses; "": the table has one date
    when     NEWEST, NEXT or FURTHEST
    rule     "": none; IN_FORCE, OF_ROW or a rule's code, by which the rows are taken
    take     at most so many rows, in the table's order
    """

    table: str
    column: str
    measure: str
    unit: str
    where: tuple[tuple[str, str], ...] = ()
    dated: str = ""
    when: str = NEWEST
    rule: str = ""
    take: int = 1

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The columns that the name of the measure takes its words from."""
        return tuple(name for name in re.findall(r"{(\w+)}", self.measure) if name != "on")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the table must have."""
        ruled = ("rule",) if self.rule else ()
        dated = (self.dated,) if self.dated else ()
        return (self.column, *(name for name, _ in self.where), *dated, *ruled, *self.named)

    def plainly(self) -> str:
        """The name of the measure without what a row would put into it.

        >>> Finder("t", "n", "Places in the year to {on}, middle: {label}", "places").plainly()
        'Places, middle'
        """
        unnamed = re.sub(r"(?: in the year to| on| in| graded)? {\w+}", "", self.measure)
        return unnamed.partition(":")[0]


@dataclass(frozen=True)
class Clause:
    """One clause, paragraph, point or question.

    source      children_act, guidance_4_7, box_1, box_2 or lga
    code        how it is cited
    asks        what it asks, in plain words
    would_show  where there is no figure: which data would show it
    finders     the figures that answer it
    in_part     what the figures leave open and which data would tell it; "": nothing
    """

    source: str
    code: str
    asks: str
    would_show: str
    finders: tuple[Finder, ...] = ()
    in_part: str = ""


def figures(finder: Finder, shown: Shown, *, rule: str, day: object) -> list[Figure]:
    """The figures that a finder takes from the tables of the page; none where they are not.

    shown    table id → frame, disclosed or not
    rule     the locality rule in force
    day      the date of the page
    returns  figures in the table's order. A mark of `HIDDEN` is a figure; a blank, z and x are
             not, nor is what an absent table, column or row would hold.

    >>> held = pd.DataFrame({"as_at": ["2024-03-31", "2025-03-31"], "children": [320, "c"]})
    >>> finder = Finder("stock", "children", "Children on {on}", "children", dated="as_at")
    >>> figures(finder, {"stock": held}, rule="in_area", day="2025-03-31")[0].value
    'c'
    >>> figures(finder, {"stock": held}, rule="in_area", day="2024-06-30")[0].measure
    'Children on 31 March 2024'
    """
    frame = shown.get(finder.table)
    if frame is None or frame.empty or not set(finder.columns) <= set(frame.columns):
        return []
    rows = _picked(finder, frame, rule, iso(day))
    found = [
        Figure(_said(finder, row), _rule_of(finder, row), _plain(row[finder.column]),
               finder.unit, finder.table)
        for row in rows.to_dict("records")
        if _is_there(row[finder.column])
    ]
    return found[: finder.take]


def _picked(finder: Finder, frame: pd.DataFrame, rule: str, day: str) -> pd.DataFrame:
    """The rows that a finder names, of the date it asks for."""
    asked = list(finder.where)
    if finder.rule not in ("", OF_ROW):
        asked.append(("rule", rule if finder.rule == IN_FORCE else finder.rule))
    # Tables are short and asked for often: a row at a time is quicker than a column.
    rows = list(range(len(frame)))
    for column, value in asked:
        cells = frame[column].tolist()
        rows = [at for at in rows if _text(cells[at]) == value]
    if finder.dated:
        cells = frame[finder.dated].tolist()
        ends = {at: last_day(cells[at]) for at in rows}
        chosen = _chosen(sorted(set(ends.values())), finder.when, day)
        rows = [at for at in rows if chosen and ends[at] == chosen]
    return frame.iloc[rows]


def _chosen(dates: Sequence[str], when: str, day: str) -> str:
    """The date that is asked for; "" where there is none. A year in other words is no day."""
    past = [one for one in dates if not _ISO_DATE.fullmatch(one) or one <= day]
    if when == NEWEST:
        return past[-1] if past else ""
    coming = [one for one in dates if one not in past]
    return (coming[0] if when == NEXT else coming[-1]) if coming else ""


def _text(value: object) -> str:
    """A cell as a finder names it: a whole number without a decimal point."""
    return str(value) if isinstance(value, str) or pd.isna(value) else f"{value:g}"


def _is_there(value: object) -> bool:
    return value in HIDDEN if isinstance(value, str) else bool(pd.notna(value))


def _plain(value: object) -> object:
    """A number of Python's own, so that a frame of figures reads the same whatever it is from."""
    if isinstance(value, str):
        return str(value)
    number = float(value)
    return int(number) if number.is_integer() else number


def _said(finder: Finder, row: Mapping[str, object]) -> str:
    on = long_date(last_day(row[finder.dated])) if finder.dated else ""
    return finder.measure.format(on=on, **{name: _text(row[name]) for name in finder.named})


def _rule_of(finder: Finder, row: Mapping[str, object]) -> str:
    held = row["rule"] if finder.rule else ""
    return held if isinstance(held, str) else ""


def fan(finder: Finder) -> tuple[Finder, Finder, Finder]:
    """The lower end, the middle and the upper end of a forecast figure.

    finder  of the middle: its column has p50 in its name

    >>> [one.column for one in fan(Finder("t", "gap_p50", "Gap", "places"))]
    ['gap_p10', 'gap_p50', 'gap_p90']
    """
    ends = {"p10": "lower end (one future in ten is below it)", "p50": "middle",
            "p90": "upper end (one in ten is above it)"}
    low, middle, high = (
        replace(finder, column=finder.column.replace("p50", end),
                measure=f"{finder.measure}: {words}")
        for end, words in ends.items()
    )
    return low, middle, high
