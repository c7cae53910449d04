"""Small histories for the tests of the forecast."""

from __future__ import annotations

import pandas as pd
from histories import stored_as

_ORDINARY = {
    "child_id": "a", "care_period_id": 0, "decom": "2023-04-01", "dec": None, "rne": "S",
    "rec": None, "placement_group": "fostering", "provider": "own", "is_short_break": False,
    "dob": "2015-01-01", "need_code": "N1", "is_uasc": False, "ever_uasc": False,
    "uasc_until": None,
}  # fmt: skip
_DAYS = ("decom", "dec", "dob", "uasc_until")
_TEXT = ("child_id", "rne", "rec", "placement_group", "provider", "need_code")


def placements(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """One row an episode; unless it is said, each is of another child and period of care."""
    told = [
        _ORDINARY | {"child_id": f"c{at}", "care_period_id": at} | row
        for at, row in enumerate(rows)
    ]
    frame = pd.DataFrame(told, columns=list(_ORDINARY))
    for column in _DAYS:
        frame[column] = pd.to_datetime(frame[column])
    frame = frame.astype(dict.fromkeys(_TEXT, "object"))
    return stored_as(frame.astype({"care_period_id": "int64", "is_uasc": bool}), storage)
