"""Made-up authorities whose rates are known: what a forecast must recover.

Every child is stepped by its own months from the day it starts, with hazards that are written
here; nothing of the forecast's own code is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

ADULT_YEARS = 18
DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12

#: Placement group and provider of the states of a made-up authority.
PLACES: tuple[tuple[str, str], ...] = (
    ("fostering", "own"), ("fostering", "private"), ("childrens_home", "private"),
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """Rates that do not change, monthly.

    entries      starts a month
    leaves       hazard of leaving from each month looked after on: {0: 0.10, 6: 0.03}
    teen_leaves  what that is multiplied by from 13 on
    moves        hazard of a move from each state
    to           where those who move go, a row a state
    first        where those who start are placed, under 13 and from 13 on
    """

    entries: float = 10.0
    leaves: dict[int, float] = field(default_factory=lambda: {0: 0.04})
    teen_leaves: float = 1.0
    moves: tuple[float, ...] = (0.02, 0.02, 0.03)
    to: tuple[tuple[float, ...], ...] = ((0, 0.8, 0.2), (0.7, 0, 0.3), (0.5, 0.5, 0))
    first: tuple[tuple[float, ...], ...] = ((0.6, 0.35, 0.05), (0.4, 0.3, 0.3))

    def leaving(self, months: np.ndarray | int) -> np.ndarray:
        """The hazard of leaving in a month, by how many there were before."""
        starts = sorted(self.leaves)
        hazards = np.array([self.leaves[start] for start in starts])
        return hazards[np.searchsorted(starts, months, side="right") - 1]

    def lasting(self, months: int) -> float:
        """The share of stays that last so long, of children who neither are 13 nor turn 18."""
        return float(np.exp(-self.leaving(np.arange(months)).sum()))


@dataclass(frozen=True)
class Wandering:
    """What starts, and hazards of leaving, of each year are multiplied by.

    entries, exits  [years], from the year in which the made-up history begins; the last goes on
    """

    entries: np.ndarray
    exits: np.ndarray

    def year(self, day: np.ndarray) -> np.ndarray:
        """The year of each day, counted as days are."""
        return np.minimum(day // DAYS_A_YEAR, len(self.exits) - 1).astype("int64")

    def starts(self, entries: float, days: int, rng: np.random.Generator) -> np.ndarray:
        """The days on which children start, in order."""
        bounds = np.ceil(DAYS_A_YEAR * np.arange(len(self.entries) + 1))
        begins, ends = np.minimum(bounds[:-1], days), np.minimum(bounds[1:], days)
        many = rng.poisson(entries / DAYS_A_MONTH * (ends - begins) * self.entries)
        within = rng.random(many.sum()) * np.repeat(ends - begins, many)
        return np.sort((np.repeat(begins, many) + within).astype("int64"))


#: Two in five gone within six months, one in eight there after five years (guidance 2010, 2.1).
LASTING = Truth(leaves={0: 0.15, 1: 0.09, 3: 0.06, 6: 0.041, 12: 0.027, 36: 0.019},
                teen_leaves=1.2)  # fmt: skip

#: The same shape with a quarter less leaving, so that four children start in a year for ten
#: looked after, as in England (Department for Education, 2025: 33,000 of 82,000).
USUAL = Truth(leaves={month: 0.75 * hazard for month, hazard in LASTING.leaves.items()},
              teen_leaves=LASTING.teen_leaves)  # fmt: skip


def made_up_history(
    truth: Truth,
    seed: int,
    *,
    first: str = "2020-04-01",
    last: str = "2028-03-31",
    wandering: Wandering | None = None,
) -> pd.DataFrame:
    """The repaired history of a made-up authority as its returns from `first` on would have it.

    first, last  the first day of the first return, and the day after which nothing happens
    wandering    what its rates are multiplied by from year to year; None: they do not change
    returns      one row a placement that had not ended before `first`: child_id,
                 care_period_id, decom, dec, rne, rec, placement_group, provider, dob,
                 is_short_break, is_uasc, need_code. Children have come for 18 years before.
    """
    rng = np.random.default_rng(seed)
    begin, end = pd.Timestamp(first) - pd.DateOffset(years=ADULT_YEARS), pd.Timestamp(last)
    days = (end - begin).days
    if wandering is None:
        start = np.sort(rng.integers(0, days, rng.poisson(truth.entries * days / DAYS_A_MONTH)))
    else:
        start = wandering.starts(truth.entries, days, rng)
    age = _ages(rng, len(start))
    rows = _stays(truth, start, age, rng, wandering)
    rows = rows[(rows["from"] < rows["to"])].assign(
        decom=begin + pd.to_timedelta(rows["from"], unit="D"),
        dec=begin + pd.to_timedelta(rows["to"], unit="D"),
    )
    rows["dec"] = rows["dec"].where(rows["dec"] <= end)
    rows = rows[(rows["decom"] <= end) & ~(rows["dec"] < pd.Timestamp(first))]
    rows = rows.sort_values(["child", "decom"], ignore_index=True)
    group, provider = zip(*PLACES, strict=True)
    return pd.DataFrame({
        "child_id": "c" + rows["child"].astype(str),
        "care_period_id": rows["child"],
        "decom": rows["decom"],
        "dec": rows["dec"],
        "rne": np.where(rows["begins"], "S", "P"),
        "rec": np.where(rows["dec"].isna(), None, np.where(rows["ends"], "E8", "X1")),
        "placement_group": np.array(group, dtype=object)[rows["state"]],
        "provider": np.array(provider, dtype=object)[rows["state"]],
        "dob": (begin + pd.to_timedelta(start - age, unit="D"))[rows["child"]],
        "is_short_break": False,
        "is_uasc": False,
        "need_code": np.where(rows["child"] % 3 == 0, "N5", "N1"),
    })


def _ages(rng: np.random.Generator, many: int) -> np.ndarray:
    """Days of age on starting: as DfE's bands of starters, roughly."""
    low, high = np.array([0, 1, 5, 10, 16]), np.array([1, 5, 10, 16, 17.5])
    band = rng.choice(5, many, p=[0.18, 0.18, 0.17, 0.30, 0.17])
    return ((low[band] + rng.random(many) * (high - low)[band]) * 365.25).astype("int64")


