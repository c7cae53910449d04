"""What placements cost, against a council's published arithmetic and properties that must hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import pytest
from histories import history, quickly
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.codes import PROVIDER_SIDES
from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.spend import unit_costs
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.bed_nights import bed_nights_by_cohort
from sufficiency_lib.metrics.cost_differences import cost_differences, welch
from sufficiency_lib.metrics.costs import (
    dearest_placements,
    ledger_coverage,
    spend_by_year,
    weekly_costs,
    weekly_costs_by_contract,
)
from sufficiency_lib.metrics.full_costs import (
    fostering_overheads,
    full_unit_costs,
    process_costs,
)
from sufficiency_lib.metrics.ledger import from_unit_costs, paid_stays, priced_on
from sufficiency_lib.metrics.provision import placements_by_sector
from sufficiency_lib.publish.page import Page
from sufficiency_lib.settings_costs import CostItem

YEAR_END, BEGINS = "2019-03-31", pd.Timestamp("2018-04-01")


def lived(group: str, provider: str, nights: int, week: float, contract: str) -> list[dict]:
    """Children who make up so many nights of one year, each with its price."""
    return [
        {"placement_group": group, "provider": provider, "decom": BEGINS,
         "dec": BEGINS + pd.Timedelta(days=min(365, nights - first)), "week": week,
         "contract": contract}
        for first in range(0, nights, 365)
    ]  # fmt: skip


def paid_for(rows: Sequence[dict]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A history and its ledger; a row without a week's cost has no row there."""
    episodes = history(*({k: v for k, v in row.items() if k not in ("week", "contract")}
                         for row in rows))
    ledger = pd.DataFrame({
        "child_id": episodes["child_id"], "start_date": episodes["decom"],
        "end_date": episodes["dec"], "place_code": "U6",
        "contract": [row.get("contract") for row in rows],
        "cost_gbp_per_week": pd.Series([row.get("week") for row in rows], dtype="float64"),
    })
    return episodes, ledger[ledger["cost_gbp_per_week"].notna()]


def total(table: pd.DataFrame, column: str) -> float:
    return table.loc[table["cohort"] == "total", column].iloc[-1]


@pytest.mark.parametrize(
    ("contract", "week", "millions"), [("framework", 780, 6.35), ("spot", 920, 6.87)]
)
def test_herefordshires_fostering_nights_come_to_what_it_said(contract, week, millions) -> None:
    # 70,000 nights, 63% in-house at £550 and 37% by agencies: "c. £7m", £6.4-6.9m.
    rows = lived("fostering", "own", 44_100, 550, "in_house")
    rows += lived("fostering", "private", 25_900, week, contract)
    spent = spend_by_year(*paid_for(rows), [YEAR_END])
    assert total(spent, "nights") == total(spent, "nights_priced") == 70_000
    assert total(spent, "spend_gbp_per_year") / 1e6 == pytest.approx(millions, abs=0.01)


def test_herefordshires_residential_nights_are_567_pounds_and_26_6_children() -> None:
    rows = lived("childrens_home", "private", 5_700 + 4_000, 567 * 7, "spot")
    home = spend_by_year(*paid_for(rows), [YEAR_END]).iloc[0]
    assert (home["nights"], home["average_children"]) == (9_700, 26.6)
    assert home["cost_gbp_per_night"] == 567
    assert home["spend_gbp_per_year"] / 1e6 == pytest.approx(5.5, abs=0.001)


_row = st.fixed_dictionaries({
    "placement_group": st.sampled_from(["fostering", "kinship_fostering", "childrens_home",
                                        "parents"]),
    "provider": st.sampled_from([one for names in PROVIDER_SIDES.values() for one in names]),
    "decom": st.dates(date(2023, 10, 1), date(2025, 2, 1)).map(pd.Timestamp),
    "week": st.none() | st.floats(0.01, 9_999, allow_nan=False).map(lambda cost: round(cost, 2)),
    "contract": st.sampled_from(["in_house", "framework", "spot", None]),
})
_YEARS = ["2024-03-31", "2025-03-31"]
#: Many tables an example: fewer examples.
in_a_moment = settings(quickly, max_examples=5)


