"""England's whole directory, where it is beside the checkout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from postcode_rows import look

from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import PostcodeDirectory


@pytest.fixture(scope="module")
def england(shared_dir: Path) -> PostcodeDirectory:
    return read_postcodes(shared_dir / "reference" / "postcodes_england.parquet")[0]


def test_known_places_in_england(england: PostcodeDirectory) -> None:
    found = look(england, "HR1 2AB", "B1 1AA", "S1 2HH", "S70 2DR", "CA3 8QG", "LA9 4DL",
                 "YO7 3AA", "TA1 1AA", "AL1 1AA", "BN1 1EE", "NG1 1AA")  # fmt: skip
    assert found["authority"].to_list() == [
        "E06000019", "E08000025", "E08000039", "E08000038", "E06000063", "E06000064",
        "E06000065", "E06000066", "E10000015", "E06000043", "E06000018",
    ]  # fmt: skip
    assert found["status"].eq("found").all()
    assert found.loc[0, ["easting", "northing"]].to_list() == [351018, 240012]


def test_every_postcode_of_england_is_in_an_authority_of_today(england) -> None:
    assert len(england) == 2_264_892
    assert len(england.authority_codes) == 153
    assert (england.authority >= 0).all()
    assert (np.diff(england.key) > 0).all()
    assert not {"E08000016", "E08000019"} & set(england.authority_codes)


def test_look_ups_equal_a_plain_merge(
    england: PostcodeDirectory, shared_dir: Path
) -> None:
    source = pd.read_parquet(shared_dir / "reference" / "postcodes_england.parquet")
    source = source.sample(5000, random_state=3)
    source["upper"] = (
        source["utla"].astype("str").replace({"E08000016": "E08000038", "E08000019": "E08000039"})
    )
    found = england.lookup(source["pcd"])
    assert found["easting"].eq(source["oseast1m"]).all()
    assert found["northing"].eq(source["osnrth1m"]).all()
    assert found["authority"].eq(source["upper"]).all()


def test_the_csv_and_the_parquet_agree(
    england: PostcodeDirectory, shared_dir: Path
) -> None:
    part, counts = read_postcodes(
        shared_dir / "reference" / "onspd_shape_three_authorities_25mi.csv.gz"
    )
    assert counts["rows"] == 362_590
    assert counts["malformed"] == 0
    english = np.array([c.startswith("E") for c in part.authority_codes])[part.authority]
    place = np.searchsorted(england.key, part.key[english])
    assert (england.key[place] == part.key[english]).all()
    assert (england.easting[place] == part.easting[english]).all()
    codes = np.array(england.authority_codes)[england.authority[place]]
    assert (codes == np.array(part.authority_codes)[part.authority[english]]).all()
