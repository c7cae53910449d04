"""Which places an authority is set beside: its region, and its statistical neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sufficiency_lib.intake.authorities import (
    Codes,
    as_codes,
    authority_of,
    load_authorities,
)
from sufficiency_lib.intake.comparable import comparable_cells
from sufficiency_lib.intake.national import national_figures
from sufficiency_lib.intake.reference import Reference
from sufficiency_lib.settings import AuthorityProfile

_NEIGHBOUR = re.compile(r"^sn_?(\d{1,2})(_\d{4})?$", re.IGNORECASE)
#: Columns that say whose neighbours a row holds, the surest first.
_WHOSE = (
    "new_la_code", "ons_code_2025_apr", "ons_code_2023", "ons_code", "old_la_code",
    "dfe_la_number", "la_code", "la_name",
)  # fmt: skip


def compared_with(
    reference: Reference, profile: AuthorityProfile, codes: Codes = None
) -> dict[str, Any]:
    """What `metrics.comparators.published` must be told for one authority.

    Parameters
    ----------
    codes: of a consortium's members, whose region is theirs where they share one; None: the
        profile's own.

    Returns
    -------
    ``cells`` (of the published statistics that were given), ``national``, ``region`` and
    ``neighbours``. The neighbours of the profile stand before those of a list among the
    statistics.
    """
    statistics = reference.statistics
    releases = {name: reference.release(name) or "" for name in statistics}
    return {
        "cells": comparable_cells(statistics, releases),
        "national": national_figures(),
        "region": region_of(profile.code if codes is None else codes),
        "neighbours": todays_codes(profile.neighbours)
        or neighbours_of(profile.code, statistics),
    }


def region_of(code: Codes) -> str:
    """The English region of an authority; blank where the authority is not known.

    Of several codes, the region that they share; blank where they lie in several.

    A London borough is in London, which the Department also publishes as Inner and Outer.

    >>> region_of("E06000019"), region_of("E09000007"), region_of(None)
    ('West Midlands', 'London', '')
    >>> region_of(["E06000019", "E06000051"]), region_of(["E06000019", "E06000018"])
    ('West Midlands', '')
    """
    regions = load_authorities().set_index("code")["region"]
    found = {str(regions.get(one, "")) for one in as_codes(code)}
    return found.pop() if len(found) == 1 else ""


def todays_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """ONS codes, DfE numbers or names as today's ONS codes; a strange one is left as it is.

    >>> todays_codes(["E08000016", "E06000051", "884"])
    ('E08000038', 'E06000051', 'E06000019')
    """
    return tuple(authority_of(code) or code for code in codes)


def neighbours_of(
    code: str | None, statistics: Mapping[str, pd.DataFrame]
) -> tuple[str, ...]:
    """An authority's statistical neighbours, nearest first, from a list among the statistics.

    Parameters
    ----------
    code: today's ONS code.
    statistics: tables by name; a list of neighbours is known by columns ``SN_1`` …
        (or ``sn1_2025`` …) beside one that says whose they are.

    Returns
    -------
    Today's ONS codes; none where no table lists that authority.

    Source: DfE, Children's services statistical neighbour benchmarking tool.

    >>> model = pd.DataFrame({"old_la_code": ["884"], "SN_1": ["893"], "SN_2": ["935"]})
    >>> neighbours_of("E06000019", {"model": model})
    ('E06000051', 'E10000029')
    """
    for name in statistics:
        table = statistics[name]
        whose = _whose(table.columns)
        columns = _ranked(table.columns)
        if code is None or not columns or whose is None:
            continue
        mine = table[[authority_of(cell) == code for cell in table[whose]]]
        if len(mine):
            listed = [str(mine.iloc[0][column]) for column in columns]
            return tuple(found for cell in listed if (found := authority_of(cell)))
    return ()


def lists_neighbours(columns: Iterable[str]) -> bool:
    """Whether a table with these columns lists statistical neighbours.

    >>> lists_neighbours(["old_la_code", "SN_1", "SN_1P"]), lists_neighbours(["old_la_code"])
    (True, False)
    """
    names = list(columns)
    return bool(_ranked(names)) and _whose(names) is not None


def _ranked(columns: Iterable[str]) -> list[str]:
    """The columns of neighbours, nearest first."""
    found = [(int(match[1]), name) for name in columns if (match := _NEIGHBOUR.match(name))]
    return [name for _, name in sorted(found)]


def _whose(columns: Iterable[str]) -> str | None:
    names = {name.casefold(): name for name in columns}
    return next((names[known] for known in _WHOSE if known in names), None)
