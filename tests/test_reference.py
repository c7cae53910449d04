"""The reference store: built from published files, opened fast, the same bytes every time."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.intake.reference import (
    build_reference,
    find_raw_reference,
    is_reference_store,
    open_reference,
)

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"
POSTCODES = """\
pcds,doterm,oscty,oslaua,oseast1m,osnrth1m
HR1 2AB,,E99999999,E06000019,351018,240012
S1 2HH,,E99999999,E08000019,435359,387191
HR4 9ZZ,200001,E99999999,E06000019,350000,240000
"""
COMPARATOR = """\
time_period,geographic_level,new_la_code,number
2025,Local authority,E08000019,652
2025,Local authority,E06000019,c
"""
STATISTICS = "A title,,\ntime_period,la_name,number\n2025,Kent,c\n2025,Bury,12\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder of raw files: a directory, a part of it, outlines, statistics, a note."""
    folder = tmp_path / "raw"
    (folder / "Data").mkdir(parents=True)
    (folder / "Data" / "one.csv").write_text(POSTCODES, encoding="utf-8")
    (folder / "a part.csv").write_text(POSTCODES[: POSTCODES.index("S1")], encoding="utf-8")
    (folder / "numbers.csv").write_text(STATISTICS, encoding="utf-8")
    (folder / "note.txt").write_text("nothing", encoding="utf-8")
    outlines = [box(340_000, 230_000, 360_000, 250_000), box(430_000, 380_000, 440_000, 390_000)]
    frame = gpd.GeoDataFrame(
        {"CTYUA24CD": ["E06000019", "E08000019"], "CTYUA24NM": ["Herefordshire", "Sheffield"]},
        geometry=outlines,
        crs="EPSG:27700",
    )
    frame.to_file(folder / "outlines.gpkg")
    return folder


def build(raw: Path, to: Path, **extra):
    options = {"postcodes": raw / "Data" / "one.csv", "boundaries": raw / "outlines.gpkg"}
    return build_reference(to, **(options | extra))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_round_trip(raw: Path, tmp_path: Path) -> None:
    built = build(raw, tmp_path / "store", statistics=[raw / "numbers.csv"], release="May 2025")
    opened = open_reference(tmp_path / "store")
    assert is_reference_store(tmp_path / "store")
    assert opened.fingerprint == built.fingerprint
    found = opened.postcodes.lookup(pd.Series(["hr12ab", "S1 2HH", "HR4 9ZZ"]))
    assert found["authority"].to_list() == ["E06000019", "E08000039", "E06000019"]
    assert found["terminated"].to_list() == [False, False, True]
    assert opened.boundaries["code"].to_list() == ["E06000019", "E08000039"]
    assert opened.boundaries.crs == "EPSG:27700"
    assert opened.outline("E06000019").area == 4e8
    assert len(opened.authorities) == 153
    assert opened.statistics["numbers"]["number"].to_list() == ["c", "12"]


