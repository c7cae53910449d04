"""Charts of where and with whom children live: by whose provision, and month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.charts_bars import (
    in_words,
    is_shown,
    latest,
    line_over_time,
    said_by_row,
)
from sufficiency_lib.publish.charts_mix import placed_in
from sufficiency_lib.publish.drawing import (
    BASE_OF_ALL,
    STUB_PX,
    ChartContext,
    Draw,
    Drawing,
    Rows,
    Segment,
)
from sufficiency_lib.publish.style import NAVY, ORANGE, PLUM, TEAL, house_style
from sufficiency_lib.publish.wording import long_date, mid_sentence, number

#: Column → how the legend says whose provision it is, and its colour.
_SECTORS: Mapping[str, tuple[str, str]] = {
    "own_provision": ("The council's own", NAVY),
    "independent_provision": ("Private or voluntary", TEAL),
    "public_provision": ("Other public", PLUM),
    "no_provider": ("Parents, or none recorded", ORANGE),
}


def placements_by_sector(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of children by placement at the latest date, split by whose provision it is.

    Columns used: as_at, cohort, the four sectors, children. Where a row's total is
    shown and some of its split is not, that stretch is hatched at its true length.
    """
    newest, day = latest(frame, "as_at")
    rows = newest.to_dict("records")
    everyone = next((r["children"] for r in rows if r["cohort"] == "total"), "x")
    groups = [r for r in rows if r["cohort"] != "total" and r["children"] != 0]
    groups.sort(key=lambda r: -float(r["children"]) if is_shown(r["children"]) else 1)
    names = [context.words.cell("cohort", r["cohort"]) for r in groups]
    used = {c: key for c, key in _SECTORS.items() if any(r[c] != 0 for r in groups)}
    with house_style():
        canvas = Rows(names, context, legend=dict(used.values()))
        known = [float(r["children"]) for r in groups if is_shown(r["children"])]
        scale = (canvas.room - STUB_PX) / max([1.0, *known])
        for at, row in enumerate(groups):
            _sector_bar(canvas, at, row, scale)
        canvas.baseline()
    said = "; ".join(_sector_words(name, row) for name, row in zip(names, groups, strict=True))
    alt = (
        f"Horizontal bar chart of children looked after in {context.name} on {long_date(day)} "
        f"by placement, split by whose provision it is: {said or 'nobody'}."
    )
    title = _sector_title(names, groups, everyone, day)
    return Drawing(canvas.figure, alt, title, BASE_OF_ALL)


def _sector_bar(canvas: Rows, at: int, row: Mapping[str, object], scale: float) -> None:
    total = row["children"]
    if not is_shown(total):
        canvas.stub(at, canvas.left)
        return
    shown = [(float(row[c]), colour) for c, (_, colour) in _SECTORS.items() if is_shown(row[c])]
    canvas.stack(at, [Segment(n, colour, f"{n:,.0f}") for n, colour in shown], scale)
    x = canvas.left + sum(n for n, _ in shown) * scale
    rest = float(total) - sum(n for n, _ in shown)
    if rest:
        canvas.stub(at, x, max(rest * scale, STUB_PX))
        x += max(rest * scale, STUB_PX)
    canvas.say(x + 7, canvas.middle(at), number("children", float(total)), weight="bold")


def _sector_words(name: str, row: Mapping[str, object]) -> str:
    parts = ", ".join(
        f"{in_words('children', row[column])} {mid_sentence(words)}"
        for column, (words, _) in _SECTORS.items()
        if row[column] != 0
    )
    return f"{name} {in_words('children', row['children'])} ({parts})"


def _sector_title(
    names: Sequence[str], groups: Sequence[Mapping[str, object]], everyone: object, day: str
) -> str:
    """What most children live in, if the figures shown are enough to say so."""
    known = [float(r["children"]) for r in groups if is_shown(r["children"])]
    if not known or not is_shown(everyone):
        return f"Children looked after by placement, {long_date(day)}"
    where = _where(names[0], groups[0])
    said = f"{known[0]:,.0f} of {float(everyone):,.0f} children were {where} on {long_date(day)}"
    hidden = float(everyone) - sum(known)
    rivals = max([hidden, *known[1:]], default=0)
    return f"{said}, more than in any other placement" if known[0] > rivals else said


_FOSTERED = {
    "kinship": "fostered by relatives or friends",
    "fostering_in_house": "fostered in-house",
    "fostering_ifa": "fostered by independent agencies",
}


def _where(name: str, row: Mapping[str, object]) -> str:
    """Where children of a row are, in a sentence."""
    return _FOSTERED.get(str(row["cohort"])) or placed_in(name)


#: The placement whose nights the months are drawn of: the beds that cost most.
_MONTHLY = "childrens_home"


def bed_nights_by_month(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line of children on an average night of each month in children's homes.

    Columns used: cohort, month, average_children. Without children's homes, the placement that
    comes first in the table is drawn.
    """
    drawn = _MONTHLY if (frame["cohort"] == _MONTHLY).any() else frame["cohort"].iloc[0]
    rows = frame[frame["cohort"] == drawn].sort_values("month")
    months, values = list(rows["month"]), list(rows["average_children"])
    name = context.words.cell("cohort", drawn)
    figure = line_over_time([f"{month}-01" for month in months], values, context,
                            column="average_children")
    said = said_by_row([_month(month) for month in months], values, "average_children")
    alt = (
        f"Line chart of children on an average night of each month in {context.name}, "
        f"{mid_sentence(name)}: {said}."
    )
    return Drawing(figure, alt, _month_title(name, months, values),
                   "Base: nights slept, short breaks left out.")


def _month(month: str) -> str:
    return long_date(f"{month}-01").removeprefix("1 ")


def _month_title(name: str, months: Sequence[str], values: Sequence[object]) -> str:
    if not (is_shown(values[0]) and is_shown(values[-1])):
        return f"{name}: children on an average night, month by month"
    first, last = (number("average_children", float(values[at])) for at in (0, -1))
    span = f"{_month(months[0])} and {_month(months[-1])}"
    if first == last:
        return f"{name}: {first} children on an average night in both {span}"
    verb = "rose" if float(values[-1]) > float(values[0]) else "fell"
    return f"{name}: children on an average night {verb} from {first} to {last} between {span}"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "placements_by_sector": placements_by_sector,
    "bed_nights_by_month": bed_nights_by_month,
}
