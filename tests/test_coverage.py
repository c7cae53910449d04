"""What cannot be placed is told row by row, and as a rate of the postcodes that were given."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency_lib.cleaning.coverage import tell_ageless, tell_unplaced
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.metrics.quality import findings_by_rule


def _episodes(statuses: list[str], terminated: list[bool | None]) -> pd.DataFrame:
    lines = range(2, len(statuses) + 2)
    frame = pd.DataFrame({"source_file": "e.csv", "source_line": lines})
    for end in ("home", "placement"):
        frame[f"{end}_postcode"] = "HR1 1AA"
        frame[f"{end}_easting"] = 350_000.0
        frame[f"{end}_postcode_status"] = statuses if end == "placement" else "found"
        ended = terminated if end == "placement" else [None] * len(statuses)
        frame[f"{end}_postcode_terminated"] = pd.array(ended, dtype="boolean")
    return frame


def test_each_unplaced_row_and_each_rate() -> None:
    log = FindingLog()
    statuses = ["unknown", "found", "found", "blank", "sector"]
    tell_unplaced(_episodes(statuses, [None, True, False, None, None]), log)
    found = log.frame()
    rows = found[found["source_line"].notna()]
    assert rows[["severity", "rule", "source_line", "column", "value"]].to_numpy().tolist() == [
        ["bending", "postcode_unknown", 2, "PL_POST", "HR1 1AA"],
        ["bending", "postcode_sector", 6, "PL_POST", "HR1 1AA"],
    ]
    rates = found[found["source_line"].isna()]
    assert rates[["severity", "rule", "value"]].to_numpy().tolist() == [
        ["bending", "postcode_unknown_rate", "PL_POST: 1 of 4 given (25.0%)"],
        ["bending", "postcode_sector_rate", "PL_POST: 1 of 4 given (25.0%)"],
        ["cosmetic", "postcode_terminated_rate", "PL_POST: 1 of 4 given (25.0%)"],
    ]
    assert findings_by_rule(found)["findings"].sum() == 2, "a rate is not counted again"
    assert (found[["expected", "action"]] != "").all(axis=None)


@pytest.mark.parametrize("statuses", [["found"], ["blank"], []])
def test_nothing_is_told_of_what_is_placed_or_was_never_given(statuses: list[str]) -> None:
    log = FindingLog()
    tell_unplaced(_episodes(statuses, [None] * len(statuses)), log)
    assert log.frame().empty


def test_a_child_without_a_date_of_birth_is_told_once() -> None:
    episodes = _episodes(["found"] * 3, [None] * 3).assign(
        child_id=["a", "a", "b"], dob=pd.to_datetime([None, None, "2010-01-01"])
    )
    log = FindingLog()
    tell_ageless(episodes, log)
    told = log.frame()
    assert told[["rule", "column", "source_line"]].to_numpy().tolist() == [
        ["no_date_of_birth", "DOB", 2]]
    assert (told[["expected", "action"]] != "").all(axis=None)
