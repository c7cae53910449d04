"""This year's page beside last year's: nothing small is told by the two together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import pandas as pd
import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.publish.attack import too_narrow
from sufficiency_lib.publish.linked import Part, all_counted
from sufficiency_lib.publish.other_pages import BEFORE, as_read, is_on_both, joined, plan_after
from sufficiency_lib.publish.plan import Plan, plan
from sufficiency_lib.publish.relations import ColumnSum
from sufficiency_lib.publish.specs import SPECS, TableSpec

THEN, NOW = "2024-03-31", "2025-03-31"
SETTINGS = SimpleNamespace(threshold=5, round_to=1)

#: Places add up to all, and the parts of c to c; c goes before the part c2.
OWN = TableSpec("own", "Own", keys=("as_at", "place"), counts=("children",), relations=(
    ColumnSum("children", ("as_at",), "place", "all", ("a", "b", "c")),
    ColumnSum("children", ("as_at",), "place", "c", ("c1", "c2"), keep=("c2",), total_first=True),
))
UNDATED = TableSpec("undated", "Undated", keys=("place",), counts=("children",),
                    relations=(ColumnSum("children", (), "place"),))


def own(page: str, **days: Mapping[str, int]) -> Part:
    """A table of its own: day (d2024 …) → place → children."""
    rows = [(f"{day[1:]}-03-31", place, float(children))
            for day, counts in days.items() for place, children in counts.items()]
    return Part("own", OWN, pd.DataFrame(rows, columns=["as_at", "place", "children"]), page)


def undated(page: str, **counts: int) -> Part:
    frame = pd.DataFrame({"place": list(counts), "children": list(counts.values())})
    return Part("undated", UNDATED, frame, page)


def hides(made: Plan, table: str = "own") -> set[str]:
    return {"|".join(row) for row, _ in made.hidden.get(table, ())}


def told(now: Plan, parts: Sequence[Part], before: Sequence[Part]) -> set[str]:
    """The small counts that a reader of both pages could work out, as they are."""
    edition = joined(all_counted(parts), {BEFORE: all_counted(before)}, SETTINGS)
    hidden, _ = as_read(edition, {"": now, BEFORE: plan(before, SETTINGS)})
    found = too_narrow(edition.values, edition.sums, hidden, edition.small, width=5)
    return {"|".join(edition.cells[one][0][1]) if edition.cells[one] else "a ring"
            for one in found}


def test_this_year_hides_what_last_year_hid_and_not_what_it_printed() -> None:
    """2024: 27 = 5 + 10 + 12. Last year hid 5 and 10; alone, this year would hide 5 and 12."""
    before = [own(THEN, d2024={"all": 27, "a": 5, "b": 10, "c": 12})]
    parts = [own(NOW, d2024={"all": 27, "a": 5, "b": 10, "c": 12, "c1": 2, "c2": 10})]
    assert hides(plan(before, SETTINGS)) == {f"{THEN}|a", f"{THEN}|b"}
    alone = plan(parts, SETTINGS)
    assert hides(alone) == {f"{THEN}|a", f"{THEN}|c", f"{THEN}|c1"}
    # 12 of last year's page and 10 of this year's leave 5 of 27; and 12 less 10 is 2.
    assert told(alone, parts, before) == {f"{THEN}|a", f"{THEN}|c1"}
    made = plan_after(parts, before, SETTINGS)
    assert hides(made) == {f"{THEN}|{place}" for place in ("a", "b", "c", "c1", "c2")}
    assert told(made, parts, before) == set()


def test_what_last_year_hid_is_not_printed_in_the_column_of_last_year() -> None:
    """Last year's page hid 97 beside 3, of 100; this year's trend prints one of them alone."""
    before = [own(THEN, d2024={"all": 100, "a": 3, "b": 97})]
    parts = [own(NOW, d2024={"b": 97}, d2025={"b": 95})]
    alone = plan(parts, SETTINGS)
    assert hides(alone) == set()
    assert told(alone, parts, before) == {f"{THEN}|a"}
    made = plan_after(parts, before, SETTINGS)
    assert hides(made) == {f"{THEN}|b"}
    assert told(made, parts, before) == set()


def test_it_is_found_by_what_is_counted_in_whatever_table() -> None:
    """Last year: 3 UASC of 100. This year's change over the year prints the others of 2024."""
    both = pd.DataFrame({"as_at": [THEN] * 2, "uasc": ["uasc", "not_uasc"],
                         "children": [3, 97], "share_pct": [3.0, 97.0]})
    whole = pd.DataFrame({"as_at": [THEN], "children": [100], "rate_per_10000": [50.0],
                          "population_0_17": [20_000], "estimate_year": [2023]})
    one = both[both["uasc"] == "not_uasc"]
    before = [Part("children_by_uasc", SPECS["children_by_uasc"], both, THEN),
              Part("children_looked_after", SPECS["children_looked_after"], whole, THEN)]
    parts = [Part("children_by_uasc", SPECS["children_by_uasc"].named("trend"), one, NOW)]
    assert plan(parts, SETTINGS).hidden == {}
    made = plan_after(parts, before, SETTINGS)
    assert hides(made, "trend") == {f"{THEN}|not_uasc"}


