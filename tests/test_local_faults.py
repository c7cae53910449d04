"""Faults in a council's own tables: each told once, whatever is in the files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local_files import CARERS, GOOD, LEDGER, REFERRALS, changed, load_files, told
from pandera.errors import SchemaErrors

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog, sentence
from sufficiency_lib.intake.local_checks import tell_unmatched
from sufficiency_lib.intake.local_schemas import dtypes_of, schema_of
from sufficiency_lib.metrics.quality import RULE_LABELS


def test_an_amount_above_the_usual_asks_whether_it_is_yearly(tmp_path: Path) -> None:
    text = changed("ledger", 3, "cost_gbp_per_week", "26000.50")
    _, findings = load_files(tmp_path, ledger=text)
    assert sentence(findings.iloc[0]) == (
        "ledger.csv, line 3, column cost_gbp_per_week: expected an amount for one week, seldom "
        "above 20,000 (is it a yearly amount?); kept; check it."
    )


@pytest.mark.parametrize(
    ("kind", "line", "column", "value", "severity", "rule", "rows_left"),
    [
        # a number or date in a required column that cannot be read stops the run
        ("provision", 2, "places", "four", "fatal", "not_a_number", 1),
        ("provision", 2, "places", "4.5", "fatal", "not_a_number", 1),
        ("ledger", 3, "cost_gbp_per_week", "lots", "fatal", "not_a_number", 2),
        ("ledger", 3, "start_date", "last spring", "fatal", "not_a_date", 2),
        ("carers", 2, "left_date", "soon", "fatal", "not_a_date", 1),
        ("ledger", 3, "child_id", "1.2E+11", "fatal", "shortened_identifier", 2),
        # any other fault in one leaves out the row
        ("provision", 2, "provider_name", "", "bending", "blank_cell", 1),
        ("provision", 2, "provision_type", "hotel", "bending", "unknown_code", 1),
        ("carers", 3, "household_id", "n/a", "bending", "blank_cell", 1),
        ("carers", 3, "left_date", "2020-04-30", "bending", "dates_out_of_order", 1),
        ("carers", 2, "approved_date", "31/02/2019", "bending", "impossible_date", 1),
        ("carers", 3, "left_date", "2024-02-30", "bending", "impossible_date", 1),
        ("ledger", 2, "end_date", "2023-12-31", "bending", "dates_out_of_order", 2),
        ("ledger", 2, "place_code", "U9", "bending", "unknown_code", 2),
        ("ledger", 2, "cost_gbp_per_week", "0", "bending", "out_of_bounds", 2),
        ("ledger", 2, "cost_gbp_per_week", "100000", "bending", "out_of_bounds", 2),
        ("ledger", 2, "cost_gbp_per_week", "", "bending", "blank_cell", 2),
        ("referrals", 2, "placement_group_sought", "castle", "bending", "unknown_code", 1),
        ("referrals", 2, "outcome", "lost", "bending", "unknown_code", 1),
        ("referrals", 2, "placed_date", "2024-05-19", "bending", "dates_out_of_order", 1),
        # a cell that may be blank is read as blank
        ("provision", 2, "sector", "church", "bending", "unknown_code", 2),
        ("provision", 2, "ofsted_grade", "Fine", "bending", "unknown_code", 2),
        ("provision", 2, "vacancies", "5", "bending", "more_vacancies_than_places", 2),
        ("provision", 2, "vacancies", "few", "bending", "not_a_number", 2),
        ("provision", 2, "vacancies", "-1", "bending", "out_of_bounds", 2),
        ("provision", 2, "places", "-4", "bending", "out_of_bounds", 2),
        ("provision", 2, "as_at", "31/02/2025", "bending", "impossible_date", 2),
        ("carers", 2, "carer_type", "kind", "bending", "unknown_code", 2),
        ("ledger", 2, "provider_code", "PR9", "bending", "unknown_code", 3),
        ("ledger", 2, "contract", "handshake", "bending", "unknown_code", 3),
        ("referrals", 2, "refusals", "many", "bending", "not_a_number", 2),
        # what can be, and is asked about
        ("ledger", 3, "cost_gbp_per_week", "26000", "bending", "doubtful_amount", 3),
        ("ledger", 2, "cost_gbp_per_week", "26000", "bending", "doubtful_amount", 3),
        ("ledger", 2, "cost_gbp_per_week", "16120", "bending", "doubtful_for_fostering", 3),
        ("referrals", 3, "placed_date", "2024-07-09", "bending", "outcome_without_date", 2),
        # read as meant
        ("ledger", 3, "cost_gbp_per_week", "£4050.50", "cosmetic", "amount_with_symbols", 3),
        ("ledger", 3, "place_code", " k2", "cosmetic", "untidy_code", 3),
        ("ledger", 4, "contract", "In-house", "cosmetic", "untidy_code", 3),
        ("provision", 2, "provision_type", "Children’s home", "cosmetic", "untidy_code", 2),
        ("provision", 2, "ofsted_grade", "requires improvement", "cosmetic", "untidy_code", 2),
        ("carers", 2, "approved_date", "1 May 2019", "cosmetic", "date_named_month", 2),
        ("carers", 2, "approved_date", "01/05/19", "cosmetic", "date_two_digit_year", 2),
    ],
)
def test_each_fault_is_one_finding(
    tmp_path: Path, kind: str, line: int, column: str, value: str, severity: str, rule: str,
    rows_left: int,
) -> None:
    text = changed(kind, line, column, value)
    local, findings = load_files(tmp_path, **{kind: text})
    assert told(findings) == [(severity, rule, line, column)]
    assert len(local.tables()[kind]) == rows_left
    said = findings.iloc[0]
    assert said["expected"] and said["action"] and rule in {*RULE_LABELS, f"date_{rule[5:]}"}


def test_a_home_whose_places_are_blank_is_kept_and_told(tmp_path: Path) -> None:
    text = changed("provision", 2, "places", "").replace(",,1,HR1", ",,,HR1")
    local, findings = load_files(tmp_path, provision=text)
    assert told(findings) == [("bending", "places_not_known", 2, "places")]
    assert len(local.provision) == 2


def test_money_is_read_with_pound_signs_and_thousands_only(tmp_path: Path) -> None:
    text = changed("ledger", 3, "cost_gbp_per_week", '"£ 4,050.50"')
    local, _ = load_files(tmp_path, ledger=text)
    assert local.ledger["cost_gbp_per_week"].tolist() == [780.0, 4050.5, 550.0]
    text = changed("ledger", 3, "cost_gbp_per_week", '"4050,50"')
    assert told(load_files(tmp_path, ledger=text)[1])[0][1] == "not_a_number"


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    text = changed("ledger", 2, "cost_gbp_per_week", "x").replace("K2", "K9").replace("A2", "")
    carers = CARERS.replace("household_id", "household").replace(",left_date", ",left")
    local, findings = load_files(tmp_path, ledger=text, carers=carers, referrals=REFERRALS)
    assert sorted(told(findings)) == sorted([
        ("cosmetic", "extra_columns", 1, ""),
        ("fatal", "missing_column", 1, "household_id"),
        ("fatal", "missing_column", 1, "left_date"),
        ("fatal", "not_a_number", 2, "cost_gbp_per_week"),
        ("bending", "unknown_code", 3, "place_code"),
        ("bending", "blank_cell", 4, "child_id"),
    ])
    assert len(local.referrals) == 2


@pytest.mark.parametrize("name", ["cost", "annual_cost", "weekly_fee", "Cost per week"])
def test_an_amount_without_its_unit_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    _, findings = load_files(tmp_path, ledger=LEDGER.replace("cost_gbp_per_week", name))
    tidy = name.lower().replace(" ", "_")
    assert told(findings) == [("fatal", "unit_not_named", 1, tidy)]
    assert sentence(findings.iloc[0]) == (
        f"ledger.csv, line 1, column {tidy}: found '{tidy}', expected cost_gbp_per_week, whose "
        "name says its unit; rename the column if that is what it holds; a yearly amount is "
        "divided by 52.18 first."
    )


def test_columns_that_no_schema_has_are_told_once_and_left_alone(tmp_path: Path) -> None:
    text = "\n".join(f"{row},x,y" for row in CARERS.splitlines()) + "\n"
    text = text.replace("postcode,x,y", "postcode,phone,email")
    local, findings = load_files(tmp_path, carers=text)
    assert told(findings) == [("cosmetic", "extra_columns", 1, "")]
    assert findings["value"].tolist() == ["email, phone"] and "phone" not in local.carers


def test_no_finding_repeats_an_identifier(tmp_path: Path) -> None:
    """Private columns, and an identifier that has slipped into another column."""
    ledger = changed("ledger", 2, "cost_gbp_per_week", "ZQ77").replace("U6", "ZQ77")
    carers = changed("carers", 2, "approved_date", "ZQ77")
    referrals = changed("referrals", 2, "referral_id", "").replace("A2", "1.2E+77")
    _, findings = load_files(tmp_path, ledger=ledger, carers=carers, referrals=referrals)
    assert len(findings) == 5
    assert not any("77" in str(value) for value in findings["value"])


def test_children_in_no_return_are_told_once_each(tmp_path: Path) -> None:
    local, _ = load_files(tmp_path, **GOOD)
    log = FindingLog()
    tell_unmatched(local.ledger, {"A2"}, log)
    assert told(log.frame()) == [("bending", "child_not_in_returns", 2, "child_id")]
    assert log.frame()["value"].tolist() == [""]


def test_the_ledger_may_touch_but_not_overlap(tmp_path: Path) -> None:
    rows = LEDGER.splitlines()[0] + (
        "\nA1,2024-01-01,2024-12-01,U4,PR4,spot,1\nA1,2024-02-01,2024-03-01,U4,PR4,spot,1"
        "\nA1,2024-11-30,,U4,PR4,spot,1\nA2,2024-01-01,2024-02-01,U4,PR4,spot,1"
        "\nA2,2024-02-01,,U4,PR4,spot,1\n"
    )
    local, findings = load_files(tmp_path, ledger=rows)
    assert told(findings) == [
        ("bending", "ledger_overlap", 3, "start_date"),
        ("bending", "ledger_overlap", 4, "start_date"),
    ]
    assert len(local.ledger) == 5


CELLS = st.sampled_from([
    "", " ", "0", "-1", "1e9", "999999999", "99999999999999", "£", "£1,000", "1,5", "NaN", "inf",
    "None", "2024-01-01", "31/02/2024", "01/13/2024", "9999-12-31", "soon", "U4", "u4 ", "PR1",
    "own", "Private", "fostering", "placed", "yes", "A1", "\u0661\u0662", "²", "\x00", '"', "<b>",
    "=1+1", "\u202e", "St Helens", "Cumbria", "H" * 300, "1.2E+11", "45000", "x\ty",
])


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, str]:
    """Good files with cells changed, rows repeated, columns renamed or lost."""
    files = {}
    for kind, text in GOOD.items():
        rows = [row.split(",") for row in text.splitlines()]
        for _ in range(draw(st.integers(0, 4))):
            row = draw(st.integers(0, len(rows) - 1))
            column = draw(st.integers(0, len(rows[0]) - 1))
            match draw(st.sampled_from(["cell", "cell", "cell", "lose", "twice", "cut"])):
                case "cell":
                    rows[row][column:column + 1] = [draw(CELLS | st.text(max_size=8))]
                case "lose":
                    rows = [one[:column] + one[column + 1:] or [""] for one in rows]
                case "twice":
                    rows.append(list(rows[row]))
                case "cut":
                    rows[row] = rows[row][:column] or [""]
            rows = [one + [""] * (len(rows[0]) - len(one)) for one in rows]
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        files[kind] = out.getvalue()[: draw(st.sampled_from([None, None, -5]))]
    return files


@settings(max_examples=20, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(files=mutated())
def test_nothing_but_an_input_error_escapes_and_what_is_read_keeps_the_schema(
    tmp_path: Path, files: dict[str, str]
) -> None:
    try:
        local, findings = load_files(tmp_path, **files)
    except InputError:
        return
    asked = {"doubtful_amount", "places_not_known", "outcome_without_date"}
    for kind in GOOD:
        rows = local.tables()[kind]
        assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == dtypes_of(kind)
        try:
            schema_of(kind).validate(rows, lazy=True)
        except SchemaErrors as errors:
            assert set(errors.failure_cases["check"]) <= asked
    assert set(findings["severity"]) <= {"fatal", "bending", "cosmetic"}
    labelled = findings["rule"].str.startswith("date_") | findings["rule"].isin(list(RULE_LABELS))
    assert labelled.all()
