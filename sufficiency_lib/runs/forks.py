"""Kernels forked from a process that has already imported the libraries.

Much of what a kernel does is to import. So an authority's process keeps one
that has imported everything and does nothing else; told to, it forks, and what it forks becomes a
kernel at once. It has one thread and no sockets, which a fork would leave in pieces.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sufficiency_lib.errors import SufficiencyError

#: The module that imports the libraries.
WARM = "sufficiency_lib.runs.warm"

#: How often a wait looks whether its process is gone.
_LOOK_SECONDS = 0.02


def can_fork() -> bool:
    """Whether this system can fork a process that goes on as another.

    macOS can, but its own libraries do not survive it.
    """
    return hasattr(os, "fork") and sys.platform != "darwin"


class Forks:
    """A process, ready with the libraries, that forks kernels; closed, it takes them with it."""

    def __init__(self) -> None:
        self._talk, far = multiprocessing.Pipe()
        self._pid = os.fork()
        if not self._pid:
            self._talk.close()
            _end(_serve, far)
        far.close()

    def __deepcopy__(self, memo: object) -> Forks:
        """Itself: a setting of a kernel is copied, and there is one of these."""
        return self

    def start(self, arguments: Sequence[str], env: Mapping[str, str], cwd: str | Path) -> Forked:
        """A new kernel; `arguments` are those of `python -m ipykernel_launcher`."""
        pid = self.ask("start", list(arguments), dict(env), str(cwd))
        return Forked(pid, self)

    def ask(self, *told: Any) -> Any:
        """Tell the process something, and wait for its answer.

        Raises SufficiencyError when it is gone.
        """
        try:
            self._talk.send(told)
            return self._talk.recv()
        except (EOFError, OSError):
            raise SufficiencyError("The process that starts kernels has ended.") from None

    def close(self) -> None:
        """End the process, and every kernel that it started."""
        self._talk.close()
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


@dataclass
class Forked:
    """A forked kernel, with as much of `subprocess.Popen` as jupyter_client asks for."""

    pid: int
    forks: Forks
    returncode: int | None = None
    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Its exit code, less than 0 for a signal; None while it runs.

        Where the process that forked it is gone it is too, for whoever asks: kernels end by
        themselves with that one.
        """
        if self.returncode is None:
            try:
                self.returncode = self.forks.ask("poll", self.pid)
            except SufficiencyError:
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, waited for."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise TimeoutError(f"process {self.pid} still runs after {timeout:g} seconds")
            time.sleep(_LOOK_SECONDS)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to what it started; none where it has ended."""
        with suppress(SufficiencyError):
            self.forks.ask("signal", self.pid, int(number))

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _serve(talk: Connection) -> None:
    """What the ready process does: fork, look after what it forked, until nobody is there."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    children: set[int] = set()
    ended: dict[int, int] = {}
    while True:
        try:
            what, *told = talk.recv()
        except (EOFError, OSError):
            break
        for child in list(children):
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                children.discard(child)
                ended[child] = os.waitstatus_to_exitcode(status)
        if what == "start":
            child = os.fork()
            if not child:
                talk.close()
                _end(_be_kernel, *told)
            children.add(child)
            talk.send(child)
        elif what == "poll":
            talk.send(ended.get(told[0]))
        else:
            if told[0] in children:
                _signal(*told)
            talk.send(None)
    for child in children:
        _signal(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _signal(pid: int, number: int) -> None:
    """To the group that a kernel leads, or to itself where it does not lead one yet."""
    with suppress(OSError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def _end(work: Any, *told: Any) -> None:
    """Do one thing and leave at once: what the parent opened is not this process's to close."""
    code = 1
    try:
        work(*told)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        os._exit(code)


def _be_kernel(arguments: Sequence[str], env: Mapping[str, str], cwd: str) -> None:
    """Go on as a kernel, in a session of its own, as if started by a command."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.environ.clear()
    os.environ.update(env, JPY_PARENT_PID=str(os.getppid()))
    os.chdir(cwd)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["ipykernel_launcher", *arguments]
    # Told here whose end is its own: it would have read that before it was forked.
    IPKernelApp.launch_instance(argv=list(arguments), parent_handle=os.getppid())
