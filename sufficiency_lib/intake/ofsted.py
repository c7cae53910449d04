"""Ofsted's published list of social care providers, read as a supply register.

Source: Ofsted, *Children's social care data in England*, provider level at 31 March, Open
Government Licence. Three lines stand above its columns, and say the day it is as at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.intake.authorities import authority_of
from sufficiency_lib.intake.dates import read_dates
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local_schemas import LOCAL_TABLES

_MARKS = frozenset({"URN", "PROVISION_TYPE", "LOCAL_AUTHORITY", "SECTOR", "PLACES"})
_NEEDED = ("URN", "PROVISION_TYPE", "LOCAL_AUTHORITY", "SECTOR", "PLACES", "NAME")

#: A school that is registered as a children's home is one in the SSDA903 too: S1 leaves out
#: the dual-registered, which are K2 (guide to the SSDA903; to confirm).
PROVISION_TYPES: dict[str, str] = {
    "childrens home": "childrens_home",
    "secure childrens home": "secure",
    "residential special school (registered as a childrens home)": "childrens_home",
    "residential special school": "residential_school",
    "independent fostering agency": "fostering_agency",
    "local authority fostering agency": "fostering_agency",
    "local authority fostering service": "fostering_agency",
    "supported accommodation": "supported_accommodation",
}
#: No places for looked-after children of the kinds that are counted here.
LEFT_OUT = frozenset({
    "residential family centre", "boarding school", "voluntary adoption agency",
    "local authority adoption agency", "adoption support agency", "secure training centre",
    "further education college with residential accommodation",
    "residential holiday scheme for disabled children",
})
_SECTORS = {"private": "private", "voluntary": "voluntary", "academy": "other_public",
            "health authority": "other_public"}
_GRADE = "OVERALL_EXPERIENCES_AND_PROGRESS_OF_CHILDREN_AND_YOUNG_PEOPLE"
_SUPPORTED_GRADE = "SUPPORTED_ACCOMMODATION_OUTCOME"
_OWNER = "ORGANISATION_WHICH_OWNS_THE_PROVIDER"
_SHORT_BREAKS = "SHORT-BREAK-ONLY_CHILDREN'S_HOME"
_AS_AT = re.compile(r"AS_AT_(\d{1,2}_[A-Z]+_\d{4})")


def is_ofsted(header: Iterable[str]) -> bool:
    """Whether a file's columns are those of Ofsted's provider-level data.

    >>> is_ofsted(["URN", "PROVISION_TYPE", "LOCAL_AUTHORITY", "SECTOR", "PLACES", "TOWN"])
    True
    """
    return set(header) >= _MARKS


def as_at_of(preamble: Iterable[Iterable[str]]) -> str:
    """The day the data are as at, ISO, from the tidied records above the columns; or blank.

    >>> as_at_of([["CHILDREN'S_SOCIAL_CARE_–_PROVIDER_LEVEL_AS_AT_31_MARCH_2025", ""]])
    '2025-03-31'
    """
    found = _AS_AT.search(" ".join(cell for record in preamble for cell in record))
    if not found:
        return ""
    read = read_dates(pd.Series([found[1].replace("_", " ")]))["date"].iloc[0]
    return "" if pd.isna(read) else f"{read:%Y-%m-%d}"


def provision_of(
    rows: pd.DataFrame, as_at: str, authority: str | None, log: FindingLog
) -> pd.DataFrame:
    """Ofsted's rows as the rows of a supply register, as text.

    rows       Ofsted's columns (upper case), source_file, source_line
    as_at      ISO, or blank
    authority  today's code of the authority whose own provision is to be told apart; None:
               every authority's is other_public
    returns    the columns of provision.csv, source_file, source_line; adoption agencies,
               family centres and boarding schools left out, as findings

    The area is the local authority Ofsted names; providers outside England have none.
    Without a full inspection the grade is Not yet inspected. What Ofsted withholds
    (REDACTED) is blank, but for the name, which is then the owner's.
    """
    rows = rows.assign(**{
        name: "" for name in (_GRADE, _SUPPORTED_GRADE, _OWNER, _SHORT_BREAKS, "POSTCODE",
                              "REGISTRATION_STATUS", "GOVERNMENT_OFFICE_REGION", *_NEEDED)
        if name not in rows
    })
    rows = rows.apply(lambda column: column.str.strip() if column.name != "source_line" else column)
    kinds = rows["PROVISION_TYPE"].map(_plain)
    _tell_left_out(rows, kinds, as_at, log)
    rows, kinds = rows[kinds.isin(list(PROVISION_TYPES))], kinds[kinds.isin(list(PROVISION_TYPES))]
    owner, named = _published(rows[_OWNER]), _published(rows["NAME"])
    grade = rows[_GRADE].where(rows[_GRADE] != "", rows[_SUPPORTED_GRADE])
    area = rows["LOCAL_AUTHORITY"].map(_resolver(rows["LOCAL_AUTHORITY"]))
    english = ~rows["GOVERNMENT_OFFICE_REGION"].str.lower().isin(["wales", "scotland"])
    register = pd.DataFrame({
        "urn": rows["URN"],
        "provider_name": _first(named, owner, "Not published (" + rows["URN"] + ")"),
        "owner": owner,
        "provision_type": kinds.map(PROVISION_TYPES),
        "sector": _sector(rows, owner, area, authority),
        "ofsted_grade": grade.where(grade != "", "Not yet inspected"),
        "places": rows["PLACES"],
        "vacancies": "",
        "postcode": _published(rows["POSTCODE"]),
        # A name that is not known is left for the schema to find, unless it is abroad.
        "authority": area.where(area != "", rows["LOCAL_AUTHORITY"].where(english, "")),
        "short_breaks_only": (rows[_SHORT_BREAKS] != "").map({True: "yes", False: "no"}),
        "as_at": as_at,
    })
    register = register[list(LOCAL_TABLES["provision"].columns)]
    return register.join(rows[["source_file", "source_line"]])


def _plain(text: str) -> str:
    return " ".join(re.sub(r"['’]", "", text.lower()).split())


def _published(cells: pd.Series) -> pd.Series:
    return cells.where(cells.str.upper() != "REDACTED", "")


def _first(*choices: pd.Series) -> pd.Series:
    """Of each row, the first of the choices that is not blank."""
    found = choices[0]
    for choice in choices[1:]:
        found = found.where(found != "", choice)
    return found


def _resolver(names: pd.Series) -> dict[str, str]:
    """Name → today's code, blank for one that is not known or could mean several."""
    return {name: authority_of(name) or "" for name in names.unique()}


