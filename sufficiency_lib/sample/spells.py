"""A stay with one carer, and the address it is at."""

from __future__ import annotations

from dataclasses import dataclass, field

from sufficiency_lib.sample.calibration import LAST_YEAR
from sufficiency_lib.sample.cohort import CarePeriod
from sufficiency_lib.sample.days import year_end

HORIZON = year_end(LAST_YEAR)
STILL_THERE = 10**9
"""Later than any day there is."""


@dataclass
class Home:
    """A household, children's home or other address that children are placed at."""

    number: int
    cell: str
    provider: str
    postcode: int
    capacity: int
    urn: str
    stays: list[tuple[int, int]] = field(default_factory=list)
    """From and to of every child's stay; STILL_THERE ends one that has not ended."""
    closes: int = STILL_THERE
    """The day from which nobody new is placed: carers retire."""

    def room_on(self, when: int, children: int = 1) -> bool:
        """Whether there are free places for so many children on a day."""
        taken = sum(end > when for _, end in self.stays)
        return when < self.closes and taken + children <= self.capacity


@dataclass
class Spell:
    """A stay with one carer."""

    period: CarePeriod
    start: int
    end: int | None
    """The day the child left; None if the child was still there at the last 31 March."""
    cell: str
    places: list[tuple[int, str]] = field(default_factory=list)
    """Place codes and the days they began: a status can change with the same carer."""
    away: list[tuple[int, int | None, str]] = field(default_factory=list)
    """Temporary times elsewhere: from, to, T code."""
    same_carer_as_before: bool = False
    near: bool = True
    postcode_fault: str = ""
    postcode: int | None = None
    provider: str = ""
    urn: str = ""
    home: Home | None = None
    beside: Spell | None = None
    """The stay of the brother or sister that this one is with, if it is with one."""

    def household(self) -> Spell:
        """The stay that the home is found for: that of the sibling, or this one."""
        return self.beside or self

    def stop(self) -> int:
        """The day after the last night in the returns."""
        return HORIZON + 1 if self.end is None else self.end

    def open_at_horizon(self) -> bool:
        """Still there at the last 31 March."""
        return self.end is None

    def away_at_horizon(self) -> bool:
        """In a temporary placement at the last 31 March."""
        return any(end is None for _, end, _ in self.away)
