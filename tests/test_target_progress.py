"""Targets: baselines of the same definition or none, progress, chance, and marks that stay."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import publishing
import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.judgement import measures
from sufficiency_lib.judgement.target_progress import COLUMNS, progress_pct, target_progress
from sufficiency_lib.metrics.headline import figures, headline
from sufficiency_lib.settings import AuthorityProfile, LocalitySettings, Target

DAY, BEFORE, BY = "2025-03-31", "2023-03-31", "2028-03-31"
HOME, BORDER = "home_20_miles", "border_10_miles"
YEARS = [f"{year}-03-31" for year in range(2021, 2026)]
WITHIN = [228, 238, 232, 238, 241]
ALL = 330


def tables() -> dict[str, pd.DataFrame]:
    """A small page: five years of all children, and today's cohorts under two rules."""
    near = [
        (HOME, "all", ALL, 241, 64, 25, 73.0),
        (HOME, "fostering_in_house", 131, 121, 8, 2, 92.4),
        (HOME, "fostering_ifa", 63, 40, 23, 0, 63.5),
        (HOME, "childrens_home", 24, 6, 17, 1, 25.0),
        (BORDER, "all", ALL, 271, 53, 6, 82.1),
        (BORDER, "childrens_home", 24, 8, 16, 0, 33.3),
        ("in_area", "all", ALL, 220, 104, 6, 66.7),
    ]
    return {
        "children_looked_after": pd.DataFrame({
            "as_at": YEARS, "children": [317, 322, 324, 328, ALL],
            "rate_per_10000": [89.0, 91.0, 92.0, 93.0, 93.0], "population_0_17": 35_300}),
        "locality": pd.DataFrame(near, columns=[
            "rule", "cohort", "children", "within", "beyond", "not_known", "rate_pct"]),
        "locality_trend": pd.DataFrame({
            "as_at": YEARS, "rule": HOME, "children": ALL, "within": WITHIN,
            "beyond": [ALL - w for w in WITHIN], "not_known": 0,
            "rate_pct": [round(100 * w / ALL, 1) for w in WITHIN]}),
        "fostering_split": pd.DataFrame({
            "basis": ["children", "bed_nights", "bed_nights"],
            "period": [DAY, "2022-04-01/2023-03-31", "2024-04-01/2025-03-31"],
            "kinship": [42, 13_000, 14_000], "in_house": [131, 43_000, 46_811],
            "ifa": [63, 30_000, 26_121], "in_house_pct": [67.5, 58.9, 64.2],
            "in_house_incl_kinship_pct": [73.3, 65.1, 70.2]}),
        "stability": pd.DataFrame({
            "as_at": [BEFORE, DAY], "measure": "three_or_more_placements",
            "numerator": [30, 36], "denominator": [324, ALL], "rate_pct": [9.3, 10.9]}),
    }


def progress(*targets: Target, shown: dict | None = None, in_force: str = HOME) -> list[dict]:
    given_ = tables() if shown is None else shown
    before = {name: frame.copy(deep=True) for name, frame in given_.items()}
    got = target_progress(given_, targets, as_at=DAY, rule=in_force, locality=LocalitySettings())
    for name, frame in before.items():
        pd.testing.assert_frame_equal(given_[name], frame)
    assert tuple(got.columns) == COLUMNS
    return got.to_dict("records")


def one(shown: dict | None = None, in_force: str = HOME, **told: object) -> dict:
    return progress(Target(**{"metric": "within_rule_pct", "value": 80, "by": BY} | told),
                    shown=shown, in_force=in_force)[0]


