"""Why placements end: what is a change of placement, and which of them nobody planned."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, sparingly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes import REASON_PLACE_CHANGE
from sufficiency_lib.codes.outcomes import MOVE_REASONS, PLANNED_REASONS, UNPLANNED_REASONS
from sufficiency_lib.metrics.moves import moves_by_reason, unplanned_endings

YEARS = ["2024-03-31", "2025-03-31"]


def ended(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """Episodes of child a, each ending where the next begins, unless said."""
    extra = [{"rec": None, "reason_place_change": None, "child_id": "a", "care_period_id": 1} | r
             for r in rows]
    frame = history(*({k: v for k, v in row.items() if k not in ("rec", "reason_place_change")}
                      for row in extra))
    for column in ("rec", "reason_place_change"):
        frame[column] = pd.Series([row[column] for row in extra], dtype=object)
    return stored_as(frame, storage)


def move(reason: str | None = "CREQB", rne: str = "P", day: str = "2024-07-01", **then) -> tuple:
    first = {"decom": "2023-05-01", "dec": day, "rec": "X1", "reason_place_change": reason}
    return first, {"decom": day, "rne": rne} | then


def counted(*rows: dict[str, object]) -> dict[tuple[str, str], int]:
    frame = moves_by_reason(ended(*rows), YEARS)
    some = frame[frame["moves"] > 0]
    return dict(zip(zip(some["year_ending"], some["move_reason"], strict=True), some["moves"],
                    strict=True))


@pytest.mark.parametrize("rne", ["P", "T", "B", "U"])
def test_a_change_of_placement_is_a_move_whoever_the_carer(rne: str) -> None:
    assert counted(*move(rne=rne)) == {("2025-03-31", "CREQB"): 1}


def test_a_change_of_legal_status_or_an_end_of_care_is_none() -> None:
    assert counted(*move(rne="L")) == {}
    gone = {"decom": "2023-05-01", "dec": "2024-07-01", "rec": "E4A"}
    assert counted(gone) == {}
    assert counted(gone | {"rec": "X1"}, {"child_id": "b", "decom": "2024-07-01", "rne": "P"}) == {}


@pytest.mark.parametrize(
    ("day", "year"), [("2024-03-31", "2024-03-31"), ("2024-04-01", "2025-03-31"),
                      ("2025-03-31", "2025-03-31")],
)
def test_a_move_is_of_the_year_in_which_the_placement_ended(day: str, year: str) -> None:
    assert counted(*move(day=day)) == {(year, "CREQB"): 1}


def test_a_temporary_stay_is_no_move_unless_a_reason_says_so() -> None:
    away = {"placement_group": "temporary"}
    assert counted(*move(None, **away)) == {}
    assert counted(*move("CREQB", **away)) == {("2025-03-31", "CREQB"): 1}


@pytest.mark.parametrize("reason", [None, "SOMEDAY"])
def test_a_reason_that_is_none_is_not_recorded_and_in_the_base(reason) -> None:
    frame = moves_by_reason(ended(*move(reason)), YEARS[1:])
    last = frame.set_index("move_reason").loc["not_recorded"]
    assert (last["moves"], last["share_pct"], last["base_moves"]) == (1, 100.0, 1)


def test_every_code_has_its_row_in_dfes_order() -> None:
    assert set(MOVE_REASONS) == {*REASON_PLACE_CHANGE, "not_recorded"}
    assert not UNPLANNED_REASONS & PLANNED_REASONS
    assert {*REASON_PLACE_CHANGE} - UNPLANNED_REASONS - PLANNED_REASONS == {"OTHER"}
    assert moves_by_reason(ended(*move()), YEARS[1:])["move_reason"].tolist() == [*MOVE_REASONS]


def test_the_reasons_are_those_of_the_published_table(shared_dir) -> None:
    table = pd.read_csv(shared_dir / "reference" / "la_cla_during_year_new_placements.csv",
                        dtype=str)
    published = table[table["characteristic"] == "Reason for placement change during the year"]
    assert published["breakdown"].nunique() == len(REASON_PLACE_CHANGE) + 1  # and the total


def test_going_home_twice_is_one_child_by_how_the_last_time_came() -> None:
    home = {"decom": "2023-05-01", "dec": "2024-05-01", "rec": "E4B"}
    again = {"decom": "2024-06-01", "dec": "2024-09-01", "rec": "E4A", "care_period_id": 2}
    frame = unplanned_endings(ended(home, again), YEARS).set_index(["measure", "year_ending"])
    shown = frame.loc[("unplanned_returns_home", "2025-03-31")]
    assert (shown["numerator"], shown["answered_no"], shown["denominator"]) == (0, 1, 1)


def test_moves_of_which_nothing_is_said_give_no_rate() -> None:
    shown = unplanned_endings(ended(*move("OTHER")), YEARS[1:]).set_index("measure").iloc[0]
    assert pd.isna(shown["numerator"]) and pd.isna(shown["rate_pct"])
    assert (shown["not_recorded"], shown["denominator"]) == (1, 1)


@pytest.mark.parametrize("storage", STORAGES)
def test_nobody_gives_whole_tables_of_noughts(storage: str) -> None:
    rows = ended(*move(), storage=storage).head(0)
    assert moves_by_reason(rows, YEARS)["moves"].sum() == 0
    assert moves_by_reason(rows, YEARS)["share_pct"].isna().all()
    shown = unplanned_endings(rows, YEARS)
    assert shown["denominator"].tolist() == [0] * 4 and shown["rate_pct"].isna().all()


_episode = st.fixed_dictionaries({
    "days": st.integers(1, 400),
    "rne": st.sampled_from(["P", "T", "L", "B"]),
    "rec": st.sampled_from(["X1", "E4A", "E4B"]),
    "reason_place_change": st.sampled_from([*REASON_PLACE_CHANGE, None]),
    "placement_group": st.sampled_from(["fostering", "temporary", "childrens_home"]),
})


@given(st.lists(st.lists(_episode, min_size=1, max_size=5), min_size=1, max_size=5))
@sparingly
def test_reasons_add_up_and_authorities_stand_one_after_another(children) -> None:
    rows = []
    for at, episodes in enumerate(children):
        start = pd.Timestamp("2023-05-01")
        for one in episodes:
            end = start + pd.Timedelta(days=one["days"])
            rows.append({k: v for k, v in one.items() if k != "days"} | {
                "child_id": f"c{at}", "care_period_id": at, "decom": start, "dec": end})
            start = end
    frame = ended(*rows).assign(authority=lambda f: f["child_id"].map(
        lambda name: "north" if name in ("c0", "c2") else "south"))
    reasons = moves_by_reason(frame, YEARS)
    endings = unplanned_endings(frame, YEARS)
    total = endings[endings["measure"] == "unplanned_moves"].set_index("year_ending")
    by_year = reasons.groupby("year_ending")["moves"].sum()
    assert by_year.to_dict() == total["denominator"].to_dict()
    assert (reasons["base_moves"] <= reasons["moves"]).all()
    for measure in (moves_by_reason, unplanned_endings):
        whole = measure(frame, YEARS, by=["authority"])
        parts = [measure(part, YEARS).assign(authority=name)
                 for name, part in frame.groupby("authority")]
        pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True)[list(whole)])


def test_a_child_who_moves_twice_is_one_behind_the_moves() -> None:
    first = {"decom": "2023-05-01", "rec": "X1", "reason_place_change": "CREQB"}
    twice = [first | {"dec": "2024-07-01"},
             first | {"decom": "2024-07-01", "dec": "2024-08-01", "rne": "P"},
             {"decom": "2024-08-01", "rne": "P"}]
    rest = [row | {"child_id": child, "care_period_id": child}
            for child, reason in ((2, "OTHER"), (3, "CARPL")) for row in move(reason)]
    frame = ended(*twice, *rest)
    moves = moves_by_reason(frame, YEARS[1:]).set_index("move_reason")
    assert moves.loc["CREQB", ["moves", "base_moves"]].tolist() == [2, 1]
    shown = unplanned_endings(frame, YEARS[1:]).set_index("measure").loc["unplanned_moves"]
    counts = ["numerator", "answered_no", "not_recorded", "denominator"]
    assert shown[counts].tolist() == [2, 1, 1, 4]
    assert shown[[f"base_{name}" for name in counts]].tolist() == [1, 1, 1, 3]
