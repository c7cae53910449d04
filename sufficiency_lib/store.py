"""Where what can be made again is kept: the sample, reference stores, cleaned tables.

Everything is built aside and moved into place, so that two notebooks starting at once both
find whole files. The cache holds children's records: its folders are this user's alone, and
an authority keeps one version.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency_lib.intake.files import is_left_by_programs
from sufficiency_lib.intake.published_files import find_published
from sufficiency_lib.intake.reference import (
    Reference,
    build_reference,
    find_raw_reference,
    is_reference_store,
    open_reference,
)
from sufficiency_lib.intake.reference_parts import read_kept
from sufficiency_lib.moving import aside, move, remove
from sufficiency_lib.settings import cache_folder, project_folder, sample_folder

#: The rooms whose code decides what the cleaned tables hold.
_ROOMS_BEFORE_METRICS = (
    "*.py", "codes/*.py", "fields/*.py", "intake/**/*.py", "intake/**/*.csv", "cleaning/**/*.py",
)


def sample_data() -> Path:
    """The synthetic sample's folder; it is written first where it is not there yet."""
    folder = sample_folder()
    if not folder.is_dir():
        print("Writing the synthetic authorities (once).", file=sys.stderr)
        make_sample(folder)
    return folder


def make_sample(to: Path) -> Path:
    """Write the synthetic authorities with their reference store, whole or not at all."""
    # Only the first run of a checkout needs the generator.
    from sufficiency_lib.sample import write_sample

    with aside(to) as room:
        made = write_sample(room / "sample")
        raw = made / "reference" / "raw"
        build_reference(
            made / "reference" / "store",
            postcodes=raw / "postcodes.csv",
            boundaries=raw / "boundaries.geojson",
            release="synthetic",
        )
        _move_into_place(made, to)
    return to


def reference_for(chosen: Path | None, data: Path) -> Reference:
    """The reference store of a run: the one chosen, the data folder's, or the project's own.

    A folder of raw files (a postcode directory, boundaries) is made into a store once, in
    the cache. Raises ConfigurationError where there is none.
    """
    if chosen is not None:
        return _opened(chosen)
    root = project_folder()
    places = [data / "reference" / "store", data / "reference"]
    if root is not None:
        places.append(root / "data" / "local" / "reference")
    for place in places:
        if is_reference_store(place):
            return open_reference(place)
    return open_reference(sample_data() / "reference" / "store")


def _opened(path: Path) -> Reference:
    if is_reference_store(path) or not path.is_dir():
        return open_reference(path)
    postcodes, boundaries = find_raw_reference(path)
    statistics = find_published(path)
    files = [file for file in (postcodes, boundaries, *statistics) if file is not None]
    stamp = "\n".join(
        f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files
    )
    name = hashlib.sha256(f"{stamp}\n{code_hash(*_ROOMS_BEFORE_METRICS)}".encode()).hexdigest()[:16]
    kept_at = cache_folder() / "reference" / name
    if not is_reference_store(kept_at):
        print("Building a reference store from the raw files (once).", file=sys.stderr)
        private(kept_at.parent)
        build_reference(
            kept_at, postcodes=postcodes, boundaries=boundaries, statistics=statistics
        )
    return open_reference(kept_at)


def content_key(folder: Path, reference_fingerprint: str) -> str:
    """A key of everything that the cleaned tables of a folder rest on, by content."""
    code = code_hash(*_ROOMS_BEFORE_METRICS)
    digest = hashlib.sha256(f"{reference_fingerprint}\n{code}\n".encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if not is_left_by_programs(name):
            digest.update(os.fsencode(name))
            digest.update(_content(path))
    return digest.hexdigest()[:24]


def _content(path: Path) -> bytes:
    """A digest of a file; of one that cannot be opened, which is for who reads it to say, none."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""


def kept(
    folder: Path, key: str, build: Callable[[], dict[str, pd.DataFrame]]
) -> dict[str, pd.DataFrame]:
    """The tables under a key, read from the cache; built and put there when they are not.

    Tables always come back through parquet, so that a first run and a second have the same
    types. Older versions of the same folder's tables are removed.
    """
    whose = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    place = private(cache_folder() / "datasets" / whose) / key
    if not place.is_dir():
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".building-") as room:
            made = Path(room) / key
            made.mkdir()
            for name, table in build().items():
                table.to_parquet(made / f"{name}.parquet", index=False)
            _move_into_place(made, place)
        for other in place.parent.iterdir():
            if other.name != key and not other.name.startswith("."):
                remove(other)
    files = sorted(place.glob("*.parquet"))
    return {file.stem: _with_plain_text(read_kept(file)) for file in files}


def _with_plain_text(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose text is Python's own: it is compared and grouped a little at a time, often.

    As Arrow keeps text, each such step has a price of its own, which outweighs what it saves.
    """
    text = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.StringDtype)]
    return table.astype(dict.fromkeys(text, pd.StringDtype("python", na_value=np.nan)))


def private(folder: Path) -> Path:
    """Make a folder that only this user may read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def code_hash(*patterns: str) -> str:
    """One hash of the library's files that match any of the patterns, by place and content.

    Read at every call: in JupyterLab the code may have been changed since.
    """
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(here.glob(pattern)):
            digest.update(path.relative_to(here).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def put_whole(content: bytes, place: Path) -> None:
    """Write a file so that a reader finds all of it or none. Raises OSError where it cannot be."""
    written = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        written.write_bytes(content)
        move(written, place)
    finally:
        written.unlink(missing_ok=True)


def _move_into_place(made: Path, place: Path) -> None:
    """Move a whole folder to where it belongs; another process may have done so first."""
    try:
        move(made, place)
    except OSError:
        if not place.is_dir():
            raise
