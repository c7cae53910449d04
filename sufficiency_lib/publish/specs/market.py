"""The tables of supply and the market.

What is registered - places, providers, organisations - is public and counts no child: nothing
of it is hidden. Places that are filled are children, of whichever authority. So vacancies and
occupancy, from which with the places they could be worked out, rest on them; and where fewer
than three homes stand in a row, whoever knows one of them would know the rest, so their
`base_` says 1. A fostering household has a child or two: only sums of households are shown,
under the same rule. A search is of a child, and its counts are hidden as children's are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.codes import PLACEMENT_GROUP_LABELS
from sufficiency_lib.intake.local_schemas import LOCAL_CODES
from sufficiency_lib.metrics.where_to_add import GAINED
from sufficiency_lib.publish.relations import ColumnSum, Relation, RowSum
from sufficiency_lib.publish.specs.spec import TableSpec

#: What counts no child, so that nothing of it is hidden: it rests on nothing.
_OPEN: tuple[str, ...] = ()

_FILLED = {
    "providers": _OPEN, "places": _OPEN, "places_told": _OPEN,
    "vacant_places": ("filled",), "occupancy_pct": ("filled",),
}
_FILLED_NOTE = (
    "Filled is places less vacancies, of the settings that say their vacancies: children of any "
    "authority. What is filled, and what would tell it, is not shown of fewer than three homes. "
    "Homes for short breaks only are left out. x: the register does not say; Ofsted's list has "
    "no vacancies, and no places of fostering agencies."
)

_ENDS = ("placed", "placed_unregistered", "withdrawn", "still_open")
_DAYS = ("median_days", "lower_quartile_days", "upper_quartile_days")
_ON_SEARCHES: Mapping[str, tuple[str, ...]] = {
    "placed_pct": ("placed", "searches"),
    **dict.fromkeys(_DAYS, ("placed",)),
    "offers_average": ("searches",), "refusals_average": ("searches",),
}
_SEARCHES_NOTE = (
    "A search is of the year in which it began. Days are from referral to placement in a "
    "registered setting; searches still open when the extract was made have no end yet, so they "
    "are counted and not timed. Quartiles are given only where ten or more were placed."
)
_MADE = ("kinship_made", "fostering_made", "home_made", "supported_made", "other_made",
         "unregistered_made")

_NEAR = ("none_near", "one_near", "two_or_more_near", "home_not_known")

_HOUSEHOLD_NOTE = (
    "Mainstream households are all but relatives and friends, who are approved for the children "
    "they have."
)


def _supply(table_id: str, title: str, key: str) -> TableSpec:
    """Supply by type and one key; the type's own row stands in `supply_by_type`."""
    return TableSpec(
        id=table_id, title=title, note=_FILLED_NOTE,
        keys=("provision_type", key), counts=("filled",), derived=_FILLED,
        relations=(ColumnSum("filled", ("provision_type",), key),),
        hide=("places_told",), band="provision_type",
    )


def _by_hexagon(table_id: str, title: str, source: str) -> TableSpec:
    """Places of one kind for each child, hexagon by hexagon."""
    return TableSpec(
        id=table_id, title=title, source=source,
        note="Two-step floating catchments: the places of each provider are shared among the "
        "children whose homes are within 20 miles of it, and a hexagon has the sum of the shares "
        "within 20 miles of its middle. Children of other authorities want the same places and "
        "are not counted, so there is less for each child than this says.",
        keys=("hexagon", "hexagon_miles"), counts=("supply_band",),
        derived={"providers_near": _OPEN}, hide=("hexagon_miles",), named_by=("hexagon",),
    )


def _by_search(*by: str) -> tuple[Relation, ...]:
    """Searches end in one way; the kinds sought add up to all, whom `searches` prints."""
    sums = [ColumnSum(count, ("year_ending",), key) for key in by for count in ("searches", *_ENDS)]
    return (RowSum(_ENDS, "searches"), *sums)


