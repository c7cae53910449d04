"""The appendix: one file, in order, accessible, asking nothing of any host."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import frames
import publishing
import pytest
from nbformat.v4 import new_code_cell, new_output

from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.publish.appendix import build_appendix
from sufficiency_lib.publish.downloads import write_figures
from sufficiency_lib.publish.sections import collect_tables, outputs_past_the_gate, slugify
from sufficiency_lib.publish.workbook import write_tables, write_workbook
from sufficiency_lib.settings import RunParameters

#: An appendix is sent by e-mail and opened on a phone.
LARGEST_BYTES = 3_000_000


def notebooks(audience: str = "public", **about):
    page = publishing.page(audience, **about)
    first = publishing.notebook(
        "# The children\n\nHow many, and who.\n\n### Too deep",
        lambda: (page.opening("The children"),
                 page.chart("children_looked_after", frames.children_looked_after()),
                 page.table("children_looked_after", frames.children_looked_after())),
    )
    other = publishing.page(audience, **about)
    second = publishing.notebook(
        "# Placements\n\n## Bed nights\n\nNights.\n\n## Bed nights\n\nAgain.",
        lambda: (other.opening("Placements"),
                 other.chart("placement_mix", frames.placement_mix()),
                 other.table("placement_mix", frames.placement_mix()),
                 other.table("headline", frames.headline()),
                 other.say("A sentence."), other.note("A caveat.")),
    )
    return [first, second]


def appendix(audience: str = "public", made=None, **about) -> str:
    return build_appendix(
        notebooks(audience, **about) if made is None else made,
        profile=publishing.profile(**about),
        parameters=RunParameters(authority="herefordshire", audience=audience),
        as_at=publishing.AS_AT,
    )


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.all if tag in names]


@pytest.fixture(scope="module")
def public() -> str:
    return appendix()


def test_one_h1_and_headings_in_order_with_their_own_anchors(public):
    tags = Tags(public)
    levels = [int(tag[1]) for tag, _ in tags.all if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    anchors = [attrs["id"] for attrs in tags.named("h2", "h3")]
    assert anchors == [
        "at-a-glance", "the-children", "the-children-too-deep", "placements",
        "placements-bed-nights", "placements-bed-nights-2", "about", "about-method",
        "about-symbols", "about-files", "glossary",
    ]


def test_ids_are_unique_and_every_reference_has_its_target(public):
    tags = Tags(public)
    ids = [attrs["id"] for _, attrs in tags.all if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for attrs in tags.named("a")]
    wanted = {link[1:] for link in links if link.startswith("#")}
    wanted |= {a["aria-labelledby"] for _, a in tags.all if "aria-labelledby" in a}
    assert wanted <= set(ids)
    assert {"placements-placement-mix", "the-children-children-looked-after"} <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(public):
    tags = Tags(public)
    assert not tags.named("script", "link", "iframe", "object", "embed", "form")
    for _, attrs in tags.all:
        for name in ("src", "srcset", "data", "poster"):
            assert attrs.get(name, "data:").startswith("data:")
    assert "http://" not in public and "https://" not in public
    assert "@import" not in public and "url(" not in public
    assert "default-src 'none'" in public


def test_every_word_of_the_field_leads_to_its_meaning(public):
    tags = Tags(public)
    terms = [attrs for attrs in tags.named("a") if attrs.get("class") == "term"]
    ids = {attrs["id"] for _, attrs in tags.all if "id" in attrs}
    assert len(terms) >= 3
    assert all(term["title"] and term["href"][1:] in ids for term in terms)
    body = public[public.index('id="the-children"'):public.index('id="placements"')]
    assert body.count('href="#glossary-looked-after"') == 1
    assert '<div id="glossary-ifa"><dt><dfn>Independent fostering agency (IFA)</dfn></dt>' in public


def test_a_hostile_name_in_the_data_stays_text_among_the_terms():
    page = publishing.page()
    hostile = '"><script>alert(1)</script> IFA <img src=x onerror=alert(1)>'
    made = publishing.notebook("# Words", lambda: (page.say(hostile), page.note("kinship & IFAs")))
    html = appendix(made=[made])
    tags = Tags(html)
    assert not tags.named("script") and not tags.named("img")
    assert not any(name.startswith("on") for _, attrs in tags.all for name in attrs)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <a class=\"term\"" in html


def relative_links(html: str) -> set[str]:
    """The files beside the page that it links to."""
    links = {attrs["href"] for attrs in Tags(html).named("a")}
    return {link for link in links if not link.startswith("#")}


def test_every_file_that_is_linked_to_is_written_and_every_file_is_linked_to(public, tmp_path):
    made = notebooks()
    tables = collect_tables(made)
    write_tables(tables, tmp_path / "tables")
    write_figures(made, tmp_path / "figures")
    write_workbook(tables, tmp_path / "tables.xlsx")
    written = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert relative_links(public) == written
    assert "figures/placement_mix.svg" in written and "tables/headline.csv" in written


def test_links_to_files_say_of_which_table_they_are(public):
    files = [a for a in Tags(public).named("a") if a["href"].startswith(("tables/", "figures/"))]
    names = {attrs["aria-label"] for attrs in files}
    assert all("download" in attrs for attrs in files)
    assert "Data (CSV): Children looked after by placement and provider" in names


def test_the_appendix_of_each_sample_is_small_and_its_links_lead_somewhere(outputs_dir):
    pages = sorted(outputs_dir.glob("*/appendix.html"))
    assert len(pages) == 3
    for path in [*pages, outputs_dir / "index.html"]:
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < LARGEST_BYTES, path.parent.name
        links = relative_links(text)
        assert links and all((path.parent / link).is_file() for link in links)
    for page in pages:
        drawn = {f"figures/{path.name}" for path in (page.parent / "figures").iterdir()}
        assert drawn and drawn <= relative_links(page.read_text(encoding="utf-8"))


def test_landmarks_language_pictures_and_skip_link(public):
    tags = Tags(public)
    assert tags.named("html")[0]["lang"] == "en-GB"
    for name in ("main", "header", "footer", "title"):
        assert len(tags.named(name)) == 1
    assert tags.named("a")[0] == {"class": "skip", "href": "#content"}
    assert all(attrs.get("alt") for attrs in tags.named("img"))
    assert len(tags.named("img")) == 2


def test_code_streams_and_bare_outputs_stay_out():
    made = notebooks()
    made[0].cells.append(
        new_code_cell(
            "secret_code()",
            outputs=[
                new_output("stream", name="stderr", text="a warning with /home"),
                new_output("stream", name="stdout", text="printed child 123"),
                new_output("execute_result", data={"text/plain": "child_id 123"}),
                new_output("display_data", data={"image/png": "AAAA"}),
            ],
        )
    )
    html = appendix(made=made)
    for text in ("secret_code", "a warning", "123", "page.show", "image/png"):
        assert text not in html
    past = outputs_past_the_gate(made)
    assert len(past) == 2 and past[0].startswith("Cell 3 of 'The children' shows something")


def test_a_notebook_that_failed_makes_no_appendix():
    made = notebooks()
    made[1].cells.append(
        new_code_cell("x", outputs=[new_output("error", ename="KeyError", evalue="'x'")])
    )
    with pytest.raises(SufficiencyError, match="Cell 3 of the notebook 'Placements' stopped"):
        appendix(made=made)


def test_the_banners_say_what_the_page_is(public):
    assert "Synthetic data: no child here is real" in public
    assert "NOT FOR PUBLICATION" not in public
    internal = appendix("internal", synthetic=False)
    assert "INTERNAL – NOT FOR PUBLICATION</div>" in internal
    assert '@top-center { content: "INTERNAL – NOT FOR PUBLICATION"' in internal
    assert "Synthetic data" not in internal
    assert "<title>INTERNAL – " in internal
    assert '.internal::before { content: "INTERNAL"' in internal
    assert ".internal::before" not in public


def test_key_figures_come_from_the_headline_table_with_their_rule(public):
    glance = public[public.index('id="at-a-glance"'):public.index('id="the-children"')]
    assert "326" in glance and "80.0%" in glance and "200 of 250 children" in glance
    assert "Within 20 miles of the child&#39;s home" in glance and "Target 90.0%" in glance
    assert "secure" not in glance


def test_names_are_escaped_and_no_nan_is_printed(public):
    html = appendix(name="<i>Brighton</i> & Hove")
    assert "<i>Brighton" not in html and "&lt;i&gt;Brighton&lt;/i&gt; &amp; Hove" in html
    assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b", public)


def test_the_same_notebooks_give_the_same_bytes(public):
    assert appendix() == public


def test_a_notebook_without_a_title_takes_its_openings():
    page = publishing.page()
    untitled = publishing.notebook("Only prose.", lambda: page.opening("Stability & moves"))
    assert '<h2 id="stability-moves">Stability &amp; moves</h2>' in appendix(made=[untitled])
    with pytest.raises(ConfigurationError, match="has no title"):
        appendix(made=[publishing.notebook("Only prose.")])
    with pytest.raises(ConfigurationError, match="Two notebooks are titled"):
        appendix(made=[untitled, untitled])


def test_tables_are_collected_once_and_one_name_is_one_table():
    tables = collect_tables(notebooks())
    assert [t.id for t in tables] == ["children_looked_after", "placement_mix", "headline"]
    assert tables[1].frame["children"].tolist().count("c") > 0
    page = publishing.page()
    clash = publishing.notebook(
        "# Clash",
        lambda: (page.table("locality", frames.locality()),
                 page.table("locality", frames.locality().head(3))),
    )
    with pytest.raises(ConfigurationError, match="as 'locality'; give one of them"):
        collect_tables([clash])


def test_anchors_are_plain():
    assert slugify("Children’s homes & <b>café</b>") == "childrens-homes-cafe"
