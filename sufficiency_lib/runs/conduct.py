"""Carry out a plan: run what is stale, move what is good into place, and say what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.moving import why_not
from sufficiency_lib.runs.execute import run_authority
from sufficiency_lib.runs.fingerprint import tree_hashes
from sufficiency_lib.runs.front import has_front, write_front
from sufficiency_lib.runs.interrupts import noted
from sufficiency_lib.runs.kernels import scratch_parent
from sufficiency_lib.runs.lock import scratch_of_a_run, sweep
from sufficiency_lib.runs.manifest import UNFINISHED, Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.plan import Planned
from sufficiency_lib.runs.pool import Runner, Work, run_side_by_side
from sufficiency_lib.runs.task import FailureKind, Outcome, Progress, Task

#: What the public is told of a failure. The sentence that names file, row and value is for the
#: analyst's screen: a value of a return is not for a page that may be published.
PUBLIC_MESSAGES: dict[FailureKind, str] = {
    "bad input": "The returns could not be read as they stand.",
    "configuration": "A setting was wrong.",
    "notebook": "A notebook stopped at an error.",
    "time limit": "The run took longer than it was allowed.",
    "stopped": UNFINISHED,
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
    keep: int = 0,
    memory: int | None = None,
    runner: Runner = run_side_by_side,
) -> list[Outcome]:
    """Run every planned authority that is not up to date; returns how each ended.

    A good result replaces the authority's folder, and `keep` of those before it are kept; after a
    failure its last good one stays. `memory` is the most bytes that a process of an authority may
    take; `runner` runs them side by side, here or elsewhere. The manifest is written as each
    begins and ends, the index and the summary at the end, and also when interrupted.

    Raises SufficiencyError when what happened cannot be written down.
    """
    sweep(scratch_parent())
    stale = {one.slug: one for one in planned if one.reason}
    if not stale and manifest.finished and has_front(outputs):
        return []
    outcomes = []
    manifest.settle_unfinished()
    manifest.finished = False
    with noted() as interrupts, scratch_of_a_run(scratch_parent()) as scratch:
        tasks = [
            _task(one, outputs, logs, scratch / str(number), forks, memory)
            for number, one in enumerate(stale.values())
        ]
        ended = runner(
            tasks, work, jobs=jobs, step_limit=step_limit, on_progress=on_progress,
            interrupts=interrupts,
            on_begin=lambda task: _begin(task, stale[task.slug], outputs, manifest),
        )  # fmt: skip
        try:
            with closing(ended):
                for outcome in ended:
                    settled = _settle(outcome, stale[outcome.slug], outputs, manifest, keep)
                    outcomes.append(settled)
                    on_outcome(settled)
        except BaseException:
            with suppress(OSError):
                _close(stale, outputs, manifest)
            raise
        try:
            _close(stale, outputs, manifest)
        except OSError as error:
            raise SufficiencyError(
                f"What happened could not be written into '{outputs.root.name}' "
                f"({why_not(error)}); the appendices in it are whole. See that the folder "
                "is there and has room, and run again."
            ) from None
    return outcomes


def _task(
    planned: Planned, outputs: OutputFolder, logs: Path, scratch: Path, forks: bool,
    memory: int | None,
) -> Task:  # fmt: skip
    return Task(
        slug=planned.slug,
        parameters=planned.parameters,
        notebooks=planned.notebooks,
        building=outputs.to_build_in(planned.slug),
        scratch=scratch,
        log=logs / f"{planned.slug}.log",
        reuse=planned.reuse,
        edition=planned.edition,
        forks=forks,
        memory=memory,
    )


def _begin(task: Task, planned: Planned, outputs: OutputFolder, manifest: Manifest) -> None:
    """Make the folders an authority works in, and write down that it is under way."""
    outputs.building(task.slug)
    task.scratch.mkdir(mode=0o700)
    manifest.began(task.slug, _about(planned))
    _written(manifest)


def _about(planned: Planned) -> dict[str, str | None]:
    return {"name": planned.found.name, "code": planned.found.code}


def _settle(
    outcome: Outcome, planned: Planned, outputs: OutputFolder, manifest: Manifest, keep: int
) -> Outcome:
    """Move a good result into place, forget a bad one, and write down which it was."""
    slug = outcome.slug
    made = {}
    if outcome.ok:
        try:
            made = tree_hashes(outputs.to_build_in(slug))
            outcome = _put_in_place(outcome, made, outputs, manifest, keep)
        except OSError as error:
            message = f"The outputs could not be moved into place ({why_not(error)})."
            outcome = replace(outcome, failure="stopped", message=message, facts={})
    if outcome.failure is None:
        facts = {**outcome.facts, "outputs": made, "seconds": outcome.seconds}
        manifest.succeeded(slug, {**planned.entry(), **facts}, tries=outcome.tries)
    else:
        outputs.discard(slug)
        said = PUBLIC_MESSAGES[outcome.failure]
        manifest.failed(
            slug, _about(planned), kind=outcome.failure, message=said, tries=outcome.tries
        )
    _written(manifest)
    return outcome


def _put_in_place(
    outcome: Outcome, made: dict[str, str], outputs: OutputFolder, manifest: Manifest, keep: int
) -> Outcome:
    known = manifest.authorities.get(outcome.slug, {})
    if keep and tree_hashes(outputs.of(outcome.slug)) == made:
        keep = 0  # The same bytes again would only push an older appendix out.
    if outputs.put_in_place(outcome.slug, keep=keep, as_at=known.get("as_at")):
        return outcome
    said = "the appendix before it could not be kept; the next run tries again"
    return replace(outcome, message="; ".join(filter(None, [outcome.message, said])))


def _written(manifest: Manifest) -> None:
    """Write what has happened so far; at the end it is written again, and must succeed."""
    with suppress(OSError):
        manifest.write()


def _close(slugs: Iterable[str], outputs: OutputFolder, manifest: Manifest) -> None:
    """Leave nothing of the run but its results, an index of them, and the word that it ended."""
    for slug in slugs:
        outputs.discard(slug)
    manifest.settle_unfinished()
    manifest.write()
    write_front(outputs, manifest)
    manifest.finished = True
    manifest.write()
