"""Hand-made pages for the tests of the publishing rooms: notebooks without a kernel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sufficiency_lib.publish import page as page_module
from sufficiency_lib.publish.page import Page
from sufficiency_lib.settings import AuthorityProfile, LocalitySettings, RunParameters, Target

AS_AT = date(2025, 3, 31)


def profile(**changes: Any) -> AuthorityProfile:
    """An authority with a target and a named centre."""
    about: dict[str, Any] = {
        "code": "E06000019",
        "name": "Herefordshire",
        "slug": "herefordshire",
        "synthetic": True,
        "locality": LocalitySettings(centre_name="Hereford city centre"),
        "targets": (Target(metric="fostering_within_rule_pct", value=90.0),),
    }
    return AuthorityProfile(**about | changes)


def page(audience: str = "public", **changes: Any) -> Page:
    """A page for that authority."""
    parameters = RunParameters(authority="herefordshire", audience=audience)
    return Page(profile(**changes), parameters, as_at=AS_AT)


def outputs(show: Callable[[], Any]) -> list[Any]:
    """What a cell that calls `show` would hold as its outputs."""
    held: list[Any] = []

    def display(bundle: dict[str, Any], raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        held.append(new_output("display_data", data=bundle, metadata=metadata))

    before = page_module.display
    page_module.display = display
    try:
        show()
    finally:
        page_module.display = before
    return held


def notebook(*cells: str | Callable[[], Any]) -> Any:
    """An executed notebook: text is a markdown cell, a function a code cell that ran."""
    return new_notebook(
        cells=[
            new_markdown_cell(cell, id=f"c{at}")
            if isinstance(cell, str)
            else new_code_cell("page.show()", outputs=outputs(cell), id=f"c{at}")
            for at, cell in enumerate(cells)
        ]
    )
