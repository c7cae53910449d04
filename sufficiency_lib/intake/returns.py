"""An authority's SSDA903 returns: every table of every year in a folder, typed.

Files are found at any depth and recognised by their columns; the year of each is inferred
from what it holds. Every row keeps its file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.csvfile import read_header, read_text_table
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import LOCAL_FILES
from sufficiency_lib.intake.ssda903 import (
    BENDING_IF_ABSENT,
    TABLES,
    Table,
    recognise,
    standard_names,
)
from sufficiency_lib.intake.typed import type_table
from sufficiency_lib.intake.years import (
    fits_year,
    infer_year,
    match_by_children,
    named_by_start,
    read_year,
)

SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
TABLE_KEYS = ("source_file", "source_line", "return_year")


@dataclass(frozen=True)
class Returns:
    """All returns of one authority.

    tables   name of an SSDA903 table → its typed rows, with source_file, source_line and
             return_year
    years    the return years that have episodes, in order
    sources  one row a file: source_file, table, return_year, rows
    """

    tables: dict[str, pd.DataFrame]
    years: tuple[int, ...]
    sources: pd.DataFrame


@dataclass
class _FileTable:
    """One table of one file on its way to being typed and dated."""

    name: str
    table: str
    rows: pd.DataFrame
    year: int | None = None
    children: set[str] = field(default_factory=set)


def read_returns(folder: Path, log: FindingLog, *, years: dict[str, int] | None = None) -> Returns:
    """Read every SSDA903 table under a folder.

    folder  the authority's folder; files of other kinds in it are left alone
    log     takes the findings
    years   file (path within the folder) → return year, to overrule what is inferred

    Raises InputError when there is no episodes table, or when a fatal finding was made.
    """
    files = list(_recognised(folder, log))
    if not any(item.table == "episodes" for item in files):
        raise InputError(
            f"No SSDA903 episodes table is in the folder '{folder.name}': expected at least one "
            "csv with the columns CHILD, DECOM, RNE, LS, PLACE and DEC; put the returns there."
        )
    log.raise_if_fatal()
    _type_tables(files, folder.name, log)
    _date_tables(files, years or {}, log)
    tables = {
        name: _stack([item for item in files if item.table == name])
        for name in TABLES
        if any(item.table == name for item in files)
    }
    known = tuple(sorted(int(year) for year in tables["episodes"]["return_year"].unique()))
    _check_years(tables["episodes"], known, log)
    _check_header(tables, log)
    return Returns(tables, known, _sources(files))


def holds_returns(folder: Path) -> bool:
    """Whether a folder holds, at any depth, a file that is an SSDA903 episodes table."""
    return any(is_episodes_file(path) for path in find_files(folder))


def is_episodes_file(path: Path) -> bool:
    """Whether a file's first line makes it an episodes table; no more of it is read."""
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        return _table_of(read_header(path, path.name)) == "episodes"
    except InputError:
        return False


def _table_of(header: list[str]) -> str | None:
    names = standard_names(header)
    return recognise(names.get(column, column) for column in header)


def find_files(folder: Path) -> list[Path]:
    """The files that may be tables of a return, in a fixed order; hidden ones are left out."""
    found = (
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)
    )
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _recognised(folder: Path, log: FindingLog) -> Iterator[_FileTable]:
    for path in find_files(folder):
        name = path.relative_to(folder).as_posix()
        header = read_header(path, name)
        table = _table_of(header)
        frame = read_text_table(path, name, log) if table or not header else None
        if table is None and header and name not in LOCAL_FILES:
            log.add(
                "cosmetic", "not_a_table", file=name, line=1,
                expected="the columns of an SSDA903 table in the first line",
                action="left alone",
            )
        if table is None or frame is None:
            continue
        frame = frame.rename(columns=standard_names(frame.columns))
        _check_columns(frame, TABLES[table], name, log)
        yield _FileTable(name, table, frame)


