"""The synthetic returns are such as a council would submit, but for the untidiness meant."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sample_files import SLUGS, YEARS, history, read, uk

from sufficiency_lib import codes

EPISODE_COLUMNS = (
    "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE "
    "HOME_POST PL_POST URN"
).split()


@pytest.mark.parametrize("slug", SLUGS)
def test_folders_files_and_columns(sample_dir: Path, slug: str) -> None:
    tables = {
        "header", "episodes", "uasc", "reviews", "oc2", "oc3", "ad1", "placed_for_adoption",
        "previous_permanence", "missing",
    }  # fmt: skip
    for year in YEARS:
        expected = tables | ({"social_worker"} if year >= 2024 else set())
        assert {p.stem for p in (sample_dir / slug / str(year)).iterdir()} == expected
    rows = read(sample_dir, slug, 2025, "episodes")
    assert list(rows.columns) == EPISODE_COLUMNS
    assert list(read(sample_dir, slug, 2025, "header").columns) == [
        "CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("year", YEARS)
def test_codes_are_valid_for_the_year(sample_dir: Path, slug: str, year: int) -> None:
    rows = read(sample_dir, slug, year, "episodes")
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
def test_each_return_holds_its_own_year(sample_dir: Path, slug: str, year: int) -> None:
    rows = read(sample_dir, slug, year, "episodes")
    first, last = pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 3, 31)
    assert (uk(rows.DECOM) <= last).all()
    ends = uk(rows.DEC)
    assert ends.dropna().between(first, last).all()
    header = read(sample_dir, slug, year, "header")
    assert header.CHILD.is_unique
    assert set(header.CHILD) == set(rows.CHILD)
    assert set(read(sample_dir, slug, year, "uasc").CHILD) <= set(header.CHILD)
    assert set(read(sample_dir, slug, year, "missing").CHILD) <= set(header.CHILD)


@pytest.mark.parametrize("slug", SLUGS)
def test_open_rows_reappear_closed_or_open(sample_dir: Path, slug: str) -> None:
    """What one return leaves open the next one holds, but for the few who vanish."""
    vanished = 0
    for year in range(2021, 2025):
        now = read(sample_dir, slug, year, "episodes")
        later = read(sample_dir, slug, year + 1, "episodes")
        keys = set(zip(later.CHILD, later.DECOM, strict=True))
        still = now[now.DEC == ""].drop_duplicates()
        lost = {c for c, d in zip(still.CHILD, still.DECOM, strict=True) if (c, d) not in keys}
        vanished += len(lost)
        for following in range(year + 1, 2026):
            assert not lost & set(read(sample_dir, slug, following, "episodes").CHILD)
        # Nobody can vanish from the newest return.
        assert len(lost) == (0 if year == 2024 else 2)
    assert vanished == 6


@pytest.mark.parametrize("slug", SLUGS)
def test_histories_join_but_for_the_intended_untidiness(sample_dir: Path, slug: str) -> None:
    every = history(sample_dir, slug)
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
    newest = read(sample_dir, slug, 2025, "episodes").drop_duplicates()
    assert newest[newest.DEC == ""].CHILD.is_unique


@pytest.mark.parametrize("slug", SLUGS)
def test_new_episodes_say_what_changed(sample_dir: Path, slug: str) -> None:
    every = history(sample_dir, slug)
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
