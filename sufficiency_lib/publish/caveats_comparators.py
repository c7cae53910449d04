"""Sentences that say what an authority is compared with, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.wording import listed


def compared_areas(
    around: pd.DataFrame,
    *,
    region: str = "",
    neighbours: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
) -> str:
    """Which published figures stand beside the authority's, of which release, and which do not.

    around      published figures (see `metrics.comparators.published`)
    region      the name of the authority's region; blank where it is not known
    neighbours  the codes of its statistical neighbours
    names       code → name

    >>> rows = pd.DataFrame({"comparator_area": ["england"], "areas_known": [1],
    ...     "release": ["31 March 2025; DfE, 2025 release"]})
    >>> compared_areas(rows)
    "England's figures ... come with this suite: 31 March 2025 (DfE, 2025 release). No published..."
    """
    if around.empty:
        return "There are no published figures to set beside the authority's."
    there = set(around["comparator_area"])
    told = listed([_in_brackets(release) for release in dict.fromkeys(around["release"])])
    if there == {"england"}:
        return (
            f"England's figures are national ones that come with this suite: {told}. No published "
            "statistics were given to this run, so the region and similar councils are not shown."
        )
    said = [f"Published figures: {listed(_areas(there, region))}; {told}."]
    if region == "London" and "region" in there:
        said.append("London is Inner and Outer London together.")
    if "neighbours" in there:
        said.append(_similar(neighbours, names or {}))
    missing = _missing(there, region, neighbours)
    return " ".join([*said, *missing])


def _in_brackets(release: str) -> str:
    day, _, what = release.partition("; ")
    return f"{day} ({what})" if what else day


def _areas(there: set[str], region: str) -> list[str]:
    names = {"england": "England", "region": f"{region} (the region)",
             "neighbours": "the median of similar councils"}
    return [name for area, name in names.items() if area in there]


def _similar(neighbours: Sequence[str], names: Mapping[str, str]) -> str:
    told = listed([names.get(code, code) for code in neighbours])
    return f"The similar councils are its statistical neighbours: {told}."


def _missing(there: set[str], region: str, neighbours: Sequence[str]) -> list[str]:
    said = []
    if "region" not in there:
        said.append(f"No figures of {region} were given." if region else
                    "The authority is not known, and so neither is its region.")
    if "neighbours" not in there:
        said.append(
            "No figures of its statistical neighbours were given." if neighbours else
            "No statistical neighbours are named in the profile or in the published files, so "
            "none are shown."
        )
    return said
