"""A csv file as a frame of text, whatever wrote it: any encoding, delimiter or line end.

Nothing is interpreted here. Every row keeps the file and the line it began on.
"""

from __future__ import annotations

import codecs
import csv
import io
from itertools import chain, islice

import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog

LONGEST_CELL = 100_000
#: Enough of a file for its header.
_START_BYTES = 16_384
#: A header is looked for in this many records.
FIRST_RECORDS = 10
#: Read after the last line: a quotation mark that was never closed swallows it.
_END = "end of file"

#: Columns that every table is given here; one of a file's own by that name is not read.
_OURS = frozenset({"SOURCE_FILE", "SOURCE_LINE"})
_DELIMITERS = (",", ";", "\t", "|")
_ENCODINGS = ("utf-8", "cp1252", "latin-1")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text_table(
    raw: bytes, name: str, log: FindingLog, *, skip: int = 0
) -> pd.DataFrame | None:
    """Read a csv as text.

    raw      the file's bytes
    name     what findings call it: its path within the authority's folder
    skip     how many records to pass over before the header: a title, or "sep=;"
    returns  one row a record: the file's columns (trimmed, upper case), then source_file and
             source_line; None for an empty file, which is a cosmetic finding

    A blank line is passed over. A record with more cells than the header keeps the first
    ones, one with fewer is filled with blanks, one with a cell over several lines is kept:
    all are bending findings. Raises InputError for a file that is not text, or that ends
    inside a quotation.
    """
    return parse(decode(raw, name), name, log, skip=skip)


def tell_lines_above(above: list[list[str]], name: str, log: FindingLog) -> None:
    """A finding for the records above a table's columns, where there are any."""
    if above:
        log.add(
            "cosmetic", "lines_above_header", file=name, line=1, value=" ".join(above[0]),
            expected="the columns in the first line", action=f"passed over {len(above)} of them",
        )


def read_headers(start: bytes, name: str) -> list[list[str]]:
    """The first records of a file, tidied as columns: the header is one of them.

    start   the file's first bytes
    returns the first records that are not blank, FIRST_RECORDS of them at most

    Raises InputError for a file that is not text.
    """
    reader = _reader(decode(start, name, whole=False))
    found: list[list[str]] = []
    try:
        while len(found) < FIRST_RECORDS and (header := _header(reader)):
            found.append(header)
    except csv.Error:
        return found
    return found


def decode(raw: bytes, name: str, *, whole: bool = True) -> str:
    """The file's text. UTF-8 or UTF-16 by its mark, else UTF-8, else Windows' Latin.

    whole    False for the start of a file, which may end inside a character

    >>> decode("Zoë".encode("cp1252"), "a.csv")
    'Zoë'
    """
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(raw, final=whole)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        raise InputError(
            f"{name} is not text (it holds zero bytes): expected a csv; export it again as csv."
        )
    raise InputError(
        f"{name} begins as {marked[0]} text but is not: expected a csv; export it again."
    )


def delimiter_of(header: str) -> str:
    """The delimiter of a header line: the one that cuts it into most cells.

    >>> delimiter_of("CHILD;DOB;SEX"), delimiter_of("CHILD")
    (';', ',')
    """
    counts = {mark: header.count(mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def parse(text: str, name: str, log: FindingLog, *, skip: int = 0) -> pd.DataFrame | None:
    """Text of a csv to a frame of text, as `read_text_table` says."""
    previous_limit = csv.field_size_limit(LONGEST_CELL)
    reader = _reader(text)
    try:
        for _ in range(skip):
            _header(reader)
        header = _header(reader)
        if not header:
            log.add("cosmetic", "empty_file", file=name, expected="a table", action="passed over")
            return None
        records, lines = _records(reader, len(header), name, log)
    except csv.Error as error:
        raise InputError(
            f"{name}, line {reader.line_num}: the csv cannot be read ({error}); "
            "expected one record a line; export it again."
        ) from None
    finally:
        csv.field_size_limit(previous_limit)
    return _frame(header, records, lines, name, log)


def _reader(text: str):
    text = text.lstrip("\ufeff")
    starts = (line for line in io.StringIO(text[:_START_BYTES], newline=None) if line.strip())
    # A title above the header has no delimiter to go by, or fewer of them.
    firsts = list(islice(starts, FIRST_RECORDS))
    fullest = max(firsts, key=lambda line: max(map(line.count, _DELIMITERS)), default="")
    lines = chain(io.StringIO(text, newline=""), [_END])
    return csv.reader(lines, delimiter=delimiter_of(fullest))


def _header(reader) -> list[str]:
    """The first record that is not blank, tidied; nothing when there is none."""
    cells = next((record for record in reader if any(cell.strip() for cell in record)), [_END])
    return [] if cells == [_END] else [tidy_header(cell) for cell in cells]


def tidy_header(cell: str) -> str:
    """A column's name as DfE writes it: no spaces round it, upper case, inner spaces as _.

    >>> tidy_header(" Place provider ")
    'PLACE_PROVIDER'
    """
    return "_".join(cell.replace("\ufeff", "").strip().strip('"').upper().split())


def _records(
    reader, width: int, name: str, log: FindingLog
) -> tuple[list[list[str]], list[int]]:
    records: list[list[str]] = []
    lines: list[int] = []
    record, line, began = None, 1, reader.line_num + 1
    for record in reader:
        line, began = began, reader.line_num + 1
        if record == [_END] or not any(cell.strip() for cell in record):
            continue
        _check_shape(record, width, began - line, name, line, log)
        records.append((record + [""] * width)[:width])
        lines.append(line)
    if record != [_END]:
        raise InputError(
            f"{name}, line {line}: a quotation mark is opened and never closed; expected one "
            "record a line and a whole file; export it again."
        )
    return records, lines


def _check_shape(
    record: list[str], width: int, height: int, name: str, line: int, log: FindingLog
) -> None:
    """Findings for a record that is not as wide as the header, or runs over several lines."""
    if len(record) > width and any(cell.strip() for cell in record[width:]):
        log.add(
            "bending", "too_many_cells", file=name, line=line, value=str(len(record)),
            expected=f"{width} cells", action="read the first ones; check the row",
        )
    elif len(record) < width:
        log.add(
            "bending", "too_few_cells", file=name, line=line, value=str(len(record)),
            expected=f"{width} cells", action="read the rest as blank; check the row",
        )
    if height > 1:
        log.add(
            "bending", "cell_over_lines", file=name, line=line, value=str(height),
            expected="each record on one line",
            action="read as one record; check that no quotation mark is missing",
        )


def _frame(
    header: list[str], records: list[list[str]], lines: list[int], name: str, log: FindingLog
) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=range(len(header)), dtype=object)
    first = {column: place for place, column in reversed([*enumerate(header)])}
    for place, column in enumerate(header):
        if column and first[column] < place:
            log.add(
                "bending", "column_twice", file=name, line=1, column=column, value=column,
                expected="each column once", action="read the first of them",
            )
    keep = sorted(place for column, place in first.items() if column and column not in _OURS)
    frame = frame[keep].set_axis([header[place] for place in keep], axis=1)
    frame["source_file"] = name
    frame["source_line"] = lines
    return frame
