"""The real places the synthetic geography is built on.

`gazetteer.py` holds the text; this module reads it and knows which county each district is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sufficiency_lib.sample.gazetteer import GAZETTEER

COUNTRY_OF_PREFIX = {"E": "E92000001", "W": "W92000004", "S": "S92000003", "N": "N92000002"}

REGIONS = {
    "NE": "E12000001",
    "NW": "E12000002",
    "YH": "E12000003",
    "EM": "E12000004",
    "WM": "E12000005",
    "EE": "E12000006",
    "LN": "E12000007",
    "SE": "E12000008",
    "SW": "E12000009",
}

COUNTIES = {
    "E10000003": ("Cambridgeshire", (8, 12)),
    "E10000007": ("Derbyshire", (32, 39)),
    "E10000008": ("Devon", (40, 47)),
    "E10000011": ("East Sussex", (61, 65)),
    "E10000012": ("Essex", (66, 77)),
    "E10000013": ("Gloucestershire", (78, 83)),
    "E10000014": ("Hampshire", (84, 94)),
    "E10000016": ("Kent", (105, 116)),
    "E10000017": ("Lancashire", (117, 128)),
    "E10000018": ("Leicestershire", (129, 135)),
    "E10000019": ("Lincolnshire", (136, 142)),
    "E10000020": ("Norfolk", (143, 149)),
    "E10000024": ("Nottinghamshire", (170, 176)),
    "E10000025": ("Oxfordshire", (177, 181)),
    "E10000028": ("Staffordshire", (192, 199)),
    "E10000030": ("Surrey", (207, 217)),
    "E10000031": ("Warwickshire", (218, 222)),
    "E10000032": ("West Sussex", (223, 229)),
    "E10000034": ("Worcestershire", (234, 239)),
}
"""County code → its name and the first and last of its districts' numbers after E07000."""


@dataclass(frozen=True)
class Place:
    """A town, suburb or village: where it is, whose it is and how many postcodes it is given."""

    name: str
    district: str
    region: str
    easting: int
    northing: int
    outward: tuple[str, ...]
    units: int

    @property
    def authority(self) -> str:
        """The upper-tier authority's code."""
        return upper_tier(self.district)

    @property
    def country(self) -> str:
        """The country's code, from the first letter of the district's."""
        return COUNTRY_OF_PREFIX[self.district[0]]


def upper_tier(district: str) -> str:
    """The code of the authority that looks after children in a district.

    A two-tier district gives its county; every other code is its own upper tier.

    >>> upper_tier("E07000063"), upper_tier("E06000043")
    ('E10000011', 'E06000043')
    """
    if not district.startswith("E07"):
        return district
    number = int(district[4:])
    for county, (_, (first, last)) in COUNTIES.items():
        if first <= number <= last:
            return county
    raise ValueError(f"{district} is in none of the counties listed in COUNTIES")


def read_places() -> list[Place]:
    """The gazetteer as places, in its own order."""
    return list(_parse(GAZETTEER))


def authority_names() -> dict[str, str]:
    """Upper-tier code → name, for every authority with a place in the gazetteer."""
    names: dict[str, str] = {}
    for line in GAZETTEER.splitlines():
        if ";" in line:
            code, _, name = (part.strip() for part in line.split(";"))
            county = upper_tier(code)
            names[county] = COUNTIES[county][0] if county in COUNTIES else name
    return names


def _parse(text: str) -> Iterator[Place]:
    district = region = ""
    for line in text.splitlines():
        if ";" in line:
            district, region, _ = (part.strip() for part in line.split(";"))
            continue
        for entry in filter(None, (part.strip() for part in line.split("|"))):
            name, easting, northing, outward, units = entry.rsplit(maxsplit=4)
            yield Place(
                name=name,
                district=district,
                region=REGIONS.get(region, f"{district[0]}99999999"),
                easting=round(float(easting) * 1000),
                northing=round(float(northing) * 1000),
                outward=() if outward == "-" else tuple(outward.split(",")),
                units=int(units),
            )
