"""Postcodes to places: their forms, their packed keys, and the directory that is searched.

A directory is a table sorted by a whole-number key, written uncompressed and memory-mapped,
so that opening it costs nothing and a look-up is a binary search. Files are turned into
that table by :mod:`sufficiency_lib.intake.postcode_files`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.postcode_areas import (
    COUNTRIES,
    COUNTRIES_OFF_THE_GRID,
    country_of_area,
)

STATUSES = (
    "found", "blank", "unknown", "not_on_british_grid", "malformed", "outside_england",
    "sector", "outward",
)  # fmt: skip
(
    FOUND, BLANK, UNKNOWN, NOT_ON_BRITISH_GRID, MALFORMED, OUTSIDE_ENGLAND,
    SECTOR, OUTWARD,
) = range(len(STATUSES))  # fmt: skip
# What stands in for a postcode that the directory does not have, nearest first, and how many
# of a key's last characters are left off for it.
FALLBACKS = {"none": (), "sector": (SECTOR,), "outward": (SECTOR, OUTWARD)}
_LEFT_OFF = {SECTOR: 2, OUTWARD: 3}

NO_COORDINATE = -1
NO_AUTHORITY = -1
NOT_A_POSTCODE = np.int64(-1)

# The six shapes of a unit postcode without its space (A letter, 9 digit), as Royal Mail
# defines them, and that of Newport's old NPT postcodes, which directories still list.
SHAPES = ("A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA", "AAA9AA")
_WIDTH = 7
_BLANK_CODE, _OTHER = 0, 37


def _character_codes() -> NDArray[np.int64]:
    """Each byte's digit in base 37: blank 0, digits 1–10, letters 11–36, others 37."""
    codes = np.full(256, _OTHER, dtype=np.int64)
    codes[ord(" ")] = _BLANK_CODE
    codes[ord("0") : ord("9") + 1] = np.arange(1, 11)
    codes[ord("A") : ord("Z") + 1] = np.arange(11, 37)
    return codes


def _allowed_shapes() -> NDArray[np.bool_]:
    """Which right-aligned patterns of blank, letter, digit (base 4) are postcodes."""
    allowed = np.zeros(4**_WIDTH, dtype=bool)
    for shape in SHAPES:
        digits = [{" ": 0, "A": 1, "9": 2}[letter] for letter in shape.rjust(_WIDTH)]
        allowed[sum(digit * 4 ** (_WIDTH - 1 - i) for i, digit in enumerate(digits))] = True
    return allowed


_CODES = _character_codes()
_KINDS = np.select([_CODES == 0, _CODES > 36, _CODES > 10], [0, 3, 1], default=2)
_ALLOWED = _allowed_shapes()
_BASE_37 = 37 ** np.arange(_WIDTH - 1, -1, -1, dtype=np.int64)
_BASE_4 = 4 ** np.arange(_WIDTH - 1, -1, -1, dtype=np.int64)


def compact(values: pa.Array) -> pa.Array:
    """Upper case without any white space; null stays null.

    >>> compact(pa.array([" hr1  2ab", None])).to_pylist()
    ['HR12AB', None]
    """
    text = pc.utf8_upper(values.cast(pa.large_string()))
    text = pc.replace_substring(text, " ", "")
    # The rarer kinds of white space are looked for only where there is something odd.
    odd = pc.fill_null(pc.invert(pc.utf8_is_alnum(text)), False)
    if not pc.any(odd).as_py():
        return text
    bare = pc.replace_substring_regex(text.filter(odd), r"[\s\p{Z}]+", "")
    return pc.replace_with_mask(text, odd, bare)


def pack(compacted: pa.Array) -> NDArray[np.int64]:
    """The key of each postcode: its seven characters, right-aligned, read in base 37.

    Parameters
    ----------
    compacted: text from :func:`compact`.

    Returns
    -------
    Whole numbers; -1 for whatever does not have the shape of a unit postcode (and null).

    ``B11AA`` is 12 × 37⁴ + 2 × 37³ + 2 × 37² + 11 × 37 + 11 (A is 11, B 12, the digit 1 is 2):

    >>> pack(pa.array(["B11AA", "HELLO", None])).tolist()
    [22594394, -1, -1]
    """
    keys = np.full(len(compacted), NOT_A_POSTCODE)
    length = pc.binary_length(compacted)
    right_length = pc.and_(pc.greater_equal(length, 5), pc.less_equal(length, _WIDTH))
    plausible = pc.and_(right_length, pc.string_is_ascii(compacted))
    chosen = np.flatnonzero(pc.fill_null(plausible, False).to_numpy(zero_copy_only=False))
    if not len(chosen):
        return keys
    padded = pc.utf8_lpad(compacted.take(pa.array(chosen)), _WIDTH).cast(pa.binary(_WIDTH))
    data = np.frombuffer(padded.buffers()[1], dtype=np.uint8)
    letters = data[padded.offset * _WIDTH :][: len(chosen) * _WIDTH].reshape(-1, _WIDTH)
    allowed = _ALLOWED[_KINDS[letters] @ _BASE_4]
    keys[chosen] = np.where(allowed, _CODES[letters] @ _BASE_37, NOT_A_POSTCODE)
    return keys


