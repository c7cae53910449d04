"""What futures cost: unit costs from the ledger or the profile, and pounds worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from forecast_futures import AS_AT, futures, history, level

from sufficiency_lib.forecast import spend, summary

LEDGER = pd.DataFrame(
    [("a", "2024-01-01", None, "U6", None, 500.0),
     ("b", "2024-01-01", None, "U4", None, 701.0),
     ("c", "2024-01-01", "2025-03-31", "U6", None, 9_000.0),
     ("d", "2025-04-01", None, "U6", None, 9_000.0),
     ("e", "2024-01-01", None, "K2", None, 5_000.0),
     ("f", "2024-01-01", None, "K2", None, 4_000.0),
     ("g", "2024-01-01", None, "K2", None, 1_000.0),
     ("h", "2024-01-01", None, "U6", None, np.nan),
     ("i", "2024-01-01", None, None, None, 70.0),
     ("j", "2024-01-01", None, "K2", None, 9_000.0)],
    columns=["child_id", "start_date", "end_date", "place_code", "contract",
             "cost_gbp_per_week"],
).astype({"start_date": "datetime64[ns]", "end_date": "datetime64[ns]"})
#: Where the history has them; it has no j, for whom the ledger pays all the same.
PLACED = {
    **dict.fromkeys("abcd", ("fostering", "own")), "e": ("childrens_home", "private"),
    "f": ("childrens_home", "voluntary"), "g": ("childrens_home", "other_la"),
    "h": ("fostering", "private"), "i": ("other", "not_recorded"),
}
CHILDREN = history(*((child, *placed, "2024-01-01", None, "2015-01-01")
                     for child, placed in PLACED.items()))
STATES = ("fostering/own", "fostering/independent", "childrens_home/own",
          "childrens_home/independent", "parents/none", "other/none")  # fmt: skip


def costs_by_state(**profile: float) -> dict[str, tuple]:
    frame = spend.unit_costs(CHILDREN, LEDGER, AS_AT, STATES, profile)
    states = frame["placement_group"] + "/" + frame["provider_side"]
    rows = frame[["cost_gbp_per_week", "placements_costed", "cost_source"]]
    return dict(zip(states, rows.itertuples(index=False, name=None), strict=True))


def test_a_unit_cost_is_the_mean_of_the_children_paid_for_on_the_day() -> None:
    costs = costs_by_state()
    # The night of the day itself is paid for neither by the one that ended nor the one to come.
    assert costs["fostering/own"] == (600.5, 2, "ledger")
    assert costs["childrens_home/independent"] == (4_500.0, 2, "ledger")
    # The authority's own homes have no row: the provider with most places stands in.
    assert costs["childrens_home/own"] == (4_500.0, 2, "ledger_nearest")
    assert costs["fostering/independent"] == (600.5, 2, "ledger_nearest")
    assert costs["other/none"] == (70.0, 1, "ledger")
    assert np.isnan(costs["parents/none"][0]) and costs["parents/none"][2] == "not_costed"


def test_the_profile_stands_in_where_the_ledger_has_nothing() -> None:
    costs = costs_by_state(fostering_ifa=900.0, fostering=1.0, parents=50.0)
    assert costs["fostering/independent"] == (900.0, 0, "profile")
    assert costs["parents/none"] == (50.0, 0, "profile")
    assert costs["fostering/own"][2] == "ledger"
    exact = costs_by_state(**{"childrens_home/own": 3_000.0, "childrens_home": 1.0})
    assert exact["childrens_home/own"] == (3_000.0, 0, "profile")


@pytest.mark.parametrize("ledger", [LEDGER[:0], LEDGER.assign(cost_gbp_per_week=np.nan)])
def test_without_any_cost_there_is_no_spend(ledger: pd.DataFrame) -> None:
    costs = spend.unit_costs(CHILDREN, ledger, AS_AT, STATES)
    assert set(costs["cost_source"]) == {"not_costed"}
    made = {"no_change": futures({"fostering/own": level(7)})}
    assert spend.spend_by_year(made, {"all": 7}, costs).empty
    assert spend.unit_costs(CHILDREN, ledger, AS_AT, ()).empty


def test_spend_is_nights_times_a_seventh_of_the_week() -> None:
    made = {"no_change": futures({"fostering/own": level(10), "parents/none": level(4)})}
    costs = spend.unit_costs(CHILDREN, LEDGER, AS_AT, ("fostering/own", "parents/none"))
    year = spend.spend_by_year(made, {"all": 14, "fostering": 10}, costs)
    fostered = year[(year["placement_group"] == "fostering_in_house")].iloc[0]
    # 10 x 365 nights x £600.50 / 7 = £313,117.86
    assert fostered["year_ending"] == "2026-03-31"
    assert fostered["p10_gbp_per_year"] == fostered["p90_gbp_per_year"] == 313_000
    months = spend.forecast_spend(made, {"all": 14}, costs)
    april = months[(months["date"] == "2025-04-30") & (months["placement_group"] == "all")].iloc[0]
    assert april["mean_gbp_per_month"] == 26_000  # 300 nights: £25,735.71
    # Children with their parents cost nothing that is known, and have no row of their own.
    assert "parents" not in set(year["placement_group"])
    assert not set(spend.BY_YEAR) & set(months) and not set(spend.BY_MONTH) & set(year)


def test_what_a_scenario_saves_a_year() -> None:
    paths = {"fostering/own": level(10), "childrens_home/independent": level(4)}
    made = {"no_change": futures(paths),
            "Fewer": futures(paths | {"childrens_home/independent": level(3)})}
    costs = spend.unit_costs(CHILDREN, LEDGER, AS_AT, tuple(paths))
    frame = summary.compared(spend.spend_by_year(made, {}, costs), figure="mean_gbp_per_year")
    homes = frame[(frame["placement_group"] == "childrens_home") & (frame["scenario"] == "Fewer")]
    # A child less for a year: 365 x £4,500 / 7 = £234,643, between two rounded numbers.
    assert homes["difference_gbp_per_year"].iloc[0] == pytest.approx(-235_000, abs=1_000)


def test_a_mean_of_few_placements_is_not_shown() -> None:
    episodes = history(("a", "fostering", "own", "2024-01-01", None, "2015-01-01"),
                       ("b", "parents", "parents", "2024-01-01", None, "2015-01-01"))
    costs = spend.unit_costs(CHILDREN, LEDGER, AS_AT, ("fostering/own", "parents/none"))
    shown = spend.unit_costs_shown(costs, episodes, AS_AT, 6)
    assert shown["cost_gbp_per_week"].tolist() == ["c", "x"]
    assert shown["children_today"].tolist() == [1, 1]
    assert spend.unit_costs_shown(costs, episodes, AS_AT, 1)["cost_gbp_per_week"].iloc[0] == 600.5
