"""Every clause is there and in plain words, and each finder names a table, column and code."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from histories import STORAGES, stored_as

from sufficiency_lib.fields import FIELDS
from sufficiency_lib.judgement.clause import (
    FURTHEST,
    IN_FORCE,
    NEXT,
    OF_ROW,
    Clause,
    Finder,
    fan,
    figures,
)
from sufficiency_lib.judgement.clause_figures import DATA
from sufficiency_lib.judgement.duties import CLAUSES, SOURCES
from sufficiency_lib.publish.specs import CODE_WORDS, SPECS

FINDERS = list(dict.fromkeys(finder for clause in CLAUSES for finder in clause.finders))
RULE, DAY = "centre_20_miles", "2025-03-31"
#: The local inputs that a council may give (see `intake.local_schemas`).
LOCAL = ("population", "provision", "carers", "referrals", "ledger", "circumstances",
         "edge_of_care")


def of_source(source: str) -> list[Clause]:
    return [clause for clause in CLAUSES if clause.source == source]


def named(finder: Finder) -> str:
    return f"{finder.table}-{finder.column}-{'-'.join(value for _, value in finder.where)}"


def stocks() -> pd.DataFrame:
    """A table of two cohorts on three days, one of them to come."""
    return pd.DataFrame({
        "as_at": ["2024-03-31", "2024-03-31", "2025-03-31", "2025-03-31", "2026-03-31"],
        "rule": [RULE, "in_area", RULE, "in_area", RULE],
        "cohort": ["all"] * 5,
        "label": ["one", "two", "three", "four", "five"],
        "rate_pct": [70.0, 60.5, "c", 61.0, 80.0],
    })


def found(finder: Finder, frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return [
        (figure.measure, figure.rule, figure.value)
        for figure in figures(finder, {"stocks": frame}, rule=RULE, day=DAY)
    ]


# --- how a figure is found -------------------------------------------------------------------


def test_the_newest_day_is_that_of_the_page_or_the_last_before_it() -> None:
    finder = Finder("stocks", "rate_pct", "On {on}", "%", dated="as_at", rule="in_area")
    assert found(finder, stocks()) == [("On 31 March 2025", "in_area", 61)]
    assert [
        figure.value
        for figure in figures(finder, {"stocks": stocks()}, rule=RULE, day="2025-03-30")
    ] == [60.5]
    assert figures(finder, {"stocks": stocks()}, rule=RULE, day="2023-03-31") == []


def test_a_forecast_is_of_a_day_to_come() -> None:
    frame = pd.concat([stocks(), stocks().tail(1).assign(as_at="2030-03-31", rate_pct=85.0)])
    for when, value in {NEXT: 80, FURTHEST: 85}.items():
        finder = Finder("stocks", "rate_pct", "On {on}", "%", dated="as_at", when=when)
        assert [row[2] for row in found(finder, frame)] == [value]
    assert found(Finder("stocks", "rate_pct", "", "%", dated="as_at", when=NEXT),
                 stocks().head(4)) == []


def test_dates_may_be_days_or_periods_or_years_in_other_words() -> None:
    days = stocks().assign(as_at=pd.to_datetime(stocks()["as_at"]))
    finder = Finder("stocks", "rate_pct", "On {on}", "%", dated="as_at", rule="in_area")
    assert found(finder, days) == found(finder, stocks())
    periods = stocks().assign(as_at=[f"2020-04-01/{day}" for day in stocks()["as_at"]])
    assert found(finder, periods) == found(finder, stocks())
    years = stocks().assign(as_at=["2022-23", "2022-23", "2023-24", "2023-24", "2023-24"])
    assert found(finder, years) == [("On 2023-24", "in_area", 61)]
    none = stocks().assign(as_at=None)
    assert found(finder, none) == []


def test_a_rule_is_the_one_in_force_or_named_or_the_row_s_own() -> None:
    def asked(rule: str, take: int = 1) -> Finder:
        return Finder("stocks", "rate_pct", "{label}", "%", rule=rule, take=take)

    assert found(asked(IN_FORCE), stocks()) == [("one", RULE, 70)]
    assert found(asked("in_area"), stocks()) == [("two", "in_area", 60.5)]
    assert found(asked(OF_ROW, 2), stocks()) == [("one", RULE, 70), ("two", "in_area", 60.5)]
    assert found(asked("border_10_miles"), stocks()) == []
    assert found(Finder("stocks", "rate_pct", "", "%"), stocks())[0][1] == ""


@pytest.mark.parametrize("mark", ["c", "k"])
def test_a_suppressed_figure_is_there_and_stays_a_mark(mark: str) -> None:
    finder = Finder("stocks", "rate_pct", "", "%")
    assert found(finder, stocks().assign(rate_pct=mark)) == [("", "", mark)]


@pytest.mark.parametrize("blank", ["x", "z", "", None, float("nan"), pd.NA])
def test_what_is_not_available_or_applicable_or_blank_is_no_figure(blank: object) -> None:
    finder = Finder("stocks", "rate_pct", "", "%", take=5)
    assert found(finder, stocks().assign(rate_pct=blank)) == []


def test_what_an_absent_table_column_or_row_would_hold_is_no_figure() -> None:
    finder = Finder("stocks", "rate_pct", "", "%", (("cohort", "all"),))
    assert figures(finder, {}, rule=RULE, day=DAY) == []
    assert found(finder, stocks()[:0]) == []
    assert found(finder, stocks().drop(columns="cohort")) == []
    assert found(finder, stocks().assign(cohort="other")) == []


def test_numbers_name_rows_however_they_are_stored() -> None:
    for year in ([18] * 5, [18.0] * 5, ["18"] * 5):
        finder = Finder("stocks", "rate_pct", "At {cohort}", "%", (("cohort", "18"),))
        assert found(finder, stocks().assign(cohort=year))[0][0] == "At 18"


@pytest.mark.parametrize("storage", STORAGES)
def test_text_may_be_stored_in_any_way(storage: str) -> None:
    text = stocks().assign(rate_pct="c").astype("object")
    frame = stored_as(text, storage)
    before = frame.copy(deep=True)
    finder = Finder("stocks", "rate_pct", "{label} on {on}", "%", (("cohort", "all"),), "as_at",
                    rule=IN_FORCE)
    assert found(finder, frame) == [("three on 31 March 2025", RULE, "c")]
    pd.testing.assert_frame_equal(frame, before)


def test_a_fan_has_both_ends_and_the_middle() -> None:
    middle = Finder("gap", "gap_p50", "Places short", "places")
    assert [(one.column, one.measure.partition(": ")[2][:5]) for one in fan(middle)] == [
        ("gap_p10", "lower"), ("gap_p50", "middl"), ("gap_p90", "upper")
    ]
    assert {one.plainly() for one in fan(middle)} == {"Places short"}


# --- what the clauses name -------------------------------------------------------------------


@pytest.mark.parametrize("finder", FINDERS, ids=named)
def test_a_finder_names_a_table_its_columns_and_codes(finder: Finder) -> None:
    spec = SPECS[finder.table]
    held = {*spec.keys, *spec.counts, *spec.derived, *spec.hide, *spec.under, *spec.missing}
    assert set(finder.columns) <= held & set(FIELDS)
    for column, code in finder.where:
        assert column in ("turning_age", "places_added") or code in CODE_WORDS[column]
    assert len(set(dict(finder.where))) == len(finder.where)
    assert finder.plainly() and "{" not in finder.plainly()


@pytest.mark.parametrize("finder", FINDERS, ids=named)
def test_a_finder_takes_its_figure_from_such_a_table(finder: Finder) -> None:
    """Beside the row it names stand one of another code and one of another day."""
    day = DAY if finder.when not in (NEXT, FURTHEST) else "2027-03-31"
    row = {column: "in words" for column in SPECS[finder.table].keys} | dict(finder.where)
    row |= dict.fromkeys(finder.named, "5")
    row |= {finder.dated: day} if finder.dated else {}
    row |= {"rule": finder.rule if finder.rule not in (IN_FORCE, OF_ROW) else RULE}
    row |= {finder.column: 12.5}
    others = [row | {column: "another", finder.column: 1.0} for column, _ in finder.where]
    frame = pd.DataFrame([*others, row])
    taken = figures(finder, {finder.table: frame}, rule=RULE, day=DAY)
    assert [(one.value, one.unit, one.stands_in) for one in taken] == [
        (12.5, finder.unit, finder.table)
    ]
    assert taken[0].rule == (row["rule"] if finder.rule else "")
    assert "{" not in taken[0].measure
    if finder.dated:
        earlier = frame.assign(**{finder.dated: "2019-03-31", finder.column: 1.0})
        both = {finder.table: pd.concat([earlier, frame])}
        assert figures(finder, both, rule=RULE, day=DAY) == taken


def test_the_column_of_a_finder_is_in_the_worked_example_of_its_table() -> None:
    """Where a table has one: its head and the codes of its rows."""
    folder = Path(__file__).parent / "spec"
    seen = 0
    for finder in FINDERS:
        example = folder / f"{finder.table}.toml"
        if not example.exists():
            continue
        expected = example.read_text().partition('expected = """')[2].partition('"""')[0]
        head = [cell.strip() for cell in expected.strip().splitlines()[0].split("|")]
        assert set(finder.columns) <= set(head), finder
        seen += 1
    assert seen > 20


def test_whatever_takes_local_data_says_which() -> None:
    assert set(DATA) <= {finder.table for finder in FINDERS}
    for finder in FINDERS:
        source = SPECS[finder.table].source
        assert finder.table in DATA or not re.search("register|ledger|referrals|households", source)


# --- that every clause is there --------------------------------------------------------------


def test_no_clause_is_there_twice_and_sources_stand_in_order() -> None:
    assert len({(clause.source, clause.code) for clause in CLAUSES}) == len(CLAUSES)
    order = [SOURCES.index(clause.source) for clause in CLAUSES]
    assert order == sorted(order) and set(order) == set(range(len(SOURCES)))


def test_every_part_of_the_law_is_there() -> None:
    assert [clause.code for clause in of_source("children_act")] == [
        "22G(1)", "22G(2)(a)", "22G(2)(b)", "22G(3)(a)", "22G(3)(b)", "22G(3)(c)", "22G(4)(a)",
        "22G(4)(b)", "22G(5), foster parents", "22G(5), children's homes", "22C(7)(a)",
        "22C(8)(a)", "22C(8)(b)", "22C(8)(c)", "22C(8)(d)", "22C(9)",
    ]


def test_every_point_of_the_guidance_is_there_and_each_of_the_five_outcomes() -> None:
    codes = [clause.code for clause in of_source("guidance_4_7")]
    points = ["first", "second", "third", "fourth", "fifth", "sixth"]
    assert [code for code in codes if ": " not in code] == [
        *(f"4.7, {point} point" for point in points), "4.8", "4.9", "4.5", "2.13",
    ]
    assert [code.partition(": ")[2] for code in codes if ": " in code] == [
        "be healthy", "stay safe", "enjoy and achieve", "positive contribution",
        "economic wellbeing",
    ]


def test_questions_are_numbered_within_their_topic() -> None:
    codes = [clause.code for clause in of_source("lga")]
    parts = [re.fullmatch(r"LGA, ([a-z ]+), question (\d+)", code).groups() for code in codes]
    assert parts[0][1] == "1"
    for (topic, number), (next_topic, next_number) in pairwise(parts):
        assert int(next_number) == (int(number) + 1 if next_topic == topic else 1)


@pytest.fixture(scope="module")
def texts(shared_dir: Path) -> tuple[str, str]:
    """The guidance and the resource pack."""
    guidance, pack = (next((shared_dir / "seeds").glob(f"{name}_*.txt")) for name in ("000", "001"))
    return guidance.read_text(), pack.read_text()


def between(text: str, first: str, last: str) -> str:
    return text.partition(first)[2].partition(last)[0]


def bullets(text: str) -> int:
    return len(re.findall(r"^- \w", text, re.MULTILINE))


def test_the_texts_have_no_more_points_than_are_here(texts: tuple[str, str]) -> None:
    guidance, pack = texts
    needs = between(guidance, "The strategic needs assessment will:", "Investing in strategic")
    assert bullets(needs) == 6
    box_1 = between(guidance, "Box 1: What does", "What is 'reasonably practicable'")
    assert bullets(box_1) == len(of_source("box_1")) == 12
    box_2 = between(guidance, "Box 2: How can", "How will sufficiency be monitored?")
    assert bullets(box_2) == len(of_source("box_2")) == 7
    assert pack.count("?") == len(of_source("lga")) == 38


def test_the_law_has_no_more_letters_than_are_here(texts: tuple[str, str]) -> None:
    law = between(texts[0], "22G General duty of local authority", "Annex 2. Overview")
    parts = re.findall(r"^(?:- )?\((\d|[a-z])\)", law, re.MULTILINE)
    letters = [part for part in parts if part.isalpha()]
    ours = [code for code in (clause.code for clause in of_source("children_act"))
            if re.match(r"22G\(\d\)\([a-z]\)", code)]
    assert [re.search(r"\(([a-z])\)", code).group(1) for code in ours] == letters
    assert [part for part in parts if part.isdigit()] == ["1", "2", "3", "4", "5"]
    assert bullets(law.partition("(5)")[2]) == 2


# --- that they are in plain words ------------------------------------------------------------


def sentences(clause: Clause) -> list[str]:
    return [clause.asks, clause.would_show, *filter(None, [clause.in_part])]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.code)
def test_what_is_said_is_in_sentences(clause: Clause) -> None:
    for text in sentences(clause):
        assert text == text.strip() and "  " not in text and re.search(r"[.?]$", text)
        assert text[0].isupper() or re.match(r"[a-z_]+\.(csv|toml)", text)
        assert text.isascii()
        assert not re.search(r"\b(center|program|behavior|\w+niz\w+|\w+liz\w+)\b", text.lower())
    assert clause.asks.endswith("?") == (clause.source == "lga")
    assert len(clause.asks) <= 170 and len(clause.finders) <= 5
    assert bool(clause.finders) or not clause.in_part


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.code)
def test_the_data_that_a_sentence_names_are_inputs_of_the_suite(clause: Clause) -> None:
    for text in sentences(clause):
        files = re.findall(r"(\w+)\.(csv|toml)", text)
        assert {name for name, kind in files if kind == "csv"} <= set(LOCAL)
        assert {name for name, kind in files if kind == "toml"} <= {"profile"}


def test_no_clause_copies_a_long_passage(texts: tuple[str, str]) -> None:
    """Ten words in a row would be the text's own and not a paraphrase."""
    held = " ".join(re.findall(r"[a-z']+", " ".join(texts).lower()))
    for clause in CLAUSES:
        words = re.findall(r"[a-z']+", clause.asks.lower())
        for at in range(len(words) - 9):
            assert " ".join(words[at:at + 10]) not in held, clause.code
