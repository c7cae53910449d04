"""Ofsted's published list of providers as a supply register."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib.intake.authorities import load_authorities
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.local import is_local_input, load_local
from sufficiency_lib.intake.ofsted import LEFT_OUT, PROVISION_TYPES, as_at_of
from sufficiency_lib.metrics.market import is_local, number_and_range, supply_by_type

PREAMBLE = (
    "\ufeffChildren's social care data in England 2025 – Provider level as at 31 March 2025,,,\n"
    '"This worksheet contains one table, this table begins in cell A4.",,,\n'
    "Some cells in this table are empty.,,,\n"
)
COLUMNS = (
    "URN", "Provision type", "Registration status", "Name", "Postcode", "Government Office Region",
    "Local authority", "Sector", "Places", "Short-break-only children's home",
    "Organisation which owns the provider",
    '"\nOverall experiences and progress of children and young people"',
    "Supported Accommodation outcome", "",
)
HOME = ("SC1", "Children's home", "Active", "REDACTED", "REDACTED", "East Midlands", "Nottingham",
        "Local Authority", "4", "", "Nottingham City Council", "Good", "", "")
#: Lines of the file above the first row: three of preamble, two of columns.
ABOVE = 5


def provider(**changes: str) -> tuple[str, ...]:
    names = ("urn", "kind", "status", "name", "postcode", "region", "area", "sector", "places",
             "short", "owner", "grade", "supported", "nothing")
    return tuple(changes.get(name, value) for name, value in zip(names, HOME, strict=True))


def read(
    folder: Path, *rows: tuple[str, ...], preamble: str = PREAMBLE, authority: str | None = None,
    **files: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    lines = [",".join(COLUMNS), *(",".join(row) for row in rows)]
    (folder / "list.csv").write_text(preamble + "\n".join(lines) + "\n", encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    log = FindingLog()
    return load_local(folder, log, authority=authority).provision, log.frame()


def test_a_provider_is_read_whole(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, HOME, authority="E06000018")
    assert findings.empty
    (row,) = rows.to_dict("records")
    assert pd.isna(row.pop("vacancies")) and pd.isna(row.pop("postcode"))
    assert row == {
        "provider_name": "Nottingham City Council", "provision_type": "childrens_home",
        "sector": "own", "places": 4, "urn": "SC1", "owner": "Nottingham City Council",
        "ofsted_grade": "Good",
        "authority": "E06000018", "short_breaks_only": False,
        "as_at": pd.Timestamp(2025, 3, 31), "source_file": "list.csv", "source_line": ABOVE + 1,
    }


@pytest.mark.parametrize(("owner", "area", "authority", "sector"), [
    ("Nottingham City Council", "Nottinghamshire", "E06000018", "own"),
    ("Nottingham City Council", "Nottingham", None, "other_public"),
    ("Nottinghamshire County Council", "Nottingham", "E06000018", "other_public"),
    # an owner whose name is not known: whose area it is in
    ("Together For Children", "Nottingham", "E06000018", "own"),
])
def test_a_councils_home_is_its_own_wherever_it_stands(
    tmp_path: Path, owner: str, area: str, authority: str | None, sector: str
) -> None:
    rows, _ = read(tmp_path, provider(owner=owner, area=area), authority=authority)
    assert rows["sector"].tolist() == [sector]


@pytest.mark.parametrize(("written", "sector"), [
    ("Private", "private"), ("Voluntary", "voluntary"), ("Health Authority", "other_public"),
    ("Academy", "other_public"),
])
def test_the_sector(tmp_path: Path, written: str, sector: str) -> None:
    assert read(tmp_path, provider(sector=written))[0]["sector"].tolist() == [sector]


@pytest.mark.parametrize(("kind", "read_as"), [
    ("Children’s Home", "childrens_home"),
    ("Secure children's home", "secure"),
    ("Residential special school (registered as a children's home)", "childrens_home"),
    ("Residential Special School", "residential_school"),
    ("Independent Fostering Agency", "fostering_agency"),
    ("Local Authority Fostering Agency", "fostering_agency"),
    ("Supported Accommodation", "supported_accommodation"),
])
def test_the_kinds_that_are_counted(tmp_path: Path, kind: str, read_as: str) -> None:
    rows, findings = read(tmp_path, provider(kind=kind))
    assert rows["provision_type"].tolist() == [read_as] and findings.empty


@pytest.mark.parametrize(("kind", "severity"), [
    ("Voluntary Adoption Agency", "cosmetic"), ("Boarding School", "cosmetic"),
    ("A kind of next year", "bending"),
])
def test_other_kinds_are_left_out_and_told(tmp_path: Path, kind: str, severity: str) -> None:
    rows, findings = read(tmp_path, HOME, provider(kind=kind, urn="2"), provider(kind=kind))
    assert len(rows) == 1
    assert findings[["severity", "rule", "source_line"]].to_numpy().tolist() == [
        [severity, "provision_left_out", ABOVE + 2]
    ]
    assert findings["action"].iloc[0] == "left out (rows of this kind: 2)"


def test_no_judgement_is_not_yet_inspected_and_supported_has_its_own_scale(tmp_path: Path) -> None:
    strong = "Consistently strong service delivery"
    rows, _ = read(
        tmp_path, provider(grade=""),
        provider(urn="2", kind="Supported Accommodation", grade="", supported=strong),
    )
    assert rows["ofsted_grade"].tolist() == ["Not yet inspected", strong]


def test_a_fostering_agency_has_no_places_and_wales_no_english_area(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, provider(
        kind="Independent Fostering Agency", places="", region="Wales", area="Cardiff",
        name="Marches Fostering", postcode="CF10 1AA", sector="Private",
    ))
    assert findings.empty and rows["places"].isna().all() and rows["authority"].isna().all()
    assert rows["postcode"].tolist() == ["CF10 1AA"]
    assert rows["provider_name"].tolist() == ["Marches Fostering"]


def test_an_english_area_that_is_not_known_is_told(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, provider(area="Narnia", sector="Private"))
    assert findings[["rule", "source_line", "value"]].to_numpy().tolist() == [
        ["unknown_authority", ABOVE + 1, "Narnia"]
    ]
    assert rows["authority"].isna().all()


def test_without_a_date_above_the_columns_the_day_is_not_known(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, HOME, preamble="Providers\n")
    assert findings["rule"].tolist() == ["no_as_at"] and rows["as_at"].isna().all()
    assert as_at_of([["AS_AT_32_MARCH_2025"]]) == ""


def test_a_suspended_registration_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, provider(status="Suspended"))[1]["rule"].tolist() == [
        "registration_suspended"
    ]


def test_the_councils_own_register_comes_first(tmp_path: Path) -> None:
    own = (
        "urn,provider_name,provision_type,sector,places,vacancies\n"
        "SC1,Ours,childrens_home,own,3,1\n"
    )
    rows, findings = read(tmp_path, HOME, provider(urn="SC2"), provision=own)
    assert rows[["urn", "places"]].to_numpy().tolist() == [["SC1", 3], ["SC2", 4]]
    assert findings["rule"].tolist() == ["provider_in_both"]


def test_the_list_is_known_by_its_columns_below_the_preamble() -> None:
    columns = ["URN", "PROVISION_TYPE", "LOCAL_AUTHORITY", "SECTOR", "PLACES"]
    assert is_local_input([["TITLE"], ["NOTE", ""], columns])
    assert not is_local_input([["TITLE"], columns[:4]])


# --- the file as published --------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(shared_dir: Path) -> Path:
    path = shared_dir / "reference" / "ofsted_providers_at_31_march_2025.csv"
    if not path.is_file():
        pytest.skip("Ofsted's list is not in the shared folder")
    return path


def counted(path: Path) -> tuple[Counter, Counter, int]:
    """Rows and places by Ofsted's own kind of provider, by the csv module alone."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        records = list(csv.reader(lines))
    (header,) = (number for number, record in enumerate(records) if "URN" in record)
    names = [" ".join(name.split()) for name in records[header]]
    rows, places = Counter(), Counter()
    for record in records[header + 1:]:
        row = dict(zip(names, record, strict=True))
        kind = row["Provision type"].lower().replace("'", "")
        rows[kind] += 1
        places[kind] += int(row["Places"] or 0)
    return rows, places, len(records) - header - 1


