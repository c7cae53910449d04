"""What placements cost elsewhere: section 251 unit costs, as the Department publishes them.

Councils return what they spend under section 251 of the Apprenticeships, Skills, Children and
Learning Act 2009. The Local Authority Interactive Tool gives weekly unit costs from it: the
outturn by the weeks of children in that kind of placement, which it calls approximate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from sufficiency_lib.intake.reference import Reference

#: Measure → what the tool calls it.
UNIT_COSTS: Mapping[str, str] = {
    "all_placements": "lacfinance",
    "fostering": "fosteringfinance",
    "residential": "rescarefinance",
}

CELL_COLUMNS = (
    "unit_cost", "geographic_level", "area_name", "authority", "financial_year",
    "value_gbp_per_week", "release",
)  # fmt: skip

_NAMED, _AREA, _TITLE = "short desc", "la and regions", "chart_title"
_YEAR = re.compile(r"(\d{4}-\d{2}) \(OT\)$")


def published_unit_costs(reference: Reference) -> pd.DataFrame:
    """The unit costs among the published statistics of a reference store."""
    statistics = reference.statistics
    releases = {name: reference.release(name) or "" for name in statistics}
    return section_251_cells(statistics, releases)


def lists_unit_costs(columns: Iterable[str]) -> bool:
    """Whether a table has the columns of the tool's tables of finance.

    >>> lists_unit_costs(["Short Desc", "LA and Regions", "Years", "Values", "Chart_title"])
    True
    """
    return {_NAMED, _AREA, _TITLE} <= {str(name).strip().casefold() for name in columns}


def section_251_cells(
    statistics: Mapping[str, pd.DataFrame], releases: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Every published weekly unit cost of a looked-after child's placement.

    Parameters
    ----------
    statistics: tables by name, as :func:`sufficiency_lib.intake.comparators.tidy_statistics`
        makes them; one that has no such costs is passed over.
    releases: table name → what the user called its edition.

    Returns
    -------
    DataFrame of :data:`CELL_COLUMNS`: ``geographic_level`` is local_authority or, for England
    and its regions, not_stated (then ``area_name`` says which); ``financial_year`` is 2024-25
    of the outturn. A cell without a number is left out.

    >>> table = pd.DataFrame({"time_period": ["2024-25 (OT)"], "geographic_level": ["not_stated"],
    ...     "authority": [None], "Short Desc": ["FosteringFinance"], "LA and Regions": ["England"],
    ...     "Chart_title": ["Fostering - S251/Outturn weekly unit costs (approximate)"],
    ...     "value": [765.0]})
    >>> section_251_cells({"lait": table})[["unit_cost", "value_gbp_per_week"]].to_numpy().tolist()
    [['fostering', 765.0]]
    """
    told = releases or {}
    found = [_cells(statistics[name], told.get(name, "")) for name in statistics]
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in CELL_COLUMNS})
    empty = empty.astype({"value_gbp_per_week": "float64"})
    full = [cells for cells in found if len(cells)]
    return pd.concat(full, ignore_index=True) if full else empty


def _cells(table: pd.DataFrame, edition: str) -> pd.DataFrame:
    table = table.rename(columns=lambda name: str(name).casefold())
    if not {_NAMED, _AREA, _TITLE, "time_period", "value"} <= set(table):
        return pd.DataFrame(columns=list(CELL_COLUMNS))
    measure = {said: name for name, said in UNIT_COSTS.items()}
    # Its other rows are yearly spending: only what says that it is weekly is.
    weekly = table[_TITLE].astype("str").str.contains("weekly unit costs", case=False)
    year = table["time_period"].astype("str").str.extract(_YEAR)[0]
    named = table[_NAMED].astype("str").str.casefold().map(measure)
    kept = weekly & year.notna() & named.notna() & table["value"].notna()
    if not kept.any():
        return pd.DataFrame(columns=list(CELL_COLUMNS))
    release = f"section 251 outturn to {year[kept].max()}, DfE"
    return pd.DataFrame({
        "unit_cost": named[kept], "geographic_level": table.loc[kept, "geographic_level"],
        "area_name": table.loc[kept, _AREA], "authority": table.loc[kept, "authority"],
        "financial_year": year[kept], "value_gbp_per_week": table.loc[kept, "value"],
        "release": release + (f" ({edition})" if edition else ""),
    }).astype(dict.fromkeys(set(CELL_COLUMNS) - {"value_gbp_per_week"}, object))
