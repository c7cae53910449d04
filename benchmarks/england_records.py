"""What councils know of the made-up children beside their episodes: the other tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.england_children import drawn

_YES_NO = {
    "convicted": 0.02, "health_check": 0.85, "immunisations": 0.82, "teeth_check": 0.75,
    "health_assessment": 0.89, "substance_misuse": 0.03, "intervention_received": 0.45,
    "intervention_offered": 0.6,
}  # fmt: skip
_ACTIVITIES = ("F1", "F2", "F4", "F5", "P2", "G4", "G5", "G6", "0")
_HOMES = ("B1", "D1", "E1", "U1", "U2", "Z1", "X2", "S2", "R2", "0")
_EDGE_GROUPS = ("Child in need", "Child protection plan", "Family support")


def records_of(
    episodes: pd.DataFrame, year_ends: tuple[str, ...], *, seed: int
) -> dict[str, pd.DataFrame]:
    """A made-up country's other tables, each with its authorities.

    episodes   of `england.england`
    year_ends  the 31 Marches that close the returns
    returns    circumstances, oc2, oc3, ad1, placed_for_adoption, missing, edge_of_care and
               population with the columns that `dataset.load` gives them and `authority`
    """
    random = np.random.default_rng([seed, 1])
    children = episodes.drop_duplicates(["authority", "child_id"], keep="last")
    children = children[["authority", "child_id", "dob", "dec"]].reset_index(drop=True)
    days = [pd.Timestamp(day) for day in year_ends]
    adopted = episodes[episodes["rec"].isin(["E11", "E12"])]
    adopted = adopted.drop_duplicates(["authority", "child_id"], keep="last")
    return {
        "circumstances": _circumstances(children, random),
        "oc2": pd.concat([_oc2(episodes, day, random) for day in days], ignore_index=True),
        "oc3": pd.concat([_oc3(children, day, random) for day in days], ignore_index=True),
        "ad1": _ad1(adopted, random),
        "placed_for_adoption": _decisions(episodes, random),
        "missing": pd.concat([_missing(episodes, d, random) for d in days], ignore_index=True),
        "edge_of_care": _edge(episodes, days, random),
        "population": _population(episodes, days, random),
    }


def _known(
    said: np.ndarray, random: np.random.Generator, *, blank: float
) -> pd.arrays.BooleanArray:
    """Answers of yes and no, some of them blank."""
    return pd.arrays.BooleanArray(said, random.random(len(said)) < blank)


def _circumstances(children: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    rows = children[random.random(len(children)) < 0.9].reset_index(drop=True)
    family = (random.random(len(rows)) < 0.5).cumsum()
    alone = random.random(len(rows)) < 0.3
    return rows[["authority", "child_id"]].assign(
        sibling_group_id=pd.Series([f"S{n}" for n in family], dtype="str").mask(alone),
        is_disabled=_known(random.random(len(rows)) < 0.12, random, blank=0.05),
    )


def _here(episodes: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The children looked after on a day."""
    open_then = (episodes["decom"] <= day) & ~(episodes["dec"] <= day)
    rows = episodes[open_then & ~episodes["is_short_break"]]
    return rows[["authority", "child_id", "dob"]].reset_index(drop=True)


def _oc2(
    episodes: pd.DataFrame, day: pd.Timestamp, random: np.random.Generator
) -> pd.DataFrame:
    rows = _here(episodes, day)
    rows = rows[random.random(len(rows)) < 0.97].reset_index(drop=True)
    said = {
        name: _known(random.random(len(rows)) < share, random, blank=0.04)
        for name, share in _YES_NO.items()
    }
    score = np.clip(random.normal(14, 7, len(rows)), 0, 40).astype("int64")
    without = random.random(len(rows)) < 0.3
    reason = pd.Series("SDQ1", rows.index, dtype="str").where(
        without & (random.random(len(rows)) < 0.8))
    return rows.assign(
        sdq_score=pd.arrays.IntegerArray(score, without), sdq_reason=reason, **said,
        return_year=_year(rows, day),
    )


