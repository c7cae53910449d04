"""What is said of many futures: their mean, the middle one, and the range that holds 80%.

Every row carries `children_today`, the count on which its figures rest: a month from now a
forecast of three children is nearly a count of three children, so what hides one hides the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency_lib.codes.children import need_family
from sufficiency_lib.forecast.rows import GROUPS
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR, iso

if TYPE_CHECKING:
    from sufficiency_lib.forecast.futures import Futures

#: The years ahead and the placements that a page prints; the files have every one.
YEARS_PRINTED = (1, 3, 5, 10)
PRINTED = ("all", "fostering_in_house", "fostering_ifa", "childrens_home",
           "supported_accommodation")  # fmt: skip
#: Those that scenarios are mostly about, and the years in which they are set side by side.
SCENARIO_YEARS, SCENARIO_GROUPS = (3, 10), PRINTED[:4]

FIGURES = ("mean", "p10", "p50", "p90")
_COHORT_KEYS = ("year_ending", "years_ahead", "turning_age", "todays_children")
NIGHTS = ("mean_nights", "p10_nights", "p50_nights", "p90_nights")


def at_share(values: np.ndarray, share: float) -> np.ndarray:
    """The smallest value that a share of the futures does not pass, for each column.

    values  [draws, ...], draws first
    share   above 0, up to 1

    It is always one of the values, so that places for children stay whole; half of ten futures
    are at or below the fifth.

    >>> at_share(np.array([[4], [1], [3], [2], [9]]), 0.8).tolist()
    [4]
    """
    ordered = np.sort(np.asarray(values), axis=0)
    return ordered[int(np.ceil(share * len(ordered) - 1e-9)) - 1]


def said_of(values: np.ndarray) -> dict[str, np.ndarray]:
    """mean, p10, p50 and p90 over the futures.

    values  [draws, ...]

    >>> {k: float(v) for k, v in said_of(np.arange(1, 11)).items()}
    {'mean': 5.5, 'p10': 1.0, 'p50': 5.0, 'p90': 9.0}
    """
    values = np.asarray(values)
    return {
        "mean": values.mean(axis=0, dtype="float64"),
        "p10": at_share(values, 0.1),
        "p50": at_share(values, 0.5),
        "p90": at_share(values, 0.9),
    }


def forecast(runs: Mapping[str, Futures], today: Mapping[str, int]) -> pd.DataFrame:
    """Children by placement at the end of each month, scenario by scenario.

    runs    scenario → its futures; the first is no change
    today   row → children on the first date (a row of `rows.children_on`)
    returns scenario, date (ISO), placement_group (all, each group met, then in-house and agency
            fostering), children_today, mean (one decimal), p10, p50, p90 (whole children). The
            first date, which is known, has no row

    Source: guidance (2010), 4.7: the short and the long term, up to ten years.
    """
    return rows_of(
        {name: futures.by_group("children") for name, futures in runs.items()}, today, "date",
        {name: month_names(futures) for name, futures in runs.items()},
        lambda children: _rounded(children[:, 1:], 1), FIGURES,
    )


def forecast_nights(runs: Mapping[str, Futures], today: Mapping[str, int]) -> pd.DataFrame:
    """Bed nights by placement in each month, scenario by scenario.

    Arguments as in `forecast`.
    returns  scenario, date (the last day of the month), placement_group, children_today,
             mean_nights, p10_nights, p50_nights, p90_nights (whole nights)
    """
    return rows_of(
        {name: futures.by_group("nights") for name, futures in runs.items()}, today, "date",
        {name: month_names(futures) for name, futures in runs.items()}, _nights, NIGHTS,
    )


def nights_by_year(runs: Mapping[str, Futures], today: Mapping[str, int]) -> pd.DataFrame:
    """Bed nights by placement in each whole year, scenario by scenario.

    The range is of the year's sum in each future, and no sum of the months' ranges.
    returns  scenario, year_ending, placement_group, children_today and NIGHTS
    """
    return rows_of(
        {name: futures.by_group("nights") for name, futures in runs.items()}, today,
        "year_ending", {name: year_ends(futures) for name, futures in runs.items()},
        lambda nights: _nights(yearly(nights)), NIGHTS,
    )


def forecast_cohorts(futures: Futures | None, turning: pd.DataFrame) -> pd.DataFrame:
    """Young people who turn 16 and 18 while looked after, in each year.

    futures  no change; None, as where a forecast is refused: no rows
    turning  `metrics.cohorts.turning_ages` of the same day: today's children, as if none left
             and none came
    returns  year_ending, years_ahead, turning_age (16, 18), todays_children (from `turning`,
             blank beyond its years), mean, p10, p50, p90
    """
    if futures is None:
        return pd.DataFrame(columns=[*_COHORT_KEYS, *FIGURES])
    ends = year_ends(futures)
    counted = turning.assign(year_ending=turning["year_ending"].map(iso)).set_index("year_ending")
    parts = []
    for age in (16, 18):
        said = _rounded(yearly(getattr(futures, f"turning_{age}")), 1)
        known = counted[f"turning_{age}"].reindex(ends).astype("float64").to_numpy()
        parts.append(pd.DataFrame({
            "year_ending": ends, "years_ahead": np.arange(1, len(ends) + 1), "turning_age": age,
            "todays_children": known, **said,
        }))
    return pd.concat(parts, ignore_index=True)


def forecast_needs(futures: Futures | None, today: Mapping[str, int]) -> pd.DataFrame:
    """Children by the need for which they came into care, at each year's end.

    today    need family → children on the first date
    returns  date, need_family, children_today, mean, p10, p50, p90. The need is carried with the
             child from the day care started, as DfE records it
    """
    if futures is None:
        return pd.DataFrame(columns=["date", "need_family", "children_today", *FIGURES])
    dates = year_ends(futures)
    at = np.arange(1, len(dates) + 1) * MONTHS_A_YEAR
    parts = [
        pd.DataFrame({
            "date": dates, "need_family": name, "children_today": int(today.get(name, 0)),
            **_rounded(futures.needs[:, at, number], 1),
        })
        for number, name in enumerate(futures.need_names)
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values("date", kind="stable", ignore_index=True)


def forecast_uasc(futures: Futures | None, today: int) -> pd.DataFrame:
    """Unaccompanied asylum-seeking children at each year's end, who are part of all children.

    today    how many there are on the first date
    returns  date, uasc ('uasc'), children_today, mean, p10, p50, p90
    """
    if futures is None:
        return pd.DataFrame(columns=["date", "uasc", "children_today", *FIGURES])
    dates = year_ends(futures)
    at = np.arange(1, len(dates) + 1) * MONTHS_A_YEAR
    said = _rounded(futures.uasc[:, at], 1)
    return pd.DataFrame({"date": dates, "uasc": "uasc", "children_today": int(today), **said})


def at_year_ends(frame: pd.DataFrame, years: Sequence[int] | None = None) -> pd.DataFrame:
    """The rows of a monthly table at the end of each twelfth month.

    frame  `forecast`: date, placement_group, in order
    years  which years ahead; None: all
    """
    dates = list(dict.fromkeys(frame["date"]))
    ends = dates[MONTHS_A_YEAR - 1 :: MONTHS_A_YEAR]
    kept = ends if years is None else [ends[year - 1] for year in years if year <= len(ends)]
    return frame[frame["date"].isin(kept)].reset_index(drop=True)


def by_need_family(needs: pd.DataFrame) -> dict[str, int]:
    """Children by family of need, from `characteristics.children_by_need` of one day.

    >>> by_need_family(pd.DataFrame({"category_of_need": ["N4", "N5", "N1"],
    ...                              "children": [2, 3, 9]}))["family_stress"]
    5
    """
    families = needs["category_of_need"].map(need_family)
    return needs.groupby(families)["children"].sum().astype(int).to_dict()


def uasc_today(uasc: pd.DataFrame) -> int:
    """Unaccompanied children, from `characteristics.children_by_uasc` of one day."""
    return int(uasc.loc[uasc["uasc"] == "uasc", "children"].sum())


def on_page(
    frame: pd.DataFrame,
    *,
    years: Sequence[int] = YEARS_PRINTED,
    groups: Sequence[str] | None = PRINTED,
    scenario: str | None = None,
) -> np.ndarray:
    """Which rows of a long table a page prints: those years ahead, placements and scenario.

    frame   with year_ending, or date at each year's end; placement_group and scenario if any
    years   which years ahead, 1 the first; a table shorter than that has fewer
    groups  None: every placement. scenario None: every one
    returns a boolean for each row
    """
    column = "year_ending" if "year_ending" in frame else "date"
    ends = sorted(set(frame[column]))
    kept = frame[column].isin([ends[year - 1] for year in years if year <= len(ends)])
    if groups is not None and "placement_group" in frame:
        kept &= frame["placement_group"].isin(list(groups))
    if scenario is not None:
        kept &= frame["scenario"] == scenario
    return kept.to_numpy(dtype=bool)


def compared(by_year: pd.DataFrame, *, figure: str = "mean") -> pd.DataFrame:
    """The scenarios side by side: no change, and what each would make of it.

    by_year  `at_year_ends` of a forecast with several scenarios, or a table of whole years
    figure   the mean to compare: mean (children), or one of a table of years
    returns  its rows by placement and year, with difference_children (or, for figures in
             another unit, difference_ and the unit): the mean less that of the first scenario,
             which is no change; 0 in its own rows
    """
    when = "year_ending" if "year_ending" in by_year else "date"
    keys = [when, "placement_group"]
    base = by_year[by_year["scenario"] == by_year["scenario"].iloc[0]] if len(by_year) else by_year
    base = base.set_index(keys)[figure]
    less = base.reindex(pd.MultiIndex.from_frame(by_year[keys])).to_numpy()
    unit = figure.partition("_")[2] or "children"
    rows = by_year.assign(**{f"difference_{unit}": (by_year[figure] - less).round(1)})
    place = rows["placement_group"].map({group: at for at, group in enumerate(GROUPS)})
    order = rows.assign(place=place).sort_values(["place", when], kind="stable").index
    first = ["placement_group", when, "scenario"]
    return rows.loc[order, [*first, *rows.columns.difference(first, sort=False)]].reset_index(
        drop=True
    )


def year_ends(futures: Futures) -> list[str]:
    """The last day of each whole year after the first date, as ISO text."""
    return [iso(day) for day in futures.dates[MONTHS_A_YEAR::MONTHS_A_YEAR]]


def yearly(values: np.ndarray) -> np.ndarray:
    """Months added up to whole years: [draws, months] to [draws, years].

    >>> yearly(np.ones((1, 30))).tolist()
    [[12.0, 12.0]]
    """
    years = values.shape[1] // MONTHS_A_YEAR
    whole = values[:, : years * MONTHS_A_YEAR]
    return whole.reshape(len(whole), years, MONTHS_A_YEAR).sum(axis=2, dtype="float64")


def _rounded(values: np.ndarray, places: int) -> dict[str, np.ndarray]:
    """What is said of some futures: the mean to so many places, the rest whole."""
    said = said_of(values)
    whole = {name: np.round(value).astype("int64") for name, value in said.items()}
    return {**whole, "mean": np.round(said["mean"], places)} if places else whole


def _nights(values: np.ndarray) -> dict[str, np.ndarray]:
    return {f"{name}_nights": value for name, value in _rounded(values, 0).items()}


def month_names(futures: Futures) -> list[str]:
    """The last day of each month after the first date, as ISO text."""
    return [iso(day) for day in futures.dates[1:]]


def rows_of(
    runs: Mapping[str, Mapping[str, np.ndarray]],
    today: Mapping[str, int],
    when: str,
    dates: Mapping[str, Sequence[str]],
    said: Callable[[np.ndarray], Mapping[str, np.ndarray]],
    figures: Sequence[str],
) -> pd.DataFrame:
    """A table of scenarios by placement and time.

    runs     scenario → row → its futures, [draws, ...]; a row that any scenario has, all have
    today    row → children on the first date
    when     the column of the dates; dates: scenario → its dates as ISO text
    said     futures → figure → its values on those dates
    returns  scenario, when, placement_group, children_today and the figures, by scenario as
             given, then by date, then by placement
    """
    met = {group for groups in runs.values() for group in groups}
    parts = []
    for name, groups in runs.items():
        nobody = np.zeros_like(next(iter(groups.values()), np.zeros((1, 0))))
        for group in (group for group in GROUPS if group in met):
            parts.append(pd.DataFrame({
                "scenario": name, when: dates[name], "placement_group": group,
                "children_today": int(today.get(group, 0)), **said(groups.get(group, nobody)),
            }))
    keys = ["scenario", when, "placement_group", "children_today"]
    if not parts:
        return pd.DataFrame(columns=[*keys, *figures])
    whole = pd.concat(parts, ignore_index=True)
    run = pd.Categorical(whole["scenario"], list(runs))
    whole = whole.assign(run=run).sort_values(["run", when], kind="stable", ignore_index=True)
    return whole[[*keys, *figures]]
