"""Children whose counts on 31 March are those that DfE publishes, with real postcodes.

Published tables are margins: so many inside the boundary and within 20 miles, so many in foster
placements. How the margins meet is not published, so it is drawn here, with a seed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from dfe_figures import (
    ADOPTION,
    OTHER,
    PARENTS,
    SUPPORTED,
    Published,
    completed,
    completed_locality,
)

#: DfE's group → PLACE codes and the return years they may be used in.
PLACES: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "Foster placements": tuple((f"U{n}", 2016, 2027) for n in range(1, 7)),
    "Secure homes and children's homes": (("K2", 2016, 2027), ("K1", 2016, 2027)),
    SUPPORTED: (("H5", 2016, 2027), ("K3", 2025, 2027), ("P2", 2016, 2024)),
    "Other residential settings": tuple((f"R{n}", 2016, 2027) for n in (1, 2, 3, 5)),
    "Residential schools": (("S1", 2016, 2027),),
    ADOPTION: tuple((f"A{n}", 2016, 2027) for n in (4, 5, 6, 3)),
    PARENTS: (("P1", 2016, 2027),),
    OTHER: (("Z1", 2016, 2025), *((f"T{n}", 2016, 2027) for n in range(5))),
}
PROVIDER_CODES = {
    "parents": "PR0", "own": "PR1", "other_la": "PR2", "other_public": "PR3", "private": "PR4",
    "voluntary": "PR5", "not_recorded": "",
}
LEGAL = {
    "full_care_order": ("C2",), "interim_care_order": ("C1",), "placement_order": ("E1",),
    "voluntary": ("V2",), "child_protection": ("L1", "L2", "L3"),
    "youth_justice": ("J1", "J2", "J3"),
}
ETHNICITIES = {
    "white": ("WBRI", "WIRI", "WOTH", "WROM"), "mixed": ("MWBC", "MWAS", "MOTH"),
    "asian": ("AIND", "APKN", "ABAN", "AOTH", "CHNE"), "black": ("BCRB", "BAFR", "BOTH"),
    "other_ethnic": ("OOTH",), "refused": ("REFU", "NOBT"),
}
AGES = {"under_1": (0, 0), "1_to_4": (1, 4), "5_to_9": (5, 9), "10_to_15": (10, 15),
        "16_and_over": (16, 17)}
#: Homes outside England have no distance in DfE's tables: three town halls.
ABROAD = ("CF10 4UW", "EH8 8BG", "BT1 5GS")


def _one_each(counts: Mapping[object, int]) -> list:
    return [cell for cell, count in counts.items() for _ in range(count)]


def snapshot(figures: Published, rng: np.random.Generator) -> pd.DataFrame:
    """One row a child on 31 March, with every published margin; youngest first.

    The youngest are placed for adoption, the eldest UASC and in supported accommodation.
    """
    groups = completed(figures.counts["placement"], figures.children)
    by_age = {ADOPTION: 0.0, SUPPORTED: 2.0}
    places = sorted(_one_each(groups), key=lambda group: by_age.get(group, 0.5) + rng.random())
    ages = _one_each(completed(figures.counts["age"], figures.children))
    sexes = np.array(_one_each(completed(figures.counts["sex"], figures.children)))
    uasc = completed(figures.counts["uasc"], figures.children)[True]
    frame = pd.DataFrame({
        "child": [f"{figures.code[-3:]}{at:05d}" for at in rng.permutation(figures.children)],
        "group": places, "age": ages, "sex": rng.permutation(sexes),
        "uasc": np.arange(figures.children) >= figures.children - uasc,
    })
    frame["place"] = _place_codes(frame["group"], figures.year)
    frame["provider"] = _providers(figures, groups, frame["group"], rng)
    frame["dob"] = _births(frame["age"], figures.day, rng)
    frame[["boundary", "band"]] = _locality(figures, frame["uasc"].to_numpy(), rng)
    for name, codes in (("legal_status", LEGAL), ("ethnicity", ETHNICITIES), ("need", None)):
        drawn = rng.permutation(_one_each(completed(figures.counts[name], figures.children)))
        frame[name] = [
            str(rng.choice(codes[group]) if codes else group) for group in drawn.tolist()
        ]
    return _with_histories(frame, figures, rng)


def _with_histories(
    frame: pd.DataFrame, figures: Published, rng: np.random.Generator
) -> pd.DataFrame:
    """The snapshot with moved (three placements), longer and settled, as DfE counts them.

    Who has not moved can be settled; who is placed for adoption, or away for a while, is not
    among the longer ones, as with which carer they have been is another question.
    """
    at = rng.permutation(len(frame))
    old_enough = frame["dob"] <= longer_from(figures.day) - pd.Timedelta(days=30)
    able = old_enough & ~frame["age"].isin(["16_and_over"]) & ~frame["place"].str[0].isin([*"AT"])
    able = [child for child in at if able[child]]
    # A number that is suppressed is small.
    longer = 5 if figures.longer is None else figures.longer
    settled = longer // 2 if figures.settled is None else figures.settled
    three = 3 if figures.three is None else figures.three
    moved = [child for child in at if child not in set(able[:settled])][:three]
    if longer > len(able) or three > len(moved):
        raise ValueError(f"{figures.name}: too few children for the printed stability")
    return frame.assign(
        moved=frame.index.isin(moved),
        longer=frame.index.isin(able[:longer]),
        settled=frame.index.isin(able[:settled]),
    )


def longer_from(day: pd.Timestamp) -> pd.Timestamp:
    """The day by which care must have begun to have lasted for two and a half years."""
    return day - pd.DateOffset(years=2, months=6)


def _place_codes(groups: pd.Series, year: int) -> pd.Series:
    codes = {
        group: [code for code, first, last in places if first <= year <= last]
        for group, places in PLACES.items()
    }
    at = groups.groupby(groups).cumcount()
    return pd.Series(
        [codes[group][n % len(codes[group])] for group, n in zip(groups, at, strict=True)],
        index=groups.index,
    )


def _providers(
    figures: Published, groups: Mapping[str, int], placed: pd.Series, rng: np.random.Generator
) -> list[str]:
    """Parents for who is with parents, none for T and Z codes, any other as it falls."""
    likely = {"parents": groups[PARENTS], "not_recorded": groups[OTHER]}
    left = completed(figures.counts["provider"], figures.children, likely)
    chosen: list[str | None] = []
    for group in placed:
        who = {PARENTS: "parents", OTHER: "not_recorded"}.get(group)
        if who is not None and left[who]:
            left[who] -= 1
            chosen.append(who)
        else:
            chosen.append(None)
    rest = iter(rng.permutation(np.array(_one_each(left))).tolist())
    return [who or next(rest) for who in chosen]


def _births(ages: pd.Series, day: pd.Timestamp, rng: np.random.Generator) -> list[pd.Timestamp]:
    """Dates of birth; in each group one child's birthday is that day, another's the next."""
    births = []
    for age, at in zip(ages, ages.groupby(ages).cumcount(), strict=True):
        low, high = AGES[age]
        eldest = day - pd.DateOffset(years=high + 1) + pd.Timedelta(days=1)
        # A baby is old enough to have moved twice.
        youngest = day - pd.DateOffset(years=low) if low else day - pd.Timedelta(days=60)
        days = {0: 0, 1: (youngest - eldest).days}.get(at)
        days = int(rng.integers((youngest - eldest).days + 1)) if days is None else days
        births.append(eldest + pd.Timedelta(days=days))
    return births


def _locality(figures: Published, uasc: np.ndarray, rng: np.random.Generator) -> list:
    """A cell of the six for each child; UASC are among those without a distance."""
    cells = _one_each(completed_locality(figures))
    cells = [cells[at] for at in rng.permutation(len(cells))]
    unknown = [cell for cell in cells if cell[1] == "not_known"]
    if len(unknown) < uasc.sum():
        raise ValueError(f"{figures.name}: more UASC than distances not known")
    theirs = iter(unknown[: uasc.sum()])
    others = unknown[uasc.sum():] + [cell for cell in cells if cell[1] != "not_known"]
    rest = iter([others[at] for at in rng.permutation(len(others))])
    return [next(theirs) if one else next(rest) for one in uasc]


class Gazetteer:
    """Real postcodes, and pairs of them so far apart as a band says.

    postcodes  pcd, oseast1m, osnrth1m, utla
    """

    def __init__(self, postcodes: pd.DataFrame, code: str, rng: np.random.Generator) -> None:
        own = postcodes["utla"] == code
        mine = postcodes[own]
        reach = 40_000
        near = ~own
        for axis in ("oseast1m", "osnrth1m"):
            near &= postcodes[axis].between(mine[axis].min() - reach, mine[axis].max() + reach)
        around = postcodes[near]
        self.rng = rng
        # Most families live in the area; some have moved away.
        self.homes = self._some((mine, 300), (around, 60))
        self.places = {
            "inside": self._some((mine, 500)),
            "outside": self._some((around, 500), (postcodes[~own], 100)),
        }

    def _some(self, *parts: tuple[pd.DataFrame, int]) -> pd.DataFrame:
        return pd.concat([
            rows.iloc[self.rng.integers(len(rows), size=size)] for rows, size in parts
        ])

    def pairs(self, boundary: str, band: str, count: int) -> list[tuple[str, str]]:
        """Home and placement postcodes; a third of them are 20.0 to 20.1 miles apart.

        20.04 miles are 20.0, so 20 or less; 20.05 are 20.1, so more. Any band but these two
        is any distance.
        """
        places = self.places[boundary]
        east, north = (
            np.subtract.outer(self.homes[axis].to_numpy(float), places[axis].to_numpy(float))
            for axis in ("oseast1m", "osnrth1m")
        )
        miles = (np.hypot(east, north) / 1000 / 1.6093).ravel()
        low, high, edge = {
            "le_20": (0.0, 20.05, (20.0, 20.05)), "gt_20": (20.05, np.inf, (20.05, 20.1)),
        }.get(band, (0.0, np.inf, (0.0, 0.0)))
        fit = np.flatnonzero((miles >= low) & (miles < high))
        if count and not len(fit):
            raise ValueError(f"no postcodes are {boundary} and {band}")
        close = np.flatnonzero((miles >= edge[0]) & (miles < edge[1]))
        # The nearest to 20.05 miles tell a mile of 1,609.3 metres from one of 1,609.344.
        chosen = close[np.argsort(np.abs(miles[close] - 20.05))][: count // 3]
        chosen = [*chosen, *self.rng.choice(fit, count - len(chosen))] if count else []
        homes, ends = self.homes["pcd"].to_numpy(), places["pcd"].to_numpy()
        return [(homes[at // len(ends)], ends[at % len(ends)]) for at in chosen]


#: How a council writes a postcode.
SPELLINGS = (
    lambda code: f"{code[:-3].strip()} {code[-3:]}",
    lambda code: code.replace(" ", ""),
    lambda code: f"{code[:-3].strip()} {code[-3:]}".lower(),
    lambda code: f"{code[:-3].strip()}  {code[-3:]}",
    lambda code: f" {code.replace(' ', '').lower()} ",
)


def spelt(code: str, at: int) -> str:
    """A postcode in one of the ways that councils write it; nothing stays nothing."""
    return SPELLINGS[at % len(SPELLINGS)](code) if code else ""


def with_postcodes(children: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """The snapshot with home, placed (postcodes) and former: was UASC until last summer."""
    found = []
    for (boundary, band), rows in children.groupby(["boundary", "band"]):
        pairs = gazetteer.pairs(boundary, band, len(rows))
        for at, (child, pair) in enumerate(zip(rows.itertuples(), pairs, strict=True)):
            # Most UASC have both postcodes, and no distance all the same.
            known = band != "not_known" or (child.uasc and at % 4)
            turn = at // 4 if child.uasc else at
            home, place, former = (*pair, False) if known else _unknown(child, turn, *pair)
            found.append((child.Index, spelt(home, at), spelt(place, at // 2), former))
    columns = ["at", "home", "placed", "former"]
    return children.join(pd.DataFrame(found, columns=columns).set_index("at"))


def _unknown(child: tuple, at: int, home: str, place: str) -> tuple[str, str, bool]:
    """One of the reasons for which DfE has no distance."""
    reasons = [("", place, False), (ABROAD[at % len(ABROAD)], place, False)]
    if child.age in ("10_to_15", "16_and_over") and not child.uasc:
        reasons = [(home, place, True), *reasons]
    if child.boundary == "outside":
        # Where the placement is not known, it is not known to be inside.
        reasons += [(home, "", False), ("", "", False)]
    return reasons[at % len(reasons)]
