"""How much of what was given can be placed: findings for postcodes and children, with rates."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.cleaning.distance import round_half_up
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.postcode_quality import ENDED, postcode_quality

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

    episodes  <end>_postcode, <end>_postcode_status, <end>_postcode_terminated and
              <end>_easting for home and placement; source_file, source_line

    The rate is of the postcodes that were given: a blank one is no fault of the directory.
    """
    for end, column in _ENDS:
        looked_up = {
            "easting": episodes[f"{end}_easting"],
            "status": episodes[f"{end}_postcode_status"],
            "terminated": episodes[f"{end}_postcode_terminated"],
        }
        quality = postcode_quality(pd.DataFrame(looked_up)).set_index("kind")
        for kind, action in UNPLACED.items():
            rows = episodes[looked_up["status"] == kind]
            log.add_rows(
                "bending", f"postcode_{kind}", rows, column=column,
                values=rows[f"{end}_postcode"], expected="a postcode of the directory",
                action=action,
            )
            _tell_rate(log, "bending", kind, column, quality, action)
        ended = "placed where it was, which may be rounded to 100 metres"
        _tell_rate(log, "cosmetic", ENDED, column, quality, ended)


def tell_ageless(episodes: pd.DataFrame, log: FindingLog) -> None:
    """A finding for each child in no header with a date of birth."""
    nameless = episodes[episodes["dob"].isna()].drop_duplicates("child_id")
    log.add_rows(
        "bending", "no_date_of_birth", nameless, column="DOB",
        expected="the child in a header with a date of birth", action="age not known",
    )


def _tell_rate(
    log: FindingLog, severity: str, kind: str, column: str, quality: pd.DataFrame, action: str
) -> None:
    count = quality.at[kind, "postcodes"]
    if count:
        given = quality["postcodes"].sum() - quality.at["blank", "postcodes"]
        share = round_half_up(quality.at[kind, "rate_of_given_pct"])
        log.add(
            severity, f"postcode_{kind}_rate", file="the folder",
            value=f"{column}: {count:,} of {given:,} given ({share:.1f}%)",
            expected="every postcode in the directory and in use", action=action,
        )
