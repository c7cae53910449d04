"""Brothers and sisters, cohorts that can be foreseen, and one table for each authority."""

from __future__ import annotations

import pandas as pd
import pytest
from children_frames import children, circumstances
from histories import STORAGES, quickly
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.metrics import (
    characteristics,
    cohorts,
    duration,
    families,
    flows,
    population,
)
from sufficiency_lib.metrics.cohorts import turning_ages
from sufficiency_lib.metrics.families import TOGETHER, siblings

DAY = "2025-03-31"


def together(*homes: tuple[str | None, str | None, str | None], storage: str = "object") -> dict:
    """One family whose children are at (postcode, provider, URN): how many of them are how."""
    names = [f"c{at}" for at in range(len(homes))]
    episodes = children(*(
        {"child_id": name, "placement_postcode": home, "provider_code": who, "urn": urn}
        for name, (home, who, urn) in zip(names, homes, strict=True)
    ), storage=storage)
    got = siblings(episodes, circumstances(*((name, "f", None) for name in names)), DAY)
    got = got.set_index("sibling_group_size").loc["all"]
    return {said: int(got[said]) for said in TOGETHER if got[said]}


HERE, THERE = ("AB1 1AA", "PR1", "2500001"), ("AB1 1AB", "PR1", "2500001")


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize(
    ("homes", "expected"),
    [
        ([HERE, HERE], {"with_all": 2}),
        ([HERE, THERE], {"with_none": 2}),
        ([HERE, HERE, THERE], {"with_some": 2, "with_none": 1}),
        ([HERE, ("ab11aa", "PR1", None)], {"with_all": 2}),  # no URN: the other's
        ([HERE, ("AB1 1AA", "PR1", "XXXXXXX")], {"with_all": 2}),
        ([HERE, ("AB1 1AA", "PR4", "2500001")], {"with_none": 2}),
        ([HERE, ("AB1 1AA", "PR1", "2500009")], {"with_none": 2}),
        ([HERE, (None, "PR1", None)], {"not_known": 2}),
        ([HERE, HERE, (None, "PR1", None)], {"not_known": 3}),  # perhaps all three
        ([HERE, HERE, THERE, (None, "PR1", None)], {"with_some": 2, "not_known": 2}),
        ([(None, None, None), (None, None, None)], {"not_known": 2}),
        ([HERE], {}),
    ],
)
def test_whom_a_child_lives_with(homes, expected, storage) -> None:
    assert together(*homes, storage=storage) == expected


def test_only_who_is_looked_after_that_day_is_a_brother_or_sister_in_care() -> None:
    episodes = children({"child_id": "a"}, {"child_id": "b", "dec": "2025-01-01"})
    got = siblings(episodes, circumstances(("a", "f", None), ("b", "f", None)), DAY)
    assert got["children"].sum() == 0 and got["with_all_pct"].isna().all()


def test_without_an_id_there_is_no_table() -> None:
    for said in (circumstances(), circumstances(("a", None, True))):
        got = siblings(children({"child_id": "a"}), said, DAY)
        assert got.empty and "with_all" in got


@given(st.lists(st.tuples(st.sampled_from("fgh"), st.sampled_from(["AB1 1AA", "AB1 2BB", None])),
                max_size=9))
@quickly
def test_sizes_and_answers_add_up(members) -> None:
    names = [f"c{at}" for at in range(len(members))]
    episodes = children(*({"child_id": name, "placement_postcode": home}
                          for name, (_, home) in zip(names, members, strict=True)))
    said = circumstances(("other", "z", None), *((name, family, None)
                         for name, (family, _) in zip(names, members, strict=True)))
    got = siblings(episodes, said, DAY)
    assert (got[list(TOGETHER)].sum(axis=1) == got["children"]).all()
    whole = got[got["sibling_group_size"] == "all"].iloc[0]
    parts = got[got["sibling_group_size"] != "all"]
    for column in ("children", *TOGETHER):
        assert parts[column].sum() == whole[column]


# --- cohorts ---------------------------------------------------------------------------------


