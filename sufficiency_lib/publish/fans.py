"""Drawing fans: a line of what was, a widening band of what may come, whiskers of the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sufficiency_lib.publish.charts_bars import is_shown, upright_stub
from sufficiency_lib.publish.drawing import ChartContext
from sufficiency_lib.publish.style import GRID, INK, MUTED, PAPER, house_style, new_figure

_SIDE, _RIGHT, _ROOF, _FOOT, _PLOT = 34, 58, 26, 34, 330
_LEGEND_PX = 22
#: How much of a fan's colour its band keeps; the rest is paper.
_BAND = 0.22
#: Labels of scenarios at the ends of their lines, and in the legend.
_LETTERS = "ABC"
_APART = 15
#: Least room for the name of a year.
_YEAR_PX = 44


@dataclass(frozen=True)
class Whisker:
    """The 80% range of a past forecast: the day it was made, its day, and its ends."""

    origin: str
    day: str
    low: object
    high: object


@dataclass(frozen=True)
class Fan:
    """What is drawn of one placement. Days are ISO text; figures may be marks.

    past       (day, children)
    ahead      (day, p10, p50, p90) with no change
    scenarios  (name, colour, [(day, p50)]), three at most
    tested     ranges of past forecasts
    """

    name: str
    colour: str
    past: Sequence[tuple[str, object]]
    ahead: Sequence[tuple[str, object, object, object]]
    scenarios: Sequence[tuple[str, str, Sequence[tuple[str, object]]]] = ()
    tested: Sequence[Whisker] = field(default=())

    @property
    def is_shown(self) -> bool:
        """Whether there is a forecast that may be shown."""
        return bool(self.ahead) and all(is_shown(cell) for row in self.ahead for cell in row[1:])

    def figures(self) -> list[float]:
        """Every figure that is drawn."""
        cells = [value for _, value in self.past]
        cells += [cell for row in self.ahead for cell in row[1:]]
        cells += [value for _, _, line in self.scenarios for _, value in line]
        cells += [end for one in self.tested for end in (one.low, one.high)]
        return [float(cell) for cell in cells if is_shown(cell)]


class _Plane:
    """Where a day and a number stand, in pixels."""

    def __init__(self, fans: Sequence[Fan], width: int) -> None:
        days = [row[0] for fan in fans for row in (*fan.past, *fan.ahead)]
        self.first, self.last = (date.fromisoformat(end(days)) for end in (min, max))
        self.top = max([*(figure for fan in fans for figure in fan.figures()), 1.0])
        self.width, self.floor = width, _PLOT - _FOOT
        self.step = nice_step(self.top)

    def x(self, day: str) -> float:
        """How far right a day is."""
        span = max((self.last - self.first).days, 1)
        passed = (date.fromisoformat(day) - self.first).days
        return _SIDE + (self.width - _SIDE - _RIGHT) * passed / span

    def y(self, value: object) -> float:
        """How far down a number is; nought is on the floor."""
        return self.floor - (self.floor - _ROOF) * float(value) / self.top


def nice_step(top: float) -> int:
    """The distance of the grid's lines: three to seven of them below the top.

    >>> nice_step(412), nice_step(9), nice_step(70)
    (100, 2, 20)
    """
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if top / step <= 5:
                return step
        size *= 10


def draw_fans(fans: Sequence[Fan], context: ChartContext) -> Figure:
    """One or two fans from nought, with their history, and a legend below them.

    Where a figure is hidden a stub says so, and there is no band.
    """
    plane, keys = _Plane(fans, context.width_px), _legend(fans)
    height = _PLOT + 12 + _LEGEND_PX * len(keys)
    with house_style():
        figure = new_figure(context.width_px, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, context.width_px), ylim=(height, 0))
        axes.set_axis_off()
        _grid(axes, plane)
        for number, fan in enumerate(fans):
            _whiskers(axes, plane, fan, shift=-5 + 10 * number if len(fans) > 1 else 0)
        ends = [end for fan in fans for end in _draw_fan(axes, plane, fan)]
        _label_ends(axes, ends, plane.width - _RIGHT + 7)
        for row, key in enumerate(keys):
            _draw_key(axes, _PLOT + 8.0 + _LEGEND_PX * row, *key)
    return figure


def _grid(axes: Axes, plane: _Plane) -> None:
    """Light lines at round numbers, and the years under the floor."""
    for number in range(0, int(plane.top) + 1, plane.step):
        y = plane.y(number)
        axes.plot([_SIDE, plane.width - _RIGHT], [y, y], color=INK if not number else GRID, lw=1,
                  zorder=0)
        axes.text(_SIDE - 6, y, f"{number:,}", ha="right", va="center_baseline", color=MUTED)
    last = -1e9
    for year in range(plane.first.year, plane.last.year + 1):
        # 29 February is not in every year.
        day = date(year, plane.last.month, min(plane.last.day, 28)).isoformat()
        x = max(plane.x(day), _SIDE)
        if x - last < _YEAR_PX:
            continue
        axes.plot([x, x], [plane.floor, plane.floor + 5], color=INK, lw=1)
        axes.text(x, plane.floor + 18, str(year), ha="center", va="center_baseline", color=MUTED)
        last = x


def _whiskers(axes: Axes, plane: _Plane, fan: Fan, *, shift: float) -> None:
    """The ranges of past forecasts beside what came; those made first stand leftmost."""
    origins = sorted({one.origin for one in fan.tested})
    for one in fan.tested:
        same_day = [other.origin for other in fan.tested if other.day == one.day]
        at = sorted(same_day).index(one.origin) - (len(same_day) - 1) / 2
        x = plane.x(one.day) + shift + at * max(4.0, 10 - 2 * len(origins))
        low, high = plane.y(one.low), plane.y(one.high)
        axes.plot([x, x], [low, high], color=MUTED, lw=1.6, zorder=2)
        for y in (low, high):
            axes.plot([x - 3, x + 3], [y, y], color=MUTED, lw=1.6, zorder=2)


def _draw_fan(axes: Axes, plane: _Plane, fan: Fan) -> list[tuple[float, str, str]]:
    """History, band and lines; returns what is to be said at their right ends: y, text, colour."""
    known = [(plane.x(day), plane.y(value)) for day, value in fan.past if is_shown(value)]
    for day, value in fan.past:
        if not is_shown(value):
            upright_stub(axes, plane.x(day), plane.floor, str(value))
    if known:
        axes.plot(*zip(*known, strict=True), color=fan.colour, lw=2.5, marker="o", markersize=6,
                  markeredgecolor=PAPER, zorder=4)
    if not fan.is_shown:
        if fan.ahead:
            upright_stub(axes, plane.x(fan.ahead[-1][0]), plane.floor, str(fan.ahead[-1][2]))
        return []
    start = known[-1:] if fan.past and is_shown(fan.past[-1][1]) else []
    xs = [x for x, _ in start] + [plane.x(row[0]) for row in fan.ahead]
    low, middle, high = (
        [y for _, y in start] + [plane.y(row[at]) for row in fan.ahead] for at in (1, 2, 3)
    )
    axes.fill_between(xs, low, high, facecolor=paler(fan.colour), edgecolor=fan.colour, lw=0.6,
                      zorder=1)
    axes.plot(xs, middle, color=fan.colour, lw=2, ls="--", zorder=3)
    ends = [(middle[-1], f"{fan.ahead[-1][2]:,}", INK)]
    for letter, (_, colour, line) in zip(_LETTERS, fan.scenarios, strict=False):
        shown = [(plane.x(day), plane.y(value)) for day, value in line if is_shown(value)]
        if shown:
            axes.plot(*zip(*[*start, *shown], strict=True), color=colour, lw=2, zorder=3)
            ends.append((shown[-1][1], f"{letter} {line[-1][1]:,}", colour))
    return ends


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]], x: float) -> None:
    """Figures at the right ends of the lines, moved apart where they would overlap."""
    placed = -1e9
    for y, text, _ in sorted(ends):
        placed = max(y, placed + _APART)
        axes.text(x, placed, text, va="center_baseline", weight="bold", color=INK)


def _legend(fans: Sequence[Fan]) -> list[tuple[str, str, str]]:
    """What the legend explains, row by row: kind of mark, colour, words."""
    keys = []
    for fan in fans:
        named = "What was" if len(fans) == 1 else fan.name
        keys.append(("past", fan.colour, named))
        if fan.is_shown and len(fans) == 1:
            keys.append(("band", fan.colour, "No change, middle and 80%"))
        keys += [("line", colour, f"{letter}: {name}")
                 for letter, (name, colour, _) in zip(_LETTERS, fan.scenarios, strict=False)
                 if fan.is_shown]
    if len(fans) > 1 and any(fan.is_shown for fan in fans):
        keys.append(("band", MUTED, "No change, middle and 80%"))
    if any(fan.tested for fan in fans):
        keys.append(("whisker", MUTED, "80% range that a past forecast gave"))
    return keys


def _draw_key(axes: Axes, y: float, kind: str, colour: str, words: str) -> None:
    if kind == "past":
        axes.plot([0, 26], [y, y], color=colour, lw=2.5, marker="o", markersize=5,
                  markeredgecolor=PAPER, clip_on=False)
    elif kind == "band":
        axes.add_patch(Rectangle((0, y - 7), 26, 14, facecolor=paler(colour), edgecolor=colour,
                                 lw=0.6))
        axes.plot([0, 26], [y, y], color=colour, lw=2, ls="--")
    elif kind == "line":
        axes.plot([0, 26], [y, y], color=colour, lw=2)
    else:
        axes.plot([13, 13], [y - 7, y + 7], color=colour, lw=1.6)
        for end in (y - 7, y + 7):
            axes.plot([10, 16], [end, end], color=colour, lw=1.6)
    axes.text(34, y, words, va="center_baseline")


def paler(colour: str) -> tuple[float, float, float]:
    """A colour mixed with paper: opaque, so that a band looks the same everywhere.

    >>> paler("#000000")
    (0.78, 0.78, 0.78)
    """
    return tuple(round(1 - _BAND * (1 - part), 3) for part in to_rgb(colour))
