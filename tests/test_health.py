"""What OC2 says: who is asked, and that nothing recorded is never no."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, history, sparingly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.metrics.health import MEASURES, health, sdq_scores, substance_misuse_help

YEAR = ["2025-03-31"]
ANSWERS = (
    "convicted", "health_check", "immunisations", "teeth_check", "health_assessment",
    "substance_misuse", "intervention_received", "intervention_offered",
)


def told(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """Rows of OC2 as they are cleaned; nothing is recorded but what is said."""
    ordinary = {"child_id": "c0", "sdq_score": None, "sdq_reason": None, "return_year": 2025}
    ordinary |= dict.fromkeys(ANSWERS)
    frame = pd.DataFrame([ordinary | row for row in rows], columns=list(ordinary))
    types = dict.fromkeys(ANSWERS, "boolean") | {"sdq_score": "Int64", "return_year": "int64"}
    return stored_as(frame.astype(types | {"child_id": object, "sdq_reason": object}), storage)


def one(measure: str, oc2: pd.DataFrame, **child: object) -> list[int]:
    """Yes, no, not recorded and all, of one child looked after since 2020."""
    frame = health(history({"child_id": "c0", "decom": "2020-05-01"} | child), oc2, YEAR)
    row = frame.set_index("measure").loc[measure]
    return [None if pd.isna(row[c]) else int(row[c])
            for c in ("numerator", "answered_no", "not_recorded", "denominator")]


@pytest.mark.parametrize(
    ("said", "counts"), [(True, [1, 0, 0, 1]), (False, [0, 1, 0, 1]), (None, [None, None, 1, 1])],
)
def test_yes_no_and_not_recorded_are_three_things(said, counts) -> None:
    assert one("teeth_check", told({"teeth_check": said})) == counts


def test_a_child_without_a_row_is_not_recorded() -> None:
    assert one("teeth_check", told({"child_id": "other", "teeth_check": True}))[2:] == [1, 1]
    assert one("teeth_check", told({"return_year": 2024, "teeth_check": True}))[2:] == [1, 1]


@pytest.mark.parametrize(
    ("start", "asked"), [("2024-04-01", 1), ("2024-04-02", 0)],
)
def test_looked_after_for_the_twelve_months(start: str, asked: int) -> None:
    assert one("immunisations", told({"immunisations": True}), decom=start)[3] == asked


@pytest.mark.parametrize(
    ("measure", "dob", "asked"),
    [("health_check", "2020-04-01", 1), ("health_check", "2020-03-31", 0),
     ("convicted", "2015-03-31", 1), ("convicted", "2015-04-01", 0),
     ("health_check", None, 0), ("convicted", None, 0), ("teeth_check", None, 1)],
)
def test_each_question_is_asked_of_its_ages(measure: str, dob, asked: int) -> None:
    assert one(measure, told({measure: True}), dob=dob)[3] == asked


def test_short_breaks_and_who_has_left_are_not_asked() -> None:
    oc2 = told({"teeth_check": True})
    assert one("teeth_check", oc2, is_short_break=True)[3] == 0
    assert one("teeth_check", oc2, dec="2025-03-31")[3] == 0


def test_time_in_care_runs_through_episodes_of_one_period() -> None:
    rows = history({"child_id": "c0", "care_period_id": 1, "decom": "2020-05-01",
                    "dec": "2025-01-01"},
                   {"child_id": "c0", "care_period_id": 1, "decom": "2025-01-01", "rne": "L"})
    frame = health(rows, told({"teeth_check": True}), YEAR).set_index("measure")
    assert frame.at["teeth_check", "denominator"] == 1


@pytest.mark.parametrize(
    ("received", "offered", "help_had"),
    [(True, None, "received"), (True, True, "received"), (False, True, "refused"),
     (None, True, "refused"), (False, None, "neither"), (None, None, "not_recorded")],
)
def test_help_for_substance_misuse(received, offered, help_had: str) -> None:
    oc2 = told({"substance_misuse": True, "intervention_received": received,
                "intervention_offered": offered})
    frame = substance_misuse_help(history({"child_id": "c0", "decom": "2020-05-01"}), oc2, YEAR)
    assert frame.loc[frame["children"] == 1, "misuse_help"].tolist() == [help_had]


@pytest.mark.parametrize(
    ("score", "band"),
    [(0, "normal"), (13, "normal"), (14, "borderline"), (16, "borderline"),
     (17, "cause_for_concern"), (40, "cause_for_concern"), (None, None)],
)
def test_bands_of_the_score(score, band) -> None:
    rows = history({"child_id": "c0", "decom": "2020-05-01"})
    shown = sdq_scores(rows, told({"sdq_score": score}), YEAR).iloc[0]
    assert (shown["children"], shown["scored"]) == (1, 0 if band is None else 1)
    for one_band in ("normal", "borderline", "cause_for_concern"):
        assert shown[one_band] == (one_band == band)
    assert shown["score_mean"] == score if band else pd.isna(shown["score_mean"])


@pytest.mark.parametrize(("dob", "asked"), [("2021-03-31", 1), ("2021-04-01", 0),
                                            ("2008-04-01", 1), ("2008-03-31", 0)])
def test_the_questionnaire_is_for_ages_4_to_16(dob: str, asked: int) -> None:
    rows = history({"child_id": "c0", "decom": "2021-05-01", "dob": dob})
    assert sdq_scores(rows, told({"sdq_score": 10}), YEAR).at[0, "children"] == asked


@pytest.mark.parametrize("storage", STORAGES)
def test_without_oc2_nothing_is_known_and_without_children_nobody_is_asked(storage: str) -> None:
    rows = history({"decom": "2020-05-01", "dob": "2012-05-01"}, storage=storage)
    shown = health(rows, told(storage=storage), YEAR)
    asked = shown[shown["denominator"] > 0]
    assert asked["numerator"].isna().all() and asked["rate_pct"].isna().all()
    assert sdq_scores(rows, told(storage=storage), YEAR).at[0, "children"] == 1
    assert pd.isna(sdq_scores(rows, told(storage=storage), YEAR).at[0, "scored"])
    assert substance_misuse_help(rows, told(storage=storage), YEAR)["children"].isna().all()
    nobody = health(rows.head(0), told(storage=storage), YEAR)
    assert nobody["measure"].tolist() == list(MEASURES)
    assert nobody["denominator"].sum() == 0 and nobody["rate_pct"].isna().all()


_child = st.fixed_dictionaries({
    "dob": st.sampled_from(["2008-05-01", "2014-05-01", "2022-05-01", None]),
    "decom": st.sampled_from(["2020-05-01", "2024-06-01"]),
    "where": st.sampled_from(["north", "south"]),
    "said": st.sampled_from([True, False, None]),
    "score": st.none() | st.integers(0, 40),
})


@given(st.lists(_child, min_size=1, max_size=8))
@sparingly
def test_answers_add_up_and_authorities_stand_one_after_another(children) -> None:
    where = [child["where"] for child in children]
    rows = history(*({k: child[k] for k in ("dob", "decom")} for child in children))
    rows = rows.assign(authority=where)
    oc2 = told(*({"child_id": f"c{at}", "sdq_score": child["score"],
                  "substance_misuse": child["said"], "teeth_check": child["said"]}
                 for at, child in enumerate(children))).assign(authority=where)
    shown = health(rows, oc2, YEAR)
    parts = shown["numerator"].fillna(0) + shown["answered_no"].fillna(0) + shown["not_recorded"]
    assert (parts == shown["denominator"]).all()
    assert (shown["rate_pct"].isna() | (shown["rate_pct"] <= shown["rate_of_known_pct"])).all()
    for measure in (health, sdq_scores, substance_misuse_help):
        whole = measure(rows, oc2, YEAR, by=["authority"])
        each = [measure(part, oc2[oc2["authority"] == name], YEAR).assign(authority=name)
                for name, part in rows.groupby("authority")]
        pd.testing.assert_frame_equal(whole, pd.concat(each, ignore_index=True)[list(whole)])
