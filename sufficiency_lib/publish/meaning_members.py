"""What the tables of a consortium's members count: what each measure counts, a member at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sufficiency_lib.publish.readings import Conditions, Meaning, attribute

#: Whose children are counted; none said: all members'.
MEMBER = "member"
#: Before a rule of locality: it is counted from the area of the member responsible.
OWN = "own "

_IN_OWN_AREA = f"{OWN}in_area"
_WITHIN, _BEYOND = frozenset({"within"}), frozenset({"beyond"})
_NOT_KNOWN = frozenset({"not_known"})
_PLACED_IN: Mapping[str, Conditions] = {
    "own_area": {_IN_OWN_AREA: _WITHIN},
    "other_members_area": {"in_area": _WITHIN, _IN_OWN_AREA: _BEYOND},
    "outside": {"in_area": _BEYOND},
    "not_known": {"in_area": _NOT_KNOWN},
}
#: Table of the members → the kind of table that it is for one authority.
_OF = {
    "members_looked_after": "children_looked_after",
    "members_placements": "placements_by_sector",
    "members_locality": "locality",
    "members_fostering": "fostering_split",
    "members_stability": "stability",
}


def beside(meanings: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """The meanings of the members' tables, from those of the tables of one authority."""
    member = {MEMBER: attribute(MEMBER)}
    placed = Meaning("looked after", "as_at", {**member, "placed_in": _PLACED_IN.get})
    return {"members_placed": placed} | {
        name: replace(meanings[of], keys={**meanings[of].keys, **member})
        for name, of in _OF.items()
    }
