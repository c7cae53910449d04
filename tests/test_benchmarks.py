"""The made-up England that the benchmark counts, its measures, and how answers are compared."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from pandas.testing import assert_frame_equal

from benchmarks.demand_model import (
    AS_IT_COMES,
    AS_OURS,
    OURS,
    Said,
    as_said,
    each_forecast,
    errors,
    planned,
    without_short_breaks,
)
from benchmarks.differences import difference
from benchmarks.england import (
    EPISODES,
    FIRST_DAY,
    LAST_DAY,
    LOOKED_AFTER,
    Size,
    authority_sizes,
    england,
)
from benchmarks.england_returns import (
    LOOKED_AFTER as IN_RETURNS,
)
from benchmarks.england_returns import (
    PUBLISHED_SIZES,
    Made,
    made_up,
    of_middle_size,
    sizes,
    write_returns,
)
from benchmarks.forecast_coverage import coverage_toml, summed_up
from benchmarks.forecast_truth import DAYS_A_YEAR, Truth, Wandering, made_up_history
from benchmarks.measures import MEASURES, WITHOUT_SQL, tables_of
from benchmarks.metrics import Sides, summary, table
from benchmarks.runner import FLOOR, KEPT, PLAIN, SUITE, Bench, Timed
from benchmarks.runner import summary as runner_summary
from benchmarks.runner import table as runner_table
from benchmarks.runner_floor import executed_here
from benchmarks.runner_plain import plain_commands
from benchmarks.runner_ways import (
    Asked,
    Took,
    as_if_run,
    differing,
    held_by_worker,
)
from benchmarks.shared import best, environment, queries
from sufficiency_lib.dataset import load
from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.settings import RunParameters

LITTLE = Size.of_children(240, authorities=3)


@pytest.fixture(scope="module")
def little() -> pd.DataFrame:
    return england(LITTLE)


@pytest.fixture(scope="module")
def tables(little) -> dict[str, pd.DataFrame]:
    return tables_of(little)


# --- the made-up England -----------------------------------------------------------------------


def test_it_has_the_size_that_was_asked_for(little):
    assert len(little) == LITTLE.episodes == round(240 * EPISODES / LOOKED_AFTER)
    assert len(on_date(little, LAST_DAY)) == 240
    assert little["authority"].nunique() == 3


def test_the_same_seed_gives_the_same_england_and_another_gives_another(little):
    assert_frame_equal(little, england(LITTLE))
    assert not little.equals(england(LITTLE, seed=1))


def test_no_child_is_in_two_places_at_once(little):
    rows = little.sort_values(["authority", "child_id", "decom"])
    same = (rows[["authority", "child_id"]] == rows[["authority", "child_id"]].shift()).all(axis=1)
    before = rows["dec"].shift()
    assert (before[same].notna() & (rows["decom"][same] >= before[same])).all()
    assert (rows["dec"].isna() | (rows["dec"] > rows["decom"])).all()


def test_nothing_in_it_ended_before_the_first_return_or_began_after_the_last(little):
    assert (little["dec"].isna() | (little["dec"] >= FIRST_DAY)).all()
    assert (little["decom"] <= LAST_DAY).all()
    assert (little["dob"].isna() | (little["dob"] <= little["decom"])).all()


def test_each_authority_numbers_its_own_children_periods_and_stays(little):
    for _, rows in little.groupby("authority"):
        assert rows["care_period_id"].min() == rows["placement_id"].min() == 1
    shared = little.groupby("child_id")["authority"].nunique()
    assert shared.max() == 3


def test_it_has_the_columns_and_types_of_a_dataset(little):
    real = load(RunParameters(authority="herefordshire")).episodes
    assert list(little.columns)[0] == "authority"
    assert set(little.columns) - {"authority"} == set(real.columns)
    assert {name: str(little[name].dtype) for name in real} == {
        name: str(real[name].dtype) for name in real
    }


def test_sizes_add_up_and_one_authority_is_tiny():
    sizes = authority_sizes(153, LOOKED_AFTER, np.random.default_rng(1))
    assert sizes.sum() == LOOKED_AFTER
    assert sizes.min() < 30 and 1_200 < sizes.max() < 3_000
    assert 300 < np.median(sizes) < 600


# --- its measures ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_has_a_table_for_each_authority(tables, name):
    made = MEASURES[name](tables)
    assert made.columns[0] == "authority"
    assert set(made["authority"]) == set(tables["episodes"]["authority"])


def test_every_measure_is_in_sql_or_the_benchmark_says_why_not():
    asked = queries()
    assert set(asked) | set(WITHOUT_SQL) == set(MEASURES)
    assert not set(asked) & set(WITHOUT_SQL)
    assert all(query.strip() for query in asked.values())


# --- what is said ------------------------------------------------------------------------------


def test_tables_that_say_the_same_do_not_differ():
    one = pd.DataFrame({"sex": ["f", "m"], "rate_pct": [50.0, float("nan")]})
    other = pd.DataFrame({"rate_pct": pd.array([None, 50], "Int64"), "sex": ["m", "f"]})
    assert difference(one, other) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.rename(columns={"n": "m"}), "only one has the columns m, n"),
        (lambda f: f.head(1), "one has 2 rows and the other 1"),
        (lambda f: f.assign(n=[1, 3]), "n is 2 in one and 3 in the other where sex is m"),
        (lambda f: f.assign(n=[1, None]), "n is 2 in one and nan in the other"),
        (lambda f: f.assign(sex=["f", "u"]), "sex is m in one and u in the other"),
    ],
)
def test_a_difference_is_told_with_the_row_it_is_in(change, said):
    frame = pd.DataFrame({"sex": ["f", "m"], "n": [1, 2]})
    assert difference(frame, change(frame)).startswith(said)


def test_what_takes_long_is_timed_once_and_the_rest_three_times():
    for seconds, most in (([5.0, 1.0], 5.0), ([0.3, 0.2, 0.25], 0.2)):
        times = iter(seconds)
        assert best(lambda times=times: next(times)) == most


def side(took: dict[str, float], **more: object) -> dict:
    return {"took": took, "loading": 1.0, "peak_mb": 900.0, "threads": 4, "version": "2"} | more


def test_only_measures_that_both_sides_have_are_set_against_each_other():
    ours = side({"mix": 3.0, "odds": 9.0}, rows={"mix": 10, "odds": 2})
    sides = Sides(ours, side({"mix": 1.5}), side({"mix": 6.0}))
    assert sides.totals() == [3.0, 1.5, 6.0]
    lines = table(sides)
    assert max(map(len, lines)) <= 100
    assert [line.split() for line in lines if line.startswith(("mix", "odds"))] == [
        ["mix", "10", "3.000", "1.500", "2.0", "6.000", "0.5"],
        ["odds", "2", "9.000", "-", "-", "-", "-"],
    ]
    growth = [[1.0, 1.0], [2.0, 2.0], [8.0, 9.0]]
    assert summary(sides, growth, {}) == (
        "2 measures of England in 12.0 s and 900 MB; 2.0 × DuckDB's time, the same answers; "
        "16 × a county is 8.0 × the time"
    )


def test_without_duckdb_the_library_is_told_alone():
    sides = Sides(side({"mix": 3.0}, rows={"mix": 10}), None, None)
    assert [line.split() for line in table(sides)][1] == ["mix", "10", "3.000"]
    assert "DuckDB" not in summary(sides, [[1.0], [2.0], [8.0]], {"mix": "n"})


# --- forecasts ---------------------------------------------------------------------------------


def test_a_wandering_truth_starts_and_ends_as_its_years_say():
    """By hand: nobody starts in the second year, and twice as many in the third."""
    wandering = Wandering(np.array([1.0, 0.0, 2.0]), np.array([1.0, 1.0, 1.0]))
    days = wandering.starts(100.0, 3 * 366, np.random.default_rng(1))
    year = wandering.year(days)
    assert (np.diff(days) >= 0).all() and not (year == 1).any()
    assert (year == 0).sum() == pytest.approx(1200, abs=5 * np.sqrt(1200))
    assert (year == 2).sum() == pytest.approx(2400, abs=5 * np.sqrt(2400))
    still = Wandering(np.ones(30), np.zeros(30))
    history = made_up_history(Truth(entries=6, moves=(0.0, 0.0, 0.0)), 1, wandering=still)
    left = history[history["dec"].notna()]
    assert ((left["dec"] - left["dob"]).dt.days / DAYS_A_YEAR).min() > 17.99


def test_what_intervals_held_is_written_as_it_is_read():
    rows = pd.DataFrame({
        "authority": [0, 1], "months": 12, "group": "all", "actual": [10, 30],
        "mean": [12.0, 29.0], "p10": [9.0, 31.0], "p90": [15.0, 40.0],
    })  # fmt: skip
    found = summed_up(rows)
    # One of two held; 2 above and 1 below, of 20 children: 2.5%, give or take 1.5 / 20.
    assert found.loc[(12, "all")].tolist() == [20.0, 50.0, 2.5, 7.5]
    said = tomllib.loads(coverage_toml({"steady": found}, 2))
    assert said["coverage"] == [{"truth": "steady", "months": 12, "group": "all",
                                 "children": 20.0, "held_pct": 50.0, "bias_pct": 2.5,
                                 "error_pct": 7.5}]  # fmt: skip
    assert said["provenance"]["authorities"] == 2


def days(*years: int) -> list[pd.Timestamp]:
    return [pd.Timestamp(year, 3, 31) for year in years]


def test_each_forecast_is_set_against_what_came():
    one, two, three = days(2020, 2021, 2022)
    came = {one: 90, two: 100, three: 50}
    said = [
        Said(OURS, one, two, 110.0, 95.0, 120.0),
        Said(OURS, one, three, 60.0, 55.0, 70.0),
        Said(OURS, two, three, 45.0, 40.0, 50.0),
        Said(AS_IT_COMES, one, two, 75.0),
    ]
    heading, ours, theirs = errors(said, came)
    # 10 of 100 and 5 of 50 a year ahead, 10 of 50 two; two of three intervals held.
    assert ours.split() == ["ours", "10.0", "20.0", "nan", "2", "of", "3"]
    assert theirs.startswith("theirs, as it comes") and theirs.split()[4:] == [
        "25.0", "nan", "nan", "says", "none"]  # fmt: skip
    assert heading.endswith("80% interval held")
    lines = each_forecast([one for one in said if one.way == OURS], came)
    assert lines[1].split() == ["2020", "2021", "100", "110", "(95", "to", "120)"]


def test_the_other_side_is_given_what_was_known_and_once_without_short_breaks(tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    (given / "e.csv").write_text("CHILD,LS\n007,V4\n008,C2\n", encoding="utf-8")
    (given / "h.csv").write_text("CHILD,DOB\n007,\n", encoding="utf-8")
    made = without_short_breaks(given, tmp_path / "alike")
    assert (made / "e.csv").read_text(encoding="utf-8") == "CHILD,LS\n008,C2\n"
    assert (made / "h.csv").read_text(encoding="utf-8") == "CHILD,DOB\n007,\n"
    origin, *ahead = days(2020, 2021, 2022)
    six_months, whole = planned("2018-04-01", origin, ahead, given, made)
    assert (six_months["start"], whole["start"]) == ("2019-09-30", "2018-04-01")
    assert six_months["days"] == whole["days"] == ["2021-03-31", "2022-03-31"]
    assert as_said([whole | {"said": [4.0, 5.0]}])[1] == Said(AS_OURS, origin, ahead[1], 5.0)


def test_what_cannot_be_installed_is_none(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert environment(tmp_path / "taken", tmp_path / "requirements.txt") is None


# --- appendices of a made-up England -------------------------------------------------------------


def test_authorities_are_as_large_as_englands():
    everyone = made_up()
    assert len({made.name for made in everyone}) == 153
    assert sum(sizes()) == pytest.approx(IN_RETURNS, rel=0.01)
    assert min(sizes()) < 100 and 1_500 < max(sizes()) < max(PUBLISHED_SIZES)
    few = [made.looked_after for made in of_middle_size(everyone, 4)]
    assert few[0] == np.median(sizes()) and max(few) < 1.05 * min(few)


def test_published_sizes_are_those_that_were_published(shared_dir):
    said = pd.read_csv(
        shared_dir / "reference" / "cla_number_and_rate_per_10k_children.csv",
        encoding="utf-8-sig", na_values=["z", "x", "c", "k"],
    )  # fmt: skip
    said = said[(said["time_period"] == 2025) & (said["geographic_level"] == "Local authority")]
    said = said[said["population_type"].str.contains("on 31 March")]["children_count"].dropna()
    steps = np.linspace(0, 100, len(PUBLISHED_SIZES))
    assert np.percentile(said.astype(float), steps).round().tolist() == list(PUBLISHED_SIZES)


@pytest.fixture(scope="module")
def little_returns(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("england")
    write_returns([Made("made-up-001", 30, "E06000018"), Made("made-up-002", 25, "E06000019")],
                  folder)  # fmt: skip
    return folder


def test_a_run_can_read_what_is_written(little_returns, sample_dir):
    store = sample_dir / "reference" / "store"
    told = RunParameters(authority="made-up-002", data=little_returns, reference=store)
    read = load(told)
    assert read.return_years == [2021, 2022, 2023, 2024, 2025]
    assert len(on_date(read.episodes, LAST_DAY)) == pytest.approx(25, abs=5)
    found = read.episodes["home_authority"].dropna()
    assert (found == "E06000019").mean() > 0.9
    assert len(read.ledger) and len(read.referrals)


def test_the_same_returns_are_written_again(little_returns, tmp_path):
    write_returns([Made("made-up-002", 25, "E06000019")], tmp_path)
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert len(files) == 5 * 10 + 2 + 8
    for path in files:
        assert path.read_bytes() == (little_returns / path.relative_to(tmp_path)).read_bytes()


def test_what_is_filled_as_if_it_had_been_run_is_up_to_date(
    little_returns, sample_dir, tmp_path
):
    """One authority was run; the other's outputs are its, and its fingerprint its own."""
    own, everyone = tmp_path / "own", tmp_path / "everyone"
    (own / "out" / "made-up-001" / "tables").mkdir(parents=True)
    for name in ("index.html", "summary.csv", "made-up-001/appendix.html",
                 "made-up-001/tables/a.csv"):  # fmt: skip
        (own / "out" / name).write_text(name, encoding="utf-8")
    entry = {"authorities": {"made-up-001": {"seconds": 9.5}}, "version": 1}
    (own / "out" / "manifest.json").write_text(json.dumps(entry), encoding="utf-8")
    store = sample_dir / "reference" / "store"
    assert as_if_run(little_returns, store, own, everyone) == 2
    told = subprocess.run(
        [sys.executable, "-m", "sufficiency_lib", "run", "--all", "--dry-run", "--data",
         str(little_returns), "--reference", str(store), "--out", str(everyone / "out")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.splitlines() == ["made-up-001: up to date", "made-up-002: up to date"]
    assert differing(own, everyone, ["made-up-001"]) == []
    (everyone / "out" / "made-up-001" / "tables" / "b.csv").write_text("b", encoding="utf-8")
    assert differing(own, everyone, ["made-up-001"]) == ["made-up-001/b.csv"]


class Process:
    """As much of a psutil.Process as memory is asked of."""

    def __init__(self, pid: int, parent: int, held: int, below: list[Process] | None = None):
        self.pid, self._parent, self._held, self._below = pid, parent, held, below or []

    def ppid(self) -> int:
        return self._parent

    def children(self, *, recursive: bool) -> list[Process]:
        assert recursive
        return self._below

    def memory_full_info(self) -> SimpleNamespace:
        return SimpleNamespace(pss=self._held, uss=0)


def test_memory_is_of_a_worker_with_all_that_it_started():
    """A command, the server of its forks, two workers, and a kernel that one's helper started."""
    below = [Process(2, 1, 10), Process(3, 2, 100), Process(4, 2, 200), Process(5, 3, 1000),
             Process(6, 5, 10_000)]  # fmt: skip
    root = Process(1, 99, 1, below)
    assert held_by_worker(root, 2) == {0: 11, 3: 11_100, 4: 200}
    assert held_by_worker(root, 1) == {0: 1, 2: 11_310}
    took = Took()
    took.look(root, 2)
    took.look(Process(1, 99, 5), 2)
    assert (took.in_all, took.most) == (11_311, 11_100)


def test_the_plain_way_is_told_what_a_run_is_told(tmp_path):
    asked = Asked(("a", "b"), tmp_path / "data", tmp_path / "store")
    papermill, nbconvert = plain_commands(tmp_path / "01_x.ipynb", tmp_path / "o.ipynb", "b", asked)
    assert papermill[1:3] == ["-m", "papermill"] and nbconvert[1:3] == ["-m", "nbconvert"]
    told = papermill[papermill.index("-r"):]
    assert told[0::3] == ["-r"] * 3
    assert dict(zip(told[1::3], told[2::3], strict=True)) == {
        "authority": "b", "data": str(asked.data), "reference": str(asked.reference)}  # fmt: skip


def test_cells_run_here_leave_what_a_kernel_would(tmp_path):
    notebook = new_notebook(cells=[
        new_code_cell('authority = "x"', metadata={"tags": ["parameters"]}),
        new_code_cell("from IPython.display import HTML, display\ndisplay(HTML(authority))\n1 + 1"),
    ], metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }})  # fmt: skip
    nbformat.write(notebook, tmp_path / "01_x.ipynb")
    ran = executed_here(tmp_path / "01_x.ipynb", RunParameters(authority="herefordshire"))
    shown, result = ran.cells[-1].outputs
    assert shown.data["text/html"] == "herefordshire"
    assert result.data["text/plain"] == "2"
    assert "injected-parameters" in ran.cells[1].metadata.tags


