"""The synthetic authorities have the figures they are calibrated to, counted from the files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from sample_files import (
    AS_AT,
    FOSTERED,
    SLUGS,
    directory_of,
    history,
    home_miles,
    looked_after,
    miles,
    outlines_of,
    points,
    read,
    uk,
    within_pct,
)


@pytest.fixture(scope="module")
def directory(sample_dir: Path) -> pd.DataFrame:
    return directory_of(sample_dir)


@pytest.fixture(scope="module")
def outlines(sample_dir: Path) -> dict[str, shapely.Geometry]:
    return outlines_of(sample_dir)


@pytest.mark.parametrize(
    ("slug", "expected", "tolerance"),
    [("herefordshire", 330, 5), ("nottingham", 598, 3), ("brighton-and-hove", 380, 5)],
)
def test_children_looked_after(sample_dir: Path, slug: str, expected: int, tolerance: int) -> None:
    rows = looked_after(sample_dir, slug)
    assert rows.CHILD.is_unique
    assert abs(len(rows) - expected) <= tolerance


def test_herefordshire_fostering_near_home(sample_dir: Path, directory: pd.DataFrame) -> None:
    rows = looked_after(sample_dir, "herefordshire")
    rows["miles"] = home_miles(rows, directory)
    fostered = rows[rows.PLACE.isin(FOSTERED)]
    in_house = fostered[fostered.PLACE_PROVIDER == "PR1"]
    agency = fostered[fostered.PLACE_PROVIDER.isin(["PR4", "PR5"])]
    both = pd.concat([in_house, agency])
    for group, published in ((in_house, 92), (agency, 64), (both, 84)):
        for rate in within_pct(group.miles.to_numpy()):
            assert abs(rate - published) <= 2.5
    homes = rows[rows.PLACE == "K2"]
    assert abs(within_pct(homes.miles.to_numpy())[0] - 30) <= 8


def test_herefordshire_bed_nights(sample_dir: Path) -> None:
    """Nights of 2024-25 counted a day at a time from the newest return."""
    rows = read(sample_dir, "herefordshire", 2025, "episodes").drop_duplicates()
    rows = rows[rows.PLACE.isin(FOSTERED) & ~rows.LS.isin(["V3", "V4"])]
    first, after = pd.Timestamp(2024, 4, 1), pd.Timestamp(2025, 4, 1)
    begins = uk(rows.DECOM).clip(lower=first)
    ends = uk(rows.DEC).fillna(after).clip(upper=after)
    nights = (ends - begins).dt.days.clip(lower=0)
    own = nights[rows.PLACE_PROVIDER == "PR1"].sum()
    agency = nights[rows.PLACE_PROVIDER.isin(["PR4", "PR5"])].sum()
    assert abs(100 * own / (own + agency) - 63) <= 2
    assert abs(own + agency - 70_000) <= 7_000


# Nottingham's printed mix at 31 March 2016: places, providers, children.
NOTTINGHAM_2016 = {
    "internal fostering": ("U1 U2 U3 U4 U5 U6", "PR1", 194),
    "external fostering": ("U1 U2 U3 U4 U5 U6", "PR4 PR5", 262),
    "internal residential": ("K2", "PR1", 15),
    "external residential": ("K2", "PR4 PR5", 52),
    "internal independent living": ("K3 H5", "PR1", 12),
    "external independent living": ("K3 H5", "PR4 PR5", 14),
    "parent and child": ("R3", "PR4 PR5", 2),
    "secure": ("K1", "PR2", 6),
    "health": ("R2", "PR3", 1),
    "placed for adoption": ("A3 A4 A5 A6", "PR1", 39),
    "with parents": ("P1", "PR0", 1),
}


def test_nottingham_mix(sample_dir: Path) -> None:
    rows = looked_after(sample_dir, "nottingham")
    counted = 0
    for name, (places, providers, published) in NOTTINGHAM_2016.items():
        cell = rows.PLACE.isin(places.split()) & rows.PLACE_PROVIDER.isin(providers.split())
        allowed = max(3, 0.04 * published)
        assert abs(cell.sum() - published) <= allowed, name
        counted += cell.sum()
    assert len(rows) - counted <= 3


def test_nottingham_near_the_centre(sample_dir: Path, directory: pd.DataFrame) -> None:
    profile = tomllib.loads((sample_dir / "nottingham" / "profile.toml").read_text("utf-8"))
    centre = profile["locality"]
    rows = looked_after(sample_dir, "nottingham")
    e, n = points(directory, rows.PL_POST)
    metres = np.hypot(e - centre["centre_easting"], n - centre["centre_northing"])
    for rate in within_pct(miles(metres)):
        assert abs(rate - 83.6) <= 1.5


def test_brighton_near_the_boundary(
    sample_dir: Path, directory: pd.DataFrame, outlines: dict[str, shapely.Geometry]
) -> None:
    rows = looked_after(sample_dir, "brighton-and-hove")
    e, n = points(directory, rows.PL_POST)
    known = ~np.isnan(e)
    metres = np.full(len(rows), np.nan)
    metres[known] = shapely.distance(
        outlines["E06000043"], shapely.points(e[known], n[known])
    )
    for rate in within_pct(miles(metres)):
        assert abs(rate - 89) <= 1.5


@pytest.mark.parametrize("slug", SLUGS)
def test_stays_are_of_very_different_length(sample_dir: Path, slug: str) -> None:
    """Of entrants of 2020-23, about two in five leave within six months."""
    every = history(sample_dir, slug)
    began = every[(every.RNE == "S") & ~every.LS.isin(["V3", "V4"])]
    began = began[uk(began.DECOM).between("2020-04-01", "2023-03-31")]
    last = every[every.REC.str.startswith("E")]
    began = began.assign(when=uk(began.DECOM)).sort_values("when")[["CHILD", "when"]]
    last = last.assign(when=uk(last.DEC), ended=uk(last.DEC)).sort_values("when")
    stays = pd.merge_asof(
        began, last[["CHILD", "when", "ended"]], on="when", by="CHILD", direction="forward"
    )
    # A stay with no end in the returns is a long one, and NaT compares as one.
    share = ((stays.ended - stays.when).dt.days < 183).mean()
    assert 0.33 <= share <= 0.48


@pytest.mark.parametrize("slug", SLUGS)
def test_ages_and_uasc_are_plausible(sample_dir: Path, slug: str) -> None:
    rows = looked_after(sample_dir, slug)
    header = read(sample_dir, slug, 2025, "header").set_index("CHILD")
    born = uk(header.DOB).reindex(rows.CHILD)
    age = (AS_AT - born).dt.days / 365.25
    assert age.max() < 18
    assert 0.02 <= (age < 1).mean() <= 0.08
    assert 0.3 <= age.between(10, 16).mean() <= 0.5
    assert (age[rows.PLACE.isin(["K3", "H5"]).to_numpy()] >= 15.99).all()
    uasc = set(read(sample_dir, slug, 2025, "uasc").CHILD)
    share = rows.CHILD.isin(uasc).mean()
    assert 0.03 <= share <= 0.14
    assert (rows[rows.CHILD.isin(uasc)].HOME_POST == "").all()
