"""Small hand-made metric tables for the tests of the publishing rooms."""

from __future__ import annotations

import pandas as pd


def children_looked_after() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "as_at": ["2023-03-31", "2024-03-31", "2025-03-31"],
            "children": [301, 315, 326],
            "rate_per_10000": [85.0, 89.0, None],
        }
    )


def placement_mix() -> pd.DataFrame:
    rows = [
        ("kinship_fostering", "own", 40, 44),
        ("fostering", "own", 90, 97),
        ("fostering", "private", 60, 70),
        ("childrens_home", "private", 30, 28),
        ("childrens_home", "own", 8, 9),
        ("secure", "other_la", 1, 2),
        ("parents", "parents", 20, 20),
    ]
    return pd.DataFrame(
        [
            {"as_at": day, "placement_group": group, "provider": who, "children": counts[at],
             "share_pct": round(100 * counts[at] / sum(r[2 + at] for r in rows), 1)}
            for at, day in enumerate(("2024-03-31", "2025-03-31"))
            for group, who, *counts in rows
        ]
    )


def placement_change() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "placement_group": ["fostering", "fostering", "childrens_home", "secure", "temporary"],
            "provider": ["own", "private", "private", "other_la", "not_recorded"],
            "start_date": "2014-03-31",
            "end_date": "2016-03-31",
            "start_children": [209, 205, 52, 2, 0],
            "end_children": [194, 262, 52, 1, 0],
            "change": [-15, 57, 0, -1, 0],
            "change_pct": [-7.2, 27.8, 0.0, -50.0, None],
        }
    )


def fostering_split() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "basis": ["children", "bed_nights"],
            "period": ["2025-03-31", "2024-04-01/2025-03-31"],
            "kinship": [40, 14000],
            "in_house": [90, 33000],
            "ifa": [60, 21000],
            "other_public": [0, 300],
            "in_house_pct": [60.0, 61.1],
            "in_house_incl_kinship_pct": [68.4, 69.1],
            "base_other_public": [0, 1],
        }
    )


def bed_nights() -> pd.DataFrame:
    rows = [
        ("fostering", "own", 33000, 110),
        ("fostering", "private", 21000, 80),
        ("kinship_fostering", "own", 14000, 50),
        ("childrens_home", "private", 9000, 31),
        ("parents", "parents", 6000, 24),
        ("secure", "other_la", 200, 2),
    ]
    return pd.DataFrame(
        [
            {"year_ending": day, "placement_group": group, "provider": who,
             "nights": nights + extra, "base_nights": base}
            for day, extra in (("2024-03-31", 0), ("2025-03-31", 100))
            for group, who, nights, base in rows
        ]
    )


def locality() -> pd.DataFrame:
    rows = [
        ("all", 326, 230, 71, 25),
        ("fostering", 250, 200, 38, 12),
        ("childrens_home", 73, 30, 32, 11),
        ("secure", 3, 0, 1, 2),
        ("temporary", 0, 0, 0, 0),
        ("fostering_in_house", 150, 131, 12, 7),
        ("fostering_ifa", 100, 69, 26, 5),
    ]
    frame = pd.DataFrame(rows, columns=["cohort", "children", "within", "beyond", "not_known"])
    frame.insert(0, "rule", "home_20_miles")
    frame["rate_pct"] = (100 * frame["within"] / frame["children"]).round(1)
    known = frame["within"] + frame["beyond"]
    frame["rate_of_known_pct"] = (100 * frame["within"] / known).round(1)
    return frame


def distance_by_boundary() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "boundary": ["inside"] * 3 + ["outside"] * 3,
            "distance_band": ["le_20", "gt_20", "not_known"] * 2,
            "children": [180, 10, 12, 50, 61, 13],
            "share_pct": [55.2, 3.1, 3.7, 15.3, 18.7, 4.0],
        }
    )


def headline() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "metric": ["children_looked_after", "fostering_within_rule_pct", "secure"],
            "label": ["Children looked after", "Fostered children placed locally", "Secure homes"],
            "value": [326.0, 80.0, 3.0],
            "unit": ["children", "%", "children"],
            "numerator": [None, 200, None],
            "denominator": [None, 250, None],
            "rule": ["", "home_20_miles", ""],
            "target": [None, 90.0, None],
            "comparator": [None, None, None],
            "comparator_release": ["", "", ""],
        }
    )


ALL = {
    "children_looked_after": children_looked_after,
    "placement_mix": placement_mix,
    "placement_change": placement_change,
    "fostering_split": fostering_split,
    "bed_nights": bed_nights,
    "locality": locality,
    "distance_by_boundary": distance_by_boundary,
}
