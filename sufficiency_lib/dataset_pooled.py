"""A consortium's dataset, made of its members': what its profile may say, and its pooled tables.

Members are `dataset.Dataset`s, each read, repaired and kept as in a run of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sufficiency_lib.cleaning.derive import Area
from sufficiency_lib.cleaning.pooled import MemberTables, pooled
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import load_local
from sufficiency_lib.settings import AuthorityProfile, SharedLocality


def profile_of_all(
    profile: AuthorityProfile, members: Sequence[AuthorityProfile]
) -> AuthorityProfile:
    """A consortium's profile with what its members' profiles say for the page of them all.

    No count is shown that a member would suppress, no cost that one withholds; and what is made
    up in one is made up in the whole. The members go by their names. An authority's profile,
    which has no members, is left as it is.

    >>> one, two = (AuthorityProfile(name=name, slug=name, synthetic=name == "b") for name in "ab")
    >>> whole = profile_of_all(AuthorityProfile(name="c", slug="c", members=("a", "b")), [one, two])
    >>> whole.synthetic, whole.publish.costs
    (True, False)
    """
    if not members:
        return profile
    every = [profile, *members]
    shown = {
        "threshold": max(one.disclosure.threshold for one in every),
        "round_to": max(one.disclosure.round_to for one in every),
    }
    costs = all(one.publish.costs for one in every)
    return profile.model_copy(update={
        "members": tuple(one.name for one in members),
        "locality": SharedLocality(**profile.locality.model_dump()),
        "synthetic": any(one.synthetic for one in every),
        "disclosure": profile.disclosure.model_copy(update=shown),
        "publish": profile.publish.model_copy(update={"costs": costs}),
    })


def codes_of_all(
    profile: AuthorityProfile, members: Sequence[AuthorityProfile]
) -> frozenset[str]:
    """Today's ONS codes of an authority's area, or of its members'; none unless all are known.

    >>> hereford = AuthorityProfile(name="a", slug="a", code="E06000019")
    >>> sorted(codes_of_all(hereford, [])), sorted(codes_of_all(hereford, [hereford]))
    (['E06000019'], ['E06000019'])
    """
    every = [one.code for one in members or [profile]]
    return frozenset() if None in every else frozenset(every)


def pooled_tables(
    home: Path, members: Sequence[Any], folders: Sequence[Path], area: Area
) -> dict[str, pd.DataFrame]:
    """The members' tables as one, with the local inputs in the consortium's own folder.

    home     the consortium's folder
    members  datasets
    folders  theirs; what lies in one of them is its member's
    area     all members' areas together
    """
    log = FindingLog()
    inside = {one.relative_to(home).parts[0] for one in folders if one.is_relative_to(home)}
    own = load_local(home, log, leave_out=inside)
    log.raise_if_fatal()
    tables = pooled(
        [MemberTables(one.profile.slug, one.profile.name, _tables(one)) for one in members], area,
        own=own.tables(),
    )
    found = log.frame()
    if found.empty:
        return tables
    return tables | {"findings": pd.concat([tables["findings"], found], ignore_index=True)}


def _tables(study: Any) -> dict[str, pd.DataFrame]:
    """The cleaned tables of a dataset by name, as they are kept."""
    every = {name: getattr(study, name) for name in study.__dataclass_fields__}
    tables = {name: value for name, value in every.items() if isinstance(value, pd.DataFrame)}
    none = pd.DataFrame({"mid_year": [], "children": []}, dtype="int64")
    return {"population": none} | tables
