"""Rows of bars with words beside them: what every horizontal chart here is made of.

Suppressed figures are drawn as a hatched stub marked "c", never as nothing and never as
zero. On a narrow page a row's name stands above its bar, on a wide one to its left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sufficiency_lib.publish.disclosure import SUPPRESSED
from sufficiency_lib.publish.lettering import text_width
from sufficiency_lib.publish.style import (
    FONT_PX,
    GRID,
    HATCH_FACE,
    INK,
    INK_ON,
    MUTED,
    PAPER,
    WIDE_PX,
    new_figure,
)
from sufficiency_lib.publish.wording import Words

#: Room for the words of a row, left of its bar on a wide page: as they need, within reason.
LABEL_LEAST_PX, LABEL_MOST_PX = 120, 300
#: Room right of the longest bar for its figure.
END_PX = 78
STUB_PX = 22


@dataclass(frozen=True)
class ChartContext:
    """What a chart is told beside its frame.

    rule      the locality rule of the page
    targets   what the council aims at: .metric .value .label .rule
    source    the line under the figure
    width_px  the width to draw for
    """

    name: str
    as_at: date
    rule: str = "home_20_miles"
    words: Words = field(default_factory=Words)
    targets: tuple[Any, ...] = ()
    source: str = ""
    width_px: int = WIDE_PX

    @property
    def is_wide(self) -> bool:
        """Whether there is room for words beside the bars."""
        return self.width_px >= WIDE_PX


@dataclass(frozen=True)
class Drawing:
    """A chart: figure, text alternative, title that says the finding, and its base."""

    figure: Figure
    alt: str
    title: str
    base: str = ""


#: What draws a disclosed frame.
Draw = Callable[[pd.DataFrame, ChartContext], Drawing]

#: What most charts are of, as a figure says under it.
BASE_OF_ALL = "Base: all children looked after, short breaks left out."


@dataclass(frozen=True)
class Segment:
    """A stretch of a bar: its size, or SUPPRESSED, and its colour."""

    value: object
    colour: str
    text: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether the figure may not be shown."""
        return self.value == SUPPRESSED


def _label_width(names: Sequence[str]) -> int:
    needed = max([text_width(name, FONT_PX) for name in names], default=0) + 16
    return round(min(max(needed, LABEL_LEAST_PX), LABEL_MOST_PX))


class Rows:
    """A canvas of rows, in pixels: y runs down the page, x along the bars."""

    def __init__(
        self,
        names: Sequence[str],
        context: ChartContext,
        *,
        legend: Mapping[str, str] | None = None,
        heads: Mapping[int, str] | None = None,
        foot_px: int = 0,
        marks: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.context = context
        self.wide = context.is_wide
        self.left = _label_width(names) if self.wide else 0
        self.bar_px = 22 if self.wide else 20
        self.step_px = 34 if self.wide else 50
        legend = {**(legend or {}), **(marks or {})}
        legend_px = self._legend_height(legend)
        heads = heads or {}
        self.tops: list[float] = []
        top = legend_px + 4.0
        for row in range(len(names)):
            top += 30 if row in heads else 0
            self.tops.append(top + (0 if self.wide else 22))
            top += self.step_px
        self.height = top + foot_px + 2
        self.figure = new_figure(context.width_px, self.height)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, context.width_px), ylim=(self.height, 0))
        self.axes.set_axis_off()
        self._draw_legend(legend)
        for row, name in enumerate(names):
            self._name(row, name, heads.get(row))

    @property
    def room(self) -> float:
        """Pixels that the longest bar may take."""
        return self.context.width_px - self.left - END_PX

    def say(self, x: float, y: float, text: str, **style: Any) -> None:
        """Words at a point, centred on its height."""
        self.axes.text(x, y, text, **{"va": "center_baseline", **style})

    def _name(self, row: int, name: str, head: str | None) -> None:
        middle = self.middle(row)
        lift = 0 if self.wide else 22
        if head is not None:
            self.say(0, self.tops[row] - lift - 14, head, weight="bold", color=INK)
        if self.wide:
            self.say(self.left - 12, middle, name, ha="right")
        else:
            self.say(0, self.tops[row] - 11, name)

    def middle(self, row: int) -> float:
        """The height of the middle of a row's bar."""
        return self.tops[row] + self.bar_px / 2

    def baseline(self, x: float | None = None) -> None:
        """The line from which the bars start."""
        x = self.left if x is None else x
        for top in self.tops:
            self.axes.plot([x, x], [top - 4, top + self.bar_px + 4], color=INK, lw=1)

    def box(self, row: int, x: float, width: float, colour: str) -> None:
        """A stretch of a bar, with a paper edge so that neighbours stand apart."""
        self.axes.add_patch(
            Rectangle((x, self.tops[row]), width, self.bar_px, facecolor=colour,
                      edgecolor=PAPER, linewidth=1)
        )

    def stub(self, row: int, x: float, width: float = STUB_PX) -> None:
        """A hatched stub marked c: a figure is here and may not be shown."""
        self.axes.add_patch(
            Rectangle((x + 1, self.tops[row] + 1), width - 2, self.bar_px - 2,
                      facecolor=HATCH_FACE, edgecolor=MUTED, linewidth=1, hatch="////")
        )
        self.axes.text(
            x + width / 2, self.middle(row), "c", ha="center", va="center_baseline",
            weight="bold", bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
        )

    def stack(self, row: int, segments: Sequence[Segment], scale: float, end: str = "") -> None:
        """A bar of segments from the baseline, and words after its end."""
        x = float(self.left)
        for segment in segments:
            if segment.is_hidden:
                self.stub(row, x)
                x += STUB_PX
                continue
            width = float(segment.value) * scale
            if width <= 0:
                continue
            self.box(row, x, width, segment.colour)
            if text_width(segment.text, FONT_PX) + 6 <= width:
                ink = INK_ON.get(segment.colour, INK)
                self.say(x + width / 2, self.middle(row), segment.text, ha="center", color=ink)
            x += width
        if end:
            self.say(x + 7, self.middle(row), end, weight="bold")

    def _legend_height(self, legend: Mapping[str, Any]) -> float:
        if not legend:
            return 0
        return 30 if self.wide else 22 * len(legend) + 10

    def _draw_legend(self, legend: Mapping[str, Any]) -> None:
        x, y = 0.0, 10.0
        for name, key in legend.items():
            if isinstance(key, str):
                self.axes.add_patch(Rectangle((x, y - 7), 14, 14, facecolor=key))
            else:
                self.axes.plot(x + 8, y, **key)
            self.say(x + 21, y, name)
            if self.wide:
                x += 21 + text_width(name, FONT_PX) + 28
            else:
                y += 22

    def grid(self, ticks: Mapping[float, str]) -> None:
        """Light upright lines at pixel positions, named under the last row."""
        if not self.tops:
            return
        bottom = self.tops[-1] + self.bar_px + 8
        for x, name in ticks.items():
            self.axes.plot([x, x], [self.tops[0] - 6, bottom], color=GRID, lw=1, zorder=0)
            self.say(x, bottom + 11, name, ha="center", color=MUTED)
