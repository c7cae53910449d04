"""The two-page summary says only what shown figures show."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.judgement.duties import duties
from sufficiency_lib.publish.briefing import Brief, Part
from sufficiency_lib.publish.summary_changing import (
    CHANGING,
    carers_over_time,
    forecast,
    forecast_errors,
    homes_over_time,
    no_forecast,
    number_over_time,
    own_nights,
    starts_and_ends,
    turning_18,
)
from sufficiency_lib.publish.summary_known import (
    KNOWN,
    brothers_and_sisters,
    dates,
    far_from_home,
    homes,
    looked_after,
    near_home,
    near_home_by_kind,
    own_carers,
    places,
    searches,
    stability,
)
from sufficiency_lib.publish.summary_needs import (
    NEEDS,
    enough_places,
    evidence,
    first_priorities,
    nobody_is_moved,
    places_not_known,
    short_in_the_area,
    short_of_places,
    targets,
    what_follows,
)
from sufficiency_lib.publish.summary_words import summary
from sufficiency_lib.publish.wording import Words
from sufficiency_lib.settings import LocalitySettings
from tests.briefing_frames import (
    DAY,
    FIRST,
    HIDDEN,
    LAST,
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
CELLS = cells(SHOWN)


def whole(shown: dict[str, pd.DataFrame]) -> tuple[Part, ...]:
    return summary(shown, Words(), name="Anyshire", day=DAY, rule="home_20_miles")


def brief(shown: dict[str, pd.DataFrame] | None = None, **more: object) -> Brief:
    settings = {"rule": "home_20_miles", "words": Words(), **more}
    return Brief(SHOWN if shown is None else shown, name="Anyshire", day=DAY, **settings)


@pytest.mark.parametrize(("sentence", "said"), [
    (looked_after, "On 31 March 2025 Anyshire looked after 1,203 children, not counting short "
     "breaks. That is 73 in every 10,000 people aged 0 to 17, against 67 in England."),
    (own_carers, "Of children fostered by the council's own carers or an agency's, 402 of 704 "
     "(57.1%) were with its own; counting relatives and friends too, 555 of 858 (64.7%)."),
    (near_home, "By the council's rule (within 20 miles of the child's home), 902 of 1,207 "
     "children (74.7%) were placed locally; 208 were not and for 97 it is not known."),
    (near_home_by_kind, "Within 20 miles of the child's home were 89.7% of children with the "
     "council's own foster carers, 71.5% with agency carers and 34.9% in children's homes."),
    (far_from_home, "247 of 1,204 children (20.5%) lived more than 20 miles from home, against "
     "22.1% in England."),
    (brothers_and_sisters, "Of 291 children with a brother or sister looked after, 171 lived with "
     "all of them, 51 lived with some of them, 47 lived with none of them and for 22 it is not "
     "known."),
    (stability, "131 of 1,208 children (10.8%) had three or more placements in the year, against "
     "10.2% in England. 242 of 345 children (70.1%) looked after long term had lived with the "
     "same carer for two years, against 69.3% in England."),
    (searches, "Of 727 searches for a placement in the year to 31 March 2025, 692 (95.2%) ended "
     "in a registered setting, half of them within 8.5 days. 14 ended in an unregistered one."),
    (places, "The council had 115 fostering households (not counting relatives and friends), "
     "approved for 233 places, with 141 children placed. In its area were 19 children's homes "
     "with 43 places, for the children of any council."),
    (dates, "Figures without a date are of 31 March 2025. Figures for England: 31 March 2025; "
     "DfE, 2025 release."),
    (number_over_time, "Between 31 March 2021 and 31 March 2025 the number of children looked "
     "after rose from 1,011 to 1,203; for every 10,000 aged 0 to 17 it rose from 61 to 73."),
    (starts_and_ends, "In the year to 31 March 2025, 331 children started to be looked after and "
     "322 ceased; in the year to 31 March 2021 they were 316 and 305."),
    (own_nights, "The share of fostering nights spent with the council's own rather than agency "
     "carers fell from 46.1% to 39.9% between the years to 31 March 2021 and 31 March 2025 "
     "(counting relatives and friends as its own, it fell from 52.2% to 45.6%)."),
    (carers_over_time, "In the year to 31 March 2025, 24 of the council's fostering households "
     "(not counting relatives and friends) joined and 29 left."),
    (turning_18, "65 young people looked after now will turn 18 in the year to 31 March 2026."),
    (forecast, "If children come into care, move and leave as they have done, the forecast is "
     "1,105 to 1,330 children on 31 March 2026 (middle: 1,220) and 1,002 to 1,501 children on 31 "
     "March 2030 (middle: 1,290). Eight in ten simulated futures fall in the range, and two in "
     "ten outside it."),
    (forecast_errors, "Made again for past dates, the forecast was off by 2.7% a year ahead (3 "
     "tests; 'same as today' by 1.6%) and by 9.8% three years ahead (1 test; 'same as today' by "
     "4.8%)."),
    (short_of_places, "Fostering, in-house: the council has 234 places, and by 31 March 2030 "
     "expects 203 to 317 children in eight of ten futures. In the middle of that range it is 27 "
     "places short; there are too few in 61.9% of futures."),
    (short_in_the_area, "Even if no other council used them, the registered places in the area "
     "would be too few for children's homes (44 places for the 94 children of the middle "
     "forecast)."),
    (first_priorities, "Of the gaps whose number can be shown, these touch most children: "
     "children not placed locally (within 20 miles of the child's home), 209 of 1,209; children "
     "who moved often, 132 of 1,210. A child may be in several, so they are not added up."),
    (what_follows, "For the first of these: look for carers nearer."),
])  # fmt: skip
def test_a_sentence_as_it_reads(sentence, said: str) -> None:
    assert sentence(brief()) == said


@pytest.mark.parametrize("sentence", (*KNOWN, *CHANGING, *NEEDS), ids=lambda one: one.__name__)
def test_no_tables_no_sentence(sentence) -> None:
    assert sentence(brief({})) == ""
    assert sentence(brief({name: rows[:0] for name, rows in SHOWN.items()})) == ""


@quickly
@given(st.dictionaries(st.sampled_from(CELLS), st.sampled_from(HIDDEN), max_size=60))
def test_every_number_is_a_shown_one_and_no_mark_is_a_word(marks: dict) -> None:
    shown = hide(SHOWN, marks)
    text = text_of(whole(shown))
    told = {table: [rows.loc[at, column] for at in rows.index for column in rows.columns]
            for table, rows in shown.items()}
    assert numbers_in(text) <= printed(value for values in told.values() for value in values)
    assert not re.search(r"\b(c|z|x|k|nan|None|NaN)\b(?! ended)", text)
    assert not re.search(r"  | \.| ,|\(\)|;\.", text)


def test_hiding_a_figure_takes_its_number_out() -> None:
    """Each number of the text is in one cell, and goes when the cell is hidden."""
    forms = [printed([SHOWN[table].loc[at, column]]) for table, at, column in CELLS]
    often = Counter(form for each in forms for form in each)
    said = {form for form in numbers_in(text_of(whole(SHOWN))) if often[form] == 1}
    assert len(said) > 80
    for first in range(_AT_ONCE):
        left = numbers_in(text_of(whole(hide(SHOWN, dict.fromkeys(CELLS[first::_AT_ONCE], "c")))))
        assert not left & said & set().union(*forms[first::_AT_ONCE])


#: So many runs, each with as many cells hidden as stand so far apart.
_AT_ONCE = 25


def test_a_clause_whose_figure_is_hidden_is_left_out() -> None:
    def of(**marks: object) -> str:
        row = {"within": 902, "beyond": 208, "not_known": 97, **marks}
        return near_home(brief({"locality": frame(
            "rule cohort children within beyond not_known rate_pct",
            ("home_20_miles", "all", 1207, *row.values(), 74.7))}))

    assert of(beyond="c", not_known="c").endswith("(74.7%) were placed locally.")
    assert of(beyond="c").endswith("placed locally; for 97 it is not known.")
    assert of(beyond=1, not_known=0).endswith("placed locally; 1 was not.")
    assert of(beyond=0, not_known=0).endswith("placed locally; 0 were not.")
    assert of(within="c") == ""


def test_one_none_and_all_read_right() -> None:
    def stock(children: int) -> str:
        return looked_after(brief({"children_looked_after": frame(
            "as_at children rate_per_10000", (LAST, children, "x"))}))

    assert stock(1) == "On 31 March 2025 Anyshire looked after 1 child, not counting short breaks."
    assert "looked after no children" in stock(0)
    found = frame("year_ending searches placed placed_unregistered placed_pct median_days",
                  (LAST, 1, 1, 0, 100.0, "x"))
    assert searches(brief({"searches": found})) == (
        "Of 1 search for a placement in the year to 31 March 2025, 1 (100.0%) ended in a "
        "registered setting. None ended in an unregistered one.")
    one = frame("carer_group households places filled", ("mainstream", 1, 1, 1))
    home = frame("provision_type area providers places", ("childrens_home", "inside", 1, 4))
    assert places(brief({"fostering_capacity": one, "supply_by_area": home})) == (
        "The council had 1 fostering household (not counting relatives and friends), approved "
        "for 1 place, with 1 child placed. In its area was 1 children's home with 4 places, for "
        "the children of any council.")
    soon = frame("year_ending years_ahead turning_18", ("2026-03-31", 1, 1))
    assert turning_18(brief({"turning_ages": soon})).startswith("1 young person looked after now")
    nobody = frame("as_at cohort children", (LAST, "parents", 0), (LAST, "kinship", "c"))
    assert homes(brief({"placements_by_sector": nobody})) == ""


def test_no_change_is_neither_up_nor_down() -> None:
    same = frame("cohort start_date end_date start_children end_children",
                 ("fostering_ifa", FIRST, LAST, 42, 42), ("childrens_home", FIRST, LAST, "c", 24))
    assert homes_over_time(brief({"placement_change_by_cohort": same})) == (
        "Between 31 March 2021 and 31 March 2025, children with agency carers stayed at 42.")


def test_england_s_release_is_beside_each_figure_where_releases_differ() -> None:
    both = {**SHOWN, "comparators": SHOWN["comparators"].copy()}
    both["comparators"].loc[0, "release"] = "31 March 2024; DfE, 2024 release"
    assert "against 67 in England (31 March 2024; DfE, 2024 release)" in looked_after(brief(both))
    assert dates(brief(both)) == "Figures without a date are of 31 March 2025."


def test_another_rule_is_named() -> None:
    settings = LocalitySettings(rule="centre_20_miles", centre_name="the Cross",
                                centre_easting=1, centre_northing=1)
    rows = frame("rule cohort children within beyond not_known rate_pct",
                 ("centre_20_miles", "all", 10, 8, "c", "c", 80.0))
    said = near_home(brief({"locality": rows}, rule="centre_20_miles", words=Words(settings)))
    assert said == ("By the council's rule (within 20 miles of the Cross), 8 of 10 children "
                    "(80.0%) were placed locally.")


def test_places_enough_say_for_what() -> None:
    columns = ("scenario year_ending placement_group supply_places supply_basis need_p10 need_p50 "
               "need_p90 gap_p10 gap_p50 gap_p90 chance_short_pct")
    gap = frame(columns,
                ("no_change", "2030-03-31", "fostering_in_house", 150, "carers", 109, 139, 186,
                 -41, -11, 36, 30.0),
                ("no_change", "2030-03-31", "childrens_home", 40, "profile", 20, 24, 29, -20, -16,
                 -11, 0.0))
    shown = {"sufficiency_gap": gap}
    assert short_of_places(brief(shown)) == short_in_the_area(brief(shown)) == ""
    assert enough_places(brief(shown)) == (
        "By 31 March 2030 there are places enough for the whole forecast: children's homes (40 "
        "places, 20 to 29 children expected); for the middle of the forecast but not its top: "
        "fostering, in-house (150 places, 109 to 186 children expected). Not every place suits "
        "every child.")
    assert nobody_is_moved(brief(shown)).endswith("to move a child who is settled.")


def target(**cells_: object) -> str:
    row = {"metric": "m", "label": "90% near home", "rule": "in_area", "unit": "%", "target": 90.0,
           "target_date": "2028-03-31", "numerator": 642, "denominator": 1000, "baseline": 60.2,
           "baseline_date": FIRST, "value": 64.2,
           "chance_met_pct": 12.0, "chance_basis": "forecast", "standing": "behind", "reason": "",
           **cells_}
    return targets(brief({"target_progress": pd.DataFrame([row])}))


def test_a_target_as_it_stands() -> None:
    head = "Target: 90% near home (inside the authority's area): "
    assert target() == (
        f"{head}behind, 64.2% now (642 of 1,000), 60.2% on 31 March 2021, met by 31 March 2028 in "
        "12.0% of simulated futures.")
    assert target(baseline="c", baseline_date=None, chance_met_pct="c") == (
        f"{head}behind, 64.2% now (642 of 1,000).")
    assert target(standing="baseline_refused", chance_met_pct=None) == (
        f"{head}no progress given, as its baseline counts something else, 64.2% now (642 of "
        "1,000).")
    assert target(standing="not_measured", value="x", baseline=None, chance_met_pct="x") == (
        f"{head}not measured, the appendix says why.")
    many = pd.DataFrame([{"metric": "m", "label": "More", "rule": "", "standing": "met"}] * 5)
    assert targets(brief({"target_progress": many})).endswith("The appendix has 2 more targets.")


def test_questions_of_the_duty_are_counted_once_each() -> None:
    none = duties({}, rule="in_area", day=DAY)
    asked = len(none.drop_duplicates(["source", "clause"]))
    assert evidence(brief({"duties": none})) == (
        f"Of {asked} questions that the law, the statutory guidance and the Local Government "
        f"Association ask, the appendix's figures answer 0 in full, 0 in part and {asked} not at "
        "all; it says what data would.")


def test_the_summary_fits_two_pages_and_leaves_out_empty_parts() -> None:
    parts = whole(SHOWN)
    assert [part.heading for part in parts] == ["What we know", "What is changing",
                                                "What we need"]
    assert 500 < len(text_of(parts).split()) < 900
    only = {"children_looked_after": SHOWN["children_looked_after"]}
    assert [part.heading for part in whole(only)] == ["What we know", "What is changing"]
    assert whole({}) == ()


def test_one_date_is_no_change() -> None:
    once = frame("cohort start_date end_date start_children end_children",
                 ("childrens_home", LAST, LAST, 24, 24))
    assert homes_over_time(brief({"placement_change_by_cohort": once})) == ""


def test_what_is_missing_is_said_where_its_place_would_be() -> None:
    stock = frame("as_at children", (LAST, 330))
    ahead = frame("scenario date placement_group", ("no_change", "2026-03-31", "all"))
    alone, foreseen = {"children_looked_after": stock}, {"forecast_by_year": ahead}
    assert no_forecast(brief(alone)).startswith("No forecast is made from these returns")
    assert no_forecast(brief({})) == no_forecast(brief(alone | foreseen)) == ""
    assert places_not_known(brief(foreseen)).startswith("How many places there are was not given")
    short = frame("scenario year_ending", ("no_change", "2026-03-31"))
    assert places_not_known(brief(foreseen | {"sufficiency_gap": short})) == ""
    assert places_not_known(brief(alone)) == ""
