"""Published cells as the tests of comparators make them, and one authority's own figures."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.intake.comparable import CELL_COLUMNS, comparable_cells
from sufficiency_lib.intake.national import national_figures
from sufficiency_lib.metrics.comparators import beside, published

NONE = comparable_cells({})
NATIONAL = national_figures()
FAR = "placed_over_20_miles_pct"
NEIGHBOURS = ("E06000051", "E06000066", "E10000028", "E10000029", "E10000017", "E06000064")
OWN = pd.DataFrame({
    "metric": [FAR, "within_rule_pct", "rate_per_10000", "three_or_more_placements_pct"],
    "value": [30.5, 70.0, 111.0, "c"], "numerator": [122, 280, 400, "c"],
    "denominator": [400, 400, 36000, 400],
}).astype(object)  # fmt: skip


def cell(value: object = None, **how: object) -> dict[str, object]:
    ordinary = {
        "metric": FAR, "geographic_level": "national", "region_name": None, "authority": None,
        "time_period": "2025", "value": value, "symbol": None, "release_year": "2025",
        "release": "DfE, 2025 release",
    }
    return ordinary | how


def cells(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS)).astype({"value": "float64"})


def of(rows: pd.DataFrame, area: str, metric: str = FAR) -> dict[str, object]:
    (found,) = rows[(rows["metric"] == metric) & (rows["comparator_area"] == area)].to_dict(
        "records"
    )
    return found


def around(*rows: dict[str, object], as_at: str = "2025-03-31", **how: object) -> pd.DataFrame:
    return published(cells(*rows), NATIONAL[:0], as_at=as_at, **how)


def neighbours(values: list[object], **how: object) -> pd.DataFrame:
    rows = []
    for code, value in zip(NEIGHBOURS, values, strict=False):
        symbol = value if isinstance(value, str) else None
        number = None if symbol else value
        rows.append(cell(number, symbol=symbol, geographic_level="local_authority",
                         authority=code))
    return around(*rows, neighbours=NEIGHBOURS, **how)


def full_table() -> pd.DataFrame:
    every = [cell(v, geographic_level="local_authority", authority=code)
             for v, code in zip((10, 20, 30, 40, 50, 60), NEIGHBOURS, strict=True)]
    region = cell(19, geographic_level="regional", region_name="West Midlands")
    got = published(cells(cell(22), region, *every), NATIONAL, as_at="2025-03-31",
                    region="West Midlands", neighbours=NEIGHBOURS)
    return beside(OWN, got)
