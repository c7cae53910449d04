"""The synthetic authorities hold what they promise, worked out again from the files alone."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from sufficiency_lib import codes
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.sample import write as write_module
from sufficiency_lib.sample import write_sample

SLUGS = {
    "herefordshire": "E06000019",
    "nottingham": "E06000018",
    "brighton-and-hove": "E06000043",
}
YEARS = range(2021, 2026)
AS_AT = pd.Timestamp(2025, 3, 31)
EPISODE_COLUMNS = (
    "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE "
    "HOME_POST PL_POST URN"
).split()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample") / "sample")


@pytest.fixture(scope="session")
def directory(sample: Path) -> pd.DataFrame:
    path = sample / "reference" / "raw" / "postcodes.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in ("oseast1m", "osnrth1m"):
        frame[column] = pd.to_numeric(frame[column])
    return frame


@pytest.fixture(scope="session")
def outlines(sample: Path) -> dict[str, shapely.Geometry]:
    path = sample / "reference" / "raw" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["code"]: shape(f["geometry"]) for f in features}


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


FOSTERED = ["U4", "U5", "U6"]


# --- calibration -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "expected", "tolerance"),
    [("herefordshire", 330, 5), ("nottingham", 598, 3), ("brighton-and-hove", 380, 5)],
)
def test_children_looked_after(sample: Path, slug: str, expected: int, tolerance: int) -> None:
    rows = looked_after(sample, slug)
    assert rows.CHILD.is_unique
    assert abs(len(rows) - expected) <= tolerance


def test_herefordshire_fostering_near_home(sample: Path, directory: pd.DataFrame) -> None:
    rows = looked_after(sample, "herefordshire")
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


def test_herefordshire_bed_nights(sample: Path) -> None:
    """Nights of 2024-25 counted a day at a time from the newest return."""
    rows = read(sample, "herefordshire", 2025, "episodes").drop_duplicates()
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


def test_nottingham_mix(sample: Path) -> None:
    rows = looked_after(sample, "nottingham")
    counted = 0
    for name, (places, providers, published) in NOTTINGHAM_2016.items():
        cell = rows.PLACE.isin(places.split()) & rows.PLACE_PROVIDER.isin(providers.split())
        allowed = max(3, 0.04 * published)
        assert abs(cell.sum() - published) <= allowed, name
        counted += cell.sum()
    assert len(rows) - counted <= 3


def test_nottingham_near_the_centre(sample: Path, directory: pd.DataFrame) -> None:
    profile = tomllib.loads((sample / "nottingham" / "profile.toml").read_text("utf-8"))
    centre = profile["locality"]
    rows = looked_after(sample, "nottingham")
    e, n = points(directory, rows.PL_POST)
    metres = np.hypot(e - centre["centre_easting"], n - centre["centre_northing"])
    for rate in within_pct(miles(metres)):
        assert abs(rate - 83.6) <= 1.5


def test_brighton_near_the_boundary(
    sample: Path, directory: pd.DataFrame, outlines: dict[str, shapely.Geometry]
) -> None:
    rows = looked_after(sample, "brighton-and-hove")
    e, n = points(directory, rows.PL_POST)
    known = ~np.isnan(e)
    metres = np.full(len(rows), np.nan)
    metres[known] = shapely.distance(
        outlines["E06000043"], shapely.points(e[known], n[known])
    )
    for rate in within_pct(miles(metres)):
        assert abs(rate - 89) <= 1.5


@pytest.mark.parametrize("slug", SLUGS)
def test_stays_are_of_very_different_length(sample: Path, slug: str) -> None:
    """Of entrants of 2020-23, about two in five leave within six months."""
    every = history(sample, slug)
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
def test_ages_and_uasc_are_plausible(sample: Path, slug: str) -> None:
    rows = looked_after(sample, slug)
    header = read(sample, slug, 2025, "header").set_index("CHILD")
    born = uk(header.DOB).reindex(rows.CHILD)
    age = (AS_AT - born).dt.days / 365.25
    assert age.max() < 18
    assert 0.02 <= (age < 1).mean() <= 0.08
    assert 0.3 <= age.between(10, 16).mean() <= 0.5
    assert (age[rows.PLACE.isin(["K3", "H5"]).to_numpy()] >= 15.99).all()
    uasc = set(read(sample, slug, 2025, "uasc").CHILD)
    share = rows.CHILD.isin(uasc).mean()
    assert 0.03 <= share <= 0.14
    assert (rows[rows.CHILD.isin(uasc)].HOME_POST == "").all()


# --- the shape of the returns ------------------------------------------------------------


def history(sample: Path, slug: str) -> pd.DataFrame:
    """Every year's episodes, each as the newest return that holds it has it."""
    frames = [read(sample, slug, y, "episodes").drop_duplicates().assign(year=y) for y in YEARS]
    joined = pd.concat(frames, ignore_index=True)
    key = ["CHILD", "DECOM", "RNE", "LS", "PLACE"]
    return joined.drop_duplicates(key, keep="last").reset_index(drop=True)


