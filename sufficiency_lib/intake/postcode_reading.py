"""A published postcode directory read into one sorted :class:`PostcodeDirectory`.

A block of rows at a time becomes packed keys, whole metres and positions in a list of
authorities, 19 bytes a postcode, so that the largest file is read in bounded memory.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from tqdm import tqdm

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.archives import require_file
from sufficiency_lib.intake.authorities import upper_tier
from sufficiency_lib.intake.postcode_areas import COUNTRIES_OFF_THE_GRID, country_of_area
from sufficiency_lib.intake.postcode_files import REQUIRED, PostcodeSource, postcode_sources
from sufficiency_lib.intake.postcodes import (
    NO_AUTHORITY,
    NO_COORDINATE,
    PostcodeDirectory,
    compact,
    pack,
)

# The British National Grid covers 0–700 km east and 0–1,300 km north.
MAX_EASTING, MAX_NORTHING = 700_000, 1_300_000
# A stray row is counted; more than this share and the file is not what it claims to be.
MAX_STRAY_SHARE = 0.01
# ONS positional quality 9 and Code-Point 90: no grid reference.
NO_GRID_REFERENCE = ("9", "90")

EXPECTED_COLUMNS = (
    "expected the ONS Postcode Directory, the National Statistics Postcode Lookup or "
    "Code-Point Open, with a postcode (pcds), an easting (oseast1m or east1m), a northing "
    "(osnrth1m or north1m) and an area code (oslaua, laua or lad25cd)."
)


@dataclass
class _Tally:
    """What was read and what could not be used."""

    rows: int = 0
    malformed: int = 0
    off_grid: int = 0
    first_malformed: str = ""
    first_off_grid: str = ""


def read_postcodes(path: Path) -> tuple[PostcodeDirectory, dict[str, int]]:
    """Read a published directory into a sorted one.

    Parameters
    ----------
    path: csv, csv.gz, zip as downloaded, or parquet.

    Returns
    -------
    The directory, and what was counted on the way: ``rows`` read · ``postcodes`` kept ·
    ``malformed`` (not the shape of a postcode, left out) · ``duplicates`` (left out; a live
    postcode is kept before a terminated one, else the first) · ``without_grid_reference`` ·
    ``off_grid`` (coordinates outside Great Britain, treated as no grid reference) ·
    ``without_authority``.

    Raises
    ------
    InputError: no such file; no postcode, grid or area column; a coordinate that is no
        number; more than one row in a hundred unusable; a damaged or unsafe archive.
    """
    require_file(path, "postcodes")
    tally = _Tally()
    codes: dict[str, int] = {}
    parts: list[tuple[NDArray, ...]] = []
    with postcode_sources(path) as sources:
        if not sources:
            raise InputError(f"{path.name} holds no postcode directory: {EXPECTED_COLUMNS}")
        expected = sum(source.estimated_rows for source in sources)
        # Said on a terminal only: a directory is a gigabyte.
        with tqdm(
            desc="Postcodes", total=expected, unit_scale=True, leave=False, disable=None,
            file=sys.stderr,
        ) as told:  # fmt: skip
            for source in sources:
                _require_usable(source)
                line = source.layout.first_row
                for block in source.blocks():
                    parts.append(_Block(block, source, line, tally).read(codes))
                    line += block.num_rows
                    told.update(block.num_rows)
    _refuse_strays(path, tally)
    directory = _sorted(*(np.concatenate(column) for column in zip(*parts, strict=True)), codes)
    return directory, _counts(directory, tally)


def _require_usable(source: PostcodeSource) -> None:
    missing = [name for name in REQUIRED if name not in source.layout.found]
    if not missing and not source.layout.has_area:
        missing = ["district or county code"]
    if missing:
        raise InputError(
            f"{source.label} has no {' or '.join(missing)} column; its columns are "
            f"{', '.join(source.layout.columns[:12]) or '(none)'}: {EXPECTED_COLUMNS}"
        )


def _refuse_strays(path: Path, tally: _Tally) -> None:
    if not tally.rows:
        raise InputError(f"{path.name} has a header but no rows: {EXPECTED_COLUMNS}")
    for count, first, expected in (
        (tally.malformed, tally.first_malformed, "a postcode such as HR1 2AB"),
        (
            tally.off_grid,
            tally.first_off_grid,
            f"metres on the British National Grid (easting 0–{MAX_EASTING:,}, northing "
            f"0–{MAX_NORTHING:,})",
        ),
    ):
        if count > tally.rows * MAX_STRAY_SHARE:
            raise InputError(
                f"{first}: expected {expected}. {count:,} of {tally.rows:,} rows are like "
                "this; check that the columns hold what their names say."
            )


@dataclass(frozen=True)
class _Block:
    """Some rows of one file, and where they stand in it, for errors that say so."""

    table: pa.Table
    source: PostcodeSource
    line: int
    tally: _Tally

    def read(self, codes: dict[str, int]) -> tuple[NDArray, ...]:
        """Keys, eastings, northings, authorities and ends of the well-formed rows."""
        text = compact(self._column("postcode"))
        key = pack(text)
        east, north = self._metres("easting"), self._metres("northing")
        none = np.isnan(east) | np.isnan(north) | ((east == 0) & (north == 0))
        country = country_of_area(text)
        none |= self._without_grid() | ((country >= 0) & (country < COUNTRIES_OFF_THE_GRID))
        outside = (east > MAX_EASTING) | (north > MAX_NORTHING) | (east < 0) | (north < 0)
        outside &= ~none
        self._count_strays(key < 0, outside)
        good = key >= 0
        columns = (
            key,
            np.where(none | outside, NO_COORDINATE, np.rint(east)).astype(np.int32),
            np.where(none | outside, NO_COORDINATE, np.rint(north)).astype(np.int32),
            self._authorities(codes),
            self._terminated(),
        )
        return tuple(column[good] for column in columns)

    def _column(self, name: str) -> pa.Array | None:
        own = self.source.layout.found.get(name)
        if own is None:
            return None
        return pc.utf8_trim_whitespace(pc.fill_null(self.table[own].combine_chunks(), ""))

    def _say(self, index: int, name: str) -> str:
        own = self.source.layout.found[name]
        value = self.table[own][index].as_py()
        return f"{self.source.label}, row {self.line + index:,}, column {own}: '{value}'"

    def _metres(self, name: str) -> NDArray[np.float64]:
        text = self._column(name)
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
        try:
            return pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            index = next(i for i, value in enumerate(text.to_pylist()) if not _is_number(value))
            raise InputError(
                f"{self._say(index, name)} is not a number; expected metres on the British "
                "National Grid."
            ) from None

    def _without_grid(self) -> NDArray[np.bool_]:
        quality = self._column("grid_quality")
        if quality is None:
            return np.zeros(len(self.table), dtype=bool)
        return pc.is_in(quality, pa.array(NO_GRID_REFERENCE)).to_numpy(zero_copy_only=False)

    def _count_strays(self, malformed: NDArray[np.bool_], outside: NDArray[np.bool_]) -> None:
        tally = self.tally
        if malformed.any() and not tally.malformed:
            tally.first_malformed = self._say(int(malformed.argmax()), "postcode")
        if outside.any() and not tally.off_grid:
            tally.first_off_grid = self._say(int(outside.argmax()), "easting")
        tally.rows += len(malformed)
        tally.malformed += int(malformed.sum())
        tally.off_grid += int(outside.sum())

    def _authorities(self, codes: dict[str, int]) -> NDArray[np.int16]:
        """Position in ``codes`` of each row's authority; each pair of areas is worked out once."""
        county = self._column("upper_tier")
        county = self._column("county") if county is None else county
        district = self._column("district")
        district, county = (
            pa.nulls(len(self.table), pa.string()) if area is None else area
            for area in (district, county)
        )
        low, high = (area.dictionary_encode("encode") for area in (district, county))
        width = max(1, len(high.dictionary))
        pair = low.indices.to_numpy().astype(np.int64) * width + high.indices.to_numpy()
        distinct, inverse = np.unique(pair, return_inverse=True)
        position = np.empty(len(distinct), dtype=np.int16)
        for i, (first, second) in enumerate(zip(*np.divmod(distinct, width), strict=True)):
            code = upper_tier(low.dictionary[first].as_py(), high.dictionary[second].as_py())
            position[i] = NO_AUTHORITY if code is None else codes.setdefault(code, len(codes))
        return position[inverse]

    def _terminated(self) -> NDArray[np.int8]:
        ended = self._column("terminated")
        if ended is None:
            return np.full(len(self.table), -1, dtype=np.int8)
        return pc.not_equal(ended, "").to_numpy(zero_copy_only=False).astype(np.int8)


