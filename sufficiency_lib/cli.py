"""The command line: ``python -m sufficiency_lib``, and ``sufficiency`` once installed.

Every way of going wrong ends in a sentence and an exit code: 0 all done or up to date · 1 some
failed · 2 a wrong setting · 3 bad input · 4 all failed · 130 interrupted. Heavy libraries are
imported by the command that needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

import click

from sufficiency_lib import __version__
from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.errors import ConfigurationError, SufficiencyError

INTERRUPTED = 130
_DEFAULT_STEP_LIMIT = 900.0

#: JupyterLab would ask its makers for news and newer versions; nothing here leaves the machine.
_QUIET_LAB = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


class _SentencesAndExitCodes(click.Group):
    """Turns everything that can go wrong in a command into a sentence and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """As click's; a path means what it says, also where a name in it looks like a pattern."""
        for stream in (sys.stdout, sys.stderr):
            _say_any_letter(stream)
        return super().main(*args, **{"windows_expand_args": False, **extra})

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else ctx.command_path
            _say_wrong(f"{error.format_message()} See: {where} --help")
            ctx.exit(ConfigurationError.exit_code)
        except SufficiencyError as error:
            _say_wrong(str(error))
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            _say_wrong("Interrupted: what was under way is stopped, what was done before is kept.")
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            _say_wrong(_unexpected(error))
            ctx.exit(SufficiencyError.exit_code)


def _say_any_letter(stream: TextIO | None) -> None:
    """Keep a file or a program that is written to from choking on an arrow or a name.

    On Windows that is told in an old code page, where a terminal is not. What is asked for in
    PYTHONIOENCODING stays.
    """
    if isinstance(stream, TextIOWrapper):
        asked = os.environ.get("PYTHONIOENCODING") or stream.isatty()
        stream.reconfigure(encoding=None if asked else "utf-8", errors="replace")


def _say_wrong(sentence: str) -> None:
    click.echo(sentence, err=True)


def _unexpected(error: Exception) -> str:
    """Put an error nobody foresaw into a private log; returns the sentence that says where."""
    from sufficiency_lib.settings import cache_folder

    said = f"Something unexpected went wrong ({type(error).__name__})"
    log = cache_folder() / "logs" / "command.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = "".join(traceback.format_exception(error))
        log.write_text(told, encoding="utf-8", newline="\n")
    except OSError:
        return f"{said}, and no log of it could be written to {log.parent}."
    return f"{said}; the log says more: {log}"


_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path)

_data = click.option(
    "--data", type=_FOLDER, help="Folder that holds a folder an authority [the synthetic sample]."
)
_reference = click.option(
    "--reference", type=_FOLDER, help="Reference store [the one beside the data]."
)


@click.group(cls=_SentencesAndExitCodes, context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="sufficiency")
def main() -> None:
    """Sufficiency needs assessments from SSDA903 returns: one appendix an authority."""


@main.command()
@click.option("--to", type=_FOLDER, help="Where to write them [data/sample].")
def sample(to: Path | None) -> None:
    """Write the synthetic authorities.

    They come with a reference store of their own; what is there and current is left alone.
    """
    from sufficiency_lib.runs.samples import current_sample
    from sufficiency_lib.settings import sample_folder

    folder = to or sample_folder()
    if current_sample(folder):
        click.echo(f"Synthetic authorities written to {_shown(folder)}")
    else:
        click.echo(f"Synthetic authorities are in {_shown(folder)}")


@main.command()
@click.option("--postcodes", type=_FILE, required=True, help="ONSPD, NSPL or Code-Point Open.")
@click.option("--boundaries", type=_FILE,
              help="Outlines of authorities (GeoPackage, GeoJSON …) [built from the postcodes].")
@click.option("--statistics", type=_FILE, multiple=True,
              help="DfE's published csv or zip; may be repeated.")
@click.option("--release", multiple=True, metavar="[FILE=]TEXT",
              help="Which release the files are, as 'May 2025'; FILE=TEXT for one file alone.")
