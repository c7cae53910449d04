"""A run on a dask.distributed cluster: authorities are submitted, and collected as they are done.

What to run where, and again when a worker is lost, is the scheduler's to decide. A worker sends
the outputs back, so that nothing but the data need be shared with it (see `unit`).
"""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.moving import remove
from sufficiency_lib.runs import unit
from sufficiency_lib.runs.interrupts import Interrupts
from sufficiency_lib.runs.parcel import unpack
from sufficiency_lib.runs.pool import Runner, Work
from sufficiency_lib.runs.task import Outcome, Progress, Task

if TYPE_CHECKING:
    from distributed import Client, Future

_SECRET = "tls:"

#: How long a scheduler may take to answer at all; and its workers to say what they have installed,
#: for which they import the suite.
CONNECT_SECONDS = 6
_ANSWER_SECONDS = 60
#: How long Ctrl-C may take to be seen, and workers to be told of it.
_LOOK_SECONDS = 0.2
_STOP_SECONDS = 5
#: How long a run waits for a worker when the last is gone: a nanny needs some seconds to start
#: another, a machine some minutes.
LONELY_SECONDS = 300.0
_BETWEEN_ROLL_CALLS_SECONDS = 5
#: How often a unit may be tried again when the worker, not the work, was at fault.
_RETRIES = 2


@contextmanager
def cluster(address: str, *, lonely_seconds: float = LONELY_SECONDS) -> Iterator[Runner]:
    """Connect to the scheduler at `address`; gives what runs tasks there (see `_run_there`).

    A run whose workers are all gone for `lonely_seconds` is given up. Raises ConfigurationError
    when dask.distributed is not installed here, when nothing answers at the address, when there
    are no workers, and when the suite or its packages are others there than here.
    """
    if find_spec("distributed") is None:
        raise ConfigurationError(
            "--cluster needs dask.distributed, here and on every worker: "
            "pip install 'sufficiency[cluster]', or in a checkout pip install '.[cluster]'"
        )
    logger = logging.getLogger("distributed")
    before = logger.level
    # What it would print (a traceback a lost connection) is said in sentences here.
    logger.setLevel(logging.CRITICAL + 1)
    try:
        client = _connect(address)
        try:
            _check_same(client, address)
            yield partial(_run_there, client, lonely_seconds)
        finally:
            client.close(timeout=_STOP_SECONDS)
    finally:
        logger.setLevel(before)


def _connect(address: str) -> Client:
    from distributed import Client

    _check_secrets(address)
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        expected, hint = "tcp://host:8786", "is it started there?"
        if address.startswith(_SECRET):
            expected, hint = "tls://host:8786", "is it started there, and with the same ca-file?"
        raise ConfigurationError(
            f"No dask scheduler answers at '{address}', expected as {expected}; {hint}"
        ) from error


def _check_secrets(address: str) -> None:
    """Refuse an address that needs certificates where this machine has none that serve.

    A client of dask's that cannot begin takes long to end, and complains as it does.
    """
    from distributed.security import Security

    if not address.startswith(_SECRET):
        return
    try:
        known = Security().get_connection_args("client").get("ssl_context")
    except OSError as error:
        raise ConfigurationError(
            f"The TLS files that dask's configuration names cannot be used ({error.strerror}); "
            f"see docs/cluster.md."
        ) from error
    if known is None:
        raise ConfigurationError(
            f"'{address}' needs TLS files, which dask's configuration does not name; see "
            "docs/cluster.md."
        )


def _check_same(client: Client, address: str) -> None:
    """Refuse to run where anything would be computed by something else than here."""
    if not client.nthreads():
        raise ConfigurationError(
            f"The scheduler at '{address}' has no workers; start one with: dask worker {address}"
        )
    here = unit.version()
    for where, there in _versions(client, address).items():
        if not isinstance(there, dict):
            raise ConfigurationError(
                f"The {where} has no suite, or another one ({type(there).__name__}); install "
                "this one there, and start it again."
            )
        for what, said in here.items():
            if there.get(what) != said:
                raise ConfigurationError(
                    f"The {where} has another version of {what} than this machine; install the "
                    "same on both, and start it again."
                )


def _versions(client: Client, address: str) -> dict[str, Any]:
    """What scheduler and workers have installed, or the error that each had in saying so.

    The scheduler runs nothing, but reads what it passes on.
    """
    try:
        found = client.sync(
            client.run, unit.version, on_error="return", callback_timeout=_ANSWER_SECONDS
        )
    except OSError as error:
        raise ConfigurationError(
            f"The workers at '{address}' did not say what they have installed "
            f"({type(error).__name__}); look at their logs, or start them again."
        ) from error
    said = {f"worker {worker}": there for worker, there in sorted(found.items())}
    try:
        scheduler = client.sync(
            client.run_on_scheduler, unit.version, callback_timeout=_ANSWER_SECONDS
        )
    except Exception as error:  # What it cannot read comes back as whatever that raised.
        scheduler = error
    return {"scheduler": scheduler, **said}


