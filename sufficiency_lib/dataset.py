"""One authority's inputs, read, repaired and measured: what every metric and notebook uses.

A consortium's are its members', each read, repaired and kept as its own, and then pooled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from sufficiency_lib import store
from sufficiency_lib.cleaning.children import check_identity, children_of
from sufficiency_lib.cleaning.coverage import tell_ageless, tell_unplaced
from sufficiency_lib.cleaning.derive import Area, derive
from sufficiency_lib.cleaning.records import records_of
from sufficiency_lib.cleaning.repair import repair
from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.dataset_pooled import codes_of_all, pooled_tables, profile_of_all
from sufficiency_lib.dataset_shown import as_html
from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.intake.authorities import authority_names
from sufficiency_lib.intake.findings import FatalFindings, FindingLog
from sufficiency_lib.intake.folders import AuthorityFolder, find_authority, find_members
from sufficiency_lib.intake.local import LocalInputs, load_local
from sufficiency_lib.intake.local_checks import tell_unmatched
from sufficiency_lib.intake.reference import Reference
from sufficiency_lib.intake.returns import read_returns
from sufficiency_lib.settings import (
    AuthorityProfile,
    RunParameters,
    read_profile,
)


@dataclass(frozen=True)
class Dataset:
    """Everything a notebook needs about one authority.

    parameters   as given
    profile      the authority's, with today's code where it is known
    as_at        the day of every stock figure
    episodes     the repaired, measured history: one row an episode (see `fields`)
    children     one row a child
    returned     every episode row as read, for the reconciliation
    findings     what was wrong and what was done (see `intake.findings`)
    sources      one row a file and year: source_file, table, return_year, rows
    population   mid_year, children (0-17), or None
    provision, carers, ledger, referrals, circumstances, edge_of_care
                 the other local inputs (see `intake.local.LocalInputs`); without rows where
                 the authority has none
    oc2, oc3, ad1, placed_for_adoption, missing, reviews, previous_permanence
                 the other tables of the return (see `cleaning.records`)
    reference    postcodes, outlines and names
    fingerprint  of everything that the tables rest on, by content
    members      a consortium's, each as a dataset of its own at the same day; none otherwise.
                 Its episodes and children then say whose they are in the column member
    """

    parameters: RunParameters
    profile: AuthorityProfile
    as_at: date
    episodes: pd.DataFrame
    children: pd.DataFrame
    returned: pd.DataFrame
    findings: pd.DataFrame
    sources: pd.DataFrame
    population: pd.DataFrame | None
    provision: pd.DataFrame
    carers: pd.DataFrame
    ledger: pd.DataFrame
    referrals: pd.DataFrame
    circumstances: pd.DataFrame
    edge_of_care: pd.DataFrame
    oc2: pd.DataFrame
    oc3: pd.DataFrame
    ad1: pd.DataFrame
    placed_for_adoption: pd.DataFrame
    missing: pd.DataFrame
    reviews: pd.DataFrame
    previous_permanence: pd.DataFrame
    reference: Reference
    fingerprint: str
    members: tuple[Dataset, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Today's ONS codes of the area: the authority's, or all members'; none: not known."""
        return codes_of_all(self.profile, [one.profile for one in self.members])

    @property
    def return_years(self) -> list[int]:
        """The years whose returns were read."""
        episodes = self.sources[self.sources["table"] == "episodes"]
        return sorted({int(year) for year in episodes["return_year"]})

    @property
    def year_ends(self) -> list[date]:
        """The 31 Marches that the returns close, up to the day of the run."""
        ends = [date(year, 3, 31) for year in self.return_years]
        return [end for end in ends if end <= self.as_at]

    @property
    def days(self) -> list[date]:
        """The days of every stock figure: each 31 March, and the day of the run."""
        return sorted({*self.year_ends, self.as_at})

    @property
    def locality_rule(self) -> str:
        """The rule in force: the run's, or else the profile's."""
        return self.parameters.locality_rule or self.profile.locality.rule

    @property
    def rules(self) -> list[str]:
        """The rules that can be worked out here, the one in force first."""
        usable = {"home_20_miles", self.locality_rule}
        if self.codes:
            usable.add("in_area")
        if self.profile.locality.centre_easting is not None:
            usable.add("centre_20_miles")
        if self.codes and self.codes <= set(self.reference.boundaries["code"]):
            usable |= {"boundary_20_miles", "border_10_miles"}
        return sorted(usable, key=lambda rule: (rule != self.locality_rule,
                                                LOCALITY_RULES.index(rule)))

    @property
    def locality(self) -> dict[str, Any]:
        """What the locality measures must be told: the rules, and the authority's own area."""
        return {
            "rules": self.rules,
            "code": self.codes,
            "border_miles": self.profile.locality.border_miles,
        }

    @property
    def locality_in_force(self) -> dict[str, Any]:
        """As `locality`, for the rule in force alone."""
        return self.locality | {"rules": [self.locality_rule]}

    @property
    def side_by_side(self) -> dict[str, Any]:
        """What `metrics.members.side_by_side` must be told of a consortium's members."""
        people = {one.profile.name: one.population for one in self.members}
        return {
            "codes": {one.profile.name: one.profile.code for one in self.members},
            "rule": self.locality_rule,
            "border_miles": self.profile.locality.border_miles,
            "population": people | {"all": self.population},
            "year_end": self.year_ends[-1] if self.year_ends else None,
            "first_return": self.return_years[0],
        }

    @property
    def fewest_shown(self) -> int:
        """The smallest count, above 0, that this run's audience may see."""
        if self.parameters.audience == "internal":
            return 1
        return self.profile.disclosure.threshold + 1

    @property
    def authority_names(self) -> dict[str, str]:
        """ONS code → name as readers know it, for the authorities where children are placed."""
        drawn = self.reference.boundaries
        names = dict(zip(drawn["code"], drawn["name"], strict=True)) | authority_names()
        return {code: name.partition(",")[0] for code, name in names.items()}

    def _repr_html_(self) -> str:
        return as_html(self)

    def __repr__(self) -> str:
        """Counts and dates only: a notebook may print this in public."""
        years = self.return_years
        return (
            f"Dataset of {self.profile.name}: returns to 31 March {years[0]}–{years[-1]}, "
            f"as at {self.as_at.day} {self.as_at:%B %Y}; {len(self.episodes):,} episodes, "
            f"{len(self.findings):,} findings"
        )


