"""The charts of the judgement: places short by placement and year, and the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sufficiency_lib.judgement.gap import REGISTER_INSIDE
from sufficiency_lib.publish.charts_bars import in_words, is_shown
from sufficiency_lib.publish.charts_targets import target_progress
from sufficiency_lib.publish.drawing import STUB_PX, ChartContext, Draw, Drawing, Rows
from sufficiency_lib.publish.fans import nice_step
from sufficiency_lib.publish.style import MUTED, NAVY, PAPER, TEAL, house_style
from sufficiency_lib.publish.wording import iso_date, long_date, mid_sentence, number
from sufficiency_lib.settings_forecast import NO_CHANGE

#: The short, the middle and the long term; of a shorter forecast, its last year.
_YEARS = (1, 5, 10)
_FOOT_PX = 52
#: How far above and below a row's middle its two lines are drawn.
_LIFT_PX = 6
_END_PX = 24

_COUNCIL, _ALL_INSIDE = "Places the council can count on", "Every registered place inside the area"
_GAP_MARKS: Mapping[str, Mapping[str, Any]] = {
    _COUNCIL: {"marker": "o", "color": NAVY, "markersize": 9},
    _ALL_INSIDE: {"marker": "D", "color": PAPER, "markersize": 7, "markeredgecolor": TEAL,
                  "markeredgewidth": 2.5},
}  # fmt: skip


def sufficiency_gap(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A line from P10 to P90 with a mark at P50, by placement and year: short right of nought.

    Columns used: scenario, year_ending, placement_group, supply_basis, gap_p10, gap_p50, gap_p90,
    chance_short_pct. No change alone is drawn, in the short, middle and long term. What the
    council can count on is a dot; every registered place inside the area a hollow diamond below.
    """
    frame = frame[frame["scenario"] == NO_CHANGE]
    frame = frame.assign(year_ending=frame["year_ending"].map(iso_date))
    ends = sorted(set(frame["year_ending"]))
    chosen = [ends[at - 1] for at in _YEARS if at < len(ends)] + ends[-1:]
    rows = frame[frame["year_ending"].isin(chosen[: len(_YEARS)])].to_dict("records")
    by_place: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        years = by_place.setdefault(str(row["placement_group"]), {})
        years.setdefault(row["year_ending"], []).append(row)
    # A kind of which nothing may be shown says nothing more as a row of stubs; the table has it.
    told = {
        group: years for group, years in by_place.items()
        if any(is_shown(cell["gap_p50"]) for cells in years.values() for cell in cells)
    }
    unsaid = [group for group in by_place if told and group not in told]
    by_place = told or by_place
    with house_style():
        figure = _gaps(by_place, context)
    said = " ".join(_gap_words(group, years, context) for group, years in by_place.items())
    hidden = [context.words.cell("placement_group", group) for group in unsaid]
    if hidden:
        said += f" Suppressed: {', '.join(hidden)}."
    alt = (
        f"Chart of the places that may be short in {context.name}, need less places at the year's "
        f"end with no change, the middle of the futures and 80% range. {said}"
    )
    return Drawing(figure, alt.strip(), _gap_title(rows, context),
                   "Of the simulated futures, with no change. The figure beside a line is the "
                   "middle one. Places stay what they are today.")


