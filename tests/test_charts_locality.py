"""The tables and the chart of locality as they are published: marks, sums and titles."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from histories import history, many

from sufficiency_lib.metrics.distances import distance_summary, new_placements_by_distance
from sufficiency_lib.metrics.locality import (
    locality,
    locality_by,
    locality_of_new_placements,
    locality_of_new_placements_by,
    locality_trend,
)
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.disclosure import MARKS, SUPPRESSED
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

START, DAY = "2024-03-31", "2025-03-31"
RULES = {"rules": ["home_20_miles", "in_area"], "code": "E06000018"}
FAR = {"distance_miles": 31.0, "distance_band": "gt_20", "boundary": "outside",
       "placement_authority": "E06000019"}
LOST = {"distance_miles": None, "distance_band": "not_known", "placement_authority": None,
        "border_miles": None, "boundary": "outside"}


def tables(episodes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every table of this section, under its name."""
    return {
        "locality": locality(episodes, DAY, **RULES),
        "locality_by_provider": locality_by(
            episodes, DAY, dimension="provider_group", **RULES),
        "locality_by_age": locality_by(episodes, DAY, dimension="age_group", **RULES),
        "locality_trend": locality_trend(episodes, [START, DAY], **RULES),
        "distance_summary": distance_summary(episodes, DAY),
        "locality_of_new_placements": locality_of_new_placements(episodes, [DAY], **RULES),
        "new_placements_by_provider": locality_of_new_placements_by(
            episodes, [DAY], dimension="provider_group", **RULES),
        "new_placements_by_age": locality_of_new_placements_by(
            episodes, [DAY], dimension="age_group", **RULES),
        "new_placements_by_distance": new_placements_by_distance(episodes, [DAY]),
    }


def disclosed(episodes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    page = publishing.page()
    return {name: page.disclose(name, frame) for name, frame in tables(episodes).items()}


@pytest.mark.parametrize(
    "episodes",
    [history(), history({}), many([(9, LOST)]), many([(30, {}), (3, FAR), (8, LOST)])],
    ids=["nobody", "one", "nothing known", "some"],
)
def test_no_table_holds_a_nan_nor_a_rate_of_nothing_known(episodes: pd.DataFrame) -> None:
    for name, shown in disclosed(episodes).items():
        assert not shown.isna().any().any(), name
        if "within" in shown:
            nothing = shown[(shown["within"] == 0) & (shown["beyond"] == 0)]
            assert set(nothing["rate_pct"]) | set(nothing["rate_of_known_pct"]) <= set(MARKS), name
        if "median_miles" in shown:
            assert name == "distance_summary"
            unknown = tables(episodes)[name]["base_children"] == 0
            assert set(shown.loc[unknown, "median_miles"]) <= set(MARKS)


def test_a_median_of_few_is_hidden_however_many_children_there_are() -> None:
    shown = disclosed(many([(5, {}), (40, LOST)]))["distance_summary"].iloc[0]
    assert shown["median_miles"] == SUPPRESSED
    shown = disclosed(many([(6, {}), (40, LOST)]))["distance_summary"].iloc[0]
    assert (shown["median_miles"], shown["upper_quartile_miles"]) == (5.0, "x")


def test_a_location_is_not_given_away_by_the_rate_within_20_miles() -> None:
    """The two sides of the boundary add up to what the rule of 20 miles from home prints."""
    inside_far = FAR | {"boundary": "inside"}
    shown = disclosed(many([(90, {}), (3, inside_far), (40, FAR), (20, LOST)]))
    everyone = shown["locality_of_new_placements"].iloc[0]
    assert (everyone["within"], everyone["beyond"], everyone["not_known"]) == (90, 43, 20)
    starts = shown["new_placements_by_distance"].set_index("location")["starts"]
    assert starts[["inside_gt_20", "outside_gt_20"]].tolist() == [SUPPRESSED, SUPPRESSED]
    assert starts[["inside_le_20", "not_known"]].tolist() == [90, 20]


def test_placements_of_few_children_are_hidden_however_many_they_are() -> None:
    moves = [{"child_id": f"c{n % 2}", "rne": "P", **FAR} for n in range(12)]
    shown = disclosed(pd.concat([many([(60, {})]), history(*moves)], ignore_index=True))
    everyone = shown["locality_of_new_placements"].iloc[0]
    assert everyone["starts"] == 72 and everyone["beyond"] == SUPPRESSED


@pytest.mark.parametrize("name", ["locality_of_new_placements", "new_placements_by_distance"])
def test_a_flow_bears_no_word_of_the_stock(name: str) -> None:
    page = publishing.page()
    html = publishing.outputs(lambda: page.table(name, tables(many([(30, {})]))[name]))
    text = html[0].data["text/html"]
    assert "New placements" in text and "year ending 31 March 2025" in text
    assert "looked after" not in text and "Children</th>" not in text


def drawn(episodes: pd.DataFrame, width: int = WIDE_PX, rule: str = "home_20_miles"):
    shown = disclosed(episodes)["locality_trend"]
    context = ChartContext(name="Herefordshire", as_at=publishing.AS_AT, rule=rule,
                           words=publishing.page().words, width_px=width)
    return CHARTS["locality_trend"](shown, context)


EARLIER = {"decom": "2023-05-01"}
RISING = many([(60, EARLIER), (20, FAR | EARLIER | {"dec": "2024-06-01"}), (20, FAR)])


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_the_trend_is_the_same_bytes_and_says_its_values(width: int) -> None:
    first, second = drawn(RISING, width), drawn(RISING, width)
    svg = svg_bytes(first.figure)
    assert svg == svg_bytes(second.figure)
    assert b"Inside the authority" in svg and b"Within 20 miles of the child" in svg
    assert "31 March 2024, 75.0%; 31 March 2025, 75.0%" in first.alt
    assert "Inside the authority's area: 31 March 2024, 75.0%" in first.alt


def test_the_title_says_the_rule_and_which_way_it_went() -> None:
    where = "of children were placed within 20 miles of the child's home on 31 March 2025"
    assert drawn(RISING).title == f"75.0% {where}, as on 31 March 2024"
    fallen = many([(60, EARLIER), (40, FAR)])
    assert drawn(fallen).title == f"60.0% {where}, down from 100.0% on 31 March 2024"
    better = many([(60, EARLIER), (20, FAR | EARLIER | {"dec": "2024-06-01"})])
    assert drawn(better).title == f"100.0% {where}, up from 75.0% on 31 March 2024"
    area = drawn(fallen, rule="in_area").title
    assert area.startswith("60.0% of children were placed inside the authority's area")


def test_the_title_is_neutral_where_the_rate_is_hidden_or_not_known() -> None:
    neutral = "Children placed within 20 miles of the child's home at each date"
    assert drawn(many([(3, EARLIER), (30, FAR)])).title == neutral
    assert drawn(many([(30, EARLIER | LOST)])).title == neutral
    assert drawn(many([(30, {})])).title == (
        "100.0% of children were placed within 20 miles of the child's home on 31 March 2025"
    )
