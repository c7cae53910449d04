"""The build: the bounds, the pins, the conda file and the Makefile say one thing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import sufficiency_lib

PROJECT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
ABOUT = PYPROJECT["project"]
EXTRAS = ABOUT["optional-dependencies"]
LOCKS = ("requirements.txt", "requirements-run.txt", "requirements-uv.txt")

#: What conda-forge does not carry; `pip` brings it with the project itself.
NOT_ON_CONDA = {"playwright", "axe-playwright-python"}


def bounds(*lists: list[str]) -> dict[str, str]:
    """Package → its bounds, of requirement lists."""
    found = [Requirement(text) for requirements in lists for text in requirements]
    return {canonicalize_name(one.name): str(one.specifier) for one in found}


def pins(lock: str) -> dict[str, set[Version]]:
    """Package → the versions pinned in a lock file (more than one where systems differ)."""
    found: dict[str, set[Version]] = {}
    text = (PROJECT / lock).read_text(encoding="utf-8")
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


@pytest.mark.parametrize(
    ("lock", "lists"),
    [
        ("requirements.txt", [ABOUT["dependencies"], EXTRAS["lab"], EXTRAS["test"]]),
        ("requirements-run.txt", [ABOUT["dependencies"]]),
    ],
)
def test_every_bound_is_pinned_within_it(lock, lists):
    pinned = pins(lock)
    for text in (text for requirements in lists for text in requirements):
        wanted = Requirement(text)
        versions = pinned.get(canonicalize_name(wanted.name))
        assert versions, f"{wanted.name} is not in {lock}: run `make lock`"
        assert all(wanted.specifier.contains(version) for version in versions), text


def test_the_run_path_has_neither_jupyterlab_nor_test_tools():
    extras = bounds(EXTRAS["lab"], EXTRAS["test"])
    assert not set(extras) & set(pins("requirements-run.txt"))


def test_the_two_locks_pin_the_same_versions():
    everything = pins("requirements.txt")
    assert all(everything[name] == found for name, found in pins("requirements-run.txt").items())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_lock_names_a_host(lock):
    text = (PROJECT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert blocks and all("--hash=sha256:" in block for block in blocks)
    for sign in ("://", "index-url", "find-links", "trusted-host", "pypi", "pythonhosted"):
        assert sign not in text.lower()


def test_conda_has_the_same_bounds():
    text = (PROJECT / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^  - ([\w-]+[<>=][^\s#]*)$", text, re.MULTILINE)
    conda = bounds(listed)
    assert conda.pop("python") == ABOUT["requires-python"]
    wanted = bounds(ABOUT["dependencies"], EXTRAS["lab"], EXTRAS["test"])
    assert conda == {name: said for name, said in wanted.items() if name not in NOT_ON_CONDA}
    assert "- -e .[lab,test]" in text


def test_everything_the_library_imports_is_declared():
    installed_by = metadata.packages_distributions()
    declared = set(bounds(ABOUT["dependencies"], EXTRAS["lab"], EXTRAS["cluster"]))
    for path in sorted((PROJECT / "sufficiency_lib").rglob("*.py")):
        for module in imported(path) - set(sys.stdlib_module_names) - {"sufficiency_lib"}:
            names = {canonicalize_name(name) for name in installed_by.get(module, [module])}
            assert names & declared, f"{path.name} imports {module}, which pyproject does not name"


def imported(path: Path) -> set[str]:
    """The top-level packages a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_the_version_is_said_once_more_and_the_same():
    assert sufficiency_lib.__version__ == ABOUT["version"]
    assert ABOUT["scripts"] == {"sufficiency": "sufficiency_lib.cli:main"}


def makefile() -> str:
    return (PROJECT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_every_target_is_explained_by_make_help():
    phony = re.search(r"^\.PHONY: (help .*)$", makefile(), re.MULTILINE)
    explained = re.findall(r"^([a-z]+):.*## \S", makefile(), re.MULTILINE)
    assert phony and phony[1].split() == explained
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^  make (\S+)", shown, re.MULTILINE) == explained


def test_ci_runs_the_tests_and_the_proofs_and_ends_as_they_did():
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    ran = re.findall(r"^make (\w+) .*\|\| status=\$\?$", script, re.MULTILINE)
    assert ran == ["test", "proofs"]
    assert "set -euo pipefail" in script and script.endswith('exit "$status"\n')


def test_every_test_is_one_that_make_test_runs_or_a_proof():
    recipes = dict(re.findall(r"^(test|proofs): .*\n((?:\t.*\n)+)", makefile(), re.MULTILINE))
    assert '$(PYTEST) --doctest-modules -m "not slow" ' in recipes["test"]
    assert "$(PYTEST) -m slow " in recipes["proofs"]
    assert "$(NBVAL) $(OPENED) " in recipes["test"]
    assert "$(NBVAL) $(filter-out $(OPENED)," in recipes["proofs"]


def test_every_target_has_a_form_without_make():
    """The table of docs/README.md, for those who have neither make nor bash."""
    page = (PROJECT / "docs" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `make ([a-z]+)[^|]*\| \S", page, re.MULTILINE)
    explained = re.findall(r"^([a-z]+):.*## \S", makefile(), re.MULTILINE)
    assert sorted(listed) == sorted(explained)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_scripts_of_the_build_can_be_read():
    subprocess.run(["bash", "-n", PROJECT / ".ci" / "run"], check=True)
    subprocess.run(["sh", "-n", PROJECT / ".ci" / "install"], check=True)
