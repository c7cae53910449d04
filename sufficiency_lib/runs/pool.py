"""Authorities side by side, each in a process of its own.

What fails, hangs or dies in one never touches another. A process starts clean, forked from one
that only imported the libraries or else spawned, in a session of its own so that Ctrl-C reaches
only the one that started it; that one then stops every process and its kernels.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

import psutil

from sufficiency_lib.moving import remove
from sufficiency_lib.runs.forks import WARM
from sufficiency_lib.runs.interrupts import Interrupts, held_back, let_through
from sufficiency_lib.runs.kernels import quiet
from sufficiency_lib.runs.limits import at_once, limit_memory, what_ran_out
from sufficiency_lib.runs.task import Outcome, Progress, Task

#: Called in the new process: (task, tell) -> Outcome.
Work = Callable[[Task, Callable[[Progress], None]], Outcome]

#: `run_side_by_side`, or what does the same elsewhere.
Runner = Callable[..., Iterator[Outcome]]

#: How long a process may take to begin: importing the libraries on a busy machine.
_START_SECONDS = 120.0
_START = "starting"

#: Where a signal does not end a wait (Windows), it is seen after so long.
_LONGEST_WAIT_SECONDS = 1.0

#: How long a process may take to leave once it is told to.
_GRACE_SECONDS = 5.0

#: A process that dies before it has begun is started again; what has begun never is.
STARTS = 3


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
    tries: int
    died: bool = False

    def deadline(self, limit: float) -> float:
        return self.step_began + (_START_SECONDS if self.step == _START else limit)

    def outcome(self, outcome: Outcome) -> Outcome:
        seconds = round(time.monotonic() - self.began, 1)
        return replace(outcome, seconds=seconds, tries=outcome.tries + self.tries - 1)


def run_side_by_side(
    tasks: Sequence[Task],
    work: Work,
    *,
    jobs: int,
    step_limit: float,
    on_progress: Callable[[Progress], None],
    interrupts: Interrupts,
    on_begin: Callable[[Task], None] = lambda task: None,
) -> Iterator[Outcome]:
    """Run `work` on each task, at most `jobs` at a time; yields outcomes as they come.

    `on_begin` is told of each task before its process starts. A process that dies before it has
    begun its first step is started again, and its outcome counts how often.

    A step (reading the data, one notebook) that takes longer than `step_limit` seconds ends its
    run with the failure `time limit`. When the caller stops listening, is interrupted (see
    `interrupts`) or fails, everything under way is stopped and its scratch folder removed.
    """
    waiting = deque((task, 1) for task in tasks)
    jobs = at_once(jobs)
    running: list[_Running] = []
    try:
        while waiting or running:
            interrupts.leave_if_told()
            yield from _fill(running, waiting, jobs, work, on_begin)
            for one in _stirring(running, step_limit, interrupts):
                outcome = _listen(one, step_limit, on_progress)
                if outcome is None:
                    continue
                running.remove(one)
                if outcome.failure == "time limit":
                    _stop(one)
                if one.died and one.step == _START and one.tries < STARTS:
                    _see_off([one], tidy=False)
                    waiting.appendleft((one.task, one.tries + 1))
                else:
                    _see_off([one])
                    yield one.outcome(outcome)
    finally:
        for one in running:
            _stop(one)
        _see_off(running)


def _fill(
    running: list[_Running], waiting: deque[tuple[Task, int]], jobs: int, work: Work,
    on_begin: Callable[[Task], None],
) -> Iterator[Outcome]:  # fmt: skip
    """Start what is waiting while there is room; yields the outcomes of what cannot be started."""
    while waiting and len(running) < jobs:
        task, tries = waiting.popleft()
        try:
            if tries == 1:
                on_begin(task)
        except OSError as error:
            message = f"It has no place to work in ({error.strerror or error})."
            yield Outcome(task.slug, "stopped", message)
            continue
        try:
            running.append(_start(task, work, tries))
        except (OSError, EOFError) as error:
            if tries < STARTS:
                waiting.appendleft((task, tries + 1))
            else:
                yield _not_started(task, error)


def _start(task: Task, work: Work, tries: int) -> _Running:
    context = _context(task.forks)
    inbox, outbox = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(task, work, outbox), name=task.slug)
    began = time.monotonic()
    try:
        with held_back():
            process.start()
    except (OSError, EOFError):
        inbox.close()
        raise
    finally:
        outbox.close()
    return _Running(task, process, inbox, began, _START, began, tries)


def _not_started(task: Task, error: Exception) -> Outcome:
    remove(task.scratch)
    why = getattr(error, "strerror", None) or "what starts processes has ended"
    message = f"Its process could not be started ({why})."
    return Outcome(task.slug, "stopped", message, tries=STARTS)


def _context(forks: bool) -> BaseContext:
    """How processes start: forked from one that has imported everything, or from nothing."""
    if not forks:
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver  # Not everywhere.

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM])
    with quiet(), held_back():
        # What a hash is seeded with is settled as a process begins, so it begins in here.
        forkserver.ensure_running()
    return context


def _in_process(task: Task, work: Work, outbox: Connection) -> None:
    """The first thing that runs in an authority's process."""
    if hasattr(os, "setsid"):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    let_through()
    try:
        outbox.send(_ended(task, work, _Tell(outbox)))
    except BrokenPipeError:
        sys.exit(1)  # Nobody is left to tell.


