"""How every figure looks: the Government Analysis Function's colours, and SVG that repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

#: The palette, in the order in which neighbours keep 3:1 contrast; four at most.
NAVY, TEAL, PLUM, ORANGE = PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25")
INK = "#1d2a35"
MUTED = "#505a63"
GRID = "#d5dade"
PAPER = "#ffffff"
HATCH_FACE = "#eceff1"
#: What is not for publication, or not real, says so in this.
WARNING = "#9b1020"

#: Ink that keeps 4.5:1 on each colour of the palette.
INK_ON = {NAVY: PAPER, TEAL: "#0b0c0c", PLUM: PAPER, ORANGE: "#0b0c0c"}

WIDE_PX = 720
NARROW_PX = 340
FONT_PX = 14

#: The page's own letters; all are narrower than the face that the layout is measured with.
FONT_FAMILY = "Arial, Helvetica, 'Liberation Sans', sans-serif"

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": FONT_PX,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "hatch.color": MUTED,
    "hatch.linewidth": 1.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "sufficiency",
    "figure.dpi": 72,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw within this: one pixel of the page is one point, 72 to the inch."""
    with mpl.rc_context(_RC):
        yield


def new_figure(width_px: float, height_px: float) -> Figure:
    """An empty figure of so many pixels; call it inside `house_style`."""
    figure = Figure(figsize=(width_px / 72, height_px / 72), dpi=72, facecolor=PAPER)
    FigureCanvasSVG(figure)
    return figure


def figure_size(figure: Figure) -> tuple[int, int]:
    """Width and height in pixels of the page."""
    width, height = figure.get_size_inches() * 72
    return round(width), round(height)


def svg_bytes(figure: Figure) -> bytes:
    """The figure as SVG: no date, fixed ids, words as words in the page's letters."""
    with house_style():
        buffer = BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue().decode("utf-8")
    svg = re.sub(r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|<metadata>.*?</metadata>\s*", "", svg,
                 flags=re.DOTALL)
    svg = re.sub(r"'DejaVu Sans'[^;\"]*", FONT_FAMILY, svg)
    return svg.encode("utf-8")
