"""SSDA903 code sets by return year, and the groupings every measure uses.

A return year is named by the calendar year in which it ends: 2025 is 1 April 2024 to
31 March 2025. Sources: DfE, *Children looked-after by local authorities in England: guide
to the SSDA903 collection* for each year. The groupings are the suite's own: DfE's, with
kinship and each kind of residential setting told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

Years = TypeVar("Years", int, "pd.Series")

FIRST_RETURN_YEAR = 2016
LAST_RETURN_YEAR = 2027


@dataclass(frozen=True)
class Code:
    """One code of a code set: its label and the return years in which it may be used."""

    label: str
    first_year: int = FIRST_RETURN_YEAR
    last_year: int = LAST_RETURN_YEAR

    def valid_in(self, year: int) -> bool:
        """Whether the code may be used in the return for `year`."""
        return self.first_year <= year <= self.last_year


PLACE: dict[str, Code] = {
    "U1": Code("Foster placement with a relative or friend, long term"),
    "U2": Code("Foster placement with a relative or friend who is also an approved adopter"),
    "U3": Code("Foster placement with a relative or friend, not long term"),
    "U4": Code("Foster placement with another foster carer, long term"),
    "U5": Code("Foster placement with another foster carer who is also an approved adopter"),
    "U6": Code("Foster placement with another foster carer, not long term"),
    "K1": Code("Secure children's home"),
    "K2": Code("Children's home"),
    "K3": Code("Registered supported accommodation", first_year=2025),
    "H5": Code("Semi-independent living accommodation"),
    "P1": Code("Placed with own parents or another with parental responsibility"),
    "P2": Code("Independent living", last_year=2024),
    "P3": Code("Residential employment"),
    "R1": Code("Residential care home"),
    "R2": Code("NHS or other health trust"),
    "R3": Code("Family centre or mother and baby unit"),
    "R5": Code("Young offender institution"),
    "S1": Code("Residential school"),
    "A3": Code("Placed for adoption with consent, with the current foster carer"),
    "A4": Code("Placed for adoption with consent, not with the current foster carer"),
    "A5": Code("Placed for adoption with a placement order, with the current foster carer"),
    "A6": Code("Placed for adoption with a placement order, not with the current foster carer"),
    "T0": Code("Temporary: any placement of this kind"),
    "T1": Code("Temporary period in hospital"),
    "T2": Code("Temporary absence on holiday"),
    "T3": Code("Temporary accommodation while the usual foster carer is away"),
    "T4": Code("Temporary accommodation of seven days or less"),
    "Z1": Code("Other placements"),
    "Z11": Code("Other, including unregistered (Z11)", first_year=2026),
    "Z12": Code("Other, including unregistered (Z12)", first_year=2026),
    "Z13": Code("Other, including unregistered (Z13)", first_year=2026),
    "Z14": Code("Other, including unregistered (Z14)", first_year=2026),
}

PLACE_PROVIDER: dict[str, Code] = {
    "PR0": Code("Parents or another with parental responsibility"),
    "PR1": Code("Own provision"),
    "PR2": Code("Another local authority"),
    "PR3": Code("Other public provision"),
    "PR4": Code("Private provision"),
    "PR5": Code("Voluntary or third sector provision"),
}

RNE: dict[str, Code] = {
    "S": Code("Starts being looked after"),
    "P": Code("Change of placement and carer"),
    "T": Code("Change of placement, same carer"),
    "L": Code("Change of legal status only"),
    "U": Code("Change of legal status and placement, same carer"),
    "B": Code("Change of legal status, placement and carer"),
}

LEGAL_STATUS: dict[str, Code] = {
    "C1": Code("Interim care order"),
    "C2": Code("Full care order"),
    "D1": Code("Freeing order"),
    "E1": Code("Placement order"),
    "V2": Code("Accommodated under section 20"),
    "V3": Code("Series of short breaks, agreements recorded"),
    "V4": Code("Series of short breaks, each period recorded"),
    "L1": Code("Police protection"),
    "L2": Code("Emergency protection order"),
    "L3": Code("Child assessment order"),
    "J1": Code("Remanded to local authority accommodation or youth detention"),
    "J2": Code("Accommodated under the Police and Criminal Evidence Act"),
    "J3": Code("Sentenced, with a residence requirement"),
}

CATEGORY_OF_NEED: dict[str, Code] = {
    "N1": Code("Abuse or neglect"),
    "N2": Code("Child's disability"),
    "N3": Code("Parental illness or disability"),
    "N4": Code("Family in acute stress"),
    "N5": Code("Family dysfunction"),
    "N6": Code("Socially unacceptable behaviour"),
    "N7": Code("Low income"),
    "N8": Code("Absent parenting"),
}

REASON_ENDED: dict[str, Code] = {
    "X1": Code("Episode ends, child stays looked after"),
    "E11": Code("Adopted, application unopposed"),
    "E12": Code("Adopted, consent dispensed with"),
    "E2": Code("Died"),
    "E3": Code("Care taken over by another authority"),
    "E41": Code("Residence or child arrangements order"),
    "E45": Code("Special guardianship order to former foster carers"),
    "E46": Code("Special guardianship order to other carers"),
    "E47": Code("Special guardianship order to a relative or friend who fostered"),
    "E48": Code("Special guardianship order to another relative or friend"),
    "E4A": Code("Returned home to parents, planned"),
    "E4B": Code("Returned home to parents, unplanned"),
    "E5": Code("Moved into independent living with support"),
    "E6": Code("Moved into independent living without support"),
    "E7": Code("Moved to adult social care"),
    "E8": Code("Period ended for another reason"),
    "E9": Code("Sentenced to custody"),
    "E13": Code("To parents, relatives or others without a planned order"),
    "E14": Code("Remand ended"),
    "E15": Code("Age assessment found the person to be 18 or over"),
    "E16": Code("Moved abroad"),
    "E17": Code("Turned 18 and stays with the carers"),
}

REASON_PLACE_CHANGE: dict[str, Code] = {
    "CARPL": Code("Change to or from the care plan"),
    "CLOSE": Code("Resignation or closure of provision"),
    "ALLEG": Code("Allegation"),
    "STAND": Code("Standards of care concern"),
    "APPRR": Code("Approval removed"),
    "CREQB": Code("Carer requests an end because of behaviour"),
    "CREQO": Code("Carer requests an end for another reason"),
    "CHILD": Code("Child requests an end"),
    "LAREQ": Code("Authority requests an end"),
    "PLACE": Code("Change in the status of the placement only"),
    "CUSTOD": Code("Custody arrangement"),
    "OTHER": Code("Other"),
}

SEX: dict[str, Code] = {
    "1": Code("Male"),
    "2": Code("Female"),
    "M": Code("Male", first_year=2024),
    "F": Code("Female", first_year=2024),
    "U": Code("Unknown", first_year=2024),
}

CODE_SETS: dict[str, dict[str, Code]] = {
    "PLACE": PLACE,
    "PLACE_PROVIDER": PLACE_PROVIDER,
    "RNE": RNE,
    "LS": LEGAL_STATUS,
    "CIN": CATEGORY_OF_NEED,
    "REC": REASON_ENDED,
    "REASON_PLACE_CHANGE": REASON_PLACE_CHANGE,
    "SEX": SEX,
}

#: REC given by the suite to an ending that no return states: it is in no code set.
ENDED_UNSEEN = "E99"

#: Series of short breaks: left out of every headline (DfE).
SHORT_BREAK_LEGAL_STATUSES = frozenset({"V3", "V4"})

#: A stay with one carer goes on through these reasons for a new episode.
SAME_CARER_RNE = frozenset({"L", "T", "U"})

_GROUP_PLACES: dict[str, tuple[str, ...]] = {
    "kinship_fostering": ("U1", "U2", "U3"),
    "fostering": ("U4", "U5", "U6"),
    "childrens_home": ("K2",),
    "secure": ("K1",),
    "supported_accommodation": ("K3", "H5", "P2"),
    "residential_school": ("S1",),
    "other_residential": ("R1", "R2", "R3", "R5"),
    "parents": ("P1",),
    "adoption": ("A3", "A4", "A5", "A6"),
    "temporary": ("T0", "T1", "T2", "T3", "T4"),
    "other": ("P3", "Z1", "Z11", "Z12", "Z13", "Z14"),
}

PLACEMENT_GROUPS: tuple[str, ...] = tuple(_GROUP_PLACES)

#: Every foster placement, with relatives or friends or not.
FOSTER_PLACES: tuple[str, ...] = (*_GROUP_PLACES["kinship_fostering"], *_GROUP_PLACES["fostering"])

PLACEMENT_GROUP_LABELS: dict[str, str] = {
    "kinship_fostering": "Fostering with relatives or friends",
    "fostering": "Fostering",
    "childrens_home": "Children's homes",
    "secure": "Secure children's homes",
    "supported_accommodation": "Supported accommodation",
    "residential_school": "Residential schools",
    "other_residential": "Other residential settings",
    "parents": "With parents",
    "adoption": "Placed for adoption",
    "temporary": "Temporary placements",
    "other": "Other, including unregistered",
}

_GROUP_OF_PLACE: dict[str, str] = {
    place: group for group, places in _GROUP_PLACES.items() for place in places
}

PROVIDERS: tuple[str, ...] = (
    "parents",
    "own",
    "other_la",
    "other_public",
    "private",
    "voluntary",
    "not_recorded",
)

PROVIDER_LABELS: dict[str, str] = {
    "parents": "Parents",
    "own": "Own provision",
    "other_la": "Another authority",
    "other_public": "Other public provision",
    "private": "Private",
    "voluntary": "Voluntary",
    "not_recorded": "Not recorded",
}

_PROVIDER_OF_CODE: dict[str, str] = {
    "PR0": "parents",
    "PR1": "own",
    "PR2": "other_la",
    "PR3": "other_public",
    "PR4": "private",
    "PR5": "voluntary",
}

#: Other ways of cutting placements that the locality measures use: places and providers.
FOSTERING_IN_HOUSE_PROVIDERS = frozenset({"own"})
FOSTERING_IFA_PROVIDERS = frozenset({"private", "voluntary"})

#: Whose provision a placement is, in a word → its providers.
PROVIDER_SIDES: dict[str, tuple[str, ...]] = {
    "own": ("own",),
    "public": ("other_la", "other_public"),
    "independent": ("private", "voluntary"),
    "none": ("parents", "not_recorded"),
}

LOCALITY_RULES: tuple[str, ...] = (
    "home_20_miles",
    "centre_20_miles",
    "boundary_20_miles",
    "in_area",
    "border_10_miles",
)

DISTANCE_BANDS: tuple[str, ...] = ("le_20", "gt_20", "not_known")

#: DfE's own groups of placements, a second mapping used only beside published comparators.
DFE_PLACEMENT_GROUP: dict[str, str] = {
    "kinship_fostering": "Foster placements",
    "fostering": "Foster placements",
    "childrens_home": "Secure homes and children's homes",
    "secure": "Secure homes and children's homes",
    "supported_accommodation": (
        "Independent and semi-independent living arrangements/supported accommodation"
    ),
    "residential_school": "Residential schools",
    "other_residential": "Other residential settings",
    "parents": "Placed with parents or other person with parental responsibility",
    "adoption": "Placed for adoption",
    "temporary": "Other placements",
    "other": "Other placements",
}


def placement_group(place_code: str | None) -> str:
    """The placement group of a PLACE code; a blank or unknown code is in `other`.

    An unknown code is a finding of the intake, so nothing is lost silently here.

    >>> placement_group("U6"), placement_group("K3"), placement_group(None)
    ('fostering', 'supported_accommodation', 'other')
    """
    return _GROUP_OF_PLACE.get(place_code or "", "other")


def provider(provider_code: str | None) -> str:
    """The provider named by a PLACE_PROVIDER code; blank or unknown is `not_recorded`.

    >>> provider("PR1"), provider("PR5"), provider(None)
    ('own', 'voluntary', 'not_recorded')
    """
    return _PROVIDER_OF_CODE.get(provider_code or "", "not_recorded")


def valid_codes(column: str, year: int) -> frozenset[str]:
    """The codes that a column of the return for `year` may hold.

    Raises KeyError for a column without a code set.

    >>> "K3" in valid_codes("PLACE", 2024), "K3" in valid_codes("PLACE", 2025)
    (False, True)
    """
    return frozenset(code for code, entry in CODE_SETS[column].items() if entry.valid_in(year))


def return_year_of(year: Years, month: Years) -> Years:
    """The return year that holds a month: April 2024 to March 2025 is 2025.

    year, month  numbers, or columns of them

    >>> return_year_of(2024, 4), return_year_of(2025, 3)
    (2025, 2025)
    """
    return year + (month >= 4)
