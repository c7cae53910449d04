"""The 153 upper-tier English authorities: codes past and present, names and spellings.

Authorities are known by many keys: the ONS code of today, the codes of every
reorganisation since 2009, the Department for Education's number, and whatever a council
calls itself. Everything here turns those into one: today's ONS code. The facts, and where
they come from, are in ``reference_data/``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import pandas as pd

from sufficiency_lib.errors import ConfigurationError

ENGLISH_UPPER_TIER = ("E06", "E08", "E09", "E10")
PSEUDO_CODE = re.compile(r"^[A-Z]99999999$")

_INVERTED = re.compile(r",\s*(?:county|city|borough) of$", re.IGNORECASE)
_BEFORE = re.compile(
    r"^(?:the-)?(?:(?:london|royal|metropolitan)-)?(?:city|county|borough|district|council)"
    r"(?:-and-(?:county|borough|district))?-of-(?:the-)?|^the-"
)
_AFTER = re.compile(
    r"(?:-(?:unitary|city|county|borough|district|council|authority|metropolitan|"
    r"childrens?|services?|trust))+$"
)
# "Barnet London Borough Council"; a step of its own, so that the City keeps its London.
_AFTER_THAT = re.compile(r"-(?:london|royal)$")


def _read(name: str) -> pd.DataFrame:
    source = resources.files("sufficiency_lib.intake") / "reference_data" / name
    with source.open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype=str, keep_default_na=False)


@cache
def _authorities() -> pd.DataFrame:
    return _read("authorities.csv")


#: The ONS code of an authority, those of several that are one area, or None where not known.
Codes = str | Collection[str] | None


def as_codes(code: Codes) -> frozenset[str]:
    """The codes of an area: an authority's one, a consortium's several, or none that is known.

    >>> sorted(as_codes("E06000019")), sorted(as_codes(["E1", "E2"])), as_codes(None)
    (['E06000019'], ['E1', 'E2'], frozenset())
    """
    if code is None:
        return frozenset()
    return frozenset([code] if isinstance(code, str) else code)


def load_authorities() -> pd.DataFrame:
    """Every upper-tier English authority of today, one row each, sorted by code.

    Returns
    -------
    DataFrame of text: ``code`` (ONS, today), ``dfe_number``, ``name``, ``region``,
    ``former_codes`` and ``former_dfe_numbers`` (space separated), ``spellings``
    (separated by ``"; "``), ``slug``.

    Source: ONS Register of Geographic Codes and DfE Get Information about Schools.

    >>> authorities = load_authorities()
    >>> len(authorities)
    153
    >>> authorities.set_index("code").loc["E08000039", ["name", "former_codes"]].to_list()
    ['Sheffield', 'E08000019']
    """
    frame = _authorities().copy()
    frame["slug"] = [slug(name) for name in frame["name"]]
    return frame


def slug(name: str) -> str:
    """Turn an authority's name into the form used for folders and addresses.

    Lower case, words joined by hyphens, ``&`` read as "and", "County of" and "City of" at
    the end left out.

    >>> slug("Brighton & Hove"), slug("Herefordshire, County of"), slug("St. Helens")
    ('brighton-and-hove', 'herefordshire', 'st-helens')
    """
    plain = _INVERTED.sub("", name.strip())
    plain = unicodedata.normalize("NFKD", plain.replace("&", " and ").replace("_", " "))
    plain = re.sub(r"['’.`]", "", plain).casefold()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _forms(text: str) -> Iterable[str]:
    """The keys to try, most literal first: as given, then without the kind of council."""
    literal = slug(text)
    untitled = _AFTER.sub("", literal)
    unplaced = _BEFORE.sub("", untitled)
    yield from (text.upper(), literal, untitled, unplaced, _AFTER_THAT.sub("", unplaced))


def _keys(row: Mapping[str, str]) -> Iterable[str]:
    """Every key by which one authority may be asked for: codes, numbers, slugs."""
    yield row["code"]
    yield row["dfe_number"]
    yield from row["former_codes"].split()
    yield from row["former_dfe_numbers"].split()
    for name in (row["name"], *filter(None, row["spellings"].split("; "))):
        yield slug(name)


def _index(authorities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in authorities.to_dict("records"):
        for key in dict.fromkeys(_keys(row)):
            found[key].append(row["code"])
    return {key: tuple(codes) for key, codes in found.items()}


@cache
def _default_index() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(_index(_authorities()))


def resolve_authority(text: str, authorities: pd.DataFrame | None = None) -> str | None:
    """Find the authority that a code, number, name, spelling or slug stands for.

    Parameters
    ----------
    text: an ONS code of today or earlier, a DfE number, a name, a common spelling, or a
        slug; case, spaces and punctuation do not matter.
    authorities: the list to look in, in the shape of :func:`load_authorities`; the built-in
        list of 153 when left out.

    Returns
    -------
    Today's ONS code, or None when nothing is known by that text.

    Raises
    ------
    ConfigurationError: the text stands for more than one authority of today (a county that
        was split); the candidates are named.

    >>> resolve_authority("Brighton & Hove"), resolve_authority("brighton-and-hove")
    ('E06000043', 'E06000043')
    >>> resolve_authority("E08000016"), resolve_authority("884"), resolve_authority("Narnia")
    ('E08000038', 'E06000019', None)
    >>> resolve_authority("London Borough of Barnet"), resolve_authority("Derby City Council")
    ('E09000003', 'E06000015')
    """
    index = _default_index() if authorities is None else _index(authorities)
    text = str(text).strip()
    for key in _forms(text):
        codes = index.get(key, ())
        if len(codes) == 1:
            return codes[0]
        if codes:
            names = authority_names(authorities)
            listed = " or ".join(f"{names[code]} ({code})" for code in codes)
            raise ConfigurationError(
                f"'{text}' could mean {listed}. Say which, by its code or its full name."
            )
    return None


def authority_of(text: object) -> str | None:
    """Today's code of the one authority that a text stands for; else None.

    As :func:`resolve_authority`, for cells of a table: None also where several could be
    meant, and a number may have passed through a spreadsheet.

    >>> authority_of("Herefordshire"), authority_of("884.0"), authority_of("Cumbria")
    ('E06000019', 'E06000019', None)
    """
    try:
        return resolve_authority(str(text).removesuffix(".0"))
    except ConfigurationError:
        return None


def authority_names(authorities: pd.DataFrame | None = None) -> dict[str, str]:
    """The name of every authority by its code of today.

    >>> authority_names()["E06000019"]
    'Herefordshire, County of'
    """
    frame = _authorities() if authorities is None else authorities
    return dict(zip(frame["code"], frame["name"], strict=True))


@cache
def _district_map() -> Mapping[str, str]:
    frame = _read("districts.csv")
    return MappingProxyType(dict(zip(frame["code"], frame["authority"], strict=True)))


def upper_tier(district: str | None, county: str | None = None) -> str | None:
    """The upper-tier authority, as of today, of an area in a directory or boundary file.

    The district decides whenever it is known, because it stays right where a county was
    split (Cumbria's districts tell Cumberland from Westmorland and Furness); the county is
    the second resort. Codes that ended are moved to today's. Codes from outside England
    are kept, so that they are seen to be outside; a code the list does not know (a later
    reorganisation) and a county that was split are kept as they are.

    Parameters
    ----------
    district: code of the district or unitary authority, or None or blank.
    county: code of the county or upper tier; pseudo codes such as ``E99999999`` count as
        none.

    Returns
    -------
    A code, or None when neither is given.

    >>> upper_tier("E07000241", "E10000015"), upper_tier("E08000016", "E99999999")
    ('E10000015', 'E08000038')
    >>> upper_tier("E07000031"), upper_tier("W06000023", "W99999999"), upper_tier("", "")
    ('E06000064', 'W06000023', None)
    """
    district, county = (district or "").strip(), (county or "").strip()
    if PSEUDO_CODE.match(county):
        county = ""
    for code in (district, county):
        if code in _district_map():
            return _district_map()[code]
        today = _default_index().get(code, ()) if code.startswith(ENGLISH_UPPER_TIER) else ()
        if len(today) == 1:
            return today[0]
    if district and not district.startswith("E07"):
        return district
    return county or district or None
