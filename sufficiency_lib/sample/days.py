"""Days as whole numbers (proleptic ordinals), so that thousands of them are cheap to draw."""

from __future__ import annotations

from datetime import date

YEAR = 365.25


def day(year: int, month: int, number: int) -> int:
    """The ordinal of a date.

    >>> day(2025, 3, 31) - day(2024, 3, 31)
    365
    """
    return date(year, month, number).toordinal()


def year_end(year: int) -> int:
    """31 March of a return year."""
    return day(year, 3, 31)


def birthday(born: int, age: int) -> int:
    """The day someone born on `born` reaches `age`; 1 March for one born on 29 February.

    >>> birthday(day(2004, 2, 29), 18) == day(2022, 3, 1)
    True
    """
    birth = date.fromordinal(born)
    if (birth.month, birth.day) == (2, 29):
        return day(birth.year + age, 3, 1)
    return day(birth.year + age, birth.month, birth.day)


def age_at(born: int, when: int) -> float:
    """Age in years and parts of a year."""
    return (when - born) / YEAR


def uk_date(ordinal: int | None) -> str:
    """dd/mm/yyyy, or blank.

    >>> uk_date(day(2025, 3, 31)), uk_date(None)
    ('31/03/2025', '')
    """
    if ordinal is None:
        return ""
    when = date.fromordinal(ordinal)
    return f"{when.day:02d}/{when.month:02d}/{when.year:04d}"


def iso_date(ordinal: int | None) -> str:
    """yyyy-mm-dd, or blank."""
    return "" if ordinal is None else date.fromordinal(ordinal).isoformat()