#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "provision_type": LOCAL_CODES["PROVISION_TYPES"],
    "sector": {**LOCAL_CODES["SECTORS"], "not_known": "Not known"},
    "grade": {**LOCAL_CODES["OFSTED_GRADES"], "not_known": "Not known"},
    "area": {"inside": "Inside the authority", "outside": "Outside the authority",
             "not_known": "Not known", "all": "The whole register"},
    "carer_group": {**LOCAL_CODES["CARER_TYPES"], "not_known": "Not known",
                    "mainstream": "All mainstream"},
    "placement_group_sought": {**PLACEMENT_GROUP_LABELS, "other": "Other"},
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="supply_by_type",
        source="supply register",
        title="Registered places, vacancies and occupancy",
        note=_FILLED_NOTE,
        keys=("provision_type",),
        counts=("filled",),
        derived=_FILLED,
        hide=("places_told",),
    ),
    _supply("supply_by_sector", "Registered places by sector", "sector"),
    _supply("supply_by_grade", "Registered places by Ofsted grade", "grade"),
    _supply("supply_by_area", "Registered places inside and outside the authority", "area"),
    TableSpec(
        id="provider_concentration",
        title="Who has the places: organisations, and the share of the largest",
        note="The Herfindahl-Hirschman index adds up the squares of the organisations' shares of "
        "the registered places: 10,000 is one organisation with all of them. The competition "
        "authorities call a market above 1,000 concentrated and above 2,000 highly so.",
        keys=("area", "provision_type"),
        derived=dict.fromkeys(("owners", "providers", "places", "largest_share_pct", "hhi"), _OPEN),
        band="area",
    ),
    TableSpec(
        id="number_and_range",
        title="The number of providers and the range of accommodation",
        note="Section 22G(4) of the Children Act 1989 asks for a number of providers and a range "
        "of accommodation. The kinds are the five of the register.",
        keys=("area", "kinds_absent"),
        derived=dict.fromkeys(("owners", "providers", "kinds"), _OPEN),
        named_by=("area",),
    ),
    TableSpec(
        id="fostering_households",
        source="list of fostering households",
        title="The council's fostering households: joining and leaving",
        note=f"{_HOUSEHOLD_NOTE} An approval that follows on from another of the same household is "
        "neither joining nor leaving.",
        keys=("carer_group", "year_ending"),
        derived=dict.fromkeys(("households", "joined", "left", "net"), _OPEN),
        lift=(), band="carer_group",
    ),
    TableSpec(
        id="fostering_capacity",
        title="The council's fostering households: approved places and the children in them",
        note=f"{_HOUSEHOLD_NOTE} Places and children are of the households that say both, on the "
        "day of the extract. An approved place is not always one that can be offered: a household "
        "may be resting, or full with the children it suits. Nothing that would tell the children "
        "of fewer than three households is shown.",
        keys=("carer_group",),
        counts=("filled",),
        derived={
            "households": _OPEN, "households_told": _OPEN, "places": _OPEN,
            **dict.fromkeys(("vacant_places", "children_per_household_average", "occupancy_pct"),
                            ("filled",)),
        },
        relations=(
            ColumnSum("filled", (), "carer_group", "mainstream",
                      ("general", "specialist", "not_known")),
        ),
        labels={"households": "Approved", "places": "Approved places",
                "filled": "Children placed"},
        hide=("households_told",),
    ),
    TableSpec(
        id="fostering_bed_use",
        title="Bed nights of mainstream fostering households: what there was, and what was used",
        note="Places approved, times the nights they were approved for; used are the nights that "
        "children slept in fostering by the authority's own carers. No leave is taken off.",
        keys=("year_ending",),
        counts=("nights",),
        derived={"average_places": _OPEN, "capacity_nights": _OPEN, "use_pct": ("nights",)},
        labels={"nights": "Nights used"},
        lift=(),
    ),
    TableSpec(
        id="searches",
        title="Placements sought, and how the searches ended",
        note=_SEARCHES_NOTE,
        keys=("year_ending",),
        counts=("searches", *_ENDS),
        derived=_ON_SEARCHES,
        relations=_by_search(),
        hide=("lower_quartile_days", "upper_quartile_days", "offers_average"),
        lift=(),
    ),
    TableSpec(
        id="searches_by_type",
        source="referrals",
        title="Placements sought in the year, by the placement wanted",
        note=_SEARCHES_NOTE,
        keys=("year_ending", "placement_group_sought"),
        counts=("searches", *_ENDS),
        derived=_ON_SEARCHES,
        relations=_by_search("placement_group_sought"),
        hide=("withdrawn", "still_open", "placed_pct"),
    ),
    TableSpec(
        id="sought_and_made",
        title="What was wanted, and what was used",
        note="Searches of the year that ended in a placement: a row for what was wanted, a column "
        "for what was used.",
        keys=("year_ending", "placement_group_sought"),
        counts=_MADE,
        derived={"as_sought_pct": _MADE},
        relations=(
            # Those of a registered kind add up to those placed, whom `searches_by_type` prints.
            RowSum(_MADE[:-1]),
            *(ColumnSum(column, ("year_ending",), "placement_group_sought") for column in _MADE),
        ),
        labels={"placement_group_sought": "Wanted"},
    ),
    TableSpec(
        id="supply_located",
        title="How much of the supply can be placed on the map",
        note="Fostering in-house is the council's own mainstream households. An agency's office "
        "says nothing of where its carers live, and Ofsted withholds the postcodes of children's "
        "homes: what is not on the map is in no figure about 20 miles.",
        keys=("placement_group",),
        derived=dict.fromkeys(("providers", "providers_located", "places", "places_located"),
                              _OPEN),
    ),
    TableSpec(
        id="providers_nearby",
        title="Children by the providers within 20 miles of their home",
        note="Providers of the kind of placement the child is in, with a registered place, filled "
        "or not; for fostering the council's own mainstream households. The register does not say "
        "for which ages or for whom a home is. The last column is the most children who could "
        "each have a place of their own, if no child of another authority had one.",
        keys=("placement_group",),
        counts=("children", *_NEAR, "near_a_place"),
        derived={"none_near_pct": ("none_near", "home_not_known", "children")},
        relations=(
            RowSum(_NEAR, "children"), RowSum(("near_a_place", "home_not_known"), "children"),
        ),
    ),
    _by_hexagon("places_by_hexagon", "Places in children's homes for each child within 20 miles, "
                "by hexagon", "supply register and SSDA903 returns"),
    _by_hexagon("foster_places_by_hexagon", "Places with the council's foster carers for each "
                "fostered child within 20 miles, by hexagon",
                "list of fostering households and SSDA903 returns"),
    TableSpec(
        id="where_to_add",
        title="Where to recruit carers or open homes",
        note="The plan that would bring most of the children who live more than 20 miles from home "
        "within 20 miles of a new place. How often chosen says how sure it is: the share of "
        "resamples of the children whose best plan has the area. Hexagons are named by the grid "
        "reference of their middle.",
        keys=("placement_group", "hexagon"),
        derived={"homes_added": _OPEN, "chosen_pct": _OPEN},
        named_by=("placement_group", "hexagon"),
        is_drawn=True,
    ),
    TableSpec(
        id="gain_from_adding",
        title="What the added places would bring",
        note="Children looked after on the date who live more than 20 miles from home stand for "
        "those who will come. Each new place has one of them near home. How sure the gain is: "
        "the same places for as many children drawn anew from those of today, many times over; "
        "nine of ten draws have at least the first figure, and nine of ten at most the last. It "
        "says how far the gain rests on who is looked after today, not whether homes can be "
        "opened or carers found.",
        keys=("placement_group",),
        counts=("beyond", "gained"),
        derived={"places_added": _OPEN, **dict.fromkeys(GAINED, ("gained",))},
        labels={"beyond": "More than 20 miles from home"},
    ),
    TableSpec(
        id="waiting_and_vacancies",
        title="Children waiting, and vacancies near their homes",
        note="Searches still open on the date, against vacancies of the kind that is sought. "
        "x: vacancies that would tell those of one or two homes, or that cannot be put on the map "
        "or are not told.",
        keys=("placement_group_sought",),
        counts=("waiting", "home_not_known", "could_be_matched"),
        derived={"vacancies": _OPEN, "vacancies_near": ("waiting",)},
        relations=(RowSum(("could_be_matched", "home_not_known"), "waiting"),),
    ),
)
