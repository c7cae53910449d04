"""The words of the field in plain English, and a link to each where a section first uses it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from html.parser import HTMLParser

from sufficiency_lib.publish.terms import TERMS, Term

__all__ = ["TERMS", "Term", "anchor_of", "definitions", "mark_terms"]

#: Where a reader meets prose; everything else keeps its words as they are.
_PROSE = frozenset({"p", "li", "dd", "blockquote", "caption"})

#: Never within these: headings (a figure's title is one), links, code, the figures of a table,
#: and what is folded away.
_LEFT_ALONE = frozenset({
    "a", "abbr", "button", "code", "details", "dfn", "dt", "figcaption", "h1", "h2", "h3", "h4",
    "h5", "h6", "label", "nav", "pre", "script", "style", "summary", "svg", "td", "th", "title",
})  # fmt: skip

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
})  # fmt: skip

#: An apostrophe as it may stand in HTML.
_APOSTROPHE = "(?:'|’|&#39;|&#x27;|&rsquo;)"


def anchor_of(term: Term) -> str:
    """The stable anchor of a term's definition.

    >>> anchor_of(Term("ifa", "Independent fostering agency (IFA)", "An agency."))
    'glossary-ifa'
    """
    return f"glossary-{term.id}"


def definitions() -> list[dict[str, str]]:
    """The terms in the order of the alphabet: anchor, name, meaning and source."""
    return [
        {"anchor": anchor_of(term), "name": term.name, "meaning": term.meaning,
         "source": term.source}
        for term in sorted(TERMS, key=lambda term: term.name.casefold())
    ]  # fmt: skip


def mark_terms(markup: str, terms: Sequence[Term] = TERMS) -> str:
    """A section's HTML in which the first use of each term in prose links to its definition.

    Only text of paragraphs, lists and captions is touched, and only by standing a link around
    it: nothing of the text becomes markup. The link carries the definition as its title.

    >>> ifa = Term("ifa", "IFA", "A fostering agency.", match=("IFA",))
    >>> mark_terms("<p>An IFA.</p>", [ifa])
    '<p>An <a class="term" href="#glossary-ifa" title="A fostering agency.">IFA</a>.</p>'
    >>> mark_terms("<h3>An IFA</h3>", [ifa])
    '<h3>An IFA</h3>'
    """
    pattern, by_group = _pattern(tuple(terms))
    used: set[str] = set()

    def linked(found: re.Match[str]) -> str:
        term = by_group[found.lastgroup or ""]
        if term.id in used:
            return found[0]
        used.add(term.id)
        title = html.escape(term.meaning, quote=True)
        return f'<a class="term" href="#{anchor_of(term)}" title="{title}">{found[0]}</a>'

    made, at = [], 0
    for start, end in _prose_runs(markup):
        made += [markup[at:start], pattern.sub(linked, markup[start:end])]
        at = end
    return "".join([*made, markup[at:]])


@cache
def _pattern(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern for every spelling, the longest first, with a group for each spelling."""
    spellings = sorted(
        ((words, term) for term in terms for words in term.match),
        key=lambda one: (-len(one[0]), one[0]),
    )
    by_group = {f"t{number}": term for number, (_, term) in enumerate(spellings)}
    choices = (
        f"(?P<t{number}>{_spelled(words)})" for number, (words, _) in enumerate(spellings)
    )
    # Neither inside a longer word nor inside an entity such as &amp;
    return re.compile(rf"(?<![\w&#-])(?:{'|'.join(choices)})(?![\w-])"), by_group


def _spelled(words: str) -> str:
    """A spelling as a pattern: any space between words, and a capital at its beginning."""
    first = words[0]
    if first.isalpha() and not words[:2].isupper():
        head = f"[{first.lower()}{first.upper()}]"
    else:
        head = re.escape(first)
    rest = re.escape(words[1:]).replace(r"\ ", r"\s+").replace("'", _APOSTROPHE)
    return head + rest


def _prose_runs(markup: str) -> list[tuple[int, int]]:
    reader = _ProseReader(markup)
    reader.feed(markup)
    reader.close()
    reader.end_run(len(markup))
    return reader.runs


class _ProseReader(HTMLParser):
    """Finds where the text of prose stands in a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=False)
        self.runs: list[tuple[int, int]] = []
        self._open: list[str] = []
        self._start: int | None = None
        self._lines = [0, *(found.end() for found in re.finditer("\n", markup))]

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def end_run(self, at: int) -> None:
        """Close the run of text that is open, if one is."""
        if self._start is not None and at > self._start:
            self.runs.append((self._start, at))
        self._start = None

    def _text(self) -> None:
        if self._start is None and self._is_prose():
            self._start = self._here()

    def _is_prose(self) -> bool:
        inside = set(self._open)
        return bool(inside & _PROSE) and not inside & _LEFT_ALONE

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.end_run(self._here())
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In HTML the stroke of <p/> means nothing: the element stays open.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.end_run(self._here())
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._text()

    def handle_entityref(self, name: str) -> None:
        self._text()

    def handle_charref(self, name: str) -> None:
        self._text()

    def _other(self, data: str) -> None:
        self.end_run(self._here())

    handle_comment = handle_decl = handle_pi = unknown_decl = _other
