"""How soon children are adopted: each clock's start and stop, and when it cannot be read."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, stored_as

from sufficiency_lib.metrics.adoption import adoption_timeliness, adoption_within_12_months

DAY = "2025-03-31"
EXTRA = ("rec", "legal_status", "placement_id")


def adopted(name: str = "a", period: int = 1, **changed: object) -> list[dict[str, object]]:
    """A child fostered from January, under an order from July, with adopters from November."""
    common = {"child_id": name, "care_period_id": period, "legal_status": "E1", "rec": "X1"}
    rows = [
        common | {"decom": "2023-01-01", "dec": "2023-07-01", "legal_status": "C1",
                  "placement_id": 10 * period},
        common | {"decom": "2023-07-01", "dec": "2023-11-01", "rne": "L",
                  "placement_id": 10 * period},
        common | {"decom": "2023-11-01", "dec": "2024-06-01", "rne": "P", "rec": "E12",
                  "placement_id": 10 * period + 1, "placement_group": "adoption",
                  "place_code": "A6"},
    ]
    rows[0] |= changed.pop("first", {})
    rows[1] |= changed.pop("second", {})
    rows[2] |= changed
    return rows


def episodes(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    frame = history(*({k: v for k, v in row.items() if k not in EXTRA} for row in rows))
    for column in EXTRA:
        frame[column] = pd.Series([row[column] for row in rows],
                                  dtype="int64" if column == "placement_id" else object)
    return stored_as(frame, storage)


def told(*rows: tuple, storage: str = "object") -> pd.DataFrame:
    """Rows of AD1: child, match, by a foster carer, decision."""
    frame = pd.DataFrame(rows, columns=["child_id", "date_match", "foster_care", "date_int"])
    for column in ("date_match", "date_int"):
        frame[column] = pd.to_datetime(frame[column])
    types = {"child_id": object, "foster_care": "boolean"}
    return stored_as(frame.astype(types), storage)


MATCHED = ("a", "2023-09-09", False, "2023-08-01")


def days(rows: list[dict[str, object]], *ad1: tuple, years: int = 1) -> dict[str, float | None]:
    frame = adoption_timeliness(episodes(*rows), told(*ad1), DAY, years=years)
    known = frame.assign(days_mean=frame["days_mean"].where(frame["counted"] > 0))
    return {m: None if pd.isna(d) else d
            for m, d in zip(known["measure"], known["days_mean"], strict=True)}


def test_the_three_clocks() -> None:
    assert days(adopted(), MATCHED) == {"a1": 304, "a10": 304, "a2": 70}


@pytest.mark.parametrize(
    ("changed", "foster_care"),
    [({"rne": "T", "placement_id": 10, "place_code": "A5"}, None),
     ({"rne": "T", "placement_id": 10, "place_code": "A6"}, True),
     ({"rne": "P", "place_code": "A5"}, None)],
)
def test_a_foster_carer_who_adopts_stops_a10_when_the_child_moved_in(changed, foster_care) -> None:
    second = {"rne": "P", "placement_id": 10}
    first = {"placement_id": 9}
    rows = adopted(first=first, second=second, **changed)
    assert days(rows, MATCHED[:2] + (foster_care, None)) == {"a1": 304, "a10": 181, "a2": None} | {
        "a2": days(rows, MATCHED)["a2"]}


def test_a_match_before_the_order_is_no_wait() -> None:
    assert days(adopted(), ("a", "2023-05-01", False, None))["a2"] == 0


@pytest.mark.parametrize(
    ("rows", "ad1", "unknown"),
    [
        (adopted(), (), {"a2"}),
        (adopted(), (("a", None, False, None),), {"a2"}),
        (adopted(second={"legal_status": "C2"}, legal_status="C2"), (MATCHED,), {"a2"}),
        (adopted(first={"rne": "L"}), (MATCHED,), {"a1", "a10"}),
        (adopted(second={"rne": "P"}), (MATCHED,), {"a2"}),
        (adopted(placement_group="fostering", place_code="U4"), (MATCHED,), {"a1", "a10", "a2"}),
    ],
    ids=["no_row", "no_match", "no_order", "care_before_returns", "order_before_returns",
         "never_placed"],
)
def test_a_wait_that_cannot_be_read_is_not_counted_and_is_said(rows, ad1, unknown) -> None:
    frame = adoption_timeliness(episodes(*rows), told(*ad1), DAY, years=1).set_index("measure")
    assert {m for m in frame.index if frame.at[m, "counted"] == 0} == unknown
    assert (frame["counted"] + frame["not_recorded"] == 1).all()
    assert frame.loc[sorted(unknown), "days_mean"].isna().all()


def test_only_who_was_adopted_in_the_period() -> None:
    early = adopted(dec="2024-03-31")
    assert days(early, MATCHED)["a1"] is None
    assert days(early, MATCHED, years=3)["a1"] == 304
    assert days(adopted(rec="E45"), MATCHED)["a1"] is None


def decided(rows: list[dict[str, object]], *decisions: tuple, ad1: tuple = ()) -> list[int]:
    placed = pd.DataFrame(decisions, columns=["child_id", "date_placed", "date_placed_ceased"])
    for column in ("date_placed", "date_placed_ceased"):
        placed[column] = pd.to_datetime(placed[column])
    frame = adoption_within_12_months(episodes(*rows), placed.astype({"child_id": object}),
                                      told(*ad1), [DAY])
    return frame[["numerator", "answered_no", "denominator"]].iloc[0].tolist()


@pytest.mark.parametrize(
    ("moved_in", "counts"),
    [("2024-07-05", [1, 0, 1]), ("2024-07-06", [0, 1, 1]), ("2023-06-20", [1, 0, 1])],
)
def test_within_12_months_to_the_day(moved_in: str, counts: list[int]) -> None:
    rows = adopted(decom=moved_in, dec=None, rec=None)
    assert decided(rows, ("a", "2023-07-05", None)) == counts


@pytest.mark.parametrize(
    ("day", "base"), [("2023-04-01", 1), ("2024-03-31", 1), ("2023-03-31", 0), ("2024-04-01", 0)],
)
def test_decisions_of_the_year_before(day: str, base: int) -> None:
    assert decided(adopted(), ("a", day, None))[2] == base


def test_a_decision_reversed_in_time_is_left_out_and_a_later_one_is_not() -> None:
    waiting = adopted(placement_group="fostering", rec=None, dec=None)
    assert decided(waiting, ("a", "2023-07-05", "2024-07-05")) == [0, 0, 0]
    assert decided(waiting, ("a", "2023-07-05", "2024-07-06")) == [0, 1, 1]


def test_the_first_decision_of_either_table_and_of_who_is_looked_after() -> None:
    assert decided(adopted(), ad1=(MATCHED,)) == [1, 0, 1]
    assert decided(adopted(), ("a", "2023-07-05", None), ad1=(MATCHED,)) == [1, 0, 1]
    assert decided(adopted(), ("nobody", "2023-07-05", None)) == [0, 0, 0]


@pytest.mark.parametrize(
    ("ended", "base"),
    [("2023-07-04", 0), ("2023-07-05", 0), ("2023-07-06", 1), (None, 1)],
)
def test_who_was_not_looked_after_on_the_day_of_the_decision_is_left_out(
    ended: str | None, base: int
) -> None:
    rows = adopted()[:1]
    rows[0] |= {"dec": ended, "rec": "E4A"}
    assert decided(rows, ("a", "2023-07-05", None)) == [0, base, base]


def test_a_period_of_care_after_the_decision_is_not_the_one_that_it_was_in() -> None:
    before = adopted()[:1]
    before[0] |= {"dec": "2023-02-01", "rec": "E4A"}
    after = adopted(period=2, decom="2023-12-01")[2:]
    assert decided(before + after, ("a", "2023-07-05", None)) == [0, 0, 0]
    before[0]["dec"] = "2023-08-01"
    assert decided(before + after, ("a", "2023-07-05", None)) == [0, 1, 1]


@pytest.mark.parametrize("storage", STORAGES)
def test_nobody_adopted_gives_no_means(storage: str) -> None:
    rows = episodes(*adopted(), storage=storage).head(0)
    frame = adoption_timeliness(rows, told(storage=storage), DAY)
    assert frame["counted"].tolist() == [0, 0, 0] and frame["days_mean"].isna().all()
    placed = told(storage=storage)[["child_id", "date_int", "date_match"]].set_axis(
        ["child_id", "date_placed", "date_placed_ceased"], axis=1)
    shown = adoption_within_12_months(rows, placed, told(storage=storage), [DAY])
    assert shown["denominator"].tolist() == [0] and shown["rate_pct"].isna().all()


def test_authorities_stand_one_after_another() -> None:
    north = episodes(*adopted(), *adopted("b", 2, decom="2024-02-01")).assign(authority="north")
    south = episodes(*adopted("a", 1, decom="2024-01-01")).assign(authority="south")
    rows = pd.concat([south, north], ignore_index=True)
    ad1 = pd.concat([told(MATCHED).assign(authority=who) for who in ("north", "south")])
    placed = pd.DataFrame({"child_id": ["b", "a"], "authority": ["north", "south"],
                           "date_placed": pd.to_datetime(["2023-07-01", "2023-06-01"]),
                           "date_placed_ceased": pd.to_datetime([None, None])})

    def of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
        return frame[frame["authority"] == name]

    whole = adoption_timeliness(rows, ad1, DAY, by=["authority"])
    each = [adoption_timeliness(of(rows, n), of(ad1, n), DAY).assign(authority=n)
            for n in ("north", "south")]
    pd.testing.assert_frame_equal(whole, pd.concat(each, ignore_index=True)[list(whole)])
    whole = adoption_within_12_months(rows, placed, ad1, [DAY], by=["authority"])
    each = [adoption_within_12_months(of(rows, n), of(placed, n), of(ad1, n), [DAY])
            .assign(authority=n) for n in ("north", "south")]
    pd.testing.assert_frame_equal(whole, pd.concat(each, ignore_index=True)[list(whole)])
