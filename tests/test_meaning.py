"""Cells that count the same are known to be one; cells that do not, never are."""

from __future__ import annotations

import pytest

from sufficiency_lib.codes import PLACEMENT_GROUPS, PROVIDERS
from sufficiency_lib.publish.meaning import MEANINGS, identity
from sufficiency_lib.publish.specs import SPECS

DAY = "2025-03-31"


def of(kind: str, column: str, **row: object):
    return identity(kind, row, column, DAY)


SAME = {
    "in-house fostering": [
        of("placement_mix", "children", as_at=DAY, placement_group="fostering", provider="own"),
        of("placements_by_sector", "children", as_at=DAY, cohort="fostering_in_house"),
        of("fostering_split", "in_house", basis="children", period=DAY),
        of("locality", "children", rule="in_area", cohort="fostering_in_house"),
        of("placement_change", "end_children", placement_group="fostering", provider="own",
           start_date="2021-03-31", end_date=DAY),
    ],
    "everybody": [
        of("children_looked_after", "children", as_at=DAY),
        of("looked_after_by_month", "children", as_at=DAY),
        of("reconciliation", "children", step="looked_after"),
        of("locality", "children", rule="home_20_miles", cohort="all"),
        of("locality_trend", "children", as_at=DAY, rule="in_area"),
        of("placements_by_sector", "children", as_at=DAY, cohort="total"),
        of("stability", "denominator", as_at=DAY, measure="three_or_more_placements"),
    ],
    "more than 20 miles": [
        of("locality", "beyond", rule="home_20_miles", cohort="all"),
        of("locality_trend", "beyond", as_at=DAY, rule="home_20_miles"),
    ],
    "aged 16 and over": [
        of("children_by_age", "children", as_at=DAY, age_group="16_and_over"),
        of("sixteen_plus", "children", as_at=DAY, cohort="total"),
        of("locality_by_age", "children", rule="in_area", age_group="16_and_over"),
    ],
    "placements made": [
        of("new_placements_by_group", "starts", year_ending=DAY, cohort="total"),
        of("locality_of_new_placements", "starts", year_ending=DAY, rule="in_area",
           cohort="all_new"),
    ],
}


@pytest.mark.parametrize("name", SAME)
def test_cells_that_count_the_same_are_one(name: str) -> None:
    first, *others = SAME[name]
    assert first is not None
    assert all(other == first for other in others)


def test_cells_that_count_others_are_not() -> None:
    firsts = [cells[0] for cells in SAME.values()]
    assert len(set(firsts)) == len(firsts)
    # Agency fostering takes in kinship in one table and leaves it out in the other.
    agency = of("placements_by_sector", "children", as_at=DAY, cohort="fostering_ifa")
    assert agency != of("locality", "children", rule="in_area", cohort="fostering_ifa")
    # Another day, and children are no placements.
    assert of("children_looked_after", "children", as_at="2024-03-31") != SAME["everybody"][0]
    assert SAME["placements made"][0] != SAME["everybody"][0]


def test_what_only_its_own_table_says_has_no_meaning() -> None:
    assert of("health", "numerator", year_ending=DAY, measure="convicted") is None
    assert of("reconciliation", "children", step="rows_read") is None
    assert of("fostering_split", "ifa", basis="bed_nights", period=f"2024-04-01/{DAY}") is None
    assert of("sixteen_plus", "children", as_at=DAY, cohort="elsewhere") is None


def test_a_sector_is_made_of_its_providers() -> None:
    sector = of("placements_by_sector", "independent_provision", as_at=DAY, cohort="secure")
    parts = [of("placement_mix", "children", as_at=DAY, placement_group="secure", provider=who)
             for who in ("private", "voluntary")]
    assert sector.of("placement") == frozenset().union(*(p.of("placement") for p in parts))


def test_the_cohorts_share_no_placement_and_leave_none_out() -> None:
    from sufficiency_lib.metrics.pairs import COHORTS

    values = [
        of("placements_by_sector", "children", as_at=DAY, cohort=cohort).of("placement")
        for cohort in COHORTS
    ]
    together = [pair for cohort in values for pair in cohort]
    assert len(together) == len(set(together)) == len(PLACEMENT_GROUPS) * len(PROVIDERS)


def test_every_meaning_is_of_a_table_and_its_columns() -> None:
    for kind, meaning in MEANINGS.items():
        spec = SPECS[kind]
        assert set(meaning.counts) <= set(spec.counts), kind
        assert set(meaning.keys) | set(meaning.only) <= set(spec.keys), kind
        assert {meaning.when, *meaning.days.values()} - {""} <= set(spec.keys), kind