def load(parameters: RunParameters) -> Dataset:
    """Read one authority's inputs into a Dataset; made once, then kept as parquet.

    parameters  see `settings.RunParameters`; blank data means the synthetic sample

    Raises ConfigurationError (no such authority, folder or setting) and InputError (data
    that cannot be read safely), each a sentence.
    """
    data = parameters.data or store.sample_data()
    home = find_authority(parameters.authority, data)
    profile = read_profile(home.folder, code=home.code, name=home.name, slug=home.slug)
    reference = store.reference_for(parameters.reference, data)
    members = _members(parameters, home, profile, data)
    theirs = [one.profile for one in members]
    profile = profile_of_all(profile, theirs)
    area = _area(profile, codes_of_all(profile, theirs), reference)
    # A folder may be asked for as another authority, whose own area is then another.
    rests_on = [reference.fingerprint, str(profile.code), *(one.fingerprint for one in members)]
    key = store.content_key(home.folder, " ".join(rests_on))

    def build() -> dict[str, pd.DataFrame]:
        if members:
            folders = [folder_of(one.parameters) for one in members]
            return pooled_tables(home.folder, members, folders, area)
        return _build(home, profile, reference, area)

    tables = store.kept(home.folder, key, build)
    as_at = _as_at(parameters, tables["sources"])
    _check_rule(parameters, profile, area)
    population = tables["population"]
    return Dataset(
        parameters=parameters,
        profile=profile,
        as_at=as_at,
        reference=reference,
        fingerprint=key,
        members=tuple(_at(one, as_at) for one in members),
        **tables | {"population": None if population.empty else population},
    )


def _members(
    parameters: RunParameters, home: AuthorityFolder, profile: AuthorityProfile, data: Path
) -> tuple[Dataset, ...]:
    """Each member of a consortium, read as in a run of its own; none for an authority."""
    members = []
    for one in find_members(home, profile.members, data) if profile.is_consortium else []:
        beside = one.folder.parent == data.absolute()
        try:
            members.append(load(parameters.model_copy(update={
                "authority": one.folder.name, "as_at": None, "locality_rule": None,
                "data": parameters.data if beside else one.folder.parent,
            })))
        except FatalFindings as error:
            within = f"{one.slug}/" + error.findings["source_file"].astype(str)
            raise FatalFindings(error.findings.assign(source_file=within)) from None
        except SufficiencyError as error:
            raise type(error)(f"{one.name}: {error}") from None
    return tuple(members)


