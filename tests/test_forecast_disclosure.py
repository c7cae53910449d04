"""Notebook 08 on the samples: what hides a count hides the forecast that rests on it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import publishing
import pytest

from sufficiency_lib import dataset
from sufficiency_lib.publish.collecting import Collector, collect
from sufficiency_lib.publish.page import Page
from sufficiency_lib.publish.plan import Plan, plan
from sufficiency_lib.publish.tables import MIME, published
from sufficiency_lib.settings import run_parameters
from sufficiency_lib.settings_forecast import ForecastSettings

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
DEMAND, PLACEMENTS = NOTEBOOKS / "08_demand.ipynb", NOTEBOOKS / "03_placements.ipynb"
RESTS = {"forecast": "children_today", "forecast_by_year": "children_today",
         "forecast_nights": "children_today", "forecast_nights_by_year": "children_today",
         "unexpected_demand": "children_today", "standby_places": "children_today",
         "forecast_with_history": "children_at_start", "forecast_backtest": "same_as_today",
         "forecast_cohorts": "todays_children", "forecast_needs": "children_today"}
FIGURES = ("mean", "p10", "p50", "p90", "mean_nights", "p50_nights", "largest_month_p90",
           "places_hold_90", "usual_children", "standby_95")


class FewDraws(Page):
    """A page for which few futures are drawn: their number is not what is tested."""

    def draws(self, asked: int) -> int:
        return 20


def study_of(authority: str, sample_dir: Path, **told: Any) -> dataset.Dataset:
    """A sample authority whose forecast is of three years, which is quicker than ten."""
    study = dataset.load(run_parameters(authority=authority, data=sample_dir, **told))
    short = study.profile.model_copy(update={"forecast": ForecastSettings(years=3)})
    return replace(study, profile=short)


def tables_of(study: dataset.Dataset, page: Page) -> tuple[dict[str, pd.DataFrame], str]:
    """What the notebook publishes on a page: its tables by name, and all its words."""

    def show() -> None:
        names: dict[str, Any] = {}
        for cell in json.loads(DEMAND.read_text(encoding="utf-8"))["cells"]:
            tags = cell["metadata"].get("tags", ())
            if cell["cell_type"] == "code" and "parameters" not in tags:
                source = "".join(cell["source"])
                if "setup" in tags:
                    source = source.partition("parameters =")[0]
                exec(source, names)  # the suite's own notebook
                names |= {"study": study, "page": page}

    outputs = publishing.outputs(show)
    found = [published(one["data"][MIME]) for one in outputs if MIME in one["data"]]
    tables = {}
    for table in found:
        if table.id not in tables or len(table.frame) > len(tables[table.id]):
            tables[table.id] = table.frame
    return tables, " ".join(one["data"]["text/plain"] for one in outputs)


# Nottingham's edition is attacked with the others' in `test_edition`; two are enough here.
@pytest.fixture(scope="module", params=[
    "herefordshire", pytest.param("brighton-and-hove", marks=pytest.mark.slow)])
def shown(request: pytest.FixtureRequest, sample_dir: Path) -> dict[str, pd.DataFrame]:
    study = study_of(request.param, sample_dir)
    made = plan(collect(study, [PLACEMENTS, DEMAND]), study.profile.disclosure)
    page = FewDraws(study.profile, study.parameters, as_at=study.as_at, plan=lambda: made)
    return tables_of(study, page)[0]


def test_no_figure_stands_on_a_hidden_count(shown: dict[str, pd.DataFrame]) -> None:
    hidden = 0
    for name, rests in RESTS.items():
        frame = shown[name]
        small = frame[rests].map(lambda n: not isinstance(n, str) and 0 < n <= 5)
        assert not small.any(), name
        few = frame[rests] == "c"
        hidden += few.sum()
        for column in set(FIGURES) & set(frame):
            assert (frame.loc[few, column] == "c").all(), (name, column)
            assert not (frame.loc[~few & (frame[rests] != "z"), column] == "c").any(), name
    assert hidden > 100


def test_every_table_hides_the_same_placements(shown: dict[str, pd.DataFrame]) -> None:
    def hidden(name: str) -> set[str]:
        frame = shown[name]
        return set(frame.loc[frame[RESTS[name]] == "c", "placement_group"])

    by_year = hidden("forecast_by_year")
    assert len(by_year - {"all"}) >= 2, "one hidden placement is all less the others"
    for name in ("forecast", "forecast_nights", "forecast_nights_by_year", "unexpected_demand",
                 "standby_places"):
        assert hidden(name) == by_year, name


def test_a_forecast_starts_where_the_placements_stop(shown: dict[str, pd.DataFrame]) -> None:
    lines = shown["forecast_with_history"]
    today = lines[(lines["line"] == "history") & (lines["date"] == lines["origin"].max())]
    today = today.set_index("placement_group")["children"]
    frame = shown["forecast"].drop_duplicates("placement_group").set_index("placement_group")
    assert frame["children_today"].drop("fostering").to_dict() == today.to_dict()
    assert list(shown["forecast"]) == [
        "scenario", "date", "placement_group", "children_today", "mean", "p10", "p50", "p90"]
    assert frame["mean"]["all"] == pytest.approx(frame["children_today"]["all"], rel=0.1)
    assert len(shown["forecast"]["date"].unique()) == 36


def test_the_council_s_own_edition_has_every_figure(sample_dir: Path) -> None:
    study = study_of("brighton-and-hove", sample_dir, audience="internal")
    page = FewDraws(study.profile, study.parameters, as_at=study.as_at, plan=Plan)
    tables, _ = tables_of(study, page)
    assert not any((frame == "c").any(axis=None) for frame in tables.values())
    secure = tables["forecast"][tables["forecast"]["placement_group"] == "secure"]
    assert 0 < secure["children_today"].iloc[0] <= 5 and secure["p90"].max() > 0
    # Its profile does not let costs be published, and an internal page is no publication.
    assert not study.profile.publish.costs and len(tables["forecast_spend_by_year"])


def test_costs_are_withheld_unless_the_profile_publishes_them(
    shown: dict[str, pd.DataFrame], request: pytest.FixtureRequest
) -> None:
    publishes = request.node.callspec.params["shown"] != "brighton-and-hove"
    spends = {name for name in shown if "spend" in name or "cost" in name}
    assert bool(spends) == publishes
    assert not publishes or {"forecast_spend", "forecast_unit_costs"} <= spends


def test_with_too_few_years_the_page_says_what_is_missing(sample_dir: Path) -> None:
    study = study_of("herefordshire", sample_dir, as_at=date(2021, 3, 31))
    page = FewDraws(study.profile, study.parameters, as_at=study.as_at, plan=Plan)
    tables, words = tables_of(study, page)
    assert "a forecast needs" in words and "No forecast is made" in words
    assert not [name for name, frame in tables.items() if len(frame)]


def by_year() -> pd.DataFrame:
    groups = ["all", "childrens_home", "secure", "fostering", "fostering_in_house"]
    today = [60, 20, 3, 37, 37]
    return pd.DataFrame([
        ("no_change", day, group, count, count + 0.5, count - 1, count, count + 2)
        for day in ("2026-03-31", "2027-03-31")
        for group, count in zip(groups, today, strict=True)
    ], columns=["scenario", "date", "placement_group", "children_today", "mean", "p10", "p50",
                "p90"])


def test_a_page_prints_some_rows_and_the_files_hold_all() -> None:
    frame = by_year()
    few = frame["placement_group"] == "all"
    page = publishing.page()
    (shown,) = publishing.outputs(
        lambda: page.table("forecast_by_year", frame, printed=few)
    )
    assert "37" not in shown["data"]["text/html"] and "60" in shown["data"]["text/html"]
    assert len(published(shown["data"][MIME]).frame) == 10


def test_a_long_table_hides_what_the_one_beside_it_hides() -> None:
    beside, page = by_year(), publishing.page()
    hidden = page.disclose("forecast_by_year", beside)
    hidden = set(hidden.loc[hidden["children_today"] == "c", "placement_group"])
    assert {"secure", "childrens_home"} <= hidden
    months = beside[beside["placement_group"].isin(["childrens_home", "all"])]
    (shown,) = publishing.outputs(
        lambda: page.download("forecast", months, "Every month.", like=("forecast_by_year", beside))
    )
    table = published(shown["data"][MIME])
    homes = table.frame[table.frame["placement_group"] == "childrens_home"]
    assert table.id == "forecast"
    assert (homes[["children_today", "p50", "p90"]] == "c").all(axis=None)
    assert shown["data"]["text/html"].count("<td") == 0 and "Every month." in str(shown["data"])


def test_the_plan_leaves_out_what_is_hidden_like_another() -> None:
    profile = publishing.profile()
    page = Collector(SimpleNamespace(profile=profile, parameters=None, as_at=date(2025, 3, 31),
                                     locality_rule=""))
    page.download("forecast", by_year(), "", like=("forecast_by_year", by_year()))
    page.download("forecast_by_year", by_year(), "")
    assert [part.kind for part in page.parts] == ["forecast_by_year"]
    assert page.draws(500) < 50 and publishing.page().draws(500) == 500
