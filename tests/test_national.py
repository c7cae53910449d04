"""The national figures that come with the suite are those the Department published."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib.intake.comparable import COMPARABLE, comparable_cells
from sufficiency_lib.intake.comparators import tidy_statistics
from sufficiency_lib.intake.national import national_figures
from sufficiency_lib.intake.statistics import read_statistics

FILES = (
    "dfe_cla_on_31_march_2020_2025.parquet", "la_cla_placement_stability.csv",
    "cla_number_and_rate_per_10k_children.csv", "la_cla_during_year_new_placements.csv",
)


def national_cells(folder: Path) -> pd.DataFrame:
    statistics = {}
    for name in FILES:
        path = folder / "reference" / name
        if not path.is_file():
            pytest.skip(f"{name} is not in the shared folder")
        (table,) = read_statistics(path).values()
        statistics[name] = tidy_statistics(table)
    cells = comparable_cells(statistics)
    return cells[cells["geographic_level"] == "national"]


def test_every_measure_has_a_figure_for_every_year() -> None:
    figures = national_figures()
    counted = figures.groupby("metric")["time_period"].agg(list)
    assert set(counted.index) == {m.metric for m in COMPARABLE} | {"children_looked_after"}
    assert all(years == ["2021", "2022", "2023", "2024", "2025"] for years in counted)
    assert set(figures["release"]) == {"DfE, 2025 release"}
    units = {measure.metric: measure.unit for measure in COMPARABLE}
    ours = figures[figures["metric"].isin(list(units))]
    assert (ours["metric"].map(units) == ours["unit"]).all()
    assert figures["source"].str.len().min() > 20


def test_england_31_march_2025() -> None:
    """From the counts: 81,770 children; 18,120 and 6,990 by distance; 36,350 outside."""
    figures = national_figures()
    latest = figures[figures["time_period"] == "2025"].set_index("metric")["value"]
    children = latest["children_looked_after"]
    assert children == 81_770
    assert latest["rate_per_10000"] == round(children / 12_183_016 * 10_000) == 67
    assert latest["placed_over_20_miles_pct"] == round(100 * 18_120 / children) == 22
    assert latest["distance_not_known_pct"] == round(100 * 6_990 / children) == 9
    assert latest["placed_outside_area_pct"] == round(100 * 36_350 / children) == 44
    assert latest["same_carer_2_years_pct"] == round(100 * 19_680 / 28_710) == 69
    assert latest["three_or_more_placements_pct"] == round(100 * 8_500 / children) == 10
    ages = latest[[name for name in latest.index if name.startswith("aged_")]]
    assert len(ages) == 5 and abs(ages.sum() - 100) <= 2


def test_the_table_is_not_changed_by_who_reads_it() -> None:
    mine = national_figures()
    mine["value"] = 0
    assert national_figures()["value"].max() > 0


def test_the_figures_are_those_of_the_published_files(shared_dir: Path) -> None:
    theirs = national_cells(shared_dir).set_index(["metric", "time_period"])["value"]
    ours = national_figures()
    ours = ours[ours["metric"] != "children_looked_after"]
    ours = ours.set_index(["metric", "time_period"])["value"].astype(float)
    assert set(ours.index) <= set(theirs.index)
    assert ours.to_dict() == theirs.loc[ours.index].to_dict()


def test_the_number_looked_after_is_that_of_the_published_file(shared_dir: Path) -> None:
    path = shared_dir / "reference" / FILES[2]
    if not path.is_file():
        pytest.skip(f"{FILES[2]} is not in the shared folder")
    (table,) = read_statistics(path).values()
    rows = tidy_statistics(table)
    rows = rows[
        (rows["geographic_level"] == "national") & (rows["measure"] == "children_count")
        & (rows["population_type"] == "Children looked after on 31 March each year")
    ]
    figures = national_figures()
    mine = figures[figures["metric"] == "children_looked_after"]
    assert dict(zip(rows["time_period"], rows["value"], strict=True)) == dict(
        zip(mine["time_period"], mine["value"].astype(float), strict=True)
    )
