"""The published panel: reading it, fitting the drift, forecasting, and measuring the error."""

from __future__ import annotations

import runpy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st
from made_panel import TRUTH, as_published, made_panel, write_panel
from scipy.stats import multivariate_normal

from benchmarks.panel import table
from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.forecast import estimate
from sufficiency_lib.forecast.covariances import (
    chance_covariance,
    drift_covariance,
    level_covariance,
)
from sufficiency_lib.forecast.drift import numbers, read_drift
from sufficiency_lib.forecast.panel_backtest import (
    backtest_toml,
    comparisons,
    held_by_origin,
    measured,
    published_backtest,
    rolling_forecasts,
)
from sufficiency_lib.forecast.panel_fit import (
    LOG_WEIGHTS,
    Fitted,
    fit_drift,
    volatility_log_likelihood,
)
from sufficiency_lib.forecast.panel_flows import flows
from sufficiency_lib.forecast.panel_forecast import stock_draws
from sufficiency_lib.forecast.panel_read import Panel, read_panel

LITTLE = made_panel(areas=14, years=4)


def panel_of(stock, starts, ceased, *, first_year=2023, first_area=201) -> Panel:
    frames = [np.atleast_2d(np.array(one, dtype=float)) for one in (stock, starts, ceased)]
    areas = range(first_area, first_area + len(frames[0]))
    years = range(first_year, first_year + frames[0].shape[1])
    names = pd.Series([f"Area {area}" for area in areas], index=areas)
    return Panel(*(pd.DataFrame(one, areas, years) for one in frames), names)


def repeated(*figures, areas=12) -> Panel:
    """The same authority many times: nothing differs between them."""
    return panel_of(*(np.tile(one, (areas, 1)) for one in figures))


# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lait.csv", "lait.parquet"])
def test_a_published_file_is_read_as_it_is(tmp_path, name):
    found = read_panel(write_panel(LITTLE, tmp_path / name))
    for one in ("stock", "starts", "ceased"):
        pd.testing.assert_frame_equal(getattr(found, one), getattr(LITTLE, one),
                                      check_names=False, check_index_type=False,
                                      check_column_type=False)  # fmt: skip
    assert found.names[201] == "Area 201"


def test_marks_reorganised_authorities_and_sums_are_told_apart(tmp_path):
    rows = as_published(panel_of([[100, 110], [90, 95], [50, 60], [9_000, 9_100]],
                                 [[40, 40], [30, 30], [20, 20], [3_000, 3_100]],
                                 [[35, 30], [28, 25], [20, 10], [2_900, 3_000]]))  # fmt: skip
    # 202 was reorganised and has no second year; 203 began in it; 204 is England.
    gone = rows["LA Number"].eq(202) & rows["Years"].eq("2024")
    to_come = rows["LA Number"].eq(203) & rows["Years"].eq("2023")
    rows.loc[gone | to_come, "Values"] = "-"
    rows.loc[rows["LA Number"].eq(203) & rows["Short Desc"].eq("LACnum"), "Values"] = ["c", "60"]
    rows["LA Number"] = rows["LA Number"].replace(204, 970)
    rows.to_csv(tmp_path / "lait.csv", index=False)
    found = read_panel(tmp_path / "lait.csv")
    assert found.stock.loc[970, 2024] == 9_100 and 970 not in found.authorities().stock.index
    assert found.stock.notna().loc[[202, 203]].to_numpy().tolist() == [[True, False], [False, True]]
    assert found.starts.notna().equals(found.stock.notna())


def test_no_children_at_all_is_no_number_to_learn_from(tmp_path):
    found = read_panel(write_panel(panel_of([[0, 12]], [[0, 5]], [[0, 4]]), tmp_path / "l.csv"))
    assert found.stock.notna().to_numpy().tolist() == [[False, True]]