def test_provenance_has_names_digests_and_rows_but_no_path(raw: Path, tmp_path: Path) -> None:
    build(raw, tmp_path / "store", release="May 2025")
    text = (tmp_path / "store" / "provenance.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    provenance = json.loads(text)
    assert provenance["release"] == "May 2025"
    postcodes, boundaries = provenance["sources"]
    assert (postcodes["kind"], postcodes["file"], postcodes["rows"]) == ("postcodes", "one.csv", 3)
    assert (boundaries["file"], boundaries["authorities"]) == ("outlines.gpkg", 2)
    assert len(postcodes["sha256"]) == 64


def test_the_same_inputs_give_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(raw, tmp_path / name, statistics=[raw / "numbers.csv"], release="x")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    other = build(raw, tmp_path / "three", statistics=[raw / "numbers.csv"], release="y")
    assert other.fingerprint != open_reference(tmp_path / "one").fingerprint


def test_a_store_is_replaced_whole_and_nothing_is_left_beside_it(raw, tmp_path: Path) -> None:
    build(raw, tmp_path / "made" / "store", statistics=[raw / "numbers.csv"])
    build(raw, tmp_path / "made" / "store", boundaries=None)
    opened = open_reference(tmp_path / "made" / "store")
    assert opened.statistics == {}
    assert len(opened.boundaries) == 0
    assert list(opened.boundaries.columns) == ["code", "name", "geometry"]
    assert [p.name for p in (tmp_path / "made").iterdir()] == ["store"]


def test_a_failure_leaves_the_older_store(raw: Path, tmp_path: Path) -> None:
    build(raw, tmp_path / "made" / "store")
    before = contents(tmp_path / "made")
    with pytest.raises(InputError):
        build(raw, tmp_path / "made" / "store", postcodes=raw / "numbers.csv")
    with pytest.raises(InputError):
        build(raw, tmp_path / "made" / "store", boundaries=raw / "note.txt")
    assert contents(tmp_path / "made") == before


def test_several_processes_may_build_one_store(raw: Path, tmp_path: Path) -> None:
    to = tmp_path / "made" / "store"
    with ThreadPoolExecutor(6) as pool:
        built = list(pool.map(lambda _: build(raw, to, release="x"), range(12)))
    assert len({store.fingerprint for store in built}) == 1
    assert [p.name for p in to.parent.iterdir()] == ["store"]


def test_an_unwritable_place_is_a_sentence(raw: Path, tmp_path: Path, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sufficiency_lib.intake.reference.write_store", full)
    with pytest.raises(ConfigurationError, match="could not be written .No space left"):
        build(raw, tmp_path / "store")


def test_an_open_directory_outlives_its_store(raw: Path, tmp_path: Path) -> None:
    first = build(raw, tmp_path / "store").postcodes
    build(raw, tmp_path / "store", boundaries=None)
    assert first.lookup(pd.Series(["HR1 2AB"]))["easting"].to_list() == [351018]


def test_other_folders_are_left_alone(raw: Path, tmp_path: Path) -> None:
    before = contents(raw)
    with pytest.raises(ConfigurationError, match="holds other files and was left alone"):
        build(raw, raw)
    assert contents(raw) == before
    with pytest.raises(ConfigurationError, match="is a file"):
        build(raw, raw / "note.txt")


def test_a_missing_outline_says_what_to_do(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no outline for E06000018.*--boundaries"):
        build(raw, tmp_path / "store").outline("E06000018")


def test_raw_files_are_found_by_their_columns(raw: Path) -> None:
    assert find_raw_reference(raw) == (raw / "Data" / "one.csv", raw / "outlines.gpkg")
    (raw / "outlines.gpkg").unlink()
    assert find_raw_reference(raw) == (raw / "Data" / "one.csv", None)


def test_opening_raw_files_says_how_to_build(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        open_reference(raw)
    assert "--postcodes one.csv --boundaries outlines.gpkg" in str(error.value)
    with pytest.raises(ConfigurationError, match="There is no reference store"):
        open_reference(tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match="neither a reference store nor a folder with"):
        open_reference(tmp_path / "empty")


@pytest.mark.parametrize("damage", ["{", "[]", '{"store_version": 99}'])
def test_damaged_and_later_stores_are_refused(raw: Path, tmp_path: Path, damage: str) -> None:
    build(raw, tmp_path / "store")
    (tmp_path / "store" / "provenance.json").write_text(damage, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="Build"):
        open_reference(tmp_path / "store")
    build(raw, tmp_path / "store")
    assert open_reference(tmp_path / "store").provenance["store_version"] == 2


def test_comparators_are_tidy_and_carry_their_release(raw: Path, tmp_path: Path) -> None:
    (raw / "cla.csv").write_text(COMPARATOR, encoding="utf-8")
    built = build(
        raw, tmp_path / "store", statistics=[raw / "cla.csv", raw / "numbers.csv"],
        release="ONSPD May 2025", releases={"cla.csv": "November 2025"},
    )  # fmt: skip
    assert list(built.statistics) == ["cla", "numbers"]
    cla = built.statistics["cla"]
    assert cla["authority"].to_list() == ["E08000039", "E06000019"]
    assert cla["value"].fillna(-1).to_list() == [652, -1]
    assert cla["symbol"].fillna("").to_list() == ["", "c"]
    assert built.release("cla") == "November 2025"
    assert built.release("numbers") == built.release("postcodes") == "ONSPD May 2025"
    assert built.release("boundaries") == "ONSPD May 2025" and built.release("no") is None
    told = built.provenance["sources"][2]
    assert (told["file"], told["rows"], told["tables"]) == ("cla.csv", 2, {"cla": 2})


def test_a_release_of_a_file_that_is_not_given(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'other.csv', which is none of the files"):
        build(raw, tmp_path / "store", releases={"other.csv": "x"})
    assert not (tmp_path / "store").exists()


def many_postcodes(folder: Path) -> Path:
    """100 postcodes of Herefordshire and 100 of Shropshire, a kilometre apart."""
    codes = ["E06000019", "E06000051"]
    lines = [
        f"HR{n // 100 + 1} {n % 10}{chr(65 + n // 10 % 10)}A,,{codes[n // 100]},"
        f"{340_000 + n // 10 * 1000},{240_000 + n % 10 * 1000}"
        for n in range(200)
    ]
    path = folder / "many.csv"
    path.write_text("pcds,doterm,oslaua,oseast1m,osnrth1m\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_without_a_boundary_file_outlines_are_built_from_the_postcodes(tmp_path: Path) -> None:
    path = many_postcodes(tmp_path)
    built = build_reference(tmp_path / "store", postcodes=path, boundaries=None, release="r")
    assert built.built_boundaries
    assert built.boundaries["code"].to_list() == ["E06000019", "E06000051"]
    assert built.boundaries["name"].to_list() == ["Herefordshire, County of", "Shropshire"]
    # Half way between the columns at 349 km and 350 km east.
    assert built.outline("E06000019").bounds[2] == 349_500
    assert built.provenance["sources"][1] == {
        "kind": "boundaries", "built_from": "many.csv", "rows": 2, "release": "r",
    }  # fmt: skip
    again = build_reference(tmp_path / "again", postcodes=path, boundaries=None, release="r")
    assert contents(built.path) == contents(again.path)


def test_an_authority_missing_from_the_boundary_file_is_built(raw: Path, tmp_path: Path) -> None:
    square = box(350_000, 240_000, 360_000, 250_000)
    outlines = gpd.GeoDataFrame({"code": ["E06000051"]}, geometry=[square], crs="EPSG:27700")
    outlines.to_file(tmp_path / "one.gpkg")
    built = build_reference(
        tmp_path / "store", postcodes=many_postcodes(tmp_path), boundaries=tmp_path / "one.gpkg"
    )
    assert not built.built_boundaries
    assert built.outline("E06000051").area == 1e8
    assert built.outline("E06000019").bounds[2] == 349_500


def test_two_statistics_of_one_name(raw: Path, tmp_path: Path) -> None:
    shutil.copy(raw / "numbers.csv", tmp_path / "numbers.csv")
    with pytest.raises(ConfigurationError, match="Two statistics files"):
        build(raw, tmp_path / "s", statistics=[raw / "numbers.csv", tmp_path / "numbers.csv"])


def test_the_shared_folder(tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared reference files are not beside this checkout")
    postcodes, boundaries = find_raw_reference(SHARED)
    assert postcodes.name == "postcodes_england.parquet"
    assert boundaries is not None
    assert boundaries.name == "utla_england_dec2024_bgc.gpkg"
    built = build_reference(
        tmp_path / "store",
        postcodes=postcodes,
        boundaries=boundaries,
        statistics=[SHARED / "ofsted_providers_at_31_march_2025.csv"],
    )
    assert len(built.postcodes) == 2_264_892
    assert len(built.boundaries) == 153
    # Three lines of explanation stand before Ofsted's column names.
    assert list(built.statistics["ofsted_providers_at_31_march_2025"].columns[:2]) == [
        "Web link", "URN",
    ]  # fmt: skip
