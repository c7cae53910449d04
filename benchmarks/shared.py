"""What both sides of a benchmark use; nothing but the standard library."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SQL = Path(__file__).with_name("sql")
#: A line that begins a measure's query.
MARK = "-- measure: "
REPEATS = 3
INSTALL_SECONDS = 120
#: A measure that has taken so long is not timed again.
LONG_SECONDS = 1.0


def best(seconds: Callable[[], float]) -> float:
    """The least of three times that a measure takes; of fewer where they take long."""
    times = [seconds()]
    while len(times) < REPEATS and sum(times) < LONG_SECONDS:
        times.append(seconds())
    return min(times)


def peak_megabytes() -> float:
    """The most memory this process has held; Linux says kilobytes, macOS bytes."""
    if sys.platform == "win32":
        from psutil import Process

        return Process().memory_info().peak_wset / 1024**2
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024**2 if sys.platform == "darwin" else most / 1024


def environment(folder: Path, requirements: Path) -> str | None:
    """An interpreter with what a hashed file of requirements pins and nothing else.

    folder   where it is made; whoever made it throws it away
    returns  its path, or None where it cannot be installed
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--only-binary", ":all:", "--require-hashes", "-r", requirements]  # fmt: skip
    for command in ([sys.executable, "-m", "venv", folder], install):
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        except (OSError, subprocess.SubprocessError):
            return None
    return str(python)


def queries() -> dict[str, str]:
    """Each measure's query by its name, file after file."""
    found = {}
    for path in sorted(path for path in SQL.glob("*.sql") if path.stem != "setup"):
        # What stands before the first mark says what the file is about.
        for part in path.read_text(encoding="utf-8").split(MARK)[1:]:
            name, _, query = part.partition("\n")
            found[name.strip()] = query
    return found
