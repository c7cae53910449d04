"""How much of what was given can be placed: findings for postcodes and children, with rates."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.intake.findings import FindingLog

#: Why an end of an episode has no exact place → what is done about it.
UNPLACED: dict[str, str] = {
    "unknown": "distance and area not known",
    "malformed": "distance and area not known",
    "not_on_british_grid": "distance not known",
    "outside_england": "distance not known, placed outside the area",
    "sector": "placed in the middle of its postcode sector, as the profile asks",
    "outward": "placed in the middle of its postcode district, as the profile asks",
}

_ENDS = (("home", "HOME_POST"), ("placement", "PL_POST"))


def tell_unplaced(episodes: pd.DataFrame, log: FindingLog) -> None:
    """A finding for each episode that cannot be placed exactly, and one for each kind's rate.

    episodes  <end>_postcode, <end>_postcode_status and <end>_postcode_terminated for home and
              placement; source_file, source_line

    The rate is of the postcodes that were given: a blank one is no fault of the directory.
    """
    for end, column in _ENDS:
        status = episodes[f"{end}_postcode_status"]
        given = int((status != "blank").sum())
        for kind, action in UNPLACED.items():
            rows = episodes[status == kind]
            log.add_rows(
                "bending", f"postcode_{kind}", rows, column=column,
                values=rows[f"{end}_postcode"], expected="a postcode of the directory",
                action=action,
            )
            _tell_rate(log, "bending", f"postcode_{kind}_rate", column, len(rows), given, action)
        ended = int(episodes[f"{end}_postcode_terminated"].fillna(False).astype(bool).sum())
        _tell_rate(
            log, "cosmetic", "postcode_terminated_rate", column, ended, given,
            "placed where it was, which may be rounded to 100 metres",
        )


def tell_ageless(episodes: pd.DataFrame, log: FindingLog) -> None:
    """A finding for each child in no header with a date of birth."""
    nameless = episodes[episodes["dob"].isna()].drop_duplicates("child_id")
    log.add_rows(
        "bending", "no_date_of_birth", nameless, column="DOB",
        expected="the child in a header with a date of birth", action="age not known",
    )


def _tell_rate(
    log: FindingLog, severity: str, rule: str, column: str, count: int, given: int, action: str
) -> None:
    if count:
        share = f"{100 * count / given:.1f}%"
        log.add(
            severity, rule, file="the folder", column="",
            value=f"{column}: {count:,} of {given:,} given ({share})",
            expected="every postcode in the directory and in use", action=action,
        )
