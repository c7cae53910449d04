"""Charts as files: each alone says what it shows, where it is from and what it is."""

from __future__ import annotations

from xml.etree import ElementTree

import frames
import publishing
import pytest

from sufficiency_lib.publish.downloads import figure_files, links_below, standalone, write_figures

SVG = (
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="340pt" height="240pt" '
    'viewBox="0 0 340 240" xmlns="http://www.w3.org/2000/svg" version="1.1"><path/></svg>'
)


def drawn(*shows):
    return publishing.notebook("# Charts", lambda: [show() for show in shows])


def mix(page, **about):
    return lambda: page.chart("placement_mix", frames.placement_mix(), **about)


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [one.text or "" for one in root.findall("{http://www.w3.org/2000/svg}text")]


def test_each_chart_is_one_file_named_by_its_table(tmp_path):
    page = publishing.page()
    made = [drawn(mix(page), mix(page, title="Another title"),
                  lambda: page.table("headline", frames.headline()))]  # fmt: skip
    paths = write_figures(made, tmp_path / "figures")
    assert [path.name for path in paths] == ["placement_mix.svg", "placement_mix_2.svg"]
    assert "Another title" in " ".join(texts(paths[1].read_text(encoding="utf-8")))
    before = [path.read_bytes() for path in paths]
    assert before == [path.read_bytes() for path in write_figures(made, tmp_path / "figures")]


def test_the_same_chart_in_two_sections_is_one_file():
    first, second = (drawn(mix(publishing.page())) for _ in range(2))
    assert [file.name for file in figure_files([first, second])] == ["placement_mix.svg"]


def test_no_chart_makes_no_folder(tmp_path):
    page = publishing.page()
    assert write_figures([drawn(lambda: page.say("Words."))], tmp_path / "figures") == []
    assert not (tmp_path / "figures").exists()


def test_a_file_carries_title_alternative_source_and_warnings():
    (file,) = figure_files([drawn(mix(publishing.page()))])
    svg = file.svg(["INTERNAL – NOT FOR PUBLICATION"])
    root = ElementTree.fromstring(svg)
    title, alt = (root.find(f"{{http://www.w3.org/2000/svg}}{name}").text for name in
                  ("title", "desc"))  # fmt: skip
    said = texts(svg)
    assert said[0] == "INTERNAL – NOT FOR PUBLICATION"
    assert " ".join(said[1:]).startswith(title) and "Herefordshire" in alt + title
    assert any("SSDA903 returns" in line for line in said)


def test_hostile_words_stay_words_and_lines_stay_on_the_picture():
    hostile = 'A <script>alert("1")</script> & \x00 title ]]> ' * 4
    svg = standalone(SVG, title=hostile, alt="</desc><script/>", source="<b>&amp;</b>")
    root = ElementTree.fromstring(svg)
    assert not [one for one in root.iter() if one.tag.endswith(("script", "}b"))]
    height = float(root.get("height"))
    lines = root.findall("{http://www.w3.org/2000/svg}text")
    assert len(lines) > 4 and all(float(line.get("y")) < height for line in lines)
    assert all(len(line.text) < 45 for line in lines)


def test_the_drawing_keeps_its_own_size_inside():
    root = ElementTree.fromstring(standalone(SVG, title="T"))
    inner = root.find("{http://www.w3.org/2000/svg}svg")
    assert (inner.get("width"), inner.get("height")) == ("340", "240")
    assert inner.get("viewBox") == "0 0 340 240"


@pytest.mark.parametrize("kind", ["say", "opening"])
def test_only_tables_and_charts_have_files(kind):
    page = publishing.page()
    made = drawn(lambda: page.say("Words.") if kind == "say" else page.opening("T"))
    links = links_below([made])
    assert [links(output) for cell in made.cells for output in cell.get("outputs", ())] == [""]
