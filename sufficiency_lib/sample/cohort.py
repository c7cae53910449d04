"""Who comes into care, when, and for how long.

Children arrive in families. Entrants are drawn until the number looked after at each 31 March
is the plan's; nobody is added or taken away afterwards. About two in five entrants leave
within six months and one in eight stays five years or more (statutory guidance 2010, 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sufficiency_lib.sample.calibration import FIRST_YEAR, LAST_YEAR, AuthorityPlan
from sufficiency_lib.sample.days import YEAR, age_at, birthday, year_end
from sufficiency_lib.sample.geography import Geography
from sufficiency_lib.sample.shares import in_shares

ENTRY_AGES = ((0.0, 1.0, 0.26), (1.0, 5.0, 0.13), (5.0, 10.0, 0.15), (10.0, 16.0, 0.35),
              (16.0, 17.8, 0.11))  # fmt: skip
NEEDS = (("N1", 0.64), ("N2", 0.04), ("N3", 0.04), ("N4", 0.08), ("N5", 0.14), ("N6", 0.02),
         ("N7", 0.01), ("N8", 0.03))  # fmt: skip
OTHER_ETHNICITIES = (
    ("WOTH", 0.2), ("MWBC", 0.2), ("MOTH", 0.1), ("MWAS", 0.08), ("BCRB", 0.1), ("BAFR", 0.1),
    ("APKN", 0.07), ("AIND", 0.03), ("ABAN", 0.03), ("WROM", 0.04), ("OOTH", 0.05),
)  # fmt: skip
UASC_ETHNICITIES = (("BAFR", 0.4), ("OOTH", 0.3), ("AOTH", 0.25), ("WOTH", 0.05))
SIBLINGS = ((1, 0.64), (2, 0.17), (3, 0.13), (4, 0.06))
LEAVE_TOGETHER_SHARE = 0.85
ALIKE = 25
"""In how many families, one after the other, the shares of the ages are kept."""
RETURNER_SHARE = 0.08
HOME_BLANK_SHARE = 0.004


@dataclass
class Child:
    """A child who does not exist."""

    number: int
    born: int
    sex: str
    ethnicity: str
    family: int
    home: int | None
    """Row of the directory, or None for unaccompanied children and a few left blank."""
    is_uasc: bool
    latest_exit: int = 0
    """The end of the last care period drawn."""


@dataclass
class CarePeriod:
    """One period of being looked after; `end` is known even beyond the last return."""

    child: Child
    start: int
    end: int
    need: str

    def open_on(self, when: int) -> bool:
        """Looked after on the night of a day."""
        return self.start <= when < self.end

    def is_last(self) -> bool:
        """Whether the child never comes back: else adoption or death cannot end the period."""
        return self.child.latest_exit == self.end

    def age_on(self, when: int) -> float:
        """The child's age in years."""
        return age_at(self.child.born, when)


