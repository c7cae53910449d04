"""The summary and the page for families: shown in a notebook, and pages of their own."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import nbformat
import pytest

from sufficiency_lib.publish.appendix import build_appendix
from sufficiency_lib.publish.briefing import Part
from sufficiency_lib.publish.briefs import BRIEF, KINDS, build_briefs, links_to
from sufficiency_lib.publish.page import INTERNAL_BANNER, SYNTHETIC_BANNER, Page
from sufficiency_lib.settings import AuthorityProfile, run_parameters

DAY = date(2025, 3, 31)
PARTS = (Part("What we know", ("We looked after 330 children.", "Aged 5 < 6 & more.")),
         Part("What we need", ("More carers.",)))


def about(audience="public", synthetic=False):
    profile = AuthorityProfile(name="Any <shire>", slug="anyshire", synthetic=synthetic)
    parameters = run_parameters(authority="anyshire", audience=audience)
    return {"profile": profile, "parameters": parameters, "as_at": DAY}


@pytest.fixture
def shown(monkeypatch):
    """A notebook that shows both short texts with a page of some audience."""

    def show(**who):
        outputs = []
        monkeypatch.setattr(
            "sufficiency_lib.publish.page.display",
            lambda bundle, raw, metadata: outputs.append(
                nbformat.v4.new_output("display_data", bundle, metadata=metadata)
            ),
        )
        given = about(**who)
        page = Page(given["profile"], given["parameters"], as_at=DAY)
        page.brief("summary", "A summary", PARTS)
        page.brief("families", "For you", PARTS[:1])
        title = nbformat.v4.new_markdown_cell("# The assessment\n\n## In two pages")
        cell = nbformat.v4.new_code_cell("", outputs=outputs)
        return [nbformat.v4.new_notebook(cells=[title, cell])], given

    return show


def test_each_short_text_is_a_page_of_its_own(shown):
    notebooks, given = shown()
    pages = build_briefs(notebooks, **given)
    assert list(pages) == ["summary.html", "for-families.html"]
    page = pages["summary.html"]
    assert "<h1>A summary</h1>" in page and "<title>A summary – Any &lt;shire&gt;" in page
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["What we know", "What we need"]
    assert "<li>Aged 5 &lt; 6 &amp; more.</li>" in page
    assert 'href="appendix.html"' in page
    assert "https:" not in page and "<script" not in page


def test_the_appendix_shows_them_and_links_to_them(shown):
    notebooks, given = shown()
    page = build_appendix(notebooks, **given)
    for kind in KINDS.values():
        assert f'<a href="{kind.file}">{kind.link}</a>' in page
    assert page.count("<li>Aged 5 &lt; 6 &amp; more.</li>") == 2
    assert "<h4>What we need</h4>" in page


def test_an_internal_or_synthetic_page_says_so(shown):
    notebooks, given = shown(audience="internal", synthetic=True)
    for page in build_briefs(notebooks, **given).values():
        assert INTERNAL_BANNER in page and SYNTHETIC_BANNER in page
        assert "<title>INTERNAL – " in page
    notebooks, given = shown()
    assert INTERNAL_BANNER not in build_briefs(notebooks, **given)["summary.html"].split("<body")[1]


def test_a_text_without_anything_to_say_is_not_shown(monkeypatch):
    outputs = []
    monkeypatch.setattr("sufficiency_lib.publish.page.display", lambda *a, **k: outputs.append(a))
    given = about()
    Page(given["profile"], given["parameters"], as_at=DAY).brief("families", "For you", ())
    assert outputs == []
    empty = [nbformat.v4.new_notebook()]
    assert build_briefs(empty, **given) == {} and links_to(empty) == []


def test_what_an_output_carries_is_plain_data(shown):
    notebooks, _ = shown()
    data = notebooks[0].cells[1].outputs[0]["data"]
    assert data[BRIEF]["parts"][1] == {"heading": "What we need", "points": ["More carers."]}
    assert data["text/plain"].startswith("We looked after 330 children.\n")
    assert SimpleNamespace(**data[BRIEF]).file == "summary.html"
