"""The appendix: one HTML file an authority, that asks nothing of any other host.

Its figures and tables are in it. The same as files stand beside it, and it links to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from sufficiency_lib.publish.briefs import links_to
from sufficiency_lib.publish.downloads import WORKBOOK, links_below
from sufficiency_lib.publish.glance import key_figures
from sufficiency_lib.publish.glossary import definitions, mark_terms
from sufficiency_lib.publish.render import TEMPLATES
from sufficiency_lib.publish.sections import collect_tables, sections
from sufficiency_lib.publish.sheet import (
    DRAFT_BANNER,
    INTERNAL_BANNER,
    SYNTHETIC_BANNER,
    page_style,
    without_blank_lines,
)
from sufficiency_lib.publish.wording import MARK_MEANINGS, Words, listed, long_date
from sufficiency_lib.settings import locality_rule_label


def build_appendix(
    notebooks: Sequence[Any], *, profile: Any, parameters: Any, as_at: date, draft: bool = False
) -> str:
    """The executed notebooks of one authority as a single page.

    notebooks   NotebookNodes, in the order of the sections
    profile     .name .synthetic .locality .disclosure
    parameters  .audience .locality_rule
    draft       whether one section is of another edition than the others

    Only what was shown with a Page appears; code, streams and bare reprs do not. Raises
    SufficiencyError for a notebook that stopped with an error.
    """
    parts = sections(notebooks, links_below(notebooks))
    rule = parameters.locality_rule or profile.locality.rule
    words = Words(profile.locality)
    internal = parameters.audience == "internal"
    page = TEMPLATES.get_template("appendix.html.j2").render(
        name=profile.name,
        members=listed(list(getattr(profile, "members", ()))),
        as_at=long_date(as_at),
        internal=internal,
        internal_banner=INTERNAL_BANNER,
        synthetic_banner=SYNTHETIC_BANNER if profile.synthetic else None,
        draft_banner=DRAFT_BANNER if draft else None,
        figures=key_figures(collect_tables(notebooks), words),
        sections=[(part, Markup(mark_terms(part.body))) for part in parts],
        glossary=definitions(),
        workbook=WORKBOOK,
        briefs=links_to(notebooks),
        rule=locality_rule_label(rule, profile.locality),
        threshold=profile.disclosure.threshold,
        round_to=profile.disclosure.round_to,
        marks=MARK_MEANINGS,
        style=page_style(internal=internal),
    )
    return without_blank_lines(page)
