"""Postcodes: their forms, their keys, and look-ups."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from postcode_rows import look, text, write

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import (
    PostcodeDirectory,
    compact,
    pack,
)


@pytest.fixture
def directory(tmp_path: Path) -> PostcodeDirectory:
    return read_postcodes(write(tmp_path, text()))[0]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HR1 2AB", "HR12AB"),
        (" hr12ab", "HR12AB"),
        ("HR1  2AB", "HR12AB"),
        ("H R 1 2 A B", "HR12AB"),
        ("HR1\u00a02AB\t", "HR12AB"),
        ("B1   1AA", "B11AA"),
        ("SW1A1AA", "SW1A1AA"),
        ("not one", "NOTONE"),
        ("  ", ""),
        (None, None),
    ],
)
def test_one_form(written: str | None, normal: str | None) -> None:
    assert compact(pa.array([written])).to_pylist() == [normal]


def test_blank_is_said_and_the_index_is_kept(directory: PostcodeDirectory) -> None:
    written = pd.Series(["", "  ", None, "hr12ab"], index=[9, 7, 5, 3])
    found = directory.lookup(written)["status"]
    assert found.to_dict() == {9: "blank", 7: "blank", 5: "blank", 3: "found"}


@pytest.mark.parametrize("wrong", ["HR1", "HR1 2A", "HR12 2ABC", "1R1 2AB", "HR1 AAB", "ÉR1 2AB",
                                   "HR1-2AB", "ZZZZZ", "12345", "HR1 2AB HR1 2AB"])  # fmt: skip
def test_other_shapes_are_malformed(directory: PostcodeDirectory, wrong: str) -> None:
    assert look(directory, wrong)["status"].to_list() == ["malformed"]


LETTER = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGIT = st.sampled_from("0123456789")


@st.composite
def unit_postcodes(draw) -> str:
    shape = draw(st.sampled_from(["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"]))
    return "".join(draw(LETTER if kind == "A" else DIGIT) for kind in shape)


@given(st.sets(unit_postcodes(), min_size=1, max_size=50))
def test_keys_are_distinct_and_not_negative(postcodes: set[str]) -> None:
    keys = pack(pa.array(sorted(postcodes)))
    assert (keys >= 0).all()
    assert len(set(keys.tolist())) == len(postcodes)


@given(unit_postcodes(), st.lists(st.integers(0, 7), max_size=4))
def test_white_space_and_case_do_not_change_the_key(postcode: str, gaps: list[int]) -> None:
    spaced = postcode.lower()
    for gap in gaps:
        spaced = spaced[:gap] + " " + spaced[gap:]
    assert pack(compact(pa.array([spaced]))) == pack(pa.array([postcode]))


@given(st.text(max_size=10))
def test_any_text_has_a_status(value: str) -> None:
    empty = PostcodeDirectory(*(np.array([], dtype=t) for t in "q i i h b".split()), ())
    status = look(empty, value)["status"].to_list()
    assert status[0] in {"blank", "malformed", "unknown", "not_on_british_grid"}


def test_found_with_todays_authority(directory: PostcodeDirectory) -> None:
    found = look(directory, "HR1 2AB", "s12hh", "S70 2DR", "AL1 1AA", "LA9 4DL", "NP25 1AA")
    assert found["status"].eq("found").all()
    assert found["easting"].to_list() == [351018, 435359, 434207, 514600, 351505, 350000]
    assert found["northing"].to_list() == [240012, 387191, 406483, 206900, 492629, 213000]
    assert found["authority"].to_list() == [
        "E06000019", "E08000039", "E08000038", "E10000015", "E06000064", "W06000021",
    ]  # fmt: skip
    assert found["terminated"].to_list() == [False, False, False, True, False, False]


def test_off_the_british_grid(directory: PostcodeDirectory) -> None:
    off = look(directory, "BT1 1AA", "BT9 9ZZ", "JE2 3AB", "GY1 1AA", "IM1 1AA")
    assert off["status"].eq("not_on_british_grid").all()
    assert off[["easting", "northing"]].isna().all(axis=None)
    assert off["authority"].to_list() == [
        "N09000003", "N99999999", "L99999999", "L99999999", "M99999999",
    ]  # fmt: skip


def test_not_found(directory: PostcodeDirectory) -> None:
    missing = look(directory, "HR9 9ZZ", "", " ", None, "nonsense", "HR1 9ZZ")
    assert missing["status"].to_list() == [
        "unknown", "blank", "blank", "blank", "malformed", "found",
    ]  # fmt: skip
    # The last is listed without a grid reference: its authority is known, its place is not.
    assert missing[["easting", "northing"]].isna().all(axis=None)
    assert missing["authority"].fillna("-").to_list() == ["-"] * 5 + ["E06000019"]
    assert missing["terminated"].isna().to_list() == [True] * 5 + [False]


def test_index_and_repeats_are_kept(directory: PostcodeDirectory) -> None:
    asked = pd.Series(["HR1 2AB", None, "HR1 2AB"], index=[5, 5, 1], dtype="str")
    found = directory.lookup(asked)
    assert found.index.to_list() == [5, 5, 1]
    assert found["easting"].fillna(0).to_list() == [351018, 0, 351018]
    assert len(directory.lookup(pd.Series([], dtype="str"))) == 0
    assert directory.lookup(pd.Series([np.nan, np.nan]))["status"].eq("blank").all()


def test_a_written_directory_is_the_same_one(directory: PostcodeDirectory, tmp_path: Path) -> None:
    directory.write(tmp_path / "one.arrow")
    opened = PostcodeDirectory.open(tmp_path / "one.arrow")
    asked = pd.Series(["HR1 2AB", "BT1 1AA", "AL1 1AA", "ZZ1 1ZZ"])
    pd.testing.assert_frame_equal(opened.lookup(asked), directory.lookup(asked))
    opened.write(tmp_path / "two.arrow")
    assert (tmp_path / "one.arrow").read_bytes() == (tmp_path / "two.arrow").read_bytes()


def test_a_damaged_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a readable postcode directory"):
        PostcodeDirectory.open(write(tmp_path, b"ARROW1\0\0nonsense"))
