"""The front of the output folder: index.html and summary.csv, over every authority in it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from sufficiency_lib.runs.manifest import Manifest, write_whole
from sufficiency_lib.runs.outputs import OutputFolder

if TYPE_CHECKING:
    from sufficiency_lib.publish.index import IndexEntry

INDEX, SUMMARY = "index.html", "summary.csv"

#: Who a row of summary.csv is about, before the columns of the `headline` table.
ABOUT = ("authority", "code", "as_at", "audience")
HEADLINE = (
    "metric", "label", "value", "unit", "numerator", "denominator",
    "rule", "target", "comparator", "comparator_release",
)  # fmt: skip


def has_front(outputs: OutputFolder) -> bool:
    """Whether index.html and summary.csv are there."""
    return all((outputs.root / name).is_file() for name in (INDEX, SUMMARY))


def write_front(outputs: OutputFolder, manifest: Manifest) -> None:
    """Write index.html and summary.csv from the manifest and each authority's own tables."""
    from sufficiency_lib.publish.index import build_index

    entries, rows = [], []
    for slug, known in sorted(manifest.authorities.items()):
        headline = read_headline(outputs, slug)
        has_page = (outputs.of(slug) / "appendix.html").is_file()
        entries.append(_entry(slug, known, headline, has_page))
        about = {name: known.get(name) or "" for name in ABOUT} | {"authority": known["name"]}
        rows += [about | row for row in headline]
    write_whole(outputs.root / SUMMARY, as_csv(rows, (*ABOUT, *HEADLINE)))
    about_all = manifest.authorities.values()
    index = build_index(
        entries,
        synthetic=any(known.get("synthetic") for known in about_all),
        internal=any(known.get("audience") == "internal" for known in about_all),
    )
    write_whole(outputs.root / INDEX, index)


def read_headline(outputs: OutputFolder, slug: str) -> list[dict[str, str]]:
    """The rows of an authority's headline table as published; none when it has no appendix."""
    path = outputs.of(slug) / "tables" / "headline.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def as_csv(rows: list[dict[str, str]], columns: tuple[str, ...]) -> str:
    """Rows as csv text with these columns first, then any others in the order they appear.

    >>> as_csv([{"b": "2", "a": "1"}, {"a": "3", "z": "4"}], ("a",))
    'a,b,z\\n1,2,\\n3,,4\\n'
    """
    # A name that begins as a formula does must not become one in a spreadsheet.
    from sufficiency_lib.publish.workbook import neutral

    names = dict.fromkeys((*columns, *(name for row in rows for name in row)))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(names), restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({
            name: cell if isinstance(as_figure(cell), float) else neutral(cell)
            for name, cell in row.items()
        })
    return text.getvalue()


def as_figure(text: str) -> str | float:
    """A cell of a csv as a figure where it is one; marks and words stay as they are.

    >>> as_figure("84.3"), as_figure("c"), as_figure("")
    (84.3, 'c', '')
    """
    try:
        return float(text)
    except ValueError:
        return text


def _entry(
    slug: str, known: dict[str, Any], headline: list[dict[str, str]], has_page: bool
) -> IndexEntry:
    from sufficiency_lib.publish.index import IndexEntry

    failure = known.get("failure")
    return IndexEntry(
        slug=slug,
        name=known["name"],
        status=known["status"],
        as_at=known.get("as_at"),
        message=failure["message"] if failure else "",
        headline=[{name: as_figure(text) for name, text in row.items()} for row in headline],
        has_page=has_page,
    )
