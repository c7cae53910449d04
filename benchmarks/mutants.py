"""Which small changes to a module no test of it notices, by mutmut.

    python -m benchmarks.mutants metrics.locality cleaning.repair … [--jobs 2] [--quick] [--tests …]

For each module: how many mutants mutmut made, how many its own tests killed, and every
survivor as a difference, to be read: it is the same in effect, or a test is missing. The tests
of a module are `tests/test_<module>.py` and `test_<module>_….py` or, where there are none, the
files that import it; with them the worked examples of its measures, or of those that import it,
and its doctests. All happens in a copy of the project, so that no mutant is ever in the
checkout. Needs `mutmut` beside the test tools, and a system with fork (not Windows).
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
#: What the tests read; the sample is written afresh in the copy.
PARTS = ("sufficiency_lib", "tests", "benchmarks", "notebooks", "docs", "data/reference",
         "data/DICTIONARY.md", "pyproject.toml", "METHODS.md")  # fmt: skip
#: The worked examples, as their text happens to be stored in a test.
EXAMPLE = "tests/spec/test_spec.py::test_example_comes_out_as_written[{}-object]"
#: mutmut's command line, without what is an error sooner than a wrong number and so shows by
#: itself: a column's name, a variable or an argument that becomes another string or None.
MUTMUT = """
from libcst import Call
from mutmut.__main__ import cli
from mutmut.mutation import mutators as of

def fewer_arguments(node):
    return (one for one in of.operator_arg_removal(node) if len(one.args) < len(node.args))

left_out = (of.operator_string, of.operator_assignment, of.operator_arg_removal)
kept = [pair for pair in of.mutation_operators if pair[1] not in left_out]
of.mutation_operators[:] = [*kept, (Call, fewer_arguments)]
cli()
"""

#: How each mutant of a file ended, and the difference that it was if no test failed.
TOLD = """
import json, sys
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

made = SourceFileMutationData(path=sys.argv[1])
made.load()
told = [(name, status_by_exit_code[code]) for name, code in made.exit_code_by_key.items()]
print(json.dumps([
    (status, status in ("survived", "no tests")
     and f"# {name}: {status}\\n{get_diff_for_mutant(name, path=sys.argv[1])}")
    for name, status in told
]))
"""


def source_of(module: str) -> str:
    """`metrics.locality` → the path of its file in the project."""
    return f"sufficiency_lib/{module.replace('.', '/')}.py"


def tests_of(module: str, project: Path = PROJECT) -> list[str]:
    """The test files that belong to a module, as paths in the project.

    >>> tests_of("metrics.locality")
    ['tests/test_locality.py', 'tests/test_locality_flow.py']
    """
    name = module.split(".")[-1]
    importing = [
        path for path in sorted((project / "tests").glob("test_*.py"))
        if f"sufficiency_lib.{module}" in _imported(path)
    ]
    # A name may be that of another room's module too, so it must import this one.
    own = [path for path in importing if f"{path.stem}_".startswith(f"test_{name}_")]
    return [path.relative_to(project).as_posix() for path in own or importing]


def examples_of(module: str, project: Path = PROJECT, *, quick: bool = False) -> list[str]:
    """The worked examples of a module's measures and, unless quick, of those built on it.

    >>> examples_of("metrics.moves")[0].removeprefix("tests/spec/test_spec.py::")
    'test_example_comes_out_as_written[moves_by_reason-object]'
    """
    rest = [] if quick else (project / "sufficiency_lib" / "metrics").glob("*.py")
    measuring = [module] + [
        f"metrics.{path.stem}" for path in rest if f"sufficiency_lib.{module}" in _imported(path)
    ]
    return [
        EXAMPLE.format(path.stem)
        for path in sorted((project / "tests" / "spec").glob("*.toml"))
        if f"metrics.{_measure(path).split('.')[0]}" in measuring
    ]


def _measure(example: Path) -> str:
    """The measure that a worked example is of, as module.function."""
    return tomllib.loads(example.read_text(encoding="utf-8"))["measure"]


@cache
def _imported(path: Path) -> set[str]:
    """The modules that a file imports, and what it imports from them, by full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def configuration(
    module: str, tests: list[str], project: Path = PROJECT, *, quick: bool = False
) -> str:
    """What mutmut is told of a module, as its `setup.cfg`; quick: without what takes longest."""
    selection = [*tests, *examples_of(module, project, quick=quick), source_of(module)]
    # A doctest is found in the untouched copy of a function, and calls what may be a mutant.
    named = "not __mutmut_ or __mutmut_orig"
    arguments = ["--doctest-modules", "-p", "no:xdist", "-p", "no:cacheprovider", "-k", named]
    arguments += ["-m", "not hypothesis"] if quick else []
    lists = {
        "source_paths": ["sufficiency_lib"],
        "only_mutate": [source_of(module)],
        "also_copy": [part for part in PARTS if part != "sufficiency_lib"] + ["data/sample"],
        "pytest_add_cli_args": arguments,
        "pytest_add_cli_args_test_selection": selection,
    }
    lines = ["[mutmut]", "use_git_change_detection = false"]
    for key, values in lists.items():
        lines += [f"{key} =", *(f"    {value}" for value in values)]
    return "\n".join(lines) + "\n"


