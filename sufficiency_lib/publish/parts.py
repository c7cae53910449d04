"""Parts of a notebook that have something to say: a heading over nothing is no part."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection
from typing import Any

_ONLY_A_HEADING = re.compile(r"#{2,6} [^\n]+\Z")


def without_empty_parts(notebook: Any, shown: Collection[str]) -> Any:
    """A notebook without the headings under which nothing is shown.

    notebook  a NotebookNode, left as it is
    shown     the roles of outputs that a page shows

    A markdown cell goes when it is one heading, below the title, and no cell until the next
    heading shows anything or says anything in prose: a consortium's part in another's page.
    """
    cells = notebook.cells
    kept = [cell for at, cell in enumerate(cells)
            if not (_is_heading(cell) and not _shows(cells[at + 1:], shown))]
    if len(kept) == len(cells):
        return notebook
    lean = copy.copy(notebook)
    lean.cells = kept
    return lean


def _is_heading(cell: Any) -> bool:
    return cell.cell_type == "markdown" and bool(_ONLY_A_HEADING.match(cell.source.strip()))


def _shows(cells: list[Any], shown: Collection[str]) -> bool:
    """Whether a part shows anything, given the cells below its heading."""
    for cell in cells:
        if cell.cell_type == "markdown":
            # Prose of its own keeps a heading; another heading ends the part.
            return not cell.source.lstrip().startswith("#")
        outputs = getattr(cell, "outputs", ())
        if any(_role(output) in shown for output in outputs):
            return True
    return False


def _role(output: Any) -> str:
    return output.get("metadata", {}).get("sufficiency", {}).get("role", "")
