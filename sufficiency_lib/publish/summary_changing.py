"""The second part of the summary, what is changing: the past from date to date, the forecast."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.briefing import (
    Brief,
    Row,
    Sentence,
    change,
    count,
    counted,
    day_words,
    figures,
    rule_words,
    share,
)
from sufficiency_lib.publish.wording import listed, sentence_case


def number_over_time(brief: Brief) -> str:
    """The number of children at the first and the last date."""
    ends = brief.first_and_last("children_looked_after", "as_at", "children")
    if not ends:
        return ""
    told = change(*_pair(ends, "children"), count)
    text = f"Between {_between(ends, 'as_at')} the number of children looked after {told}"
    return f"{text}{_rates(ends)}."


def _rates(ends: tuple[Row, ...]) -> str:
    if not all(figures(row, "rate_per_10000") for row in ends):
        return ""
    return f"; for every 10,000 aged 0 to 17 it {change(*_pair(ends, 'rate_per_10000'), count)}"


def starts_and_ends(brief: Brief) -> str:
    """Children who started and ceased in the newest year, and in the first."""
    rows = brief.first_and_last("started_and_ceased", "year_ending", "started")
    if not rows or not all(figures(row, "started", "ceased") for row in rows):
        return ""
    old, new = (figures(row, "started", "ceased") for row in rows)
    return (
        f"In the year to {day_words(rows[1]['year_ending'])}, "
        f"{counted(new[0], 'child', 'children')} started to be looked after and {count(new[1])} "
        f"ceased; in the year to {day_words(rows[0]['year_ending'])} they were {count(old[0])} "
        f"and {count(old[1])}."
    )


_COHORTS: Mapping[str, str] = {
    "fostering_in_house": "with the council's own carers",
    "fostering_ifa": "with agency carers",
    "childrens_home": "in children's homes",
}


def homes_over_time(brief: Brief) -> str:
    """The change in the number of children in each of the larger kinds of placement."""
    told, when = [], ""
    for cohort, who in _COHORTS.items():
        row = brief.row("placement_change_by_cohort", cohort=cohort)
        ends = figures(row, "start_children", "end_children")
        if ends and row["start_date"] != row["end_date"]:
            told.append(f"{'those' if told else 'children'} {who} {change(*ends, count)}")
            when = f"{day_words(row['start_date'])} and {day_words(row['end_date'])}"
    return f"Between {when}, {listed(told)}." if told else ""


def own_nights(brief: Brief) -> str:
    """The council's own share of fostering nights, without relatives and friends and with."""
    ends = brief.first_and_last("fostering_split", "period", "in_house_pct", basis="bed_nights")
    if not ends:
        return ""
    told = change(*_pair(ends, "in_house_pct"), share)
    text = (f"The share of fostering nights spent with the council's own rather than agency "
            f"carers {told} between the years to {_between(ends, 'period')}")
    if all(figures(row, "in_house_incl_kinship_pct") for row in ends):
        text += (f" (counting relatives and friends as its own, it "
                 f"{change(*_pair(ends, 'in_house_incl_kinship_pct'), share)})")
    return f"{text}."


def near_home_over_time(brief: Brief) -> str:
    """The rate under the rule in force at the first and the last date, of all children."""
    ends = brief.first_and_last("locality_trend", "as_at", "rate_pct", rule=brief.rule)
    if not ends:
        return ""
    return (
        f"The share of all children placed {rule_words(brief, brief.rule)} "
        f"{change(*_pair(ends, 'rate_pct'), share)} between {_between(ends, 'as_at')}."
    )


def moves_over_time(brief: Brief) -> str:
    """Children with three or more placements in the year, at the first and the last date."""
    ends = brief.first_and_last("stability", "as_at", "rate_pct",
                                measure="three_or_more_placements")
    if not ends:
        return ""
    return (
        f"The share of children with three or more placements in the year "
        f"{change(*_pair(ends, 'rate_pct'), share)} between {_between(ends, 'as_at')}."
    )


def carers_over_time(brief: Brief) -> str:
    """Fostering households that joined and left in the newest year."""
    row = brief.newest("fostering_households", "year_ending", carer_group="mainstream")
    value = figures(row, "joined", "left", "households")
    if not value:
        return ""
    return (
        f"In the year to {day_words(row['year_ending'])}, {count(value[0])} of the council's "
        f"fostering households (not counting relatives and friends) joined and {count(value[1])} "
        f"left."
    )


def turning_18(brief: Brief) -> str:
    """Today's young people who turn 18 in the next year."""
    row = brief.row("turning_ages", years_ahead=1)
    value = figures(row, "turning_18")
    if not value:
        return ""
    who = counted(*value, "young person", "young people")
    return (f"{sentence_case(who)} looked after now will turn 18 in the year to "
            f"{day_words(row['year_ending'])}.")


def forecast(brief: Brief) -> str:
    """The forecast of all children for the next year end and some years on, as a range."""
    rows = brief.ahead("forecast_by_year", "date", placement_group="all")
    told = [
        f"{count(value[0])} to {count(value[2])} children on {day_words(row['date'])} (middle: "
        f"{count(value[1])})"
        for row in rows if (value := figures(row, "p10", "p50", "p90"))
    ]
    if not told:
        return ""
    return (
        f"If children come into care, move and leave as they have done, the forecast is "
        f"{listed(told)}. Eight in ten simulated futures fall in the range, and two in ten "
        f"outside it."
    )


#: How far ahead a test of the forecast looked, in months, and in words.
_HORIZONS: Mapping[int, str] = {12: "a year", 36: "three years"}


def no_forecast(brief: Brief) -> str:
    """That there is none, where a page with children on it has none."""
    if brief.rows("forecast_by_year") or not brief.rows("children_looked_after"):
        return ""
    return ("No forecast is made from these returns: the appendix says why, in the part on what "
            "may be needed.")


def forecast_errors(brief: Brief) -> str:
    """How far off the forecast of all children was when made again for past dates."""
    told = []
    for months, years in _HORIZONS.items():
        row = brief.row("forecast_accuracy", placement_group="all", horizon_months=months)
        value = figures(row, "error_pct", "same_as_today_error_pct", "forecasts")
        if value:
            tests = counted(value[2], "test", "tests")
            told.append(f"by {share(value[0])} {years} ahead ({tests}; 'same as today' by "
                        f"{share(value[1])})")
    return f"Made again for past dates, the forecast was off {listed(told)}." if told else ""


def _pair(ends: tuple[Row, ...], column: str) -> tuple[float, float]:
    return figures(ends[0], column)[0], figures(ends[1], column)[0]


def _between(ends: tuple[Row, ...], when: str) -> str:
    return f"{day_words(ends[0][when])} and {day_words(ends[1][when])}"


CHANGING: tuple[Sentence, ...] = (
    number_over_time, starts_and_ends, homes_over_time, own_nights, near_home_over_time,
    moves_over_time, carers_over_time, turning_18, forecast, forecast_errors,
    no_forecast,
)
