"""The difference of two counts of which one holds the other is a count too."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from sufficiency_lib.publish.linked import Edition, Part, all_counted
from sufficiency_lib.publish.nested import rings
from sufficiency_lib.publish.plan import plan
from sufficiency_lib.publish.specs import SPECS

DAY = "2025-03-31"
SETTINGS = SimpleNamespace(threshold=5, round_to=1)


def near(**within: int) -> Part:
    """100 children on the day, 20 of them in no place known, under each rule."""
    rules = list(within)
    frame = pd.DataFrame({"as_at": DAY, "rule": rules, "children": 100,
                          "within": [within[rule] for rule in rules], "not_known": 20})
    frame["beyond"] = 80 - frame["within"]
    frame["rate_pct"] = frame["rate_of_known_pct"] = frame["within"] / 1.0
    return Part("locality_trend", SPECS["locality_trend"], frame, DAY)


def hides(*parts: Part) -> set[tuple[str, str]]:
    made = plan(parts, SETTINGS)
    return {(row[1], column) for row, column in made.hidden.get("locality_trend", ())}


def test_few_children_outside_but_near_the_border_are_not_told() -> None:
    """40 inside and 43 inside or near: three children live outside within ten miles."""
    found = hides(near(in_area=40, border_10_miles=43))
    # Of the two it is not the authority's own area that goes; and the rest of its row with it.
    assert found == {("border_10_miles", "within"), ("border_10_miles", "not_known")}


@pytest.mark.parametrize("outer", [40, 46, 60])
def test_nobody_or_many_between_hide_nothing(outer: int) -> None:
    assert hides(near(in_area=40, border_10_miles=outer)) == set()


def test_rules_that_are_not_nested_have_nothing_between() -> None:
    assert hides(near(home_20_miles=40, in_area=43, centre_20_miles=45)) == set()


def test_two_small_rings_that_make_one_are_each_protected() -> None:
    found = hides(near(in_area=40, border_10_miles=42, boundary_20_miles=44))
    assert ("border_10_miles", "within") in found
    # 44 less 40 would still tell that four live outside within twenty miles.
    assert {("in_area", "within"), ("boundary_20_miles", "within")} & found


def test_a_ring_is_kept_from_whoever_subtracts() -> None:
    edition = Edition.of(all_counted([near(in_area=40, border_10_miles=43)]), SETTINGS)
    (outer, inner), = rings(edition.meant, edition.values)
    assert (edition.values[outer], edition.values[inner]) == (43, 40)
    ring, = edition.small
    assert edition.values[ring] == 3 and edition.cells[ring] == []
    hidden = edition.decide()
    assert ring in hidden and {outer, inner} & hidden


def test_where_a_placement_is_not_on_the_map_it_is_under_every_rule_that_measures() -> None:
    edition = Edition.of(all_counted([near(centre_20_miles=50, border_10_miles=30)]), SETTINGS)
    found = [cells for cells in edition.cells.values() if ("not_known" in {c[2] for c in cells})]
    assert [len(cells) for cells in found] == [2]
