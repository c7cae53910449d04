"""What goes with a dearer placement: Welch's interval, and when nothing is compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_costs import each_alone, paid_for

from sufficiency_lib.metrics.cost_differences import cost_differences, welch


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


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("one", "two"), [([1, 2], [3, 4]), ([900, 940], [800, 800]), ([800, 800], [900, 940])]
)
def test_where_either_side_is_spread_there_is_room_for_doubt(one, two) -> None:
    low, high = welch(np.array(one, dtype="float64"), np.array(two, dtype="float64"))
    assert low < np.mean(one) - np.mean(two) < high


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
    for fewer in (episodes[1:], episodes[:-1]):
        assert cost_differences(fewer, ledger, "2025-03-31").empty


def test_half_pounds_of_a_difference_are_rounded_away_from_nought() -> None:
    # Ten at £800 and ten at £802.50: 2.50 dearer, which every other table prints as 3.
    rows = [{"placement_group": "fostering", "provider": "own", "week": 802.5 if far else 800,
             "distance_band": "gt_20" if far else "le_20"} for far in (1, 0) for _ in range(10)]
    episodes, ledger = paid_for(rows)
    episodes = episodes.assign(placement_id=1, placement_postcode="AB1 2CD")
    for sign, bands in ((1, {}), (-1, {"gt_20": "le_20", "le_20": "gt_20"})):
        turned = episodes.assign(distance_band=episodes["distance_band"].replace(bands))
        found = cost_differences(turned, ledger, "2025-03-31").set_index("factor")
        assert found.at["over_20_miles", "difference_gbp_per_week"] == 3 * sign


def test_authorities_are_compared_one_by_one() -> None:
    rows = [{"placement_group": "fostering", "provider": "own", "week": 500 + at,
             "distance_band": ["le_20", "gt_20"][at % 2]} for at in range(24)]
    frames = [frame.assign(authority=["a"] * 10 + ["b"] * 14) for frame in paid_for(rows)]
    frames[0] = frames[0].assign(placement_id=1, placement_postcode="AB1 2CD")
    each_alone(cost_differences, frames, "2025-03-31", fewest=2)


def test_who_has_lived_in_three_placements_is_set_against_who_has_not() -> None:
    days = ["2024-05-01", "2024-07-01", "2024-09-01"]
    rows = [
        {"child_id": child, "placement_group": "fostering", "week": week, "decom": first,
         "dec": last, "rne": "P", "distance_band": "not_known", "care_period_id": 1}
        for child, week, moves in (("a", 900, 3), ("b", 902, 3), ("c", 780, 2), ("d", 784, 2))
        for first, last in zip(days[-moves:], [*days[1:], None][-moves:], strict=True)
    ]  # fmt: skip
    episodes, ledger = paid_for(rows)
    episodes = episodes.assign(placement_id=range(10), placement_postcode=None)
    found = cost_differences(episodes, ledger, "2025-03-31", fewest=2)
    assert found[["factor", "difference_gbp_per_week", "base_children_with"]].to_numpy(
    ).tolist() == [["three_or_more_placements", 119, 2]]
