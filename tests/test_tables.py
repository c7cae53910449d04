"""The HTML of a table and the data that travels with it."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import frames
import pandas as pd
import pytest

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.publish.disclosure import disclose
from sufficiency_lib.publish.render import render_table
from sufficiency_lib.publish.specs import SPECS, TableSpec, spec_for
from sufficiency_lib.publish.tables import payload, published
from sufficiency_lib.publish.wording import Words
from sufficiency_lib.settings import DisclosureSettings, LocalitySettings

WORDS = Words(LocalitySettings(centre_name="Hereford city centre"))


class Read(HTMLParser):
    """The tags of a table, and its rows of words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.within = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        self.within = tag

    def handle_data(self, data):
        if self.rows and self.rows[-1] and self.within in ("th", "td", "span"):
            self.rows[-1][-1] += data.strip()


def html(table_id: str, frame: pd.DataFrame) -> str:
    spec = SPECS[table_id]
    shown = disclose(frame, spec, DisclosureSettings())
    return render_table(shown, spec, WORDS, title=spec.title, note=spec.note, anchor="a")


@pytest.mark.parametrize("name", frames.ALL)
def test_every_table_has_a_caption_and_scoped_headers_and_no_nan(name):
    made = html(name, frames.ALL[name]())
    read = Read(made)
    names = [tag for tag, _ in read.tags]
    assert names.count("caption") == 1
    scopes = [attrs.get("scope") for tag, attrs in read.tags if tag == "th"]
    assert set(scopes) <= {"col", "row", "rowgroup"} and "col" in scopes and "row" in scopes
    assert "nan" not in made.lower() and "None" not in made


def test_codes_are_said_in_words_and_numbers_have_separators():
    made = html("bed_nights", frames.bed_nights())
    assert "Secure children&#39;s homes" in made and "childrens_home" not in made
    assert ">33,100<" in made
    assert "<b>c</b> = suppressed" in made


def test_dates_stand_side_by_side_and_are_said_once():
    read = Read(html("placement_mix", frames.placement_mix()))
    assert read.rows[0] == ["Placement", "Provider", "2024", "2025"]
    assert read.rows[1] == ["Fostering with relatives or friends", "Own provision", "40", "44"]
    # 1 and 2 in secure homes are hidden, and the smallest other number of the day with them.
    assert ["Secure children's homes", "Another authority", "c", "c"] in read.rows
    assert ["Children's homes", "Private", "30", "c"] in read.rows
    assert ["Own provision", "c", "c"] in read.rows


def test_a_key_that_never_changes_goes_to_the_caption():
    made = html("locality", frames.locality())
    assert "within 20 miles of the child&#39;s home</span>" in made
    two = pd.concat([frames.locality(), frames.locality().assign(rule="centre_20_miles")])
    banded = Read(html("locality", two))
    assert ["Within 20 miles of Hereford city centre"] in banded.rows


def test_only_a_wide_table_scrolls_and_takes_the_keyboard():
    assert 'tabindex="0"' in html("locality", frames.locality())
    assert "tabindex" not in html("children_looked_after", frames.children_looked_after())


def test_text_is_escaped():
    frame = pd.DataFrame({"provider_name": ["<script>alert(1)</script> & Co"]})
    spec = TableSpec("homes", "Homes <b>", keys=("provider_name",))
    made = render_table(frame, spec, WORDS, title=spec.title, anchor="homes")
    assert "<script>" not in made and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in made
    assert "Homes &lt;b&gt;" in made


def test_a_change_carries_its_sign_and_a_rule_stands_under_its_measure():
    made = Read(html("placement_change", frames.placement_change()))
    assert ["Fostering", "Own provision", "209", "194", "−15", "−7.2%"] in made.rows
    assert ["Private", "205", "262", "+57", "+27.8%"] in made.rows
    headline = html("headline", frames.headline())
    assert '<span class="small">Within 20 miles of the child&#39;s home</span>' in headline
    assert "80.0%" in headline and ">326<" in headline


def test_the_data_beside_a_table_is_disclosed_json_that_reads_back():
    spec = SPECS["placement_mix"]
    shown = disclose(frames.placement_mix(), spec, DisclosureSettings())
    data = payload(shown, spec, spec.title, spec.note)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["columns"] == ["as_at", "placement_group", "provider", "children", "share_pct"]
    assert data["suppressed"] == int((shown == "c").sum().sum()) > 0
    assert published(data).frame["children"].tolist() == shown["children"].tolist()


def test_numbers_without_a_specification_are_refused():
    with pytest.raises(ConfigurationError, match="'homes' has numbers \\(places\\)"):
        spec_for("homes", pd.DataFrame({"town": ["Ross"], "places": [3]}))
    assert spec_for("homes", pd.DataFrame({"town": ["Ross"]})).keys == ("town",)
