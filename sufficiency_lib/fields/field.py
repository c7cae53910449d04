"""What the registry says of one column."""

from __future__ import annotations

from dataclasses import dataclass

#: name, label, kind, unit, codes, description, source
Row = tuple[str, str, str, str | None, str | None, str, str]


@dataclass(frozen=True)
class Field:
    """One column.

    name         as it stands in a frame or a file
    label        in a table's heading
    kind         text, integer, number, date, code or yes_no
    unit         None where the column has none
    codes        the code set that it draws from (a name in `codes`), or None
    description  what it means, with what happens to unknowns
    source       where it comes from
    least, most  the bounds of a number that can be; None: none
    doubtful_above  above this a number can be, but is asked about
    private      its values could point to a child or a household: no message repeats them
    """

    name: str
    label: str
    kind: str
    unit: str | None
    codes: str | None
    description: str
    source: str
    least: float | None = None
    most: float | None = None
    doubtful_above: float | None = None
    private: bool = False
