"""Futures that are kept: the same as drawn, drawn once, and nothing left of other data."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sufficiency_lib import store
from sufficiency_lib.forecast import kept, projection
from sufficiency_lib.forecast.futures import Futures, month_ends
from sufficiency_lib.forecast.model import nights_between
from sufficiency_lib.forecast.projection import Asked
from sufficiency_lib.settings_forecast import NO_CHANGE, Scenario

ASKED = Asked(years=1, draws=3, seed=1)


def made(seed: int) -> Futures:
    numbers, months = np.random.default_rng(seed), ASKED.months
    dates = month_ends("2025-03-31", months)
    children = numbers.integers(0, 400, (3, months + 1, 2), dtype=np.int32)
    flow = {name: numbers.integers(0, 9, (3, months), dtype=np.int32)
            for name in ("entries", "exits", "turning_16", "turning_18")}
    return Futures(
        dates=dates, states=("fostering/own", "childrens_home/independent"), children=children,
        nights=nights_between(children, dates),
        uasc=numbers.integers(0, 9, (3, months + 1), dtype=np.int32),
        needs=numbers.integers(0, 70_000, (3, months + 1, 2), dtype=np.int32),
        need_names=("abuse", "disability"), **flow,
    )


@pytest.fixture
def drawing(monkeypatch, tmp_path):
    """Counts how often futures are drawn, of a dataset that is nothing but its name."""
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    study = SimpleNamespace(
        fingerprint="a", as_at="2025-03-31", return_years=[2024, 2025],
        profile=SimpleNamespace(slug="somewhere"), parameters=SimpleNamespace(data=None),
        episodes=pd.DataFrame(), year_ends=[],
    )
    calls = []

    def draw(study, scenarios, asked):
        calls.append(asked)
        return {name: made(at) for at, name in enumerate([NO_CHANGE, *(s.name for s in scenarios)])}

    monkeypatch.setattr(projection, "project", draw)
    return study, calls


def test_what_is_kept_is_what_was_drawn(drawing):
    study, calls = drawing
    scenarios = [Scenario(name="Fewer")]
    first, second = (kept.project(study, scenarios, ASKED) for _ in range(2))
    assert len(calls) == 1 and list(first) == list(second) == [NO_CHANGE, "Fewer"]
    for name in first:
        for field in fields(Futures):
            one, other = getattr(first[name], field.name), getattr(second[name], field.name)
            if isinstance(one, np.ndarray):
                assert one.dtype == other.dtype
                np.testing.assert_array_equal(one, other)
            else:
                assert list(one) == list(other)


def test_other_data_are_drawn_anew_and_take_the_place_of_the_old(drawing, tmp_path):
    study, calls = drawing
    kept.project(study, [], ASKED)
    kept.project(SimpleNamespace(**{**vars(study), "fingerprint": "b"}), [], ASKED)
    assert len(calls) == 2
    assert len(list((tmp_path / "futures").glob("*/*/*"))) == 1


def test_last_years_page_and_this_years_keep_theirs_side_by_side(drawing):
    study, calls = drawing
    before = SimpleNamespace(**{**vars(study), "as_at": "2024-03-31"})
    for one in (study, before, study, before):
        kept.project(one, [], ASKED)
    assert len(calls) == 2


def test_more_draws_or_another_scenario_are_another_drawing(drawing):
    study, calls = drawing
    for scenarios, asked in ((), ASKED), ((), replace(ASKED, draws=4)), (
            [Scenario(name="Fewer")], ASKED), ((), ASKED):
        kept.project(study, scenarios, asked)
    assert len(calls) == 3


def test_a_refused_forecast_leaves_nothing(drawing, monkeypatch, tmp_path):
    study, _ = drawing
    monkeypatch.setattr(projection, "project", lambda *_: {})
    assert kept.project(study, [], ASKED) == {}
    assert not list(tmp_path.rglob("*.npz"))


def test_where_nothing_can_be_kept_the_futures_are_drawn_all_the_same(drawing, monkeypatch):
    study, calls = drawing

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "replace", full)
    assert kept.project(study, [], ASKED).keys() == kept.project(study, [], ASKED).keys()
    assert len(calls) == 2


def test_a_backtest_reads_the_same_the_first_time_and_the_second(drawing, monkeypatch):
    study, _ = drawing
    told = pd.DataFrame({"origin": ["2024-03-31"], "horizon_months": [12], "straight_line": [None]})
    runs = []
    monkeypatch.setattr(kept.backtest, "backtest", lambda *_: runs.append(1) or told)
    first, second = kept.tested(study, ASKED), kept.tested(study, ASKED)
    pd.testing.assert_frame_equal(first, second)
    assert runs == [1] and first["origin"].tolist() == ["2024-03-31"]
