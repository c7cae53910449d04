"""The files of the synthetic authorities, read as text, and what is counted in them."""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

SLUGS = {
    "herefordshire": "E06000019",
    "nottingham": "E06000018",
    "brighton-and-hove": "E06000043",
}
YEARS = range(2021, 2026)
AS_AT = pd.Timestamp(2025, 3, 31)
FOSTERED = ["U4", "U5", "U6"]


@functools.cache
def text_csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read(sample: Path, slug: str, year: int, table: str) -> pd.DataFrame:
    return text_csv(sample / slug / str(year) / f"{table}.csv").copy()


def local(sample: Path, slug: str, table: str) -> pd.DataFrame:
    return text_csv(sample / slug / f"{table}.csv").copy()


def uk(series: pd.Series) -> pd.Series:
    return pd.to_datetime(series.replace("", None), format="%d/%m/%Y")


def looked_after(sample: Path, slug: str, year: int = 2025) -> pd.DataFrame:
    """Open rows of a year's own return without short breaks: one a child."""
    rows = read(sample, slug, year, "episodes").drop_duplicates()
    return rows[(rows.DEC == "") & ~rows.LS.isin(["V3", "V4"])].reset_index(drop=True)


def history(sample: Path, slug: str) -> pd.DataFrame:
    """Every year's episodes, each as the newest return that holds it has it."""
    frames = [read(sample, slug, y, "episodes").drop_duplicates().assign(year=y) for y in YEARS]
    joined = pd.concat(frames, ignore_index=True)
    key = ["CHILD", "DECOM", "RNE", "LS", "PLACE"]
    return joined.drop_duplicates(key, keep="last").reset_index(drop=True)


@functools.cache
def directory_of(sample: Path) -> pd.DataFrame:
    """The postcode directory, its grid references as numbers."""
    frame = text_csv(sample / "reference" / "raw" / "postcodes.csv")
    return frame.astype({"oseast1m": "int64", "osnrth1m": "int64"})


@functools.cache
def outlines_of(sample: Path) -> dict[str, shapely.Geometry]:
    """Code → outline."""
    path = sample / "reference" / "raw" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["code"]: shape(f["geometry"]) for f in features}


def points(directory: pd.DataFrame, postcodes: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Grid references of postcodes; NaN where blank or not in the directory."""
    found = directory.set_index("pcds").reindex(postcodes)
    return found.oseast1m.to_numpy(float), found.osnrth1m.to_numpy(float)


def miles(metres: np.ndarray) -> np.ndarray:
    """DfE's miles, rounded half up to one decimal by hand."""
    return np.array(
        [math.floor(m / 1000 / 1.6093 * 10 + 0.5) / 10 if m == m else math.nan for m in metres]
    )


def home_miles(rows: pd.DataFrame, directory: pd.DataFrame) -> np.ndarray:
    e1, n1 = points(directory, rows.HOME_POST)
    e2, n2 = points(directory, rows.PL_POST)
    return miles(np.sqrt((e1 - e2) ** 2 + (n1 - n2) ** 2))


def within_pct(distance: np.ndarray) -> tuple[float, float]:
    """Within 20 miles: of all, and of those known."""
    within = (distance <= 20.0).sum()
    return 100 * within / len(distance), 100 * within / (~np.isnan(distance)).sum()
