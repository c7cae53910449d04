"""What a look-up says beyond found: countries, fallbacks asked for, and the rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sufficiency_lib.intake.postcode_areas import SCOTTISH, WELSH, country_of_area
from sufficiency_lib.intake.postcode_quality import KINDS, postcode_quality
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import PostcodeDirectory

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"

# Sector HR1 2 is in Herefordshire but for one; HR1 3 has one without a grid reference; HR2 is
# one terminated postcode; AA9A tells apart sectors of letters.
ENGLISH = """\
pcds,doterm,oslaua,oseast1m,osnrth1m,osgrdind
HR1 2AB,,E06000019,351000,240000,1
HR1 2AD,,E06000019,351001,240000,1
HR1 2AZ,,E06000051,351004,240008,1
HR1 3AA,,E06000019,355000,244000,1
HR1 3AB,,E06000019,,,9
HR2 6AA,200001,E06000019,340000,230000,8
B1 1AA,,E08000025,406000,286000,1
"""
WELSH_ROW = "CF10 1AA,,W06000015,318000,176000,1\n"


def read(folder: Path, text: str) -> PostcodeDirectory:
    (folder / "directory.csv").write_text(text, encoding="utf-8")
    return read_postcodes(folder / "directory.csv")[0]


@pytest.fixture
def english(tmp_path: Path) -> PostcodeDirectory:
    return read(tmp_path, ENGLISH)


def look(directory: PostcodeDirectory, *postcodes: str | None, **options) -> pd.DataFrame:
    return directory.lookup(pd.Series(postcodes, dtype="object"), **options)


# -- countries -------------------------------------------------------------------------------


def test_an_england_only_directory_knows_wales_and_scotland_by_their_areas(english) -> None:
    found = look(english, "CF10 1AA", "sa1 1aa", "EH1 1AA", "G1 1AA", "GL1 1AA", "SY1 1AA")
    assert found["status"].to_list() == ["outside_england"] * 4 + ["unknown"] * 2
    assert found["authority"].fillna("-").to_list() == [
        "W99999999", "W99999999", "S99999999", "S99999999", "-", "-",
    ]  # fmt: skip
    assert found[["easting", "northing"]].isna().all(axis=None)


def test_a_directory_with_wales_in_it_knows_what_it_does_not_have(tmp_path: Path) -> None:
    directory = read(tmp_path, ENGLISH + WELSH_ROW)
    found = look(directory, "CF10 1AA", "CF10 9ZZ", "EH1 1AA")
    assert found["status"].to_list() == ["found", "unknown", "outside_england"]
    # An unknown postcode of Cardiff is in Wales all the same.
    assert found["authority"].to_list() == ["W06000015", "W99999999", "S99999999"]


def test_what_is_no_postcode_is_in_no_country(english) -> None:
    found = look(english, "CF10", "BT", "JE nonsense", None)
    assert found["status"].to_list() == ["malformed", "malformed", "malformed", "blank"]
    assert found["authority"].isna().all()


def test_each_area_is_a_letter_or_two_before_a_digit() -> None:
    texts = pa.array(["G11AA", "GY11AA", "GU11AA", "E11AA", "EH11AA", "EX11AA", None, "É1"])
    assert country_of_area(texts).tolist() == [4, 1, -1, -1, 4, -1, -1, -1]


def test_the_areas_have_no_english_postcode() -> None:
    source = SHARED / "postcodes_england.parquet"
    if not source.is_file():
        pytest.skip("the shared postcode directory is not beside this checkout")
    postcodes = pd.read_parquet(source, columns=["pcd"])["pcd"]
    areas = {start.rstrip("0123456789") for start in postcodes.str[:2].unique()}
    assert not areas & {*WELSH, *SCOTTISH}
    # The ones that straddle a border, by one English postcode or many, are not in the lists.
    assert {"CH", "SY", "HR", "NP", "LL", "LD", "TD", "DG"} <= areas


# -- fallbacks -------------------------------------------------------------------------------


def test_nothing_stands_in_unless_asked_for(english) -> None:
    found = look(english, "HR1 2ZZ")
    assert found["status"].to_list() == ["unknown"]
    assert found["easting"].isna().all()


def test_a_sector_is_the_mean_of_its_postcodes_and_their_commonest_authority(english) -> None:
    found = look(english, "HR1 2ZZ", "HR1 3ZZ", "HR1 4AA", "HR1 2AB", fallback="sector")
    assert found["status"].to_list() == ["sector", "sector", "unknown", "found"]
    # (351000 + 351001 + 351004) / 3 = 351001.67; (240000 + 240000 + 240008) / 3 = 240002.67
    assert found["easting"].fillna(0).to_list() == [351002, 355000, 0, 351000]
    assert found["northing"].fillna(0).to_list() == [240003, 244000, 0, 240000]
    assert found["authority"].fillna("-").to_list() == ["E06000019", "E06000019", "-", "E06000019"]
    assert found["terminated"].isna().to_list() == [True, True, True, False]


def test_an_outward_code_comes_after_the_sector(english) -> None:
    found = look(english, "HR1 2ZZ", "HR1 4AA", "HR2 0AA", "HR10 1AA", "B1 9ZZ", "B11 1AA",
                 fallback="outward")  # fmt: skip
    assert found["status"].to_list() == [
        "sector", "outward", "outward", "unknown", "outward", "unknown",
    ]  # fmt: skip
    # HR1: (351000 + 351001 + 351004 + 355000) / 4 = 352001.25; (…00 + …00 + …08 + 4000) / 4
    assert found.loc[1, ["easting", "northing"]].to_list() == [352001, 241002]
    assert found.loc[2, ["easting", "northing"]].to_list() == [340000, 230000]
    assert found.loc[4, "authority"] == "E08000025"


def test_a_fallback_leaves_what_is_not_unknown(english) -> None:
    asked = ["HR1 3AB", "BT1 1AA", "CF10 1AA", "", None, "nonsense"]
    plain, filled = look(english, *asked), look(english, *asked, fallback="outward")
    pd.testing.assert_frame_equal(plain, filled)
    # In the directory without a grid reference: found, and its place is not made up.
    assert plain.loc[0, "status"] == "found" and np.isnan(plain.loc[0, "easting"])


# -- rates -----------------------------------------------------------------------------------


def test_every_postcode_looked_up_is_counted_once(english) -> None:
    asked = ["HR1 2AB", "HR2 6AA", "HR1 3AB", "HR9 9ZZ", "HR1 2ZZ", "CF1 1AA", "BT1 1AA", "x",
             None, " "]  # fmt: skip
    quality = postcode_quality(look(english, *asked, fallback="sector")).set_index("kind")
    assert list(quality.index) == list(KINDS)
    assert quality["postcodes"].to_dict() == {
        "found": 1, "terminated": 1, "without_grid_reference": 1, "blank": 2, "unknown": 1,
        "not_on_british_grid": 1, "malformed": 1, "outside_england": 1, "sector": 1, "outward": 0,
    }  # fmt: skip
    assert quality.loc["unknown", ["rate_pct", "rate_of_given_pct"]].to_list() == [10.0, 12.5]
    assert quality.loc["blank", "rate_pct"] == 20.0
    assert np.isnan(quality.loc["blank", "rate_of_given_pct"])


def test_no_postcodes_have_no_rate(english) -> None:
    none = postcode_quality(english.lookup(pd.Series([], dtype="str")))
    assert (none["postcodes"] == 0).all() and none["rate_pct"].isna().all()
    blank = postcode_quality(look(english, None)).set_index("kind")
    assert blank.loc["blank", "rate_pct"] == 100.0
    assert blank["rate_of_given_pct"].isna().all()
