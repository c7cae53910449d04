"""Published statistics in a folder of raw files, known by their columns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib.intake.published_files import find_published

HEAD = "time_period,time_identifier,geographic_level,country_code"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_files_are_known_by_their_columns(tmp_path: Path) -> None:
    rates = put(tmp_path, "b/any.csv", f"{HEAD},population_type,rate_per_10000\n")
    near = put(tmp_path, "a.csv", "old_la_code,la_name,SN_1,SN_1P\n884,Herefordshire,893,Close\n")
    characteristics = tmp_path / "c.parquet"
    pd.DataFrame({
        "time_period": ["2025"], "geographic_level": ["National"], "cla_group": ["Age group"],
        "characteristic": ["Total"], "number": ["1"],
    }).to_parquet(characteristics)  # fmt: skip
    assert find_published(tmp_path) == [near, rates, characteristics]


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "people.csv", f"{HEAD},age_group,population_estimate\n")
    put(tmp_path, "postcodes.csv", "pcd,oseast1m,osnrth1m,laua\n")
    put(tmp_path, "empty.csv", "")
    put(tmp_path, "notes.txt", f"{HEAD},population_type\n")
    (tmp_path / "broken.csv").write_bytes(b"\xff\xfe\x00time_period")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing more")
    assert find_published(tmp_path) == []


def test_of_two_files_of_one_name_the_first_is_taken(tmp_path: Path) -> None:
    first = put(tmp_path, "one/rates.csv", f"{HEAD},population_type,rate_per_10000\n")
    put(tmp_path, "two/rates.csv", f"{HEAD},population_type,rate_per_10000\n")
    assert find_published(tmp_path) == [first]


def test_the_departments_files_are_found(shared_dir: Path) -> None:
    names = {path.name for path in find_published(shared_dir / "reference")}
    wanted = {
        "dfe_cla_on_31_march_2020_2025.parquet", "la_cla_placement_stability.csv",
        "cla_number_and_rate_per_10k_children.csv", "la_cla_during_year_new_placements.csv",
        "sn_model_2025_wide.csv",
    }
    there = {path.name for path in (shared_dir / "reference").glob("*")}
    if not wanted <= there:
        pytest.skip("the published files are not all in the shared folder")
    assert wanted <= names
    assert not {"postcodes_england.parquet", "ofsted_providers_at_31_march_2025.csv"} & names
