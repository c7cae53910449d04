"""Held to DfE's own numbers: from returns with the published counts, the published tables.

Whole returns are written as a council's files, with real postcodes, read and repaired like any
other, and every cell that DfE prints for the authority is compared, with its percentage.

Source: DfE, *Children looked after in England including adoptions*, 2025 release; ONS mid-year
estimates of the population, as DfE uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dfe_figures import CHARACTERISTICS, POPULATION, RATES, STABILITY, Published, published
from dfe_returns import Return, make_return, with_more_uasc, with_short_breaks, write

from sufficiency_lib.dataset import Dataset, load
from sufficiency_lib.intake.reference import build_reference
from sufficiency_lib.metrics.characteristics import (
    children_by_ethnicity,
    children_by_legal_status,
    children_by_need,
    children_by_uasc,
)
from sufficiency_lib.metrics.distances import distance_by_boundary
from sufficiency_lib.metrics.locality import locality
from sufficiency_lib.metrics.population import children_by_age, children_looked_after
from sufficiency_lib.metrics.provision import placement_mix, placement_mix_dfe
from sufficiency_lib.metrics.stability import stability
from sufficiency_lib.metrics.stock import on_date, percentage, uasc_on
from sufficiency_lib.settings import run_parameters

POSTCODES = "postcodes_england.parquet"
OUTLINES = "utla_england_dec2024_bgc.gpkg"

#: The latest year for which all six cells of locality are printed, or 2025 where there is none
#: since 2021 (Barnsley, the small ones): then what is printed is compared.
AUTHORITIES = {
    "Kent-two_tier_county": ("Kent", 2025),
    "Hertfordshire-two_tier_county": ("Hertfordshire", 2025),
    "Hounslow-London_borough": ("Hounslow", 2025),
    "Croydon-London_borough": ("Croydon", 2023),
    "Barnsley-renumbered": ("Barnsley", 2025),
    "Sheffield-renumbered": ("Sheffield", 2025),
    "Cumberland-2023_unitary": ("Cumberland", 2025),
    "Westmorland-2023_unitary": ("Westmorland and Furness", 2025),
    "North_Yorkshire-2023_unitary": ("North Yorkshire", 2023),
    "Somerset-2023_unitary": ("Somerset", 2025),
    "Herefordshire-unitary": ("Herefordshire, County of", 2022),
    "Wokingham-small": ("Wokingham", 2025),
    "Rutland-tiny": ("Rutland", 2025),
}


#: One of each kind always; the others, and the largest, are proofs.
ALWAYS = {
    "Hertfordshire-two_tier_county", "Hounslow-London_borough", "Sheffield-renumbered",
    "Somerset-2023_unitary", "Herefordshire-unitary", "Rutland-tiny",
}


@pytest.fixture(scope="session")
def published_dir(shared_dir: Path) -> Path:
    folder = shared_dir / "reference"
    for name in (CHARACTERISTICS, STABILITY, RATES, POPULATION, POSTCODES, OUTLINES):
        if not (folder / name).is_file():
            pytest.skip(f"{name} is not in the shared folder")
    return folder


@pytest.fixture(scope="session")
def store(published_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("reference") / "store"
    build_reference(to, postcodes=published_dir / POSTCODES, boundaries=published_dir / OUTLINES)
    return to


@pytest.fixture(scope="session")
def postcodes(published_dir: Path) -> pd.DataFrame:
    return pd.read_parquet(published_dir / POSTCODES)


def read(made: Return, data: Path, store: Path, *, years: int = 3) -> Dataset:
    """The return through everything that a council's files go through."""
    write(made, data, years=years)
    return load(run_parameters(authority=made.figures.name, data=data, reference=store))


@pytest.fixture(scope="module", params=[
    pytest.param(whose, id=name, marks=[] if name in ALWAYS else pytest.mark.slow)
    for name, whose in AUTHORITIES.items()
])
def made(request, published_dir: Path, postcodes: pd.DataFrame) -> Return:
    return make_return(published(published_dir, *request.param), postcodes)


