"""Charts of the mix: placements by provider, fostering in-house and agency, bed nights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.publish.charts_bars import in_words, latest
from sufficiency_lib.publish.disclosure import SUPPRESSED, round_half_up
from sufficiency_lib.publish.drawing import (
    BASE_OF_ALL,
    END_PX,
    STUB_PX,
    ChartContext,
    Draw,
    Drawing,
    Rows,
    Segment,
)
from sufficiency_lib.publish.relations import TOTAL_VALUES
from sufficiency_lib.publish.style import NAVY, ORANGE, PLUM, TEAL, house_style
from sufficiency_lib.publish.wording import iso_date, long_date, mid_sentence, number

#: Whose provision it is, as the mix shows it.
_OWNERS = (
    ("The council's own", ("own",), NAVY),
    ("Other providers", ("other_la", "other_public", "private", "voluntary"), TEAL),
    ("Parents, or not recorded", ("parents", "not_recorded"), PLUM),
)


def _sum_shown(cells: Sequence[object]) -> tuple[float, bool]:
    """The sum of the cells that are shown, and whether any is hidden."""
    known = sum(float(cell) for cell in cells if not isinstance(cell, str))
    return known, any(cell == SUPPRESSED for cell in cells)


def _total_words(known: float, hidden: bool) -> str:
    """A total in words: with a hidden part it can only be said to be more."""
    return f"{known:,.0f} + c" if hidden else f"{known:,.0f}"


def _alt_total(known: float, hidden: bool) -> str:
    if not hidden:
        return f"{known:,.0f}"
    return f"{known:,.0f} and a suppressed number" if known else "suppressed"


def _segments(parts: Sequence[tuple[str, float, bool]]) -> list[Segment]:
    """The bar of some parts: colour, the sum that is shown, and whether more is hidden."""
    return [
        segment
        for colour, known, hidden in parts
        for segment in (
            Segment(known, colour, f"{known:,.0f}"),
            *([Segment(SUPPRESSED, colour)] if hidden else []),
        )
    ]


def placement_mix(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars of children by placement group at the latest date, split by whose provision it is.

    Columns used: as_at, placement_group, provider, children.
    """
    rows, day = latest(frame, "as_at")
    bars = _mix_bars(rows, context)
    legend = {name: colour for name, _, colour in _OWNERS
              if any(p[0] == colour and (p[1] or p[2]) for bar in bars for p in bar[1])}
    with house_style():
        canvas = Rows([bar[0] for bar in bars], context, legend=legend)
        room = canvas.room - 3 * STUB_PX
        scale = room / max([1, *(bar[2] for bar in bars)])
        for row, (_, parts, known, hidden) in enumerate(bars):
            canvas.stack(row, _segments(parts), scale, _total_words(known, hidden) if known else "")
        canvas.baseline()
    said = "; ".join(f"{name} {_alt_total(known, hidden)}" for name, _, known, hidden in bars)
    alt = (
        f"Horizontal bar chart of children looked after in {context.name} on {long_date(day)} "
        f"by placement, split by provider: {said}."
    )
    return Drawing(canvas.figure, alt, _mix_title(bars, day), BASE_OF_ALL)


def _mix_bars(
    frame: pd.DataFrame, context: ChartContext
) -> list[tuple[str, list[tuple[str, float, bool]], float, bool]]:
    """A bar a placement group, the largest first: name, parts, and what the parts come to."""
    bars = []
    groups = frame[~frame["placement_group"].isin(TOTAL_VALUES)]
    for group, rows in groups.groupby("placement_group", sort=False, observed=True):
        parts = [
            (colour, *_sum_shown(list(rows.loc[rows["provider"].isin(who), "children"])))
            for _, who, colour in _OWNERS
        ]
        known, hidden = sum(p[1] for p in parts), any(p[2] for p in parts)
        if known or hidden:
            bars.append((context.words.cell("placement_group", group), parts, known, hidden))
    return sorted(bars, key=lambda bar: (-bar[2], bar[0]))


