"""Charts of how near to home children are placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.charts_bars import is_shown, line_over_time, said_by_day
from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing
from sufficiency_lib.publish.style import TEAL
from sufficiency_lib.publish.wording import iso_date, long_date, number, sentence_case
from sufficiency_lib.settings import locality_rule_label

#: What the page's rule is drawn beside: the first that it is not.
_BESIDE = ("in_area", "home_20_miles")


def locality_trend(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line of the share placed locally at each date under the page's rule, and one beside it.

    Columns used: as_at, rule, rate_pct. The page's rule is drawn, or the frame's first; beside
    it, dashed, children inside the area, or near home where that is the page's rule.
    """
    rates = {
        (row["rule"], iso_date(row["as_at"])): row["rate_pct"] for row in frame.to_dict("records")
    }
    rules = list(dict.fromkeys(frame["rule"]))
    days = sorted({day for _, day in rates})
    rule = context.rule if context.rule in rules else rules[0]
    drawn = [rule, *[other for other in _BESIDE if other in rules and other != rule][:1]]
    words = {name: locality_rule_label(name, context.words.locality) for name in drawn}
    lines = {name: [rates.get((name, day), "x") for day in days] for name in drawn}
    figure = line_over_time(
        days, lines[rule], context, column="rate_pct", of=sentence_case(words[rule]),
        compared=[(sentence_case(words[name]), lines[name], TEAL) for name in drawn[1:]],
    )
    said = ". ".join(
        f"{sentence_case(words[name])}: {said_by_day(days, lines[name], 'rate_pct')}"
        for name in drawn
    )
    alt = (
        f"Line chart of the share of children looked after in {context.name} who were placed "
        f"locally on each date. {said}."
    )
    return Drawing(figure, alt, _trend_title(days, lines[rule], words[rule]),
                   "Base: all children looked after on the date; not known stays in the base.")


def _trend_title(days: Sequence[str], rates: Sequence[object], words: str) -> str:
    first, last = rates[0], rates[-1]
    if not is_shown(last):
        return f"Children placed {words} at each date"
    said = f"{number('rate_pct', float(last))} of children were placed {words} on "
    said += long_date(days[-1])
    if len(days) == 1 or not is_shown(first):
        return said
    if first == last:
        return f"{said}, as on {long_date(days[0])}"
    verb = "up" if float(last) > float(first) else "down"
    return f"{said}, {verb} from {number('rate_pct', float(first))} on {long_date(days[0])}"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "locality_trend": locality_trend,
}
