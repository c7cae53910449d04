"""Covariances of the drift: of an authority's own part, the shared part, levels and chance.

All are of the logarithms of entries and of exit hazards, year after year, entries before exits;
the equations are at the head of `drift`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sufficiency_lib.forecast.drift import Drift


#: Standard deviation of a lasting log level of which nothing is known: e³ is a factor of 20.
UNKNOWN_LEVEL_SD = 3.0


def drift_covariance(drift: Drift, years: int, *, shared: bool = False) -> np.ndarray:
    """Covariance of `years` years of u and v [2 × years, 2 × years], entries before exits.

    shared  of A and D, the part that all authorities have in common, and not of u and v

    The process is stationary: var u = s² / (1 - f²); corr u(t), u(t+k) = f^k. Across, from
    u(t) = Σ f^j s e(t-j): cov u(t), v(t+k) = g^k s r rho / (1 - f g).
    """
    entry, leave, both = (
        (drift.shared_entry_sd, drift.shared_exit_sd, drift.shared_correlation)
        if shared
        else (drift.entry_sd, drift.exit_sd, drift.correlation)
    )
    f, g = drift.entry_persistence, drift.exit_persistence
    later = np.arange(years)[None, :] - np.arange(years)[:, None]
    gap = np.abs(later)
    across = np.where(later >= 0, g**gap, f**gap) * entry * leave * both / (1 - f * g)
    entries = entry**2 * f**gap / (1 - f**2)
    exits = leave**2 * g**gap / (1 - g**2)
    return np.block([[entries, across], [across.T, exits]])


def level_root(drift: Drift, years: int) -> np.ndarray:
    """The lasting levels a and c of all years from two standard normals [2 years, 2]."""
    across = drift.level_correlation * drift.level_exit_sd
    alone = np.sqrt(1 - drift.level_correlation**2) * drift.level_exit_sd
    return np.repeat([[drift.level_entry_sd, 0.0], [across, alone]], years, axis=0)


def level_covariance(drift: Drift, years: int) -> np.ndarray:
    """Covariance of the lasting levels, the same in every year [2 years, 2 years]."""
    root = level_root(drift, years)
    return root @ root.T


def chance_covariance(
    drift: Drift, years: int, entries: np.ndarray, exits: np.ndarray
) -> np.ndarray:
    """Covariance of the chance in a year's counts [authorities, 2 years, 2 years].

    entries, exits  what an authority has in a year, on average [authorities]
    """
    entry = drift.entry_dispersion / np.asarray(entries, dtype=float)
    leave = drift.exit_dispersion / np.asarray(exits, dtype=float)
    across = drift.chance_correlation * np.sqrt(entry * leave)
    pair = np.stack([np.stack([entry, across], -1), np.stack([across, leave], -1)], -1)
    return np.einsum("aij,kl->aikjl", pair, np.eye(years)).reshape(-1, 2 * years, 2 * years)


def unknown_level(years: int) -> np.ndarray:
    """Covariance of two lasting levels of which nothing is known [2 years, 2 years]."""
    return np.kron(np.eye(2) * UNKNOWN_LEVEL_SD**2, np.ones((years, years)))


def known_first(known: int, ahead: int) -> np.ndarray:
    """The order of two series one after the other by which the known years of both come first.

    >>> known_first(1, 2).tolist()
    [0, 3, 1, 2, 4, 5]
    """
    whole = known + ahead
    return np.r_[0:known, whole : whole + known, known:whole, whole + known : 2 * whole]


def given(covariance: np.ndarray, noise: np.ndarray, known: int) -> tuple[np.ndarray, np.ndarray]:
    """The rest of a vector, once its first values are known with noise.

    covariance  of the whole vector; noise: of the measurement of its first `known` values
    returns     weights of these values in the rest's expectation [rest, known], and the rest's
                covariance [rest, rest]

    >>> weights, left = given(np.array([[1.0, 0.5], [0.5, 1.0]]), np.zeros((1, 1)), 1)
    >>> weights.tolist(), left.tolist()
    ([[0.5]], [[0.75]])
    """
    seen, cross = covariance[:known, :known] + noise, covariance[known:, :known]
    weights = np.linalg.solve(seen, cross.T).T
    return weights, covariance[known:, known:] - weights @ cross.T
