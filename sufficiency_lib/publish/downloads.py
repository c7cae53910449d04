"""The files that stand beside an appendix, and the links to them.

An appendix would double in size if it carried each picture and table twice. So the pictures are
written to `figures/` and the tables to `tables/` beside it, and the page links to them.
"""

from __future__ import annotations

import html
import re
import textwrap
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sufficiency_lib.publish.parts import about, outputs_of, role_of
from sufficiency_lib.publish.render import TEMPLATES
from sufficiency_lib.publish.style import FONT_FAMILY, INK, MUTED, PAPER, WARNING
from sufficiency_lib.publish.tables import MIME

WORKBOOK = "tables.xlsx"

_PICTURE = re.compile(r'<img src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')
_ALT = re.compile(r'<img [^>]*?\balt="([^"]*)"')
_TITLE = re.compile(r'<figcaption class="figure-title">(.*?)</figcaption>', re.DOTALL)
_SOURCE = re.compile(r'<p class="figure-source">(.*?)</p>', re.DOTALL)

_MARGIN, _GAP = 16, 14
_TITLE_PX, _SOURCE_PX, _BANNER_PX = 18, 13, 15
#: Letters to a line of so many pixels; the widest ordinary words still fit.
_LETTER = 0.52


@dataclass(frozen=True)
class FigureFile:
    """A chart to be written beside the page.

    name    its file in `figures/`
    markup  the HTML that the notebook showed
    title   what it shows, where the figure itself has no title
    """

    name: str
    markup: str
    title: str

    def svg(self, banners: Sequence[str] = ()) -> str:
        """The chart as a picture that stands alone, with title, source and warnings in it."""
        return standalone(
            b64decode(_PICTURE.search(self.markup)[1]).decode("utf-8"),
            title=_words(_TITLE, self.markup) or self.title,
            alt=_words(_ALT, self.markup),
            source=_words(_SOURCE, self.markup),
            banners=banners,
        )


def figure_files(notebooks: Sequence[Any]) -> list[FigureFile]:
    """Every chart of the notebooks, in order, each under a name of its own.

    Named by its table; where one table is drawn in several ways, the later ones are numbered.
    """
    found: dict[str, FigureFile] = {}
    for output in (output for notebook in notebooks for _, output in outputs_of(notebook)):
        data = output.get("data", {})
        markup = data.get("text/html", "")
        if role_of(output) != "chart" or not _PICTURE.search(markup):
            continue
        if markup not in found:
            name = _free_name(str(about(output)["id"]), {file.name for file in found.values()})
            found[markup] = FigureFile(name, markup, str(data.get(MIME, {}).get("title", "")))
    return list(found.values())


def write_figures(
    notebooks: Sequence[Any], folder: Path, *, banners: Sequence[str] = ()
) -> list[Path]:
    """Write each chart to `folder`, as SVG; returns the paths. No chart, no folder."""
    paths = []
    for file in figure_files(notebooks):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file.name
        path.write_text(file.svg(banners), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def links_below(notebooks: Sequence[Any]) -> Callable[[Any], str]:
    """What an output of these notebooks has below it: links to its files, as HTML, or nothing."""
    figures = {file.markup: file for file in figure_files(notebooks)}

    def links(output: Any) -> str:
        data = output.get("data", {})
        if MIME not in data:
            return ""
        figure = figures.get(data.get("text/html", ""))
        title = str(data[MIME]["title"])
        if figure is not None:
            title = _words(_TITLE, figure.markup) or title
        return TEMPLATES.get_template("files.html.j2").render(
            figure=f"figures/{figure.name}" if figure else None,
            table=f"tables/{data[MIME]['id']}.csv",
            title=title,
        )

    return links


def standalone(
    svg: str, *, title: str, alt: str = "", source: str = "", banners: Sequence[str] = ()
) -> str:
    """A drawing with its title above it and its source below, so that it can be used alone.

    alt      the text alternative, as the picture's description
    banners  warnings that the page carries and that the picture therefore carries too
    """
    root = re.search(r"<svg\b[^>]*>", svg)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', root[0])
    width, height = float(box[1]), float(box[2])
    above = [(banner, _BANNER_PX, WARNING) for banner in banners]
    above += [(line, _TITLE_PX, INK) for line in _lines(title, _TITLE_PX, width)]
    below = [(line, _SOURCE_PX, MUTED) for line in _lines(source, _SOURCE_PX, width)]
    head, top = _text(above, _MARGIN, bold=True)
    foot, bottom = _text(below, top + _GAP + height, bold=False)
    whole_width, whole_height = width + 2 * _MARGIN, bottom + _MARGIN
    inner = re.sub(r'\s(width|height)="[^"]*"', "", root[0])
    place = f'<svg x="{_MARGIN}" y="{top + _GAP:g}" width="{width:g}" height="{height:g}"'
    drawing = svg[: root.start()] + inner.replace("<svg", place, 1) + svg[root.end() :]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole_width:g}" '
        f'height="{whole_height:g}" viewBox="0 0 {whole_width:g} {whole_height:g}" role="img" '
        f'font-family="{FONT_FAMILY}">\n'
        f"<title>{_xml(title)}</title>\n<desc>{_xml(alt)}</desc>\n"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n'
        f"{head}{drawing.strip()}\n{foot}</svg>\n"
    )


def _text(lines: Sequence[tuple[str, int, str]], top: float, *, bold: bool) -> tuple[str, float]:
    """Lines of text from `top` on, and where they end."""
    made = []
    for words, size, colour in lines:
        top += size * 1.35
        weight = ' font-weight="bold"' if bold else ""
        made.append(
            f'<text x="{_MARGIN}" y="{top:g}" font-size="{size}" fill="{colour}"{weight}>'
            f"{_xml(words)}</text>\n"
        )
    return "".join(made), top


def _lines(words: str, size: int, width: float) -> list[str]:
    return textwrap.wrap(words, int(width / (size * _LETTER)))


def _xml(words: str) -> str:
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", words), quote=False)


def _words(pattern: re.Pattern[str], markup: str) -> str:
    found = pattern.search(markup)
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


def _free_name(base: str, taken: set[str]) -> str:
    name, number = f"{base}.svg", 2
    while name in taken:
        name, number = f"{base}_{number}.svg", number + 1
    return name
