"""DfE's distance and locality tables: our counts and percentages from the published counts.

Source: DfE, *Children looked after in England including adoptions*, children looked after on
31 March, reporting years 2020 to 2025.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from histories import history

from sufficiency_lib.metrics.distances import distance_by_boundary
from sufficiency_lib.metrics.locality import locality
from sufficiency_lib.metrics.stock import percentage

PUBLISHED = "dfe_cla_on_31_march_2020_2025.parquet"
GROUP = "Distance between home and placement and locality of placement"
BANDS = {
    "20 miles or less from home": "le_20",
    "more than 20 miles from home": "gt_20",
    "distance not known or not recorded": "not_known",
}
#: Miles that put a child in each band.
MILES = {"le_20": 20.0, "gt_20": 20.1, "not_known": None}

#: A two-tier county, two cities, London boroughs, unitaries, a metropolitan borough that was
#: renumbered, 2023 unitaries, and small ones.
AUTHORITIES = (
    "Kent", "Norfolk", "Hertfordshire", "Nottingham", "Birmingham", "Croydon", "Hounslow",
    "Herefordshire, County of", "Brighton and Hove", "Barnsley", "Sheffield", "Somerset",
    "Cumberland", "North Yorkshire", "Rutland", "Wokingham", "Lancashire", "Leeds",
)


def test_england_31_march_2025_from_its_counts() -> None:
    """69, 22 and 9 per cent by distance; 56 and 44 inside and outside. 81,770 children."""
    bands = (56_670, 18_120, 6_990)
    sides = (45_420, 36_350)
    # National counts are rounded to 10, so the parts may miss the total by a rounding.
    assert sum(sides) == 81_770
    assert abs(sum(bands) - 81_770) <= 10
    assert [float(percentage(n, 81_770, 0)) for n in bands] == [69.0, 22.0, 9.0]
    assert [float(percentage(n, 81_770, 0)) for n in sides] == [56.0, 44.0]


def _cell(characteristic: str) -> tuple[str, str]:
    side, miles = re.match(
        r"\d\. Placed (inside|outside) the LA boundary, (.*)", characteristic
    ).groups()
    return side, BANDS[miles]


def _published(folder: Path) -> pd.DataFrame:
    path = folder / "reference" / PUBLISHED
    if not path.is_file():
        pytest.skip(f"{PUBLISHED} is not in the shared folder")
    rows = pd.read_parquet(path)
    rows = rows[(rows["cla_group"] == GROUP) & (rows["geographic_level"] == "Local authority")]
    rows = rows[rows["characteristic"] != "Total"].copy()
    rows[["boundary", "distance_band"]] = rows["characteristic"].map(_cell).tolist()
    return rows


@pytest.fixture(scope="module")
def published(request: pytest.FixtureRequest) -> pd.DataFrame:
    return _published(request.getfixturevalue("shared_dir"))


def _histories(published: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Authorities and years of which all six counts are published."""
    whole = published[published["la_name"].isin(AUTHORITIES)]
    counts = whole.assign(children=pd.to_numeric(whole["number"], errors="coerce"))
    groups = counts.groupby(["la_name", "time_period"])
    return [
        (f"{name}, 31 March {year}", rows)
        for (name, year), rows in groups
        if rows["children"].notna().all() and len(rows) == 6 and rows["children"].sum() > 0
    ]


def _episodes(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """A history with the published counts: one child a row, repeated."""
    cells = history(
        *(
            {"boundary": side, "distance_band": band, "distance_miles": MILES[band],
             "decom": f"{year - 1}-04-01"}
            for side, band in zip(rows["boundary"], rows["distance_band"], strict=True)
        )
    )
    episodes = cells.loc[cells.index.repeat(rows["children"].astype(int))]
    return episodes.assign(child_id=[f"c{n}" for n in range(len(episodes))])


def test_distance_by_boundary_is_the_published_table(published: pd.DataFrame) -> None:
    tables = _histories(published)
    assert len({name.split(", 31")[0] for name, _ in tables}) >= 8
    for name, rows in tables:
        year = int(rows["time_period"].iloc[0])
        got = distance_by_boundary(_episodes(rows, year), f"{year}-03-31")
        got = got.set_index(["boundary", "distance_band"])["children"]
        for line in rows.itertuples():
            key = (line.boundary, line.distance_band)
            assert got[key] == line.children, (name, key)
            # Whole numbers half up; k is not nought but rounds to it.
            shown = float(percentage(got[key], got.sum(), 0))
            expected = 0.0 if line.percentage == "k" else float(line.percentage)
            assert shown == expected, (name, key, line.percentage)


def test_locality_from_home_is_the_same_table_added_up(published: pd.DataFrame) -> None:
    for name, rows in _histories(published)[::5]:
        year = int(rows["time_period"].iloc[0])
        got = locality(_episodes(rows, year), f"{year}-03-31", rules=["home_20_miles"]).iloc[0]
        by_band = rows.groupby("distance_band")["children"].sum()
        counts = [got["within"], got["beyond"], got["not_known"]]
        assert counts == by_band[["le_20", "gt_20", "not_known"]].tolist(), name
        assert got["rate_pct"] == percentage(by_band["le_20"], by_band.sum()), name
