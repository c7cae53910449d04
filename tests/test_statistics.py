"""Published tables: read as they come, then one number or one symbol a row."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sufficiency_lib.errors import ConfigurationError, InputError
from sufficiency_lib.intake.comparators import is_comparator_table, tidy_statistics
from sufficiency_lib.intake.statistics import read_statistics

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"
PUBLISHED = """\
time_period,time_identifier,geographic_level,region_code,old_la_code,la_name,new_la_code,cla_group,number,percentage
2025,Reporting year,National,,,,,All,"81,770",100
2025,Reporting year,Regional,E12000003,,,,All,9000,11.5
2025,Reporting year,Local authority,E12000003,370,Barnsley,E08000016,All,c,c
2025,Reporting year,Local authority,E12000003,373,Sheffield,E08000019,All,652,k
2025,Reporting year,Local authority,E12000005,884,Herefordshire,E06000019,UASC,low,z
2025,Reporting year,Local authority,E12000005,893,Shropshire,E06000051,UASC,,:
"""


def write(folder: Path, content: str | bytes, name: str = "cla.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def tidy(folder: Path, content: str = PUBLISHED) -> pd.DataFrame:
    (table,) = read_statistics(write(folder, content)).values()
    return tidy_statistics(table)


def numbers(frame: pd.DataFrame, measure: str) -> list:
    chosen = frame[frame["measure"] == measure]
    return [None if np.isnan(v) else v for v in chosen["value"]]


def symbols(frame: pd.DataFrame, measure: str) -> list:
    return frame.loc[frame["measure"] == measure, "symbol"].fillna("").to_list()


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "bom", "gzip", "zip", "parquet"])
def test_one_table_in_many_wrappings(tmp_path: Path, form: str) -> None:
    plain = read_statistics(write(tmp_path, PUBLISHED))["cla"]
    if form == "parquet":
        path = tmp_path / "cla.parquet"
        plain.to_pandas().to_parquet(path)
    elif form == "zip":
        path = tmp_path / "release.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data/cla.csv", PUBLISHED)
            archive.writestr("data/cla.meta.csv", "col_name,label\nnumber,Number\n")
            archive.writestr("data-guidance/data-guidance.txt", "Guidance")
    else:
        raw = PUBLISHED.encode()
        content = {"csv": raw, "bom": b"\xef\xbb\xbf" + raw, "gzip": gzip.compress(raw)}[form]
        path = write(tmp_path, content, "cla.csv")
    (found,) = read_statistics(path).items()
    assert found[0] == "cla"
    assert found[1].to_pylist() == plain.to_pylist()


def test_a_zip_of_many_tables(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/a.csv", "x\n1\n")
        archive.writestr("data/b.csv", "y\n2\n")
    assert list(read_statistics(path)) == ["a", "b"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other/b.csv", "y\n2\n")
    with pytest.raises(ConfigurationError, match=r"all\.zip holds two tables called b"):
        read_statistics(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(InputError, match="holds no csv file"):
        read_statistics(path)


def test_lines_before_the_table_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "A title,,\ntime_period, la_name,number\n2025,Kent,c\n")
    assert read_statistics(path)["cla"].to_pylist() == [
        {"time_period": "2025", "la_name": "Kent", "number": "c"}
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [("a,a\n1,2\n", "distinct column names"), ("", "distinct column names"),
     (b"PAR1 nonsense", "cannot be read as a table"), (b"PK\x03\x04", "not a readable zip")],
)  # fmt: skip
def test_files_that_are_no_tables(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        read_statistics(write(tmp_path, content))
    assert "cla.csv" in str(error.value) and str(tmp_path) not in str(error.value)


# -- numbers and symbols ---------------------------------------------------------------------


def test_a_cell_is_a_number_or_a_symbol(tmp_path: Path) -> None:
    frame = tidy(tmp_path)
    assert numbers(frame, "number") == [81770.0, 9000.0, None, 652.0, None, None]
    assert symbols(frame, "number") == ["", "", "c", "", "low", "blank"]
    assert numbers(frame, "percentage") == [100.0, 11.5, None, None, None, None]
    assert symbols(frame, "percentage") == ["", "", "c", "k", "z", ":"]
    assert frame["value"].dtype == "float64"
    # Never both, never neither; never nought in place of a symbol.
    assert (frame["value"].isna() == frame["symbol"].notna()).all()
    assert not (frame["value"] == 0).any()


def test_what_was_counted_where_and_when_is_kept(tmp_path: Path) -> None:
    frame = tidy(tmp_path)
    assert list(frame.columns[:3]) == ["time_period", "geographic_level", "authority"]
    assert list(frame.columns[-3:]) == ["measure", "value", "symbol"]
    assert len(frame) == 12
    first = frame.iloc[::2].reset_index(drop=True)
    assert first["geographic_level"].to_list() == ["national", "regional"] + 4 * ["local_authority"]
    assert first["authority"].fillna("-").to_list() == [
        "-", "-", "E08000038", "E08000039", "E06000019", "E06000051",
    ]  # fmt: skip
    assert first["new_la_code"].to_list()[2:4] == ["E08000016", "E08000019"]
    assert first["cla_group"].to_list() == ["All"] * 4 + ["UASC"] * 2


def test_areas_that_became_one_or_were_split_keep_their_codes(tmp_path: Path) -> None:
    rows = [("2018", "E06000028"), ("2018", "E06000029"), ("2018", "E10000006"),
            ("2018", "E10000002"), ("2020", "E06000058")]  # fmt: skip
    text = "time_period,new_la_code,geographic_level,rate\n" + "".join(
        f"{time},{code},Local authority,50\n" for time, code in rows
    )
    assert tidy(tmp_path, text)["authority"].to_list() == [
        "E06000028", "E06000029", "E10000006", "E06000060", "E06000058",
    ]  # fmt: skip


def test_a_table_of_dfe_numbers(tmp_path: Path) -> None:
    text = "Years,LA Number,LA and Regions,Values\n2024,370,Barnsley,12\n2024,970,England,-\n"
    frame = tidy(tmp_path, text)
    assert frame["authority"].fillna("").to_list() == ["E08000038", ""]
    assert frame["geographic_level"].to_list() == ["local_authority", "not_stated"]
    assert frame["symbol"].fillna("").to_list() == ["", "-"]


def test_an_unforeseen_symbol_is_kept_and_a_column_of_words_is_no_measure(tmp_path: Path) -> None:
    text = "time_period,geographic_level,age,count\n" + "".join(
        f"2025,National,{age},{count}\n"
        for age, count in (("1 to 4", 5), ("5 to 9", "see note"), ("10 plus", 7))
    )
    frame = tidy(tmp_path, text)
    assert frame["measure"].unique().tolist() == ["count"]
    assert frame["symbol"].fillna("").to_list() == ["", "see note", ""]
    assert frame["age"].to_list() == ["1 to 4", "5 to 9", "10 plus"]


def test_a_column_suppressed_throughout_is_a_measure_still() -> None:
    table = pa.table({"time_period": ["2025"] * 2, "geographic_level": ["National"] * 2,
                      "number": ["c", "c"], "empty": ["", ""]})  # fmt: skip
    frame = tidy_statistics(table)
    assert frame["measure"].to_list() == ["number", "number"]
    assert frame["symbol"].to_list() == ["c", "c"]
    assert len(tidy_statistics(table.select(["time_period", "geographic_level"]))) == 0


def test_a_list_of_providers_is_no_comparator() -> None:
    assert not is_comparator_table(pa.table({"URN": ["SC1"], "Provider name": ["x"]}))
    assert not is_comparator_table(pa.table({"time_period": ["2025"], "name": ["x"]}))


# -- as published ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows", "where", "expected"),
    [
        ("cla_number_and_rate_per_10k_children.csv", 7515,
         {"population_type": "Children looked after on 31 March each year",
          "measure": "rate_per_10000"}, 67.0),
        ("dfe_cla_on_31_march_2020_2025.parquet", 136_620,
         {"cla_group": "Age group", "characteristic": "Total", "measure": "number"}, 81_770.0),
        ("la_cla_placement_stability.csv", 10_020,
         {"placement_stability": "Living with the same carer for at least 2 years",
          "measure": "children_percent"}, 69.0),
        ("la_cla_during_year_new_placements.csv", 31_730,
         {"breakdown": "Distance not known or not recorded",
          "measure": "children_percent"}, 13.0),
        ("ons_mid-year_population_estimates_2012_to_2024.csv", 2132,
         {"time_period": "2024"}, 12_183_016.0),
    ],
)  # fmt: skip
def test_englands_published_figures(name: str, rows: int, where: dict, expected: float) -> None:
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} is not beside this checkout")
    (table,) = read_statistics(SHARED / name).values()
    frame = tidy_statistics(table)
    assert len(frame) == rows
    assert (frame["value"].isna() == frame["symbol"].notna()).all()
    england = frame[frame["geographic_level"] == "national"]
    for column, wanted in ({"time_period": "2025"} | where).items():
        england = england[england[column] == wanted]
    assert england["value"].iloc[0] == expected
    assert not {"E08000016", "E08000019"} & set(frame["authority"])
