"""What the pages point at is there: code, tests, files, other pages and their headings."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest
from documented import PAGES, PROJECT

DOCS = [page for page in PAGES if page.parent.name == "docs"]
ASSUMPTIONS = (PROJECT / "docs" / "assumptions.md").read_text(encoding="utf-8")
HOW_TO = (PROJECT / "docs" / "how-to.md").read_text(encoding="utf-8")

_LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
_FILE = re.compile(r"`((?:docs|tests|notebooks|sufficiency_lib|data/sample)/[\w./*-]+)`")


def found(name: str) -> object:
    """What a dotted name below the library stands for. Raises where there is nothing of it."""
    parts = f"sufficiency_lib.{name}".split(".")
    for at in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:at]))
        except ModuleNotFoundError:
            continue
        for part in parts[at:]:
            thing = getattr(thing, part)
        return thing
    raise AttributeError(name)


def places(page: str) -> list[str]:
    """The names of code in the tables of a page."""
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    return re.findall(r"`((?:[a-z_]\w*\.)+\w+)`", "\n".join(rows))


@pytest.mark.parametrize("page", [ASSUMPTIONS, HOW_TO], ids=["assumptions", "how-to"])
def test_the_code_that_a_table_names_is_there(page: str) -> None:
    named = [name for name in places(page) if not name.endswith((".md", ".csv", ".toml"))]
    assert len(named) > 8
    for name in named:
        assert found(name) is not None, name


def test_each_assumption_has_a_reason_an_effect_and_a_place() -> None:
    rows = [line for line in ASSUMPTIONS.splitlines() if re.match(r"\| (?!assumption)\S", line)]
    assert len(rows) > 30
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4 and all(cells), row
        assert re.fullmatch(r"(`[\w.]+` ?)+", cells[3]), row


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = ("".join(c for c in head.lower() if c.isalnum() or c in " -_") for head in headings)
    return {one.replace(" ", "-") for one in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve() if target else page
        assert there.is_file(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path, sample_dir: Path) -> None:
    made = set(re.findall(r"<!-- file: (\S+) -->", page.read_text(encoding="utf-8")))
    for name in set(_FILE.findall(page.read_text(encoding="utf-8"))) - made:
        below = name.startswith("data/sample/")
        root, rest = (sample_dir, name[len("data/sample/"):]) if below else (PROJECT, name)
        assert not rest or list(root.glob(rest.rstrip("/"))), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_targets_and_modules_of_commands_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`|- )make ([a-z]+)\b", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
    # pip comes with Python, though not into every environment that uv makes.
    for module in set(re.findall(r"\bpython -m ([\w.]+)", text)) - {"pip"}:
        assert importlib.util.find_spec(module) is not None, f"python -m {module}"


def test_the_index_names_every_page() -> None:
    text = (PROJECT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in DOCS:
        assert page.name == "README.md" or f"({page.name})" in text, page.name
