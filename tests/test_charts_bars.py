"""The two shared charts: what stands in them is what was given, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from sufficiency_lib.publish.charts_bars import bar_rows, line_over_time, said_by_day
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.style import NARROW_PX, PLUM, WIDE_PX, svg_bytes

YEARS = [f"{year}-03-31" for year in range(2021, 2026)]


def context(width: int = WIDE_PX) -> ChartContext:
    return ChartContext(name="Herefordshire", as_at=date(2025, 3, 31), width_px=width)


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_a_bar_is_as_long_as_its_share_of_the_longest(width: int) -> None:
    figure = bar_rows(["a", "b", "c"], [50.0, 25.0, "c"], context(width), column="share_pct")
    bars = [patch for patch in figure.axes[0].patches if patch.get_hatch() is None]
    assert bars[0].get_width() == pytest.approx(2 * bars[1].get_width())
    assert [patch.get_hatch() for patch in figure.axes[0].patches].count("////") == 1
    said = texts(figure)
    assert "50.0%" in said and "25.0%" in said and said.count("c") == 2


def test_bars_of_nothing_shown_are_drawn() -> None:
    figure = bar_rows(["a", "b"], ["c", "z"], context(), column="children")
    assert "not applicable" in texts(figure) and b"<svg" in svg_bytes(figure)


def test_a_line_breaks_where_a_figure_is_hidden() -> None:
    figure = line_over_time(YEARS, [80.0, 81.0, "c", 83.0, 84.0], context(), column="rate_pct")
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    runs = [line for line in lines if line.get_linewidth() == 2.5]
    assert len(runs) == 2
    assert [text for text in texts(figure) if text.endswith("%")] == [
        "80.0%", "81.0%", "83.0%", "84.0%"
    ]
    assert "c" in texts(figure)


def test_a_line_starts_from_zero() -> None:
    figure = line_over_time(YEARS, [100, 100, 100, 50, 100], context(), column="children")
    (run,) = [line for line in figure.axes[0].lines if line.get_linewidth() == 2.5]
    ys = list(run.get_ydata())
    floor = next(line for line in figure.axes[0].lines if line.get_linewidth() == 1).get_ydata()[0]
    assert (floor - ys[3]) * 2 == pytest.approx(floor - ys[0])


def test_compared_lines_are_named_and_dashed() -> None:
    figure = line_over_time(
        YEARS, [1, 2, 3, 4, 5], context(), column="children", of="Herefordshire",
        compared=[("England", [5, 5, 5, 5, 5], PLUM)],
    )
    assert {"Herefordshire", "England"} <= set(texts(figure))
    assert any(line.get_linestyle() == "--" for line in figure.axes[0].lines)


def test_months_are_named_by_year_and_labelled_at_the_ends() -> None:
    months = [f"{year}-{month:02d}-28" for year in (2023, 2024) for month in range(1, 13)]
    figure = line_over_time(months, list(range(300, 324)), context(), column="children")
    said = texts(figure)
    assert "Jan 2023" in said and "2024" in said and "300" in said and "323" in said
    assert len(said) == 4


def test_a_text_alternative_says_each_day() -> None:
    assert said_by_day(["2024-03-31", "2025-03-31"], [404, "c"], "children") == (
        "31 March 2024, 404; 31 March 2025, suppressed"
    )
