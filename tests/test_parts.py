"""A heading over nothing is no part of the page."""

from __future__ import annotations

import nbformat.v4 as v4

from sufficiency_lib.publish.parts import without_empty_parts
from sufficiency_lib.publish.sections import SHOWN_ROLES


def shown(role: str = "table") -> object:
    cell = v4.new_code_cell("page.table()")
    cell.outputs = [v4.new_output("display_data", {"text/plain": "t"},
                                  metadata={"sufficiency": {"role": role}})]
    return cell


def left(*cells: object) -> list[str]:
    notebook = v4.new_notebook(cells=list(cells))
    before = len(notebook.cells)
    kept = without_empty_parts(notebook, SHOWN_ROLES)
    assert len(notebook.cells) == before
    return [cell.source for cell in kept.cells if cell.cell_type == "markdown"]


def test_a_heading_goes_with_what_is_under_it() -> None:
    title, here, there = (v4.new_markdown_cell(t) for t in ("# Title", "## Here", "## There"))
    nothing = v4.new_code_cell("for one in []: page.table(one)")
    assert left(title, here, nothing, there, shown()) == ["# Title", "## There"]
    assert left(title, here, nothing) == ["# Title"]
    assert left(title, here, nothing, shown("say"), there, shown()) == [
        "# Title", "## Here", "## There"]


def test_what_a_page_does_not_show_is_nothing() -> None:
    assert left(v4.new_markdown_cell("## Here"), shown("opening")) == []


def test_prose_keeps_its_heading() -> None:
    prose = v4.new_markdown_cell("Of which nothing is known.")
    assert left(v4.new_markdown_cell("## Here"), prose) == ["## Here", prose.source]
    whole = v4.new_markdown_cell("## Here\n\nOf which nothing is known.")
    assert left(whole) == [whole.source]


def test_a_notebook_without_empty_parts_is_left_as_it_is() -> None:
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("## Here"), shown()])
    assert without_empty_parts(notebook, SHOWN_ROLES) is notebook
