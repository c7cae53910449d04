"""The headline figures: taken from the tables, marks and all."""

from __future__ import annotations

import math
import tomllib

import pandas as pd
import pytest
from histories import history, many

from sufficiency_lib.intake.comparable import comparable_cells
from sufficiency_lib.intake.national import national_figures
from sufficiency_lib.metrics.comparators import published
from sufficiency_lib.metrics.headline import COLUMNS, headline
from sufficiency_lib.metrics.locality import locality
from sufficiency_lib.metrics.population import children_looked_after
from sufficiency_lib.metrics.provision import fostering_split
from sufficiency_lib.settings import AuthorityProfile

DAY = "2025-03-31"
HERE = "E06000018"
RULE = "home_20_miles"
FAR = {"distance_miles": 30.0, "placement_authority": "E06000019"}
UNKNOWN = {"distance_miles": None, "placement_authority": None}
PEOPLE = pd.DataFrame({"mid_year": [2024], "children": [1000]})
PROFILE = AuthorityProfile(code=HERE, name="Nottingham", slug="nottingham")
ENGLAND = published(comparable_cells({}), national_figures(), as_at=DAY)
STABILITY = pd.DataFrame({
    "as_at": ["2024-03-31", DAY, DAY],
    "measure": ["three_or_more_placements", "three_or_more_placements", "same_carer_2_years"],
    "numerator": [9, 1, "c"], "denominator": [10, 8, "c"], "rate_pct": [90.0, 12.5, "c"],
})


def tables(episodes: pd.DataFrame, rules=(RULE, "in_area"), code: str | None = HERE):
    return [
        children_looked_after(episodes, ["2024-03-31", DAY], PEOPLE).astype(object),
        locality(episodes, DAY, rules=list(rules), code=code).astype(object),
        fostering_split(episodes, ["2024-03-31", DAY]).astype(object),
    ]


def figures(episodes: pd.DataFrame, *, profile=PROFILE, rule=RULE, **how) -> pd.DataFrame:
    given = tables(episodes, **how)
    before = [frame.copy(deep=True) for frame in given]
    got = headline(*given, rule=rule, profile=profile, comparators=ENGLAND, stability=STABILITY)
    for frame, copy in zip(given, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)
    return got.set_index("metric")


EIGHT = many([
    (3, {}), (1, FAR), (2, {"provider": "private"}), (1, FAR | {"provider": "private"}),
    (1, UNKNOWN | {"placement_group": "kinship_fostering"}),
])


def test_every_figure_by_hand() -> None:
    got = figures(EIGHT)
    assert [*headline(*tables(EIGHT), rule=RULE, profile=PROFILE)] == list(COLUMNS)
    by_hand = {
        "rate_per_10000": (80.0, 8, 1000),
        "within_rule_pct": (62.5, 5, 8),
        "fostering_within_rule_pct": (71.4, 5, 7),
        "fostering_in_house_within_rule_pct": (75.0, 3, 4),
        "fostering_ifa_within_rule_pct": (66.7, 2, 3),
        "placed_over_20_miles_pct": (25.0, 2, 8),
        "distance_not_known_pct": (12.5, 1, 8),
        "placed_outside_area_pct": (37.5, 3, 8),
        "in_house_children_pct": (57.1, 4, 7),
        "in_house_incl_kinship_children_pct": (62.5, 5, 8),
        "in_house_bed_nights_pct": (57.1, 1460, 2555),
        "in_house_incl_kinship_bed_nights_pct": (62.5, 1825, 2920),
        "three_or_more_placements_pct": (12.5, 1, 8),
        "same_carer_2_years_pct": ("c", "c", "c"),
    }
    assert got.at["children_looked_after", "value"] == 8
    assert pd.isna(got.at["children_looked_after", "numerator"])
    shown = {
        metric: tuple(got.loc[metric, ["value", "numerator", "denominator"]])
        for metric in by_hand
    }
    assert shown == by_hand


