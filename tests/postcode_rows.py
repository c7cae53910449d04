"""Postcode directories as published, in a few rows each."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd

from sufficiency_lib.intake.postcodes import PostcodeDirectory

# The columns of the ONS Postcode Directory until 2024, and since; the places are made up.
OLD_HEADER = "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,usertype,oseast1m,osnrth1m,osgrdind,ctry"
OLD_ROWS = """\
"HR1 2AB","HR1  2AB","HR1 2AB",198001,,E99999999,E06000019,0,0351018,0240012,1,E92000001
"S1  2HH","S1   2HH","S1 2HH",198001,,E99999999,E08000019,0,0435359,0387191,1,E92000001
"S70 2DR","S70  2DR","S70 2DR",198001,,E99999999,E08000016,0,0434207,0406483,1,E92000001
"AL1 1AA","AL1  1AA","AL1 1AA",198001,199612,E10000015,E07000100,0,0514600,0206900,8,E92000001
"LA9 4DL","LA9  4DL","LA9 4DL",198001,,E10000006,E07000031,0,0351505,0492629,1,E92000001
"NP251AA","NP25 1AA","NP25 1AA",198001,,W99999999,W06000021,0,0350000,0213000,1,W92000004
"EH1 1AA","EH1  1AA","EH1 1AA",198001,,S99999999,S12000036,0,0325900,0673900,1,S92000003
"BT1 1AA","BT1  1AA","BT1 1AA",198001,,N99999999,N09000003,0,0146600,0530600,1,N92000002
"JE2 3AB","JE2  3AB","JE2 3AB",198001,,L99999999,L99999999,0,,,9,L93000001
"IM1 1AA","IM1  1AA","IM1 1AA",198001,,M99999999,M99999999,0,,,9,M83000003
"HR1 9ZZ","HR1  9ZZ","HR1 9ZZ",198001,,E99999999,E06000019,1,,,9,E92000001
"""
NEW_HEADER = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,lad25cd,ctry25cd"
)
NEW_ROWS = """\
HR1 2AB,HR1  2AB,HR1 2AB,198001,,0,351018,240012,1,E00000001,E99999999,E06000019,E92000001
NG1522X,NG15 22X,NG152 2X,198001,,0,351018,240012,1,E00000001,E99999999,E06000019,E92000001
"""


def text(header: str = OLD_HEADER, rows: str = OLD_ROWS) -> str:
    return f"{header}\n{rows}"


def write(folder: Path, content: str | bytes, name: str = "any name.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(folder: Path, members: dict[str, str], name: str = "download.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def look(directory: PostcodeDirectory, *postcodes: str | None) -> pd.DataFrame:
    return directory.lookup(pd.Series(postcodes, dtype="object"))
