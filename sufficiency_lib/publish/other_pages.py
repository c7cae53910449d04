"""A page beside others of the same children: what one hides the other must not tell.

Last year's page of the same run prints many of the same counts: its figures are the earlier
column of this year's. It is taken to be published as it would be alone, and that cannot be
changed any more: what it shows is known. So this year's page begins with what it would hide
alone, and hides more of its own cells until no small count of either page can be worked out
from both.

Last year's page was itself made beside the one before it, so it hides no less than is assumed
here; and a reader who knows less can work out no more.

A consortium's counts are the sums of its members', whose own pages print those and are taken to be
published as they would be alone. What a member hides beside its small counts it may show on its
next page; so the sum of one small count and of others that are not is always hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sufficiency_lib.publish.attack import Solved
from sufficiency_lib.publish.disclosure import Settings
from sufficiency_lib.publish.linked import Counted, Edition, Part, all_counted
from sufficiency_lib.publish.meaning import MEANINGS
from sufficiency_lib.publish.members_pages import OF_PAGE, as_members, tie_members
from sufficiency_lib.publish.plan import Plan, as_plan, plan_of

#: Put before the names of last year's tables.
BEFORE = f"last year{OF_PAGE}"


#: A page as published: its tables, and what it hides.
Published = tuple[Sequence[Counted], Plan]


@dataclass(frozen=True)
class MemberPage:
    """The page of a consortium's member, as published.

    member  its name
    slug    told apart by
    parts   every table of it, with nothing hidden
    plan    what it hides
    """

    member: str
    slug: str
    parts: Sequence[Part]
    plan: Plan

    def read(self) -> Published:
        """Its tables, each count said to be of its children, and what it hides."""
        return as_members(all_counted(self.parts), self.member, self.slug), self.plan


@dataclass(frozen=True)
class OtherPages:
    """What else a reader has beside a page.

    pages    what stands before the names of a page's tables → that page as published
    members  of those, the pages of a consortium's members of the same day
    """

    pages: Mapping[str, Published] = field(default_factory=dict)
    members: tuple[str, ...] = ()

    def and_also(self, page: str, published: Published) -> OtherPages:
        """These and one more."""
        return replace(self, pages={**self.pages, page: published})


def plan_after(
    parts: Iterable[Part],
    before: Iterable[Part],
    settings: Settings,
    *,
    members: Sequence[MemberPage] = (),
    members_before: Sequence[MemberPage] = (),
) -> Plan:
    """Which cells of this year's tables are hidden, other pages being published.

    parts           every table of this year's page, with nothing hidden
    before          every table of last year's, likewise; none: there was no page
    settings        the threshold of the profile, today's for both
    members         the pages of a consortium's members, of the same day
    members_before  theirs of last year, beside which last year's page was made
    """
    parts, solved = list(parts), Solved()
    others = other_pages(
        parts, before, settings, members=members, members_before=members_before, solved=solved
    )
    return plan_beside(all_counted(parts), others, settings, solved=solved)


def other_pages(
    parts: Sequence[Part],
    before: Iterable[Part],
    settings: Settings,
    *,
    members: Sequence[MemberPage] = (),
    members_before: Sequence[MemberPage] = (),
    solved: Solved | None = None,
) -> OtherPages:
    """The pages beside which this year's is decided, each as it is published; as `plan_after`."""
    before = undated_as_now(parts, list(before))
    pages = {f"{one.slug} {BEFORE}": one.read() for one in members_before}
    if before:
        tables = all_counted(before)
        theirs = OtherPages(*_of_members(members_before))
        pages[BEFORE] = tables, plan_beside(tables, theirs, settings, solved=solved)
    today, named = _of_members(members)
    return OtherPages({**pages, **today}, named)


def _of_members(members: Sequence[MemberPage]) -> tuple[dict[str, Published], tuple[str, ...]]:
    pages = {one.slug + OF_PAGE: one.read() for one in members}
    return pages, tuple(pages)


def plan_beside(
    tables: Sequence[Counted],
    others: OtherPages,
    settings: Settings,
    *,
    start: Plan | None = None,
    solved: Solved | None = None,
) -> Plan:
    """Which cells of a page's tables are hidden, other pages being published.

    tables  every table of the page
    others  the other pages
    start   what is hidden to begin with; None: what the page would hide alone
    solved  what the attack found of other editions (see `attack.too_narrow`)
    """
    now = plan_of(tables, settings, solved) if start is None else start.deciding(tables)
    if not others.pages:
        return now
    listed = {page: counts for page, (counts, _) in others.pages.items()}
    edition = joined(tables, listed, settings)
    apart = tie_members(edition, others.members) if others.members else set()
    plans = {"": now} | {page: plan for page, (_, plan) in others.pages.items()}
    hidden, told = as_read(edition, plans)
    decided = edition.decide(hidden | apart | edition.small, told=told, solved=solved)
    more = as_plan(edition, decided).hidden
    # What another page has told stays hidden here: next year's page relies on it.
    return Plan({
        name: now.hidden.get(name, frozenset()) | more.get(name, frozenset())
        for name in {*now.hidden, *more} if OF_PAGE not in name
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


def joined(
    tables: Iterable[Counted], others: Mapping[str, Iterable[Counted]], settings: Settings
) -> Edition:
    """Several pages as one edition, in which a count that two of them print is one variable.

    others  what stands before the names of a page's tables → its tables
    """
    edition = Edition(settings)
    for page, listed in {"": tables, **others}.items():
        for table in listed:
            edition.add(table, page)
    edition.link()
    return edition


def as_read(
    edition: Edition, plans: Mapping[str, Plan]
) -> tuple[set[int], frozenset[int]]:
    """What a reader of all pages does not see, and what others than this have told already.

    plans  what stands before the names of a page's tables, blank for this one → what it hides
    """
    hidden, told = set(), set()
    for variable, cells in edition.cells.items():
        shown = []
        for table, row, column in cells:
            page, of, name = table.rpartition(OF_PAGE)
            if (row, column) not in plans[page + of].hidden.get(name, ()):
                shown.append(page)
        if any(shown):
            told.add(variable)
        elif not shown:
            hidden.add(variable)
    return hidden, frozenset(told)
