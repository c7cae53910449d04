"""The page of this year beside that of last year: what one hides the other must not tell.

Last year's page of the same run prints many of the same counts: its figures are the earlier
column of this year's. It is taken to be published as it would be alone, and that cannot be
changed any more: what it shows is known. So this year's page begins with what it would hide
alone, and hides more of its own cells until no small count of either page can be worked out
from both.

Last year's page was itself made beside the one before it, so it hides no less than is assumed
here; and a reader who knows less can work out no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sufficiency_lib.publish.attack import Solved
from sufficiency_lib.publish.disclosure import Settings
from sufficiency_lib.publish.linked import Counted, Edition, Part, all_counted
from sufficiency_lib.publish.meaning import MEANINGS
from sufficiency_lib.publish.plan import Plan, as_plan, plan_of

#: Put before the names of last year's tables; no id of a table has a colon.
BEFORE = "last year: "


def plan_after(parts: Iterable[Part], before: Iterable[Part], settings: Settings) -> Plan:
    """Which cells of this year's tables are hidden, last year's page being published.

    parts     every table of this year's page, with nothing hidden
    before    every table of last year's, likewise; none: there was no page
    settings  the threshold of the profile, today's for both
    """
    parts, before = list(parts), list(before)
    solved: Solved = {}
    tables, earlier = all_counted(parts), all_counted(undated_as_now(parts, before))
    now = plan_of(tables, settings, solved)
    if not earlier:
        return now
    edition = joined(tables, earlier, settings)
    then = plan_of(earlier, settings, solved)
    hidden, told = as_read(edition, now, then)
    decided = edition.decide(hidden, told=told, solved=solved)
    more = as_plan(edition, decided).hidden
    # What last year's page has told stays hidden here: next year's page relies on it.
    return Plan({
        name: now.hidden.get(name, frozenset()) | more.get(name, frozenset())
        for name in {*now.hidden, *more} if not name.startswith(BEFORE)
    }, now.decided)


def is_on_both(part: Part) -> bool:
    """Whether the pages of two years could print the same count of a table, or of another."""
    return part.is_dated or part.kind in MEANINGS


def undated_as_now(parts: Sequence[Part], before: Sequence[Part]) -> list[Part]:
    """Last year's tables, those that a year changes nothing in being this year's.

    A table that says no day, and none of whose cells another table prints, counts the same on
    both pages where both are alike: the rows of the returns, for one.
    """
    now = {part.spec.id: part for part in parts if part.kind not in MEANINGS}
    return [
        replace(part, day=now[part.spec.id].day)
        if part.spec.id in now and part.frame.equals(now[part.spec.id].frame)
        else part
        for part in before
    ]


def joined(tables: Iterable[Counted], earlier: Iterable[Counted], settings: Settings) -> Edition:
    """Both pages as one edition, in which a count that both print is one variable."""
    edition = Edition(settings)
    for table in tables:
        edition.add(table)
    for table in earlier:
        edition.add(table, BEFORE)
    edition.link()
    return edition


def as_read(edition: Edition, now: Plan, then: Plan) -> tuple[set[int], frozenset[int]]:
    """What a reader of both pages does not see, and what last year's page has told already."""
    hidden, told = set(), set()
    for variable, cells in edition.cells.items():
        shown = [
            table.startswith(BEFORE) for table, row, column in cells
            if (row, column) not in (then if table.startswith(BEFORE) else now).hidden.get(
                table.removeprefix(BEFORE), ())
        ]
        if any(shown):
            told.add(variable)
        elif not shown:
            hidden.add(variable)
    return hidden, frozenset(told)
