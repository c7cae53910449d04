"""Charts and sentences of children: made of disclosed figures, the same bytes every time."""

from __future__ import annotations

import re

import pandas as pd
import publishing
import pytest

from sufficiency_lib.publish.caveats_children import (
    adults_counted,
    cohorts_known,
    estimates_used,
)
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

MONTHS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2023-04-01", "2025-03-31", freq="ME")]


def by_month(first: int = 310) -> pd.DataFrame:
    return pd.DataFrame({"as_at": MONTHS, "children": [first + at for at in range(24)]})


def by_age(under_1: int = 14) -> pd.DataFrame:
    groups = ["under_1", "1_to_4", "5_to_9", "10_to_15", "16_and_over", "not_known"]
    return pd.DataFrame({
        "as_at": "2025-03-31", "age_group": groups, "female": [7, 20, 25, 50, 30, 0],
        "male": [under_1 - 7, 20, 25, 60, 50, 0], "not_known": 0,
        "children": [under_1, 40, 50, 110, 80, 0],
        "share_pct": [4.8, 13.6, 17.0, 37.4, 27.2, 0.0], "aged_18_and_over": [0] * 6,
    })


def flow(started: int = 151) -> pd.DataFrame:
    return pd.DataFrame({"year_ending": ["2024-03-31", "2025-03-31"],
                         "started": [142, started], "ceased": [137, 149]})


FRAMES = {"looked_after_by_month": by_month, "children_by_age": by_age,
          "started_and_ceased": flow}


def draw(name: str, frame: pd.DataFrame, width: int = WIDE_PX) -> Drawing:
    page = publishing.page()
    context = ChartContext(name="Herefordshire", as_at=publishing.AS_AT, words=page.words,
                           width_px=width)
    return CHARTS[name](page.disclose(name, frame), context)


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_every_chart_repeats_to_the_byte(name: str, width: int) -> None:
    first, second = (draw(name, FRAMES[name](), width) for _ in range(2))
    svg = svg_bytes(first.figure)
    assert svg == svg_bytes(second.figure) and b"<text" in svg
    assert first.title and first.alt.endswith(".") and "nan" not in first.alt + first.title
    assert not re.search(r"\d{4}-\d\d-\d\d", first.alt + first.title)


@pytest.mark.parametrize("name", FRAMES)
def test_two_tables_give_two_charts(name: str) -> None:
    other = FRAMES[name]().copy()
    numbers = other.select_dtypes("number").columns
    other[numbers] = other[numbers] * 1.5 + 6
    assert svg_bytes(draw(name, FRAMES[name]()).figure) != svg_bytes(draw(name, other).figure)


def test_titles_say_what_the_chart_shows() -> None:
    assert draw("looked_after_by_month", by_month()).title == (
        "Children looked after were between 310 (April 2023) and 333 (March 2025) at the end of "
        "a month"
    )
    assert draw("children_by_age", by_age()).title == (
        "37.4% of children looked after were aged 10 to 15 on 31 March 2025"
    )
    assert draw("started_and_ceased", flow()).title == (
        "More children started (151) than ceased (149) to be looked after in the year to "
        "31 March 2025"
    )
    assert "Fewer" in draw("started_and_ceased", flow(140)).title
    assert "As many" in draw("started_and_ceased", flow(149)).title


@pytest.mark.parametrize(
    ("name", "frame"),
    [("looked_after_by_month", by_month(4)), ("children_by_age", by_age(4)),
     ("started_and_ceased", flow(4))],
)
def test_a_hidden_figure_is_in_no_words(name: str, frame: pd.DataFrame) -> None:
    drawing = draw(name, frame)
    assert "suppressed" in drawing.alt
    assert not re.search(r"\b[45]\b(?! to)", drawing.title)
    assert svg_bytes(drawing.figure)


def test_as_many_all_along_is_no_range() -> None:
    flat = by_month().assign(children=310)
    assert draw("looked_after_by_month", flat).title.startswith("Children looked after stood at")


# --- sentences -------------------------------------------------------------------------------


def test_the_estimate_is_named_where_it_is_not_the_days_own() -> None:
    rows = pd.DataFrame({"as_at": ["2021-03-31", "2024-03-31", "2025-03-31"],
                         "estimate_year": ["x", 2023, 2023]})
    assert estimates_used(rows) == (
        "The rate at 31 March 2025 divides by the mid-2023 estimate, as no mid-2024 one is given. "
        "No rate is given at 31 March 2021: no population estimate is given for the mid-year "
        "before, nor for the two years before that."
    )


@pytest.mark.parametrize(
    ("cells", "begins"), [([0, 0], ""), ([0, 1207], "1,207 of"), ([0, "c"], "A few of")]
)
def test_adults_are_told_as_far_as_may_be(cells, begins) -> None:
    said = adults_counted(pd.DataFrame({"aged_18_and_over": cells}))
    assert said.startswith(begins) and bool(said) == bool(begins)


@pytest.mark.parametrize(
    ("cell", "begins"), [(0, "The date"), ("c", "For a few"), (1207, "For 1,207")]
)
def test_births_not_known_are_told(cell, begins) -> None:
    rows = pd.DataFrame({"age_group": ["under_1", "not_known"], "children": [9, cell]})
    assert cohorts_known(rows).startswith(begins)


# --- what the gate is told -------------------------------------------------------------------


def test_who_turns_18_soon_is_not_given_away_by_the_table_of_ages() -> None:
    """16 or 17 now: both rows of the first two years are hidden when one is."""
    rows = pd.DataFrame({"as_at": "2025-03-31", "year_ending": ["2026-03-31", "2027-03-31"],
                         "years_ahead": [1, 2], "turning_16": [9, 9], "turning_18": [4, 30]})
    shown = publishing.page().disclose("turning_ages", rows)
    assert shown["turning_18"].tolist() == ["c", "c"]
    assert shown["turning_16"].tolist() == [9, 9]


def test_a_median_rests_on_who_ended() -> None:
    rows = pd.DataFrame({"age_group": ["all", "under_1", "1_to_4"], "periods_ended": [50, 4, 46],
                         "median_months": [12.5, 3.0, float("nan")],
                         "base_periods_ended": [50, 4, 46]})
    shown = publishing.page().disclose("length_of_stay", rows)
    assert shown["median_months"].tolist() == [12.5, "c", "c"]
    assert "base_periods_ended" not in shown