def _stays(
    truth: Truth,
    start: np.ndarray,
    age: np.ndarray,
    rng: np.random.Generator,
    wandering: Wandering | None,
) -> pd.DataFrame:
    """One row a placement: child, state, from, to (days), begins and ends (its period)."""
    adult = start - age + int(round(ADULT_YEARS * 365.25))
    child = np.arange(len(start))
    firsts = np.cumsum(truth.first, axis=1)[(age > 13 * 365.25).astype(int)]
    state = (rng.random(len(start))[:, None] > firsts).sum(axis=1)
    since, begins, parts = start.copy(), np.ones(len(start), dtype=bool), []
    up_to = np.cumsum(truth.to, axis=1)
    month = 0
    while len(child):
        day = start[child] + ((month + rng.random(len(child))) * DAYS_A_MONTH).astype("int64")
        teen = np.where(day - start[child] + age[child] > 13 * 365.25, truth.teen_leaves, 1.0)
        leave = truth.leaving(month) * teen
        if wandering is not None:
            leave = leave * wandering.exits[wandering.year(day)]
        total = leave + np.array(truth.moves)[state]
        event = rng.random(len(child)) < -np.expm1(-total)
        goes = event & (rng.random(len(child)) < leave / np.maximum(total, np.finfo(float).tiny))
        moves = event & ~goes
        over = day >= adult[child]
        day = np.where(over, adult[child], day)
        goes, moves = goes | over, moves & ~over
        shut = goes | moves
        parts.append(pd.DataFrame({
            "child": child[shut], "state": state[shut], "from": since[shut], "to": day[shut],
            "begins": begins[shut], "ends": goes[shut],
        }))
        to = (rng.random(len(child))[:, None] > up_to[state]).sum(axis=1)
        state, since = np.where(moves, to, state), np.where(moves, day, since)
        begins = begins & ~moves
        child, state, since, begins = child[~goes], state[~goes], since[~goes], begins[~goes]
        month += 1
    return pd.concat(parts, ignore_index=True)
