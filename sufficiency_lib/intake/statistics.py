"""Published statistics (DfE, Ofsted, ONS) as tables kept beside the postcodes.

Basic: a table is kept as published, every column as text, so that its symbols (``c`` ``z``
``x`` ``k``) survive until a comparator asks for a number.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.archives import open_plain_or_gzip, require_file


def read_statistics(path: Path) -> pa.Table:
    """Read a published csv or parquet table, every column as text.

    Parameters
    ----------
    path: csv (also gzip; lines of explanation before the column names are passed over), or
        parquet.

    Returns
    -------
    Table with the file's own columns, white space in their names made single.

    Raises
    ------
    InputError: no such file, or not readable as a table.
    """
    require_file(path, "statistics")
    try:
        if path.suffix.casefold() == ".parquet":
            table = pq.read_table(path)
            table.validate(full=True)
        else:
            table = _read_csv(path)
        schema = pa.schema([(" ".join(name.split()), pa.string()) for name in table.column_names])
        return table.rename_columns(schema.names).cast(schema)
    except (pa.ArrowException, OSError, csv.Error, UnicodeDecodeError) as problem:
        raise InputError(
            f"{path.name} cannot be read as a table of statistics: {str(problem)[:200]}. "
            "Expected a csv or parquet file as published."
        ) from problem


def _read_csv(path: Path) -> pa.Table:
    with open_plain_or_gzip(path) as stream:
        raw = stream.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    names, rows = _table(text)
    named = [i for i, name in enumerate(names) if name]
    if not named or len({names[i] for i in named}) < len(named):
        raise InputError(
            f"{path.name} has no row of distinct column names: expected a csv as published."
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
