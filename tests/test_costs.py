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
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.metrics.bed_nights import bed_nights_by_cohort
from sufficiency_lib.metrics.costs import (
    dearest_placements,
    ledger_coverage,
    spend_by_year,
    weekly_costs,
    weekly_costs_by_contract,
)
from sufficiency_lib.metrics.provision import placements_by_sector
from sufficiency_lib.publish.page import Page

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


def each_alone(measure, frames: Sequence[pd.DataFrame], *told: object, **more: object) -> None:
    """Holds that the table of authorities a and b at once is that of each by itself."""
    both = measure(*frames, *told, by=("authority",), **more)
    assert list(both)[0] == "authority" and both["authority"].is_monotonic_increasing
    assert set(both["authority"]) == {"a", "b"}
    for name, part in both.groupby("authority"):
        alone = measure(*(frame[frame["authority"] == name] for frame in frames), *told, **more)
        pd.testing.assert_frame_equal(
            part.drop(columns="authority").reset_index(drop=True)[list(alone)], alone
        )


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


a_stay = st.fixed_dictionaries({
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


@given(st.lists(a_stay, min_size=1, max_size=8))
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


@given(st.lists(a_stay, min_size=1, max_size=6))
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
    for measure in (weekly_costs, spend_by_year, ledger_coverage, dearest_placements,
                    weekly_costs_by_contract):
        each_alone(measure, (episodes, ledger), _YEARS)
        assert measure(episodes, ledger, [], by=["authority"]).empty


def test_without_a_ledger_or_a_history_there_are_no_rows_or_nought() -> None:
    episodes, ledger = paid_for([{"placement_group": "fostering", "week": 550}])
    nothing = empty_table("ledger")
    for measure in (weekly_costs, weekly_costs_by_contract, spend_by_year, ledger_coverage,
                    dearest_placements):
        without = measure(episodes, nothing, ["2025-03-31"])
        assert without.empty
        assert list(measure(episodes[:0], ledger, ["2025-03-31"])) == list(without)


def test_a_child_of_two_stays_is_one_and_a_night_paid_twice_is_one_night() -> None:
    stay = {"child_id": "a", "decom": "2025-03-22", "week": 550}
    episodes, ledger = paid_for([
        stay | {"dec": "2025-03-26"}, stay | {"decom": "2025-03-26", "rne": "P"},
        stay | {"child_id": "b"},
    ])  # fmt: skip
    # Another £70 a week begins on the last day, for one of the two.
    more = ledger[:1].assign(start_date=pd.Timestamp("2025-03-31"), end_date=pd.NaT,
                             cost_gbp_per_week=70.0)
    both = (episodes, pd.concat([ledger, more], ignore_index=True), ["2025-03-31"])
    spent = spend_by_year(*both).iloc[0]
    counted = ["nights", "nights_priced", "base_nights", "base_nights_priced"]
    assert spent[counted].tolist() == [20, 20, 2, 2]
    assert spent["spend_gbp_per_year"] == round((20 * 550 + 70) / 7)
    held = ledger_coverage(*both).iloc[0]
    counted += ["nights_paid_twice", "base_nights_paid_twice", "base_nights_paid_outside"]
    assert held[counted].tolist() == [20, 20, 2, 2, 1, 1, 0]


def test_a_total_is_of_the_whole_pounds_above_it() -> None:
    paid = {"fostering": (550, 551), "childrens_home": (100.5,), "secure": (100.5,)}
    rows = [{"placement_group": group, "week": week} for group, weeks in paid.items()
            for week in weeks]
    found = weekly_costs(*paid_for(rows), ["2025-03-31"])
    assert found["total_gbp_per_week"].tolist() == [1_101, 101, 101, 1_303]
    assert found["mean_gbp_per_week"].tolist() == [551, 101, 101, 326]


def test_what_is_paid_for_a_child_whom_the_history_does_not_have_is_outside() -> None:
    episodes, ledger = paid_for([{"decom": "2025-03-22", "week": 550}] * 2)
    held = ledger_coverage(episodes, ledger.assign(child_id=["c0", "stranger"]), ["2025-03-31"])
    columns = ["nights", "nights_priced", "nights_paid_outside", "base_nights_paid_outside"]
    assert held[columns].to_numpy().tolist() == [[20, 10, 10, 1]]


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


# --- the dearest placements ----------------------------------------------------------------------


@pytest.mark.parametrize(("priced", "dearest"), [(14, 1), (15, 2)])
def test_a_tenth_of_the_placements_is_rounded_half_up(priced: int, dearest: int) -> None:
    rows = [{"placement_group": "fostering", "week": 500}] * priced
    made = dearest_placements(*paid_for(rows), ["2025-03-31"])
    assert made["dearest_children"].tolist() == [dearest]


def test_the_dearest_and_the_others_are_in_whole_pounds_and_of_nobody_there_are_none() -> None:
    weeks = [1_000, 1_001, 506.5, *[500] * 12]
    rows = [{"placement_group": "fostering", "week": week} for week in weeks]
    made = dearest_placements(*paid_for(rows), ["2024-03-31", "2025-03-31"])
    # 2,001 of 8,507.50; 1,000.50 each, and the 13 others 500.50.
    figures = ["dearest_share_pct", "dearest_mean_gbp_per_week", "others_mean_gbp_per_week"]
    assert made.loc[1, figures].tolist() == [23.5, 1_001, 501]
    assert made.loc[0, figures].isna().all() and made.at[0, "dearest_children"] == 0
