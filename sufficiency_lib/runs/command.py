"""The `run` command: from what was asked for to an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from sufficiency_lib import store
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.folders import AuthorityFolder, find_authority, list_authorities
from sufficiency_lib.runs.cluster import cluster
from sufficiency_lib.runs.conduct import carry_out
from sufficiency_lib.runs.forks import can_fork
from sufficiency_lib.runs.front import write_front
from sufficiency_lib.runs.limits import memory_in_bytes
from sufficiency_lib.runs.lock import cannot_write, one_run_at_a_time
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.runs.plan import Planned, only, plan, report_notebooks
from sufficiency_lib.runs.pool import run_side_by_side, usable_cores
from sufficiency_lib.runs.task import Outcome, exit_code
from sufficiency_lib.runs.telling import Teller
from sufficiency_lib.settings import RunParameters, cache_folder, project_folder, run_parameters

#: How many of those that failed the last line names; it is the subject of somebody's mail.
_NAMED = 5


@dataclass(frozen=True)
class Request:
    """What `run` was asked for, as on the command line."""

    authorities: tuple[str, ...]
    everyone: bool
    data: Path | None
    reference: Path | None
    as_at: str | None
    locality_rule: str | None
    audience: str
    out: Path
    jobs: int | None
    force: bool
    only_failed: bool
    dry_run: bool
    timeout: float
    only: str | None
    forks: bool = True
    wait: bool = False
    keep: int = 0
    memory: float | None = None
    cluster: str | None = None


def carry_out_request(request: Request) -> int:
    """Plan, run, tell; returns the exit code. What is wrong with the request is raised."""
    outputs = OutputFolder(_out(request))
    memory_in_bytes(request.memory)
    found = find_all(request, _data(request))
    if request.dry_run:
        tell_plan(make_plan(request, found, outputs, Manifest.read(outputs.root)))
        return 0
    with one_run_at_a_time(outputs.root, wait=request.wait, on_wait=_note):
        return _carry_out_alone(request, found, outputs)


def _carry_out_alone(
    request: Request, found: Sequence[AuthorityFolder], outputs: OutputFolder
) -> int:
    """What a run does once no other writes into its folder."""
    outputs.prepare()
    manifest = Manifest.read(outputs.root)
    planned = make_plan(request, found, outputs, manifest)
    manifest.settle_unfinished()
    if request.audience == "public":
        _make_public(outputs, manifest)
    outcomes = _run(planned, request, outputs, manifest)
    tell_end(planned, outcomes, outputs)
    return exit_code(outcomes, up_to_date=sum(not one.reason for one in planned))


def _out(request: Request) -> Path:
    """The folder of outputs. Others stand beside it, so it cannot be all of a disk or a share."""
    out = request.out.resolve()
    if not out.name:
        raise ConfigurationError(f"'{out}' is a whole disk or share; give a folder in it to --out.")
    return out


def _data(request: Request) -> Path:
    return request.data or store.sample_data()


def make_plan(
    request: Request, found: Sequence[AuthorityFolder], outputs: OutputFolder, manifest: Manifest
) -> list[Planned]:
    """The authorities asked for, each with the reason to run it or none.

    Raises ConfigurationError for a notebook or a parameter that is not known.
    """
    project = project_folder()
    if project is None:
        raise ConfigurationError("The notebooks are not here; run this from a checkout.")
    if request.only_failed:
        found = [one for one in found if one.slug in manifest.failures()]
    planned = plan(
        found,
        [_parameters(request, one) for one in found],
        reference=store.reference_for(request.reference, _data(request)).fingerprint,
        notebooks=report_notebooks(project / "notebooks"),
        outputs=outputs,
        manifest=manifest,
        force=request.force,
    )
    if request.only:
        return [only(one, request.only, outputs, manifest) for one in planned]
    return planned


def find_all(request: Request, data: Path) -> list[AuthorityFolder]:
    """The folders of the authorities asked for, each once.

    Raises ConfigurationError for an authority or a folder that is not known.
    """
    if request.authorities:
        found = [find_authority(name, data) for name in request.authorities]
        found = list({one.folder: one for one in found}.values())
    else:
        found = list_authorities(data)
    if not found:
        raise ConfigurationError(
            f"No folder in '{data.name or data}' holds SSDA903 episodes; put each authority's "
            "returns in a folder with its name or its ONS code."
        )
    twice = [slug for slug, times in Counter(one.slug for one in found).items() if times > 1]
    if twice:
        names = ", ".join(f"'{one.folder.name}'" for one in found if one.slug == twice[0])
        raise ConfigurationError(f"{names} are one authority's; keep one of the folders.")
    return found


def _parameters(request: Request, found: AuthorityFolder) -> RunParameters:
    return run_parameters(
        authority=found.code or found.folder.name,
        as_at=request.as_at or "",
        locality_rule=request.locality_rule or "",
        audience=request.audience,
        data=request.data,
        reference=request.reference,
    )


def _make_public(outputs: OutputFolder, manifest: Manifest) -> None:
    """Move internal appendices of earlier runs out of a folder that is to be public."""
    known = manifest.authorities
    internal = {slug for slug, entry in known.items() if entry.get("audience") == "internal"}
    internal |= {path.parent.name for path in outputs.root.glob("*/internal")}
    for slug in outputs.set_aside(sorted(internal)):
        name = known.get(slug, {}).get("name", slug)
        _note(f"The internal appendix of {name} is now in {shown(outputs.aside)}")
    for slug in internal:
        known.pop(slug, None)
    if internal:
        # In this order: until the front is without them too, the next run is to write it again.
        manifest.finished = False
        try:
            manifest.write()
            write_front(outputs, manifest)
        except OSError as error:
            raise cannot_write(outputs.root, error) from None


def _run(
    planned: Sequence[Planned], request: Request, outputs: OutputFolder, manifest: Manifest
) -> list[Outcome]:
    stale = [one for one in planned if one.reason]
    for one in planned:
        if not one.reason:
            _note(f"{one.found.name}: up to date")
    steps = sum(len(one.notebooks) + 2 for one in stale)
    elsewhere = cluster(request.cluster) if request.cluster and stale else None
    with (
        elsewhere or nullcontext(run_side_by_side) as runner,
        Teller(steps, {one.slug: one.found.name for one in stale}) as teller,
    ):
        return carry_out(
            planned,
            outputs=outputs,
            manifest=manifest,
            logs=cache_folder() / "logs",
            jobs=request.jobs or max(1, min(usable_cores(), len(stale))),
            step_limit=request.timeout,
            on_progress=teller.progress,
            on_outcome=teller.outcome,
            forks=request.forks and can_fork(),
            keep=request.keep,
            memory=memory_in_bytes(request.memory),
            runner=runner,
        )


def tell_plan(planned: Sequence[Planned]) -> None:
    """Say for each authority whether it would run, and why."""
    for one in planned:
        what = f"would run ({one.reason})" if one.reason else "up to date"
        click.echo(f"{one.found.name}: {what}")


def tell_end(
    planned: Sequence[Planned], outcomes: Sequence[Outcome], outputs: OutputFolder
) -> None:
    """Say where the outputs are, and on the last line how many runs went how."""
    failed = {outcome.slug for outcome in outcomes if not outcome.ok}
    for one in planned:
        if one.slug not in failed:
            click.echo(shown(outputs.of(one.slug) / "appendix.html"))
    done, left = len(outcomes) - len(failed), sum(not one.reason for one in planned)
    click.echo(
        f"{shown(outputs.root / 'index.html')}: {done} done, {left} up to date, "
        + said_of_failures([one.found.name for one in planned if one.slug in failed])
    )


def said_of_failures(names: Sequence[str]) -> str:
    """How many authorities failed, and which where they are few.

    >>> said_of_failures([])
    '0 failed'
    >>> said_of_failures(["Kent", "York"])
    '2 failed: Kent, York'
    >>> said_of_failures(list("ABCDEFG"))
    '7 failed: A, B, C, D, E and 2 more'
    """
    said = f"{len(names)} failed"
    if names:
        said += f": {', '.join(names[:_NAMED])}"
    if len(names) > _NAMED:
        said += f" and {len(names) - _NAMED} more"
    return said


def shown(path: Path) -> str:
    """A path as a person would write it: from where they stand, when it is below.

    >>> shown(Path.cwd() / "outputs" / "index.html").replace("\\\\", "/")
    'outputs/index.html'
    """
    for full in (path.absolute(), path.resolve()):
        # A drive of a network resolves to an address, below which nobody stands.
        with suppress(ValueError):
            return str(full.relative_to(Path.cwd()))
    return str(path)


def _note(text: str) -> None:
    click.echo(text, err=True)