@given(st.lists(_row, min_size=1, max_size=8))
@in_a_moment
def test_costs_are_of_the_same_children_and_nights_as_other_tables(rows) -> None:
    episodes, ledger = paid_for(rows)
    if ledger.empty:
        return
    weekly = weekly_costs(episodes, ledger, _YEARS[1:])
    sectors = placements_by_sector(episodes, _YEARS[1:])
    assert total(weekly, "children") == total(sectors, "children")
    parts = weekly[weekly["cohort"] != "total"]
    for column in ("children", "children_priced", "total_gbp_per_week"):
        assert parts[column].sum() == total(weekly, column)
    by_contract = weekly_costs_by_contract(episodes, ledger, _YEARS[1:])
    assert by_contract["children_priced"].sum() == total(weekly, "children_priced")
    spent = spend_by_year(episodes, ledger, _YEARS)
    slept = bed_nights_by_cohort(episodes, _YEARS)
    assert total(spent, "nights") == slept.loc[slept["cohort"] == "total", "nights"].iloc[-1]
    held = ledger_coverage(episodes, ledger, _YEARS)
    assert held["nights_priced"].iloc[-1] == total(spent, "nights_priced")
    assert (held[["nights_paid_twice", "nights_paid_outside"]] == 0).all(axis=None)
    assert (spent["nights_priced"] <= spent["nights"]).all()


@given(st.lists(_row, min_size=1, max_size=8), st.integers(-30, 400))
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


@given(st.lists(_row, min_size=1, max_size=6))
@in_a_moment
def test_a_row_cut_in_two_costs_the_same(rows) -> None:
    episodes, ledger = paid_for(rows)
    cut = pd.Timestamp("2024-11-01")
    first = ledger.assign(end_date=cut)[ledger["start_date"] < cut]
    second = ledger.assign(start_date=ledger["start_date"].clip(lower=cut))
    halves = pd.concat([second, first], ignore_index=True)
    pd.testing.assert_frame_equal(
        spend_by_year(episodes, halves, _YEARS), spend_by_year(episodes, ledger, _YEARS)
    )


def test_two_authorities_are_two_tables() -> None:
    rows = [{"placement_group": "fostering", "provider": "own", "week": 550}] * 2
    rows += [{"placement_group": "childrens_home", "provider": "private", "week": 4_000}]
    episodes, ledger = paid_for(rows)
    # The same child number in both: a child is known by authority and number.
    episodes, ledger = (frame.assign(authority=["a", "b", "b"], child_id=["1", "1", "2"])
                        for frame in (episodes, ledger))
    for measure, when in ((weekly_costs, ["2025-03-31"]), (spend_by_year, ["2025-03-31"]),
                          (ledger_coverage, ["2025-03-31"]), (dearest_placements, ["2025-03-31"]),
                          (weekly_costs_by_contract, ["2025-03-31"])):
        both = measure(episodes, ledger, when, by=["authority"])
        for name, part in both.groupby("authority"):
            alone = measure(episodes[episodes["authority"] == name],
                            ledger[ledger["authority"] == name], when)
            pd.testing.assert_frame_equal(
                part.drop(columns="authority").reset_index(drop=True)[list(alone)], alone
            )


