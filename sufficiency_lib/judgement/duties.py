"""The duty clause by clause: the figure that answers each, or what data would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.judgement import clauses_act, clauses_box, clauses_guidance, clauses_lga
from sufficiency_lib.judgement.clause import Clause, Figure, Finder, figures
from sufficiency_lib.judgement.clause_figures import DATA, RETURNS

SOURCES = ("children_act", "guidance_4_7", "box_1", "box_2", "lga")

CLAUSES: tuple[Clause, ...] = (
    *clauses_act.CLAUSES, *clauses_guidance.CLAUSES, *clauses_box.CLAUSES, *clauses_lga.CLAUSES,
)

COLUMNS = ("source", "clause", "asks", "evidenced", "measure", "rule", "value", "unit",
           "stands_in", "would_show")

_NO_FIGURE = Figure("", "", "", "", "")


def duties(
    shown: Mapping[str, pd.DataFrame],
    *,
    rule: str,
    day: object,
    clauses: Sequence[Clause] = CLAUSES,
) -> pd.DataFrame:
    """Each clause of the duty beside the figures that answer it.

    shown    table id → frame as the page shows it (numbers, or the marks c, z, x and k), or
             undisclosed; a table that could not be made is absent or has no rows
    rule     the locality rule in force
    day      the date of the page; a figure is of the newest date up to it, a forecast of one
             after it
    clauses  those of the Act, the guidance and the resource pack, unless others are given
    returns  COLUMNS, one row a figure, and one for a clause without any: source, clause, asks,
             evidenced (yes: the figures answer the clause; in_part: they answer some of it; no),
             measure, rule (the locality rule of the figure; ""), value (a number, or the mark c
             or k as the table has it; "" without a figure), unit, stands_in (table id),
             would_show (in the first row of a clause: what is not evidenced, and which data
             would; "" where all is)

    A suppressed figure is evidence and stays a mark; one that is not available (x), not
    applicable (z) or blank is none. Nothing is worked out here: a value is the cell of a table.

    Source: Children Act 1989, sections 22C and 22G; sufficiency guidance (2010), 2.13, Boxes 1
    and 2, 4.5 and 4.7 to 4.9; LGA resource pack.

    >>> none = duties({}, rule="in_area", day="2025-03-31")
    >>> none["evidenced"].unique().tolist(), len(none) == len(CLAUSES)
    (['no'], True)
    """
    rows = [row for clause in clauses for row in _rows(clause, shown, rule, day)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _rows(
    clause: Clause, shown: Mapping[str, pd.DataFrame], rule: str, day: object
) -> list[tuple[object, ...]]:
    """The rows of one clause."""
    taken = [(finder, figures(finder, shown, rule=rule, day=day)) for finder in clause.finders]
    found = [figure for _, some in taken for figure in some]
    lacking = [finder for finder, some in taken if not some]
    missing = _not_told(clause, lacking) if found else clause.would_show
    evidenced = "no" if not found else "in_part" if missing else "yes"
    return [
        (clause.source, clause.code, clause.asks, evidenced, figure.measure, figure.rule,
         figure.value, figure.unit, figure.stands_in, "" if number else missing)
        for number, figure in enumerate(found or [_NO_FIGURE])
    ]


def _not_told(clause: Clause, lacking: Sequence[Finder]) -> str:
    """What the figures leave open, and those that are not there, each with its data."""
    by_data: dict[str, list[str]] = {}
    for finder in lacking:
        names = by_data.setdefault(DATA.get(finder.table, RETURNS), [])
        name = finder.plainly()
        if name not in names:
            names.append(name)
    absent = [f"Not shown: {'; '.join(names)}. It takes {data}." for data, names in by_data.items()]
    return " ".join(filter(None, [clause.in_part, *absent]))


def coverage(frame: pd.DataFrame) -> pd.DataFrame:
    """How many clauses of each source are answered.

    frame    of `duties`
    returns  source (in the order of SOURCES), clauses, answered, answered_in_part,
             not_evidenced: clauses, each counted once, which add up

    >>> coverage(duties({}, rule="in_area", day="2025-03-31")).loc[2, "not_evidenced"].item()
    12
    """
    once = frame.drop_duplicates(["source", "clause"])
    rows = []
    for source in SOURCES:
        stands = once.loc[once["source"] == source, "evidenced"]
        counts = [int((stands == one).sum()) for one in ("yes", "in_part", "no")]
        rows.append((source, len(stands), *counts))
    columns = ["source", "clauses", "answered", "answered_in_part", "not_evidenced"]
    return pd.DataFrame(rows, columns=columns)