def _ended(task: Task, work: Work, tell: Callable[[Progress], None]) -> Outcome:
    """How the work ended, also where it could not begin."""
    try:
        limit_memory(task.memory)
        return work(task, tell)
    except BrokenPipeError:
        raise
    except Exception as error:
        return Outcome(task.slug, "stopped", what_ran_out(error) or (
            f"The process could not go on ({type(error).__name__})."
        ))


class _Tell:
    """Sends word to the process that started this one; once that is gone, ends this one."""

    def __init__(self, outbox: Connection) -> None:
        self._outbox = outbox
        self._watched = False

    def __call__(self, progress: Progress) -> None:
        if not self._watched:
            # Not before there is something to tell: kernels are forked from a process that was
            # forked from this one, and that had better have one thread.
            self._watched = True
            threading.Thread(target=_end_with_parent, daemon=True).start()
        self._outbox.send(progress)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        for kernel in _descendants(os.getpid()):
            with contextlib.suppress(psutil.Error):
                kernel.kill()
        os._exit(1)


def _stirring(
    running: Sequence[_Running], limit: float, interrupts: Interrupts
) -> list[_Running]:
    """Those that have said something, have died or are past their time; waits for the first."""
    if not running:
        return []
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
        return Outcome(one.task.slug, "time limit", _too_long(one, limit))
    try:
        said = one.inbox.recv()
    except (EOFError, OSError):
        one.died = True
        return Outcome(one.task.slug, "stopped", _how_it_died(one))
    if isinstance(said, Outcome):
        return said
    one.step, one.step_began = said.what, time.monotonic()
    on_progress(said)
    return None


def _too_long(one: _Running, limit: float) -> str:
    if one.step == _START:
        return f"Its process took longer than {_START_SECONDS:g} seconds to start."
    return f"{one.step} took longer than {limit:g} seconds; allow more with --timeout."


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


def _see_off(several: Sequence[_Running], *, tidy: bool = True) -> None:
    """Wait for processes to be gone, and remove what they left in their scratch folders."""
    until = time.monotonic() + _GRACE_SECONDS
    for one in several:
        one.process.join(max(0.0, until - time.monotonic()))
    for one in several:
        if one.process.is_alive():
            one.process.kill()
    for one in several:
        one.process.join()
        one.inbox.close()
        one.process.close()
        if tidy:
            remove(one.task.scratch)


def _descendants(pid: int | None) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True) if pid else []
    return []
