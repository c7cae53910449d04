"""The section of costs as it is published: shown, withheld, and with nothing to show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sufficiency_lib import dataset
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.publish import edition
from sufficiency_lib.settings import RunParameters
from sufficiency_lib.settings_forecast import PublishSettings

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "07_costs.ipynb"

ALWAYS = {"section_251"}
#: What rests on the unit costs of the profile, and needs no ledger.
FROM_THE_PROFILE = {"process_costs"}


@pytest.fixture(scope="module")
def study(sample_dir: Path):
    return dataset.load(RunParameters(authority="herefordshire", data=sample_dir))


def published(study, *, costs: bool, **changes) -> dict[str, int]:
    """The tables of the section that have rows, and how many."""
    profile = study.profile.model_copy(update={"publish": PublishSettings(costs=costs)})
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
