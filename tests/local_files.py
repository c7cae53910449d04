"""Good files of the local inputs, and what is found when they are read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import LocalInputs, load_local

PROVISION = (
    "urn,provider_name,provision_type,sector,ofsted_grade,places,vacancies,postcode,as_at\n"
    "1234567,Larkmoss House,childrens_home,private,Good,4,1,HR1 2AB,2025-03-31\n"
    "1234568,Own fostering,fostering_agency,own,Outstanding,,,,31/03/2025\n"
)
CARERS = (
    "household_id,carer_type,approved_date,left_date,places_approved,children_placed,postcode\n"
    "H1,general,2019-05-01,,2,1,HR1 2AB\n"
    "H2,kinship,2020-05-01,2024-01-31,1,0,HR1 2AB\n"
)
LEDGER = (
    "child_id,start_date,end_date,place_code,provider_code,contract,cost_gbp_per_week\n"
    "A1,2024-01-01,2024-06-01,U4,PR4,framework,780\n"
    "A1,2024-06-01,,K2,PR4,spot,4050.50\n"
    "A2,2024-02-01,,U6,PR1,in_house,550\n"
)
REFERRALS = (
    "referral_id,child_id,referral_date,placement_group_sought,placement_group_made,offers,"
    "refusals,placed_date,outcome\n"
    "R1,A1,2024-05-20,fostering,childrens_home,1,5,2024-06-01,placed\n"
    "R2,A2,2024-07-01,fostering,,0,3,,open\n"
)
GOOD = {"provision": PROVISION, "carers": CARERS, "ledger": LEDGER, "referrals": REFERRALS}


def load_files(folder: Path, **files: str) -> tuple[LocalInputs, pd.DataFrame]:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    log = FindingLog()
    return load_local(folder, log), log.frame()


def told(findings: pd.DataFrame) -> list[tuple]:
    """Each finding as (severity, rule, line, column)."""
    return [
        (row.severity, row.rule, None if pd.isna(row.source_line) else row.source_line, row.column)
        for row in findings.itertuples()
    ]


def changed(kind: str, line: int, column: str, value: str) -> str:
    """A good file with one cell changed; line 2 is the first row."""
    rows = [row.split(",") for row in GOOD[kind].splitlines()]
    rows[line - 1][rows[0].index(column)] = value
    return "\n".join(",".join(row) for row in rows) + "\n"
