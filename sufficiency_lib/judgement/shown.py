"""Reading the tables of the page as it shows them: numbers, marks in their place, blanks."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.metrics.marks import ROUNDS_TO_ZERO, SUPPRESSED
from sufficiency_lib.metrics.stock import iso

#: Table id → frame: as disclosed, or with nothing hidden.
Shown = Mapping[str, pd.DataFrame]

#: Marks of a number that there is and that may not be told; z and x say that there is none.
HIDDEN = (SUPPRESSED, ROUNDS_TO_ZERO)


def number_in(value: object) -> float | None:
    """A cell as a number; None for a mark, a blank, or text.

    >>> number_in(12), number_in("c"), number_in(float("nan"))
    (12.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    return None if math.isnan(float(value)) else float(value)


def last_day(value: object) -> str:
    """A day as ISO text; of a period from/to its last day; "" where there is none.

    >>> last_day(pd.Timestamp("2025-03-31")), last_day("2024-04-01/2025-03-31"), last_day(None)
    ('2025-03-31', '2025-03-31', '')
    """
    if isinstance(value, str):
        return value.rpartition("/")[2]
    return "" if pd.isna(value) else iso(value)


def rows_of(shown: Shown, table: str, **where: object) -> list[dict[str, object]]:
    """The rows of a shown table whose keys are these; none where the table is absent.

    >>> shown = {"siblings": pd.DataFrame({"sibling_group_size": ["2", "all"], "children": [4, 9]})}
    >>> rows_of(shown, "siblings", sibling_group_size="all")
    [{'sibling_group_size': 'all', 'children': 9}]
    >>> rows_of(shown, "searches"), rows_of(shown, "siblings", year_ending="2025-03-31")
    ([], [])
    """
    frame = shown.get(table)
    if frame is None or not set(where) <= set(frame.columns):
        return []
    for column, value in where.items():
        frame = frame[frame[column].astype(str) == str(value)]
    return frame.to_dict("records")


def newest(shown: Shown, table: str, when: str, **where: object) -> list[dict[str, object]]:
    """The rows of the newest date or year of a table, of those whose keys are these.

    >>> made = pd.DataFrame({"year_ending": ["2024-03-31", "2025-03-31"], "searches": [4, 9]})
    >>> newest({"searches": made}, "searches", "year_ending")
    [{'year_ending': '2025-03-31', 'searches': 9}]
    """
    rows = [row for row in rows_of(shown, table, **where) if when in row]
    last = max((str(row[when]) for row in rows), default="")
    return [row for row in rows if str(row[when]) == last]
