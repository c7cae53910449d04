"""Charts of the forecast: fans with their history and proof, chances, and cohorts to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from sufficiency_lib.publish.charts_bars import (
    bar_rows,
    in_words,
    is_shown,
    line_over_time,
    said_by_day,
    said_by_row,
)
from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing
from sufficiency_lib.publish.fans import Fan, Whisker, draw_fans
from sufficiency_lib.publish.style import NAVY, ORANGE, PLUM, TEAL
from sufficiency_lib.publish.wording import iso_date, long_date, mid_sentence, sentence_case
from sufficiency_lib.settings_forecast import NO_CHANGE

_HISTORY, _BACKTEST = "history", "backtest"
#: Two fans at most, and beside a single one three scenarios: four colours in all.
_FAN_COLOURS = (NAVY, TEAL)
_SCENARIO_COLOURS = (TEAL, PLUM, ORANGE)
_BASE = "Base: children looked after, short breaks left out. Simulated futures, not a promise."


def forecast_with_history(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A fan for one placement, or for two: what was, what may come, what past forecasts said.

    Columns used: placement_group, line, origin, date, children, children_at_start, p10, p50, p90.
    With one placement the middle of each scenario is drawn too, the first three of them.
    """
    frame = frame.assign(date=frame["date"].map(iso_date), origin=frame["origin"].map(iso_date))
    groups = list(dict.fromkeys(frame["placement_group"]))[: len(_FAN_COLOURS)]
    fans = [
        _fan(frame[frame["placement_group"] == group], context, group, colour,
             scenarios=len(groups) == 1)
        for group, colour in zip(groups, _FAN_COLOURS, strict=False)
    ]
    figure = draw_fans(fans, context)
    alt = " ".join(_fan_words(fan, context) for fan in fans)
    return Drawing(figure, alt, _fan_title(fans), _BASE)


def _fan(
    frame: pd.DataFrame, context: ChartContext, group: str, colour: str, *, scenarios: bool
) -> Fan:
    """One placement's lines out of the rows of the table."""
    past = _line(frame, _HISTORY)
    ahead = _line(frame, NO_CHANGE)
    others = [line for line in dict.fromkeys(frame["line"])
              if line not in (_HISTORY, _BACKTEST, NO_CHANGE)] if scenarios else []
    tested = frame[(frame["line"] == _BACKTEST) & frame["p10"].map(is_shown)]
    name = context.words.cell("placement_group", group)
    return Fan(
        name="Children looked after" if group == "all" else name,
        colour=colour,
        past=list(zip(past["date"], past["children"], strict=True)),
        ahead=list(zip(ahead["date"], ahead["p10"], ahead["p50"], ahead["p90"], strict=True)),
        scenarios=[
            (name, colour, list(zip(line["date"], line["p50"], strict=True)))
            for name, colour in zip(others, _SCENARIO_COLOURS, strict=False)
            for line in [_line(frame, name)]
        ],
        tested=[Whisker(*cells) for cells in
                zip(tested["origin"], tested["date"], tested["p10"], tested["p90"], strict=True)],
    )


def _line(frame: pd.DataFrame, line: str) -> pd.DataFrame:
    return frame[frame["line"] == line].sort_values("date")


def _fan_words(fan: Fan, context: ChartContext) -> str:
    days, values = [day for day, _ in fan.past], [value for _, value in fan.past]
    said = [
        f"Fan chart of {mid_sentence(fan.name)} in {context.name}. What was: "
        f"{said_by_day(days, values, 'children')}."
    ]
    if fan.is_shown:
        said.append("With no change, middle and 80% range: " + "; ".join(
            f"{long_date(day)}, {in_words('p50', p50)} ({in_words('p10', p10)} to "
            f"{in_words('p90', p90)})" for day, p10, p50, p90 in fan.ahead
        ) + ".")
    else:
        said.append("The forecast rests on too few children to be shown.")
    said += [f"{name}, middle on {long_date(line[-1][0])}: {in_words('p50', line[-1][1])}."
             for name, _, line in fan.scenarios if line and fan.is_shown]
    if fan.tested:
        said.append("Past forecasts, 80% range: " + "; ".join(
            f"for {long_date(one.day)} made on {long_date(one.origin)}, "
            f"{in_words('p10', one.low)} to {in_words('p90', one.high)}" for one in fan.tested
        ) + ".")
    return " ".join(said)


