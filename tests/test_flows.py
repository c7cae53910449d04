"""Who starts and who ceases: each child once a year, and every reason in its place."""

from __future__ import annotations

import pandas as pd
import pytest
from children_frames import children
from histories import STORAGES, sparingly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.flows import (
    ceased_by_age,
    ceased_by_reason,
    started_by_age,
    started_by_need,
)
from sufficiency_lib.metrics.population import started_and_ceased

DAY = "2025-03-31"
STARTED, CEASED = (started_by_age, started_by_need), (ceased_by_age, ceased_by_reason)


def reasons(*episodes: dict[str, object], storage: str = "object") -> dict[str, int]:
    got = ceased_by_reason(children(*episodes, storage=storage), [DAY])
    got = got[got["children"] > 0]
    return dict(zip(got["reason_ceased"], got["children"], strict=True))


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize(
    ("rec", "dob", "reason"),
    [
        ("E4A", "2015-01-01", "home"),
        ("E8", "2006-06-01", "turned_18"),  # leaves on the birthday
        ("E8", "2006-06-02", "other"),  # the day before it
        ("E8", None, "other"),
        ("E17", "2006-06-01", "turned_18"),
        ("E4A", "2006-06-01", "home"),  # a reason that says something stays
        ("E99", "2006-06-01", "no_later_return"),
        ("X1", "2015-01-01", "not_known"),
        (None, "2015-01-01", "not_known"),
    ],
)
def test_why_care_ended(rec, dob, reason, storage) -> None:
    one = {"decom": "2024-04-10", "dec": "2024-06-01", "rec": rec, "dob": dob}
    assert reasons(one, storage=storage) == {reason: 1}


def test_the_reason_is_that_of_the_last_episode_of_the_last_period() -> None:
    first = {"child_id": "a", "care_period_id": 1}
    assert reasons(
        first | {"decom": "2024-05-01", "dec": "2024-06-01", "rec": "X1"},
        first | {"decom": "2024-04-01", "dec": "2024-05-01", "rec": "X1"},
        first | {"decom": "2024-06-01", "dec": "2024-07-01", "rec": "E4B"},
        {"child_id": "a", "care_period_id": 2, "decom": "2024-10-01", "dec": "2024-11-01",
         "rec": "E48"},
    ) == {"special_guardianship": 1}


def test_a_child_who_starts_twice_is_counted_at_the_first() -> None:
    episodes = children(
        {"child_id": "a", "decom": "2024-05-01", "dec": "2024-06-01", "dob": "2014-06-01"},
        {"child_id": "a", "decom": "2024-08-01", "dob": "2014-06-01"},
    )
    got = started_by_age(episodes, [DAY]).set_index("age_group")["children"]
    assert got["5_to_9"] == got.sum() == 1


@pytest.mark.parametrize("measure", [*STARTED, *CEASED])
def test_nobody_and_no_year(measure) -> None:
    nobody = measure(children(), [DAY])
    assert nobody["children"].sum() == 0 and nobody["share_pct"].isna().all()
    assert measure(children({}), []).empty
    assert measure(children(), []).columns.tolist() == nobody.columns.tolist()


@pytest.mark.parametrize("measure", [*STARTED, *CEASED])
def test_short_breaks_neither_start_nor_cease(measure) -> None:
    short = {"decom": "2024-05-01", "dec": "2024-06-01", "is_short_break": True}
    assert measure(children(short), [DAY])["children"].sum() == 0


_stay = st.fixed_dictionaries({
    "child": st.integers(0, 3),
    "start": st.integers(0, 700),
    "days": st.none() | st.integers(0, 300),
    "rec": st.sampled_from(["E4A", "E8", "E99", "X1", None]),
    "need_code": st.sampled_from(["N1", "N4", None]),
    "dob": st.none() | st.sampled_from(["2006-09-01", "2015-01-01", "2024-12-01"]),
})


@given(st.lists(_stay, max_size=8))
@sparingly
def test_the_rows_of_a_year_are_those_who_started_or_ceased(stays) -> None:
    origin, years = pd.Timestamp("2023-04-01"), ["2024-03-31", DAY]
    episodes = children(*(
        {"child_id": f"c{stay['child']}", "decom": origin + pd.Timedelta(days=stay["start"]),
         "dec": None if stay["days"] is None
         else origin + pd.Timedelta(days=stay["start"] + stay["days"]),
         **{name: stay[name] for name in ("rec", "need_code", "dob")}}
        for stay in stays
    ))
    flow = started_and_ceased(episodes, years).set_index("year_ending")
    for measures, column in ((STARTED, "started"), (CEASED, "ceased")):
        for measure in measures:
            totals = measure(episodes, years).groupby("year_ending")["children"].sum()
            assert totals.to_dict() == flow[column].to_dict()


@pytest.mark.parametrize("measure", [*STARTED, *CEASED])
def test_children_of_two_areas_are_two_though_numbered_alike(measure) -> None:
    one = {"child_id": "a", "care_period_id": 1, "decom": "2024-05-01", "dec": "2024-06-01",
           "rec": "E4A"}
    both = children(one, one).assign(authority=["b", "a"])
    got = measure(both, [DAY], by=["authority"])
    assert got[got["children"] > 0][["authority", "children", "share_pct"]].to_numpy().tolist() == [
        ["a", 1, 100.0], ["b", 1, 100.0]]
