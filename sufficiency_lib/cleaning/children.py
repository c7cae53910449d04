"""Who the children are: one row each from every year's header, and what contradicts it."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.intake.findings import FindingLog


def children_of(header: pd.DataFrame | None, uasc: pd.DataFrame | None) -> pd.DataFrame:
    """One row a child, from the latest return that names it.

    header   CHILD, DOB, SEX, ETHNIC, return_year, or None without one
    uasc     CHILD, DUC, return_year, or None without one
    returns  child_id, dob, sex (male, female, not_known), ethnicity_code, ever_uasc,
             uasc_until (NaT: still UASC, or never was)
    """
    columns = ["CHILD", "DOB", "SEX", "ETHNIC", "return_year"]
    rows = pd.DataFrame(columns=columns) if header is None else header[columns]
    latest = rows[rows["CHILD"].notna()].sort_values("return_year", kind="stable")
    # A date of birth given once is kept even when a later return leaves it blank.
    one = latest.groupby("CHILD", sort=True).last()
    status = pd.DataFrame(columns=["CHILD", "DUC", "return_year"]) if uasc is None else uasc
    status = status[status["CHILD"].notna()].sort_values("return_year", kind="stable")
    status = status.drop_duplicates("CHILD", keep="last").set_index("CHILD")
    children = pd.DataFrame(index=one.index.union(status.index).rename("child_id"))
    children["dob"] = pd.to_datetime(one["DOB"]).reindex(children.index)
    sex = {"1": "male", "M": "male", "2": "female", "F": "female"}
    children["sex"] = one["SEX"].map(sex).reindex(children.index).fillna("not_known")
    children["ethnicity_code"] = one["ETHNIC"].reindex(children.index)
    children["ever_uasc"] = children.index.isin(status.index)
    children["uasc_until"] = pd.to_datetime(status["DUC"]).reindex(children.index)
    return children.reset_index()


def check_identity(header: pd.DataFrame | None, episodes: pd.DataFrame, log: FindingLog) -> None:
    """Findings where two returns may speak of one child as of two, or of two as of one.

    header    CHILD, DOB, return_year, source_file, source_line, or None without one
    episodes  CHILD, source_file, source_line

    A date of birth that differs between returns is taken from the latest. Identifiers that
    differ only in capitals or leading zeros stay two children: only the council can say.
    """
    if header is not None:
        dated = header.dropna(subset=["CHILD", "DOB"])
        several = dated.groupby("CHILD")["DOB"].transform("nunique") > 1
        log.add_rows(
            "bending", "birth_date_differs",
            dated[several].sort_values("return_year").drop_duplicates("CHILD", keep="last"),
            column="DOB", expected="the same date of birth in every return",
            action="the latest return's taken",
        )
    first = episodes.dropna(subset="CHILD").drop_duplicates("CHILD")
    plain = first["CHILD"].astype(str).str.casefold().str.lstrip("0")
    alike = plain.duplicated(keep=False) & (plain != "")
    log.add_rows(
        "bending", "identifier_alike", first[alike], column="CHILD", values=first["CHILD"][alike],
        expected="one way of writing a child's identifier", action="read as different children",
    )