@pytest.fixture(scope="module")
def data(made: Return, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return read(made, tmp_path_factory.mktemp("councils"), store)


def counted(table: pd.DataFrame, key: str) -> dict[object, int]:
    return table.set_index(key)["children"].to_dict()


def measured(data: Dataset, day: pd.Timestamp) -> dict[str, Mapping[object, int]]:
    """Our counts, by the tables and cells of `dfe_figures`."""
    history = data.episodes
    cells = distance_by_boundary(history, day).set_index(["boundary", "distance_band"])["children"]
    mix = placement_mix(history, [day])
    ages = children_by_age(history, day).set_index("age_group")
    return {
        "locality": cells.to_dict(),
        "distance": cells.groupby("distance_band").sum().to_dict(),
        "boundary": cells.groupby("boundary").sum().to_dict(),
        "placement": counted(placement_mix_dfe(history, [day]), "dfe_placement_group"),
        "provider": mix.groupby("provider")["children"].sum().to_dict(),
        "uasc": {
            cell == "uasc": children
            for cell, children in counted(children_by_uasc(history, [day]), "uasc").items()
        },
        "ethnicity": counted(children_by_ethnicity(history, [day]), "ethnicity_group"),
        "legal_status": counted(children_by_legal_status(history, [day]), "legal_status_group"),
        "need": counted(children_by_need(history, [day]), "category_of_need"),
        "age": ages["children"].to_dict(),
        "sex": ages[["female", "male"]].sum().to_dict(),
    }


def compared(data: Dataset, figures: Published) -> pd.DataFrame:
    """One row a printed cell: table, cell, theirs, ours, theirs_pct, ours_pct.

    A percentage k is of children, but rounds to nought.
    """
    rows = []
    for table, ours in measured(data, figures.day).items():
        assert sum(ours.values()) == figures.children, table
        for cell, theirs in figures.counts[table].items():
            if theirs is not None:
                share = figures.shares[table][cell].replace("k", "0")
                found = ours.get(cell, 0)
                rows.append((table, cell, theirs, found, float(share),
                             float(percentage(found, figures.children, 0))))
    total = children_looked_after(data.episodes, [figures.day], data.population).iloc[0]
    rows.append(("total", "rate", figures.children, total["children"], float(figures.rate),
                 total["rate_per_10000"]))
    rows += [("stability", *row) for row in _stability(data, figures)]
    columns = ["table", "cell", "theirs", "ours", "theirs_pct", "ours_pct"]
    return pd.DataFrame(rows, columns=columns)


def _stability(data: Dataset, figures: Published) -> list[tuple]:
    """As the rows of `compared`: the two measures, and the base of the longer one."""
    years = data.return_years
    table = stability(data.episodes, [figures.day], first_return=years[0])
    often, longer = (row for _, row in table.set_index("measure").iterrows())
    assert often["denominator"] == figures.children
    measures = [("three", figures.three, figures.three_share, often)]
    # Two and a half years cannot be seen in fewer returns.
    assert pd.isna(longer["numerator"]) == (len(years) < 3)
    if len(years) >= 3:
        measures.append(("settled", figures.settled, figures.settled_share, longer))
    rows = [
        (name, theirs, row["numerator"], float(share),
         float(percentage(row["numerator"], row["denominator"], 0)))
        for name, theirs, share, row in measures if theirs is not None
    ]
    if len(years) >= 3 and figures.longer is not None:
        rows.append(("longer", figures.longer, longer["denominator"], 100.0, 100.0))
    return rows


def assert_equal(data: Dataset, figures: Published) -> pd.DataFrame:
    cells = compared(data, figures)
    differ = (cells["theirs"] != cells["ours"]) | (cells["theirs_pct"] != cells["ours_pct"])
    assert not differ.any(), f"{figures.name}:\n{cells[differ].to_string()}"
    return cells


def test_every_printed_cell_comes_out_equal(made: Return, data: Dataset) -> None:
    """Halves among them: Sheffield's 390 of 624 inside are 62.5%, printed 63."""
    printed = assert_equal(data, made.figures).groupby("table").size()
    assert printed["locality"] >= 3
    assert printed["distance"] == 3
    assert printed.sum() >= 30


def test_locality_by_rule_is_the_same_table_added_up(made: Return, data: Dataset) -> None:
    """`in_area` has an unknown that DfE counts as outside."""
    figures = made.figures
    rules = ["home_20_miles", "in_area"]
    got = locality(data.episodes, figures.day, rules=rules, code=data.profile.code)
    got = got[got["cohort"] == "all"].set_index("rule")
    home, area = got.loc["home_20_miles"], got.loc["in_area"]
    printed = figures.counts["distance"]
    assert home[["within", "beyond", "not_known"]].tolist() == list(printed.values())
    assert home["rate_pct"] == percentage(printed["le_20"], figures.children)
    inside = figures.counts["boundary"]["inside"]
    if inside is not None:
        assert area["within"] == inside
        assert area["beyond"] + area["not_known"] == figures.children - inside


def test_such_a_return_needs_no_repair(made: Return, data: Dataset) -> None:
    # An episode in several years' returns is read from the latest.
    assert set(data.returned["dropped_by"]) <= {"", "3"}
    assert (data.episodes["repairs"] == "").all()
    # Homes in Wales, Scotland and Northern Ireland are told of; nothing else is wrong.
    told = set(data.findings[data.findings["severity"] != "cosmetic"]["rule"])
    assert {rule.removesuffix("_rate") for rule in told} <= {
        "postcode_outside_england", "postcode_not_on_british_grid",
    }
    stock = on_date(data.episodes, made.figures.day)
    assert not stock["home_postcode_status"].isin(["unknown", "malformed"]).any()
    assert set(stock["placement_postcode_status"]) <= {"found", "blank"}


def test_some_live_on_either_side_of_the_twentieth_mile(made: Return, data: Dataset) -> None:
    """Beyond 20 miles by the metre, yet 20.0 as DfE rounds; and 20.05, which is 20.1."""
    stock = on_date(data.episodes, made.figures.day)
    apart = np.hypot(
        stock["home_easting"] - stock["placement_easting"],
        stock["home_northing"] - stock["placement_northing"],
    ) / 1609.3
    for band, low, high, miles in (("le_20", 20.0, 20.05, 20.0), ("gt_20", 20.05, 20.1, 20.1)):
        close = stock[apart.between(low, high) & (stock["distance_band"] == band)]
        assert len(close), band
        assert (close["distance_miles"] == miles).all()


def test_most_uasc_have_both_postcodes_but_none_a_distance(made: Return, data: Dataset) -> None:
    day = made.figures.day
    stock = on_date(data.episodes, day)
    theirs = stock[uasc_on(stock, day)]
    assert len(theirs) == made.figures.counts["uasc"][True]
    assert theirs["distance_miles"].isna().all()
    apart = data.episodes.loc[theirs.index, "distance_miles"]
    assert apart.notna().sum() > len(theirs) / 2


@pytest.fixture(scope="module", params=[("Somerset", 2025), ("Rutland", 2025)],
                ids=lambda param: param[0])
def some(request, published_dir: Path, postcodes: pd.DataFrame) -> Return:
    return make_return(published(published_dir, *request.param), postcodes, seed=2)


@pytest.mark.parametrize("years", [1, 2])
def test_fewer_years_returns_give_the_same(
    some: Return, store: Path, tmp_path: Path, years: int
) -> None:
    """All but the longer measure of stability, which they cannot know."""
    data = read(some, tmp_path, store, years=years)
    assert len(data.return_years) == years
    again = data.returned["dropped_by"] == "3"
    assert again.any() == (years > 1)
    assert_equal(data, some.figures)


def test_short_breaks_are_in_no_figure(some: Return, store: Path, tmp_path: Path) -> None:
    more = with_short_breaks(some)
    data = read(more, tmp_path, store)
    open_then = on_date(data.episodes, some.figures.day, short_breaks=True)
    assert len(open_then) == some.figures.children + 12
    assert_equal(data, some.figures)


@pytest.mark.parametrize(
    ("ended", "is_uasc", "has_distance"),
    [
        (None, True, False),
        (pd.DateOffset(months=6), False, False),
        (pd.DateOffset(years=1, months=11), False, False),
        (pd.DateOffset(years=2, months=1), False, True),
    ],
    ids=["uasc", "until_autumn", "until_two_years_ago_next_month", "longer_ago"],
)
def test_no_distance_for_uasc_nor_for_two_years_after(
    some: Return, store: Path, tmp_path: Path, ended, is_uasc: bool, has_distance: bool
) -> None:
    """Four more leave "20 miles or less" for "not known", and nothing else changes."""
    children, day = some.children, some.figures.day
    near = children[(children["boundary"] == "outside") & (children["band"] == "le_20")]
    near = near[~near["child"].isin(some.uasc["child"])].head(4)
    assert len(near) == 4
    more = with_more_uasc(some, near["child"], None if ended is None else day - ended)
    cells = measured(read(more, tmp_path, store, years=1), day)
    if not has_distance:
        children = children.assign(band=children["band"].mask(
            children["child"].isin(near["child"]), "not_known"))
    drawn = children.groupby(["boundary", "band"]).size().to_dict()
    assert cells["locality"] == dict.fromkeys(cells["locality"], 0) | drawn
    assert cells["uasc"][True] == some.figures.counts["uasc"][True] + 4 * is_uasc
    assert cells["placement"] == {
        group: int((children["group"] == group).sum()) for group in cells["placement"]
    }
