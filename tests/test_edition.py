"""The sample's editions whole: everything published together gives no small count away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency_lib import dataset
from sufficiency_lib.errors import InputError
from sufficiency_lib.publish import collecting
from sufficiency_lib.publish import edition as edition_module
from sufficiency_lib.publish.attack import feasible
from sufficiency_lib.publish.collecting import Collector, Evidence, collect
from sufficiency_lib.publish.disclosure import SUPPRESSED
from sufficiency_lib.publish.edition import a_year_before, edition_plan, edition_tables
from sufficiency_lib.publish.linked import Edition, Part, all_counted, row_names
from sufficiency_lib.publish.other_pages import BEFORE, joined, plan_after, undated_as_now
from sufficiency_lib.publish.page import Page
from sufficiency_lib.publish.plan import Plan, plan
from sufficiency_lib.publish.specs import SPECS
from sufficiency_lib.settings import DisclosureSettings, run_parameters

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOKS = [path for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))
             if not path.name.startswith("00_")]
THRESHOLD = 5


#: One whole edition always; the others, which take as long again each, are proofs.
STUDIES = ["herefordshire", *(pytest.param(slug, marks=pytest.mark.slow)
                              for slug in ("nottingham", "brighton-and-hove"))]


@pytest.fixture(scope="module", params=STUDIES)
def study(request: pytest.FixtureRequest, sample_dir: Path) -> dataset.Dataset:
    return dataset.load(run_parameters(authority=request.param, data=sample_dir))


@pytest.fixture(scope="module")
def parts(study: dataset.Dataset) -> list[Part]:
    return collect(study, NOTEBOOKS)


@pytest.fixture(scope="module")
def before(study: dataset.Dataset) -> list[Part]:
    return collect(a_year_before(study), NOTEBOOKS)


@pytest.fixture(scope="module")
def edition(study: dataset.Dataset, parts: list[Part], before: list[Part]) -> Edition:
    earlier = undated_as_now(parts, before)
    return joined(all_counted(parts), {BEFORE: all_counted(earlier)}, study.profile.disclosure)


def test_cells_with_one_meaning_have_one_value(edition: Edition) -> None:
    values: dict = {}
    for (meant, value), variable in edition.known.items():
        values.setdefault(meant, []).append((value, edition.cells[variable][:2]))
    assert [found for found in values.values() if len(found) > 1] == []


def test_every_sum_adds_up(edition: Edition) -> None:
    for members in edition.sums:
        assert sum(member.sign * member.value for member in members) == pytest.approx(0)


def as_published(
    study: dataset.Dataset, parts: list[Part], made: Plan, edition: Edition, page_name: str = ""
) -> tuple[set[int], set[int]]:
    """The variables that a page hides and shows of its tables."""
    page = Page(study.profile, study.parameters, as_at=study.as_at, plan=lambda: made)
    at = {cell: number for number, cells in edition.cells.items() for cell in cells}
    hidden, shown = set(), set()
    for part in {(part.spec.id, id(part.frame)): part for part in parts}.values():
        frame = page.disclose(part.spec.id, part.frame, part.spec)
        cells = frame.to_dict("list")
        for row, name in enumerate(row_names(part.spec, part.frame)):
            for column in cells:
                number = at.get((page_name + part.spec.id, name, column))
                if number is not None:
                    (hidden if cells[column][row] == SUPPRESSED else shown).add(number)
    return hidden, shown


def test_no_small_count_can_be_worked_out_from_this_page_and_last_year_s(
    study: dataset.Dataset, parts: list[Part], before: list[Part], edition: Edition
) -> None:
    """What both pages show of every table, all taken together, against linear programming."""
    settings = study.profile.disclosure
    now = as_published(study, parts, plan_after(parts, before, settings), edition)
    then = as_published(
        a_year_before(study), before, plan(before, settings), edition, page_name=BEFORE
    )
    for hidden, shown in (now, then):
        # Hidden anywhere is hidden everywhere on the page, and what is small is hidden.
        assert not hidden & shown
        assert not shown & edition.small
    unprinted = {number for number, cells in edition.cells.items() if not cells}
    unseen = (now[0] | then[0] | unprinted) - now[1] - then[1]
    assert edition.small <= unseen
    ranges = feasible(edition.values, edition.sums, unseen, among=edition.small)
    assert ranges
    for number, (low, high) in ranges.items():
        assert high - low >= THRESHOLD - 1e-6, (edition.cells[number][:3], low, high)
        # The attack is no straw man: the true value is always within reach.
        assert low - 1e-6 <= edition.values[number] <= high + 1e-6


def test_the_page_of_a_year_before_is_of_the_same_data_a_year_earlier(
    study: dataset.Dataset
) -> None:
    earlier = a_year_before(study)
    assert earlier.as_at == earlier.parameters.as_at == date(2024, 3, 31)
    assert earlier.year_ends == study.year_ends[:-1] and earlier.episodes is study.episodes
    first = replace(study, as_at=date(study.return_years[0], 3, 31))
    assert a_year_before(first) is None


_ROWS_READ = Part("rows_read", SPECS["rows_read"], pd.DataFrame(
    {"table": ["episodes"], "return_year": [2025], "rows": [3]}), "2025-03-31")


def _reads_nothing(study: dataset.Dataset, path: Path, evidence: Evidence, *_: int) -> Collector:
    return Collector(study, evidence)


def test_a_plan_once_made_is_kept(
    study: dataset.Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = Plan({"started_and_ceased": frozenset({(("2025-03-31",), "started")})})
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    monkeypatch.setattr(collecting, "read", _reads_nothing)
    monkeypatch.setattr(edition_module, "collect", lambda *_: [])
    monkeypatch.setattr(edition_module, "plan_beside", lambda *_, **__: made)
    assert edition_plan(study) == made
    monkeypatch.setattr(edition_module, "plan_beside", None)
    assert edition_plan(study) == made


def test_a_page_of_last_year_that_cannot_be_made_was_not_published(
    study: dataset.Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(
        asked: dataset.Dataset, path: Path, evidence: Evidence, *_: int
    ) -> Collector:
        if asked is not study:
            raise InputError("too few years")
        page = Collector(study, evidence)
        page.parts.append(_ROWS_READ)
        return page

    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    monkeypatch.setattr(collecting, "read", refused)
    gathered = edition_module._gathered(study, NOTEBOOKS[:1])
    assert gathered.parts == [_ROWS_READ] and gathered.before == []
    _, rests_on = edition_module._made(study, gathered)
    assert not rests_on.others.pages


def test_the_tables_shown_are_kept_with_the_plan(
    study: dataset.Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What sums the page up is given its tables as the page shows them, dates as text."""
    def read(asked: dataset.Dataset, path: Path, evidence: Evidence, *_: int) -> Collector:
        page = Collector(asked, evidence)
        if path.name.startswith("09_"):
            assert set(page.evidence()) == {"rows_read", "started_and_ceased"}
            assert page.evidence()["started_and_ceased"]["started"].tolist() == [40, 3]
            page.table("headline", pd.DataFrame({"metric": ["a"], "value": [7.5]}))
        elif path.name.startswith("01_"):
            page.parts.append(_ROWS_READ)
        elif path.name.startswith("02_"):
            flow = pd.DataFrame({"year_ending": [date(2024, 3, 31), date(2025, 3, 31)],
                                 "started": [40, 3], "ceased": [30, np.nan]})
            page.table("started_and_ceased", flow)
            page.table("forecast_uasc", pd.DataFrame(
                {"date": ["2026-03-31"], "uasc": ["yes"], "children_today": [9], "p50": [8]}))
        return page

    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    monkeypatch.setattr(collecting, "read", read)
    paths = [path for path in NOTEBOOKS if path.name[:2] in ("01", "02", "09")]
    monkeypatch.setattr(edition_module, "_before", lambda *_: [])
    monkeypatch.setattr(edition_module, "_notebooks", lambda: paths)
    made = edition_tables(study)
    kept = edition_tables(study)
    for tables in (made, kept):
        assert set(tables) == {"rows_read", "started_and_ceased"}
        assert tables["started_and_ceased"]["started"].tolist() == [40, "c"]
    assert kept["started_and_ceased"]["year_ending"].tolist() == ["2024-03-31", "2025-03-31"]
    assert kept["started_and_ceased"]["ceased"].tolist() == [30, "x"]


