"""Full unit costs: in-house beside bought with what the ledger lacks, and the eight processes."""

from __future__ import annotations

import pandas as pd
from histories import history
from test_costs import each_alone, paid_for

from sufficiency_lib.metrics.full_costs import (
    fostering_overheads,
    full_unit_costs,
    process_costs,
)
from sufficiency_lib.settings_costs import CostItem


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


def test_authorities_are_priced_and_counted_one_by_one() -> None:
    rows = [{"placement_group": "fostering", "provider": ["own", "private"][at % 2],
             "week": 500 + at, "decom": "2024-06-01", "dob": "2009-01-01"} for at in range(24)]
    episodes, ledger = (frame.assign(authority=["a"] * 10 + ["b"] * 14)
                        for frame in paid_for(rows))
    items = [CostItem(name="a", placement_group="fostering", gbp_per_year=9_000)]
    each_alone(full_unit_costs, (episodes, ledger), "2025-03-31", items)
    episodes = episodes.assign(legal_status="C2", rec=None)
    reviews = episodes[["authority", "child_id"]].assign(review=pd.Timestamp("2024-07-01"))
    each_alone(process_costs, (episodes, reviews), ["2025-03-31"], {})


def test_children_with_a_price_are_compared_group_by_group_in_their_order() -> None:
    frames = paid_for([
        {"placement_group": group, "provider": provider, "week": week}
        for group, provider, week in (
            ("childrens_home", "own", 4_000), ("childrens_home", "private", 4_500),
            ("fostering", "own", 550), ("fostering", "own", 551), ("fostering", "own", None),
            ("fostering", "private", 800),
        )
    ])  # fmt: skip
    found = full_unit_costs(*frames, "2025-03-31")
    columns = ["placement_group", "own_children", "own_gbp_per_week", "own_items_gbp_per_week",
               "independent_children", "difference_gbp_per_week"]
    # The mean of £550 and £551 is printed as £551.
    assert found[columns].to_numpy().tolist() == [
        ["fostering", 2, 551, 0, 1, 249], ["childrens_home", 1, 4_000, 0, 1, 500]
    ]


def test_a_part_of_a_week_is_rounded_half_up_and_a_child_who_moves_twice_is_one() -> None:
    # The nights of 21 to 31 March: 11, which are 1.57 weeks.
    days = ["2025-03-21", "2025-03-24", "2025-03-28", None]
    episodes = history(*(
        {"child_id": "a", "care_period_id": 1, "decom": days[at], "dec": days[at + 1],
         "rne": "SPP"[at]} for at in range(3)
    )).assign(legal_status="V2", rec=None)
    reviews = pd.DataFrame({"child_id": [], "review": pd.to_datetime([])})
    work = process_costs(episodes, reviews, ["2025-03-31"], {}).set_index("process")
    assert work.loc[["maintaining", "next_placement"], ["times", "base_times"]].to_numpy(
    ).tolist() == [[2, 1], [2, 1]]
