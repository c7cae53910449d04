"""Every authority is found by every key it is known by, past and present."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake import authorities
from sufficiency_lib.intake.authorities import (
    authority_names,
    authority_of,
    load_authorities,
    resolve_authority,
    slug,
    upper_tier,
)

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "reference"
AUTHORITIES = load_authorities().to_dict("records")


def shared(name: str) -> pd.DataFrame:
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} is not beside this checkout")
    return pd.read_csv(SHARED / name, dtype=str)


def test_there_are_153_with_distinct_codes_numbers_and_slugs() -> None:
    frame = load_authorities()
    assert len(frame) == 153
    for column in ("code", "dfe_number", "name", "slug"):
        assert frame[column].is_unique
    assert frame["code"].str.fullmatch(r"E(06|08|09|10)\d{6}").all()
    assert frame["region"].value_counts()["London"] == 33
    assert frame["region"].nunique() == 9


def test_every_authority_by_code_number_name_and_slug() -> None:
    for row in AUTHORITIES:
        for key in ("code", "dfe_number", "name", "slug"):
            assert resolve_authority(row[key]) == row["code"], row[key]
            assert resolve_authority(f" {row[key].lower()} ") == row["code"], row[key]


def test_every_spelling_and_council_title() -> None:
    ambiguous = {"Bedfordshire", "Cheshire", "Cumbria", "Northamptonshire"}
    for row in AUTHORITIES:
        for spelling in filter(None, row["spellings"].split("; ")):
            if spelling not in ambiguous:
                assert resolve_authority(spelling) == row["code"], spelling
        for title in ("{} Council", "{} City Council", "{} County Council", "{} Borough Council"):
            name = row["slug"].replace("-", " ").title()
            assert resolve_authority(title.format(name)) == row["code"], name


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("E08000016", "E08000038"),  # Barnsley, 2025
        ("E08000019", "E08000039"),  # Sheffield, 2025
        ("E10000023", "E06000065"),  # North Yorkshire, 2023
        ("E10000027", "E06000066"),  # Somerset, 2023
        ("E10000002", "E06000060"),  # Buckinghamshire, 2020
        ("E10000009", "E06000059"),  # Dorset, 2019
        ("E06000028", "E06000058"),  # Bournemouth, 2019
        ("E06000029", "E06000058"),  # Poole, 2019
        ("E08000020", "E08000037"),  # Gateshead, 2013
        ("E06000048", "E06000057"),  # Northumberland, 2013
        ("E10000026", "E06000051"),  # Shropshire, 2009
        ("E10000005", "E06000052"),  # Cornwall and the Isles of Scilly, 2009
        ("E10000010", "E06000047"),  # County Durham, 2009
        ("E10000022", "E06000057"),  # Northumberland, 2009 and then 2013
        ("E10000033", "E06000054"),  # Wiltshire, 2009
        ("835", "E06000059"),
        ("837", "E06000058"),
        ("836", "E06000058"),
    ],
)
def test_codes_that_ended(old: str, today: str) -> None:
    assert resolve_authority(old) == today


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("E10000006", ("Cumberland (E06000063)", "Westmorland and Furness (E06000064)")),
        ("Cumbria", ("Cumberland", "Westmorland and Furness")),
        ("E10000021", ("North Northamptonshire", "West Northamptonshire")),
        ("Northamptonshire County Council", ("North Northamptonshire", "West Northamptonshire")),
        ("909", ("Cumberland", "Westmorland and Furness")),
        ("928", ("North Northamptonshire", "West Northamptonshire")),
        ("E10000001", ("Bedford (E06000055)", "Central Bedfordshire (E06000056)")),
        ("820", ("Bedford", "Central Bedfordshire")),
        ("E10000004", ("Cheshire East (E06000049)", "Cheshire West and Chester (E06000050)")),
        ("875", ("Cheshire East", "Cheshire West and Chester")),
    ],
)
def test_a_county_that_was_split_names_its_successors(text: str, names: tuple[str, str]) -> None:
    with pytest.raises(ConfigurationError) as error:
        resolve_authority(text)
    for name in names:
        assert name in str(error.value)
    assert text in str(error.value)


@pytest.mark.parametrize("text", ["", "  ", "Narnia", "E06999999", "999", "council", "../x"])
def test_unknown_is_none(text: str) -> None:
    assert resolve_authority(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nottingham", "E06000018"),
        ("Nottinghamshire", "E10000024"),
        ("City of London", "E09000001"),
        ("Royal Borough of Windsor and Maidenhead", "E06000040"),
        ("London Borough of Tower Hamlets", "E09000030"),
        ("Barnet London Borough Council", "E09000003"),
        ("City of Bradford Metropolitan District Council", "E08000032"),
        ("St Helens", "E08000013"),
        ("Durham County Council", "E06000047"),
        ("Bristol City Council", "E06000023"),
        ("brighton_and_hove", "E06000043"),
        ("Hull", "E06000010"),
        ("The Council of the Isles of Scilly", "E06000053"),
    ],
)
def test_what_councils_call_themselves(text: str, code: str) -> None:
    assert resolve_authority(text) == code


def test_a_list_of_ones_own() -> None:
    own = load_authorities().head(3)
    assert resolve_authority("Hartlepool", own) == "E06000001"
    assert resolve_authority("Nottingham", own) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Brighton & Hove", "brighton-and-hove"),
        ("Brighton and Hove", "brighton-and-hove"),
        ("Herefordshire, County of", "herefordshire"),
        ("Kingston upon Hull, City of", "kingston-upon-hull"),
        ("Bristol, City of", "bristol"),
        ("Nottingham", "nottingham"),
        ("King's Lynn", "kings-lynn"),
        ("Bournemouth, Christchurch and Poole", "bournemouth-christchurch-and-poole"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_districts_cover_every_code_since_2009_once() -> None:
    source = Path(authorities.__file__).parent / "reference_data" / "districts.csv"
    frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    assert frame["code"].to_list() == [f"E07{n:06d}" for n in range(1, 247)]
    assert set(frame["authority"]) <= set(authority_names())
    assert (frame["ended"] == "").sum() == 164


@pytest.mark.parametrize(
    ("district", "county", "authority"),
    [
        ("E07000170", "E10000024", "E10000024"),  # Ashfield in Nottinghamshire
        ("E06000018", "E99999999", "E06000018"),  # Nottingham
        ("E07000026", "E10000006", "E06000063"),  # Allerdale, when Cumbria was one county
        ("E07000027", "E10000006", "E06000064"),  # Barrow-in-Furness
        ("E07000048", "E10000009", "E06000058"),  # Christchurch, when in Dorset
        ("E07000163", None, "E06000065"),  # Craven
        ("E07000100", "", "E10000015"),  # St Albans, before 2012
        ("", "E10000002", "E06000060"),  # only the county known
        ("S12000036", "S99999999", "S12000036"),  # Edinburgh
        ("N09000003", "N99999999", "N09000003"),  # Belfast
        ("M99999999", "M99999999", "M99999999"),  # Isle of Man
        ("E06000099", "E99999999", "E06000099"),  # a later reorganisation: kept
        (None, None, None),
        ("", "E99999999", None),
    ],
)
def test_upper_tier(district, county, authority) -> None:
    assert upper_tier(district, county) == authority


#: Every code of an upper-tier authority that has ended since ONS codes began, and how many
#: authorities of today its area went to.
ENDED = {
    "E10000001": 2, "E10000004": 2, "E10000005": 1, "E10000010": 1, "E10000022": 1,
    "E10000026": 1, "E10000033": 1,  # 2009
    "E06000048": 1, "E08000020": 1,  # 2013
    "E06000028": 1, "E06000029": 1, "E10000009": 1,  # 2019
    "E10000002": 1, "E10000021": 2, "E10000006": 2, "E10000023": 1, "E10000027": 1,
    "E08000016": 1, "E08000019": 1,  # 2020, 2021, 2023, 2023, 2023, 2025, 2025
}  # fmt: skip


def test_the_codes_that_ended_are_all_there_and_no_others() -> None:
    former = load_authorities()["former_codes"].str.split().explode().dropna()
    assert former.value_counts().to_dict() == ENDED
    # With today's they are every number that ONS has given out, without a gap.
    known = set(ENDED) | set(authority_names())
    for kind, last in (("E06", 66), ("E08", 39), ("E09", 33), ("E10", 34)):
        numbers = sorted(int(code[3:]) for code in known if code.startswith(kind))
        assert numbers == list(range(1, last + 1))


def test_todays_authorities_are_their_own_upper_tier() -> None:
    for row in AUTHORITIES:
        assert upper_tier(row["code"]) == row["code"]


def test_the_list_agrees_with_the_shared_one() -> None:
    theirs = shared("authorities.csv").set_index("ons_code_2025_apr")
    ours = load_authorities().set_index("code")
    assert set(ours.index) == set(theirs.index)
    joined = ours.join(theirs)
    assert (joined["dfe_number"] == joined["dfe_la_number"]).all()
    assert (joined["region"] == joined["region_name"]).all()
    assert joined["ons_code_2023"].map(resolve_authority).eq(joined.index).all()


def test_districts_agree_with_the_shared_lookup() -> None:
    lookup = shared("lad_to_utla.csv")
    ours = lookup["lad_code"].map(upper_tier)
    assert ours.eq(lookup["utla_code_2023"].map(resolve_authority)).all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Herefordshire", "E06000019"), ("884", "E06000019"), ("884.0", "E06000019"),
        ("Cumbria", None), ("Narnia", None), ("", None), (" ", None), (None, None),
        (float("nan"), None),
    ],
)  # fmt: skip
def test_a_cell_is_one_authority_or_none(text: object, code: str | None) -> None:
    assert authority_of(text) == code
