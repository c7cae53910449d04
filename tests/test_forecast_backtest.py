"""Past forecasts beside what came: nothing of the future is used, and errors are worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from forecast_futures import futures, history, level, spread

from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast import backtest

YEARS = [date(year, 3, 31) for year in (2022, 2023, 2024, 2025)]
#: One child in 2022, two in 2023, three in 2024 and four in 2025, all with the council's carers.
EPISODES = history(*(
    (str(year), "fostering", "own", f"{year}-01-01", None, "2015-01-01")
    for year in (2022, 2023, 2024, 2025)
))


def ten_more(origin: pd.Timestamp, months: int):
    """Futures of one to ten more children than there are on the origin."""
    now = origin.year - 2021
    return futures({"fostering/own": spread(now, months=months)}, as_at=f"{origin:%Y-%m-%d}")


def test_every_origin_and_horizon_that_can_be_checked_is() -> None:
    asked = []

    def predict(origin: pd.Timestamp, months: int):
        asked.append((origin.year, months))
        return ten_more(origin, months)

    frame = backtest.backtest(predict, EPISODES, YEARS)
    assert asked == [(2022, 36), (2023, 24), (2024, 12)]
    assert list(frame) == list(backtest.COLUMNS)
    everybody = frame[frame["placement_group"] == "all"]
    assert list(zip(everybody["origin"].str[:4], everybody["horizon_months"], strict=True)) == [
        ("2022", 12), ("2022", 24), ("2022", 36), ("2023", 12), ("2023", 24), ("2024", 12)]
    last = everybody.iloc[-1]
    assert (last["date"], last["actual"], last["same_as_today"]) == ("2025-03-31", 4, 3)
    assert (last["p10"], last["p50"], last["p90"], last["mean"]) == (4, 8, 12, 8.5)
    # Fostering as a whole has no row, its parts have; only all children have a straight line.
    assert set(frame["placement_group"]) == {"all", "fostering_in_house", "fostering_ifa"}
    assert frame.loc[frame["placement_group"] != "all", "straight_line"].isna().all()
    assert everybody["straight_line"].isna().tolist() == [True] * 3 + [False] * 3
    assert last["straight_line"] == 4.0


def test_an_origin_that_is_refused_is_left_out() -> None:
    def predict(origin: pd.Timestamp, months: int):
        if origin.year < 2024:
            raise InputError("too short")
        return ten_more(origin, months)

    assert set(backtest.backtest(predict, EPISODES, YEARS)["origin"]) == {"2024-03-31"}


@pytest.mark.parametrize("ends", [[], YEARS[:1]])
def test_without_an_origin_there_are_columns_and_no_rows(ends: list[date]) -> None:
    frame = backtest.backtest(ten_more, EPISODES, ends)
    assert frame.empty and list(frame) == list(backtest.COLUMNS)
    assert backtest.accuracy(frame).empty


def test_a_straight_line_goes_through_the_last_five_years_and_not_below_nought() -> None:
    counts = pd.Series([999, 10, 20, 30, 40, 50])
    assert backtest.straight_line(counts, 12) == 60.0
    assert backtest.straight_line(pd.Series([30, 20, 10]), 36) == 0.0
    # Least squares by hand: 10, 10, 40 has the slope 15 and passes the last year at 35.
    assert backtest.straight_line(pd.Series([10, 10, 40]), 12) == 50.0


def table_of(**columns: list) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    plain = {"origin": "2024-03-31", "date": "2025-03-31", "horizon_months": 12,
             "placement_group": "all", "same_as_today": 100, "straight_line": np.nan, "p10": 90,
             "p50": 110, "p90": 120, "mean": 110.0, "actual": 100}
    return pd.DataFrame({key: columns.get(key, [value] * rows) for key, value in plain.items()})


def test_errors_are_of_what_came_and_the_interval_holds_its_ends() -> None:
    frame = backtest.accuracy(table_of(actual=[100, 120, 200, 0], straight_line=[90, 120, 200, 5]))
    # 10% of 100, 8.3% of 120, 45% of 200; nothing can be said of 0. Held: 100 and 120.
    assert frame.iloc[0].to_dict() == {
        "horizon_months": 12, "placement_group": "all", "forecasts": 4, "error_pct": 21.1,
        "same_as_today_error_pct": 22.2, "straight_line_error_pct": 3.3, "held_pct": 50.0,
    }


def test_what_is_hidden_hides_the_errors() -> None:
    frame = backtest.accuracy(table_of(actual=["c", 120], placement_group=["secure", "all"]))
    assert frame[["error_pct", "held_pct"]].to_numpy().tolist()[0] == ["c", "c"]
    assert frame["held_pct"].tolist()[1] == 100.0


def test_a_level_future_is_right_where_nothing_changes() -> None:
    flat = history(("a", "fostering", "own", "2020-01-01", None, "2015-01-01"))
    frame = backtest.backtest(
        lambda origin, months: futures({"fostering/own": level(1, months=months)}, as_at=origin),
        flat, YEARS,
    )
    own = backtest.accuracy(frame)
    own = own[own["placement_group"] == "fostering_in_house"]
    assert set(own["straight_line_error_pct"]) == {"z"}
    assert set(own["error_pct"]) == {0.0} and set(own["held_pct"]) == {100.0}