def test_what_is_compared_and_counted_is_so_for_each_authority() -> None:
    rows = [{"placement_group": "fostering", "provider": ["own", "private"][at % 2],
             "week": 500 + at, "distance_band": ["le_20", "gt_20"][at // 2 % 2],
             "decom": "2024-06-01", "dob": "2009-01-01"} for at in range(48)]
    frames = [frame.assign(authority=["a"] * 20 + ["b"] * 28) for frame in paid_for(rows)]
    frames[0] = frames[0].assign(placement_id=1, placement_postcode="AB1 2CD",
                                 legal_status="C2", rec=None)
    reviews = frames[0][["authority", "child_id"]].assign(review=pd.Timestamp("2024-07-01"))
    items = [CostItem(name="a", placement_group="fostering", gbp_per_year=9_000)]
    measures = {
        full_unit_costs: ("2025-03-31", items), process_costs: (["2025-03-31"], {}),
        cost_differences: ("2025-03-31",),
    }  # fmt: skip
    for measure, told in measures.items():
        beside = reviews if measure is process_costs else frames[1]
        fewest = {"fewest": 2} if measure is cost_differences else {}
        both = measure(frames[0], beside, *told, by=("authority",), **fewest)
        assert set(both["authority"]) == {"a", "b"}
        for name, part in both.groupby("authority"):
            own = [frame[frame["authority"] == name] for frame in (frames[0], beside)]
            alone = measure(*own, *told, **fewest)
            pd.testing.assert_frame_equal(
                part.drop(columns="authority").reset_index(drop=True)[list(alone)], alone
            )


def test_yearly_amounts_are_refused_where_weekly_ones_are_needed() -> None:
    episodes, ledger = paid_for([{"placement_group": "fostering", "week": 550}])
    yearly = ledger.rename(columns={"cost_gbp_per_week": "cost_gbp_per_year"})
    with pytest.raises(InputError, match="'cost_gbp_per_year' holds pounds a year"):
        paid_stays(episodes, yearly)
    with pytest.raises(InputError, match="whose unit is not in its name"):
        paid_stays(episodes, ledger.rename(columns={"cost_gbp_per_week": "cost"}))


def test_without_a_ledger_or_a_history_there_are_no_rows_or_nought() -> None:
    episodes, ledger = paid_for([{"placement_group": "fostering", "week": 550}])
    nothing = empty_table("ledger")
    for measure in (weekly_costs, weekly_costs_by_contract, spend_by_year, ledger_coverage,
                    dearest_placements):
        without = measure(episodes, nothing, ["2025-03-31"])
        assert without.empty
        assert list(measure(episodes[:0], ledger, ["2025-03-31"])) == list(without)


# --- what goes with a dearer placement ---------------------------------------------------------


def test_welch_is_the_interval_worked_from_its_formula() -> None:
    from scipy.stats import t

    one, two = pd.Series([900.0, 940, 1_000, 700]), pd.Series([780.0, 800, 790])
    spread = [values.var() / len(values) for values in (one, two)]
    freedom = sum(spread) ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(spread, (one, two), strict=True)
    )
    half = t.ppf(0.975, freedom) * sum(spread) ** 0.5
    gap = one.mean() - two.mean()
    assert welch(one.to_numpy(), two.to_numpy()) == pytest.approx((gap - half, gap + half))


def test_few_children_are_not_compared() -> None:
    stays = {"placement_id": 1, "placement_postcode": "AB1 2CD"}
    rows = [{"placement_group": "childrens_home", "provider": "private", "week": 4_000 + at,
             "distance_band": "gt_20" if at < 10 else "le_20"} for at in range(20)]
    episodes, ledger = paid_for(rows)
    episodes = episodes.assign(**stays)
    found = cost_differences(episodes, ledger, "2025-03-31")
    assert found[["factor", "difference_gbp_per_week"]].to_numpy().tolist() == [
        ["over_20_miles", -10.0]
    ]
    assert cost_differences(episodes[1:], ledger, "2025-03-31").empty


# --- full costs --------------------------------------------------------------------------------


def test_overheads_are_of_fostering_and_of_each_side() -> None:
    episodes, _ = paid_for([{"placement_group": "fostering"}] * 2)
    items = [
        CostItem(name="a", placement_group="fostering", gbp_per_week=100),
        CostItem(name="b", placement_group="fostering", gbp_per_year=730),
        CostItem(name="c", placement_group="fostering", side="independent", gbp_per_week=15),
        CostItem(name="d", placement_group="childrens_home", gbp_per_week=900),
    ]
    # 730 nights in the year, so 730 pounds are one a night and seven a week.
    assert fostering_overheads(episodes, "2025-03-31", items) == {
        "own_overheads_gbp_per_week": 107.0, "agency_overheads_gbp_per_week": 15.0
    }


