"""What a reference store is made of, written into a folder and moved into place.

:mod:`sufficiency_lib.intake.reference` builds and opens stores with these parts.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.boundaries import read_boundaries
from sufficiency_lib.intake.comparators import is_comparator_table, tidy_statistics
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.statistics import read_statistics
from sufficiency_lib.intake.voronoi import outlines_from_postcodes
from sufficiency_lib.moving import aside, move

STORE_VERSION = 2
PROVENANCE, POSTCODES = "provenance.json", "postcodes.arrow"
BOUNDARIES, STATISTICS = "boundaries.parquet", "statistics"
# How often a store is put in place again when another process keeps getting there first.
MOVES = 10


def read_kept(file: Path) -> pd.DataFrame:
    """A table that the suite keeps as parquet, read on this thread.

    Small tables gain nothing from Arrow's pool of threads, which was seen to wait for ever on a
    busy machine.
    """
    with pq.ParquetFile(file) as parquet:
        return parquet.read(use_threads=False).to_pandas(use_threads=False)


def releases_of(
    files: Sequence[Path], release: str | None, releases: Mapping[str, str]
) -> dict[Path, str | None]:
    """The release of each file; an error where one is given for another file."""
    strange = sorted(set(releases) - {file.name for file in files})
    if strange:
        raise ConfigurationError(
            f"A release is given for '{strange[0]}', which is none of the files: "
            f"{', '.join(file.name for file in files)}."
        )
    return {file: releases.get(file.name, release) for file in files}


def write_store(
    folder: Path,
    postcodes: Path,
    boundaries: Path | None,
    statistics: Sequence[Path],
    releases: Mapping[Path, str | None],
) -> list[dict]:
    """Write everything but the provenance, and say what it was made from."""
    directory, counts = read_postcodes(postcodes)
    directory.write(folder / POSTCODES)
    sources = [_source("postcodes", postcodes, releases[postcodes], counts)]
    if boundaries is None:
        outlines = outlines_from_postcodes(directory)
        built = {"kind": "boundaries", "built_from": postcodes.name, "rows": len(outlines)}
        sources += [built | {"release": releases[postcodes]}] if len(outlines) else []
    else:
        outlines, counts = read_boundaries(boundaries)
        sources.append(_source("boundaries", boundaries, releases[boundaries], counts))
    if len(outlines):
        outlines.to_parquet(folder / BOUNDARIES, index=False)
    for path in statistics:
        tables = _write_statistics(folder / STATISTICS, path)
        told = {"rows": sum(tables.values()), "tables": tables}
        sources.append(_source("statistics", path, releases[path], told))
    return sources


def _write_statistics(folder: Path, path: Path) -> dict[str, int]:
    """Write a file's tables; returns the published rows of each by name."""
    tables = read_statistics(path)
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        target = folder / f"{name}.parquet"
        if target.exists():
            raise ConfigurationError(f"Two statistics files are called {name}; rename one of them.")
        if is_comparator_table(table):
            table_kept = pa.Table.from_pandas(tidy_statistics(table), preserve_index=False)
        else:
            table_kept = table
        pq.write_table(table_kept, target)
    return {name: table.num_rows for name, table in tables.items()}


def write_provenance(folder: Path, sources: list[dict], release: str | None) -> None:
    """Write what a store was made from."""
    provenance = {"store_version": STORE_VERSION, "release": release, "sources": sources}
    (folder / PROVENANCE).write_bytes(as_json(provenance))


def _source(kind: str, path: Path, release: str | None, counts: dict) -> dict:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"kind": kind, "file": path.name, "sha256": digest, "release": release, **counts}


def as_json(provenance: dict) -> bytes:
    """The bytes of a provenance file."""
    return (json.dumps(provenance, indent=2, ensure_ascii=False) + "\n").encode()


def move_into_place(building: Path, to: Path) -> None:
    """Put the finished folder where the old one was; the old one comes back if that fails.

    Several processes may build one store at once. Same inputs give the same bytes, so whoever
    comes second finds the work done.
    """
    with aside(to) as room:
        for attempt in range(MOVES):
            if _same_files(building, to):
                return
            old = room / str(attempt)
            with suppress(FileNotFoundError):
                move(to, old)
            try:
                move(building, to)
                return
            except OSError:
                if not to.exists():
                    move(old, to)
                    raise
    raise ConfigurationError(
        f"The reference store '{to.name}' is being built by another run with other files. "
        "Wait for it to end, then build again."
    )


def _same_files(one: Path, two: Path) -> bool:
    names = [
        sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        for folder in (one, two)
    ]
    if names[0] != names[1]:
        return False
    try:
        return all(filecmp.cmp(one / name, two / name, shallow=False) for name in names[0])
    except FileNotFoundError:
        # Another process has just moved it away.
        return False
