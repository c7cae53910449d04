"""The synthetic authorities: written once, and again when what writes them changes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from sufficiency_lib import store
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.runs.fingerprint import LIBRARY, combined, file_hash

#: Says which version of the writer a sample is from.
MARK = ".written-by"

#: What decides a sample's content: its writer, and the rooms the writer and its store rest on.
_WRITERS = ("sample", "intake", "codes.py", "fields.py", "settings.py")


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
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-sample-", dir=folder.parent) as aside:
        made = store.make_sample(Path(aside) / "sample")
        (made / MARK).write_text(writer_hash(), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(made, folder)
    return True
