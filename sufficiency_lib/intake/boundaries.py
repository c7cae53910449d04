"""Authority outlines from a file: recognised by their columns, one row an authority of today.

Reads GeoPackage, GeoJSON, Shapefile (also zipped) and GeoParquet. Districts are dissolved
to the upper tier, codes that ended become today's, everything is put on the British
National Grid.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyproj.exceptions import CRSError

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.archives import open_member, open_zip, require_file
from sufficiency_lib.intake.authorities import authority_names, upper_tier

BRITISH_NATIONAL_GRID = "EPSG:27700"
BOUNDARY_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".parquet")
IN_A_ZIP = (".gpkg", ".geojson", ".json", ".shp")
GEOPACKAGE_START, SHAPEFILE_START = b"SQLite format 3\0", b"\x00\x00\x27\x0a"
HEAD_BYTES = 1024
AREA_CODE = re.compile(r"^[EWSN]\d{8}$")
# Upper-tier columns first, so that a file with both tiers is not dissolved for nothing.
CODE_COLUMNS = (
    r"code", r"ctyua\d\dcd", r"utla\d\dcd", r"ctyuacd", r"utla", r"cauth\d\dcd",
    r"cty\d\dcd", r"lad\d\dcd", r"ladcd", r"ltla\d\dcd", r"laua", r".*cd", r".*code",
)  # fmt: skip
NAME_COLUMNS = (r"name", r"ctyua\d\dnm", r"utla\d\dnm", r"lad\d\dnm", r".*nm", r".*name")
MIN_CODE_SHARE = 0.9
# Great Britain in metres; anything a hundred times smaller is degrees.
GRID_EXTENT = (0, 0, 700_000, 1_300_000)
LARGEST_DEGREE = 360


def empty_boundaries() -> gpd.GeoDataFrame:
    """No outlines, in the right shape: what a store without a boundary file holds.

    >>> list(empty_boundaries().columns), len(empty_boundaries())
    (['code', 'name', 'geometry'], 0)
    """
    return gpd.GeoDataFrame(
        {"code": pd.array([], "str"), "name": pd.array([], "str")},
        geometry=gpd.GeoSeries([], crs=BRITISH_NATIONAL_GRID),
    )


def read_boundaries(path: Path) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Read authority outlines.

    Parameters
    ----------
    path: GeoPackage, GeoJSON, Shapefile (or its zip) or GeoParquet with a column of ONS
        area codes.

    Returns
    -------
    GeoDataFrame, one row an upper-tier English authority, sorted by code: ``code`` (today's),
    ``name``, ``geometry`` (valid, EPSG:27700); and what was counted: ``rows`` read,
    ``authorities`` kept, ``outside_england`` and ``without_code`` (left out).

    Raises
    ------
    InputError: unreadable; no polygons; no column of area codes; no coordinate reference
        system while the coordinates are not plainly metres on the British National Grid.
    """
    frame = _read_any(path)
    column = _code_column(frame, path.name)
    frame = _on_british_grid(frame, path.name)
    codes = frame[column].astype("str").str.strip()
    named = _are_codes(codes) & frame.geometry.notna() & ~frame.geometry.is_empty
    authority = codes.where(named, "").map(upper_tier)
    english = named & authority.astype("str").str.startswith("E").fillna(False)
    kept = frame.loc[english]
    if kept.empty:
        raise InputError(
            f"{path.name}, column {column}: no row has the code of an English authority or "
            "district (such as E06000019); expected authority or district outlines."
        )
    result = _dissolve(kept, authority[english], _names_in(kept))
    counts = {
        "rows": len(frame),
        "authorities": len(result),
        "outside_england": int((named & ~english).sum()),
        "without_code": int((~named).sum()),
    }
    return result, counts


def is_boundary_file(path: Path) -> bool:
    """Whether a file holds polygons with a column of area codes; reads only a few rows."""
    if not path.name.casefold().endswith(BOUNDARY_SUFFIXES):
        return False
    try:
        frame = _read_any(path, rows=20)
        _code_column(frame, path.name)
    except InputError:
        return False
    return True


def _read_any(path: Path, rows: int | None = None) -> gpd.GeoDataFrame:
    require_file(path, "boundaries")
    try:
        if path.suffix.casefold() == ".parquet":
            pq.read_table(path).validate(full=True)
            frame = gpd.read_parquet(path)
        else:
            frame = _read_layer(path, rows)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, CRSError) as problem:
        raise InputError(
            f"{path.name} cannot be read as boundaries: {str(problem)[:200]}. Expected a "
            "GeoPackage, GeoJSON or Shapefile."
        ) from problem
    except (ValueError, TypeError, OSError, shapely.errors.ShapelyError) as problem:
        raise InputError(
            f"{path.name} holds no outlines that can be read: {str(problem)[:200]}."
        ) from problem
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise InputError(f"{path.name} holds no outlines: expected polygons with area codes.")
    if not frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).any():
        raise InputError(f"{path.name} holds no polygons: expected authority outlines.")
    return frame.reset_index(drop=True)


