"""Local inputs on the map: where each row with a postcode is."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from sufficiency_lib.intake.postcodes import PostcodeDirectory


def located(
    rows: pd.DataFrame,
    postcodes: PostcodeDirectory,
    *,
    fallback: Literal["none", "sector", "outward"] = "none",
) -> pd.DataFrame:
    """The rows of a local input with the place of their postcode.

    rows      postcode (blank: not known), and authority where the input has it
    fallback  see `PostcodeDirectory.lookup`
    returns   the rows with easting and northing in metres (NaN where the postcode is not
              known: Ofsted withholds those of children's homes) and authority: as the row
              says, or else that of the postcode
    """
    found = postcodes.lookup(rows["postcode"], fallback)
    authority = found["authority"].astype(object)
    if "authority" in rows:
        authority = rows["authority"].astype(object).where(rows["authority"].notna(), authority)
    return rows.assign(
        easting=found["easting"], northing=found["northing"],
        authority=authority.where(authority.notna(), None),
    )
