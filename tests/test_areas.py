"""Children by hexagon: the lattice, the bands, and what nobody can work out from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import publishing
import pytest
from histories import STORAGES, history, quickly, stored_as
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from sufficiency_lib.metrics.areas import (
    BAND_STARTS,
    COLUMNS,
    ELSEWHERE,
    bands,
    centres_of,
    grid_reference,
    hexagons_at,
    placements_by_hexagon,
    point_of,
)
from sufficiency_lib.metrics.places import placement_authorities
from sufficiency_lib.publish.disclosure import SUPPRESSED

DAY = "2025-03-31"
FEWEST = 6
HERE, THERE = "E06000019", "E10000016"
MILES = 5.0
#: The middles of hexagons side by side, from west to east.
MIDDLES = [tuple(float(v) for v in centres_of([[31 + n, 34]], MILES)[0]) for n in range(8)]

Place = tuple[int, str]


def placed(children: dict[Place, int], home: int | None = 0) -> pd.DataFrame:
    """So many children placed in each hexagon and authority, who all come from one hexagon."""
    rows = [
        {"placement_authority": authority, "at": at}
        for (at, authority), count in children.items() for _ in range(count)
    ]
    frame = history(*rows)
    at = [row["at"] for row in rows]
    places = {"home": [home] * len(rows), "placement": at}
    for end, hexagons in places.items():
        points = [MIDDLES[n] if n is not None else (np.nan, np.nan) for n in hexagons]
        frame[f"{end}_easting"] = np.array([x for x, _ in points], dtype="float64")
        frame[f"{end}_northing"] = np.array([y for _, y in points], dtype="float64")
    return frame.assign(home_authority=pd.Series([HERE] * len(rows), dtype=object))


def table(children: dict[Place, int], **about: object) -> pd.DataFrame:
    about = {"fewest": FEWEST, "sizes": [MILES]} | about
    return placements_by_hexagon(placed(children), DAY, **about)


def bands_of(frame: pd.DataFrame, column: str = "placements_band") -> dict[str, str]:
    return dict(zip(frame["hexagon"], frame[column], strict=True))


REFERENCES = [grid_reference(*middle) for middle in MIDDLES]


# --- the lattice -----------------------------------------------------------------------------


@quickly
@given(st.floats(0, 700_000), st.floats(0, 1_300_000), st.sampled_from([2.0, 3.0, 5.0, 12.0]))
def test_a_point_is_in_the_hexagon_whose_middle_is_nearest(east, north, miles) -> None:
    found = hexagons_at([east], [north], miles)
    around = found + np.array([[q, r] for q in (-1, 0, 1) for r in (-1, 0, 1)])
    away = np.hypot(*(centres_of(around, miles) - [east, north]).T)
    mine = np.hypot(*(centres_of(found, miles)[0] - [east, north]))
    assert mine <= away.min() + 1e-6


@quickly
@given(st.integers(0, 699), st.integers(0, 1299))
def test_a_grid_reference_is_read_back(east: int, north: int) -> None:
    assert point_of(grid_reference(east * 1000, north * 1000)) == (east * 1000, north * 1000)


@pytest.mark.parametrize("miles", [3.0, 5.0, 8.0, 12.0])
def test_a_reference_names_one_hexagon(miles: float) -> None:
    pairs = np.array([[q, r] for q in range(20, 40) for r in range(20, 40)])
    named = [point_of(grid_reference(*middle)) for middle in centres_of(pairs, miles)]
    assert (hexagons_at(*np.array(named, dtype=float).T, miles) == pairs).all()


# --- the table -------------------------------------------------------------------------------


@pytest.mark.parametrize("storage", STORAGES)
def test_hexagons_are_in_bands_and_the_rest_in_one_row(storage: str) -> None:
    rows = placed({(0, HERE): 60, (1, HERE): 25, (2, HERE): 11, (3, HERE): 10, (4, HERE): 2})
    episodes = stored_as(rows, storage)
    before = episodes.copy(deep=True)
    got = placements_by_hexagon(episodes, DAY, fewest=FEWEST, sizes=[MILES])
    assert list(got.columns) == list(COLUMNS)
    assert bands_of(got) == {
        REFERENCES[0]: "51 or more", REFERENCES[1]: "21 to 50", REFERENCES[2]: "11 to 20",
        REFERENCES[3]: "6 to 10", ELSEWHERE: "fewer than 6, or not shown",
    }
    assert bands_of(got, "homes_band")[REFERENCES[0]] == "51 or more"
    assert (got["hexagon_miles"] == MILES).all()
    pd.testing.assert_frame_equal(episodes, before)


def test_without_children_or_places_there_are_no_rows() -> None:
    for episodes in (placed({}), placed({(0, HERE): 5}, home=None)):
        got = placements_by_hexagon(episodes, DAY, fewest=FEWEST)
        assert got.empty and list(got.columns) == list(COLUMNS)
    nowhere = placed({(0, HERE): 30}).assign(
        **{f"{end}_{axis}": np.nan for end in ("home", "placement")
           for axis in ("easting", "northing")})
    assert placements_by_hexagon(nowhere, DAY, fewest=FEWEST).empty
    off = placed({(0, HERE): 30}).assign(placement_easting=-5.0, home_northing=np.inf)
    assert placements_by_hexagon(off, DAY, fewest=FEWEST).empty


def test_a_wider_hexagon_is_taken_where_few_children_could_be_shown() -> None:
    near = placed({(0, HERE): 5, (1, HERE): 5, (2, HERE): 5})
    assert set(placements_by_hexagon(near, DAY, fewest=FEWEST)["hexagon_miles"]) == {8.0}
    apart = placed({(0, HERE): 5, (7, HERE): 5})
    assert set(placements_by_hexagon(apart, DAY, fewest=FEWEST)["hexagon_miles"]) == {12.0}
    together = placed({(0, HERE): 15, (7, HERE): 2})
    assert set(placements_by_hexagon(together, DAY, fewest=FEWEST)["hexagon_miles"]) == {3.0}


def test_an_internal_table_has_every_hexagon() -> None:
    got = bands_of(table({(0, HERE): 7, (1, HERE): 2}, fewest=1))
    assert got == {REFERENCES[0]: "6 to 10", REFERENCES[1]: "1 to 5", ELSEWHERE: "none"}


def test_every_band_meets_the_next() -> None:
    for fewest in (1, 2, 6, 8, 11, 51, 80):
        starts = [start for start, _ in bands(fewest)]
        assert starts[0] == fewest and starts == sorted(set(starts))
        assert set(starts[1:]) <= set(BAND_STARTS)


def test_many_areas_at_once_are_each_alone() -> None:
    parts = {"a": placed({(0, HERE): 9, (1, HERE): 2}), "b": placed({(3, THERE): 30})}
    whole = pd.concat([part.assign(authority=name) for name, part in parts.items()],
                      ignore_index=True)
    alone = [placements_by_hexagon(part, DAY, fewest=FEWEST).assign(authority=name)
             for name, part in parts.items()]
    got = placements_by_hexagon(whole, DAY, fewest=FEWEST, by=["authority"])
    expected = pd.concat(alone, ignore_index=True)[["authority", *COLUMNS]]
    pd.testing.assert_frame_equal(got, expected)


# --- what nobody can work out ----------------------------------------------------------------


@quickly
@given(st.integers(0, 5), st.integers(0, 5))
def test_one_to_five_is_not_told_from_none(first: int, second: int) -> None:
    """Children whom no other table puts in a hexagon change nothing in this one."""
    shown, alone = (
        publishing.page().disclose("placements_by_hexagon", table(children))
        for children in ({(0, HERE): 60, (1, HERE): first, (2, THERE): second}, {(0, HERE): 60})
    )
    pd.testing.assert_frame_equal(shown, alone)


def test_an_authoritys_printed_count_does_not_give_its_one_hidden_hexagon_away() -> None:
    got = bands_of(table({(0, HERE): 60, (1, THERE): 10, (2, THERE): 5}))
    # Fifteen are printed; less the ten at most of the band, five or more were in the other.
    assert set(got) == {REFERENCES[0], ELSEWHERE}
    several = bands_of(table({(0, HERE): 60, (1, THERE): 10, (2, THERE): 5, (3, THERE): 4}))
    assert REFERENCES[1] in several


def least_and_most(children: dict[Place, int]) -> dict[int, tuple[float, float]]:
    """Hidden hexagon → the fewest and most children that all that is printed leaves it.

    The reader is taken to know which authorities each hexagon has children of, which is more
    than any page says, and the authorities' counts that are printed.
    """
    shown = bands_of(table(children))
    printed = placement_authorities(placed(children), DAY, {}, fewest=FEWEST)
    cells = [cell for cell, count in children.items() if count]
    upper = {words: high for (_, words), high in zip(
        bands(FEWEST), [start - 1 for start, _ in bands(FEWEST)][1:] + [np.inf], strict=True)}
    lower = {words: start for start, words in bands(FEWEST)}
    rows, limits = [], []
    for at in {at for at, _ in cells}:
        words = shown.get(REFERENCES[at])
        if words in upper:
            inside = np.array([float(cell[0] == at) for cell in cells])
            rows.append(-inside)
            limits.append(-lower[words])
            if np.isfinite(upper[words]):
                rows.append(inside)
                limits.append(upper[words])
    counts = dict(zip(printed["placement_authority"], printed["children"], strict=True))
    equal = [[float(cell[1] == code) for cell in cells] for code in counts
             if code in (HERE, THERE)]
    totals = [counts[code] for code in counts if code in (HERE, THERE)]
    found = {}
    for at in {at for at, _ in cells if REFERENCES[at] not in shown or
               shown[REFERENCES[at]] not in upper}:
        wanted = np.array([float(cell[0] == at) for cell in cells])
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * wanted, A_ub=rows or None, b_ub=limits or None,
                             A_eq=equal or None, b_eq=totals or None)
            ends.append(sign * answer.fun if answer.status == 0 else np.inf)
        found[at] = (ends[0], ends[1])
    return found


@quickly
@given(st.dictionaries(
    st.tuples(st.integers(0, 5), st.sampled_from([HERE, THERE])), st.integers(1, 24),
    min_size=2, max_size=9,
))
def test_a_hexagon_with_one_to_five_may_always_be_empty(children: dict[Place, int]) -> None:
    in_hexagon: dict[int, int] = {}
    for (at, _), count in children.items():
        in_hexagon[at] = in_hexagon.get(at, 0) + count
    for at, (least, most) in least_and_most(children).items():
        if in_hexagon[at] < FEWEST:
            assert least <= 1e-6, (children, at, least)
            assert most >= in_hexagon[at]


def test_the_gate_looks_at_what_is_behind_a_band_again() -> None:
    """A table made for the council itself and shown in public by mistake."""
    shown = publishing.page().disclose(
        "placements_by_hexagon", table({(0, HERE): 30, (1, HERE): 3}, fewest=1))
    assert bands_of(shown)[REFERENCES[1]] == SUPPRESSED
    assert not [column for column in shown if column.startswith("base_")]
    given = table({(0, HERE): 30, (1, HERE): 3})
    public = publishing.page().disclose("placements_by_hexagon", given)
    assert bands_of(public) == bands_of(given)
