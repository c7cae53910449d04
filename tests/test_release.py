"""One version everywhere, and a citation and a licence that agree with the package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from sufficiency_lib import __version__

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
HEADINGS = re.findall(
    r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
)


def numbered(heading: str) -> tuple[int, ...]:
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+) – (unreleased|\d{4}-\d\d-\d\d)", heading)
    assert found, f"'{heading}' is no version and day, as '0.2.0 – 2027-01-15'"
    return tuple(int(part) for part in found.groups()[:3])


def test_the_version_is_one_everywhere() -> None:
    newest = HEADINGS[0].split(" – ")[0]
    assert newest == PACKAGE["version"] == __version__ == CITATION["version"]


def test_versions_of_the_changelog_are_semantic_and_newest_first() -> None:
    versions = [numbered(heading) for heading in HEADINGS]
    assert versions == sorted(set(versions), reverse=True)
    assert all("unreleased" not in heading for heading in HEADINGS[1:])


def test_the_citation_is_of_this_package_and_names_nobody() -> None:
    assert CITATION["cff-version"] == "1.2.0" and CITATION["type"] == "software"
    assert CITATION["message"] and CITATION["abstract"].strip() == PACKAGE["description"] + "."
    assert CITATION["authors"] == [{"name": f"{CITATION['title']} contributors"}]


def test_the_licence_is_the_one_that_is_said() -> None:
    assert CITATION["license"] == "MIT"
    assert (PROJECT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
