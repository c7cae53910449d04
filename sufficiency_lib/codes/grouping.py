"""A column of codes as the groups that they are in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def grouped(codes: pd.Series, group_of: Callable[[str | None], object]) -> pd.Series:
    """The group of each code, worked out once for each different code.

    codes     one a row, however they are stored; a missing one is asked about as None
    group_of  a code, or None → its group

    >>> grouped(pd.Series(["W2", None, "W2"]), lambda code: code[0] if code else "none").tolist()
    ['W', 'none', 'W']
    """
    places, found = pd.factorize(codes)
    # A missing code has the place -1, which is that of the last.
    groups = np.array([*map(group_of, found), group_of(None)], dtype=object)
    return pd.Series(groups[places], index=codes.index, dtype=object)
