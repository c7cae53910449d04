"""A disclosed table as tidy data: what travels in a notebook's output, to csv and workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from sufficiency_lib import fields
from sufficiency_lib.publish.disclosure import MARKS, SUPPRESSED
from sufficiency_lib.publish.specs import TableSpec
from sufficiency_lib.publish.wording import MARK_MEANINGS, iso_date

MIME = "application/vnd.sufficiency.table+json"


@dataclass(frozen=True)
class PublishedTable:
    """A table as it may be read by anyone: tidy, disclosed, with its title and note."""

    id: str
    title: str
    note: str
    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)


def tidy(frame: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """A disclosed frame with dates as ISO text and missing keys as their mark or blank.

    >>> frame = pd.DataFrame({"as_at": [date(2025, 3, 31)], "children": ["c"]})
    >>> tidy(frame, TableSpec("t", "T", keys=("as_at",))).to_dict("records")
    [{'as_at': '2025-03-31', 'children': 'c'}]
    """
    cells = {
        column: [_plain(value, spec.missing.get(column, "")) for value in frame[column]]
        for column in frame.columns
    }
    return pd.DataFrame(cells, index=range(len(frame)), columns=frame.columns, dtype=object)


def _plain(value: object, missing: str) -> object:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or pd.isna(value):
        return missing
    if isinstance(value, date | pd.Timestamp):
        return iso_date(value)
    return value.item() if isinstance(value, np.generic) else value


def payload(frame: pd.DataFrame, spec: TableSpec, title: str, note: str) -> dict[str, object]:
    """The tidy data of a table as JSON-ready values, for the notebook's output."""
    shown = tidy(frame, spec)
    return {
        "id": spec.id,
        "title": title,
        "note": note,
        "columns": [str(column) for column in shown.columns],
        "labels": {str(c): heading(str(c), spec) for c in shown.columns},
        "records": json.loads(json.dumps(shown.to_dict("records"), allow_nan=False)),
        "suppressed": int((shown == SUPPRESSED).sum().sum()),
    }


def published(data: Mapping[str, object]) -> PublishedTable:
    """The table that a notebook's output carries; `data` is what `payload` gave."""
    columns = list(data["columns"])
    frame = pd.DataFrame(data["records"], columns=columns, dtype=object)
    return PublishedTable(
        str(data["id"]), str(data["title"]), str(data["note"]), frame, dict(data["labels"])
    )


def heading(column: str, spec: TableSpec) -> str:
    """A column's heading: that of its table, or else the registry's."""
    return spec.labels.get(column) or fields.label(column)


def mark_notes(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Each mark that stands in a frame, with its meaning, in the order in which they are told."""
    return [(mark, MARK_MEANINGS[mark]) for mark in MARKS if bool((frame == mark).any().any())]
