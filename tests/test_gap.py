"""Need against supply, worked by hand and held against the forecast's own tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import publishing
import pytest
from forecast_futures import futures, level, spread
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.forecast import summary
from sufficiency_lib.judgement.gap import COLUMNS, registered_inside, sufficiency_gap
from sufficiency_lib.publish import caveats_judgement
from sufficiency_lib.publish.meaning import identity

TODAY = {"all": 32, "fostering": 12, "fostering_in_house": 10, "fostering_ifa": 2,
         "childrens_home": 20}  # fmt: skip
PATHS = {"fostering/own": spread(10), "fostering/independent": level(2),
         "childrens_home/independent": level(20)}  # fmt: skip
RUNS = {"no_change": futures(PATHS),
        "Fewer": futures(PATHS | {"childrens_home/independent": level(15)})}
COUNCIL = {"fostering_in_house": (14, "carers"), "childrens_home": (18, "profile")}


def row(frame: pd.DataFrame, **where: object) -> pd.Series:
    for key, value in where.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_the_gap_of_places_by_hand() -> None:
    frame = sufficiency_gap(RUNS, TODAY, COUNCIL, {})
    assert tuple(frame.columns) == COLUMNS
    own = row(frame, scenario="no_change", year_ending="2027-03-31",
              placement_group="fostering_in_house")
    # Ten futures of 11 to 20 children and 14 places: 3 to spare, 1 and 5 short; six are short.
    assert own[["need_p10", "need_p50", "need_p90"]].tolist() == [11, 15, 19]
    assert own[["gap_p10", "gap_p50", "gap_p90"]].tolist() == [-3, 1, 5]
    assert own["chance_short_pct"] == 60.0
    assert (own["children_today"], own["supply_places"], own["supply_basis"]) == (10, 14, "carers")
    # In the second year all months are alike: 365 nights for each place that is short.
    assert own[["short_nights_p10", "short_nights_p50", "short_nights_p90"]].tolist() == [
        0, 365, 5 * 365]
    fewer = row(frame, scenario="Fewer", year_ending="2026-03-31",
                placement_group="childrens_home")
    assert fewer[["gap_p50", "chance_short_pct", "short_nights_p90"]].tolist() == [-3, 0, 0]


def test_an_empty_place_of_one_month_serves_no_child_in_another() -> None:
    """Eleven months of 2 children, then 10: the month in which they come is short by itself."""
    path = np.array([[2] * 12 + [10]])
    gap = sufficiency_gap({"no_change": futures({"secure/public": path})}, {"secure": 2},
                          {"secure": (5, "profile")}, {})
    # March has 31 nights of (2 + 10) / 2 children, one more than there are places.
    assert gap["short_nights_p50"].tolist() == [31] and gap["gap_p50"].tolist() == [5]


def test_both_supplies_of_a_placement_stand_in_order() -> None:
    inside = {"childrens_home": 25, "secure": 4}
    frame = sufficiency_gap(RUNS, TODAY, COUNCIL, inside)
    first = frame[(frame["scenario"] == "no_change") & (frame["year_ending"] == "2026-03-31")]
    assert list(zip(first["placement_group"], first["supply_basis"], strict=True)) == [
        ("childrens_home", "profile"), ("childrens_home", "register_inside"),
        ("fostering_in_house", "carers"),
    ]
    assert first["gap_p50"].tolist()[:2] == [2, -5]
    assert list(dict.fromkeys(frame["scenario"])) == ["no_change", "Fewer"]
    assert frame["year_ending"].tolist() == sorted(frame["year_ending"][:6]) * 2


def test_without_futures_or_supply_there_are_no_rows() -> None:
    for frame in (sufficiency_gap({}, TODAY, COUNCIL, {}), sufficiency_gap(RUNS, TODAY, {}, {})):
        assert frame.empty and tuple(frame.columns) == COLUMNS


def test_need_is_that_of_the_forecast() -> None:
    by_year = summary.at_year_ends(summary.forecast(RUNS, TODAY))
    keys = ["scenario", "date", "placement_group"]
    told = by_year.set_index(keys)[["p10", "p50", "p90"]]
    frame = sufficiency_gap(RUNS, TODAY, COUNCIL, {}).rename(columns={"year_ending": "date"})
    found = frame.set_index(keys)[["need_p10", "need_p50", "need_p90"]]
    np.testing.assert_array_equal(found.to_numpy(), told.loc[found.index].to_numpy())


PATH = st.lists(st.lists(st.integers(0, 30), min_size=13, max_size=13), min_size=1, max_size=7)


@given(PATH, st.integers(0, 40))
@quickly
def test_the_gap_is_need_less_supply_and_huge_supply_leaves_nothing_short(
    paths: list[list[int]], supply: int
) -> None:
    runs = {"no_change": futures({"secure/public": np.array(paths)})}
    got = sufficiency_gap(runs, {}, {"secure": (supply, "profile")}, {"secure": 5_000}).iloc[0]
    for end in ("p10", "p50", "p90"):
        assert got[f"gap_{end}"] == got[f"need_{end}"] - supply
    days = np.diff(runs["no_change"].dates).astype("timedelta64[D]").astype(int)
    assert days.sum() == 365
    short = [
        sum(max(0, (path[at] + path[at + 1]) / 2 * days[at] - supply * days[at])
            for at in range(12))
        for path in paths
    ]
    nine_in_ten = int(np.ceil(0.9 * len(short) - 1e-9)) - 1
    assert got["short_nights_p90"] == round(sorted(short)[nine_in_ten])
    assert got["chance_short_pct"] == round(
        100 * sum(path[12] > supply for path in paths) / len(paths), 1)
    huge = sufficiency_gap(runs, {}, {}, {"secure": 5_000})
    assert huge[["short_nights_p90", "chance_short_pct"]].to_numpy().tolist() == [[0, 0]]


def register(*rows: tuple[str, str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["provision_type", "area", "places"])


@pytest.mark.parametrize("as_shown", [False, True])
def test_places_inside_are_what_the_register_knows(as_shown: bool) -> None:
    unknown = "x" if as_shown else float("nan")
    held = register(
        ("childrens_home", "inside", 9), ("childrens_home", "outside", 20),
        ("secure", "outside", 8), ("fostering_agency", "inside", 40),
        ("supported_accommodation", "inside", unknown),
        ("residential_school", "outside", 30), ("residential_school", "not_known", 5),
    )
    assert registered_inside(held) == {"childrens_home": 9, "secure": 0}
    assert registered_inside(register()) == {}


def test_what_rests_on_few_children_is_hidden_on_every_basis() -> None:
    few = {"secure/public": level(3), "childrens_home/own": level(20)}
    runs = {"no_change": futures(few)}
    supply = {"secure": (2, "profile"), "childrens_home": (18, "profile")}
    frame = sufficiency_gap(runs, {"secure": 3, "childrens_home": 20}, supply,
                            {"secure": 8, "childrens_home": 30})
    shown = publishing.page().disclose("sufficiency_gap", frame)
    secure = shown[shown["placement_group"] == "secure"]
    told = secure.columns.difference(["scenario", "year_ending", "placement_group",
                                      "supply_places", "supply_basis"])
    assert len(secure) == 4 and (secure[told] == "c").all(axis=None)
    # How many places there are counts no child.
    assert secure["supply_places"].tolist() == [2, 8, 2, 8]
    homes = shown[shown["placement_group"] == "childrens_home"]
    assert homes["gap_p50"].tolist() == [2, -10, 2, -10]


def test_all_and_its_parts_are_protected_with_both_supplies() -> None:
    """All less the one placement shown would tell the other, on whichever basis it stands."""
    few = {"secure/public": level(3), "childrens_home/own": level(20)}
    supply = {name: (1, "profile") for name in ("all", "secure", "childrens_home")}
    frame = sufficiency_gap({"no_change": futures(few)},
                            {"all": 23, "secure": 3, "childrens_home": 20}, supply,
                            {"childrens_home": 30})
    shown = publishing.page().disclose("sufficiency_gap", frame)
    for _, year in shown.groupby("year_ending"):
        today = year.set_index(["placement_group", "supply_basis"])["children_today"]
        assert today["secure", "profile"] == "c"
        homes = {today["childrens_home", "profile"], today["childrens_home", "register_inside"]}
        assert len(homes) == 1 and (homes == {"c"} or today["all", "profile"] == "c")


def test_need_counts_the_children_of_the_forecast_on_every_basis() -> None:
    """So that the joint decision hides one as it hides the other."""
    day = "2025-03-31"
    of_forecast = {"scenario": "no_change", "date": day, "placement_group": "fostering_ifa"}
    forecast = identity("forecast_by_year", of_forecast, "children_today", day)
    for basis in ("profile", "carers", "register_inside"):
        row_ = {"scenario": "Fewer", "year_ending": day, "placement_group": "fostering_ifa",
                "supply_basis": basis}
        assert identity("sufficiency_gap", row_, "children_today", day) == forecast is not None
        assert identity("sufficiency_gap", row_, "supply_places", day) is None


def test_what_is_missing_is_said_with_what_it_would_show() -> None:
    assert "[capacity_places]" in caveats_judgement.gap_absent(has_forecast=True)
    assert "no forecast" in caveats_judgement.gap_absent(has_forecast=False)
    bases = [("childrens_home", "profile"), ("secure", "register_inside")]
    said = caveats_judgement.supply_not_known(["childrens_home", "secure"], bases)
    assert "secure children's homes" in said and ": children's homes" not in said
    assert caveats_judgement.supply_not_known(["childrens_home"], bases) == ""
