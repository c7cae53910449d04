"""Every appendix on A4: pages numbered and named, no row cut, no heading left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import browser
import nbformat
import pytest
from playwright.sync_api import Browser
from pypdf import PageObject, PdfReader

from sufficiency_lib.publish.appendix import build_appendix
from sufficiency_lib.settings import AuthorityProfile, RunParameters

AUTHORITIES = {
    "herefordshire": "Herefordshire",
    "nottingham": "Nottingham",
    "brighton-and-hove": "Brighton and Hove",
}
#: The appendices of the sample are of one make; that the others print too is a proof.
SLUGS = (
    "herefordshire",
    pytest.param("nottingham", marks=pytest.mark.slow),
    pytest.param("brighton-and-hove", marks=pytest.mark.slow),
)
INTERNAL = "INTERNAL – NOT FOR PUBLICATION"

#: In points, as a PDF measures.
A4 = (210 * 72 / 25.4, 297 * 72 / 25.4)

#: What must not be the last thing on a sheet: it belongs to what comes next.
HEADS = (
    "h1,h2,h3,h4,h5,h6,caption,.figure-title,"
    ":is(p,ul,ol):has(+ :is(table,figure,.table-scroll))"
)

#: The words of the page's parts as they are laid out for paper, and what is wider than the paper.
PARTS = """heads => {
  const all = which => [...document.querySelectorAll(which)].filter(e => e.checkVisibility());
  const beyond = e => e.getBoundingClientRect().right > innerWidth + 1;
  return {
    rows: all('tr').map(r => [...r.cells].map(c => c.innerText).join('')),
    heads: all(heads).map(e => e.innerText),
    contents: all('.contents').map(e => e.innerText),
    figures: all('figure').map(f => ['.figure-title', '.figure-source'].map(
      part => f.querySelector(part).innerText)),
    beyond: all('main table, main img, main p, main li').filter(beyond).map(
      e => e.id || e.outerHTML.slice(0, 120)),
  };
}"""


@dataclass(frozen=True)
class Printed:
    """An appendix on paper.

    texts   the words of each sheet, without spaces
    leaves  the same without what the margins say
    parts   the words of the page's parts, without spaces
    """

    reader: PdfReader
    texts: list[str]
    leaves: list[str]
    parts: dict[str, Any]


def packed(text: str) -> str:
    """Words without what lines and cells put between them."""
    return re.sub(r"\s+", "", text)


def printed(running: Browser, path: Path, margins: tuple[str, ...]) -> Printed:
    """A page as a PDF, read again; `margins` is what each sheet says round its text."""
    with browser.opened(running, path) as page:
        pdf = page.pdf(prefer_css_page_size=True, tagged=True)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": browser.PAPER_PX, "height": 900})
        parts = page.evaluate(PARTS, HEADS)
    reader = PdfReader(BytesIO(pdf))
    texts = [packed(sheet.extract_text()) for sheet in reader.pages]
    leaves = []
    for number, text in enumerate(texts, start=1):
        for said in (f"Page {number} of {len(texts)}", *margins):
            text = text.replace(packed(said), "", 1)
        leaves.append(text)
    return Printed(reader, texts, leaves, parts)


@pytest.fixture(scope="module")
def internal_page(outputs_dir, tmp_path_factory) -> Path:
    """An appendix as it is bound when it is not for publication."""
    folder = outputs_dir / "herefordshire" / "notebooks"
    page = build_appendix(
        [nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))],
        profile=AuthorityProfile(code="E06000019", name="Herefordshire", slug="herefordshire"),
        parameters=RunParameters(authority="herefordshire", audience="internal"),
        as_at=date(2025, 3, 31),
    )
    path = tmp_path_factory.mktemp("internal") / "appendix.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.launched() as running:
        yield running


@pytest.fixture(scope="module", params=[*SLUGS, "internal"])
def whose(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def paper(whose, chromium, outputs_dir, internal_page) -> Printed:
    if whose == "internal":
        margins = ("Herefordshire · 31 March 2025", INTERNAL, INTERNAL)
        return printed(chromium, internal_page, margins)
    margins = (f"{AUTHORITIES[whose]} · 31 March 2025",)
    return printed(chromium, outputs_dir / whose / "appendix.html", margins)


def sizes(sheet: PageObject) -> tuple[float, float]:
    return float(sheet.mediabox.width), float(sheet.mediabox.height)


def test_every_sheet_is_upright_a4(paper):
    for sheet in paper.reader.pages:
        assert sizes(sheet) == pytest.approx(A4, abs=1)


def test_every_sheet_says_its_number_and_whose_it_is(whose, paper):
    name = AUTHORITIES.get(whose, "Herefordshire")
    for number, text in enumerate(paper.texts, start=1):
        assert packed(f"Page {number} of {len(paper.texts)}") in text
        assert packed(f"{name} · 31 March 2025") in text


def test_every_sheet_of_an_internal_appendix_says_so_twice_and_no_public_one_does(whose, paper):
    wanted = 2 if whose == "internal" else 0
    for number, text in enumerate(paper.texts, start=1):
        said = text.count(packed(INTERNAL))
        assert said >= wanted and bool(said) == bool(wanted), f"sheet {number}"


def test_no_row_of_a_table_is_cut_and_no_column_is_lost(paper):
    assert paper.parts["rows"]
    cut = [
        row for row in paper.parts["rows"] if not any(packed(row) in text for text in paper.leaves)
    ]
    assert not cut
    assert not paper.parts["beyond"]


def test_headings_stay_with_what_they_head_and_tables_with_what_leads_to_them(paper):
    heads = {packed(head) for head in paper.parts["heads"]} - {""}
    contents = packed(paper.parts["contents"][0])
    # A row may end with words that head something elsewhere: the table that its figure is of.
    rows = {packed(row) for row in paper.parts["rows"]} - heads
    for number, text in enumerate(paper.leaves, start=1):
        text = text.replace(contents, ".")
        left = [head for head in heads if text.endswith(head)]
        if left and any(text.endswith(row) for row in rows if row.endswith(tuple(left))):
            continue
        assert not left, f"sheet {number} ends with {left}"


def test_a_figure_stands_on_one_sheet_with_its_title_and_source(paper):
    assert paper.parts["figures"]
    for title, source in paper.parts["figures"]:
        both = [t for t in paper.leaves if packed(title) in t and packed(source) in t]
        assert both, title


def test_no_sheet_is_empty_but_for_its_margins(paper):
    assert all(len(text) > 40 for text in paper.leaves)


def test_the_pdf_is_tagged_titled_and_in_english(paper):
    root = paper.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert "Placement sufficiency needs assessment – " in paper.reader.metadata.title


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_the_summary_is_two_sheets_and_the_page_for_families_one(chromium, outputs_dir, slug):
    summary, families = (
        printed(chromium, outputs_dir / slug / name, (f"{AUTHORITIES[slug]} · 31 March 2025",))
        for name in ("summary.html", "for-families.html")
    )
    assert (len(summary.texts), len(families.texts)) == (2, 1)
    assert packed("What we need") in summary.texts[1]
    assert packed("Where can I find out more?") in families.texts[0]
    for paper in (summary, families):
        assert all(sizes(sheet) == pytest.approx(A4, abs=1) for sheet in paper.reader.pages)


def test_the_index_is_on_a4_across_with_every_row_whole(chromium, outputs_dir):
    index = printed(chromium, outputs_dir / "index.html", ())
    for sheet in index.reader.pages:
        assert sizes(sheet) == pytest.approx(A4[::-1], abs=1)
    assert all(any(packed(row) in text for text in index.leaves) for row in index.parts["rows"])
    assert all(f"Page{n}of" in text for n, text in enumerate(index.texts, start=1))
