"""Rows of returns written short, for the tests of repair."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.cleaning.repair import Repaired, repair
from sufficiency_lib.intake.findings import FindingLog

UNREADABLE = "unreadable"
Row = tuple[str | None, int, str | None, str | None, str, str | None]


def day_of(text: str | None) -> pd.Timestamp:
    return pd.NaT if text in (None, UNREADABLE) else pd.Timestamp(text)


def episodes_of(rows: list[Row]) -> pd.DataFrame:
    """(child, return year, DECOM, DEC, RNE, REC) to typed rows, each on its own line."""
    frame = pd.DataFrame(
        [
            (child, day_of(decom), day_of(dec), rne, rec, dec == UNREADABLE, year)
            for child, year, decom, dec, rne, rec in rows
        ],
        columns=["CHILD", "DECOM", "DEC", "RNE", "REC", "dec_unreadable", "return_year"],
    )
    for column in ("CHILD", "RNE", "REC"):
        frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    frame["dec_unreadable"] = frame["dec_unreadable"].astype(bool)
    frame["DECOM"] = frame["DECOM"].astype("datetime64[s]")
    frame["DEC"] = frame["DEC"].astype("datetime64[s]")
    frame["return_year"] = frame["return_year"].astype("Int64")
    return frame.assign(source_file="e.csv", source_line=range(2, len(rows) + 2))


def repair_of(rows: list[Row]) -> tuple[Repaired, pd.DataFrame]:
    log = FindingLog()
    return repair(episodes_of(rows), log), log.frame()


def said(history: pd.DataFrame) -> list[tuple[str, str, str | None, str | None, str]]:
    return [
        (child, f"{decom:%Y-%m-%d}", None if pd.isna(dec) else f"{dec:%Y-%m-%d}", rec, tag)
        for child, decom, dec, rec, tag in zip(
            history["CHILD"], history["DECOM"], history["DEC"], history["REC"], history["tag"],
            strict=True,
        )
    ]
