"""Other placements, children too young for supported accommodation, and missing URNs."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, stored_as

from sufficiency_lib.codes import PLACE
from sufficiency_lib.metrics.unregistered import (
    ARRANGEMENTS,
    OTHER_CODES,
    unregistered_and_other,
)

END = "2025-03-31"
COUNTS = ["children_at_year_end", "children_in_year", "nights", "base_nights"]
KEPT = {"place_code": "K2", "placement_group": "childrens_home", "urn": "7654321"}
LODGED = {"place_code": "K3", "placement_group": "supported_accommodation",
          "dob": "2008-01-01"}


def told(*episodes: dict[str, object], year_end: str = END) -> dict[str, list[object]]:
    """Arrangement → its four counts in a year."""
    urns = [episode.pop("urn", None) for episode in map(dict, episodes)]
    bare = [{k: v for k, v in episode.items() if k != "urn"} for episode in episodes]
    rows = history(*bare).assign(urn=pd.Series(urns, dtype=object))
    got = unregistered_and_other(rows, [year_end]).set_index("arrangement")
    return {name: got.loc[name, COUNTS].tolist() for name in got.index}


def test_the_codes_are_those_of_other_placements() -> None:
    assert set(OTHER_CODES) == {code for code in PLACE if code.startswith("Z")}


@pytest.mark.parametrize("code", OTHER_CODES)
def test_other_codes_on_the_day_and_in_the_year(code: str) -> None:
    other = {"place_code": code, "placement_group": "other"}
    got = told({"child_id": "a", "decom": "2025-03-30"} | other,
               {"child_id": "a", "decom": "2024-05-01", "dec": "2024-05-03"} | other,
               {"child_id": "b", "decom": "2024-05-01", "dec": "2024-05-02"} | other)
    assert got["other_placements"] == [1, 2, 5, 2]


def test_a_child_is_too_young_for_supported_accommodation_until_the_birthday() -> None:
    young = LODGED | {"decom": "2024-05-01", "dob": "2008-05-11", "urn": "1234567"}
    assert told(young)["under_16_supported"] == [0, 1, 10, 1]
    still = young | {"dob": "2012-01-01", "decom": "2025-03-01"}
    assert told(still)["under_16_supported"] == [1, 1, 31, 1]
    assert told(still | {"dob": None})["under_16_supported"] == [0, 0, 0, 0]
    gone = still | {"dec": "2025-03-02"}
    assert told(gone)["under_16_supported"] == [0, 1, 1, 1]


@pytest.mark.parametrize("urn", [None, "", "XXXXXXX"])
def test_a_home_without_a_number(urn: str | None) -> None:
    known = KEPT | {"decom": "2023-01-01"}
    assert told(known, known | {"urn": urn})["home_without_urn"] == [1, 1, 365, 1]


def test_supported_accommodation_needs_a_number_from_28_october_2023() -> None:
    known = KEPT | {"decom": "2023-01-01"}
    unnamed = LODGED | {"decom": "2023-05-01", "urn": "XXXXXXX"}
    # 28 October 2023 to 31 March 2024 is 156 nights.
    got = told(known, unnamed, year_end="2024-03-31")
    assert got["supported_without_urn"] == [1, 1, 156, 1]
    before = told(known, unnamed | {"dec": "2023-10-28"}, year_end="2024-03-31")
    assert before["supported_without_urn"] == [0, 0, 0, 0]
    assert told(known, unnamed, year_end="2023-03-31")["supported_without_urn"] == [0, 0, 0, 0]


@pytest.mark.parametrize(("where", "asked"), [("W06000015", 0), ("S12000036", 0), ("E06000018", 1),
                                              (None, 1)])
def test_only_a_place_in_england_needs_a_number(where: str | None, asked: int) -> None:
    known = KEPT | {"decom": "2023-01-01"}
    away = known | {"urn": None, "placement_authority": where}
    assert told(known, away)["home_without_urn"][0] == asked


def test_without_any_numbers_nothing_is_said_of_them() -> None:
    got = told({"place_code": "K2", "placement_group": "childrens_home"},
               {"place_code": "Z1", "placement_group": "other"})
    assert all(pd.isna(value) for value in got["home_without_urn"])
    assert got["other_placements"][0] == 1
    nobody = told({"place_code": "U6"})
    assert nobody["home_without_urn"] == [0, 0, 0, 0]


@pytest.mark.parametrize("storage", STORAGES)
def test_every_arrangement_has_a_row_a_year(storage: str) -> None:
    rows = history({"is_short_break": True, "place_code": "Z1"}).assign(
        urn=pd.Series([None], dtype=object))
    got = unregistered_and_other(stored_as(rows, storage), ["2024-03-31", END])
    assert got["arrangement"].tolist() == [name for name in ARRANGEMENTS for _ in range(2)]
    assert got[COUNTS].to_numpy().sum() == 0


def test_a_child_is_one_however_many_rows_are_open() -> None:
    other = {"child_id": "a", "place_code": "Z1", "placement_group": "other"}
    assert told(other, other)["other_placements"][:2] == [1, 1]


def test_only_the_area_that_returns_no_numbers_says_nothing_of_them() -> None:
    home = {"place_code": "K2", "placement_group": "childrens_home"}
    rows = history(home, home, {}).assign(urn=["1234567", None, None], authority=["a", "b", "c"])
    got = unregistered_and_other(rows, [END], by=["authority"])
    got = got.set_index(["arrangement", "authority"])["children_at_year_end"]
    assert got.loc["home_without_urn"].fillna(-1).to_dict() == {"a": 0, "b": -1, "c": 0}
    assert got.loc["supported_without_urn"].fillna(-1).to_dict() == {"a": 0, "b": -1, "c": 0}
    assert got.loc["other_placements"].tolist() == [0, 0, 0]