@pytest.mark.parametrize("slug", SLUGS)
def test_folders_files_and_columns(sample: Path, slug: str) -> None:
    tables = {
        "header", "episodes", "uasc", "reviews", "oc2", "oc3", "ad1", "placed_for_adoption",
        "previous_permanence", "missing",
    }  # fmt: skip
    for year in YEARS:
        expected = tables | ({"social_worker"} if year >= 2024 else set())
        assert {p.stem for p in (sample / slug / str(year)).iterdir()} == expected
    rows = read(sample, slug, 2025, "episodes")
    assert list(rows.columns) == EPISODE_COLUMNS
    assert list(read(sample, slug, 2025, "header").columns) == [
        "CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("year", YEARS)
def test_codes_are_valid_for_the_year(sample: Path, slug: str, year: int) -> None:
    rows = read(sample, slug, year, "episodes")
    sets = {
        "PLACE": codes.PLACE,
        "RNE": codes.RNE,
        "LS": codes.LEGAL_STATUS,
        "CIN": codes.CATEGORY_OF_NEED,
        "PLACE_PROVIDER": codes.PLACE_PROVIDER,
        "REC": codes.REASON_ENDED,
        "REASON_PLACE_CHANGE": codes.REASON_PLACE_CHANGE,
    }
    for column, allowed in sets.items():
        used = set(rows[column]) - {""}
        assert {code for code in used if not allowed[code].valid_in(year)} == set(), column
    assert ((rows.PLACE_PROVIDER == "") == rows.PLACE.str.match("[TZ]")).all()
    assert ((rows.DEC == "") == (rows.REC == "")).all()
    # H5 gave way to K3 on 1 April 2024, and P2 to H5 on 28 October 2023.
    starts = uk(rows.DECOM)
    assert (starts[rows.PLACE == "H5"] < "2024-04-01").all()
    assert (starts[rows.PLACE == "K3"] >= "2024-04-01").all()
    assert (starts[rows.PLACE == "P2"] < "2023-10-28").all()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("year", YEARS)
def test_each_return_holds_its_own_year(sample: Path, slug: str, year: int) -> None:
    rows = read(sample, slug, year, "episodes")
    first, last = pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 3, 31)
    assert (uk(rows.DECOM) <= last).all()
    ends = uk(rows.DEC)
    assert ends.dropna().between(first, last).all()
    header = read(sample, slug, year, "header")
    assert header.CHILD.is_unique
    assert set(header.CHILD) == set(rows.CHILD)
    assert set(read(sample, slug, year, "uasc").CHILD) <= set(header.CHILD)
    assert set(read(sample, slug, year, "missing").CHILD) <= set(header.CHILD)


