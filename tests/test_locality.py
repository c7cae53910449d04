"""Whether children live near home, under each rule, at its very edge."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, many, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import LOCALITY_RULES, PLACEMENT_GROUPS
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.metrics.locality import COHORTS, in_cohort, is_within, locality

DAY = "2025-03-31"
HERE, THERE = "E06000018", "E06000019"
COLUMNS = [
    "rule", "cohort", "children", "within", "beyond", "not_known", "rate_pct",
    "rate_of_known_pct",
]
UNKNOWN = {
    "distance_miles": None, "distance_band": "not_known", "centre_miles": None,
    "border_miles": None, "placement_authority": None, "boundary": "outside",
}


def answer(episode: dict[str, object], rule: str, code: str | None = HERE) -> bool | None:
    got = is_within(history(episode), rule, code=code, border_miles=10.0).iloc[0]
    return None if pd.isna(got) else bool(got)


@pytest.mark.parametrize(
    ("rule", "column", "miles", "expected"),
    [
        ("home_20_miles", "distance_miles", 0.0, True),
        ("home_20_miles", "distance_miles", 20.0, True),
        ("home_20_miles", "distance_miles", 20.1, False),
        ("home_20_miles", "distance_miles", None, None),
        ("centre_20_miles", "centre_miles", 20.0, True),
        ("centre_20_miles", "centre_miles", 20.1, False),
        ("centre_20_miles", "centre_miles", None, None),
        ("boundary_20_miles", "border_miles", 0.0, True),
        ("boundary_20_miles", "border_miles", 20.0, True),
        ("boundary_20_miles", "border_miles", 20.1, False),
        ("boundary_20_miles", "border_miles", None, None),
        ("border_10_miles", "border_miles", 0.0, True),
        ("border_10_miles", "border_miles", 10.0, True),
        ("border_10_miles", "border_miles", 10.1, False),
        ("border_10_miles", "border_miles", None, None),
        ("in_area", "placement_authority", HERE, True),
        ("in_area", "placement_authority", THERE, False),
        ("in_area", "placement_authority", "W06000023", False),  # Powys: outside, and known
        ("in_area", "placement_authority", None, None),
    ],
)
def test_each_rule_at_its_edge(rule: str, column: str, miles: object, expected) -> None:
    assert answer({column: miles}, rule) is expected


@pytest.mark.parametrize("rule", LOCALITY_RULES)
def test_each_rule_looks_at_its_own_column_only(rule: str) -> None:
    own = {
        "home_20_miles": "distance_miles", "centre_20_miles": "centre_miles",
        "boundary_20_miles": "border_miles", "border_10_miles": "border_miles",
        "in_area": "placement_authority",
    }[rule]
    assert answer(UNKNOWN | {own: HERE if rule == "in_area" else 1.0}, rule) is True
    assert answer({own: None}, rule) is None


def test_the_number_of_miles_from_the_border_is_the_profiles() -> None:
    got = is_within(
        history({"border_miles": 12.0}, {"border_miles": 12.1}),
        "border_10_miles", code=HERE, border_miles=12,
    )
    assert got.tolist() == [True, False]


def test_without_an_authority_nobody_is_known_to_be_in_the_area() -> None:
    assert answer({}, "in_area", code=None) is None


def test_an_unknown_rule_is_refused_in_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="'ten_minutes' is not a locality rule"):
        is_within(history({}), "ten_minutes", code=HERE, border_miles=10)


@pytest.mark.parametrize("storage", STORAGES)
def test_rates_of_all_and_of_known(storage: str) -> None:
    far = {"distance_miles": 20.1, "distance_band": "gt_20"}
    episodes = history(
        {}, {"distance_miles": 20.0}, far, UNKNOWN,
        far | {"provider": "private"},
        {"placement_group": "kinship_fostering"},
        {"is_short_break": True},
        {"dec": DAY},  # ended on the day
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = locality(episodes, DAY, rules=["home_20_miles"], code=HERE)
    assert got.columns.tolist() == COLUMNS
    rows = got.set_index("cohort")
    assert rows.index.tolist() == list(COHORTS)
    assert rows.loc["all"].tolist() == ["home_20_miles", 6, 3, 2, 1, 50.0, 60.0]
    assert rows.loc["fostering"].tolist() == ["home_20_miles", 5, 2, 2, 1, 40.0, 50.0]
    assert rows.loc["fostering_in_house"].tolist() == ["home_20_miles", 4, 2, 1, 1, 50.0, 66.7]
    assert rows.loc["fostering_ifa"].tolist() == ["home_20_miles", 1, 0, 1, 0, 0.0, 0.0]
    assert rows.loc["kinship_fostering"].tolist() == ["home_20_miles", 1, 1, 0, 0, 100.0, 100.0]
    pd.testing.assert_frame_equal(episodes, before)


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("rule", LOCALITY_RULES)
def test_nothing_known_is_not_known_and_never_nought(rule: str, storage: str) -> None:
    got = locality(history(UNKNOWN, UNKNOWN, storage=storage), DAY, rules=[rule], code=HERE)
    everyone = got.set_index("cohort").loc["all"]
    assert everyone[["children", "within", "beyond", "not_known"]].tolist() == [2, 0, 0, 2]
    assert got[["rate_pct", "rate_of_known_pct"]].isna().all().all()


@pytest.mark.parametrize("rule", LOCALITY_RULES)
def test_a_cohort_without_children_has_no_rate(rule: str) -> None:
    got = locality(history({}), DAY, rules=[rule], code=HERE).set_index("cohort")
    assert got.at["secure", "children"] == 0
    assert pd.isna(got.at["secure", "rate_pct"])
    assert pd.isna(got.at["secure", "rate_of_known_pct"])


def test_no_episodes_at_all() -> None:
    got = locality(history(), DAY, rules=list(LOCALITY_RULES), code=HERE)
    assert len(got) == len(LOCALITY_RULES) * len(COHORTS)
    assert got["children"].sum() == 0
    assert got["rate_pct"].isna().all()
    assert locality(history({}), DAY, rules=[]).columns.tolist() == COLUMNS


def test_cohorts_are_all_then_every_group_then_fostering_by_who_provides() -> None:
    assert COHORTS == ("all", *PLACEMENT_GROUPS, "fostering_in_house", "fostering_ifa")


@pytest.mark.parametrize(
    ("group", "provider", "cohorts"),
    [
        ("fostering", "own", {"fostering", "fostering_in_house"}),
        ("fostering", "private", {"fostering", "fostering_ifa"}),
        ("fostering", "voluntary", {"fostering", "fostering_ifa"}),
        ("fostering", "other_la", {"fostering"}),
        ("fostering", "not_recorded", {"fostering"}),
        ("kinship_fostering", "own", {"kinship_fostering"}),
        ("kinship_fostering", "private", {"kinship_fostering"}),
        ("childrens_home", "own", {"childrens_home"}),
    ],
)
def test_who_is_in_which_cohort(group: str, provider: str, cohorts: set[str]) -> None:
    child = history({"placement_group": group, "provider": provider})
    assert {c for c in COHORTS if in_cohort(child, c).iloc[0]} == cohorts | {"all"}


_miles = st.none() | st.integers(0, 400).map(lambda tenths: tenths / 10)
_group = st.sampled_from(PLACEMENT_GROUPS)


@given(st.lists(st.tuples(_miles, _group), max_size=25))
@quickly
def test_locality_by_looping_over_children(children) -> None:
    episodes = history(*({"distance_miles": m, "placement_group": g} for m, g in children))
    got = locality(episodes, DAY, rules=["home_20_miles"]).set_index("cohort")
    for cohort in ("all", *PLACEMENT_GROUPS):
        miles = [m for m, g in children if cohort in ("all", g)]
        near = sum(m is not None and m <= 20 for m in miles)
        far = sum(m is not None and m > 20 for m in miles)
        counts = got.loc[cohort, ["children", "within", "beyond", "not_known"]].tolist()
        assert counts == [len(miles), near, far, len(miles) - near - far]


def test_herefordshire_2018_92_and_64_make_84() -> None:
    """The three published rates hold together: of 225 fostered children 161 in-house.

    92% of 161 is 148, 64% of 64 is 41, and 189 of 225 is 84%.
    """
    far = {"distance_miles": 31.0}
    agency = {"provider": "private"}
    episodes = many([(148, {}), (13, far), (41, agency), (23, far | agency)])
    got = locality(episodes, DAY, rules=["home_20_miles"]).set_index("cohort")["rate_pct"]
    shown = {cohort: round(got[cohort]) for cohort in
             ("fostering_in_house", "fostering_ifa", "fostering")}
    assert shown == {"fostering_in_house": 92, "fostering_ifa": 64, "fostering": 84}
