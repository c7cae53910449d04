"""Files and folders moved and removed, with patience where another program has them open.

Windows refuses to move, replace or remove what is open anywhere, and a virus scanner, an indexer
or a synchronised folder opens for a moment whatever was just written.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: How Windows says that something is open: access denied, shared, locked, a folder not empty yet.
_OPEN_ELSEWHERE = frozenset({5, 32, 33, 145})

#: Seconds before each further try; who has it open for longer will have it open for long.
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)

_RANDOM_BYTES = 4


def move(old: Path, new: Path) -> None:
    """`os.replace`, tried again for a second or two where another program has something open.

    Raises OSError when it cannot be moved.
    """
    _patiently(lambda: os.replace(old, new))


def remove(folder: Path) -> None:
    """Remove a folder and what is in it, as far as that can be done; where none is, nothing."""
    try:
        _patiently(lambda: shutil.rmtree(folder))
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def aside(place: Path) -> Iterator[Path]:
    """A new folder beside `place`, to build in what is to be moved there; gone after the block.

    Who may read it is for the folder that both are in to say. What `tempfile` makes is its
    maker's alone, on Windows also once it was moved.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    folder = place.parent / f".{place.name}-{secrets.token_hex(_RANDOM_BYTES)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        remove(folder)


def why_not(error: OSError) -> str:
    """What the system says of files that it would not move or write, and what to do about it.

    >>> why_not(OSError(28, "No space left on device"))
    'No space left on device'
    """
    said = error.strerror or str(error)
    if is_open_elsewhere(error):
        said += "; close what is open in it in other programs, a workbook in Excel for one"
    return said


def is_open_elsewhere(error: OSError) -> bool:
    """Whether an error may be there because another program has something open."""
    return getattr(error, "winerror", None) in _OPEN_ELSEWHERE


def _patiently(act: Callable[[], None]) -> None:
    for seconds in _WAITS:
        try:
            return act()
        except OSError as error:
            if not is_open_elsewhere(error):
                raise
            time.sleep(seconds)
    return act()