def changed(column, row, value):
    rows = as_published(LITTLE)
    rows[column] = rows[column].astype(object)
    rows.loc[row, column] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (as_published(LITTLE).drop(columns="Values"), "is not the Local Authority Interactive"),
        (as_published(LITTLE).query("`Short Desc` != 'LACceased'"), "no rows .* 'LACceased'"),
        (changed("Values", 0, "many"), "LACnum of Area 201 in 2022: 'many' is neither a number"),
        (changed("Values", 0, "-12"), "'-12' is neither a number from nought"),
        (changed("Years", 0, "2021-22"), "with Years '2021-22': expected a number and a year"),
        (pd.concat([as_published(LITTLE)] * 2), "LACnum of Area 201 in 2022 twice"),
    ],
)
def test_a_file_that_is_not_the_table_is_a_sentence(tmp_path, rows, sentence):
    rows.to_csv(tmp_path / "lait.csv", index=False)
    with pytest.raises(InputError, match=f"lait.csv.*{sentence}"):
        read_panel(tmp_path / "lait.csv")


# --- flows ---------------------------------------------------------------------------------------


def test_flows_by_hand():
    """100 children and 50 starts leave 120: -log of 120 / 150 stay."""
    known = flows(repeated([100, 120], [40, 50], [60, 30]), 2024)
    hazard = np.log(150 / 120)
    # The year before the first: 100 and 60 were there at its start or came in it.
    assert known.shared[2:] == pytest.approx(np.log([np.log(160 / 100), hazard]))
    assert known.size == pytest.approx(np.log(160 - 40))
    assert known.shared[:2] == pytest.approx(np.log([40 / 120, 50 / 120]))
    assert known.own == pytest.approx(0, abs=1e-12)
    assert known.entries[0] == 45 and known.exits[0] == 45 and known.stock[0] == 120


def test_an_authority_that_leaves_the_panel_moves_nothing_that_is_shared():
    figures = ([100, 110, 121], [40, 44, 48.4], [30, 34, 37.4])
    whole = repeated(*figures)
    large = panel_of(*([1000 * x for x in one[:2]] + [np.nan] for one in figures), first_area=900)
    frames = [pd.concat([getattr(p, name) for p in (whole, large)])
              for name in ("stock", "starts", "ceased")]  # fmt: skip
    joined = flows(Panel(*frames, pd.concat([whole.names, large.names])), 2025)
    alone = flows(whole, 2025)
    assert np.diff(joined.shared[:3]) == pytest.approx(np.diff(alone.shared[:3]))
    assert np.isnan(joined.own[-1][[2, 5]]).all() and np.isfinite(joined.own[-1][[0, 1]]).all()
    assert np.isnan(joined.stock[-1])


def test_too_few_authorities_are_refused():
    with pytest.raises(InputError, match="up to 2024 has 9 authorities .* at least 10"):
        flows(repeated([100, 120], [40, 50], [60, 30], areas=9), 2024)
    with pytest.raises(InputError, match="up to 2020 has 0 authorities"):
        flows(LITTLE, 2020)


@quickly
@given(st.floats(1, 5_000), st.sampled_from(["stock", "starts", "ceased"]))
def test_no_year_after_the_origin_is_looked_at(value, name):
    later = getattr(LITTLE, name).copy()
    later.loc[:, [2024, 2025]] = value
    now, then = flows(LITTLE, 2023), flows(replace(LITTLE, **{name: later}), 2023)
    for one in ("shared", "own", "size", "entries", "exits", "stock"):
        assert getattr(now, one).tobytes() == getattr(then, one).tobytes()


# --- fitting -------------------------------------------------------------------------------------


def test_the_likelihood_is_that_of_a_normal_where_volatility_does_not_differ():
    known = flows(LITTLE, 2025)
    own = known.own.copy()
    own[3, [1, 6]] = np.nan
    known, drift = replace(known, own=own), replace(TRUTH, volatility_sd=0.0)
    found = volatility_log_likelihood(drift, known) - LOG_WEIGHTS
    for area in (0, 3):
        chance = chance_covariance(drift, 4, known.entries[[area]], known.exits[[area]])[0]
        whole = level_covariance(drift, 4) + drift_covariance(drift, 4) + chance
        seen = np.isfinite(own[area])
        expected = multivariate_normal(cov=whole[np.ix_(seen, seen)]).logpdf(own[area][seen])
        constant = seen.sum() * np.log(2 * np.pi) / 2
        assert found[area] == pytest.approx(np.full(5, expected + constant))


