"""What an appendix was made from, as hashes of content: never of dates or places.

An appendix is stale when any part of its fingerprint differs from the one recorded with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

from sufficiency_lib.intake.files import is_left_by_programs
from sufficiency_lib.intake.folders import NOT_AUTHORITIES, AuthorityFolder, input_folders

LIBRARY = Path(__file__).resolve().parent.parent

#: Folders of the library that no appendix is made with.
_APART = ("sample", "explore", "__pycache__")

#: Stands for the hash of a file that cannot be opened.
UNREADABLE = "cannot be read"

#: Most files are smaller, and are read at once.
_READ_BYTES = 1_048_576

#: A file is hashed without Python's own lock; of smaller ones the lock would be fought over.
_LARGE_BYTES = 131_072


def text_hash(text: str) -> str:
    """The SHA-256 of a text.

    >>> text_hash("episodes")[:8]
    'a8ace1a7'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: str | Path) -> str:
    """The SHA-256 of a file's content."""
    return _rest_hashed(_opened(path), hashlib.sha256())


def _opened(path: str | Path) -> io.FileIO:
    return open(path, "rb", buffering=0)


def _rest_hashed(file: io.FileIO, digest: hashlib._Hash) -> str:
    """The digest of a file that was read so far into it already; closes the file."""
    with file:
        while part := file.read(_READ_BYTES):
            digest.update(part)
    return digest.hexdigest()


def _hashed_with(pool: Executor, path: str) -> str | Future[str]:
    """A file's digest; of a large one, what will be it."""
    file = _opened(path)
    start = file.read(_LARGE_BYTES)
    digest = hashlib.sha256(start)
    if len(start) == _LARGE_BYTES:
        return pool.submit(_rest_hashed, file, digest)
    file.close()
    return digest.hexdigest()


def tree_hashes(
    folder: Path, *, leave_out: Iterable[str] = (), pool: Executor | None = None
) -> dict[str, str]:
    """The SHA-256 of every file under `folder`, by its path inside the folder, in order.

    What programs leave there is passed over (`is_left_by_programs`), and so is what is directly in
    it and named in `leave_out`. Links to folders are not followed. No file is taken for unchanged
    because its date or size is: each is read, large ones by the threads of a `pool` where there is
    one. A file that cannot be opened (on Windows, one that a program holds) is `UNREADABLE`: it
    has changed, and whoever has to read it says what is wrong.
    """
    left_out = set(leave_out)
    hashed = partial(_hashed_with, pool) if pool is not None else file_hash
    hashes = {
        inside: _if_readable(hashed, path)
        for inside, path in _files(folder, "")
        if inside.partition("/")[0] not in left_out
    }
    return {
        inside: known if isinstance(known, str) else _if_readable(known.result)
        for inside, known in hashes.items()
    }


def _if_readable(hashed: Callable[..., Any], *path: str) -> Any:
    try:
        return hashed(*path)
    except OSError:
        return UNREADABLE


def _files(folder: str | Path, within: str) -> Iterator[tuple[str, str]]:
    """Each file, as its path inside the tree and its path, in the order of names."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # As those who read the files do.
    for entry in entries:
        if is_left_by_programs(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{within}{_as_utf_8(entry.name)}/")
        elif entry.is_file():
            yield within + _as_utf_8(entry.name), entry.path


def _as_utf_8(name: str) -> str:
    """A file's name as text that can be written down; on Linux a name may be any bytes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def input_hashes(
    found: AuthorityFolder, data: Path | None, *, pool: Executor | None = None
) -> dict[str, str]:
    """`tree_hashes` of an authority's inputs; a consortium's members' stand under their slugs.

    data  the folder that holds a folder an authority; None: the one beside
    """
    hashes = {}
    for slug, folder in input_folders(found, data).items():
        begins = f"{slug}/" if slug else ""
        tree = tree_hashes(folder, leave_out=NOT_AUTHORITIES, pool=pool)
        hashes |= {begins + name: one for name, one in tree.items()}
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
    # Asked for once each: it is read and parsed whenever it is asked for.
    abouts = (found.metadata for found in metadata.distributions())
    installed = sorted({f"{about['Name']}=={about['Version']}" for about in abouts})
    return combined({"python": sys.version.split()[0], "packages": installed})