def test_nothing_is_compared_that_is_only_owned_or_only_bought() -> None:
    episodes, ledger = paid_for([
        {"placement_group": "fostering", "provider": "own", "week": 550},
        {"placement_group": "kinship_fostering", "provider": "own", "week": 300},
        {"placement_group": "childrens_home", "provider": "private", "week": 4_000},
    ])
    assert full_unit_costs(episodes, ledger, "2025-03-31").empty


def test_work_without_a_unit_cost_is_counted_and_not_priced() -> None:
    episodes = history({"dob": "2008-09-01"}).assign(legal_status="C2", rec=None)
    reviews = pd.DataFrame({"child_id": ["c0", "stranger"],
                            "review": pd.to_datetime(["2024-06-01"] * 2)})
    work = process_costs(episodes, reviews, ["2025-03-31"], {}).set_index("process")
    assert work["times"].to_dict() == {
        "first_placement": 1, "care_planning": 1, "maintaining": 52, "ceasing": 0,
        "next_placement": 0, "review": 1, "legal": 1, "leaving_care": 1,
    }
    assert work["spend_gbp_per_year"].isna().all()


# --- what a page shows -------------------------------------------------------------------------


def public(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    import publishing

    page: Page = publishing.page()
    return page.disclose(table, frame)


def test_the_cost_of_a_few_is_hidden_and_not_to_be_had_by_subtraction() -> None:
    rows = [{"placement_group": "fostering", "provider": "own", "week": 550}] * 40
    rows += [{"placement_group": "fostering", "provider": "private", "week": 800}] * 20
    rows += [{"placement_group": "secure", "provider": "other_la", "week": 7_000}] * 2
    episodes, ledger = paid_for(rows)
    weekly = public("weekly_costs", weekly_costs(episodes, ledger, ["2025-03-31"]))
    amounts = dict(zip(weekly["cohort"], weekly["total_gbp_per_week"], strict=True))
    assert amounts["secure"] == "c" and amounts["total"] == 40 * 550 + 20 * 800 + 2 * 7_000
    assert [cohort for cohort, amount in amounts.items() if amount == "c"] == [
        "fostering_ifa", "secure"
    ]
    hidden = weekly[weekly["total_gbp_per_week"] == "c"]
    assert (hidden[["mean_gbp_per_week", "median_gbp_per_week"]] == "c").all(axis=None)
    spent = public("spend_in_year", spend_by_year(episodes, ledger, ["2025-03-31"]))
    few = spent[spent["cohort"] == "secure"].iloc[0]
    assert few["spend_gbp_per_year"] == few["cost_gbp_per_night"] == "c"
    assert (spent["spend_gbp_per_year"] == "c").sum() > 1


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
    same = unit_costs(empty_table("ledger"), YEAR_END, states, GIVEN)["cost_gbp_per_week"]
    pd.testing.assert_series_equal(paid.reindex(stays["child_id"]), same, check_index=False,
                                   check_names=False)
    assert paid.tolist() == [550, 850, 310, 4_100, 5_200]


def test_at_unit_costs_spend_is_nights_by_the_price() -> None:
    episodes, _ = paid_for(lived("fostering", "private", 1_000, 780, "spot"))
    spent = spend_by_year(episodes, from_unit_costs(episodes, {"fostering": 700}), [YEAR_END])
    assert total(spent, "nights_priced") == 1_000
    assert total(spent, "spend_gbp_per_year") == 100_000
    nothing = from_unit_costs(episodes[:0], GIVEN)
    assert nothing.empty and list(nothing) == list(from_unit_costs(episodes, {}))
    assert from_unit_costs(episodes, {}).empty


def test_a_ledger_of_unit_costs_leaves_the_history_as_it_was() -> None:
    stays = history({"placement_group": "secure", "provider": "own"})
    before = stays.copy(deep=True)
    from_unit_costs(stays, {"secure": 9_000})
    pd.testing.assert_frame_equal(stays, before)
