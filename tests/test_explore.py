"""The explorer: its figures are the measures', its gate is the page's, its menus need nothing."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from browser import launched, opened, violations
from documented import blocks

from sufficiency_lib import dataset, explore, store
from sufficiency_lib.dataset_shown import as_html
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.explore.answer import MAPPED
from sufficiency_lib.explore.controls import HOW_TO_GET_WIDGETS
from sufficiency_lib.explore.panel import Panel
from sufficiency_lib.metrics import areas, distances, locality, places
from sufficiency_lib.publish.disclosure import MARKS, SUPPRESSED
from sufficiency_lib.publish.sheet import INTERNAL_BANNER, SYNTHETIC_BANNER
from sufficiency_lib.settings import RunParameters, run_parameters

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOK = PROJECT / "notebooks" / "00_explore.ipynb"
SOURCES = sorted((PROJECT / "sufficiency_lib" / "explore").glob("*.py"))
COHORT = "fostering_ifa"


def parameters(sample_dir: Path, **told: Any) -> RunParameters:
    return run_parameters(**{"authority": "herefordshire", "data": sample_dir, **told})


@pytest.fixture(scope="module")
def study(sample_dir: Path) -> dataset.Dataset:
    return dataset.load(parameters(sample_dir, audience="internal"))


@pytest.fixture(scope="module")
def public(sample_dir: Path) -> dataset.Dataset:
    return dataset.load(parameters(sample_dir))


class Rows(HTMLParser):
    """The tables of a page by how their titles begin, the first of each: its rows of words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._title, self._rows, self._cell = "", [], None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._cell = ""

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._rows[-1].append(self._cell.strip())
            self._cell = None
        elif tag == "caption":
            self._title, self._cell = self._cell.partition(",")[0], None
        elif tag == "table":
            self.found.setdefault(self._title, self._rows[1:])


def plain(frame: pd.DataFrame) -> list[list[object]]:
    """The cells of a frame; a rate that cannot be is blank, however it is marked."""
    rows = [[None if cell in MARKS else cell for cell in row] for row in frame.to_numpy().tolist()]
    return [[None if not isinstance(cell, str) and pd.isna(cell) else cell for cell in row]
            for row in rows]


# --- the tables ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cohort", "rule"),
    [("all", "home_20_miles"), ("fostering", "in_area"), (COHORT, "home_20_miles"),
     ("childrens_home", "border_10_miles")],
)
def test_the_tables_are_the_measures_of_the_cohort_under_the_rule(study, cohort, rule):
    shown = explore.tables(study, cohort, rule)
    day, told = study.as_at, study.locality | {"rules": [rule]}
    theirs = study.episodes[locality.in_cohort(study.episodes, cohort)]
    every = locality.locality(study.episodes, day, **told)
    ours = every[every["cohort"].isin(["all", cohort])]
    assert plain(shown["locality"]) == plain(ours)
    assert plain(shown["locality_by_age"]) == plain(
        locality.locality_by(theirs, day, dimension="age_group", **told))
    assert plain(shown["locality_trend"]) == plain(
        locality.locality_trend(theirs, study.days, **told))
    assert plain(shown["distance_by_boundary"]) == plain(
        distances.distance_by_boundary(theirs, day))
    assert plain(shown["placement_authorities"]) == plain(
        places.placement_authorities(theirs, day, study.authority_names))
    # Every cut of the cohort holds as many children as the cohort's own row.
    (children,) = ours.loc[ours["cohort"] == cohort, "children"]
    for name in ("locality_by_age", "locality_by_provider", "distance_by_boundary",
                 "placement_authorities"):
        assert shown[name]["children"].sum() == children, name
    assert shown["locality_trend"]["children"].iloc[-1] == children


def test_the_map_is_of_the_cohort_alone(study):
    theirs = study.episodes[study.episodes["placement_group"] == "childrens_home"]
    wanted = areas.placements_by_hexagon(theirs, study.as_at, fewest=1)
    shown = explore.tables(study, "childrens_home")[MAPPED]
    assert shown["hexagon"].tolist() == wanted["hexagon"].tolist()
    assert shown["placements_band"].tolist() == wanted["placements_band"].tolist()