def _year(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return pd.Series(day.year, rows.index, dtype="Int64")


def _oc3(
    children: pd.DataFrame, day: pd.Timestamp, random: np.random.Generator
) -> pd.DataFrame:
    age_days = (day - children["dob"]).dt.days
    left = age_days.between(17 * 365.25, 22 * 365.25) & (children["dec"] <= day)
    rows = children.loc[left, ["authority", "child_id", "dob"]].reset_index(drop=True)
    return rows.assign(
        in_touch=pd.Series(drawn({"YES": 0.9, "NO": 0.05, "REFU": 0.02, "RHOM": 0.02, "": 0.01},
                                 len(rows), random)).replace("", None).astype("str"),
        activ=_codes(_ACTIVITIES, rows, random), accom=_codes(_HOMES, rows, random),
        return_year=_year(rows, day),
    )  # fmt: skip


def _codes(
    codes: tuple[str, ...], rows: pd.DataFrame, random: np.random.Generator
) -> pd.Series:
    return pd.Series(random.choice(codes, len(rows)), rows.index, dtype="str")


def _before(day: pd.Series, random: np.random.Generator, most: int) -> pd.Series:
    """A day up to so many days before each."""
    before = pd.to_timedelta(random.integers(0, most, len(day)), unit="D")
    return (day - before).astype("datetime64[ms]")


def _ad1(adopted: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    rows = adopted[["authority", "child_id", "dob", "dec"]].reset_index(drop=True)
    match = _before(rows["dec"], random, 500)
    return rows[["authority", "child_id", "dob"]].assign(
        date_int=_before(match, random, 300),
        date_match=match.mask(random.random(len(rows)) < 0.03),
        foster_care=_known(random.random(len(rows)) < 0.1, random, blank=0.02),
        return_year=rows["dec"].dt.year.astype("Int64"),
    )


def _decisions(episodes: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    adoptive = episodes[episodes["legal_status"].eq("E1") & ~episodes["is_short_break"]]
    first = adoptive.drop_duplicates(["authority", "child_id"]).reset_index(drop=True)
    later = pd.to_timedelta(random.integers(0, 300, len(first)), unit="D")
    placed = (first["decom"] + later).astype("datetime64[ms]")
    wait = pd.to_timedelta(random.integers(20, 700, len(first)), unit="D")
    ended = (placed + wait).astype("datetime64[ms]")
    return first[["authority", "child_id", "dob"]].assign(
        date_placed=placed,
        date_placed_ceased=ended.where(random.random(len(first)) < 0.15),
        return_year=first["return_year"],
    )


def _missing(
    episodes: pd.DataFrame, day: pd.Timestamp, random: np.random.Generator
) -> pd.DataFrame:
    here = _here(episodes, day)
    times = random.poisson(random.gamma(0.08, 8.0, len(here)))
    rows = here.loc[np.repeat(here.index.to_numpy(), times)].reset_index(drop=True)
    start = _before(pd.Series(day, rows.index), random, 365)
    gone = pd.to_timedelta(random.integers(0, 6, len(rows)), unit="D")
    return rows.assign(
        missing=drawn({"M": 0.8, "A": 0.2}, len(rows), random),
        mis_start=start, mis_end=(start + gone).astype("datetime64[ms]"),
        return_year=_year(rows, day),
    ).astype({"missing": "str"})


def _edge(
    episodes: pd.DataFrame, days: list[pd.Timestamp], random: np.random.Generator
) -> pd.DataFrame:
    keys = {"authority": sorted(episodes["authority"].unique()), "as_at": days,
            "edge_group": list(_EDGE_GROUPS)}  # fmt: skip
    frame = pd.MultiIndex.from_product(keys.values(), names=list(keys)).to_frame(index=False)
    return frame.assign(children=random.integers(20, 3_000, len(frame))).astype(
        {"as_at": "datetime64[ms]", "children": "Int64"})


def _population(
    episodes: pd.DataFrame, days: list[pd.Timestamp], random: np.random.Generator
) -> pd.DataFrame:
    """About 147 people under 18 for each child looked after, in the mid-year before each day."""
    size = _here(episodes, days[-1]).groupby("authority").size()
    frame = size.rename("looked_after").reset_index().merge(
        pd.DataFrame({"mid_year": [day.year - 1 for day in days]}), how="cross")
    people = frame["looked_after"] * 147 + random.integers(0, 500, len(frame))
    return frame[["authority", "mid_year"]].assign(children=people.astype("int64"))
