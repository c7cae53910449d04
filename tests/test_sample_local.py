"""The local inputs of the synthetic authorities fit their returns."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from sample_files import FOSTERED, SLUGS, local, looked_after, read

from sufficiency_lib import codes


@pytest.mark.parametrize("slug", SLUGS)
def test_urns_match_the_supply_register(sample_dir: Path, slug: str) -> None:
    rows = read(sample_dir, slug, 2025, "episodes")
    register = local(sample_dir, slug, "provision")
    assert register.urn.is_unique
    assert register.urn.str.fullmatch(r"\d{7}").all()
    given = rows[rows.URN != "XXXXXXX"]
    assert set(given.URN) <= set(register.urn)
    regulated = ["U4", "U5", "U6", "K1", "K2", "K3", "S1"]
    plain = rows[rows.PLACE.isin(regulated) & rows.PLACE_PROVIDER.isin(["PR1", "PR4", "PR5"])]
    assert (plain.URN != "XXXXXXX").all()
    assert (rows[rows.PLACE.str.match("[ATZPR]|H5")].URN == "XXXXXXX").all()
    kind = register.set_index("urn").provision_type
    homes = rows[rows.PLACE == "K2"]
    assert (kind.reindex(homes.URN) == "childrens_home").all()
    assert (register.vacancies.astype(int) <= register.places.astype(int)).all()


@pytest.mark.parametrize("slug", SLUGS)
def test_children_with_carers_match_the_returns(sample_dir: Path, slug: str) -> None:
    rows = looked_after(sample_dir, slug)
    fostered = rows[rows.PLACE.isin(FOSTERED) & (rows.PLACE_PROVIDER == "PR1")]
    carers = local(sample_dir, slug, "carers")
    general = carers[carers.carer_type != "kinship"]
    # A child away for a few nights keeps a place with the carer.
    away = (rows.PLACE.str.startswith("T")).sum()
    assert 0 <= general.children_placed.astype(int).sum() - len(fostered) <= away
    assert (general.children_placed.astype(int) <= general.places_approved.astype(int)).all()
    left = carers[carers.left_date != ""]
    assert (left.children_placed == "0").all()
    assert (left.left_date > left.approved_date).all()


def test_herefordshire_occupancy(sample_dir: Path) -> None:
    carers = local(sample_dir, "herefordshire", "carers")
    general = carers[(carers.carer_type != "kinship") & (carers.left_date == "")]
    placed = general.children_placed.astype(int).sum()
    assert abs(placed / len(general) - 1.2) <= 0.05


@pytest.mark.parametrize("slug", SLUGS)
def test_ledger_matches_the_placements(sample_dir: Path, slug: str) -> None:
    rows = looked_after(sample_dir, slug)
    ledger = local(sample_dir, slug, "ledger")
    running = ledger[ledger.end_date == ""].set_index("child_id")
    assert running.index.is_unique
    paid = rows[rows.PLACE.isin([*FOSTERED, "K2", "K3", "K1", "S1"])].set_index("CHILD")
    assert set(paid.index) <= set(running.index)
    matched = running.loc[paid.index]
    assert (matched.place_code == paid.PLACE).all()
    assert (matched.provider_code == paid.PLACE_PROVIDER).all()
    foster = ledger[ledger.place_code.isin(FOSTERED)]
    assert set(foster[foster.contract == "in_house"].cost_gbp_per_week) == {"550"}
    assert {"780", "920"} <= set(foster.cost_gbp_per_week)
    homes = ledger[ledger.place_code == "K2"].cost_gbp_per_week.astype(float)
    assert 3600 <= homes.mean() <= 4400


@pytest.mark.parametrize("slug", SLUGS)
def test_referrals_and_population(sample_dir: Path, slug: str) -> None:
    referrals = local(sample_dir, slug, "referrals")
    assert set(referrals.outcome) == {"placed", "placed_unregistered", "withdrawn", "open"}
    assert set(referrals.placement_group_sought) <= set(codes.PLACEMENT_GROUPS)
    placed = referrals[referrals.outcome.str.startswith("placed")]
    assert (placed.placed_date >= placed.referral_date).all()
    population = local(sample_dir, slug, "population")
    for _, year in population.groupby("mid_year"):
        counts = year.set_index("age_group").children.astype(int)
        assert counts["0-17"] == counts.drop("0-17").sum()
    expected = {"herefordshire": 35_300, "nottingham": 69_000, "brighton-and-hove": 50_000}
    newest = population[(population.mid_year == "2024") & (population.age_group == "0-17")]
    assert int(newest.children.iloc[0]) == expected[slug]


@pytest.mark.parametrize(("slug", "code"), SLUGS.items())
def test_profile(sample_dir: Path, slug: str, code: str) -> None:
    profile = tomllib.loads((sample_dir / slug / "profile.toml").read_text(encoding="utf-8"))
    assert profile["authority"]["code"] == code
    assert profile["authority"]["synthetic"] is True
    assert profile["disclosure"]["threshold"] == 5
    assert len(profile["neighbours"]["codes"]) == 10
    assert all(isinstance(t["by"], dt.date) for t in profile["targets"])