def turning(dob: str | None, as_at: str = DAY, years: int = 3) -> list[list[int]]:
    got = turning_ages(children({"dob": dob}), as_at, years)
    return got[["turning_16", "turning_18"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("dob", "expected"),
    [
        ("2009-03-31", [[0, 0], [0, 1], [0, 0]]),  # 16 on the day itself
        ("2009-04-01", [[1, 0], [0, 0], [0, 1]]),
        ("2010-03-31", [[1, 0], [0, 0], [0, 1]]),
        ("2007-04-01", [[0, 1], [0, 0], [0, 0]]),
        ("2007-03-31", [[0, 0]] * 3),  # 18 on the day
        ("2008-02-29", [[0, 1], [0, 0], [0, 0]]),  # 18 on 1 March 2026
        (None, [[0, 0]] * 3),
        ("2025-06-01", [[0, 0]] * 3),  # not born that day
    ],
)
def test_birthdays_to_come(dob, expected) -> None:
    assert turning(dob) == expected


def test_from_another_day_the_years_are_the_twelve_months_after_it() -> None:
    got = turning_ages(children({"dob": "2008-11-30", "decom": "2024-01-01"}), "2024-11-29", 2)
    assert got["year_ending"].tolist() == ["2025-11-29", "2026-11-29"]
    assert got["turning_16"].tolist() == [1, 0] and got["years_ahead"].tolist() == [1, 2]


def test_nobody_and_no_years() -> None:
    assert turning_ages(children(), DAY)[["turning_16", "turning_18"]].to_numpy().sum() == 0
    assert turning_ages(children({}), DAY, 0).empty


# --- one table for each authority ------------------------------------------------------------

_YEARS = ["2024-03-31", DAY]
_PEOPLE = pd.DataFrame({"authority": ["a", "b", "c"], "mid_year": 2024, "children": [900, 0, 70]})


def _edge(episodes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    edge = episodes[["authority"]].drop_duplicates().assign(
        as_at=pd.Timestamp(DAY), edge_group="plan", children=7
    )
    return population.edge_of_care(edge, _mine(episodes, _PEOPLE), by=by)


def _mine(episodes: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["authority"].isin(episodes["authority"].unique())]


def _said(episodes: pd.DataFrame) -> pd.DataFrame:
    rows = episodes[["authority", "child_id"]].drop_duplicates()
    disabled = rows["child_id"].map({"x": True, "y": False}).astype("boolean")
    return rows.assign(sibling_group_id="f", is_disabled=disabled)


def _of_days(module, name: str):
    return lambda episodes, by: getattr(module, name)(episodes, _YEARS, by=by)


MEASURES = {
    "children_looked_after": lambda e, by: population.children_looked_after(
        e, _YEARS, _mine(e, _PEOPLE), by=by),
    "looked_after_by_month": lambda e, by: population.looked_after_by_month(e, [DAY], by=by),
    "edge_of_care": _edge,
    "children_by_age": lambda e, by: population.children_by_age(e, DAY, by=by),
    "started_and_ceased": lambda e, by: population.started_and_ceased(e, _YEARS, by=by),
    **{
        name: _of_days(characteristics, name)
        for name in ("children_by_ethnicity", "children_by_legal_status", "children_by_need",
                     "children_by_uasc")
    },
    "children_by_disability": lambda e, by: characteristics.children_by_disability(
        e, _said(e), DAY, by=by),
    **{
        name: _of_days(flows, name)
        for name in ("started_by_age", "started_by_need", "ceased_by_age", "ceased_by_reason")
    },
    "time_looked_after": lambda e, by: duration.time_looked_after(e, _YEARS, by=by),
    "duration_on_leaving": lambda e, by: duration.duration_on_leaving(e, _YEARS, by=by),
    "length_of_stay": lambda e, by: duration.length_of_stay(
        e, "2023-04-01", DAY, fewest=2, by=by),
    "still_looked_after": lambda e, by: duration.still_looked_after(
        e, "2023-04-01", DAY, fewest=2, by=by),
    "turning_ages": lambda e, by: cohorts.turning_ages(e, DAY, by=by),
    "siblings": lambda e, by: families.siblings(e, _said(e), DAY, by=by),
}

_row = st.fixed_dictionaries({
    "authority": st.sampled_from("cab"),
    "child_id": st.sampled_from(["x", "y", "z"]),
    "start": st.integers(0, 700),
    "days": st.none() | st.integers(0, 500),
    "rne": st.sampled_from(["S", "P"]),
    "rec": st.sampled_from(["E4A", "E8", "E99", None]),
    "need_code": st.sampled_from(["N1", "N4", None]),
    "legal_status": st.sampled_from(["C2", "V2", None]),
    "ethnicity_code": st.sampled_from(["WBRI", "BAFR", None]),
    "dob": st.none() | st.sampled_from(["2006-09-01", "2008-05-05", "2020-01-01"]),
    "sex": st.sampled_from(["female", "male", None]),
    "ever_uasc": st.booleans(),
    "is_short_break": st.booleans(),
    "placement_postcode": st.sampled_from(["AB1 1AA", "AB1 2BB", None]),
})


def _history(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of several authorities whose identifiers and period numbers are alike."""
    origin, numbers, episodes = pd.Timestamp("2023-04-01"), {}, []
    for row in rows:
        start = origin + pd.Timedelta(days=row["start"])
        number = numbers[row["authority"]] = numbers.get(row["authority"], 0) + 1
        end = None if row["days"] is None else start + pd.Timedelta(days=row["days"])
        episodes.append(row | {"decom": start, "dec": end, "care_period_id": number})
    return children(*episodes)


@pytest.mark.parametrize("name", MEASURES)
@given(st.lists(_row, min_size=1, max_size=9))
@settings(max_examples=8, deadline=None)
def test_every_authority_at_once_is_each_by_itself(name, rows) -> None:
    episodes, make = _history(rows), MEASURES[name]
    before = episodes.copy(deep=True)
    together_ = make(episodes, ["authority"])
    apart = []
    for authority in sorted(episodes["authority"].unique()):
        part = make(episodes[episodes["authority"] == authority], [])
        part.insert(0, "authority", authority)
        apart.append(part)
    pd.testing.assert_frame_equal(
        together_, pd.concat(apart, ignore_index=True), check_dtype=False
    )
    pd.testing.assert_frame_equal(episodes, before)