def is_blank(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


# --- baselines -------------------------------------------------------------------------------


def test_herefordshires_residential_target_is_refused() -> None:
    """Its baseline counts from home, the target from the border; the figure of today stands."""
    got = one(metric="childrens_home_within_rule_pct", value=60, rule=BORDER, baseline=30,
              baseline_on="2018-03-31", baseline_rule=HOME)
    assert (got["standing"], got["rule"]) == ("baseline_refused", BORDER)
    assert (got["value"], got["numerator"], got["denominator"]) == (33.3, 8, 24)
    assert is_blank(got["progress_pct"]) and is_blank(got["baseline"])
    assert got["reason"] == (
        "The baseline (30% on 31 March 2018) counts children within 20 miles of the child's home; "
        "the target counts children inside the authority's area or within 10 miles of its border. "
        "Two definitions cannot be compared, so no progress is given."
    )


def test_a_baseline_of_another_measure_is_refused() -> None:
    got = one(metric="in_house_bed_nights_pct", value=90, baseline=60, baseline_on=BEFORE,
              baseline_metric="in_house_children_pct")
    assert got["standing"] == "baseline_refused" and is_blank(got["progress_pct"])
    assert "'in_house_children_pct'" in got["reason"] and got["value"] == 64.2
    odd = one(metric="children_looked_after", baseline=60, baseline_on=BEFORE, baseline_rule=HOME)
    assert odd["standing"] == "baseline_refused" and "wherever they live" in odd["reason"]


DEFINED = st.tuples(st.sampled_from(sorted(measures.MEASURES)), st.sampled_from([HOME, BORDER]))


@given(DEFINED, DEFINED)
@quickly
def test_refusing_is_symmetrical(first: tuple[str, str], second: tuple[str, str]) -> None:
    def refused(target: tuple[str, str], baseline: tuple[str, str]) -> bool:
        got = one(metric=target[0], rule=target[1], by=None, baseline=50, baseline_on=BEFORE,
                  baseline_metric=baseline[0], baseline_rule=baseline[1])
        assert (got["standing"] == "baseline_refused") <= is_blank(got["progress_pct"])
        return got["standing"] == "baseline_refused"

    assert refused(first, second) == refused(second, first) == (first != second)


def test_a_baseline_of_the_profile_by_hand() -> None:
    """161 of 194 fostered children are near: 83.0%; from 84% that is a sixth of 6 points back."""
    got = one(metric="fostering_within_rule_pct", value=90, baseline=84, baseline_on="2018-03-31")
    assert (got["baseline"], got["baseline_source"], got["value"]) == (84, "profile", 83.0)
    assert (got["progress_pct"], got["standing"], got["reason"]) == (-16.7, "behind", "")


def test_a_baseline_of_the_returns_where_only_its_day_is_given() -> None:
    got = one(metric="in_house_bed_nights_pct", value=90, baseline_on=BEFORE)
    assert (got["baseline"], got["baseline_source"]) == (58.9, "returns")
    # 5.3 of 31.1 points.
    assert got["progress_pct"] == 17.0
    assert got["baseline_date"] == BEFORE and got["standing"] == "behind"
    lost = one(metric="in_house_bed_nights_pct", value=90, baseline_on="2018-03-31")
    assert is_blank(lost["baseline"]) and lost["standing"] == "not_measured"
    assert "do not say the measure for 31 March 2018" in lost["reason"]


def test_a_baseline_that_the_returns_have_otherwise_is_said() -> None:
    same = one(baseline=70, baseline_on=BEFORE)
    assert same["reason"] == ""  # 70.3% rounds to the 70% that was published
    other = one(baseline=72, baseline_on=BEFORE)
    assert other["reason"] == "The profile gives 72% for 31 March 2023; the returns give 70.3%."
    assert (other["baseline"], other["progress_pct"]) == (72, 12.5)
    one_place = one(baseline=70.4, baseline_on=BEFORE)
    assert one_place["reason"] == "" and one(baseline=70.5, baseline_on=BEFORE)["reason"]


# --- figures ---------------------------------------------------------------------------------


def test_a_targets_own_rule_counts_even_where_it_is_not_in_force() -> None:
    assert [one(in_force=HOME)["value"], one(in_force=BORDER)["value"]] == [73.0, 82.1]
    got = one(value=90, rule=BORDER, in_force=HOME)
    assert (got["value"], got["rule"], got["numerator"]) == (82.1, BORDER, 271)


def test_every_measure_of_the_page_can_be_a_target_and_no_other() -> None:
    shown = tables()
    stable = shown["stability"].assign(measure="same_carer_2_years")
    told = figures(shown["children_looked_after"], shown["locality"], shown["fostering_split"],
                   rule=HOME, day=DAY, stability=pd.concat([shown["stability"], stable]))
    assert {one.metric for one in told} == set(measures.MEASURES)
    for figure in told:
        fixed = measures.MEASURES[figure.metric].rule
        assert figure.rule == (HOME if fixed == measures.ANY_RULE else fixed)
    profile = AuthorityProfile(name="H", slug="h")
    on_page = headline(shown["children_looked_after"], shown["locality"], shown["fostering_split"],
                       rule=HOME, profile=profile, stability=shown["stability"])
    rows = progress(*(Target(metric=metric, value=1) for metric in on_page["metric"]))
    assert [row["value"] for row in rows] == list(on_page["value"])


def test_the_page_sets_a_target_only_beside_a_measure_of_its_rule() -> None:
    shown = tables()
    targets = (Target(metric="within_rule_pct", value=60, rule=BORDER),
               Target(metric="within_rule_pct", value=80))
    profile = AuthorityProfile(name="H", slug="h", targets=targets)
    beside = {
        rule: headline(shown["children_looked_after"], shown["locality"],
                       shown["fostering_split"], rule=rule, profile=profile)
        .set_index("metric").at["within_rule_pct", "target"]
        for rule in (HOME, BORDER)
    }
    assert beside == {HOME: 80, BORDER: 60}


@pytest.mark.parametrize(("told", "said"), [
    ({"metric": "happy_children_pct"}, "'happy_children_pct' is not a headline measure"),
    ({"rule": "centre_20_miles"}, "needs centre_easting and centre_northing"),
    ({"metric": "children_looked_after", "rule": HOME}, "under no locality rule"),
    ({"metric": "placed_outside_area_pct", "rule": HOME}, "always counted under in_area"),
    ({"metric": "same_carer_2_years_pct"}, "The returns do not say it"),
    ({"by": None}, "The target has no day"),
    ({"metric": "childrens_home_within_rule_pct"}, "no baseline is given"),
])
def test_what_cannot_be_judged_says_why_and_what_would_do(told: dict, said: str) -> None:
    got = one(**told)
    assert got["standing"] == "not_measured" and said in got["reason"]
    assert is_blank(got["progress_pct"])


def test_nothing_at_hand_is_no_crash() -> None:
    got = one(shown={}, baseline=3, baseline_on=BEFORE)
    assert got["standing"] == "not_measured" and is_blank(got["value"])
    empty = {name: frame[:0] for name, frame in tables().items()}
    assert one(shown=empty)["standing"] == "not_measured"
    assert target_progress({}, (), as_at=DAY, rule=HOME, locality=LocalitySettings()).empty


# --- standing --------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "standing", "share"), [
    # 73.0% now, from 70.3%: 2.7 of the points to the target, in two years of five (40%).
    ({"value": 75, "baseline_on": BEFORE}, "on_course", 57.4),
    ({"value": 77, "baseline_on": BEFORE}, "on_course", 40.3),
    ({"value": 78, "baseline_on": BEFORE}, "behind", 35.1),
    ({"value": 73.0}, "met", math.nan),
    ({"value": 90, "by": DAY}, "missed", math.nan),
    ({"value": 90, "by": "2024-03-31", "baseline_on": BEFORE}, "missed", 13.7),
    ({"value": 70, "by": "2024-03-31"}, "met", math.nan),
    # The baseline stood at 75% of a target of 74%.
    ({"value": 74, "baseline": 75, "baseline_on": BEFORE}, "behind", math.nan),
    # Fewer is better: from 324 to 330 on the way to 300 is a quarter of the way back.
    ({"metric": "children_looked_after", "value": 300, "baseline_on": BEFORE}, "behind", -25.0),
    ({"metric": "children_looked_after", "value": 330}, "met", math.nan),
    ({"metric": "placed_over_20_miles_pct", "value": 25}, "met", math.nan),
])
def test_where_a_target_stands(told: dict, standing: str, share: float) -> None:
    got = one(**told)
    assert got["standing"] == standing
    assert got["progress_pct"] == share or (math.isnan(share) and is_blank(got["progress_pct"]))


