"""Counted for all authorities at once, a measure of placements is that of each, one by one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from histories import history, sparingly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics import bed_nights, new_placements, older, provision, unregistered

START, END = "2024-03-31", "2025-03-31"
ENDS = [START, END]

MEASURES: dict[str, Callable[..., pd.DataFrame]] = {
    "placement_mix": lambda e, **by: provision.placement_mix(e, ENDS, **by),
    "placements_by_sector": lambda e, **by: provision.placements_by_sector(e, ENDS, **by),
    "placement_mix_dfe": lambda e, **by: provision.placement_mix_dfe(e, ENDS, **by),
    "placement_change": lambda e, **by: provision.placement_change(e, START, END, **by),
    "by_group": lambda e, **by: provision.placement_change_by_group(e, START, END, **by),
    "by_cohort": lambda e, **by: provision.placement_change_by_cohort(e, START, END, **by),
    "fostering_split": lambda e, **by: provision.fostering_split(e, ENDS, **by),
    "split_by_age": lambda e, **by: provision.fostering_split_by_age(e, END, **by),
    "bed_nights": lambda e, **by: bed_nights.bed_nights(e, ENDS, **by),
    "nights_by_cohort": lambda e, **by: bed_nights.bed_nights_by_cohort(e, ENDS, **by),
    "by_month": lambda e, **by: bed_nights.bed_nights_by_month(e, "2024-11-15", END, **by),
    "new_placements": lambda e, **by: new_placements.new_placements(e, ENDS, **by),
    "new_by_sector": lambda e, **by: new_placements.new_placements_by_sector(e, ENDS, **by),
    "sixteen_plus": lambda e, **by: older.sixteen_plus(e, ENDS, **by),
    "unregistered": lambda e, **by: unregistered.unregistered_and_other(e, ENDS, **by),
}

_day = st.sampled_from(["2023-02-01", "2024-03-31", "2024-04-01", "2024-12-15", "2025-03-31"])
_places = st.sampled_from([
    ("U6", "fostering"), ("U3", "kinship_fostering"), ("K2", "childrens_home"),
    ("K3", "supported_accommodation"), ("Z1", "other"), ("T4", "temporary"),
])
_episode = st.fixed_dictionaries({
    "authority": st.sampled_from(["E06000019", "E06000018", "E10000016"]),
    "child_id": st.sampled_from(["a", "b", "c"]),
    "decom": _day,
    "dec": st.none() | st.just("2025-01-10"),
    "place": _places,
    "provider": st.sampled_from(["own", "private", "voluntary", "other_la", "not_recorded"]),
    "rne": st.sampled_from(["S", "P", "L"]),
    "dob": st.sampled_from(["2008-01-01", "2009-03-31", "2015-06-01", None]),
    "urn": st.sampled_from(["1234567", "XXXXXXX", None]),
    "is_short_break": st.sampled_from([False, False, True]),
})


def of_areas(rows: list[dict[str, object]]) -> pd.DataFrame:
    """A history of several authorities, with the columns that every measure here reads."""
    episodes = [
        {key: value for key, value in row.items() if key not in {"authority", "place", "urn"}}
        | {"place_code": row["place"][0], "placement_group": row["place"][1]}
        for row in rows
    ]
    return history(*episodes).assign(
        authority=pd.Series([row["authority"] for row in rows], dtype=object),
        urn=pd.Series([row["urn"] for row in rows], dtype=object),
    )


@pytest.mark.parametrize("name", MEASURES)
@given(rows=st.lists(_episode, min_size=1, max_size=9))
@sparingly
def test_all_areas_at_once_are_each_area_in_turn(name: str, rows) -> None:
    measure, episodes = MEASURES[name], of_areas(rows)
    before = episodes.copy(deep=True)
    parts = [
        part.assign(authority=area)[["authority", *part.columns]]
        for area, one in episodes.groupby("authority")
        for part in [measure(one)]
    ]
    together = measure(episodes, by=["authority"])
    pd.testing.assert_frame_equal(
        together, pd.concat(parts, ignore_index=True), check_dtype=False
    )
    pd.testing.assert_frame_equal(episodes, before)


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("by", [[], ["authority"]])
def test_a_council_without_children_has_tables_of_the_same_columns(name: str, by) -> None:
    episodes = of_areas([])
    one = {"authority": "E06000019", "child_id": "a", "decom": "2024-12-15", "dec": None,
           "place": ("K2", "childrens_home"), "provider": "private", "rne": "S",
           "dob": "2008-01-01", "urn": "1234567", "is_short_break": False}
    empty, full = (MEASURES[name](frame, by=by) for frame in (episodes, of_areas([one])))
    assert empty.columns.tolist() == full.columns.tolist()
    assert len(full)
    assert not by or empty.empty
    counts = [c for c in empty if c in {"children", "nights", "starts", "kinship"}]
    assert empty[counts].fillna(0).to_numpy().sum() == 0
