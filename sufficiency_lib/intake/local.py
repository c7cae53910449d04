"""A council's own tables beside its returns: supply, carers, costs, referrals, population.

Each is recognised by its columns, wherever it lies in the authority's folder and whatever it
is called; several files of one kind are stacked. All of them are optional. Ofsted's
published list of providers stands in for a supply register.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from sufficiency_lib.intake.csvfile import read_headers, read_text_table, tell_lines_above
from sufficiency_lib.intake.files import InputFile, find_files
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local_cells import read_cells
from sufficiency_lib.intake.local_checks import (
    check_columns,
    drop_repeated,
    tell_overlaps,
    usable_rows,
)
from sufficiency_lib.intake.local_schemas import LOCAL_TABLES, empty_table, local_kind
from sufficiency_lib.intake.ofsted import as_at_of, is_ofsted, provision_of
from sufficiency_lib.intake.ssda903 import recognise

__all__ = ["LOCAL_FILES", "LocalInputs", "is_local_input", "load_local", "local_kind"]

#: What the local inputs are usually called.
LOCAL_FILES = frozenset(f"{kind}.csv" for kind in LOCAL_TABLES)
_ALL_CHILDREN = "0-17"


@dataclass(frozen=True)
class LocalInputs:
    """The local inputs of one authority, each with the columns of its schema and its types.

    provision   one row a provider and as_at
    carers      one row a fostering household and approval
    ledger      one row a placement paid for
    referrals   one row a placement sought
    population  mid_year, children (0-17)
    circumstances
                one row a child: sibling_group_id, is_disabled
    edge_of_care
                one row a day and group: as_at, edge_group, children

    All but population have source_file and source_line too. A table that is not there has no
    rows; a cell that is not known is NaN, NA or NaT.
    """

    provision: pd.DataFrame
    carers: pd.DataFrame
    ledger: pd.DataFrame
    referrals: pd.DataFrame
    population: pd.DataFrame
    circumstances: pd.DataFrame
    edge_of_care: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Each table by its name."""
        return {kind: getattr(self, kind) for kind in LOCAL_TABLES}


@dataclass(frozen=True)
class _LocalFile:
    """One file of a local input: its kind, and the records above its columns."""

    file: InputFile
    kind: str
    above: list[list[str]]

    @property
    def is_ofsted(self) -> bool:
        return self.kind == "ofsted"


def load_local(
    folder: Path, log: FindingLog, *, authority: str | None = None, leave_out: Collection[str] = ()
) -> LocalInputs:
    """Read every local input under an authority's folder.

    folder     the authority's folder
    log        takes the findings; fatal ones are left for the caller to raise
    authority  today's code, by which its own homes in Ofsted's list are known
    leave_out  names of folders in it that are others'

    Raises InputError for a file that cannot be read safely.
    """
    files = list(_local_files(folder, log, leave_out))
    tables = {
        kind: _stacked(kind, [one for one in files if one.kind == kind], log)
        for kind in LOCAL_TABLES if kind not in ("provision", "population")
    }
    tell_overlaps(tables["ledger"], log)
    return LocalInputs(
        provision=_provision(files, authority, log),
        population=_population([one for one in files if one.kind == "population"], log),
        **tables,
    )


def _local_files(
    folder: Path, log: FindingLog, leave_out: Collection[str]
) -> Iterator[_LocalFile]:
    """The local inputs in a folder; a table of the return is never one."""
    for file in find_files(folder):
        if file.is_xml or file.name.split("/")[0] in leave_out:
            continue
        headers = read_headers(file.start(), file.name)
        if not headers or any(map(recognise, headers)):
            continue
        for skip, header in enumerate(headers):
            kind = "ofsted" if is_ofsted(header) else local_kind(header)
            if kind is not None:
                yield _LocalFile(file, kind, headers[:skip])
                break
        else:
            _tell_unrecognised(file.name, log)


def is_local_input(headers: list[list[str]]) -> bool:
    """Whether one of a file's first records is the header of a local input, or of Ofsted's list.

    headers  as `csvfile.read_headers` gives them
    """
    return any(is_ofsted(header) or local_kind(header) for header in headers)