@pytest.mark.parametrize("slug", SLUGS)
def test_open_rows_reappear_closed_or_open(sample: Path, slug: str) -> None:
    """What one return leaves open the next one holds, but for the few who vanish."""
    vanished = 0
    for year in range(2021, 2025):
        now = read(sample, slug, year, "episodes")
        later = read(sample, slug, year + 1, "episodes")
        keys = set(zip(later.CHILD, later.DECOM, strict=True))
        still = now[now.DEC == ""].drop_duplicates()
        lost = {c for c, d in zip(still.CHILD, still.DECOM, strict=True) if (c, d) not in keys}
        vanished += len(lost)
        for following in range(year + 1, 2026):
            assert not lost & set(read(sample, slug, following, "episodes").CHILD)
        # Nobody can vanish from the newest return.
        assert len(lost) == (0 if year == 2024 else 2)
    assert vanished == 6


@pytest.mark.parametrize("slug", SLUGS)
def test_histories_join_but_for_the_intended_untidiness(sample: Path, slug: str) -> None:
    every = history(sample, slug)
    every["start"], every["end"] = uk(every.DECOM), uk(every.DEC)
    every = every.sort_values(["CHILD", "start"], kind="stable")
    after = every.shift(-1)
    same = every.CHILD == after.CHILD
    gap = (after.start - every.end).dt.days
    assert (same & (gap < 0)).sum() == 4
    assert (same & (every.REC == "X1") & (gap > 0)).sum() == 4
    left = same & every.REC.str.startswith("E")
    assert (after.RNE[left] == "S").all()
    # Nobody comes back from an adoption, a death or an eighteenth birthday.
    assert not every.REC[left].isin(["E11", "E12", "E2", "E17"]).any()
    joined = same & (every.REC == "X1")
    assert (after.RNE[joined] != "S").all()
    assert not (every.start >= every.end).any()
    # A child is open at most once in the newest return.
    newest = read(sample, slug, 2025, "episodes").drop_duplicates()
    assert newest[newest.DEC == ""].CHILD.is_unique


@pytest.mark.parametrize("slug", SLUGS)
def test_new_episodes_say_what_changed(sample: Path, slug: str) -> None:
    every = history(sample, slug)
    every["start"] = uk(every.DECOM)
    every = every.sort_values(["CHILD", "start"], kind="stable").reset_index(drop=True)
    before = every.shift(1)
    joined = (every.CHILD == before.CHILD) & (before.REC == "X1")
    placement = (every.PLACE != before.PLACE) | (every.PL_POST != before.PL_POST)
    status = every.LS != before.LS
    assert status[joined & every.RNE.isin(["L", "U", "B"])].all()
    assert not status[joined & every.RNE.isin(["P", "T"])].any()
    assert not placement[joined & (every.RNE == "L")].any()
    moved = joined & every.RNE.isin(["P", "T", "U", "B"])
    away = every.PLACE.str.match("T[0-4]") | before.PLACE.str.match("T[0-4]", na=False)
    assert (before.REASON_PLACE_CHANGE[moved & ~away] != "").all()
    # DfE's rule 226: going to a temporary placement and coming back have no reason.
    assert (moved & away).any()
    assert (before.REASON_PLACE_CHANGE[moved & away] == "").all()
    assert (before.REASON_PLACE_CHANGE[joined & (every.RNE == "L")] == "").all()


@pytest.mark.parametrize("slug", SLUGS)
def test_adoption_is_consistent(sample: Path, slug: str) -> None:
    for year in YEARS:
        rows = read(sample, slug, year, "episodes")
        adopted = rows[rows.REC.isin(["E11", "E12"])]
        assert adopted.PLACE.isin(["A3", "A4", "A5", "A6"]).all()
        assert set(read(sample, slug, year, "ad1").CHILD) == set(adopted.CHILD)
        placed = rows[rows.PLACE.str.startswith("A")]
        decided = read(sample, slug, year, "placed_for_adoption").set_index("CHILD")
        assert decided.index.is_unique
        assert set(placed.CHILD) <= set(decided.index) <= set(rows.CHILD)
        assert (uk(decided.DATE_PLACED) <= pd.Timestamp(year, 3, 31)).all()
        ceased = decided.DATE_PLACED_CEASED != ""
        assert (decided.REASON_PLACED_CEASED[ceased].str.fullmatch("RD[1-4]")).all()
        assert (decided.REASON_PLACED_CEASED[~ceased] == "").all()
        assert (placed[placed.PLACE.isin(["A5", "A6"])].LS == "E1").all()
        assert rows[rows.PLACE == "P1"].LS.isin(["C1", "C2"]).all()


