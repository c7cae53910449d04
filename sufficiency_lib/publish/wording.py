"""How a value reads in print: codes in plain words, dates in full, numbers with separators."""

from __future__ import annotations

import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from sufficiency_lib import fields
from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.metrics.stock import long_date
from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.specs import CODE_WORDS
from sufficiency_lib.settings import LocalitySettings, locality_rule_label

MARK_MEANINGS: Mapping[str, str] = {
    "c": "suppressed, to protect children from being identified",
    "z": "not applicable",
    "x": "not available",
    "k": "not zero, but rounds to zero",
}

_MINUS = "\N{MINUS SIGN}"
_SIGNED = ("change", "change_pct", "difference_points")
#: Figures of others, which have a decimal only where one was published.
_PUBLISHED = ("england", "region", "neighbours", "comparator")
#: Units printed to so many decimals even where the figure is whole.
_PLACES: Mapping[str, int] = {"miles": 1, "points": 1, "times": 2}


@dataclass(frozen=True)
class Words:
    """The words of one authority: its locality rule has its own centre and distances."""

    locality: LocalitySettings = LocalitySettings()

    def code(self, column: str, value: object) -> str | None:
        """The plain words for a code, or None where the column has no codes.

        >>> Words().code("placement_group", "childrens_home")
        "Children's homes"
        >>> Words().code("rule", "home_20_miles")
        "Within 20 miles of the child's home"
        """
        if column == "rule" and value in LOCALITY_RULES:
            return sentence_case(locality_rule_label(str(value), self.locality))
        return CODE_WORDS.get(column, {}).get(str(value))

    def cell(self, column: str, value: object, unit: str | None = None) -> str:
        """One cell as it is read.

        >>> words = Words()
        >>> words.cell("children", 1234), words.cell("rate_pct", 84.0), words.cell("change", -15)
        ('1,234', '84.0%', '−15')
        >>> words.cell("as_at", date(2025, 3, 31)), words.cell("children", "c")
        ('31 March 2025', 'c')
        """
        if isinstance(value, str):
            return self._text(column, value)
        if value is None or value is pd.NaT or pd.isna(value):
            return ""
        if isinstance(value, date | datetime | pd.Timestamp):
            return long_date(value)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, numbers.Real):
            return number(column, float(value), unit)
        return str(value)

    def _text(self, column: str, value: str) -> str:
        if value in MARKS:
            return value
        found = self.code(column, value)
        if found is not None:
            return found
        if _is_period(value):
            return " to ".join(long_date(day) for day in value.split("/"))
        return value


def _is_period(value: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?", value))


def sentence_case(text: str) -> str:
    """The text with its first letter a capital and the rest as it was."""
    return text[:1].upper() + text[1:]


def mid_sentence(text: str) -> str:
    """The text with its first letter small and the rest as it was.

    >>> mid_sentence("Children's homes"), mid_sentence("")
    ("children's homes", '')
    """
    return text[:1].lower() + text[1:]


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them.

    >>> listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('', 'a', 'a and b', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def iso_date(value: object) -> str:
    """A date as ISO text: '2025-03-31'; text is given back."""
    return value if isinstance(value, str) else f"{value:%Y-%m-%d}"


def number(column: str, value: float, unit: str | None = None) -> str:
    """A number by the kind of its column: whole, one decimal, per cent or pounds.

    >>> number("nights", 70123.0), number("change_pct", 7.1), number("rate_per_10000", 67.0)
    ('70,123', '+7.1%', '67')
    """
    unit = unit or _unit_of(column)
    size = abs(value)
    if unit == "%":
        text = f"{size:g}%" if column in _PUBLISHED else f"{size:,.1f}%"
    elif unit == "£":
        text = f"£{size:,.0f}"
    elif unit in _PLACES:
        text = f"{size:,.{_PLACES[unit]}f}"
    elif float(value).is_integer() and not _is_average(column):
        text = f"{size:,.0f}"
    else:
        text = f"{size:,.1f}"
    if value < 0:
        return _MINUS + text
    return "+" + text if column in _SIGNED and value > 0 else text


def _is_average(column: str) -> bool:
    """Whether a column holds averages or medians, which keep their decimal when whole."""
    kind = fields.FIELDS[column].kind if column in fields.FIELDS else ""
    return kind == "number" and ("average" in column or column.endswith("_months"))


def _unit_of(column: str) -> str | None:
    if column.endswith("_pct"):
        return "%"
    if "_gbp" in column:
        return "£"
    if column.endswith("_per_10000"):
        return "per 10,000"
    return fields.unit(column)


#: Units a row may name in words, and how they are printed.
UNIT_NAMES: Mapping[str, str] = {
    "%": "%",
    "percent": "%",
    "per cent": "%",
    "pct": "%",
    "per_10000": "per 10,000",
    "per 10,000": "per 10,000",
    "gbp": "£",
    "£": "£",
    "miles": "miles",
}