def _tell_unrecognised(name: str, log: FindingLog) -> None:
    """A finding for a file that is called as a local input is, and has not its columns."""
    called = PurePosixPath(name).stem.lower()
    if called in LOCAL_TABLES:
        log.add(
            "bending", "not_a_local_input", file=name, line=1,
            expected=f"the columns {', '.join(LOCAL_TABLES[called].required)}",
            action="left alone, and what rests on it is not shown",
        )


def _text_of(one: _LocalFile, log: FindingLog) -> pd.DataFrame | None:
    """A file's rows as text."""
    if not one.is_ofsted:
        tell_lines_above(one.above, one.file.name, log)
    return read_text_table(one.file.read(), one.file.name, log, skip=len(one.above))


def _lower(text: pd.DataFrame) -> pd.DataFrame:
    return text.rename(columns=lambda name: name.lower())


def _usable(kind: str, text: pd.DataFrame | None, name: str, log: FindingLog) -> pd.DataFrame:
    """The rows of one file that can be used, typed."""
    table = LOCAL_TABLES[kind]
    if text is None or not check_columns(text, table, name, log):
        return empty_table(kind)
    if text.empty:
        log.add("cosmetic", "no_rows", file=name, expected="rows under the header",
                action="passed over")
        return empty_table(kind)
    text = text.assign(**{column: "" for column in table.optional if column not in text})
    typed, faults = read_cells(text, kind, log)
    return usable_rows(typed, faults, text, kind, log)


def _stacked(kind: str, files: list[_LocalFile], log: FindingLog) -> pd.DataFrame:
    """All files of one kind as one table, no row twice."""
    frames = []
    for one in files:
        text = _text_of(one, log)
        frames.append(_usable(kind, None if text is None else _lower(text), one.file.name, log))
    return drop_repeated(_one(kind, frames), kind, log)


def _one(kind: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else empty_table(kind)


def _provision(
    files: list[_LocalFile], authority: str | None, log: FindingLog
) -> pd.DataFrame:
    """The supply register: the council's own, and of Ofsted's list who is not in it."""
    own = _stacked("provision", [one for one in files if one.kind == "provision"], log)
    published = []
    for one in (one for one in files if one.is_ofsted):
        text = _text_of(one, log)
        if text is not None and len(text):
            rows = provision_of(text, as_at_of(one.above), authority, log)
            published.append(_usable("provision", rows, one.file.name, log))
    listed = drop_repeated(_one("provision", published), "provision", log)
    both = listed["urn"].isin(own["urn"].dropna())
    if both.any():
        first = listed[both].iloc[0]
        log.add(
            "cosmetic", "provider_in_both", file=first["source_file"],
            line=int(first["source_line"]), column="URN", value=f"{int(both.sum()):,} providers",
            expected="each provider in one register", action="read from the council's own",
        )
    return _one("provision", [own, listed[~both]])


def _population(files: list[_LocalFile], log: FindingLog) -> pd.DataFrame:
    frames, lacking = [], []
    for one in files:
        text = _text_of(one, log)
        text = None if text is None else _lower(text)
        if text is not None and "age_group" in text:
            group = text["age_group"].str.replace(r"\s*(–|to)\s*", "-", regex=True).str.strip()
            text = text[group == _ALL_CHILDREN]
            if text.empty:
                lacking.append(one.file.name)
                continue
        frames.append(_usable("population", text, one.file.name, log))
    for name in lacking:
        log.add(
            "bending", "no_population", file=name, column="age_group",
            expected=f"rows whose age_group is {_ALL_CHILDREN}", action="no rate is worked out",
        )
    whole = _one("population", frames)
    years = whole[["mid_year", "children"]].astype("int64")
    twice = whole[years.duplicated("mid_year", keep="last") & ~years.duplicated(keep="last")]
    log.add_rows(
        "bending", "mid_year_twice", twice, column="mid_year",
        values=twice["mid_year"].astype("str"),
        expected="each mid_year once", action="read the last of them",
    )
    return years.drop_duplicates("mid_year", keep="last").sort_values(
        "mid_year", ignore_index=True
    )
