"""The few figures at the head of a page, taken from the published headline table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.tables import PublishedTable
from sufficiency_lib.publish.wording import UNIT_NAMES, Words, number

#: A handful: more would be a table.
MOST = 6


@dataclass(frozen=True)
class KeyFigure:
    """A figure as it is read, what it measures, and what stands beside it."""

    value: str
    label: str
    beside: tuple[str, ...] = ()


def key_figures(tables: Sequence[PublishedTable], words: Words) -> list[KeyFigure]:
    """The first headline measures that have a figure; none where no headline table is."""
    headline = next((table for table in tables if table.id == "headline"), None)
    if headline is None:
        return []
    shown = [r for r in headline.frame.to_dict("records") if not isinstance(r["value"], str)]
    return [_figure(record, words) for record in shown[:MOST]]


def figure_words(record: dict[str, object]) -> str:
    """The value of a headline record with its unit: '84.3%', '320', or a mark.

    >>> figure_words({"value": 84.3, "unit": "%"}), figure_words({"value": "c", "unit": "%"})
    ('84.3%', 'c')
    """
    return _words_of("value", record)


def _words_of(name: str, record: dict[str, object]) -> str:
    value = record.get(name, "")
    if isinstance(value, str):
        return value
    return number(name, float(value), _unit(record))


def _unit(record: dict[str, object]) -> str | None:
    return UNIT_NAMES.get(str(record.get("unit")))


def _figure(record: dict[str, object], words: Words) -> KeyFigure:
    value = figure_words(record)
    beside = []
    rule = str(record.get("rule") or "")
    if rule and rule not in MARKS:
        beside.append(words.cell("rule", rule))
    base = record.get("denominator")
    if not isinstance(base, str) and base is not None:
        top = record.get("numerator")
        if not isinstance(top, str) and top is not None and _unit(record) == "%":
            what = "nights" if "bed_nights" in str(record.get("metric")) else "children"
            beside.append(f"{top:,} of {base:,} {what}")
    for name in ("target", "comparator"):
        other = record.get(name)
        if other is not None and not isinstance(other, str):
            beside.append(_other_words(name, record))
    return KeyFigure(value, str(record.get("label") or record.get("metric")), tuple(beside))


def _other_words(name: str, record: dict[str, object]) -> str:
    value = _words_of(name, record)
    if name == "target":
        return f"Target {value}"
    release = str(record.get("comparator_release") or "")
    return f"Comparator {value}" + (f" ({release})" if release else "")