class Cohort:
    """Draws one authority's care periods, oldest year first."""

    def __init__(self, plan: AuthorityPlan, geography: Geography, rng: np.random.Generator):
        """For one plan, in one geography, with one generator."""
        self.plan = plan
        self.rng = rng
        self.children: list[Child] = []
        self.periods: list[CarePeriod] = []
        self.families = 0
        self._entry_ages: list[tuple[float, float]] = []
        usable = geography.usable
        self._local_homes = np.flatnonzero(usable & (geography.authority == plan.code))
        near = geography.miles_from(*plan.centre) < 45
        outside = usable & near & geography.english & (geography.authority != plan.code)
        self._outside_homes = np.flatnonzero(outside)

    def draw(self) -> list[CarePeriod]:
        """Every care period open on or after 31 March before the first return, to the last."""
        # Of the years before the first return, only those still looked after are kept.
        before = FIRST_YEAR - 1
        self._fill(year_end(before) - round(17.9 * YEAR), before, only_open=True)
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            self._fill(year_end(year - 1) + 1, year, only_open=False)
        return self.periods

    def _fill(self, first: int, year: int, *, only_open: bool) -> None:
        """Draw entrants from a day on until a 31 March has the plan's number looked after."""
        last = year_end(year)
        wanted = sum(self.plan.mix(year).values())
        opened = sum(period.open_on(last) for period in self.periods)
        while opened < wanted:
            for period in self._family(first, last):
                if (only_open and not period.open_on(last)) or opened == wanted:
                    continue
                opened += period.open_on(last)
                self._keep(period)

    def _keep(self, period: CarePeriod) -> None:
        child = period.child
        if child.number < 0:
            child.number = len(self.children)
            self.children.append(child)
        child.latest_exit = period.end
        self.periods.append(period)

    def _family(self, first: int, last: int) -> list[CarePeriod]:
        rng = self.rng
        start = int(rng.integers(first, last + 1))
        if rng.random() < self.plan.uasc_share:
            return [self._unaccompanied(start)]
        if rng.random() < RETURNER_SHARE and (returner := self._returner(start)):
            return [self._stay(returner, start)]
        self.families += 1
        home = None if rng.random() < HOME_BLANK_SHARE else self._home()
        eldest = self._entry_age()
        stays: list[CarePeriod] = []
        for position in range(draw(rng, SIBLINGS)):
            age = eldest if position == 0 else abs(eldest - rng.uniform(1, 5) * position)
            together = position == 0 or rng.random() < 0.65
            begin = start if together else min(last, start + int(rng.integers(3, 200)))
            child = self._child(begin, min(age, 17.5), home, "")
            stays.append(self._stay(child, begin))
            if position and home is None:
                # A blank address is a slip with one child; brothers and sisters have theirs.
                child.home = int(self._local_homes[self.families % len(self._local_homes)])
            if position and together and rng.random() < LEAVE_TOGETHER_SHARE:
                self._leave_with(stays[0], stays[-1])
        return stays

    def _leave_with(self, eldest: CarePeriod, younger: CarePeriod) -> None:
        """Let a child leave on the same day as the eldest, unless that is for being grown up."""
        grown_up = birthday(eldest.child.born, 18)
        if eldest.end < min(grown_up, birthday(younger.child.born, 18)):
            younger.end = eldest.end

    def _child(self, start: int, age: float, home: int | None, ethnicity: str) -> Child:
        rng = self.rng
        plain = "WBRI" if rng.random() < self.plan.white_british else draw(rng, OTHER_ETHNICITIES)
        return Child(
            number=-1,
            born=start - round(age * YEAR) - int(rng.integers(0, 3)),
            sex="1" if rng.random() < (0.9 if ethnicity else 0.54) else "2",
            ethnicity=ethnicity or plain,
            family=self.families,
            home=home,
            is_uasc=bool(ethnicity),
        )

    def _unaccompanied(self, start: int) -> CarePeriod:
        rng = self.rng
        self.families += 1
        age = float(np.clip(rng.normal(16.4, 0.8), 13.5, 17.7))
        child = self._child(start, age, None, draw(rng, UASC_ETHNICITIES))
        end = birthday(child.born, 18)
        if rng.random() < 0.12:
            end = min(end, start + int(rng.integers(20, 200)))
        return CarePeriod(child, start, max(end, start + 1), "N8")

    def _returner(self, start: int) -> Child | None:
        """Someone who left at least a fortnight before and is young enough to come back."""
        for _ in range(10):
            if not self.periods:
                return None
            child = self.periods[int(self.rng.integers(len(self.periods)))].child
            gone = child.latest_exit + 14 < start
            if gone and not child.is_uasc and 1 < age_at(child.born, start) < 17:
                return child
        return None

    def _stay(self, child: Child, start: int) -> CarePeriod:
        adult = birthday(child.born, 18)
        length = self._length(age_at(child.born, start), adult - start)
        need = draw(self.rng, NEEDS)
        return CarePeriod(child, start, min(adult, start + length), need)

    def _length(self, age: float, longest: int) -> int:
        """Days looked after: short, middling, or for the rest of childhood."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.42:
            return 1 + min(181, int(rng.exponential(62)))
        settles = 0.55 if age >= 13 else 0.0
        if rng.random() < (0.85 if age >= 16 else settles):
            return longest
        if age < 13 and chance < 0.59:
            if rng.random() < 0.7:
                return longest
            return int(rng.uniform(5, 10) * YEAR)
        return int(np.clip(rng.lognormal(np.log(1.45), 0.65), 0.5, 5) * YEAR)

    def _entry_age(self) -> float:
        if not self._entry_ages:
            self._entry_ages = in_shares([(a[:2], a[2]) for a in ENTRY_AGES], ALIKE, self.rng)
        low, high = self._entry_ages.pop()
        # Most babies come into care in the days after birth.
        place = self.rng.random() ** (4 if low == 0 else 1)
        return float(low + (high - low) * place)

    def _home(self) -> int:
        elsewhere = self.rng.random() < 0.02
        homes = self._outside_homes if elsewhere else self._local_homes
        return int(homes[self.rng.integers(len(homes))])


def pick(rng: np.random.Generator, weights: tuple[float, ...]) -> int:
    """The position of one weight, drawn in proportion."""
    chance = rng.random() * sum(weights)
    for position, weight in enumerate(weights):
        chance -= weight
        if chance < 0:
            return position
    return len(weights) - 1


def draw(rng: np.random.Generator, choices: tuple[tuple[Any, float], ...]) -> Any:
    """One of some weighted choices."""
    return choices[pick(rng, tuple(weight for _, weight in choices))][0]

