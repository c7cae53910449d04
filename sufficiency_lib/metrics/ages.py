"""Ages and the bands in which they are published."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

Bands = Sequence[tuple[str, int, int]]

#: Older than this is no age of anybody here: a date of birth that cannot be right.
OLDEST = 120

#: Care ends at 18 (Children Act 1989, s105).
ADULT = 18

#: DfE's bands of children looked after, and of children on starting.
AGE_BANDS: Bands = (
    ("under_1", 0, 0),
    ("1_to_4", 1, 4),
    ("5_to_9", 5, 9),
    ("10_to_15", 10, 15),
    ("16_and_over", 16, OLDEST),
)

#: DfE's bands of children on ceasing, most of whom are 18 that day.
LEAVING_BANDS: Bands = (
    *AGE_BANDS[:-1],
    ("16_to_17", 16, 17),
    ("18_and_over", 18, OLDEST),
)


def levels_of(bands: Bands) -> list[str]:
    """The names of bands in their order, and not_known after them.

    >>> levels_of(AGE_BANDS)[-2:]
    ['16_and_over', 'not_known']
    """
    return [*(name for name, _, _ in bands), "not_known"]


def aged(age: pd.Series, youngest: int, oldest: int) -> pd.Series:
    """Whether each age is from one to another, both in it; an age not known is not.

    >>> aged(pd.Series([15, 16, 18, None], dtype="Int64"), 16, 18).tolist()
    [False, True, True, False]
    """
    return age.between(youngest, oldest).fillna(False).astype(bool)


def band_of(age: pd.Series, bands: Bands) -> pd.Series:
    """The band of each age; not_known where it is NA or in none.

    >>> band_of(pd.Series([0, 17, 130, None], dtype="Int64"), LEAVING_BANDS).tolist()
    ['under_1', '16_to_17', 'not_known', 'not_known']
    """
    said = pd.Series("not_known", index=age.index, dtype=object)
    for name, low, high in bands:
        said[aged(age, low, high)] = name
    return said