@pytest.mark.parametrize("slug", SLUGS)
def test_children_wait_for_adoption(sample: Path, slug: str) -> None:
    """From the decision to moving in, and from the placement order to the match."""
    every = history(sample, slug)
    every["start"] = uk(every.DECOM)
    decided = pd.concat([read(sample, slug, y, "placed_for_adoption") for y in YEARS])
    ceased = decided[decided.DATE_PLACED_CEASED != ""]
    assert ceased.CHILD.nunique() >= 2
    decided = uk(decided.drop_duplicates("CHILD").set_index("CHILD").DATE_PLACED)
    moved_in = every[every.PLACE.str.startswith("A")].groupby("CHILD").start.min()
    moved_in = moved_in[moved_in >= "2020-04-01"]
    days = (moved_in - decided.reindex(moved_in.index)).dt.days
    assert days.min() >= 40
    assert 150 <= days.median() <= 270
    never = decided.index.difference(every[every.PLACE.str.startswith("A")].CHILD)
    assert len(never) >= 3
    entered = every[every.RNE == "S"].groupby("CHILD").start.max()
    assert 380 <= (moved_in - entered.reindex(moved_in.index)).dt.days.mean() <= 560
    ordered = every[(every.LS == "E1") & (every.RNE == "L")].groupby("CHILD").start.min()
    matched = pd.concat([read(sample, slug, y, "ad1") for y in YEARS]).set_index("CHILD")
    assert (uk(matched.DATE_INT) == decided.reindex(matched.index)).all()
    assert 140 <= (uk(matched.DATE_MATCH) - ordered).dt.days.mean() <= 250


@pytest.mark.parametrize("slug", SLUGS)
def test_some_children_move_often_and_most_are_settled(sample: Path, slug: str) -> None:
    every = history(sample, slug)
    every = every[~every.LS.isin(["V3", "V4"])]
    every = every.assign(start=uk(every.DECOM), end=uk(every.DEC)).sort_values(["CHILD", "start"])
    away = every.PLACE.str.match("T[0-4]")
    # Going away for some nights and coming back is no move.
    new_carer = every.RNE.isin(["S", "P", "B"]) & ~away & ~away.shift(fill_value=False)
    begun = every[new_carer].groupby("CHILD").start
    here = looked_after(sample, slug).CHILD
    born = uk(read(sample, slug, 2025, "header").set_index("CHILD").DOB)
    there = (every.start <= "2024-04-01") & ~(every.end <= "2024-04-01")
    counted = (new_carer & (every.start > "2024-04-01")) | there
    placements = every[counted].groupby("CHILD").size().reindex(here, fill_value=0)
    assert 0.07 <= (placements >= 3).mean() <= 0.14
    entered = every[every.RNE == "S"].groupby("CHILD").start.max().reindex(here)
    long = here[((entered.isna() | (entered <= "2022-09-30")) & (born[here] > "2009-03-31")).values]
    since = begun.max().reindex(long)
    assert 0.62 <= (since.isna() | (since <= "2023-03-31")).mean() <= 0.76