def _is_number(value: str | None) -> bool:
    try:
        float(value or 0)
    except ValueError:
        return False
    return True


def _sorted(
    key: NDArray,
    easting: NDArray,
    northing: NDArray,
    authority: NDArray,
    terminated: NDArray,
    codes: dict[str, int],
) -> PostcodeDirectory:
    """One row a postcode, by key; authority codes in their own order, not the file's."""
    order = np.lexsort((terminated, key))
    first = np.ones(len(key), dtype=bool)
    first[1:] = key[order][1:] != key[order][:-1]
    order = order[first]
    names = sorted(codes)
    # One place more, for the rows without an authority, which index it from the end.
    moved = np.full(len(codes) + 1, NO_AUTHORITY, dtype=np.int16)
    moved[[codes[name] for name in names]] = np.arange(len(names))
    # A column that is blank throughout says nothing about what is live.
    ended = terminated if (terminated == 1).any() else np.full_like(terminated, -1)
    return PostcodeDirectory(
        key[order],
        easting[order],
        northing[order],
        moved[authority[order]],
        ended[order],
        tuple(names),
    )


def _counts(directory: PostcodeDirectory, tally: _Tally) -> dict[str, int]:
    return {
        "rows": tally.rows,
        "postcodes": len(directory),
        "malformed": tally.malformed,
        "duplicates": tally.rows - tally.malformed - len(directory),
        "without_grid_reference": int((directory.easting < 0).sum()),
        "off_grid": tally.off_grid,
        "without_authority": int((directory.authority < 0).sum()),
    }
