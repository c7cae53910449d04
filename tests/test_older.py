"""Where young people of 16 and over live."""

from __future__ import annotations

import pytest
from histories import STORAGES, history

from sufficiency_lib.metrics.older import sixteen_plus
from sufficiency_lib.metrics.population import children_by_age

DAY = "2025-03-31"
SUPPORTED = {"placement_group": "supported_accommodation", "provider": "private"}


@pytest.mark.parametrize(
    ("dob", "counted"),
    [("2009-03-31", 1), ("2009-04-01", 0), ("2007-03-31", 1), ("2007-04-01", 1),
     ("1890-01-01", 0), (None, 0), ("2026-01-01", 0)],
)
def test_who_is_16_or_over_on_the_day(dob: str | None, counted: int) -> None:
    got = sixteen_plus(history({"dob": dob}), [DAY]).set_index("cohort")
    assert got.at["total", "children"] == counted


@pytest.mark.parametrize("storage", STORAGES)
def test_arrangements_and_their_providers(storage: str) -> None:
    old = {"dob": "2008-01-01"}
    episodes = history(
        SUPPORTED | old, SUPPORTED | old | {"provider": "own"}, old,
        old | {"placement_group": "residential_school", "provider": "voluntary"},
        old | {"placement_group": "fostering", "provider": "other_la"},
        old | {"placement_group": "kinship_fostering"},
        storage=storage,
    )
    got = sixteen_plus(episodes, [DAY]).set_index("cohort")
    assert got["children"].to_dict() == {
        "kinship": 1, "fostering_in_house": 1, "supported_accommodation": 2, "elsewhere": 2,
        "total": 6,
    }
    assert got.loc["supported_accommodation", ["own_provision", "independent_provision"]
                   ].tolist() == [1, 1]
    assert got.at["supported_accommodation", "share_pct"] == 33.3


def test_each_date_has_its_own_ages_and_the_same_rows() -> None:
    episodes = history({"decom": "2023-01-01", "dob": "2008-04-01"})
    got = sixteen_plus(episodes, ["2024-03-31", DAY])
    assert got["children"].tolist() == [0, 0, 1, 1]
    assert got["share_pct"].isna().tolist() == [True, True, False, False]


def test_the_total_is_the_oldest_band_of_the_children_by_age() -> None:
    episodes = history({"dob": "2008-01-01"}, {"dob": "2006-01-01"}, {"dob": "2012-01-01"})
    ages = children_by_age(episodes, DAY).set_index("age_group")
    total = sixteen_plus(episodes, [DAY]).set_index("cohort").at["total", "children"]
    assert ages.at["16_and_over", "children"] == total == 2
