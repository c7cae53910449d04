"""The tables of the SSDA903 return, and how one is recognised by its columns.

Source: DfE, *Guide to the SSDA903 collection*. A file's name says nothing: a
table is what its columns make it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: The XML shape's names, and spellings seen in councils' own extracts.
SYNONYMS: dict[str, str] = {
    "CHILDID": "CHILD",
    "CHILD_ID": "CHILD",
    "PL": "PLACE",
    "PLACEMENT": "PLACE",
    "LEGAL_STATUS": "LS",
    "HOME_POSTCODE": "HOME_POST",
    "PL_POSTCODE": "PL_POST",
    "DATE_OF_BIRTH": "DOB",
    "GENDER": "SEX",
    "ETHNICITY": "ETHNIC",
}


@dataclass(frozen=True)
class Table:
    """One table of the return.

    required   without these the table cannot be used
    optional   read where present; their absence may be a finding
    marks      columns that no other table has together: two of them make the table
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the table."""
        return self.required + self.optional


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "episodes",
            ("CHILD", "DECOM", "DEC", "RNE", "LS", "PLACE"),
            ("CIN", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
            ("DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
        ),
        Table(
            "header",
            ("CHILD", "DOB"),
            ("SEX", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
            ("ETHNIC", "UPN", "MOTHER", "MC_DOB"),
        ),
        Table("uasc", ("CHILD", "DUC"), ("SEX", "DOB"), ("DUC",)),
        Table("reviews", ("CHILD", "REVIEW"), ("DOB", "REVIEW_CODE"), ("REVIEW", "REVIEW_CODE")),
        Table(
            "oc2",
            ("CHILD",),
            (
                "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS",
                "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED",
                "INTERVENTION_OFFERED",
            ),
            ("SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "TEETH_CHECK"),
        ),
        Table(
            "oc3", ("CHILD",), ("DOB", "IN_TOUCH", "ACTIV", "ACCOM"), ("IN_TOUCH", "ACTIV", "ACCOM")
        ),
        Table(
            "ad1",
            ("CHILD",),
            (
                "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR",
                "LS_ADOPTR",
            ),
            ("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR"),
        ),
        Table(
            "placed_for_adoption",
            ("CHILD", "DATE_PLACED"),
            ("DOB", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
            ("DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
        ),
        Table(
            "previous_permanence",
            ("CHILD", "PREV_PERM"),
            ("DOB", "LA_PERM", "DATE_PERM"),
            ("PREV_PERM", "LA_PERM", "DATE_PERM"),
        ),
        Table(
            "missing",
            ("CHILD", "MIS_START"),
            ("DOB", "MISSING", "MIS_END"),
            ("MISSING", "MIS_START", "MIS_END"),
        ),
        Table(
            "social_worker",
            ("CHILD", "SW_ID"),
            ("DOB", "SW_DECOM", "SW_DEC", "SW_REASON"),
            ("SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
        ),
        Table(
            "dolo",
            ("CHILD", "DOLO_START"),
            ("DOB", "DOLO_END"),
            ("DOLO_START", "DOLO_END"),
        ),
    )
}

#: Columns of the episodes table whose absence bends a figure.
BENDING_IF_ABSENT: dict[str, str] = {
    "PLACE_PROVIDER": "every provider is shown as not recorded",
    "HOME_POST": "every distance from home is not known",
    "PL_POST": "every distance and area of placement is not known",
}

DATE_COLUMNS: dict[str, tuple[str, ...]] = {
    "episodes": ("DECOM", "DEC"),
    "header": ("DOB",),
    "uasc": ("DUC",),
    "reviews": ("REVIEW",),
    "ad1": ("DATE_INT", "DATE_MATCH"),
    "placed_for_adoption": ("DATE_PLACED", "DATE_PLACED_CEASED"),
    "missing": ("MIS_START", "MIS_END"),
    "social_worker": ("SW_DECOM", "SW_DEC"),
    "dolo": ("DOLO_START", "DOLO_END"),
}

#: Tables that every figure rests on: a slipped column in one of them stops the run.
CORE_TABLES = frozenset({"episodes", "header", "uasc"})

#: Tables whose dates all fall in the year of their return.
EVENTS_OF_THE_YEAR: dict[str, tuple[str, ...]] = {
    "missing": ("MIS_START", "MIS_END"),
    "dolo": ("DOLO_START", "DOLO_END"),
}


def standard_names(columns: Iterable[str]) -> dict[str, str]:
    """Which columns to rename: synonyms whose standard name is not there already.

    Of two synonyms for one name the first of SYNONYMS is taken.

    >>> standard_names(["CHILDID", "PL", "DECOM"])
    {'CHILDID': 'CHILD', 'PL': 'PLACE'}
    """
    present = set(columns)
    chosen: dict[str, str] = {}
    for old, new in SYNONYMS.items():
        if old in present and new not in present:
            chosen.setdefault(new, old)
    return {old: new for new, old in chosen.items()}


def recognise(columns: Iterable[str]) -> str | None:
    """The table that these columns make, or None.

    columns  standard names, or their synonyms. The table with the largest share of its marks
             present is taken; at least two marks are needed, or the only one.

    >>> recognise(["CHILDID", "DECOM", "RNE", "LS", "PL", "DEC"])
    'episodes'
    >>> recognise(["CHILD", "DOB", "SEX", "DUC"]), recognise(["name", "postcode"])
    ('uasc', None)
    """
    written = set(columns)
    standard = standard_names(written)
    present = {standard.get(column, column) for column in written}

    def score(table: Table) -> tuple[float, int]:
        found = len(present.intersection(table.marks))
        enough = found >= min(2, len(table.marks))
        return (found / len(table.marks) if enough else 0.0, found)

    best = max(TABLES.values(), key=score)
    if score(best)[0] > 0:
        return best.name
    # A header may be cut down to what identifies a child.
    return "header" if {"CHILD", "DOB", "SEX"} <= present and len(present) <= 8 else None