def _check_columns(frame: pd.DataFrame, table: Table, name: str, log: FindingLog) -> None:
    authorities = sorted(set(frame["LA"].str.strip().str.upper()) - {""}) if "LA" in frame else []
    if len(authorities) > 1:
        log.add(
            "fatal", "several_authorities", file=name, column="LA",
            value=f"{len(authorities):,} of them", expected="one authority in a folder",
            action="put the rows of each authority in a folder of its own",
        )
    if frame.empty:
        log.add("cosmetic", "no_rows", file=name, expected="rows under the header",
                action="passed over")
    for column in table.required:
        if column not in frame:
            log.add(
                "fatal", "missing_column", file=name, line=1, column=column,
                expected=f"the {table.name} table to have it",
                action="add the column, or export the table again",
            )
    for column in table.optional:
        if column not in frame:
            effect = BENDING_IF_ABSENT.get(column) if table.name == "episodes" else None
            log.add(
                "bending" if effect else "cosmetic", "missing_column", file=name, line=1,
                column=column, expected=f"the {table.name} table to have it",
                action=effect or "read as blank",
            )
            frame[column] = ""


def _type_tables(files: list[_FileTable], folder: str, log: FindingLog) -> None:
    """Type every table; refuse returns in which no episode has a child and a start."""
    for item in files:
        item.rows = type_table(item.rows, TABLES[item.table], log)
        item.children = set(item.rows["CHILD"].dropna())
    log.raise_if_fatal()
    episodes = [item.rows for item in files if item.table == "episodes"]
    if not any((rows["CHILD"].notna() & rows["DECOM"].notna()).any() for rows in episodes):
        raise InputError(
            f"No row of the episodes in the folder '{folder}' has both a CHILD and a date in "
            "DECOM: expected at least one; export the returns again."
        )


def _date_tables(files: list[_FileTable], years: dict[str, int], log: FindingLog) -> None:
    """Give the rows of every table a return year."""
    for item in files:
        if item.name in years:
            item.year = years[item.name]
    _read_stacked([item for item in files if item.year is None and "YEAR" in item.rows], log)
    for item in files:
        if item.table == "episodes" and item.year is None and "return_year" not in item.rows:
            item.year = infer_year(item.rows["DECOM"], item.rows["DEC"])
    by_year = _children_by_year(files)
    latest = max(by_year, default=None)
    beside = _year_of_folder(files)
    headers = [item for item in files if item.table == "header"]
    others = [item for item in files if item.table != "header"]
    for item in headers:
        _date_by_company(item, beside, by_year)
    # A header lists children whom no episode does, so it helps to date the rest.
    for item in headers:
        if item.year in by_year:
            by_year[item.year] |= item.children
    for item in others:
        _date_by_company(item, beside, by_year)
    for item in files:
        _set_year(item, latest, log)


def _read_stacked(files: list[_FileTable], log: FindingLog) -> None:
    """The years that YEAR columns name; a column in which none can be read is passed over."""
    for item in files:
        named = item.rows["YEAR"].map(read_year)
        if named.notna().any():
            item.rows["return_year"] = named.astype("Int64")
    stacked = [item for item in files if "return_year" in item.rows]
    episodes = [item.rows for item in stacked if item.table == "episodes"]
    if not any(named_by_start(rows["DECOM"], rows["DEC"], rows["return_year"])
               for rows in episodes):
        return
    for item in stacked:
        log.add(
            "bending", "year_named_by_its_start", file=item.name, column="YEAR",
            value=item.rows["YEAR"].iloc[0],
            expected="the year in which the return ends, as the dates of the episodes show",
            action="each year read as the one in which its return begins",
        )
        item.rows["return_year"] += 1