@click.option("--to", type=_FOLDER, help="Where to build it [data/local/reference].")
def reference(
    postcodes: Path,
    boundaries: Path | None,
    statistics: tuple[Path, ...],
    release: tuple[str, ...],
    to: Path | None,
) -> None:  # fmt: skip
    """Build the reference store.

    It holds the postcodes and outlines that a run looks its children's placements up in.
    """
    from sufficiency_lib.intake.reference import build_reference
    from sufficiency_lib.settings import project_folder

    folder = to or (project_folder() or Path()) / "data" / "local" / "reference"
    names = {file.name for file in (postcodes, boundaries, *statistics) if file is not None}
    releases = {
        name: told for name, sign, told in (text.partition("=") for text in release)
        if sign and name in names
    }  # fmt: skip
    whole = [text for text in release if text.partition("=")[0] not in releases]
    built = build_reference(
        folder,
        postcodes=postcodes,
        boundaries=boundaries,
        statistics=statistics,
        release=whole[-1] if whole else None,
        releases=releases,
    )
    click.echo(f"Reference store built in {_shown(folder)}")
    for source in built.provenance["sources"]:
        name = source.get("file") or f"built from {source['built_from']}"
        click.echo(f"  {source['kind']}: {name}, {source['rows']:,} rows")


@main.command()
@click.argument("authority")
@_data
@_reference
def check(authority: str, data: Path | None, reference: Path | None) -> None:
    """Read and validate an authority's inputs.

    Prints what would stop or bend a result; runs nothing.
    """
    from sufficiency_lib import dataset
    from sufficiency_lib.intake.findings import FatalFindings
    from sufficiency_lib.runs.checking import findings_in_words, severities_in_words
    from sufficiency_lib.settings import run_parameters

    parameters = run_parameters(
        authority=authority, data=_existing(data), reference=_existing(reference)
    )
    try:
        lines = findings_in_words(dataset.load(parameters))
    except FatalFindings as error:
        for line in severities_in_words(error.findings):
            click.echo(line)
        raise
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("authority", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="Every authority in the data folder.")
@_data
@_reference
@click.option("--as-at", help="Date of every stock figure [the last 31 March in the returns].")
@click.option("--locality-rule", type=click.Choice(LOCALITY_RULES), help="[the profile's]")
@click.option("--audience", type=click.Choice(("public", "internal")), default="public",
              show_default=True, help="internal: nothing is suppressed, not for publication.")
@click.option("--out", type=_FOLDER, default=Path("outputs"), show_default=True,
              help="Where the appendices go.")
@click.option("--jobs", type=click.IntRange(min=1), help="Authorities at once [as many as cores].")
@click.option("--cluster", metavar="ADDRESS",
              help="Run on the workers of a dask scheduler, as tcp://host:8786; they must have the "
              "same suite, packages and data folder (see docs/cluster.md). --jobs is theirs then.")
@click.option("--force", is_flag=True, help="Run what is up to date too.")
@click.option("--only-failed", is_flag=True,
              help="Run only what failed last time, or did not finish.")
@click.option("--dry-run", is_flag=True, help="Say what would be run, and why.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True),
              default=_DEFAULT_STEP_LIMIT, show_default=True, help="Seconds a notebook may take.")
@click.option("--memory", type=click.FloatRange(min=1), metavar="GB",
              help="Gigabytes that each process of an authority may take, on Linux [no limit].")
@click.option("--wait", is_flag=True,
              help="Wait for a run that is under way into the same folder [refuse at once].")
@click.option("--keep", type=click.IntRange(min=0), default=0, show_default=True, metavar="N",
              help="Keep the N appendices before the newest, in OUT-earlier/AUTHORITY "
              "(internal ones in OUT-internal/earlier), for report --compare.")
