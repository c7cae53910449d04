"""New placements: stays with a carer that began in the year."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.new_placements import new_placements, new_placements_by_sector
from sufficiency_lib.metrics.pairs import SECTORS
from sufficiency_lib.metrics.provision import fostering_split

START, END = "2024-03-31", "2025-03-31"


@pytest.mark.parametrize("storage", STORAGES)
def test_placements_and_not_children_are_counted(storage: str) -> None:
    episodes = history(
        {"child_id": "a", "decom": "2024-05-01", "dec": "2024-06-01", "rne": "S"},
        {"child_id": "a", "decom": "2024-06-01", "rne": "P"},
        {"child_id": "b", "decom": "2024-03-31", "provider": "private"},
        {"child_id": "c", "decom": "2025-04-01"},
        {"child_id": "d", "decom": "2024-05-01", "is_short_break": True},
        storage=storage,
    )
    got = new_placements(episodes, [END, START])
    assert got.to_numpy().tolist() == [
        [START, "fostering", "own", 0, 0],
        [START, "fostering", "private", 1, 1],
        [END, "fostering", "own", 2, 1],
        [END, "fostering", "private", 0, 0],
    ]


@pytest.mark.parametrize(
    ("rne", "new"), [("S", 1), ("P", 1), ("B", 1), ("L", 0), ("T", 0), ("U", 0), (None, 0)]
)
def test_a_new_carer_makes_a_new_placement(rne: str | None, new: int) -> None:
    got = new_placements_by_sector(history({"rne": rne}), [END])
    assert got.set_index("cohort").at["total", "starts"] == new


def test_a_year_without_placements_has_no_shares() -> None:
    got = new_placements_by_sector(history({"decom": "2020-05-01"}), [END])
    assert got["cohort"].tolist() == ["total"]
    assert got["starts"].tolist() == [0]
    assert got["share_pct"].isna().all()


_placed = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from(["fostering", "kinship_fostering", "childrens_home", "other"]),
    st.sampled_from(["own", "private", "voluntary", "other_la", "parents", "not_recorded"]),
)


@given(st.lists(_placed, max_size=15))
@quickly
def test_sectors_and_cohorts_add_up_and_agree_with_the_split(placed) -> None:
    episodes = history(
        *({"child_id": c, "placement_group": g, "provider": p} for c, g, p in placed)
    )
    got = new_placements_by_sector(episodes, [END])
    assert (got[list(SECTORS)].sum(axis=1) == got["starts"]).all()
    rows = got.set_index("cohort")
    assert rows.drop("total")["starts"].sum() == rows.at["total", "starts"] == len(placed)
    assert rows.at["total", "base_starts"] == len({child for child, _, _ in placed})
    assert new_placements(episodes, [END])["starts"].sum() == len(placed)
    split = fostering_split(episodes, [END]).set_index("basis").loc["new_placements"]
    for part, cohort in {"kinship": "kinship", "in_house": "fostering_in_house",
                         "ifa": "fostering_ifa"}.items():
        assert split[part] == rows["starts"].get(cohort, 0)
    pd.testing.assert_series_equal(rows["share_pct"].drop("total").isna(),
                                   rows["starts"].drop("total").isna(), check_names=False)