def test_no_rate_of_locality_without_its_rule() -> None:
    got = figures(EIGHT, rule="in_area")
    assert set(got.loc[[m for m in got.index if m.endswith("within_rule_pct")], "rule"]) == {
        "in_area"
    }
    assert got.at["placed_over_20_miles_pct", "rule"] == RULE
    assert got.at["distance_not_known_pct", "rule"] == RULE
    assert got.at["placed_outside_area_pct", "rule"] == "in_area"


def test_the_last_period_is_taken() -> None:
    older = history({"decom": "2023-01-01", "dec": "2024-06-01"}, {"decom": "2024-06-01"}, {})
    got = figures(older)
    assert got.at["children_looked_after", "value"] == 2
    assert got.at["in_house_children_pct", "numerator"] == 2


def test_targets_by_the_name_of_the_metric() -> None:
    settings = tomllib.loads("""
        [[targets]]
        metric = "fostering_within_rule_pct"
        value = 90.0
    """)
    profile = AuthorityProfile(name="Herefordshire", slug="herefordshire", **settings)
    got = figures(EIGHT, profile=profile)["target"]
    assert got["fostering_within_rule_pct"] == 90.0
    assert got.drop("fostering_within_rule_pct").isna().all()


def test_every_comparator_is_stamped_with_its_release_and_nothing_else_is() -> None:
    got = figures(EIGHT)
    with_one = got["comparator"].notna()
    assert got.loc[with_one, "comparator"].to_dict() == {
        "rate_per_10000": 67, "placed_over_20_miles_pct": 22, "distance_not_known_pct": 9,
        "placed_outside_area_pct": 44, "three_or_more_placements_pct": 10,
        "same_carer_2_years_pct": 69,
    }
    stamp = "England, 31 March 2025; DfE, 2025 release"
    assert set(got.loc[with_one, "comparator_release"]) == {stamp}
    assert (got.loc[~with_one, "comparator_release"] == "").all()


@pytest.mark.parametrize("rule", ["home_20_miles", "in_area"])
def test_a_rule_of_the_councils_own_has_no_comparator(rule: str) -> None:
    """No national figure is of that definition, whatever rule is in force."""
    got = figures(EIGHT, rule=rule)
    own = [metric for metric in got.index if metric.endswith("within_rule_pct")]
    assert len(own) == 4 + 1
    assert got.loc[own, "comparator"].isna().all()
    assert got.filter(like="in_house", axis=0)["comparator"].isna().all()


def test_without_published_figures_or_stability_neither_is_shown() -> None:
    got = headline(*tables(EIGHT), rule=RULE, profile=PROFILE)
    assert got["comparator"].isna().all()
    assert (got["comparator_release"] == "").all()
    assert not {"three_or_more_placements_pct", "same_carer_2_years_pct"} & set(got["metric"])


def test_stability_of_another_day_is_not_shown() -> None:
    older = STABILITY.assign(as_at="2024-03-31")
    got = headline(*tables(EIGHT), rule=RULE, profile=PROFILE, stability=older)
    assert "three_or_more_placements_pct" not in set(got["metric"])


def test_only_englands_figure_is_the_comparator_and_a_published_mark_stays() -> None:
    rows = ENGLAND[ENGLAND["metric"] == "rate_per_10000"]
    region = rows.assign(comparator_area="region", value=86.0)
    rounded = rows.assign(metric="placed_over_20_miles_pct", value=float("nan"), symbol="k")
    given = pd.concat([region, rows, rounded], ignore_index=True)
    got = headline(*tables(EIGHT), rule=RULE, profile=PROFILE, comparators=given)
    assert got.set_index("metric")["comparator"].dropna().to_dict() == {
        "rate_per_10000": 67.0, "placed_over_20_miles_pct": "k",
    }