@click.option("--only", metavar="NOTEBOOK", help="Rebuild one section, as 04_locality.")
@click.option("--fork/--no-fork", "forks", default=True,
              help="Fork kernels from a process that has the libraries (the default, where it can "
              "be done), or start each by its command.")
@click.pass_context
def run(ctx: click.Context, authority: tuple[str, ...], **options: Any) -> None:  # fmt: skip
    """Run the notebooks for authorities.

    AUTHORITY is an ONS code (E06000019) or a name (herefordshire). What is up to date is left
    alone. Leaves an appendix, a workbook and tables for each, and an index of them all.
    """
    from sufficiency_lib.runs.command import Request, carry_out_request

    if bool(authority) == bool(options["everyone"]) and not options["only_failed"]:
        raise click.UsageError("Say which authorities to run, or --all.", ctx)
    for name in ("data", "reference"):
        options[name] = _existing(options[name])
    ctx.exit(carry_out_request(Request(authorities=authority, **options)))


@main.command()
@click.option("--compare", "folders", nargs=2, type=_FOLDER, metavar="OLD NEW", required=True,
              help="Two output folders, or one authority's folder in each.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the list as a csv file too.")
def report(folders: tuple[Path, Path], to: Path | None) -> None:
    """Say which published figures moved between two runs.

    One line a figure: authority, table, row, column, the old and the new value.
    """
    from sufficiency_lib.runs.compare import as_frame, compare, summary
    from sufficiency_lib.runs.manifest import write_whole

    old, new = (_existing(folder) for folder in folders)
    changes = compare(old, new)
    if to is not None:
        write_whole(to, as_frame(changes).to_csv(index=False, lineterminator="\n"))
    for change in changes:
        click.echo(str(change))
    click.echo(summary(changes))


@main.command()
def documents() -> None:
    """Write the data dictionary, the methods and the glossary.

    They are made from the code: data/DICTIONARY.md, METHODS.md and docs/glossary.md.
    """
    from sufficiency_lib.documents import write_documents

    for path in write_documents(_project()):
        click.echo(_shown(path))


@main.command()
def lab() -> None:
    """Open the notebooks in JupyterLab."""
    from importlib.util import find_spec

    from sufficiency_lib.runs.samples import current_sample
    from sufficiency_lib.settings import sample_folder

    project = _project()
    if find_spec("jupyterlab") is None:
        raise ConfigurationError("JupyterLab is not installed; `make env` installs it.")
    current_sample(sample_folder())
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", *root, *_QUIET_LAB, str(project / "notebooks")]
    environment = lab_environment(os.environ)
    if os.name == "nt":
        with subprocess.Popen(command, env=environment) as server:
            # Ctrl-C is JupyterLab's own to ask about, and this process waits for its end.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            raise SystemExit(server.wait())
    # In place of this process, so that Ctrl-C is JupyterLab's own to ask about.
    os.execve(sys.executable, command, environment)


def lab_environment(before: Mapping[str, str]) -> dict[str, str]:
    """The environment of JupyterLab: with settings by which it does not offer news either.

    They are `labconfig/` beside this module. What a user has chosen goes before them.
    """
    found = [str(Path(__file__).resolve().parent), before.get("JUPYTER_CONFIG_PATH", "")]
    return {**before, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, found))}


def _project() -> Path:
    """The checkout. Raises ConfigurationError when the library is installed on its own."""
    from sufficiency_lib.settings import project_folder

    project = project_folder()
    if project is None:
        raise ConfigurationError("The notebooks are not here; run this from a checkout.")
    return project


def _existing(folder: Path | None) -> Path | None:
    """A folder that was named, as a full path. Raises ConfigurationError when it is not there."""
    if folder is not None and not folder.is_dir():
        raise ConfigurationError(f"There is no folder '{folder}'; check the path.")
    return folder.resolve() if folder else None


def _shown(path: Path) -> str:
    """A path as a person would write it: from where they stand, if it is below."""
    from sufficiency_lib.runs.command import shown

    return shown(path)
