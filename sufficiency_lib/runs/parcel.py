"""A built folder as bytes, and back: how an authority's outputs come from another machine."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import Path, PurePosixPath

from sufficiency_lib.errors import SufficiencyError

#: An authority's outputs are some tens of megabytes in some hundreds of files; what is far beyond
#: that is a mistake, or meant to fill a disk.
MOST_BYTES = 1_000_000_000
MOST_FILES = 10_000

#: Not in a name that is to be written on any system: a drive or stream, a backslash, what a
#: terminal would act upon.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\:]')


def pack(folder: Path) -> bytes:
    """Every file under `folder` in one compressed archive, in order.

    Raises SufficiencyError when there is more than a run can have built.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    _refuse_too_much(len(files), sum(path.stat().st_size for path in files))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder).as_posix())
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """Write what `pack` made into an empty folder; nothing is written anywhere else.

    All names and sizes are looked at before the first file is written. Raises SufficiencyError
    for a name that leads out of the folder, for a link, for far too much, and for what is not a
    whole archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            inside = archive.infolist()
            _refuse_too_much(len(inside), sum(one.file_size for one in inside))
            for one in inside:
                _refuse_unsafe(one)
            if len({one.filename.casefold() for one in inside}) < len(inside):
                raise SufficiencyError("The outputs that came back hold a file twice.")
            archive.extractall(folder)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise SufficiencyError(
            f"The outputs that came back are not whole ({type(error).__name__})."
        ) from error


def _refuse_too_much(files: int, size: int) -> None:
    if files > MOST_FILES or size > MOST_BYTES:
        raise SufficiencyError(
            f"The outputs are {files:,} files of {size / 1e6:,.0f} MB together, more than an "
            f"appendix can need ({MOST_FILES:,} files, {MOST_BYTES / 1e6:,.0f} MB)."
        )


def _refuse_unsafe(one: zipfile.ZipInfo) -> None:
    """`orig_filename` is the name as it came; `filename` has been cut at a null already."""
    name = one.orig_filename
    parts = PurePosixPath(name).parts
    plain = bool(parts) and not _UNSAFE.search(name) and ".." not in parts and parts[0] != "/"
    linked = stat.S_ISLNK(one.external_attr >> 16)
    if not plain or linked or one.is_dir():
        raise SufficiencyError(
            "The outputs that came back hold something other than files of their own folder."
        )
