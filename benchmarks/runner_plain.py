"""The plain way to many appendices: two commands a notebook, so many authorities at once.

    python -m benchmarks.runner_plain AUTHORITY… --data DIR --reference DIR --out DIR [--jobs N]

What `xargs -P N` would do with a script of papermill's and nbconvert's commands: an authority's
notebooks one after another, and as many authorities side by side as there are jobs.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.runner_floor import reports_asked
from benchmarks.runner_ways import Asked, notebooks


def plain_commands(notebook: Path, to: Path, name: str, asked: Asked) -> list[list[str]]:
    """The two commands that make one notebook's page by hand."""
    told = {"authority": name, "data": asked.data, "reference": asked.reference}
    given = [word for pair in told.items() for word in ("-r", *map(str, pair))]
    python, quietly = [sys.executable, "-m"], ["-k", "python3", "--no-progress-bar"]
    return [
        [*python, "papermill", str(notebook), str(to), *quietly, *given],
        [*python, "nbconvert", "--to", "html", str(to)],
    ]


def report(name: str, asked: Asked, out: Path) -> None:
    """One authority's notebooks and their pages, in a folder of its name.

    Raises CalledProcessError where a command fails.
    """
    to = out / name
    to.mkdir(parents=True, exist_ok=True)
    for notebook in notebooks():
        for command in plain_commands(notebook, to / notebook.name, name, asked):
            subprocess.run(command, check=True)


def main() -> None:
    """Run the commands of each authority."""
    told = reports_asked(__doc__)
    asked = Asked(tuple(told.names), told.data, told.reference)
    with ThreadPoolExecutor(told.jobs) as pool:
        list(pool.map(partial(report, asked=asked, out=told.out), asked.names))


if __name__ == "__main__":
    main()