def _sector(
    rows: pd.DataFrame, owner: pd.Series, area: pd.Series, authority: str | None
) -> pd.Series:
    """Our code of Ofsted's sector; a council's own home may stand in another's area."""
    councils = rows["SECTOR"].str.lower() == "local authority"
    whose = _first(owner[councils].map(_resolver(owner[councils])), area[councils])
    sector = rows["SECTOR"].map(lambda name: _SECTORS.get(name.lower(), name))
    own = whose.eq(authority) if authority else whose.ne(whose)
    sector[councils] = own.map({True: "own", False: "other_public"})
    return sector


def _tell_left_out(rows: pd.DataFrame, kinds: pd.Series, as_at: str, log: FindingLog) -> None:
    """Findings for the kinds of provider that are left out, and for what was assumed."""
    if not len(rows):
        return
    first = rows.iloc[0]
    if not as_at:
        log.add(
            "bending", "no_as_at", file=first["source_file"], line=1, column="as_at",
            expected="'as at' and a date above the columns",
            action="the day of the register is not known",
        )
    for kind, same in rows.groupby(kinds):
        if kind in PROVISION_TYPES:
            continue
        log.add(
            "cosmetic" if kind in LEFT_OUT else "bending", "provision_left_out",
            file=first["source_file"], line=int(same["source_line"].iloc[0]),
            column="Provision type", value=same["PROVISION_TYPE"].iloc[0],
            expected="a children's home, secure home, residential special school, fostering "
            "agency or supported accommodation",
            action=f"left out (rows of this kind: {len(same):,})",
        )
    suspended = rows[rows["REGISTRATION_STATUS"].str.lower() == "suspended"]
    if len(suspended):
        log.add(
            "cosmetic", "registration_suspended", file=first["source_file"],
            line=int(suspended["source_line"].iloc[0]), column="Registration status",
            value="Suspended", expected="an active registration",
            action=f"its places are counted (such rows: {len(suspended):,})",
        )
