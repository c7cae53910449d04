"""An authority's SSDA903 returns: every table of every year in a folder, typed.

Files are found at any depth and recognised by their columns; the year of each is inferred
from what it holds. Every row keeps its file and line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.intake.files import find_workbooks
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.recognised import FileTable, tables_in
from sufficiency_lib.intake.ssda903 import EVENTS_OF_THE_YEAR, TABLES
from sufficiency_lib.intake.typed import check_codes_of_year, check_needed_codes, type_table
from sufficiency_lib.intake.years import (
    fits_year,
    infer_years,
    match_by_children,
    named_by_start,
    read_year,
    return_year,
)

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


def read_returns(folder: Path, log: FindingLog, *, years: dict[str, int] | None = None) -> Returns:
    """Read every SSDA903 table under a folder.

    folder  the authority's folder; files of other kinds in it are left alone
    log     takes the findings
    years   file (path within the folder) → return year, to overrule what is inferred

    Raises InputError when there is no episodes table, or when a fatal finding was made.
    """
    files = list(tables_in(folder, log))
    if not any(item.table == "episodes" for item in files):
        said = (
            f"No SSDA903 episodes table is in the folder '{folder.name}': expected at least one "
            "csv or XML file, zipped or not, with CHILD, DECOM, RNE, LS, PLACE and DEC; put the "
            "returns there."
        )
        if workbooks := find_workbooks(folder):
            said += f" Spreadsheets are not read: save each sheet of {workbooks[0].name} as csv."
        raise InputError(said)
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
    check_needed_codes(tables["episodes"], log)
    for name, rows in tables.items():
        check_codes_of_year(rows, TABLES[name], log)
    _check_header(tables, log)
    return Returns(tables, known, _sources(files))


def _type_tables(files: list[FileTable], folder: str, log: FindingLog) -> None:
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


def _date_tables(files: list[FileTable], years: dict[str, int], log: FindingLog) -> None:
    """Give the rows of every table a return year."""
    _overrule(files, years)
    _read_stacked([item for item in files if item.year is None and "YEAR" in item.rows], log)
    for item in files:
        if item.table == "episodes" and item.year is None and "return_year" not in item.rows:
            _infer(item, log)
    by_year = _children_by_year(files)
    latest = max(by_year, default=None)
    beside = _year_of_place(files)
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


def _overrule(files: list[FileTable], years: dict[str, int]) -> None:
    """Take the years that a profile gives for files by name."""
    unknown = sorted(set(years) - {item.name for item in files})
    if unknown:
        raise ConfigurationError(
            f"profile.toml gives a year for '{unknown[0]}', but no table of a return has that "
            "name; write the file's path within the authority's folder."
        )
    for item in files:
        item.year = years.get(item.name)


def _infer(item: FileTable, log: FindingLog) -> None:
    """The year of a file of episodes that names none, or the years of an extract of many."""
    found = infer_years(item.rows["DECOM"], item.rows["DEC"])
    if found.nunique() <= 1:
        item.year = None if found.isna().all() else int(found.iloc[0])
        return
    item.rows["return_year"] = found
    log.add(
        "bending", "extract_of_many_years", file=item.name, column="DEC",
        value=f"{found.min()} to {found.max()}", expected="the episodes of one year's return",
        action="each episode read as in the return for the year it ended in",
    )


def _read_stacked(files: list[FileTable], log: FindingLog) -> None:
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
    item: FileTable, beside: dict[str, int], by_year: dict[int, set[str]]
) -> None:
    """The year of a table: of its file, its folder, its dates, or the likest children."""
    if item.year is None and "return_year" not in item.rows:
        folder = item.name.rpartition("/")[0]
        item.year = (
            beside.get(item.name)
            or beside.get(folder)
            or _year_of_events(item)
            or match_by_children(item.children, by_year, whole=item.table == "header")
        )


def _year_of_events(item: FileTable) -> int | None:
    """The year of a table whose dates all fall within it; None where they do not agree."""
    columns = EVENTS_OF_THE_YEAR.get(item.table, ())
    years = {int(year) for name in columns for year in return_year(item.rows[name]).dropna()}
    return years.pop() if len(years) == 1 else None


def _set_year(item: FileTable, latest: int | None, log: FindingLog) -> None:
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


def _children_by_year(files: list[FileTable]) -> dict[int, set[str]]:
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


def _year_of_place(files: list[FileTable]) -> dict[str, int]:
    """The year of each file and folder whose episodes are all of one year."""
    seen: dict[str, set[int | None]] = {}
    for item in files:
        if item.table == "episodes":
            seen.setdefault(item.name, set()).add(item.year)
            seen.setdefault(item.name.rpartition("/")[0], set()).add(item.year)
    return {
        place: next(iter(found))
        for place, found in seen.items()
        if len(found) == 1 and None not in found
    }


def _stack(items: list[FileTable]) -> pd.DataFrame:
    columns = list(TABLES[items[0].table].columns) + list(TABLE_KEYS)
    if items[0].table == "episodes":
        columns.append("dec_unreadable")
    return pd.concat([item.rows[columns] for item in items], ignore_index=True)


def _sources(files: list[FileTable]) -> pd.DataFrame:
    rows = [
        (item.name, item.table, int(year), int(count))
        for item in files
        for year, count in item.rows["return_year"].value_counts().sort_index().items()
    ]
    return pd.DataFrame(rows, columns=["source_file", "table", "return_year", "rows"])
