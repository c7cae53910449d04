"""Charts of the forecast: drawn of disclosed figures only, the same bytes every time."""

from __future__ import annotations

import re

import pandas as pd
import publishing
import pytest

from sufficiency_lib.publish import caveats_forecast
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.fans import nice_step
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

NOW, LATER, LAST = "2025-03-31", "2026-03-31", "2027-03-31"


def lines(*groups: str, least: int = 100, scenario: str = "A tenth fewer") -> pd.DataFrame:
    """History, forecast, a scenario and a past forecast of some placements."""
    rows = []
    for at, group in enumerate(groups):
        n = least * (1 + at)
        rows += [
            (group, "history", "2024-03-31", "2024-03-31", n - 4, "z", "z", "z", "z"),
            (group, "history", NOW, NOW, n, "z", "z", "z", "z"),
            (group, "no_change", NOW, LATER, "z", n, n - 9, n + 1, n + 12),
            (group, "no_change", NOW, LAST, "z", n, n - 15, n + 2, n + 23),
            (group, scenario, NOW, LATER, "z", n, n - 19, n - 8, n + 2),
            (group, scenario, NOW, LAST, "z", n, n - 33, n - 21, n + 3),
            (group, "backtest", "2024-03-31", NOW, n, n - 4, n - 13, n - 3, n + 8),
        ]
    columns = ["placement_group", "line", "origin", "date", "children", "children_at_start", "p10",
               "p50", "p90"]
    return pd.DataFrame(rows, columns=columns)


def demand(chance: float = 20.5) -> pd.DataFrame:
    return pd.DataFrame({
        "placement_group": ["childrens_home", "fostering_in_house", "secure"] * 2,
        "year_ending": [LATER] * 3 + [LAST] * 3, "children_today": [24, 131, 9] * 2,
        "capacity_places": [27, 150, None] * 2, "capacity_source": ["profile", "carers", ""] * 2,
        "largest_month_p50": 30, "largest_month_p90": 33, "largest_month_p95": 34,
        "chance_over_capacity_pct": [chance, 3.0, None] * 2,
    })


def cohorts(first: int = 30) -> pd.DataFrame:
    return pd.DataFrame({
        "year_ending": [LATER, LAST] * 2, "years_ahead": [1, 2] * 2,
        "turning_age": [16, 16, 18, 18], "todays_children": [20, 21, first, 22], "mean": 25.0,
        "p10": 20, "p50": [24, 25, first, 27], "p90": 33,
    })


FRAMES = {"forecast_with_history": lambda: lines("all"), "unexpected_demand": demand,
          "forecast_cohorts": cohorts}
OTHERS = {"forecast_with_history": lambda: lines("all", least=140),
          "unexpected_demand": lambda: demand(50.0), "forecast_cohorts": lambda: cohorts(40)}


def draw(name: str, frame: pd.DataFrame, width: int = WIDE_PX) -> Drawing:
    page = publishing.page()
    context = ChartContext(name="Herefordshire", as_at=publishing.AS_AT, words=page.words,
                           width_px=width)
    return CHARTS[name](page.disclose(name, frame), context)


def words_of(drawing: Drawing) -> list[str]:
    return re.findall(r"<text[^>]*>(.*?)</text>", svg_bytes(drawing.figure).decode())


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_every_chart_repeats_to_the_byte(name: str, width: int) -> None:
    first, second = (draw(name, FRAMES[name](), width) for _ in range(2))
    assert svg_bytes(first.figure) == svg_bytes(second.figure)
    assert first.title and first.alt.endswith(".") and "nan" not in first.alt + first.title
    assert not re.search(r"\d{4}-\d\d-\d\d", first.alt + first.title)


@pytest.mark.parametrize("name", FRAMES)
def test_two_tables_give_two_charts(name: str) -> None:
    one, other = draw(name, FRAMES[name]()), draw(name, OTHERS[name]())
    assert svg_bytes(one.figure) != svg_bytes(other.figure) and one.title != other.title


