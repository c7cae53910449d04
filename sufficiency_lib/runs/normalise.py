"""Make an executed notebook say only what its inputs decide.

papermill and nbclient leave random ids, times, durations and machine paths in what they run.
All of that goes, so that the same inputs give the same bytes and nothing private is published.
"""

from __future__ import annotations

import ast
import copy
import json
import re
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Parameters that hold a folder; only its own name is published.
FOLDER_PARAMETERS = ("data", "reference")

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_ASSIGNMENT = re.compile(r"^(?P<name>\w+) = (?P<value>.+)$")


def normalised(notebook: NotebookNode) -> NotebookNode:
    """A copy of an executed notebook without times, random ids, machine paths and printed text.

    What goes: papermill's metadata and each cell's times; the version in `language_info`; the
    random id of the cell papermill adds; all but the last part of the `data` and `reference`
    folders; memory addresses in text; streams, because what is printed has not passed the
    disclosure gate, and warnings name files of this machine. What stays: sources, shown outputs,
    execution counts, tags.
    """
    clean = copy.deepcopy(notebook)
    clean.metadata.pop("papermill", None)
    clean.metadata.get("language_info", {}).pop("version", None)
    for number, cell in enumerate(clean.cells):
        _normalise_cell(cell, number)
    return clean


def _normalise_cell(cell: NotebookNode, number: int) -> None:
    for name in ("papermill", "execution"):
        cell.metadata.pop(name, None)
    if cell.metadata.get("tags") == []:
        del cell.metadata["tags"]
    if "injected-parameters" in cell.metadata.get("tags", ()):
        cell["id"] = "injected-parameters"
        cell.source = published_parameters(cell.source)
    elif not cell.get("id"):
        cell["id"] = f"cell-{number:02d}"
    if cell.cell_type == "code":
        cell.outputs = _normalise_outputs(cell.outputs)


def _normalise_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    kept = [output for output in outputs if output.output_type != "stream"]
    for output in kept:
        output.pop("transient", None)
        if "text/plain" in output.get("data", {}):
            output.data["text/plain"] = _without_addresses(output.data["text/plain"])
    return kept


def _without_addresses(text: Any) -> Any:
    return _ADDRESS.sub("", text) if isinstance(text, str) else text


def published_parameters(source: str) -> str:
    """The injected parameters with folders reduced to their own name.

    >>> print(published_parameters('# Parameters\\nauthority = "x"\\ndata = "/a/b/returns"'))
    # Parameters
    authority = "x"
    data = "returns"
    """
    lines = []
    for line in source.splitlines():
        found = _ASSIGNMENT.match(line)
        if found and found["name"] in FOLDER_PARAMETERS:
            value = ast.literal_eval(found["value"])
            line = f"{found['name']} = {json.dumps(folder_name(value))}"
        lines.append(line)
    return "\n".join(lines)


def folder_name(path: object) -> str:
    """The last part of a path of any system; blank for none.

    >>> folder_name("/srv/returns/2025"), folder_name("C:\\\\returns\\\\2025"), folder_name(None)
    ('2025', '2025', '')
    """
    return PureWindowsPath(str(path)).name if path else ""
