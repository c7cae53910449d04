"""Parameters and profiles: what is right is typed, what is wrong is a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.settings import (
    AuthorityProfile,
    LocalityRule,
    LocalitySettings,
    cache_folder,
    locality_rule_label,
    read_profile,
    run_parameters,
)

GOOD_PROFILE = """
[authority]
code = "E06000019"
name = "Herefordshire"
synthetic = true
[locality]
rule = "centre_20_miles"
centre_name = "Hereford city centre"
centre_easting = 351000
centre_northing = 240000
border_miles = 12
[disclosure]
threshold = 9
round_to = 5
[[targets]]
metric = "fostering_within_rule_pct"
value = 90.0
by = 2028-03-31
label = "90% within 20 miles"
[neighbours]
codes = ["E06000051", "E06000049"]
"""


def _profile(folder: Path, text: str) -> AuthorityProfile:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return read_profile(folder, code="E06000019", name="Herefordshire", slug="herefordshire")


def test_blank_parameters_mean_the_defaults() -> None:
    given = run_parameters(
        authority=" herefordshire ", as_at="", audience="public", locality_rule=" ", data="",
        reference="",
    )
    assert given.authority == "herefordshire"
    assert (given.as_at, given.locality_rule, given.data, given.reference) == (None,) * 4


def test_a_number_papermill_made_of_a_name_is_text_again() -> None:
    assert run_parameters(authority=884).authority == "884"


def test_parameters_cannot_be_changed() -> None:
    given = run_parameters(authority="herefordshire")
    with pytest.raises(ValidationError):
        given.audience = "internal"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"audience": "everyone"}, "audience is 'everyone': expected 'public' or 'internal'"),
        ({"as_at": "31/03/2025"}, "as_at is '31/03/2025'"),
        ({"as_at": "2025-02-30"}, "as_at is '2025-02-30'"),
        ({"as_at": 20250331}, "as_at is '20250331'"),
        ({"locality_rule": "near"}, "locality_rule is 'near': expected 'home_20_miles'"),
        ({"authority": "  "}, "authority is '"),
        ({"authority": None}, "authority is 'None'"),
        ({"as_of": "2025-03-31"}, "'as_of' is not a setting we know"),
    ],
)
def test_an_impossible_parameter_is_named(wrong: dict, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        run_parameters(**{"authority": "herefordshire", **wrong})
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_missing_authority_is_named() -> None:
    with pytest.raises(ConfigurationError, match="authority is missing"):
        run_parameters()


def test_without_a_profile_the_defaults_hold(tmp_path: Path) -> None:
    profile = read_profile(tmp_path, code=None, name="Wonderland", slug="wonderland")
    assert (profile.code, profile.name, profile.synthetic) == (None, "Wonderland", False)
    assert profile.locality == LocalitySettings()
    assert (profile.disclosure.threshold, profile.disclosure.round_to) == (5, 1)
    assert profile.targets == () and profile.neighbours == ()


def test_a_profile_is_read_whole(tmp_path: Path) -> None:
    profile = _profile(tmp_path, GOOD_PROFILE)
    assert (profile.name, profile.synthetic) == ("Herefordshire", True)
    assert profile.locality.centre_easting == 351000.0
    assert profile.locality.border_miles == 12.0
    assert (profile.disclosure.threshold, profile.disclosure.round_to) == (9, 5)
    assert profile.neighbours == ("E06000051", "E06000049")
    target = profile.target_for("fostering_within_rule_pct")
    assert target is not None and (target.value, target.by) == (90.0, date(2028, 3, 31))
    assert profile.target_for("another") is None


def test_a_profile_saved_by_notepad_is_read(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text('[authority]\nname = "X"\n', encoding="utf-8-sig")
    assert read_profile(tmp_path, code=None, name="Y", slug="y").name == "X"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[locality", "not readable as TOML"),
        ("[locality]\nrule = 'home_20_miles'\n[locality]\n", "not readable as TOML"),
        ("[cost]\n", "has a part 'cost'"),
        ("locality = 3\n", "'locality' is a value; expected a part headed [locality]"),
        ("[locality]\nrule = 'near'\n", "locality.rule is 'near': expected 'home_20_miles'"),
        ("[locality]\nborder_miles = 0\n", "locality.border_miles is '0'"),
        ("[locality]\nborder_miles = nan\n", "locality.border_miles is 'nan'"),
        ("[locality]\ncentre_easting = -1\n", "locality.centre_easting is '-1'"),
        ("[locality]\ncenter_easting = 1\n", "'locality.center_easting' is not a setting"),
        ("[disclosure]\nthreshold = -1\n", "disclosure.threshold is '-1'"),
        ("[disclosure]\nround_to = 0\n", "disclosure.round_to is '0'"),
        ("[disclosure]\nthreshold = 'five'\n", "disclosure.threshold is 'five'"),
        ("[authority]\ncode = 'hereford'\n", "code is 'hereford'"),
        ("[authority]\nslug = 'elsewhere'\n", "[authority] may hold only"),
        ("[authority]\ncolour = 'red'\n", "'colour' is not a setting"),
        ("[[targets]]\nvalue = 3\n", "targets.0.metric is missing"),
        ("targets = 5\n", "'targets' is not a list"),
        ("[targets]\nmetric = 'x'\n", "'targets' is not a list"),
        ("[neighbours]\ncodes = 'E06000051'\n", "'codes' is not a list"),
        ("[neighbours]\ncodes = 5\n", "'codes' is not a list"),
        ("[neighbours]\ncodes = [5]\n", "neighbours.0 is '5'"),
    ],
)
def test_a_wrong_profile_is_a_sentence_that_names_the_setting(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _profile(tmp_path, text)
    assert said in str(caught.value)
    assert str(caught.value).startswith("profile.toml")


@pytest.mark.parametrize("saved", [b"\xff\xfe\x00", 'name = "Ynys Môn"'.encode("cp1252")])
def test_a_profile_in_another_encoding_says_how_to_save_it(saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_bytes(saved)
    with pytest.raises(ConfigurationError, match="save it again with the encoding UTF-8"):
        read_profile(tmp_path, code=None, name="X", slug="x")


def test_the_cache_moves_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.setenv("SUFFICIENCY_CACHE", "")
    assert cache_folder().name == "sufficiency"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("home_20_miles", "within 20 miles of the child's home"),
        ("centre_20_miles", "within 20 miles of the Guildhall"),
        ("boundary_20_miles", "within 20 miles of the authority's boundary"),
        ("in_area", "inside the authority's area"),
        ("border_10_miles", "inside the authority's area or within 12.5 miles of its border"),
    ],
)
def test_a_rule_in_words(rule: str, said: str) -> None:
    settings = LocalitySettings(centre_name="the Guildhall", border_miles=12.5)
    assert locality_rule_label(rule, settings) == said


def test_a_rule_we_do_not_know_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'near' is not a locality rule"):
        locality_rule_label("near", LocalitySettings())


def test_a_target_says_its_rule_and_what_it_started_from(tmp_path: Path) -> None:
    profile = _profile(tmp_path, """
        [[targets]]
        metric = "childrens_home_within_rule_pct"
        value = 60
        rule = "border_10_miles"
        baseline = 30
        baseline_on = 2018-03-31
        baseline_rule = "home_20_miles"

        [[targets]]
        metric = "within_rule_pct"
        value = 85
    """)
    target = profile.targets[0]
    assert (target.rule, target.baseline, target.baseline_on) == (
        "border_10_miles", 30.0, date(2018, 3, 31))
    assert (target.baseline_rule, target.baseline_metric) == ("home_20_miles", None)
    old = profile.targets[1]
    assert (old.rule, old.baseline, old.baseline_on, old.label, old.by) == (None, None, None, "",
                                                                          None)


def test_a_target_of_another_rule_is_not_for_a_measure(tmp_path: Path) -> None:
    profile = _profile(tmp_path, """
        [[targets]]
        metric = "within_rule_pct"
        value = 60
        rule = "border_10_miles"

        [[targets]]
        metric = "within_rule_pct"
        value = 85
    """)
    values = {rule: profile.target_for("within_rule_pct", rule).value
              for rule in (None, "border_10_miles", "home_20_miles")}
    assert values == {None: 60, "border_10_miles": 60, "home_20_miles": 85}


@pytest.mark.parametrize(("more", "said"), [
    ("basline = 3", "'targets.0.basline' is not a setting we know"),
    ("rule = 'near'", "targets.0.rule is 'near': expected 'home_20_miles'"),
    ("baseline = 3", "targets.0: what a target started from needs baseline_on"),
    ("baseline_rule = 'in_area'", "needs baseline_on, the day it is of"),
    ("baseline = 'x'\nbaseline_on = 2018-03-31", "targets.0.baseline is 'x'"),
    ("baseline = nan\nbaseline_on = 2018-03-31", "targets.0.baseline is 'nan'"),
    ("by = 2018-03-31\nbaseline_on = 2018-03-31", "baseline_on must be before by"),
])
def test_a_wrong_target_is_a_sentence(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _profile(tmp_path, f"[[targets]]\nmetric = 'within_rule_pct'\nvalue = 3\n{more}\n")
    assert said in str(caught.value) and str(caught.value).startswith("profile.toml")


def test_the_rules_that_can_be_chosen_are_those_that_can_be_counted() -> None:
    assert get_args(LocalityRule) == LOCALITY_RULES