@pytest.fixture(scope="module")
def recovered() -> Fitted:
    return fit_drift(flows(made_panel(years=8), 2025))


def test_the_drift_of_a_made_panel_is_recovered(recovered):
    """Each parameter within its own 99% interval, and the interval is not merely wide."""
    intervals = recovered.intervals(0.99)
    missed = {name for name, (low, high) in intervals.items()
              if not low <= getattr(TRUTH, name) <= high}  # fmt: skip
    assert not missed
    found = recovered.drift
    assert found.entry_sd == pytest.approx(0.12, abs=0.03)
    assert found.exit_sd == pytest.approx(0.07, abs=0.025)
    assert found.entry_dispersion == pytest.approx(1.8, abs=0.8)
    assert found.correlation == pytest.approx(0.4, abs=0.3)


def test_other_drifts_are_drawn_around_it(recovered):
    rng = np.random.default_rng(5)
    drawn = np.array([recovered.draw(rng).entry_sd for _ in range(400)])
    low, high = recovered.intervals(0.8)["entry_sd"]
    assert np.mean((drawn > low) & (drawn < high)) == pytest.approx(0.8, abs=0.06)


# --- forecasting ---------------------------------------------------------------------------------


def test_without_drift_the_stock_goes_as_the_flows_do():
    """By hand: 40 start for 100 looked after and as many cease, in each of many years."""
    n = 1e8
    panel = repeated([n] * 3, [0.4 * n] * 3, [0.4 * n] * 3)
    known = flows(panel, 2025)
    still = fit_drift(known)
    still = replace(still, covariance=np.zeros_like(still.covariance))
    found = stock_draws(still, known, years=2, draws=500, parameters=1,
                        rng=np.random.default_rng(1))  # fmt: skip
    assert found.shape == (12, 500, 2)
    assert np.median(found[..., 1]) == pytest.approx(n, rel=0.05)
    spread = np.std(np.log(found), axis=(0, 1))
    assert 0 < spread[0] < spread[1]


def test_the_same_seed_gives_the_same_futures_and_an_area_unknown_today_has_none(recovered):
    panel = made_panel(areas=14, years=4)
    panel.stock.loc[205, 2025] = np.nan
    known = flows(panel, 2025)
    one, same = (stock_draws(recovered, known, years=3, draws=20, parameters=2,
                             rng=np.random.default_rng(9)) for _ in range(2))  # fmt: skip
    assert one.tobytes() == same.tobytes()
    assert np.isnan(one[4]).all() and np.isfinite(np.delete(one, 4, axis=0)).all()
    with pytest.raises(ConfigurationError, match="a multiple of the sets"):
        stock_draws(recovered, known, years=3, draws=5, parameters=2, rng=np.random.default_rng(1))


def test_intervals_hold_what_the_same_drift_makes(recovered):
    """80% of a made panel's outturns, seen from years before: the whole chain at once."""
    panel = made_panel(years=9, seed=2)
    futures = stock_draws(recovered, flows(panel, 2021), years=4, draws=400, parameters=8,
                          rng=np.random.default_rng(4))  # fmt: skip
    low, high = np.percentile(futures, [10, 90], axis=1)
    actual = panel.stock[[2022, 2023, 2024, 2025]].to_numpy()
    assert ((actual >= low) & (actual <= high)).mean() == pytest.approx(0.8, abs=0.08)


# --- measuring -----------------------------------------------------------------------------------


def test_same_as_today_and_the_straight_line_by_hand():
    found = comparisons(panel_of([[100, 110, 121, 150]], [[1] * 4], [[1] * 4], first_year=2022))
    row = found.query("origin == 2024 and horizon_years == 1").iloc[0]
    assert (row["same_as_today"], row["actual"]) == (121, 150)
    assert row["straight_line"] == pytest.approx(133.1)
    assert found.query("origin < 2024")["straight_line"].isna().all()
    assert len(found) == 6


