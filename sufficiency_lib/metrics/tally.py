"""Counting rows into whole tables: every value of every key, for every area at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from sufficiency_lib.metrics.stock import percentage

#: Whose table a row is in, where a frame holds several: nothing, or columns of the frame.
By = Sequence[str]


def areas_of(frame: pd.DataFrame, by: By) -> pd.DataFrame:
    """The distinct values of `by` in a frame, sorted; one row without columns for none.

    >>> areas_of(pd.DataFrame({"authority": ["b", "a", "b"]}), ["authority"])["authority"].tolist()
    ['a', 'b']
    >>> areas_of(pd.DataFrame({"authority": ["b"]}), []).shape
    (1, 0)
    """
    if not by:
        return pd.DataFrame(index=[0])
    distinct = frame[list(by)].drop_duplicates()
    return distinct.sort_values(list(by), ignore_index=True)


def all_levels(levels: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """One row for every combination of the values of several keys, in their order.

    >>> all_levels({"sex": ["f", "m"], "old": [0, 1]}).to_numpy().tolist()
    [['f', 0], ['f', 1], ['m', 0], ['m', 1]]
    """
    return pd.DataFrame(list(product(*levels.values())), columns=list(levels))


def tally(
    rows: pd.DataFrame,
    levels: Mapping[str, Iterable[object]],
    areas: pd.DataFrame,
    *,
    name: str = "children",
    weight: str | None = None,
    distinct: str | None = None,
) -> pd.DataFrame:
    """How many rows have each combination of values, with 0 where there are none.

    rows      one row a child, or whatever is counted, with a column for each key and area
    levels    key → its values, in the order of the table; rows with others are not counted
    areas     see `areas_of`: its columns come first, and each area has every row
    name      the column of counts
    weight    a column to add up instead of counting rows
    distinct  a column whose different values are counted instead of rows

    >>> rows = pd.DataFrame({"authority": ["a", "a", "b"], "sex": ["f", "m", "f"]})
    >>> tally(rows, {"sex": ["f", "m"]}, areas_of(rows, ["authority"])).to_numpy().tolist()
    [['a', 'f', 1], ['a', 'm', 1], ['b', 'f', 1], ['b', 'm', 0]]
    """
    frame = areas.merge(all_levels(levels), how="cross")
    return with_counts(frame, rows, [*areas.columns, *levels], name=name, weight=weight,
                       distinct=distinct)


def with_counts(
    frame: pd.DataFrame,
    rows: pd.DataFrame,
    keys: Sequence[str],
    *,
    name: str = "children",
    weight: str | None = None,
    distinct: str | None = None,
) -> pd.DataFrame:
    """A table's rows with a column of how many of `rows` share their keys (0 for none).

    frame   the keys that the table prints, each combination once; order is kept
    The rest is as in `tally`.
    """
    if not keys:
        whole = rows[weight].sum() if weight else (
            rows[distinct].nunique() if distinct else len(rows))
        return frame.assign(**{name: int(whole)})
    # Keys held as categories would count every combination that could be.
    grouped = rows.groupby(list(keys), observed=True, sort=False)
    if weight:
        counts = grouped[weight].sum()
    else:
        counts = grouped[distinct].nunique() if distinct else grouped.size()
    # Looked up one by one: tables are short, and a join has a price of its own.
    levels = [counts.index.get_level_values(at).tolist() for at in range(len(keys))]
    found = dict(zip(zip(*levels, strict=True), counts.tolist(), strict=True))
    wanted = zip(*(frame[key].tolist() for key in keys), strict=True)
    many = np.array([found.get(key, 0) for key in wanted], dtype="int64")
    return frame.reset_index(drop=True).assign(**{name: many})


def total_within(frame: pd.DataFrame, column: str, keys: Sequence[str]) -> pd.Series:
    """The sum of a column over the rows that share keys, beside each row.

    >>> total_within(pd.DataFrame({"y": [1, 1, 2], "n": [3, 4, 5]}), "n", ["y"]).tolist()
    [7, 7, 5]
    """
    if not keys:
        return pd.Series(frame[column].sum(), index=frame.index)
    return frame.groupby(list(keys), observed=True, sort=False)[column].transform("sum")


def with_share(
    frame: pd.DataFrame, within: Sequence[str], *, of: str = "children"
) -> pd.DataFrame:
    """A table with each row's share of all the rows that share keys, as share_pct.

    within  the keys of the whole: an area and a period, as a rule; none: of all rows
    of      the column that the share is of; the rows must add up to the whole

    >>> stock = pd.DataFrame({"as_at": ["2024-03-31"] * 2, "children": [1, 3]})
    >>> with_share(stock, ["as_at"])["share_pct"].tolist()
    [25.0, 75.0]
    """
    return frame.assign(share_pct=percentage(frame[of], total_within(frame, of, within)))


def as_objects(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """A frame with some columns as objects: keys of two frames may be stored in two ways."""
    return frame.astype(dict.fromkeys(columns, object))


def looked_up(frame: pd.DataFrame, found: pd.Series, keys: Sequence[str]) -> pd.Series:
    """What was found for each row's keys, as float; NaN where nothing was.

    found  by its index, which has the names of the keys

    >>> rows = pd.DataFrame({"sex": ["f", "f"], "miles": [2.0, 4.0]})
    >>> table = pd.DataFrame({"sex": ["f", "m"]})
    >>> looked_up(table, rows.groupby(["sex"])["miles"].mean(), ["sex"]).tolist()
    [3.0, nan]
    """
    table = as_objects(found.rename("found").reset_index(), keys)
    whole = frame[list(keys)].astype(object).merge(table, on=list(keys), how="left")
    return whole["found"].astype("float64").set_axis(frame.index)


def areas_together(frame: pd.DataFrame, by: By) -> pd.DataFrame:
    """The rows of each area together, and otherwise as they stand.

    >>> rows = pd.DataFrame({"authority": ["b", "a", "b"], "n": [1, 2, 3]})
    >>> areas_together(rows, ["authority"])["n"].tolist(), areas_together(rows, [])["n"].tolist()
    ([2, 1, 3], [1, 2, 3])
    """
    return frame.sort_values(list(by), kind="stable", ignore_index=True) if by else frame


def bases_last(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with the children behind its counts (`base_` columns) after all others.

    >>> list(bases_last(pd.DataFrame({"base_n": [1], "n": [2]})))
    ['n', 'base_n']
    """
    bases = [column for column in frame if column.startswith("base_")]
    return frame[[column for column in frame if column not in bases] + bases]


