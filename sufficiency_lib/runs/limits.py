"""What a machine has only so much of, and how it is said that there is no more."""

from __future__ import annotations

import errno
import os
import sys

from sufficiency_lib.errors import ConfigurationError

OUT_OF_MEMORY = "it ran out of memory; run fewer at once with --jobs"
DISK_FULL = "there is no room left on the disk"

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FULL_ON_WINDOWS = "[WinError 112]"
_BYTES_IN_A_GB = 1_000_000_000

#: Windows waits for 63 things at once, and a process is one or two of them.
_MOST_ON_WINDOWS = 60


def at_once(jobs: int, *, system: str = os.name) -> int:
    """How many processes may run side by side, of those asked for.

    >>> at_once(200, system="nt"), at_once(200, system="posix"), at_once(4, system="nt")
    (60, 200, 4)
    """
    return min(jobs, _MOST_ON_WINDOWS) if system == "nt" else jobs


def memory_in_bytes(gigabytes: float | None) -> int | None:
    """A limit as `limit_memory` takes it.

    Raises ConfigurationError where the system cannot hold a process to one.

    >>> memory_in_bytes(None)
    """
    if gigabytes is None:
        return None
    if not sys.platform.startswith("linux"):
        raise ConfigurationError("--memory needs Linux; run fewer at once with --jobs instead.")
    return round(gigabytes * _BYTES_IN_A_GB)


def limit_memory(most: int | None) -> None:
    """Hold this process, and each that it starts, to so many bytes of its own; none: no limit."""
    if most is None:
        return
    import resource

    # Its data, not all it can address: libraries and files it only looks at are everybody's.
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def what_ran_out(error: BaseException) -> str:
    """What an error says the machine ran out of, as a sentence; blank: nothing.

    >>> what_ran_out(MemoryError())
    'It ran out of memory; run fewer at once with --jobs.'
    >>> what_ran_out(OSError(28, "No space left on device"))
    'There is no room left on the disk.'
    >>> what_ran_out(ValueError())
    ''
    """
    if isinstance(error, MemoryError):
        said = OUT_OF_MEMORY
    elif isinstance(error, OSError) and error.errno in _FULL:
        said = DISK_FULL
    else:
        return ""
    return f"{said[0].upper()}{said[1:]}."


def says_disk_full(text: str) -> bool:
    """Whether an error that is known by its text alone says that the disk is full.

    >>> says_disk_full("[Errno 28] No space left on device"), says_disk_full("[Errno 2] No such")
    (True, False)
    """
    return text.startswith((*(f"[Errno {number}]" for number in _FULL), _FULL_ON_WINDOWS))
