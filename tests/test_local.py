"""A council's own tables: population, supply, carers, ledger, referrals."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from sufficiency_lib.dataset import load
from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog, sentence
from sufficiency_lib.intake.local import LocalInputs, load_local
from sufficiency_lib.intake.local_checks import tell_unmatched
from sufficiency_lib.intake.local_schemas import dtypes_of, schema_of
from sufficiency_lib.metrics.quality import RULE_LABELS
from sufficiency_lib.settings import run_parameters


def _read(folder: Path, text: str | None) -> tuple[list[list[int]], FindingLog]:
    if text is not None:
        (folder / "population.csv").write_text(text, encoding="utf-8")
    log = FindingLog()
    frame = load_local(folder, log).population
    assert list(frame.columns) == ["mid_year", "children"]
    return frame.to_numpy().tolist(), log


def test_the_rows_of_all_children_are_read_in_order(tmp_path: Path) -> None:
    rows, log = _read(
        tmp_path,
        "mid_year,age_group,children\n2024,0-17,36100\n2024,0,1800\n2023, 0-17 ,36000\n",
    )
    assert rows == [[2023, 36000], [2024, 36100]]
    assert log.frame().empty


@pytest.mark.parametrize("group", ["0–17", "0 to 17", "0 - 17".replace(" - ", "-")])
def test_the_range_may_be_written_in_other_ways(tmp_path: Path, group: str) -> None:
    assert _read(tmp_path, f"mid_year,age_group,children\n2024,{group},5\n")[0] == [[2024, 5]]


@pytest.mark.parametrize("text", [None, ""])
def test_without_a_table_there_is_no_population(tmp_path: Path, text: str | None) -> None:
    assert _read(tmp_path, text)[0] == []


def test_a_table_without_all_children_is_told(tmp_path: Path) -> None:
    rows, log = _read(tmp_path, "mid_year,age_group,children\n2024,0-4,5\n")
    assert rows == []
    assert log.frame()[["severity", "rule"]].to_numpy().tolist() == [["bending", "no_population"]]


def test_of_two_figures_for_a_year_the_last_is_read_and_told(tmp_path: Path) -> None:
    years = "2024,0-17,5\n2023,0-17,4\n2024,0-17,6\n2024,0-17,6\n"
    rows, log = _read(tmp_path, f"mid_year,age_group,children\n{years}")
    assert rows == [[2023, 4], [2024, 6]]
    assert log.frame()[["rule", "source_line"]].to_numpy().tolist() == [["mid_year_twice", 2]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mid_year,children\n2024,5\n",
         "population.csv, line 1, column age_group: expected columns mid_year"),
        ("mid_year,age_group,children\n2024,0-17,many\n",
         "population.csv, line 2, column children: found 'many', expected a whole number"),
        ("mid_year,age_group,children\n2024,0-17,\"36,100\"\n",
         "population.csv, line 2, column children: found '36,100'"),
        ("mid_year,age_group,children\n2024,0-17,0\n", "population.csv, line 2, column children"),
        ("mid_year,age_group,children\n2024,0-17,-5\n", "population.csv, line 2, column children"),
        ("mid_year,age_group,children\n2024,0-17,\n", "population.csv, line 2, column children"),
        ("mid_year,age_group,children\nsoon,0-17,5\n",
         "population.csv, line 2, column mid_year: found 'soon'"),
        ("mid_year,age_group,children\n2024,0-17," + "9" * 30 + "\n",
         "population.csv, line 2, column children"),
    ],
)
def test_a_figure_no_rate_could_rest_on_is_refused(tmp_path: Path, text: str, said: str) -> None:
    _, log = _read(tmp_path, text)
    with pytest.raises(InputError) as caught:
        log.raise_if_fatal()
    assert str(caught.value).startswith(said)


def test_the_figures_are_whole_numbers(tmp_path: Path) -> None:
    (tmp_path / "population.csv").write_text("mid_year,age_group,children\n2024,0-17,5\n")
    frame = load_local(tmp_path, FindingLog()).population
    assert all(pd.api.types.is_integer_dtype(dtype) for dtype in frame.dtypes)


# --- the other local inputs -------------------------------------------------------------------

PROVISION = (
    "urn,provider_name,provision_type,sector,ofsted_grade,places,vacancies,postcode,as_at\n"
    "1234567,Larkmoss House,childrens_home,private,Good,4,1,HR1 2AB,2025-03-31\n"
    "1234568,Own fostering,fostering_agency,own,Outstanding,,,,31/03/2025\n"
)
CARERS = (
    "household_id,carer_type,approved_date,left_date,places_approved,children_placed,postcode\n"
    "H1,general,2019-05-01,,2,1,HR1 2AB\n"
    "H2,kinship,2020-05-01,2024-01-31,1,0,HR1 2AB\n"
)
LEDGER = (
    "child_id,start_date,end_date,place_code,provider_code,contract,cost_gbp_per_week\n"
    "A1,2024-01-01,2024-06-01,U4,PR4,framework,780\n"
    "A1,2024-06-01,,K2,PR4,spot,4050.50\n"
    "A2,2024-02-01,,U6,PR1,in_house,550\n"
)
REFERRALS = (
    "referral_id,child_id,referral_date,placement_group_sought,placement_group_made,offers,"
    "refusals,placed_date,outcome\n"
    "R1,A1,2024-05-20,fostering,childrens_home,1,5,2024-06-01,placed\n"
    "R2,A2,2024-07-01,fostering,,0,3,,open\n"
)
GOOD = {"provision": PROVISION, "carers": CARERS, "ledger": LEDGER, "referrals": REFERRALS}


def load_files(folder: Path, **files: str) -> tuple[LocalInputs, pd.DataFrame]:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    log = FindingLog()
    return load_local(folder, log), log.frame()


def told(findings: pd.DataFrame) -> list[tuple]:
    """Each finding as (severity, rule, line, column)."""
    return [
        (row.severity, row.rule, None if pd.isna(row.source_line) else row.source_line, row.column)
        for row in findings.itertuples()
    ]


def changed(kind: str, line: int, column: str, value: str) -> str:
    """A good file with one cell changed; line 2 is the first row."""
    rows = [row.split(",") for row in GOOD[kind].splitlines()]
    rows[line - 1][rows[0].index(column)] = value
    return "\n".join(",".join(row) for row in rows) + "\n"


def test_every_local_input_read_whole(tmp_path: Path) -> None:
    local, findings = load_files(tmp_path, **GOOD)
    assert findings.empty
    assert {kind: len(rows) for kind, rows in local.tables().items()} == {
        "provision": 2, "carers": 2, "ledger": 3, "referrals": 2, "population": 0,
        "circumstances": 0, "edge_of_care": 0,
    }
    assert local.provision["places"].tolist() == [4, pd.NA]
    assert local.provision["as_at"].tolist() == [pd.Timestamp(2025, 3, 31)] * 2
    assert local.ledger["cost_gbp_per_week"].sum() == 780 + 4050.5 + 550
    assert local.ledger["end_date"].isna().tolist() == [False, True, True]
    assert local.referrals["placement_group_made"].isna().tolist() == [False, True]
    assert local.carers["left_date"].iloc[1] == pd.Timestamp(2024, 1, 31)
    assert local.ledger["source_line"].tolist() == [2, 3, 4]


def test_without_files_every_table_is_there_empty_and_typed(tmp_path: Path) -> None:
    local, findings = load_files(tmp_path)
    assert findings.empty
    for kind, rows in local.tables().items():
        assert rows.empty
        if kind != "population":
            assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == dtypes_of(kind)


@pytest.mark.parametrize("kind", sorted(GOOD))
@pytest.mark.parametrize("text", [None, "good"])
def test_a_table_comes_back_from_parquet_as_it_went(
    tmp_path: Path, kind: str, text: str | None
) -> None:
    local, _ = load_files(tmp_path, **({kind: GOOD[kind]} if text else {}))
    rows = local.tables()[kind]
    rows.to_parquet(tmp_path / "kept.parquet", index=False)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "kept.parquet"), rows)


@pytest.mark.parametrize("name", ["extract_final_v2", "provision", "Book1"])
def test_a_file_is_known_by_its_columns_not_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "2025"
    folder.mkdir()
    (folder / f"{name}.csv").write_text(LEDGER.replace("child_id", " Child ID ").upper())
    local, _ = load_files(tmp_path)
    assert len(local.ledger) == 3 and local.provision.empty
    assert local.ledger["source_file"].unique().tolist() == [f"2025/{name}.csv"]


def test_a_table_of_the_return_is_never_a_local_input(tmp_path: Path) -> None:
    text = "CHILD,DECOM,DEC,RNE,LS,PLACE,CONTRACT,START_DATE,PLACE_CODE\n1,,,,,,,,\n"
    local, findings = load_files(tmp_path, ledger=text)
    assert local.ledger.empty and findings.empty


def test_a_file_named_as_a_local_input_without_its_columns_is_told(tmp_path: Path) -> None:
    local, findings = load_files(tmp_path, carers="name,phone\nA,1\n", notes="a,b\n1,2\n")
    assert local.carers.empty
    assert told(findings) == [("bending", "not_a_local_input", 1, "")]


def test_local_inputs_are_read_in_a_zip_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        archive.writestr("2025/money.csv", LEDGER)
    local, findings = load_files(tmp_path)
    assert findings.empty
    assert local.ledger["source_file"].unique().tolist() == ["sent.zip/2025/money.csv"]


def test_columns_without_rows_are_told(tmp_path: Path) -> None:
    local, findings = load_files(tmp_path, ledger=LEDGER.splitlines()[0] + "\n", carers="")
    assert told(findings) == [("cosmetic", "no_rows", None, "")]
    assert local.ledger.empty and local.carers.empty


def test_an_amount_above_the_usual_asks_whether_it_is_yearly(tmp_path: Path) -> None:
    text = changed("ledger", 3, "cost_gbp_per_week", "26000.50")
    _, findings = load_files(tmp_path, ledger=text)
    assert sentence(findings.iloc[0]) == (
        "ledger.csv, line 3, column cost_gbp_per_week: expected an amount for one week, seldom "
        "above 20,000 (is it a yearly amount?); kept; check it."
    )


def test_a_title_above_the_columns_is_passed_over(tmp_path: Path) -> None:
    local, findings = load_files(tmp_path, ledger="Ledger for 2024/25\n\n" + LEDGER)
    assert len(local.ledger) == 3 and local.ledger["source_line"].tolist() == [4, 5, 6]
    assert told(findings) == [("cosmetic", "lines_above_header", 1, "")]


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


def test_formulas_and_markup_in_a_name_stay_text(tmp_path: Path) -> None:
    name = "=cmd|' /C calc'!A0<script>"
    local, findings = load_files(tmp_path, provision=PROVISION.replace("Larkmoss House", name))
    assert local.provision["provider_name"].iloc[0] == name and findings.empty


def test_two_files_of_a_kind_are_stacked_and_what_both_hold_is_told(tmp_path: Path) -> None:
    later = PROVISION.splitlines()[0] + "\n" + (
        "1234567,Larkmoss House,childrens_home,private,Good,5,1,HR1 2AB,2025-03-31\n"
        "1234567,Larkmoss House,childrens_home,private,Good,4,1,HR1 2AB,2024-03-31\n"
        ",No number,supported_accommodation,private,,3,0,,2025-03-31\n"
    )
    local, findings = load_files(tmp_path, a=PROVISION, b=later)
    assert told(findings) == [("bending", "row_twice", 2, "urn")]
    assert findings["source_file"].tolist() == ["a.csv"]
    assert sorted(local.provision["places"].dropna()) == [3, 4, 5]


@pytest.mark.parametrize(("written", "read"), [
    ("Herefordshire", "E06000019"), ("E08000016", "E08000038"), ("", None), ("Narnia", None),
])
def test_where_a_provider_is_may_be_a_name_or_a_code(
    tmp_path: Path, written: str, read: str | None
) -> None:
    rows = PROVISION.splitlines()
    text = f"{rows[0]},authority\n{rows[1]},{written}\n"
    local, findings = load_files(tmp_path, provision=text)
    assert local.provision["authority"].astype(object).where(lambda s: s.notna(), None)[0] == read
    assert told(findings) == (
        [("bending", "unknown_authority", 2, "authority")] if written == "Narnia" else []
    )


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


@pytest.mark.parametrize("slug", ["herefordshire", "nottingham", "brighton-and-hove"])
def test_the_sample_is_read_without_any_finding(sample_dir: Path, slug: str) -> None:
    log = FindingLog()
    local = load_local(sample_dir / slug, log)
    assert log.frame().empty
    for kind, rows in local.tables().items():
        with (sample_dir / slug / f"{kind}.csv").open(encoding="utf-8") as lines:
            written = list(csv.DictReader(lines))
        whole = [row for row in written if kind != "population" or row["age_group"] == "0-17"]
        assert len(rows) == len(whole) > 0


# --- whatever is in the files -----------------------------------------------------------------

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


@settings(max_examples=40, deadline=None,
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


# --- in the dataset ---------------------------------------------------------------------------


def test_the_dataset_holds_the_local_inputs(
    sample_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    found = load(run_parameters(authority="herefordshire", data=sample_dir))
    local = load_local(sample_dir / "herefordshire", FindingLog(), authority="E06000019")
    for kind in GOOD:
        read = local.tables()[kind]
        # What is kept has its text as Python keeps it.
        text = [name for name, dtype in read.dtypes.items() if isinstance(dtype, pd.StringDtype)]
        read = read.astype(dict.fromkeys(text, pd.StringDtype("python", na_value=float("nan"))))
        pd.testing.assert_frame_equal(getattr(found, kind), read)
    assert set(found.ledger["child_id"]) <= set(found.episodes["child_id"])
    names = {f"{kind}.csv" for kind in local.tables()}
    assert not set(found.findings["source_file"]) & names
