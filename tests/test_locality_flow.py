"""Locality by provider, by age, over time and of placements made in a year; many areas at once."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest
from histories import STORAGES, history, sparingly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import DISTANCE_BANDS, LOCALITY_RULES, PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.metrics.distances import (
    distance_by_boundary,
    distance_summary,
    new_placements_by_distance,
)
from sufficiency_lib.metrics.locality import (
    APART,
    COHORTS,
    DIMENSIONS,
    is_within,
    locality,
    locality_by,
    locality_of_new_placements,
    locality_of_new_placements_by,
    locality_trend,
)
from sufficiency_lib.metrics.places import placement_authorities

START, DAY = "2024-03-31", "2025-03-31"
HOME = ["home_20_miles"]
FAR = {"distance_miles": 20.1}
LOST = {"distance_miles": None}
COUNTS = ["within", "beyond", "not_known"]


@pytest.mark.parametrize("storage", STORAGES)
def test_by_provider_every_provider_has_a_row(storage: str) -> None:
    episodes = history(
        {}, {"provider": "private"} | FAR, {"provider": "voluntary"} | LOST,
        {"provider": "parents"}, {"provider": "not_recorded"} | FAR, {"is_short_break": True},
        storage=storage,
    )
    got = locality_by(episodes, DAY, dimension="provider", rules=HOME)
    assert got["provider"].tolist() == list(PROVIDERS)
    rows = got.set_index("provider")
    assert rows.loc["own", ["children", *COUNTS, "rate_pct"]].tolist() == [1, 1, 0, 0, 100.0]
    assert rows.loc["private", ["children", *COUNTS, "rate_pct"]].tolist() == [1, 0, 1, 0, 0.0]
    assert rows.loc[["voluntary", "other_la"], ["rate_pct"]].isna().all().all()
    grouped = locality_by(episodes, DAY, dimension="provider_group", rules=HOME)
    assert grouped.set_index("provider_group")["children"].to_dict() == {
        "own_provision": 1, "public_provision": 0, "independent_provision": 2, "no_provider": 2,
    }


@pytest.mark.parametrize(
    ("dob", "band"),
    [
        ("2024-04-01", "under_1"), ("2024-03-31", "1_to_4"), ("2015-04-01", "5_to_9"),
        ("2015-03-31", "10_to_15"), ("2009-03-31", "16_and_over"), (None, "not_known"),
        ("1905-03-31", "16_and_over"), ("1904-03-31", "not_known"),  # 120 and 121
        ("2025-04-01", "not_known"),
    ],
)
def test_age_is_that_of_the_day(dob: str | None, band: str) -> None:
    got = locality_by(history({"dob": dob}), DAY, dimension="age_group", rules=HOME)
    assert got["age_group"].tolist() == list(DIMENSIONS["age_group"])
    assert got.loc[got["children"] == 1, "age_group"].tolist() == [band]


def test_age_of_a_new_placement_is_that_of_the_day_it_began() -> None:
    episodes = history({"dob": "2008-06-01", "decom": "2024-05-31", "child_id": "a"},
                       {"dob": "2008-06-01", "decom": "2024-06-01", "child_id": "a", "rne": "P"})
    got = locality_of_new_placements_by(episodes, [DAY], dimension="age_group", rules=HOME)
    starts = got.set_index("age_group")["starts"]
    assert starts[["10_to_15", "16_and_over"]].tolist() == [1, 1]


def test_rates_cannot_be_cut_by_what_is_no_dimension() -> None:
    with pytest.raises(ConfigurationError, match="cannot be cut by 'ethnicity'"):
        locality_by(history({}), DAY, dimension="ethnicity", rules=HOME)


def test_the_trend_is_a_stock_on_each_day() -> None:
    episodes = history(
        {"decom": "2023-05-01", "dec": "2024-06-01"} | FAR, {"decom": "2023-05-01"},
        {"decom": DAY}, {"decom": "2025-04-01"},
    )
    got = locality_trend(episodes, [DAY, START], rules=["home_20_miles", "centre_20_miles"])
    assert got["as_at"].tolist() == [START, START, DAY, DAY]
    assert got["rule"].tolist() == ["home_20_miles", "centre_20_miles"] * 2
    assert got["children"].tolist() == [2, 2, 2, 2]
    assert got["rate_pct"].tolist() == [50.0, 100.0, 100.0, 100.0]
    assert locality_trend(episodes, [], rules=HOME).empty


@pytest.mark.parametrize("storage", STORAGES)
def test_new_placements_are_stays_that_began_in_the_year(storage: str) -> None:
    episodes = history(
        {"child_id": "a"} | FAR, {"child_id": "a", "rne": "P"}, {"child_id": "a", "rne": "B"},
        LOST | {"provider": "private"},
        {"rne": "L"}, {"rne": "T"}, {"rne": "U"}, {"is_short_break": True},
        {"decom": START}, {"decom": "2025-04-01"},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = locality_of_new_placements(episodes, [DAY], rules=HOME)
    bases = [f"base_{name}" for name in ("starts", *COUNTS)]
    assert got.columns.tolist() == [
        "year_ending", "rule", "cohort", "starts", *COUNTS, "rate_pct", "rate_of_known_pct",
        *bases,
    ]
    rows = got.set_index("cohort")
    assert rows.index.tolist() == ["all_new", *COHORTS[1:]]
    everyone = rows.loc["all_new"]
    assert everyone[["starts", *COUNTS]].tolist() == [4, 2, 1, 1]
    assert everyone[bases].tolist() == [2, 1, 1, 1]
    assert everyone[["rate_pct", "rate_of_known_pct"]].tolist() == [50.0, 66.7]
    assert pd.isna(rows.at["fostering_ifa", "rate_pct"])  # nothing is known of the one
    assert pd.isna(rows.at["secure", "rate_pct"])  # there is none
    pd.testing.assert_frame_equal(episodes, before)


def test_the_children_behind_each_count_are_told_of_new_placements_by_a_dimension_too() -> None:
    episodes = history(
        {"child_id": "a"}, {"child_id": "a", "rne": "P"}, {"child_id": "a"} | FAR,
        {"child_id": "b", "provider": "private"} | LOST,
    )
    got = locality_of_new_placements_by(episodes, [DAY], dimension="provider", rules=HOME)
    bases = [f"base_{name}" for name in ("starts", *COUNTS)]
    assert got.columns.tolist()[-4:] == bases
    rows = got.set_index("provider")
    assert rows.loc["own", ["starts", *COUNTS, *bases]].tolist() == [3, 2, 1, 0, 1, 1, 1, 0]
    assert rows.loc["private", ["starts", *COUNTS, *bases]].tolist() == [1, 0, 0, 1, 1, 0, 0, 1]
    assert rows.loc["voluntary", ["starts", *bases]].tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "measure",
    [
        lambda rows, **told: locality(rows, DAY, **told),
        lambda rows, **told: locality_by(rows, DAY, dimension="provider", **told),
        lambda rows, **told: locality_trend(rows, [DAY], **told),
        lambda rows, **told: locality_of_new_placements(rows, [DAY], **told),
        lambda rows, **told: locality_of_new_placements_by(
            rows, [DAY], dimension="provider", **told),
    ],
    ids=["stock", "by", "trend", "flow", "flow_by"],
)
def test_ten_miles_from_the_border_are_ten_unless_another_number_is_given(measure) -> None:
    episodes = history({"border_miles": 10.0}, {"border_miles": 10.1}, {"border_miles": 11.1})
    rule = ["border_10_miles"]
    assert measure(episodes, rules=rule)[["within", "beyond"]].max().tolist() == [1, 2]
    wider = measure(episodes, rules=rule, border_miles=11.0)
    assert wider[["within", "beyond"]].max().tolist() == [2, 1]


def test_each_row_s_own_area_may_stand_in_a_column_by_which_nothing_is_cut() -> None:
    episodes = history({}, {}, {"placement_authority": "E06000019"}).assign(
        council=["a", "b", "b"], own_code=["E06000018", "E06000019", "E06000019"])
    told = {"rules": ["in_area"], "code": "own_code", "by": ["council"]}
    for got in (locality_trend(episodes, [DAY], **told),
                locality(episodes, DAY, **told).drop_duplicates("council")):
        assert got[["council", *COUNTS]].to_numpy().tolist() == [["a", 1, 0, 0], ["b", 1, 1, 0]]


def test_a_provider_that_is_none_of_the_table_s_is_counted_in_no_line_of_any_year() -> None:
    episodes = history({"decom": "2023-05-01"}, {"decom": "2024-05-01", "provider": "nobody"})
    for dimension in ("provider", "provider_group"):
        got = locality_of_new_placements_by(
            episodes, [START, DAY], dimension=dimension, rules=HOME)
        assert got.groupby("year_ending")["starts"].sum().to_dict() == {START: 1, DAY: 0}
        assert got.loc[got["starts"] > 0, dimension].str.startswith("own").all()


def test_lines_stand_by_day_and_then_as_the_rules_are_named_and_are_numbered_through() -> None:
    """Many, as a sort of few lines keeps their order whatever it promises."""
    days = [f"{year}-03-31" for year in range(2014, 2026)]
    rules = list(reversed(LOCALITY_RULES))
    got = locality_trend(history({}), days, rules=rules)
    assert list(zip(got["as_at"], got["rule"], strict=True)) == [
        (day, rule) for day in days for rule in rules]
    whole = locality(history({}), DAY, rules=rules)
    assert list(zip(whole["rule"], whole["cohort"], strict=True)) == [
        (rule, cohort) for rule in rules for cohort in COHORTS]
    for table in (got, whole):
        assert table.index.tolist() == list(range(len(table)))


def test_cohorts_apart_leave_out_only_what_other_public_bodies_foster() -> None:
    episodes = history({}, {"provider": "private"}, {"provider": "other_la"},
                       {"placement_group": "secure"}, {"placement_group": "kinship_fostering"})
    got = locality_of_new_placements(episodes, [DAY], rules=HOME, cohorts=APART)
    starts = got.set_index("cohort")["starts"]
    assert starts["all_new"] == 5 and starts.drop("all_new").sum() == 4
    assert "fostering" not in starts.index


def test_the_stock_and_the_flow_are_not_the_same_children() -> None:
    """Placed before the year and still there: all of the stock, none of the flow."""
    episodes = history({"decom": "2023-05-01"}, {"decom": "2024-05-01", "dec": "2024-06-01"})
    stock = locality(episodes, DAY, rules=HOME).iloc[0]
    made = locality_of_new_placements(episodes, [DAY], rules=HOME).iloc[0]
    assert (stock["children"], made["starts"]) == (1, 1)
    assert not {"children", "as_at"} & set(made.index) and "starts" not in stock.index


def test_new_placements_of_nobody_and_of_no_year() -> None:
    got = locality_of_new_placements(history(), [DAY], rules=list(LOCALITY_RULES))
    assert len(got) == len(LOCALITY_RULES) * len(COHORTS) and got["rate_pct"].isna().all()
    assert locality_of_new_placements(history({}), [], rules=HOME).empty
    assert locality_of_new_placements(history({}), [DAY], rules=[]).empty


def test_each_authority_is_the_area_of_its_own_rows() -> None:
    episodes = history({}, {"placement_authority": "E06000019"}, {"placement_authority": None})
    episodes = episodes.assign(own=["E06000018", "E06000018", "E06000018"])
    near = is_within(episodes, "in_area", code="own", border_miles=10)
    assert near.iloc[:2].tolist() == [True, False] and pd.isna(near.iloc[2])
    nobodys = is_within(episodes.assign(own=None), "in_area", code="own", border_miles=10)
    assert nobodys.isna().all()


def test_uasc_stay_in_the_base_as_not_known() -> None:
    episodes = history({}, {}).assign(ever_uasc=[True, False],
                                      uasc_until=pd.to_datetime([None, None]))
    row = locality(episodes, DAY, rules=HOME).iloc[0]
    assert row[["children", *COUNTS, "rate_pct"]].tolist() == [2, 1, 0, 1, 50.0]


RULES = {"rules": list(LOCALITY_RULES), "code": "own"}
ENDS = [START, DAY]

#: Every measure of these modules, told all but its episodes and `by`.
MEASURES = {
    "locality": partial(locality, as_at=DAY, **RULES),
    "by_provider": partial(locality_by, as_at=DAY, dimension="provider", **RULES),
    "by_age": partial(locality_by, as_at=DAY, dimension="age_group", **RULES),
    "trend": partial(locality_trend, dates=ENDS, **RULES),
    "new": partial(locality_of_new_placements, year_ends=ENDS, **RULES),
    "new_by_provider": partial(
        locality_of_new_placements_by, year_ends=ENDS, dimension="provider_group", **RULES),
    "new_by_age": partial(
        locality_of_new_placements_by, year_ends=ENDS, dimension="age_group", **RULES),
    "boundary": partial(distance_by_boundary, as_at=DAY),
    "new_by_distance": partial(new_placements_by_distance, year_ends=ENDS),
    "summary": partial(distance_summary, as_at=DAY),
    "places": partial(placement_authorities, as_at=DAY, names={}, fewest=2),
}

_tenths = st.none() | st.integers(0, 400).map(lambda tenths: tenths / 10)
_episode = st.fixed_dictionaries({
    "child_id": st.sampled_from([f"c{n}" for n in range(6)]),
    "decom": st.sampled_from(["2023-05-01", "2024-05-01", "2025-05-01"]),
    "dec": st.sampled_from([None, "2024-06-01"]),
    "rne": st.sampled_from(["S", "P", "L"]),
    "placement_group": st.sampled_from(PLACEMENT_GROUPS),
    "provider": st.sampled_from(PROVIDERS),
    "dob": st.none() | st.sampled_from(["2009-04-01", "2020-01-01"]),
    "distance_miles": _tenths,
    "distance_band": st.sampled_from(DISTANCE_BANDS),
    "border_miles": _tenths,
    "boundary": st.sampled_from(["inside", "outside"]),
    "placement_authority": st.sampled_from(["E06000018", "E06000019", None]),
})


@pytest.mark.parametrize("name", MEASURES)
@given(rows=st.lists(st.tuples(_episode, st.sampled_from("abc")), max_size=15),
       storage=st.sampled_from(STORAGES))
@sparingly
def test_many_areas_at_once_are_each_alone_one_under_the_other(name, rows, storage) -> None:
    measure = MEASURES[name]
    episodes = history(*(episode for episode, _ in rows), storage=storage)
    areas = pd.Series([area for _, area in rows], dtype=object)
    own = areas.map({"a": "E06000018", "b": "E06000019", "c": None})
    episodes = episodes.assign(authority=areas, own=own.astype(object))
    together = measure(episodes, by=["authority"])
    parts = []
    for area in sorted(set(areas)):
        alone = measure(episodes[episodes["authority"] == area].reset_index(drop=True))
        parts.append(alone.assign(authority=area)[["authority", *alone.columns]])
    if not parts:
        assert together.empty and together.columns[0] == "authority"
        return
    apart = pd.concat(parts, ignore_index=True)
    pd.testing.assert_frame_equal(together, apart, check_dtype=False)


@pytest.mark.parametrize("dimension", DIMENSIONS)
@given(rows=st.lists(_episode, max_size=15))
@sparingly
def test_the_parts_of_a_dimension_add_up_to_all(dimension: str, rows) -> None:
    episodes = history(*rows).assign(own="E06000018")
    for whole, cut, count in (
        (locality(episodes, DAY, **RULES), locality_by(episodes, DAY, dimension=dimension,
                                                       **RULES), "children"),
        (locality_of_new_placements(episodes, [DAY], **RULES),
         locality_of_new_placements_by(episodes, [DAY], dimension=dimension, **RULES), "starts"),
    ):
        everyone = whole[whole["cohort"].isin(["all", "all_new"])].set_index("rule")
        everyone = everyone[[count, *COUNTS]]
        added = cut.groupby("rule")[[count, *COUNTS]].sum()
        assert added.loc[everyone.index].to_numpy().tolist() == everyone.to_numpy().tolist()
        assert (cut[COUNTS].sum(axis=1) == cut[count]).all()
        known = cut["within"] + cut["beyond"]
        assert (cut["rate_pct"].isna() == (known == 0)).all()
        assert (cut["rate_of_known_pct"].isna() == (known == 0)).all()
