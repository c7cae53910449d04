"""Published figures beside the authority's own: in one row, through the gate and on the page."""

from __future__ import annotations

import pandas as pd
import pytest
from comparator_cells import (
    FAR,
    NATIONAL,
    NEIGHBOURS,
    NONE,
    OWN,
    cell,
    cells,
    full_table,
    neighbours,
)

from sufficiency_lib.metrics.comparators import (
    beside,
    local_figures,
    published,
    published_figure,
)
from sufficiency_lib.publish.caveats_comparators import compared_areas
from sufficiency_lib.publish.charts_comparators import comparators as chart
from sufficiency_lib.publish.disclosure import disclose
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.specs import SPECS
from sufficiency_lib.settings import DisclosureSettings

# --- beside the authority's own --------------------------------------------------------------

def test_a_row_has_one_local_figure_and_the_published_ones() -> None:
    got = full_table().set_index("metric")
    assert got.loc[FAR, ["value", "england", "region", "neighbours", "neighbours_known"]].tolist(
    ) == [30.5, 22.0, 19.0, 35.0, 6]
    assert list(got.index) == ["rate_per_10000", FAR, "three_or_more_placements_pct"]
    assert got.loc["rate_per_10000", ["england", "region", "neighbours"]].tolist() == [67, "x", "x"]
    assert set(got["release"]) == {"31 March 2025; DfE, 2025 release"}


def test_figures_of_several_releases_are_each_stamped() -> None:
    region = cell(19, geographic_level="regional", region_name="London", time_period="2023",
                  release="DfE, 2023 release")
    got = published(cells(cell(22), region), NATIONAL, as_at="2025-03-31", region="London")
    assert beside(OWN, got).set_index("metric").at[FAR, "release"] == (
        "England: 31 March 2025; DfE, 2025 release. Region: 31 March 2023; DfE, 2023 release"
    )


def test_published_figures_pass_the_gate_and_the_authoritys_own_do_not() -> None:
    table = full_table()
    few = table["metric"] == FAR
    table.loc[few, ["value", "numerator", "denominator"]] = [1.2, 5, 400]
    low = table.assign(england=2.0, neighbours_known=5)
    shown = disclose(low, SPECS["comparators"], DisclosureSettings()).set_index("metric")
    assert shown.loc[FAR, ["value", "numerator"]].tolist() == ["c", "c"]
    assert (shown["england"] == 2.0).all() and (shown["neighbours_known"] == 5).all()
    assert shown.at["three_or_more_placements_pct", "value"] == "c"


def test_marks_of_the_tables_go_on_into_the_authoritys_figures() -> None:
    stock = pd.DataFrame({"as_at": ["2025-03-31"], "children": [40], "population_0_17": [pd.NA]})
    flows = pd.DataFrame({"year_ending": ["2025-03-31"], "started": [12], "ceased": ["c"]})
    uasc = pd.DataFrame({"as_at": ["2024-03-31", "2025-03-31"], "uasc": ["uasc"] * 2,
                         "children": [9, "c"]})
    groups = ["fostering_ifa", "kinship", "childrens_home", "secure", "total"]
    sectors = pd.DataFrame({"as_at": ["2025-03-31"] * 5, "cohort": groups,
                            "children": [20, 8, 7, "c", 40], "own_provision": [9, 8, 0, 0, 17]})
    got = local_figures(OWN, stock, flows=flows, uasc=uasc, sectors=sectors).set_index("metric")
    assert pd.isna(got.at["started_per_10000", "value"])
    assert got.at["ceased_per_10000", "value"] == "c"
    assert got.at["uasc_pct", "value"] == "c" == got.at["uasc_pct", "numerator"]
    assert got.loc["fostered_pct"].tolist() == [70.0, 28, 40]
    assert got.loc["own_provision_pct"].tolist() == [42.5, 17, 40]
    # The sum would tell the children in secure homes, so it is hidden with them.
    assert got.at["homes_pct", "value"] == "c" == got.at["homes_pct", "numerator"]
    assert got.at["placed_for_adoption_pct", "value"] == 0.0
    assert "within_rule_pct" not in got.index


def test_new_placements_are_those_of_the_year() -> None:
    stock = pd.DataFrame({"as_at": ["2025-03-31"], "children": [40], "population_0_17": [4000]})
    years = ["2024-03-31", "2025-03-31", "2025-03-31"]
    made = pd.DataFrame({"year_ending": years, "rule": "in_area", "starts": [50, 30, 60],
                         "cohort": ["all_new", "fostering", "all_new"]})
    located = pd.DataFrame({"year_ending": years, "starts": [5, "c", 9],
                            "location": ["not_known", "outside_gt_20", "not_known"]})
    got = local_figures(OWN[:0], stock, made=made, located=located)
    assert got.to_numpy().tolist() == [["new_distance_not_known_pct", 15.0, 9, 60]]
    hidden = local_figures(OWN[:0], stock, made=made, located=located.assign(starts="c"))
    assert hidden.to_numpy().tolist() == [["new_distance_not_known_pct", "c", "c", 60]]
    assert local_figures(OWN[:0], stock, made=made, located=located[:0]).empty
    assert local_figures(OWN[:0], stock, made=made).empty
    assert local_figures(OWN[:0], stock, located=located).empty
    seven = local_figures(OWN[:0], stock, made=made, located=located.assign(starts=7))
    assert seven["value"].tolist() == [11.7]