def test_public_unless_it_is_said_to_be_internal(study, public):
    """Each table is hidden by itself: no small count of children is shown, nor a rate on one."""
    shown, whole = explore.tables(public, COHORT), explore.tables(study, COHORT)
    hidden = 0
    for name in ("locality", "locality_by_age", "locality_by_provider", "distance_by_boundary"):
        for column in ("children", "within", "beyond", "not_known"):
            if column not in shown[name]:
                continue
            for cell, true in zip(shown[name][column], whole[name][column], strict=True):
                assert cell == SUPPRESSED or cell == true
                assert cell == SUPPRESSED or not 0 < cell <= 5
                hidden += cell == SUPPRESSED
    assert hidden > 0
    assert "c" not in whole["locality_by_age"].astype(str).to_numpy()
    assert not shown["placement_authorities"]["children"].isin(range(1, 6)).any()
    assert "1 to 5" in set(whole[MAPPED]["placements_band"])
    assert not {"1 to 5", "none"} & set(shown[MAPPED]["placements_band"])


def test_a_wrong_cohort_or_rule_is_a_sentence(study):
    with pytest.raises(ConfigurationError, match="'foster' is not a cohort; expected one of all,"):
        explore.tables(study, "foster")
    with pytest.raises(ConfigurationError, match="'nearby' cannot be worked out for Herefordshire"):
        explore.show(study, "all", "nearby")


def test_the_dataset_that_is_asked_stays_as_it_was(study):
    before = study.episodes.copy()
    panel = explore.show(study, COHORT, "in_area")
    assert (panel.study.locality_rule, study.locality_rule) == ("in_area", "home_20_miles")
    pd.testing.assert_frame_equal(study.episodes, before)


# --- the panel -------------------------------------------------------------------------------


def test_every_panel_says_whom_it_is_for(study, public):
    own, others = (explore.show(one)._repr_html_() for one in (study, public))
    assert INTERNAL_BANNER in own and "Nothing is suppressed here" in own
    assert INTERNAL_BANNER not in others and "Not for publication. Each table" in others
    assert SYNTHETIC_BANNER in own and SYNTHETIC_BANNER in others
    real = replace(study, profile=study.profile.model_copy(update={"synthetic": False}))
    assert SYNTHETIC_BANNER not in explore.show(real)._repr_html_()


def test_a_panel_shows_its_tables_and_says_the_map_in_words(study):
    panel = explore.show(study, COHORT, "in_area")
    html = panel._repr_html_()
    rows = Rows(html).found["Children placed locally"]
    near = panel.tables["locality"]
    assert [row[1:5] for row in rows] == [
        [f"{cell:,}" for cell in row]
        for row in near[["children", "within", "beyond", "not_known"]].to_numpy().tolist()
    ]
    assert 'alt="Fostering, independent agency. Map of hexagons' in html
    assert panel.title == ("Herefordshire · Fostering, independent agency · 31 March 2025 · "
                           "Inside the authority's area")
    assert repr(panel).splitlines()[:3] == [INTERNAL_BANNER, SYNTHETIC_BANNER, panel.title]


def test_nobody_of_a_cohort_and_no_outline_are_said(study):
    nobody = study.episodes["placement_group"] != "secure"
    without = explore.show(replace(study, episodes=study.episodes[nobody]), "secure")
    assert "No child of this cohort was looked after on this day." in without._repr_html_()
    assert "<table" not in without._repr_html_()
    unknown = study.profile.model_copy(update={"code": None})
    assert "No map is drawn here" in explore.show(replace(study, profile=unknown))._repr_html_()


def test_what_is_shown_is_accessible(public, study, tmp_path):
    near = locality.locality(study.episodes, study.as_at, **study.locality)
    parts = [explore.show(public, COHORT), explore.look(near, rows=3)]
    shown = "".join(part._repr_html_() for part in parts) + as_html(study)
    page = tmp_path / "page.html"
    page.write_text(f'<html lang="en"><title>Explore</title><meta charset="utf-8"><main>'
                    f"<h1>Explore</h1>{shown}</main></html>", encoding="utf-8")
    with launched() as browser, opened(browser, page) as tab:
        assert violations(tab) == []


# --- the menus -------------------------------------------------------------------------------


