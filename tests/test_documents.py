"""The generated documents are current, and say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sufficiency_lib import codes, fields
from sufficiency_lib.documents import dictionary, documents, methods, write_documents

PROJECT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_committed_document_is_what_the_code_generates(name: str) -> None:
    committed = (PROJECT / name).read_text(encoding="utf-8")
    assert committed == documents()[name], "run `python -m sufficiency_lib documents`"


def test_the_dictionary_has_every_column_and_code_once() -> None:
    lines = dictionary().splitlines()
    for name in fields.FIELDS:
        assert sum(line.startswith(f"| `{name}` | ") for line in lines) >= 1, name
    for code in codes.PLACE:
        assert any(line.startswith(f"| `{code}` | ") for line in lines), code


def test_every_column_draws_on_a_code_set_that_exists() -> None:
    known = {*codes.CODE_SETS, "PLACEMENT_GROUPS", "PROVIDERS", "LOCALITY_RULES", "DISTANCE_BANDS"}
    assert {one.codes for one in fields.FIELDS.values() if one.codes} <= known


def test_the_methods_hold_each_measure_with_its_example() -> None:
    text = methods()
    for measure in ("placement_mix", "bed_nights", "locality", "distance_by_boundary"):
        assert f"### {measure}\n" in text
    assert ">>> placement_mix(" in text


def test_documents_are_written_under_the_project(tmp_path: Path) -> None:
    written = write_documents(tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == [
        "METHODS.md",
        "data/DICTIONARY.md",
    ]
    assert b"\r" not in (tmp_path / "METHODS.md").read_bytes()
