"""The ledger laid over the history: which nights are paid for, and at what."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import history
from hypothesis import given
from hypothesis import strategies as st
from test_costs import (
    BEGINS,
    YEAR_END,
    a_stay,
    each_alone,
    in_a_moment,
    lived,
    paid_for,
    total,
)

from sufficiency_lib.codes import PROVIDER_SIDES
from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.spend import unit_costs
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.costs import spend_by_year, weekly_costs
from sufficiency_lib.metrics.ledger import from_unit_costs, paid_stays, priced_on

HOME = {"placement_group": "childrens_home", "provider": "private"}


def paid_by_hand() -> tuple[pd.DataFrame, pd.DataFrame]:
    """A child who moves from a foster home into a home, for whom three rows pay, and another."""
    episodes = history({"child_id": "a", "dec": "2024-07-01"},
                       {"child_id": "a", "decom": "2024-07-01", "rne": "P"} | HOME,
                       {"child_id": "b"})
    rows = [("2024-03-01", "2024-05-01", "U6", "in_house", 500.0),
            ("2024-04-15", None, "U6", "odd", 100.0),
            ("2024-07-01", "2024-08-01", "K2", "spot", 4_000.0)]
    columns = ["start_date", "end_date", "place_code", "contract", "cost_gbp_per_week"]
    ledger = pd.DataFrame(rows, columns=columns).assign(child_id="a")
    return episodes, ledger.astype(dict.fromkeys(columns[:2], "datetime64[ns]"))


def test_each_stretch_begins_and_ends_with_its_episode_or_its_row() -> None:
    stays = paid_stays(*paid_by_hand())
    for name in ("decom", "dec", "alone_from"):
        stays[name] = stays[name].dt.strftime("%m-%d").fillna("")
    shown = ["cohort", "contract", "cost_gbp_per_week", "decom", "dec", "alone_from",
             "is_elsewhere"]
    # The row of July pays for no night of the foster home, which the child left that day.
    assert stays[shown].to_numpy().tolist() == [
        ["fostering_in_house", "in_house", 500, "04-01", "05-01", "04-01", False],
        ["fostering_in_house", "not_known", 100, "04-15", "07-01", "05-01", False],
        ["childrens_home", "spot", 4_000, "07-01", "08-01", "07-01", False],
        ["childrens_home", "not_known", 100, "07-01", "", "08-01", True],
    ]


def test_a_day_has_what_all_rows_pay_and_the_contract_of_the_dearest() -> None:
    episodes, ledger = paid_by_hand()
    # The dearer row stands last, so that it is not the contract by its place.
    found = priced_on(episodes, ledger[::-1], "2024-04-20")
    assert found.loc[0, ["child_id", "cost_gbp_per_week", "contract"]].tolist() == [
        "a", 600, "in_house"]
    assert found.loc[1, ["child_id", "contract"]].tolist() == ["b", "not_known"]
    assert found["cost_gbp_per_week"].isna().tolist() == [False, True]


def test_a_child_number_of_two_authorities_is_two_children() -> None:
    episodes, ledger = paid_by_hand()
    both = [pd.concat([frame.assign(authority=name, **more) for name, more in
                       (("a", {}), ("b", {} if frame is episodes else {"contract": "block"}))])
            for frame in (episodes, ledger)]
    each_alone(priced_on, both, "2024-04-20")


@given(st.lists(a_stay, min_size=1, max_size=8), st.integers(-30, 400))
@in_a_moment
def test_what_is_paid_on_a_day_is_what_all_rows_that_go_on_then_add_up_to(rows, after) -> None:
    episodes, ledger = paid_for(rows)
    day = BEGINS + pd.Timedelta(days=after)
    found = priced_on(episodes, ledger, day)
    stays = paid_stays(episodes, ledger)
    for row in found.to_dict("records"):
        paid = [one["cost_gbp_per_week"] for one in stays.to_dict("records")
                if one["child_id"] == row["child_id"] and one["decom"] <= day
                and (pd.isna(one["dec"]) or one["dec"] > day)]
        week = row["cost_gbp_per_week"]
        assert week == pytest.approx(sum(paid)) if paid else pd.isna(week)


def test_yearly_amounts_are_refused_where_weekly_ones_are_needed() -> None:
    episodes, ledger = paid_for([{"placement_group": "fostering", "week": 550}])
    yearly = ledger.rename(columns={"cost_gbp_per_week": "cost_gbp_per_year"})
    with pytest.raises(InputError, match="'cost_gbp_per_year' holds pounds a year"):
        paid_stays(episodes, yearly)
    for unsaid in (ledger.rename(columns={"cost_gbp_per_week": "cost"}),
                   ledger.drop(columns="cost_gbp_per_week")):
        with pytest.raises(InputError, match="whose unit is not in its name"):
            paid_stays(episodes, unsaid)


# --- unit costs in place of a ledger ------------------------------------------------------------

GIVEN = {"fostering_in_house": 550, "fostering_ifa": 850, "kinship_fostering": 310,
         "childrens_home": 5_200, "childrens_home/own": 4_100}
KINDS = [("fostering", "own"), ("fostering", "voluntary"), ("kinship_fostering", "private"),
         ("childrens_home", "own"), ("childrens_home", "private"), ("secure", "other_la"),
         ("fostering", "other_la")]


def test_unit_costs_are_those_that_the_forecast_has_of_each_kind() -> None:
    stays = history(*({"placement_group": group, "provider": provider}
                      for group, provider in KINDS))
    paid = from_unit_costs(stays, GIVEN).set_index("child_id")["cost_gbp_per_week"]
    sides = {name: side for side, names in PROVIDER_SIDES.items() for name in names}
    states = [f"{group}/{sides[provider]}" for group, provider in KINDS]
    same = unit_costs(stays, empty_table("ledger"), YEAR_END, states, GIVEN)["cost_gbp_per_week"]
    pd.testing.assert_series_equal(paid.reindex(stays["child_id"]), same, check_index=False,
                                   check_names=False)
    assert paid.tolist() == [550, 850, 310, 4_100, 5_200]


def test_a_unit_cost_of_the_forecast_is_the_mean_of_the_weekly_costs() -> None:
    rows = [{"placement_group": "fostering", "provider": "own", "week": 500},
            {"placement_group": "fostering", "provider": "own", "week": 701},
            {"placement_group": "childrens_home", "provider": "private", "week": 4_000}]
    episodes, ledger = paid_for(rows)
    # The second child's place costs £100 more by a row of its own.
    ledger = pd.concat([ledger, ledger[1:2].assign(cost_gbp_per_week=100.0)], ignore_index=True)
    table = weekly_costs(episodes, ledger, ["2025-03-31"]).set_index("cohort")
    found = unit_costs(episodes, ledger, "2025-03-31",
                       ["fostering/own", "childrens_home/independent"])
    assert found["cost_gbp_per_week"].tolist() == [650.5, 4_000.0]
    assert table.loc[["fostering_in_house", "childrens_home"], "total_gbp_per_week"].tolist() == [
        1_301, 4_000]


def test_at_unit_costs_spend_is_nights_by_the_price() -> None:
    episodes, _ = paid_for(lived("fostering", "private", 1_000, 780, "spot"))
    spent = spend_by_year(episodes, from_unit_costs(episodes, {"fostering": 700}), [YEAR_END])
    assert total(spent, "nights_priced") == 1_000
    assert total(spent, "spend_gbp_per_year") == 100_000
    nothing = from_unit_costs(episodes[:0], GIVEN)
    assert nothing.empty and list(nothing) == list(from_unit_costs(episodes, {}))
    assert from_unit_costs(episodes, {}).empty
    assert list(nothing) == ["child_id", "start_date", "end_date", "place_code", "contract",
                             "cost_gbp_per_week"]


def test_a_ledger_of_unit_costs_leaves_the_history_as_it_was() -> None:
    stays = history({"placement_group": "secure", "provider": "own"})
    before = stays.copy(deep=True)
    from_unit_costs(stays, {"secure": 9_000})
    pd.testing.assert_frame_equal(stays, before)
