"""Charts of who the children are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.charts_bars import (
    bar_rows,
    in_words,
    is_shown,
    line_over_time,
    said_by_day,
    said_by_row,
)
from sufficiency_lib.publish.drawing import BASE_OF_ALL, ChartContext, Draw, Drawing
from sufficiency_lib.publish.style import TEAL
from sufficiency_lib.publish.wording import iso_date, long_date


def looked_after_by_month(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line of children looked after at the end of each month.

    Columns used: as_at, children.
    """
    frame = frame.assign(as_at=frame["as_at"].map(iso_date)).sort_values("as_at")
    days, values = list(frame["as_at"]), list(frame["children"])
    figure = line_over_time(days, values, context, column="children")
    alt = (
        f"Line chart of children looked after in {context.name} at the end of each month: "
        f"{said_by_day(days, values, 'children')}."
    )
    return Drawing(figure, alt, _month_title(days, values), BASE_OF_ALL)


def _month_title(days: Sequence[str], values: Sequence[object]) -> str:
    span = f"{_month(days[0])} to {_month(days[-1])}"
    if not all(is_shown(value) for value in values):
        return f"Children looked after at the end of each month, {span}"
    most = max(range(len(values)), key=lambda at: (values[at], at))
    least = min(range(len(values)), key=lambda at: (values[at], -at))
    if values[most] == values[least]:
        return f"Children looked after stood at {values[0]:,} from {span}"
    return (
        f"Children looked after were between {values[least]:,} ({_month(days[least])}) and "
        f"{values[most]:,} ({_month(days[most])}) at the end of a month"
    )


def _month(day: str) -> str:
    return long_date(day).partition(" ")[2]


def children_by_age(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A bar for each age band at the date.

    Columns used: as_at, age_group, children, share_pct. Ages not known are drawn if there are
    any, or if it may not be said.
    """
    rows = frame[(frame["age_group"] != "not_known") | (frame["children"] != 0)]
    names = [context.words.cell("age_group", age) for age in rows["age_group"]]
    values = list(rows["share_pct"])
    day = iso_date(rows["as_at"].iloc[0])
    figure = bar_rows(names, values, context, column="share_pct")
    alt = (
        f"Bar chart of children looked after in {context.name} on {long_date(day)} by age, as "
        f"shares of all: {said_by_row(names, values, 'share_pct')}."
    )
    return Drawing(figure, alt, _largest_title(names, values, day), BASE_OF_ALL)


def _largest_title(names: Sequence[str], values: Sequence[object], day: str) -> str:
    if not all(is_shown(value) for value in values):
        return f"Children looked after by age, {long_date(day)}"
    most = max(range(len(values)), key=lambda at: float(values[at]))
    share = in_words("share_pct", values[most])
    return f"{share} of children looked after were aged {names[most].lower()} on {long_date(day)}"


def started_and_ceased(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Two lines through the years: children who started, and children who ceased.

    Columns used: year_ending, started, ceased.
    """
    frame = frame.assign(year_ending=frame["year_ending"].map(iso_date))
    frame = frame.sort_values("year_ending")
    days = list(frame["year_ending"])
    started, ceased = list(frame["started"]), list(frame["ceased"])
    figure = line_over_time(
        days, started, context, column="started", of="Started",
        compared=[("Ceased", ceased, TEAL)],
    )
    alt = (
        f"Line chart of children who started and who ceased to be looked after in "
        f"{context.name}, by year ending. Started: {said_by_day(days, started, 'started')}. "
        f"Ceased: {said_by_day(days, ceased, 'ceased')}."
    )
    return Drawing(figure, alt, _flow_title(days[-1], started[-1], ceased[-1]),
                   "A child is counted once a year in each line.")


def _flow_title(day: str, started: object, ceased: object) -> str:
    year = f"in the year to {long_date(day)}"
    if not (is_shown(started) and is_shown(ceased)):
        return f"Children who started and who ceased to be looked after, to {long_date(day)}"
    if started == ceased:
        return f"As many children started as ceased to be looked after {year}: {started:,}"
    than = "More" if started > ceased else "Fewer"
    return (
        f"{than} children started ({started:,}) than ceased ({ceased:,}) to be looked after {year}"
    )


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "looked_after_by_month": looked_after_by_month,
    "children_by_age": children_by_age,
    "started_and_ceased": started_and_ceased,
}
