"""The glossary page, made from the terms that the appendix explains."""

from __future__ import annotations

from sufficiency_lib.documents.examples import MADE_BY
from sufficiency_lib.publish.glossary import definitions

_ABOUT = (
    "The same words are explained at the end of every appendix, where the first use of each in a "
    "section links to it. A term is added in `sufficiency_lib/publish/terms.py`."
)


def glossary() -> str:
    """The glossary as Markdown: every term in the order of the alphabet, with its source.

    >>> glossary().splitlines()[0]
    '# Glossary'
    """
    lines = ["# Glossary", "", MADE_BY, "", _ABOUT]
    for term in definitions():
        source = f" *({term['source']})*" if term["source"] else ""
        lines += ["", f"**{term['name']}** – {term['meaning']}{source}"]
    return "\n".join(lines) + "\n"