@pytest.fixture
def without_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing drawn, where it is the figures that are looked at."""
    monkeypatch.setattr(Panel, "_map", lambda panel, page: None)


class Loads:
    """Loads a dataset, and remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, date | None]] = []

    def __call__(self, told: RunParameters) -> dataset.Dataset:
        self.asked.append((told.authority, told.as_at))
        return dataset.load(told)


def shown_row(answer: str, cohort: str) -> list[str]:
    """The children, within, beyond and not known of a cohort, as the panel shows them."""
    (row,) = [row for row in Rows(answer).found["Children placed locally"] if row[0] == cohort]
    return row[1:5]


def counted(study: dataset.Dataset, cohort: str, rule: str) -> list[str]:
    frame = locality.locality(study.episodes, study.as_at, **study.locality | {"rules": [rule]})
    row = frame[frame["cohort"] == cohort].iloc[0]
    return [f"{row[name]:,}" for name in ("children", "within", "beyond", "not_known")]


@pytest.mark.usefixtures("without_map")
def test_a_menu_changes_the_figures_and_reads_nothing_again(sample_dir, study):
    pytest.importorskip("ipywidgets")
    loads = Loads()
    picked = explore.explorer(parameters(sample_dir, audience="internal"), load=loads)
    assert loads.asked == [("herefordshire", None)]
    assert shown_row(picked.answer.value, "All children looked after") == counted(
        study, "all", "home_20_miles")
    for cohort, rule in ((COHORT, "home_20_miles"), (COHORT, "in_area"), ("fostering", "in_area")):
        picked.cohort.value, picked.rule.value = cohort, rule
        assert shown_row(picked.answer.value, picked.cohort.label) == counted(study, cohort, rule)
        assert picked.tables["locality"]["cohort"].tolist() == ["all", cohort]
    assert len(loads.asked) == 1
    assert picked.study.locality_rule == "in_area"


@pytest.mark.usefixtures("without_map")
def test_another_day_is_read_once_and_days_to_come_stay_in_the_menu(sample_dir):
    pytest.importorskip("ipywidgets")
    loads = Loads()
    told = parameters(sample_dir, audience="internal", as_at="2024-09-15")
    picked = explore.explorer(told, cohort="fostering", load=loads)
    days = [day for _, day in picked.day.options]
    assert picked.day.value == date(2024, 9, 15)
    assert days == sorted([date(2024, 9, 15), *(date(year, 3, 31) for year in range(2021, 2026))],
                          reverse=True)
    picked.day.value = date(2022, 3, 31)
    earlier = dataset.load(told.model_copy(update={"as_at": date(2022, 3, 31)}))
    assert shown_row(picked.answer.value, "Fostering") == counted(
        earlier, "fostering", "home_20_miles")
    picked.day.value = date(2025, 3, 31)
    picked.day.value = date(2022, 3, 31)
    assert [day for _, day in picked.day.options] == days
    assert [day for _, day in loads.asked] == [date(2024, 9, 15), None, date(2022, 3, 31)]


@pytest.mark.usefixtures("without_map")
def test_a_rule_of_the_parameters_is_first_and_the_authoritys_own_is_said(sample_dir, study):
    pytest.importorskip("ipywidgets")
    loads = Loads()
    told = parameters(sample_dir, audience="internal", locality_rule="in_area")
    picked = explore.explorer(told, load=loads)
    # Under a rule that was asked for a dataset does not say which is the authority's own.
    assert loads.asked == [("herefordshire", None)] * 2
    assert picked.rule.value == picked.study.locality_rule == "in_area"
    (own,) = [rule for said, rule in picked.rule.options if said.endswith(", its own rule")]
    assert own == "home_20_miles"
    picked.rule.value = own
    assert shown_row(picked.answer.value, picked.cohort.label) == counted(study, "all", own)
    assert len(loads.asked) == 2


@pytest.mark.usefixtures("without_map")
def test_the_last_line_of_a_cell_shows_the_menus(sample_dir):
    pytest.importorskip("ipywidgets")
    picked = explore.explorer(parameters(sample_dir))
    view = picked._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == picked.box.model_id
    assert picked.box.children == (
        picked.authority, picked.day, picked.cohort, picked.rule, picked.answer)


