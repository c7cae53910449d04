"""What the pages of a consortium's members tell of its own: their counts add up to its counts.

A member's page counts the member's children, which the consortium's page counts with the others'.
So each of its counts is given the member as a condition more, and the sums over all members are
added to what a reader can use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.publish.linked import Count, Counted, Edition
from sufficiency_lib.publish.meaning import Identity
from sufficiency_lib.publish.meaning_members import MEMBER, OWN
from sufficiency_lib.publish.nested import NESTED_RULES
from sufficiency_lib.publish.relations import Member

#: What follows the name of a page before the names of its tables; no id of a table has it.
OF_PAGE = ": "

_NOT_KNOWN = frozenset({"not_known"})
#: The rule that asks nothing of the area of the authority responsible.
_OF_THE_HOME = "home_20_miles"


def as_members(tables: Iterable[Counted], member: str, slug: str) -> list[Counted]:
    """A member's tables, each count said to be of the member's children.

    member  as the column member has it
    slug    by which the tables of its page are told from another's
    """
    def of_member(one: Count) -> Count:
        if isinstance(one.who, Identity):
            return replace(one, who=_of_member(one.who, member))
        cell, day = one.who
        return replace(one, who=((slug + OF_PAGE + cell[0], *cell[1:]), day))

    return [
        replace(table, columns=tuple(tuple(map(of_member, column)) for column in table.columns))
        for table in tables
    ]


def _of_member(who: Identity, member: str) -> Identity:
    conditions = {_attribute(name, values): values for name, values in who.conditions}
    conditions[MEMBER] = frozenset({member})
    return Identity(who.family, who.when, tuple(sorted(conditions.items(), key=lambda one: one[0])))


def _attribute(name: str, values: frozenset[str]) -> str:
    """The attribute as the consortium's page would have it: a member's area is not its area."""
    if name not in LOCALITY_RULES or name == _OF_THE_HOME:
        return name
    # Where a placement is not known to be, it is not known for the consortium either.
    return name if values == _NOT_KNOWN else OWN + name


def tie_members(edition: Edition, pages: Sequence[str]) -> set[int]:
    """Add the sums over all members, of which each page prints one part.

    pages    what stands before the names of each member's tables
    returns  the totals that must be hidden whatever the members' pages hide: those of one small
             count and others that are not
    """
    before = len(edition.sums)
    _tie_meant(edition)
    _tie_areas(edition)
    _tie_cells(edition, pages)
    return {
        member.cell for tied in edition.sums[before:] for member in tied
        if member.is_total and member.cell is not None and _gives_away(tied, edition.small)
    }


def _gives_away(tied: Sequence[Member], small: set[int]) -> bool:
    """Whether a total less all parts but one is a small count."""
    parts = [member.cell for member in tied if not member.is_total]
    return len(parts) > 1 and sum(part in small for part in parts) == 1


def _tie_meant(edition: Edition) -> None:
    """Counts that say whom they count: alike but for the member."""
    alike: dict[Identity, list[int]] = {}
    for variable, who in edition.meant.items():
        if who.of(MEMBER) is not None:
            alike.setdefault(who.without(MEMBER), []).append(variable)
    edition.link_lists([listed for listed in alike.values() if len(listed) > 1])


def _tie_areas(edition: Edition) -> None:
    """Counts near a member's own area, and the same near that of all members together.

    They differ by the children whom one member places with another. A reader may know that there
    are none, or how many: the difference is taken to be known.
    """
    whole = {who: variable for variable, who in edition.meant.items() if who.of(MEMBER) is None}
    parts: dict[Identity, list[int]] = {}
    for variable, who in edition.meant.items():
        if who.of(MEMBER) is not None and (wide := _of_all(who)) in whole:
            parts.setdefault(wide, []).append(variable)
    for who, listed in parts.items():
        total = edition.values[whole[who]]
        rest = total - sum(edition.values[part] for part in listed)
        edition.tie([
            Member(whole[who], total, -1, is_total=True),
            *(Member(part, edition.values[part], 1) for part in listed),
            *([Member(None, abs(rest), 1 if rest > 0 else -1)] if rest else []),
        ])


def _of_all(who: Identity) -> Identity | None:
    """A member's count as the consortium's page would count it; None where it has no area."""
    own = [name for name, _ in who.conditions if name.removeprefix(OWN) in NESTED_RULES
           and name.startswith(OWN)]
    if not own:
        return None
    conditions = {name.removeprefix(OWN): values for name, values in who.conditions
                  if name != MEMBER}
    return Identity(who.family, who.when, tuple(sorted(conditions.items(), key=lambda one: one[0])))


def _tie_cells(edition: Edition, pages: Sequence[str]) -> None:
    """Counts that only their own table tells: the same cell of every page."""
    at = {cell: variable for variable, cells in edition.cells.items() for cell in cells}
    for (table, row, column), whole in at.items():
        if whole in edition.meant or OF_PAGE in table:
            continue
        parts = [at[cell] for page in pages if (cell := (page + table, row, column)) in at]
        together = sum(edition.values[part] for part in parts)
        if parts and together == edition.values[whole] and whole not in parts:
            edition.tie([
                Member(whole, together, -1, is_total=True),
                *(Member(part, edition.values[part], 1) for part in parts),
            ])
