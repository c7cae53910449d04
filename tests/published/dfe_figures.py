"""What DfE publishes of one authority on one 31 March, and what its tables leave open.

A suppressed number (c) stays suppressed: it is given some value that its total allows, so that
a return can be whole, and is compared with nothing.

Source: DfE, *Children looked after in England including adoptions*, reporting years 2020 to
2025; ONS mid-year estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pandas as pd

CHARACTERISTICS = "dfe_cla_on_31_march_2020_2025.parquet"
STABILITY = "la_cla_placement_stability.csv"
RATES = "cla_number_and_rate_per_10k_children.csv"
POPULATION = "ons_mid-year_population_estimates_2012_to_2024.csv"

LONGER = (
    "Children looked after continuously for at least 2.5 years on 31 March aged under 16 years"
)
PARENTS = "Placed with parents or other person with parental responsibility"
OTHER = "Other placements"
ADOPTION = "Placed for adoption"
SUPPORTED = "Independent and semi-independent living arrangements/supported accommodation"

#: table → the names of its group in DfE's file, and our cell for each of DfE's.
TABLES: Mapping[str, tuple[tuple[str, ...], Mapping[str, object]]] = {
    "locality": (
        ("Distance between home and placement and locality of placement",),
        {
            "1. Placed inside the LA boundary, 20 miles or less from home": ("inside", "le_20"),
            "2. Placed outside the LA boundary, 20 miles or less from home": ("outside", "le_20"),
            "3. Placed inside the LA boundary, more than 20 miles from home": ("inside", "gt_20"),
            "4. Placed outside the LA boundary, more than 20 miles from home": ("outside", "gt_20"),
            "5. Placed inside the LA boundary, distance not known or not recorded":
                ("inside", "not_known"),
            "6. Placed outside the LA boundary, distance not known or not recorded":
                ("outside", "not_known"),
        },
    ),
    "distance": (
        ("Distance between home and placement",),
        {
            "Placed 20 miles or less from home": "le_20",
            "Placed more than 20 miles from home": "gt_20",
            "Distance not known or not recorded": "not_known",
        },
    ),
    "boundary": (
        ("Locality of placement",),
        {
            "Placed inside the local authority boundary": "inside",
            "Placed outside the local authority boundary": "outside",
        },
    ),
    "placement": (
        ("Placement",),
        {group: group for group in (
            "Foster placements", "Secure homes and children's homes", SUPPORTED,
            "Other residential settings", "Residential schools", ADOPTION, PARENTS, OTHER,
        )},
    ),
    "provider": (
        ("Place providers",),
        {
            "Parents or other person with parental responsibility": "parents",
            "Own provision (by the LA)": "own",
            "Other LA provision": "other_la",
            "Other public provision (e.g. by a PCT etc)": "other_public",
            "Private provision": "private",
            "Voluntary/third sector provision": "voluntary",
            "Placement provider not reported": "not_recorded",
        },
    ),
    "uasc": (
        ("Unaccompanied asylum-seeking children",), {"UASC": True, "Non-UASC": False},
    ),
    "age": (
        ("Age group",),
        {
            "Under 1 year": "under_1", "1 to 4 years": "1_to_4", "5 to 9 years": "5_to_9",
            "10 to 15 years": "10_to_15", "16 years and over": "16_and_over",
        },
    ),
    "sex": (("Sex", "Gender"), {"Female": "female", "Male": "male"}),
    "ethnicity": (
        ("Ethnicity",),
        {
            "White": "white", "Mixed or Multiple ethnic groups": "mixed",
            "Asian or Asian British": "asian",
            "Black, African, Caribbean or Black British": "black",
            "Other ethnic group": "other_ethnic",
            "Refused or information not yet available": "refused",
        },
    ),
    "legal_status": (
        ("Legal status",),
        {
            "Full care order": "full_care_order", "Interim care order": "interim_care_order",
            "Placement order granted": "placement_order",
            "Voluntary agreements under S20 CA 1989": "voluntary",
            "Detained for child protection": "child_protection",
            "Youth justice legal statuses": "youth_justice",
        },
    ),
    "need": (
        ("Category of need",),
        {
            "N1. Abuse or neglect": "N1", "N2. Child's disability": "N2",
            "N3. Parental illness or disability": "N3", "N4. Family in acute stress": "N4",
            "N5. Family dysfunction": "N5", "N6. Socially unacceptable behaviour": "N6",
            "N7. Low income": "N7", "N8. Absent parenting": "N8",
        },
    ),
}


@dataclass(frozen=True)
class Published:
    """What DfE prints of one authority on one 31 March; None in a count is suppressed.

    code        the ONS code as DfE's file has it
    counts      table → cell → children
    shares      table → cell → the whole percentage as printed (k: rounds to nought)
    population  mid-year → children aged 0 to 17, all that ONS's file has
    rate        per 10,000, as printed
    three       children with three or more placements in the year
    longer      children under 16 looked after for two and a half years, and of these
    settled     with the same carer for two
    """

    name: str
    year: int
    code: str
    children: int
    counts: Mapping[str, Mapping[object, int | None]]
    shares: Mapping[str, Mapping[object, str]]
    population: Mapping[int, int]
    rate: str
    three: int | None
    three_share: str
    longer: int | None
    settled: int | None
    settled_share: str

    @property
    def day(self) -> pd.Timestamp:
        return pd.Timestamp(self.year, 3, 31)


@cache
def _text(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def published(reference: Path, name: str, year: int) -> Published:
    """The figures of one authority and year, from the files in `reference`."""
    rows = _text(reference / CHARACTERISTICS)
    rows = rows[(rows["la_name"] == name) & (rows["time_period"] == str(year))]
    code = rows["new_la_code"].iloc[0]
    counts, shares = {}, {}
    for table, (groups, cells) in TABLES.items():
        found = rows[rows["cla_group"].isin(groups)].set_index("characteristic")
        counts[table] = {cells[at]: _number(found.at[at, "number"]) for at in cells}
        shares[table] = {cells[at]: found.at[at, "percentage"] for at in cells}
    # DfE's own numbers outlive the ONS codes, which the mid-year estimates change half-way.
    number = rows["old_la_code"].iloc[0]
    rates = _of(reference / RATES, number, year).set_index("population_type")
    rates = rates.loc["Children looked after on 31 March each year"]
    moves = _of(reference / STABILITY, number, year)
    moves = moves.set_index(["cla_group", "placement_stability"])
    three = moves.loc[("CLA on 31 March", "With 3 or more placements during the year")]
    settled = moves.loc[(LONGER, "Living with the same carer for at least 2 years")]
    return Published(
        name, year, code, int(rates["children_count"]), counts, shares,
        _population(reference / POPULATION, number), rates["rate_per_10000"],
        _number(three["children_count"]), three["children_percent"],
        _number(moves.at[(LONGER, "Total children"), "children_count"]),
        _number(settled["children_count"]), settled["children_percent"],
    )


def _population(path: Path, number: str) -> dict[int, int]:
    rows = _text(path)
    rows = rows[rows["old_la_code"] == number].set_index("time_period")["population_estimate"]
    return {int(year): int(count) for year, count in rows.items()}


def _of(path: Path, number: str, year: int) -> pd.DataFrame:
    rows = _text(path)
    return rows[(rows["old_la_code"] == number) & (rows["time_period"] == str(year))]


def completed(
    cells: Mapping[object, int | None], total: int, likely: Mapping[object, int] | None = None
) -> dict[object, int]:
    """The cells with a number in each: what is missing of the total, shared by the suppressed.

    likely  numbers to give first, where there is enough left
    """
    whole = {cell: count for cell, count in cells.items() if count is not None}
    hidden = [cell for cell, count in cells.items() if count is None]
    rest = total - sum(whole.values())
    for cell in [cell for cell in hidden if cell in (likely or {})]:
        whole[cell] = min(rest, likely[cell])
        rest -= whole[cell]
        hidden.remove(cell)
    for at, cell in enumerate(hidden):
        whole[cell] = rest // len(hidden) + (at < rest % len(hidden))
    if rest < 0 or sum(whole.values()) != total:
        raise ValueError(f"{cells} cannot make {total}")
    return whole


def completed_locality(figures: Published) -> dict[object, int]:
    """The six cells of distance and boundary, such that both their margins are as printed."""
    cells = figures.counts["locality"]
    hidden = [cell for cell, count in cells.items() if count is None]
    rest = figures.children - sum(count or 0 for count in cells.values())
    for guess in product(range(rest + 1), repeat=len(hidden)):
        whole = dict(cells) | dict(zip(hidden, guess, strict=True))
        if sum(guess) == rest and all(
            wanted in (None, sum(n for cell, n in whole.items() if part in cell))
            for table in ("distance", "boundary")
            for part, wanted in figures.counts[table].items()
        ):
            return whole
    raise ValueError(f"{figures.name}: no six cells have the printed margins")
