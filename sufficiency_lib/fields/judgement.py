"""The columns of the judgement: need against supply, and the council's targets."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"
_LOW, _MIDDLE, _HIGH = (
    "One future in ten is lower.", "The middle future.", "One future in ten is higher.",
)  # fmt: skip


def _range(name: str, label: str, unit: str, what: str) -> tuple[Row, ...]:
    """The low end, the middle and the high end of a quantity over the futures."""
    ends = (("p10", "low (P10)", _LOW), ("p50", "middle (P50)", _MIDDLE),
            ("p90", "high (P90)", _HIGH))  # fmt: skip
    return tuple(
        (f"{name}_{short}", f"{label}, {end}", "integer", unit, None, f"{what} {meaning}", _METRIC)
        for short, end, meaning in ends
    )


# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("supply_places", "Places", "integer", "places", None,
     "That the council can count on, or that are registered inside the area.", _METRIC),
    ("supply_basis", "Places from", "text", None, None,
     "profile, carers (both: what the council can count on), or register_inside: every registered "
     "place inside the area, which other councils use too.", _METRIC),
    *_range("need", "Need", "children", "Children at the year's end."),
    *_range("gap", "Short", "places", "Need less places; below 0 there are places to spare."),
    ("chance_short_pct", "Chance of being short", "number", "%", None,
     "Of futures with more children than places at the year's end.", _METRIC),
    *_range("short_nights", "Short nights", "nights",
            "Bed nights of the year beyond the places, month by month."),
    ("baseline", "Baseline", "number", None, None,
     "What the measure was at the start, on the target's own definition or refused.", _METRIC),
    ("baseline_date", "Baseline's day", "date", None, None, "The day that it is of.", _METRIC),
    ("baseline_source", "Baseline from", "text", None, None,
     "profile, or returns: read from the tables of past years.", _METRIC),
    ("progress_pct", "Of the way", "number", "%", None,
     "Value less baseline, of target less baseline; below 0 it is further off than it was.",
     _METRIC),
    ("chance_basis", "Chance from", "text", None, None,
     "forecast: the futures with no change; past_changes: how the measure moved in past years.",
     _METRIC),
    ("standing", "Standing", "text", None, None,
     "met, on_course, behind, missed, not_measured or baseline_refused.", _METRIC),
    ("reason", "Why", "text", None, None,
     "Why a baseline is refused, something cannot be said, or is to be read with care.", _METRIC),
)
