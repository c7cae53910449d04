"""Finding each spell an address: foster households, children's homes and the rest.

Whether an address is near (within the authority's own rule) is settled first: by quota among
the spells open at the last 31 March, and by the same odds for every other. Then the spells are
housed in order of time, in a household or home with room or in a new one.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from sufficiency_lib.sample.calibration import AuthorityPlan
from sufficiency_lib.sample.cells import CELLS
from sufficiency_lib.sample.cohort import draw
from sufficiency_lib.sample.days import YEAR, day
from sufficiency_lib.sample.geography import Geography
from sufficiency_lib.sample.spells import STILL_THERE, Home, Spell

RULE_MILES = 20.0
SAFE_MILES = 0.3
"""Nobody is put this close to the line, where another way of rounding could move them."""
POSTCODE_BLANK_SHARE = 0.006
POSTCODE_UNKNOWN_SHARE = 0.003
BALANCING_CELL = "foster_ifa"
NEW_HOUSEHOLD_SHARE = {"foster_ifa": 0.35, "foster_own": 0.15}
"""How often a child goes to a household not used before, though another has room."""
CARER_YEARS = 7.0
"""How long in-house carers go on after their first year, on average."""
NO_URN = "XXXXXXX"


class Housing:
    """Houses one authority's spells; afterwards `homes` lists every address used."""

    def __init__(self, plan: AuthorityPlan, geography: Geography, rng: np.random.Generator):
        """For one plan, in one geography, with one generator."""
        self.plan = plan
        self.geography = geography
        self.rng = rng
        self.homes: list[Home] = []
        self._by_cell: dict[str, list[Home]] = {}
        self._kin: dict[tuple[int, bool], Home] = {}
        self._family_home: dict[tuple[int, str], Home] = {}
        self._family_size: Counter[int] = Counter()
        # Found by the identity of the stay they share: brothers' and sisters' stays.
        self._companions: dict[int, list[Spell]] = {}
        self._urns = iter(range(9_000_001 + 10_000 * (plan.dfe_number % 90), 10_000_000))
        self.own_fostering_urn = self._next_urn()
        self.agencies = [self._agency() for _ in range(9)]
        fixed = {
            "centre_20_miles": lambda: geography.miles_from(*plan.centre),
            "boundary_20_miles": lambda: geography.miles_from_outline(plan.code),
        }.get(plan.rule)
        self._miles = fixed() if fixed else None
        self._local = geography.authority == plan.code

    def house(self, spells: list[Spell]) -> None:
        """Give every spell its nearness, provider, address and URN."""
        for spell in spells:
            spell.postcode_fault = self._fault()
            if spell.beside is not None:
                self._companions.setdefault(id(spell.beside), []).append(spell)
        children = {spell.period.child.number: spell.period.child for spell in spells}
        self._family_size.update(child.family for child in children.values())
        self._choose_nearness(spells)
        order = sorted(range(len(spells)), key=lambda i: (spells[i].start, i))
        for i in order:
            if not spells[i].same_carer_as_before and spells[i].beside is None:
                self._settle(spells[i], spells[i - 1] if i else None)
        for before, after in zip(spells, spells[1:], strict=False):
            if after.same_carer_as_before:
                after.provider, after.urn = "PR1", NO_URN
                after.postcode = before.postcode

    def open_short_breaks_home(self, postcode: int) -> Home:
        """One more private children's home, for short breaks only."""
        home = Home(len(self.homes), "home_ext", "PR4", postcode, 6, self._next_urn())
        self.homes.append(home)
        return home

    def nearness_known(self, spell: Spell) -> bool:
        """Whether the authority's rule can be applied to a spell at all."""
        if spell.postcode_fault:
            return False
        return self.plan.rule != "home_20_miles" or spell.period.child.home is not None

    def _fault(self) -> str:
        chance = self.rng.random()
        if chance < POSTCODE_BLANK_SHARE:
            return "blank"
        return "unknown" if chance < POSTCODE_BLANK_SHARE + POSTCODE_UNKNOWN_SHARE else ""

    def _choose_nearness(self, spells: list[Spell]) -> None:
        for spell in spells:
            spell.near = bool(self.rng.random() < self.plan.near_pct[spell.cell] / 100)
        family_order = self.rng.permutation(len(spells) * 2 + 10)
        seen = [s for s in spells if s.open_at_horizon() and not s.away_at_horizon()]
        known = [s for s in seen if self.nearness_known(s)]
        quotas = self._quotas(seen, known, sum(s.away_at_horizon() for s in spells))
        # Families in random order, so that brothers and sisters tend to be near together.
        known.sort(key=lambda s: int(family_order[s.period.child.family]))
        households: dict[int, list[Spell]] = {}
        for spell in known:
            households.setdefault(id(spell.household()), []).append(spell)
        for together in households.values():
            near = quotas[together[0].cell] >= len(together)
            together[0].household().near = near
            quotas[together[0].cell] -= len(together) if near else 0
        for before, after in zip(spells, spells[1:], strict=False):
            if after.same_carer_as_before:
                before.near = after.near
                after.postcode_fault = before.postcode_fault
        for spell in spells:
            spell.near = spell.household().near

    def _quotas(self, seen: list[Spell], known: list[Spell], temporary: int) -> dict[str, int]:
        """Near children in each cell, set between the rate of all and the rate of known."""
        sizes = {cell: 0.0 for cell in sorted({s.cell for s in seen})}
        for spell in [*seen, *known]:
            sizes[spell.cell] += 0.5
        quotas = {cell: round(n * self.plan.near_pct[cell] / 100) for cell, n in sizes.items()}
        if self.plan.near_pct_overall is not None:
            wanted = (sum(sizes.values()) + temporary) * self.plan.near_pct_overall / 100
            quotas[BALANCING_CELL] += round(wanted) - temporary - sum(quotas.values())
        return quotas

    def _settle(self, spell: Spell, before: Spell | None) -> None:
        cell = CELLS[spell.cell]
        miles = self._rule_miles(spell)
        home = self._with_room(spell, miles, before)
        if home is None:
            home = self._open(spell, miles)
        self._family_home[(spell.period.child.family, spell.cell)] = home
        for stay in self._together(spell):
            home.stays.append((stay.start, stay.end or STILL_THERE))
            stay.home = home
            stay.provider, stay.postcode = home.provider, home.postcode
            registered = (stay.end or STILL_THERE) > day(2024, 4, 1) or cell.place != "H5"
            stay.urn = home.urn if registered else NO_URN

    def _together(self, spell: Spell) -> list[Spell]:
        """A stay and those of brothers and sisters who are there with the child."""
        return [spell, *self._companions.get(id(spell), [])]

    def _rule_miles(self, spell: Spell) -> np.ndarray:
        """How far every postcode is by the authority's rule, for this child."""
        if self._miles is not None:
            return self._miles
        return self.geography.miles_from(*self._point(spell))

    def _point(self, spell: Spell) -> tuple[float, float]:
        home = spell.period.child.home
        if home is None:
            return self.plan.centre
        return self.geography.easting[home], self.geography.northing[home]

    def _with_room(
        self, spell: Spell, miles: np.ndarray, before: Spell | None
    ) -> Home | None:
        """A home already in use that is on the right side, and not the one just left."""
        left = before.home if before is not None and before.period is spell.period else None
        cell = CELLS[spell.cell]
        children = len(self._together(spell))
        if spell.cell == "kinship":
            home = self._kin.get((spell.period.child.family, spell.near))
            fits = home is not None and home is not left and home.room_on(spell.start, children)
            return home if fits else None
        if not cell.regulated:
            return None
        homes = self._by_cell.get(spell.cell, [])
        siblings = self._family_home.get((spell.period.child.family, spell.cell))
        if siblings is not None and siblings is not left:
            room = siblings.room_on(spell.start, children)
            if room and self._fits(miles[siblings.postcode], spell.near):
                return siblings
        if self.rng.random() < NEW_HOUSEHOLD_SHARE.get(spell.cell, 0.0):
            return None
        for position in self.rng.permutation(len(homes))[:40].tolist():
            home = homes[position]
            fits = home is not left and self._fits(miles[home.postcode], spell.near)
            if fits and home.room_on(spell.start, children):
                return home
        return None

    def _fits(self, miles: float, near: bool) -> bool:
        return bool(miles <= RULE_MILES - SAFE_MILES if near else miles > RULE_MILES + SAFE_MILES)

    def _open(self, spell: Spell, miles: np.ndarray) -> Home:
        cell = CELLS[spell.cell]
        provider, urn = self._provider(spell.cell)
        home = Home(
            number=len(self.homes),
            cell=spell.cell,
            provider=provider,
            postcode=self._address(spell, miles),
            capacity=max(draw(self.rng, cell.capacity), self._room_for_siblings(spell)),
            urn=urn,
        )
        if spell.cell == "foster_own":
            years = 1 + self.rng.exponential(CARER_YEARS)
            home.closes = spell.start + round(years * YEAR)
        self.homes.append(home)
        self._by_cell.setdefault(spell.cell, []).append(home)
        if spell.cell == "kinship":
            self._kin[(spell.period.child.family, spell.near)] = home
        return home

    def _room_for_siblings(self, spell: Spell) -> int:
        """Room for those who come together, and often for one more who may follow."""
        brothers_and_sisters = self._family_size[spell.period.child.family] > 1
        foster = spell.cell in ("foster_own", "foster_ifa")
        likely = 2 if foster and brothers_and_sisters and self.rng.random() < 0.7 else 1
        return max(likely, len(self._together(spell)))

    def _provider(self, name: str) -> tuple[str, str]:
        cell = CELLS[name]
        if name in ("kinship", "foster_own"):
            return "PR1", self.own_fostering_urn
        if name == "foster_ifa":
            return self.agencies[int(self.rng.integers(len(self.agencies)))]
        return draw(self.rng, cell.providers), self._next_urn() if cell.regulated else NO_URN

    def _agency(self) -> tuple[str, str]:
        return draw(self.rng, CELLS["foster_ifa"].providers), self._next_urn()

    def _next_urn(self) -> str:
        return str(next(self._urns))

    def _address(self, spell: Spell, miles: np.ndarray) -> int:
        """A directory row on the right side of the rule, likelier the closer it is."""
        child_home = spell.period.child.home
        if spell.cell == "parents" and child_home is not None and self.rng.random() < 0.5:
            if self._fits(miles[child_home], spell.near):
                return child_home
        geography = self.geography
        if spell.near:
            fits = miles <= RULE_MILES - SAFE_MILES
            local = self.rng.random() < CELLS[spell.cell].local_share
            side = fits & (self._local if local else ~self._local)
            fits = side if side.any() else fits
            spread = 12.0
        else:
            fits = miles > RULE_MILES + SAFE_MILES
            spread = 28.0
        away = miles if self._miles is None else geography.miles_from(*self._point(spell))
        # A few carers still give a postcode that has been terminated.
        usable = geography.usable + 0.15 * geography.terminated
        odds = fits * usable * geography.weight * (np.exp(-away / spread) + 1e-4)
        return int(np.searchsorted(np.cumsum(odds), self.rng.random() * odds.sum(), side="right"))
