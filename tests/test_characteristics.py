"""Who is looked after on a day, and the shares of DfE's own tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from children_frames import children, circumstances
from histories import STORAGES, sparingly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.codes.children import ETHNICITY_LABELS, LEGAL_STATUS_LABELS
from sufficiency_lib.metrics.ages import AGE_BANDS
from sufficiency_lib.metrics.characteristics import (
    children_by_disability,
    children_by_ethnicity,
    children_by_legal_status,
    children_by_need,
    children_by_uasc,
)
from sufficiency_lib.metrics.population import children_by_age
from sufficiency_lib.metrics.stock import percentage

DAY = "2025-03-31"
OF_DAYS = (children_by_ethnicity, children_by_legal_status, children_by_need, children_by_uasc)


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("measure", OF_DAYS)
def test_nothing_known_of_a_child_leaves_it_in_the_table(measure: Callable, storage: str) -> None:
    blank = {"ethnicity_code": None, "legal_status": None, "need_code": None, "ever_uasc": False}
    episodes = children(blank, {}, storage=storage)
    before = episodes.copy(deep=True)
    got = measure(episodes, [DAY])
    assert got["children"].sum() == 2
    assert got["share_pct"].sum() == 100
    assert got.iloc[-1]["children"] >= 1
    pd.testing.assert_frame_equal(episodes, before)


@pytest.mark.parametrize("measure", OF_DAYS)
def test_nobody_looked_after_has_no_share(measure: Callable) -> None:
    for episodes in (children(), children({"is_short_break": True})):
        got = measure(episodes, [DAY])
        assert got["children"].sum() == 0 and got["share_pct"].isna().all()
        assert len(got) == len(measure(children({}), [DAY]))


@pytest.mark.parametrize("measure", OF_DAYS)
def test_no_days_give_a_table_without_rows(measure: Callable) -> None:
    got = measure(children({}), [])
    assert got.empty and got.columns.tolist() == measure(children({}), [DAY]).columns.tolist()


def test_a_need_recorded_late_is_that_of_the_whole_period() -> None:
    one = {"child_id": "a", "care_period_id": 1}
    episodes = children(
        one | {"decom": "2024-05-01", "dec": "2024-07-01", "need_code": None},
        one | {"decom": "2024-07-01", "dec": "2024-09-01", "need_code": "N8"},
        one | {"decom": "2024-09-01", "need_code": "N1"},
    )
    got = children_by_need(episodes, [DAY]).set_index("category_of_need")["children"]
    assert got["N8"] == got.sum() == 1


def test_a_need_is_that_of_the_area_s_own_period() -> None:
    """Two areas number their periods alike."""
    one = {"child_id": "a", "care_period_id": 1}
    both = children(one | {"authority": "b", "need_code": "N8"}, one | {"need_code": "N1"})
    got = children_by_need(both, [DAY], by=["authority"])
    assert got.loc[got["children"] > 0, ["authority", "category_of_need"]].to_numpy().tolist() == [
        ["a", "N1"], ["b", "N8"]]


def test_uasc_is_of_each_day_and_has_no_memory() -> None:
    episodes = children({"ever_uasc": True, "uasc_until": "2024-10-01", "decom": "2024-01-01"})
    got = children_by_uasc(episodes, ["2024-03-31", DAY]).set_index(["as_at", "uasc"])["children"]
    assert got[("2024-03-31", "uasc")] == 1
    assert got[(DAY, "not_uasc")] == 1


@pytest.mark.parametrize("storage", STORAGES)
def test_disability_is_of_those_recorded_and_the_others_stay(storage: str) -> None:
    episodes = children(*({"child_id": name} for name in "abcd"), storage=storage)
    said = circumstances(("a", None, True), ("b", None, False), ("c", None, None))
    got = children_by_disability(episodes, said, DAY).set_index("disability")["children"]
    assert got.to_dict() == {"disabled": 1, "not_disabled": 1, "not_known": 2}


def test_without_circumstances_there_is_no_table_of_disability() -> None:
    got = children_by_disability(children({}), circumstances(), DAY)
    assert got.empty and "disability" in got


_codes = st.fixed_dictionaries({
    "ethnicity_code": st.sampled_from(["WBRI", "MWBC", "REFU", "ZZZZ", None]),
    "legal_status": st.sampled_from(["C1", "C2", "V2", "V4", "L1", None]),
    "need_code": st.sampled_from(["N1", "N8", "XX", None]),
    "ever_uasc": st.booleans(),
    "is_short_break": st.booleans(),
})


@given(st.lists(_codes, max_size=8))
@sparingly
def test_the_rows_of_every_table_are_all_children(rows) -> None:
    episodes = children(*rows)
    expected = sum(not row["is_short_break"] for row in rows)
    for measure in OF_DAYS:
        assert measure(episodes, [DAY])["children"].sum() == expected


# --- DfE's published tables ------------------------------------------------------------------

_CODE_OF = {
    "Ethnicity": {"White": "WBRI", "Mixed or Multiple ethnic groups": "MWBC",
                  "Asian or Asian British": "AIND", "Other ethnic group": "OOTH",
                  "Black, African, Caribbean or Black British": "BAFR",
                  "Refused or information not yet available": "NOBT"},
    "Legal status": {"Full care order": "C2", "Interim care order": "C1",
                     "Placement order granted": "E1",
                     "Voluntary agreements under S20 CA 1989": "V2",
                     "Detained for child protection": "L2", "Youth justice legal statuses": "J1"},
    "Unaccompanied asylum-seeking children": {"UASC": True, "Non-UASC": False},
    "Age group": {"Under 1 year": "2024-12-01", "1 to 4 years": "2022-01-01",
                  "5 to 9 years": "2018-01-01", "10 to 15 years": "2013-01-01",
                  "16 years and over": "2008-06-01"},
}
_GROUP_OF = {
    "Ethnicity": {code: group for code, group in zip(
        ("WBRI", "MWBC", "AIND", "BAFR", "OOTH", "NOBT"), ETHNICITY_LABELS, strict=True)},
    "Legal status": {code: group for code, group in zip(
        ("C2", "C1", "E1", "V2", "L2", "J1"), LEGAL_STATUS_LABELS, strict=False)},
    "Unaccompanied asylum-seeking children": {True: "uasc", False: "not_uasc"},
    "Age group": dict(zip(_CODE_OF["Age group"].values(), (name for name, _, _ in AGE_BANDS),
                          strict=True)),
}
_HOW = {
    "Ethnicity": ("ethnicity_code", "ethnicity_group", children_by_ethnicity),
    "Legal status": ("legal_status", "legal_status_group", children_by_legal_status),
    "Category of need": ("need_code", "category_of_need", children_by_need),
    "Unaccompanied asylum-seeking children": ("ever_uasc", "uasc", children_by_uasc),
    "Age group": ("dob", "age_group", lambda e, days, by: children_by_age(e, days[0], by=by)),
}


def published(shared_dir) -> pd.DataFrame:
    table = pd.read_parquet(
        shared_dir / "reference" / "dfe_cla_on_31_march_2020_2025.parquet"
    )
    mine = (table["geographic_level"] == "Local authority") & (table["time_period"] == "2025")
    return table[mine & (table["characteristic"] != "Total")]


def input_value(kind: str, characteristic: str) -> object:
    return characteristic[:2] if kind == "Category of need" else _CODE_OF[kind][characteristic]


@pytest.mark.parametrize("kind", _HOW)
def test_a_history_with_dfes_counts_gives_dfes_table(kind: str, shared_dir) -> None:
    """Every authority none of whose cells is suppressed: counts and shares are equal."""
    column, key, measure = _HOW[kind]
    rows = published(shared_dir)
    rows = rows[rows["cla_group"] == kind]
    whole = rows.groupby("la_name")["number"].transform(
        lambda cells: cells.str.fullmatch(r"\d+").all()
    )
    rows = rows[whole.astype(bool)]
    assert rows["la_name"].nunique() >= 20
    number = rows["number"].astype(int)
    given_as = rows["characteristic"].map(lambda said: input_value(kind, said))
    count = int(number.sum())
    alike = children({}).iloc[[0] * count].reset_index(drop=True)
    episodes = alike.assign(
        authority=rows["la_name"].repeat(number).to_numpy(),
        child_id=[f"c{at}" for at in range(count)], care_period_id=range(count),
        **{column: given_as.repeat(number).to_numpy()},
    )
    episodes["dob"] = pd.to_datetime(episodes["dob"])
    got = measure(episodes, [DAY], by=["authority"]).set_index(["authority", key])
    for (_, row), value in zip(rows.iterrows(), given_as, strict=True):
        group = _GROUP_OF.get(kind, {}).get(value, value)
        mine = got.loc[(row["la_name"], group)]
        total = got.loc[row["la_name"], "children"].sum()
        assert mine["children"] == int(row["number"])
        share = float(percentage(mine["children"], total, 0))
        assert share == float({"k": "0"}.get(row["percentage"], row["percentage"]))
