"""The page: nothing reaches a public output but through the gate."""

from __future__ import annotations

import json
import re

import frames
import pandas as pd
import publishing
import pytest

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.publish.page import INTERNAL_BANNER, SYNTHETIC_BANNER
from sufficiency_lib.publish.specs import TableSpec
from sufficiency_lib.publish.tables import MIME


def few() -> pd.DataFrame:
    return pd.DataFrame(
        {"as_at": ["2024-03-31", "2025-03-31"], "children": [4, 317],
         "rate_per_10000": [1234.5, 90.0]}
    )


def test_a_public_output_holds_nothing_that_is_suppressed_in_any_part():
    page = publishing.page()
    held = publishing.outputs(
        lambda: (
            page.table("children_looked_after", few()),
            page.chart("children_looked_after", few()),
        )
    )
    assert [o.metadata["sufficiency"]["role"] for o in held] == ["table", "chart"]
    for output in held:
        assert output.data[MIME]["records"][0] == {
            "as_at": "2024-03-31", "children": "c", "rate_per_10000": "c",
        }
        assert output.data[MIME]["suppressed"] == 2
        text = json.dumps(output.data)
        assert "1234" not in text and "1,234" not in text


def test_an_internal_output_shows_all_and_says_so():
    page = publishing.page("internal", synthetic=False)
    held = publishing.outputs(
        lambda: (page.opening("Children"), page.table("children_looked_after", few()))
    )
    assert INTERNAL_BANNER in held[0].data["text/html"]
    assert held[1].data[MIME]["records"][0]["children"] == 4
    assert page.banners() == [INTERNAL_BANNER]
    assert publishing.page().banners() == [SYNTHETIC_BANNER]


def test_a_sentence_takes_figures_from_the_gate_only():
    page = publishing.page()
    told = page.value("children_looked_after", few(), "children", as_at="2025-03-31")
    hidden = page.value("children_looked_after", few(), "children", as_at="2024-03-31")
    assert (told, hidden) == ("317", "[suppressed]")
    (said,) = publishing.outputs(lambda: page.say("There were {n} <of them>.", n=told))
    assert said.data["text/html"] == '<p class="say">There were 317 &lt;of them&gt;.</p>'
    with pytest.raises(ConfigurationError, match="given n as a int"):
        page.say("There were {n}.", n=4)
    with pytest.raises(ConfigurationError, match="has 2 rows for no key; expected one"):
        page.value("children_looked_after", few(), "children")


def test_a_table_may_be_shown_twice_under_two_names():
    page = publishing.page()
    held = publishing.outputs(
        lambda: (
            page.table("locality", frames.locality()),
            page.table("locality", frames.locality(), as_id="locality_again"),
            page.table("locality", frames.locality()),
        )
    )
    assert [o.data[MIME]["id"] for o in held] == ["locality", "locality_again", "locality"]
    assert 'id="locality-again"' in held[1].data["text/html"]
    assert 'id="locality-2"' in held[2].data["text/html"]


def test_a_chart_has_a_picture_for_each_width_its_words_and_its_data():
    page = publishing.page()
    (held,) = publishing.outputs(lambda: page.chart("placement_mix", frames.placement_mix()))
    html = held.data["text/html"]
    assert html.count("data:image/svg+xml;base64,") == 2
    assert 'alt="Horizontal bar chart' in html and "<details" in html and "<table" in html
    assert "Source: Herefordshire, synthetic SSDA903 returns." in html


def test_an_unknown_chart_is_refused():
    with pytest.raises(ConfigurationError, match="No chart is registered for table 'homes'"):
        publishing.page().chart("homes", pd.DataFrame({"town": ["Ross"]}))


def test_a_table_of_ones_own_brings_its_specification():
    spec = TableSpec("homes", "Homes", keys=("town",), counts=("children",))
    frame = pd.DataFrame({"town": ["Ross & <b>"], "children": [2]})
    page = publishing.page()
    (held,) = publishing.outputs(lambda: page.table("homes", frame, spec=spec, note="Own."))
    assert held.data[MIME]["records"] == [{"town": "Ross & <b>", "children": "c"}]
    assert "Ross &amp; &lt;b&gt;" in held.data["text/html"]


def _with(value: object):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        counts = frame.select_dtypes("number").columns
        return frame.assign(**{name: value for name in counts})

    return change


def _as_timestamps(frame: pd.DataFrame) -> pd.DataFrame:
    days = [c for c in ("as_at", "year_ending", "start_date", "end_date") if c in frame]
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})


SHAPES = {
    "empty": lambda frame: frame.head(0),
    "one row": lambda frame: frame.head(1),
    "all suppressed": _with(3.0),
    "all nought": _with(0),
    "all missing": _with(None),
    "timestamps": _as_timestamps,
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", frames.ALL)
def test_every_table_and_chart_takes_every_shape_of_frame(name, shape):
    page = publishing.page()
    frame = SHAPES[shape](frames.ALL[name]())
    held = publishing.outputs(lambda: (page.chart(name, frame), page.table(name, frame)))
    for output in held:
        html = re.sub(r"base64,[^\"]*", "", output.data["text/html"])
        assert not re.search(r"\b(nan|NaT|None)\b", html)


def test_a_table_for_the_council_itself_is_not_in_a_public_page():
    frame = pd.DataFrame({"source_file": ["a.csv"], "value": ["=1+1"], "source_line": ["3"]})
    for audience, shown in (("public", 0), ("internal", 1)):
        page = publishing.page(audience)
        held = publishing.outputs(lambda: page.internal_table("t", frame, title="T"))  # noqa: B023
        assert len(held) == shown
    assert held[0].data[MIME]["records"] == [
        {"source_file": "a.csv", "value": "=1+1", "source_line": "3"}
    ]


def test_a_table_without_rows_says_what_is_missing():
    page = publishing.page()
    sentence = "No count was given of children at the edge of care."
    nothing = few().iloc[:0]
    held = publishing.outputs(
        lambda: (
            page.table("children_looked_after", nothing, absent=sentence),
            page.chart("children_looked_after", nothing, absent=sentence),
            page.table("children_looked_after", nothing),
        )
    )
    assert [o.metadata["sufficiency"]["role"] for o in held] == ["note", "note", "table"]
    assert all(o.data["text/plain"] == sentence for o in held[:2])