def _run_there(
    client: Client,
    lonely_seconds: float,
    tasks: Sequence[Task],
    work: Work,
    *,
    jobs: int,
    step_limit: float,
    on_progress: Callable[[Progress], None],
    interrupts: Interrupts,
    on_begin: Callable[[Task], None] = lambda task: None,
) -> Iterator[Outcome]:
    """Run `work` on each task on the workers; yields outcomes as they come.

    As `pool.run_side_by_side`, but `jobs` is not heeded: a worker runs as many at once as it was
    started with threads. `on_begin` is told of a task once, when it is first heard of. When the
    caller stops listening, is interrupted or fails, what is waiting is taken back and what is
    under way is stopped.
    """
    waiting = {task.slug: task for task in tasks}
    if not waiting:
        return
    run = f"sufficiency-{uuid.uuid4().hex}"
    heard: SimpleQueue[Any] = SimpleQueue()
    client.subscribe_topic(run, lambda event: heard.put(_heard(event[1])))
    futures: dict[str, Future] = {}
    begun: set[str] = set()
    try:
        for task in tasks:
            futures[task.slug] = _submit(client, run, task, work, step_limit)
            futures[task.slug].add_done_callback(partial(_collect, heard, task.slug))
        for slug, said in _listen(client, heard, interrupts, lonely_seconds):
            if slug not in waiting:
                continue  # Word of a step can come after what it led to.
            if slug not in begun:
                begun.add(slug)
                on_begin(waiting[slug])
            if isinstance(said, Progress):
                on_progress(said)
                continue
            del futures[slug]  # The worker need not keep it any longer.
            yield _settled(waiting.pop(slug), said)
            if not waiting:
                return
        for task in waiting.values():
            yield Outcome(task.slug, "stopped", "The cluster has had no workers for too long.")
    finally:
        _leave(client, run, list(futures.values()))


def _listen(
    client: Client, heard: SimpleQueue[Any], interrupts: Interrupts, lonely_seconds: float
) -> Iterator[tuple[str, Progress | unit.Done | BaseException]]:
    """What is heard of each authority; ends when there have been no workers for too long."""
    looked = peopled = time.monotonic()
    between = min(_BETWEEN_ROLL_CALLS_SECONDS, lonely_seconds / 2)
    while peopled + lonely_seconds > time.monotonic():
        interrupts.leave_if_told()
        with suppress(Empty):
            yield heard.get(timeout=_LOOK_SECONDS)
        if looked + between < time.monotonic():
            looked = time.monotonic()
            if _has_workers(client):
                peopled = looked


def _submit(client: Client, run: str, task: Task, work: Work, step_limit: float) -> Future:
    sent = unit.Unit(
        run=run,
        task=task,
        notebooks={path.name: path.read_bytes() for path in task.notebooks},
        reuse={path.name: path.read_bytes() for path in task.reuse},
        inputs=unit.inputs_hash(task.parameters),
        version=unit.version(),
        step_limit=step_limit,
    )
    return client.submit(
        unit.run_unit, sent, work, key=f"{run}-{task.slug}", pure=False, retries=_RETRIES
    )


def _heard(said: dict[str, Any]) -> tuple[str, Progress]:
    step = Progress(**said["step"])
    return step.slug, step


def _collect(heard: SimpleQueue[Any], slug: str, future: Future) -> None:
    """Fetch what a unit gave back, in a thread of dask's."""
    try:
        heard.put((slug, future.result()))
    except BaseException as error:  # A cancelled future raises asyncio's, which is no Exception.
        heard.put((slug, error))


def _settled(task: Task, done: unit.Done | BaseException) -> Outcome:
    """Put what came back where a run here would have left it."""
    if isinstance(done, BaseException):
        _write_log(task, "".join(traceback.format_exception(done)).encode())
        return Outcome(task.slug, "stopped", _how_it_was_lost(done))
    _write_log(task, done.log)
    if done.outcome.ok:
        try:
            unpack(done.built, task.building)
        except SufficiencyError as error:
            return Outcome(task.slug, "stopped", str(error))
        except OSError as error:
            message = f"The outputs could not be written ({error.strerror or error})."
            return Outcome(task.slug, "stopped", message)
        finally:
            remove(task.scratch)
    return done.outcome


def _write_log(task: Task, content: bytes) -> None:
    with suppress(OSError):  # What the log cannot say, the outcome still does.
        task.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        task.log.write_bytes(content)


def _how_it_was_lost(error: BaseException) -> str:
    from concurrent.futures import CancelledError

    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return ("Each worker that ran it was lost, one after another; they may have run out of "
                "memory.")  # fmt: skip
    if isinstance(error, CancelledError):
        return "The connection to the scheduler was lost."
    why = str(error) if isinstance(error, SufficiencyError) else f"{type(error).__name__}."
    return f"The worker could not run it: {why}"


def _has_workers(client: Client) -> bool:
    try:
        return bool(client.sync(client.nthreads, callback_timeout=_STOP_SECONDS))
    except (OSError, ValueError):
        return False


def _leave(client: Client, run: str, futures: list[Future]) -> None:
    """Take back what waits, and stop what is under way; the scheduler may be gone by now."""
    with suppress(Exception):
        client.unsubscribe_topic(run)
        if futures:
            client.sync(client.cancel, futures, callback_timeout=_STOP_SECONDS)
            client.sync(client.run, unit.stop, run, on_error="ignore",
                        callback_timeout=_STOP_SECONDS)  # fmt: skip
