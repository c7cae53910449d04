"""Where the rows of a local input are: by postcode, and near it where the profile asks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from sufficiency_lib.cleaning.located import located
from sufficiency_lib.intake.postcodes import PostcodeDirectory, pack

HERE = "E06000019"
DIRECTORY = PostcodeDirectory(
    key=pack(pa.array(["HR12AB"])), easting=np.array([351_000], "int32"),
    northing=np.array([240_000], "int32"), authority=np.array([0], "int16"),
    terminated=np.array([0], "int8"), authority_codes=(HERE,),
)
ROWS = pd.DataFrame({"postcode": ["HR1 2AB", "HR1 2ZZ", None]}, index=[3, 5, 9], dtype=object)


def test_a_postcode_is_a_place_and_one_that_is_not_known_is_none() -> None:
    found = located(ROWS, DIRECTORY)
    assert found["easting"].fillna(-1).to_dict() == {3: 351_000, 5: -1, 9: -1}
    assert found["northing"].fillna(-1).to_dict() == {3: 240_000, 5: -1, 9: -1}
    assert found["authority"].tolist() == [HERE, None, None]


def test_the_middle_of_the_sector_stands_for_a_postcode_where_the_profile_asks() -> None:
    found = located(ROWS, DIRECTORY, fallback="sector")
    assert found[["easting", "northing"]].fillna(-1).to_numpy().tolist() == [
        [351_000, 240_000], [351_000, 240_000], [-1, -1]]