def _gaps(
    by_place: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]], context: ChartContext
):
    """The rows of each placement under its name, years below one another."""
    lines = [(group, day, cells) for group, years in by_place.items()
             for day, cells in years.items()]
    firsts = {group: at for at, (group, _, _) in reversed(list(enumerate(lines)))}
    heads = {at: context.words.cell("placement_group", group) for group, at in firsts.items()}
    bases = {_name_of(cell) for _, _, cells in lines for cell in cells}
    canvas = Rows([long_date(day) for _, day, _ in lines], context, heads=heads,
                  foot_px=_FOOT_PX, marks={k: v for k, v in _GAP_MARKS.items() if k in bases})
    every = [float(cell[f"gap_{end}"]) for _, _, cells in lines for cell in cells
             for end in ("p10", "p90") if is_shown(cell[f"gap_{end}"])]
    low, high = min([0.0, *every]), max([0.0, *every])
    step = nice_step(max(high - low, 1.0))
    low, high = low // step * step, -(-high // step) * step
    start, end = canvas.left + _END_PX, context.width_px - _END_PX - 26
    scale = (end - start) / max(high - low, 1)
    ticks = range(int(low), int(high) + 1, step)
    canvas.grid({start + (tick - low) * scale: _tick(tick) for tick in ticks})
    nought = start - low * scale
    if canvas.tops:
        bottom = canvas.tops[-1] + canvas.bar_px + 8
        canvas.baseline(nought)
        canvas.say(nought - 12, bottom + 32, "places to spare", ha="right", color=MUTED)
        canvas.say(nought + 12, bottom + 32, "places short", color=MUTED)
    for at, (_, _, cells) in enumerate(lines):
        for cell in cells:
            lift = 0 if len(cells) == 1 else _LIFT_PX * (1 if _is_inside(cell) else -1)
            _gap_line(canvas, at, cell, nought, scale, lift)
    return canvas.figure


def _gap_line(
    canvas: Rows, row: int, cell: Mapping[str, Any], nought: float, scale: float, lift: float
) -> None:
    """One range with its middle; a stub where it may not be shown."""
    if not is_shown(cell["gap_p50"]):
        canvas.stub(row, nought - STUB_PX / 2)
        return
    y = canvas.middle(row) + lift
    low, middle, high = (nought + float(cell[f"gap_{end}"]) * scale
                         for end in ("p10", "p50", "p90"))
    colour = TEAL if _is_inside(cell) else NAVY
    canvas.axes.plot([low, high], [y, y], color=colour, lw=2 if _is_inside(cell) else 3, zorder=3)
    canvas.axes.plot(middle, y, zorder=4, **_GAP_MARKS[_name_of(cell)])
    canvas.say(high + 8, y, _tick(cell["gap_p50"]), weight="bold", fontsize=12, zorder=5,
               bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})


def _tick(value: float) -> str:
    """A number of places: short has a plus, to spare a minus."""
    return ("+" if value > 0 else "") + number("gap_p50", float(value))


def _is_inside(cell: Mapping[str, Any]) -> bool:
    return cell["supply_basis"] == REGISTER_INSIDE


def _name_of(cell: Mapping[str, Any]) -> str:
    return _ALL_INSIDE if _is_inside(cell) else _COUNCIL


def _gap_words(
    group: str, years: Mapping[str, Sequence[Mapping[str, Any]]], context: ChartContext
) -> str:
    told: dict[str, list[str]] = {}
    for day, cells in years.items():
        for cell in cells:
            told.setdefault(_name_of(cell), []).append(f"{long_date(day)}, {_short(cell)}")
    name = context.words.cell("placement_group", group)
    return " ".join(f"{name}, against {mid_sentence(basis)}: {'; '.join(said)}."
                    for basis, said in told.items())


def _short(cell: Mapping[str, Any]) -> str:
    low, middle, high = (cell[f"gap_{end}"] for end in ("p10", "p50", "p90"))
    if not is_shown(middle):
        return in_words("gap_p50", middle)
    return f"{_places(middle)} ({_places(low)} to {_places(high)})"


def _places(value: object) -> str:
    """A gap in words."""
    size = number("gap_p50", abs(float(value)))
    return "none short" if value == 0 else f"{size} {'short' if float(value) > 0 else 'to spare'}"


def _gap_title(rows: Sequence[Mapping[str, Any]], context: ChartContext) -> str:
    """The placement most likely to be short in the first year, of what the council has."""
    first = min((row["year_ending"] for row in rows), default="")
    known = [row for row in rows if row["year_ending"] == first and not _is_inside(row)
             and is_shown(row["chance_short_pct"])]
    if not known:
        return "Need against places: how many may be short"
    most = max(known, key=lambda row: float(row["chance_short_pct"]))
    name = context.words.cell("placement_group", most["placement_group"])
    chance = in_words("chance_short_pct", most["chance_short_pct"])
    return f"{name}: in {chance} of futures there are too few places on {long_date(first)}"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "sufficiency_gap": sufficiency_gap,
    "target_progress": target_progress,
}
