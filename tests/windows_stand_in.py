"""Windows, as far as this library can see of it: imported first by every process of a test.

Only the modules of `sufficiency_lib` meet it; what they import sees the system as it is. Windows
has no fork, no process groups and few signals; it refuses to replace or remove what is open, and
to move anything onto a folder; text is written with its own line ends, in an old code page.
"""

from __future__ import annotations

import builtins
import os
import pathlib
import shutil
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

NOT_IN_OS = {
    "fork", "forkpty", "setsid", "setpgid", "getpgid", "getpgrp", "killpg", "getuid", "geteuid",
    "getgid", "getegid", "sched_getaffinity", "getloadavg", "mkfifo", "chown", "nice", "WNOHANG",
    "statvfs", "uname", "register_at_fork", "posix_spawn", "wait3", "wait4",
}  # fmt: skip
IN_SIGNAL = {
    "SIGINT", "SIGTERM", "SIGBREAK", "SIGABRT", "SIGFPE", "SIGILL", "SIGSEGV", "SIG_DFL",
    "SIG_IGN", "signal", "getsignal", "default_int_handler", "raise_signal", "strsignal",
}  # fmt: skip
NO_MODULES = {"resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "readline", "syslog"}
NOT_IN_MULTIPROCESSING = {"forkserver", "resource_tracker"}

ACCESS_DENIED, SHARED = 5, 32


class StandIn(ModuleType):
    """A module with some names missing, and some others than they are."""

    def __init__(self, real: ModuleType, missing: set[str], **others: Any) -> None:
        super().__init__(real.__name__)
        self.__dict__.update(_real=real, _missing=missing, **others)

    def __getattr__(self, name: str) -> Any:
        if name in self._missing:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}' here")
        return getattr(self._real, name)


def refused(why: int, path: Any) -> PermissionError:
    error = PermissionError(13, {ACCESS_DENIED: "Access is denied"}.get(
        why, "The process cannot access the file because it is being used by another process"
    ), str(path))
    error.winerror = why  # type: ignore[attr-defined]
    return error


def in_use(path: Any) -> bool:
    """Whether a process of this group has something open, mapped or as its folder there."""
    wanted = os.path.realpath(path)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) != os.getpgid(0):
                continue
            links = [process / "cwd", *(process / "fd").iterdir()]
            mapped = (process / "maps").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if f" {wanted}\n" in mapped or f" {wanted}/" in mapped:
            return True
        for link in links:
            try:
                opened = os.readlink(link)
            except OSError:
                continue
            if opened == wanted or opened.startswith(f"{wanted}/"):
                return True
    return False


def replace(old: Any, new: Any) -> None:
    if os.path.isdir(new):
        raise refused(ACCESS_DENIED, new)
    if in_use(old) or (os.path.exists(new) and in_use(new)):
        raise refused(SHARED, old)
    os.replace(old, new)


def unlink(path: Any) -> None:
    if in_use(path):
        raise refused(SHARED, path)
    os.unlink(path)


def rmtree(path: Any, ignore_errors: bool = False) -> None:
    if os.path.exists(path) and in_use(path):
        if not ignore_errors:
            raise refused(SHARED, path)
        return
    shutil.rmtree(path, ignore_errors=ignore_errors)


SEEN: dict[str, ModuleType] = {
    "os": StandIn(os, NOT_IN_OS, name="nt", replace=replace, rename=replace, unlink=unlink,
                  remove=unlink),
    "sys": StandIn(sys, set(), platform="win32"),
    "signal": StandIn(signal, set(dir(signal)) - IN_SIGNAL, SIGBREAK=21),
    "socket": StandIn(socket, {"AF_UNIX"}),
    "shutil": StandIn(shutil, {"chown"}, rmtree=rmtree),
}  # fmt: skip

_import = builtins.__import__
_open = pathlib.Path.open


def imported(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (),
             level: int = 0) -> Any:  # fmt: skip
    importer = str((globals or {}).get("__name__", ""))
    if importer.partition(".")[0] == "sufficiency_lib" and not level:
        if name in NO_MODULES:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        if name == "multiprocessing" and NOT_IN_MULTIPROCESSING & set(fromlist or ()):
            raise ImportError(f"cannot import {fromlist} here")
        if name in SEEN:
            return SEEN[name]
    return _import(name, globals, locals, fromlist, level)


def opened(self: Path, mode: str = "r", buffering: int = -1, encoding: Any = None,
           errors: Any = None, newline: Any = None) -> Any:  # fmt: skip
    if "b" not in mode:
        encoding = encoding or "cp1252"
        if newline is None and mode[:1] in "wax":
            newline = "\r\n"
    return _open(self, mode, buffering, encoding, errors, newline)


def install() -> None:
    """Put the stand-in in the place of what is there, for this whole process."""
    builtins.__import__ = imported
    pathlib.Path.open = opened  # type: ignore[method-assign]
