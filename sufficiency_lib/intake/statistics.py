"""Published statistics (DfE, Ofsted, ONS) as tables kept beside the postcodes.

A table is first read as published, every column as text, so that its symbols (``c`` ``z``
``x`` ``k``) survive; :mod:`sufficiency_lib.intake.comparators` makes numbers of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.intake.archives import (
    open_member,
    open_plain_or_gzip,
    open_zip,
    require_file,
)

# What DfE puts beside each table of a release: its description, in a csv of its own.
_DESCRIPTION = ".meta.csv"


def read_statistics(path: Path) -> dict[str, pa.Table]:
    """Read published tables, every column as text.

    Parameters
    ----------
    path: csv (also gzip; lines of explanation before the column names are passed over),
        parquet, or a zip of csv files as DfE's "download all data" gives it.

    Returns
    -------
    Tables with their own columns, white space in their names made single, by file name
    without its ending.

    Raises
    ------
    InputError: no such file, or not readable as a table.
    ConfigurationError: two tables in a zip have one name.
    """
    require_file(path, "statistics")
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == b"PK\x03\x04":
        return _read_zip(path)
    with _sentences(path.name):
        if magic == b"PAR1":
            # From a stream, so that no error names the folder.
            with path.open("rb") as stream:
                table = pq.read_table(stream)
            table.validate(full=True)
        else:
            with open_plain_or_gzip(path) as stream:
                table = _read_csv(stream.read(), path.name)
        return {table_name(path.name): _as_text(table)}


def table_name(file_name: str) -> str:
    """The name of a table: its file's, without folders and endings.

    >>> table_name("data/la_cla_placement_stability.csv")
    'la_cla_placement_stability'
    """
    return PurePosixPath(file_name).name.split(".")[0]


def _read_zip(path: Path) -> dict[str, pa.Table]:
    tables: dict[str, pa.Table] = {}
    with open_zip(path) as archive:
        members = [m for m in sorted(archive.namelist()) if m.casefold().endswith(".csv")]
        for member in members:
            if member.casefold().endswith(_DESCRIPTION):
                continue
            name, label = table_name(member), f"{path.name} ({member})"
            if name in tables:
                raise ConfigurationError(
                    f"{path.name} holds two tables called {name}; unpack it and give the one "
                    "that is wanted."
                )
            with _sentences(label), open_member(path, archive, member) as stream:
                tables[name] = _as_text(_read_csv(stream.read(), label))
    if not tables:
        raise InputError(f"{path.name} holds no csv file: expected statistics as published.")
    return tables


@contextmanager
def _sentences(label: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, csv.Error, UnicodeDecodeError) as problem:
        raise InputError(
            f"{label} cannot be read as a table of statistics: {str(problem)[:200]}. "
            "Expected a csv or parquet file as published."
        ) from problem


def _as_text(table: pa.Table) -> pa.Table:
    schema = pa.schema([(" ".join(name.split()), pa.string()) for name in table.column_names])
    return table.rename_columns(schema.names).cast(schema)


def _read_csv(raw: bytes, label: str) -> pa.Table:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    names, rows = _table(text)
    named = [i for i, name in enumerate(names) if name]
    if not named or len({names[i] for i in named}) < len(named):
        raise InputError(
            f"{label} has no row of distinct column names: expected a csv as published."
        )
    cells = {names[i]: [row[i] if i < len(row) else "" for row in rows] for i in named}
    return pa.table({name: pa.array(column, pa.string()) for name, column in cells.items()})


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    """Column names and rows; the names are in the first row that is mostly filled.

    Ofsted puts three lines of explanation, padded with commas, before its table.

    >>> _table('Title,,\\nA note.,,\\ntime_period, la_name,number\\n2025,Kent,c\\n')
    (['time_period', 'la_name', 'number'], [['2025', 'Kent', 'c']])
    """
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    for number, row in enumerate(rows):
        if sum(1 for cell in row if cell.strip()) * 2 > len(row):
            return [" ".join(cell.split()) for cell in row], rows[number + 1 :]
    return [], []