def test_a_fan_says_where_it_begins_and_how_wide_it_ends() -> None:
    drawing = draw("forecast_with_history", lines("all"))
    assert drawing.title == (
        "Children looked after: 100 now; with no change 85 to 123 on 31 March 2027, and 102 in "
        "the middle of the futures"
    )
    assert "31 March 2026, 101 (91 to 112)" in drawing.alt
    assert "A tenth fewer, middle on 31 March 2027: 79." in drawing.alt
    assert "for 31 March 2025 made on 31 March 2024, 87 to 108" in drawing.alt
    said = words_of(drawing)
    assert "A 79" in said and "102" in said and "A: A tenth fewer" in said
    assert "2024" in said and "2027" in said


def test_two_fans_stand_together_without_scenarios() -> None:
    drawing = draw("forecast_with_history", lines("fostering_in_house", "fostering_ifa"))
    assert drawing.title == (
        "With no change until 31 March 2027. Fostering, in-house: 100 now, 85 to 123. Fostering, "
        "independent agency: 200 now, 185 to 223"
    )
    assert "A tenth fewer" not in drawing.alt + " ".join(words_of(drawing))


def test_nothing_is_drawn_or_said_of_what_rests_on_few() -> None:
    drawing = draw("forecast_with_history", lines("secure", least=5))
    said = drawing.title + drawing.alt + " ".join(words_of(drawing))
    assert drawing.title == "Secure children's homes: what was and what may come"
    assert "too few children" in drawing.alt and "31 March 2025, suppressed" in drawing.alt
    # 5 today, and 6, 7 and 28 of its forecast; only years and days may be told.
    assert not re.search(r"\b(4|5|6|7|17|28)\b", re.sub(r"\d+ March \d+", "", said))
    assert words_of(drawing).count("c") >= 2


def test_the_bars_are_of_placements_whose_places_are_known() -> None:
    drawing = draw("unexpected_demand", demand())
    assert drawing.title == (
        "Children's homes (27 places): in 20.5% of futures they are not enough at some time in "
        "the year to 31 March 2026"
    )
    assert "Secure" not in drawing.alt and "3.0%" in drawing.alt
    few = demand().assign(children_today=[3, 131, 9] * 2)
    hidden = draw("unexpected_demand", few)
    assert "20.5" not in hidden.title + hidden.alt + " ".join(words_of(hidden))
    nothing = demand().assign(children_today=3)
    assert draw("unexpected_demand", nothing).title.startswith("The chance that need passes")


def test_cohorts_that_are_hidden_are_in_no_title() -> None:
    assert draw("forecast_cohorts", cohorts()).title == (
        "Most turn 18 in the year to 31 March 2026: 30 in the middle of the futures, of the years "
        "2026 to 2027"
    )
    few = cohorts().assign(todays_children=2)
    assert draw("forecast_cohorts", few).title.startswith("Young people who turn")


@pytest.mark.parametrize("top", [1, 7, 10, 11, 49, 400, 1234])
def test_a_grid_has_a_few_round_lines(top: int) -> None:
    assert 1 <= top / nice_step(top) <= 5


def test_what_is_missing_is_said() -> None:
    costs = pd.DataFrame({"placement_group": ["secure"], "cost_gbp_per_week": [None],
                          "cost_source": ["not_costed"]})
    assert caveats_forecast.spend_absent(costs, may_show=False) == caveats_forecast.NO_COSTS
    known = costs.assign(cost_gbp_per_week=5.0, cost_source="ledger")
    assert caveats_forecast.spend_absent(known, may_show=False) == caveats_forecast.COSTS_WITHHELD
    assert caveats_forecast.spend_absent(known, may_show=True) == caveats_forecast.NO_FORECAST
    assert caveats_forecast.not_costed(known) == ""
    assert caveats_forecast.targets_left_out([]) == ""