def _at(member: Dataset, day: date) -> Dataset:
    """A member at the day of the consortium's page."""
    if day == member.as_at:
        return member
    told = member.parameters.model_copy(update={"as_at": day})
    return replace(member, as_at=day, parameters=told)


def _build(
    home: AuthorityFolder, profile: AuthorityProfile, reference: Reference, area: Area
) -> dict[str, pd.DataFrame]:
    """Intake, repair and measurement of one authority: the tables that are kept."""
    log = FindingLog()
    returns = read_returns(home.folder, log, years=profile.returns.years)
    rows = returns.tables["episodes"]
    repaired = repair(rows, log)
    check_identity(returns.tables.get("header"), rows, log)
    children = children_of(returns.tables.get("header"), returns.tables.get("uasc"))
    fallback = profile.locality.postcode_fallback
    episodes = derive(
        repaired.history, children, reference.postcodes, area, fallback=fallback
    )
    tell_unplaced(episodes, log)
    tell_ageless(episodes, log)
    records = records_of(returns.tables, log)
    local = load_local(home.folder, log, authority=profile.code)
    _tell_strangers(local, returns.tables, log)
    log.raise_if_fatal()
    return {
        "episodes": episodes,
        "children": children,
        "returned": _returned(repaired.dropped, rows),
        "findings": log.frame(),
        "sources": returns.sources,
        **local.tables(),
        **records,
    }


def _area(
    profile: AuthorityProfile, codes: frozenset[str], reference: Reference
) -> Area:
    drawn = reference.boundaries
    outlines = drawn.loc[drawn["code"].isin(list(codes)), "geometry"]
    east, north = profile.locality.centre_easting, profile.locality.centre_northing
    whole = len(outlines) > 0 and len(outlines) == len(codes)
    return Area(
        codes=codes,
        boundary=shapely.union_all(outlines.to_list()) if whole else None,
        centre=(east, north) if east is not None and north is not None else None,
    )


def _tell_strangers(
    local: LocalInputs, tables: dict[str, pd.DataFrame], log: FindingLog
) -> None:
    """Findings for the children of the ledger and the referrals who are in no return."""
    known = {child for table in tables.values() for child in table["CHILD"].dropna()}
    for rows in (local.ledger, local.referrals):
        tell_unmatched(rows, known, log)


def _returned(dropped: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Every row as read, with what it was left out by."""
    names = {"CHILD": "child_id", "DECOM": "decom", "DEC": "dec", "LS": "legal_status"}
    columns = [*names, "dec_unreadable", "return_year", "source_file", "source_line"]
    left_out = dropped["tag"].reindex(rows.index).fillna("")
    return rows[columns].rename(columns=names).assign(dropped_by=left_out)


def _as_at(parameters: RunParameters, sources: pd.DataFrame) -> date:
    years = sources.loc[sources["table"] == "episodes", "return_year"].astype(int)
    first, last = date(years.min(), 3, 31), date(years.max(), 3, 31)
    chosen = parameters.as_at or last
    if not first <= chosen <= last:
        raise ConfigurationError(
            f"The date {chosen:%d/%m/%Y} is outside the returns, which close on "
            f"{first:%d/%m/%Y} to {last:%d/%m/%Y}; give a date between these with --as-at."
        )
    return chosen


def _check_rule(parameters: RunParameters, profile: AuthorityProfile, area: Area) -> None:
    """Refuse a locality rule that cannot be worked out for this authority."""
    rule = parameters.locality_rule or profile.locality.rule
    if rule == "centre_20_miles" and area.centre is None:
        raise ConfigurationError(
            "The locality rule centre_20_miles needs centre_easting and centre_northing under "
            "[locality] in profile.toml; add them, or choose another rule."
        )
    if rule == "in_area" and not area.codes:
        raise ConfigurationError(
            "The locality rule in_area needs to know the authority, or every member; add its ONS "
            "code under [authority] in its profile.toml, or choose another rule."
        )
    if rule in ("boundary_20_miles", "border_10_miles") and area.boundary is None:
        raise ConfigurationError(
            f"The locality rule {rule} needs the authority's outline; build the reference "
            "store with --boundaries, or choose another rule."
        )


def folder_of(parameters: RunParameters) -> Path:
    """The folder that holds the inputs of the authority of a run."""
    return find_authority(parameters.authority, parameters.data or store.sample_data()).folder
