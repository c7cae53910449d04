"""Members' tables as one: whose rows, numbered through, each provider once, sums that are whole."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import box

from sufficiency_lib.cleaning.derive import Area
from sufficiency_lib.cleaning.pooled import MemberTables, pooled
from sufficiency_lib.intake.findings import FindingLog

HERE, THERE = "E06000019", "E06000051"
EPISODES = {
    "child_id": "1", "decom": "2023-05-01", "dec": None, "care_period_id": 1, "placement_id": 1,
    "placement_easting": 350_000.0, "placement_northing": 240_000.0, "placement_authority": HERE,
    "source_file": "e.csv",
}
REGISTER = {
    "provider_name": "Elm", "urn": None, "postcode": "HR1 1AA", "provision_type": "childrens_home",
    "sector": "private", "as_at": "2024-03-31", "source_file": "provision.csv",
}
INPUTS = {
    "provision": list(REGISTER), "carers": ["household_id", "places"],
    "population": ["mid_year", "children"], "edge_of_care": ["as_at", "edge_group", "children"],
}


def frame_of(ordinary: dict[str, object], *rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame([ordinary | row for row in rows], columns=list(ordinary), dtype=object)
    for column in ("decom", "dec"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    for column in ("care_period_id", "placement_id"):
        if column in frame:
            frame[column] = frame[column].astype("int64")
    return frame


def member(
    slug: str, *episodes: dict[str, object], years: tuple[int, ...] = (2024,),
    **inputs: pd.DataFrame,
) -> MemberTables:
    """A member with one ordinary episode unless it is told others."""
    sources = [{"table": "episodes", "return_year": year, "source_file": f"{year}.csv"}
               for year in years]
    history = frame_of(EPISODES, *(episodes or [{}]))
    empty = {name: pd.DataFrame(columns=columns) for name, columns in INPUTS.items()}
    return MemberTables(slug, slug.upper(), {
        "sources": pd.DataFrame(sources), "episodes": history,
        "children": history[["child_id"]].drop_duplicates(), "findings": FindingLog().frame(),
        **empty, **inputs,
    })


AREA = Area(frozenset({HERE, THERE}), box(340_000, 230_000, 360_000, 250_000))


def test_identifiers_and_files_have_their_members_name_before_them_and_blanks_stay_blank() -> None:
    carers = pd.DataFrame({"household_id": ["h1", None, ""], "places": [1, 2, 3]})
    tables = pooled([member("a", carers=carers), member("b")], AREA)
    assert tables["episodes"]["child_id"].tolist() == ["a:1", "b:1"]
    assert tables["children"][["child_id", "member"]].to_numpy().tolist() == [
        ["a:1", "A"], ["b:1", "B"]]
    assert tables["episodes"]["member"].tolist() == ["A", "B"]
    assert tables["episodes"]["source_file"].tolist() == ["a/e.csv", "b/e.csv"]
    households = tables["carers"]["household_id"]
    assert households.fillna("-").tolist() == ["a:h1", "-", ""]


def test_stays_and_periods_are_numbered_through_every_member_even_one_without_any() -> None:
    two = [{}, {"child_id": "2", "care_period_id": 2, "placement_id": 2},
           {"child_id": "2", "care_period_id": 2, "placement_id": 3}]
    nobody = [{"decom": "2010-05-01", "dec": "2011-05-01", "care_period_id": 7}]
    tables = pooled([member("a", *two), member("b", *nobody), member("c", *two)], AREA)
    history = tables["episodes"]
    assert history["care_period_id"].tolist() == [1, 2, 2, 3, 4, 4]
    assert history["placement_id"].tolist() == [1, 2, 3, 4, 5, 6]
    assert history.index.tolist() == list(range(6))


@pytest.mark.parametrize(
    ("decom", "dec", "kept"),
    [
        # Returns of 2023 and 2024: from 1 April 2022 to 31 March 2024.
        ("2020-01-01", "2022-03-31", False), ("2020-01-01", "2022-04-01", True),
        ("2020-01-01", None, True), ("2024-03-31", None, True), ("2024-04-01", None, False),
    ],
)
def test_only_what_the_years_of_all_members_tell_is_pooled(
    decom: str, dec: str | None, kept: bool
) -> None:
    longer = member("a", {"decom": decom, "dec": dec}, years=(2021, 2023, 2024, 2025))
    tables = pooled([longer, member("b", years=(2023, 2024))], AREA)
    assert ("a:1" in set(tables["episodes"]["child_id"])) is kept
    assert tables["sources"]["return_year"].tolist() == [2023, 2024, 2023, 2024]
    left_out = tables["findings"]
    assert left_out[["rule", "source_file", "value"]].to_numpy().tolist() == [
        ["not_every_members_year", "a/2021.csv", "2021"],
        ["not_every_members_year", "a/2025.csv", "2025"],
    ]
    assert (left_out[["expected", "action"]] != "").all(axis=None)


def test_in_or_out_is_measured_from_all_members_together() -> None:
    placed = {"placement_authority": THERE, "placement_northing": 282_186.0}
    tables = pooled([member("a", placed), member("b", {"placement_authority": "E10000016"})], AREA)
    assert tables["episodes"]["boundary"].tolist() == ["inside", "outside"]
    # 32,186 m beyond the outline, and within it.
    assert tables["episodes"]["border_miles"].tolist() == [20.0, 0.0]


def registered(*rows: dict[str, object]) -> list[tuple[object, ...]]:
    """The register of two members, each with the same rows, as provider and sector."""
    register = frame_of(REGISTER, *rows)
    ours = register.assign(sector=["own" if row.get("ours") else row.get("sector", "private")
                                   for row in rows])
    tables = pooled([member("a", provision=register), member("b", provision=ours)], AREA)
    return list(tables["provision"][["provider_name", "sector"]].itertuples(index=False, name=None))


def test_a_provider_of_a_number_is_one_whatever_its_name_and_own_if_any_member_says_so() -> None:
    assert registered({"urn": "SC1", "ours": True}) == [("Elm", "own")]
    assert registered({"urn": "SC1"}, {"urn": "SC2", "provider_name": "Oak"}) == [
        ("Elm", "private"), ("Oak", "private")]


def test_a_provider_without_a_number_is_one_by_name_and_place_and_two_where_no_place_is_said() -> (
    None
):
    assert registered({}) == [("Elm", "private")]
    assert registered({"postcode": None}) == [("Elm", "private")] * 2
    assert registered({}, {"postcode": "HR2 6AA"}) == [("Elm", "private")] * 2
    # Providers without a number have no number in common: what is one's own is told by its name.
    assert registered({"ours": True}, {"provider_name": "Oak"}) == [
        ("Elm", "own"), ("Oak", "private")]


@pytest.mark.parametrize("told", [{"as_at": "2023-03-31"}, {"provision_type": "secure"}])
@pytest.mark.parametrize("urn", ["SC1", None])
def test_a_provider_of_two_kinds_or_days_is_there_for_each(
    urn: str | None, told: dict[str, str]
) -> None:
    assert len(registered({"urn": urn}, {"urn": urn} | told)) == 2


def test_the_edge_of_care_is_summed_for_the_days_and_groups_that_every_member_tells() -> None:
    def edge(*rows: tuple) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=["as_at", "edge_group", "children"])

    one = edge(("2024-03-31", "Plan", 10), ("2023-03-31", "Plan", 20), ("2024-03-31", "Need", 40))
    two = edge(("2023-03-31", "Plan", 3), ("2024-03-31", "Plan", 5), ("2022-03-31", "Plan", 9))
    members = [member("a", edge_of_care=one), member("b", edge_of_care=two)]
    summed = pooled(members, AREA)["edge_of_care"]
    assert summed.to_numpy().tolist() == [["2023-03-31", "Plan", 23], ["2024-03-31", "Plan", 15]]
    own = edge(("2024-03-31", "Plan", 99))
    assert pooled(members, AREA, own={"edge_of_care": own})["edge_of_care"].equals(own)
    assert pooled([*members, member("c")], AREA)["edge_of_care"].empty


def test_a_population_that_one_member_does_not_tell_is_named_and_one_that_none_tells_is_not() -> (
    None
):
    people = pd.DataFrame({"mid_year": [2023, 2022], "children": [100, 90]})
    some = pooled([member("a", population=people), member("b")], AREA)
    assert some["population"].empty
    assert some["findings"][["rule", "source_file"]].to_numpy().tolist() == [
        ["member_without_population", "b/population.csv"]]
    assert (some["findings"][["expected", "action"]] != "").all(axis=None)
    assert pooled([member("a"), member("b")], AREA)["findings"].empty
    both = pooled([member("a", population=people), member("b", population=people)], AREA)
    assert both["population"].to_numpy().tolist() == [[2022, 180], [2023, 200]]
    assert both["findings"].empty


def test_a_consortiums_own_carers_and_homes_are_added_to_its_members() -> None:
    carers = pd.DataFrame({"household_id": ["h"], "places": [2]})
    own = {"carers": carers, "provision": frame_of(REGISTER, {"provider_name": "Ash"}),
           "population": pd.DataFrame(columns=INPUTS["population"])}
    tables = pooled([member("a", carers=carers), member("b")], AREA, own=own)
    assert tables["carers"]["household_id"].tolist() == ["a:h", "h"]
    assert tables["provision"]["provider_name"].tolist() == ["Ash"]
    assert tables["findings"].empty


def test_three_members_tell_a_day_once_and_an_empty_table_of_ones_own_stands_for_nothing() -> None:
    people = pd.DataFrame({"mid_year": [2023, 2022], "children": [100, 90]})
    members = [member(slug, population=people) for slug in "abc"]
    nothing = {"population": people[:0], "ledger": pd.DataFrame(columns=["child_id"])}
    tables = pooled(members, AREA, own=nothing)
    assert tables["population"].to_numpy().tolist() == [[2022, 270], [2023, 300]]
    assert tables["population"].index.tolist() == [0, 1]
    assert tables["findings"].empty


def test_what_names_children_is_left_out_of_a_consortiums_own_inputs_and_told_once() -> None:
    named = pd.DataFrame({"child_id": ["1", "2"], "source_file": "ledger.csv",
                          "source_line": [2, 3]})
    tables = pooled([member("a"), member("b")], AREA, own={"ledger": named, "referrals": named})
    assert not {"ledger", "referrals"} & set(tables)
    told = tables["findings"][["severity", "rule", "column", "source_line"]]
    assert told.to_numpy().tolist() == [["bending", "belongs_to_a_member", "child_id", 2]] * 2
    assert (tables["findings"][["expected", "action"]] != "").all(axis=None)


def test_tables_have_the_columns_they_had_with_rows_or_without() -> None:
    homes = frame_of(REGISTER, {}, {"provider_name": "Oak"})
    for tables in (pooled([member("a"), member("b")], AREA),
                   pooled([member("a", provision=homes), member("b")], AREA)):
        for name, columns in INPUTS.items():
            assert tables[name].columns.tolist() == columns
            assert tables[name].index.tolist() == list(range(len(tables[name])))