def test_the_published_list_agrees_with_a_second_count(published: Path, tmp_path: Path) -> None:
    (tmp_path / "any name.csv").write_bytes(published.read_bytes())
    log = FindingLog()
    register = load_local(tmp_path, log, authority="E06000018").provision
    rows, places, whole = counted(published)
    assert whole == sum(rows.values()) == 5600
    assert set(rows) <= {*PROVISION_TYPES, *LEFT_OUT}
    for code in set(PROVISION_TYPES.values()):
        of_code = register[register["provision_type"] == code]
        kinds = [kind for kind, read_as in PROVISION_TYPES.items() if read_as == code]
        assert len(of_code) == sum(rows[kind] for kind in kinds)
        assert of_code["places"].sum() == sum(places[kind] for kind in kinds)
    assert len(register) + sum(rows[kind] for kind in LEFT_OUT) == whole
    assert set(log.frame()["severity"]) == {"cosmetic"}


def test_the_published_list_in_figures(published: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(published.read_bytes())
    register = load_local(tmp_path, FindingLog(), authority="E06000018").provision
    by_type = register.groupby("provision_type")["places"].agg(["size", "sum"])
    assert by_type.astype(int).to_dict("index") == {
        "childrens_home": {"size": 3995, "sum": 15506},
        "fostering_agency": {"size": 339, "sum": 0},
        "residential_school": {"size": 95, "sum": 2577},
        "secure": {"size": 14, "sum": 236},
        "supported_accommodation": {"size": 893, "sum": 20224},
    }
    assert register["as_at"].unique().tolist() == [pd.Timestamp(2025, 3, 31)]
    assert register["urn"].is_unique
    # four providers of supported accommodation are registered in Wales
    assert register["authority"].isna().sum() == 4
    assert set(register["authority"].dropna()) <= set(load_authorities()["code"])
    assert (register["sector"] == "own").sum() == 9


def test_of_the_published_list_an_area_has_its_own_homes(published: Path, tmp_path: Path) -> None:
    """Against the places that the csv module alone finds beside the area's name."""
    (tmp_path / "list.csv").write_bytes(published.read_bytes())
    code = "E06000019"
    register = load_local(tmp_path, FindingLog(), authority=code).provision
    local = supply_by_type(register[is_local(register, code)], "2025-03-31")
    with published.open(encoding="utf-8-sig", newline="") as lines:
        records = list(csv.reader(lines))
    header = next(number for number, record in enumerate(records) if "URN" in record)
    names = [" ".join(name.split()) for name in records[header]]
    homes = [row for row in (dict(zip(names, record, strict=True))
                             for record in records[header + 1:])
             if row["Local authority"] == "Herefordshire"
             and "children's home" in row["Provision type"].lower()
             and not row["Short-break-only children's home"]]
    first = local.iloc[0]
    assert first["provision_type"] == "childrens_home"
    assert (first["providers"], first["places"]) == (
        len(homes), sum(int(row["Places"]) for row in homes))
    whole = number_and_range(register, "2025-03-31", code=code).set_index("area")
    assert whole.loc["all", "providers"] > 5_000 > whole.loc["inside", "providers"] > 0
