"""The benchmarks of appendices: a made-up England's returns, and ways of running them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.england import (
    LAST_DAY,
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
from sufficiency_lib.dataset import load
from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.settings import RunParameters


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
