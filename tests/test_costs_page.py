"""The section of costs as it is published: shown, withheld, and with nothing to show."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sufficiency_lib import dataset
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.publish import edition, page
from sufficiency_lib.settings import DisclosureSettings, RunParameters
from sufficiency_lib.settings_forecast import PublishSettings

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "07_costs.ipynb"

ALWAYS = {"section_251"}
#: What rests on the unit costs of the profile, and needs no ledger.
FROM_THE_PROFILE = {"process_costs"}


#: A price for each kind of placement, where there is no ledger.
UNIT_COSTS = {"fostering_in_house": 550.0, "fostering_ifa": 850.0, "childrens_home": 5_200.0}


@pytest.fixture(scope="module")
def study(sample_dir: Path):
    return dataset.load(RunParameters(authority="herefordshire", data=sample_dir))


def published(study, *, costs: bool, unit_costs=None, **changes) -> dict[str, int]:
    """The tables of the section that have rows, and how many."""
    profile = study.profile.model_copy(update={
        "publish": PublishSettings(costs=costs), "unit_costs_gbp_per_week": unit_costs or {}})
    parts = edition.collect(replace(study, profile=profile, **changes), [NOTEBOOK])
    return {part.kind: len(part.frame) for part in parts if len(part.frame)}


def test_withheld_costs_are_in_no_table_of_the_edition(study) -> None:
    assert set(published(study, costs=False)) <= ALWAYS


def test_without_a_ledger_the_section_stands_and_is_empty(study) -> None:
    found = set(published(study, costs=True, ledger=empty_table("ledger")))
    assert FROM_THE_PROFILE <= found <= ALWAYS | FROM_THE_PROFILE


def test_published_costs_are_all_there(study) -> None:
    assert set(published(study, costs=True)) - ALWAYS == FROM_THE_PROFILE | {
        "ledger_coverage", "weekly_costs", "weekly_costs_by_contract", "spend_by_year",
        "spend_in_year", "dearest_placements", "spend_change", "cost_differences",
        "full_unit_costs", "invest_to_save",
    }


def test_unit_costs_stand_in_for_a_ledger(study) -> None:
    found = published(study, costs=True, unit_costs=UNIT_COSTS, ledger=empty_table("ledger"))
    assert set(found) - ALWAYS == FROM_THE_PROFILE | {
        "weekly_costs", "spend_by_year", "spend_in_year", "full_unit_costs", "invest_to_save",
    }


def test_withheld_unit_costs_are_in_no_table_of_the_edition(study) -> None:
    found = published(study, costs=False, unit_costs=UNIT_COSTS, ledger=empty_table("ledger"))
    assert set(found) <= ALWAYS


def printed(study, monkeypatch) -> str:
    """All that the withheld section shows, and the data behind it; every count as it is."""
    shown: list[Any] = []
    monkeypatch.setattr(page, "_show", lambda *parts, **more: shown.append((parts, more)))
    profile = study.profile.model_copy(update={
        "publish": PublishSettings(), "unit_costs_gbp_per_week": UNIT_COSTS,
        "disclosure": DisclosureSettings(threshold=0)})
    study = replace(study, profile=profile)
    names: dict[str, Any] = {"__name__": "__main__"}
    told = {"parameters": study.parameters, "study": study, "page": page.Page.for_dataset(study)}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            names |= told
    return str(shown)


def test_a_withheld_section_says_no_amount_anywhere(study, monkeypatch) -> None:
    """Neither in a table, a chart, a note nor the data behind them."""
    withheld = printed(study, monkeypatch)
    assert "Costs are withheld" in withheld and "£" not in withheld and "_gbp" not in withheld
