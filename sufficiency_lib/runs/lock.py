"""One run at a time into a folder of outputs, and scratch folders that outlive no run.

Both are held by a lock of the operating system's, which it gives back when a process ends in
whatever way. So a file that a killed run left behind never stands in anybody's way.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.moving import remove, why_not

#: In the folder itself, so that runs of other people and other machines see it too. It is there
#: only while a run is; like all there that begins with a dot, it is no part of the outputs.
LOCK = ".running"

#: Begins the name of every scratch folder.
SCRATCH = "sf-"

#: Ends the name of the file beside each, held for as long as its run lives.
_HELD = ".held"
_RANDOM_BYTES = 4

#: How often a run that waits looks whether it may begin, and how long one that does not wait
#: gives another to be gone that is just ending.
_LOOK_SECONDS = 0.1
_MOMENT_SECONDS = 0.3
_FOR_EVER = -1.0


@contextmanager
def one_run_at_a_time(
    folder: Path, *, wait: bool = False, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold a folder of outputs for one run; it is made where it is not there.

    wait     wait for the run that is under way
    on_wait  is given the sentence that says which run that is

    Raises ConfigurationError when a run is under way and is not waited for, or when the folder
    cannot be written.
    """
    was_there = folder.is_dir()
    lock = _made_ready(folder)
    try:
        _take(lock, _MOMENT_SECONDS, folder)
    except Timeout:
        if not wait:
            raise ConfigurationError(
                f"{who_runs(folder)}; wait for it with --wait, or choose another folder with --out."
            ) from None
        if on_wait is not None:
            on_wait(f"{who_runs(folder)}; waiting for it.")
        _take(lock, _FOR_EVER, folder)
    try:
        _say_who(folder)
        yield
    finally:
        _let_go(lock)
        if not was_there:
            with suppress(OSError):
                folder.rmdir()  # Where nothing came of the run, nothing is left of it.


def who_runs(folder: Path) -> str:
    """Which run holds a folder, in words; whether one does is for the lock to say."""
    told = ""
    with suppress(OSError, ValueError):  # Windows lets nobody read what is locked.
        began = datetime.fromtimestamp((folder / LOCK).stat().st_mtime)
        whose = (folder / LOCK).read_text(encoding="utf-8").strip()
        told = f" since {began.day} {began:%B %Y, %H:%M} ({whose})"
    return f"A run into '{folder.name}' is under way{told}"


def cannot_write(folder: Path, error: OSError) -> ConfigurationError:
    """The sentence for a folder of outputs that cannot be written."""
    return ConfigurationError(
        f"The output folder '{folder.name}' cannot be written "
        f"({why_not(error)}); choose another with --out."
    )


def _made_ready(folder: Path) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from None
    return FileLock(folder / LOCK, fallback_to_soft=False, poll_interval=_LOOK_SECONDS)


def _take(lock: FileLock, seconds: float, folder: Path) -> None:
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        raise
    except OSError as error:
        raise cannot_write(folder, error) from None


def _say_who(folder: Path) -> None:
    with suppress(OSError):
        # Written over, not replaced: the lock is on this file. When it was written the run began.
        with (folder / LOCK).open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"process {os.getpid()}\n")


def _let_go(lock: FileLock) -> None:
    """Remove the file and give the lock back; whoever waits for a removed file starts over."""
    with suppress(OSError):
        os.unlink(lock.lock_file)
    lock.release()
    if os.name == "nt":
        with suppress(OSError):
            os.unlink(lock.lock_file)


# --- scratch folders -------------------------------------------------------------------------


@contextmanager
def scratch_of_a_run(parent: Path) -> Iterator[Path]:
    """A private folder that is gone after the block, or after the next `sweep`.

    Raises ConfigurationError when there is no room for one in `parent`.
    """
    try:
        folder, lock = _held_folder(parent)
    except OSError as error:
        raise ConfigurationError(
            f"The temporary folder cannot be written ({error.strerror or error}); make room in "
            "it, or name another in TMPDIR."
        ) from None
    try:
        yield folder
    finally:
        _remove(folder, lock)


def _held_folder(parent: Path) -> tuple[Path, FileLock]:
    """A new folder, and the lock beside it: there before the folder, and gone after it."""
    while True:
        folder = parent / f"{SCRATCH}{secrets.token_hex(_RANDOM_BYTES)}"
        lock = FileLock(f"{folder}{_HELD}", fallback_to_soft=False)
        with suppress(Timeout):  # Somebody's sweep took it for a dead run's.
            lock.acquire(blocking=False)
            folder.mkdir(mode=0o700)
            return folder, lock


def sweep(parent: Path) -> list[Path]:
    """Remove the scratch folders of runs that were killed; returns those it removed.

    Only folders of this user's, made by a run, which no living process holds.
    """
    removed = []
    for held in parent.glob(f"{SCRATCH}*{_HELD}"):
        with suppress(OSError, Timeout):
            if held.is_symlink() or not _is_mine(held):
                continue
            lock = FileLock(held, fallback_to_soft=False)
            lock.acquire(blocking=False)
            folder = held.with_suffix("")
            _remove(folder, lock)
            removed.append(folder)
    return removed


def _remove(folder: Path, lock: FileLock) -> None:
    if not folder.is_symlink():
        remove(folder)
    _let_go(lock)


def _is_mine(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
