"""The floor of a run: the same notebooks and appendix with no kernel, a fork a report.

    python -m benchmarks.runner_floor AUTHORITY… --data DIR --reference DIR --out DIR [--jobs N]

One process imports the libraries. Each authority is a fork of it, which reads the data, runs the
cells of every notebook in itself and assembles the outputs as a run does. Nothing is isolated,
limited in time, moved into place or remembered: what a run takes beyond this is for that.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from sufficiency_lib.settings import RunParameters


def executed_here(path: Path, parameters: RunParameters) -> NotebookNode:
    """A notebook as papermill would leave it, with its cells run in this process.

    Raises what a cell raises.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook
    from traitlets.config import Config

    from sufficiency_lib.runs.execute import notebook_parameters

    notebook = parameterize_notebook(
        load_notebook_node(str(path)), notebook_parameters(parameters)
    )
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    # A shell prints the value of a cell's last line; a kernel publishes it.
    hook = shell.displayhook
    hook.write_output_prompt = lambda: None
    hook.write_format_data = lambda data, metadata=None: shell.display_pub.publish(data, metadata)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(cells, 1):
        cell.execution_count, cell.outputs = count, outputs_of(shell, cell.source)
    return notebook


def outputs_of(shell: Any, source: str) -> list[NotebookNode]:
    """What a cell displays, run in a shell of this process."""
    from IPython.utils.capture import capture_output
    from nbformat.v4 import new_output

    with capture_output() as shown:
        ran = shell.run_cell(source)
    ran.raise_error()
    return [
        new_output("display_data", data=one.data, metadata=one.metadata or {})
        for one in shown.outputs
    ]


def report(name: str, asked: argparse.Namespace) -> None:
    """One authority's outputs, built into a folder of its name."""
    from sufficiency_lib import dataset
    from sufficiency_lib.runs.assemble import assemble
    from sufficiency_lib.runs.plan import report_notebooks
    from sufficiency_lib.runs.task import Task
    from sufficiency_lib.settings import project_folder, run_parameters

    parameters = run_parameters(authority=name, data=asked.data, reference=asked.reference)
    notebooks = report_notebooks(project_folder() / "notebooks")
    building = asked.out / name
    building.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["IPYTHONDIR"] = scratch
        task = Task(name, parameters, notebooks, building, Path(scratch), Path(scratch) / "log")
        data_set = dataset.load(parameters)
        executed = {path.name: executed_here(path, parameters) for path in notebooks}
        assemble(executed, data_set, task)


def _forked(name: str, asked: argparse.Namespace) -> None:
    """Go on as the process of one report, and leave."""
    code = 1
    try:
        report(name, asked)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def reports_asked(about: str) -> argparse.Namespace:
    """What the command line of a way of making reports says: names, folders and jobs."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("names", nargs="+")
    for folder in ("--data", "--reference", "--out"):
        parser.add_argument(folder, type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Fork a report for each authority, so many at a time."""
    asked = reports_asked(__doc__)

    from sufficiency_lib.runs.forks import WARM
    from sufficiency_lib.runs.kernels import QUIET

    # Before the libraries, which read it as they are imported.
    os.environ |= QUIET
    import_module(WARM)
    waiting, running, failed = list(asked.names), 0, 0
    while waiting or running:
        if waiting and running < asked.jobs:
            running += 1
            name = waiting.pop(0)
            if not os.fork():
                _forked(name, asked)
        else:
            failed += os.wait()[1] != 0
            running -= 1
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
