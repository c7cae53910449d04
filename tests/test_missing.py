"""Children who went missing: who is counted, in which year, and when nothing can be said."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, sparingly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.missing import missing_from_care

YEARS = ["2024-03-31", "2025-03-31"]


def incidents(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    ordinary = {"child_id": "c0", "missing": "M", "mis_start": "2024-05-01", "return_year": 2025}
    frame = pd.DataFrame([ordinary | row for row in rows], columns=list(ordinary))
    frame["mis_start"] = pd.to_datetime(frame["mis_start"])
    frame["return_year"] = frame["return_year"].astype("int64")
    return stored_as(frame.astype({"child_id": object, "missing": object}), storage)


def shown(rows: pd.DataFrame, episodes: pd.DataFrame | None = None, year: str = YEARS[1]):
    frame = missing_from_care(history({}) if episodes is None else episodes, rows, [year])
    return frame.set_index("measure")


@pytest.mark.parametrize(
    ("start", "year"), [("2024-03-31", YEARS[0]), ("2024-04-01", YEARS[1]),
                        ("2025-03-31", YEARS[1])],
)
def test_an_incident_is_of_the_year_in_which_it_starts(start: str, year: str) -> None:
    episodes = history({"decom": "2020-04-01"})
    frame = missing_from_care(episodes, incidents({"mis_start": start}, {
        "mis_start": "2023-05-01", "missing": "A", "return_year": 2024}), YEARS)
    found = frame[(frame["measure"] == "missing") & (frame["incidents"] == 1)]
    assert found["year_ending"].tolist() == [year]


def test_a_child_missing_often_is_one_child() -> None:
    frame = shown(incidents({}, {"mis_start": "2024-06-01"}, {"mis_start": "2024-07-01"}))
    assert frame.loc["missing", ["numerator", "incidents", "incidents_average"]].tolist() == [
        1, 3, 3.0]
    assert frame.at["missing", "base_incidents"] == 1
    assert frame.loc["away", ["numerator", "answered_no", "rate_pct"]].tolist() == [0, 1, 0.0]
    assert pd.isna(frame.at["away", "incidents_average"])


def test_only_children_looked_after_in_the_year_are_counted() -> None:
    episodes = history({"child_id": "c0", "decom": "2020-04-01", "dec": "2024-04-01"},
                       {"child_id": "c1", "is_short_break": True}, {"child_id": "c2"})
    rows = incidents({}, {"child_id": "c1"}, {"child_id": "nobody"})
    assert shown(rows, episodes).loc["missing", ["numerator", "denominator"]].tolist() == [0, 1]


@pytest.mark.parametrize("row", [{"missing": None}, {"missing": "Q"}, {"mis_start": None}])
def test_a_row_that_says_too_little_is_left_out(row: dict[str, object]) -> None:
    assert shown(incidents(row)).at["missing", "incidents"] == 0


@pytest.mark.parametrize("storage", STORAGES)
def test_a_year_without_a_row_is_not_available_and_never_none(storage: str) -> None:
    frame = shown(incidents({"return_year": 2024, "mis_start": "2023-05-01"}, storage=storage))
    for column in ("numerator", "incidents", "rate_pct", "incidents_average", "answered_no"):
        assert frame[column].isna().all()
    assert frame["denominator"].tolist() == [1, 1]
    empty = shown(incidents(storage=storage), history().head(0))
    assert empty["denominator"].tolist() == [0, 0] and empty["rate_pct"].isna().all()


_incident = st.fixed_dictionaries({
    "child_id": st.sampled_from(["c0", "c1", "c2", "nobody"]),
    "missing": st.sampled_from(["M", "A", None]),
    "mis_start": st.sampled_from(["2023-05-01", "2024-05-01", "2024-06-01"]),
    "return_year": st.sampled_from([2024, 2025]),
})


@given(st.lists(_incident, max_size=8))
@sparingly
def test_authorities_stand_one_after_another(rows) -> None:
    where = {"c0": "north", "c1": "south", "c2": "south", "nobody": "north"}
    gone = incidents(*rows)
    gone = gone.assign(authority=gone["child_id"].map(where).astype(object))
    here = history({"child_id": "c0"}, {"child_id": "c1", "decom": "2023-05-01"},
                   {"child_id": "c2"})
    here = here.assign(authority=here["child_id"].map(where).astype(object))
    whole = missing_from_care(here, gone, YEARS, by=["authority"])
    parts = [
        missing_from_care(part, gone[gone["authority"] == name], YEARS).assign(authority=name)
        for name, part in here.groupby("authority")
    ]
    parts = pd.concat(parts, ignore_index=True)[list(whole)]
    pd.testing.assert_frame_equal(whole, parts, check_dtype=False)
    assert (whole["numerator"].fillna(0) <= whole["denominator"]).all()
