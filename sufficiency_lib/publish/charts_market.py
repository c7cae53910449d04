"""Charts of supply and the market: occupancy, carers joining and leaving, and time to place."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.publish.charts_bars import (
    bar_rows,
    in_words,
    is_shown,
    latest,
    line_over_time,
    said_by_day,
    said_by_row,
)
from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing
from sufficiency_lib.publish.style import PLUM
from sufficiency_lib.publish.wording import iso_date, long_date, mid_sentence, number

_FULL = 100.0


def supply_by_type(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of occupancy, a row for each kind of provision, the fullest first.

    Columns used: provision_type, occupancy_pct.
    """
    rows = sorted(frame.to_dict("records"),
                  key=lambda r: -float(r["occupancy_pct"]) if is_shown(r["occupancy_pct"]) else 1)
    names = [context.words.cell("provision_type", row["provision_type"]) for row in rows]
    values = [row["occupancy_pct"] for row in rows]
    figure = bar_rows(names, values, context, column="occupancy_pct", most=_FULL)
    alt = (
        f"Bar chart of the share of registered places that are filled, for the provision in the "
        f"register of {context.name}. {said_by_row(names, values, 'occupancy_pct')}."
    )
    title = "Occupancy of registered places"
    if is_shown(values[0]):
        title = f"{names[0]}: {in_words('occupancy_pct', values[0])} of places are filled"
        title += ", the most of any kind" if sum(map(is_shown, values)) > 1 else ""
    return Drawing(figure, alt, title, "Base: places of settings that say their vacancies. From "
                   "the supply register.")


def fostering_households(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Lines of mainstream fostering households that joined and that left in each year.

    Columns used: year_ending, carer_group, joined, left, households.
    """
    rows = frame[frame["carer_group"] == "mainstream"].sort_values("year_ending")
    days = [iso_date(day) for day in rows["year_ending"]]
    joined, left = rows["joined"].tolist(), rows["left"].tolist()
    figure = line_over_time(days, joined, context, column="joined", of="Joined in the year to",
                            compared=[("Left in the year to", left, PLUM)])
    alt = (
        f"Line chart of mainstream fostering households of {context.name} in the year to each "
        f"date. Joined: {said_by_day(days, joined, 'joined')}. Left: "
        f"{said_by_day(days, left, 'left')}."
    )
    return Drawing(figure, alt, _households_title(days, joined, left),
                   "Mainstream households, which are all but relatives and friends. From the "
                   "register of carers.")


def _households_title(days: list[str], joined: list[object], left: list[object]) -> str:
    if not days or not (is_shown(joined[-1]) and is_shown(left[-1])):
        return "Fostering households that joined and left"
    came, went = (number("joined", float(v)) for v in (joined[-1], left[-1]))
    year = f"the year to {long_date(days[-1])}"
    households = "household" if came == "1" else "households"
    return f"{came} fostering {households} joined and {went} left in {year}"


def searches_by_type(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of the median days from referral to placement in the latest year, by what was wanted.

    Columns used: year_ending, placement_group_sought, median_days. Kinds of which the time may
    not be shown are drawn as such.
    """
    newest, year = latest(frame, "year_ending")
    rows = sorted(newest.to_dict("records"), key=_slowest_first)
    names = [context.words.cell("placement_group_sought", r["placement_group_sought"])
             for r in rows]
    values = [row["median_days"] for row in rows]
    figure = bar_rows(names, values, context, column="median_days")
    alt = (
        f"Bar chart of the median days from referral to placement, of searches by "
        f"{context.name} that began in the year to {long_date(year)}, by the placement wanted. "
        f"{said_by_row(names, values, 'median_days')}."
    )
    title = "Days from referral to placement"
    if is_shown(values[0]):
        title = f"Half of searches for {mid_sentence(names[0])} took " \
                f"{in_words('median_days', values[0])} days or more"
    return Drawing(figure, alt, title, "Base: searches that ended in a registered setting; those "
                   "still open are not timed. From the referrals.")


def _slowest_first(row: Mapping[str, object]) -> tuple[float, float]:
    """The order of the bars: of those that take as long, the kind more often wanted first."""
    days, searches = row["median_days"], row["searches"]
    if not is_shown(days):
        return 1.0, 0.0
    return -float(days), -float(searches) if is_shown(searches) else 0.0


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "supply_by_type": supply_by_type,
    "fostering_households": fostering_households,
    "searches_by_type": searches_by_type,
}
