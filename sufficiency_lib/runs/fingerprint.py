"""What an appendix was made from, as hashes of content: never of dates or places.

An appendix is stale when any part of its fingerprint differs from the one recorded with it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).resolve().parent.parent

#: Folders of the library that no appendix is made with.
_APART = ("sample", "__pycache__")


def text_hash(text: str) -> str:
    """The SHA-256 of a text.

    >>> text_hash("episodes")[:8]
    'a8ace1a7'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_hashes(folder: Path, *, leave_out: Iterable[str] = ()) -> dict[str, str]:
    """The SHA-256 of every file under `folder`, by its path inside the folder, in order.

    Files and folders whose name starts with a dot or `~$` (what editors leave) are passed over,
    and so are folders directly in it named in `leave_out`.
    """
    left_out = set(leave_out)
    hashes = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part.startswith((".", "~$")) for part in inside.parts):
            continue
        if inside.parts[0] in left_out or not path.is_file():
            continue
        hashes[inside.as_posix()] = file_hash(path)
    return hashes


def combined(hashes: Mapping[str, Any]) -> str:
    """One hash of several, whatever order they come in.

    >>> combined({"a": "1", "b": "2"}) == combined({"b": "2", "a": "1"})
    True
    """
    return text_hash(json.dumps(hashes, sort_keys=True, default=str))


@cache
def library_hash() -> str:
    """One hash of the library's source: code, templates and the tables that ship with it."""
    hashes = {
        path.relative_to(LIBRARY).as_posix(): file_hash(path)
        for path in sorted(LIBRARY.rglob("*"))
        if path.is_file() and not set(_APART) & set(path.relative_to(LIBRARY).parts)
    }
    return combined(hashes)


@cache
def packages_hash() -> str:
    """One hash of Python's version and of every installed package's."""
    installed = sorted(
        {f"{found.metadata['Name']}=={found.version}" for found in metadata.distributions()}
    )
    return combined({"python": sys.version.split()[0], "packages": installed})
