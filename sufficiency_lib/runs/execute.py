"""One authority, from its returns to a folder of outputs built aside.

Runs in a process of its own (see `pool`). Nothing raised in here leaves it: every ending is an
Outcome, with a sentence for the analyst and the traceback in a private log.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sufficiency_lib import errors
from sufficiency_lib.errors import ConfigurationError, InputError, SufficiencyError
from sufficiency_lib.runs.assemble import assemble
from sufficiency_lib.runs.kernels import kernel_config, quieten, ready_forks
from sufficiency_lib.runs.limits import DISK_FULL, OUT_OF_MEMORY, says_disk_full, what_ran_out
from sufficiency_lib.runs.task import FailureKind, Outcome, Progress, Task
from sufficiency_lib.settings import RunParameters

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config

    from sufficiency_lib.dataset import Dataset
    from sufficiency_lib.runs.forks import Forks

#: A kernel that never answered is started again; an error in a cell is never run again.
KERNEL_STARTS = 3
_SECONDS_TO_START = 60

Tell = Callable[[Progress], None]


class NotebookError(SufficiencyError):
    """A notebook stopped at an error that is ours, not the data's."""


class RanOutError(SufficiencyError):
    """A notebook stopped for want of memory or of room on the disk."""


def run_authority(task: Task, tell: Tell) -> Outcome:
    """Run one authority's notebooks and build its outputs in `task.building`.

    The data are read first, so that bad input is told before a notebook starts, and so that the
    notebooks find the dataset in its cache. Whatever goes wrong becomes an Outcome.
    """
    quieten(task.scratch)
    with _logged(task.log):
        try:
            with ready_forks(task.forks) as forks:
                return _run(task, tell, forks)
        except ConfigurationError as error:
            return _failed(task, "configuration", str(error))
        except InputError as error:
            return _failed(task, "bad input", str(error))
        except RanOutError as error:
            return _failed(task, "stopped", str(error))
        except SufficiencyError as error:
            return _failed(task, "notebook", str(error))
        except Exception as error:
            if said := what_ran_out(error):
                return _failed(task, "stopped", said)
            return _failed(task, "notebook", f"Something unexpected went wrong ({_kind(error)}).")


def _failed(task: Task, kind: FailureKind, message: str) -> Outcome:
    logging.getLogger(__name__).error(traceback.format_exc())
    if kind == "notebook":
        message = f"{message} The log says more: {task.log}"
    return Outcome(task.slug, kind, message)


def _kind(error: Exception) -> str:
    return type(error).__name__


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Send warnings and errors of this process to a file that only its user can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = logging.FileHandler(os.fspath(path), mode="w", encoding="utf-8")
    root = logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def _run(task: Task, tell: Tell, forks: Forks | None) -> Outcome:
    from sufficiency_lib import dataset

    total = len(task.notebooks) + 2
    tell(Progress(task.slug, "reading the returns", 0, total))
    data_set = dataset.load(task.parameters)
    edition = _edition(data_set, task)
    executed: dict[str, NotebookNode] = {}
    again: list[str] = []
    for number, path in enumerate(task.notebooks):
        tell(Progress(task.slug, path.stem, number + 1, total))
        executed[path.name] = run_notebook(
            path, task.parameters, task.scratch, start=number, forks=forks, on_again=again.append
        )
        _log_warnings(path.stem, executed[path.name])
    tell(Progress(task.slug, "the appendix", total - 1, total))
    facts = assemble(executed, data_set, task, edition=edition)
    return Outcome(
        task.slug, message=_bent_by(data_set), facts=facts, tries=1 + len(again)
    )


def _edition(data_set: Dataset, task: Task) -> str:
    """The key of the edition that a run's notebooks belong to, who are told of it."""
    from sufficiency_lib.publish.edition import edition_key, edition_with, use_edition

    if not task.reuse:
        return edition_key(data_set)
    key = edition_with(data_set, task.notebooks[0], task.edition)
    use_edition(data_set, key)
    return key


def _bent_by(data_set: Dataset) -> str:
    """What the analyst should know of a run that went well: how much the data were mended."""
    bending = int((data_set.findings["severity"] == "bending").sum())
    if not bending:
        return ""
    counted = "1 finding moves" if bending == 1 else f"{bending:,} findings move"
    return f"{counted} a figure; `check` says which"


def _log_warnings(name: str, notebook: NotebookNode) -> None:
    """Keep what a notebook warned of in the log: it is not published."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                logging.getLogger(__name__).warning("%s: %s", name, output.text)


def notebook_parameters(parameters: RunParameters) -> dict[str, str]:
    """What is written into a notebook's parameters cell: text, blank for a default.

    >>> notebook_parameters(RunParameters(authority="E06000019", as_at="2025-03-31"))["as_at"]
    '2025-03-31'
    """
    values = parameters.model_dump(mode="json")
    return {name: "" if value is None else str(value) for name, value in values.items()}


def run_notebook(
    path: Path, parameters: RunParameters, scratch: Path, *, start: int = 0,
    forks: Forks | None = None, on_again: Callable[[str], None] = lambda name: None,
) -> NotebookNode:
    """Execute one notebook with papermill; returns it as executed.

    `start` numbers the kernel's folder in `scratch`; `forks` starts the kernel (see
    `kernels.ready_forks`), or an ordinary command does. A kernel that does not come up is started
    again, and `on_again` is told of it. Raises what the notebook raised when it is a sentence of
    ours (bad input, a wrong setting), RanOutError when its kernel died or it ran out of memory or
    disk, NotebookError for anything else.
    """
    from nbclient.exceptions import DeadKernelError

    for attempt in range(KERNEL_STARTS):
        cells: list[int] = []
        config = kernel_config(scratch, start * KERNEL_STARTS + attempt, forks)
        try:
            return _execute(path, parameters, scratch, config, cells)
        except SufficiencyError:
            raise
        except Exception as error:
            logging.getLogger(__name__).warning(traceback.format_exc())
            if cells and isinstance(error, DeadKernelError):
                raise RanOutError(
                    f"{path.stem}: its kernel died; the machine may have run out of memory."
                ) from error
            if cells or attempt + 1 == KERNEL_STARTS:
                raise NotebookError(f"{path.stem} stopped: {_kind(error)}.") from error
            on_again(path.stem)
    raise AssertionError("a notebook either runs or raises")


def _execute(
    path: Path, parameters: RunParameters, scratch: Path, config: Config, cells: list[int]
) -> NotebookNode:
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    def began(cell_index: int, **_: Any) -> None:
        cells.append(cell_index)

    try:
        return execute_notebook(
            path,
            None,
            notebook_parameters(parameters),
            kernel_name="python3",
            progress_bar=False,
            autosave_cell_every=0,
            request_save_on_cell_execute=False,
            start_timeout=_SECONDS_TO_START,
            cwd=scratch,
            config=config,
            shutdown_kernel="immediate",
            on_cell_start=began,
        )
    except PapermillExecutionError as error:
        ours = getattr(errors, error.ename, None)
        if isinstance(ours, type) and issubclass(ours, SufficiencyError):
            raise ours(error.evalue) from None
        if error.ename.endswith("MemoryError"):
            raise RanOutError(f"{path.stem}: {OUT_OF_MEMORY}.") from error
        if says_disk_full(error.evalue):
            raise RanOutError(f"{path.stem}: {DISK_FULL}.") from error
        raise NotebookError(
            f"{path.stem} stopped at cell {error.exec_count}: {error.ename}."
        ) from error
