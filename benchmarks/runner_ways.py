"""Each way to make appendices that `benchmarks.runner` times, as commands of their own.

All are given the same notebooks, returns and parameters, and a cache of their own that begins
empty. A way is a process with whatever it starts, so that none profits from what another, or the
benchmark, has imported.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

PROJECT = Path(__file__).resolve().parents[1]
#: How often memory is looked at: a look reads every page table, so often would cost time.
LOOK_SECONDS = 2.0
#: Longer than any step takes on a busy machine: what is slow is to be timed and not stopped.
STEP_SECONDS = 3600
#: Linux's number for: whoever is left by what this process started becomes its child.
_ADOPT_ORPHANS = 36
#: How long what a command left, a server of forks for one, may take to see that it has ended.
_LEAVING_SECONDS = 10.0
#: How many parents a worker has below the command: this suite's are forked by a server.
BELOW_SERVER, BELOW_COMMAND = 2, 1


@dataclass(frozen=True)
class Asked:
    """What every way is asked for: these authorities' appendices.

    names      their folders in `data`
    reference  the store that serves them all
    """

    names: tuple[str, ...]
    data: Path
    reference: Path

    def of(self, names: Sequence[str]) -> Asked:
        """The same of other authorities."""
        return replace(self, names=tuple(names))


@dataclass
class Took:
    """What a way took.

    seconds  from the command's start to its end
    busy     processor seconds of everything that it started; 0 where the system does not say
    workers  bytes that each worker held at most, with all that it started, by its process
    in_all   bytes that all processes held at most at one time; shared pages count once
    """

    seconds: float = 0.0
    busy: float = 0.0
    workers: dict[int, int] = field(default_factory=dict)
    in_all: int = 0

    @property
    def most(self) -> int:
        """Bytes that the largest worker held."""
        return max(self.workers.values(), default=0)

    def look(self, root: psutil.Process, below: int) -> None:
        """Note what is held now by the processes under a command."""
        held = held_by_worker(root, below)
        self.in_all = max(self.in_all, sum(held.values()))
        for worker, many in held.items():
            # What stands above the workers is not a worker.
            if worker:
                self.workers[worker] = max(self.workers.get(worker, 0), many)


def held_by_worker(root: psutil.Process, below: int) -> dict[int, int]:
    """Bytes held by each worker with what it started, by process; 0 is what is above them.

    A page that several processes share is counted in parts that add up to it, where the system
    says so (Linux); elsewhere the pages that a process alone has.
    """
    parents, held = {}, {}
    for process in [root, *_quietly(lambda: root.children(recursive=True), [])]:
        parents[process.pid] = _quietly(process.ppid, 0)
        held[process.pid] = _quietly(lambda one=process: _bytes(one), 0)
    found: dict[int, int] = {}
    for pid, many in held.items():
        line = [pid]
        while line[-1] != root.pid and parents.get(line[-1]) in parents:
            line.append(parents[line[-1]])
        # From the command down: itself, what it started, what that started …
        worker = line[-1 - below] if len(line) > below else 0
        found[worker] = found.get(worker, 0) + many
    return found


def _bytes(process: psutil.Process) -> int:
    said = process.memory_full_info()
    return getattr(said, "pss", said.uss)


def _quietly(ask: Callable[[], Any], otherwise: Any) -> Any:
    """What a process says; or something else, when it has ended meanwhile."""
    try:
        return ask()
    except psutil.Error:
        return otherwise


# --- the ways ------------------------------------------------------------------------------------


def plain(asked: Asked, own: Path, jobs: int) -> Took:
    """papermill's and nbconvert's commands, a notebook at a time, so many authorities at once."""
    return _of_module("benchmarks.runner_plain", asked, own, jobs)


def suite(asked: Asked, own: Path, jobs: int, *more: str) -> Took:
    """This suite's `run`, with so many workers."""
    command = ["run", *asked.names, "--data", asked.data, "--reference", asked.reference,
               "--out", own / "out", "--jobs", jobs, "--timeout", STEP_SECONDS, *more]  # fmt: skip
    return watched(
        [sys.executable, "-m", "sufficiency_lib", *map(str, command)], own, below=BELOW_SERVER
    )


def unchanged(data: Path, reference: Path, own: Path) -> Took:
    """This suite's `run` of every authority in a folder, none of which needs it.

    Raises SystemExit where one was run after all.
    """
    command = ["run", "--all", "--data", data, "--reference", reference, "--out", own / "out"]
    took = watched([sys.executable, "-m", "sufficiency_lib", *map(str, command)], own,
                   below=BELOW_SERVER)  # fmt: skip
    said = (own / "log").read_text("utf-8").splitlines()[-1]
    if ": 0 done, " not in said:
        raise SystemExit(f"What was not changed was run again: {said}")
    return took


