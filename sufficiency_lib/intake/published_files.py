"""Finding the published statistics in a folder of reference files, by their columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sufficiency_lib.intake.comparable import COMPARABLE
from sufficiency_lib.intake.compared import lists_neighbours
from sufficiency_lib.intake.files import files_near
from sufficiency_lib.intake.section_251 import lists_unit_costs
from sufficiency_lib.intake.statistics import table_name


def find_published(folder: Path) -> list[Path]:
    """The files that hold comparable figures, unit costs or a list of statistical neighbours.

    Parameters
    ----------
    folder: looked through two folders down, as for postcodes and boundaries; csv and parquet.

    Returns
    -------
    Paths in order; of two files that would have one name in the store, the first. A file that
    cannot be read is passed over: nobody asked for it by name.
    """
    found: dict[str, Path] = {}
    for path in files_near(folder):
        if _is_wanted(_columns(path)):
            found.setdefault(table_name(path.name), path)
    return list(found.values())


def _is_wanted(columns: list[str]) -> bool:
    names = {name.strip().casefold() for name in columns}
    published = {"time_period", "geographic_level"} <= names
    comparable = any(set(measure.where) <= names for measure in COMPARABLE)
    return published and comparable or lists_neighbours(columns) or lists_unit_costs(columns)


def _columns(path: Path) -> list[str]:
    try:
        if path.suffix.casefold() == ".parquet":
            return list(pq.read_schema(path).names)
        if path.suffix.casefold() == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as lines:
                return next(csv.reader(lines), [])
    except (OSError, UnicodeDecodeError, csv.Error, pa.ArrowException):
        return []
    return []
