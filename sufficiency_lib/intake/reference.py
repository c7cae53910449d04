"""The reference store: postcodes, outlines and published statistics, built once, opened fast.

A store is a folder::

    provenance.json      what it was made from: file names, sha256, rows, release
    postcodes.arrow      sorted and uncompressed, to be mapped into memory
    boundaries.parquet   GeoParquet, one row an authority; from a boundary file, or else
                         built from the postcodes
    statistics/*.parquet tidy where they are comparators, else as published, all text

The same inputs give the same bytes: no clock, no paths.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.intake.authorities import load_authorities
from sufficiency_lib.intake.boundaries import empty_boundaries, is_boundary_file
from sufficiency_lib.intake.files import files_near
from sufficiency_lib.intake.postcode_files import postcode_sources
from sufficiency_lib.intake.postcodes import PostcodeDirectory
from sufficiency_lib.intake.reference_parts import (
    BOUNDARIES,
    POSTCODES,
    PROVENANCE,
    STATISTICS,
    STORE_VERSION,
    as_json,
    move_into_place,
    read_kept,
    releases_of,
    write_provenance,
    write_store,
)
from sufficiency_lib.intake.voronoi import outline_from_postcodes
from sufficiency_lib.moving import aside, why_not

POSTCODE_SUFFIXES = (".csv", ".csv.gz", ".zip", ".parquet")


class _Tables(Mapping[str, pd.DataFrame]):
    """The tables of a folder by name, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._files = {file.stem: file for file in sorted(folder.glob("*.parquet"))}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return read_kept(self._files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


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
        """Outlines: ``code``, ``name``, ``geometry`` (EPSG:27700), one row an authority.

        From the boundary file, or built from the postcodes where none was given
        (:attr:`built_boundaries`); no rows when there are too few postcodes to build from.
        """
        file = self.path / BOUNDARIES
        return gpd.read_parquet(file) if file.is_file() else empty_boundaries()

    @cached_property
    def authorities(self) -> pd.DataFrame:
        """The 153 upper-tier authorities of today (:func:`load_authorities`)."""
        return load_authorities()

    @cached_property
    def statistics(self) -> Mapping[str, pd.DataFrame]:
        """Published tables by file name without its ending.

        Comparators (DfE's layout, ONS's in the same) have the columns of
        :func:`sufficiency_lib.intake.comparators.tidy_statistics`; any other table is as
        published, all columns text. :meth:`release` says which edition each is.
        """
        return _Tables(self.path / STATISTICS)

    @property
    def built_boundaries(self) -> bool:
        """Whether the outlines were built from the postcodes, for want of a boundary file."""
        sources = self.provenance["sources"]
        return any(s["kind"] == "boundaries" and "built_from" in s for s in sources)

    def release(self, name: str) -> str | None:
        """What the user called the edition of one table of statistics, or of the postcodes.

        Parameters
        ----------
        name: a table's name in :attr:`statistics`, or ``"postcodes"`` or ``"boundaries"``.

        Returns
        -------
        The release; None when the user gave none, or there is no such table.
        """
        for source in self.provenance["sources"]:
            if name == source["kind"] or name in source.get("tables", {}):
                return source["release"]
        return None

    @property
    def fingerprint(self) -> str:
        """A digest of everything the store was made from: the same inputs, the same text."""
        return hashlib.sha256(as_json(self.provenance)).hexdigest()

    def outline(self, code: str) -> BaseGeometry:
        """The outline of one authority, by its ONS code of today.

        From :attr:`boundaries`, or else built from its postcodes.

        Raises
        ------
        ConfigurationError: the store holds no outline of that authority, and too few of its
            postcodes to build one.
        """
        mine = self.boundaries.loc[self.boundaries["code"] == code, "geometry"]
        outline = outline_from_postcodes(self.postcodes, code) if mine.empty else mine.iloc[0]
        if outline.is_empty:
            raise ConfigurationError(
                f"The reference store has no outline for {code}, and too few of its postcodes "
                "to build one. Build the store again with `--boundaries` and a file of county "
                "and unitary authority outlines, or use a locality rule that needs none "
                "(home_20_miles)."
            )
        return outline


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
    """Find the fullest postcode directory and the largest boundary file in a folder.

    Files are recognised by their columns, at most two folders down; of several postcode
    directories the one with most rows is taken, of several boundary files the largest.

    Returns
    -------
    Path of the postcode file, and of the boundary file or None.

    Raises
    ------
    ConfigurationError: no postcode directory is there.
    """
    files = files_near(folder)
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
    releases: Mapping[str, str] | None = None,
) -> Reference:
    """Build a store from published files, in place of an older one if there is one.

    Built in a folder beside ``to`` and moved there when complete: a failure leaves the older
    store as it was.

    Parameters
    ----------
    to: the store's folder; new, empty, or an older store.
    postcodes: see :func:`sufficiency_lib.intake.postcode_reading.read_postcodes`.
    boundaries: see :func:`sufficiency_lib.intake.boundaries.read_boundaries`; None: outlines
        are built from the postcodes (:mod:`sufficiency_lib.intake.voronoi`).
    statistics: published csv, parquet or zip files; comparators become tidy, with numbers
        and symbols apart, other tables stay text.
    release: what the user calls these editions, such as "ONSPD November 2025"; recorded.
    releases: by file name, where a file's release is another than ``release``.

    Raises
    ------
    ConfigurationError: ``to`` holds something that is not a store, two tables of statistics
        have one name, or ``releases`` names a file that is not given.
    InputError: a file cannot be read; the sentence says which, where and what to do.
    """
    to = Path(os.path.abspath(to))
    files = [postcodes, *([boundaries] if boundaries else []), *statistics]
    editions = releases_of(files, release, releases or {})
    _refuse_other_folders(to)
    try:
        with aside(to) as building:
            sources = write_store(building, postcodes, boundaries, statistics, editions)
            write_provenance(building, sources, release)
            move_into_place(building, to)
    except OSError as problem:
        raise ConfigurationError(
            f"The reference store '{to.name}' could not be written ({why_not(problem)}). Check "
            "that the folder may be written to, that the disk has room, and that no notebook "
            "that has read it is still open."
        ) from problem
    return open_reference(to)


def _refuse_other_folders(to: Path) -> None:
    if to.exists() and not to.is_dir():
        raise ConfigurationError(f"'{to.name}' is a file; a reference store is a folder.")
    if to.is_dir() and any(to.iterdir()) and not is_reference_store(to):
        raise ConfigurationError(
            f"The folder '{to.name}' holds other files and was left alone. Name a new or empty "
            "folder, or an older reference store, for the store."
        )