def floor(asked: Asked, own: Path, jobs: int) -> Took:
    """The same notebooks and appendix without any kernel; see `benchmarks.runner_floor`."""
    return _of_module("benchmarks.runner_floor", asked, own, jobs)


def _of_module(module: str, asked: Asked, own: Path, jobs: int) -> Took:
    """A way that is a module of its own."""
    command = [sys.executable, "-m", module, *asked.names, "--data", asked.data,
               "--reference", asked.reference, "--out", own / "out", "--jobs", jobs]  # fmt: skip
    return watched([*map(str, command)], own, below=BELOW_COMMAND)


def watched(command: Sequence[str], own: Path, *, below: int) -> Took:
    """Run a command to its end, with its cache and log in a folder of its own.

    Raises SystemExit with the end of what it said, where it fails.
    """
    own.mkdir(parents=True, exist_ok=True)
    took, log = Took(), own / "log"
    with log.open("w", encoding="utf-8") as said, _busy(took):
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment_of(own), stdout=said, stderr=said
        )
        root = psutil.Process(process.pid)
        while True:
            try:
                process.wait(LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                took.look(root, below)
        took.seconds = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:4])} failed:\n{log.read_text('utf-8')[-2000:]}")
    return took


@contextlib.contextmanager
def _busy(took: Took) -> Iterator[None]:
    """Count the processor seconds of what the block starts, and of what that leaves behind."""
    adopts = sys.platform == "linux" and not ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    before = _children_seconds()
    yield
    until = time.monotonic() + _LEAVING_SECONDS
    with contextlib.suppress(ChildProcessError):
        while adopts and time.monotonic() < until:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.05)
    took.busy = _children_seconds() - before if adopts else 0.0


def _children_seconds() -> float:
    import resource  # Not on Windows, where there is no floor to compare with either.

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment_of(own: Path) -> dict[str, str]:
    """This process's environment, with a cache in a folder of its own."""
    found = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # Forked or not, the same bytes: the tables that ways leave are compared.
    return {**os.environ, "PYTHONHASHSEED": "0", "SUFFICIENCY_CACHE": str(own / "cache"),
            "PYTHONPATH": os.pathsep.join(found)}  # fmt: skip


def notebooks() -> tuple[Path, ...]:
    """Those that a report is made of."""
    from sufficiency_lib.runs.plan import report_notebooks

    return report_notebooks(PROJECT / "notebooks")


# --- what they left ------------------------------------------------------------------------------


def differing(one: Path, other: Path, names: Sequence[str]) -> list[str]:
    """The tables that two ways did not leave alike, as authority/table."""
    found = []
    for name in names:
        sides = [tables_of(own / "out" / name) for own in (one, other)]
        found += [
            f"{name}/{table}" for table in sorted({*sides[0], *sides[1]})
            if sides[0].get(table) != sides[1].get(table)
        ]  # fmt: skip
    return found


def tables_of(folder: Path) -> dict[str, bytes]:
    """The published tables of one authority, as they stand."""
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").glob("*.csv"))}


def as_if_run(data: Path, reference: Path, own: Path, everyone: Path) -> int:
    """Fill a folder with outputs of every authority in `data`, copies of those that were run.

    So that a run of them all can be planned as after a real one: fingerprints and hashes of
    inputs and outputs are each authority's own. Returns how many there are.
    """
    from sufficiency_lib import store
    from sufficiency_lib.intake.folders import list_authorities
    from sufficiency_lib.runs.fingerprint import tree_hashes
    from sufficiency_lib.runs.manifest import Manifest
    from sufficiency_lib.runs.outputs import OutputFolder
    from sufficiency_lib.runs.plan import plan
    from sufficiency_lib.settings import run_parameters

    outputs, manifest = OutputFolder(everyone / "out"), Manifest(everyone / "out")
    outputs.root.mkdir(parents=True)
    for name in ("index.html", "summary.csv"):
        shutil.copy(own / "out" / name, outputs.root)
    made, found = _manifest(own)["authorities"], list_authorities(data)
    planned = plan(
        found,
        [run_parameters(authority=one.folder.name, data=data, reference=reference)
         for one in found],
        reference=store.reference_for(reference, data).fingerprint,
        notebooks=notebooks(), outputs=outputs, manifest=manifest,
    )  # fmt: skip
    for number, one in enumerate(planned):
        slug = one.slug if one.slug in made else sorted(made)[number % len(made)]
        # The same file by another name: what is read is as much, and the disk is not filled.
        shutil.copytree(own / "out" / slug, outputs.of(one.slug), copy_function=os.link)
        facts: Mapping = made[slug] | one.entry()
        manifest.succeeded(one.slug, {**facts, "outputs": tree_hashes(outputs.of(one.slug))})
    manifest.write()
    return len(planned)


def _manifest(own: Path) -> dict:
    return json.loads((own / "out" / "manifest.json").read_text(encoding="utf-8"))
