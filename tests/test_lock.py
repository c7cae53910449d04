"""One run at a time into a folder, and scratch folders that outlive no run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.runs.lock import LOCK, SCRATCH, one_run_at_a_time, scratch_of_a_run, sweep

HOLDS = """
import sys, time
from pathlib import Path
from sufficiency_lib.runs.lock import one_run_at_a_time, scratch_of_a_run
with one_run_at_a_time(Path(sys.argv[1])), scratch_of_a_run(Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process's run into `outputs`, with its scratch folder in `scratch`."""
    (tmp_path / "scratch").mkdir()
    running = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path / "outputs"), str(tmp_path / "scratch")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert running.stdout.readline() == "held\n"
    yield running
    running.kill()
    running.communicate()


def test_a_second_run_is_refused_and_told_of_the_first(tmp_path, other):
    began = time.monotonic()
    with pytest.raises(ConfigurationError) as refused, one_run_at_a_time(tmp_path / "outputs"):
        pass
    assert time.monotonic() - began < 5
    said = str(refused.value)
    assert said.startswith("A run into 'outputs' is under way")
    assert "wait for it with --wait" in said
    if os.name != "nt":
        assert f"(process {other.pid})" in said and " since " in said


def test_a_second_run_that_waits_begins_when_the_first_has_ended(tmp_path, other):
    said = []

    def on_wait(sentence):
        said.append(sentence)
        other.communicate("")

    with one_run_at_a_time(tmp_path / "outputs", wait=True, on_wait=on_wait):
        assert other.poll() == 0
    assert len(said) == 1 and said[0].endswith("; waiting for it.")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
def test_a_killed_run_blocks_nobody_and_its_scratch_folder_is_swept(tmp_path, other):
    [scratch] = [path for path in (tmp_path / "scratch").iterdir() if path.is_dir()]
    assert sweep(tmp_path / "scratch") == [] and scratch.is_dir()
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert (tmp_path / "outputs" / LOCK).is_file()
    with one_run_at_a_time(tmp_path / "outputs"):
        assert sweep(tmp_path / "scratch") == [scratch]
    assert not list((tmp_path / "scratch").iterdir())


def test_nothing_is_left_of_a_lock_or_of_a_folder_that_nothing_came_of(tmp_path):
    with one_run_at_a_time(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / LOCK).is_file()
    assert not (tmp_path / "a" / "b").exists()
    (tmp_path / "kept").mkdir()
    with one_run_at_a_time(tmp_path / "kept"):
        pass
    assert list((tmp_path / "kept").iterdir()) == []


def test_only_what_a_run_held_is_swept(tmp_path):
    for name in (f"{SCRATCH}not-held", "other", "other.held"):
        (tmp_path / name).mkdir()
    (tmp_path / f"{SCRATCH}linked.held").symlink_to(tmp_path / "other")
    with scratch_of_a_run(tmp_path) as folder:
        (folder / "socket").write_text("", encoding="utf-8")
        assert sweep(tmp_path) == []
        assert folder.stat().st_mode & 0o077 == 0 or os.name == "nt"
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{SCRATCH}not-held", "other", "other.held", f"{SCRATCH}linked.held"}


@pytest.mark.parametrize("under", ["file", "file/below"])
def test_outputs_that_are_a_file_are_a_sentence(tmp_path, under):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be written .*choose another with --out"):
        with one_run_at_a_time(tmp_path / under):
            pass


def test_no_room_for_a_scratch_folder_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="name another in TMPDIR"):
        with scratch_of_a_run(tmp_path / "file"):
            pass
