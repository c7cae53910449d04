"""The members of a consortium side by side: the headline measures, one row or column each.

Every table has each member, and all of them together under `all`. What is local, and what is
inside the area, is as the consortium's page has it, so that members can be compared: inside the
area means inside any member's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from sufficiency_lib.metrics.locality import locality
from sufficiency_lib.metrics.population import children_looked_after
from sufficiency_lib.metrics.provision import fostering_split, placements_by_sector
from sufficiency_lib.metrics.stability import stability
from sufficiency_lib.metrics.stock import iso, on_date
from sufficiency_lib.metrics.tally import By, areas_of, tally, with_share

#: The row of all members together.
ALL_MEMBERS = "all"
#: Where a member's children are placed, from the member's point of view.
PLACED_IN = ("own_area", "other_members_area", "outside", "not_known")

#: Whose locality is compared, as the headline has it: others are too few in most councils.
COHORTS_COMPARED = ("all", "fostering_in_house", "fostering_ifa", "childrens_home")

_BY = ("member",)


def side_by_side(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    codes: Mapping[str, str],
    rule: str,
    border_miles: float,
    population: Mapping[str, pd.DataFrame | None],
    year_end: object | None = None,
    first_return: int | None = None,
) -> dict[str, pd.DataFrame]:
    """The measures that members compare, by the name of the table.

    episodes      a pooled history: with a column member, the name of whose child it is
    as_at         the day of the stock figures
    codes         member → its ONS code
    rule          the locality rule of the consortium's page; border_miles: its distance
    population    member, and `all` → mid_year, children; None: it has none, and no rate is given
    year_end      the last 31 March that the returns close by `as_at`; None: there is none, and
                  no table of fostering or stability is made
    first_return  see `stability.stability`
    returns       members_looked_after, members_placements, members_locality (of
                  COHORTS_COMPARED), members_placed, members_fostering, members_stability: each
                  measure's own columns after member (each, then `all`). No tables of a history
                  without members.
    """
    if "member" not in episodes:
        return {}
    told = {"rules": [rule], "code": frozenset(codes.values()), "border_miles": border_miles}
    tables = {
        "members_looked_after": _looked_after(episodes, as_at, population),
        "members_placements": _with_all(
            lambda rows, by: placements_by_sector(rows, [as_at], by=by), episodes),
        "members_locality": _of_cohorts(_with_all(
            lambda rows, by: locality(rows, as_at, by=by, **told), episodes)),
        "members_placed": members_placed(episodes, as_at, codes),
    }
    if year_end is None:
        return tables
    return tables | {
        "members_fostering": _with_all(
            lambda rows, by: fostering_split(rows, [year_end], by=by), episodes),
        "members_stability": _with_all(
            lambda rows, by: stability(rows, [year_end], first_return=first_return, by=by),
            episodes),
    }


def _with_all(
    measure: Callable[[pd.DataFrame, By], pd.DataFrame], episodes: pd.DataFrame
) -> pd.DataFrame:
    """A measure of each member, and then of all members together.

    measure   takes rows and the columns whose values each have a table
    returns   member, and the measure's columns

    >>> history = pd.DataFrame({"member": ["B", "A", "B"]})
    >>> many = lambda rows, by: tally(rows, {}, areas_of(rows, by))
    >>> _with_all(many, history).to_numpy().tolist()
    [['A', 1], ['B', 2], ['all', 3]]
    """
    together = measure(episodes.drop(columns="member"), ())
    together.insert(0, "member", ALL_MEMBERS)
    return pd.concat([measure(episodes, _BY), together], ignore_index=True)


def members_placed(
    episodes: pd.DataFrame, as_at: object, codes: Mapping[str, str]
) -> pd.DataFrame:
    """Where each member's children are placed: at home, with another member, or elsewhere.

    episodes  a pooled history: member, placement_authority (short breaks are left out)
    codes     member → its ONS code
    returns   as_at, member (each, then `all`), placed_in (PLACED_IN), children, share_pct (of
              all the member's children, so that not known stays in the base)

    >>> history = pd.DataFrame({"member": ["A", "A", "B"], "child_id": ["1", "2", "3"],
    ...     "placement_authority": ["E1", "E2", None], "is_short_break": [False] * 3,
    ...     "decom": pd.to_datetime(["2024-01-01"] * 3), "dec": pd.to_datetime([None] * 3)})
    >>> placed = members_placed(history, "2024-03-31", {"A": "E1", "B": "E2"})
    >>> placed.pivot(index="member", columns="placed_in", values="children").loc["A"].to_dict()
    {'not_known': 0, 'other_members_area': 1, 'outside': 0, 'own_area': 1}
    """
    day = pd.Timestamp(as_at)
    stock = on_date(episodes, day, columns=["member", "placement_authority"])
    where = stock["placement_authority"].astype(object)
    placed = pd.Series("outside", index=stock.index, dtype=object)
    placed = placed.mask(where.isin(list(codes.values())), "other_members_area")
    placed = placed.mask(where.eq(stock["member"].map(codes)), "own_area")
    stock = stock.assign(placed_in=placed.mask(where.isna(), "not_known"))
    levels = {"as_at": [iso(day)], "placed_in": PLACED_IN}
    members = areas_of(episodes, _BY)

    def counted(rows: pd.DataFrame, by: By) -> pd.DataFrame:
        areas = members if by else areas_of(rows, by)
        return with_share(tally(rows.assign(as_at=iso(day)), levels, areas), [*by])

    return _as_at_first(_with_all(counted, stock))


def _looked_after(
    episodes: pd.DataFrame, as_at: object, population: Mapping[str, pd.DataFrame | None]
) -> pd.DataFrame:
    known = [rows.assign(member=name) for name, rows in population.items()
             if name != ALL_MEMBERS and rows is not None]
    each = pd.concat(known, ignore_index=True) if known else None

    def measure(rows: pd.DataFrame, by: By) -> pd.DataFrame:
        people = each if by else population.get(ALL_MEMBERS)
        return children_looked_after(rows, [as_at], people, by=by)

    return _as_at_first(_with_all(measure, episodes))


def _of_cohorts(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the cohorts compared, the members of each together."""
    order = frame["cohort"].map({name: at for at, name in enumerate(COHORTS_COMPARED)})
    return frame[order.notna()].iloc[order.dropna().argsort(kind="stable")].reset_index(drop=True)


def _as_at_first(frame: pd.DataFrame) -> pd.DataFrame:
    frame.insert(0, "as_at", frame.pop("as_at"))
    return frame
