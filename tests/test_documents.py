"""The generated documents are current, and say what the code says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from sufficiency_lib import codes, fields
from sufficiency_lib.documents import dictionary, documents, methods, write_documents
from sufficiency_lib.documents.examples import read_examples
from sufficiency_lib.documents.methods import method_modules, public_functions
from sufficiency_lib.intake.local_schemas import LOCAL_CODES, LOCAL_TABLES
from sufficiency_lib.intake.ssda903 import TABLES
from sufficiency_lib.metrics.quality import TABLE_LABELS
from sufficiency_lib.publish.specs import SPECS

PROJECT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", sorted(documents(PROJECT)))
def test_the_committed_document_is_what_the_code_generates(name: str) -> None:
    committed = (PROJECT / name).read_text(encoding="utf-8")
    assert committed == documents(PROJECT)[name], "run `python -m sufficiency_lib documents`"


def test_the_dictionary_has_every_column_and_code() -> None:
    lines = dictionary().splitlines()
    for name in fields.FIELDS:
        assert any(line.startswith(f"| `{name}` | ") for line in lines), name
    for code in (*codes.PLACE, *(code for names in LOCAL_CODES.values() for code in names)):
        assert any(line.startswith(f"| `{code}` | ") for line in lines), code


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        *((TABLE_LABELS[table.name], table.columns) for table in TABLES.values()),
        *((f"{table.title} (`{table.name}.csv`)", table.columns)
          for table in LOCAL_TABLES.values()),
        *((f"{spec.title} (`{spec.id}`)", (*spec.keys, *spec.counts, *spec.derived))
          for spec in SPECS.values()),
    ],
)
def test_each_file_and_table_has_a_part_with_its_columns(
    heading: str, columns: tuple[str, ...]
) -> None:
    _, found, rest = dictionary().partition(f"\n### {heading}\n")
    assert found
    part = rest.split("\n#")[0]
    named = [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")]
    assert named == list(dict.fromkeys(columns))


def test_a_local_input_says_what_it_needs_and_its_bounds() -> None:
    text = dictionary()
    assert "| `places` | Places | integer | places |  | yes, a cell may be blank | 0 to" in text
    assert "| 0.01 to 99999.99; asked about above 20000 |" in text


def test_the_methods_hold_each_measure_with_its_worked_example() -> None:
    examples = read_examples(PROJECT / "tests" / "spec")
    text = methods(examples)
    for measure in ("placement_mix", "bed_nights", "locality", "distance_by_boundary"):
        assert f"### {measure}\n" in text
    assert ">>> placement_mix(" in text
    for example in (one for several in examples.values() for one in several):
        _, found, part = text.partition(f"\n#### {example['title']}\n")
        assert found, example["title"]
        part = part.split("\n##")[0]
        for table in (*example["tables"].values(), example["expected"]):
            first, *rows = table.strip().splitlines()
            assert "| " + " | ".join(f"`{c.strip()}`" for c in first.split("|")) + " |" in part
            assert part.count("\n| ") >= len(rows)


def test_every_measure_has_its_place_in_the_methods() -> None:
    text = methods({})
    for name in method_modules():
        module = importlib.import_module(name)
        assert f"\n`{name}`\n" in text
        for function, _ in public_functions(module):
            assert f"\n### {function}\n" in text


def test_the_contents_point_at_headings() -> None:
    text = methods({})
    links = re.findall(r"^- \[(.+)\]\(#(.+)\)$", text, re.MULTILINE)
    assert len(links) == len(method_modules())
    for title, anchor in links:
        assert f"\n## {title}\n" in text
        assert re.fullmatch(r"[a-z0-9_-]+", anchor)


def test_documents_are_written_under_a_folder(tmp_path: Path) -> None:
    written = write_documents(PROJECT, tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == [
        "METHODS.md",
        "data/DICTIONARY.md",
    ]
    assert b"\r" not in (tmp_path / "METHODS.md").read_bytes()
