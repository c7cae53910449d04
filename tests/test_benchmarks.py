"""The made-up England that the benchmark counts, its measures, and how answers are compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from benchmarks.differences import difference
from benchmarks.england import (
    EPISODES,
    FIRST_DAY,
    LAST_DAY,
    LOOKED_AFTER,
    Size,
    authority_sizes,
    england,
)
from benchmarks.measures import MEASURES, WITHOUT_SQL, tables_of
from benchmarks.metrics import Sides, summary, table
from benchmarks.shared import best, queries
from sufficiency_lib.dataset import load
from sufficiency_lib.metrics.stock import on_date
from sufficiency_lib.settings import RunParameters

LITTLE = Size.of_children(240, authorities=3)


@pytest.fixture(scope="module")
def little() -> pd.DataFrame:
    return england(LITTLE)


@pytest.fixture(scope="module")
def tables(little) -> dict[str, pd.DataFrame]:
    return tables_of(little)


# --- the made-up England -----------------------------------------------------------------------


def test_it_has_the_size_that_was_asked_for(little):
    assert len(little) == LITTLE.episodes == round(240 * EPISODES / LOOKED_AFTER)
    assert len(on_date(little, LAST_DAY)) == 240
    assert little["authority"].nunique() == 3


def test_the_same_seed_gives_the_same_england_and_another_gives_another(little):
    assert_frame_equal(little, england(LITTLE))
    assert not little.equals(england(LITTLE, seed=1))


def test_no_child_is_in_two_places_at_once(little):
    rows = little.sort_values(["authority", "child_id", "decom"])
    same = (rows[["authority", "child_id"]] == rows[["authority", "child_id"]].shift()).all(axis=1)
    before = rows["dec"].shift()
    assert (before[same].notna() & (rows["decom"][same] >= before[same])).all()
    assert (rows["dec"].isna() | (rows["dec"] > rows["decom"])).all()


def test_nothing_in_it_ended_before_the_first_return_or_began_after_the_last(little):
    assert (little["dec"].isna() | (little["dec"] >= FIRST_DAY)).all()
    assert (little["decom"] <= LAST_DAY).all()
    assert (little["dob"].isna() | (little["dob"] <= little["decom"])).all()


def test_each_authority_numbers_its_own_children_periods_and_stays(little):
    for _, rows in little.groupby("authority"):
        assert rows["care_period_id"].min() == rows["placement_id"].min() == 1
    shared = little.groupby("child_id")["authority"].nunique()
    assert shared.max() == 3


def test_it_has_the_columns_and_types_of_a_dataset(little):
    real = load(RunParameters(authority="herefordshire")).episodes
    assert list(little.columns)[0] == "authority"
    assert set(little.columns) - {"authority"} == set(real.columns)
    assert {name: str(little[name].dtype) for name in real} == {
        name: str(real[name].dtype) for name in real
    }


def test_sizes_add_up_and_one_authority_is_tiny():
    sizes = authority_sizes(153, LOOKED_AFTER, np.random.default_rng(1))
    assert sizes.sum() == LOOKED_AFTER
    assert sizes.min() < 30 and 1_200 < sizes.max() < 3_000
    assert 300 < np.median(sizes) < 600


# --- its measures ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_has_a_table_for_each_authority(tables, name):
    made = MEASURES[name](tables)
    assert made.columns[0] == "authority"
    assert set(made["authority"]) == set(tables["episodes"]["authority"])


def test_every_measure_is_in_sql_or_the_benchmark_says_why_not():
    asked = queries()
    assert set(asked) | set(WITHOUT_SQL) == set(MEASURES)
    assert not set(asked) & set(WITHOUT_SQL)
    assert all(query.strip() for query in asked.values())


# --- what is said ------------------------------------------------------------------------------


def test_tables_that_say_the_same_do_not_differ():
    one = pd.DataFrame({"sex": ["f", "m"], "rate_pct": [50.0, float("nan")]})
    other = pd.DataFrame({"rate_pct": pd.array([None, 50], "Int64"), "sex": ["m", "f"]})
    assert difference(one, other) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.rename(columns={"n": "m"}), "only one has the columns m, n"),
        (lambda f: f.head(1), "one has 2 rows and the other 1"),
        (lambda f: f.assign(n=[1, 3]), "n is 2 in one and 3 in the other where sex is m"),
        (lambda f: f.assign(n=[1, None]), "n is 2 in one and nan in the other"),
        (lambda f: f.assign(sex=["f", "u"]), "sex is m in one and u in the other"),
    ],
)
def test_a_difference_is_told_with_the_row_it_is_in(change, said):
    frame = pd.DataFrame({"sex": ["f", "m"], "n": [1, 2]})
    assert difference(frame, change(frame)).startswith(said)


def test_what_takes_long_is_timed_once_and_the_rest_three_times():
    for seconds, most in (([5.0, 1.0], 5.0), ([0.3, 0.2, 0.25], 0.2)):
        times = iter(seconds)
        assert best(lambda times=times: next(times)) == most


def side(took: dict[str, float], **more: object) -> dict:
    return {"took": took, "loading": 1.0, "peak_mb": 900.0, "threads": 4, "version": "2"} | more


def test_only_measures_that_both_sides_have_are_set_against_each_other():
    ours = side({"mix": 3.0, "odds": 9.0}, rows={"mix": 10, "odds": 2})
    sides = Sides(ours, side({"mix": 1.5}), side({"mix": 6.0}))
    assert sides.totals() == [3.0, 1.5, 6.0]
    lines = table(sides)
    assert max(map(len, lines)) <= 100
    assert [line.split() for line in lines if line.startswith(("mix", "odds"))] == [
        ["mix", "10", "3.000", "1.500", "2.0", "6.000", "0.5"],
        ["odds", "2", "9.000", "-", "-", "-", "-"],
    ]
    growth = [[1.0, 1.0], [2.0, 2.0], [8.0, 9.0]]
    assert summary(sides, growth, {}) == (
        "2 measures of England in 12.0 s and 900 MB; 2.0 × DuckDB's time, the same answers; "
        "16 × a county is 8.0 × the time"
    )


def test_without_duckdb_the_library_is_told_alone():
    sides = Sides(side({"mix": 3.0}, rows={"mix": 10}), None, None)
    assert [line.split() for line in table(sides)][1] == ["mix", "10", "3.000"]
    assert "DuckDB" not in summary(sides, [[1.0], [2.0], [8.0]], {"mix": "n"})
