"""A chart in the page: two drawings (wide and narrow), title, text alternative, data."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pandas as pd

from sufficiency_lib.publish.drawing import ChartContext, Draw, Drawing
from sufficiency_lib.publish.render import TEMPLATES, render_table
from sufficiency_lib.publish.specs import TableSpec
from sufficiency_lib.publish.style import NARROW_PX, WIDE_PX, figure_size, svg_bytes


def render_figure(
    shown: pd.DataFrame,
    spec: TableSpec,
    draw: Draw,
    context: ChartContext,
    *,
    title: str | None,
    note: str,
    anchor: str,
) -> tuple[str, Drawing]:
    """A disclosed frame as an HTML figure, and its drawing.

    The chart is drawn twice, for a 720 px column and for a phone, and the browser takes the
    one that fits: its words stay readable at 320 px. Both are SVG inside the page.
    """
    wide = draw(shown, replace(context, width_px=WIDE_PX))
    narrow = draw(shown, replace(context, width_px=NARROW_PX))
    data = render_table(
        shown,
        spec,
        context.words,
        title=f"Data for the chart: {spec.title}",
        anchor=f"{anchor}-data",
    )
    html = TEMPLATES.get_template("figure.html.j2").render(
        anchor=anchor,
        title=title or wide.title,
        alt=wide.alt,
        wide=image_of(wide),
        narrow=image_of(narrow),
        source=" ".join(part for part in (context.source, wide.base, note) if part),
        data=data,
    )
    return html, wide


def image_of(drawing: Drawing) -> dict[str, object]:
    """A drawing as an image inside the page: its src, width and height."""
    width, height = figure_size(drawing.figure)
    encoded = b64encode(svg_bytes(drawing.figure)).decode("ascii")
    return {"src": f"data:image/svg+xml;base64,{encoded}", "width": width, "height": height}
