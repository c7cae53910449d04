"""From executed notebooks to what is published: the appendix, the workbook, the tables.

Everything is built in a folder aside. The last thing done is to read it as a stranger would: if a
folder of this machine is named anywhere in it, it is not published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.runs.fingerprint import LIBRARY
from sufficiency_lib.runs.normalise import normalised
from sufficiency_lib.runs.task import Task

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from sufficiency_lib.dataset import Dataset
    from sufficiency_lib.publish.tables import PublishedTable

SUPPRESSED = "c"
_READ_AS_TEXT = {".html", ".csv", ".ipynb", ".json", ".svg", ".txt"}


def assemble(
    executed: Mapping[str, NotebookNode], data_set: Dataset, task: Task, *, edition: str = ""
) -> dict[str, Any]:
    """Write an authority's outputs into `task.building`; returns facts for the manifest.

    `executed` holds the notebooks just run, by file name; those of `task.reuse` stand in for the
    others; where those are of another `edition`, pages, figures and workbook say that it is a
    draft. Raises SufficiencyError when public outputs would show something that did not pass the
    disclosure gate, or any outputs a folder of this machine.
    """
    import nbformat

    from sufficiency_lib.publish.appendix import build_appendix
    from sufficiency_lib.publish.briefs import build_briefs
    from sufficiency_lib.publish.downloads import WORKBOOK, write_figures
    from sufficiency_lib.publish.page import Page
    from sufficiency_lib.publish.sections import collect_tables, outputs_past_the_gate
    from sufficiency_lib.publish.sheet import DRAFT_BANNER
    from sufficiency_lib.publish.workbook import write_tables, write_workbook

    notebooks = {path.name: nbformat.read(path, as_version=4) for path in task.reuse}
    notebooks |= {name: normalised(notebook) for name, notebook in executed.items()}
    in_order = [notebooks[name] for name in sorted(notebooks)]
    if task.parameters.audience == "public":
        for sentence in outputs_past_the_gate(in_order):
            raise SufficiencyError(sentence)
    tables = collect_tables(in_order)
    draft = bool(task.reuse) and edition != task.edition
    about = {"profile": data_set.profile, "parameters": data_set.parameters,
             "as_at": data_set.as_at, "draft": draft}
    pages = {"appendix.html": build_appendix(in_order, **about), **build_briefs(in_order, **about)}
    to = task.building
    for file, page in pages.items():
        (to / file).write_text(page, encoding="utf-8", newline="\n")
    write_tables(tables, to / "tables")
    shown = Page.for_dataset(data_set)
    banners = [DRAFT_BANNER, *shown.banners()] if draft else shown.banners()
    write_figures(in_order, to / "figures", banners=banners)
    write_workbook(
        tables,
        to / WORKBOOK,
        title=f"{data_set.profile.name}: sufficiency tables",
        as_at=data_set.as_at,
        banners=banners,
        words=shown.words,
    )
    (to / "notebooks").mkdir()
    for name, notebook in notebooks.items():
        text = nbformat.writes(notebook) + "\n"
        (to / "notebooks" / name).write_text(text, encoding="utf-8", newline="\n")
    if task.parameters.audience == "internal":
        _write_exceptions(data_set, to / "internal")
    refuse_private(to, private_folders(task))
    return {
        "as_at": data_set.as_at.isoformat(),
        "name": data_set.profile.name,
        "code": data_set.profile.code,
        "synthetic": data_set.profile.synthetic,
        "tables": {table.id: table_counts(table) for table in tables},
        "edition": edition,
    }


def table_counts(table: PublishedTable) -> dict[str, int]:
    """How many rows a published table has, and how many of its cells are suppressed."""
    suppressed = table.frame.astype("object").eq(SUPPRESSED)
    return {"rows": len(table.frame), "suppressed": int(suppressed.to_numpy().sum())}


def _write_exceptions(data_set: Dataset, folder: Path) -> None:
    folder.mkdir()
    data_set.findings.to_csv(
        folder / "exceptions.csv", index=False, encoding="utf-8", lineterminator="\n"
    )


def private_folders(task: Task) -> list[Path]:
    """The folders of this machine that a run knows and that nobody else should read of."""
    known = [task.scratch, task.building.parent, LIBRARY.parent, Path.home()]
    known += [p for p in (task.parameters.data, task.parameters.reference) if p is not None]
    # A folder as short as /data could be part of an ordinary sentence or address.
    return [path for path in known if len(path.parts) > 2]


def refuse_private(folder: Path, private: Iterable[Path]) -> None:
    """Raise SufficiencyError when a file under `folder` names one of the `private` folders."""
    names = _as_written(list(private))
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _READ_AS_TEXT:
            continue
        text = path.read_text(encoding="utf-8")
        if any(name in text for name in names):
            raise SufficiencyError(
                f"{path.relative_to(folder).as_posix()} would show a folder of this machine, so "
                "nothing was published; a notebook or a warning in it prints a path."
            )


def _as_written(folders: Sequence[Path]) -> set[str]:
    """How a folder may stand in a file: as it is, with forward slashes, or escaped."""
    names = {str(folder) for folder in folders}
    return names | {f.as_posix() for f in folders} | {n.replace("\\", "\\\\") for n in names}
