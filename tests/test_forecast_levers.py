"""Scenarios: what each lever does to the futures, and settings that cannot be meant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from forecast_frames import placements

from benchmarks.forecast_coverage import FIRST
from benchmarks.forecast_truth import LASTING, made_up_history
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.forecast.futures import Futures, month_ends
from sufficiency_lib.forecast.levers import (
    EntryChange,
    ExitChange,
    InHouseTarget,
    Levers,
    NewPlaces,
    StepDown,
    entry_multipliers,
    exit_multipliers,
    phased,
    positions,
    step_down_shares,
)
from sufficiency_lib.forecast.run import forecast, futures_of, learn

AS_AT = "2025-03-31"
HISTORY = made_up_history(LASTING, 1)
LEARNT = learn(HISTORY, AS_AT, first=FIRST)
BASE = futures_of(LEARNT, months=36, draws=64, seed=1)
DATES = month_ends(AS_AT, 36)


def with_levers(**levers) -> Futures:
    return futures_of(LEARNT, months=36, draws=64, seed=1, levers=Levers(**levers))


def balanced(futures: Futures) -> bool:
    total = futures.children.sum(axis=2)
    same = (total[:, 1:] == total[:, :-1] + futures.entries - futures.exits).all()
    return bool(same and (futures.children >= 0).all()
                and (futures.needs.sum(axis=2) == total).all())  # fmt: skip


def there(futures: Futures, state: str) -> np.ndarray:
    return futures.children[:, :, futures.states.index(state)]


# --- month by month ----------------------------------------------------------------------------


def test_a_change_comes_in_evenly_between_its_dates():
    part = phased(DATES, "2026-03-31", "2027-03-31")
    assert (part[:12] == 0).all() and (part[23:] == 1).all()
    assert part[12] == pytest.approx(30 / 365) and part[17] == pytest.approx(183 / 365)
    assert phased(DATES, "2020-01-01", None).tolist() == [1.0] * 36
    assert phased(DATES, "2099-01-01", None).sum() == 0
    # From the last day of a month on, that month is in.
    assert phased(DATES, "2025-04-30", None)[0] == 1


def test_changes_multiply_and_keep_to_their_ages():
    changes = [EntryChange(-50, "2025-04-01"), EntryChange(100, "2025-04-01", ages=(16, 17)),
               EntryChange(30, "2025-04-01", uasc=True)]  # fmt: skip
    assert entry_multipliers(changes, DATES)[0].tolist() == [0.5] * 16 + [1.0] * 2
    assert entry_multipliers(changes, DATES, uasc=True)[0].tolist() == [1.3] * 18
    exits = [ExitChange(10, "2025-04-01"), ExitChange(10, "2025-04-01", places=("secure",))]
    assert exit_multipliers(exits, DATES, ["fostering/own", "secure/public"])[0, 3] == (
        pytest.approx([1.1, 1.21]))  # fmt: skip


def test_a_year_of_step_down_is_the_share_that_was_asked():
    shares = step_down_shares(StepDown(("secure",), "fostering/own", 30, "2020-01-01"), DATES)
    assert 1 - np.prod(1 - shares[:12]) == pytest.approx(0.3)


def test_places_are_states_or_whole_groups():
    states = ["fostering/own", "fostering/independent", "childrens_home/own"]
    assert positions(("fostering",), states) == [0, 1]
    assert positions(("fostering/own", "childrens_home"), states) == [0, 2]
    assert positions(("secure",), states) == []


# --- what they do ------------------------------------------------------------------------------


def test_levers_that_change_nothing_leave_every_byte():
    assert with_levers().children.tobytes() == BASE.children.tobytes()


def test_fewer_entries_are_fewer_by_that_much_from_that_day():
    halved = with_levers(entries=(EntryChange(-50, "2026-04-01"),))
    assert balanced(halved)
    assert halved.entries[:, :12].mean() == pytest.approx(BASE.entries[:, :12].mean(), rel=0.03)
    assert halved.entries[:, 12:].mean() == pytest.approx(BASE.entries[:, 12:].mean() / 2, rel=0.03)
    assert with_levers(entries=(EntryChange(-100, "2025-04-01"),)).entries.sum() == 0


def test_fewer_of_an_age_are_fewer_of_that_age_only():
    without = with_levers(entries=(EntryChange(-100, "2025-04-01", ages=(0, 12)),))
    assert balanced(without)
    children = LEARNT.entries.children
    share = children.chances[children.age >= 13 * 12].sum()
    assert without.entries.mean() == pytest.approx(BASE.entries.mean() * share, rel=0.05)
    more = with_levers(entries=(EntryChange(100, "2025-04-01", ages=(13, 17)),))
    assert more.entries.mean() == pytest.approx(BASE.entries.mean() * (1 + share), rel=0.04)


def test_uasc_arrivals_change_apart():
    rows = [{"decom": f"2024-{month:02d}-05", "dob": "2012-01-01", "is_uasc": True,
             "ever_uasc": True} for month in range(1, 13)]  # fmt: skip
    history = placements(*rows, *[{"decom": "2024-02-01"}] * 6)
    given = dict(first="2023-04-01", months=24, draws=64, seed=1)
    base = forecast(history, AS_AT, **given)
    stop = Levers(entries=(EntryChange(-100, AS_AT, uasc=True),))
    none = forecast(history, AS_AT, levers=stop, **given)
    assert (none.uasc == 12).all() and base.uasc[:, -1].mean() > 20
    assert none.entries.mean() == pytest.approx(0.25, rel=0.15)


def test_more_exits_empty_places_sooner():
    sooner = with_levers(exits=(ExitChange(100, "2025-04-01"),))
    later = with_levers(exits=(ExitChange(-100, "2025-04-01"),))
    assert balanced(sooner) and balanced(later)
    stock = [one.children.sum(axis=2)[:, -1].mean() for one in (sooner, BASE, later)]
    assert stock[0] < 0.8 * stock[1] and stock[2] > 1.3 * stock[1]
    # Only birthdays, and those who stay for less than a month, are left.
    stays = (LEARNT.entries.children.state < 0).mean() * later.entries.sum()
    assert later.exits.sum() - later.turning_18.sum() == pytest.approx(stays, rel=0.05)
    first = with_levers(exits=(ExitChange(100, "2025-04-01"),)).exits - with_levers(
        exits=(ExitChange(100, "2025-04-01", ages=(0, 11)),)).exits  # fmt: skip
    assert first[:, :6].mean() > 0


def test_exits_of_some_places_leave_the_others_alone():
    homes = with_levers(exits=(ExitChange(-100, "2025-04-01", places=("childrens_home",)),))
    assert there(homes, "childrens_home/independent")[:, -1].mean() > 1.2 * there(
        BASE, "childrens_home/independent")[:, -1].mean()  # fmt: skip


def test_step_down_moves_the_share_that_was_asked():
    moved = with_levers(step_down=(
        StepDown(("childrens_home",), "fostering/own", 99.9, "2025-04-01"),))  # fmt: skip
    assert balanced(moved)
    homes = "childrens_home/independent"
    assert there(moved, homes)[:, -1].mean() < 0.5 * there(BASE, homes)[:, -1].mean()
    # In the first month the chance is 1 - 0.001^(1/12), 44%.
    kept = there(moved, homes)[:, 1].mean() / there(BASE, homes)[:, 1].mean()
    assert kept == pytest.approx(0.001 ** (1 / 12), abs=0.05)


def test_a_share_in_house_is_reached_by_its_day_and_held():
    target = InHouseTarget(90, by="2027-03-31")
    reached = with_levers(in_house=target)
    assert balanced(reached)
    own, agency = there(reached, "fostering/own"), there(reached, "fostering/independent")
    share = own / (own + agency)
    start = share[0, 0]
    assert start < 0.8
    halfway = start + (0.9 - start) * 365 / 730
    assert (share[:, 12] >= halfway - 1e-9).all() and share[:, 12].mean() < halfway + 0.02
    assert (share[:, 24:] >= 0.9 - 1e-9).all() and share[:, 24:].mean() < 0.915
    # It is where they live that changes: homes are as full as before.
    homes = "childrens_home/independent"
    assert there(reached, homes)[:, -1].mean() == pytest.approx(
        there(BASE, homes)[:, -1].mean(), rel=0.1)  # fmt: skip


def test_a_share_that_is_there_already_moves_nobody_and_one_to_come_waits():
    low = with_levers(in_house=InHouseTarget(1, by="2025-04-30"))
    assert low.children.tobytes() == BASE.children.tobytes()
    waiting = with_levers(in_house=InHouseTarget(100, by="2026-04-30", begins="2026-03-31"))
    assert waiting.children[:, :12].tobytes() == BASE.children[:, :12].tobytes()
    assert not there(waiting, "fostering/independent")[:, 13:].any()


def test_new_places_fill_from_where_they_are_meant_to_and_stay_full():
    places = NewPlaces("childrens_home/own", 8, "2026-04-01", ("childrens_home/independent",),
                       occupancy_pct=75)  # fmt: skip
    assert places.in_use == 6
    levers = Levers(new_places=(places,))
    learnt = learn(HISTORY, AS_AT, first=FIRST, levers=levers)
    assert "childrens_home/own" in learnt.rates.states
    futures = futures_of(learnt, months=36, draws=64, seed=1, levers=levers)
    assert balanced(futures)
    own = there(futures, "childrens_home/own")
    assert not own[:, :13].any()
    assert (own[:, 13:] == 6).mean() > 0.95 and own.max() <= 7
    homes = there(futures, "childrens_home/independent")[:, -1].mean() + 6
    assert homes == pytest.approx(there(BASE, "childrens_home/independent")[:, -1].mean(), rel=0.12)


def test_new_places_take_no_more_children_than_there_are():
    levers = Levers(new_places=(NewPlaces("secure/own", 10_000, AS_AT, ("childrens_home",)),))
    learnt = learn(HISTORY, AS_AT, first=FIRST, levers=levers)
    futures = futures_of(learnt, months=3, draws=8, seed=1, levers=levers)
    assert balanced(futures)
    assert not there(futures, "childrens_home/independent")[:, 1:].any()


# --- settings that cannot be meant -------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: EntryChange(-101, "2025-04-01"), "from -100"),
        (lambda: EntryChange(float("nan"), "2025-04-01"), "from -100"),
        (lambda: EntryChange(5, "soon"), "'soon'; expected one such as 2027-03-31"),
        (lambda: EntryChange(5, None), "needs the date"),
        (lambda: EntryChange(5, "2026-04-01", by="2025-04-01"), "run back"),
        (lambda: EntryChange(5, "2025-04-01", ages=(5, 18)), "from 0 to 17"),
        (lambda: ExitChange(5, "2025-04-01", ages=(9, 3)), "from 0 to 17"),
        (lambda: ExitChange(5, "2025-04-01", places="fostering"), "in a list"),
        (lambda: ExitChange(5, "2025-04-01", places=("foster",)), "'foster' is no kind"),
        (lambda: StepDown((), "fostering/own", 5, "2025-04-01"), "names no place"),
        (lambda: StepDown(("secure",), "fostering", 5, "2025-04-01"), "'fostering' is no kind"),
        (lambda: StepDown(("secure",), "fostering/own", 100, "2025-04-01"), "0 to 99.9"),
        (lambda: InHouseTarget(101, by="2025-04-01"), "from 0 to 100"),
        (lambda: InHouseTarget(90, by=None), "needs the date"),
        (lambda: NewPlaces("home", 4, AS_AT, ("secure",)), "'home' is no kind"),
        (lambda: NewPlaces("secure/own", -1, AS_AT, ("secure",)), "0 or more"),
        (lambda: NewPlaces("secure/own", 1.5, AS_AT, ("secure",)), "whole number"),
        (lambda: NewPlaces("secure/own", 1, AS_AT, ()), "names no place"),
        (lambda: NewPlaces("secure/own", 1, pd.NaT, ("secure",)), "blank"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_in_a_sentence(make, said):
    with pytest.raises(ConfigurationError) as refusal:
        make()
    assert said in str(refusal.value) and str(refusal.value).endswith(".")
