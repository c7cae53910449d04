"""Postcodes to places: their forms, their packed keys, and the directory that is searched.

A directory is a table sorted by a whole-number key, written uncompressed and memory-mapped,
so that opening it costs nothing and a look-up is a binary search. Files are turned into
that table by :mod:`sufficiency_lib.intake.postcode_files`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sufficiency_lib.errors import InputError

STATUSES = ("found", "blank", "unknown", "not_on_british_grid", "malformed")
FOUND, BLANK, UNKNOWN, NOT_ON_BRITISH_GRID, MALFORMED = range(len(STATUSES))

NO_COORDINATE = -1
NO_AUTHORITY = -1
NOT_A_POSTCODE = np.int64(-1)

# Northern Ireland has the Irish grid; the Channel Islands and the Isle of Man have none in
# the directories. ONS gives each an area code of its own, which is how they are "outside".
AREAS_OFF_THE_GRID = {"BT": "N99999999", "GY": "L99999999", "JE": "L99999999", "IM": "M99999999"}

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
    upper = pc.utf8_upper(values.cast(pa.large_string()))
    return pc.replace_substring_regex(upper, r"[\s\p{Z}]+", "")


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


def normalise_postcode(postcodes: pd.Series) -> pd.Series:
    """Write postcodes in one form: upper case, one space before the last three characters.

    Blank and missing become missing; what is not a postcode is kept, in upper case and
    without white space, so that it can be shown to whoever must correct it.

    >>> normalise_postcode(pd.Series([" hr12ab", "HR1  2AB", "  ", "B11AA"])).to_list()
    ['HR1 2AB', 'HR1 2AB', nan, 'B1 1AA']
    """
    compacted = compact(_as_text(postcodes))
    spaced = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(compacted, 0, -3),
        pc.utf8_slice_codeunits(compacted, -3),
        pa.scalar(" ", pa.large_string()),
    )
    text = pc.if_else(pa.array(pack(compacted) >= 0), spaced, compacted)
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
    return pd.Series(text.to_pandas().astype("str").array, index=postcodes.index, dtype="str")


def _as_text(values: pd.Series) -> pa.Array:
    text = pa.array(values.astype("str"), from_pandas=True)
    combined = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return combined.cast(pa.large_string())


def off_grid_codes(compacted: pa.Array) -> NDArray[np.object_]:
    """ONS area code of texts whose postcode area is off the grid; "" for the rest."""
    codes = np.full(len(compacted), "", dtype=object)
    for area, code in AREAS_OFF_THE_GRID.items():
        here = pc.match_substring_regex(compacted, f"^{area}[0-9]")
        codes[pc.fill_null(here, False).to_numpy(zero_copy_only=False)] = code
    return codes


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

    def lookup(self, postcodes: pd.Series) -> pd.DataFrame:
        """Find where postcodes are.

        Parameters
        ----------
        postcodes: text in any spacing and case.

        Returns
        -------
        DataFrame on the same index:

        - ``easting``, ``northing``: metres (EPSG:27700), float; NaN when not known.
        - ``authority``: upper-tier code as of today (``W…``, ``S…``, ``N…``, ``L…``, ``M…``
          outside England); missing when not known.
        - ``status``: ``found`` (in the directory; a few have no grid reference) ·
          ``blank`` · ``malformed`` (not the shape of a postcode) · ``not_on_british_grid``
          (Northern Ireland, Channel Islands, Isle of Man) · ``unknown`` (well formed, not in
          the directory).
        - ``terminated``: boolean; NA when not found or the directory does not say.
        """
        encoded = _as_text(postcodes).dictionary_encode()
        compacted = compact(encoded.dictionary)
        off_grid_code = off_grid_codes(compacted)
        row, status = self._find(compacted, off_grid_code != "")
        each = pc.fill_null(encoded.indices, len(compacted)).to_numpy(zero_copy_only=False)
        # One place more than there are distinct texts: where every missing value points.
        row, status = np.append(row, -1)[each], np.append(status, BLANK)[each]
        off_grid_code = np.append(off_grid_code, "")[each]
        return self._frame(row, status, off_grid_code, postcodes.index)

    def _find(
        self, compacted: pa.Array, off_grid: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
        """Row of the directory (-1 when none) and status of each distinct text."""
        wanted = pack(compacted)
        row = np.full(len(wanted), -1, dtype=np.int64)
        if len(self.key) and len(wanted):
            # Searching in order keeps to one part of the mapped file at a time.
            order = np.argsort(wanted)
            place = np.empty_like(row)
            place[order] = np.searchsorted(self.key, wanted[order])
            place = np.minimum(place, len(self.key) - 1)
            row = np.where((self.key[place] == wanted) & (wanted >= 0), place, -1)
        status = np.where(row >= 0, FOUND, UNKNOWN).astype(np.int8)
        status[wanted < 0] = MALFORMED
        status[pc.equal(compacted, "").to_numpy(zero_copy_only=False)] = BLANK
        status[off_grid & (wanted >= 0)] = NOT_ON_BRITISH_GRID
        return row, status

    def _frame(
        self, row: NDArray, status: NDArray, off_grid_code: NDArray, index: pd.Index
    ) -> pd.DataFrame:
        found, safe = row >= 0, np.maximum(row, 0)

        def take(column: NDArray, missing: int) -> NDArray:
            return np.where(found, column[safe], missing) if len(column) else row

        easting = take(self.easting, NO_COORDINATE).astype(np.float64)
        northing = take(self.northing, NO_COORDINATE).astype(np.float64)
        off_grid = status == NOT_ON_BRITISH_GRID
        nowhere = (easting < 0) | (northing < 0) | off_grid
        easting[nowhere], northing[nowhere] = np.nan, np.nan
        codes = np.array([*self.authority_codes, None], dtype=object)
        authority = codes[take(self.authority, NO_AUTHORITY)]
        unnamed = off_grid & pd.isna(authority)
        authority[unnamed] = off_grid_code[unnamed]
        ended = take(self.terminated, -1)
        return pd.DataFrame(
            {
                "easting": easting,
                "northing": northing,
                "authority": pd.array(authority, dtype="str"),
                "status": pd.array(np.array(STATUSES, dtype=object)[status], dtype="str"),
                "terminated": pd.arrays.BooleanArray(ended == 1, ended < 0),
            },
            index=index,
        )

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
