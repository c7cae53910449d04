"""A council's own tables beside its returns: for now, the population of its area."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sufficiency_lib.intake.csvfile import read_text_table
from sufficiency_lib.intake.files import InputFile
from sufficiency_lib.intake.findings import FindingLog

POPULATION_FILE = "population.csv"
#: The files beside the returns that go by their names.
LOCAL_FILES = frozenset(
    {POPULATION_FILE, "provision.csv", "carers.csv", "ledger.csv", "referrals.csv"}
)
_ALL_CHILDREN = "0-17"
_COLUMNS = ("MID_YEAR", "AGE_GROUP", "CHILDREN")


def read_population(folder: Path, log: FindingLog) -> pd.DataFrame:
    """Mid-year estimates of children aged 0 to 17 from population.csv.

    returns  mid_year, children: one row a year, in order; empty when there is no file

    A missing column or a cell that is not a whole number is a fatal finding, as a rate
    would rest on it. The rows for parts of 0-17 are left for the measures that use them.
    """
    nothing = pd.DataFrame({"mid_year": pd.Series(dtype=int), "children": pd.Series(dtype=int)})
    path = folder / POPULATION_FILE
    if not path.is_file():
        return nothing
    frame = read_text_table(InputFile(POPULATION_FILE, path).read(), POPULATION_FILE, log)
    if frame is None:
        return nothing
    for column in _COLUMNS:
        if column not in frame:
            log.add(
                "fatal", "missing_column", file=POPULATION_FILE, line=1, column=column.lower(),
                expected="columns mid_year, age_group and children",
                action="add the column, or remove the file",
            )
            return nothing
    whole = frame[frame["AGE_GROUP"].str.replace(r"\s*(–|to)\s*", "-", regex=True).str.strip()
                  == _ALL_CHILDREN]
    if whole.empty:
        log.add(
            "bending", "no_population", file=POPULATION_FILE, column="age_group",
            expected=f"rows whose age_group is {_ALL_CHILDREN}", action="no rate is worked out",
        )
    for column in ("MID_YEAR", "CHILDREN"):
        wrong = whole[~whole[column].str.strip().str.fullmatch(r"[1-9]\d{0,8}")]
        log.add_rows(
            "fatal", "not_a_number", wrong, column=column.lower(), values=wrong[column],
            expected="a whole number above 0", action="correct it and run again",
        )
        whole = whole.drop(wrong.index)
    years = pd.DataFrame(
        {"mid_year": whole["MID_YEAR"].astype(int), "children": whole["CHILDREN"].astype(int)}
    )
    twice = whole[years.duplicated("mid_year", keep="last") & ~years.duplicated(keep="last")]
    log.add_rows(
        "bending", "mid_year_twice", twice, column="mid_year", values=twice["MID_YEAR"],
        expected="each mid_year once", action="read the last of them",
    )
    return years.drop_duplicates("mid_year", keep="last").sort_values(
        "mid_year", ignore_index=True
    )
