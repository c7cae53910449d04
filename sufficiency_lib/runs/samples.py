"""The synthetic authorities: written once, and again when what writes them changes."""

from __future__ import annotations

from pathlib import Path

from sufficiency_lib import store
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.moving import aside, move, why_not
from sufficiency_lib.runs.fingerprint import LIBRARY, combined, file_hash

#: Says which version of the writer a sample is from.
MARK = ".written-by"

#: What decides a sample's content: its writer, and the rooms the writer and its store rest on.
_WRITERS = ("sample", "intake", "codes", "fields", "settings.py")


def writer_hash() -> str:
    """One hash of the source that writes the sample and its reference store."""
    files = (
        path
        for name in _WRITERS
        for path in sorted([LIBRARY / name, *(LIBRARY / name).rglob("*")])
        if path.is_file() and path.suffix != ".pyc"
    )
    return combined({path.relative_to(LIBRARY).as_posix(): file_hash(path) for path in files})


def is_sample(folder: Path) -> bool:
    """Whether a folder was written by this suite as a sample, whatever its version."""
    return (folder / "PROVENANCE.md").is_file() and (folder / "reference" / "store").is_dir()


def is_current(folder: Path) -> bool:
    """Whether a folder holds the sample as today's source would write it."""
    mark = folder / MARK
    return is_sample(folder) and mark.is_file() and mark.read_text("utf-8") == writer_hash()


def current_sample(folder: Path) -> bool:
    """See that `folder` holds today's synthetic authorities; True when they had to be written.

    They are written aside and moved into place, so that an interrupted write leaves nothing
    half done. An earlier sample is replaced; raises ConfigurationError for a folder that holds
    anything else.
    """
    if is_current(folder):
        return False
    if folder.is_dir() and any(folder.iterdir()) and not is_sample(folder):
        raise ConfigurationError(
            f"'{folder.name}' holds something other than the sample, which would be lost; "
            "choose another folder, or empty it first."
        )
    with aside(folder) as room:
        made = store.make_sample(room / "sample")
        (made / MARK).write_text(writer_hash(), encoding="utf-8", newline="\n")
        _exchange(folder, made, room / "old")
    return True


def _exchange(folder: Path, made: Path, old: Path) -> None:
    """Put the new sample where the old one is, or leave that whole."""
    try:
        if folder.exists():
            move(folder, old)
        move(made, folder)
    except OSError as error:
        if old.exists():
            move(old, folder)
        raise ConfigurationError(
            f"The sample in '{folder.name}' could not be replaced ({why_not(error)}). A notebook "
            "that has read it keeps it open: restart its kernel, and try again."
        ) from None
