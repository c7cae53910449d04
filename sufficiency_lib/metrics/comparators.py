"""Published figures to set beside an authority's own: England, its region, similar councils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.codes import DFE_PLACEMENT_GROUP
from sufficiency_lib.intake.comparable import COMPARABLE
from sufficiency_lib.metrics.locality import ALL_NEW
from sufficiency_lib.metrics.marks import added, first_mark
from sufficiency_lib.metrics.stock import last_year_closed, ratio

#: Fewer neighbours with a figure than this make no median.
FEWEST_NEIGHBOURS = 5

AREAS = ("england", "region", "neighbours")

PUBLISHED_COLUMNS = (
    "metric", "comparator_area", "area_name", "time_period", "value", "symbol", "areas_known",
    "areas_asked", "release",
)  # fmt: skip
FIGURE_COLUMNS = ("metric", "value", "numerator", "denominator")

#: The rows of `placements_by_sector` in the Department's groups.
_DFE_GROUP_OF_COHORT = {
    **DFE_PLACEMENT_GROUP,
    **dict.fromkeys(
        ("kinship", "fostering_in_house", "fostering_ifa", "fostering_other"),
        DFE_PLACEMENT_GROUP["fostering"],
    ),
}

#: The symbols of published tables as the marks of ours.
_MARKS = {
    "c": "c", "*": "c", "k": "k", "low": "k", "~": "k", "z": "z", "n/a": "z", ".": "z",
}  # fmt: skip


def published(
    cells: pd.DataFrame,
    national: pd.DataFrame,
    *,
    as_at: object,
    region: str = "",
    neighbours: Sequence[str] = (),
) -> pd.DataFrame:
    """The published figures, on definitions of ours, that go with a day.

    cells       published cells (see `intake.comparable.comparable_cells`); may have no rows
    national    England's figures for want of better (see `intake.national`): metric,
                time_period, value, release
    as_at       the day of the local figures
    region      the name of the region; blank: none
    neighbours  today's ONS codes of the statistical neighbours
    returns     PUBLISHED_COLUMNS, one row a metric and comparator_area (england, region,
                neighbours). time_period is the year that a 31 March on or before the day
                closes, or else the latest published before it, or else the first after;
                release says it: "31 March 2025; DfE, 2025 release". symbol is why there is no
                value (c k z x), blank beside one.

    The figure of neighbours is the median of those published: one that is suppressed or not
    available is left out, one that rounds to zero counts as 0, and where fewer than
    FEWEST_NEIGHBOURS are left there is none (x). areas_known of areas_asked says how many.
    A figure in several tables is taken from the latest release, and England's from `national`
    only where no table has that year.

    Source: DfE, *Children looked after in England including adoptions*.
    """
    latest = cells.assign(value=cells["value"].astype("float64"))
    latest = latest.sort_values("release_year", ascending=False, kind="stable")
    level = latest["geographic_level"]
    named = latest["region_name"].astype("str").str.casefold()
    in_region = (level == "regional") & (named == region.casefold())
    rows = pd.concat(
        [
            _of_one_area(latest[level == "national"], "england", "England"),
            _of_one_area(_as_cells(national), "england", "England"),
            _of_one_area(latest[in_region], "region", region),
            _median(latest[latest["authority"].isin(list(neighbours))], len(neighbours)),
        ],
        ignore_index=True,
    )
    # England's own table stands before the one that comes with the suite.
    rows = rows.drop_duplicates(["metric", "comparator_area", "time_period"])
    return _ordered(_in_year(rows, last_year_closed(as_at)))


def _as_cells(national: pd.DataFrame) -> pd.DataFrame:
    ours = national["metric"].isin([measure.metric for measure in COMPARABLE])
    return national[ours].assign(
        value=national["value"].astype("float64"), symbol=None,
        time_period=national["time_period"].astype(str),
    )


def _of_one_area(cells: pd.DataFrame, area: str, name: str) -> pd.DataFrame:
    """The figures of England or of a region, each from the first table that has it."""
    first = cells.drop_duplicates(["metric", "time_period"])
    is_known = first["value"].notna()
    # A symbol that is not the house's says no more than that there is no figure.
    marks = [
        "" if known else _MARKS.get(symbol, "x")
        for known, symbol in zip(is_known, first["symbol"], strict=True)
    ]
    shown = first.assign(
        comparator_area=area, area_name=name, symbol=marks,
        areas_known=is_known.astype("int64"), areas_asked=1,
    )
    return shown[list(PUBLISHED_COLUMNS)].astype({"symbol": object})


def _median(cells: pd.DataFrame, asked: int) -> pd.DataFrame:
    """The median of the neighbours' published figures."""
    first = cells.drop_duplicates(["metric", "time_period", "authority"])
    nought = first["symbol"].map(_MARKS) == "k"
    first = first.assign(value=first["value"].mask(nought, 0.0))
    rows = first.groupby(["metric", "time_period"], as_index=False, sort=False).agg(
        value=("value", "median"), areas_known=("value", "count"), release=("release", "first")
    )
    enough = rows["areas_known"] >= FEWEST_NEIGHBOURS
    shown = rows.assign(
        comparator_area="neighbours", area_name="Statistical neighbours", areas_asked=asked,
        value=rows["value"].where(enough), symbol=["" if known else "x" for known in enough],
    )
    return shown[list(PUBLISHED_COLUMNS)].astype({"symbol": object})


