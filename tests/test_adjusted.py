"""The logistic model: what it gives back, and when it is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from equity_history import DAY, children, circumstances_of, halves, two_areas
from histories import STORAGES, stored_as

from sufficiency_lib.metrics.adjusted import TERMS, equity_adjusted, logistic

COLUMNS = [
    "as_at", "outcome_compared", "term", "children", "odds_ratio", "low_odds_ratio",
    "high_odds_ratio", "p_adjusted", "reading", "model", "base_children",
]


def model_of(frame: pd.DataFrame, outcome: str = "out_of_area", **more: object) -> pd.DataFrame:
    table = equity_adjusted(frame, DAY, **more)
    return table[table["outcome_compared"] == outcome].set_index("term")


def test_one_term_is_the_cross_product_ratio_and_its_wald_interval() -> None:
    yes = np.repeat([True, False, True, False], [30, 10, 20, 40])
    fit = logistic(yes, np.repeat([1, 0], [40, 60])[:, None])
    error = np.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40)
    assert np.exp(fit.log_odds[0]) == pytest.approx(30 * 40 / (10 * 20))
    assert fit.low[0] == pytest.approx(np.log(6) - 1.959964 * error, abs=1e-5)
    assert fit.high[0] == pytest.approx(np.log(6) + 1.959964 * error, abs=1e-5)


def test_the_odds_behind_made_up_children_are_found_again() -> None:
    rng = np.random.default_rng(903)
    terms = rng.integers(0, 2, size=(40_000, 3))
    odds = np.array([2.0, 0.5, 1.0])
    chance = 1 / (1 + np.exp(1.2 - terms @ np.log(odds)))
    fit = logistic(rng.random(len(terms)) < chance, terms)
    assert np.exp(fit.log_odds) == pytest.approx(odds, rel=0.08)
    assert ((np.exp(fit.low) < odds) & (odds < np.exp(fit.high))).all()


def test_a_term_that_only_follows_another_has_no_odds_of_its_own() -> None:
    """Older children live away, and more older children are girls: sex itself is nothing."""
    frame = pd.concat([
        children(60, boundary="outside", sex="female", dob="2008-01-01", start=0),
        children(20, boundary="inside", sex="female", dob="2008-01-01", start=100),
        children(15, boundary="outside", sex="male", dob="2008-01-01", start=200),
        children(5, boundary="inside", sex="male", dob="2008-01-01", start=300),
        children(5, boundary="outside", sex="female", dob="2018-01-01", start=400),
        children(15, boundary="inside", sex="female", dob="2018-01-01", start=500),
        children(20, boundary="outside", sex="male", dob="2018-01-01", start=600),
        children(60, boundary="inside", sex="male", dob="2018-01-01", start=700),
        children(30, boundary="outside", sex="male", dob="2012-01-01", start=800),
        children(30, boundary="inside", sex="male", dob="2012-01-01", start=900),
    ], ignore_index=True)
    model = model_of(frame)
    assert model.loc["aged_16_and_over", ["odds_ratio", "reading"]].tolist() == [9, "more_likely"]
    assert model.loc["girls", ["odds_ratio", "reading"]].tolist() == [1, "no_clear_difference"]
    assert model.loc["aged_10_to_15", "odds_ratio"] == 3
    assert model.loc[["minority_ethnic", "uasc", "disabled"], "model"].eq("term_left_out").all()


def test_what_has_no_finite_answer_is_none() -> None:
    yes = np.repeat([True, False], 50)
    assert logistic(yes, yes[:, None].astype(int)) is None
    assert logistic(yes, np.ones((100, 1))) is None, "a term that all children have"


def test_a_term_that_is_two_others_together_has_no_odds_beside_them() -> None:
    rng = np.random.default_rng(1)
    one = rng.random(400) < 0.3
    two = (rng.random(400) < 0.4) & ~one
    yes = rng.random(400) < 0.4
    assert logistic(yes, np.column_stack([one, two])) is not None
    assert logistic(yes, np.column_stack([one, two, one | two])) is None


@pytest.mark.parametrize(
    ("away", "expected"), [(9, "too_few"), (19, "too_few"), (24, "fitted")]
)
def test_a_model_needs_ten_with_it_for_each_term(away: int, expected: str) -> None:
    """Three ages, eight of each away: two terms need 20."""
    parts = [
        children(n, boundary=side, dob=dob, start=100 * at)
        for at, (dob, n, side) in enumerate(
            (dob, n, side) for dob in ("2018-01-01", "2012-01-01", "2008-01-01")
            for n, side in ((away // 3, "outside"), (40, "inside"))
        )
    ]
    model = model_of(pd.concat(parts, ignore_index=True))
    assert set(model["model"]) - {"term_left_out"} == {expected}
    if expected != "fitted":
        assert model.index.tolist() == ["all"] and model["odds_ratio"].isna().all()
        assert model["reading"].isna().all()


def test_a_model_is_refused_where_an_age_has_hardly_any() -> None:
    frame = pd.concat([
        halves(80, "2012-01-01", start=0), halves(80, "2008-01-01", start=100),
        children(60, boundary="inside", dob="2018-01-01", start=200),
    ], ignore_index=True)
    assert model_of(frame)["model"].to_dict() == {"all": "too_sparse"}


def test_a_term_that_is_hardly_recorded_is_left_out() -> None:
    frame = pd.concat([halves(80, dob, start=100 * at) for at, dob in enumerate(
        ("2018-01-01", "2012-01-01", "2008-01-01"))], ignore_index=True)
    frame["sex"] = np.where(np.arange(len(frame)) % 4 < 2, "female", "male")
    assert model_of(frame).loc["girls", "model"] == "fitted"
    frame.loc[frame.index % 3 == 0, "sex"] = "not_known"
    assert model_of(frame).loc["girls", "model"] == "term_left_out"


def test_uasc_have_no_part_in_the_model_of_distance() -> None:
    frame = pd.concat([halves(80, dob, start=100 * at) for at, dob in enumerate(
        ("2018-01-01", "2012-01-01", "2008-01-01"))], ignore_index=True)
    assert "uasc" not in model_of(frame, "far").index
    assert set(model_of(frame).index) == set(TERMS)


@pytest.mark.parametrize("storage", STORAGES)
def test_each_area_has_the_model_that_it_would_have_alone(storage: str) -> None:
    frame, told = (stored_as(table, storage) for table in two_areas())
    whole = equity_adjusted(frame, DAY, circumstances=told, by=["authority"])
    parts = [
        equity_adjusted(frame[frame["authority"] == area], DAY,
                        circumstances=told[told["authority"] == area]).assign(authority=area)
        for area in ("a", "b", "c")
    ]
    alone = pd.concat(parts, ignore_index=True)[["authority", *COLUMNS]]
    pd.testing.assert_frame_equal(whole, alone, check_dtype=False)


def test_without_children_there_is_no_model() -> None:
    none = equity_adjusted(children(0), DAY, circumstances=circumstances_of([]))
    assert none.columns.tolist() == COLUMNS and set(none["model"]) == {"too_few"}
    empty = equity_adjusted(children(0).assign(authority=[]), DAY, by=["authority"])
    assert empty.columns.tolist() == ["authority", *COLUMNS] and empty.empty
