"""What stands in for an authority's run; light, because each process of a test imports it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency_lib.runs.task import Outcome, Progress, Task
from sufficiency_lib.settings import RunParameters

if TYPE_CHECKING:
    from sufficiency_lib.runs.plan import Planned

PARAMETERS_CELL = (
    'authority: str = "a"\nas_at: str = ""\naudience: str = "public"\n'
    'locality_rule: str = ""\ndata: str = ""\nreference: str = ""'
)


def notebook(path: Path, *sources: str, title: str = "") -> Path:
    """A small notebook with the suite's parameters cell."""
    import nbformat

    cells = [nbformat.v4.new_code_cell(PARAMETERS_CELL, id="parameters")]
    cells[0].metadata["tags"] = ["parameters"]
    cells += [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    if title:
        cells.insert(0, nbformat.v4.new_markdown_cell(f"# {title}", id="title"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), path)
    return path


def planned(tmp_path: Path, slug: str, reason: str = "never run", version: str = "1") -> Planned:
    """One authority of a plan, whose work is a stand-in."""
    from sufficiency_lib.intake.folders import AuthorityFolder
    from sufficiency_lib.runs import plan

    found = AuthorityFolder(tmp_path / slug, None, slug.title(), slug)
    parts = dict.fromkeys(plan.PARTS, version)
    notebooks = (Path("01_one.ipynb"),)
    return plan.Planned(found, RunParameters(authority=slug), notebooks, {}, parts, reason)


def work(task: Task, tell) -> Outcome:
    """Stands in for `run_authority`: what it does depends on the authority's name."""
    if task.slug.startswith(("starts-badly", "never-starts")):
        tried = task.log.with_name(f"{task.slug}.tried")
        tried.parent.mkdir(exist_ok=True)
        if task.slug.startswith("never") or not tried.exists():
            tried.touch()
            os._exit(1)
    if task.slug.startswith("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell(Progress(task.slug, "01_one", 0, 1))
    (task.building / "appendix.html").write_text(f"new {task.slug}", encoding="utf-8")
    (task.scratch / "socket").write_text("", encoding="utf-8")
    if task.slug.startswith("bad"):
        return Outcome(task.slug, "bad input", "episodes.csv, line 3: found 'SECRET'.")
    if task.slug.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if task.slug.startswith("greedy"):
        bytearray(4_000_000_000)
    if task.slug.startswith(("hangs", "deaf")):
        time.sleep(600)
    tables = task.building / "tables"
    tables.mkdir()
    (tables / "headline.csv").write_text("metric,value\nrate,84.3\n", encoding="utf-8")
    return Outcome(task.slug, facts={"as_at": "2025-03-31", "tables": {}})
