"""Which children live further away: who is compared, what is said, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from equity_history import DAY, children, circumstances_of, halves, two_areas
from histories import STORAGES, sparingly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.equity import (
    COHORTS,
    LEAST_CHILDREN,
    LEAST_EXPECTED,
    NOT_COMPARED,
    OUTCOMES,
    equity,
)
from sufficiency_lib.metrics.equity_cohorts import cohorts_of, compared_on, outcomes_of
from sufficiency_lib.metrics.intervals import equality, holm, smallest_expected
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.disclosure import disclose, undisclosed
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.render import render_table
from sufficiency_lib.publish.specs import CODE_WORDS, SPECS
from sufficiency_lib.publish.wording import Words
from sufficiency_lib.settings import DisclosureSettings

COUNTS = ["children", "with_outcome", "without_outcome", "reference_children",
          "reference_with_outcome", "reference_without_outcome"]
COMPARED = ["difference_points", "low_points", "high_points", "rate_ratio", "low_ratio",
            "high_ratio", "p_adjusted"]


def groups(*parts: tuple[int, dict[str, object]]) -> pd.DataFrame:
    frames = [children(number, 1000 * at, **said) for at, (number, said) in enumerate(parts)]
    return pd.concat(frames, ignore_index=True)


def row_of(frame: pd.DataFrame, outcome: str, cohort: str, **more: object) -> pd.Series:
    table = equity(frame, DAY, **more).set_index(["outcome_compared", "cohort"])
    return table.loc[(outcome, cohort)]


def girls_away(girls: int, of_girls: int, boys: int, of_boys: int) -> pd.DataFrame:
    return groups(
        (girls, {"sex": "female", "boundary": "outside"}), (of_girls - girls, {"sex": "female"}),
        (boys, {"sex": "male", "boundary": "outside"}), (of_boys - boys, {"sex": "male"}),
    )


def test_newcombes_own_example_comes_out() -> None:
    """56 of 70 against 48 of 80: 20.0 points, 5.2 to 33.4; Wilson for 56 of 70."""
    row = row_of(girls_away(56, 70, 48, 80), "out_of_area", "girls")
    assert row[COUNTS].tolist() == [70, 56, 14, 80, 48, 32]
    assert row[["rate_of_known_pct", "low_pct", "high_pct"]].tolist() == [80.0, 69.2, 87.7]
    assert row["reference_rate_pct"] == 60.0 and row["left_out"] == 0
    assert row[["difference_points", "low_points", "high_points"]].tolist() == [20.0, 5.2, 33.4]
    assert row[["rate_ratio", "low_ratio", "high_ratio"]].tolist() == [1.33, 1.08, 1.67]
    assert row[["p_adjusted", "reading"]].tolist() == ["under_0.01", "more_likely"]


def test_fewer_is_less_likely() -> None:
    row = row_of(girls_away(20, 70, 60, 80), "out_of_area", "girls")
    assert row["reading"] == "less_likely" and row["high_points"] < 0 and row["high_ratio"] < 1


@pytest.mark.parametrize(
    ("cells", "reading"),
    [
        ((5, 10, 5, 10), "no_clear_difference"),
        ((5, 9, 6, 20), "too_few"),  # 9 girls
        ((6, 20, 5, 9), "too_few"),  # 9 boys
        ((0, 20, 10, 21), "too_few"),  # 4.9 girls would be expected
        ((0, 20, 10, 20), "less_likely"),
        ((0, 0, 20, 40), "nobody"),
        ((20, 40, 0, 0), "nobody"),
    ],
)
def test_what_is_too_few_is_not_compared(cells, reading: str) -> None:
    row = row_of(girls_away(*cells), "out_of_area", "girls")
    assert row["reading"] == reading
    refused = reading in ("too_few", "nobody")
    assert row[COMPARED].isna().all() == refused
    assert row[COUNTS].notna().all()


@pytest.mark.parametrize(("away", "rows"), [(9, ["all"]), (10, list(COHORTS)), (0, ["all"]),
                                            (30, list(COHORTS)), (31, ["all"])])
def test_what_hardly_any_have_or_lack_has_one_row(away: int, rows: list[str]) -> None:
    table = equity(girls_away(away, 40, 0, 0), DAY)
    here = table[table["outcome_compared"] == "out_of_area"]
    assert here["cohort"].tolist() == rows
    if rows == ["all"]:
        assert here[["children", "with_outcome"]].iloc[0].tolist() == [40, away]
        assert here["reading"].tolist() == ["too_few"]
        assert here[["reference_children", "reference_rate_pct"]].isna().all(axis=None)


def test_no_ratio_to_a_rate_of_nought() -> None:
    row = row_of(girls_away(15, 30, 0, 30), "out_of_area", "girls")
    assert row["difference_points"] == 50 and row["reading"] == "more_likely"
    assert row[["rate_ratio", "low_ratio", "high_ratio"]].isna().all()
    shown = disclose(equity(girls_away(15, 30, 0, 30), DAY), SPECS["equity"],
                     DisclosureSettings())
    girls = shown[(shown["cohort"] == "girls") & (shown["outcome_compared"] == "out_of_area")]
    assert girls["rate_ratio"].tolist() == ["z"]


def test_several_comparisons_are_not_read_as_one() -> None:
    """Alone p = 0.04 is a finding; beside six others like it, it is not."""
    frame = girls_away(30, 50, 20, 50)
    alone = row_of(frame, "out_of_area", "girls")
    assert equality(30, 50, 20, 50)[0] == pytest.approx(0.0466, abs=1e-3)
    assert alone["reading"] == "more_likely"
    moved = frame.assign(ethnicity_code=["MWBC", "WBRI"] * 50)
    several = row_of(moved, "out_of_area", "girls")
    assert several["reading"] == "no_clear_difference" and several["low_points"] > 0


def test_a_table_is_holms_over_all_its_comparisons() -> None:
    frame, told = two_areas()
    table = equity(frame[frame["authority"] == "a"], DAY, circumstances=told)
    one, of_one, two, of_two = (
        table[c].astype(float) for c in ("with_outcome", "children", "reference_with_outcome",
                                         "reference_children"))
    enough = (of_one >= LEAST_CHILDREN) & (of_two >= LEAST_CHILDREN)
    enough &= smallest_expected(one, of_one, two, of_two) >= LEAST_EXPECTED
    p = holm(np.where(enough, equality(one, of_one, two, of_two), np.nan))
    assert enough.sum() > 10
    assert (table["reading"].isin(["more_likely", "less_likely"]) == (p < 0.05)).all()
    assert (table["p_adjusted"].notna() == enough).all()


def test_distance_leaves_out_what_is_not_known_and_is_not_asked_of_uasc() -> None:
    frame = groups(
        (12, {"distance_miles": 20.1}), (12, {"distance_miles": 20.0}),
        (5, {"distance_miles": None}), (4, {"distance_miles": 40.0, "ever_uasc": True}),
        (3, {"distance_miles": 40.0, "ever_uasc": True, "uasc_until": "2024-01-01"}),
    )
    row = row_of(frame, "far", "girls")
    assert row[["children", "with_outcome", "left_out"]].tolist() == [24, 12, 12]
    asked = equity(frame, DAY)
    assert "uasc" not in set(asked.loc[asked["outcome_compared"] == "far", "cohort"])
    assert NOT_COMPARED == {("far", "uasc")}


def test_each_outcome_is_what_it_says() -> None:
    frame = groups(
        (1, {"placement_group": "childrens_home"}), (1, {"placement_group": "secure"}),
        (1, {"placement_group": "residential_school"}),
        (1, {"placement_group": "other_residential"}),
        (1, {"placement_group": "supported_accommodation"}), (1, {"placement_group": "other"}),
        (1, {"boundary": "outside"}), (1, {"boundary": "not_known"}),
    )
    moves = pd.Series([3, 2, 4, 0], index=["c0", "c1000", "c2000", "c3000"])
    said = outcomes_of(frame, moves)
    assert list(said) == list(OUTCOMES)
    assert said["residential"].tolist() == [True] * 4 + [False] * 4
    assert said["other_setting"].tolist() == [False] * 5 + [True] + [False] * 2
    assert said["out_of_area"].tolist() == [False] * 6 + [True, pd.NA]
    assert said["moved_often"].tolist() == [True, False, True, False] + [pd.NA] * 4


def test_each_cohort_is_who_it_says() -> None:
    frame = groups(
        (1, {"dob": "2015-03-31"}), (1, {"dob": "2015-04-01"}), (1, {"dob": "2009-03-31"}),
        (1, {"dob": None}), (1, {"sex": "not_known"}), (1, {"ethnicity_code": "WIRT"}),
        (1, {"ethnicity_code": "CHNE"}), (1, {"ethnicity_code": "REFU"}),
        (1, {"ever_uasc": True}), (1, {"ever_uasc": True, "uasc_until": DAY}),
    )
    said = cohorts_of(frame, pd.Timestamp(DAY))
    assert list(said) == list(COHORTS)
    assert said["aged_10_and_over"].tolist()[:4] == [True, False, True, pd.NA]
    assert said["aged_16_and_over"].tolist()[:4] == [False, False, True, pd.NA]
    assert said["girls"].tolist() == [True] * 4 + [pd.NA] + [True] * 5
    assert said["minority_ethnic"].tolist()[5:8] == [False, True, pd.NA]
    assert said["uasc"].tolist()[8:] == [True, False]
    assert said["siblings"].isna().all() and not said["disabled"].any()


def test_circumstances_say_who_is_disabled_and_who_has_siblings() -> None:
    frame = children(6).assign(need_code=["N1", "N2", "N1", "N1", "N1", "N1"])
    told = circumstances_of([
        ("c0", "F1", True), ("c1", "F1", False), ("c2", "F2", None), ("c3", None, False),
        ("gone", "F2", True), ("c4", "F3", False),
    ])
    said = cohorts_of(frame, pd.Timestamp(DAY), told)
    assert said["disabled"].tolist() == [True, True, pd.NA, False, False, pd.NA]
    assert said["siblings"].tolist() == [True, True, False, False, False, pd.NA]
    bare = cohorts_of(frame, pd.Timestamp(DAY), told.assign(sibling_group_id=None))
    assert bare["siblings"].isna().all()


def test_what_is_recorded_of_too_few_is_not_compared() -> None:
    frame = halves(100, "2012-01-01")
    frame["sex"] = ["female", "male", "not_known", "male", "female"] * 20
    row = row_of(frame, "out_of_area", "girls")
    assert row[["children", "reference_children"]].tolist() == [40, 60]
    assert row["reading"] == "no_clear_difference", "80 of 100 is enough; the rest are others"
    frame.loc[0, "sex"] = "not_known"
    row = row_of(frame, "out_of_area", "girls")
    assert row["reading"] == "not_recorded" and row[[*COUNTS, *COMPARED]].isna().all()
    assert row_of(frame, "out_of_area", "siblings")["reading"] == "not_recorded"


def test_moves_are_those_of_the_stability_measure() -> None:
    frame = halves(40, "2012-01-01")
    moved = pd.concat([
        frame.iloc[:15].assign(decom=pd.Timestamp(day), dec=pd.Timestamp(until), rne="P",
                               placement_id=lambda f, n=n: f["placement_id"] + n)
        for n, (day, until) in enumerate(
            [("2024-05-01", "2024-06-01"), ("2024-06-01", "2024-07-01"), ("2024-07-01", None)],
            start=500)
    ])
    frame.loc[:14, "dec"] = pd.Timestamp("2024-05-01")
    table = equity(pd.concat([frame, moved], ignore_index=True), DAY)
    said = table[table["outcome_compared"] == "moved_often"]
    assert set(said["with_outcome"] + said["reference_with_outcome"].fillna(0)) == {15, pd.NA}


def test_the_moves_of_a_child_are_not_those_of_the_same_number_in_another_area() -> None:
    days = ["2024-05-01", "2024-06-01", "2024-07-01", None]
    moved = [children(1).assign(authority="a", placement_id=at, decom=pd.Timestamp(days[at]),
                                dec=pd.Timestamp(days[at + 1])) for at in range(3)]
    frame = pd.concat([*moved, children(1).assign(authority="b")], ignore_index=True)
    asked = compared_on(frame, pd.Timestamp(DAY), None, ["authority"])
    assert asked.outcomes["moved_often"].tolist() == [True, False]


@pytest.mark.parametrize("storage", STORAGES)
def test_each_area_has_the_table_that_it_would_have_alone(storage: str) -> None:
    frame, told = (stored_as(table, storage) for table in two_areas())
    whole = equity(frame, DAY, circumstances=told, by=["authority"])
    parts = [
        equity(frame[frame["authority"] == area], DAY,
               circumstances=told[told["authority"] == area]).assign(authority=area)
        for area in ("a", "b", "c")
    ]
    alone = pd.concat(parts, ignore_index=True)[whole.columns]
    pd.testing.assert_frame_equal(whole, alone, check_dtype=False)
    assert whole.columns[0] == "authority"


def test_without_children_the_table_has_its_shape() -> None:
    none = equity(children(0), DAY, circumstances=circumstances_of([]))
    assert none["cohort"].tolist() == ["all"] * len(OUTCOMES)
    assert none["children"].tolist() == [0] * len(OUTCOMES)
    assert none[["rate_of_known_pct", "low_pct"]].isna().all(axis=None)
    empty = equity(children(0).assign(authority=[]), DAY, by=["authority"])
    assert empty.empty and empty.columns.tolist() == ["authority", *none.columns]


cells = st.tuples(*[st.integers(0, 30)] * 4)


@sparingly
@given(cells)
def test_counts_add_up_and_the_public_sees_no_small_one(found: tuple[int, ...]) -> None:
    girls, girls_near, boys, boys_near = found
    table = equity(girls_away(girls, girls + girls_near, boys, boys + boys_near), DAY)
    whole = table[table["reference_children"].notna()]
    both = whole["children"] + whole["reference_children"] + whole["left_out"]
    assert (both == sum(found)).all()
    assert (whole["with_outcome"] + whole["without_outcome"] == whole["children"]).all()
    shown = disclose(table, SPECS["equity"], DisclosureSettings())
    for column in (*COUNTS, "left_out"):
        assert not set(shown[column]) & set(range(1, 6))
    hidden = (shown[["with_outcome", "without_outcome"]] == "c").any(axis=1)
    derived = ["rate_of_known_pct", "low_pct", "high_pct", *COMPARED, "reading"]
    assert (shown.loc[hidden, derived] == "c").all(axis=None)


def by_age(under: int, middle: int, oldest: int) -> pd.DataFrame:
    """40 of each age; so many of each live outside the area."""
    return groups(*(
        part for dob, away in (("2018-01-01", under), ("2012-01-01", middle),
                               ("2008-01-01", oldest))
        for part in ((away, {"dob": dob, "boundary": "outside"}), (40 - away, {"dob": dob}))
    ))


def shown_by_age(*away: int) -> pd.DataFrame:
    shown = disclose(equity(by_age(*away), DAY), SPECS["equity"], DisclosureSettings())
    return shown[shown["outcome_compared"] == "out_of_area"].set_index("cohort")


def test_children_between_two_ages_are_not_worked_out() -> None:
    """3 of those aged 10 to 15: not by taking those over 16 from those over 10."""
    shown = shown_by_age(20, 3, 20)
    for column in ("with_outcome", "reference_with_outcome"):
        pair = shown.loc[["aged_10_and_over", "aged_16_and_over"], column]
        assert "c" in set(pair)


def test_a_hidden_age_does_not_hide_the_other_without_need() -> None:
    shown = shown_by_age(3, 15, 20)
    assert shown.loc["aged_10_and_over", ["with_outcome", "reading"]].tolist() == ["c", "c"]
    assert shown.loc["aged_16_and_over", ["with_outcome", "reading"]].tolist() == [
        20, "more_likely"]


def test_rounded_counts_give_rounded_ratios_and_points() -> None:
    table = equity(girls_away(56, 70, 48, 80), DAY)
    shown = disclose(table, SPECS["equity"], DisclosureSettings(round_to=5))
    girls = shown[(shown["cohort"] == "girls") & (shown["outcome_compared"] == "out_of_area")]
    assert girls[["difference_points", "low_points", "rate_ratio"]].iloc[0].tolist() == [20, 5, 1]


def test_every_code_has_its_words() -> None:
    frame, told = two_areas()
    table = equity(frame, DAY, circumstances=told, by=["authority"])
    for column in ("outcome_compared", "cohort", "reading"):
        assert set(table[column]) <= set(CODE_WORDS[column])
    assert set(table["p_adjusted"].dropna()) <= set(CODE_WORDS["p_adjusted"])


def drawn(frame: pd.DataFrame, width: int = 720):
    context = ChartContext("Testshire", pd.Timestamp(DAY).date(), width_px=width)
    return CHARTS["equity"](frame, context)


@pytest.mark.parametrize("width", [720, 340])
def test_the_chart_says_each_difference_that_is_shown(width: int) -> None:
    frame = undisclosed(equity(girls_away(56, 70, 48, 80), DAY), SPECS["equity"])
    chart = drawn(frame, width)
    assert "girls, +20.0 (+5.2 to +33.4), more likely" in chart.alt
    assert chart.title == (
        "One difference is clear: girls more likely to be living outside the authority")


def test_the_chart_of_what_may_not_be_shown_says_nothing_of_it() -> None:
    table = equity(girls_away(56, 70, 3, 80), DAY)
    chart = drawn(disclose(table, SPECS["equity"], DisclosureSettings()))
    assert "none can be shown" in chart.alt and "Not drawn" in chart.base
    assert chart.title == "Which children live further away, or move more often"


def test_the_chart_names_several_clear_differences_and_no_unclear_one() -> None:
    frame = girls_away(60, 80, 20, 80)
    frame["ethnicity_code"] = ["MWBC"] * 60 + ["WBRI"] * 100
    chart = drawn(undisclosed(equity(frame, DAY), SPECS["equity"]))
    assert chart.title.startswith("Clear differences for girls and of a minority ethnic group")
    calm = undisclosed(equity(girls_away(40, 80, 41, 80), DAY), SPECS["equity"])
    assert drawn(calm).title.startswith("No group of children shown is clearly")


def test_an_interval_is_printed_as_one() -> None:
    shown = undisclosed(equity(girls_away(56, 70, 48, 80), DAY), SPECS["equity"])
    html = render_table(shown, SPECS["equity"], Words(), title="Who", anchor="who")
    assert "+20.0<span class=\"small\">5.2 to 33.4</span>" in html
    assert "1.33<span class=\"small\">1.08 to 1.67</span>" in html
    assert "Girls<span class=\"small\">More likely</span>" in html


def test_a_hidden_interval_is_printed_once() -> None:
    table = equity(girls_away(56, 70, 3, 80), DAY)
    shown = disclose(table, SPECS["equity"], DisclosureSettings())
    html = render_table(shown, SPECS["equity"], Words(), title="Who", anchor="who")
    assert "c to c" not in html
