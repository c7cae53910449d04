"""The reference store: postcodes, outlines and published statistics, built once, opened fast.

A store is a folder::

    provenance.json      what it was made from: file names, sha256, rows, release
    postcodes.arrow      sorted and uncompressed, to be mapped into memory
    boundaries.parquet   GeoParquet, one row an authority; absent when none was given
    statistics/*.parquet

The same inputs give the same bytes: no clock, no paths.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.intake.authorities import load_authorities
from sufficiency_lib.intake.boundaries import (
    empty_boundaries,
    is_boundary_file,
    read_boundaries,
)
from sufficiency_lib.intake.postcode_files import postcode_sources
from sufficiency_lib.intake.postcode_reading import read_postcodes
from sufficiency_lib.intake.postcodes import PostcodeDirectory
from sufficiency_lib.intake.statistics import read_statistics

STORE_VERSION = 1
PROVENANCE, POSTCODES = "provenance.json", "postcodes.arrow"
BOUNDARIES, STATISTICS = "boundaries.parquet", "statistics"
# How often a store is put in place again when another process keeps getting there first.
MOVES = 10
POSTCODE_SUFFIXES = (".csv", ".csv.gz", ".zip", ".parquet")


@dataclass(frozen=True)
class Reference:
    """An open store. Everything but the provenance is read when it is first asked for."""

    path: Path
    provenance: dict

    @cached_property
    def postcodes(self) -> PostcodeDirectory:
        """The directory of postcodes, mapped into memory."""
        return PostcodeDirectory.open(self.path / POSTCODES)

    @cached_property
    def boundaries(self) -> gpd.GeoDataFrame:
        """Outlines: ``code``, ``name``, ``geometry`` (EPSG:27700); no rows when none was given."""
        file = self.path / BOUNDARIES
        return gpd.read_parquet(file) if file.is_file() else empty_boundaries()

    @cached_property
    def authorities(self) -> pd.DataFrame:
        """The 153 upper-tier authorities of today (:func:`load_authorities`)."""
        return load_authorities()

    @cached_property
    def statistics(self) -> dict[str, pd.DataFrame]:
        """Published tables by file name without its ending, all columns text."""
        files = sorted((self.path / STATISTICS).glob("*.parquet"))
        return {file.stem: pd.read_parquet(file) for file in files}

    @property
    def fingerprint(self) -> str:
        """A digest of everything the store was made from: the same inputs, the same text."""
        return hashlib.sha256(_as_json(self.provenance)).hexdigest()

    def outline(self, code: str) -> BaseGeometry:
        """The outline of one authority, by its ONS code of today.

        Raises
        ------
        ConfigurationError: the store holds no outline of that authority.
        """
        mine = self.boundaries.loc[self.boundaries["code"] == code, "geometry"]
        if mine.empty:
            raise ConfigurationError(
                f"The reference store has no outline for {code}. Build it again with "
                "`--boundaries` and a file of county and unitary authority outlines, or use a "
                "locality rule that needs none (home_20_miles)."
            )
        return mine.iloc[0]


def is_reference_store(path: Path) -> bool:
    """Whether a folder is a store of this suite (of any version)."""
    return (path / PROVENANCE).is_file() and (path / POSTCODES).is_file()


def open_reference(path: Path) -> Reference:
    """Open a store; cheap, whatever its size.

    Raises
    ------
    ConfigurationError: no such folder; a folder of raw files (the sentence says how to build
        a store from them); a store of another version.
    """
    if is_reference_store(path):
        try:
            provenance = json.loads((path / PROVENANCE).read_text(encoding="utf-8"))
            version = provenance["store_version"]
        except (ValueError, KeyError, TypeError) as problem:
            raise ConfigurationError(
                f"{PROVENANCE} in the reference store '{path.name}' is damaged. Build the store "
                "again with `python -m sufficiency_lib reference`."
            ) from problem
        if version != STORE_VERSION:
            raise ConfigurationError(
                f"The reference store '{path.name}' has version {version}; this suite reads "
                f"version {STORE_VERSION}. Build it again with `python -m sufficiency_lib "
                "reference`."
            )
        return Reference(path, provenance)
    if not path.is_dir():
        raise ConfigurationError(f"There is no reference store at '{path}'.")
    postcodes, boundaries = find_raw_reference(path)
    option = f" --boundaries {boundaries.name}" if boundaries else ""
    raise ConfigurationError(
        f"'{path.name}' is a folder of raw files, not a reference store. Build one: "
        f"python -m sufficiency_lib reference --postcodes {postcodes.name}{option} --to FOLDER"
    )


def find_raw_reference(folder: Path) -> tuple[Path, Path | None]:
    """Find the fullest postcode directory and the fullest boundary file in a folder.

    Files are recognised by their columns, at most two folders down; of several postcode
    directories the one with most rows is taken, of several boundary files the one with most
    rows.

    Returns
    -------
    Path of the postcode file, and of the boundary file or None.

    Raises
    ------
    ConfigurationError: no postcode directory is there.
    """
    files = sorted(p for depth in ("*", "*/*", "*/*/*") for p in folder.glob(depth) if p.is_file())
    postcodes = [(_postcode_rows(file), file) for file in files]
    rows, best = max(postcodes, key=lambda pair: pair[0], default=(0, None))
    if not rows or best is None:
        raise ConfigurationError(
            f"'{folder.name}' is neither a reference store nor a folder with a postcode "
            "directory in it. Give the ONS Postcode Directory: python -m sufficiency_lib "
            "reference --postcodes FILE --to FOLDER"
        )
    outlines = [file for file in files if file != best and is_boundary_file(file)]
    return best, max(outlines, key=lambda file: file.stat().st_size, default=None)


def _postcode_rows(path: Path) -> int:
    if not path.name.casefold().endswith(POSTCODE_SUFFIXES):
        return 0
    try:
        with postcode_sources(path) as sources:
            return sum(s.estimated_rows for s in sources if s.layout.usable)
    except (InputError, OSError):
        return 0


def build_reference(
    to: Path,
    *,
    postcodes: Path,
    boundaries: Path | None,
    statistics: Sequence[Path] = (),
    release: str | None = None,
) -> Reference:
    """Build a store from published files, in place of an older one if there is one.

    Built in a folder beside ``to`` and moved there when complete: a failure leaves the older
    store as it was.

    Parameters
    ----------
    to: the store's folder; new, empty, or an older store.
    postcodes: see :func:`sufficiency_lib.intake.postcode_reading.read_postcodes`.
    boundaries: see :func:`sufficiency_lib.intake.boundaries.read_boundaries`; None for none.
    statistics: published csv or parquet tables, kept as text.
    release: what the user calls these editions, such as "ONSPD November 2025"; recorded.

    Raises
    ------
    ConfigurationError: ``to`` holds something that is not a store, or two statistics files
        have one name.
    InputError: a file cannot be read; the sentence says which, where and what to do.
    """
    to = Path(os.path.abspath(to))
    _refuse_other_folders(to)
    building = None
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{to.name}.building-", dir=to.parent))
        _write_store(building, postcodes, boundaries, statistics, release)
        building.chmod(0o755)
        _move_into_place(building, to)
    except OSError as problem:
        raise ConfigurationError(
            f"The reference store '{to.name}' could not be written ({problem.strerror}). Check "
            "that the folder may be written to and that the disk has room."
        ) from problem
    finally:
        if building is not None:
            shutil.rmtree(building, ignore_errors=True)
    return open_reference(to)


def _refuse_other_folders(to: Path) -> None:
    if to.exists() and not to.is_dir():
        raise ConfigurationError(f"'{to.name}' is a file; a reference store is a folder.")
    if to.is_dir() and any(to.iterdir()) and not is_reference_store(to):
        raise ConfigurationError(
            f"The folder '{to.name}' holds other files and was left alone. Name a new or empty "
            "folder, or an older reference store, for the store."
        )


def _write_store(
    folder: Path,
    postcodes: Path,
    boundaries: Path | None,
    statistics: Sequence[Path],
    release: str | None,
) -> None:
    directory, counts = read_postcodes(postcodes)
    directory.write(folder / POSTCODES)
    sources = [_source("postcodes", postcodes, counts)]
    if boundaries is not None:
        outlines, counts = read_boundaries(boundaries)
        outlines.to_parquet(folder / BOUNDARIES, index=False)
        sources.append(_source("boundaries", boundaries, counts))
    for path in statistics:
        table = read_statistics(path)
        target = folder / STATISTICS / f"{path.name.split('.')[0]}.parquet"
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            raise ConfigurationError(
                f"Two statistics files are called {target.stem}; rename one of them."
            )
        pq.write_table(table, target)
        sources.append(_source("statistics", path, {"rows": table.num_rows}))
    provenance = {"store_version": STORE_VERSION, "release": release, "sources": sources}
    (folder / PROVENANCE).write_bytes(_as_json(provenance))


def _source(kind: str, path: Path, counts: dict[str, int]) -> dict:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"kind": kind, "file": path.name, "sha256": digest, **counts}


def _as_json(provenance: dict) -> bytes:
    return (json.dumps(provenance, indent=2, ensure_ascii=False) + "\n").encode()


def _move_into_place(building: Path, to: Path) -> None:
    """Put the finished folder where the old one was; the old one comes back if that fails.

    Several processes may build one store at once. Same inputs give the same bytes, so whoever
    comes second finds the work done.
    """
    aside = Path(tempfile.mkdtemp(prefix=f".{to.name}.replaced-", dir=to.parent))
    try:
        for attempt in range(MOVES):
            if _same_files(building, to):
                return
            old = aside / str(attempt)
            with suppress(FileNotFoundError):
                os.replace(to, old)
            try:
                os.replace(building, to)
                return
            except OSError:
                if not to.exists():
                    os.replace(old, to)
                    raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
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
