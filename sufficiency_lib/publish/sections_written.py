"""How nbconvert writes a notebook as a section of a page."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import traitlets.config
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

from sufficiency_lib.publish.parts import role_of

TEMPLATE_FOLDER = Path(__file__).parent / "templates"


class _PartOfAPage(HTMLExporter):
    """Writes what came through the gate as it is.

    nbconvert's own goes on to read the page again, for pictures without a text alternative and
    for cells to give a place among the tab stops; the gate lets through neither.
    """

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)


@cache
def exporter() -> HTMLExporter:
    """What writes sections: made once for a process, as its templates take time to compile."""
    config = traitlets.config.Config()
    config.HTMLExporter.exclude_anchor_links = True
    config.HTMLExporter.preprocessors = []
    made = _PartOfAPage(
        config=config,
        template_name="sufficiency",
        extra_template_basedirs=[str(TEMPLATE_FOLDER)],
    )
    # Asked for by the template that ours is based on, in parts that ours leaves out.
    made.register_filter("highlight_code", Highlight2HTML(parent=made))
    return made


class _OnlyRead(NotebookNode):
    """A part of a notebook that is not copied with it, however often that is copied."""

    def __deepcopy__(self, memo: object) -> _OnlyRead:
        return self


def only_shown(notebook: Any, roles: Collection[str]) -> NotebookNode:
    """A notebook without the outputs that are not shown; nbconvert copies it three times.

    roles  of the outputs that are (see `parts.role_of`)
    """
    cells = [
        _with(cell, outputs=[
            _with(output, data=_OnlyRead(output["data"])) for output in cell.get("outputs", ())
            if role_of(output) in roles
        ]) if cell.cell_type == "code" else cell
        for cell in notebook.cells
    ]  # fmt: skip
    return _with(notebook, cells=cells)


def _with(node: Any, **parts: Any) -> NotebookNode:
    return NotebookNode({**node, **parts})
