"""A small good return that the tests of intake and cleaning write, vary and break."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from sufficiency_lib.intake.reference import build_reference

EPISODE_COLUMNS = (
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
    "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN",
)
#: The year to 31 March 2024: four children, five episodes, three of them open.
EPISODES: tuple[tuple[str, ...], ...] = (
    ("A1", "01/05/2023", "S", "V2", "N1", "U6", "PR1", "10/09/2023", "X1", "CARPL",
     "HR1 1AA", "HR1 1AB", "SC000001"),
    ("A1", "10/09/2023", "P", "V2", "N1", "U4", "PR4", "", "", "",
     "HR1 1AA", "HR1 1AC", "SC000002"),
    ("0007", "15/11/2021", "S", "C2", "N5", "K2", "PR4", "", "", "",
     "HR2 6AA", "HR1 1AB", "SC000003"),
    ("B2", "20/06/2020", "S", "C2", "N1", "U1", "PR1", "02/02/2024", "E4A", "",
     "HR1 1AA", "HR2 6AA", "SC000004"),
    ("C3", "25/01/2024", "S", "V3", "N2", "K2", "PR1", "", "", "",
     "HR2 6AA", "HR2 6AA", "SC000005"),
)
HEADER_COLUMNS = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
HEADER: tuple[tuple[str, ...], ...] = (
    ("A1", "1", "04/07/2012", "WBRI", "X012345678901", "0", ""),
    ("0007", "2", "30/12/2007", "AOTH", "X012345678902", "0", ""),
    ("B2", "2", "11/02/2010", "WBRI", "X012345678903", "0", ""),
    ("C3", "1", "28/02/2015", "MWBC", "X012345678904", "0", ""),
)
UASC_COLUMNS = ("CHILD", "SEX", "DOB", "DUC")
UASC: tuple[tuple[str, ...], ...] = (("0007", "2", "30/12/2007", ""),)


def as_csv(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, delimiter: str = ",", end: str = "\n"
) -> str:
    """Rows as the text of a csv."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([columns, *rows])
    return out.getvalue()


def write_return(
    folder: Path, *, episodes: Sequence[Sequence[str]] = EPISODES, prefix: str = ""
) -> Path:
    """Write the return's three tables; the names of the files say nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{prefix}one.csv").write_text(as_csv(EPISODE_COLUMNS, episodes))
    (folder / f"{prefix}two.csv").write_text(as_csv(HEADER_COLUMNS, HEADER))
    (folder / f"{prefix}three.csv").write_text(as_csv(UASC_COLUMNS, UASC))
    return folder


#: Hereford at 350000, 240000; places 20.0, 20.1 and 0.9 miles from it, and one off the grid.
POSTCODES = """\
pcds,doterm,oscty,oslaua,oseast1m,osnrth1m
HR1 1AA,,E99999999,E06000019,350000,240000
HR1 1AB,,E99999999,E06000051,350000,272186
HR1 1AC,,E99999999,E06000051,350000,272300
HR2 6AA,,E99999999,E06000019,351000,241000
"""
OUTLINES = """\
{"type": "FeatureCollection",
 "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
 "features": [
  {"type": "Feature", "properties": {"CTYUA24CD": "E06000019", "CTYUA24NM": "Herefordshire"},
   "geometry": {"type": "Polygon", "coordinates": [[[340000, 230000], [360000, 230000],
    [360000, 250000], [340000, 250000], [340000, 230000]]]}}]}
"""


def build_small_reference(folder: Path) -> Path:
    """The reference store of what `write_raw_reference` writes."""
    raw = write_raw_reference(folder / "raw")
    build_reference(folder / "store", postcodes=raw / "postcodes.csv",
                    boundaries=raw / "outlines.geojson", release="toy")
    return folder / "store"


def write_raw_reference(folder: Path, *, outlines: bool = True) -> Path:
    """Write a postcode directory of four postcodes, and a square outline of Herefordshire."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "postcodes.csv").write_text(POSTCODES)
    if outlines:
        (folder / "outlines.geojson").write_text(OUTLINES)
    return folder