@pytest.mark.parametrize("slug", SLUGS)
def test_answers_are_near_the_published_shares(sample: Path, slug: str) -> None:
    oc2 = pd.concat([read(sample, slug, year, "oc2") for year in YEARS])
    for column, share in (
        ("HEALTH_ASSESSMENT", 0.89), ("TEETH_CHECK", 0.78), ("IMMUNISATIONS", 0.85),
        ("SUBSTANCE_MISUSE", 0.03), ("CONVICTED", 0.02),
    ):  # fmt: skip
        assert abs((oc2[column] == "1").mean() - share) <= 0.015, column
    score = pd.to_numeric(oc2.SDQ_SCORE)
    assert abs(score.mean() - 13.8) <= 0.3
    oc3 = pd.concat([read(sample, slug, year, "oc3") for year in YEARS])
    working = oc3.ACTIV.str.match("[FP][1-5]")
    assert 0.52 <= working.mean() <= 0.62
    assert {"P2", "P4", "P5"} <= set(oc3.ACTIV)
    unsuitable = oc3.ACCOM.str.endswith("2").sum() / (oc3.ACCOM != "0").sum()
    assert 0.08 <= unsuitable <= 0.13
    assert (oc3.IN_TOUCH == "YES").mean() > 0.9


@pytest.mark.parametrize("slug", SLUGS)
def test_outcomes_only_for_a_year_in_care(sample: Path, slug: str) -> None:
    oc2 = read(sample, slug, 2025, "oc2")
    open_now = looked_after(sample, slug)
    assert oc2.CHILD.is_unique
    assert set(oc2.CHILD) <= set(open_now.CHILD)
    every = history(sample, slug)
    recent = every[(every.RNE == "S") & (uk(every.DECOM) > "2024-03-31")]
    assert not set(oc2.CHILD) & set(recent[recent.LS != "V4"].CHILD)
    oc3 = read(sample, slug, 2025, "oc3")
    born = uk(oc3.DOB)
    assert born.between("2003-04-01", "2008-03-31").all()
    assert len(oc3) > 30


@pytest.mark.parametrize("slug", SLUGS)
def test_short_breaks_are_apart(sample: Path, slug: str) -> None:
    rows = read(sample, slug, 2025, "episodes")
    breaks = rows[rows.LS == "V4"]
    others = rows[rows.LS != "V4"]
    assert 8 <= breaks.CHILD.nunique() <= 30
    assert not set(breaks.CHILD) & set(others.CHILD)
    assert (breaks.DEC == "").sum() == 3
    assert breaks.groupby("CHILD").size().median() >= 5


@pytest.mark.parametrize("slug", SLUGS)
def test_missing_is_mostly_teenagers(sample: Path, slug: str) -> None:
    frames = pd.concat([read(sample, slug, year, "missing") for year in YEARS])
    age = (uk(frames.MIS_START) - uk(frames.DOB)).dt.days / 365.25
    assert len(frames) > 30
    assert (age >= 12).mean() > 0.9
    newest = read(sample, slug, 2025, "missing")
    newest = newest[(uk(newest.MIS_START) >= "2024-04-01") & (newest.MISSING == "M")]
    everyone = read(sample, slug, 2025, "episodes").query("LS != 'V4'").CHILD.nunique()
    assert 0.08 <= newest.CHILD.nunique() / everyone <= 0.13
    assert len(newest) / newest.CHILD.nunique() > 3


@pytest.mark.parametrize("slug", SLUGS)
def test_brothers_and_sisters_share_a_home_postcode(sample: Path, slug: str) -> None:
    rows = looked_after(sample, slug)
    known = rows[rows.HOME_POST != ""]
    shared = known.duplicated(["HOME_POST", "DECOM"], keep=False) | known.duplicated(
        "HOME_POST", keep=False
    )
    assert shared.mean() > 0.2