def _mix_title(bars: Sequence[tuple[str, object, float, bool]], day: str) -> str:
    if not bars or not bars[0][2]:
        return f"Children looked after by placement, {long_date(day)}"
    name, _, known, hidden = bars[0]
    where = placed_in(name)
    if hidden:
        # With a part hidden it cannot be said which placement is the largest.
        return f"At least {known:,.0f} children were {where} on {long_date(day)}"
    said = f"{known:,.0f} children were {where} on {long_date(day)}"
    most = not any(bar[3] for bar in bars)
    return f"{said}, more than in any other placement" if most else said


def placed_in(group: str) -> str:
    """Where children of a placement group are, in a sentence.

    >>> placed_in("Children's homes"), placed_in("With parents")
    ("in children's homes", 'with parents')
    """
    low = mid_sentence(group)
    return low if low.startswith(("with ", "placed ")) else f"in {low}"


_BASES = ("children", "bed_nights", "new_placements")


def fostering_split(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """Bars to 100%: in-house against agency, without and with kinship, on each basis.

    Columns used: basis, period, kinship, in_house, ifa, in_house_pct,
    in_house_incl_kinship_pct. The latest period of each basis is drawn.
    """
    records = []
    for basis in _BASES:
        rows = frame[frame["basis"] == basis]
        if len(rows):
            records.append(rows.loc[rows["period"].map(str).sort_values().index[-1]].to_dict())
    names, heads, bars = [], {}, []
    for record in records:
        heads[len(names)] = (
            f"{context.words.cell('basis', record['basis'])}, "
            f"{context.words.cell('period', str(record['period']))}"
        )
        names += ["Without kinship", "With kinship"]
        bars += [_split(record, c) for c in (("in_house", "ifa"), ("kinship", "in_house", "ifa"))]
    legend = {"Kinship": ORANGE, "In-house": NAVY, "Agency (IFA)": TEAL}
    with house_style():
        canvas = Rows(names, context, legend=legend, heads=heads)
        for row, segments in enumerate(bars):
            room = context.width_px - canvas.left - 2
            if segments is None:
                canvas.stub(row, canvas.left, room)
            else:
                canvas.stack(row, segments, room / 100)
    said = "; ".join(_split_words(record, context) for record in records)
    alt = (
        f"Stacked bar chart of fostering in {context.name}, in-house and independent agency, "
        f"as shares of 100%: {said}."
    )
    return Drawing(canvas.figure, alt, _split_title(records), "Other public providers left out.")


_SPLIT_COLOURS = {"kinship": ORANGE, "in_house": NAVY, "ifa": TEAL}


def _split(record: dict[str, object], columns: Sequence[str]) -> list[Segment] | None:
    """The bar to 100% of some counts; None when any may not be shown."""
    if any(isinstance(record[c], str) for c in columns):
        return None
    total = sum(float(record[c]) for c in columns)
    if not total:
        return []
    return [
        Segment(100 * float(record[c]) / total, _SPLIT_COLOURS[c],
                f"{round_half_up(100 * float(record[c]) / total)}%")
        for c in columns
    ]


def _split_words(record: dict[str, object], context: ChartContext) -> str:
    basis = context.words.cell("basis", record["basis"]).lower()
    without, with_kin = (
        in_words("rate_pct", record[c]) for c in ("in_house_pct", "in_house_incl_kinship_pct")
    )
    return f"{basis}, in-house {without} without kinship, {with_kin} with kinship"


def _split_title(records: Sequence[dict[str, object]]) -> str:
    for record in records:
        without, with_kin = record["in_house_pct"], record["in_house_incl_kinship_pct"]
        if record["basis"] == "children" and not isinstance(without, str):
            said = f"In-house carers look after {number('rate_pct', without)} of fostered children"
            if isinstance(with_kin, str):
                return f"{said}, leaving kinship out"
            return f"{said}, or {number('rate_pct', with_kin)} counting kinship carers"
    return "Fostering: in-house and independent agencies"


#: Cohorts whose names are too long for four in one legend.
_BRIEF = {
    "kinship": "Kinship fostering",
    "fostering_in_house": "In-house fostering",
    "fostering_ifa": "Agency fostering",
}


def bed_nights(frame: pd.DataFrame, context: ChartContext) -> Drawing:
    """A bar a year of nights slept: the three largest groups, and the rest together.

    Columns used: year_ending, placement_group or cohort, nights.
    """
    key = "cohort" if "placement_group" not in frame else "placement_group"
    frame = frame[~frame[key].isin(TOTAL_VALUES)].rename(columns={key: "placement"})
    frame = frame.assign(year_ending=frame["year_ending"].map(iso_date))
    newest, last = latest(frame, "year_ending")
    top = _largest(newest)
    colours = dict(zip([*top, "rest"], (NAVY, TEAL, PLUM, ORANGE), strict=False))
    names = {g: _BRIEF.get(g) or context.words.cell(key, g) for g in top} | {"rest": "All the rest"}
    years = sorted(frame["year_ending"].unique())
    cells = {
        year: {g: _sum_shown(_nights(frame, year, g, top)) for g in colours} for year in years
    }
    totals = {y: (sum(v for v, _ in c.values()), any(h for _, h in c.values()))
              for y, c in cells.items()}
    with house_style():
        canvas = Rows([f"Year to {long_date(y)}" for y in years], context,
                      legend={names[g]: colours[g] for g in colours})
        room = canvas.room + END_PX - 110 - 4 * STUB_PX
        scale = room / max([t for t, _ in totals.values()] + [1])
        for row, year in enumerate(years):
            parts = [(colours[g], *cell) for g, cell in cells[year].items()]
            canvas.stack(row, _segments(parts), scale, _total_words(*totals[year]))
        canvas.baseline()
    said = "; ".join(
        f"year to {long_date(y)}, "
        + ", ".join(f"{names[g].lower()} {_alt_total(*cells[y][g])}" for g in colours)
        for y in years
    )
    alt = f"Stacked bar chart of nights slept in care in {context.name} by placement: {said}."
    return Drawing(canvas.figure, alt, _nights_title(cells[last], totals[last], names, last),
                   "Base: nights slept by all children looked after, short breaks left out.")


def _largest(frame: pd.DataFrame) -> list[str]:
    """The three placements with most nights, of those with any that is shown."""
    size = {g: _sum_shown(list(frame.loc[frame["placement"] == g, "nights"]))[0]
            for g in dict.fromkeys(frame["placement"])}
    return [g for g in sorted(size, key=lambda g: -size[g])[:3] if size[g]]


def _nights(frame: pd.DataFrame, year: str, group: str, top: Sequence[str]) -> list[object]:
    rows = frame[frame["year_ending"] == year]
    chosen = ~rows["placement"].isin(top) if group == "rest" else rows["placement"] == group
    return list(rows.loc[chosen, "nights"])


def _nights_title(
    cells: dict[str, tuple[float, bool]], total: tuple[float, bool], names: dict[str, str],
    last: str,
) -> str:
    first = next(iter(cells))
    known, hidden = cells[first]
    if first == "rest" or not known:
        return f"Nights slept by placement, years to {long_date(last)}"
    name = names[first]
    if hidden or total[1]:
        least = "at least " if hidden else ""
        return f"{name} gave most nights: {least}{known:,.0f} in the year to {long_date(last)}"
    share = round_half_up(100 * known / total[0])
    return f"{name} gave {share}% of nights in the year to {long_date(last)}"


#: Table id → the chart that draws it.
CHARTS: Mapping[str, Draw] = {
    "placement_mix": placement_mix,
    "fostering_split": fostering_split,
    "bed_nights": bed_nights,
    "bed_nights_by_cohort": bed_nights,
}
