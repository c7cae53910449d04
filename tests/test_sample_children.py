"""The synthetic children move, wait, go missing and live together as real ones do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sample_files import SLUGS, YEARS, history, local, looked_after, read, uk


@pytest.mark.parametrize("slug", SLUGS)
def test_adoption_is_consistent(sample_dir: Path, slug: str) -> None:
    for year in YEARS:
        rows = read(sample_dir, slug, year, "episodes")
        adopted = rows[rows.REC.isin(["E11", "E12"])]
        assert adopted.PLACE.isin(["A3", "A4", "A5", "A6"]).all()
        assert set(read(sample_dir, slug, year, "ad1").CHILD) == set(adopted.CHILD)
        placed = rows[rows.PLACE.str.startswith("A")]
        decided = read(sample_dir, slug, year, "placed_for_adoption").set_index("CHILD")
        assert decided.index.is_unique
        assert set(placed.CHILD) <= set(decided.index) <= set(rows.CHILD)
        assert (uk(decided.DATE_PLACED) <= pd.Timestamp(year, 3, 31)).all()
        ceased = decided.DATE_PLACED_CEASED != ""
        assert (decided.REASON_PLACED_CEASED[ceased].str.fullmatch("RD[1-4]")).all()
        assert (decided.REASON_PLACED_CEASED[~ceased] == "").all()
        assert (placed[placed.PLACE.isin(["A5", "A6"])].LS == "E1").all()
        assert rows[rows.PLACE == "P1"].LS.isin(["C1", "C2"]).all()


@pytest.mark.parametrize("slug", SLUGS)
def test_children_wait_for_adoption(sample_dir: Path, slug: str) -> None:
    """From the decision to moving in, and from the placement order to the match."""
    every = history(sample_dir, slug)
    every["start"] = uk(every.DECOM)
    decided = pd.concat([read(sample_dir, slug, y, "placed_for_adoption") for y in YEARS])
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
    matched = pd.concat([read(sample_dir, slug, y, "ad1") for y in YEARS]).set_index("CHILD")
    assert (uk(matched.DATE_INT) == decided.reindex(matched.index)).all()
    assert 140 <= (uk(matched.DATE_MATCH) - ordered).dt.days.mean() <= 250


@pytest.mark.parametrize("slug", SLUGS)
def test_some_children_move_often_and_most_are_settled(sample_dir: Path, slug: str) -> None:
    every = history(sample_dir, slug)
    every = every[~every.LS.isin(["V3", "V4"])]
    every = every.assign(start=uk(every.DECOM), end=uk(every.DEC)).sort_values(["CHILD", "start"])
    away = every.PLACE.str.match("T[0-4]")
    # Going away for some nights and coming back is no move.
    new_carer = every.RNE.isin(["S", "P", "B"]) & ~away & ~away.shift(fill_value=False)
    begun = every[new_carer].groupby("CHILD").start
    here = looked_after(sample_dir, slug).CHILD
    born = uk(read(sample_dir, slug, 2025, "header").set_index("CHILD").DOB)
    there = (every.start <= "2024-04-01") & ~(every.end <= "2024-04-01")
    counted = (new_carer & (every.start > "2024-04-01")) | there
    placements = every[counted].groupby("CHILD").size().reindex(here, fill_value=0)
    assert 0.07 <= (placements >= 3).mean() <= 0.14
    entered = every[every.RNE == "S"].groupby("CHILD").start.max().reindex(here)
    long = here[((entered.isna() | (entered <= "2022-09-30")) & (born[here] > "2009-03-31")).values]
    since = begun.max().reindex(long)
    assert 0.62 <= (since.isna() | (since <= "2023-03-31")).mean() <= 0.76


@pytest.mark.parametrize("slug", SLUGS)
def test_answers_are_near_the_published_shares(sample_dir: Path, slug: str) -> None:
    oc2 = pd.concat([read(sample_dir, slug, year, "oc2") for year in YEARS])
    for column, share in (
        ("HEALTH_ASSESSMENT", 0.89), ("TEETH_CHECK", 0.78), ("IMMUNISATIONS", 0.85),
        ("SUBSTANCE_MISUSE", 0.03), ("CONVICTED", 0.02),
    ):  # fmt: skip
        assert abs((oc2[column] == "1").mean() - share) <= 0.015, column
    score = pd.to_numeric(oc2.SDQ_SCORE)
    assert abs(score.mean() - 13.8) <= 0.3
    oc3 = pd.concat([read(sample_dir, slug, year, "oc3") for year in YEARS])
    working = oc3.ACTIV.str.match("[FP][1-5]")
    assert 0.52 <= working.mean() <= 0.62
    assert {"P2", "P4", "P5"} <= set(oc3.ACTIV)
    unsuitable = oc3.ACCOM.str.endswith("2").sum() / (oc3.ACCOM != "0").sum()
    assert 0.08 <= unsuitable <= 0.13
    assert (oc3.IN_TOUCH == "YES").mean() > 0.9


@pytest.mark.parametrize("slug", SLUGS)
def test_outcomes_only_for_a_year_in_care(sample_dir: Path, slug: str) -> None:
    oc2 = read(sample_dir, slug, 2025, "oc2")
    open_now = looked_after(sample_dir, slug)
    assert oc2.CHILD.is_unique
    assert set(oc2.CHILD) <= set(open_now.CHILD)
    every = history(sample_dir, slug)
    recent = every[(every.RNE == "S") & (uk(every.DECOM) > "2024-03-31")]
    assert not set(oc2.CHILD) & set(recent[recent.LS != "V4"].CHILD)
    oc3 = read(sample_dir, slug, 2025, "oc3")
    born = uk(oc3.DOB)
    assert born.between("2003-04-01", "2008-03-31").all()
    assert len(oc3) > 30


@pytest.mark.parametrize("slug", SLUGS)
def test_short_breaks_are_apart(sample_dir: Path, slug: str) -> None:
    rows = read(sample_dir, slug, 2025, "episodes")
    breaks = rows[rows.LS == "V4"]
    others = rows[rows.LS != "V4"]
    assert 8 <= breaks.CHILD.nunique() <= 30
    assert not set(breaks.CHILD) & set(others.CHILD)
    assert (breaks.DEC == "").sum() == 3
    assert breaks.groupby("CHILD").size().median() >= 5


@pytest.mark.parametrize("slug", SLUGS)
def test_missing_is_mostly_teenagers(sample_dir: Path, slug: str) -> None:
    frames = pd.concat([read(sample_dir, slug, year, "missing") for year in YEARS])
    age = (uk(frames.MIS_START) - uk(frames.DOB)).dt.days / 365.25
    assert len(frames) > 30
    assert (age >= 12).mean() > 0.9
    newest = read(sample_dir, slug, 2025, "missing")
    newest = newest[(uk(newest.MIS_START) >= "2024-04-01") & (newest.MISSING == "M")]
    everyone = read(sample_dir, slug, 2025, "episodes").query("LS != 'V4'").CHILD.nunique()
    assert 0.08 <= newest.CHILD.nunique() / everyone <= 0.13
    assert len(newest) / newest.CHILD.nunique() > 3


@pytest.mark.parametrize("slug", SLUGS)
def test_brothers_and_sisters_share_a_home_postcode(sample_dir: Path, slug: str) -> None:
    rows = looked_after(sample_dir, slug)
    known = rows[rows.HOME_POST != ""]
    shared = known.duplicated(["HOME_POST", "DECOM"], keep=False) | known.duplicated(
        "HOME_POST", keep=False
    )
    assert shared.mean() > 0.2


@pytest.mark.parametrize("slug", SLUGS)
def test_brothers_and_sisters_often_live_together(sample_dir: Path, slug: str) -> None:
    rows = looked_after(sample_dir, slug)
    families = local(sample_dir, slug, "circumstances").set_index("child_id").sibling_group_id
    rows["family"] = families.reindex(rows.CHILD).to_numpy()
    rows = rows[(rows.family != "") & rows.duplicated("family", keep=False)]
    assert len(rows) >= 60
    size = rows.groupby("family").CHILD.transform("size")
    home = ["family", "PL_POST", "PLACE_PROVIDER", "URN"]
    there = rows.groupby(home).CHILD.transform("size").where(rows.PL_POST != "", 1)
    assert 0.42 <= (there == size).mean() <= 0.68
    assert 0.05 <= ((there > 1) & (there < size)).mean() <= 0.25
