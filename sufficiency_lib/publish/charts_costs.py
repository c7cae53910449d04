"""Charts of what placements cost: a week of each kind, and why spend changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.charts_bars import bar_rows, in_words, is_shown, latest, said_by_row
from sufficiency_lib.publish.drawing import END_PX, ChartContext, Draw, Drawing, Rows
from sufficiency_lib.publish.style import INK, NAVY, ORANGE, PLUM, TEAL, house_style
from sufficiency_lib.publish.wording import long_date, number

_MEAN = "mean_gbp_per_week"
_SIDE_COLOURS = {"own": NAVY, "independent": TEAL, "public": PLUM, "none": ORANGE}

#: Short, as a name stands left of its bar.
_SIDES = {"own": "own", "independent": "bought", "public": "other public", "none": "no provider"}

#: Effect → how a chart calls it, in the order of the bars.
_EFFECTS: Mapping[str, str] = {
    "volume_gbp_per_year": "More or fewer nights",
    "mix_gbp_per_year": "Other kinds of placement",
    "price_gbp_per_year": "Prices",
    "change_gbp_per_year": "Change in spend",
}


def weekly_costs(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of the mean weekly cost of each kind of placement at the latest date, dearest first.

    Columns used: as_at, cohort, provider_side, children_priced, mean_gbp_per_week. A kind
    without any price is left out.
    """
    newest, day = latest(frame, "as_at")
    rows = [row for row in newest.to_dict("records")
            if row["cohort"] != "total" and row["children_priced"] != 0]
    rows.sort(key=lambda row: -float(row[_MEAN]) if is_shown(row[_MEAN]) else 1)
    several = {cohort for cohort in (row["cohort"] for row in rows)
               if sum(row["cohort"] == cohort for row in rows) > 1}
    names = [_name(row, context, row["cohort"] in several) for row in rows]
    values = [row[_MEAN] for row in rows]
    colours = [_SIDE_COLOURS[str(row["provider_side"])] for row in rows]
    figure = bar_rows(names, values, context, column=_MEAN, colours=colours)
    said = said_by_row(names, values, _MEAN)
    alt = (
        f"Horizontal bar chart of the mean weekly cost of placements in {context.name} on "
        f"{long_date(day)}, dearest first: {said or 'none has a price'}."
    )
    return Drawing(figure, alt, _weekly_title(rows, day),
                   "Base: children looked after on the date whose placement has a price.")


def _name(row: Mapping[str, object], context: ChartContext, with_side: bool) -> str:
    name = context.words.cell("cohort", row["cohort"])
    return f"{name}, {_SIDES[str(row['provider_side'])]}" if with_side else name


def _weekly_title(rows: Sequence[Mapping[str, object]], day: str) -> str:
    mean = {(row["cohort"], row["provider_side"]): row[_MEAN] for row in rows}
    own = mean.get(("fostering_in_house", "own"), "x")
    agency = mean.get(("fostering_ifa", "independent"), "x")
    if not (is_shown(own) and is_shown(agency)):
        return f"Mean weekly cost of placements, {long_date(day)}"
    return (
        f"A week of agency fostering cost {number(_MEAN, float(agency))} on average on "
        f"{long_date(day)}, and of in-house fostering {number(_MEAN, float(own))}"
    )


def spend_change(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of why spend changed: to the right what raised it, to the left what lowered it.

    Columns used: cohort, start_date, end_date and the effects; the row of all placements.
    """
    row = frame[frame["cohort"] == "total"].iloc[0]
    first, last = (long_date(row[column]) for column in ("start_date", "end_date"))
    names, values = list(_EFFECTS.values()), [row[column] for column in _EFFECTS]
    with house_style():
        canvas = Rows(names, context)
        _both_ways(canvas, values)
    said = "; ".join(f"{name} {_signed(value)}" for name, value in zip(names, values, strict=True))
    alt = (
        f"Bar chart of why spend on placements in {context.name} changed between the year to "
        f"{first} and the year to {last}: {said}."
    )
    return Drawing(canvas.figure, alt, _change_title(row, first, last),
                   "Base: nights with a price. The three effects add up to the change.")


def _both_ways(canvas: Rows, values: Sequence[object]) -> None:
    """Bars from a line of nought, and the amount after the end of each."""
    known = [float(value) for value in values if is_shown(value)]
    most, least = max([0.0, *known]), min([0.0, *known])
    left, room = canvas.left + END_PX * (least < 0), canvas.room - END_PX * (least < 0)
    scale = room / max(most - least, 1e-9)
    nought = left - least * scale
    for at, value in enumerate(values):
        if not is_shown(value):
            canvas.stub(at, nought)
            continue
        size, down = abs(float(value)) * scale, float(value) < 0
        is_sum = at == len(values) - 1
        start = nought - size if down else nought
        canvas.box(at, start, size, INK if is_sum else ORANGE if down else NAVY)
        canvas.say(start - 7 if down else start + size + 7, canvas.middle(at), _signed(value),
                   weight="bold", ha="right" if down else "left")
    canvas.baseline(nought)


def _signed(value: object) -> str:
    """An amount with its sign, in thousands or millions.

    >>> _signed(-286442), _signed(2191195), _signed(0), _signed("c")
    ('−£286k', '+£2.19m', '£0', 'suppressed')
    """
    if not is_shown(value):
        return in_words("change_gbp_per_year", value)
    size = abs(float(value))
    text = f"£{size / 1e6:.2f}m" if size >= 999_500 else f"£{size / 1e3:.0f}k"
    text = "£0" if size < 500 else text
    sign = "" if text == "£0" else "\N{MINUS SIGN}" if float(value) < 0 else "+"
    return sign + text


def _change_title(row: pd.Series, first: str, last: str) -> str:
    span = f"between the years to {first} and {last}"
    change = row["change_gbp_per_year"]
    if not is_shown(change):
        return f"Why spend on placements changed {span}"
    if not float(change):
        return f"Spend on placements was the same {span}"
    verb = "rose" if float(change) > 0 else "fell"
    by = _signed(abs(float(change))).removeprefix("+")
    parts = {name: row[column] for column, name in list(_EFFECTS.items())[:-1]
             if is_shown(row[column]) and float(row[column]) * float(change) > 0}
    if not parts:
        return f"Spend on placements {verb} by {by} {span}"
    most = max(parts, key=lambda name: abs(float(parts[name])))
    return f"Spend on placements {verb} by {by} {span}, most of all by {_REASONS[most]}"


_REASONS = {
    "More or fewer nights": "the number of nights",
    "Other kinds of placement": "the kinds of placement used",
    "Prices": "prices",
}

#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "weekly_costs": weekly_costs,
    "spend_change": spend_change,
}
