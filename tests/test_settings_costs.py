"""What a profile says of costs: typed where it is right, a sentence where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.settings import AuthorityProfile, read_profile

WHOLE = """
[[costs.items]]
name = "Supervising social workers"
placement_group = "fostering"
gbp_per_week = 110
[[costs.items]]
name = "Contract monitoring"
placement_group = "childrens_home"
side = "independent"
gbp_per_year = 40_000
[costs.processes.review]
hours = 10
gbp_per_hour = 45.5
[costs.processes.first_placement]
gbp_each = 1_800
[costs.invest_to_save]
moved_pct = [20]
occupancy_pct = 80
one_off_gbp_per_place = 6_000
"""


def read(folder: Path, text: str) -> AuthorityProfile:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return read_profile(folder, code=None, name="X", slug="x")


def test_without_a_word_nothing_is_added_and_costs_are_withheld(tmp_path: Path) -> None:
    profile = read(tmp_path, "")
    assert profile.costs.items == () and profile.costs.processes == {}
    assert profile.costs.invest_to_save.moved_pct == (10, 25, 50)
    assert not profile.publish.costs


def test_a_profile_is_read_whole(tmp_path: Path) -> None:
    costs = read(tmp_path, WHOLE).costs
    assert [(item.side, item.gbp_per_week, item.gbp_per_year) for item in costs.items] == [
        ("own", 110, None), ("independent", None, 40_000)
    ]
    assert {name: cost.each for name, cost in costs.processes.items()} == {
        "review": 455, "first_placement": 1_800
    }
    asked = costs.invest_to_save.model_dump()
    assert asked == {"moved_pct": (20,), "occupancy_pct": 80, "one_off_gbp_per_place": 6_000}


ITEM = "[[costs.items]]\nname = 'A'\nplacement_group = 'fostering'\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ITEM, "the cost 'A' has to be given once, as gbp_per_week"),
        (f"{ITEM}gbp_per_week = 5\ngbp_per_year = 260\n", "the cost 'A' has to be given once"),
        (f"{ITEM}gbp_per_week = nan\n", "gbp_per_week is 'nan'"),
        (f"{ITEM}gbp = 5\n", "is not a setting we know"),
        (ITEM.replace("'fostering'", "'homes'"), "placement_group is 'homes': expected a"),
        (f"{ITEM}gbp_per_week = 5\nside = 'theirs'\n", "side is 'theirs': expected"),
        ("[costs.processes.searching]\ngbp_each = 5\n", "searching"),
        ("[costs.processes.review]\nhours = 5\n", "expected gbp_each, or hours together with"),
        ("[costs.processes.review]\n", "expected gbp_each, or hours together with"),
        ("[costs.processes.review]\ngbp_each = 5\nhours = 5\ngbp_per_hour = 5\n",
         "expected gbp_each, or hours"),
        ("[costs.invest_to_save]\noccupancy_pct = 0\n", "occupancy_pct is '0'"),
        ("[costs.invest_to_save]\nmoved_pct = []\n", "moved_pct"),
        ("[costs]\npublish = true\n", "'costs.publish' is not a setting we know"),
        ("costs = 5\n", "'costs' is a value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)
