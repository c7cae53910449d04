"""The documents made from the code: the data dictionary, the methods and the glossary.

`python -m sufficiency_lib documents` writes them; a test fails when they are not current.
"""

from __future__ import annotations

from pathlib import Path

from sufficiency_lib.documents.dictionary import dictionary
from sufficiency_lib.documents.examples import read_examples
from sufficiency_lib.documents.glossary import glossary
from sufficiency_lib.documents.methods import methods

__all__ = ["dictionary", "documents", "glossary", "methods", "write_documents"]

#: Where the worked examples stand within the project.
EXAMPLES = Path("tests") / "spec"


def documents(root: Path) -> dict[str, str]:
    """Each generated document's path within the project, and its text.

    root  the project's folder, whose worked examples go into the methods
    """
    examples = read_examples(root / EXAMPLES)
    return {
        "data/DICTIONARY.md": dictionary(),
        "docs/glossary.md": glossary(),
        "METHODS.md": methods(examples),
    }


def write_documents(root: Path, to: Path | None = None) -> list[Path]:
    """Write every generated document of a project; returns their paths.

    root  the project's folder
    to    another folder to write them under; None: the project's own
    """
    written = []
    for name, text in documents(root).items():
        path = (to or root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written
