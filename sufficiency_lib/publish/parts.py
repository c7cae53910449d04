"""A notebook's outputs, and its parts that have something to say: a heading alone is none."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterator, Mapping
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
        if any(role_of(output) in shown for output in cell.get("outputs", ())):
            return True
    return False


def outputs_of(notebook: Any) -> Iterator[tuple[int, Any]]:
    """Every output of a notebook, with the number of its cell; the first cell is 1."""
    for position, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            yield position, output


def role_of(output: Any) -> str | None:
    """What part an output plays, as the page wrote it; None: it did not come from a page."""
    return about(output).get("role")


def about(output: Any) -> Mapping[str, Any]:
    """What a page wrote about an output; nothing of one that did not come from a page."""
    return output.get("metadata", {}).get("sufficiency", {})