def test_without_a_baseline_the_chance_decides() -> None:
    """Nothing is known of past years but the five figures of all children."""
    near, far = one(value=73.1), one(value=90)
    assert near["chance_met_pct"] < 50 and near["standing"] == "behind"
    assert far["chance_basis"] == "past_changes" and far["chance_met_pct"] < 1
    rows = pd.DataFrame({"metric": ["within_rule_pct"], "scenario": ["no_change"], "target": [80.0],
                         "target_date": [BY], "chance_met_pct": [61.0]})
    told = one(shown=tables() | {"forecast_targets": rows})
    assert (told["chance_met_pct"], told["chance_basis"]) == (61.0, "forecast")
    assert told["standing"] == "on_course"
    other = one(shown=tables() | {"forecast_targets": rows.assign(target=81.0)})
    assert other["chance_basis"] == "past_changes"
    assert is_blank(one(by="2025-03-31")["chance_met_pct"]) and one(by=None)["chance_basis"] == ""


# --- marks -----------------------------------------------------------------------------------


def hidden(mark: str, *columns: str) -> dict[str, pd.DataFrame]:
    shown = tables()
    near = shown["locality"].astype(object)
    near.loc[near["cohort"] == "all", list(columns)] = mark
    return shown | {"locality": near}


@pytest.mark.parametrize("told", [
    {"baseline_on": BEFORE}, {}, {"value": 10}, {"baseline": 70, "baseline_on": BEFORE},
    {"by": DAY},
])
def test_a_hidden_figure_hides_all_that_rests_on_it(told: dict) -> None:
    got = one(shown=hidden("c", "within", "rate_pct"), **told)
    assert (got["value"], got["numerator"], got["standing"]) == ("c", "c", "c")
    assert got["progress_pct"] == "c"
    assert got["chance_met_pct"] == "c" or told.get("by") == DAY
    assert not any(character.isdigit() for character in got["reason"])


