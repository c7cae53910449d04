"""Which figure of the Department's published tables is which of our measures.

Only measures of one definition are here: a locality rule of a council's own has no national
figure, and is never set beside one. A published table is known by its columns and by what
stands in them, whatever its file is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

#: What the Department has called the column of percentages.
PERCENTAGES = ("percentage", "children_percent")
RATES = ("rate_per_10000",)


@dataclass(frozen=True)
class Comparable:
    """One of our measures that the Department publishes on the same definition.

    metric   our short name, as in `headline`
    label    in words
    unit     % or "per 10,000"
    where    published column → what stands in it
    columns  the published column of figures, by any of its names
    key      for a share of a table of ours: the column that tells its rows apart
    code     and what stands in it in the row whose children are counted
    """

    metric: str
    label: str
    unit: str
    where: Mapping[str, str]
    columns: tuple[str, ...] = PERCENTAGES
    key: str = ""
    code: str = ""


def _share(
    metric: str, label: str, group: str, kind: str, key: str = "", code: str = ""
) -> Comparable:
    where = {"cla_group": group, "characteristic": kind}
    return Comparable(metric, label, "%", where, key=key, code=code)


def _placed(metric: str, label: str, kind: str) -> Comparable:
    # Ours are put together as in `codes.DFE_PLACEMENT_GROUP`.
    return _share(metric, label, "Placement", kind, "dfe_placement_group", kind)


def _aged(words: str, kind: str, code: str) -> Comparable:
    label = f"Aged {words}"
    metric = f"{label.casefold().replace(' ', '_')}_pct"
    return _share(metric, label, "Age group", kind, "age_group", code)


def _rate(metric: str, label: str, population: str) -> Comparable:
    return Comparable(metric, label, "per 10,000", {"population_type": population}, RATES)


def _stability(metric: str, label: str, group: str, kind: str) -> Comparable:
    return Comparable(metric, label, "%", {"cla_group": group, "placement_stability": kind})


_MILES = "Distance between home and placement"
_UASC = "Unaccompanied asylum-seeking children"

#: In the order of the table. Source: DfE, *Children looked after in England including
#: adoptions*; groups of placements as there (see `codes.DFE_PLACEMENT_GROUP`).
COMPARABLE: tuple[Comparable, ...] = (
    _rate("rate_per_10000", "Looked after, per 10,000 aged 0 to 17",
          "Children looked after on 31 March each year"),
    _rate("started_per_10000", "Started in the year, per 10,000 aged 0 to 17",
          "Children starting to be looked after each year"),
    _rate("ceased_per_10000", "Ceased in the year, per 10,000 aged 0 to 17",
          "Children ceasing to be looked after each year"),
    _share("placed_over_20_miles_pct", "Placed more than 20 miles from home", _MILES,
           "Placed more than 20 miles from home"),
    _share("distance_not_known_pct", "Distance from home not known", _MILES,
           "Distance not known or not recorded"),
    _share("placed_outside_area_pct", "Placed outside the authority's boundary",
           "Locality of placement", "Placed outside the local authority boundary"),
    Comparable("new_distance_not_known_pct", "Of new placements, distance not known", "%",
               {"characteristic": "Location of new placements during the year",
                "breakdown": "Distance not known or not recorded"}),
    _stability("three_or_more_placements_pct", "Three or more placements in the year",
               "CLA on 31 March", "With 3 or more placements during the year"),
    _stability("same_carer_2_years_pct", "With the same carer for two years or more",
               "Children looked after continuously for at least 2.5 years on 31 March aged "
               "under 16 years", "Living with the same carer for at least 2 years"),
    _placed("fostered_pct", "Fostered", "Foster placements"),
    _placed("homes_pct", "In children's homes and secure homes",
            "Secure homes and children's homes"),
    _placed("supported_accommodation_pct", "In supported accommodation",
            "Independent and semi-independent living arrangements/supported accommodation"),
    _placed("with_parents_pct", "Placed with parents",
            "Placed with parents or other person with parental responsibility"),
    _placed("placed_for_adoption_pct", "Placed for adoption", "Placed for adoption"),
    _share("own_provision_pct", "In the authority's own provision", "Place providers",
           "Own provision (by the LA)"),
    _aged("under 1", "Under 1 year", "under_1"),
    _aged("1 to 4", "1 to 4 years", "1_to_4"),
    _aged("5 to 9", "5 to 9 years", "5_to_9"),
    _aged("10 to 15", "10 to 15 years", "10_to_15"),
    _aged("16 and over", "16 years and over", "16_and_over"),
    _share("uasc_pct", _UASC, _UASC, "UASC", "uasc", "uasc"),
)


#: One published cell that is a figure of a measure of ours.
CELL_COLUMNS = (
    "metric", "geographic_level", "region_name", "authority", "time_period", "value", "symbol",
    "release_year", "release",
)  # fmt: skip


def comparable_cells(
    statistics: Mapping[str, pd.DataFrame], releases: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Every published cell that is a figure of one of :data:`COMPARABLE`.

    Parameters
    ----------
    statistics: tables by name, as :func:`sufficiency_lib.intake.comparators.tidy_statistics`
        makes them; others, and those that hold nothing comparable, are passed over.
    releases: table name → what the user called its edition.

    Returns
    -------
    DataFrame of :data:`CELL_COLUMNS`. ``time_period`` is the year whose 31 March closes it,
    ``release_year`` the latest year in the cell's table, and ``release`` says both that and
    the edition: "DfE, 2025 release".

    >>> published = pd.DataFrame({"time_period": ["2025"], "geographic_level": ["national"],
    ...     "authority": [None], "population_type": ["Children looked after on 31 March each year"],
    ...     "measure": ["rate_per_10000"], "value": [67.0], "symbol": [None]})
    >>> cells = comparable_cells({"any_name": published})
    >>> cells[["metric", "value", "release"]].to_numpy().tolist()
    [['rate_per_10000', 67.0, 'DfE, 2025 release']]
    """
    told = releases or {}
    found = [_cells(statistics[name], told.get(name, "")) for name in statistics]
    return pd.concat([_no_cells(), *found], ignore_index=True)


def _no_cells() -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in CELL_COLUMNS})
    return frame.astype({"value": "float64"})


def _cells(table: pd.DataFrame, edition: str) -> pd.DataFrame:
    table = table.rename(columns=lambda name: str(name).casefold())
    if table.empty or not {"time_period", "geographic_level", "measure"} <= set(table):
        return _no_cells()
    # Many rows, few words: what stands in a column is put in one case once.
    asked = {column for measure in COMPARABLE for column in measure.where} | {"measure"}
    words = pd.DataFrame({
        column: table[column].map({said: str(said).casefold() for said in table[column].unique()})
        for column in asked & set(table)
    })  # fmt: skip
    found = [_cells_of(measure, table, words) for measure in COMPARABLE]
    cells = pd.concat([_no_cells(), *found], ignore_index=True)
    latest = table["time_period"].astype(str).str[:4].max()
    told = f"DfE, {latest} release" + (f" ({edition})" if edition else "")
    years = cells["time_period"].astype(str).str[:4]
    return cells.assign(time_period=years, release_year=latest, release=told)


def _cells_of(measure: Comparable, table: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    if not set(measure.where) <= set(words):
        return _no_cells()
    chosen = words["measure"].isin(measure.columns)
    for column, said in measure.where.items():
        chosen &= words[column] == said.casefold()
    return table[chosen].assign(metric=measure.metric).reindex(columns=list(CELL_COLUMNS))
