"""The charts of the judgement: of disclosed figures only, at both widths, the same every time."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import publishing
import pytest
from forecast_futures import futures, level, spread

from sufficiency_lib.judgement.gap import sufficiency_gap
from sufficiency_lib.judgement.target_progress import COLUMNS
from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, svg_bytes

TODAY = {"childrens_home": 20, "fostering_in_house": 10, "secure": 2}


def gap(supply: int = 14, months: int = 36) -> pd.DataFrame:
    paths = {"fostering/own": spread(10, months=months),
             "childrens_home/own": level(20, months=months),
             "secure/public": level(2, months=months)}
    runs = {"no_change": futures(paths), "Fewer": futures(paths)}
    places = {"fostering_in_house": (supply, "carers"), "childrens_home": (24, "profile")}
    return sufficiency_gap(runs, TODAY, places, {"childrens_home": 17, "secure": 9})


def target(metric: str, label: str, rule: str, at: tuple, standing: str, unit: str = "%") -> tuple:
    aim, baseline, value, numerator = at
    day = "2023-03-31" if isinstance(baseline, float) and not np.isnan(baseline) else ""
    return (metric, label, rule, unit, aim, "2028-03-31", baseline, day,
            "profile" if day else "", value, numerator, 194, 10.0, np.nan, "", standing, "")


def targets(now: float = 83.0) -> pd.DataFrame:
    nan = float("nan")
    rows = [
        target("fostering_within_rule_pct", "90% of fostered children near home", "home_20_miles",
               (90.0, 60.5, now, 161), "on_course"),
        target("childrens_home_within_rule_pct", "60% in county or near its border",
               "border_10_miles", (60.0, nan, 33.3, 65), "baseline_refused"),
        target("in_house_children_pct", "Half in-house", "", (50.0, nan, 67.5, 131), "met"),
        target("children_looked_after", "300 children", "", (300.0, 330.0, 326.0, nan), "behind",
               "children"),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


FRAMES = {"sufficiency_gap": gap, "target_progress": targets}
OTHERS = {"sufficiency_gap": lambda: gap(12), "target_progress": lambda: targets(71.0)}


def draw(name: str, frame: pd.DataFrame, width: int = WIDE_PX) -> Drawing:
    page = publishing.page()
    context = ChartContext("Herefordshire", publishing.AS_AT, words=page.words, width_px=width)
    return CHARTS[name](page.disclose(name, frame), context)


def words_of(drawing: Drawing) -> list[str]:
    return re.findall(r"<text[^>]*>(.*?)</text>", svg_bytes(drawing.figure).decode())


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_every_chart_repeats_to_the_byte_and_two_tables_give_two(name: str, width: int) -> None:
    first, second = (draw(name, FRAMES[name](), width) for _ in range(2))
    assert svg_bytes(first.figure) == svg_bytes(second.figure)
    assert first.title and first.alt.endswith(".") and "nan" not in first.alt + first.title
    assert not re.search(r"\d{4}-\d\d-\d\d", first.alt + first.title)
    assert svg_bytes(first.figure) != svg_bytes(draw(name, OTHERS[name](), width).figure)


def test_the_gap_says_how_many_of_which_are_short_and_against_what() -> None:
    drawing = draw("sufficiency_gap", gap())
    # 11 to 20 children and 14 places: six futures in ten are short.
    assert drawing.title == (
        "Fostering, in-house: in 60.0% of futures there are too few places on 31 March 2026")
    assert ("Fostering, in-house, against places the council can count on: 31 March 2026, 1 short "
            "(3 to spare to 5 short); 31 March 2028, 1 short") in drawing.alt
    assert ("Children's homes, against every registered place inside the area: 31 March 2026, 3 "
            "short (3 short to 3 short)") in drawing.alt
    said = words_of(drawing)
    assert {"places short", "places to spare", "+3", "\N{MINUS SIGN}4"} <= set(said)
    assert {"31 March 2026", "31 March 2028"} <= set(said) and "31 March 2027" not in said


def test_nothing_is_told_of_a_gap_that_rests_on_few() -> None:
    drawing = draw("sufficiency_gap", gap())
    assert drawing.alt.endswith("Suppressed: Secure children's homes.")
    assert "c" not in words_of(drawing) and "Secure children's homes" not in words_of(drawing)
    few = gap()[lambda f: f["placement_group"] == "secure"].reset_index(drop=True)
    assert draw("sufficiency_gap", few).title == "Need against places: how many may be short"


def test_a_long_forecast_has_its_short_middle_and_long_term() -> None:
    drawing = draw("sufficiency_gap", gap(months=120))
    years = [word for word in dict.fromkeys(words_of(drawing)) if word.startswith("31 March")]
    assert years == ["31 March 2026", "31 March 2030", "31 March 2035"]
    one_year = draw("sufficiency_gap", gap(months=12))
    assert "31 March 2026" in words_of(one_year)


def test_targets_are_told_with_their_rule_and_standing() -> None:
    drawing = draw("target_progress", targets())
    assert drawing.title == "Of 2 targets that can be judged, 1 is met, and 1 on course"
    assert ("90% of fostered children near home (within 20 miles of the child's home): baseline "
            "60.5% on 31 March 2023, now 83.0%, target 90.0% by 31 March 2028; on course."
            ) in drawing.alt
    assert "; baseline refused." in drawing.alt and "300 children" not in drawing.alt
    said = " ".join(words_of(drawing))
    assert "Baseline refused. Inside the authority&#x27;s area or" in said or (
        "Baseline refused. Inside the authority's area or" in said)
    assert "83.0%" in said and "Baseline" in said


def test_a_hidden_figure_of_a_target_is_a_stub() -> None:
    frame = targets().astype(object)
    frame.loc[0, ["value", "numerator", "progress_pct", "standing"]] = "c"
    drawing = draw("target_progress", frame)
    assert "now suppressed" in drawing.alt and "; suppressed." in drawing.alt
    assert words_of(drawing).count("c") == 1
    assert drawing.title == "The one target that can be judged is met"


@pytest.mark.parametrize("name", FRAMES)
def test_a_chart_without_rows_is_no_crash(name: str) -> None:
    drawing = draw(name, FRAMES[name]()[:0])
    assert svg_bytes(drawing.figure).startswith(b"<svg") and drawing.title