def has_rows(frame: pd.DataFrame, table: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Whether each row of a frame shares its keys with any row of another table.

    >>> frame = pd.DataFrame({"authority": ["a", "b"]})
    >>> has_rows(frame, frame[:1], ["authority"]).tolist(), has_rows(frame, frame[:1], []).tolist()
    ([True, False], [True, True])
    """
    if not keys:
        return pd.Series(len(table) > 0, index=frame.index)
    met = pd.MultiIndex.from_frame(table[list(keys)].drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(frame[list(keys)]).isin(met), index=frame.index)


def for_each_area(
    make: Callable[[pd.DataFrame], pd.DataFrame], frame: pd.DataFrame, by: By
) -> pd.DataFrame:
    """One table an area, one under the other, for what cannot be counted for all at once.

    make  the rows of one area → its table

    >>> rows = pd.DataFrame({"authority": ["a", "b", "b"], "n": [1, 2, 3]})
    >>> top = lambda part: pd.DataFrame({"most": [part["n"].max()]})
    >>> for_each_area(top, rows, ["authority"]).to_numpy().tolist()
    [['a', 1], ['b', 3]]
    """
    if not by:
        return make(frame)
    tables = []
    for values, part in frame.groupby(list(by), observed=True, sort=True):
        table = make(part)
        for at, (column, value) in enumerate(zip(by, values, strict=True)):
            table.insert(at, column, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else make(frame)
