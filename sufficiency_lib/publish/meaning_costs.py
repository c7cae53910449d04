"""What the counts, nights and pounds of the tables of cost count (see `publish.meaning`)."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish import readings as said
from sufficiency_lib.publish.readings import Conditions, Meaning, Reading


def _of(**values: str) -> Conditions:
    return {name: frozenset({value}) for name, value in values.items()}


_PLACED: Mapping[str, Reading] = {"cohort": said.cohort, "provider_side": said.side}
_PRICED, _NOT_PRICED = _of(priced="yes"), _of(priced="no")
_A_WEEK, _A_YEAR = _of(priced="yes", money="week"), _of(priced="yes", money="year")
_ON_THE_DAY: Mapping[str, Conditions] = {
    "children": {},
    "children_priced": _PRICED,
    "children_not_priced": _NOT_PRICED,
    "total_gbp_per_week": _A_WEEK,
}


def _compared(value: str) -> Conditions | None:
    """A placement in-house and by agencies: of fostering, without that by relatives or friends."""
    if value != "fostering":
        return said.group(value)
    own = said.pairs(("fostering",), ("own",))["placement"]
    return {"placement": own | said.SPLIT["ifa"]["placement"]}


def _full(side: str) -> Mapping[str, Conditions]:
    provided = said.sector(f"{side}_provision") or {}
    return {
        f"{side}_children": {**provided, **_PRICED},
        f"{side}_total_gbp_per_week": {**provided, **_A_WEEK},
    }


COSTS: Mapping[str, Meaning] = {
    "weekly_costs": Meaning("looked after", "as_at", _PLACED, _ON_THE_DAY),
    "weekly_costs_by_contract": Meaning(
        "looked after", "as_at", {**_PLACED, "contract": said.attribute("contract")},
        {"children_priced": _PRICED, "total_gbp_per_week": _A_WEEK},
    ),
    "dearest_placements": Meaning("looked after", "as_at", {}, {"children_priced": _PRICED}),
    "full_unit_costs": Meaning(
        "looked after", "", {"placement_group": _compared},
        {**_full("own"), **_full("independent")},
    ),
    "spend_by_year": Meaning("nights", "year_ending", _PLACED, {"spend_gbp_per_year": _A_YEAR}),
    "spend_in_year": Meaning(
        "nights", "year_ending", _PLACED,
        {"nights": {}, "nights_priced": _PRICED, "spend_gbp_per_year": _A_YEAR},
    ),
    "ledger_coverage": Meaning(
        "nights", "year_ending", {},
        {"nights": {}, "nights_priced": _PRICED, "nights_not_priced": _NOT_PRICED},
    ),
    "spend_change": Meaning(
        "nights", "", _PLACED,
        {"start_gbp_per_year": _A_YEAR, "end_gbp_per_year": _A_YEAR},
        {"start_gbp_per_year": "start_date", "end_gbp_per_year": "end_date"},
    ),
    "invest_to_save": Meaning(
        "nights", "year_ending", {},
        {
            "agency_nights": {**said.SPLIT["ifa"], **_PRICED},
            "agency_spend_gbp_per_year": {**said.SPLIT["ifa"], **_A_YEAR},
            "own_nights": {**said.SPLIT["in_house"], **_PRICED},
            "own_spend_gbp_per_year": {**said.SPLIT["in_house"], **_A_YEAR},
        },
    ),
}
