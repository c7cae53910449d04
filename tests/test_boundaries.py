"""Outlines: recognised by their columns, on the British National Grid, one an authority."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.boundaries import is_boundary_file, read_boundaries
from sufficiency_lib.intake.postcode_reading import read_postcodes

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"
GRID = "EPSG:27700"


def squares(columns: dict[str, list], *, crs: str | None = GRID) -> gpd.GeoDataFrame:
    """One 10 km square a row, side by side, from 350 km east and 200 km north."""
    rows = len(next(iter(columns.values())))
    outlines = [
        box(350_000 + 10_000 * i, 200_000, 360_000 + 10_000 * i, 210_000) for i in range(rows)
    ]
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=crs)


def saved(folder: Path, frame: gpd.GeoDataFrame, name: str = "anything.gpkg") -> Path:
    path = folder / name
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.parquet"])
@pytest.mark.parametrize("column", ["CTYUA24CD", "code", "lad23cd", "area_code"])
def test_recognised_by_columns_in_every_format(tmp_path: Path, name: str, column: str) -> None:
    frame = squares({column: ["E06000019", "E08000016"], "CTYUA24NM": ["H", "B"]})
    found, counts = read_boundaries(saved(tmp_path, frame, name))
    assert list(found.columns) == ["code", "name", "geometry"]
    assert found["code"].to_list() == ["E06000019", "E08000038"]
    assert found["name"].to_list() == ["Herefordshire, County of", "Barnsley"]
    assert found.crs == GRID
    assert found.area.round().to_list() == [1e8, 1e8]
    assert counts == {"rows": 2, "authorities": 2, "outside_england": 0, "without_code": 0}


def test_districts_are_dissolved_and_other_nations_left_out(tmp_path: Path) -> None:
    codes = ["E07000170", "E07000171", "E06000018", "W06000023", "S12000036", None]
    frame = squares({"LAD24CD": codes + ["E07000028"] * 5, "LAD24NM": list("abcdefghijk")})
    found, counts = read_boundaries(saved(tmp_path, frame))
    assert found["code"].to_list() == ["E06000018", "E06000063", "E10000024"]
    assert found["name"].to_list() == ["Nottingham", "Cumberland", "Nottinghamshire"]
    assert found.area.round().to_list() == [1e8, 5e8, 2e8]
    assert found.geom_type.to_list() == ["Polygon"] * 3
    assert counts == {"rows": 11, "authorities": 3, "outside_england": 2, "without_code": 1}


def test_a_county_that_was_split_keeps_its_own_code_and_name(tmp_path: Path) -> None:
    frame = squares({"CTYUA21CD": ["E10000006"], "CTYUA21NM": ["Cumbria"]})
    found, _ = read_boundaries(saved(tmp_path, frame))
    assert found[["code", "name"]].to_numpy().tolist() == [["E10000006", "Cumbria"]]


def test_degrees_are_put_on_the_grid(tmp_path: Path) -> None:
    frame = squares({"CTYUA24CD": ["E06000019"]})
    path = saved(tmp_path, frame.to_crs("EPSG:4326"), "a.geojson")
    found, _ = read_boundaries(path)
    assert found.crs == GRID
    apart = np.abs(np.array(found.total_bounds) - np.array(frame.total_bounds))
    assert apart.max() < 1


def test_geojson_in_metres_that_does_not_say_so(tmp_path: Path) -> None:
    frame = squares({"CTYUA24CD": ["E06000019"]})
    path = tmp_path / "a.geojson"
    path.write_text(frame.set_crs(None, allow_override=True).to_json(), encoding="utf-8")
    found, _ = read_boundaries(path)
    assert found.crs == GRID
    assert found.total_bounds.tolist() == [350_000, 200_000, 360_000, 210_000]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_shapefile_without_its_projection(tmp_path: Path) -> None:
    metres = saved(tmp_path, squares({"code": ["E06000019"]}, crs=None), "metres.shp")
    assert read_boundaries(metres)[0].crs == GRID
    degrees = squares({"code": ["E06000019"]}).to_crs("EPSG:4326")
    path = saved(tmp_path, degrees.set_crs(None, allow_override=True), "degrees.shp")
    with pytest.raises(InputError, match="does not say its coordinate reference system"):
        read_boundaries(path)


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    saved(tmp_path, squares({"code": ["E06000019"]}), "a.shp")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in ("shp", "shx", "dbf", "prj"):
            archive.write(tmp_path / f"a.{part}", f"folder/a.{part}")
    assert read_boundaries(path)[0]["code"].to_list() == ["E06000019"]


def test_a_broken_outline_is_repaired(tmp_path: Path) -> None:
    bow_tie = Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    frame = gpd.GeoDataFrame({"code": ["E06000019"]}, geometry=[bow_tie], crs=GRID)
    found, _ = read_boundaries(saved(tmp_path, frame))
    assert found.is_valid.all()
    assert found.area.to_list() == [500_000]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (squares({"name": ["Herefordshire"]}), "no column of ONS area codes"),
        (squares({"code": ["W06000023"]}), "no row has the code of an English authority"),
        (
            gpd.GeoDataFrame({"code": ["E06000019"]}, geometry=[Point(1, 1)], crs=GRID),
            "holds no polygons",
        ),
    ],
)
def test_files_of_something_else(tmp_path: Path, frame: gpd.GeoDataFrame, says: str) -> None:
    path = saved(tmp_path, frame)
    with pytest.raises(InputError, match=says) as error:
        read_boundaries(path)
    assert "anything.gpkg" in str(error.value)
    assert str(tmp_path) not in str(error.value)


def test_not_a_boundary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_text("not a GeoPackage", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.gpkg cannot be read as boundaries"):
        read_boundaries(path)
    with pytest.raises(InputError, match="no file absent"):
        read_boundaries(tmp_path / "absent.gpkg")
    assert not is_boundary_file(path)
    assert is_boundary_file(saved(tmp_path, squares({"code": ["E06000019"]}), "b.gpkg"))


def test_a_virtual_layer_under_another_name_is_not_followed(tmp_path: Path) -> None:
    target = saved(tmp_path, squares({"code": ["E06000019"]}), "target.gpkg")
    path = tmp_path / "a.gpkg"
    path.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="target">'
        f"<SrcDataSource>{target}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="expected a GeoPackage, GeoJSON or Shapefile"):
        read_boundaries(path)


def test_postcodes_of_england_lie_in_their_authority() -> None:
    if not (SHARED / "utla_england_dec2024_bgc.gpkg").is_file():
        pytest.skip("the shared reference files are not beside this checkout")
    outlines, counts = read_boundaries(SHARED / "utla_england_dec2024_bgc.gpkg")
    assert counts["authorities"] == 153
    assert {"E08000038", "E08000039"} <= set(outlines["code"])
    directory, _ = read_postcodes(SHARED / "postcodes_england.parquet")
    some = np.random.default_rng(11).choice(len(directory), 20_000, replace=False)
    points = shapely.points(directory.easting[some], directory.northing[some])
    point, outline = shapely.STRtree(outlines.geometry.to_numpy()).query(points, "intersects")
    stated = np.array(directory.authority_codes)[directory.authority[some]]
    agree = outlines["code"].to_numpy()[outline] == stated[point]
    assert len(set(point[agree])) / len(some) >= 0.995
