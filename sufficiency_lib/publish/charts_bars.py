"""Two charts that many measures share: rows of bars, and a line through time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sufficiency_lib.publish.disclosure import MARKS, SUPPRESSED
from sufficiency_lib.publish.drawing import ChartContext, Rows, Segment
from sufficiency_lib.publish.style import (
    HATCH_FACE,
    INK,
    MUTED,
    NAVY,
    PAPER,
    house_style,
    new_figure,
)
from sufficiency_lib.publish.wording import MARK_MEANINGS, iso_date, long_date, number

_SIDE, _ROOF, _FOOT, _HEIGHT = 46, 34, 44, 250
#: More points than this and only the ends and the turns are labelled.
_LABEL_ALL = 8


def is_shown(value: object) -> bool:
    """Whether a disclosed cell is a number, and no mark in place of one.

    >>> is_shown(3), is_shown("c")
    (True, False)
    """
    return not isinstance(value, str)


def in_words(column: str, value: object, unit: str | None = None) -> str:
    """A disclosed cell as a text alternative says it: as a table prints it, and marks in words.

    unit  that of its row, where the column has not one of its own

    >>> in_words("share_pct", 12.5), in_words("share_pct", "c")
    ('12.5%', 'suppressed')
    """
    if isinstance(value, str) and value in MARKS:
        return MARK_MEANINGS[value].partition(",")[0]
    return str(value) if isinstance(value, str) else number(column, float(value), unit)


def latest(frame: pd.DataFrame, when: str) -> tuple[pd.DataFrame, str]:
    """The rows of the last day in a column of days, and that day as ISO text.

    >>> frame = pd.DataFrame({"as_at": ["2024-03-31", "2025-03-31"], "children": [404, 410]})
    >>> rows, day = latest(frame, "as_at")
    >>> rows["children"].tolist(), day
    ([410], '2025-03-31')
    """
    days = frame[when].map(iso_date)
    return frame[days == days.max()], days.max()


def bar_rows(
    names: Sequence[str],
    values: Sequence[object],
    context: ChartContext,
    *,
    column: str,
    colours: Sequence[str] = (),
    most: float | None = None,
) -> Figure:
    """A bar a row, its figure after its end; a suppressed one is a hatched stub.

    names    the rows, from the top
    values   numbers, or marks
    column   the column they are from, which says how they are printed
    colours  one a row; none: all navy
    most     what the longest bar may stand for; None: the largest value
    """
    with house_style():
        canvas = Rows(list(names), context)
        known = [float(value) for value in values if is_shown(value)]
        scale = canvas.room / max([most or 0, *known, 1e-9])
        for row, value in enumerate(values):
            colour = colours[row] if colours else NAVY
            if is_shown(value):
                canvas.stack(row, [Segment(value, colour)], scale, number(column, float(value)))
            elif value == SUPPRESSED:
                canvas.stub(row, canvas.left)
            else:
                canvas.say(canvas.left + 8, canvas.middle(row), in_words(column, value),
                           color=MUTED)
        canvas.baseline()
    return canvas.figure


def line_over_time(
    days: Sequence[str],
    values: Sequence[object],
    context: ChartContext,
    *,
    column: str,
    compared: Sequence[tuple[str, Sequence[object], str]] = (),
    of: str = "",
) -> Figure:
    """A line from zero through time, broken where a figure is hidden.

    days      ISO dates, in order; only years are printed where all are one day of the year
    values    numbers, or marks
    column    the column they are from
    compared  further lines on the same days: name, values, colour
    of        the name of the first line, where there are several
    """
    lines = [(of, list(values), NAVY), *((n, list(v), c) for n, v, c in compared)]
    known = [float(v) for _, line, _ in lines for v in line if is_shown(v)]
    top = max([*known, 1e-9])
    width, floor = context.width_px, _HEIGHT - _FOOT
    height = _HEIGHT + (22 * len(lines) if len(lines) > 1 else 0)
    right = _SIDE if len(lines) == 1 else 72
    step = (width - _SIDE - right) / max(len(days) - 1, 1)
    xs = [_SIDE + step * at for at in range(len(days))]
    with house_style():
        figure = new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        axes.plot([0, width], [floor, floor], color=INK, lw=1)
        _name_days(axes, days, xs, floor)
        for x, value in zip(xs, values, strict=True):
            if not is_shown(value):
                upright_stub(axes, x, floor, str(value))
        for at, (name, line, colour) in enumerate(lines):
            ys = [floor - (floor - _ROOF) * float(v) / top if is_shown(v) else None for v in line]
            _draw_line(axes, xs, ys, colour, solid=at == 0, dots=len(days) <= _LABEL_ALL)
            _label(axes, xs, ys, line, column, whole=at == 0)
            if len(lines) > 1:
                y = _HEIGHT + 8 + 22 * at
                axes.plot([0, 26], [y, y], color=colour, lw=3, ls="-" if at == 0 else "--")
                axes.text(34, y, name, va="center_baseline")
    return figure


def upright_stub(axes: Axes, x: float, floor: float, mark: str) -> None:
    """A hatched stub on the floor of a line chart: a figure is here and may not be shown."""
    axes.add_patch(Rectangle((x - 10, floor - 26), 20, 26, facecolor=HATCH_FACE, edgecolor=MUTED,
                             hatch="////" if mark == SUPPRESSED else None))
    axes.text(x, floor - 13, mark, ha="center", va="center_baseline", weight="bold",
              bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})


def _name_days(axes: Axes, days: Sequence[str], xs: Sequence[float], floor: float) -> None:
    same_day = len({day[5:] for day in days}) == 1
    last = -1e9
    for at, (day, x) in enumerate(zip(days, xs, strict=True)):
        year_starts = same_day or at == 0 or day[:4] != days[at - 1][:4]
        if not year_starts or x - last < 48:
            continue
        text = day[:4] if same_day or at else f"{date.fromisoformat(day):%b %Y}"
        axes.plot([x, x], [floor, floor + 5], color=INK, lw=1)
        axes.text(x, floor + 18, text, ha="center", va="center_baseline", color=MUTED)
        last = x


def _draw_line(
    axes: Axes, xs: Sequence[float], ys: Sequence[float | None], colour: str, *, solid: bool,
    dots: bool,
) -> None:
    for shown, run in groupby(range(len(ys)), key=lambda at: ys[at] is not None):
        if not shown:
            continue
        points = list(run)
        alone = len(points) == 1
        axes.plot(
            [xs[at] for at in points], [ys[at] for at in points], color=colour,
            lw=2.5 if solid else 2, ls="-" if solid else "--", clip_on=False,
            marker="o" if dots or alone else None, markersize=7, markeredgecolor=PAPER,
        )


def _label(
    axes: Axes, xs: Sequence[float], ys: Sequence[float | None], line: Sequence[object],
    column: str, *, whole: bool,
) -> None:
    """Figures beside the points: all of few, else the ends and the highest and lowest."""
    shown = [at for at, y in enumerate(ys) if y is not None]
    if not shown:
        return
    ends = {shown[0], shown[-1]}
    if whole and len(line) <= _LABEL_ALL:
        ends = set(shown)
    elif whole:
        by_value = sorted(shown, key=lambda at: float(line[at]))
        ends |= {at for at in (by_value[0], by_value[-1])
                 if all(abs(xs[at] - xs[end]) > 60 for end in ends)}
    else:
        ends = {shown[-1]}
    for at in sorted(ends):
        last = not whole
        axes.text(
            xs[at] + (9 if last else 0), ys[at] - (0 if last else 15),
            number(column, float(line[at])), ha="left" if last else "center",
            va="center_baseline", weight="bold", color=INK,
        )


def said_by_row(names: Sequence[str], values: Sequence[object], column: str) -> str:
    """The rows of a chart as a text alternative lists them.

    >>> said_by_row(["Girls", "Boys"], [12.5, "c"], "share_pct")
    'Girls 12.5%; Boys suppressed'
    """
    return "; ".join(f"{n} {in_words(column, v)}" for n, v in zip(names, values, strict=True))


def said_by_day(days: Sequence[str], values: Sequence[object], column: str) -> str:
    """The points of a line as a text alternative lists them.

    >>> said_by_day(["2024-03-31"], [404], "children")
    '31 March 2024, 404'
    """
    return "; ".join(
        f"{long_date(d)}, {in_words(column, v)}" for d, v in zip(days, values, strict=True)
    )
