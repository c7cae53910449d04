"""The charts of stability and health: what they say, and what they may not."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest

from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

DAYS = ["2023-03-31", "2024-03-31", "2025-03-31"]


def stability(often: tuple = (22, 29, 30), settled: tuple = (None, 95, 101)) -> pd.DataFrame:
    rows = [
        (day, measure, counts[at], of)
        for measure, counts, of in (
            ("three_or_more_placements", often, 330), ("same_carer_2_years", settled, 121))
        for at, day in enumerate(DAYS)
    ]
    frame = pd.DataFrame(rows, columns=["as_at", "measure", "numerator", "denominator"])
    frame.insert(1, "five_outcome", "stay_safe")
    frame["numerator"] = frame["numerator"].astype("Int64")
    frame["answered_no"] = frame["denominator"] - frame["numerator"]
    rates = 100 * frame["numerator"].astype("Float64") / frame["denominator"]
    frame["rate_pct"] = rates.to_numpy("float64", na_value=float("nan")).round(1)
    return frame


def health(teeth: int = 188) -> pd.DataFrame:
    frame = pd.DataFrame({
        "year_ending": "2025-03-31", "five_outcome": "be_healthy",
        "measure": ["health_assessment", "teeth_check", "substance_misuse"],
        "numerator": [208, teeth, 10], "not_recorded": 0, "denominator": 236,
    })
    frame["answered_no"] = frame["denominator"] - frame["numerator"]
    frame["rate_pct"] = (100 * frame["numerator"] / frame["denominator"]).round(1)
    return frame.assign(rate_of_known_pct=frame["rate_pct"])


def draw(name: str, frame: pd.DataFrame, width: int = WIDE_PX):
    page = publishing.page()
    context = ChartContext(name="Herefordshire", as_at=publishing.AS_AT, words=page.words,
                           width_px=width)
    return CHARTS[name](page.disclose(name, frame), context)


@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
@pytest.mark.parametrize(("name", "made"), [("stability", stability), ("health", health)])
def test_every_chart_has_words_and_repeats_to_the_byte(name, made, width) -> None:
    first = draw(name, made(), width)
    assert svg_bytes(first.figure) == svg_bytes(draw(name, made(), width).figure)
    assert first.title and first.alt.endswith(".") and "nan" not in first.alt + first.title
    assert len(svg_bytes(first.figure)) < 60_000


def test_stability_says_both_rates_and_what_is_not_known() -> None:
    drawing = draw("stability", stability())
    assert drawing.title == (
        "9.1% of children had three or more placements; 83.5% of those long in care are settled")
    assert "31 March 2023, not available" in drawing.alt


def test_a_hidden_rate_is_in_no_words() -> None:
    drawing = draw("stability", stability(often=(22, 29, 3)))
    assert drawing.title == "Stability of placements, 31 March 2025"
    assert "0.9" not in drawing.alt and "31 March 2025, suppressed" in drawing.alt
    settled = draw("stability", stability(settled=(None, 95, 119)))
    assert settled.title.endswith("three or more placements in the year to 31 March 2025")
    health_chart = draw("health", health(teeth=2))
    assert health_chart.title == "Health of children looked after, year to 31 March 2025"
    assert ">c</text>" in svg_bytes(health_chart.figure).decode()
