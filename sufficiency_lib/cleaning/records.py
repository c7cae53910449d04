"""What the returns say beside the episodes: health, care leavers, adoption, missing, reviews.

Each table of the return becomes one frame with the names of `fields`, its years stacked.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.intake.ssda903 import DATE_COLUMNS, TABLES

#: Tables of the return that are kept as records, in the order in which they are listed.
RECORD_TABLES: tuple[str, ...] = (
    "oc2", "oc3", "ad1", "placed_for_adoption", "missing", "reviews", "previous_permanence",
)


def records_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Each table of records: child_id, return_year and its columns, in lower case.

    tables   table name → typed rows of every year (see `intake.typed`)
    returns  name → frame. A row without a child is left out, as it can be nobody's; a row
             that a later return repeats whole is kept once, with the later year. A table
             that no return has is there without rows.
    """
    return {name: _records(name, tables.get(name)) for name in RECORD_TABLES}


def _records(name: str, rows: pd.DataFrame | None) -> pd.DataFrame:
    columns = [column for column in TABLES[name].columns if column != "CHILD"]
    names = {"CHILD": "child_id"} | {column: column.lower() for column in columns}
    if rows is None:
        dates = {c.lower(): "datetime64[s]" for c in DATE_COLUMNS.get(name, ())}
        empty = pd.DataFrame(columns=[*names.values(), "return_year"], dtype=object)
        return empty.astype({"return_year": "int64"} | dates)
    lacking = {column: None for column in columns if column not in rows}
    known = rows[rows["CHILD"].notna()].assign(**lacking)
    known = known[["CHILD", *columns, "return_year"]].rename(columns=names)
    known = known.sort_values("return_year", kind="stable")
    dated = [c.lower() for c in DATE_COLUMNS.get(name, ())]
    if dated:
        # An event is one event however many returns tell it; a state is said anew each year.
        same = [c for c in known if c != "return_year"]
        known = known.drop_duplicates(same, keep="last")
    return known.reset_index(drop=True)
