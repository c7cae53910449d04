"""What is said of one kind of published table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sufficiency_lib.publish.relations import Relation


@dataclass(frozen=True)
class TableSpec:
    """One kind of table.

    id           stable: the anchor, the file name and the sheet
    title        what the table holds, as its caption
    note         the definition, printed under it
    keys         columns that name a row
    counts       columns that count children, episodes or nights
    derived      column → the counts it rests on
    relations    the sums among the counts
    counts_when  column → (unit column, units in which the column is itself a count)
    hide         columns left out of the page, kept in the workbook and the csv
    labels       headings that differ from the registry's
    lift         keys said once in the caption when all rows share them
    across       (key, figure): on the page, the key's values stand side by side
    row_unit     columns whose unit stands in the row's own `unit` column
    missing      column → the mark for a blank cell
    under        column → the column under whose words its own stand, in small print
    band         a key whose value heads its rows, across the whole table
    named_by     the keys that tell a row of one run from that of another; none: all but numbers
    source       whose records it is made of, as a figure says under it
    is_drawn     whether its figures are of random draws
    """

    id: str
    title: str
    note: str = ""
    keys: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    counts_when: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    hide: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    lift: tuple[str, ...] = ("as_at", "rule", "start_date", "end_date", "year_ending")
    across: tuple[str, str] | None = None
    row_unit: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    under: Mapping[str, str] = field(default_factory=dict)
    band: str | None = None
    named_by: tuple[str, ...] = ()
    source: str = "SSDA903 returns"
    is_drawn: bool = False

    def named(self, table_id: str) -> TableSpec:
        """The same kind of table published under another name."""
        return replace(self, id=table_id)