@pytest.mark.parametrize("mark", ["c", "z", "x"])
def test_a_mark_in_a_table_goes_on_into_every_figure_that_rests_on_it(mark: str) -> None:
    looked_after, near, split = tables(EIGHT)
    everyone = (near["rule"] == RULE) & (near["cohort"] == "all")
    in_area = (near["rule"] == "in_area") & (near["cohort"] == "all")
    last = split.index[split["basis"] == "children"][-1]
    near.loc[everyone, ["beyond", "rate_pct"]] = mark
    near.loc[in_area, "within"] = mark
    split.loc[last, ["kinship", "in_house_incl_kinship_pct"]] = mark
    looked_after.loc[looked_after.index[-1], ["children", "rate_per_10000"]] = mark
    got = headline(looked_after, near, split, rule=RULE, profile=PROFILE).set_index("metric")
    marked = {
        "children_looked_after": ["value"],
        "rate_per_10000": ["value", "numerator"],
        "within_rule_pct": ["value"],
        "placed_over_20_miles_pct": ["value", "numerator"],
        "placed_outside_area_pct": ["value", "numerator"],
        "in_house_incl_kinship_children_pct": ["value", "numerator", "denominator"],
    }
    for metric, row in got.iterrows():
        for column in ("value", "numerator", "denominator"):
            assert (row[column] == mark) == (column in marked.get(metric, [])), (metric, column)


def is_blank(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


@pytest.mark.parametrize("blank", [float("nan"), "z"])
def test_no_distance_known_is_not_nought_per_cent_far_away(blank: object) -> None:
    """As the tables come (NaN), and as the gate shows them (z)."""
    looked_after, near, split = tables(many([(4, UNKNOWN)]))
    near["rate_pct"] = near["rate_pct"].map(lambda rate: blank if pd.isna(rate) else rate)
    got = headline(looked_after, near, split, rule=RULE, profile=PROFILE).set_index("metric")
    for metric in ("within_rule_pct", "placed_over_20_miles_pct", "placed_outside_area_pct"):
        value = got.at[metric, "value"]
        assert value == blank or (is_blank(value) and is_blank(blank)), metric
    assert got.at["distance_not_known_pct", "value"] == 100.0


def test_nobody_looked_after_gives_no_rate_but_the_rate_per_10000() -> None:
    got = figures(history())
    assert got.at["children_looked_after", "value"] == 0
    assert got.at["rate_per_10000", "value"] == 0.0
    counted = [f"{measure}_pct" for measure in STABILITY["measure"].unique()]
    rates = got[got["unit"] == "%"].drop(index=counted)["value"]
    assert all(is_blank(value) for value in rates)


def test_without_an_authority_nothing_is_said_of_its_area() -> None:
    got = figures(EIGHT, rules=(RULE,), code=None)
    assert "placed_outside_area_pct" not in got.index


def test_miles_from_home_are_by_the_home_rule_whatever_rule_is_in_force() -> None:
    # Near home but outside the area.
    away = history(*[{"placement_authority": "E06000019"}] * 4)
    got = figures(away, rule="in_area")
    assert got.at["within_rule_pct", "value"] == 0.0
    assert got.at["placed_over_20_miles_pct", "value"] == 0.0
    assert got.at["placed_outside_area_pct", "value"] == 100.0


def test_a_rule_that_the_tables_do_not_have_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        figures(EIGHT, rule="centre_20_miles")


def test_fostering_together_leaves_out_another_authority_and_keeps_marks() -> None:
    fostered = [(3, {}), (1, FAR), (2, {"provider": "private"}), (2, {"provider": "other_la"})]
    episodes = many(fostered)
    got = figures(episodes).loc["fostering_within_rule_pct", ["value", "numerator", "denominator"]]
    assert got.tolist() == [83.3, 5, 6]
    nothing_known = many([(3, UNKNOWN), (2, UNKNOWN | {"provider": "private"})])
    assert pd.isna(figures(nothing_known).at["fostering_within_rule_pct", "value"])
    only_own = many([(3, {}), (1, FAR)])
    assert figures(only_own).at["fostering_within_rule_pct", "value"] == 75.0
