"""A run that is killed, or finds no room, at any moment leaves the last good and the truth."""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from crashes import SLUGS, KilledError, check_settled, edition_of, reason_of, run, stopped_at

from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.runs import earlier
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.task import Outcome


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Scratch folders of the test's own."""
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    gc.freeze()
    yield
    gc.unfreeze()


def moments(tmp_path: Path, **told) -> int:
    """How many changes to files a second run makes."""
    run(tmp_path / "old", "old", **told)
    shutil.copytree(tmp_path / "old", tmp_path / "first")
    with stopped_at(0, tmp_path, kills=True, goes_on=True) as counted:
        run(tmp_path / "first", "new", **told)
    return counted.count


def is_killed(moment: int, below: Path, place: Path, **told) -> bool:
    """Kill a second run; no trace of it is kept, as that would keep its locks too."""
    try:
        with stopped_at(moment, below, kills=True, goes_on=True):
            run(place, "new", **told)
    except KilledError:
        gc.collect()
        return True
    return False


def standing(root: Path, slug: str) -> str:
    """The edition that stands, or that the next run puts back in its place."""
    if (root / slug).is_dir():
        return edition_of(root / slug)
    out = [path for path in root.glob(".*") if slug in path.name and "building" not in path.name]
    assert len(out) == 1
    return edition_of(out[0])


@pytest.mark.parametrize("keep", [0, 1])
def test_a_run_killed_at_any_moment_is_mended_by_the_next(tmp_path, keep):
    last = moments(tmp_path, keep=keep)
    assert last > 40
    under_way = 0
    for moment in range(1, last + 1):
        place = tmp_path / str(moment)
        shutil.copytree(tmp_path / "old", place)
        assert is_killed(moment, tmp_path, place, keep=keep)
        root = place / "outputs"
        content = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
        for slug in SLUGS:
            entry = content["authorities"][slug]
            if entry["status"] == "done" and entry["fingerprint"]["inputs"] == "new":
                assert edition_of(root / slug) == "new"
            elif entry["status"] == "running":
                under_way += 1
                assert reason_of(place, slug, "new") == "did not finish last time"
            assert standing(root, slug) in ("old", "new")
        OutputFolder(root).prepare()
        assert {edition_of(root / slug) for slug in SLUGS} <= {"old", "new"}
        run(place, "new", keep=keep)
        check_settled(place, "new")
        assert not list((tmp_path / "t").iterdir())
        for slug in SLUGS:
            shelf = earlier.kept(earlier.shelf(root, slug, internal=False))
            assert [edition_of(one) for one in shelf] == ["old"] * keep
    assert under_way > 20


@pytest.mark.parametrize("goes_on", [False, True], ids=["once", "from then on"])
def test_a_disk_that_is_full_at_any_moment_is_said_and_keeps_the_last_good(tmp_path, goes_on):
    last = moments(tmp_path)
    said = set()
    for moment in range(1, last + 1):
        place = tmp_path / str(moment)
        shutil.copytree(tmp_path / "old", place)
        with stopped_at(moment, tmp_path, kills=False, goes_on=goes_on):
            try:
                outcomes = run(place, "new")
            except SufficiencyError as error:
                said.add(str(error).partition(" (")[0])
                assert "No space left on device" in str(error)
            else:
                said |= {outcome.failure for outcome in outcomes}
        root = place / "outputs"
        assert {standing(root, slug) for slug in SLUGS} <= {"old", "new"}
        for slug, entry in Manifest.read(root).authorities.items():
            if entry["status"] == "done" and entry["fingerprint"]["inputs"] == "new":
                assert edition_of(root / slug) == "new"
        run(place, "new")
        check_settled(place, "new")
    assert {None, "What happened could not be written into 'outputs'"} <= said
    # Where the end cannot be written either, that is what is said.
    assert ("stopped" in said) is not goes_on


def test_what_was_not_reached_keeps_its_own_reason(tmp_path):
    run(tmp_path, "old")

    def killed(task, tell):
        raise KilledError

    with pytest.raises(KilledError):
        run(tmp_path, "new", work=killed)
    assert reason_of(tmp_path, "kent", "new") == "did not finish last time"
    assert reason_of(tmp_path, "york", "old") == ""
    assert Manifest.read(tmp_path / "outputs").failures() == ["kent"]


def test_a_folder_that_vanishes_under_a_run_is_a_sentence(tmp_path):
    def vanishes(task, tell):
        shutil.rmtree(tmp_path / "outputs")
        return Outcome(task.slug)

    with pytest.raises(SufficiencyError, match="See that the folder is there and has room"):
        run(tmp_path, "new", work=vanishes)


# --- processes that are killed ---------------------------------------------------------------


needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")


def started(tmp_path: Path, *told: str) -> subprocess.Popen:
    """A run in a process of its own, which nothing else of this one's is seen by."""
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "TMPDIR": str(tmp_path / "t"), "PYTHONPATH": paths}
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("crashes.py")), *told],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(happens, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@needs_signals
def test_nothing_outlives_a_run_that_is_killed(tmp_path):
    running = started(tmp_path, str(tmp_path), "new", "600", "sleep", "600")
    built = [tmp_path / "outputs" / f".building-{slug}" / "appendix.html" for slug in SLUGS]
    wait_for(lambda: all(path.exists() for path in built) or running.poll() is not None)
    started_by_it = psutil.Process(running.pid).children(recursive=True)
    assert [process.name() for process in started_by_it].count("sleep") == 2
    running.kill()
    running.wait()
    _, alive = psutil.wait_procs(started_by_it, timeout=10)
    assert not alive
    run(tmp_path, "new")
    check_settled(tmp_path, "new")
    assert not list((tmp_path / "t").glob("sf-*"))


@needs_signals
def test_runs_killed_at_random_moments_are_mended_by_the_next(tmp_path):
    kills = int(os.environ.get("SUFFICIENCY_KILLS", "2"))
    chance = random.Random(8)
    run(tmp_path, "0")
    for number in range(1, kills + 1):
        running = started(tmp_path, str(tmp_path), str(number), "0.05")
        manifest = tmp_path / "outputs" / "manifest.json"
        wait_for(lambda r=running, m=manifest: "running" in m.read_text() or r.poll() is not None)
        time.sleep(chance.uniform(0, 2))
        running.kill()
        running.communicate()
        for slug in SLUGS:
            assert standing(tmp_path / "outputs", slug) in (str(number - 1), str(number))
        run(tmp_path, str(number))
        check_settled(tmp_path, str(number))
    assert not list((tmp_path / "t").glob("sf-*"))
