"""What every page has: the style sheet, the warnings at its head, and no blank lines."""

from __future__ import annotations

from markupsafe import Markup

from sufficiency_lib.publish.render import TEMPLATES

INTERNAL_BANNER = "INTERNAL – NOT FOR PUBLICATION"
SYNTHETIC_BANNER = "Synthetic data: no child here is real"
#: On a page of which one section was made again after a change and the others were not: a number
#: of each may count by another definition, and so their difference a few children.
DRAFT_BANNER = "Draft: not for publication"


def page_style(*, internal: bool = False) -> Markup:
    """The style sheet of every page, to stand inside it."""
    sheet = TEMPLATES.get_template("style.css.j2").render(
        internal=internal, internal_banner=INTERNAL_BANNER
    )
    return Markup(sheet)


def without_blank_lines(text: str) -> str:
    r"""A page's text with no blank line and no blank at the end of one.

    >>> without_blank_lines("<p>a</p>  \n\n<p>b</p>")
    '<p>a</p>\n<p>b</p>\n'
    """
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip())
