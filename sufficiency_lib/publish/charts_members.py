"""The chart of a consortium's members beside each other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency_lib.publish.charts_bars import bar_rows, is_shown, said_by_row
from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing
from sufficiency_lib.publish.style import NAVY, TEAL
from sufficiency_lib.publish.wording import long_date, number
from sufficiency_lib.settings import locality_rule_label

_EVERYBODY = "all"
_WHOLE_PCT = 100.0


def members_locality(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A bar a member for the share of its children placed locally, and one for all of them.

    Columns used: member, rule, cohort, rate_pct. The rows of all placements are drawn.
    """
    rows = frame[frame["cohort"] == _EVERYBODY].to_dict("records")
    names = [context.words.cell("member", row["member"]) for row in rows]
    rates = [row["rate_pct"] for row in rows]
    colours = [TEAL if row["member"] == _EVERYBODY else NAVY for row in rows]
    figure = bar_rows(names, rates, context, column="rate_pct", colours=colours, most=_WHOLE_PCT)
    words = locality_rule_label(rows[0]["rule"], context.words.locality)
    alt = (
        f"Bar chart of the share of each member's children placed {words} on "
        f"{long_date(context.as_at)}: {said_by_row(names, rates, 'rate_pct')}."
    )
    base = "Base: all children whom the member looks after; not known stays in the base."
    return Drawing(figure, alt, _title(names[:-1], rates[:-1], words), base)


def _title(names: list[str], rates: list[object], words: str) -> str:
    shown = sorted((float(rate), name) for name, rate in zip(names, rates, strict=True)
                   if is_shown(rate))
    if len(shown) < len(names) or shown[0][0] == shown[-1][0]:
        return f"Children placed {words}, by member"
    (least, lowest), (most, highest) = shown[0], shown[-1]
    return (
        f"Children placed {words}: from {number('rate_pct', least)} of {lowest}'s to "
        f"{number('rate_pct', most)} of {highest}'s"
    )


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "members_locality": members_locality,
}
