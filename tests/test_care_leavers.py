"""Care leavers: who is one, at which age, and what each code says."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import STORAGES, sparingly, stored_as
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes.outcomes import ACTIVITY_LABELS, HOME_LABELS
from sufficiency_lib.metrics.care_leavers import (
    MEASURES,
    care_leavers,
    leavers_by_activity,
    leavers_by_home,
)

YEAR = ["2025-03-31"]


def told(*rows: dict[str, object], storage: str = "object") -> pd.DataFrame:
    """Rows of OC3 as they are cleaned: of a 19-year-old in touch, at work and well housed."""
    ordinary = {"child_id": "a", "dob": "2005-05-01", "in_touch": "YES", "activ": "F5",
                "accom": "U1", "return_year": 2025}
    frame = pd.DataFrame([ordinary | {"child_id": f"c{at}"} | row for at, row in enumerate(rows)],
                         columns=list(ordinary))
    frame["dob"] = pd.to_datetime(frame["dob"])
    texts = dict.fromkeys(("child_id", "in_touch", "activ", "accom"), object)
    return stored_as(frame.astype(texts | {"return_year": "int64"}), storage)


def answer(measure: str, **row: object) -> bool | None:
    frame = care_leavers(told(row), YEAR).set_index(["leaver_age", "measure"])
    shown = frame.loc[("19_21", measure)]
    assert shown["denominator"] == 1
    return None if shown["not_recorded"] else bool(shown["numerator"])


@pytest.mark.parametrize(
    ("dob", "age"),
    [("2008-04-01", None), ("2008-03-31", "17_18"), ("2006-04-01", "17_18"),
     ("2006-03-31", "19_21"), ("2003-04-01", "19_21"), ("2003-03-31", None), (None, None)],
)
def test_ages_on_the_birthday_in_the_year(dob, age) -> None:
    frame = care_leavers(told({"dob": dob}), YEAR)
    found = frame.loc[frame["denominator"] > 0, "leaver_age"].unique().tolist()
    assert found == ([age] if age else [])


@pytest.mark.parametrize("code", ["DIED", "RHOM"])
def test_who_died_or_went_back_is_left_out(code: str) -> None:
    assert care_leavers(told({"in_touch": code}), YEAR)["denominator"].sum() == 0


@pytest.mark.parametrize(
    ("code", "said"),
    [("YES", True), ("NO", False), ("REFU", False), ("NREQ", False), (None, None), ("Q", None)],
)
def test_in_touch(code, said) -> None:
    assert answer("in_touch", in_touch=code) is said


@pytest.mark.parametrize(
    ("code", "learns", "active"),
    [("F1", True, True), ("P2", True, True), ("F4", False, True), ("P5", False, True),
     ("G4", False, False), ("G6", False, False), ("0", None, None), (None, None, None),
     ("XX", None, None)],
)
def test_activity(code, learns, active) -> None:
    assert answer("in_education", activ=code) is learns
    assert answer("in_education_employment_or_training", activ=code) is active


@pytest.mark.parametrize(
    ("code", "suitable", "home"),
    [("B1", True, "parents_or_relatives"), ("W2", False, "emergency_or_none"),
     ("X2", False, "custody"), ("G1", None, "abroad"), ("R2", None, "not_recorded"),
     ("0", None, "not_recorded"), (None, None, "not_recorded"),
     ("Z1", True, "former_foster_carers"),
     ("U", None, "independent")],
)
def test_homes(code, suitable, home: str) -> None:
    assert answer("suitable_accommodation", accom=code) is suitable
    frame = leavers_by_home(told({"accom": code}), YEAR)
    assert frame.loc[frame["young_people"] == 1, "leaver_home"].tolist() == [home]


def test_a_young_person_is_counted_once_a_year_as_last_told() -> None:
    rows = told({"child_id": "a", "activ": "G5"}, {"child_id": "a", "activ": "F1"})
    frame = leavers_by_activity(rows, YEAR)
    assert frame.loc[frame["young_people"] > 0, "leaver_activity"].tolist() == ["higher_education"]


@pytest.mark.parametrize("storage", STORAGES)
def test_without_oc3_nothing_is_known_and_never_nobody(storage: str) -> None:
    rows = told(storage=storage)
    frame = care_leavers(rows, YEAR)
    assert frame["measure"].tolist() == [*MEASURES, *MEASURES]
    assert frame["denominator"].isna().all() and frame["rate_pct"].isna().all()
    assert leavers_by_activity(rows, YEAR)["young_people"].isna().all()
    assert len(leavers_by_activity(rows, YEAR)) == 2 * len(ACTIVITY_LABELS)
    assert len(leavers_by_home(rows, YEAR)) == 2 * len(HOME_LABELS)


_leaver = st.fixed_dictionaries({
    "dob": st.sampled_from(["2007-05-01", "2005-05-01", "2000-05-01", None]),
    "in_touch": st.sampled_from(["YES", "NO", "DIED", None]),
    "activ": st.sampled_from(["F1", "P5", "G5", "0", None]),
    "accom": st.sampled_from(["B1", "W2", "G1", "0", None]),
    "return_year": st.sampled_from([2024, 2025]),
})


@given(st.lists(_leaver, min_size=2, max_size=8))
@sparingly
def test_the_tables_agree_and_authorities_stand_one_after_another(leavers) -> None:
    rows = told(*leavers)
    rows = rows.assign(authority=["north" if at % 2 else "south" for at in range(len(rows))])
    measures = care_leavers(rows, YEAR)
    everybody = measures.drop_duplicates("leaver_age").set_index("leaver_age")["denominator"]
    for table in (leavers_by_activity, leavers_by_home):
        counted = table(rows, YEAR).groupby("leaver_age")["young_people"].sum(min_count=1)
        assert counted.fillna(-1).to_dict() == everybody.fillna(-1).to_dict()
    for measure in (care_leavers, leavers_by_activity, leavers_by_home):
        whole = measure(rows, YEAR, by=["authority"])
        each = [measure(part, YEAR).assign(authority=name)
                for name, part in rows.groupby("authority")]
        pd.testing.assert_frame_equal(whole, pd.concat(each, ignore_index=True)[list(whole)])