@pytest.mark.parametrize(("mark", "said"), [("z", "nobody"), ("x", "cannot be worked out")])
def test_a_figure_that_is_not_there_is_no_nought(mark: str, said: str) -> None:
    got = one(shown=hidden(mark, "within", "rate_pct"), value=10)
    assert got["standing"] == "not_measured" and said in got["reason"]


def test_a_hidden_baseline_hides_progress_and_a_hidden_chance_decides_nothing() -> None:
    shown = tables()
    trend = shown["locality_trend"].astype(object)
    trend.loc[trend["as_at"] == BEFORE, ["within", "beyond", "rate_pct"]] = "c"
    got = one(shown=shown | {"locality_trend": trend}, baseline_on=BEFORE)
    assert (got["baseline"], got["progress_pct"], got["standing"]) == ("c", "c", "c")
    assert got["value"] == 73.0
    rows = pd.DataFrame({"metric": ["within_rule_pct"], "scenario": ["no_change"], "target": [80.0],
                         "target_date": [BY], "chance_met_pct": ["c"]})
    told = one(shown=tables() | {"forecast_targets": rows})
    assert (told["chance_met_pct"], told["standing"]) == ("c", "c")


@given(st.sampled_from(["c", "z", "x", "k"]), st.floats(0, 100), st.booleans())
@quickly
def test_marks_never_become_numbers(mark: str, other: float, at_most: bool) -> None:
    for value, baseline in ((mark, other), (other, mark), (mark, mark)):
        got = progress_pct(value, baseline, 50, at_most=at_most)
        assert got == "c" if mark in ("c", "k") else is_blank(got)


def test_the_gate_hides_standing_and_words_with_a_small_count() -> None:
    """Undisclosed tables, as the joint decision makes this of: 4 of 40 are too few to tell."""
    shown = tables()
    near = shown["locality"]
    near.loc[near["cohort"] == "childrens_home", ["children", "within", "rate_pct"]] = [40, 4, 10.0]
    targets = [Target(metric="childrens_home_within_rule_pct", value=60, by=BY, baseline=30,
                      baseline_on=BEFORE), Target(metric="within_rule_pct", value=80, by=BY)]
    frame = target_progress(shown, targets, as_at=DAY, rule=HOME, locality=LocalitySettings())
    assert frame.loc[0, "standing"] == "behind"
    got = publishing.page().disclose("target_progress", frame)
    rests = ["value", "numerator", "progress_pct", "chance_met_pct", "standing", "reason"]
    assert (got.loc[0, rests] == "c").all() and got.loc[0, "baseline"] == 30
    assert got.loc[1, "standing"] == "behind" and got.loc[1, "value"] == 73.0


def test_an_old_profile_has_a_row_for_each_target_as_it_was() -> None:
    target = Target(metric="within_rule_pct", value=85, by=date(2028, 3, 31), label="85% near")
    got = progress(target)[0]
    assert (got["label"], got["target"], got["target_date"]) == ("85% near", 85, BY)
    assert (got["rule"], got["baseline_source"], got["value"]) == (HOME, "", 73.0)
    assert np.isfinite(got["chance_met_pct"]) and got["standing"] == "behind"
