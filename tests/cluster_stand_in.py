"""What stands in for an authority's run on a cluster; light, because each process imports it."""

import os
import time
from pathlib import Path

from sufficiency_lib.runs.task import Outcome, Progress, Task

#: In the data folder: which worker took up what never ends the first time.
TAKEN = "taken-by"


def work(task: Task, tell) -> Outcome:
    """Stands in for `run_authority`: what it does depends on the authority's name."""
    (task.building / "appendix.html").write_text(
        f"new {task.slug}, {task.notebooks[0].read_text(encoding='utf-8')}", encoding="utf-8"
    )
    task.log.parent.mkdir(parents=True)
    task.log.write_text(f"what {task.slug} warned of", encoding="utf-8")
    tell(Progress(task.slug, "01_one", 0, 1))
    if task.slug.startswith("bad"):
        again = task.parameters.data / f"{task.slug}-times"
        with again.open("a", encoding="utf-8") as times:
            times.write("x")
        return Outcome(task.slug, "bad input", f"Line 3 is wrong. The log says more: {task.log}")
    if task.slug.startswith("lost"):
        _hang_the_first_time(task.parameters.data / TAKEN)
    if task.slug.startswith("hangs"):
        _hang()
    tables = task.building / "tables"
    tables.mkdir()
    (tables / "headline.csv").write_text("metric,value\nrate,84.3\n", encoding="utf-8")
    return Outcome(task.slug, facts={"as_at": "2025-03-31", "tables": {}})


def _hang_the_first_time(taken: Path) -> None:
    if not taken.exists():
        aside = taken.with_suffix(".aside")
        aside.write_text(str(os.getppid()), encoding="utf-8")
        os.replace(aside, taken)
        _hang()


def _hang() -> None:
    """Until the worker that started this is gone: a test is to leave nothing behind."""
    worker = os.getppid()
    while os.getppid() == worker:
        time.sleep(0.05)
