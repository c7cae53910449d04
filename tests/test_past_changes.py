"""The chance of a target from the changes of past years, worked a second way."""

from __future__ import annotations

import math

import pytest
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sufficiency_lib.judgement.past_changes import chance_from_changes
from sufficiency_lib.metrics.headline import Figure

DAY, HOME = "2025-03-31", "home_20_miles"
YEARS = [f"{year}-03-31" for year in range(2021, 2026)]


def share(part: int, whole: int = 400) -> Figure:
    return Figure("within_rule_pct", "", 100 * part / whole, "%", part, whole, HOME)


def test_a_chance_by_hand() -> None:
    """Worked a second way: the level, the noise and the step of a year on the logit."""
    parts = [280, 240, 300, 260]
    past = {day: share(part) for day, part in zip(YEARS, parts, strict=False)}
    logits = [math.log((p + 0.5) / (400 - p + 0.5)) for p in parts]
    noise = [1 / (p + 0.5) + 1 / (400 - p + 0.5) for p in parts]
    step = sum((logits[i + 1] - logits[i]) ** 2 - noise[i + 1] - noise[i] for i in range(3)) / 3
    assert step > 0
    spread = math.sqrt(2 * step + 2 * noise[-1])
    aim = math.log((0.7 * 400 + 0.5) / (0.3 * 400 + 0.5))
    by_hand = 100 * stats.t.sf((aim - logits[-1]) / spread, df=3)
    got = chance_from_changes(past, share(260), 70, 2, at_most=False)
    assert got == pytest.approx(by_hand, abs=0.05) and 0 < got < 50
    below = chance_from_changes(past, share(260), 70, 2, at_most=True)
    assert below == pytest.approx(100 - by_hand, abs=0.05)


def test_a_steady_measure_keeps_the_chance_of_its_own_noise() -> None:
    """No change at all: the step is 0, never less, and a target of today's value is a toss-up."""
    past = {day: share(200) for day in YEARS}
    assert chance_from_changes(past, share(200), 50, 3, at_most=False) == 50.0
    spread = math.sqrt(2 * 2 / 200.5)
    by_hand = 100 * stats.t.sf(math.log(220.5 / 180.5) / spread, df=4)
    got = chance_from_changes(past, share(200), 55, 3, at_most=False)
    assert got == pytest.approx(by_hand, abs=0.05)


def test_three_yearly_changes_are_needed_and_marks_are_none() -> None:
    past = {day: share(200 + at) for at, day in enumerate(YEARS)}
    marked = past | {YEARS[1]: past[YEARS[1]]._replace(value="c", numerator="c")}
    assert math.isnan(chance_from_changes(marked, share(204), 55, 3, at_most=False))
    short = dict(list(past.items())[2:])
    assert math.isnan(chance_from_changes(short, share(204), 55, 3, at_most=False))
    hidden = share(204)._replace(value="c", numerator="c")
    assert math.isnan(chance_from_changes(past, hidden, 55, 3, at_most=False))


def test_all_or_none_can_be_the_target_and_a_year_of_nights_is_one_child() -> None:
    past = {day: share(400 - at) for at, day in enumerate(YEARS)}
    for target in (0, 100):
        assert 0 <= chance_from_changes(past, share(396), target, 1, at_most=False) <= 100
    nights = {day: share(200)._replace(metric="in_house_bed_nights_pct", numerator=200 * 365,
                                       denominator=400 * 365) for day in YEARS}
    now = nights[DAY]
    assert chance_from_changes(nights, now, 55, 3, at_most=False) == chance_from_changes(
        {day: share(200) for day in YEARS}, share(200), 55, 3, at_most=False)


def test_a_rate_and_a_number_of_the_same_children_have_the_same_chance() -> None:
    counts = [317, 322, 324, 328, 330]
    number = {day: Figure("children_looked_after", "", n, "children", None, None, "")
              for day, n in zip(YEARS, counts, strict=True)}
    rate = {day: Figure("rate_per_10000", "", n / 3.53, "per 10,000", n, 35_300, "")
            for day, n in zip(YEARS, counts, strict=True)}
    few = chance_from_changes(number, number[DAY], 300, 2, at_most=True)
    assert few == chance_from_changes(rate, rate[DAY], 300 / 3.53, 2, at_most=True)
    assert 0 < few < 50 < chance_from_changes(number, number[DAY], 360, 2, at_most=True)


@given(st.lists(st.integers(0, 300), min_size=5, max_size=5), st.integers(0, 100),
       st.integers(1, 10))
@quickly
def test_a_chance_is_one_and_a_harder_target_has_no_more(
    parts: list[int], target: int, years: int
) -> None:
    past = {day: share(part, 300) for day, part in zip(YEARS, parts, strict=True)}
    chance, harder = (chance_from_changes(past, past[DAY], aim, years, at_most=False)
                      for aim in (target, min(100, target + 5)))
    assert 0 <= harder <= chance <= 100
