"""Executed notebooks as sections: what passed the gate, under headings with stable names."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sufficiency_lib.errors import ConfigurationError, SufficiencyError
from sufficiency_lib.publish.parts import about, outputs_of, role_of, without_empty_parts
from sufficiency_lib.publish.tables import MIME, PublishedTable, published

#: Parts that an appendix shows; the opening is left out, because the page has its own.
SHOWN_ROLES = ("table", "chart", "say", "note", "brief")


@dataclass(frozen=True)
class Heading:
    """A heading of the document, for the table of contents."""

    level: int
    text: str
    anchor: str


@dataclass
class Section:
    """One notebook in the document: its headings, and its body as HTML."""

    title: str
    anchor: str
    body: str = ""
    headings: list[Heading] = field(default_factory=list)


def slugify(text: str) -> str:
    """Text as an anchor: lower case, ASCII, words joined by hyphens.

    >>> slugify("Children's homes & secure: 2025")
    'childrens-homes-secure-2025'
    """
    plain = unicodedata.normalize("NFKD", _bare(text))
    plain = plain.encode("ascii", "ignore").decode("ascii").lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def sections(
    notebooks: Sequence[Any], links_below: Callable[[Any], str] = lambda output: ""
) -> list[Section]:
    """Each notebook as a section, in order.

    links_below  what stands under an output, as HTML (see `publish.downloads`)

    Raises SufficiencyError when a notebook holds the output of an error, and
    ConfigurationError when two of them would have the same title.
    """
    built: list[Section] = []
    for notebook in notebooks:
        refuse_errors(notebook)
        title = section_title(notebook)
        section = Section(title, slugify(title))
        if section.anchor in {other.anchor for other in built}:
            raise ConfigurationError(
                f"Two notebooks are titled '{title}'; give one another title, so that its "
                "anchors stay its own."
            )
        _fill(section, without_empty_parts(notebook, SHOWN_ROLES), links_below)
        built.append(section)
    return built


def _fill(section: Section, notebook: Any, links_below: Callable[[Any], str]) -> None:
    # A notebook that is opened by hand puts no page together, and this takes seconds to load.
    from sufficiency_lib.publish.sections_written import exporter, only_shown

    heading = ""
    if _first_heading(notebook) is None:
        section.headings.append(Heading(2, section.title, section.anchor))
        heading = f'<h2 id="{section.anchor}">{html.escape(section.title)}</h2>\n'
    writer = exporter()
    writer.register_filter("links_below", links_below)
    writer.register_filter("section_headings", partial(demote_headings, section))
    writer.register_filter("own_anchors", partial(own_anchors, section.anchor))
    body, _ = writer.from_notebook_node(
        only_shown(notebook, SHOWN_ROLES), resources={"sufficiency_roles": SHOWN_ROLES}
    )
    section.body = heading + body.strip()


_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL | re.IGNORECASE)


def demote_headings(section: Section, markup: str) -> str:
    """Rendered prose with headings one level down, in order, each with its own anchor.

    The notebook's `#` becomes h2 and carries the section's anchor; what follows is named
    `<section>-<heading>`. A level that would be skipped is closed up.
    """

    def replaced(match: re.Match[str]) -> str:
        text = match[2].strip()
        level, anchor = 2, section.anchor
        if section.headings:
            deepest = section.headings[-1].level + 1
            level = max(3, min(int(match[1]) + 1, deepest, 6))
            anchor = _free_anchor(section, text)
        section.headings.append(Heading(level, _bare(text), anchor))
        return f'<h{level} id="{anchor}">{text}</h{level}>'

    return _HEADING.sub(replaced, markup)


def _bare(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def _free_anchor(section: Section, text: str) -> str:
    base = f"{section.anchor}-{slugify(text)}"
    taken = {heading.anchor for heading in section.headings}
    anchor, number = base, 2
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    return anchor


_ANCHOR_ATTRIBUTE = re.compile(r'(<[^>]*?\s)(id|aria-labelledby|aria-describedby)="([^"]+)"')


def own_anchors(prefix: str, markup: str) -> str:
    """An output's ids and what points at them, made the section's own.

    >>> own_anchors("places", '<div aria-labelledby="mix"><p id="mix">a</p></div>')
    '<div aria-labelledby="places-mix"><p id="places-mix">a</p></div>'
    """
    return _ANCHOR_ATTRIBUTE.sub(rf'\g<1>\g<2>="{prefix}-\g<3>"', markup)


def refuse_errors(notebook: Any) -> None:
    """Raise SufficiencyError if a cell of the notebook failed."""
    for position, output in outputs_of(notebook):
        if output.output_type == "error":
            raise SufficiencyError(
                f"Cell {position} of the notebook '{section_title(notebook)}' stopped with "
                f"{output.ename}; an appendix is built only from notebooks that ran to the end."
            )


def section_title(notebook: Any) -> str:
    """A notebook's title: its first `#` heading, else that of its opening.

    Raises ConfigurationError for a notebook with neither.
    """
    found = _first_heading(notebook)
    if found is not None:
        return found
    for _, output in outputs_of(notebook):
        if role_of(output) == "opening":
            return str(about(output)["title"])
    raise ConfigurationError(
        "A notebook has no title; begin it with a line '# Title' in a markdown cell."
    )


def _first_heading(notebook: Any) -> str | None:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = re.search(r"^#\s+(.+?)\s*#*\s*$", cell.source, re.MULTILINE)
            if found:
                return re.sub(r"[*_`]", "", found[1])
    return None


def collect_tables(notebooks: Sequence[Any]) -> list[PublishedTable]:
    """Every table that the notebooks published, once each, in order.

    A chart's data counts where no table of that name was shown. Raises ConfigurationError
    when one name stands for two different tables.
    """
    found: dict[str, tuple[str, PublishedTable]] = {}
    for notebook in notebooks:
        for _, output in outputs_of(notebook):
            data = output.get("data", {}).get(MIME)
            if data is None:
                continue
            table, role = published(data), role_of(output) or "table"
            before = found.get(table.id)
            if before is None or (before[0] == "chart" and role == "table"):
                found[table.id] = (role, table)
            elif role == "table" and not before[1].frame.equals(table.frame):
                raise ConfigurationError(
                    f"Two different tables are published as '{table.id}'; give one of them "
                    "another name with as_id=."
                )
    return [table for _, table in found.values()]


def outputs_past_the_gate(notebooks: Sequence[Any]) -> list[str]:
    """What the notebooks show that never passed the gate: a sentence for each output.

    An appendix leaves these out; an executed notebook for the public must not hold them.
    """
    return [
        f"Cell {position} of '{section_title(notebook)}' shows something that did not come "
        "from the page; show it with page.table, page.chart or page.say."
        for notebook in notebooks
        for position, output in outputs_of(notebook)
        if output.output_type in ("display_data", "execute_result") and role_of(output) is None
    ]