def copied(to: Path) -> Path:
    """A copy of the project, with its sample, in which mutmut may write."""
    for part in PARTS:
        (to / part).parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / part).is_dir():
            left = shutil.ignore_patterns("__pycache__")
            shutil.copytree(PROJECT / part, to / part, ignore=left)
        else:
            shutil.copy2(PROJECT / part, to / part)
    _said(to, "-m", "sufficiency_lib", "sample")
    return to


def survivors(module: str, at: Path, told: str, jobs: int) -> tuple[Counter, list[str]]:
    """How each mutant of a module ended, counted, and the differences that went unnoticed."""
    shutil.rmtree(at / "mutants", ignore_errors=True)
    (at / "setup.cfg").write_text(told, encoding="utf-8")
    _said(at, "-c", MUTMUT, "run", "--max-children", str(jobs))
    ended = json.loads(_said(at, "-c", TOLD, source_of(module)))
    return Counter(status for status, _ in ended), [f"{text}\n" for _, text in ended if text]


def _said(at: Path, *command: str) -> str:
    """What Python printed; a failure stops the benchmark with what was said."""
    # What a test leaves in the temporary folder goes with the copy.
    (at / "tmp").mkdir(exist_ok=True)
    said = {"PYTHONPATH": str(at), "TMPDIR": str(at / "tmp"), "OMP_NUM_THREADS": "1"}
    told = subprocess.run(
        [sys.executable, *command], cwd=at, env=os.environ | said, capture_output=True, text=True
    )
    if told.returncode:
        raise SystemExit(f"{command[-1]}\n{told.stdout[-4000:]}\n{told.stderr[-4000:]}")
    return told.stdout


def main(arguments: list[str] | None = None) -> None:
    """Mutate the modules that are named, one after another."""
    parser = argparse.ArgumentParser(prog="benchmarks.mutants", description=__doc__.split("\n")[0])
    parser.add_argument("modules", nargs="+", metavar="ROOM.MODULE")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tests", nargs="*", default=[], help="test files to run besides")
    parser.add_argument("--quick", action="store_true",
                        help="without properties, and examples of other modules: more survive")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        at = copied(Path(folder))
        for module in asked.modules:
            # Those of the copy: the checkout may have changed since.
            tests = sorted({*tests_of(module, at), *asked.tests})
            told = configuration(module, tests, at, quick=asked.quick)
            counts, differences = survivors(module, at, told, asked.jobs)
            print(f"\n{module}: {counts.total()} mutants ("
                  + ", ".join(f"{count} {status}" for status, count in counts.most_common())
                  + f"), by {' '.join(tests) or 'no test file'}, examples, doctests")  # fmt: skip
            print(*differences, sep="\n", flush=True)


if __name__ == "__main__":
    main()
