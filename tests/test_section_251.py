"""Published weekly unit costs: found among statistics, and the right year and area of them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq

from sufficiency_lib.intake.comparators import tidy_statistics
from sufficiency_lib.intake.published_files import find_published
from sufficiency_lib.intake.section_251 import (
    CELL_COLUMNS,
    published_unit_costs,
    section_251_cells,
)
from sufficiency_lib.metrics.section_251 import section_251

_TITLE = "Fostering - S251/Outturn weekly unit costs (approximate)"


def statistics(*rows: tuple[str, str, float | None], title: str = _TITLE) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["time_period", "LA and Regions", "value"]).assign(
        geographic_level="not_stated", authority=None, Chart_title=title,
        **{"Short Desc": "FosteringFinance"},
    )


def test_only_weekly_outturns_with_a_number_are_taken() -> None:
    cells = section_251_cells(
        {
            "a": statistics(("2024-25 (OT)", "England", 765.0), ("2024-25", "England", 1.0),
                            ("2023-24 (OT)", "England", None)),
            "b": statistics(("2024-25 (OT)", "England", 9e9), title="Gross Expenditure"),
            "c": pd.DataFrame({"time_period": ["2025"], "value": [1.0]}),
        },
        {"a": "November 2025"},
    )  # fmt: skip
    assert cells["value_gbp_per_week"].tolist() == [765.0]
    assert cells["release"].tolist() == ["section 251 outturn to 2024-25, DfE (November 2025)"]


def test_without_published_costs_there_are_no_rows() -> None:
    cells = section_251_cells({})
    assert list(cells) == list(CELL_COLUMNS) and cells.empty
    assert section_251(cells, as_at="2025-03-31", code=None).empty


def test_the_interactive_tools_own_file_is_read(shared_dir: Path) -> None:
    table = tidy_statistics(pq.read_table(shared_dir / "reference" / "lait_cla_finance.parquet"))
    cells = section_251_cells({"lait_cla_finance": table})
    neighbours = ("E06000064", "E10000028", "E10000019", "E06000051", "E06000066", "E10000017")
    found = section_251(cells, as_at="2025-03-31", code="E06000019", region="West Midlands",
                        neighbours=neighbours).set_index("unit_cost")
    # As the file has them for 2024-25.
    assert found["england_gbp_per_week"].to_dict() == {
        "all_placements": 2_100, "fostering": 765, "residential": 7_385
    }
    assert found["council_gbp_per_week"].to_dict() == {
        "all_placements": 1_920, "fostering": 960, "residential": 5_880
    }
    assert set(found["financial_year"]) == {"2024-25"}
    assert found["region_gbp_per_week"].notna().all()
    year_before = section_251(cells, as_at="2025-03-30", code="E06000019")
    assert set(year_before["financial_year"]) == {"2023-24"}


def test_it_is_found_in_a_folder_by_its_columns(tmp_path: Path) -> None:
    (tmp_path / "lait.csv").write_text(
        "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Chart_title\n", "utf-8")
    (tmp_path / "other.csv").write_text("Years,Values,LA Number\n", "utf-8")
    assert [path.name for path in find_published(tmp_path)] == ["lait.csv"]


def test_a_store_says_the_release_of_its_tables() -> None:
    table = statistics(("2024-25 (OT)", "England", 765.0))
    store = SimpleNamespace(statistics={"lait": table}, release=lambda name: f"{name} of May")
    assert published_unit_costs(store)["release"].tolist() == [
        "section 251 outturn to 2024-25, DfE (lait of May)"
    ]


def test_a_region_is_no_authority_of_its_name_and_the_year_is_englands() -> None:
    rows = [("local_authority", "London", "2024-25", 1.0), ("not_stated", "London", "2023-24", 2.0),
            ("not_stated", "London", "2024-25", 900.0), ("not_stated", "England", "2023-24", 700.0),
            ("not_stated", "England", "2024-25", 765.0), ("local_authority", "A", "2025-26", 3.0)]
    columns = ["geographic_level", "area_name", "financial_year", "value_gbp_per_week"]
    cells = pd.DataFrame(rows, columns=columns).assign(
        unit_cost="fostering", authority=["E1", *[None] * 4, "E2"], release="DfE")
    told = {"as_at": "2026-03-31", "region": "London", "neighbours": ["E1", "E2"]}
    found = section_251(cells, code=None, **told).iloc[0]
    assert found[["financial_year", "region_gbp_per_week", "england_gbp_per_week"]].tolist() == [
        "2024-25", 900, 765]
    # One neighbour has a figure of that year: too few for a median.
    assert found["neighbours_known"] == 1
    assert found[["council_gbp_per_week", "neighbours_gbp_per_week"]].isna().all()
