"""Several authorities' cleaned tables as one: what a consortium that plans for them rests on.

Children are pooled, not matched: one who moved from one member's care to another's is two, as in
the members' own returns, because each council numbers its children by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sufficiency_lib.cleaning.derive import Area, measured_from
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.years import year_end

#: Columns whose values one member gives out without regard to another's.
_NUMBERED_BY_MEMBERS = ("child_id", "sibling_group_id", "household_id", "referral_id")
#: Columns that number the rows of a history from 1.
_RUNNING = ("care_period_id", "placement_id")
#: Local inputs that name children, whom only their own council can tell apart.
_NAMING_CHILDREN = ("ledger", "referrals", "circumstances")


@dataclass(frozen=True)
class MemberTables:
    """One member's cleaned tables, as `dataset` keeps them.

    slug    told apart by: put before identifiers and file names
    name    as readers know it
    tables  by name: episodes, children, returned, findings, sources, local inputs, records
    """

    slug: str
    name: str
    tables: Mapping[str, pd.DataFrame]

    @property
    def return_years(self) -> set[int]:
        """The years whose episodes were read."""
        sources = self.tables["sources"]
        return {int(year) for year in sources.loc[sources["table"] == "episodes", "return_year"]}


def pooled(
    members: Sequence[MemberTables], area: Area, *, own: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, pd.DataFrame]:
    """The tables of a consortium: every member's rows, of the years that all of them returned.

    members  two or more, in the order in which they stand
    area     all members' areas together, from which a placement is measured anew
    own      local inputs of the consortium itself: a register or households are added to the
             members', a population or the edge of care stands in place of their sum

    Returns the tables of a dataset, with `member` (its name) in episodes and children. An
    identifier or file name has its member's slug before it. Left out: returns of years that not
    every member has, and what ended before the first of those kept or began after the last. A
    population, and children at the edge of care, are summed for the days that every member tells.
    A provider in several registers is one, the council's own where any of them says so.

    Raises ConfigurationError where no year is in every member's returns.

    >>> said = pd.DataFrame({"table": ["episodes"], "return_year": [2024]})
    >>> later = said.assign(return_year=2025)
    >>> try:
    ...     pooled([MemberTables("a", "A", {"sources": said}),
    ...             MemberTables("b", "B", {"sources": later})], Area())
    ... except ConfigurationError as error:
    ...     print(error)
    The members have no return year in common: A 2024; B 2025. Add the returns that are missing.
    """
    years = _years_of_all(members)
    log = FindingLog()
    parts = [_of_years(_told_apart(one), one.name, years) for one in members]
    _tell_left_out(members, years, log)
    tables = {name: _stacked([part[name] for part in parts]) for name in parts[0]}
    given = _own_inputs(own or {}, log)
    for name in {"provision", "carers"} & set(given):
        tables[name] = _stacked([tables[name], given[name]])
    tables["provision"] = _one_register(tables["provision"])
    tables["population"] = _summed(
        [part["population"] for part in parts], ["mid_year"], given.get("population"))
    tables["edge_of_care"] = _summed(
        [part["edge_of_care"] for part in parts], ["as_at", "edge_group"],
        given.get("edge_of_care"))
    _tell_not_summed(members, tables, log)
    tables["episodes"] = measured_from(_numbered_through(parts), area)
    tables["findings"] = _stacked([tables["findings"], log.frame()])
    return tables


def _years_of_all(members: Sequence[MemberTables]) -> set[int]:
    years = set.intersection(*(one.return_years for one in members))
    if not years:
        each = "; ".join(
            f"{one.name} {', '.join(map(str, sorted(one.return_years)))}" for one in members
        )
        raise ConfigurationError(
            f"The members have no return year in common: {each}. Add the returns that are missing."
        )
    return years


def _told_apart(one: MemberTables) -> dict[str, pd.DataFrame]:
    """A member's tables with its slug before every identifier and file name."""
    def renamed(frame: pd.DataFrame) -> pd.DataFrame:
        begun = {name: f"{one.slug}:" for name in _NUMBERED_BY_MEMBERS if name in frame}
        begun |= {"source_file": f"{one.slug}/"} if "source_file" in frame else {}
        texts = {name: frame[name].astype(object) for name in begun}
        return frame.assign(**{
            name: (begun[name] + text.astype(str)).where(text.notna() & (text != ""), text)
            for name, text in texts.items()
        })

    return {name: renamed(frame) for name, frame in one.tables.items()}


