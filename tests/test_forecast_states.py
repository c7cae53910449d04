"""Children as they are: what is known on a day, month ends, ages and times looked after."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from forecast_frames import placements
from histories import STORAGES, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import PROVIDER_SIDES
from sufficiency_lib.codes.children import NEED_FAMILIES
from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.futures import month_ends
from sufficiency_lib.forecast.states import (
    UNKNOWN,
    cohort_today,
    history_grid,
    in_order,
    known_by,
    months_since,
    states_of,
    stays,
)
from sufficiency_lib.metrics.stock import completed_years, on_date

GRID = history_grid("2023-04-01", "2025-03-31")


def panel_of(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    return stays(known_by(placements(*rows, storage=storage), GRID[-1]), GRID)


def cohort_of(*rows: dict[str, object]):
    known = known_by(placements(*rows), GRID[-1])
    return cohort_today(stays(known, GRID), GRID, in_order(known["state"]))


# --- states ------------------------------------------------------------------------------------


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize(
    ("group", "provider", "expected"),
    [
        ("fostering", "own", "fostering/own"),
        ("fostering", "private", "fostering/independent"),
        ("fostering", "voluntary", "fostering/independent"),
        ("secure", "other_la", "secure/public"),
        ("childrens_home", "other_public", "childrens_home/public"),
        ("parents", "parents", "parents/none"),
        ("temporary", "not_recorded", "temporary/none"),
        ("a_new_group", "a_new_provider", "other/none"),
    ],
)
def test_a_state_is_the_group_and_whose_provision(group, provider, expected, storage):
    frame = placements({"placement_group": group, "provider": provider}, storage=storage)
    assert states_of(frame).tolist() == [expected]


def test_states_are_in_the_house_order_each_once():
    met = ["other/none", "fostering/independent", "fostering/own", "other/none"]
    assert in_order(met) == ("fostering/own", "fostering/independent", "other/none")
    assert in_order([]) == ()
    assert tuple(PROVIDER_SIDES) == ("own", "public", "independent", "none")


# --- what was known ----------------------------------------------------------------------------


@pytest.mark.parametrize("storage", STORAGES)
def test_what_happened_later_is_not_known(storage):
    history = placements(
        {"decom": "2024-01-01", "dec": "2025-06-01", "rec": "E4A"},
        {"decom": "2025-04-01"},
        {"decom": "2024-01-01", "dec": "2025-03-31", "rec": "E4A"},
        {"decom": "2024-01-01", "dec": "2025-03-31", "rec": "E99"},
        {"decom": "2023-05-01", "dec": "2024-03-31", "rec": "E99"},
        {"decom": "2024-01-01", "is_short_break": True},
        storage=storage,
    )
    before = history.copy(deep=True)
    known = known_by(history, "2025-03-31").set_index("child_id")
    assert known["dec"].isna().to_dict() == {"c0": True, "c2": False, "c3": True, "c4": False}
    assert known["rec"].isna().to_dict() == {"c0": True, "c2": False, "c3": True, "c4": False}
    pd.testing.assert_frame_equal(history, before)


def test_a_history_without_a_column_is_refused_in_a_sentence():
    with pytest.raises(InputError, match="no column care_period_id"):
        known_by(placements({}).drop(columns="care_period_id"), "2025-03-31")


# --- months ------------------------------------------------------------------------------------


def test_the_grid_ends_on_the_day_and_begins_before_the_first_return():
    assert [str(day.date()) for day in GRID[[0, 1, -1]]] == ["2023-03-31", "2023-04-30",
                                                             "2025-03-31"]  # fmt: skip
    assert len(GRID) == 25
    middle = history_grid("2024-04-01", "2025-01-15")
    assert str(middle[0].date()) == "2024-04-15" and str(middle[-1].date()) == "2025-01-15"
    assert len(history_grid("2025-04-01", "2025-03-31")) == 1


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 30))
@quickly
def test_the_months_ahead_begin_on_the_day_and_grow(day, months):
    dates = month_ends(day, months)
    assert len(dates) == months + 1 and dates[0] == pd.Timestamp(day)
    assert dates.is_monotonic_increasing and dates.is_unique


@given(st.dates(date(2005, 1, 1), date(2025, 3, 31)))
@quickly
def test_twelve_completed_months_are_a_completed_year(dob):
    day = pd.Timestamp("2025-03-31")
    years = completed_years(pd.Series([pd.Timestamp(dob)]), day).item()
    assert months_since(pd.Series([pd.Timestamp(dob)]), day)[0] // 12 == years


# --- a child and a month a row -----------------------------------------------------------------


@pytest.mark.parametrize("storage", STORAGES)
def test_a_stay_is_there_on_each_month_end_it_spans(storage):
    panel = panel_of(
        {"child_id": "a", "care_period_id": 7, "decom": "2024-05-15", "dec": "2024-06-30",
         "rec": "X1", "dob": "2010-06-30"},
        {"child_id": "a", "care_period_id": 7, "decom": "2024-06-30", "dec": "2024-08-01",
         "rec": "E4A", "rne": "P", "provider": "private", "dob": "2010-06-30"},
        storage=storage,
    )  # fmt: skip
    assert [str(GRID[at].date()) for at in panel["at"]] == ["2024-05-31", "2024-06-30",
                                                            "2024-07-31"]  # fmt: skip
    assert panel["state"].tolist() == ["fostering/own", *["fostering/independent"] * 2]
    assert panel["age"].tolist() == [167, 168, 169]
    assert panel["duration"].tolist() == [0, 1, 2]
    assert panel["from_start"].all()


@pytest.mark.parametrize(("decom", "dec"), [("2024-05-02", "2024-05-30"),
                                            ("2024-05-01", "2024-05-31")])  # fmt: skip
def test_who_comes_and_goes_between_month_ends_is_on_none(decom, dec):
    assert panel_of({"decom": decom, "dec": dec}).empty


def test_the_start_of_a_period_is_seen_if_it_says_so_or_is_within_the_returns():
    panel = panel_of(
        {"child_id": "a", "decom": "2021-01-01", "rne": "S"},
        {"child_id": "b", "decom": "2021-01-01", "rne": "P"},
        {"child_id": "c", "decom": "2023-05-01", "rne": "P"},
    )
    assert panel.groupby("child_id")["from_start"].all().to_dict() == {
        "a": True, "b": False, "c": True}  # fmt: skip


def test_of_two_rows_that_claim_a_night_the_later_holds_it():
    panel = panel_of(
        {"child_id": "a", "care_period_id": 1, "decom": "2024-01-01"},
        {"child_id": "a", "care_period_id": 1, "decom": "2025-01-15", "provider": "private"},
    )
    assert not panel.duplicated(["child_id", "at"]).any()
    assert panel.loc[panel["at"] == 24, "state"].tolist() == ["fostering/independent"]


def test_today_is_the_stock_of_the_day():
    history = placements(
        {"dob": "2007-03-31"}, {"dob": None, "need_code": None}, {"decom": "2025-03-31"},
        {"dec": "2025-03-31"}, {"is_short_break": True},
        {"is_uasc": True, "ever_uasc": True, "uasc_until": "2024-04-01"},
        {"is_uasc": True, "ever_uasc": True, "need_code": "N8", "dob": "2008-02-29"},
    )  # fmt: skip
    known = known_by(history, GRID[-1])
    today = cohort_today(stays(known, GRID), GRID, in_order(known["state"]))
    assert len(today) == len(on_date(history, GRID[-1])) == 5
    assert today.age.tolist() == [216, UNKNOWN, 122, 122, 204]
    assert today.duration.tolist() == [23, 23, 0, 23, 23]
    assert today.uasc.tolist() == [False, False, False, False, True]
    assert [NEED_FAMILIES[need] for need in today.need] == [
        "abuse_or_neglect", "not_known", "abuse_or_neglect", "abuse_or_neglect",
        "absent_parenting"]  # fmt: skip


def test_a_start_not_seen_is_as_long_ago_as_the_median_of_those_here_as_long():
    seen = [{"decom": day} for day in ("2024-12-31", "2021-03-31", "2020-03-31", "2015-03-31")]
    today = cohort_of(*seen, {"decom": "2023-03-31", "rne": "P"}, {"decom": "2010-03-31",
                                                                   "rne": "L"})  # fmt: skip
    assert today.duration.tolist() == [3, 48, 60, 120, 60, 180]


def test_nobody_is_a_cohort_of_none():
    known = known_by(placements({})[:0], "2025-03-31")
    today = cohort_today(stays(known, GRID), GRID, in_order(known["state"]))
    assert len(today) == 0 and today.states == ()
