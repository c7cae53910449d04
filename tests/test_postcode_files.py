"""Every shape of postcode directory file, damaged and hostile ones too."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pandas as pd
import pytest
from postcode_rows import NEW_HEADER, NEW_ROWS, OLD_HEADER, OLD_ROWS, look, text, write, zipped

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake import archives
from sufficiency_lib.intake.postcode_files import recognise
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import PostcodeDirectory


@pytest.fixture
def directory(tmp_path: Path) -> PostcodeDirectory:
    return read_postcodes(write(tmp_path, text()))[0]


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