@pytest.mark.parametrize("slug", SLUGS)
def test_brothers_and_sisters_often_live_together(sample: Path, slug: str) -> None:
    rows = looked_after(sample, slug)
    families = local(sample, slug, "circumstances").set_index("child_id").sibling_group_id
    rows["family"] = families.reindex(rows.CHILD).to_numpy()
    rows = rows[(rows.family != "") & rows.duplicated("family", keep=False)]
    assert len(rows) >= 60
    size = rows.groupby("family").CHILD.transform("size")
    home = ["family", "PL_POST", "PLACE_PROVIDER", "URN"]
    there = rows.groupby(home).CHILD.transform("size").where(rows.PL_POST != "", 1)
    assert 0.42 <= (there == size).mean() <= 0.68
    assert 0.05 <= ((there > 1) & (there < size)).mean() <= 0.25


# --- the local inputs --------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_urns_match_the_supply_register(sample: Path, slug: str) -> None:
    rows = read(sample, slug, 2025, "episodes")
    register = local(sample, slug, "provision")
    assert register.urn.is_unique
    assert register.urn.str.fullmatch(r"\d{7}").all()
    given = rows[rows.URN != "XXXXXXX"]
    assert set(given.URN) <= set(register.urn)
    regulated = ["U4", "U5", "U6", "K1", "K2", "K3", "S1"]
    plain = rows[rows.PLACE.isin(regulated) & rows.PLACE_PROVIDER.isin(["PR1", "PR4", "PR5"])]
    assert (plain.URN != "XXXXXXX").all()
    assert (rows[rows.PLACE.str.match("[ATZPR]|H5")].URN == "XXXXXXX").all()
    kind = register.set_index("urn").provision_type
    homes = rows[rows.PLACE == "K2"]
    assert (kind.reindex(homes.URN) == "childrens_home").all()
    assert (register.vacancies.astype(int) <= register.places.astype(int)).all()


@pytest.mark.parametrize("slug", SLUGS)
def test_children_with_carers_match_the_returns(sample: Path, slug: str) -> None:
    rows = looked_after(sample, slug)
    fostered = rows[rows.PLACE.isin(FOSTERED) & (rows.PLACE_PROVIDER == "PR1")]
    carers = local(sample, slug, "carers")
    general = carers[carers.carer_type != "kinship"]
    # A child away for a few nights keeps a place with the carer.
    away = (rows.PLACE.str.startswith("T")).sum()
    assert 0 <= general.children_placed.astype(int).sum() - len(fostered) <= away
    assert (general.children_placed.astype(int) <= general.places_approved.astype(int)).all()
    left = carers[carers.left_date != ""]
    assert (left.children_placed == "0").all()
    assert (left.left_date > left.approved_date).all()


def test_herefordshire_occupancy(sample: Path) -> None:
    carers = local(sample, "herefordshire", "carers")
    general = carers[(carers.carer_type != "kinship") & (carers.left_date == "")]
    placed = general.children_placed.astype(int).sum()
    assert abs(placed / len(general) - 1.2) <= 0.05


@pytest.mark.parametrize("slug", SLUGS)
def test_ledger_matches_the_placements(sample: Path, slug: str) -> None:
    rows = looked_after(sample, slug)
    ledger = local(sample, slug, "ledger")
    running = ledger[ledger.end_date == ""].set_index("child_id")
    assert running.index.is_unique
    paid = rows[rows.PLACE.isin([*FOSTERED, "K2", "K3", "K1", "S1"])].set_index("CHILD")
    assert set(paid.index) <= set(running.index)
    matched = running.loc[paid.index]
    assert (matched.place_code == paid.PLACE).all()
    assert (matched.provider_code == paid.PLACE_PROVIDER).all()
    foster = ledger[ledger.place_code.isin(FOSTERED)]
    assert set(foster[foster.contract == "in_house"].cost_gbp_per_week) == {"550"}
    assert {"780", "920"} <= set(foster.cost_gbp_per_week)
    homes = ledger[ledger.place_code == "K2"].cost_gbp_per_week.astype(float)
    assert 3600 <= homes.mean() <= 4400


