"""What one authority's process is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sufficiency_lib.settings import RunParameters

#: Why a run failed: the exit code depends on it, and whether a second try could help.
FailureKind = Literal["bad input", "configuration", "notebook", "time limit", "stopped"]

#: The failure's exit code when it is the only kind there was.
EXIT_CODES: dict[FailureKind, int] = {"configuration": 2, "bad input": 3}


@dataclass(frozen=True)
class Task:
    """One authority to run; everything in it can be sent to another process.

    building    an empty folder to build the outputs in
    scratch     a private folder for kernels, removed afterwards
    log         the file, outside the outputs, that tracebacks and warnings go to
    reuse       executed notebooks to take instead of running those not in `notebooks`
    edition     the key of the edition that those were published in
    forks       whether its process and kernels are forked from one that has the libraries
    memory      the most bytes that each of its processes may take; none: as many as there are
    """

    slug: str
    parameters: RunParameters
    notebooks: tuple[Path, ...]
    building: Path
    scratch: Path
    log: Path
    reuse: tuple[Path, ...] = ()
    edition: str = ""
    forks: bool = False
    memory: int | None = None


@dataclass(frozen=True)
class Progress:
    """Something happened in a run: `done` of `total` steps are behind it."""

    slug: str
    what: str
    done: int
    total: int


@dataclass(frozen=True)
class Outcome:
    """How one authority's run ended.

    `message` is for the screen, `facts` go into the manifest, and `tries` says how often it was
    begun, where a process or a kernel had to be started again.
    """

    slug: str
    failure: FailureKind | None = None
    message: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    tries: int = 1

    @property
    def ok(self) -> bool:
        """Whether there is a new appendix."""
        return self.failure is None


def exit_code(outcomes: list[Outcome], *, up_to_date: int = 0) -> int:
    """What the command line says of several runs at once.

    0 all done · 1 some failed · 4 all failed, or 3 (or 2) when bad input (or a wrong setting)
    was the reason every time. Authorities that were up to date count as done.

    >>> good, bad = Outcome("a"), Outcome("b", failure="bad input")
    >>> exit_code([good]), exit_code([good, bad]), exit_code([bad]), exit_code([bad], up_to_date=1)
    (0, 1, 3, 1)
    >>> exit_code([bad, Outcome("c", failure="notebook")])
    4
    """
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if not failed:
        return 0
    if up_to_date or len(failed) < len(outcomes):
        return 1
    kinds = {outcome.failure for outcome in failed}
    if len(kinds) == 1:
        return EXIT_CODES.get(kinds.pop(), 4)  # type: ignore[arg-type]
    return 4
