"""The synthetic postcodes and outlines: well formed, and each where it should be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely
from sample_files import SLUGS, YEARS, directory_of, outlines_of, read


@pytest.fixture(scope="module")
def directory(sample_dir: Path) -> pd.DataFrame:
    return directory_of(sample_dir)


@pytest.fixture(scope="module")
def outlines(sample_dir: Path) -> dict[str, shapely.Geometry]:
    return outlines_of(sample_dir)


def test_postcodes_are_well_formed(directory: pd.DataFrame) -> None:
    pattern = r"[A-Z]{1,2}\d{1,2} \d[ABD-HJLNP-UW-Z]{2}"
    assert directory.pcds.str.fullmatch(pattern).all()
    assert directory.pcds.is_unique
    assert (directory.pcd.str.len() == 7).all()
    assert (directory.pcd2.str.len() == 8).all()
    assert (directory.pcd.str.replace(" ", "") == directory.pcds.str.replace(" ", "")).all()
    ended = directory[directory.doterm != ""]
    assert 0.02 < len(ended) / len(directory) < 0.12
    assert ((ended.oseast1m % 100 == 0) & (ended.osnrth1m % 100 == 0)).all()


def test_two_tier_counties_give_the_district(directory: pd.DataFrame) -> None:
    lewes = directory[directory.pcds.str.startswith("BN7 ")]
    assert set(lewes.oslaua) == {"E07000063"}
    assert set(lewes.oscty) == {"E10000011"}
    assert set(directory[directory.oslaua == "E06000018"].oscty) == {"E99999999"}
    assert set(directory[directory.ctry.str.startswith("W")].oscty) == {"W99999999"}
    assert (directory.oslaua.str.startswith("E07") == directory.oscty.str.startswith("E1")).all()


def test_postcodes_stand_in_their_outlines(
    directory: pd.DataFrame, outlines: dict[str, shapely.Geometry]
) -> None:
    upper = directory.oscty.where(directory.oscty.str.startswith("E1"), directory.oslaua)
    spots = shapely.points(directory.oseast1m, directory.osnrth1m)
    drawn = shapely.union_all(list(outlines.values()))
    inside = shapely.contains(drawn, spots)
    assert inside.sum() > 4000
    for code in sorted(set(upper[inside])):
        assert shapely.contains(outlines[code], spots[inside & (upper == code).to_numpy()]).all()


def test_outlines_are_a_believable_coverage(outlines: dict[str, shapely.Geometry]) -> None:
    shapes = list(outlines.values())
    assert all(shapely.is_valid(shapes))
    total = shapely.union_all(shapes).area
    assert abs(sum(s.area for s in shapes) - total) < 1e-6 * total
    # Square kilometres: 2,180, 75 and 83 in truth.
    for code, km2 in (("E06000019", 2180), ("E06000018", 75), ("E06000043", 83)):
        assert abs(outlines[code].area / 1e6 - km2) < 0.2 * km2
        assert outlines[code].geom_type == "Polygon"
    assert shapely.contains_xy(outlines["E06000019"], 351_000, 240_000)
    assert shapely.contains_xy(outlines["E06000018"], 457_200, 340_000)
    assert shapely.contains_xy(outlines["E06000043"], 531_000, 105_500)
    # The sea off Brighton belongs to nobody.
    assert not any(shapely.contains_xy(s, 531_000, 103_000) for s in shapes)
    assert {"E10000011", "E10000032", "E10000024", "E10000034", "E06000051"} <= set(outlines)


def test_every_postcode_in_the_returns_is_known_but_for_a_few(
    sample_dir: Path, directory: pd.DataFrame
) -> None:
    known = set(directory.pcds)
    for slug in SLUGS:
        rows = pd.concat([read(sample_dir, slug, year, "episodes") for year in YEARS])
        placed = rows.PL_POST
        strange = placed[(placed != "") & ~placed.isin(known)]
        assert 0 < len(strange) < 0.01 * len(rows)
        assert 0 < (placed == "").mean() < 0.02
        assert strange.str.fullmatch(r"[A-Z]{1,2}\d{1,2} 0[A-Z]{2}").all()
