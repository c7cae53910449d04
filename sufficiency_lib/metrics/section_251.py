"""What placements cost elsewhere, beside the council's own figure on the same definition."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sufficiency_lib.intake.section_251 import UNIT_COSTS
from sufficiency_lib.metrics.comparators import FEWEST_NEIGHBOURS
from sufficiency_lib.metrics.stock import last_year_closed

_VALUE = "value_gbp_per_week"
ENGLAND = "England"


def section_251(
    cells: pd.DataFrame,
    *,
    as_at: object,
    code: str | None,
    region: str = "",
    neighbours: Sequence[str] = (),
) -> pd.DataFrame:
    """Published weekly unit costs: the council's own, England's, the region's, neighbours'.

    cells       see `intake.section_251.section_251_cells`; may have no rows
    as_at       the day of the page: of each cost, the last financial year that has ended by it
                and that has a figure for England
    code        the council's ONS code; None: it has no figure
    region, neighbours  as in `comparators.published`
    returns     unit_cost (all_placements, fostering, residential), financial_year,
                council_gbp_per_week, england_gbp_per_week, region_gbp_per_week,
                neighbours_gbp_per_week (the median of those with a figure; NaN of fewer than
                five), neighbours_known, release. NaN where there is no figure.

    They are published, and count no child here. They hold overheads that a ledger does not, so
    a figure of the ledger is never put among them.

    Source: DfE, section 251 outturn, by way of the Local Authority Interactive Tool.
    """
    starts = cells["financial_year"].astype("str").str[:4].astype("float64")
    known = cells[starts < last_year_closed(as_at)]
    rows = []
    for unit_cost in UNIT_COSTS:
        of_kind = known[known["unit_cost"] == unit_cost]
        national = of_kind[of_kind["area_name"] == ENGLAND]
        if national.empty:
            continue
        year = national["financial_year"].max()
        here = of_kind[of_kind["financial_year"] == year]
        alike = here.loc[here["authority"].isin(list(neighbours)), _VALUE]
        rows.append((
            unit_cost, year, _of(here, here["authority"] == code) if code else None,
            _of(here, here["area_name"] == ENGLAND),
            _of(here, (here["area_name"] == region) & (here["geographic_level"] == "not_stated")),
            alike.median() if len(alike) >= FEWEST_NEIGHBOURS else None,
            len(alike), here["release"].iloc[0],
        ))
    columns = ["unit_cost", "financial_year", "council_gbp_per_week", "england_gbp_per_week",
               "region_gbp_per_week", "neighbours_gbp_per_week", "neighbours_known", "release"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({name: "float64" for name in columns if name.endswith("_week")})


def _of(cells: pd.DataFrame, chosen: pd.Series) -> float | None:
    found = cells.loc[chosen, _VALUE]
    return None if found.empty else float(found.iloc[0])
