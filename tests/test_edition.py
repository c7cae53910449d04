"""The sample's editions whole: everything published together gives no small count away."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib import dataset
from sufficiency_lib.publish import edition as edition_module
from sufficiency_lib.publish.attack import feasible
from sufficiency_lib.publish.disclosure import SUPPRESSED
from sufficiency_lib.publish.edition import Collector, collect, edition_plan
from sufficiency_lib.publish.page import Page
from sufficiency_lib.publish.plan import Plan, _Edition, plan, row_names
from sufficiency_lib.settings import run_parameters

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOKS = [path for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))
             if not path.name.startswith("00_")]
THRESHOLD = 5


@pytest.fixture(scope="module", params=["herefordshire", "nottingham", "brighton-and-hove"])
def study(request: pytest.FixtureRequest, sample_dir: Path) -> dataset.Dataset:
    return dataset.load(run_parameters(authority=request.param, data=sample_dir))


@pytest.fixture(scope="module")
def parts(study: dataset.Dataset) -> list:
    return collect(study, NOTEBOOKS)


@pytest.fixture(scope="module")
def edition(study: dataset.Dataset, parts: list) -> _Edition:
    made = _Edition(study.profile.disclosure)
    for part in parts:
        made.add(part)
    made.add_sums_between()
    return made


def test_cells_with_one_meaning_have_one_value(edition: _Edition) -> None:
    values: dict = {}
    for (meant, value), variable in edition.known.items():
        values.setdefault(meant, []).append((value, edition.cells[variable][:2]))
    assert [found for found in values.values() if len(found) > 1] == []


def test_every_sum_adds_up(edition: _Edition) -> None:
    for members in edition.sums:
        assert sum(member.sign * member.value for member in members) == pytest.approx(0)


def test_no_small_count_can_be_worked_out_from_what_is_published(
    study: dataset.Dataset, parts: list, edition: _Edition
) -> None:
    """What the page shows of every table, all taken together, against linear programming."""
    made = plan(parts, study.profile.disclosure)
    page = Page(study.profile, study.parameters, as_at=study.as_at, plan=lambda: made)
    hidden, shown = set(), set()
    at = {cell: number for number, cells in edition.cells.items() for cell in cells}
    for part in parts:
        frame = page.disclose(part.spec.id, part.frame, part.spec)
        for row, name in enumerate(row_names(part.spec, part.frame)):
            for column in frame.columns:
                number = at.get((part.spec.id, name, column))
                if number is not None:
                    cell = frame[column].iloc[row]
                    (hidden if cell == SUPPRESSED else shown).add(number)
    # Hidden anywhere is hidden everywhere, and what is small is hidden.
    assert not hidden & shown
    assert edition.hidden <= hidden
    ranges = feasible(edition.values, edition.sums, hidden)
    for number in edition.hidden & ranges.keys():
        low, high = ranges[number]
        assert high - low >= THRESHOLD - 1e-6, (edition.cells[number][:3], low, high)
    # The attack is no straw man: the true value is always within reach.
    for number, (low, high) in ranges.items():
        assert low - 1e-6 <= edition.values[number] <= high + 1e-6


def test_a_plan_once_made_is_kept(
    study: dataset.Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = Plan({"started_and_ceased": frozenset({(("2025-03-31",), "started")})})
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    monkeypatch.setattr(edition_module, "collect", lambda study, notebooks: [])
    monkeypatch.setattr(edition_module, "plan", lambda parts, settings: made)
    assert edition_plan(study) == made
    monkeypatch.setattr(edition_module, "plan", None)
    assert edition_plan(study) == made


def test_a_library_without_notebooks_hides_each_table_by_itself(
    study: dataset.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition_module, "project_folder", lambda: None)
    assert edition_plan(study) == Plan()


def test_the_collector_keeps_tables_and_shows_nothing(
    study: dataset.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Collector(study)
    frame = pd.DataFrame({"year_ending": ["2025-03-31"], "started": [3], "ceased": [9]})
    page.opening("Title")
    page.say("{few} children", few=page.value("started_and_ceased", frame, "started"))
    page.chart("started_and_ceased", frame)
    assert page.disclose("started_and_ceased", frame)["started"].tolist() == [3]
    page.internal_table("exceptions", frame, title="x")
    assert [part.kind for part in page.parts] == ["started_and_ceased"]
    assert capsys.readouterr().out == ""


def test_a_notebook_is_told_what_the_run_is_told(
    study: dataset.Dataset, tmp_path: Path
) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
        {"cell_type": "code", "metadata": {"tags": ["parameters"]},
         "source": ["authority: str = 'elsewhere'\n", "as_at: str = 'never'"]},
        {"cell_type": "code", "metadata": {"tags": ["setup"]}, "source": ["page = study = None"]},
        {"cell_type": "code", "metadata": {},
         "source": ["assert authority == study.parameters.authority and as_at == ''"]},
    ]
    path = tmp_path / "01_one.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert collect(study, [path]) == []
