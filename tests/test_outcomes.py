"""The five outcomes, and the tables of outcomes as the public may see them."""

from __future__ import annotations

import pandas as pd
import publishing
import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes.outcomes import (
    FIVE_OUTCOMES,
    MEASURE_LABELS,
    OUTCOME_OF,
    activity,
    care_leaver_home,
    is_suitable,
    move_reason,
)
from sufficiency_lib.metrics import adoption, care_leavers, health, missing, moves, stability
from sufficiency_lib.metrics.answers import answered
from sufficiency_lib.metrics.outcomes import COLUMNS, five_outcomes
from sufficiency_lib.publish.specs import CODE_WORDS

WORDS = ("five_outcome", "measure", "leaver_age", "leaver_activity", "leaver_home", "move_reason")


def test_every_measure_has_its_outcome_and_its_words() -> None:
    assert set(OUTCOME_OF) == set(MEASURE_LABELS)
    assert set(OUTCOME_OF.values()) == set(FIVE_OUTCOMES)
    counted = {*stability.MEASURES, *moves.ENDINGS, *missing.KINDS, *health.MEASURES,
               *care_leavers.MEASURES, *adoption.MEASURES}
    assert counted <= set(OUTCOME_OF)
    assert set(WORDS) <= set(CODE_WORDS)


@pytest.mark.parametrize("code", [None, "", "0", "??"])
def test_a_code_that_is_none_is_not_recorded(code) -> None:
    assert activity(code) == care_leaver_home(code) == move_reason(code) == "not_recorded"
    assert is_suitable(code) is None


def table(measure: str, counts: tuple[int, int, int], **keys: str) -> pd.DataFrame:
    """A table of one measure, with so many of yes, no and not recorded."""
    answers = [True] * counts[0] + [False] * counts[1] + [None] * counts[2]
    rows = pd.DataFrame({"measure": measure, "answer": pd.array(answers, dtype="boolean")})
    rows = rows.assign(**{"year_ending": "2025-03-31"} | keys)
    levels = {name: [value] for name, value in rows.drop(columns="answer").iloc[0].items()} \
        if answers else {"measure": [measure], "year_ending": ["2025-03-31"]} | {
            name: [value] for name, value in keys.items()}
    frame = answered(rows, levels, pd.DataFrame(index=[0]))
    return frame.assign(five_outcome=OUTCOME_OF[measure])


_few = st.integers(0, 12)


@given(_few, _few, _few)
@quickly
def test_no_small_answer_is_shown_or_can_be_worked_out(yes: int, no: int, silent: int) -> None:
    shown = publishing.page().disclose("health", table("teeth_check", (yes, no, silent))).iloc[0]
    cells = [shown[name] for name in ("numerator", "answered_no", "not_recorded", "denominator")]
    assert not [cell for cell in cells if not isinstance(cell, str) and 0 < cell <= 5]
    assert cells.count("c") != 1
    if "c" in (shown["numerator"], shown["denominator"]):
        assert shown["rate_pct"] in ("c", "x")
    if "c" in (shown["numerator"], shown["answered_no"]):
        assert shown["rate_of_known_pct"] in ("c", "x")


def test_a_few_not_recorded_do_not_hide_the_rate_of_all() -> None:
    shown = publishing.page().disclose("health", table("teeth_check", (80, 30, 3))).iloc[0]
    assert (shown["numerator"], shown["denominator"], shown["rate_pct"]) == (80, 113, 70.8)
    assert (shown["not_recorded"], shown["rate_of_known_pct"]) == ("c", "c")


def test_what_is_hidden_in_a_table_is_hidden_under_its_outcome() -> None:
    page = publishing.page()
    settled = table("same_carer_2_years", (40, 3, 0)).rename(columns={"year_ending": "as_at"})
    scores = pd.DataFrame({
        "year_ending": ["2024-03-31", "2025-03-31"], "five_outcome": "be_healthy",
        "children": [40, 40], "scored": [30, 30], "scored_pct": 75.0, "normal": [10, 20],
        "borderline": [10, 7], "cause_for_concern": [10, 3],
        "cause_for_concern_pct": [33.3, 10.0], "score_mean": [14.0, 9.0],
    })
    made = {
        "stability": settled.drop(columns=["not_recorded", "rate_of_known_pct"]),
        "unplanned_endings": table("unplanned_moves", (20, 20, 0)),
        "missing_from_care": table("missing", (0, 80, 0)),
        "health": table("convicted", (0, 0, 9)),
        "sdq_scores": scores,
        "care_leavers": table("in_touch", (20, 20, 0), leaver_age="19_21"),
        "adoption_within_12_months": table("adoption_within_12_months", (0, 0, 0)),
    }
    shown = five_outcomes(**{name: page.disclose(name, one) for name, one in made.items()})
    again = page.disclose("five_outcomes", shown).set_index("measure")
    assert list(shown) == list(COLUMNS)
    assert again.loc["same_carer_2_years", ["numerator", "rate_pct"]].tolist() == ["c", "c"]
    assert again.loc["sdq_cause_for_concern", ["numerator", "rate_pct"]].tolist() == ["c", "c"]
    assert again.loc["convicted", ["numerator", "rate_pct"]].tolist() == ["x", "x"]
    assert again.loc["missing", ["numerator", "rate_pct"]].tolist() == [0, 0.0]
    assert again.at["adoption_within_12_months", "rate_pct"] == "z"
