"""A published panel made from a drift that is known, and written as LAIT publishes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency_lib.forecast.covariances import drift_covariance, level_covariance
from sufficiency_lib.forecast.drift import Drift
from sufficiency_lib.forecast.panel_read import FIGURES, Panel

TRUTH = Drift(
    entry_sd=0.12, entry_persistence=0.7, exit_sd=0.07, exit_persistence=0.85,
    correlation=0.4, volatility_sd=0.2, shared_entry_sd=0.05, shared_exit_sd=0.05,
    shared_correlation=0.0, shared_freedom=8.0, entry_dispersion=1.8, exit_dispersion=1.8,
    chance_correlation=-0.3, level_entry_sd=0.2, level_exit_sd=0.15, level_correlation=0.6,
)  # fmt: skip
#: Log of entries over the children looked after, and of the hazard, of a usual authority.
USUAL = (np.log(0.4), np.log(0.33))


def made_panel(
    drift: Drift = TRUTH, *, areas: int = 150, years: int = 10, seed: int = 1, size: float = 450.0
) -> Panel:
    """A panel of authorities numbered from 201 that follows the equations of the drift."""
    rng = np.random.default_rng(seed)
    sizes = size * np.exp(0.5 * rng.standard_normal(areas))
    volatility = np.exp(drift.volatility_sd * rng.standard_normal((areas, 1)))

    def normal(covariance: np.ndarray, many: int) -> np.ndarray:
        return rng.multivariate_normal(np.zeros(len(covariance)), covariance, many, method="eigh")

    logs = normal(level_covariance(drift, years), areas)
    logs += volatility * normal(drift_covariance(drift, years), areas)
    logs += normal(drift_covariance(drift, years, shared=True), 1)
    logs += np.repeat(USUAL, years)
    one = rng.standard_normal((areas, years))
    other = drift.chance_correlation * one
    other += np.sqrt(1 - drift.chance_correlation**2) * rng.standard_normal((areas, years))
    starts, stays = np.empty((areas, years)), np.empty((areas, years))
    stock, before = np.empty((areas, years)), sizes
    for year in range(years):
        usual = sizes * np.exp(USUAL[0])
        chance = volatility[:, 0] * np.sqrt(drift.entry_dispersion / usual) * one[:, year]
        starts[:, year] = sizes * np.exp(logs[:, year] + chance)
        chance = volatility[:, 0] * np.sqrt(drift.exit_dispersion / usual) * other[:, year]
        stays[:, year] = np.exp(-np.exp(logs[:, years + year] + chance))
        stock[:, year] = (before + starts[:, year]) * stays[:, year]
        before = stock[:, year]
    start = np.concatenate([sizes[:, None], stock[:, :-1]], axis=1)
    numbers = range(201, 201 + areas)
    span = range(2025 - years + 1, 2026)
    frames = (stock, starts, start + starts - stock)
    names = pd.Series([f"Area {number}" for number in numbers], index=numbers)
    return Panel(*(pd.DataFrame(one.round(), numbers, span) for one in frames), names)


def as_published(panel: Panel) -> pd.DataFrame:
    """Its rows as LAIT has them, text, with a dash where nothing is known."""
    parts = []
    for name, code in FIGURES.items():
        long = getattr(panel, name).rename_axis("LA Number").reset_index()
        long = long.melt("LA Number", var_name="Years", value_name="Values")
        long["Values"] = [f"{v:,.0f}" if np.isfinite(v) else "-" for v in long["Values"]]
        parts.append(long.assign(**{"Short Desc": code}))
    rows = pd.concat(parts, ignore_index=True)
    rows["LA and Regions"] = rows["LA Number"].map(panel.names)
    return rows.astype({"LA Number": float, "Years": str})


def write_panel(panel: Panel, path: Path) -> Path:
    """Its file: csv, or parquet by the ending."""
    rows = as_published(panel)
    if path.suffix == ".parquet":
        rows.to_parquet(path, index=False)
    else:
        rows.to_csv(path, index=False)
    return path