def test_one_year_has_nothing_to_compare():
    with pytest.raises(InputError, match="at least two, to compare"):
        comparisons(panel_of([[100]], [[1]], [[1]], first_year=2025))


def test_error_and_coverage_by_hand():
    rows = pd.DataFrame({
        "origin": 2018, "horizon_years": 1, "area": [201, 202, 203, 970], "known_years": 3,
        "actual": [100.0, 200.0, 50.0, 1000.0], "same_as_today": [80.0, 200.0, 20.0, 1000.0],
        "straight_line": [110.0, np.nan, 30.0, 1000.0], "p10": [70.0, 210.0, 10.0, 900.0],
        "p50": [90.0, 230.0, 30.0, 1000.0], "p90": [95.0, 240.0, 60.0, 1100.0],
    })  # fmt: skip
    found = measured(rows).set_index(["areas", "horizon_years"]).loc[("authorities", 1)]
    # 203 had fewer than 50 children and 970 is England: two are left.
    assert found["forecasts"] == 2
    assert found["error_pct"] == pytest.approx((10 + 15) / 2)
    assert found["same_as_today_pct"] == pytest.approx((20 + 0) / 2)
    assert found["error_of_today_pct"] == pytest.approx((12.5 + 15) / 2)
    assert found["straight_line_pct"] == pytest.approx(10)
    assert found[["interval_held_pct", "below_pct", "above_pct"]].tolist() == [0, 50, 50]
    held = held_by_origin(rows)
    assert held.loc[0, ["origin", "horizon_years", "forecasts"]].tolist() == [2018, 1, 2]


def test_a_forecast_rests_on_years_up_to_its_origin():
    later = LITTLE.stock.copy()
    later[2025] *= 2
    size = {"seed": 1, "draws": 8, "parameters": 2, "origins": [2023]}
    now, then = (rolling_forecasts(one, **size) for one in (LITTLE, replace(LITTLE, stock=later)))
    centiles = ["origin", "horizon_years", "area", "p10", "p50", "p90"]
    pd.testing.assert_frame_equal(now[centiles], then[centiles])
    assert (now["actual"] != then["actual"]).any()


def test_the_shipped_table_is_whole_and_can_be_printed():
    tables, provenance = published_backtest()
    printed = table(tables["measured"])
    assert len(printed) == len(tables["measured"]) + 2 and "nan" not in " ".join(printed)
    assert set(tables) == {"measured", "by_origin"}
    assert tables["measured"].notna().all(axis=None)
    assert "benchmarks.panel" in provenance["command"]
    again = backtest_toml(tables, provenance)
    assert again.count("[[measured]]") == len(tables["measured"])


# --- the command ---------------------------------------------------------------------------------


def test_the_command_prints_and_writes_what_it_found(tmp_path, capsys):
    file = write_panel(LITTLE, tmp_path / "lait.csv")
    assert estimate.main([str(file), "--to", str(tmp_path / "mine.toml")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("56 years of 14 authorities, 2022 to 2025")
    written = read_drift(tmp_path / "mine.toml")
    assert f"{written.entry_sd:.3f}" in said
    assert written.provenance["authority_years"] == 56
    assert set(numbers(written)) == set(estimate.SAID)


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    file = write_panel(LITTLE, tmp_path / "lait.csv")
    assert estimate.main([str(file), "--to", str(tmp_path / "nowhere" / "mine.toml")]) == 3
    assert "mine.toml cannot be written" in capsys.readouterr().err


def test_the_module_is_a_command(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["estimate", str(tmp_path / "absent.csv")])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(estimate.__file__, run_name="__main__")
    assert left.value.code == 3


def test_the_command_refuses_in_a_sentence(tmp_path, capsys):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert estimate.main([str(tmp_path / "other.csv")]) == 3
    told = capsys.readouterr().err
    assert told.startswith("other.csv is not the Local Authority") and "Traceback" not in told
