"""Small repaired histories for tests: say what matters, the rest is ordinary."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pandas as pd
from hypothesis import settings

#: An ordinary episode: fostered in-house since 1 April 2024, near home and in the area.
ORDINARY: dict[str, object] = {
    "child_id": "",
    "decom": "2024-04-01",
    "dec": None,
    "rne": "S",
    "place_code": "U6",
    "placement_group": "fostering",
    "provider": "own",
    "is_short_break": False,
    "dob": "2015-01-01",
    "sex": "female",
    "care_period_id": None,
    "distance_miles": 5.0,
    "distance_band": "le_20",
    "centre_miles": 5.0,
    "border_miles": 0.0,
    "boundary": "inside",
    "placement_authority": "E06000018",
    "home_postcode_status": "found",
    "placement_postcode_status": "found",
}

_DATES = ("decom", "dec", "dob")
_NUMBERS = ("distance_miles", "centre_miles", "border_miles")
_TEXT = (
    "child_id",
    "rne",
    "place_code",
    "placement_group",
    "provider",
    "sex",
    "distance_band",
    "boundary",
    "placement_authority",
    "home_postcode_status",
    "placement_postcode_status",
)

#: For a property: few examples, and no clock, as a busy machine is no failure.
quickly = settings(max_examples=25, deadline=None)

#: For a property whose every example is several whole tables, as of areas together and one by one.
sparingly = settings(max_examples=6, deadline=None)

#: How a frame's text may reach a metric.
STORAGES = ("object", "str", "parquet")


def history(*episodes: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """One row an episode; child and care period are numbered where they are not given."""
    rows = [
        ORDINARY | {"child_id": f"c{at}", "care_period_id": at} | episode
        for at, episode in enumerate(episodes)
    ]
    frame = pd.DataFrame(rows, columns=list(ORDINARY))
    for column in _DATES:
        frame[column] = pd.to_datetime(frame[column])
    for column in _NUMBERS:
        frame[column] = frame[column].astype("float64")
    frame["is_short_break"] = frame["is_short_break"].astype(bool)
    frame["care_period_id"] = frame["care_period_id"].astype("int64")
    return stored_as(frame.astype(dict.fromkeys(_TEXT, "object")), storage)


def many(counts: Iterable[tuple[int, dict[str, object]]]) -> pd.DataFrame:
    """A history with a number of children alike for each entry."""
    return history(*(episode for number, episode in counts for _ in range(number)))


def stored_as(frame: pd.DataFrame, storage: str) -> pd.DataFrame:
    """The frame with its text as Python objects, as pandas' own text, or out of a parquet."""
    text = [name for name in frame if frame[name].dtype == object]
    if storage == "object":
        return frame
    if storage == "str":
        return frame.astype(dict.fromkeys(text, "str"))
    kept = io.BytesIO()
    frame.to_parquet(kept)
    return pd.read_parquet(kept)
