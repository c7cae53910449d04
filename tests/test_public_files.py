"""Every public file of the sample, byte by byte: nobody is in it, and no blank is printed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from sufficiency_lib import dataset
from sufficiency_lib.settings import run_parameters

AUTHORITIES = ("herefordshire", "nottingham", "brighton-and-hove")

_POSTCODE = re.compile(r"(?<![A-Z0-9])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![A-Z0-9])")
_WHOLE_NUMBER = re.compile(r"(?<![\w.#-])\d{5,9}(?![\w.])")
#: Columns of nights, money and forecasts: of so many such figures some are by chance the number
#: of a child, or of a place.
_FIGURES = re.compile(r"nights|gbp|^(mean|p10|p50|p90|against_no_change)$")
_DAY = re.compile(r"(?<!\d)(?:\d{2}/\d{2}/\d{4}|\d{4}-\d{2}-\d{2})(?!\d)")


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Each public file as text, the parts of a workbook one by one."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield f"{path.name}/{name}", book.read(name).decode("utf-8")
        elif path.is_file():
            yield path.name, path.read_bytes().decode("utf-8")


@pytest.fixture(scope="module", params=AUTHORITIES)
def study(request: pytest.FixtureRequest, sample_dir: Path) -> dataset.Dataset:
    return dataset.load(run_parameters(authority=request.param, data=sample_dir))


@pytest.fixture(scope="module")
def public(study: dataset.Dataset, outputs_dir: Path) -> list[tuple[str, str]]:
    shared = [(path.name, path.read_text(encoding="utf-8"))
              for path in sorted(outputs_dir.iterdir()) if path.is_file()]
    found = [*texts(outputs_dir / study.profile.slug), *shared]
    assert len(found) > 60
    return found


@pytest.fixture(scope="module")
def figures(study: dataset.Dataset, outputs_dir: Path) -> set[str]:
    """The nights, pounds and forecasts of the tables, as they are written."""
    found: set[str] = set()
    for path in (outputs_dir / study.profile.slug / "tables").glob("*.csv"):
        cells = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in (name for name in cells if _FIGURES.search(name)):
            found |= {cell.removesuffix(".0").lstrip("-") for cell in cells[column]}
    return found


def test_no_identifier_is_in_any_public_file(
    study: dataset.Dataset, public: list[tuple[str, str]], figures: set[str]
) -> None:
    ids = set(study.children["child_id"]) | set(study.episodes["child_id"])
    assert len(ids) > 300 and all(re.fullmatch(r"\d{6}", one) for one in ids)
    ids -= figures
    assert len(ids) > 300
    for name, text in public:
        assert not ids & set(_WHOLE_NUMBER.findall(text)), name


def test_no_postcode_of_a_child_is_in_any_public_file(
    study: dataset.Dataset, public: list[tuple[str, str]]
) -> None:
    columns = ("home_postcode", "placement_postcode")
    given = pd.concat([study.episodes[column].dropna() for column in columns])
    postcodes = {text.replace(" ", "").upper() for text in given}
    assert len(postcodes) > 300
    for name, text in public:
        met = {found.replace(" ", "") for found in _POSTCODE.findall(text.upper())}
        assert not postcodes & met, name


def test_no_date_of_birth_is_in_any_public_file(
    study: dataset.Dataset, public: list[tuple[str, str]]
) -> None:
    born = study.children["dob"].dropna()
    # The ends of months and years stand on the page as the days of its figures.
    born = born[~born.dt.is_month_end & (born.dt.day != 1)]
    days = {*born.dt.strftime("%Y-%m-%d"), *born.dt.strftime("%d/%m/%Y")}
    assert len(days) > 300
    for name, text in public:
        assert not days & set(_DAY.findall(text)), name


def test_no_exact_place_is_in_any_public_file(
    study: dataset.Dataset, public: list[tuple[str, str]], figures: set[str]
) -> None:
    ends = ("home_easting", "home_northing", "placement_easting", "placement_northing")
    exact = pd.concat([study.episodes[column].dropna() for column in ends]).astype(int)
    # A round kilometre is no place of a child; a count of nights may be any short number.
    places = {str(one) for one in exact if one >= 100_000 and one % 1000} - figures
    assert len(places) > 300
    for name, text in public:
        assert not places & set(_WHOLE_NUMBER.findall(text)), name


def test_nothing_printed_is_a_blank_of_the_machine(public: list[tuple[str, str]]) -> None:
    for name, text in public:
        if name.endswith(".csv"):
            cells = {cell.strip() for line in text.splitlines() for cell in line.split(",")}
            assert not cells & {"nan", "NaN", "None", "NaT", "<NA>", "inf", "-inf"}, name
        if name.endswith(".html"):
            assert not re.search(r">\s*(nan|NaN|None|NaT|&lt;NA&gt;|-?inf)\s*<", text), name
