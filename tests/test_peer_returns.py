"""Other people's returns in the real format: the figures that must come out of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from small_return import write_raw_reference

from sufficiency_lib.cleaning.repair import repair
from sufficiency_lib.codes import SHORT_BREAK_LEGAL_STATUSES
from sufficiency_lib.dataset import Dataset, load
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.reference import build_reference
from sufficiency_lib.intake.returns import Returns, read_returns
from sufficiency_lib.metrics.reconciliation import reconciliation
from sufficiency_lib.settings import run_parameters

YEARS = (2018, 2019, 2020, 2021, 2022)
#: Children with an open row in their own year's return, on 31 March of each year.
CHILDREN = (432, 234, 160, 103, 62)
WITHOUT_SHORT_BREAKS = (365, 195, 134, 89, 55)
#: Rows of mainstream fostering (U4 to U6) without short breaks: in-house, all.
FOSTERING = ((120, 232), (57, 114), (48, 83), (30, 55), (15, 32))


@pytest.fixture(scope="module")
def folder() -> Path:
    found = Path(__file__).resolve().parents[1].parent / "shared" / "peer_returns" / "demand_model"
    if not found.is_dir():
        pytest.skip("the shared folder is not beside this checkout")
    return found


@pytest.fixture(scope="module")
def log() -> FindingLog:
    return FindingLog()


@pytest.fixture(scope="module")
def returns(folder: Path, log: FindingLog) -> Returns:
    return read_returns(folder, log)


@pytest.fixture(scope="module")
def dataset(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    made = tmp_path_factory.mktemp("peer")
    raw = write_raw_reference(made / "raw")
    build_reference(made / "store", postcodes=raw / "postcodes.csv", boundaries=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUFFICIENCY_CACHE", str(made / "cache"))
        return load(
            run_parameters(authority="demand_model", data=folder, reference=made / "store")
        )


def _open(returns: Returns, year: int, *, short_breaks: bool) -> pd.DataFrame:
    rows = returns.tables["episodes"]
    rows = rows[(rows["return_year"] == year) & rows["DEC"].isna() & ~rows["dec_unreadable"]]
    return rows if short_breaks else rows[~rows["LS"].isin(SHORT_BREAK_LEGAL_STATUSES)]


def test_years_are_told_from_what_the_files_hold(returns: Returns) -> None:
    # The files are named by the year in which each return begins.
    assert returns.years == YEARS
    episodes = returns.sources[returns.sources["table"] == "episodes"]
    assert dict(zip(episodes["source_file"], episodes["return_year"], strict=True)) == {
        f"{year - 1}-episodes.csv": year for year in YEARS
    }
    header = returns.sources[returns.sources["table"] == "header"]
    assert dict(zip(header["source_file"], header["return_year"], strict=True)) == {
        f"{year - 1}-header.csv": year for year in YEARS
    }


@pytest.mark.parametrize(("year", "children"), list(zip(YEARS, CHILDREN, strict=True)))
def test_children_open_in_their_own_years_return(
    returns: Returns, year: int, children: int
) -> None:
    assert _open(returns, year, short_breaks=True)["CHILD"].nunique() == children


@pytest.mark.parametrize(("year", "children"), list(zip(YEARS, WITHOUT_SHORT_BREAKS, strict=True)))
def test_children_open_without_short_breaks(returns: Returns, year: int, children: int) -> None:
    assert _open(returns, year, short_breaks=False)["CHILD"].nunique() == children


@pytest.mark.parametrize(("year", "split"), list(zip(YEARS, FOSTERING, strict=True)))
def test_mainstream_fostering_in_house(
    returns: Returns, year: int, split: tuple[int, int]
) -> None:
    rows = _open(returns, year, short_breaks=False)
    fostered = rows[rows["PLACE"].isin(["U4", "U5", "U6"])]
    assert ((fostered["PLACE_PROVIDER"] == "PR1").sum(), len(fostered)) == split


def test_nothing_in_them_is_fatal_and_what_bends_is_told(
    returns: Returns, log: FindingLog
) -> None:
    findings = log.frame()
    assert findings.groupby(["severity", "rule"]).size().to_dict() == {
        ("bending", "outside_its_year"): 3, ("cosmetic", "header_without_episode"): 5
    }


def test_repair_loses_no_row(returns: Returns) -> None:
    rows = returns.tables["episodes"]
    repaired = repair(rows, FindingLog())
    assert len(rows) == 3737
    assert len(repaired.history) + len(repaired.dropped) == 3737
    following = repaired.history.groupby("CHILD")["DECOM"].shift(-1)
    assert not (repaired.history["DEC"] > following).any()
    assert set(repaired.history.loc[repaired.history["DEC"].isna(), "return_year"]) == {2022}


def test_the_waterfall_at_the_last_return(dataset: Dataset) -> None:
    assert dataset.as_at == date(2022, 3, 31)
    steps = reconciliation(dataset.returned, dataset.episodes, pd.Timestamp(dataset.as_at))
    children = dict(zip(steps["step"], steps["children"], strict=True))
    assert children["open_in_files"] == 62
    assert children["open_after_repair"] == 62
    assert children["short_breaks"] == 7
    assert children["looked_after"] == 55


def test_the_waterfall_adds_up_in_every_year(dataset: Dataset) -> None:
    for year, children in zip(YEARS, CHILDREN, strict=True):
        steps = reconciliation(dataset.returned, dataset.episodes, pd.Timestamp(year, 3, 31))
        counted = dict(zip(steps["step"], steps["children"], strict=True))
        assert counted["open_in_files"] == children
        assert counted["open_after_repair"] == (
            counted["open_in_files"] - counted["ended_by_repair"] + counted["added_by_repair"]
        )
        assert counted["looked_after"] == counted["open_after_repair"] - counted["short_breaks"]


def test_random_postcodes_are_not_known_and_said_to_be(dataset: Dataset) -> None:
    assert (dataset.episodes["distance_band"] == "not_known").all()
    told = dataset.findings["rule"].value_counts()
    assert told["postcode_unknown"] > 1000
    assert "demand_model" in repr(dataset)
