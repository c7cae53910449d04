"""Supply: which rows of the register stand for a day, what is filled, and who has the places."""

from __future__ import annotations

import numpy as np
import pandas as pd
import publishing
import pytest
from histories import STORAGES, quickly, stored_as
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency_lib.cleaning.located import located
from sufficiency_lib.intake.local_schemas import empty_table
from sufficiency_lib.intake.postcodes import PostcodeDirectory, pack
from sufficiency_lib.metrics.market import (
    is_local,
    is_supply_on,
    number_and_range,
    provider_concentration,
    supply_by,
    supply_by_type,
)
from sufficiency_lib.publish import caveats_market

DAY = "2025-03-31"
HERE = "E06000019"
ORDINARY = {
    "urn": "", "provider_name": "", "owner": None, "provision_type": "childrens_home",
    "sector": "private", "ofsted_grade": "Good", "places": 4, "vacancies": 1,
    "authority": HERE, "postcode": None, "short_breaks_only": False, "as_at": DAY,
    "source_file": "p.csv", "easting": 351_000.0, "northing": 240_000.0,
}


def register(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """One row a setting; its number is its URN and its name where none is given."""
    frame = pd.DataFrame(
        [ORDINARY | {"urn": f"u{n}", "provider_name": f"n{n}"} | row for n, row in enumerate(rows)],
        columns=list(ORDINARY),
    )
    frame["as_at"] = pd.to_datetime(frame["as_at"])
    for name in ("places", "vacancies"):
        frame[name] = frame[name].astype("Int64")
    frame["short_breaks_only"] = frame["short_breaks_only"].astype("boolean")
    text = [name for name, value in ORDINARY.items() if isinstance(value, str) or value is None]
    text.remove("as_at")
    return stored_as(frame.astype(dict.fromkeys(text, object)), storage)


# --- which rows ------------------------------------------------------------------------------


def test_the_rows_of_the_last_day_of_each_file_stand_for_a_day() -> None:
    rows = register(
        {"urn": "2", "as_at": "2025-01-31"}, {"urn": "2"},
        {"urn": "3", "short_breaks_only": True}, {"urn": "4", "as_at": None}, {"urn": "1"},
        {"urn": "1", "source_file": "late.csv", "as_at": "2025-03-30"},
        {"urn": "5", "source_file": "late.csv", "as_at": "2025-03-30"},
        {"urn": "6", "source_file": "old.csv", "as_at": "2024-03-31"},
    )
    kept = is_supply_on(rows, DAY)
    assert kept.tolist() == [False, True, False, True, True, False, True, False]


def test_a_register_that_begins_later_stands_for_the_days_before() -> None:
    rows = register({"as_at": "2025-06-30"}, {"as_at": "2025-09-30"})
    assert is_supply_on(rows, DAY).tolist() == [True, False]
    assert is_supply_on(rows, "2025-12-31").tolist() == [False, True]


def test_a_home_that_does_not_say_so_is_not_for_short_breaks_only() -> None:
    assert is_supply_on(register({"short_breaks_only": None}), DAY).tolist() == [True]


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["1", "2", None]),
                          st.sampled_from(["2024-03-31", DAY, None])), max_size=8))
@quickly
def test_no_provider_stands_twice_for_a_day(rows) -> None:
    frame = register(*({"source_file": f, "urn": u, "as_at": d} for f, u, d in rows))
    kept = frame[is_supply_on(frame, DAY)]
    assert not kept["urn"].dropna().duplicated().any()


# --- a list of the whole country -------------------------------------------------------------

ELSEWHERE = [f"E0{code:07d}" for code in range(7_000_000, 7_000_080)]


def test_of_a_list_of_the_country_what_is_inside_or_the_councils_own_is_local() -> None:
    listed = [{"authority": code, "source_file": "list.csv"} for code in ELSEWHERE]
    rows = register({"source_file": "list.csv"}, *listed,
                    {"authority": ELSEWHERE[0], "sector": "own", "source_file": "list.csv"},
                    {"authority": ELSEWHERE[0]}, {"authority": None})
    kept = is_local(rows, HERE)
    assert rows.loc[kept, "urn"].tolist() == ["u0", "u81", "u82", "u83"]
    # A register of fewer authorities is a council's own, and without a code nothing is inside.
    assert is_local(rows[:70], HERE).all()
    pd.testing.assert_series_equal(is_local(rows[2:], None), pd.Series(True, rows.index[2:]))
    assert is_local(rows[:0], HERE).empty


