"""The page for families: true, short, and without words of the trade."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.publish.briefing import Brief, Part
from sufficiency_lib.publish.family_words import (
    brothers_and_sisters,
    enough_carers,
    family,
    homes,
    how_many,
    more_or_fewer,
    moves,
    near_home,
    staying,
    what_may_come,
    what_we_need,
)
from sufficiency_lib.publish.wording import Words
from tests.briefing_frames import (
    DAY,
    HIDDEN,
    LAST,
    YEARS,
    cells,
    frame,
    hide,
    made,
    numbers_in,
    printed,
    text_of,
)
from tests.histories import quickly

SHOWN = made()
READ = ("children_looked_after", "placements_by_sector", "locality", "siblings", "stability",
        "forecast_by_year", "sufficiency_gap")
CELLS = [cell for cell in cells(SHOWN) if cell[0] in READ]

JARGON = (
    "placement", "placed", "provision", "provider", "sufficiency", "commission", "IFA", "cohort",
    "in-house", "UASC", "locality", "stock", "kinship", "residential", "looked-after", "LAC",
    "statutory", "percent", "%", "data", "forecast", "baseline", "median", "sibling", "episode",
    "authority", "unregistered", "capacity", "gap", "demand", "supply", "outcome",
)
#: A word of more letters than this is long: those left are names of people and places.
LONG = 8


def page(shown: dict[str, pd.DataFrame]) -> tuple[Part, ...]:
    return family(shown, Words(), name="Anyshire", day=DAY)


def brief(shown: dict[str, pd.DataFrame] | None = None) -> Brief:
    return Brief(SHOWN if shown is None else shown, Words(), "Anyshire", DAY)


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.?!])\s+", text) if one]


@pytest.mark.parametrize(("sentence", "said"), [
    (how_many, "On 31 March 2025 we looked after 1,203 children."),
    (more_or_fewer, "On 31 March 2021 it was fewer: 1,011."),
    (homes, "401 children lived with our own foster carers. 302 lived with foster carers from an "
     "agency. 153 lived with relatives or friends who foster them. 104 lived in a children's "
     "home. 56 lived with their parents."),
    (near_home, "About 7 in 10 children lived within 20 miles of their own home. For 97 children "
     "we do not know how far away it was."),
    (brothers_and_sisters, "We looked after 291 children with a brother or sister in care. About "
     "6 in 10 of them lived with all of theirs. 51 more children lived with some of theirs."),
    (moves, "About 1 in 10 children lived in three or more homes in the last year."),
    (staying, "Of children who had been in care for a long time, about 7 in 10 had lived with "
     "the same carer for two years."),
    (what_may_come, "We cannot know how many children will need us. If things go on as they are, "
     "we think it will be 1,002 to 1,501 on 31 March 2030. We expect to be wrong about 2 times "
     "in 10."),
    (what_we_need, "We need more foster carers. By 31 March 2030 we may be 27 places short. Our "
     "area may not have enough children's homes, even if only our children lived in them. We "
     "will try to find more."),
    (enough_carers, ""),
])  # fmt: skip
def test_a_sentence_as_it_reads(sentence, said: str) -> None:
    assert sentence(brief()) == said
    assert sentence(brief({})) == ""


def test_it_is_one_page_in_short_sentences_and_plain_words() -> None:
    parts = page(SHOWN)
    text = " ".join([text_of(parts), *(part.heading for part in parts)])
    lengths = [len(one.split()) for one in sentences(text_of(parts).replace("\n", " "))]
    words = re.findall(r"[A-Za-z']+", text)
    assert 250 < len(words) < 350
    assert sum(lengths) / len(lengths) <= 14 and max(lengths) <= 25
    assert sum(len(word) > LONG for word in words) / len(words) < 0.03
    assert [term for term in JARGON if re.search(rf"\b{re.escape(term)}", text, re.I)] == []


def test_it_says_whom_to_ask_and_that_nobody_is_moved_for_a_number() -> None:
    last = " ".join(page(SHOWN)[-1].points)
    assert "social worker" in last and "independent reviewing officer" in last
    assert "No child should be moved just to meet a target." in last and "full report" in last
    assert not re.search(r"http|www|\d{5}", last)


def test_no_figures_no_page() -> None:
    assert page({}) == ()
    assert page({name: rows[:0] for name, rows in SHOWN.items()}) == ()


@quickly
@given(st.dictionaries(st.sampled_from(CELLS), st.sampled_from(HIDDEN), max_size=40))
def test_every_number_is_a_shown_one_and_no_mark_is_a_word(marks: dict) -> None:
    shown = hide(SHOWN, marks)
    text = text_of(page(shown))
    told = [value for rows in shown.values() for value in rows.to_numpy().ravel()]
    assert numbers_in(text) <= printed(told)
    assert not re.search(r"\b(c|z|x|k|nan|NaN)\b", text)
    for said, table, columns in TENTHS:
        if any(cell[0] == table and cell[2] in columns and marked(cell) for cell in marks):
            assert said not in text


def marked(cell: tuple[str, int, str]) -> bool:
    """Whether the cell is of the row that the page reads."""
    row = SHOWN[cell[0]].loc[cell[1]]
    return row.get("cohort", "all") == "all" and row.get("as_at", LAST) == LAST and (
        row.get("measure") in (None, "three_or_more_placements"))


#: What is said in tenths, and the cells that it rests on.
TENTHS = (
    ("lived within 20 miles", "locality", ("within", "children")),
    ("lived with all of theirs", "siblings", ("with_all", "children")),
    ("three or more homes", "stability", ("numerator", "denominator")),
)


def test_hiding_a_figure_takes_its_number_out() -> None:
    said = numbers_in(text_of(page(SHOWN)))
    lost = 0
    for cell in CELLS:
        table, at, column = cell
        form = printed([SHOWN[table].loc[at, column]]) & said
        if form:
            lost += 1
            assert not form & numbers_in(text_of(page(hide(SHOWN, {cell: "c"})))), cell
    assert lost == 13


@pytest.mark.parametrize(("near", "said"), [
    (0, "None of the children lived within 20 miles of their own home."),
    (40, "All of the children lived within 20 miles of their own home."),
    (20, "About half of the children lived within 20 miles of their own home."),
    (1, "Fewer than 1 in 10 children lived within 20 miles of their own home."),
    (39, "More than 9 in 10 children lived within 20 miles of their own home."),
    ("c", ""),
])
def test_shares_read_right_at_their_ends(near: object, said: str) -> None:
    rows = frame("rule cohort children within not_known", ("home_20_miles", "all", 40, near, 0))
    assert near_home(brief({"locality": rows})) == said


def test_one_child_reads_right() -> None:
    stock = frame("as_at children", ("2024-03-31", 1), (LAST, 1))
    assert how_many(brief({"children_looked_after": stock})).endswith("we looked after 1 child.")
    assert more_or_fewer(brief({"children_looked_after": stock})) == (
        "That is the same number as on 31 March 2024.")
    kin = frame("as_at cohort children", (LAST, "kinship", 1), (LAST, "parents", 0))
    assert homes(brief({"placements_by_sector": kin})) == (
        "1 child lived with relatives or friends who foster them.")
    falling = frame("as_at children", ("2024-03-31", 9), (LAST, 8))
    assert more_or_fewer(brief({"children_looked_after": falling})) == (
        "On 31 March 2024 it was more: 9.")


def need(group: str, basis: str, gap: object) -> dict[str, pd.DataFrame]:
    return {"sufficiency_gap": frame(
        "scenario year_ending placement_group supply_basis gap_p50",
        ("no_change", YEARS[1], group, basis, gap), ("plan", YEARS[1], "fostering", "profile", 9))}


@pytest.mark.parametrize("gap", [0, -4, "c", None])
def test_nothing_is_needed_that_no_gap_shows(gap: object) -> None:
    for group in ("fostering_in_house", "childrens_home"):
        for basis in ("carers", "register_inside"):
            assert what_we_need(brief(need(group, basis, gap))) == ""


def test_a_gap_says_what_is_needed() -> None:
    assert what_we_need(brief(need("childrens_home", "profile", 1))) == (
        "We need more room in children's homes. By 31 March 2030 we may be 1 place short. We "
        "will try to find more.")
    assert what_we_need(brief(need("secure", "profile", 3))) == ""
    assert what_we_need(brief(need("supported_accommodation", "register_inside", 3))) == ""
    assert enough_carers(brief(need("fostering_in_house", "carers", -2))).startswith(
        "Our own foster carers may have enough places")
    assert enough_carers(brief(need("fostering_in_house", "carers", "c"))) == ""