def timed(way: str, many: int, seconds: float, made: int = 2, **more: object) -> Timed:
    return Timed(way, many, made, Took(seconds, **more))


def test_ways_are_set_against_the_plain_way_and_the_floor():
    """By hand."""
    ways = [
        timed(PLAIN, 1, 200.0, busy=240.0, in_all=300_000_000),
        timed(SUITE, 1, 90.0),
        timed(FLOOR, 1, 60.0),
        timed(PLAIN, 4, 240.0, made=8),
        timed(SUITE, 4, 80.0, made=8, workers={7: 500_000_000}, in_all=900_000_000),
        timed(FLOOR, 4, 64.0, made=8),
        timed(PLAIN + KEPT, 1, 120.0),
        timed(SUITE + KEPT, 1, 10.0),
    ]
    lines = runner_table(ways)
    assert max(map(len, lines)) <= 101
    assert [line[34:].split() for line in lines[1:]] == [
        ["1", "2", "100.0", "120.0", "1.0", "1.0", "-", "-", "300"],
        ["1", "2", "45.0", "-", "2.2", "2.2", "1.5", "-", "-"],
        ["1", "2", "30.0", "-", "3.3", "3.3", "1.0", "-", "-"],
        ["4", "8", "30.0", "-", "3.3", "1.0", "-", "-", "-"],
        ["4", "8", "10.0", "-", "10.0", "3.0", "1.2", "500", "900"],
        ["4", "8", "8.0", "-", "12.5", "3.8", "1.0", "-", "-"],
        ["1", "2", "60.0", "-", "1.0", "1.0", "-", "-", "-"],
        ["1", "2", "5.0", "-", "12.0", "12.0", "-", "-", "-"],
    ]
    assert runner_summary(ways, 153, 4.2) == [
        "1 worker: 45.0 s an appendix, 2.2 × as fast as the plain way in series, 2.2 × as fast as "
        "it with as many at once, 1.5 × the floor's time",
        "4 workers: 10.0 s an appendix, 10.0 × as fast as the plain way in series, 3.0 × as fast "
        "as it with as many at once, 1.2 × the floor's time",
        "153 unchanged in 4.2 s; 153 from nothing with 4 workers, reckoned from 8: 26 min",
    ]


def test_each_way_makes_as_many_as_it_has_workers_or_as_were_asked_for(tmp_path):
    asked = Asked(tuple("abcdefgh"), tmp_path, tmp_path)
    one, two = Bench(asked, tmp_path, 0, 1), Bench(asked, tmp_path, 0, 2)
    assert [len(one.asked_of(many).names) for many in (1, 2, 4)] == [1, 2, 4]
    assert [len(two.asked_of(many).names) for many in (1, 2, 4)] == [2, 4, 8]
    assert Bench(asked, tmp_path, 3, 1).asked_of(4).names == ("a", "b", "c")
