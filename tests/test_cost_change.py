"""Volume, mix and price: nothing is left over, and each is nought where it must be."""

from __future__ import annotations

import numpy as np
import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st
from test_costs import paid_for

from sufficiency_lib.metrics.cost_change import EFFECTS, spend_change, told_apart

_kinds = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(10, 900),
              st.integers(10, 900)),
    min_size=1, max_size=6,
)  # fmt: skip


def effects(kinds) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nights of two years and their prices a night, told apart."""
    before, after, old, new = (np.array(column) for column in zip(*kinds, strict=True))
    return told_apart(before, before * old, after, after * new)


@given(_kinds)
@quickly
def test_the_three_add_up_exactly(kinds) -> None:
    before, after, old, new = (np.array(column) for column in zip(*kinds, strict=True))
    parts = effects(kinds)
    assert sum(parts) == pytest.approx(after * new - before * old, abs=1e-6)


@given(_kinds)
@quickly
def test_the_other_way_round_is_the_opposite(kinds) -> None:
    back = effects([(after, before, new, old) for before, after, old, new in kinds])
    assert np.concatenate(effects(kinds)) == pytest.approx(-np.concatenate(back), abs=1e-6)


@given(_kinds, st.integers(2, 5))
@quickly
def test_one_thing_that_changes_is_the_only_effect(kinds, times) -> None:
    nights = [(before + 1, old) for before, _, old, _ in kinds]
    grown = effects([(n, n * times, price, price) for n, price in nights])
    dearer = effects([(n, n, price, price * times) for n, price in nights])
    spend = sum(n * price for n, price in nights)
    assert [part.sum() for part in grown] == pytest.approx([spend * (times - 1), 0, 0], abs=1e-6)
    assert [part.sum() for part in dearer] == pytest.approx([0, 0, spend * (times - 1)], abs=1e-6)


def test_a_placement_of_one_year_only_has_no_price_effect() -> None:
    volume, mix, price = effects([(100, 100, 50, 50), (0, 100, 0, 300)])
    assert price.tolist() == [0, 0]
    assert (volume + mix).sum() == 100 * 300


def test_the_table_adds_up_both_ways_for_every_authority() -> None:
    rows = [{"placement_group": "fostering", "provider": "own", "week": 550 + at,
             "decom": "2023-06-01", "dec": ["2024-01-17", "2025-02-01"][at % 2]}
            for at in range(6)]
    rows += [{"placement_group": "childrens_home", "provider": "private", "week": 4_000,
              "decom": "2024-08-01"}] * 2
    episodes, ledger = paid_for(rows)
    both = [frame.assign(authority=["a", "b"] * 4) for frame in (episodes, ledger)]
    table = spend_change(*both, "2024-03-31", "2025-03-31", by=["authority"])
    assert (table[list(EFFECTS)].sum(axis=1) == table["change_gbp_per_year"]).all()
    sums = ["start_gbp_per_year", "end_gbp_per_year", *EFFECTS]
    is_total = table["cohort"] == "total"
    for name in ("a", "b"):
        here = table["authority"] == name
        assert (table.loc[here & is_total, sums].iloc[0]
                == table.loc[here & ~is_total, sums].sum()).all()
    # With one authority the same as by itself.
    one = [frame[frame["authority"] == "a"] for frame in both]
    alone = spend_change(*one, "2024-03-31", "2025-03-31")
    assert alone[sums].to_numpy().tolist() == (
        table.loc[table["authority"] == "a", sums].to_numpy().tolist()
    )


def test_without_prices_there_is_no_change_to_tell() -> None:
    episodes, ledger = paid_for([{"placement_group": "fostering", "week": 550}])
    made = spend_change(episodes, ledger, "2024-03-31", "2025-03-31")
    assert list(spend_change(episodes, ledger[:0], "2024-03-31", "2025-03-31")) == list(made)
    assert spend_change(episodes, ledger[:0], "2024-03-31", "2025-03-31").empty
    assert spend_change(episodes[:0], ledger, "2024-03-31", "2025-03-31").empty
