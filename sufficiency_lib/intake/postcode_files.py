"""Published postcode directories: which tables a file holds, and their rows block by block.

Understood by their columns, whatever the file is called: the ONS Postcode Directory and the
National Statistics Postcode Lookup of any year (csv, gzip, or the zip as downloaded),
Code-Point Open (its zip of many small files without a header), and parquet in the same
columns. Files are read a block at a time, and only the columns that are needed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.archives import open_member, open_plain_or_gzip, open_zip
from sufficiency_lib.intake.postcodes import compact, pack

BLOCK_BYTES = 4 * 1024**2
BLOCK_ROWS = 200_000
HEAD_BYTES = 64 * 1024
CODE_POINT_COLUMNS = (
    "postcode", "positional_quality_indicator", "easting", "northing", "country",
    "nhs_region", "nhs_authority", "cty", "laua", "ward",
)  # fmt: skip

# What each column has been called, commonest first; \d\d stands for the year.
COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "postcode": (r"pcds", r"pcd7", r"pcd8", r"pcd", r"pcd2", r"postcode"),
    "easting": (r"oseast1m", r"east1m", r"eastings?"),
    "northing": (r"osnrth1m", r"north1m", r"northings?"),
    "district": (r"laua", r"oslaua", r"lad\d\dcd", r"ladcd", r"admin_district_code"),
    "upper_tier": (r"utla", r"utla\d\dcd", r"ctyua\d\dcd"),
    "county": (r"oscty", r"cty", r"cty\d\dcd", r"admin_county_code"),
    "terminated": (r"doterm",),
    "grid_quality": (r"osgrdind", r"gridind", r"positional_quality_indicator"),
}
REQUIRED = ("postcode", "easting", "northing")


@dataclass(frozen=True)
class Layout:
    """Which of a file's columns hold what.

    ``columns`` are all of the file's columns in order; ``found`` maps the names of
    :data:`COLUMN_NAMES` to the file's own.
    """

    columns: tuple[str, ...]
    found: dict[str, str]
    has_header: bool = True

    @property
    def first_row(self) -> int:
        """Number of the first row of data, as a text editor counts lines."""
        return 2 if self.has_header else 1

    @property
    def usable(self) -> bool:
        """Whether a directory can be made: postcode, grid reference and some area code."""
        return all(name in self.found for name in REQUIRED) and self.has_area

    @property
    def has_area(self) -> bool:
        """Whether any column says which authority a postcode is in."""
        return any(name in self.found for name in ("district", "upper_tier", "county"))


def recognise(columns: list[str]) -> Layout:
    """Find the columns of a postcode directory by their names, in any case.

    >>> recognise(["PCDS", "doterm", "east1m", "north1m", "cty25cd", "lad25cd"]).found
    ... # doctest: +NORMALIZE_WHITESPACE
    {'postcode': 'PCDS', 'easting': 'east1m', 'northing': 'north1m', 'district': 'lad25cd',
     'county': 'cty25cd', 'terminated': 'doterm'}
    """
    by_name = {column.strip().casefold(): column for column in columns}
    found: dict[str, str] = {}
    for name, patterns in COLUMN_NAMES.items():
        for pattern in patterns:
            matches = [by_name[column] for column in by_name if re.fullmatch(pattern, column)]
            if matches:
                found[name] = matches[0]
                break
    return Layout(tuple(columns), found)


@dataclass(frozen=True)
class PostcodeSource:
    """One readable table of postcodes: a file, or one file inside a zip.

    ``estimated_rows`` serves only to tell a whole directory from a part of one.
    """

    label: str
    layout: Layout
    estimated_rows: int
    blocks: Callable[[], Iterator[pa.Table]] = field(repr=False)


@contextmanager
def postcode_sources(path: Path) -> Iterator[list[PostcodeSource]]:
    """Look at a file and say which tables of postcodes it holds, without reading them.

    Of a zip, the largest table and its neighbours in the same folder (Code-Point Open has
    120 of them; the copies that ONS adds in other folders are left).

    Raises
    ------
    InputError: a damaged or unsafe archive, an unreadable parquet file.
    """
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == b"PK\x03\x04":
        with open_zip(path) as archive:
            members = [m for m in archive.infolist() if m.filename.casefold().endswith(".csv")]
            sources = []
            for member in sorted(members, key=lambda m: (-m.file_size, m.filename)):
                opener = partial(open_member, path, archive, member.filename)
                label = f"{path.name} ({member.filename})"
                source = _csv_source(label, opener, member.file_size)
                if source.layout.usable:
                    sources.append((PurePosixPath(member.filename).parent, source))
            yield [source for folder, source in sources if folder == sources[0][0]]
    elif magic == b"PAR1":
        yield [_parquet_source(path)]
    else:
        opener = partial(open_plain_or_gzip, path)
        yield [_csv_source(path.name, opener, _expanded_bytes(path))]


def _expanded_bytes(path: Path) -> int:
    """Size of a file once unpacked; gzip keeps it in its last four bytes."""
    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b" or path.stat().st_size < 18:
            return path.stat().st_size
        stream.seek(-4, 2)
        return int.from_bytes(stream.read(4), "little")


def _csv_source(
    label: str, opener: Callable[[], AbstractContextManager[IO[bytes]]], size: int
) -> PostcodeSource:
    with opener() as stream:
        head = stream.read(HEAD_BYTES)
    lines = head.decode("utf-8-sig", errors="replace").splitlines()
    columns = next(csv.reader(lines[:1]), [])
    layout = recognise(columns)
    if not layout.usable and _looks_like_code_point(columns):
        named = recognise(list(CODE_POINT_COLUMNS))
        layout = Layout(named.columns, named.found, has_header=False)
    per_row = max(1.0, len(head) / max(1, len(lines)))
    return PostcodeSource(
        label, layout, int(size / per_row), partial(_csv_blocks, label, opener, layout)
    )


def _looks_like_code_point(first_row: list[str]) -> bool:
    if len(first_row) != len(CODE_POINT_COLUMNS):
        return False
    is_postcode = pack(compact(pa.array([first_row[0]])))[0] >= 0
    return bool(is_postcode) and first_row[2].isdigit() and first_row[3].isdigit()


def _parquet_source(path: Path) -> PostcodeSource:
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path.name} is not a readable parquet file: {problem}.") from problem
    layout = recognise(names)
    rows = file.metadata.num_rows
    return PostcodeSource(path.name, layout, rows, partial(_parquet_blocks, path, layout))


def _csv_blocks(
    label: str, opener: Callable[[], AbstractContextManager[IO[bytes]]], layout: Layout
) -> Iterator[pa.Table]:
    wanted = list(layout.found.values())
    with opener() as stream:
        try:
            reader = pa_csv.open_csv(
                stream,
                read_options=pa_csv.ReadOptions(
                    block_size=BLOCK_BYTES,
                    column_names=list(layout.columns),
                    skip_rows=int(layout.has_header),
                ),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string())
                ),
            )
            for batch in reader:
                yield pa.table(batch)
        except pa.ArrowException as problem:
            raise InputError(
                f"{label} cannot be read as a csv file: {str(problem)[:200]}. Download it again."
            ) from problem


def _parquet_blocks(path: Path, layout: Layout) -> Iterator[pa.Table]:
    try:
        file = pq.ParquetFile(path)
        for batch in file.iter_batches(BLOCK_ROWS, columns=list(layout.found.values())):
            table = pa.table(batch)
            # Text that is not text would otherwise surface as a traceback much later.
            table.validate(full=True)
            yield table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path.name} is not a readable parquet file: {problem}.") from problem
