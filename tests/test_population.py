"""Children looked after, their rate, ages and flows."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.population import (
    children_by_age,
    children_looked_after,
    edge_of_care,
    looked_after_by_month,
    started_and_ceased,
)
from sufficiency_lib.metrics.stock import ratio

DAY = "2025-03-31"


def people(**years: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"mid_year": [int(year[1:]) for year in years], "children": list(years.values())}
    )


@pytest.mark.parametrize("storage", STORAGES)
def test_children_and_rate_at_each_date(storage: str) -> None:
    episodes = history(
        {"decom": "2023-05-01", "dec": "2024-03-31"},  # ends on the day: not counted
        {"decom": "2023-05-01"},
        {"decom": "2024-03-31"},  # starts on the day: counted
        {"decom": "2023-05-01", "is_short_break": True},
        storage=storage,
    )
    before = episodes.copy(deep=True)
    got = children_looked_after(episodes, ["2025-03-31", "2024-03-31"], people(y2023=400))
    assert got.columns.tolist()[:3] == ["as_at", "children", "rate_per_10000"]
    assert got["as_at"].tolist() == ["2024-03-31", "2025-03-31"]
    assert got["children"].tolist() == [2, 2]
    assert got["rate_per_10000"].tolist() == [50.0, 50.0]
    pd.testing.assert_frame_equal(episodes, before)


def test_a_child_with_two_open_episodes_is_one_child() -> None:
    episodes = history({"child_id": "a"}, {"child_id": "a", "decom": "2024-06-01"})
    assert children_looked_after(episodes, [DAY])["children"].tolist() == [1]


@pytest.mark.parametrize(
    ("as_at", "population"),
    [
        ("2025-03-31", 1000),  # mid-2024, as DfE uses for 31 March 2025
        ("2024-07-01", 1000),  # the day after that mid-year
        ("2024-06-30", 500),  # the mid-year itself is not before the day
        ("2024-03-31", 500),
        ("2023-06-30", None),  # none so early
    ],
)
def test_the_latest_mid_year_before_the_day_is_the_base(as_at: str, population) -> None:
    # Out of order on purpose.
    got = children_looked_after(history({}), [as_at], people(y2024=1000, y2023=500)).iloc[0]
    assert (None if pd.isna(got["population_0_17"]) else got["population_0_17"]) == population
    assert pd.isna(got["rate_per_10000"]) == (population is None)


def test_the_rate_is_a_whole_number_rounded_half_up() -> None:
    # 1 of 800 is 12.5 per 10,000.
    assert children_looked_after(history({}), [DAY], people(y2024=800))[
        "rate_per_10000"
    ].tolist() == [13.0]


@pytest.mark.parametrize("population", [None, people()])
def test_without_a_population_the_rate_is_not_known(population) -> None:
    got = children_looked_after(history({}), [DAY], population)
    assert got["children"].tolist() == [1]
    assert got["rate_per_10000"].isna().all()


def test_nobody_looked_after_is_nought_children_and_a_rate_of_nought() -> None:
    got = children_looked_after(history(), [DAY], people(y2024=800)).iloc[0]
    assert (got["children"], got["rate_per_10000"]) == (0, 0.0)


@pytest.mark.parametrize("storage", STORAGES)
def test_ages_and_sexes(storage: str) -> None:
    births = {
        "2024-04-01": "under_1",  # 1 tomorrow
        "2024-03-31": "1_to_4",  # 1 today
        "2020-04-01": "1_to_4",
        "2020-03-31": "5_to_9",
        "2015-04-01": "5_to_9",
        "2015-03-31": "10_to_15",
        "2009-04-01": "10_to_15",
        "2009-03-31": "16_and_over",
    }
    episodes = history(
        *({"dob": born, "sex": "male"} for born in births), {"dob": None}, storage=storage
    )
    before = episodes.copy(deep=True)
    got = children_by_age(episodes, DAY).set_index("age_group")
    for band in set(births.values()):
        assert got.at[band, "male"] == list(births.values()).count(band), band
    assert got.at["not_known", "female"] == 1
    assert got["children"].sum() == 9
    assert got.at["under_1", "share_pct"] == 11.1
    pd.testing.assert_frame_equal(episodes, before)


@pytest.mark.parametrize("storage", STORAGES)
def test_a_child_in_no_header_does_not_vanish(storage: str) -> None:
    got = children_by_age(history({"dob": None, "sex": None}, {}, storage=storage), DAY)
    got = got.set_index("age_group")
    assert got.at["not_known", "not_known"] == 1
    assert got["children"].sum() == 2


@given(st.lists(st.dates(pd.Timestamp("1880-01-01").date(), pd.Timestamp("2030-01-01").date())))
@quickly
def test_the_age_bands_hold_every_child_once(births) -> None:
    episodes = history(*({"dob": born} for born in births))
    assert children_by_age(episodes, DAY)["children"].sum() == len(births)


def test_nobody_in_any_band_has_no_share() -> None:
    got = children_by_age(history(), DAY)
    assert got["children"].sum() == 0
    assert got["share_pct"].isna().all()


def flows(*episodes: dict[str, object]) -> list[int]:
    got = started_and_ceased(history(*episodes), [DAY])
    assert got.columns.tolist() == ["year_ending", "started", "ceased"]
    return got[["started", "ceased"]].iloc[0].tolist()


@pytest.mark.parametrize(
    ("decom", "dec", "expected"),
    [
        ("2024-04-01", None, [1, 0]),  # the first day of the year
        ("2025-03-31", None, [1, 0]),  # the last
        ("2024-03-31", None, [0, 0]),
        ("2024-03-31", "2024-04-01", [0, 1]),
        ("2024-01-01", "2025-03-31", [0, 1]),
        ("2024-01-01", "2025-04-01", [0, 0]),
        ("2024-06-01", "2024-06-01", [1, 1]),
    ],
)
def test_starts_and_ends_at_the_edges_of_the_year(decom, dec, expected) -> None:
    assert flows({"decom": decom, "dec": dec}) == expected


def test_a_period_of_several_episodes_starts_once_and_ends_once() -> None:
    one = {"child_id": "a", "care_period_id": 1}
    parts = [
        one | {"decom": "2024-05-01", "dec": "2024-07-01"},
        one | {"decom": "2024-07-01", "dec": "2024-09-01"},
    ]
    assert flows(*parts) == [1, 1]
    assert flows(*reversed(parts)) == [1, 1]


def test_a_period_with_an_open_episode_has_not_ceased_in_whatever_order() -> None:
    one = {"child_id": "a", "care_period_id": 1}
    parts = [
        one | {"decom": "2024-05-01", "dec": "2024-07-01"},
        one | {"decom": "2024-07-01", "dec": None},
    ]
    assert flows(*parts) == [1, 0]
    assert flows(*reversed(parts)) == [1, 0]


def test_a_child_who_starts_twice_in_a_year_is_counted_once() -> None:
    assert flows(
        {"child_id": "a", "care_period_id": 1, "decom": "2024-05-01", "dec": "2024-06-01"},
        {"child_id": "a", "care_period_id": 2, "decom": "2024-08-01", "dec": "2024-09-01"},
    ) == [1, 1]


def test_short_breaks_neither_start_nor_cease() -> None:
    assert flows({"decom": "2024-05-01", "dec": "2024-06-01", "is_short_break": True}) == [0, 0]


def test_no_episodes_at_all() -> None:
    assert flows() == [0, 0]


_day = st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2025-12-31").date())


@given(st.lists(st.tuples(_day, st.none() | st.integers(0, 500)), max_size=10))
@quickly
def test_last_years_stock_and_what_started_less_what_ceased_is_this_years(stays) -> None:
    """True when nobody starts twice, as here: one period a child."""
    episodes = history(
        *(
            {"decom": start, "dec": None if n is None else start + pd.Timedelta(days=n)}
            for start, n in stays
        )
    )
    before, after = children_looked_after(episodes, ["2024-03-31", DAY])["children"]
    flow = started_and_ceased(episodes, [DAY]).iloc[0]
    assert before + flow["started"] - flow["ceased"] == after


@pytest.mark.parametrize(
    ("estimate", "used"), [(2024, True), (2023, True), (2022, True), (2021, False), (2025, False)]
)
def test_an_estimate_more_than_two_years_older_than_the_days_own_is_refused(estimate, used) -> None:
    got = children_looked_after(history({}), [DAY], people(**{f"y{estimate}": 800})).iloc[0]
    assert pd.notna(got["rate_per_10000"]) == pd.notna(got["estimate_year"]) == used
    assert not used or got["estimate_year"] == estimate


def test_every_authoritys_published_rate_is_that_of_its_counts(shared_dir) -> None:
    """DfE's own counts and estimates, every authority and year: the rate comes out equal.

    Regions are left out: their counts are published rounded to ten, their rates are not.
    """
    folder = shared_dir / "reference"
    published = pd.read_csv(folder / "cla_number_and_rate_per_10k_children.csv", dtype=str)
    published = published[published["geographic_level"] == "Local authority"]
    columns = ["population_estimate", "children_count", "rate_per_10000"]
    shown = published[columns].apply(lambda cells: cells.str.fullmatch(r"\d+")).all(axis=1)
    known = published[shown]
    rates = ratio(known["children_count"].astype(int), known["population_estimate"].astype(int),
                  10_000, 0)
    assert len(known) > 2_000
    assert rates.tolist() == known["rate_per_10000"].astype(float).tolist()


def test_a_published_count_and_estimate_through_the_measure(shared_dir) -> None:
    published = pd.read_csv(shared_dir / "reference" / "cla_number_and_rate_per_10k_children.csv")
    kinds = ["Isles of Scilly", "Rutland", "Barnsley", "Camden", "Cumberland", "Hertfordshire"]
    rows = published[published["population_type"].str.contains("on 31 March")
                     & published["la_name"].isin(kinds) & (published["time_period"] == 2025)]
    rows = rows[rows["children_count"].str.fullmatch(r"\d+")]
    assert len(rows) >= 5
    estimates = rows.assign(mid_year=2024, authority=rows["la_name"],
                            children=rows["population_estimate"].astype(int))
    number = rows["children_count"].astype(int)
    names = rows["la_name"].repeat(number).tolist()
    episodes = pd.DataFrame({
        "child_id": [f"c{at}" for at in range(len(names))], "authority": names,
        "decom": pd.Timestamp("2024-04-01"), "dec": pd.NaT, "is_short_break": False,
    }).astype({"dec": "datetime64[ns]"})
    got = children_looked_after(
        episodes, [DAY], estimates[["authority", "mid_year", "children"]], by=["authority"]
    ).set_index("authority")
    for _, row in rows.iterrows():
        mine = got.loc[row["la_name"]]
        assert mine["children"] == int(row["children_count"])
        assert mine["rate_per_10000"] == float(row["rate_per_10000"])


def test_the_months_are_those_of_the_years_given() -> None:
    got = looked_after_by_month(history({"decom": "2024-07-31"}), [DAY])
    assert got["as_at"].tolist()[0] == "2024-04-30" and got["as_at"].tolist()[-1] == DAY
    assert got["children"].tolist() == [0] * 3 + [1] * 9
    both = looked_after_by_month(history({}), ["2023-03-31", DAY])
    assert len(both) == 24 and "2023-06-30" not in set(both["as_at"])
    assert looked_after_by_month(history(), []).columns.tolist() == ["as_at", "children"]


@given(st.lists(st.tuples(st.dates(pd.Timestamp("2024-01-01").date(),
                                   pd.Timestamp("2025-03-31").date()),
                          st.none() | st.integers(0, 400)), max_size=8))
@quickly
def test_a_month_is_the_stock_of_its_last_day(stays) -> None:
    episodes = history(*(
        {"decom": start, "dec": None if n is None else start + pd.Timedelta(days=n)}
        for start, n in stays
    ))
    months = looked_after_by_month(episodes, [DAY])
    stock = children_looked_after(episodes, months["as_at"])
    assert months["children"].tolist() == stock["children"].tolist()


def test_who_is_18_or_over_stays_in_dfes_band_and_is_told_apart() -> None:
    got = children_by_age(history({"dob": "2007-03-31"}, {"dob": "2007-04-01"}), DAY)
    got = got.set_index("age_group").loc["16_and_over"]
    assert (got["children"], got["aged_18_and_over"]) == (2, 1)


def test_the_edge_of_care_is_not_read_as_children_looked_after() -> None:
    edge = pd.DataFrame({"as_at": pd.to_datetime([DAY, "2024-03-31"]), "children": [12, 9],
                         "edge_group": ["Plan", "Plan"]})
    got = edge_of_care(edge, people(y2024=8000))
    assert got["as_at"].tolist() == ["2024-03-31", DAY]
    assert got["rate_per_10000"].isna().tolist() == [True, False]
    assert got["rate_per_10000"].iloc[1] == 15.0
    assert edge_of_care(edge[:0], people(y2024=8000)).empty
    assert edge_of_care(edge, until="2025-03-30")["as_at"].tolist() == ["2024-03-31"]
    assert edge_of_care(edge, None)["rate_per_10000"].isna().all()


def test_as_many_at_the_edge_as_there_are_children_are_ten_thousand_in_ten_thousand() -> None:
    edge = pd.DataFrame(
        {"as_at": pd.to_datetime([DAY]), "children": [8000], "edge_group": ["Plan"]})
    got = edge_of_care(edge, people(y2024=8000), until=DAY)
    assert got["rate_per_10000"].tolist() == [10_000.0], "counted on the last day wanted"
    everyone = children_looked_after(history({}, {}), [DAY], people(y2024=2))
    assert everyone["rate_per_10000"].tolist() == [10_000.0]


def test_groups_at_the_edge_stand_by_day_and_then_as_given() -> None:
    """Many, as a sort of few rows keeps their order whatever it promises."""
    groups = [f"group {at * 7 % 30}" for at in range(30)]
    edge = pd.concat([
        pd.DataFrame({"as_at": pd.Timestamp(day), "children": 1, "edge_group": groups})
        for day in (DAY, "2024-03-31")
    ])
    got = edge_of_care(edge)
    assert got["as_at"].tolist() == ["2024-03-31"] * 30 + [DAY] * 30
    assert got["at_the_edge"].tolist() == groups * 2
    assert got.index.tolist() == list(range(60))


def test_two_authorities_number_children_and_periods_alike_and_each_is_counted() -> None:
    same = {"child_id": "a", "care_period_id": 1}
    episodes = history(
        same | {"decom": "2024-05-01", "dec": "2024-06-01"},
        same | {"decom": "2024-04-01", "dec": "2024-07-01"},
        same | {"decom": "2023-04-01", "dec": "2024-12-01"},
    ).assign(authority=["y", "x", "w"])
    got = started_and_ceased(episodes, [DAY], by=["authority"])
    assert got[["authority", "started", "ceased"]].to_numpy().tolist() == [
        ["w", 0, 1], ["x", 1, 1], ["y", 1, 1]]


def test_each_authority_has_the_latest_of_its_own_estimates() -> None:
    episodes = history({}, {}, {}).assign(authority=["b", "a", "c"])
    estimates = pd.DataFrame({
        "authority": ["a", "b", "a", "b"], "mid_year": [2024, 2024, 2023, 2022],
        "children": [400, 1000, 500, 900],
    })
    got = children_looked_after(episodes, [DAY, "2024-03-31"], estimates, by=["authority"])
    columns = ["authority", "as_at", "children", "rate_per_10000", "population_0_17",
               "estimate_year"]
    assert got.columns.tolist() == columns
    assert got.fillna(-1).to_numpy().tolist() == [
        ["a", "2024-03-31", 0, 0.0, 500, 2023], ["a", DAY, 1, 25.0, 400, 2024],
        ["b", "2024-03-31", 0, 0.0, 900, 2022], ["b", DAY, 1, 10.0, 1000, 2024],
        ["c", "2024-03-31", 0, -1, -1, -1], ["c", DAY, 1, -1, -1, -1],
    ]
    assert got[columns[-2:]].dtypes.astype(str).tolist() == ["Int64", "Int64"]