def test_a_file_that_names_half_of_englands_authorities_is_a_councils_own_yet() -> None:
    for named, is_own in ((76, True), (77, False)):
        rows = register(*[{"authority": code} for code in ELSEWHERE[:named]])
        assert is_local(rows, HERE).tolist() == [is_own] * named


def test_a_local_part_is_said_and_the_whole_is_not() -> None:
    rows = register(*[{"authority": code} for code in ELSEWHERE])
    local = rows[is_local(rows, HERE)]
    supply = supply_by_type(local, DAY)
    assert "whole country" in caveats_market.of_the_country(rows, local)
    assert caveats_market.of_the_country(local, local) == ""
    assert caveats_market.no_occupancy(rows, supply) == caveats_market.NONE_INSIDE


def test_no_name_of_a_register_is_in_a_table() -> None:
    """Names are what others wrote: a formula, or markup. Only what is counted of them is shown."""
    hostile = {"provider_name": "=cmd|calc!A0", "owner": "<script>x</script>"}
    rows = register(hostile, {**hostile, "owner": None}, {**hostile, "provision_type": "secure"})
    tables = [supply_by_type(rows, DAY), provider_concentration(rows, DAY, code=HERE),
              number_and_range(rows, DAY, code=HERE),
              *(supply_by(rows, DAY, dimension=name, code=HERE) for name in ("sector", "area"))]
    assert not any("cmd" in table.to_csv() or "script" in table.to_csv() for table in tables)


# --- supply ----------------------------------------------------------------------------------


@pytest.mark.parametrize("storage", STORAGES)
def test_supply_of_each_cut_adds_up_to_that_of_its_type(storage: str) -> None:
    rows = register(
        {}, {"sector": "own", "ofsted_grade": None}, {"authority": None, "vacancies": None},
        {"provision_type": "secure", "sector": None, "authority": "E06000051"}, storage=storage,
    )
    whole = supply_by_type(rows, DAY).set_index("provision_type")
    for dimension in ("sector", "grade", "area"):
        cut = supply_by(rows, DAY, dimension=dimension, code=HERE)
        sums = cut.groupby("provision_type", sort=False)[
            ["providers", "places", "places_told", "vacant_places", "filled"]].sum()
        pd.testing.assert_frame_equal(sums, whole[list(sums)], check_dtype=False)
    assert cut["area"].tolist() == ["inside", "not_known", "outside"]


def test_ofsteds_list_has_places_and_no_occupancy() -> None:
    rows = register({"vacancies": None}, {"vacancies": None, "places": None,
                                          "provision_type": "fostering_agency"})
    shown = publishing.page().disclose("supply_by_type", supply_by_type(rows, DAY))
    assert shown["places"].tolist() == [4, "x"]
    assert set(shown[["filled", "vacant_places", "occupancy_pct"]].to_numpy().ravel()) == {"x"}


def test_children_in_fewer_than_three_homes_are_hidden_with_what_would_tell_them() -> None:
    full = {"places": 9, "vacancies": 0}
    rows = register(*[full] * 3, *[{**full, "provision_type": "secure"}] * 2,
                    {"provision_type": "fostering_agency", "places": 90, "vacancies": 9})
    shown = publishing.page().disclose("supply_by_type", supply_by_type(rows, DAY))
    shown = shown.set_index("provision_type")
    assert shown.loc["childrens_home", ["places", "filled"]].tolist() == [27, 27]
    assert shown.loc["secure", ["places", "vacant_places", "filled", "occupancy_pct"]].tolist() == [
        18, "c", "c", "c"]
    assert shown.loc["fostering_agency", "filled"] == 81


