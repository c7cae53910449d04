"""A made set of shown tables for the summary and the family page: no number is there twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from sufficiency_lib.publish.disclosure import MARKS
from sufficiency_lib.publish.wording import number

FIRST, LAST, DAY = "2021-03-31", "2025-03-31", "2025-03-31"
YEARS = ("2026-03-31", "2030-03-31")

Cell = tuple[str, int, str]


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split(), dtype=object)


def made() -> dict[str, pd.DataFrame]:
    """Every table the two pages read, as an authority with everything would have them."""
    return {
        "children_looked_after": frame(
            "as_at children rate_per_10000", (FIRST, 1011, 61), (LAST, 1203, 73)),
        "comparators": frame(
            "metric value numerator denominator england release",
            ("rate_per_10000", 73, 1203, 9, 67.0, "31 March 2025; DfE, 2025 release"),
            ("placed_over_20_miles_pct", 20.5, 247, 1204, 22.1, "31 March 2025; DfE, 2025 release"),
            ("three_or_more_placements_pct", 0, 0, 0, 10.2, "31 March 2025; DfE, 2025 release"),
            ("same_carer_2_years_pct", 0, 0, 0, 69.3, "31 March 2025; DfE, 2025 release")),
        "placements_by_sector": frame(
            "as_at cohort children", (LAST, "fostering_in_house", 401),
            (LAST, "fostering_ifa", 302), (LAST, "kinship", 153), (LAST, "childrens_home", 104),
            (LAST, "supported_accommodation", 55), (LAST, "parents", 56)),
        "headline": frame(
            "metric value numerator denominator", ("in_house_children_pct", 57.1, 402, 704),
            ("in_house_incl_kinship_children_pct", 64.7, 555, 858)),
        "locality": frame(
            "rule cohort children within beyond not_known rate_pct",
            ("home_20_miles", "all", 1207, 902, 208, 97, 74.7),
            ("home_20_miles", "fostering_in_house", 409, 367, 31, 11, 89.7),
            ("home_20_miles", "fostering_ifa", 309, 221, 76, 12, 71.5),
            ("home_20_miles", "childrens_home", 109, 38, 58, 13, 34.9)),
        "locality_trend": frame(
            "as_at rule rate_pct", (FIRST, "home_20_miles", 71.3), (LAST, "home_20_miles", 74.6)),
        "siblings": frame(
            "as_at sibling_group_size children with_all with_some with_none not_known",
            (LAST, "all", 291, 171, 51, 47, 22)),
        "stability": frame(
            "as_at measure numerator answered_no denominator rate_pct",
            (FIRST, "three_or_more_placements", 90, 921, 1012, 8.9),
            (LAST, "three_or_more_placements", 131, 1072, 1208, 10.8),
            (LAST, "same_carer_2_years", 242, 103, 345, 70.1)),
        "searches": frame(
            "year_ending searches placed placed_unregistered placed_pct median_days",
            (LAST, 727, 692, 14, 95.2, 8.5)),
        "fostering_capacity": frame(
            "carer_group households places filled", ("mainstream", 115, 233, 141)),
        "supply_by_area": frame(
            "provision_type area providers places", ("childrens_home", "inside", 19, 43)),
        "started_and_ceased": frame(
            "year_ending started ceased", (FIRST, 316, 305), (LAST, 331, 322)),
        "placement_change_by_cohort": frame(
            "cohort start_date end_date start_children end_children",
            ("fostering_in_house", FIRST, LAST, 411, 403), ("fostering_ifa", FIRST, LAST, 281, 303),
            ("kinship", FIRST, LAST, 143, 152), ("childrens_home", FIRST, LAST, 105, 106)),
        "fostering_split": frame(
            "basis period in_house_pct in_house_incl_kinship_pct",
            ("bed_nights", "2020-04-01/2021-03-31", 46.1, 52.2),
            ("bed_nights", "2024-04-01/2025-03-31", 39.9, 45.6)),
        "fostering_households": frame(
            "carer_group year_ending households joined left", ("mainstream", LAST, 118, 24, 29)),
        "turning_ages": frame("year_ending years_ahead turning_18", (YEARS[0], 1, 65)),
        "forecast_by_year": frame(
            "scenario date placement_group p10 p50 p90",
            ("no_change", YEARS[0], "all", 1105, 1220, 1330),
            ("no_change", YEARS[1], "all", 1002, 1290, 1501),
            ("no_change", "2031-03-31", "all", 1, 2, 3), ("other", YEARS[1], "all", 4, 5, 6)),
        "forecast_accuracy": frame(
            "horizon_months placement_group error_pct same_as_today_error_pct forecasts",
            (12, "all", 2.7, 1.6, 3), (36, "all", 9.8, 4.8, 1)),
        "sufficiency_gap": frame(
            "scenario year_ending placement_group supply_places supply_basis need_p10 need_p50 "
            "need_p90 gap_p10 gap_p50 gap_p90 chance_short_pct",
            ("no_change", YEARS[0], "fostering_in_house", 234, "carers", 1, 2, 3, 4, 5, 6, 7.0),
            ("no_change", YEARS[1], "fostering_in_house", 234, "carers", 203, 261, 317, -30, 27,
             83, 61.9),
            ("no_change", YEARS[1], "childrens_home", 44, "register_inside", 77, 94, 126, 33, 50,
             82, 99.1)),
        "priorities": frame(
            "rank priority what children_affected of_children basis rule suggests",
            (1, "not_local", "Children not placed locally", 209, 1209, "on_the_date",
             "home_20_miles", "Look for carers nearer."),
            (2, "often", "Children who moved often", 132, 1210, "on_the_date", "", "Support."),
            (None, "siblings_apart", "Children apart", "c", 292, "on_the_date", "", "Recruit.")),
    }


def cells(shown: Mapping[str, pd.DataFrame]) -> list[Cell]:
    """Every cell with a number that says how many, and not which."""
    keys = {"years_ahead", "horizon_months", "rank"}
    return [
        (table, at, column)
        for table, rows in shown.items() for column in rows.columns if column not in keys
        for at, value in enumerate(rows[column])
        if isinstance(value, int | float) and value is not None
    ]


def hide(shown: Mapping[str, pd.DataFrame], marks: Mapping[Cell, object]) -> dict:
    """The tables with marks in these cells."""
    hidden = {name: rows.copy() for name, rows in shown.items()}
    for (table, at, column), mark in marks.items():
        hidden[table].loc[at, column] = mark
    return hidden


#: What may stand where a number does not.
HIDDEN = (*MARKS, None, float("nan"), "")

_MONTHS = ("January|February|March|April|May|June|July|August|September|October|November|"
           "December")
#: Numbers that are words: dates, the rule, the population, ages, tenths.
_FIXED = re.compile(
    rf"\d+ ({_MONTHS}) \d{{4}}|, \d{{4}} release|20 miles|10,000 |0 to 17|turn 18|\d in 10\b|"
    r"2 times in 10"
)


def numbers_in(text: str) -> set[str]:
    """The figures of a text, less those that are part of its wording."""
    return set(re.findall(r"\d[\d,]*(?:\.\d+)?%?", _FIXED.sub("~", text).replace(", ", " ")))


def printed(values: Iterable[object]) -> set[str]:
    """How numbers may be printed: whole, with a decimal, as a percentage."""
    told = [abs(float(value)) for value in values if isinstance(value, int | float)]
    told = [value for value in told if value == value]
    return {number("rate_pct", value) for value in told} | {
        number("days", value) for value in told}


def text_of(parts: Iterable[object]) -> str:
    return "\n".join(point for part in parts for point in part.points)
