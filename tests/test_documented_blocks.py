"""Every block of code that the documents show runs, and prints what they say it prints.

The Python of a page runs in order in one namespace, on the synthetic authorities. So do those of
the tutorial's commands that take seconds; all commands are parsed in `test_documented_commands`.
Diffs apply to the files as they are, and do what their page says of them.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from click.testing import CliRunner
from documented import PAGES, PROJECT, Block, blocks, patched

from sufficiency_lib import store
from sufficiency_lib.cli import main
from sufficiency_lib.metrics import locality

TUTORIAL, HOW_TO = PROJECT / "docs" / "tutorial.md", PROJECT / "docs" / "how-to.md"
#: The how-to changes the suite, so what it shows runs in a copy of it.
WITH_PYTHON = [page for page in PAGES if page != HOW_TO
               and any(not block.not_run for block in blocks(page, "python"))]
#: Commands of the tutorial that take seconds; a run and a notebook take minutes.
QUICK = ("check", "report")
LONGEST_PAGE = 275


@pytest.fixture
def desk(sample_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in as if it were the checkout, with a sample that may be spoilt."""
    shutil.copytree(sample_dir, tmp_path / "data" / "sample")
    monkeypatch.setattr(store, "sample_folder", lambda: tmp_path / "data" / "sample")
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def as_told(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def run_python(block: Block, names: dict[str, object]) -> None:
    """Run a block; what it prints must be what the page says."""
    with redirect_stdout(StringIO()) as said:
        exec(compile(block.text, f"line {block.line}", "exec"), names)
    if block.prints is not None:
        assert as_told(said.getvalue()) == as_told(block.prints), f"line {block.line}"


def run_command(block: Block, line: str) -> None:
    """Run a command in this process; what it prints must hold each line that the page shows."""
    told = CliRunner().invoke(main, shlex.split(line)[3:])
    assert told.exit_code == 0, told.output
    for shown in as_told(block.prints or ""):
        assert shown in as_told(told.output), f"line {block.line}: {shown}"


def quick_commands(block: Block) -> list[str]:
    starts = tuple(f"python -m sufficiency_lib {name} " for name in QUICK)
    return [line for line in block.text.splitlines() if line.startswith(starts)]


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run_in_order(page: Path, desk: Path) -> None:
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.not_run or block.file:
            continue
        if block.language == "python":
            run_python(block, names)
        elif page == TUTORIAL and not block.language:
            for line in quick_commands(block):
                if " report " in line:
                    as_two_runs_leave(names["near"], desk / "outputs")
                run_command(block, line)


def as_two_runs_leave(near: pd.DataFrame, outputs: Path) -> None:
    """The headline of two runs under two rules, which `report` reads, without the minutes."""
    for folder, rule in (("before", "home_20_miles"), ("after", "in_area")):
        chosen = near[(near["rule"] == rule) & (near["cohort"] == "all")]
        tables = outputs / folder / "herefordshire" / "tables"
        tables.mkdir(parents=True)
        chosen.assign(metric="within_rule_pct", value=chosen["rate_pct"])[
            ["metric", "rule", "value"]
        ].to_csv(tables / "headline.csv", index=False)


def test_what_is_not_run_says_why_and_is_little() -> None:
    skipped = [(page.name, block.not_run) for page in PAGES for block in blocks(page)
               if block.not_run]
    elsewhere = {(page, why) for page, why in skipped if why.endswith(".py runs it")}
    assert all((PROJECT / why.split()[0]).is_file() for _, why in elsewhere)
    rest = [why for page, why in skipped if (page, why) not in elsewhere]
    assert rest == [f"{name} is no part of the environment" for name in ("Airflow", "Prefect")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_can_be_read_at_a_sitting(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_PAGE
    assert text.count("```") % 2 == 0


def test_a_block_that_prints_something_else_would_be_found() -> None:
    with pytest.raises(AssertionError, match="line 3"):
        run_python(Block("python", "print(1 + 1)", 3, prints="3\n"), {})


# --- the tutorial's change of a definition -----------------------------------------------------


def changed_files(page: Path) -> dict[str, str]:
    """The files as a page leaves them: those it writes, and those that its diffs change."""
    files = {block.file: block.text for block in blocks(page) if block.file}
    for block in blocks(page, "diff"):
        files = patched(block.text, files)
    return files


def test_the_tutorials_change_fails_first_and_then_passes(monkeypatch) -> None:
    monkeypatch.syspath_prepend(PROJECT / "tests" / "spec")
    from worked_examples import WorkedExample, read_cells

    files = changed_files(TUTORIAL)
    code, spec = "sufficiency_lib/metrics/locality.py", "tests/spec/locality_from_a_point.toml"
    assert set(files) == {code, spec}
    example = WorkedExample(name="changed", **tomllib.loads(files[spec]))
    changed = ModuleType("sufficiency_lib.metrics.changed")
    exec(compile(files[code], code, "exec"), vars(changed))
    old, new = (
        example.shown(how.locality(**example.inputs(), **example.arguments())).to_numpy().tolist()
        for how in (locality, changed)
    )
    assert new == read_cells(example.expected).to_numpy().tolist() != old


def test_a_diff_that_no_longer_fits_is_found() -> None:
    diff = "--- a/LICENSE\n+++ b/LICENSE\n@@\n-No such line\n+Another\n"
    with pytest.raises(AssertionError, match="LICENSE no longer has just once"):
        patched(diff, {})
    assert patched(diff, {"LICENSE": "A\nNo such line\nB\n"})["LICENSE"] == "A\nAnother\nB\n"


# --- the how-to's measure and chart ------------------------------------------------------------


def copied(to: Path, sample: Path) -> None:
    """As much of the checkout as it takes to run the library and its worked examples."""
    for name in ("sufficiency_lib", "tests", "notebooks"):
        shutil.copytree(PROJECT / name, to / name,
                        ignore=shutil.ignore_patterns("__pycache__", "published"))
    shutil.copy(PROJECT / "pyproject.toml", to)
    shutil.copytree(sample, to / "data" / "sample")


@pytest.mark.slow
def test_the_how_tos_measure_and_chart_work_as_told(sample_dir: Path, tmp_path: Path) -> None:
    copied(tmp_path, sample_dir)
    for name, text in changed_files(HOW_TO).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    shown = [block for block in blocks(HOW_TO, "python") if not block.file]
    (tmp_path / "shown.py").write_text("".join(block.text for block in shown), encoding="utf-8")
    here = os.environ | {"SUFFICIENCY_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}

    def run(*arguments: str) -> str:
        told = subprocess.run([sys.executable, *arguments], cwd=tmp_path, env=here,
                              capture_output=True, text=True)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    printed = as_told(run("shown.py"))
    for block in shown:
        assert all(line in printed for line in as_told(block.prints or ""))
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/spec", "tests/test_fields.py", "-k",
        "young or there_once")


def test_each_test_that_the_how_to_names_is_one() -> None:
    named = set(re.findall(r"`(test_\w+)`", HOW_TO.read_text(encoding="utf-8")))
    there = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("*.py"))
    assert len(named) >= 8
    assert not [name for name in named if f"def {name}(" not in there]