def _fan_title(fans: Sequence[Fan]) -> str:
    whole = all(fan.is_shown for fan in fans) and all(is_shown(fan.past[-1][1]) for fan in fans)
    if not whole or not fans:
        names = " and ".join(mid_sentence(fan.name) for fan in fans)
        return f"{sentence_case(names)}: what was and what may come"
    day = long_date(fans[0].ahead[-1][0])
    if len(fans) == 1:
        _, low, middle, high = fans[0].ahead[-1]
        return (
            f"{fans[0].name}: {fans[0].past[-1][1]:,} now; with no change {low:,} to {high:,} on "
            f"{day}, and {middle:,} in the middle of the futures"
        )
    told = [f"{fan.name}: {fan.past[-1][1]:,} now, {fan.ahead[-1][1]:,} to {fan.ahead[-1][3]:,}"
            for fan in fans]
    return f"With no change until {day}. {'. '.join(told)}"


def unexpected_demand(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A bar for the chance that each placement's need passes its places, in the first year.

    Columns used: placement_group, year_ending, capacity_places, chance_over_capacity_pct.
    Placements without a number of places are left out; without any, the bars are empty.
    """
    day = frame["year_ending"].map(iso_date).min()
    rows = frame[(frame["year_ending"].map(iso_date) == day) & frame["capacity_places"].notna()]
    names = [
        f"{context.words.cell('placement_group', group)} ({int(places):,} places)"
        for group, places in zip(rows["placement_group"], rows["capacity_places"], strict=True)
    ]
    values = list(rows["chance_over_capacity_pct"])
    figure = bar_rows(names, values, context, column="chance_over_capacity_pct", most=100)
    year = f"the year to {long_date(day)}"
    alt = (
        f"Bar chart of the chance that a month of {year} has more children than there are places "
        f"in {context.name}: {said_by_row(names, values, 'chance_over_capacity_pct')}."
    )
    return Drawing(figure, alt, _chance_title(names, values, year),
                   "Of the simulated futures, with no change.")


def _chance_title(names: Sequence[str], values: Sequence[object], year: str) -> str:
    shown = [at for at, value in enumerate(values) if is_shown(value)]
    if not shown:
        return f"The chance that need passes the places there are, in {year}"
    most = max(shown, key=lambda at: (float(values[at]), -at))
    return (
        f"{names[most]}: in {in_words('chance_over_capacity_pct', values[most])} of futures they "
        f"are not enough at some time in {year}"
    )


def forecast_cohorts(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Two lines through the years: how many turn 18, and how many 16, while looked after.

    Columns used: turning_age, year_ending, p50.
    """
    frame = frame.assign(year_ending=frame["year_ending"].map(iso_date))
    by_age = {age: part.sort_values("year_ending")
              for age, part in frame.groupby(frame["turning_age"].astype(int))}
    days = list(by_age[18]["year_ending"])
    eighteen, sixteen = list(by_age[18]["p50"]), list(by_age[16]["p50"])
    figure = line_over_time(days, eighteen, context, column="p50", of="Turning 18",
                            compared=[("Turning 16", sixteen, TEAL)])
    alt = (
        f"Line chart of young people who turn 18 and 16 while looked after in {context.name}, by "
        f"year ending, in the middle of the futures. Turning 18: "
        f"{said_by_day(days, eighteen, 'p50')}. Turning 16: {said_by_day(days, sixteen, 'p50')}."
    )
    return Drawing(figure, alt, _cohort_title(days, eighteen),
                   "The middle of the simulated futures, with no change.")


def _cohort_title(days: Sequence[str], eighteen: Sequence[object]) -> str:
    shown = [at for at, value in enumerate(eighteen) if is_shown(value)]
    if not shown:
        return "Young people who turn 16 and 18 while looked after"
    most = max(shown, key=lambda at: (float(eighteen[at]), -at))
    years = f"{date.fromisoformat(days[0]).year} to {date.fromisoformat(days[-1]).year}"
    return (
        f"Most turn 18 in the year to {long_date(days[most])}: {eighteen[most]:,} in the middle of "
        f"the futures, of the years {years}"
    )


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "forecast_with_history": forecast_with_history,
    "unexpected_demand": unexpected_demand,
    "forecast_cohorts": forecast_cohorts,
}
