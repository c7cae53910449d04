"""Runs that are killed, or find no room on the disk, at a moment of a test's choosing.

The moments are the changes to files: nothing of a run is anywhere else. Python tells of each
before it happens, and what is raised then stands for the kill, or for what the system answers.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from run_stand_in import planned

from sufficiency_lib.runs import conduct, plan
from sufficiency_lib.runs.fingerprint import tree_hashes
from sufficiency_lib.runs.lock import one_run_at_a_time
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.pool import run_side_by_side
from sufficiency_lib.runs.task import Outcome, Progress

SLUGS = ("kent", "york")
FILES = ("appendix.html", "tables/headline.csv", "notebooks/01_one.ipynb")
_MAKES = {"os.mkdir", "os.rename"}
_REMOVES = {"os.remove", "os.rmdir"}


class KilledError(BaseException):
    """Stands for SIGKILL: nothing that is done after it has an effect either."""


class _Moments:
    """Counts the changes to files below a folder, and stops one of them."""

    def __init__(self) -> None:
        self.below = ""
        self.count = self.at = 0
        self.kills = self.goes_on = False

    def heard(self, event: str, told: tuple) -> None:
        if not self.below or not self._is_change(event, told):
            return
        self.count += 1
        if self.count == self.at or (self.at and self.goes_on and self.count > self.at):
            if self.kills:
                raise KilledError
            if event not in _REMOVES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _is_change(self, event: str, told: tuple) -> bool:
        if event == "open":
            changes = isinstance(told[2], int) and told[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        elif event in _REMOVES and told[1] != -1:
            return True  # Named from the folder it is in: part of the removal of a tree.
        else:
            changes = event in _MAKES or event in _REMOVES
        return bool(changes) and isinstance(told[0], str | os.PathLike) and (
            os.fspath(told[0]).startswith(self.below)
        )  # fmt: skip


_moments = _Moments()
_listening: list[bool] = []


@contextmanager
def stopped_at(moment: int, below: Path, *, kills: bool, goes_on: bool) -> Iterator[_Moments]:
    """Stop the change to a file that is the `moment`th one in the block; 0 only counts them.

    kills    as SIGKILL would, otherwise as a full disk would
    goes_on  every change after it is stopped too, but for removals where the disk is full
    """
    if not _listening:
        sys.addaudithook(_moments.heard)
        _listening.append(True)
    _moments.below, _moments.count, _moments.at = str(below), 0, moment
    _moments.kills, _moments.goes_on = kills, goes_on
    try:
        yield _moments
    finally:
        _moments.below = ""


def in_turn(tasks, work, *, on_begin, **_told) -> Iterator[Outcome]:
    """Stands in for processes side by side: one authority after the other, in this one."""
    for task in tasks:
        try:
            on_begin(task)
            yield work(task, lambda step: None)
        except OSError as error:
            yield Outcome(task.slug, "stopped", str(error))


@dataclass(frozen=True)
class Writes:
    """Stands for the work of an authority: an edition in three files.

    seconds  how long each takes
    starts   a command to start first, and leave running
    """

    edition: str
    seconds: float = 0.0
    starts: tuple[str, ...] = ()

    def __call__(self, task, tell) -> Outcome:
        if self.starts:
            subprocess.Popen(self.starts)
        for number, file in enumerate(FILES):
            tell(Progress(task.slug, file, number, len(FILES)))
            path = task.building / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(self.edition, encoding="utf-8")
            time.sleep(self.seconds)
        return Outcome(task.slug, facts={"as_at": "2025-03-31", "tables": {}})


def run(
    tmp_path: Path, edition: str, *, keep: int = 0, work=None, runner=in_turn
) -> list[Outcome]:
    """Plan and carry out a run whose inputs are of this edition, as the command does."""
    outputs = OutputFolder(tmp_path / "outputs")
    with one_run_at_a_time(outputs.root):
        outputs.prepare()
        manifest = Manifest.read(outputs.root)
        return conduct.carry_out(
            [planned(tmp_path, slug, reason_of(tmp_path, slug, edition), edition)
             for slug in SLUGS],
            outputs=outputs, manifest=manifest, logs=tmp_path / "logs", jobs=2, step_limit=60,
            on_progress=lambda step: None, on_outcome=lambda outcome: None,
            work=work or Writes(edition), keep=keep, runner=runner,
        )  # fmt: skip


def reason_of(tmp_path: Path, slug: str, edition: str) -> str:
    """Why the next run would run an authority."""
    root = tmp_path / "outputs"
    known = Manifest.read(root).authorities.get(slug, {})
    parts = dict.fromkeys(plan.PARTS, edition)
    return plan.why_stale(known, parts, {}, root / slug)


def edition_of(folder: Path) -> str:
    """Which edition a folder is of; it must be one, and whole."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    texts = {path.read_text(encoding="utf-8") for path in files}
    assert len(files) == 3 and len(texts) == 1, f"{folder.name} is not whole: {files}"
    return texts.pop()


def check_settled(tmp_path: Path, edition: str) -> None:
    """Everything is of one edition, says so, and nothing else is left."""
    root = tmp_path / "outputs"
    content = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    assert content["finished"] is True and set(content["authorities"]) == set(SLUGS)
    for slug, entry in content["authorities"].items():
        assert edition_of(root / slug) == edition
        assert entry["status"] == "done" and entry["outputs"] == tree_hashes(root / slug)
        assert reason_of(tmp_path, slug, edition) == ""
    assert {path.name for path in root.iterdir()} == {
        *SLUGS, "manifest.json", "index.html", "summary.csv",
    }  # fmt: skip
    index = (root / "index.html").read_text(encoding="utf-8")
    assert "Failed" not in index and all(slug.title() in index for slug in SLUGS)


def main() -> None:
    """A run in a process of its own, to be killed: FOLDER EDITION SECONDS [COMMAND…]."""
    folder, edition, seconds, *starts = sys.argv[1:]
    work = Writes(edition, float(seconds), tuple(starts))
    run(Path(folder), edition, work=work, runner=run_side_by_side)


if __name__ == "__main__":
    main()
