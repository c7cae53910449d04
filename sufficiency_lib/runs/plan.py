"""What would be run, and why: each authority's fingerprint against the manifest's.

An appendix is up to date when its inputs, reference, parameters, library, notebooks and packages
are those it was made with, and its outputs are those it left. Anything else is a reason, in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.folders import AuthorityFolder
from sufficiency_lib.runs import fingerprint
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.normalise import folder_name
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.settings import RunParameters

#: The parts of a fingerprint, and how a change of each is said.
PARTS = {
    "inputs": "inputs changed",
    "reference": "the reference store changed",
    "parameters": "parameters changed",
    "library": "the library changed",
    "notebooks": "notebooks changed",
    "packages": "packages changed",
}

NOT_IN_A_REPORT = "00_"

#: Threads that hash files while another reads folders; more only wait for one another.
_SIDE_BY_SIDE = 3


@dataclass(frozen=True)
class Planned:
    """One authority in a plan. `reason` says why it would run; blank: it is up to date.

    `reuse` are the executed notebooks of its last run that stay, and `edition` is the key of what
    they were published in.
    """

    found: AuthorityFolder
    parameters: RunParameters
    notebooks: tuple[Path, ...]
    inputs: Mapping[str, str]
    parts: Mapping[str, str]
    reason: str
    reuse: tuple[Path, ...] = ()
    edition: str = ""

    @property
    def slug(self) -> str:
        """The name of the authority's folder of outputs."""
        return self.found.slug

    def entry(self) -> dict[str, Any]:
        """What the manifest says of a run before it has a result."""
        return {
            "name": self.found.name,
            "code": self.found.code,
            "audience": self.parameters.audience,
            "parameters": public_parameters(self.parameters),
            "fingerprint": dict(self.parts),
            "inputs": dict(self.inputs),
        }


def report_notebooks(folder: Path) -> tuple[Path, ...]:
    """The notebooks that make an appendix, as numbered; 00_explore is for the screen only.

    Raises ConfigurationError when there are none.
    """
    found = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    found = [path for path in found if not path.name.startswith(NOT_IN_A_REPORT)]
    if not found:
        raise ConfigurationError(f"There are no notebooks to run in '{folder.name}'.")
    return tuple(found)


def public_parameters(parameters: RunParameters) -> dict[str, Any]:
    """Parameters as they may be published: a folder is its last name only."""
    values = parameters.model_dump(mode="json")
    for name in ("data", "reference"):
        values[name] = folder_name(values[name]) or None
    return values


def plan(
    authorities: Sequence[AuthorityFolder],
    parameters: Sequence[RunParameters],
    *,
    reference: str,
    notebooks: tuple[Path, ...],
    outputs: OutputFolder,
    manifest: Manifest,
    force: bool = False,
) -> list[Planned]:
    """Say for each authority whether it is up to date, and if not, why.

    `authorities` and `parameters` go together, one each; `reference` is the fingerprint of the
    reference store that serves them all. With `force` every authority is run.
    """
    common = {
        "library": fingerprint.library_hash(),
        "packages": fingerprint.packages_hash(),
        "notebooks": fingerprint.combined({p.name: fingerprint.file_hash(p) for p in notebooks}),
        "reference": reference,
    }
    planned = []
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for found, told in zip(authorities, parameters, strict=True):
            inputs = fingerprint.input_hashes(found, told.data, pool=pool)
            parts = {
                "inputs": fingerprint.combined(inputs),
                "parameters": fingerprint.combined(public_parameters(told)),
                **common,
            }
            known, folder = manifest.authorities.get(found.slug, {}), outputs.of(found.slug)
            reason = "forced" if force else why_stale(known, parts, inputs, folder, pool)
            planned.append(Planned(found, told, notebooks, inputs, parts, reason))
    return planned


def why_stale(
    known: Mapping[str, Any], parts: Mapping[str, str], inputs: Mapping[str, str], folder: Path,
    pool: Executor | None = None,
) -> str:
    """The reason to run an authority again, in words; blank when its appendix is up to date.

    known   the authority's entry in the manifest; parts and inputs are hashes of today
    folder  its outputs, read by the threads of a `pool` where there is one
    """
    if not known:
        return "never run"
    if known.get("status") != "done":
        return did_not_end_well(known)
    recorded = known.get("fingerprint", {})
    changed = [name for name in PARTS if recorded.get(name) != parts[name]]
    if changed:
        said = [PARTS[name] for name in changed]
        if "inputs" in changed:
            said[0] += f": {_difference(known.get('inputs', {}), inputs)}"
        return "; ".join(said)
    left = fingerprint.tree_hashes(folder, pool=pool)
    if left != known.get("outputs"):
        return f"outputs changed: {_difference(known.get('outputs', {}), left)}"
    return ""


def did_not_end_well(known: Mapping[str, Any]) -> str:
    """How the last run of an authority ended that left no new appendix, in words.

    >>> did_not_end_well({"status": "running"})
    'did not finish last time'
    >>> did_not_end_well({"status": "failed", "failure": {"kind": "bad input"}})
    'failed last time'
    """
    kind = (known.get("failure") or {}).get("kind")
    unfinished = known.get("status") == "running" or kind == "stopped"
    return "did not finish last time" if unfinished else "failed last time"


def _difference(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if not names:
        return "their order"
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def only(planned: Planned, notebook: str, outputs: OutputFolder, manifest: Manifest) -> Planned:
    """The same authority with one notebook run and the others taken from its last run.

    Raises ConfigurationError when there is no such notebook, or no earlier run with the same
    data and parameters to take the others from.
    """
    wanted = [path for path in planned.notebooks if notebook in (path.stem, path.name)]
    if not wanted:
        names = ", ".join(path.stem for path in planned.notebooks)
        raise ConfigurationError(f"'{notebook}' is not a notebook; expected one of {names}.")
    known = manifest.authorities.get(planned.slug, {})
    recorded = known.get("fingerprint", {})
    executed = outputs.of(planned.slug) / "notebooks"
    others = tuple(executed / path.name for path in planned.notebooks if path not in wanted)
    same = all(recorded.get(part) == planned.parts[part] for part in ("inputs", "parameters"))
    if known.get("status") != "done" or not same or not all(path.is_file() for path in others):
        raise ConfigurationError(
            f"--only puts one section into the last appendix of {planned.found.name}, and there "
            "is none from the same data and parameters; run it once without --only."
        )
    parts = planned.parts
    if recorded != parts:
        # The sections left as they were are older than the library, so the next plan runs all.
        parts = {**parts, "notebooks": "one notebook only"}
    reason = f"only {wanted[0].stem}"
    return replace(
        planned, notebooks=tuple(wanted), parts=parts, reason=reason, reuse=others,
        edition=str(known.get("edition", "")),
    )