@pytest.mark.parametrize("written", [str, pd.Timestamp])
@pytest.mark.parametrize("told", [str, pd.Timestamp])
def test_a_share_is_of_the_day_however_that_is_written(written, told) -> None:
    stock = pd.DataFrame({"as_at": pd.Series([written("2025-03-31")], dtype=object),
                          "children": [60], "population_0_17": [100]})
    days = [told("2024-03-31"), told("2025-03-31")]
    ages = pd.DataFrame({"as_at": pd.Series(days, dtype=object), "age_group": "under_1",
                         "children": [9, 7]})
    assert local_figures(OWN[:0], stock, ages=ages).to_numpy().tolist() == [
        ["aged_under_1_pct", 11.7, 7, 60]]
    hidden = local_figures(OWN[:0], stock.assign(children="c"), ages=ages)
    assert hidden["value"].tolist() == ["c"]


def test_a_published_mark_stands_before_the_number_beside_it() -> None:
    assert published_figure({"value": float("nan"), "symbol": "k"}) == "k"
    assert published_figure({"value": 8.0, "symbol": float("nan")}) == 8.0


def test_an_area_of_which_nothing_is_published_has_no_column() -> None:
    got = beside(OWN, published(NONE, NATIONAL, as_at="2025-03-31"))
    assert [*got][-2:] == ["england", "release"]
    assert "England 22%" in chart(got, CONTEXT).alt


def test_nobody_looked_after_has_no_shares() -> None:
    stock = pd.DataFrame({"as_at": ["2025-03-31"], "children": [0], "population_0_17": [100]})
    ages = pd.DataFrame({"as_at": ["2025-03-31"], "age_group": ["under_1"], "children": [0]})
    got = local_figures(OWN[:0], stock, ages=ages)
    assert got["metric"].tolist() == ["aged_under_1_pct"]
    assert pd.isna(got.at[0, "value"])


# --- on the page -----------------------------------------------------------------------------

CONTEXT = ChartContext("Herefordshire", pd.Timestamp("2025-03-31").date())


@pytest.mark.parametrize("width_px", [720, 340])
def test_the_chart_tells_the_authority_from_the_published_figures(width_px: int) -> None:
    context = ChartContext(CONTEXT.name, CONTEXT.as_at, width_px=width_px)
    drawn = chart(full_table(), context)
    assert drawn.title == (
        "Placed more than 20 miles from home: 30.5%, beside 22% in England"
    )
    assert "30.5% (England 22%, Region 19%, Similar councils 35%)" in drawn.alt
    assert "Three or more placements in the year suppressed (England 10%" in drawn.alt
    assert "per 10,000" not in drawn.alt
    assert "31 March 2025; DfE, 2025 release" in drawn.base
    axes = drawn.figure.axes[0]
    # One bar of the authority's own, one hatched stub; the rest are marks.
    assert len([patch for patch in axes.patches if patch.get_hatch()]) == 1
    words = {text.get_text() for text in axes.texts}
    assert {"This authority", "England", "Region", "Similar councils", "30.5%", "c"} <= words


def test_the_chart_says_nothing_of_what_is_suppressed() -> None:
    table = full_table().assign(value="c")
    drawn = chart(table, CONTEXT)
    assert drawn.title == "The authority's measures beside the published ones"
    only_england = chart(full_table().assign(region="x", neighbours="x"), CONTEXT)
    assert "Region" not in only_england.alt and "Similar" not in only_england.alt


def test_the_sentence_names_releases_and_what_is_missing() -> None:
    england = published(NONE, NATIONAL, as_at="2025-03-31")
    assert "31 March 2025 (DfE, 2025 release). No published statistics were given" in (
        compared_areas(england, region="London")
    )
    rows = cells(cell(22), cell(18, geographic_level="regional", region_name="London"))
    got = published(rows, NATIONAL[:0], as_at="2025-03-31", region="London")
    said = compared_areas(got, region="London")
    assert "England and London (the region); 31 March 2025 (DfE, 2025 release)." in said
    assert "Inner and Outer London together" in said
    assert "No statistical neighbours are named" in said
    named = compared_areas(
        neighbours([10, 20, 30, 40, 50, 60]), region="London", neighbours=NEIGHBOURS,
        names={"E06000051": "Shropshire"},
    )
    assert "its statistical neighbours: Shropshire, E06000066" in named
    assert "No figures of London were given." in named
    assert "There are no published figures" in compared_areas(got[:0])
