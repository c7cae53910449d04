"""Small histories with what the measures of children ask for beside the ordinary columns."""

from __future__ import annotations

import pandas as pd
from histories import history, stored_as

#: What an ordinary child is beside `histories.ORDINARY`.
MORE: dict[str, object] = {
    "authority": "a",
    "rec": None,
    "ethnicity_code": "WBRI",
    "legal_status": "C2",
    "need_code": "N1",
    "ever_uasc": False,
    "uasc_until": None,
    "placement_postcode": "AB1 1AA",
    "provider_code": "PR1",
    "urn": None,
}


def children(*episodes: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """As `history`, with the columns of MORE."""
    frame = history(*episodes)
    for name, usual in MORE.items():
        frame[name] = pd.Series([row.get(name, usual) for row in episodes], dtype=object)
    frame["uasc_until"] = pd.to_datetime(frame["uasc_until"])
    frame["ever_uasc"] = frame["ever_uasc"].astype(bool)
    return stored_as(frame, storage)


def circumstances(*rows: tuple[str, str | None, bool | None]) -> pd.DataFrame:
    """child_id, sibling_group_id, is_disabled; authority a."""
    frame = pd.DataFrame(rows, columns=["child_id", "sibling_group_id", "is_disabled"])
    return frame.assign(authority="a").astype({"is_disabled": "boolean"})
