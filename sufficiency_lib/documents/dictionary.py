"""The data dictionary, made from the registry, the code sets and the specifications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sufficiency_lib import codes, fields
from sufficiency_lib.documents.examples import MADE_BY
from sufficiency_lib.intake.local_schemas import LOCAL_CODES, LOCAL_TABLES, LocalTable
from sufficiency_lib.intake.ssda903 import TABLES
from sufficiency_lib.metrics.quality import TABLE_LABELS
from sufficiency_lib.publish.specs import SPECS


def dictionary() -> str:
    """The data dictionary as Markdown: every file and table column by column, then the codes.

    >>> dictionary().splitlines()[0]
    '# Data dictionary'
    """
    lines = ["# Data dictionary", "", MADE_BY]
    shown: set[str] = set()
    for part in (_returned_part, _history_part, _local_part, _published_part):
        for line, columns in part():
            lines.append(line)
            shown.update(columns)
    rest = [name for name in fields.FIELDS if name not in shown]
    lines += ["", "## Other columns", "", *_columns_table(rest)]
    return "\n".join([*lines, *_codes_part()]) + "\n"


_Part = Iterator[tuple[str, tuple[str, ...]]]


def _returned_part() -> _Part:
    yield from _lines("", "## SSDA903 tables")
    for table in TABLES.values():
        title = TABLE_LABELS.get(table.name, table.name)
        needed = dict.fromkeys(table.required, "yes")
        yield from _lines("", f"### {title}", "")
        yield "\n".join(_columns_table(table.columns, {"needed": needed})), table.columns


def _history_part() -> _Part:
    columns = tuple(
        one.name for one in fields.FIELDS.values()
        if one.source in ("repaired history", "derived by the suite")
    )
    yield from _lines("", "## Repaired history and findings", "")
    yield "\n".join(_columns_table(columns)), columns


def _local_part() -> _Part:
    yield from _lines(
        "", "## Local inputs", "",
        "All are optional, csv, and recognised by their columns whatever their names. Dates are "
        "yyyy-mm-dd or dd/mm/yyyy. Ofsted's published list of providers (provider level, csv) "
        "stands in for `provision.csv`.",
    )
    for table in LOCAL_TABLES.values():
        more = {"needed": _needed(table), "bounds": _bounds(table)}
        yield from _lines("", f"### {table.title} (`{table.name}.csv`)", "")
        yield "\n".join(_columns_table(table.columns, more)), table.columns


def _needed(table: LocalTable) -> dict[str, str]:
    filled = dict.fromkeys(table.filled, "yes, in every row")
    return filled | dict.fromkeys(table.blankable, "yes, a cell may be blank")


def _bounds(table: LocalTable) -> dict[str, str]:
    said = {}
    for name in table.columns:
        one = fields.FIELDS[name]
        if one.least is not None and one.most is not None:
            said[name] = f"{one.least} to {one.most}"
            if one.doubtful_above is not None:
                said[name] += f"; asked about above {one.doubtful_above}"
    return said


def _published_part() -> _Part:
    yield from _lines("", "## Published tables")
    for spec in SPECS.values():
        columns = tuple(dict.fromkeys((*spec.keys, *spec.counts, *spec.derived)))
        yield from _lines("", f"### {spec.title} (`{spec.id}`)", "")
        if spec.note:
            yield from _lines(spec.note, "")
        yield "\n".join(_columns_table(columns, headings=spec.labels)), columns


def _codes_part() -> list[str]:
    lines: list[str] = []
    for name, entries in codes.CODE_SETS.items():
        lines += ["", f"## Codes of {name}", ""]
        lines += ["| code | meaning | return years |", "|---|---|---|"]
        for code, entry in entries.items():
            years = f"{entry.first_year} to {entry.last_year}"
            lines.append(f"| `{code}` | {_cell(entry.label)} | {years} |")
    for name, labels in LOCAL_CODES.items():
        if name != "PLACEMENT_GROUPS":
            lines += ["", f"## Codes of {name}", "", "| code | meaning |", "|---|---|"]
            lines += [f"| `{code}` | {_cell(label)} |" for code, label in labels.items()]
    lines += ["", "## Placement groups", "", "| group | heading | PLACE |", "|---|---|---|"]
    for group, label in codes.PLACEMENT_GROUP_LABELS.items():
        places = [place for place in codes.PLACE if codes.placement_group(place) == group]
        lines.append(f"| `{group}` | {_cell(label)} | {' '.join(places)} |")
    return lines


def _columns_table(
    columns: Iterable[str],
    more: Mapping[str, Mapping[str, str]] | None = None,
    *,
    headings: Mapping[str, str] | None = None,
) -> list[str]:
    """A Markdown table of columns as the registry has them.

    more      further heading → column → cell
    headings  column → the heading it has here, where that is not the registry's
    """
    more, headings = more or {}, headings or {}
    titles = ["column", "heading", "type", "unit", "codes", *more, "meaning", "from"]
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    for name in columns:
        one = fields.FIELDS[name]
        cells = (f"`{name}`", headings.get(name, one.label), one.kind, one.unit, one.codes,
                 *(said.get(name) for said in more.values()), one.description, one.source)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines


def _lines(*lines: str) -> _Part:
    for line in lines:
        yield line, ()


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|")
