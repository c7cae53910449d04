"""How near to home children live, under each rule that councils use for local."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from sufficiency_lib.cleaning.distance import TWENTY_MILES
from sufficiency_lib.codes import (
    FOSTERING_IFA_PROVIDERS,
    FOSTERING_IN_HOUSE_PROVIDERS,
    LOCALITY_RULES,
    PLACEMENT_GROUPS,
    PROVIDERS,
)
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.authorities import Codes, as_codes
from sufficiency_lib.metrics.ages import AGE_BANDS, band_of, levels_of
from sufficiency_lib.metrics.pairs import SECTORS
from sufficiency_lib.metrics.stock import (
    completed_years,
    iso,
    on_date,
    percentage,
    placed_in_years,
    sorted_days,
    stock_on_days,
)
from sufficiency_lib.metrics.tally import By, all_levels, areas_of

COHORTS: tuple[str, ...] = ("all", *PLACEMENT_GROUPS, "fostering_in_house", "fostering_ifa")

#: Cohorts that do not overlap, beside all: fostering by who provides, and the other groups.
APART: tuple[str, ...] = (
    "all", "kinship_fostering", "fostering_in_house", "fostering_ifa",
    *(group for group in PLACEMENT_GROUPS if group not in ("kinship_fostering", "fostering")),
)

#: The cohort of all placements made in a year: no word of the stock stands for the flow.
ALL_NEW = "all_new"

OUTCOMES: tuple[str, ...] = ("within", "beyond", "not_known")

#: What rates can be cut by, with the values of each. The groups of providers are those of the
#: tables of placements, so that a page hides the same ones in both.
DIMENSIONS: Mapping[str, Sequence[str]] = {
    "provider": PROVIDERS,
    "provider_group": tuple(SECTORS),
    "age_group": levels_of(AGE_BANDS),
}

#: What rates are worked from, beside the columns of areas and of their codes.
_COLUMNS = (
    "child_id", "decom", "dob", "placement_group", "provider", "placement_authority",
    "distance_miles", "centre_miles", "border_miles",
)

_GROUP_OF_PROVIDER = {name: group for group, names in SECTORS.items() for name in names}


def is_within(
    episodes: pd.DataFrame, rule: str, *, code: Codes, border_miles: float
) -> pd.Series:
    """Whether each placement is local under a rule: True, False, or NA where not known.

    rule          one of LOCALITY_RULES
    code          for in_area: the responsible authority's ONS code, those of all members of a
                  consortium, or the column that has it where rows are of several authorities;
                  None, or no code: not known
    border_miles  how far outside the border still counts, for border_10_miles

    home_20_miles is NA for UASC and short breaks, as DfE measures no distance for them.
    """
    if rule not in LOCALITY_RULES:
        raise ConfigurationError(
            f"'{rule}' is not a locality rule; expected one of {', '.join(LOCALITY_RULES)}."
        )
    if rule == "in_area":
        placed_in = episodes["placement_authority"].astype(object)
        if isinstance(code, str) and code in episodes:
            own = episodes[code].astype(object)
            return (placed_in == own).astype("boolean").where(placed_in.notna() & own.notna())
        codes = as_codes(code)
        known = placed_in.notna() & bool(codes)
        return placed_in.isin(list(codes)).astype("boolean").where(known)
    column, limit = {
        "home_20_miles": ("distance_miles", TWENTY_MILES),
        "centre_20_miles": ("centre_miles", TWENTY_MILES),
        "boundary_20_miles": ("border_miles", TWENTY_MILES),
        "border_10_miles": ("border_miles", border_miles),
    }[rule]
    return (episodes[column] <= limit).astype("boolean").where(episodes[column].notna())


def _column_of(code: Codes) -> list[str]:
    """The column that a code may name, where rows are of several authorities."""
    return [code] if isinstance(code, str) else []


def in_cohort(episodes: pd.DataFrame, cohort: str) -> pd.Series:
    """Which episodes a cohort holds: all, a placement group, or fostering by who provides.

    fostering_in_house is U4-U6 by PR1, fostering_ifa U4-U6 by PR4 or PR5.
    """
    if cohort == "all":
        return pd.Series(True, index=episodes.index)
    if cohort in PLACEMENT_GROUPS:
        return episodes["placement_group"] == cohort
    providers = {
        "fostering_in_house": FOSTERING_IN_HOUSE_PROVIDERS,
        "fostering_ifa": FOSTERING_IFA_PROVIDERS,
    }[cohort]
    return (episodes["placement_group"] == "fostering") & episodes["provider"].isin(list(providers))


def locality(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    rules: Sequence[str],
    code: Codes = None,
    border_miles: float = 10.0,
    by: By = (),
) -> pd.DataFrame:
    """Children placed locally on a day, under each named rule and for each cohort.

    episodes  the repaired history with its distances (short breaks are left out)
    rules     which rules; no rate appears without its rule
    by        columns whose values each have a table (code is then the column of codes)
    returns   rule, cohort, children, within, beyond, not_known, rate_pct (within of ALL, so
              not known stays in the base, as DfE publishes) and rate_of_known_pct. A cohort
              without children, or of whom nothing is known, has NaN rates: 0% would say that
              they are all far away. Half up to one decimal.

    >>> history = pd.DataFrame({"child_id": list("abcd"), "is_short_break": [False] * 4,
    ...     "placement_group": ["fostering"] * 4, "provider": ["own"] * 4,
    ...     "distance_miles": [3.0, 20.0, 20.1, None],
    ...     "decom": pd.to_datetime(["2024-01-01"] * 4), "dec": pd.to_datetime([None] * 4)})
    >>> shown = locality(history, "2024-03-31", rules=["home_20_miles"]).iloc[0]
    >>> [int(shown[name]) for name in ("children", "within", "beyond", "not_known")]
    [4, 2, 1, 1]
    >>> float(shown["rate_pct"]), float(shown["rate_of_known_pct"])
    (50.0, 66.7)
    """
    stock = on_date(episodes, pd.Timestamp(as_at), columns=[*by, *_column_of(code), *_COLUMNS])
    frame = _rates(
        stock, areas_of(episodes, by), {"cohort": COHORTS},
        rules=rules, code=code, border_miles=border_miles,
    )
    return _in_order(frame, by, ["rule", "cohort"])


def locality_by(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    dimension: str,
    rules: Sequence[str],
    code: Codes = None,
    border_miles: float = 10.0,
    by: By = (),
) -> pd.DataFrame:
    """Children placed locally on a day, under each named rule, by provider or age.

    dimension  provider, provider_group (see `pairs.SECTORS`) or age_group (DfE's bands of
               completed years on the day; a date of birth that is not known, or makes a
               child older than 120, is not_known)
    returns    rule, the dimension (each of its values), children, within, beyond, not_known,
               rate_pct, rate_of_known_pct: see `locality`. The values add up to all children.

    Raises ConfigurationError for another dimension.

    >>> history = pd.DataFrame({"child_id": ["a", "b"], "is_short_break": [False, False],
    ...     "provider": ["own", "private"], "distance_miles": [3.0, 35.0],
    ...     "decom": pd.to_datetime(["2024-01-01"] * 2), "dec": pd.to_datetime([None] * 2)})
    >>> locality_by(history, "2024-03-31", dimension="provider_group",
    ...     rules=["home_20_miles"])["within"].tolist()
    [1, 0, 0, 0]
    """
    stock = on_date(episodes, pd.Timestamp(as_at), columns=[*by, *_column_of(code), *_COLUMNS])
    frame = _rates(
        _cut_by(stock, dimension, pd.Timestamp(as_at)), areas_of(episodes, by),
        {dimension: DIMENSIONS[dimension]}, rules=rules, code=code, border_miles=border_miles,
    )
    return _in_order(frame, by, ["rule", dimension])


def locality_trend(
    episodes: pd.DataFrame,
    dates: Iterable[object],
    *,
    rules: Sequence[str],
    code: Codes = None,
    border_miles: float = 10.0,
    by: By = (),
) -> pd.DataFrame:
    """All children looked after who were placed locally on each of several days.

    dates    days; a stock on each
    returns  as_at, rule, children, within, beyond, not_known, rate_pct, rate_of_known_pct:
             see `locality`

    >>> history = pd.DataFrame({"child_id": ["a", "b"], "is_short_break": [False, False],
    ...     "distance_miles": [3.0, 35.0], "dec": pd.to_datetime([None] * 2),
    ...     "decom": pd.to_datetime(["2023-01-01", "2024-01-01"])})
    >>> locality_trend(history, ["2023-03-31", "2024-03-31"],
    ...     rules=["home_20_miles"])["rate_pct"].tolist()
    [100.0, 50.0]
    """
    days = sorted_days(dates)
    rows = stock_on_days(episodes, days, [*by, *_column_of(code), *_COLUMNS])
    frame = _rates(
        rows, areas_of(episodes, by),
        {"as_at": [iso(day) for day in days]}, rules=rules, code=code, border_miles=border_miles,
    )
    return _in_order(frame, [*by, "as_at"], ["rule"])


def locality_of_new_placements(
    episodes: pd.DataFrame,
    year_ends: Iterable[object],
    *,
    rules: Sequence[str],
    cohorts: Sequence[str] = COHORTS,
    code: Codes = None,
    border_miles: float = 10.0,
    by: By = (),
) -> pd.DataFrame:
    """Placements made in each year that were local, under each named rule, for each cohort.

    A flow, never to be set beside the stock under one label: stays with a carer that began in
    the year (see `stock.placed_between`), so a child placed twice is counted twice, and one
    placed before the year and still there is not counted.

    year_ends  31 Marches; the year is the one each closes
    cohorts    as in `in_cohort`; APART for a public page
    returns    year_ending, rule, cohort, starts, within, beyond, not_known, rate_pct,
               rate_of_known_pct: as in `locality`, of placements (starts), of which all are
               the cohort all_new; and base_<count>, the children behind each count

    >>> history = pd.DataFrame({"child_id": ["a", "a"], "is_short_break": [False, False],
    ...     "placement_group": ["fostering"] * 2, "provider": ["own"] * 2, "rne": ["S", "P"],
    ...     "distance_miles": [3.0, 35.0],
    ...     "decom": pd.to_datetime(["2024-05-01", "2024-06-01"])})
    >>> made = locality_of_new_placements(history, ["2025-03-31"], rules=["home_20_miles"])
    >>> made.loc[0, "rate_pct"].item(), made.loc[0, "base_starts"].item()
    (50.0, 1)
    """
    made, ends = placed_in_years(episodes, year_ends, columns=[*by, *_column_of(code), *_COLUMNS])
    frame = _rates(
        made, areas_of(episodes, by), {"year_ending": ends, "cohort": cohorts},
        rules=rules, code=code, border_miles=border_miles, name="starts", bases=True,
    )
    frame["cohort"] = frame["cohort"].replace("all", ALL_NEW)
    return _in_order(frame, [*by, "year_ending"], ["rule", "cohort"])


def locality_of_new_placements_by(
    episodes: pd.DataFrame,
    year_ends: Iterable[object],
    *,
    dimension: str,
    rules: Sequence[str],
    code: Codes = None,
    border_miles: float = 10.0,
    by: By = (),
) -> pd.DataFrame:
    """Placements made in each year that were local, under each named rule, by provider or age.

    dimension  see `locality_by`; ages are those of the day on which the placement began
    returns    year_ending, rule, the dimension, starts, within, beyond, not_known,
               rate_pct, rate_of_known_pct and base_<count>: see `locality_of_new_placements`
    """
    made, ends = placed_in_years(episodes, year_ends, columns=[*by, *_column_of(code), *_COLUMNS])
    frame = _rates(
        _cut_by(made, dimension, made["decom"]), areas_of(episodes, by),
        {"year_ending": ends, dimension: DIMENSIONS[dimension]},
        rules=rules, code=code, border_miles=border_miles, name="starts", bases=True,
    )
    return _in_order(frame, [*by, "year_ending"], ["rule", dimension])


def _cut_by(
    rows: pd.DataFrame, dimension: str, day: pd.Timestamp | pd.Series
) -> pd.DataFrame:
    """The rows with the column that they are to be cut by, on one day or each on its own."""
    if dimension not in DIMENSIONS:
        raise ConfigurationError(
            f"Rates cannot be cut by '{dimension}'; expected one of {', '.join(DIMENSIONS)}."
        )
    if dimension == "provider_group":
        return rows.assign(provider_group=rows["provider"].astype(object).map(_GROUP_OF_PROVIDER))
    if dimension == "age_group":
        return rows.assign(age_group=band_of(completed_years(rows["dob"], day), AGE_BANDS))
    return rows


def _rates(
    rows: pd.DataFrame,
    areas: pd.DataFrame,
    levels: Mapping[str, Sequence[str]],
    *,
    rules: Sequence[str],
    code: Codes,
    border_miles: float,
    name: str = "children",
    bases: bool = False,
) -> pd.DataFrame:
    """How many rows are within, beyond and not known, and both rates, rule under rule.

    levels  as in `tally`; a cohort comes last, as a row is in several
    name    the column of all rows
    bases   whether to add the distinct children behind each count
    """
    keys = areas.merge(all_levels(levels), how="cross")
    line, row = _cells(rows, areas, levels)
    pairs = _pairs(line, pd.factorize(rows["child_id"])[0][row]) if bases else None
    tables = [keys[:0].assign(rule="", **dict.fromkeys([name, *OUTCOMES], 0))]
    for rule in rules:
        near = is_within(rows, rule, code=code, border_miles=border_miles)
        outcome = np.where(near.isna(), 2, np.where(near.fillna(False).astype(bool), 0, 1))[row]
        counts = np.bincount(line * 3 + outcome, minlength=len(keys) * 3).reshape(-1, 3)
        table = keys.assign(**{"rule": rule, name: counts.sum(axis=1)})
        table[list(OUTCOMES)] = counts
        if pairs:
            behind = _children_behind(*pairs, outcome, len(keys))
            table[[f"base_{count}" for count in (name, *OUTCOMES)]] = behind
        tables.append(table)
    frame = pd.concat(tables[1:] or tables, ignore_index=True)
    known = frame["within"] + frame["beyond"]
    frame["rate_pct"] = percentage(frame["within"], frame[name].where(known > 0))
    frame["rate_of_known_pct"] = percentage(frame["within"], known)
    return frame


def _cells(
    rows: pd.DataFrame, areas: pd.DataFrame, levels: Mapping[str, Sequence[str]]
) -> tuple[np.ndarray, np.ndarray]:
    """Which line of a table each row is counted in: the lines, and the rows' positions.

    As numbers, and once for all rules, so that England takes seconds and not minutes.
    """
    row = np.arange(len(rows))
    line = np.zeros(len(rows), dtype="int64")
    if len(areas.columns):
        theirs = pd.MultiIndex.from_frame(rows[list(areas.columns)].astype(object))
        line = pd.MultiIndex.from_frame(areas.astype(object)).get_indexer(theirs).astype("int64")
    for key, values in levels.items():
        if key == "cohort":
            held = [in_cohort(rows, cohort).to_numpy(dtype=bool) for cohort in values]
            row, at = np.nonzero(np.column_stack(held))
            line = line[row]
        else:
            at = pd.Index(values, dtype=object).get_indexer(rows[key].astype(object))
        line = np.where((line < 0) | (at < 0), -1, line * len(values) + at)
    return line[line >= 0], row[line >= 0]


def _pairs(line: np.ndarray, child: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pair of line and child that each row is of, numbered, and the line of each pair."""
    most = child.max(initial=0) + 1
    pair, packed = pd.factorize(line * most + child)
    return pair, packed // most


def _children_behind(
    pair: np.ndarray, line_of_pair: np.ndarray, outcome: np.ndarray, lines: int
) -> np.ndarray:
    """How many different children are in each line, and with each outcome in it."""
    counts = [np.bincount(line_of_pair, minlength=lines)]
    for at in range(len(OUTCOMES)):
        # An outcome is marked against the pair, so nothing is sorted again for each rule.
        met = np.zeros(len(line_of_pair), dtype=bool)
        met[pair[outcome == at]] = True
        counts.append(np.bincount(line_of_pair[met], minlength=lines))
    return np.column_stack(counts)


def _in_order(frame: pd.DataFrame, first: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """The rows by area and period, then as they stand; the columns as the tables have them."""
    if first:
        frame = frame.sort_values(list(first), kind="stable", ignore_index=True)
    bases = [column for column in frame if column.startswith("base_")]
    counted = [column for column in frame if column in ("children", "starts")]
    rates = ["rate_pct", "rate_of_known_pct"]
    return frame[[*first, *keys, *counted, *OUTCOMES, *rates, *bases]]
