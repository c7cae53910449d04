"""What every page carries: the style sheet, and the warnings at its head."""

from __future__ import annotations

from markupsafe import Markup

from sufficiency_lib.publish.render import TEMPLATES

INTERNAL_BANNER = "INTERNAL – NOT FOR PUBLICATION"
SYNTHETIC_BANNER = "Synthetic data: no child here is real"


def page_style(*, internal: bool = False) -> Markup:
    """The style sheet of every page, to stand inside it."""
    sheet = TEMPLATES.get_template("style.css.j2").render(
        internal=internal, internal_banner=INTERNAL_BANNER
    )
    return Markup(sheet)
