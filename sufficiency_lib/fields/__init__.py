"""The registry of columns: each one once, with its label, unit, type, codes and source.

The registry feeds the labels of tables and charts, the workbook's notes and the data
dictionary, so that a column means the same wherever it is met.
"""

from __future__ import annotations

from sufficiency_lib.fields import (
    children,
    comparators,
    costs,
    duties,
    equity,
    forecast,
    history,
    judgement,
    local,
    locality,
    market,
    measures,
    outcomes,
    placements,
    priorities,
    returned,
)
from sufficiency_lib.fields.field import Field, Row

__all__ = ["FIELDS", "Field", "label", "unit"]

_ROOMS = (
    returned, history, local, measures, children, placements, locality, equity, outcomes,
    comparators, forecast, market, costs, judgement, duties, priorities,
)
_ROWS: tuple[Row, ...] = tuple(row for room in _ROOMS for row in room.ROWS)

#: Number → the least and the most that can be, and what is asked about above.
_BOUNDS: dict[str, tuple[float | None, float | None, float | None]] = {
    "places": (0, 5_000, None),
    "vacancies": (0, 5_000, None),
    "places_approved": (0, 30, None),
    "children_placed": (0, 30, None),
    "offers": (0, 10_000, None),
    "refusals": (0, 10_000, None),
    "cost_gbp_per_week": (0.01, 99_999.99, 20_000),
    "mid_year": (1981, 2100, None),
}

_PRIVATE = frozenset(
    {"child_id", "household_id", "referral_id", "postcode", "sibling_group_id"}
)

FIELDS: dict[str, Field] = {
    row[0]: Field(*row, *_BOUNDS.get(row[0], (None, None, None)), private=row[0] in _PRIVATE)
    for row in _ROWS
}


def label(name: str) -> str:
    """The heading for a column; a name the registry does not know is put in plain words.

    >>> label("rate_of_known_pct"), label("number_of_homes")
    ('Rate, of known', 'Number of homes')
    """
    if name in FIELDS:
        return FIELDS[name].label
    return name.replace("_", " ").capitalize()


def unit(name: str) -> str | None:
    """The unit of a column, or None.

    >>> unit("distance_miles"), unit("cohort")
    ('miles', None)
    """
    return FIELDS[name].unit if name in FIELDS else None
