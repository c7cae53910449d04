"""Each clause stands beside the figures of the tables shown, or says what data would show it."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from sufficiency_lib.judgement.clause import Clause, Finder
from sufficiency_lib.judgement.duties import CLAUSES, COLUMNS, SOURCES, coverage, duties
from sufficiency_lib.publish.disclosure import disclose
from sufficiency_lib.publish.render import render_table
from sufficiency_lib.publish.specs import CODE_WORDS, SPECS
from sufficiency_lib.publish.specs.duties import TITLES
from sufficiency_lib.publish.wording import Words

RULE, DAY = "home_20_miles", "2025-03-31"
GATE = SimpleNamespace(threshold=5, round_to=1)


def locality(**rates: object) -> pd.DataFrame:
    """A table of places by rule: rule → rate of all children, of whom 25 are not known."""
    return pd.DataFrame([
        {"rule": rule, "cohort": "all", "children": 330, "not_known": 25, "rate_pct": rate}
        for rule, rate in rates.items()
    ])


def providers(number: object, owners: object) -> pd.DataFrame:
    return pd.DataFrame({"area": ["all", "inside"], "providers": [40, number],
                         "owners": [38, owners], "kinds": [5, 3]})


def of_clause(frame: pd.DataFrame, clause: str) -> list[dict[str, object]]:
    return frame[frame["clause"] == clause].to_dict("records")


def made(shown: dict[str, pd.DataFrame], **changes: object) -> pd.DataFrame:
    return duties(shown, **{"rule": RULE, "day": DAY} | changes)


def test_nothing_is_evidenced_by_nothing() -> None:
    empty = {table: pd.DataFrame(columns=list(spec.keys)) for table, spec in SPECS.items()}
    for shown in ({}, empty):
        frame = made(shown)
        assert tuple(frame.columns) == COLUMNS and len(frame) == len(CLAUSES)
        assert set(frame["evidenced"]) == {"no"} and (frame["would_show"] != "").all()
        assert (frame[["measure", "rule", "value", "unit", "stands_in"]] == "").all(axis=None)
        assert frame["would_show"].tolist() == [clause.would_show for clause in CLAUSES]


def test_a_clause_has_a_row_for_each_figure_with_its_rule_and_table() -> None:
    rows = of_clause(made({"locality": locality(in_area=66.7, border_10_miles=80.0)}), "22C(9)")
    assert [(row["value"], row["rule"], row["unit"], row["stands_in"]) for row in rows] == [
        (66.7, "in_area", "%", "locality"), (80, "border_10_miles", "%", "locality"),
    ]
    assert {row["evidenced"] for row in rows} == {"in_part"}
    assert {row["source"] for row in rows} == {"children_act"}
    assert "reasonably practicable" in rows[0]["would_show"] and rows[1]["would_show"] == ""


def test_what_is_not_there_is_named_with_the_data_it_takes() -> None:
    rows = of_clause(made({"number_and_range": providers(20, 18)}), "22G(4)(a)")
    assert [row["value"] for row in rows] == [20, 18]
    assert rows[0]["would_show"].endswith(
        "Not shown: The largest organisation's share of children's home places inside the area. "
        "It takes provision.csv: places, vacancies, owner, grade and authority of each provider."
    )


ONE = Clause("box_1", "one", "Is there one?", "It takes a list.",
             (Finder("list", "places", "Places", "places"),))
TWO = Clause("box_1", "two", "Are there two?", "It takes two lists.",
             (*ONE.finders, Finder("list", "vacancies", "Vacancies", "places")))
OPEN = Clause("lga", "open", "Is it open?", "It takes a list.", ONE.finders, "Why is not told.")


def test_figures_that_leave_nothing_open_answer_the_clause() -> None:
    shown = {"list": pd.DataFrame({"places": [4], "vacancies": [0]})}
    frame = made(shown, clauses=(ONE, TWO, OPEN))
    assert frame[["clause", "evidenced", "value", "would_show"]].values.tolist() == [
        ["one", "yes", 4, ""],
        ["two", "yes", 4, ""],
        ["two", "yes", 0, ""],
        ["open", "in_part", 4, "Why is not told."],
    ]


def test_a_figure_that_is_not_there_leaves_the_clause_answered_in_part() -> None:
    shown = {"list": pd.DataFrame({"places": [4], "vacancies": ["x"]})}
    row = made(shown, clauses=(TWO,)).to_dict("records")
    assert [(one["evidenced"], one["would_show"]) for one in row] == [(
        "in_part",
        "Not shown: Vacancies. It takes SSDA903 returns with the columns and years that the "
        "table takes.",
    )]


@pytest.mark.parametrize("mark", ["c", "k"])
def test_a_mark_is_evidence_and_stays_a_mark(mark: str) -> None:
    frame = made({"list": pd.DataFrame({"places": [mark]})}, clauses=(ONE, OPEN))
    assert frame[["evidenced", "value"]].values.tolist() == [["yes", mark], ["in_part", mark]]
    shown = disclose(frame, SPECS["duties"], GATE)
    assert shown["value"].tolist() == [mark, mark]


def test_disclosed_and_undisclosed_tables_have_the_same_rows() -> None:
    """The joint decision reads the one, the page the other; they must be of the same rows."""
    raw = {"locality": locality(in_area=66.7, home_20_miles=73.0),
           "number_and_range": providers(20, 18)}
    shown = {table: frame.astype(object) for table, frame in raw.items()}
    shown["locality"].loc[0, "rate_pct"] = "c"
    ours, theirs = made(raw), made(shown)
    same = [column for column in COLUMNS if column != "value"]
    pd.testing.assert_frame_equal(ours[same], theirs[same])
    differ = ours["value"].map(str) != theirs["value"].map(str)
    assert set(theirs.loc[differ, "value"]) == {"c"}
    assert set(ours.loc[differ, "measure"]) == {"Children placed inside the authority's area"}


def test_the_newest_year_up_to_the_day_is_taken_and_the_forecast_after_it() -> None:
    stock = pd.DataFrame({"as_at": ["2024-03-31", "2025-03-31"], "children": [328, 330],
                          "rate_per_10000": [92.0, 93.0]})
    years = [f"{year}-03-31" for year in range(2026, 2036)]
    ahead = pd.DataFrame({
        "scenario": "no_change", "date": years, "placement_group": "all",
        "p10": range(290, 300), "p50": range(330, 340), "p90": range(370, 380),
    })
    frame = made({"children_looked_after": stock, "forecast_by_year": ahead})
    assert [row["value"] for row in of_clause(frame, "22G(3)(a)")] == [330, 93]
    horizon = of_clause(frame, "4.7, fourth point")
    assert [row["value"] for row in horizon] == [330, 299, 339, 379]
    assert {row["evidenced"] for row in horizon} == {"yes"}
    assert "31 March 2026" in horizon[0]["measure"] and "31 March 2035" in horizon[3]["measure"]
    before = made({"children_looked_after": stock}, day="2024-12-01")
    assert [row["value"] for row in of_clause(before, "22G(3)(a)")] == [328, 92]


def test_the_tables_given_are_left_as_they_are_and_the_same_again() -> None:
    given = {"locality": locality(in_area="c", home_20_miles=73.0)}
    before = given["locality"].copy(deep=True)
    first, second = made(given), made(given)
    pd.testing.assert_frame_equal(given["locality"], before)
    pd.testing.assert_frame_equal(first, second)


def test_coverage_counts_each_clause_once_and_adds_up() -> None:
    stock = pd.DataFrame({"as_at": [DAY], "children": [330], "rate_per_10000": [93.0]})
    shown = {"locality": locality(in_area=66.7), "children_looked_after": stock}
    counted = coverage(made(shown))
    assert counted["source"].tolist() == list(SOURCES)
    assert counted["clauses"].tolist() == [16, 15, 12, 7, 38]
    parts = counted[["answered", "answered_in_part", "not_evidenced"]].sum(axis=1)
    assert parts.tolist() == counted["clauses"].tolist()
    # 22G(3)(a) is answered; 22G(2)(a) and 22C(9) in part, by the share in the area.
    assert counted.iloc[0].tolist() == ["children_act", 16, 1, 2, 13]
    # 4.7's second point by the number looked after, and Box 1's first by the share in the area.
    assert counted["answered_in_part"].tolist() == [2, 1, 1, 0, 0]


def test_coverage_of_nothing_is_nought() -> None:
    none = coverage(made({}, clauses=()))
    assert none["clauses"].tolist() == [0] * len(SOURCES)


# --- on the page -----------------------------------------------------------------------------


def page_of(frame: pd.DataFrame, table: str = "duties") -> str:
    spec = SPECS[table]
    return render_table(disclose(frame, spec, GATE), spec, Words(), title=spec.title,
                        note=spec.note, anchor=table)


def test_the_page_says_the_question_the_figure_and_what_is_open() -> None:
    html = page_of(made({"locality": locality(in_area=66.7, border_10_miles="c")}))
    at = html.index("unless that is not reasonably practicable")
    row = html[at:at + 1200]
    assert "22C(9)" in row and "In part" in row and "66.7%" in row
    assert "Inside the authority" in row and "<span class=\"small\">Children placed locally" in row
    assert "in_part" not in html and "children_act" not in html and "border_10_miles" not in html
    assert not re.search(r">\s*(nan|None|Not recorded)\s*<", html)


def test_a_clause_without_a_figure_has_an_empty_cell_and_no_mark() -> None:
    html = page_of(made({}))
    assert "not available" not in html and ">No<" in html


def test_a_small_number_of_children_does_not_pass_the_gate() -> None:
    """Figures come disclosed; one that did not would be hidden here."""
    few = pd.DataFrame({"as_at": [DAY], "children": [3], "rate_per_10000": [0.5]})
    shown = disclose(made({"children_looked_after": few}), SPECS["duties"], GATE)
    assert [row["value"] for row in of_clause(shown, "22G(3)(a)")] == ["c", 0.5]
    homes = pd.DataFrame({"provision_type": ["childrens_home"], "area": ["inside"],
                          "providers": [3], "places": [4]})
    shown = disclose(made({"supply_by_area": homes}), SPECS["duties"], GATE)
    assert [row["value"] for row in of_clause(shown, "22G(5), children's homes")] == [3]


def test_every_source_and_table_has_its_words() -> None:
    assert set(TITLES) == set(SOURCES) == set(CODE_WORDS["source"])
    used = {finder.table for clause in CLAUSES for finder in clause.finders}
    assert used <= set(CODE_WORDS["stands_in"])
    html = page_of(coverage(made({})), "duties_coverage")
    assert "Box 1" in html and html.count("<tr>") == 6
