"""SSDA903 returns whose children on 31 March are the counts that DfE publishes.

Around the children of a snapshot stands what real returns hold and the measures must see
through: episodes that are no move, moves of the year before, temporary stays, children who left
on the last day, children who are only on a series of short breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from dfe_figures import Published
from dfe_snapshot import (
    PROVIDER_CODES,
    Gazetteer,
    longer_from,
    snapshot,
    spelt,
    with_postcodes,
)

EPISODES = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
            "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"]
#: How children came to where they are: RNE of each episode, in small letters for those that
#: began before the year. Two moves within the year make three placements; L, T and U are none.
FEWER = ("S", "s", "SL", "SP", "sP", "sLUTBL", "spP", "sppL")
THREE = ("SPP", "sPP", "sLPUBL", "spPB", "SPPT")
#: H starts where the child is on the day, A is a temporary stay away: one placement in all.
AND_BACK = ("HAP", "hAPL")
#: In care for two and a half years: with one carer for two of them, or else moved since.
SETTLED = ("s", "sL", "sp", "spL", "sLL", "hAPL")
UNSETTLED = ("sP", "sp", "spP", "sPL", "sLUTBL")


@dataclass(frozen=True)
class Return:
    """One authority's return of one year, as frames of dates; its episodes go back further."""

    figures: Published
    children: pd.DataFrame
    episodes: pd.DataFrame
    header: pd.DataFrame
    uasc: pd.DataFrame


def make_return(figures: Published, postcodes: pd.DataFrame, seed: int = 903) -> Return:
    """A return with the published snapshot.

    postcodes  pcd, oseast1m, osnrth1m, utla, the authority's own under DfE's code
    """
    rng = np.random.default_rng(seed)
    gazetteer = Gazetteer(postcodes, figures.code, rng)
    children = with_postcodes(snapshot(figures, rng), gazetteer)
    rows = [row for child in children.itertuples() for row in _history(child, figures.day, rng)]
    left = _leavers(figures, gazetteer)
    header = children[["child", "sex", "dob", "ethnicity"]]
    theirs = header.tail(len(left)).assign(child=[row["CHILD"] for row in left])
    return Return(
        figures, children, pd.DataFrame(rows + left, columns=EPISODES),
        pd.concat([header, theirs], ignore_index=True), _uasc(children, figures.day),
    )


def _history(child: tuple, day: pd.Timestamp, rng: np.random.Generator) -> list[dict]:
    """A child's episodes: the last is where the snapshot has them, earlier ones elsewhere.

    DfE's need is that of the start, the legal status that of the day.
    """
    way = _way(child, day, rng)
    dates = [*_dates(way, child, day, rng), pd.NaT]
    steps, last = way.upper(), len(way) - 1
    stays = np.cumsum([step not in "LTU" for step in steps])
    settled_at = max(at for at, step in enumerate(steps) if step != "L")
    here = (child.place, PROVIDER_CODES[child.provider], child.placed)
    legal = [child.legal_status]
    for step in reversed(steps[1:]):
        other = "V2" if legal[0] == "C1" else "C1"
        legal.insert(0, other if step in "LUB" else legal[0])
    later_need = "N1" if child.need == "N8" else "N8"
    rows = []
    for at, step in enumerate(steps):
        elsewhere = (("U6", "U4")[at % 2], ("PR1", "PR4")[stays[at] % 2], child.placed)
        place, provider, placed = (
            ("T3", "", "") if step == "A" else
            here if step == "H" or at >= settled_at else elsewhere
        )
        rows.append(dict(zip(EPISODES, (
            child.child, dates[at], {"H": "S", "A": "P"}.get(step, step), legal[at],
            later_need if at and way[0].isupper() else child.need, place, provider,
            dates[at + 1], "X1" if at < last else "",
            "CARPL" if at < last and steps[at + 1] != "L" else "", child.home, placed, "",
        ), strict=True)))
    return rows


def _way(child: tuple, day: pd.Timestamp, rng: np.random.Generator) -> str:
    """How one child came to be there, as FEWER and the others spell it."""
    ways = SETTLED if child.settled else UNSETTLED if child.longer else FEWER
    if child.moved:
        ways = THREE
    elif not child.longer and child.placed and child.place[0] not in "AT":
        ways += AND_BACK
    if child.longer:
        ways = tuple(way for way in ways if way[0].islower())
    elif child.dob > day - pd.DateOffset(years=1, months=1):
        ways = tuple(way for way in ways if way[0].isupper())
    if not child.placed:
        # Without a postcode nobody can tell that it is where they were before.
        ways = tuple(way for way in ways if "A" not in way)
    way = str(rng.choice(ways))
    if child.place in ("A3", "A5"):
        # With the foster carer they had, so no move.
        return way[0] + ("PPT" if child.moved else "T")
    if child.place.startswith("T"):
        # Counted or not, a temporary stay is not what makes it three.
        return way[0] + ("PPP" if child.moved else "P")
    return way


