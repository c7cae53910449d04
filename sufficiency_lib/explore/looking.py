"""A measure's frame with its labels, its units and its definition, for the screen.

The frame itself stays plain. What is looked at has not passed the gate: it is as private as the
frame is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sufficiency_lib import fields
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.explore.panel import TEMPLATES
from sufficiency_lib.publish.disclosure import BASE_PREFIX
from sufficiency_lib.publish.render import NARROW_COLUMNS
from sufficiency_lib.publish.specs import SPECS, TableSpec
from sufficiency_lib.publish.tables import heading
from sufficiency_lib.publish.wording import UNIT_NAMES, Words

#: Rows that are shown; a frame of episodes has many thousands.
MOST_ROWS = 60

BLANK = "–"

#: Kinds of column whose cells stand on the right, as pandas calls them.
_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "integer-na")

#: What a cell itself says, so that its heading need not.
_SAID_IN_CELLS = ("%", "£")


@dataclass(frozen=True)
class Look:
    """A frame as it is read; `print` gives it as pandas does.

    frame  as given
    spec   the table that it is, or None
    title  what it is
    note   its definition
    rows   how many of its rows are shown
    """

    frame: pd.DataFrame
    spec: TableSpec | None
    title: str
    note: str
    rows: int = MOST_ROWS

    def __repr__(self) -> str:
        """The frame as pandas prints it."""
        return repr(self.frame)

    def _repr_html_(self) -> str | None:
        if not is_tidy(self.frame):
            return self.frame._repr_html_()
        named = any(name is not None for name in self.frame.index.names)
        whole = self.frame.reset_index() if named else self.frame
        few = whole.head(self.rows)
        columns = _columns(few, self.spec)
        cells = [
            [_cell(str(column), value, row, self.spec) for column, value in row.items()]
            for row in few.to_dict("records")
        ]
        said = f"{len(few):,} of {len(whole):,} rows" if len(few) < len(whole) else ""
        return TEMPLATES.get_template("look.html.j2").render(
            title=self.title, said=said, columns=columns, note=self.note, blank=BLANK,
            rows=[list(zip(columns, row, strict=True)) for row in cells],
            blanks=any(BLANK in row for row in cells), wide=len(columns) > NARROW_COLUMNS,
            meanings=[column for column in columns if column["meaning"]],
        )


def look(
    frame: pd.DataFrame, about: str | Callable[..., Any] | None = None, *, rows: int = MOST_ROWS
) -> Look:
    """A frame with labels, units and its definition: `look(locality.locality(...))`.

    frame  what a measure returned; it is not changed
    about  the table's name ("locality") or the measure itself (`locality.locality`), whose
           definition is then shown; None: the one table that has just these columns
    rows   how many rows are shown

    Nothing is suppressed: this is for the screen. Raises ConfigurationError for a table that
    nobody knows.

    >>> frame = pd.DataFrame({"placement_authority": ["Powys"], "children": [7],
    ...                       "share_pct": [100.0]})
    >>> look(frame).title
    'Children by the authority they are placed in'
    """
    if callable(about):
        lines = inspect.getdoc(about) or about.__name__
        title = _one_line(lines.partition("\n\n")[0]).rstrip(".")
        return Look(frame, table_of(frame), title, "", rows)
    if about is not None and about not in SPECS:
        raise ConfigurationError(
            f"'{about}' is not a table we know; leave it out, or give the measure itself, as in "
            "look(frame, locality.locality)."
        )
    spec = SPECS[about] if about else table_of(frame)
    if spec is None:
        count = f"{len(frame):,} row" + ("" if len(frame) == 1 else "s")
        return Look(frame, None, f"A table of {count}", "", rows)
    return Look(frame, spec, spec.title, spec.note, rows)


def table_of(frame: pd.DataFrame) -> TableSpec | None:
    """The one table of the appendix that has just the columns of a frame; None for none or two.

    >>> table_of(pd.DataFrame(columns=["rule", "children"])) is None
    True
    """
    columns = {str(column) for column in frame if not str(column).startswith(BASE_PREFIX)}
    found = [
        spec for spec in SPECS.values() if {*spec.keys, *spec.counts, *spec.derived} == columns
    ]
    return found[0] if len(found) == 1 else None


def is_known(frame: pd.DataFrame) -> bool:
    """Whether the registry has every column of a frame, but for the children behind a count."""
    return len(frame.columns) > 0 and is_tidy(frame) and all(
        name in fields.FIELDS or name.startswith(BASE_PREFIX) for name in frame.columns
    )


def is_tidy(frame: pd.DataFrame) -> bool:
    """Whether each column goes by one word of its own, as no pivoted frame's does."""
    return frame.columns.is_unique and all(isinstance(name, str) for name in frame.columns)


def frame_html(frame: pd.DataFrame) -> str | None:
    """A frame of known columns as `look` shows it, any other as pandas does."""
    return look(frame)._repr_html_() if is_known(frame) else frame._repr_html_()


def _columns(frame: pd.DataFrame, spec: TableSpec | None) -> list[dict[str, Any]]:
    """What is said of each column, in the order of the frame."""
    columns = []
    heads = True
    for column in map(str, frame.columns):
        name = column.removeprefix(BASE_PREFIX)
        known = fields.FIELDS.get(name)
        unit = _unit(name)
        heads = heads and spec is not None and column in spec.keys
        label = heading(name, spec) if spec else fields.label(name)
        columns.append({
            "name": column,
            "label": f"Children behind: {label.lower()}" if column != name else label,
            "unit": "" if unit in (*_SAID_IN_CELLS, name) else unit,
            "numeric": pd.api.types.infer_dtype(frame[column], skipna=True) in _NUMBERS,
            "heads": heads,
            "meaning": known.description if known and column == name else "",
        })
    return columns


def _unit(name: str) -> str:
    if name.endswith("_per_10000"):
        return "per 10,000"
    return fields.unit(name) or ""


def _cell(name: str, value: object, row: dict[Any, Any], spec: TableSpec | None) -> str:
    if not isinstance(value, str) and pd.api.types.is_scalar(value) and pd.isna(value):
        return BLANK
    unit = None
    if spec is not None and name in spec.row_unit:
        unit = UNIT_NAMES.get(str(row.get("unit")))
    return Words().cell(name.removeprefix(BASE_PREFIX), value, unit)


def _one_line(text: str) -> str:
    return " ".join(text.split())