@pytest.mark.usefixtures("without_map")
def test_another_authority_keeps_what_it_has_and_says_what_is_wrong(sample_dir):
    pytest.importorskip("ipywidgets")
    picked = explore.explorer(parameters(sample_dir, audience="internal"), cohort=COHORT)
    assert [name for name, _ in picked.authority.options] == [
        "Brighton and Hove", "Herefordshire", "Nottingham"]
    picked.rule.value, picked.day.value = "in_area", date(2023, 3, 31)
    picked.authority.value = "nottingham"
    assert (picked.rule.value, picked.day.value) == ("in_area", date(2023, 3, 31))
    assert picked.panel.title.startswith("Nottingham · Fostering, independent agency")
    assert shown_row(picked.answer.value, picked.cohort.label) == counted(
        picked.study, COHORT, "in_area")
    picked.rule.value = "centre_20_miles"
    assert picked.rule.label.endswith(", its own rule")


@pytest.mark.usefixtures("without_map")
def test_what_cannot_be_read_is_said_under_the_menus(sample_dir):
    pytest.importorskip("ipywidgets")

    def load(told: RunParameters) -> dataset.Dataset:
        if told.authority != "herefordshire":
            raise ConfigurationError("The file <x> cannot be read; mend it.")
        return dataset.load(told)

    picked = explore.explorer(parameters(sample_dir), load=load)
    before = picked.panel
    picked.authority.value = "nottingham"
    assert picked.answer.value == (
        '<p role="status">The file &lt;x&gt; cannot be read; mend it.</p>')
    picked.cohort.value = COHORT
    assert "cannot be read" in picked.answer.value and picked.panel is before
    picked.authority.value = "herefordshire"
    assert picked.panel.title.startswith("Herefordshire · Fostering, independent agency")


def test_without_ipywidgets_the_parameters_are_answered(sample_dir, study, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    told = parameters(sample_dir, audience="internal", locality_rule="in_area")
    picked = explore.explorer(told, cohort=COHORT)
    html = picked._repr_html_()
    assert html.count(HOW_TO_GET_WIDGETS) == 1 and repr(picked).count(HOW_TO_GET_WIDGETS) == 1
    assert shown_row(html, "Fostering, independent agency") == counted(study, COHORT, "in_area")
    assert set(picked.tables) == set(explore.tables(study)) and picked.study.as_at == study.as_at


def test_browsing_without_itables_gives_the_frame(monkeypatch):
    from sufficiency_lib.explore import browsing

    monkeypatch.setattr(browsing, "find_spec", lambda name: None)
    frame = pd.DataFrame({"children": [1]})
    assert explore.browse(frame) is frame


def test_browsing_fetches_nothing_from_another_host(monkeypatch):
    from sufficiency_lib.explore import browsing

    asked: list[dict[str, Any]] = []
    stand_in = SimpleNamespace(
        init_notebook_mode=lambda **told: asked.append(told),
        show=lambda frame, **told: asked.append(told),
    )
    monkeypatch.setattr(browsing, "find_spec", lambda name: name)
    monkeypatch.setattr(browsing, "import_module", lambda name: stand_in)
    explore.browse(pd.DataFrame({"children": [1]}))
    assert [told["connected"] for told in asked] == [False, False]


# --- the room and its notebook ---------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_that_a_run_lacks_is_imported_with_the_room(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            told = ast.unparse(node)
            assert "ipywidgets" not in told and "import itables" not in told


def test_the_notebook_has_the_parameters_of_a_run_and_a_cohort():
    import nbformat

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = {
        node.target.id: node.value.value
        for node in ast.parse(code[0].source).body if isinstance(node, ast.AnnAssign)
    }
    assert code[0].metadata.tags == ["parameters"]
    assert list(names) == [*RunParameters.model_fields, "cohort"]
    # The state of widgets would hold the figures they showed.
    assert "widgets" not in notebook.metadata
    assert names["audience"] == "internal"


def test_what_the_page_on_exploring_shows_runs(sample_dir, monkeypatch):
    monkeypatch.setattr(store, "sample_folder", lambda: sample_dir)
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    names: dict[str, Any] = {}
    for block in blocks(PROJECT / "docs" / "explore.md", "python"):
        exec(block.text, names)
    assert names["picked"].cohort == COHORT and len(names["near"])
