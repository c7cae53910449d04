"""The generated documents are current, and say what the code says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib import codes, fields
from sufficiency_lib.documents import (
    dictionary,
    documents,
    glossary,
    methods,
    write_documents,
)
from sufficiency_lib.documents.examples import read_examples
from sufficiency_lib.documents.measured import measured, published_coverage
from sufficiency_lib.documents.methods import method_modules, public_functions
from sufficiency_lib.forecast.panel_backtest import published_backtest
from sufficiency_lib.intake.local_schemas import LOCAL_CODES, LOCAL_TABLES
from sufficiency_lib.intake.ssda903 import TABLES
from sufficiency_lib.metrics.quality import TABLE_LABELS
from sufficiency_lib.publish.glossary import TERMS
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


def test_the_glossary_has_every_term_once_with_its_source() -> None:
    text = glossary()
    headed = re.findall(r"^\*\*(.+?)\*\* – (.+)$", text, re.MULTILINE)
    assert [name for name, _ in headed] == sorted((t.name for t in TERMS), key=str.casefold)
    said = dict(headed)
    for term in TERMS:
        assert said[term.name].startswith(term.meaning)
        assert said[term.name].endswith(f"*({term.source})*" if term.source else term.meaning)


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
    assert len(links) == len(method_modules()) + 1
    for title, anchor in links:
        assert f"\n## {title}\n" in text
        assert re.fullmatch(r"[a-z0-9_-]+", anchor)


def test_what_was_measured_is_the_tables_that_ship() -> None:
    text = "\n".join(measured())
    tables, provenance = published_backtest()
    for row in tables["measured"].itertuples():
        cells = f"| {row.horizon_years} | {row.forecasts} | {row.error_pct:.1f} | "
        assert cells + f"{row.same_as_today_pct:.1f} | " in text
    assert f"`{provenance['command']}`" in text and provenance["sha256"] in text
    coverage, made = published_coverage()
    assert all(f"#### Truth: {name}\n" in text for name in coverage["truth"])
    assert f"`{made['command']}`" in text
    assert "\n## What was measured of the forecast\n" in methods({})


def test_what_is_said_of_the_tables_is_worked_out_from_them(monkeypatch) -> None:
    """By hand: 5.4 is a tenth below 6, 7.6 a twentieth below 8; one of two origins is worse."""
    found = {"areas": "authorities", "horizon_years": 1, "forecasts": 9, "error_pct": 5.4,
             "same_as_today_pct": 6.0, "error_of_today_pct": 7.6,
             "same_as_today_of_today_pct": 8.0, "straight_line_pct": 9.0,
             "interval_held_pct": 80.0, "below_pct": 9.0, "above_pct": 11.0}  # fmt: skip
    origins = {"origin": [2016, 2017], "horizon_years": 1, "forecasts": 4,
               "interval_held_pct": [66.6, 80.0], "error_pct": [5.0, 4.0],
               "same_as_today_pct": [4.0, 5.0]}  # fmt: skip
    tables = {"measured": pd.DataFrame([found]), "by_origin": pd.DataFrame(origins)}
    said = published_backtest()[1]
    monkeypatch.setattr("sufficiency_lib.documents.measured.published_backtest",
                        lambda: (tables, said))  # fmt: skip
    text = "\n".join(measured())
    assert "10% to 10% of its error against what came, 5% to 5% against the children" in text
    assert "From 1 of the 2 origins and horizons" in text
    assert "From 2016, with one year known, the interval held 67% to 67%" in text


def test_documents_are_written_under_a_folder(tmp_path: Path) -> None:
    written = write_documents(PROJECT, tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == [
        "METHODS.md",
        "data/DICTIONARY.md",
        "docs/glossary.md",
    ]
    assert b"\r" not in (tmp_path / "METHODS.md").read_bytes()