def _dates(
    way: str, child: tuple, day: pd.Timestamp, rng: np.random.Generator
) -> list[pd.Timestamp]:
    """A day for each episode, in order, from the time that its step and the child allow.

    Nobody moves on 1 April, where the placement left would be in the year or not by opinion.
    """
    one = pd.Timedelta(days=1)
    first = day - pd.DateOffset(years=1) + one
    since, carer_since = longer_from(day), day - pd.DateOffset(years=2)
    eldest = child.age == "16_and_over" and not child.longer
    long_ago = max(child.dob, day - pd.DateOffset(years=6))
    year = (max(child.dob, first) + one, day)
    before = (long_ago if eldest else max(child.dob, since + one), first - one)
    if child.longer:
        before = (since + one, carer_since) if child.settled else (carer_since + one, first - one)
    times = [year if step.isupper() else before for step in way]
    if child.longer:
        times[0] = (long_ago, since)
    dates: list[pd.Timestamp] = []
    for (low, high), steps in groupby(times):
        days = rng.choice((high - low).days + 1, len([*steps]), replace=False)
        # One in ten is on the first or the last day that makes a child what it is.
        edge = [0, (high - low).days]
        days = [rng.choice(edge)] if len(days) == 1 and rng.random() < 0.1 else sorted(days)
        dates += [low + pd.Timedelta(days=int(n)) for n in days]
    return dates


def _leavers(figures: Published, gazetteer: Gazetteer) -> list[dict]:
    """Children who left in the year, one of them on its last day: in no snapshot."""
    left = [figures.day, *(figures.day - pd.Timedelta(days=n) for n in (1, 30, 200, 364))]
    rows = []
    for at, (end, pair) in enumerate(
        zip(left, gazetteer.pairs("inside", "any", len(left)), strict=True)
    ):
        begun = figures.day - pd.DateOffset(years=1, months=2)
        rows.append(dict(zip(EPISODES, (
            f"{figures.code[-3:]}L{at}", begun, "S", "V2", "N5", "U6", "PR1", end, "E4A", "",
            *(spelt(end, at) for end in pair), "",
        ), strict=True)))
    return rows


def _uasc(children: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """UASC, those who were until last summer, and a few who were once: these have a distance."""
    old_enough = children["age"].isin(["10_to_15", "16_and_over"])
    once = children[old_enough & (children["band"] != "not_known")].index[:3]
    rows = children[["child", "sex", "dob"]].assign(until=pd.NaT)
    rows.loc[children["former"], "until"] = day - pd.DateOffset(months=8)
    rows.loc[once, "until"] = day - pd.DateOffset(years=2, months=1)
    return rows[children["uasc"] | rows["until"].notna()]


def in_year(episodes: pd.DataFrame, year: int) -> pd.DataFrame:
    """The episodes of one year's return: open at some time in it, and as they were at its end."""
    last = pd.Timestamp(year, 3, 31)
    rows = episodes[episodes["DECOM"] <= last]
    rows = rows[~(rows["DEC"] < pd.Timestamp(year - 1, 4, 1))].copy()
    still_open = rows["DEC"] > last
    rows.loc[still_open, "DEC"] = pd.NaT
    rows.loc[still_open, ["REC", "REASON_PLACE_CHANGE"]] = ""
    return rows


def with_short_breaks(made: Return, count: int = 12) -> Return:
    """The return with children who are only on short breaks that day: none is looked after."""
    day = made.figures.day
    like = made.children.sample(count, random_state=1).reset_index(drop=True)
    new = [f"{made.figures.code[-3:]}V{at}" for at in range(count)]
    rows = pd.DataFrame({
        "CHILD": new, "DECOM": day - pd.Timedelta(days=2), "RNE": "S",
        "LS": ["V3", "V4"] * (count // 2), "CIN": "N2", "PLACE": "K2", "PLACE_PROVIDER": "PR1",
        "DEC": pd.NaT, "REC": "", "REASON_PLACE_CHANGE": "", "HOME_POST": like["home"],
        "PL_POST": like["placed"], "URN": "",
    })
    header = like[["child", "sex", "dob", "ethnicity"]].assign(child=new)
    return replace(made, episodes=pd.concat([made.episodes, rows], ignore_index=True),
                   header=pd.concat([made.header, header], ignore_index=True))


def with_more_uasc(
    made: Return, children: pd.Series, until: pd.Timestamp | None = None
) -> Return:
    """The return with more children in its table of UASC, who were so until a day."""
    more = made.header[made.header["child"].isin(children)].assign(until=pd.to_datetime(until))
    return replace(made, uasc=pd.concat([made.uasc, more], ignore_index=True))


def write(made: Return, data: Path, *, years: int = 1) -> Path:
    """The files of a council's folder: a folder a year, and its population.

    years  how many returns, the last that of the figures
    """
    home = data / made.figures.code
    for year in range(made.figures.year - years + 1, made.figures.year + 1):
        episodes = in_year(made.episodes, year)
        here = made.header["child"].isin(episodes["CHILD"])
        _write(home / str(year), year, {
            "Episodes": episodes,
            "Header": _header(made.header[here]),
            "UASC": _uasc_file(made.uasc[made.uasc["child"].isin(episodes["CHILD"])]),
        })
    people = pd.Series(made.figures.population, name="children").rename_axis("mid_year")
    people = people.reset_index().assign(age_group="0-17")
    people.to_csv(home / "population.csv", index=False)
    return home


def _header(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "CHILD": rows["child"], "SEX": rows["sex"].map({"male": "1", "female": "2"}),
        "DOB": rows["dob"], "ETHNIC": rows["ethnicity"], "UPN": "UN1", "MOTHER": "", "MC_DOB": "",
    })


def _uasc_file(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "CHILD": rows["child"], "SEX": rows["sex"].map({"male": "1", "female": "2"}),
        "DOB": rows["dob"], "DUC": pd.to_datetime(rows["until"]),
    })


def _write(folder: Path, year: int, tables: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        rows.to_csv(folder / f"SSDA903_{year}_{name}.csv", index=False, date_format="%d/%m/%Y")
