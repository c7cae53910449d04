"""Hiding alike: a table of pairs beside the table that prints its sums by whose they are."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.metrics.pairs import SECTORS, cohort_of
from sufficiency_lib.publish.disclosure import SUPPRESSED

_SECTOR_OF = {provider: sector for sector, who in SECTORS.items() for provider in who}

#: Count of a finer table → the column that says when; the sums stand under the same day.
_WHEN = {
    "children": "as_at",
    "starts": "year_ending",
    "nights": "year_ending",
    "start_children": "start_date",
    "end_children": "end_date",
}


def as_shown(frame: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """A table by placement group and provider, or by cohort, with what `sums` hides hidden.

    frame  children by as_at, starts or nights by year_ending, or start_children and end_children by
           start_date and end_date; placement_group and provider, or cohort
    sums   the disclosed `placements_by_sector`, `new_placements_by_sector` or
           `bed_nights_by_cohort` of those days
    returns  the frame with a column cohort, by which the gate knows which rows add up to what
           `sums` prints

    Two tables of the same children must not choose different cells to hide, or each tells
    what the other does not. What `sums` shows is left to the gate.

    >>> sums = pd.DataFrame({"as_at": ["2025-03-31"], "cohort": ["childrens_home"],
    ...                      "own_provision": ["c"], "public_provision": [0],
    ...                      "independent_provision": [9], "no_provider": [0], "children": ["c"]})
    >>> pairs = pd.DataFrame({"placement_group": ["childrens_home"] * 2, "children": [3, 9],
    ...                       "as_at": ["2025-03-31"] * 2, "provider": ["own", "private"]})
    >>> as_shown(pairs, sums)["children"].tolist()
    ['c', 9]
    """
    when = "as_at" if "as_at" in sums else "year_ending"
    whole = next(count for count in _WHEN if count in sums)
    cells = {(row[when], row["cohort"]): row for row in sums.to_dict("records")}
    cohorts = frame["cohort"] if "cohort" in frame else cohort_of(frame)
    records = frame.assign(cohort=cohorts).to_dict("records")
    changed = {}
    for count, day in _WHEN.items():
        if count in frame and day in frame:
            changed[count] = pd.Series(
                [_alike(row, cells.get((row[day], row["cohort"])), count, whole)
                 for row in records],
                index=frame.index, dtype=object,
            )
    return frame.assign(**changed, cohort=cohorts)


def _alike(
    row: dict[str, object], sums: dict[str, object] | None, count: str, whole: str
) -> object:
    if sums is None:
        return row[count]
    column = _SECTOR_OF.get(str(row.get("provider")), whole)
    return SUPPRESSED if sums.get(column, sums[whole]) == SUPPRESSED else row[count]
