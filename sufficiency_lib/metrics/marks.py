"""Marks that stand in a shown table in place of a number, and how they go on into what rests on it.

c is suppressed, k rounds to zero (both are numbers that may not be told), z is not applicable and
x not available (there is no number).
"""

from __future__ import annotations

SUPPRESSED, ROUNDS_TO_ZERO, NOT_APPLICABLE, NOT_AVAILABLE = "c", "k", "z", "x"


def first_mark(*cells: object) -> str | None:
    """The first mark among cells, which what is worked from them has too; None for numbers alone.

    >>> first_mark(4, "c", "x"), first_mark(4, 5)
    ('c', None)
    """
    return next((cell for cell in cells if isinstance(cell, str)), None)


def added(*cells: object) -> object:
    """A sum in which a mark stays a mark.

    >>> added(4, 5), added(4, "c")
    (9, 'c')
    """
    mark = first_mark(*cells)
    return sum(cells) if mark is None else mark