def _of_years(
    tables: Mapping[str, pd.DataFrame], member: str, years: set[int]
) -> dict[str, pd.DataFrame]:
    """What the returns of some years tell: nothing that was over before them, or began after."""
    kept = {
        name: frame[frame["return_year"].isin(list(years))] if "return_year" in frame else frame
        for name, frame in tables.items() if name != "episodes"
    }
    before, last = year_end(min(years) - 1), year_end(max(years))
    history = tables["episodes"]
    open_then = history["dec"].isna() | (history["dec"] > before)
    kept["episodes"] = history[open_then & (history["decom"] <= last)].assign(member=member)
    kept["children"] = kept["children"].assign(member=member)
    return kept


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same columns one under another, keeping their types."""
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0].reset_index(drop=True)


def _numbered_through(parts: Sequence[Mapping[str, pd.DataFrame]]) -> pd.DataFrame:
    """Every member's history, with stays and periods of care numbered through all of them."""
    numbered, reached = [], dict.fromkeys(_RUNNING, 0)
    for part in parts:
        history = part["episodes"]
        numbered.append(history.assign(**{n: history[n] + reached[n] for n in _RUNNING}))
        reached = {n: max(reached[n], int(numbered[-1][n].max())) if len(history) else reached[n]
                   for n in _RUNNING}
    return _stacked(numbered)


def _own_inputs(own: Mapping[str, pd.DataFrame], log: FindingLog) -> dict[str, pd.DataFrame]:
    """The consortium's own local inputs that can be used, those with rows."""
    for name in _NAMING_CHILDREN:
        if name in own and len(own[name]):
            log.add_rows(
                "bending", "belongs_to_a_member", own[name].head(1), column="child_id",
                expected="a table that names children in its member's folder", action="left out",
            )
    return {name: frame for name, frame in own.items()
            if len(frame) and name not in _NAMING_CHILDREN}


def _one_register(register: pd.DataFrame) -> pd.DataFrame:
    """The register with each provider once a day, own where any council calls it its own."""
    # Without Ofsted's number a provider is known by its name and where it stands, if both are.
    known = register["urn"].notna()
    told = register["provider_name"].astype(object) + " at " + register["postcode"].astype(object)
    who = register["urn"].astype(object).where(known, told)
    own = set(who[(register["sector"] == "own") & who.notna()])
    sector = register["sector"].astype(object).mask(who.isin(own), "own")
    keys = register[["provision_type", "as_at"]].assign(who=who)
    twice = who.notna() & keys.duplicated()
    return register.assign(sector=sector)[~twice].reset_index(drop=True)


def _summed(
    frames: Sequence[pd.DataFrame], keys: list[str], instead: pd.DataFrame | None
) -> pd.DataFrame:
    """The children of every member together, where every member tells; or what stands instead."""
    if instead is not None:
        return instead
    rows = _stacked(frames)
    together = rows.groupby(keys, sort=False)["children"]
    whole = together.transform("size") == len(frames)
    summed = rows.assign(children=together.transform("sum"))
    return summed[whole & ~rows.duplicated(keys)].sort_values(keys, ignore_index=True)


def _tell_left_out(
    members: Sequence[MemberTables], years: set[int], log: FindingLog
) -> None:
    for one in members:
        rows = one.tables["sources"]
        rows = rows[(rows["table"] == "episodes") & ~rows["return_year"].isin(list(years))]
        for row in rows.drop_duplicates("return_year").to_dict("records"):
            log.add(
                "bending", "not_every_members_year", file=f"{one.slug}/{row['source_file']}",
                value=str(row["return_year"]), expected="that year's return of every member",
                action="left out of what is pooled",
            )


def _tell_not_summed(
    members: Sequence[MemberTables], tables: Mapping[str, pd.DataFrame], log: FindingLog
) -> None:
    without = [one for one in members if one.tables["population"].empty]
    if tables["population"].empty and len(without) < len(members):
        for one in without:
            log.add(
                "bending", "member_without_population", file=f"{one.slug}/population.csv",
                expected="the population of every member", action="no rate is worked out",
            )
