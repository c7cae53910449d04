"""Postcode areas (the letters a postcode starts with) that say a country by themselves.

Northern Ireland has the Irish grid; the Channel Islands and the Isle of Man have none in
the directories. An England-only directory has no Welsh or Scottish postcodes, and the areas
below lie wholly in one country, so that a placement there is seen to be outside England.
"""

from __future__ import annotations

import re
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# Areas without one English postcode in the ONS Postcode Directory of November 2025, which a
# test counts again. Those that straddle a border are left out: CH HR LD LL NP SY in Wales
# (LL and LD by a few dozen postcodes), DG TD in Scotland.
WELSH = ("CF", "SA")
SCOTTISH = (
    "AB", "DD", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE",
)  # fmt: skip

# ONS gives each country an area code of its own for what has no authority.
AREA_CODES: MappingProxyType[str, str] = MappingProxyType(
    {"BT": "N99999999", "GY": "L99999999", "JE": "L99999999", "IM": "M99999999"}
    | dict.fromkeys(WELSH, "W99999999")
    | dict.fromkeys(SCOTTISH, "S99999999")
)
COUNTRIES = ("N99999999", "L99999999", "M99999999", "W99999999", "S99999999")
COUNTRIES_OFF_THE_GRID = 3
_HEAD = re.compile(r"([A-Z]{1,2})[0-9]")


def country_of_area(compacted: pa.Array) -> NDArray[np.int8]:
    """The country that each postcode's area says, as a position in :data:`COUNTRIES`.

    Parameters
    ----------
    compacted: upper case without white space.

    Returns
    -------
    -1 where the area says none (England, the areas across a border, no postcode); positions
    below :data:`COUNTRIES_OFF_THE_GRID` have no place on the British grid.

    >>> country_of_area(pa.array(["BT11AA", "CF101AA", "G11AA", "GL11AA", "HR12AB", ""])).tolist()
    [0, 3, 4, -1, -1, -1]
    """
    # Few distinct starts, whatever the number of postcodes.
    heads = pc.utf8_slice_codeunits(compacted, 0, 3).dictionary_encode()
    known = np.array([_country(head) for head in heads.dictionary.to_pylist()] + [-1], np.int8)
    return known[pc.fill_null(heads.indices, len(known) - 1).to_numpy(zero_copy_only=False)]


def _country(head: str) -> int:
    area = _HEAD.match(head)
    code = AREA_CODES.get(area[1]) if area else None
    return COUNTRIES.index(code) if code else -1
