"""What a profile says of the forecast: typed where it is right, a sentence where it is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.sample.forecast_plans import FORECAST_PARTS
from sufficiency_lib.settings import AuthorityProfile, read_profile
from sufficiency_lib.settings_forecast import NO_CHANGE, Scenario

WHOLE = """
[forecast]
years = 5
draws = 200
seed = 7
[publish]
costs = true
[capacity_places]
fostering_in_house = 150
childrens_home = 0
[unit_costs_gbp_per_week]
fostering_ifa = 900.5
"childrens_home/own" = 3000
[[scenarios]]
name = "Everything"
entries = [{ pct = -10, begins = 2025-04-01, by = 2026-03-31, ages = [16, 17] }]
exits = [{ pct = 5, begins = 2025-04-01, places = ["fostering", "childrens_home/own"] }]
in_house = { pct = 90, by = 2028-03-31 }
[[scenarios.step_down]]
places = ["childrens_home"]
to = "fostering/own"
pct_a_year = 10
begins = 2025-10-01
[[scenarios.new_places]]
state = "childrens_home/own"
places = 4
opens = 2026-04-01
instead_of = ["childrens_home/independent"]
[[scenarios]]
name = "Nothing in it"
"""


def read(folder: Path, text: str) -> AuthorityProfile:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return read_profile(folder, code=None, name="X", slug="x")


def test_without_a_word_nothing_is_changed_published_or_known(tmp_path: Path) -> None:
    profile = read(tmp_path, "")
    assert (profile.forecast.years, profile.forecast.draws) == (10, 500)
    assert profile.scenarios == () and not profile.publish.costs
    assert profile.unit_costs_gbp_per_week == {} and profile.capacity_places == {}


def test_a_profile_is_read_whole(tmp_path: Path) -> None:
    profile = read(tmp_path, WHOLE)
    assert (profile.forecast.years, profile.forecast.draws, profile.forecast.seed) == (5, 200, 7)
    assert profile.publish.costs
    assert profile.capacity_places == {"fostering_in_house": 150, "childrens_home": 0}
    assert profile.unit_costs_gbp_per_week == {"fostering_ifa": 900.5, "childrens_home/own": 3000}
    first, second = profile.scenarios
    assert first.entries[0].ages == (16, 17) and first.entries[0].by == date(2026, 3, 31)
    assert first.in_house is not None and first.in_house.pct == 90
    assert first.step_down[0].to == "fostering/own" and first.new_places[0].occupancy_pct == 100
    assert second == Scenario(name="Nothing in it")


SCENARIO = "[[scenarios]]\nname = 'A'\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[forecast]\nyears = 11\n", "forecast.years is '11'"),
        ("[forecast]\ndraws = 1\n", "forecast.draws is '1'"),
        ("[forecast]\nmonths = 12\n", "'forecast.months' is not a setting we know"),
        ("forecast = 3\n", "expected a part headed [forecast]"),
        ("[publish]\ncosts = 'perhaps'\n", "publish.costs is 'perhaps'"),
        ("scenarios = 3\n", "'scenarios' is not a list; expected parts headed [[scenarios]]"),
        ("[[scenarios]]\n", "scenarios.0.name is missing"),
        ("[[scenarios]]\nname = 'No change'\n", "that is the forecast itself"),
        (SCENARIO * 2, "scenarios: two scenarios have one name"),
        (SCENARIO + "entries = [{ pct = -101, begins = 2025-04-01 }]", "entries.0.pct is '-101'"),
        (SCENARIO + "entries = [{ pct = 1 }]", "scenarios.0.entries.0.begins is missing"),
        (SCENARIO + "in_house = { pct = 101, by = 2028-03-31 }", "in_house.pct is '101'"),
        (SCENARIO + "new_places = [{ state = 'homes', places = 1, opens = 2026-04-01, "
         "instead_of = ['other'] }]", "state is 'homes': expected a placement group and whose"),
        (SCENARIO + "new_places = [{ state = 'secure/public', places = 0, opens = 2026-04-01, "
         "instead_of = ['other'] }]", "places is '0'"),
        (SCENARIO + "step_down = [{ places = [], to = 'fostering/own', pct_a_year = 5, "
         "begins = 2026-04-01 }]", "step_down.0.places"),
        ("[capacity_places]\nhomes = 3\n", "'homes': expected a placement group"),
        ("[capacity_places]\nfostering = -3\n", "capacity_places.fostering is '-3'"),
        ("[unit_costs_gbp_per_week]\nfostering = 0\n", "fostering is '0'"),
        ("[unit_costs_gbp_per_week]\nfostering = nan\n", "fostering is 'nan'"),
        ("[unit_costs_gbp_per_week]\n'fostering/theirs' = 3\n", "is 'fostering/theirs': expected"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_a_sentence_that_names_it(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value) and str(caught.value).startswith("profile.toml")
    assert "{" not in str(caught.value)


def test_a_scenario_of_a_notebook_is_checked_too() -> None:
    assert Scenario(name="A").name != NO_CHANGE
    with pytest.raises(ValidationError):
        Scenario(name="A", entry=[])
    with pytest.raises(ValidationError):
        Scenario(name="x" * 41)


@pytest.mark.parametrize("code", FORECAST_PARTS)
def test_what_the_sample_plans_is_a_profile(tmp_path: Path, code: str) -> None:
    profile = read(tmp_path, FORECAST_PARTS[code])
    assert profile.scenarios
