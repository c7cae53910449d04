"""A council's own tables: known by their columns, read whole, stacked and kept."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from local_files import GOOD, LEDGER, PROVISION, load_files, told

from sufficiency_lib.dataset import load
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import load_local
from sufficiency_lib.intake.local_schemas import dtypes_of
from sufficiency_lib.settings import run_parameters


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


def test_a_title_above_the_columns_is_passed_over(tmp_path: Path) -> None:
    local, findings = load_files(tmp_path, ledger="Ledger for 2024/25\n\n" + LEDGER)
    assert len(local.ledger) == 3 and local.ledger["source_line"].tolist() == [4, 5, 6]
    assert told(findings) == [("cosmetic", "lines_above_header", 1, "")]


def test_formulas_and_markup_in_a_name_stay_text(tmp_path: Path) -> None:
    name = "=cmd|' /C calc'!A0<script>"
    local, findings = load_files(tmp_path, provision=PROVISION.replace("Larkmoss House", name))
    assert local.provision["provider_name"].iloc[0] == name and findings.empty


def test_a_file_may_say_itself_where_its_rows_are_from(tmp_path: Path) -> None:
    first, *rows = PROVISION.splitlines()
    text = "\n".join([f"{first},source_file,source_line", *(f"{row},x,y" for row in rows)])
    local, findings = load_files(tmp_path, provision=text)
    assert findings.empty
    assert local.provision[["source_file", "source_line"]].to_numpy().tolist() == [
        ["provision.csv", 2], ["provision.csv", 3]
    ]


def test_yes_and_no_are_read_as_in_the_returns(tmp_path: Path) -> None:
    text = "child_id,sibling_group_id,is_disabled\nA,,1.0\nB,,no\nC,,T\nD,,\n"
    local, findings = load_files(tmp_path, circumstances=text)
    assert findings.empty
    assert local.circumstances["is_disabled"].tolist() == [True, False, True, pd.NA]


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
