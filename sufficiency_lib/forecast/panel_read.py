"""The published panel: every authority's children looked after and starts, year by year.

The file is the Department for Education's Local Authority Interactive Tool (LAIT), children
looked after, as one row a figure: 'Short Desc' (which figure), 'Years' (the year that ends on
31 March), 'LA Number', 'LA and Regions', 'Values' (text, with marks where there is no number).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.comparators import SYMBOLS
from sufficiency_lib.intake.statistics import read_statistics

#: Our name of a figure → its 'Short Desc' in the file.
FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "stock": "LACnum",
        "starts": "LACnum_Start",
        "ceased": "LACceased",
    }
)
COLUMNS = ("Short Desc", "Years", "LA Number", "LA and Regions", "Values")
#: DfE's numbers from 970 are England and the regions: sums of authorities, so no authority.
FIRST_SUM = 970


@dataclass(frozen=True)
class Panel:
    """Published figures; each frame is [area, year] of floats, NaN where no number is known.

    stock   children looked after on 31 March of the year
    starts  children who started to be looked after in the year that ends then
    ceased  children who ceased in it
    names   the area's name by its DfE number
    """

    stock: pd.DataFrame
    starts: pd.DataFrame
    ceased: pd.DataFrame
    names: pd.Series

    @property
    def years(self) -> list[int]:
        """The years in order."""
        return [int(year) for year in self.stock.columns]

    def until(self, year: int) -> Panel:
        """What was known when the figures of a year came out: nothing after it."""
        frames = (self.stock, self.starts, self.ceased)
        return Panel(*(one.loc[:, one.columns <= year] for one in frames), self.names)

    def authorities(self) -> Panel:
        """The panel without England and the regions."""
        chosen = self.stock.index < FIRST_SUM
        frames = (self.stock, self.starts, self.ceased, self.names)
        return Panel(*(one.loc[chosen] for one in frames))


def read_panel(path: Path) -> Panel:
    """The panel of a LAIT file: csv, zip of csv, or parquet.

    returns  every area of the file, England and the regions too (see `Panel.authorities`). An
             area-year is known where all three figures are numbers and the stock is not nought:
             an authority that was reorganised has no numbers after its last year, nor its
             successor before its first, so that no series joins two areas

    Raises
    ------
    InputError: no such table or figure in the file; a value that is neither a number nor one of
    the marks of published statistics; two values for one figure, area and year.
    """
    rows = _rows(path)
    wide = {name: _wide(rows[rows["Short Desc"] == code], path, code)
            for name, code in FIGURES.items()}  # fmt: skip
    index = wide["stock"].index
    columns = wide["stock"].columns
    wide = {name: frame.reindex(index=index, columns=columns) for name, frame in wide.items()}
    known = np.logical_and.reduce([frame.notna() for frame in wide.values()])
    known &= wide["stock"].to_numpy() > 0
    names = rows.drop_duplicates("area").set_index("area")["LA and Regions"].reindex(index)
    return Panel(*(frame.where(known) for frame in wide.values()), names)


def _rows(path: Path) -> pd.DataFrame:
    for table in read_statistics(path).values():
        if set(COLUMNS) <= set(table.column_names):
            break
    else:
        raise InputError(
            f"{path.name} is not the Local Authority Interactive Tool's table: expected the "
            f"columns {', '.join(COLUMNS)}."
        )
    rows = table.select(list(COLUMNS)).to_pandas().astype("str")
    rows = rows.apply(lambda column: column.str.strip())
    rows = rows[rows["Short Desc"].isin(list(FIGURES.values()))]
    area = pd.to_numeric(rows["LA Number"], errors="coerce")
    year = pd.to_numeric(rows["Years"], errors="coerce")
    if area.isna().any() or year.isna().any():
        bad = rows[area.isna() | year.isna()].iloc[0]
        raise InputError(
            f"{path.name}, {bad['Short Desc']}: LA Number '{bad['LA Number']}' with Years "
            f"'{bad['Years']}': expected a number and a year such as 2025."
        )
    return rows.assign(area=area.astype(int), year=year.astype(int))


def _wide(rows: pd.DataFrame, path: Path, code: str) -> pd.DataFrame:
    """One figure as [area, year]."""
    if rows.empty:
        raise InputError(f"{path.name} has no rows with the Short Desc '{code}'.")
    twice = rows.duplicated(["area", "year"])
    if twice.any():
        bad = rows[twice].iloc[0]
        raise InputError(
            f"{path.name} has {code} of {bad['LA and Regions']} in {bad['year']} twice; "
            "expected one value for an area and year."
        )
    text = rows["Values"].str.replace(",", "")
    numbers = pd.to_numeric(text, errors="coerce")
    strange = (numbers.isna() & ~text.str.casefold().isin([*SYMBOLS, ""])) | (numbers < 0)
    if strange.any():
        bad = rows[strange].iloc[0]
        raise InputError(
            f"{path.name}, {code} of {bad['LA and Regions']} in {bad['year']}: '{bad['Values']}' "
            "is neither a number from nought nor a mark for none."
        )
    wide = rows.assign(value=numbers).pivot(index="area", columns="year", values="value")
    return wide.sort_index().sort_index(axis=1).astype("float64")
