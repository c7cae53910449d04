"""The files under an authority's folder that may hold its returns, in zips or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.archives import open_member, open_zip

TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
XML_SUFFIXES = frozenset({".xml"})
ZIP_SUFFIXES = frozenset({".zip"})
READABLE_SUFFIXES = TEXT_SUFFIXES | XML_SUFFIXES

#: What its file manager keeps in a folder that somebody has looked at.
_OF_WINDOWS = frozenset({"thumbs.db", "desktop.ini"})

#: No council's return comes near this; a larger file is a mistake, or meant to do harm.
LARGEST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class InputFile:
    """One file that may hold a table.

    name    its path within the authority's folder; within a zip, `returns.zip/2024/header.csv`
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
    def is_readable(self) -> bool:
        """Whether its name ends as that of a file which may hold a table."""
        return _suffix(self.name) in READABLE_SUFFIXES

    def read(self, most: int | None = None) -> bytes:
        """Its bytes, or the first `most` of them.

        Raises InputError for a file that is too large, damaged or may not be read.
        """
        try:
            if self.member:
                with open_zip(self.path) as archive, open_member(
                    self.path, archive, self.member
                ) as stream:
                    return stream.read(-1 if most is None else most)
            if most is None and self.path.stat().st_size > LARGEST_BYTES:
                raise InputError(
                    f"{self.name} is larger than {LARGEST_BYTES // 10**9} GB: expected a return "
                    "of one authority; remove it or split it."
                )
            with self.path.open("rb") as file:
                return file.read(-1 if most is None else most)
        except OSError as problem:
            raise InputError(
                f"{self.name} cannot be opened ({problem.strerror}): expected a file that may be "
                "read; close it in other programs and run again."
            ) from None


def find_files(folder: Path) -> Iterator[InputFile]:
    """Every file under a folder that may hold a table of a return, in a fixed order.

    Zips are looked into, one level deep; hidden files and what an editor leaves are passed
    over. Raises InputError for a zip that is damaged, or that is made to do harm.
    """
    paths = (path for path in folder.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if is_left_by_programs(name):
            continue
        if _suffix(name) in ZIP_SUFFIXES:
            yield from _members(path, name)
        elif _suffix(name) in READABLE_SUFFIXES:
            yield InputFile(name, path)


def _members(path: Path, name: str) -> Iterator[InputFile]:
    with open_zip(path) as archive:
        members = sorted(member.filename for member in archive.infolist() if not member.is_dir())
    for member in members:
        if _suffix(member) in READABLE_SUFFIXES and not is_left_by_programs(member):
            yield InputFile(f"{name}/{member}", path, member)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def is_left_by_programs(name: str) -> bool:
    """Hidden files, lock files of office programs, and what systems lay down beside files.

    >>> [is_left_by_programs(n) for n in ("2024/~$costs.xlsx", "Thumbs.db", "2024/episodes.csv")]
    [True, True, False]
    """
    return any(
        part.startswith((".", "~", "__MACOSX")) or part.casefold() in _OF_WINDOWS
        for part in PurePosixPath(name).parts
    )
