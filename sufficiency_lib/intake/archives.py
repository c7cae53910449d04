"""Compressed files read without trusting what they say about themselves.

Nothing is ever unpacked to disk, so a member's name cannot place a file anywhere; names
that try to are refused all the same, because no publisher writes them. What a file expands
to is limited in size and in ratio, so that a small download cannot fill the memory.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from sufficiency_lib.errors import InputError

MAX_EXPANDED_BYTES = 6 * 1024**3
MAX_RATIO = 100
MAX_MEMBERS = 20_000
# Repetitive small tables compress well; the ratio says nothing until a file is this large.
RATIO_FREE_BYTES = 16 * 1024**2

_DAMAGE = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


class _Limited(io.RawIOBase):
    """A readable stream that stops with an InputError once it has grown past a limit."""

    def __init__(self, stream: IO[bytes], name: str, limit: int) -> None:
        self._stream, self._name, self._limit, self._read = stream, name, limit, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        try:
            chunk = self._stream.read(len(buffer))
        except _DAMAGE as problem:
            raise InputError(
                f"{self._name} is damaged and cannot be unpacked. Download it again."
            ) from problem
        self._read += len(chunk)
        if self._read > self._limit:
            raise InputError(
                f"{self._name} unpacks to more than {self._limit / 1024**2:,.0f} MB, which no "
                "published file of this kind does. It was not read; download it again from "
                "its publisher."
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def require_file(path: Path, purpose: str) -> None:
    """Refuse, in a sentence, a path at which no file can be read.

    >>> require_file(Path("absent.csv"), "postcodes")
    Traceback (most recent call last):
    sufficiency_lib.errors.InputError: There is no file absent.csv to read postcodes from.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path.name} to read {purpose} from.")
    try:
        path.open("rb").close()
    except OSError as problem:
        raise InputError(
            f"{path.name} may not be read ({problem.strerror}). Ask for access to it, or copy it."
        ) from problem


def expansion_limit(compressed_bytes: int) -> int:
    """The most that a compressed file may unpack to, in bytes.

    >>> expansion_limit(1024), expansion_limit(2 * 1024**2)
    (16777216, 209715200)
    """
    return min(MAX_EXPANDED_BYTES, max(RATIO_FREE_BYTES, compressed_bytes * MAX_RATIO))


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file after checking its list of contents.

    Raises
    ------
    InputError: not a zip, damaged, encrypted, too many members, a member whose name leads
        outside the archive, or one that would unpack beyond :func:`expansion_limit`.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as problem:
        raise InputError(f"{path.name} is not a readable zip file. Download it again.") from problem
    with archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise InputError(
                f"{path.name} holds {len(members):,} files; at most {MAX_MEMBERS:,} are read. "
                "Unpack it and give the one file that is needed."
            )
        for member in members:
            _check_member(path, member)
        yield archive


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or ":" in name.split("/")[0]:
        raise InputError(
            f"{path.name} holds a file named '{member.filename}', which leads outside the "
            "archive. It was not read; download it again from its publisher."
        )
    if member.flag_bits & 0x1:
        raise InputError(f"{path.name} is protected by a password. Give an unprotected copy.")
    if member.file_size > expansion_limit(member.compress_size):
        raise InputError(
            f"{path.name}: '{member.filename}' would unpack from {member.compress_size:,} to "
            f"{member.file_size:,} bytes, which no published file of this kind does. It was "
            "not read; download it again from its publisher."
        )


@contextmanager
def open_member(path: Path, archive: zipfile.ZipFile, member: str) -> Iterator[IO[bytes]]:
    """Open one file inside a zip as a stream of bytes that cannot expand without bound."""
    info = archive.getinfo(member)
    try:
        stream = archive.open(info)
    except _DAMAGE as problem:
        raise InputError(
            f"{path.name}: '{member}' cannot be unpacked. Download it again."
        ) from problem
    name = f"{path.name} ({member})"
    with io.BufferedReader(
        _Limited(stream, name, expansion_limit(info.compress_size)), 1 << 20
    ) as limited:
        yield limited


@contextmanager
def open_plain_or_gzip(path: Path) -> Iterator[IO[bytes]]:
    """Open a file as a stream of bytes, through gzip when it is compressed so.

    Recognised by its first two bytes, not by its name.
    """
    stream = path.open("rb")
    head = stream.peek(2)[:2]
    if head != b"\x1f\x8b":
        with stream:
            yield stream
        return
    limit = expansion_limit(path.stat().st_size)
    unpacked = gzip.GzipFile(fileobj=stream)
    with stream, io.BufferedReader(_Limited(unpacked, path.name, limit), 1 << 20) as limited:
        yield limited
