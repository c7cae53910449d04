"""Carry out a plan: run what is stale, move what is good into place, and say what happened."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sufficiency_lib.runs.execute import run_authority
from sufficiency_lib.runs.fingerprint import tree_hashes
from sufficiency_lib.runs.front import has_front, write_front
from sufficiency_lib.runs.interrupts import noted
from sufficiency_lib.runs.kernels import scratch_folder
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.plan import Planned
from sufficiency_lib.runs.pool import Work, run_side_by_side
from sufficiency_lib.runs.task import FailureKind, Outcome, Progress, Task

#: What the public is told of a failure. The sentence that names file, row and value is for the
#: analyst's screen: a value of a return is not for a page that may be published.
PUBLIC_MESSAGES: dict[FailureKind, str] = {
    "bad input": "The returns could not be read as they stand.",
    "configuration": "A setting was wrong.",
    "notebook": "A notebook stopped at an error.",
    "time limit": "The run took longer than it was allowed.",
    "stopped": "The run ended before it was done.",
}


def carry_out(
    planned: Sequence[Planned],
    *,
    outputs: OutputFolder,
    manifest: Manifest,
    logs: Path,
    jobs: int,
    step_limit: float,
    on_progress: Callable[[Progress], None],
    on_outcome: Callable[[Outcome], None],
    work: Work = run_authority,
    forks: bool = False,
) -> list[Outcome]:
    """Run every planned authority that is not up to date; returns how each ended.

    A good result replaces the authority's folder; after a failure its last good one stays. The
    manifest is written after each, the index and the summary at the end, and also when
    interrupted.
    """
    stale = {one.slug: one for one in planned if one.reason}
    if not stale and has_front(outputs):
        return []
    outcomes = []
    scratch = scratch_folder()
    with noted() as interrupts:
        try:
            tasks = [_task(one, outputs, logs, scratch, forks) for one in stale.values()]
            for outcome in run_side_by_side(
                tasks, work, jobs=jobs, step_limit=step_limit, on_progress=on_progress,
                interrupts=interrupts,
            ):
                settled = _settle(outcome, stale[outcome.slug], outputs, manifest)
                outcomes.append(settled)
                on_outcome(settled)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            for slug in stale:
                outputs.discard(slug)
            manifest.write()
            write_front(outputs, manifest)
    return outcomes


def _task(
    planned: Planned, outputs: OutputFolder, logs: Path, scratch: Path, forks: bool
) -> Task:
    own = Path(tempfile.mkdtemp(prefix="", dir=scratch))
    return Task(
        slug=planned.slug,
        parameters=planned.parameters,
        notebooks=planned.notebooks,
        building=outputs.building(planned.slug),
        scratch=own,
        log=logs / f"{planned.slug}.log",
        reuse=planned.reuse,
        forks=forks,
    )


def _settle(
    outcome: Outcome, planned: Planned, outputs: OutputFolder, manifest: Manifest
) -> Outcome:
    """Move a good result into place, forget a bad one, and write down which it was."""
    slug = outcome.slug
    if outcome.ok:
        try:
            outputs.put_in_place(slug)
        except OSError as error:
            message = f"The outputs could not be moved into place ({error.strerror})."
            outcome = Outcome(slug, "stopped", message, seconds=outcome.seconds)
    if outcome.failure is None:
        made = {"outputs": tree_hashes(outputs.of(slug)), "seconds": outcome.seconds}
        manifest.succeeded(slug, {**planned.entry(), **outcome.facts, **made})
    else:
        outputs.discard(slug)
        about = {"name": planned.found.name, "code": planned.found.code}
        said = PUBLIC_MESSAGES[outcome.failure]
        manifest.failed(slug, about, kind=outcome.failure, message=said)
    manifest.write()
    return outcome