def _read_layer(path: Path, rows: int | None) -> gpd.GeoDataFrame:
    source: str | Path = path
    if zipfile.is_zipfile(path):
        with open_zip(path) as archive:
            inner = sorted(m for m in archive.namelist() if m.casefold().endswith(IN_A_ZIP))
            if not inner:
                raise InputError(f"{path.name} holds no GeoPackage, GeoJSON or Shapefile.")
            with open_member(path, archive, inner[0]) as stream:
                _require_known_start(stream.read(HEAD_BYTES), path.name)
        source = f"/vsizip/{path.resolve()}/{inner[0]}"
    else:
        with path.open("rb") as stream:
            _require_known_start(stream.read(HEAD_BYTES), path.name)
    layers = [name for name, kind in pyogrio.list_layers(source) if kind and "Polygon" in kind]
    if not layers:
        raise InputError(f"{path.name} holds no polygons: expected authority outlines.")
    return pyogrio.read_dataframe(source, layer=layers[0], max_features=rows)


def _require_known_start(head: bytes, label: str) -> None:
    """Only files that hold their own data.

    The reading library goes by content, and some formats it knows (a virtual layer, say)
    would have it open other files or addresses.
    """
    is_json = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    if not (head.startswith((GEOPACKAGE_START, SHAPEFILE_START)) or is_json):
        raise InputError(
            f"{label} cannot be read as boundaries: expected a GeoPackage, GeoJSON or Shapefile."
        )


def _are_codes(values: pd.Series) -> pd.Series:
    return values.str.fullmatch(AREA_CODE.pattern).fillna(False).astype(bool)


def _code_column(frame: gpd.GeoDataFrame, label: str) -> str:
    """The column of area codes: the likeliest name whose values are indeed codes."""
    for pattern in CODE_COLUMNS:
        for column in frame.columns.drop(frame.geometry.name):
            if re.fullmatch(pattern, column.casefold()):
                codes = frame[column].astype("str").str.strip()
                if _are_codes(codes).mean() >= MIN_CODE_SHARE:
                    return column
    listed = ", ".join(map(str, frame.columns[:12]))
    raise InputError(
        f"{label} has no column of ONS area codes; its columns are {listed}: expected one "
        "such as CTYUA24CD or LAD24CD, with values such as E06000019."
    )


def _names_in(frame: gpd.GeoDataFrame) -> pd.Series:
    for pattern in NAME_COLUMNS:
        for column in frame.columns.drop(frame.geometry.name):
            if re.fullmatch(pattern, column.casefold()):
                return frame[column].astype("str")
    return pd.Series("", index=frame.index, dtype="str")


def _on_british_grid(frame: gpd.GeoDataFrame, label: str) -> gpd.GeoDataFrame:
    west, south, east, north = frame.total_bounds
    inside = west >= GRID_EXTENT[0] - 1e5 and south >= GRID_EXTENT[1] - 1e5
    inside = inside and east <= GRID_EXTENT[2] + 1e5 and north <= GRID_EXTENT[3] + 1e5
    metres = inside and max(abs(east), abs(north)) > LARGEST_DEGREE
    if frame.crs is None or (frame.crs.is_geographic and metres):
        # GeoJSON readers assume degrees where a file of metres does not say what it is.
        if not metres:
            raise InputError(
                f"{label} does not say its coordinate reference system, and its coordinates "
                f"({west:.6g} to {east:.6g} east) are not metres on the British National "
                "Grid. Save it again with its reference system (EPSG:27700 is best)."
            )
        return frame.set_crs(BRITISH_NATIONAL_GRID, allow_override=True)
    if frame.crs.equals(BRITISH_NATIONAL_GRID):
        return frame
    return frame.to_crs(BRITISH_NATIONAL_GRID)


def _dissolve(frame: gpd.GeoDataFrame, authority: pd.Series, names: pd.Series) -> gpd.GeoDataFrame:
    """One valid outline an authority, in order of code, with today's name where it is known."""
    today = authority_names()
    whole = shapely.make_valid(shapely.force_2d(frame.geometry.to_numpy()))
    rows = []
    for code in sorted(authority.unique()):
        mine = (authority == code).to_numpy()
        outline = whole[mine][0] if mine.sum() == 1 else shapely.union_all(whole[mine])
        rows.append((code, today.get(code, names[mine].iloc[0]), _polygons(outline)))
    codes, labels, outlines = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"code": pd.array(codes, "str"), "name": pd.array(labels, "str")},
        geometry=gpd.GeoSeries(list(outlines), crs=BRITISH_NATIONAL_GRID),
    )


def _polygons(outline: shapely.Geometry) -> shapely.Geometry:
    """Only the areas: repairing an outline can leave stray lines and points beside them."""
    if outline.geom_type in ("Polygon", "MultiPolygon"):
        return outline
    areas = [p for p in shapely.get_parts(outline) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(areas)