def test_of_last_years_page_no_more_is_read_than_both_could_print(
    study: dataset.Dataset, tmp_path: Path
) -> None:
    told = "{'as_at': ['2025-03-31'], 'children': [7], 'rate_per_10000': [50.0]}"
    shown = f"page.table('children_looked_after', pd.DataFrame({told}))"
    alone = "page.table('number_and_range', pd.DataFrame({'measure': ['a'], 'value': [7]}))"
    sometimes = f"if not len(study.episodes):\n    {shown}"
    for sources, needed in (
        (["import pandas as pd", shown, alone, "told = 1"], 2),
        (["import pandas as pd", shown, sometimes, alone], 3),
        (["import pandas as pd", shown, f"{alone}\n{sometimes}"], 3),
        (["import pandas as pd", alone], 0),
    ):
        cells = [{"cell_type": "code", "metadata": {}, "source": [one]} for one in sources]
        path = tmp_path / "01_one.ipynb"
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        assert collecting.read(study, path).cells == needed, sources
        first = collect(study, [path], {path: min(needed, 2)})
        assert [part.kind for part in first] == ["children_looked_after"][:needed]


def test_where_nothing_is_small_there_is_nothing_to_decide(
    study: dataset.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "read", None)
    every = study.profile.model_copy(update={"disclosure": DisclosureSettings(threshold=0)})
    assert edition_plan(replace(study, profile=every)) == Plan()


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
        {"cell_type": "code", "metadata": {"tags": ["setup"]},
         "source": ["page = study = None\n", "told = 'kept'"]},
        {"cell_type": "code", "metadata": {},
         "source": ["assert authority == study.parameters.authority and as_at == ''\n",
                    "assert parameters is study.parameters and told == 'kept'"]},
    ]
    path = tmp_path / "01_one.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert collect(study, [path]) == []
