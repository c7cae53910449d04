"""The tables of the judgement: need against supply, and the council's targets.

A gap is no count, but need less a published number of places is need. So a row carries the
children on whom it rests, as a forecast does, and is hidden with them; places are registered or
approved and count no child. A target's row is made of shown tables, marks and all; what its
figure would tell - progress, chance, standing and the words beside it - is hidden with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.relations import RowSum, SameValue
from sufficiency_lib.publish.specs.spec import TableSpec
from sufficiency_lib.publish.specs.sums import placement_sums

_SHARES = ("p10", "p50", "p90")
_OF_NEED = (
    *(f"{what}_{share}" for what in ("need", "gap", "short_nights") for share in _SHARES),
    "chance_short_pct",
)
#: One kind of supply in one year of one scenario: of these the placements add up.
_BASIS = ("scenario", "year_ending", "supply_basis")

_FIGURE = ("numerator", "denominator", "value")

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "supply_basis": {
        "profile": "The council's: the profile",
        "carers": "The council's: carers approved",
        "register_inside": "All registered inside the area",
    },
    "baseline_source": {"profile": "The profile", "returns": "The returns"},
    "chance_basis": {
        "forecast": "From the forecast, with no change",
        "past_changes": "From changes of past years",
    },
    "standing": {
        "met": "Met",
        "on_course": "On course",
        "behind": "Behind",
        "missed": "Missed",
        "not_measured": "Cannot be judged",
        "baseline_refused": "Baseline refused",
    },
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="sufficiency_gap",
        title="Need against supply: how many places may be short",
        note="Short is need less places in each future, at the year's end: above 0 there are too "
        "few places, below 0 some to spare. Half of the futures are at or below P50, and eight in "
        "ten lie between P10 and P90. Short nights are the year's bed nights beyond the places, "
        "month by month, as an empty place of May is no use in June. Places stay what they are "
        "today. All registered inside the area is what would be short even if every such place "
        "were this council's, which it is not. The file has every year and scenario.",
        keys=("scenario", "year_ending", "placement_group", "supply_basis"),
        counts=("children_today",),
        derived={"supply_places": (), **dict.fromkeys(_OF_NEED, ("children_today",))},
        relations=(
            SameValue("children_today", ("scenario", "year_ending", "placement_group")),
            *placement_sums(["children_today"], _BASIS),
        ),
        hide=("children_today", "need_p10", "need_p90", "short_nights_p10"),
        labels={"placement_group": "Placement"},
        lift=("scenario",), band="year_ending", under={"supply_basis": "placement_group"},
        source="SSDA903 returns, the profile and the supply register", is_drawn=True,
    ),
    TableSpec(
        id="target_progress",
        title="The council's targets: how far, and how likely",
        note="Of the way is how much of the distance from baseline to target is behind. On course "
        "is as much of it as of the time; without a baseline, a chance of 50% or more. A baseline "
        "counts only if it is of the target's own measure and rule: one of another is refused. The "
        "chance is that of the forecast where it speaks of the measure, and else that of a measure "
        "which moves as much from year to year as it did, in either direction; neither knows of "
        "plans.",
        keys=("metric", "label", "rule", "unit", "target_date", "baseline_date",
              "baseline_source", "chance_basis"),
        counts=("numerator", "denominator"),
        derived={
            "target": (), "baseline": (), "value": _FIGURE[:2],
            **dict.fromkeys(("progress_pct", "chance_met_pct", "standing", "reason"), _FIGURE),
        },
        counts_when={"value": ("unit", ("children",))},
        relations=(RowSum(("numerator",), "denominator"),),
        hide=("metric", "unit", "numerator", "denominator", "baseline_source", "reason"),
        labels={"value": "Now", "chance_met_pct": "Chance of meeting it"},
        lift=(), row_unit=("target", "baseline", "value"),
        missing={"numerator": "z", "denominator": "z"},
        under={"rule": "label", "target_date": "target", "baseline_date": "baseline",
               "chance_basis": "chance_met_pct"},
        named_by=("metric", "rule", "label", "target_date"),
        source="SSDA903 returns and the profile", is_drawn=True,
    ),
)
