"""DfE's table of the location of new placements: ours from the published counts.

Source: DfE, *Children looked after in England including adoptions*, placements during the year:
location of new placements and reason for placement change, reporting years 2021 to 2025.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from histories import history

from sufficiency_lib.metrics.distances import LOCATIONS, new_placements_by_distance
from sufficiency_lib.metrics.locality import locality_of_new_placements
from sufficiency_lib.metrics.stock import percentage

PUBLISHED = "la_cla_during_year_new_placements.csv"
BREAKDOWNS = {
    "Placed inside LA boundary less than 20 miles from home": "inside_le_20",
    "Placed inside LA boundary more than 20 miles from home": "inside_gt_20",
    "Placed outside LA boundary less than 20 miles from home": "outside_le_20",
    "Placed outside LA boundary more than 20 miles from home": "outside_gt_20",
    "Distance not known or not recorded": "not_known",
}
MILES = {"le_20": 20.0, "gt_20": 20.1, "not_known": None}

#: As for the stock: counties, cities, boroughs, unitaries new and old, and those renumbered.
AUTHORITIES = (
    "Kent", "Norfolk", "Hertfordshire", "Nottingham", "Birmingham", "Croydon", "Hounslow",
    "Herefordshire, County of", "Brighton and Hove", "Barnsley", "Sheffield", "Somerset",
    "Cumberland", "North Yorkshire", "Wokingham", "Lancashire", "Leeds",
)


@pytest.fixture(scope="module")
def published(shared_dir: Path) -> list[tuple[str, int, pd.DataFrame]]:
    """Authorities and years of which all five counts are published."""
    path = shared_dir / "reference" / PUBLISHED
    if not path.is_file():
        pytest.skip(f"{PUBLISHED} is not in the shared folder")
    rows = pd.read_csv(path, dtype=str)
    rows = rows[rows["la_name"].isin(AUTHORITIES)]
    rows = rows.assign(
        location=rows["breakdown"].map(BREAKDOWNS),
        starts=pd.to_numeric(rows["children_count"], errors="coerce"),
    )
    rows = rows.dropna(subset="location")
    return [
        (name, int(year), part.set_index("location"))
        for (name, year), part in rows.groupby(["la_name", "time_period"])
        if part["starts"].notna().all() and len(part) == len(BREAKDOWNS)
    ]


def _episodes(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """A history with the published counts, and beside them what is no new placement."""
    cells = []
    for location in published.index:
        side, _, band = location.partition("_") if "_20" in location else ("outside", "", location)
        cells.append({"boundary": side, "distance_band": band, "distance_miles": MILES[band],
                      "decom": f"{year - 1}-04-01"})
    made = history(*cells)
    made = made.loc[made.index.repeat(published["starts"].astype(int))]
    others = history(
        {"rne": "L", "decom": f"{year - 1}-05-01"}, {"decom": f"{year - 1}-03-31"},
        {"is_short_break": True, "decom": f"{year - 1}-05-01"}, {"decom": f"{year}-04-01"},
    )
    episodes = pd.concat([made, others], ignore_index=True)
    return episodes.assign(child_id=[f"c{n}" for n in range(len(episodes))])


def test_new_placements_by_distance_is_the_published_table(published) -> None:
    assert len({name for name, _, _ in published}) >= 8
    for name, year, rows in published:
        got = new_placements_by_distance(_episodes(rows, year), [f"{year}-03-31"])
        got = got.set_index("location")
        for location in LOCATIONS:
            key = (name, year, location)
            count, whole = rows.at[location, "starts"], got["starts"].sum()
            assert got.at[location, "starts"] == count, key
            # Whole numbers half up; k is not nought but rounds to it.
            printed = rows.at[location, "children_percent"]
            expected = 0.0 if printed == "k" else float(printed)
            assert float(percentage(got.at[location, "starts"], whole, 0)) == expected, key


def test_all_areas_of_england_at_once_are_the_published_tables(published) -> None:
    parts = [
        _episodes(rows, year).assign(authority=name) for name, year, rows in published
        if year == 2025
    ]
    got = new_placements_by_distance(pd.concat(parts), ["2025-03-31"], by=["authority"])
    found = got.set_index(["authority", "location"])["starts"]
    for name, year, rows in published:
        if year == 2025:
            assert found[name][rows.index].tolist() == rows["starts"].tolist(), name


def test_locality_of_new_placements_is_the_same_table_added_up(published) -> None:
    for name, year, rows in published[::4]:
        episodes = _episodes(rows, year)
        got = locality_of_new_placements(episodes, [f"{year}-03-31"], rules=["home_20_miles"])
        everyone, starts = got.iloc[0], rows["starts"]
        near = starts["inside_le_20"] + starts["outside_le_20"]
        far = starts["inside_gt_20"] + starts["outside_gt_20"]
        counts = everyone[["within", "beyond", "not_known"]].tolist()
        assert counts == [near, far, starts["not_known"]], (name, year)
