"""Brothers and sisters looked after, and one table for each authority."""

from __future__ import annotations

import pandas as pd
import pytest
from children_frames import children, circumstances
from histories import STORAGES, quickly, sparingly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics import (
    characteristics,
    cohorts,
    duration,
    families,
    flows,
    population,
)
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


def test_four_children_or_more_are_one_size_and_fewer_each_their_own() -> None:
    """Families of 2, 3, 4 and 5."""
    names = [f"{family}{n}" for family in (2, 3, 4, 5) for n in range(family)]
    said = circumstances(*((name, name[0], None) for name in names))
    got = siblings(children(*({"child_id": name} for name in names)), said, DAY)
    assert dict(zip(got["sibling_group_size"], got["children"], strict=True)) == {
        "2": 2, "3": 3, "4_and_over": 9, "all": 14}


def test_an_area_that_gives_no_ids_has_no_rows() -> None:
    episodes = children({"child_id": "a"}, {"child_id": "b"}, {"child_id": "c", "authority": "z"})
    got = siblings(episodes, circumstances(("a", "f", None), ("b", "f", None)), DAY,
                   by=["authority"])
    assert got[["authority", "children"]].to_numpy().tolist() == [
        ["a", 2], ["a", 0], ["a", 0], ["a", 2]]


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
@sparingly
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