def _check_years(episodes: pd.DataFrame, known: tuple[int, ...], log: FindingLog) -> None:
    """Findings for episodes that no return of their year could hold, and for missing years."""
    dated = episodes["DECOM"].notna()
    outside = dated & ~fits_year(episodes["DECOM"], episodes["DEC"], episodes["return_year"])
    log.add_rows(
        "bending", "outside_its_year", episodes[outside], column="DECOM",
        values=episodes.loc[outside, "return_year"].astype(str),
        expected="an episode of the return's year: begun by its 31 March, ended in it or open",
        action="kept as written; check the dates, and the year of the file",
    )
    for year in sorted(set(range(known[0], known[-1])) - set(known)):
        log.add(
            "bending", "missing_year", file="the folder", value=str(year),
            expected="a return for every year", action="what happened in it is not known",
        )


def _check_header(tables: dict[str, pd.DataFrame], log: FindingLog) -> None:
    """A finding a year for children whom the header lists and no episode does.

    Care leavers are such children; many more of them mean that episodes are missing.
    """
    if "header" not in tables:
        return
    ids = {name: tables[name][["return_year", "CHILD"]].dropna() for name in ("header", "episodes")}
    looked_after = pd.MultiIndex.from_frame(ids["episodes"])
    absent = ids["header"][~pd.MultiIndex.from_frame(ids["header"]).isin(looked_after)]
    for year, count in absent.groupby("return_year")["CHILD"].nunique().items():
        log.add(
            "cosmetic", "header_without_episode", file="the folder", column="CHILD",
            value=f"{count:,} children in {year}",
            expected="an episode for all in the header but care leavers",
            action="left out; check that the episodes are whole",
        )


def _date_by_company(
    item: _FileTable, beside: dict[str, int], by_year: dict[int, set[str]]
) -> None:
    """The year of a table without dates: that of its folder, else of the likest children."""
    if item.year is None and "return_year" not in item.rows:
        folder = item.name.rpartition("/")[0]
        item.year = beside.get(folder) or match_by_children(
            item.children, by_year, whole=item.table == "header"
        )


def _set_year(item: _FileTable, latest: int | None, log: FindingLog) -> None:
    """Write the year into the rows; rows that name none get the latest, as a finding."""
    if "return_year" not in item.rows:
        item.rows["return_year"] = item.year
    blank = item.rows["return_year"].isna()
    if blank.any():
        log.add_rows(
            "bending", "year_not_known", item.rows[blank], column="YEAR",
            expected="a return year that the rows or a YEAR column show",
            action=f"read as part of the return for {latest}",
        )
        item.rows.loc[blank, "return_year"] = latest
    item.rows["return_year"] = item.rows["return_year"].astype("Int64")


def _children_by_year(files: list[_FileTable]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for item in files:
        if item.table != "episodes":
            continue
        if "return_year" in item.rows:
            for year, rows in item.rows.dropna(subset="return_year").groupby("return_year"):
                found.setdefault(int(year), set()).update(rows["CHILD"].dropna())
        elif item.year is not None:
            found.setdefault(item.year, set()).update(item.children)
    return found


def _year_of_folder(files: list[_FileTable]) -> dict[str, int]:
    """The year of each folder whose episodes are all of one year."""
    seen: dict[str, set[int | None]] = {}
    for item in files:
        if item.table == "episodes":
            seen.setdefault(item.name.rpartition("/")[0], set()).add(item.year)
    return {
        folder: next(iter(found))
        for folder, found in seen.items()
        if len(found) == 1 and None not in found
    }


def _stack(items: list[_FileTable]) -> pd.DataFrame:
    columns = list(TABLES[items[0].table].columns) + list(TABLE_KEYS)
    if items[0].table == "episodes":
        columns.append("dec_unreadable")
    return pd.concat([item.rows[columns] for item in items], ignore_index=True)


def _sources(files: list[_FileTable]) -> pd.DataFrame:
    rows = [
        (item.name, item.table, int(year), int(count))
        for item in files
        for year, count in item.rows["return_year"].value_counts().sort_index().items()
    ]
    return pd.DataFrame(rows, columns=["source_file", "table", "return_year", "rows"])