@pytest.mark.parametrize("slug", SLUGS)
def test_referrals_and_population(sample: Path, slug: str) -> None:
    referrals = local(sample, slug, "referrals")
    assert set(referrals.outcome) == {"placed", "placed_unregistered", "withdrawn", "open"}
    assert set(referrals.placement_group_sought) <= set(codes.PLACEMENT_GROUPS)
    placed = referrals[referrals.outcome.str.startswith("placed")]
    assert (placed.placed_date >= placed.referral_date).all()
    population = local(sample, slug, "population")
    for _, year in population.groupby("mid_year"):
        counts = year.set_index("age_group").children.astype(int)
        assert counts["0-17"] == counts.drop("0-17").sum()
    expected = {"herefordshire": 35_300, "nottingham": 69_000, "brighton-and-hove": 50_000}
    newest = population[(population.mid_year == "2024") & (population.age_group == "0-17")]
    assert int(newest.children.iloc[0]) == expected[slug]


@pytest.mark.parametrize(("slug", "code"), SLUGS.items())
def test_profile(sample: Path, slug: str, code: str) -> None:
    profile = tomllib.loads((sample / slug / "profile.toml").read_text(encoding="utf-8"))
    assert profile["authority"]["code"] == code
    assert profile["authority"]["synthetic"] is True
    assert profile["disclosure"]["threshold"] == 5
    assert len(profile["neighbours"]["codes"]) == 10
    assert all(isinstance(t["by"], dt.date) for t in profile["targets"])


# --- the geography -----------------------------------------------------------------------


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
    sample: Path, directory: pd.DataFrame
) -> None:
    known = set(directory.pcds)
    for slug in SLUGS:
        rows = pd.concat([read(sample, slug, year, "episodes") for year in YEARS])
        placed = rows.PL_POST
        strange = placed[(placed != "") & ~placed.isin(known)]
        assert 0 < len(strange) < 0.01 * len(rows)
        assert 0 < (placed == "").mean() < 0.02
        assert strange.str.fullmatch(r"[A-Z]{1,2}\d{1,2} 0[A-Z]{2}").all()


# --- writing -----------------------------------------------------------------------------


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    """In another process, with another hash seed, and for one authority alone."""
    to = tmp_path / "one"
    script = (
        "import sys, pathlib, sufficiency_lib.sample as s;"
        "s.write_sample(pathlib.Path(sys.argv[1]), authorities=['E06000019'])"
    )
    root = str(Path(__file__).resolve().parents[1])
    subprocess.run(
        [sys.executable, "-c", script, str(to)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": root},
    )
    ours, theirs = digests(to), digests(sample)
    ours.pop("PROVENANCE.md")
    assert ours.items() <= theirs.items()
    assert sorted(p.name for p in to.iterdir()) == ["PROVENANCE.md", "herefordshire", "reference"]


def test_another_seed_gives_other_children(sample: Path, tmp_path: Path) -> None:
    other = write_sample(tmp_path / "other", seed=7, authorities=["herefordshire"])
    assert not read(other, "herefordshire", 2025, "episodes").equals(
        read(sample, "herefordshire", 2025, "episodes")
    )
    assert abs(len(looked_after(other, "herefordshire")) - 330) <= 5


def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "sample"
    to.mkdir()
    (to / "kept.txt").write_text("kept", encoding="utf-8")

    def fail(*_: object) -> None:
        raise RuntimeError("the disc is full")

    monkeypatch.setattr(write_module, "_write_authority", fail)
    with pytest.raises(RuntimeError):
        write_sample(to)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["sample"]
    assert [p.name for p in to.iterdir()] == ["kept.txt"]


def test_an_unknown_authority_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no authority 'atlantis'.*herefordshire"):
        write_sample(tmp_path / "sample", authorities=["atlantis"])
    assert list(tmp_path.iterdir()) == []


def test_provenance_says_synthetic(sample: Path) -> None:
    text = (sample / "PROVENANCE.md").read_text(encoding="utf-8")
    assert re.search(r"synthetic\. No child", text)
    assert "seed 20250331" in text
