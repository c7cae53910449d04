"""Charts: drawn from disclosed figures only, described in words, the same bytes every time."""

from __future__ import annotations

import re

import frames
import publishing
import pytest

from sufficiency_lib.publish.charts import CHARTS
from sufficiency_lib.publish.charts_place import target_cohort
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.style import NARROW_PX, PALETTE, WIDE_PX, svg_bytes


def draw(name: str, width: int = WIDE_PX, frame=None):
    page = publishing.page()
    shown = page.disclose(name, frames.ALL[name]() if frame is None else frame)
    context = ChartContext(
        name="Herefordshire", as_at=publishing.AS_AT, words=page.words, width_px=width,
        targets=page.profile.targets,
    )
    return CHARTS[name](shown, context)


@pytest.mark.parametrize("name", frames.ALL)
@pytest.mark.parametrize("width", [WIDE_PX, NARROW_PX])
def test_every_chart_is_svg_with_words_and_repeats_to_the_byte(name, width):
    first, second = draw(name, width), draw(name, width)
    svg = svg_bytes(first.figure)
    assert svg == svg_bytes(second.figure)
    assert svg.startswith(b"<svg") and b"<text" in svg and b"DejaVu" not in svg
    assert not re.search(rb"<(image|script|metadata)", svg)
    assert first.title and first.alt.endswith(".") and "nan" not in (first.alt + first.title)
    assert len(svg) < 60_000


@pytest.mark.parametrize("name", frames.ALL)
def test_two_tables_give_two_charts(name):
    frame = frames.ALL[name]()
    counts = frame.select_dtypes("number").columns
    other = frame.copy()
    other[counts] = other[counts].map(lambda value: value * 1.5 + 7)
    assert svg_bytes(draw(name).figure) != svg_bytes(draw(name, frame=other).figure)


def test_the_line_says_what_changed():
    drawing = draw("children_looked_after")
    assert drawing.title == (
        "Children looked after rose from 301 to 326 between 31 March 2023 and 31 March 2025"
    )
    assert "31 March 2024, 315" in drawing.alt


def test_a_hidden_figure_is_a_marked_stub_and_in_no_words():
    frame = frames.children_looked_after().assign(children=[301, 4, 326])
    drawing = draw("children_looked_after", frame=frame)
    svg = svg_bytes(drawing.figure).decode()
    assert ">c</text>" in svg and "<pattern" in svg
    assert ">4</text>" not in svg and "31 March 2024, c" in drawing.alt


def test_the_largest_is_not_claimed_where_a_part_is_hidden():
    assert draw("placement_mix").title == "167 children were in fostering on 31 March 2025"
    frame = frames.placement_mix()
    frame.loc[frame["provider"] == "private", "children"] = 3
    # In-house fostering goes with the 3; kinship is then the largest that is shown whole.
    title = draw("placement_mix", frame=frame).title
    assert title == "44 children were in fostering with relatives or friends on 31 March 2025"
    whole = frame[frame["provider"].isin(["own", "parents"])]
    assert draw("placement_mix", frame=whole).title == (
        "97 children were in fostering on 31 March 2025, more than in any other placement"
    )


def test_the_split_names_both_rates():
    drawing = draw("fostering_split")
    assert drawing.title == (
        "In-house carers look after 60.0% of fostered children, or 68.4% counting kinship carers"
    )
    assert "nights slept, in-house 61.1% without kinship, 69.1% with kinship" in drawing.alt


def test_the_locality_chart_has_its_rule_and_its_target():
    drawing = draw("locality")
    assert drawing.title == (
        "70.6% of children looked after are placed within 20 miles of the child's home"
    )
    assert "Target for fostering: 90%." in drawing.alt
    assert "Local means within 20 miles of the child's home" in drawing.base
    assert target_cohort("childrens_home_within_rule_pct") == "childrens_home"


def test_the_change_chart_names_growth_and_decline():
    title = draw("placement_change").title
    assert title == (
        "Largest changes that can be shown: fostering (private) up 57, fostering (own) down 15, "
        "between 31 March 2014 and 31 March 2016"
    )


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("pair", list(zip(PALETTE, PALETTE[1:], strict=False)))
def test_neighbours_in_the_palette_keep_three_to_one(pair):
    light, dark = sorted((luminance(colour) for colour in pair), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3