def test_the_one_home_of_a_sector_cannot_be_told_from_the_rest() -> None:
    """Its vacancies are hidden, and with them those of another sector, as the type is known."""
    full = {"places": 9, "vacancies": 0}
    rows = register(*[full] * 5, {**full, "sector": "own"}, *[{**full, "sector": "voluntary"}] * 4)
    frame = supply_by(rows, DAY, dimension="sector")
    shown = publishing.page().disclose("supply_by_sector", frame).set_index("sector")
    hidden = shown.index[shown["filled"] == "c"]
    assert "own" in hidden and len(hidden) == 2
    assert (shown.loc[hidden, "vacant_places"] == "c").all()
    assert shown["places"].tolist() == [9, 45, 36]


def test_empty_homes_hide_nothing() -> None:
    frame = supply_by_type(register({"vacancies": 4}), DAY)
    shown = publishing.page().disclose("supply_by_type", frame)
    assert shown[["filled", "vacant_places"]].to_numpy().tolist() == [[0, 4]]


# --- who has the places ----------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["x", "y", None]), st.integers(1, 9)), min_size=1,
                max_size=8))
@settings(quickly, max_examples=12)
def test_concentration_lies_between_equal_shares_and_one_owner(rows) -> None:
    frame = register(*({"owner": owner, "places": places} for owner, places in rows))
    found = provider_concentration(frame, DAY, code=HERE).set_index("area").loc["all"]
    owners = len({owner for owner, _ in rows if owner}) + sum(not owner for owner, _ in rows)
    assert found["owners"] == owners
    assert round(10_000 / owners) - 1 <= found["hhi"] <= 10_000
    by_owner = pd.Series([places for _, places in rows]).groupby(
        [owner or f"n{n}" for n, (owner, _) in enumerate(rows)]).sum()
    assert found["hhi"] == pytest.approx(((by_owner / by_owner.sum() * 100) ** 2).sum(), abs=0.5)


def test_places_that_nobody_tells_are_not_nought() -> None:
    found = provider_concentration(register({"places": None}, {"places": None}), DAY).iloc[0]
    assert found[["owners", "providers"]].tolist() == [2, 2]
    assert found[["places", "largest_share_pct", "hhi"]].isna().all()


def test_a_code_that_is_not_known_puts_nothing_inside() -> None:
    rows = register({}, {"authority": "E06000051"})
    assert number_and_range(rows, DAY)["area"].tolist() == ["all"]
    assert set(supply_by(rows, DAY, dimension="area")["area"]) == {"not_known"}


def test_several_registers_at_once_are_each_alone() -> None:
    two = pd.concat([register({}, {}).assign(whose="a"), register({"places": 9}).assign(whose="b")])
    both = supply_by_type(two.assign(urn=None), DAY, by=["whose"])
    assert both[["whose", "providers", "places"]].to_numpy().tolist() == [["a", 2, 8], ["b", 1, 9]]


def test_without_a_register_tables_have_their_columns_and_no_rows() -> None:
    nothing = empty_table("provision")
    full = register({})
    for make in (supply_by_type, provider_concentration, number_and_range):
        assert list(make(nothing, DAY)) == list(make(full, DAY)) and make(nothing, DAY).empty
    assert supply_by(nothing, DAY, dimension="area", code=HERE).empty


# --- on the map ------------------------------------------------------------------------------


def test_a_row_is_where_its_postcode_is_and_in_the_authority_that_it_says() -> None:
    import pyarrow as pa

    directory = PostcodeDirectory(
        key=pack(pa.array(["HR12AB"])), easting=np.array([351_000], "int32"),
        northing=np.array([240_000], "int32"), authority=np.array([0], "int16"),
        terminated=np.array([0], "int8"), authority_codes=(HERE,),
    )
    rows = register({"postcode": "HR1 2AB", "authority": None}, {"authority": None},
                    {"postcode": "HR1 2AB", "authority": "E06000051"})
    found = located(rows, directory)
    assert found["authority"].tolist() == [HERE, None, "E06000051"]
    assert found["easting"].fillna(0).tolist() == [351_000, 0, 351_000]
    assert located(empty_table("carers"), directory)["easting"].empty
