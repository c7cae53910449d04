"""One authority on a worker of a cluster: what is sent there, what is done, what comes back.

A worker is a dask worker; all that it does for us is to call `run_unit`. The run itself is the
one that this machine would do (`pool`): a process of its own for each authority, so that neither
a worker's threads nor its memory meet a notebook.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.intake.folders import find_authority
from sufficiency_lib.runs.fingerprint import combined, input_hashes, library_hash, packages_hash
from sufficiency_lib.runs.forks import can_fork
from sufficiency_lib.runs.interrupts import Interrupts, noted
from sufficiency_lib.runs.kernels import scratch_parent
from sufficiency_lib.runs.lock import scratch_of_a_run, sweep
from sufficiency_lib.runs.parcel import pack
from sufficiency_lib.runs.pool import Work, run_side_by_side
from sufficiency_lib.runs.task import Outcome, Progress, Task
from sufficiency_lib.settings import RunParameters, sample_folder

#: A log is for a person to read; of one that is longer, the end comes back.
_LONGEST_LOG_BYTES = 2_000_000

#: What this worker is doing, by run: to be stopped when the run is.
_UNDER_WAY: defaultdict[str, set[Interrupts]] = defaultdict(set)


@dataclass(frozen=True)
class Unit:
    """One authority as it is sent to a worker.

    run         the name of the run that it is part of
    task        as on the machine that sends it; its folders are that machine's
    notebooks   those to run, by file name
    reuse       executed notebooks to take over, by file name
    inputs      hash of the authority's inputs (see `inputs_hash`)
    version     of the suite and its packages (see `version`)
    step_limit  seconds that a step may take
    """

    run: str
    task: Task
    notebooks: Mapping[str, bytes]
    reuse: Mapping[str, bytes]
    inputs: str
    version: Mapping[str, str]
    step_limit: float


@dataclass(frozen=True)
class Done:
    """How a unit ended: `built` is the folder of outputs (see `parcel`), none after a failure."""

    outcome: Outcome
    built: bytes = b""
    log: bytes = b""


def version() -> dict[str, str]:
    """What must be the same wherever a run's authorities are run."""
    return {"the suite": library_hash(), "its packages": packages_hash()}


def inputs_hash(parameters: RunParameters) -> str:
    """One hash of an authority's files as this machine sees them.

    Raises ConfigurationError when they are not there.
    """
    data = parameters.data or sample_folder()
    return combined(input_hashes(find_authority(parameters.authority, data), data))


def run_unit(unit: Unit, work: Work) -> Done:
    """Run a unit on the dask worker that calls this; its progress is an event of the run's."""
    from distributed import get_worker

    worker = get_worker()
    # A worker that its nanny started is marked as one that ends with it and may therefore have no
    # processes of its own. Ours end with the worker: nobody is left to listen to them.
    multiprocessing.current_process().daemon = False
    return do_unit(
        unit, work, where=worker.address,
        on_progress=lambda step: worker.log_event(unit.run, {"step": asdict(step)}),
    )


def do_unit(
    unit: Unit, work: Work, *, where: str, on_progress: Callable[[Progress], None]
) -> Done:
    """Run a unit here, in a folder of its own that is gone afterwards (see `lock`).

    `where` names this worker in a sentence. Whatever is wrong with the data, the settings or the
    notebooks is an Outcome, so that it is never tried again; only what is wrong with the worker
    is raised.
    """
    slug = unit.task.slug
    if version() != dict(unit.version):
        message = f"The worker {where} has another version of the suite or of its packages."
        return Done(Outcome(slug, "configuration", message))
    unseen = _unseen(unit, where)
    if unseen:
        return Done(Outcome(slug, "bad input", unseen))
    sweep(scratch_parent())
    with scratch_of_a_run(scratch_parent()) as home, _stoppable(unit.run) as interrupts:
        return _run(unit, work, home, on_progress, interrupts)


def stop(run: str) -> None:
    """Stop what this worker does for a run: it was interrupted where it was started."""
    for interrupts in list(_UNDER_WAY.get(run, ())):
        with suppress(OSError):  # It has just ended by itself.
            interrupts.note(signal.SIGINT)


@contextmanager
def _stoppable(run: str) -> Iterator[Interrupts]:
    with noted() as interrupts:
        _UNDER_WAY[run].add(interrupts)
        try:
            yield interrupts
        finally:
            _UNDER_WAY[run].discard(interrupts)


def _unseen(unit: Unit, where: str) -> str:
    """What this worker cannot see of the data, in a sentence; blank when it sees all."""
    parameters = unit.task.parameters
    share = "share the folder with every worker at the same path."
    for folder in (parameters.data, parameters.reference):
        if folder is not None and not folder.exists():
            return f"The worker {where} has no folder '{folder}'; {share}"
    try:
        same = inputs_hash(parameters) == unit.inputs
    except (SufficiencyError, OSError):
        return f"The worker {where} cannot read the authority's returns; {share}"
    return "" if same else f"The worker {where} sees other files in the data folder; {share}"


def _run(
    unit: Unit, work: Work, home: Path, on_progress: Callable[[Progress], None],
    interrupts: Interrupts,
) -> Done:
    task = _at_home(unit, home)
    try:
        [outcome] = run_side_by_side(
            [task], work, jobs=1, step_limit=unit.step_limit, on_progress=on_progress,
            interrupts=interrupts,
        )
    except KeyboardInterrupt:
        return Done(Outcome(task.slug, "stopped", "The run was interrupted."))
    message = outcome.message.replace(str(task.log), str(unit.task.log))
    log = task.log.read_bytes()[-_LONGEST_LOG_BYTES:] if task.log.is_file() else b""
    if not outcome.ok:
        return Done(replace(outcome, message=message), log=log)
    try:
        return Done(replace(outcome, message=message), pack(task.building), log)
    except SufficiencyError as error:
        return Done(Outcome(task.slug, "stopped", str(error), seconds=outcome.seconds), log=log)


def _at_home(unit: Unit, home: Path) -> Task:
    """The task with folders of this machine, and its notebooks in them."""
    building, scratch = home / "building", home / "s"
    for folder in (building, scratch):
        folder.mkdir()
    return replace(
        unit.task,
        notebooks=_written(unit.notebooks, home / "notebooks"),
        reuse=_written(unit.reuse, home / "reuse"),
        building=building,
        scratch=scratch,
        log=home / "logs" / unit.task.log.name,
        forks=unit.task.forks and can_fork(),
    )


def _written(files: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)
