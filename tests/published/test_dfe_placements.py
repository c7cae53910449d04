"""DfE's placements and providers: our counts and percentages from the published counts.

Source: DfE, *Children looked after in England including adoptions*, children looked after on
31 March, reporting years 2020 to 2025, groups Placement and Place providers.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from histories import history

from sufficiency_lib.codes import DFE_PLACEMENT_GROUP
from sufficiency_lib.metrics.provision import (
    placement_mix,
    placement_mix_dfe,
    placements_by_sector,
)
from sufficiency_lib.metrics.stock import percentage

PUBLISHED = "dfe_cla_on_31_march_2020_2025.parquet"

#: One of our groups for each of DfE's; the rest are tried one by one below.
GROUPS = {dfe: ours for ours, dfe in reversed(DFE_PLACEMENT_GROUP.items())}
PROVIDERS = {
    "Own provision (by the LA)": "own",
    "Other LA provision": "other_la",
    "Other public provision (e.g. by a PCT etc)": "other_public",
    "Private provision": "private",
    "Voluntary/third sector provision": "voluntary",
    "Parents or other person with parental responsibility": "parents",
    "Placement provider not reported": "not_recorded",
}
#: Counties, cities, London boroughs, renumbered and 2023 authorities, and small ones.
NAMED = {"Kent", "Birmingham", "Lancashire", "Nottingham", "Barnsley", "Sheffield", "Croydon",
         "Herefordshire, County of", "Somerset", "Cumberland", "Leeds", "Hertfordshire"}


@pytest.fixture(scope="module")
def published(shared_dir: Path) -> pd.DataFrame:
    path = shared_dir / "reference" / PUBLISHED
    if not path.is_file():
        pytest.skip(f"{PUBLISHED} is not in the shared folder")
    rows = pd.read_parquet(path)
    return rows[rows["geographic_level"] == "Local authority"]


def whole_tables(published: pd.DataFrame, group: str) -> list[tuple[str, int, pd.DataFrame]]:
    """Authorities and years of which every count of the group is published."""
    rows = published[(published["cla_group"] == group) & (published["characteristic"] != "Total")]
    rows = rows.assign(children=pd.to_numeric(rows["number"], errors="coerce"))
    size = rows["characteristic"].nunique()
    return [
        (str(name), int(year), part)
        for (name, year), part in rows.groupby(["la_name", "time_period"])
        if part["children"].notna().all() and len(part) == size and part["children"].sum() > 0
    ]


def children(codes: pd.Series, counts: pd.Series, column: str, year: int) -> pd.DataFrame:
    """A history with the published counts: one child a row."""
    cells = history(*({column: code, "decom": f"{year - 1}-04-01"} for code in codes))
    episodes = cells.loc[cells.index.repeat(counts.astype(int))]
    return episodes.assign(child_id=[f"c{n}" for n in range(len(episodes))])


def as_printed(shown: object) -> float:
    """A published percentage; k is not nought but rounds to it."""
    return 0.0 if shown == "k" else float(str(shown))


def test_our_groups_are_all_of_dfes(published: pd.DataFrame) -> None:
    printed = published.loc[published["cla_group"] == "Placement", "characteristic"]
    assert set(printed) - {"Total"} == set(DFE_PLACEMENT_GROUP.values())


def test_placements_are_the_published_table(published: pd.DataFrame) -> None:
    tables = whole_tables(published, "Placement")
    assert len({name for name, _, _ in tables}) >= 5
    chosen = [table for table in tables if table[0] in NAMED] or tables
    for name, year, rows in [*chosen, *tables[::40]]:
        episodes = children(rows["characteristic"].map(GROUPS), rows["children"],
                            "placement_group", year)
        got = placement_mix_dfe(episodes, [f"{year}-03-31"]).set_index("dfe_placement_group")
        for line in rows.itertuples():
            count = got.at[line.characteristic, "children"]
            assert count == line.children, (name, year, line.characteristic)
            share = float(percentage(count, got["children"].sum(), 0))
            assert share == as_printed(line.percentage), (name, year, line.characteristic)


def test_providers_are_the_published_table(published: pd.DataFrame) -> None:
    tables = whole_tables(published, "Place providers")
    assert len({name for name, _, _ in tables}) >= 5
    for name, year, rows in tables[::4]:
        episodes = children(rows["characteristic"].map(PROVIDERS), rows["children"],
                            "provider", year)
        mix = placement_mix(episodes, [f"{year}-03-31"])
        got = mix.groupby("provider")["children"].sum()
        sectors = placements_by_sector(episodes, [f"{year}-03-31"]).iloc[-1]
        for line in rows.itertuples():
            count = got.get(PROVIDERS[line.characteristic], 0)
            assert count == line.children, (name, year, line.characteristic)
            share = float(percentage(count, got.sum(), 0))
            assert share == as_printed(line.percentage), (name, year, line.characteristic)
        assert sectors["children"] == got.sum()
        assert sectors["own_provision"] == got.get("own", 0)


@pytest.mark.parametrize(("ours", "dfe"), DFE_PLACEMENT_GROUP.items())
def test_each_of_our_groups_is_in_one_of_dfes(ours: str, dfe: str) -> None:
    got = placement_mix_dfe(history({"placement_group": ours}), ["2025-03-31"])
    assert got.loc[got["children"] > 0, "dfe_placement_group"].tolist() == [dfe]
    assert len(got) == 8
