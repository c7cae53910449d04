"""Authorities side by side, each in a process of its own.

What fails, hangs or dies in one never touches another. A process starts clean, forked from one
that only imported the libraries or else spawned, in a session of its own so that Ctrl-C reaches
only the one that started it; that one then stops every process and its kernels.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

import psutil

from sufficiency_lib.runs.forks import WARM
from sufficiency_lib.runs.interrupts import Interrupts
from sufficiency_lib.runs.kernels import quiet
from sufficiency_lib.runs.task import Outcome, Progress, Task

#: Called in the new process: (task, tell) -> Outcome.
Work = Callable[[Task, Callable[[Progress], None]], Outcome]

#: How long a process may take to begin: importing the libraries on a busy machine.
_START_SECONDS = 120.0
_START = "starting"

#: Where a signal does not end a wait (Windows), it is seen after so long.
_LONGEST_WAIT_SECONDS = 1.0

#: How long a process may take to leave once it is told to.
_GRACE_SECONDS = 5.0


def usable_cores() -> int:
    """How many cores this process may use; a container may be given fewer than there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@dataclass
class _Running:
    task: Task
    process: BaseProcess
    inbox: Connection
    began: float
    step: str
    step_began: float

    def deadline(self, limit: float) -> float:
        return self.step_began + (_START_SECONDS if self.step == _START else limit)

    def outcome(self, outcome: Outcome) -> Outcome:
        return replace(outcome, seconds=round(time.monotonic() - self.began, 1))


def run_side_by_side(
    tasks: Sequence[Task],
    work: Work,
    *,
    jobs: int,
    step_limit: float,
    on_progress: Callable[[Progress], None],
    interrupts: Interrupts,
) -> Iterator[Outcome]:
    """Run `work` on each task, at most `jobs` at a time; yields outcomes as they come.

    A step (reading the data, one notebook) that takes longer than `step_limit` seconds ends its
    run with the failure `time limit`. When the caller stops listening, is interrupted (see
    `interrupts`) or fails, everything under way is stopped and its scratch folder removed.
    """
    waiting = deque(tasks)
    running: list[_Running] = []
    try:
        while waiting or running:
            interrupts.leave_if_told()
            while waiting and len(running) < jobs:
                running.append(_start(waiting.popleft(), work))
            for one in _stirring(running, step_limit, interrupts):
                outcome = _listen(one, step_limit, on_progress)
                if outcome is not None:
                    running.remove(one)
                    if outcome.failure == "time limit":
                        _stop(one)
                    _see_off(one)
                    yield one.outcome(outcome)
    finally:
        for one in running:
            _stop(one)
        for one in running:
            _see_off(one)


def _start(task: Task, work: Work) -> _Running:
    context = _context(task.forks)
    inbox, outbox = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(task, work, outbox), name=task.slug)
    process.start()
    outbox.close()
    now = time.monotonic()
    return _Running(task, process, inbox, now, _START, now)


def _context(forks: bool) -> BaseContext:
    """How processes start: forked from one that has imported everything, or from nothing."""
    if not forks:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM])
    with quiet():
        # What a hash is seeded with is settled as a process begins, so it begins in here.
        forkserver.ensure_running()
    return context


def _in_process(task: Task, work: Work, outbox: Connection) -> None:
    """The first thing that runs in an authority's process."""
    if hasattr(os, "setsid"):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        outbox.send(work(task, outbox.send))
    except BrokenPipeError:
        sys.exit(1)  # Nobody is left to tell.


def _stirring(
    running: Sequence[_Running], limit: float, interrupts: Interrupts
) -> list[_Running]:
    """Those that have said something, have died or are past their time; waits for the first."""
    now = time.monotonic()
    patience = max(0.0, min(one.deadline(limit) for one in running) - now)
    ready = wait([interrupts.waker, *(one.inbox for one in running)],
                 timeout=min(patience, _LONGEST_WAIT_SECONDS))
    now = time.monotonic()
    return [one for one in running if one.inbox in ready or one.deadline(limit) <= now]


def _listen(
    one: _Running, limit: float, on_progress: Callable[[Progress], None]
) -> Outcome | None:
    """Take one message; an Outcome when the run is over."""
    if not one.inbox.poll():
        message = f"{one.step} took longer than {limit:g} seconds; allow more with --timeout."
        return Outcome(one.task.slug, "time limit", message)
    try:
        said = one.inbox.recv()
    except EOFError:
        return Outcome(one.task.slug, "stopped", _how_it_died(one))
    if isinstance(said, Outcome):
        return said
    one.step, one.step_began = said.what, time.monotonic()
    on_progress(said)
    return None


def _how_it_died(one: _Running) -> str:
    one.process.join(_GRACE_SECONDS)
    code = one.process.exitcode
    if code is not None and code < 0:
        how = f"was killed by signal {-code}"
        why = "; the machine may have run out of memory" if -code == 9 else ""
        return f"The process {how} during {one.step}{why}."
    return f"The process ended without a result during {one.step} (exit code {code})."


def _stop(one: _Running) -> None:
    """End a process that is under way, and its kernels with it."""
    kernels = _descendants(one.process.pid)
    one.process.terminate()
    for kernel in kernels:
        with contextlib.suppress(psutil.Error):
            kernel.kill()


def _see_off(one: _Running) -> None:
    """Wait for a process to be gone, and remove what it left in its scratch folder."""
    one.process.join(_GRACE_SECONDS)
    if one.process.is_alive():
        one.process.kill()
        one.process.join()
    one.inbox.close()
    one.process.close()
    shutil.rmtree(one.task.scratch, ignore_errors=True)


def _descendants(pid: int | None) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True) if pid else []
    return []
