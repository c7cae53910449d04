"""How a dataset shows itself: what was read and found, and nothing of a child."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sufficiency_lib import dataset
from sufficiency_lib.dataset_shown import MOST_KINDS, as_html, findings, read
from sufficiency_lib.settings import run_parameters

LOCAL = ("provision", "carers", "ledger", "referrals", "circumstances", "edge_of_care")


def found(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["severity", "column", "expected", "value"])


def study(**about: Any) -> SimpleNamespace:
    empty = pd.DataFrame({"source_file": []})
    sources = pd.DataFrame({
        "source_file": ["2024/e.csv", "2025/e.csv", "2025/more.csv", "2025/u.csv"],
        "table": ["episodes", "episodes", "episodes", "uasc"],
        "return_year": [2024, 2025, 2025, 2025], "rows": [1000, 700, 30, 4],
    })
    made = {
        "profile": SimpleNamespace(name="A & B", synthetic=True), "as_at": date(2025, 3, 31),
        "sources": sources, "return_years": [2024, 2025], "episodes": pd.DataFrame(index=range(9)),
        "findings": found(), "fewest_shown": 6, "population": None, "members": (),
        **dict.fromkeys(LOCAL, empty),
    }
    return SimpleNamespace(**made | about)


def test_each_table_with_its_years_files_and_rows():
    ledger = pd.DataFrame({"source_file": ["ledger.csv"] * 8})
    population = pd.DataFrame({"mid_year": range(2020, 2027), "children": 5})
    assert read(study(ledger=ledger, population=population)) == [
        ("Episodes", "2024–2025", "2024/e.csv … 2025/more.csv (3 files)", "1,730"),
        ("UASC", "2025", "2025/u.csv", "fewer than 6"),
        ("Population", "2020–2026", "", "7"),
        ("Ledger", "", "ledger.csv", "8"),
    ]
    assert read(study(fewest_shown=1))[1][3] == "4"


def test_findings_by_what_was_expected_gravest_first_and_never_by_value():
    rows = [("cosmetic", "DECOM", "each once", "C1")] * 7 + [
        ("bending", "DEC", "an end", "C2"), ("bending", "PL_POST", "a postcode", "HR1 1AA")]
    shown = study(findings=found(*rows))
    assert findings(shown) == [
        ("Moves a figure", "PL_POST", "a postcode", "fewer than 6"),
        ("Moves a figure", "DEC", "an end", "fewer than 6"),
        ("Read as meant", "DECOM", "each once", "7"),
    ]
    html = as_html(shown)
    assert "HR1" not in html and "C2" not in html
    many = found(*[("bending", "DEC", f"kind {n:02d}", "") for n in range(MOST_KINDS + 3)])
    assert findings(study(findings=many))[-1][2] == "and 3 more of other kinds"
    assert len(findings(study(findings=many))) == MOST_KINDS + 1


def test_the_page_says_dates_and_is_escaped():
    html = as_html(study(members=("x", "y")))
    assert "A &amp; B" in html and "2 members" in html and "no child here is real" in html
    assert "returns to 31 March 2024–2025, as at 31 March 2025; 9 episodes" in html
    assert "Nothing was found that would stop or bend a result." in html
    assert html.count('<th scope="col"') == 4 and html.count("<caption>") == 1


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_no_child_of_the_sample_is_named(sample_dir, audience):
    told = run_parameters(authority="herefordshire", data=sample_dir, audience=audience)
    shown = dataset.load(told)
    words = set(as_html(shown).replace("<", " ").replace(">", " ").split())
    assert not words & set(shown.children["child_id"].astype(str))
    assert (" 4<" in as_html(shown).replace(">", "> ")) is (audience == "internal")
