"""What the counts of supply and of searches count (see `publish.meaning`)."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.metrics.referrals import MADE
from sufficiency_lib.publish import readings as said
from sufficiency_lib.publish.readings import Conditions, Meaning

_ENDS: Mapping[str, Conditions] = {
    "searches": {},
    **{end: {"ended": frozenset({end})}
       for end in ("placed", "placed_unregistered", "withdrawn", "still_open")},
}


def _sought(value: str) -> Conditions:
    return {"sought": frozenset(MADE["other_made"] if value == "other" else (value,))}


def _filled(**keys: str) -> Meaning:
    """Places filled, by the kind of provision and these keys."""
    return Meaning(
        "places filled", "",
        {key: said.attribute(key) for key in ("provision_type", *keys.values())}, {"filled": {}},
    )


MARKET: Mapping[str, Meaning] = {
    "searches": Meaning("searches", "year_ending", {}, _ENDS),
    "searches_by_type": Meaning(
        "searches", "year_ending", {"placement_group_sought": _sought}, _ENDS
    ),
    "sought_and_made": Meaning(
        "searches", "year_ending", {"placement_group_sought": _sought},
        {
            **{name: {"ended": frozenset({"placed"}), "made": frozenset(groups)}
               for name, groups in MADE.items()},
            "unregistered_made": {"ended": frozenset({"placed_unregistered"})},
        },
    ),
    "supply_by_type": _filled(),
    "supply_by_sector": _filled(key="sector"),
    "supply_by_grade": _filled(key="grade"),
    "supply_by_area": _filled(key="area"),
    "fostering_bed_use": Meaning("nights", "year_ending", {}, {"nights": said.SPLIT["in_house"]}),
    "providers_nearby": Meaning(
        "looked after", "", {"placement_group": said.group}, {"children": {}}
    ),
    "gain_from_adding": Meaning(
        "looked after", "", {"placement_group": said.group},
        {"beyond": {"home_20_miles": frozenset({"beyond"})}},
    ),
}