def _in_year(rows: pd.DataFrame, closed: int) -> pd.DataFrame:
    """For each measure and area the year nearest to one that has closed, before those after it."""
    years = rows["time_period"].astype(int)
    ranked = rows.assign(_after=years > closed, _gap=(years - closed).abs())
    ranked = ranked.sort_values(["_after", "_gap"], kind="stable")
    kept = ranked.drop_duplicates(["metric", "comparator_area"])
    stamps = [
        f"31 March {year}; {release}"
        for year, release in zip(kept["time_period"], kept["release"], strict=True)
    ]
    return kept.assign(release=pd.Series(stamps, kept.index, dtype=object))


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    measures = [measure.metric for measure in COMPARABLE]
    place = pd.DataFrame({
        "metric": rows["metric"].map(measures.index),
        "area": rows["comparator_area"].map(AREAS.index),
    })  # fmt: skip
    at = place.sort_values(["metric", "area"]).index
    return rows.loc[at, list(PUBLISHED_COLUMNS)].reset_index(drop=True)


def local_figures(
    headline: pd.DataFrame,
    looked_after: pd.DataFrame,
    *,
    flows: pd.DataFrame | None = None,
    ages: pd.DataFrame | None = None,
    uasc: pd.DataFrame | None = None,
    sectors: pd.DataFrame | None = None,
    made: pd.DataFrame | None = None,
    located: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The authority's figures that the Department publishes on the same definition.

    headline      `headline`; its metrics of the Department's own definitions are taken
    looked_after  `children_looked_after`; its last row is the day
    flows         `started_and_ceased`; the year that ends on the day is taken. The rates
                  divide by the population of that day, as the Department's do
    ages          `children_by_age`
    uasc          `children_by_uasc`
    sectors       `placements_by_sector`: its rows, put together as the Department's groups, and
                  own provision of all placements
    made          `locality_of_new_placements`, for how many there were: a flow, of the year
                  that ends on the day, and so is the next
    located       `new_placements_by_distance`
    returns       metric, value, numerator, denominator, in the order of the Department's
                  measures. Shares are of all children looked after on the day, or of all
                  placements made in the year; NaN where there are none.

    Give the tables as the page shows them: a mark in a count (c suppressed) goes on into what
    rests on it. A table may hold other days, and one that is not given makes no figures.

    Source: DfE, *Children looked after in England including adoptions*.
    """
    last = looked_after.iloc[-1]
    rows = {row["metric"]: tuple(row[name] for name in FIGURE_COLUMNS)
            for row in headline.to_dict("records")}
    rows |= _flow_rates(flows, last) | _placements(sectors, last)
    rows |= _shares(ages, last) | _shares(uasc, last) | _new_placements(made, located, last)
    found = [rows[measure.metric] for measure in COMPARABLE if measure.metric in rows]
    return pd.DataFrame(found, columns=list(FIGURE_COLUMNS), dtype=object)


def _flow_rates(flows: pd.DataFrame | None, last: pd.Series) -> dict[str, tuple]:
    if flows is None:
        return {}
    people = float("nan") if pd.isna(last["population_0_17"]) else last["population_0_17"]
    return {
        metric: (metric, _rate(row[word], people, 10_000, 0), row[word], people)
        for row in _of_day(flows, "year_ending", last).to_dict("records")
        for word, metric in (("started", "started_per_10000"), ("ceased", "ceased_per_10000"))
    }


def _placements(sectors: pd.DataFrame | None, last: pd.Series) -> dict[str, tuple]:
    """Summed from the groups of the page, so that no group is told by the rest of its sum."""
    if sectors is None:
        return {}
    today = _of_day(sectors, "as_at", last)
    whole = today.loc[today["cohort"] == "total", "own_provision"]
    shown = [_share("own_provision_pct", own, last) for own in whole]
    theirs = today["cohort"].map(_DFE_GROUP_OF_COHORT)
    for measure in COMPARABLE:
        if measure.key == "dfe_placement_group":
            part = added(*today.loc[theirs == measure.code, "children"])
            shown.append(_share(measure.metric, part, last))
    return {row[0]: row for row in shown}


def _new_placements(
    made: pd.DataFrame | None, located: pd.DataFrame | None, last: pd.Series
) -> dict[str, tuple]:
    if made is None or located is None:
        return {}
    whole = _of_day(made, "year_ending", last)
    part = _of_day(located, "year_ending", last)
    starts = whole.loc[whole["cohort"] == ALL_NEW, "starts"].head(1)
    unknown = part.loc[part["location"] == "not_known", "starts"]
    found = [
        ("new_distance_not_known_pct", _rate(some, everyone, 100, 1), some, everyone)
        for some, everyone in zip(unknown, starts, strict=False)
    ]
    return {row[0]: row for row in found}


def _shares(table: pd.DataFrame | None, last: pd.Series) -> dict[str, tuple]:
    if table is None:
        return {}
    today = _of_day(table, "as_at", last)
    return {
        measure.metric: _share(measure.metric, children, last)
        for measure in COMPARABLE if measure.key and measure.key in today
        for children in today.loc[today[measure.key] == measure.code, "children"]
    }


def _of_day(table: pd.DataFrame, column: str, last: pd.Series) -> pd.DataFrame:
    """The rows of the day, which may be text or a date."""
    return table[table[column].astype(str).str[:10] == str(last["as_at"])[:10]]


def _share(metric: str, children: object, last: pd.Series) -> tuple:
    return (metric, _rate(children, last["children"], 100, 1), children, last["children"])


def beside(shown: pd.DataFrame, around: pd.DataFrame) -> pd.DataFrame:
    """The authority's figures, each with the published ones on the same definition.

    shown    the authority's figures as the page shows them (see `local_figures`)
    around   published figures (see `published`)
    returns  metric, label, unit, value (the authority's), numerator, denominator, england,
             region, neighbours, neighbours_known, release; one row a measure that both have.
             A published figure that is not there is x, or c k z as it was published. An area
             of which nothing is published has no column.

    >>> mine = pd.DataFrame({"metric": ["uasc_pct"], "value": [5.0], "numerator": [20],
    ...     "denominator": [400]})
    >>> theirs = pd.DataFrame({"metric": ["uasc_pct"], "comparator_area": ["england"],
    ...     "value": [8.0], "symbol": [""], "areas_known": [1],
    ...     "release": ["31 March 2025; DfE, 2025 release"]})
    >>> beside(mine, theirs)[["value", "england"]].to_numpy().tolist()
    [[5.0, 8.0]]
    """
    local = {row["metric"]: row for row in shown.to_dict("records")}
    theirs: dict[str, dict[str, Mapping[str, object]]] = {}
    for row in around.to_dict("records"):
        theirs.setdefault(row["metric"], {})[row["comparator_area"]] = row
    rows = []
    for measure in COMPARABLE:
        mine, cells = local.get(measure.metric), theirs.get(measure.metric)
        if mine is None or cells is None:
            continue
        rows.append(
            (measure.metric, measure.label, measure.unit)
            + tuple(mine[name] for name in FIGURE_COLUMNS[1:])
            + tuple(published_figure(cells.get(area)) for area in AREAS)
            + (cells["neighbours"]["areas_known"] if "neighbours" in cells else 0, _stamp(cells))
        )
    columns = ["metric", "label", "unit", *FIGURE_COLUMNS[1:], *AREAS, "neighbours_known",
               "release"]
    given = set(around["comparator_area"])
    without = [c for c in columns for area in AREAS if c.startswith(area) and area not in given]
    return pd.DataFrame(rows, columns=columns, dtype=object).drop(columns=without)


def published_figure(record: Mapping[str, object] | None) -> object:
    """The figure of a row of `published`, or the mark why there is none; x without a row.

    >>> published_figure({"value": 8.0, "symbol": ""}), published_figure(None)
    (8.0, 'x')
    """
    if record is None:
        return "x"
    symbol = record["symbol"]
    return symbol if isinstance(symbol, str) and symbol else record["value"]


def _stamp(cells: Mapping[str, Mapping[str, object]]) -> str:
    """The release of a row's published figures; each named where they are of several."""
    told = {area: str(cells[area]["release"]) for area in AREAS if area in cells}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return ". ".join(f"{area.capitalize()}: {release}" for area, release in told.items())


def _rate(part: object, whole: object, per: int, places: int) -> object:
    """A rate in which a mark stays a mark."""
    mark = first_mark(part, whole)
    return float(ratio(part, whole, per, places)) if mark is None else mark
