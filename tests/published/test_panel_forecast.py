"""Forecasts of the published panel against what came; `python -m benchmarks.panel` has it whole."""

from __future__ import annotations

import pytest

from sufficiency_lib.forecast.drift import numbers, published_drift
from sufficiency_lib.forecast.estimate import estimate, provenance
from sufficiency_lib.forecast.panel_backtest import (
    HORIZONS,
    LEAST_CHILDREN,
    comparisons,
    measured,
    published_backtest,
    rolling_forecasts,
)
from sufficiency_lib.forecast.panel_read import FIRST_SUM, read_panel

FILE = "lait_cla_finance.parquet"


@pytest.fixture(scope="module")
def file(shared_dir):
    return shared_dir / "reference" / FILE


@pytest.fixture(scope="module")
def panel(file):
    return read_panel(file)


def test_england_is_the_sum_of_its_authorities(panel):
    authorities = panel.authorities().stock
    assert panel.names[970] == "England" and authorities.index.max() < FIRST_SUM
    # England is rounded to ten, and no authority is left out or counted twice.
    sums = authorities.sum()
    assert (sums - panel.stock.loc[970]).abs().max() <= 25


def test_doing_nothing_misses_by_what_is_known(panel):
    """Counted with regions and England, from 50 children: same as today of the day's children,
    a line through the logs of three years of the outturn."""
    rows = comparisons(panel)
    rows = rows[rows["same_as_today"] >= LEAST_CHILDREN]
    miss = {}
    for name, of in (("same_as_today", "same_as_today"), ("straight_line", "actual")):
        errors = 100 * (rows[name] - rows["actual"]).abs() / rows[of]
        by = errors.groupby(rows["horizon_years"]).mean()
        miss[name] = by.loc[list(HORIZONS)].tolist()
    assert miss["same_as_today"] == pytest.approx([5.8, 8.9, 11.6, 15.9], abs=0.05)
    assert miss["straight_line"] == pytest.approx([6.6, 11.5, 16.3, 28.9], abs=0.05)


def test_the_shipped_drift_is_that_of_the_file(file):
    found, shipped = estimate(file).drift, published_drift()
    assert dict(found.provenance) == dict(shipped.provenance)
    assert numbers(found) == pytest.approx(numbers(shipped), rel=0.02, abs=0.01)


def test_the_shipped_table_is_of_the_file(file, panel):
    tables, said = published_backtest()
    assert provenance(file, panel).items() <= said.items()
    shipped = tables["measured"].query("areas == 'authorities'")
    rows = comparisons(panel.authorities())
    rows = rows[rows["same_as_today"] >= LEAST_CHILDREN]
    errors = 100 * (rows["same_as_today"] - rows["actual"]).abs() / rows["actual"]
    by = errors.groupby(rows["horizon_years"]).agg(["mean", "size"]).loc[list(HORIZONS)]
    assert shipped["same_as_today_pct"].tolist() == pytest.approx(by["mean"].tolist(), abs=0.006)
    assert shipped["forecasts"].tolist() == by["size"].tolist()


def test_the_shipped_table_is_below_doing_nothing_and_holds_80_per_cent():
    """Of all origins; a table that no longer does is a change to be looked at."""
    found = published_backtest()[0]["measured"]
    found = found[found["areas"] != "authorities, two changes known"]
    assert (found["error_pct"] < found["same_as_today_pct"]).all()
    assert (found["error_of_today_pct"] < found["same_as_today_of_today_pct"]).all()
    assert found["interval_held_pct"].between(78, 82).all()


@pytest.mark.slow
def test_two_origins_measured_again(panel):
    """A part of the benchmark: other seed, fewer draws."""
    rows = rolling_forecasts(panel, seed=1, draws=200, parameters=4, origins=[2018, 2020])
    found = measured(rows).query("areas == 'authorities'").set_index("horizon_years")
    assert (found["error_pct"] < found["same_as_today_pct"]).all()
    assert found["interval_held_pct"].between(75, 87).all()
