"""An SSDA903 return as XML: one file that holds every table, a child at a time.

Read by a parser that refuses entities, document types and external references. An element's
name is a column's, in either of the shapes in use (PL or PLACE, CHILDID or CHILD).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sufficiency_lib.errors import InputError, describe_place
from sufficiency_lib.intake.csvfile import tidy_header
from sufficiency_lib.intake.ssda903 import SYNONYMS, TABLES, Table

_CHILD = "CHILD"
_ROOT = "EXPSSDA903"
_IDENTITY = ("CHILD", "DOB", "SEX")


@dataclass
class _Tables:
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def add(self, table: str, row: dict[str, str]) -> None:
        self.rows.setdefault(table, []).append(row)


def read_xml_tables(raw: bytes, name: str) -> dict[str, pd.DataFrame]:
    """The tables of an XML return, as text.

    raw      the file
    name     what findings call it
    returns  table → rows of text with standard column names, source_file, and source_line,
             which for XML is the number of the CHILD element in the file; nothing for XML
             that is no return

    Raises InputError for XML that is broken, that declares entities or a document type, that
    has one child's records within another's, or for a return that has no CHILD in it.
    """
    root = _parse(raw, name)
    children = list(_children(root))
    if not children and _tag(root) == _ROOT:
        raise InputError(
            f"{name} holds no CHILD element with a record in it: expected an SSDA903 return; "
            "export it again."
        )
    tables = _Tables()
    for number, child in enumerate(children, start=1):
        if any(map(_is_child, child.iterfind(".//*"))):
            raise InputError(
                f"{describe_place(name, number, _CHILD)}: holds another CHILD with records of its "
                "own, expected each beside the others; export it again."
            )
        _read_child(child, number, tables)
    return {table: _frame(rows, name) for table, rows in tables.rows.items()}


def is_for_a_return(start: bytes) -> bool:
    """Whether an XML file is to be read as an SSDA903 return, by its first bytes.

    One that declares a document type is: what hides its content is refused, not passed over.

    >>> is_for_a_return(b"<EXPSSDA903><CHILD>"), is_for_a_return(b"<feed>")
    (True, False)
    >>> is_for_a_return(b"<!DOCTYPE a [<!ENTITY b 'c'>]><feed>")
    True
    """
    plain = start.replace(b"\x00", b"").upper()
    says_so = b"<" + _ROOT.encode() in plain or b"<!DOCTYPE" in plain
    return says_so or (b"<CHILD" in plain and b"<EPISODE" in plain)


def _parse(raw: bytes, name: str) -> Element:
    try:
        return fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise InputError(
            f"{name} declares a document type or an entity, which a return never needs: "
            "refused as unsafe; export it again, or take it out of the folder."
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(
            f"{name} is not whole XML ({error}): expected an SSDA903 return; export it again."
        ) from None


def _children(root: Element) -> Iterator[Element]:
    """The outermost CHILD elements, in the order of the file."""
    ahead = [root]
    while ahead:
        element = ahead.pop()
        if _is_child(element):
            yield element
        else:
            ahead.extend(reversed(element))


def _is_child(element: Element) -> bool:
    """Whether an element holds a child's records; one without any is an identifier."""
    return len(element) > 0 and _tag(element) == _CHILD


def _tag(element: Element) -> str:
    return tidy_header(str(element.tag).rpartition("}")[2])


def _read_child(child: Element, number: int, tables: _Tables) -> None:
    """Every row of one child: each element's own values, shared out by the tables' marks."""
    values = [_values(element) for element in child.iter() if len(element)]
    about = {"line": str(number)}
    for column in _IDENTITY:
        about[column] = next((found[column] for found in values if found.get(column)), "")
    tables.add("header", _cells(TABLES["header"], _first(values)) | about)
    for found in values:
        for table in TABLES.values():
            if table.name != "header" and any(found.get(mark) for mark in table.marks):
                tables.add(table.name, _cells(table, found) | _known(table, about))


def _values(element: Element) -> dict[str, str]:
    """The single values that stand directly in an element, by standard column name."""
    return {_standard(_tag(cell)): (cell.text or "").strip() for cell in element if not len(cell)}


def _first(values: list[dict[str, str]]) -> dict[str, str]:
    """For each column of the header, the first value written anywhere in the child."""
    found: dict[str, str] = {}
    for columns in values:
        for column, value in columns.items():
            if value:
                found.setdefault(column, value)
    return found


def _cells(table: Table, found: dict[str, str]) -> dict[str, str]:
    return {column: found.get(column, "") for column in table.columns}


def _known(table: Table, about: dict[str, str]) -> dict[str, str]:
    """What is known of the child, for the columns that a table has."""
    return {name: value for name, value in about.items() if name in (*table.columns, "line")}


def _standard(tag: str) -> str:
    return SYNONYMS.get(tag, tag)


def _frame(rows: list[dict[str, str]], name: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype=object).fillna("")
    lines = frame.pop("line").astype(int)
    return frame.assign(source_file=name, source_line=lines)
