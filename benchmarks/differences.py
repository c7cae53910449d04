"""Whether two tables say the same."""

from __future__ import annotations

import pandas as pd

_NEAR = 1e-9


def difference(ours: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """How two tables differ, whatever the order of rows and columns; empty where they do not.

    Text is compared as text, numbers as numbers, and nothing with nothing: NaN, NA and None are
    alike.

    >>> one = pd.DataFrame({"sex": ["f", "m"], "children": [1, 2]})
    >>> difference(one, one.iloc[::-1][["children", "sex"]])
    ''
    >>> difference(one, one.assign(children=[1, 3]))
    'children is 2 in one and 3 in the other where sex is m, and in 1 rows in all'
    """
    if set(ours) != set(theirs):
        apart = sorted(set(ours) ^ set(theirs))
        return f"only one has the columns {', '.join(apart)}"
    if len(ours) != len(theirs):
        return f"one has {len(ours):,} rows and the other {len(theirs):,}"
    text = [name for name in ours if not pd.api.types.is_numeric_dtype(ours[name])]
    numbers = [name for name in ours if name not in text]
    types = dict.fromkeys(text, "str") | dict.fromkeys(numbers, "float64")
    one, other = (
        frame[[*text, *numbers]].astype(types).sort_values([*text, *numbers], ignore_index=True)
        for frame in (ours, theirs)
    )
    for name in one:
        same = _same(one[name], other[name])
        if not same.all():
            return _told(one, other, name, same, text)
    return ""


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    alike = (one - other).abs() < _NEAR if one.dtype.kind == "f" else one == other
    return alike.fillna(False).astype(bool) | (one.isna() & other.isna())


def _told(
    one: pd.DataFrame, other: pd.DataFrame, name: str, same: pd.Series, keys: list[str]
) -> str:
    at = int((~same).to_numpy().argmax())
    where = ", ".join(f"{key} is {one[key].iloc[at]}" for key in keys if key != name)
    values = [f"{v:g}" if isinstance(v, float) else str(v)
              for v in (one[name].iloc[at], other[name].iloc[at])]  # fmt: skip
    return (
        f"{name} is {values[0]} in one and {values[1]} in the other where {where}, "
        f"and in {(~same).sum():,} rows in all"
    )