def _as_text(values: pd.Series) -> pa.Array:
    text = pa.array(values.astype("str"), from_pandas=True)
    combined = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return combined.cast(pa.large_string())


@dataclass(frozen=True)
class PostcodeDirectory:
    """A directory of postcodes, sorted by key, ready to be searched.

    Attributes
    ----------
    key: packed postcodes, ascending (:func:`pack`).
    easting, northing: whole metres (EPSG:27700); -1 where there is no British grid
        reference.
    authority: position in ``authority_codes``, -1 where none.
    terminated: 1 no longer in use, 0 live, -1 the file did not say.
    authority_codes: upper-tier codes as of today.
    """

    key: NDArray[np.int64]
    easting: NDArray[np.int32]
    northing: NDArray[np.int32]
    authority: NDArray[np.int16]
    terminated: NDArray[np.int8]
    authority_codes: tuple[str, ...]

    def __len__(self) -> int:
        """Count the postcodes."""
        return len(self.key)

    def lookup(
        self, postcodes: pd.Series, fallback: Literal["none", "sector", "outward"] = "none"
    ) -> pd.DataFrame:
        """Find where postcodes are.

        Parameters
        ----------
        postcodes: text in any spacing and case.
        fallback: what may stand in for a well-formed postcode that is not in the directory:
            ``none``; its ``sector`` (HR1 2); or, where that is not there either, its
            ``outward`` code (HR1). Asked for, never assumed.

        Returns
        -------
        DataFrame on the same index:

        - ``easting``, ``northing``: metres (EPSG:27700), float; NaN when not known. For a
          sector or outward code the mean of its postcodes.
        - ``authority``: upper-tier code as of today (``W…``, ``S…``, ``N…``, ``L…``, ``M…``
          outside England); missing when not known. For a sector or outward code the
          commonest of its postcodes.
        - ``status``: ``found`` (in the directory; a few have no grid reference) ·
          ``blank`` · ``malformed`` (not the shape of a postcode) · ``not_on_british_grid``
          (Northern Ireland, Channel Islands, Isle of Man) · ``outside_england`` (in an area
          wholly in Wales or Scotland, of which the directory has no postcodes) · ``unknown``
          (well formed, not in the directory) · ``sector`` and ``outward`` (the same, placed
          by the fallback).
        - ``terminated``: boolean; NA when not found or the directory does not say.
        """
        encoded = _as_text(postcodes).dictionary_encode()
        places = self._places(compact(encoded.dictionary), fallback)
        # One place more than there are distinct texts: where every missing value points.
        each = pc.fill_null(encoded.indices, len(encoded.dictionary))
        each = each.to_numpy(zero_copy_only=False)
        easting, northing, authority, status, ended = (column[each] for column in places)
        return pd.DataFrame(
            {
                "easting": easting,
                "northing": northing,
                "authority": _labels((*self.authority_codes, *COUNTRIES), authority),
                "status": _labels(STATUSES, status),
                "terminated": pd.arrays.BooleanArray(ended == 1, ended < 0),
            },
            index=postcodes.index,
        )

    def _places(self, compacted: pa.Array, fallback: str) -> tuple[NDArray, ...]:
        """Easting, northing, authority, status and end of each text, and of a missing one."""
        wanted = np.append(pack(compacted), NOT_A_POSTCODE)
        country = np.append(country_of_area(compacted), np.int8(-1)).astype(np.int64)
        country[wanted < 0] = -1
        row = self._rows(wanted)
        found = row >= 0
        # From behind: -1 is the last, where there is nothing.
        easting, northing, authority, ended = (
            np.where(found, column[row], missing) if len(column) else np.full(len(row), missing)
            for column, missing in (
                (self.easting, NO_COORDINATE), (self.northing, NO_COORDINATE),
                (self.authority, NO_AUTHORITY), (self.terminated, -1),
            )
        )  # fmt: skip
        off_grid = (country >= 0) & (country < COUNTRIES_OFF_THE_GRID)
        status = np.where(found, FOUND, UNKNOWN).astype(np.int8)
        status[wanted < 0] = MALFORMED
        status[np.append(pc.equal(compacted, "").to_numpy(zero_copy_only=False), True)] = BLANK
        status[(status == UNKNOWN) & self._not_covered[country]] = OUTSIDE_ENGLAND
        status[off_grid] = NOT_ON_BRITISH_GRID
        nowhere = (easting < 0) | (northing < 0) | off_grid
        easting = np.where(nowhere, np.nan, easting)
        northing = np.where(nowhere, np.nan, northing)
        abroad = (authority < 0) & (country >= 0)
        authority = np.where(abroad, len(self.authority_codes) + country, authority)
        self._stand_in(wanted, easting, northing, authority, status, FALLBACKS[fallback])
        return easting, northing, authority, status, ended

    def _rows(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row of the directory of each key; -1 when it is not there."""
        if not len(self.key):
            return np.full(len(wanted), -1)
        # Searching in order keeps to one part of the mapped file at a time.
        order = np.argsort(wanted)
        place = np.empty(len(wanted), dtype=np.int64)
        place[order] = np.searchsorted(self.key, wanted[order])
        place = np.minimum(place, len(self.key) - 1)
        return np.where((self.key[place] == wanted) & (wanted >= 0), place, -1)

    @cached_property
    def _not_covered(self) -> NDArray[np.bool_]:
        """Which countries the directory has no postcodes of; False for no country at all."""
        has = {code[0] for code in self.authority_codes}
        return np.array([country[0] not in has for country in COUNTRIES] + [False])

    def _stand_in(
        self, wanted: NDArray, easting: NDArray, northing: NDArray, authority: NDArray,
        status: NDArray, levels: tuple[int, ...],
    ) -> None:  # fmt: skip
        """Fill in the unknown, in place, from the postcodes that share their first characters.

        Keys are sorted, so that a sector is a run of rows.
        """
        for level in levels:
            width = 37 ** _LEFT_OFF[level]
            unknown = np.flatnonzero(status == UNKNOWN)
            starts, which = np.unique(wanted[unknown] // width, return_inverse=True)
            first = np.searchsorted(self.key, starts * width)
            last = np.searchsorted(self.key, (starts + 1) * width)
            for i, (low, high) in enumerate(zip(first, last, strict=True)):
                rows = np.arange(low, high)[self.easting[low:high] >= 0]
                if len(rows):
                    here = unknown[which == i]
                    easting[here] = np.floor(self.easting[rows].mean() + 0.5)
                    northing[here] = np.floor(self.northing[rows].mean() + 0.5)
                    authority[here] = np.bincount(self.authority[rows] + 1).argmax() - 1
                    status[here] = level

    def write(self, path: Path) -> None:
        """Write the directory as one uncompressed Arrow file, ready to be memory-mapped."""
        names = ("key", "easting", "northing", "authority", "terminated")
        table = pa.table({name: getattr(self, name) for name in names})
        codes = json.dumps(list(self.authority_codes))
        table = table.replace_schema_metadata({"authority_codes": codes})
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks(), max_chunksize=max(len(self), 1))

    @classmethod
    def open(cls, path: Path) -> PostcodeDirectory:
        """Open a written directory; the file is mapped into memory, not read.

        Raises
        ------
        InputError: the file is not a postcode directory written by this suite.
        """
        try:
            table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
            codes = json.loads(table.schema.metadata[b"authority_codes"])
            columns = {
                name: _single_chunk(table[name])
                for name in ("key", "easting", "northing", "authority", "terminated")
            }
        except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as problem:
            raise InputError(
                f"{path.name} is not a readable postcode directory. Build the reference store "
                "again with `python -m sufficiency_lib reference`."
            ) from problem
        return cls(**columns, authority_codes=tuple(codes))


def _single_chunk(column: pa.ChunkedArray) -> NDArray:
    if column.num_chunks == 0:
        return np.array([], dtype=column.type.to_pandas_dtype())
    return column.chunk(0).to_numpy(zero_copy_only=True)


def _labels(labels: tuple[str, ...], position: NDArray) -> pd.Series:
    """Text of each position, missing for -1; without making an object of every cell."""
    known = pa.array(np.maximum(position, 0).astype(np.int32), mask=position < 0)
    return pa.array(labels, pa.large_string()).take(known).to_pandas().array
