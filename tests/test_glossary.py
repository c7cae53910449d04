"""The glossary: plain definitions, and links that touch nothing but the words of prose."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.publish.glossary import TERMS, Term, anchor_of, definitions, mark_terms

IFA = Term("ifa", "IFA", 'An agency <"registered"> & paid.', match=("IFA", "IFAs"))
KINSHIP = Term("kinship", "Kinship", "By relatives.", match=("kinship", "kinship fostering"))
HOME = Term("home", "Children's home", "A home.", match=("children's homes",))
LINK = re.compile(
    r'<a class="term" href="#glossary-[a-z0-9-]+" title="[^"<>]*">(.*?)</a>', re.DOTALL
)


def marked(markup: str) -> str:
    return mark_terms(markup, [IFA, KINSHIP, HOME])


def links(markup: str) -> list[str]:
    return LINK.findall(marked(markup))


def test_the_first_use_of_each_term_is_linked_and_no_other():
    assert links("<p>An IFA and an IFA.</p><p>Kinship, IFAs.</p>") == ["IFA", "Kinship"]


def test_the_longest_spelling_is_taken_across_a_line_break():
    assert links("<p>Few kinship\nfostering.</p>") == ["kinship\nfostering"]


@pytest.mark.parametrize("apostrophe", ["'", "’", "&#39;", "&#x27;", "&rsquo;"])
def test_an_apostrophe_is_one_however_it_is_written(apostrophe):
    words = f"children{apostrophe}s homes"
    assert links(f"<p>In {words}.</p>") == [words]


@pytest.mark.parametrize("prose", ["p", "li", "dd", "caption", "blockquote"])
def test_prose_and_captions_are_marked(prose):
    assert links(f"<{prose}>The <em>IFA</em></{prose}>") == ["IFA"]


@pytest.mark.parametrize(
    "markup",
    [
        "<h3>IFA</h3>", "<p><a href='#x'>IFA</a></p>", "<p><code>IFA</code></p>",
        "<table><tr><td><p>IFA</p></td><th>IFA</th></tr></table>", "<figcaption>IFA</figcaption>",
        "<details><p>IFA</p></details>", '<p><img alt="IFA > IFA" src="x"></p>',
        "<p><!-- IFA --></p>", "<p>AIFA IFA2 IFA-like &IFA; ifa</p>", "<div>IFA</div>", "IFA",
        "<p><svg><title>IFA</title><text>IFA</text></svg></p>",
    ],
)  # fmt: skip
def test_everything_else_is_left_as_it_is(markup):
    assert marked(markup) == markup


def test_hostile_text_stays_text():
    hostile = (
        "<p>&lt;script&gt;alert('IFA')&lt;/script&gt; &quot;&gt;&lt;img src=x onerror=IFA&gt;</p>"
    )
    made = marked(hostile)
    assert LINK.sub(r"\1", made) == hostile
    assert tags(made) == ["p", "a"]
    assert 'title="An agency &lt;&quot;registered&quot;&gt; &amp; paid."' in made


def tags(markup: str) -> list[str]:
    found: list[str] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: found.append(tag)
    reader.feed(markup)
    return found


PIECES = st.sampled_from([
    "<p>", "</p>", "<p class='x'>", "<li>", "<a href='#'>", "</a>", "<h2>", "</h2>", "<td>",
    "</td>", "<br>", "<p/>", "IFA", "kinship fostering", " ", "\n", "&amp;", "&lt;", "&", "<",
    ">", "\"", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>", "é", "<img alt='IFA'>",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_links_are_all_that_is_added_to_any_markup(markup):
    made = marked(markup)
    assert LINK.sub(r"\1", made) == markup
    assert made.count('class="term"') <= 3


def test_every_term_is_said_plainly_once_with_an_anchor_of_its_own():
    anchors = [anchor_of(term) for term in TERMS]
    assert len(set(anchors)) == len(anchors)
    assert all(re.fullmatch(r"glossary-[a-z0-9-]+", anchor) for anchor in anchors)
    spellings = [words.casefold() for term in TERMS for words in term.match]
    assert len(set(spellings)) == len(spellings)
    for term in TERMS:
        assert term.meaning.endswith(".") and len(term.meaning) < 260, term.name
        assert not term.source.endswith("."), term.name


def test_what_a_reader_must_know_is_defined():
    defined = {term.id for term in TERMS}
    assert {
        "episode", "placement", "looked-after", "bed-night", "in-house", "ifa", "kinship", "uasc",
        "section-20", "care-order", "short-breaks", "locality-rule", "suppressed", "median",
        "statistical-neighbours", "confidence-interval", "mid-year-estimate", "kaplan-meier",
    } <= defined  # fmt: skip
    names = [one["name"] for one in definitions()]
    assert names == sorted(names, key=str.casefold)