def test_what_would_be_hidden_alone_stays_hidden_though_last_year_told_it() -> None:
    """Next year's page takes this one to hide at least what it would alone."""
    before = [own(THEN, d2024={"all": 27, "a": 5, "b": 10, "c": 12})]
    parts = [own(NOW, d2024={"all": 27, "a": 5, "b": 10, "c": 12, "c1": 2, "c2": 10})]
    alone, made = plan(parts, SETTINGS), plan_after(parts, before, SETTINGS)
    assert alone.hidden["own"] <= made.hidden["own"]


def test_without_a_page_of_last_year_the_page_is_hidden_alone() -> None:
    parts = [own(NOW, d2025={"all": 27, "a": 5, "b": 10, "c": 12})]
    assert plan_after(parts, [], SETTINGS) == plan(parts, SETTINGS)


def test_tables_that_say_no_day_are_of_their_page_unless_they_are_alike() -> None:
    """10 = 3 + 7 last year has nothing to do with 10 = 3 + 7 or 20 = 3 + 17 of this year."""
    before = [undated(THEN, all=30, a=3, b=9, c=18)]
    other = [undated(NOW, all=30, a=3, b=12, c=15)]
    assert hides(plan_after(other, before, SETTINGS), "undated") == {"a", "b"}
    edition = joined(all_counted(other), {BEFORE: all_counted(before)}, SETTINGS)
    assert len(edition.values) == 8
    same = [undated(NOW, all=30, a=3, b=9, c=18)]
    assert plan_after(same, before, SETTINGS) == plan(same, SETTINGS)


def stays(page: str, ended: int) -> Part:
    frame = pd.DataFrame({"age_group": ["all", "under_1", "1_to_4"],
                          "periods_ended": [ended + 100, ended, 100],
                          "median_months": [9.0] * 3, "median_low_months": [8.0] * 3,
                          "median_high_months": [10.0] * 3})
    return Part("length_of_stay", SPECS["length_of_stay"], frame, page)


@pytest.mark.parametrize(("more", "hidden"), [(2, True), (0, False), (9, False)])
def test_the_few_by_whom_a_count_since_the_first_return_grew_are_not_told(
    more: int, hidden: bool
) -> None:
    """60 periods had ended by last year's page and 62 by this one: two ended in the year."""
    made = plan_after([stays(NOW, 60 + more)], [stays(THEN, 60)], SETTINGS)
    assert ("under_1" in hides(made, "length_of_stay")) == hidden


def test_which_tables_both_pages_could_print() -> None:
    assert is_on_both(own(NOW, d2025={"a": 1})) and is_on_both(stays(NOW, 1))
    assert not is_on_both(undated(NOW, a=1))


def table(a: int, b: int, c1: int, c2: int) -> dict[str, int]:
    """What the rows of a table of its own count."""
    return {"all": a + b + c1 + c2, "a": a, "b": b, "c": c1 + c2, "c1": c1, "c2": c2}


counts = st.lists(st.integers(0, 12), min_size=4, max_size=4)


@quickly
@given(counts, counts, st.sets(st.sampled_from(["all", "a", "b", "c1", "c2"])))
def test_nothing_small_is_told_by_two_pages_of_any_counts(
    last: list[int], latest: list[int], left_out: set[str]
) -> None:
    whole = table(*last)
    before = [own(THEN, d2024={k: n for k, n in whole.items() if k not in left_out})]
    parts = [own(NOW, d2024=whole, d2025=table(*latest))]
    made = plan_after(parts, before, SETTINGS)
    # What last year's page tells by itself, and what is hidden whole, cannot be helped.
    helpless = told(Plan({"own": frozenset(
        ((row["as_at"], row["place"]), "children") for row in parts[0].frame.to_dict("records")
    )}), parts, before)
    assert told(made, parts, before) <= helpless
