"""The Department's published tables as comparators: one number or one symbol a row.

A published cell is a number, or a symbol that says why there is none. Both are kept, in two
columns, so that a suppressed count can never be taken for nought.
"""

from __future__ import annotations

import re
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa

from sufficiency_lib.intake.authorities import authority_of, upper_tier

# What stands in place of a number. Government Statistical Service symbols, and the older
# ones that DfE used before them.
SYMBOLS = MappingProxyType(
    {
        "c": "suppressed to protect confidentiality",
        "z": "not applicable",
        "x": "not available",
        "k": "rounds to zero",
        "low": "rounds to zero",
        "u": "of low reliability",
        ":": "not available",
        "..": "not available",
        ".": "not applicable",
        "-": "not available",
        "~": "rounds to zero",
        "*": "suppressed to protect confidentiality",
        "n/a": "not applicable",
    }
)
BLANK = "blank"

# The columns that say when and where, as DfE's open data standard names them; beside them,
# what the Local Authority Interactive Tool calls them.
TIME = ("time_period", "years", "year")
WHERE = (
    "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
    "region_name", "old_la_code", "new_la_code", "la_name", "geo_breakdown", "la number",
    "la and regions", "region",
)  # fmt: skip
CODE = ("new_la_code", "la_code")
DFE_NUMBER = ("old_la_code", "la number")
LEVEL = "geographic_level"
_TODAY = re.compile(r"[EWSN]\d{8}$")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d+)?%?", re.IGNORECASE)


def is_comparator_table(table: pa.Table) -> bool:
    """Whether a table has the columns of published statistics: a period and a place.

    >>> is_comparator_table(pa.table({"time_period": ["2025"], "new_la_code": ["E06000019"]}))
    True
    """
    names = {name.casefold() for name in table.column_names}
    return bool(names & set(TIME)) and bool(names & {*CODE, *DFE_NUMBER, LEVEL})


def tidy_statistics(table: pa.Table) -> pd.DataFrame:
    """One row a published cell, its number and its symbol apart.

    Parameters
    ----------
    table: text, as :func:`sufficiency_lib.intake.statistics.read_statistics` gives it.

    Returns
    -------
    DataFrame with, first, ``time_period`` (text), ``geographic_level`` (``national``,
    ``regional``, ``local_authority``; ``not_stated`` where the table has no such column and
    the number is no authority's), ``authority`` (today's ONS code; missing above the
    level of an authority); then the published columns that say what was counted and where,
    as text; then ``measure`` (the published column), ``value`` (float) and ``symbol``
    (missing beside a number; ``blank`` for an empty cell, else what was published).

    A column is a measure when most of its filled cells are numbers or :data:`SYMBOLS`; a
    cell of a measure that is neither is kept in ``symbol``. Where several published areas
    of one period are one authority today (Bournemouth and Poole in 2018), their rates
    cannot be put together: each keeps the code it was published under. So does a county
    that was split. Nothing is added up and no row is left out.

    >>> published = pa.table({
    ...     "time_period": ["2025", "2025"], "geographic_level": ["National", "Local authority"],
    ...     "new_la_code": ["", "E08000016"], "children_count": ["81,770", "c"]})
    >>> tidy = tidy_statistics(published)
    >>> tidy[["authority", "measure", "value", "symbol"]].values.tolist()
    [[nan, 'children_count', 81770.0, nan], ['E08000038', 'children_count', nan, 'c']]
    """
    frame = table.to_pandas().astype("str").fillna("")
    frame = frame.apply(lambda column: column.str.strip())
    names = {name.casefold(): name for name in frame.columns}
    # Of several columns for one thing the first that is known by name is taken.
    time = next(names[name] for name in TIME if name in names)
    measures = [
        name for name in frame.columns
        if name != time and name.casefold() not in WHERE and _is_measure(frame[name])
    ]  # fmt: skip
    said = frame.drop(columns=[*measures, time])
    said = said.drop(columns=[c for c in said if c in ("authority", LEVEL, "measure")])
    said = said.mask(said == "")
    head = pd.DataFrame({"time_period": frame[time], LEVEL: _level(frame, names)})
    head["authority"] = _authority(frame, names, head)
    wide = pd.concat([head, said], axis=1)
    cells = [_cells(wide, name, frame[name]) for name in measures]
    if not cells:
        return wide.iloc[:0].assign(measure="", value=np.nan, symbol="")
    # Row by row as published, the measures of a row side by side.
    return pd.concat(cells).sort_index(kind="stable").reset_index(drop=True)


def _is_measure(cells: pd.Series) -> bool:
    filled = cells[cells != ""]
    if filled.empty:
        return False
    kinds = filled.value_counts()
    known = [_is_number(text) or text.casefold() in SYMBOLS for text in kinds.index]
    return kinds[known].sum() * 2 > len(filled)


def _is_number(text: str) -> bool:
    return any(c.isdigit() for c in text) and _NUMBER.fullmatch(text) is not None


def _cells(wide: pd.DataFrame, name: str, cells: pd.Series) -> pd.DataFrame:
    kinds = pd.Index(cells.unique())
    numbers = {k: float(k.replace(",", "").rstrip("%")) for k in kinds if _is_number(k)}
    symbols = {k: (k.casefold() if k.casefold() in SYMBOLS else k) or BLANK for k in kinds}
    return wide.assign(
        measure=name,
        value=cells.map(numbers).astype("float64"),
        symbol=cells.where(~cells.isin(list(numbers))).map(symbols).astype("str"),
    )


def _level(frame: pd.DataFrame, names: dict[str, str]) -> pd.Series:
    if LEVEL in names:
        level = frame[names[LEVEL]].str.casefold().str.replace(" ", "_")
        return level.replace({"la": "local_authority", "country": "national"}).astype("str")
    # The Local Authority Interactive Tool gives regions and England numbers of the same kind.
    published = _published(frame, names)
    known = {code: bool(_TODAY.match(_today(code))) for code in published.unique()}
    level = np.where(published.map(known), "local_authority", "not_stated")
    return pd.Series(level, frame.index, dtype="str")


def _published(frame: pd.DataFrame, names: dict[str, str]) -> pd.Series:
    """The code of each row's area as published, or else its DfE number."""
    published = pd.Series("", index=frame.index, dtype="str")
    for name in (*CODE, *DFE_NUMBER):
        if name in names:
            numbers = frame[names[name]].str.removesuffix(".0")
            published = published.where(published != "", numbers)
    return published


def _authority(frame: pd.DataFrame, names: dict[str, str], head: pd.DataFrame) -> pd.Series:
    published = _published(frame, names).where(head[LEVEL] == "local_authority", "")
    today = published.map({code: _today(code) for code in published.unique()})
    # One published area an authority and period, or else none of them is that authority.
    areas = pd.DataFrame({"time": head["time_period"], "today": today, "area": published})
    areas = areas.drop_duplicates().groupby(["time", "today"])["area"].size()
    pairs = pd.MultiIndex.from_arrays([head["time_period"], today])
    several = areas.reindex(pairs).to_numpy() > 1
    authority = today.where(~several, published)
    return authority.mask(authority == "").astype("str")


def _today(code: str) -> str:
    """Today's code of a published one; what is not known today stays as it was published."""
    if not code or code[0] in "EWSN":
        return upper_tier(code) or ""
    return authority_of(code) or code
