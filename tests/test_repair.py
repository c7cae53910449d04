"""The repair rules: a worked example each, and what holds of every history."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repair_rows import UNREADABLE, Row, episodes_of, repair_of, said

from sufficiency_lib.cleaning.repair import repair
from sufficiency_lib.intake.findings import FindingLog

#: name: (rows as read, history, rules of the rows left out)
WORKED: dict[str, tuple[list[Row], list[tuple], list[str]]] = {
    "nothing to repair": (
        [("a", 2024, "2023-05-01", "2023-09-10", "S", "X1"),
         ("a", 2024, "2023-09-10", None, "P", None)],
        [("a", "2023-05-01", "2023-09-10", "X1", ""), ("a", "2023-09-10", None, None, "")],
        [],
    ),
    "1: open in an old return, and the next episode goes on with care": (
        [("a", 2023, "2022-06-01", None, "S", None),
         ("a", 2024, "2023-07-01", None, "P", None)],
        [("a", "2022-06-01", "2023-07-01", "X1", "1"), ("a", "2023-07-01", None, None, "")],
        [],
    ),
    "1A: the next episode starts care after 31 March: ended on it": (
        [("a", 2023, "2022-06-01", None, "S", None),
         ("a", 2024, "2023-07-01", None, "S", None)],
        [("a", "2022-06-01", "2023-03-31", "E99", "1A"), ("a", "2023-07-01", None, None, "")],
        [],
    ),
    "1A: the next episode starts care before 31 March: ended the day before": (
        [("a", 2024, "2023-06-01", None, "S", None),
         ("a", 2024, "2023-11-01", None, "S", None)],
        [("a", "2023-06-01", "2023-10-31", "E99", "1A"), ("a", "2023-11-01", None, None, "")],
        [],
    ),
    "1A: begun after its own return's 31 March: not ended before it begins": (
        [("a", 2023, "2023-06-01", None, "S", None),
         ("a", 2024, "2023-11-01", None, "S", None)],
        [("a", "2023-06-01", "2023-06-01", "E99", "1A"), ("a", "2023-11-01", None, None, "")],
        [],
    ),
    "2: open in an old return and absent from every later one": (
        [("a", 2022, "2020-06-01", None, "S", None),
         ("b", 2024, "2023-07-01", None, "S", None)],
        [("a", "2020-06-01", "2022-03-31", "E99", "2"), ("b", "2023-07-01", None, None, "")],
        [],
    ),
    "3: the same episode open in the older year, ended in the newer": (
        [("a", 2022, "2021-06-01", None, "S", None),
         ("a", 2023, "2021-06-01", None, "S", None),
         ("a", 2024, "2021-06-01", "2023-12-24", "S", "E4A")],
        [("a", "2021-06-01", "2023-12-24", "E4A", "")],
        ["3", "3"],
    ),
    "3: a later return may open what an earlier one ended": (
        [("a", 2023, "2021-06-01", "2023-02-01", "S", "E4A"),
         ("a", 2024, "2021-06-01", None, "S", None)],
        [("a", "2021-06-01", None, None, "")],
        ["3"],
    ),
    "3: within a return the row that ends later stays, and an open one before both": (
        [("a", 2024, "2023-06-01", "2023-08-01", "S", "X1"),
         ("a", 2024, "2023-06-01", "2023-07-01", "S", "X1"),
         ("b", 2024, "2023-06-01", None, "S", None),
         ("b", 2024, "2023-06-01", "2023-07-01", "S", "X1")],
        [("a", "2023-06-01", "2023-08-01", "X1", ""), ("b", "2023-06-01", None, None, "")],
        ["3", "3"],
    ),
    "3: within a return an end that can be read is preferred": (
        [("a", 2024, "2023-06-01", "2023-08-01", "S", "E4A"),
         ("a", 2024, "2023-06-01", UNREADABLE, "S", "E4A")],
        [("a", "2023-06-01", "2023-08-01", "E4A", "")],
        ["3"],
    ),
    "3: the very same row twice": (
        [("a", 2024, "2023-06-01", None, "S", None), ("a", 2024, "2023-06-01", None, "S", None)],
        [("a", "2023-06-01", None, None, "")],
        ["3"],
    ),
    "4: an episode that runs past the start of the next": (
        [("a", 2024, "2023-05-01", "2023-10-10", "S", "X1"),
         ("a", 2024, "2023-09-10", None, "P", None)],
        [("a", "2023-05-01", "2023-09-10", "X1", "4"), ("a", "2023-09-10", None, None, "")],
        [],
    ),
    "4: an episode inside another": (
        [("a", 2024, "2023-05-01", "2024-02-01", "S", "E4A"),
         ("a", 2024, "2023-06-01", "2023-07-01", "P", "X1")],
        [("a", "2023-05-01", "2023-06-01", "E4A", "4"),
         ("a", "2023-06-01", "2023-07-01", "X1", "")],
        [],
    ),
    "5: a gap after X1": (
        [("a", 2024, "2023-05-01", "2023-09-10", "S", "X1"),
         ("a", 2024, "2023-09-20", None, "P", None)],
        [("a", "2023-05-01", "2023-09-20", "X1", "5"), ("a", "2023-09-20", None, None, "")],
        [],
    ),
    "5: a gap before an S stays": (
        [("a", 2024, "2023-05-01", "2023-09-10", "S", "X1"),
         ("a", 2024, "2023-09-20", None, "S", None)],
        [("a", "2023-05-01", "2023-09-10", "X1", ""), ("a", "2023-09-20", None, None, "")],
        [],
    ),
    "5: a gap after another ending stays": (
        [("a", 2024, "2023-05-01", "2023-09-10", "S", "E4A"),
         ("a", 2024, "2023-09-20", None, "P", None)],
        [("a", "2023-05-01", "2023-09-10", "E4A", ""), ("a", "2023-09-20", None, None, "")],
        [],
    ),
    "unusable: no child, or no start": (
        [(None, 2024, "2023-05-01", None, "S", None), ("a", 2024, None, None, "S", None),
         ("b", 2024, "2023-05-01", None, "S", None)],
        [("b", "2023-05-01", None, None, "")],
        ["unusable", "unusable"],
    ),
    "an end that cannot be read: the next start, if that comes first": (
        [("a", 2024, "2023-05-01", UNREADABLE, "S", "X1"),
         ("a", 2024, "2023-09-10", None, "P", None)],
        [("a", "2023-05-01", "2023-09-10", "X1", "end_not_readable"),
         ("a", "2023-09-10", None, None, "")],
        [],
    ),
    "an end that cannot be read: that year's 31 March, if care came back years later": (
        [("a", 2019, "2018-05-01", UNREADABLE, "S", "E4A"),
         ("a", 2024, "2023-09-10", None, "S", None)],
        [("a", "2018-05-01", "2019-03-31", "E4A", "end_not_readable"),
         ("a", "2023-09-10", None, None, "")],
        [],
    ),
    "an end before the start": (
        [("a", 2024, "2023-05-01", "2022-05-01", "S", "E4A")],
        [("a", "2023-05-01", "2024-03-31", "E4A", "end_not_readable")],
        [],
    ),
    "an episode that ends on the day it starts is as it was returned": (
        [("a", 2024, "2023-05-01", "2023-05-01", "S", "E4A")],
        [("a", "2023-05-01", "2023-05-01", "E4A", "")],
        [],
    ),
    "an end that cannot be read, begun after the return's own 31 March: not before it begins": (
        [("a", 2023, "2023-06-01", UNREADABLE, "S", "E4A")],
        [("a", "2023-06-01", "2023-06-01", "E4A", "end_not_readable")],
        [],
    ),
    "2: begun after the old return's own 31 March: not ended before it begins": (
        [("a", 2022, "2022-06-01", None, "S", None),
         ("b", 2024, "2023-07-01", None, "S", None)],
        [("a", "2022-06-01", "2022-06-01", "E99", "2"), ("b", "2023-07-01", None, None, "")],
        [],
    ),
    "a reason on an open row is passed over": (
        [("a", 2024, "2023-05-01", None, "S", "X1")],
        [("a", "2023-05-01", None, None, "")],
        [],
    ),
    "several open rows of one child": (
        [("a", 2024, "2023-05-01", None, "S", None), ("a", 2024, "2023-07-01", None, "P", None),
         ("a", 2024, "2023-09-01", None, "L", None)],
        [("a", "2023-05-01", "2023-07-01", "X1", "1"), ("a", "2023-07-01", "2023-09-01", "X1", "1"),
         ("a", "2023-09-01", None, None, "")],
        [],
    ),
    "two moves in one day: the night was slept in the later one": (
        [("a", 2024, "2023-05-01", "2023-05-01", "S", "X1"),
         ("a", 2024, "2023-05-01", None, "P", None)],
        [("a", "2023-05-01", None, None, "")],
        ["3"],
    ),
}


@pytest.mark.parametrize("name", sorted(WORKED))
def test_a_worked_example(name: str) -> None:
    rows, history, left_out = WORKED[name]
    repaired, findings = repair_of(rows)
    assert said(repaired.history) == history
    assert repaired.dropped["tag"].tolist() == left_out
    assert repaired.history.columns.tolist() == [*episodes_of(rows).columns, "tag"]
    assert not repaired.history["dec_unreadable"].any(), "nothing is left to be put right"
    assert (findings[["column", "expected", "action"]] != "").all(axis=None)
    told = set(findings["rule"])
    assert {tag for *_, tags in history for tag in tags.split()} <= told
    if "unusable" in left_out:
        assert (findings["rule"] == "unusable_row").sum() == left_out.count("unusable")
    if "3" in left_out:
        assert findings["rule"].str.startswith("3").sum() == left_out.count("3")


@pytest.mark.parametrize("name", sorted(WORKED))
def test_the_order_of_the_rows_does_not_matter(name: str) -> None:
    rows, history, left_out = WORKED[name]
    shuffled = episodes_of(rows).sample(frac=1, random_state=3)
    repaired = repair(shuffled, FindingLog())
    assert said(repaired.history) == history
    assert sorted(repaired.dropped["tag"]) == sorted(left_out)


def test_a_row_changed_by_two_rules_has_both_names() -> None:
    # The end is before the start; 31 March then leaves a gap after X1, which rule 5 closes.
    repaired, findings = repair_of([("a", 2023, "2022-05-01", "2021-05-01", "S", "X1"),
                                    ("a", 2024, "2023-07-01", None, "P", None)])
    assert said(repaired.history)[0] == (
        "a", "2022-05-01", "2023-07-01", "X1", "end_not_readable 5"
    )
    assert findings["rule"].tolist() == ["end_not_readable", "5"]


def test_rows_left_out_keep_the_index_they_came_with() -> None:
    repaired, _ = repair_of([("a", 2023, "2022-05-01", None, "S", None),
                             (None, 2023, "2022-05-01", None, "S", None),
                             ("a", 2024, "2022-05-01", None, "S", None)])
    assert repaired.dropped["tag"].to_dict() == {1: "unusable", 0: "3"}


def test_what_the_input_held_is_left_as_it_was() -> None:
    rows = episodes_of(WORKED["several open rows of one child"][0])
    before = rows.copy()
    repair(rows, FindingLog())
    pd.testing.assert_frame_equal(rows, before)


def test_no_rows_no_history() -> None:
    repaired, findings = repair_of([])
    assert repaired.history.empty and repaired.dropped.empty and findings.empty


DAYS = st.one_of(st.none(), st.integers(0, 2200)).map(
    lambda days: None if days is None
    else f"{pd.Timestamp(2018, 4, 1) + pd.Timedelta(days=days):%Y-%m-%d}"
)
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        st.integers(2019, 2024),
        DAYS,
        st.one_of(DAYS, st.just(UNREADABLE)),
        st.sampled_from(["S", "P", "L", "T", "U", "B", None, "?"]),
        st.sampled_from(["X1", "E4A", "E8", None, "?"]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(HISTORIES)
def test_what_holds_of_every_repaired_history(rows: list[Row]) -> None:
    repaired, findings = repair_of(rows)
    history = repaired.history
    following = history.groupby("CHILD")["DECOM"].shift(-1)

    assert len(history) + len(repaired.dropped) == len(rows)
    assert not history.duplicated(["CHILD", "DECOM"]).any()
    assert not (history["DEC"] < history["DECOM"]).any(), "nothing ends before it starts"
    assert not (history["DEC"] > following).any(), "no episodes of a child overlap"
    assert not (history["DEC"].isna() & following.notna()).any(), "only the last may be open"
    latest = history["return_year"].max() if len(history) else 0
    assert (history.loc[history["DEC"].isna(), "return_year"] == latest).all()
    assert history.loc[history["DEC"].isna(), "REC"].isna().all()

    read = episodes_of(rows).set_index("source_line")
    lines = history.set_index("source_line")
    was, dec = read["DEC"].reindex(lines.index), lines["DEC"]
    changed = ~((was == dec) | (was.isna() & dec.isna()))
    assert (lines["tag"] != "")[changed].all(), "every changed row is tagged"
    told = set(zip(findings["rule"], findings["source_line"], strict=True))
    for line, tags in lines["tag"].items():
        assert {(tag, line) for tag in tags.split()} <= told, "every tag is in the log"
    for line, tag in zip(repaired.dropped["source_line"], repaired.dropped["tag"], strict=True):
        rules = {"unusable": {"unusable_row"}, "3": {"3", "3_contradicted"}}[tag]
        assert any((rule, line) in told for rule in rules)


@settings(max_examples=30, deadline=None)
@given(HISTORIES, st.integers(0, 1000))
def test_repair_is_stable(rows: list[Row], seed: int) -> None:
    once, _ = repair_of(rows)
    log = FindingLog()
    twice = repair(once.history.drop(columns="tag"), log)
    pd.testing.assert_frame_equal(
        twice.history.drop(columns="tag"), once.history.drop(columns="tag")
    )
    assert (twice.history["tag"] == "").all() and twice.dropped.empty
    told = set(log.frame()["rule"])
    assert told <= {"nothing_follows_x1"}, "a repaired history needs no repair"

    episodes = episodes_of(rows)
    order = random.Random(seed).sample(range(len(rows)), len(rows))
    pd.testing.assert_frame_equal(
        repair(episodes.iloc[order], FindingLog()).history, once.history
    )


def test_the_last_row_of_the_last_file_stays_where_a_return_says_a_thing_twice() -> None:
    rows = episodes_of([("a", 2024, "2023-05-01", None, "S", None)] * 3)
    rows = rows.assign(source_file=["b.csv", "b.csv", "a.csv"], source_line=[9, 5, 30])
    repaired = repair(rows, FindingLog())
    assert repaired.history[["source_file", "source_line"]].to_numpy().tolist() == [["b.csv", 9]]
