"""The files under an authority's folder that may hold its returns, in zips or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.archives import open_member, open_zip
from sufficiency_lib.intake.findings import printable

TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
XML_SUFFIXES = frozenset({".xml"})
ZIP_SUFFIXES = frozenset({".zip"})
READABLE_SUFFIXES = TEXT_SUFFIXES | XML_SUFFIXES
WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

#: What its file manager keeps in a folder that somebody has looked at.
_OF_WINDOWS = frozenset({"thumbs.db", "desktop.ini"})

#: No council's return comes near this; a larger file is a mistake, or meant to do harm.
LARGEST_BYTES = 2_000_000_000
#: A table's columns are in these.
START_BYTES = 65_536


@dataclass(frozen=True)
class InputFile:
    """One file that may hold a table.

    name    its path within the authority's folder, as it can be printed; within a zip,
            `returns.zip/2024/header.csv`
    path    where it is on disk, or the zip that it is in
    member  its name within the zip; blank for a plain file
    """

    name: str
    path: Path
    member: str = ""

    @property
    def is_xml(self) -> bool:
        """Whether its name ends as an XML file's does."""
        return _suffix(self.name) in XML_SUFFIXES

    @property
    def is_workbook(self) -> bool:
        """Whether its name ends as a spreadsheet's does, which holds tables but is not read."""
        return _suffix(self.name) in WORKBOOK_SUFFIXES

    @property
    def is_readable(self) -> bool:
        """Whether its name ends as that of a file which may hold a table."""
        return _suffix(self.name) in READABLE_SUFFIXES

    def read(self, most: int | None = None) -> bytes:
        """Its bytes, or the first `most` of them.

        Raises InputError for a file that is too large, damaged or may not be read.
        """
        try:
            with self._opened() as (stream, size):
                if most is None and size > LARGEST_BYTES:
                    raise InputError(
                        f"{self.name} is larger than {LARGEST_BYTES // 10**9} GB: expected a "
                        "return of one authority; remove it or split it."
                    )
                return stream.read(-1 if most is None else most)
        except OSError as problem:
            raise InputError(
                f"{self.name} cannot be opened ({problem.strerror}): expected a file that may be "
                "read; close it in other programs and run again."
            ) from None

    def start(self) -> bytes:
        """Its first bytes: enough to tell what it holds, however large it is."""
        return self.read(START_BYTES)

    @contextmanager
    def _opened(self) -> Iterator[tuple[IO[bytes], int]]:
        """Its bytes, and how many they are said to be."""
        if self.member:
            with open_zip(self.path) as archive:
                size = archive.getinfo(self.member).file_size
                with open_member(self.path, archive, self.member) as stream:
                    yield stream, size
        else:
            with self.path.open("rb") as stream:
                yield stream, self.path.stat().st_size


def find_files(folder: Path) -> Iterator[InputFile]:
    """Every file under a folder that may hold a table of a return, in a fixed order.

    Zips are looked into, one level deep; hidden files and what an editor leaves are passed
    over. Raises InputError for a zip that is damaged, or that is made to do harm.
    """
    for file in _listed(folder):
        if _suffix(file.name) in ZIP_SUFFIXES:
            yield from _members(file.path, file.name)
        elif file.is_readable:
            yield file


def find_workbooks(folder: Path) -> list[InputFile]:
    """Every spreadsheet under a folder, in a fixed order; none of them is opened."""
    return [file for file in _listed(folder) if file.is_workbook]


def _listed(folder: Path) -> Iterator[InputFile]:
    """Every file under a folder but what programs leave there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if not is_left_by_programs(name):
            yield InputFile(printable(name), path)


def _members(path: Path, name: str) -> Iterator[InputFile]:
    with open_zip(path) as archive:
        members = sorted(member.filename for member in archive.infolist() if not member.is_dir())
    for member in members:
        if _suffix(member) in READABLE_SUFFIXES and not is_left_by_programs(member):
            yield InputFile(f"{name}/{printable(member)}", path, member)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def files_near(folder: Path) -> list[Path]:
    """The files in a folder, at most two folders down, in order: where published files lie."""
    depths = ("*", "*/*", "*/*/*")
    return sorted(path for depth in depths for path in folder.glob(depth) if path.is_file())


def is_left_by_programs(name: str) -> bool:
    """Hidden files, lock files of office programs, and what systems lay down beside files.

    >>> [is_left_by_programs(n) for n in ("2024/~$costs.xlsx", "Thumbs.db", "2024/episodes.csv")]
    [True, True, False]
    """
    return any(
        part.startswith((".", "~", "__MACOSX")) or part.casefold() in _OF_WINDOWS
        for part in PurePosixPath(name).parts
    )
