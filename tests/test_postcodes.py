"""Postcodes: their forms, look-ups, and every shape of directory file."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake import archives
from sufficiency_lib.intake.postcode_files import recognise
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import (
    PostcodeDirectory,
    compact,
    normalise_postcode,
    pack,
)

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"

# The columns of the ONS Postcode Directory until 2024, and since; the places are made up.
OLD_HEADER = "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,usertype,oseast1m,osnrth1m,osgrdind,ctry"
OLD_ROWS = """\
"HR1 2AB","HR1  2AB","HR1 2AB",198001,,E99999999,E06000019,0,0351018,0240012,1,E92000001
"S1  2HH","S1   2HH","S1 2HH",198001,,E99999999,E08000019,0,0435359,0387191,1,E92000001
"S70 2DR","S70  2DR","S70 2DR",198001,,E99999999,E08000016,0,0434207,0406483,1,E92000001
"AL1 1AA","AL1  1AA","AL1 1AA",198001,199612,E10000015,E07000100,0,0514600,0206900,8,E92000001
"LA9 4DL","LA9  4DL","LA9 4DL",198001,,E10000006,E07000031,0,0351505,0492629,1,E92000001
"NP251AA","NP25 1AA","NP25 1AA",198001,,W99999999,W06000021,0,0350000,0213000,1,W92000004
"EH1 1AA","EH1  1AA","EH1 1AA",198001,,S99999999,S12000036,0,0325900,0673900,1,S92000003
"BT1 1AA","BT1  1AA","BT1 1AA",198001,,N99999999,N09000003,0,0146600,0530600,1,N92000002
"JE2 3AB","JE2  3AB","JE2 3AB",198001,,L99999999,L99999999,0,,,9,L93000001
"IM1 1AA","IM1  1AA","IM1 1AA",198001,,M99999999,M99999999,0,,,9,M83000003
"HR1 9ZZ","HR1  9ZZ","HR1 9ZZ",198001,,E99999999,E06000019,1,,,9,E92000001
"""
NEW_HEADER = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,lad25cd,ctry25cd"
)
NEW_ROWS = """\
HR1 2AB,HR1  2AB,HR1 2AB,198001,,0,351018,240012,1,E00000001,E99999999,E06000019,E92000001
NG1522X,NG15 22X,NG152 2X,198001,,0,351018,240012,1,E00000001,E99999999,E06000019,E92000001
"""


def text(header: str = OLD_HEADER, rows: str = OLD_ROWS) -> str:
    return f"{header}\n{rows}"


def write(folder: Path, content: str | bytes, name: str = "any name.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(folder: Path, members: dict[str, str], name: str = "download.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


@pytest.fixture
def directory(tmp_path: Path) -> PostcodeDirectory:
    return read_postcodes(write(tmp_path, text()))[0]


@pytest.fixture(scope="module")
def england() -> PostcodeDirectory:
    if not (SHARED / "postcodes_england.parquet").is_file():
        pytest.skip("the shared postcode directory is not beside this checkout")
    return read_postcodes(SHARED / "postcodes_england.parquet")[0]


def look(directory: PostcodeDirectory, *postcodes: str | None) -> pd.DataFrame:
    return directory.lookup(pd.Series(postcodes, dtype="object"))


# -- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HR1 2AB", "HR1 2AB"),
        (" hr12ab", "HR1 2AB"),
        ("HR1  2AB", "HR1 2AB"),
        ("H R 1 2 A B", "HR1 2AB"),
        ("HR1\u00a02AB\t", "HR1 2AB"),
        ("B1   1AA", "B1 1AA"),
        ("SW1A1AA", "SW1A 1AA"),
        ("not one", "NOTONE"),
    ],
)
def test_one_form(written: str, normal: str) -> None:
    assert normalise_postcode(pd.Series([written])).to_list() == [normal]


def test_blank_is_missing_and_the_index_is_kept() -> None:
    result = normalise_postcode(pd.Series(["", "  ", None, "b11aa"], index=[9, 7, 5, 3]))
    assert result.isna().to_list() == [True, True, True, False]
    assert result.index.to_list() == [9, 7, 5, 3]


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


# -- look-ups --------------------------------------------------------------------------------


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


# -- files -----------------------------------------------------------------------------------


def test_counts(tmp_path: Path) -> None:
    _, counts = read_postcodes(write(tmp_path, text()))
    assert counts == {
        "rows": 11, "postcodes": 11, "malformed": 0, "duplicates": 0,
        "without_grid_reference": 4, "off_grid": 0, "without_authority": 0,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["bom", "crlf", "gzip", "zip", "padded header", "parquet"])
def test_one_directory_in_many_wrappings(tmp_path: Path, directory, form: str) -> None:
    plain = text()
    if form == "bom":
        path = write(tmp_path, b"\xef\xbb\xbf" + plain.encode())
    elif form == "crlf":
        path = write(tmp_path, plain.replace("\n", "\r\n"))
    elif form == "gzip":
        path = write(tmp_path, gzip.compress(plain.encode()))
    elif form == "zip":
        lookups = {"Documents/LA names.csv": "LAD23CD,LAD23NM\nE06000019,Herefordshire\n"}
        copies = {"Data/multi_csv/ONSPD_HR.csv": plain[:600], "Data/ONSPD_NOV.csv": plain}
        path = zipped(tmp_path, lookups | copies)
    elif form == "padded header":
        path = write(tmp_path, text(OLD_HEADER.upper().replace(",", " , ")))
    else:
        path = tmp_path / "directory.parquet"
        pd.read_csv(io.StringIO(plain), dtype=str).to_parquet(path)
    found = read_postcodes(path)[0]
    for column in ("key", "easting", "northing", "authority", "terminated"):
        assert (getattr(found, column) == getattr(directory, column)).all(), column
    assert found.authority_codes == directory.authority_codes


def test_columns_since_2025_and_a_stray_row(tmp_path: Path) -> None:
    rows = NEW_ROWS + "".join(
        f"AA{n // 10} {n % 10}AA,,AA{n // 10} {n % 10}AA,,,0,351018,240012,1,,,E06000019,\n"
        for n in range(100)
    )
    directory, counts = read_postcodes(write(tmp_path, text(NEW_HEADER, rows)))
    assert counts["malformed"] == 1
    assert look(directory, "HR1 2AB")["authority"].to_list() == ["E06000019"]
    # Nothing is marked as ended, so nothing is known about what is live.
    assert look(directory, "HR1 2AB")["terminated"].isna().all()


def test_code_point_open_as_downloaded(tmp_path: Path) -> None:
    rows = '"{}",10,351018,240012,"E92000001","E19000001","E18000010","{}","{}","E05009458"\n'
    path = zipped(
        tmp_path,
        {
            "Doc/metadata.txt": "ORDNANCE SURVEY",
            "Data/CSV/hr.csv": rows.format("HR1 2AB", "", "E06000019") * 3,
            "Data/CSV/ng.csv": rows.format("NG153FH", "E10000024", "E07000170"),
        },
    )
    directory, counts = read_postcodes(path)
    found = look(directory, "HR1 2AB", "NG15 3FH")
    assert found["authority"].to_list() == ["E06000019", "E10000024"]
    assert counts["rows"] == 4
    assert counts["duplicates"] == 2


CODE_POINT_HEADERS = (
    "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nPostcode,Positional_quality_indicator,Eastings,Northings,"
    "Country_code,NHS_regional_HA_code,NHS_HA_code,Admin_county_code,Admin_district_code,"
    "Admin_ward_code\n"
)


def test_code_point_open_with_its_documents(tmp_path: Path) -> None:
    row = '"{}",{},{},{},"{}","","","{}","{}",""\n'
    path = zipped(
        tmp_path,
        {
            "Doc/Code-Point_Open_Column_Headers.csv": CODE_POINT_HEADERS,
            "Doc/Codelist.csv": "E06000019,Herefordshire\n",
            "Data/CSV/al.csv": row.format(
                "AL1 1AA", 10, 514600, 206900, "E92000001", "E10000015", "E07000240"
            ),
            # Quality 90: no coordinates, written as nought.
            "Data/CSV/hr.csv": row.format("HR1 9ZZ", 90, 0, 0, "E92000001", "", "E06000019"),
            "Data/CSV/cf.csv": row.format(
                "CF101AA", 10, 318000, 176000, "W92000004", "", "W06000015"
            ),
            "Data/CSV/eh.csv": row.format(
                "EH1 1AA", 10, 325900, 673900, "S92000003", "", "S12000036"
            ),
        },
    )
    directory, counts = read_postcodes(path)
    assert counts["rows"] == 4 and counts["without_grid_reference"] == 1
    found = look(directory, "AL1 1AA", "HR1 9ZZ", "CF10 1AA", "EH1 1AA")
    assert found["authority"].to_list() == ["E10000015", "E06000019", "W06000015", "S12000036"]
    assert found["easting"].fillna(0).to_list() == [514600, 0, 318000, 325900]
    # It lists live postcodes only, and says so nowhere.
    assert found["terminated"].isna().all()


@pytest.mark.parametrize("header", ["headed", "bare"])
def test_one_file_of_code_point_open(tmp_path: Path, header: str) -> None:
    row = '"HR1 2AB",10,351018,240012,"E92000001","","","","E06000019",""\n'
    head = CODE_POINT_HEADERS.splitlines()[1] + "\n" if header == "headed" else ""
    directory, counts = read_postcodes(write(tmp_path, head + row, "hr.csv"))
    assert counts["rows"] == 1
    assert look(directory, "HR1 2AB")["authority"].to_list() == ["E06000019"]


NSPL_HEADER = (
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa21,cty,ced,laua,ward,ctry"
)
NSPL_ROWS = """\
"HR1 2AB","HR1  2AB","HR1 2AB",198001,,0,351018,240012,1,E00,E99999999,E99999999,E06000019,E05,E92
"LA9 4DL","LA9  4DL","LA9 4DL",198001,199612,0,351505,492629,1,E00,E10000006,E58,E07000031,E05,E92
"""


def test_the_national_statistics_postcode_lookup_as_downloaded(tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        {
            "Data/NSPL_NOV_2022_UK.csv": text(NSPL_HEADER, NSPL_ROWS),
            "Data/multi_csv/NSPL_NOV_2022_UK_HR.csv": text(NSPL_HEADER, NSPL_ROWS[:101]),
            "Documents/LA_UA names and codes UK.csv": "LAD22CD,LAD22NM\nE06000019,x\n",
            "User Guide/NSPL User Guide.pdf": "%PDF",
        },
    )
    directory, counts = read_postcodes(path)
    assert counts["rows"] == 2
    found = look(directory, "HR1 2AB", "LA9 4DL")
    assert found["authority"].to_list() == ["E06000019", "E06000064"]
    assert found["terminated"].to_list() == [False, True]


def test_a_live_postcode_is_kept_before_a_terminated_one(tmp_path: Path) -> None:
    row = '"HR1 2AB",,"HR1 2AB",198001,{},E99999999,E06000019,0,{},240012,1,E92000001\n'
    rows = row.format("200001", 111111) + row.format("", 222222)
    directory, counts = read_postcodes(write(tmp_path, text(rows=rows)))
    assert directory.easting.tolist() == [222222]
    assert counts["duplicates"] == 1


def test_columns_are_found_in_any_case() -> None:
    assert recognise(["PCD", "OSEAST1M"]).found == {"postcode": "PCD", "easting": "OSEAST1M"}
    assert recognise(["ctyua23cd", "lad23cd"]).found["upper_tier"] == "ctyua23cd"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("pcds,osnrth1m,oslaua\nHR1 2AB,1,E06000019\n", ["no easting column", "osnrth1m"]),
        ("pcds,oseast1m,osnrth1m\nHR1 2AB,1,2\n", ["no district or county code column"]),
        ("", ["no postcode or easting or northing column"]),
        (text(rows=""), ["has a header but no rows"]),
        (
            text(rows=OLD_ROWS.replace("0435359", "43 53")),
            ["dir.csv, row 3, column oseast1m: '43 53' is not a number", "metres"],
        ),
        (
            text(rows=OLD_ROWS.replace("0351018", "9351018")),
            ["dir.csv, row 2, column oseast1m: '9351018'", "British National Grid"],
        ),
        (
            text(rows=OLD_ROWS.replace('"S1 2HH"', '"Sheffield"')),
            ["dir.csv, row 3, column pcds: 'Sheffield'", "a postcode such as HR1 2AB"],
        ),
        (text() + "too,few\n", ["cannot be read as a csv file"]),
    ],
)
def test_errors_say_where_and_what_was_expected(tmp_path: Path, content, says) -> None:
    with pytest.raises(InputError) as error:
        read_postcodes(write(tmp_path, content, "dir.csv"))
    for words in says:
        assert words in str(error.value)
    assert str(tmp_path) not in str(error.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file absent\.csv"):
        read_postcodes(tmp_path / "absent.csv")


# -- hostile files ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../Data/x.csv", "/etc/x.csv", "C:/x.csv", "..\\x.csv"])
def test_a_zip_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="leads outside the archive"):
        read_postcodes(zipped(tmp_path, {name: text()}))


def test_a_zip_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = zipped(tmp_path, {"Data/x.csv": OLD_HEADER + "\n" + "0" * 40_000_000})
    with pytest.raises(InputError, match="would unpack from"):
        read_postcodes(bomb)


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unpacks to more than"):
        read_postcodes(
            write(tmp_path, gzip.compress(text(rows=OLD_ROWS * 20_000).encode()), "x.csv.gz")
        )


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(InputError, match="holds 3 files"):
        read_postcodes(zipped(tmp_path, {"a": "", "b": "", "c": ""}))


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_truncated_archives_are_refused(tmp_path: Path, cut: int) -> None:
    whole = zipped(tmp_path, {"Data/x.csv": text()}).read_bytes()
    with pytest.raises(InputError, match="zip file"):
        read_postcodes(write(tmp_path, whole[:-cut], "cut.zip"))
    packed = gzip.compress(text().encode())
    with pytest.raises(InputError, match=r"damaged|holds no|has no|header but no rows"):
        read_postcodes(write(tmp_path, packed[: -cut // 2], "cut.csv.gz"))


def test_a_zip_without_a_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no postcode directory"):
        read_postcodes(zipped(tmp_path, {"readme.csv": "a,b\n1,2\n"}))


# -- England's directory ---------------------------------------------------------------------


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


def test_look_ups_equal_a_plain_merge(england: PostcodeDirectory) -> None:
    source = pd.read_parquet(SHARED / "postcodes_england.parquet").sample(5000, random_state=3)
    source["upper"] = (
        source["utla"].astype("str").replace({"E08000016": "E08000038", "E08000019": "E08000039"})
    )
    found = england.lookup(source["pcd"])
    assert found["easting"].eq(source["oseast1m"]).all()
    assert found["northing"].eq(source["osnrth1m"]).all()
    assert found["authority"].eq(source["upper"]).all()


def test_the_csv_and_the_parquet_agree(england: PostcodeDirectory) -> None:
    part, counts = read_postcodes(SHARED / "onspd_shape_three_authorities_25mi.csv.gz")
    assert counts["rows"] == 362_590
    assert counts["malformed"] == 0
    english = np.array([c.startswith("E") for c in part.authority_codes])[part.authority]
    place = np.searchsorted(england.key, part.key[english])
    assert (england.key[place] == part.key[english]).all()
    assert (england.easting[place] == part.easting[english]).all()
    codes = np.array(england.authority_codes)[england.authority[place]]
    assert (codes == np.array(part.authority_codes)[part.authority[english]]).all()
