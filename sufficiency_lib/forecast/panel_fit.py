"""The drift's parameters, estimated from the published panel by penalised likelihood.

The logs of entries and of hazards of an authority, less the shared part, are normal with mean
nought and the covariance (see `drift` and `covariances`)

    V(z) = level + exp(2 w z) (drift + chance),

z standard normal, one an authority; its likelihood is averaged over z at the nodes of a
Gauss-Hermite rule. The shared part is one series of the same process with its own standard
deviations. Its level is not known and drops out.

Every parameter has a prior: weak, as 150 authorities say much, but a first year alone cannot
tell drift from chance. Parameters are estimated at the highest posterior density, and their
uncertainty is the normal approximation there (Laplace), on a scale without bounds: logarithms,
log odds of a persistence, inverse hyperbolic tangent of a correlation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.linalg import block_diag
from scipy.optimize import minimize
from scipy.special import expit, logit, logsumexp
from scipy.stats import norm
from statsmodels.tools.numdiff import approx_hess1

from sufficiency_lib.forecast.covariances import (
    chance_covariance,
    drift_covariance,
    level_root,
    unknown_level,
)
from sufficiency_lib.forecast.drift import Drift, numbers
from sufficiency_lib.forecast.panel_flows import Flows


@dataclass(frozen=True)
class Prior:
    """A parameter's middle, and the standard deviation around it on the scale without bounds."""

    middle: float
    spread: float
    reason: str


#: 0.7 on the scale of logarithms is a factor of two.
_TWO = "half or twice that is no surprise"
OWN: Mapping[str, Prior] = MappingProxyType(
    {
        "entry_sd": Prior(0.1, 0.7, f"rates move by a tenth a year; {_TWO}"),
        "entry_persistence": Prior(0.85, 0.7, "half of a move is left after two to ten years"),
        "exit_sd": Prior(0.1, 0.7, "as entries"),
        "exit_persistence": Prior(0.85, 0.7, "as entries"),
        "correlation": Prior(0.0, 0.5, "either sign"),
        "volatility_sd": Prior(0.3, 0.5, "authorities differ, few by a factor of two"),
        "entry_dispersion": Prior(1.5, 0.4, "siblings come together: 1 to 2 children"),
        "exit_dispersion": Prior(1.5, 0.4, "and leave together"),
        "chance_correlation": Prior(0.0, 0.5, "either sign"),
        "level_entry_sd": Prior(0.3, 0.7, f"authorities differ by a third; {_TWO}"),
        "level_exit_sd": Prior(0.3, 0.7, "as entries"),
        "level_correlation": Prior(0.0, 0.7, "either sign"),
    }
)
SHARED: Mapping[str, Prior] = MappingProxyType(
    {
        "shared_entry_sd": Prior(0.05, 0.5, "the country moves half as much as an authority"),
        "shared_exit_sd": Prior(0.05, 0.5, "as entries"),
        "shared_correlation": Prior(0.0, 0.5, "either sign"),
    }
)
#: Enough for a smooth spread of volatility; more change the likelihood in the third decimal.
NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
LOG_WEIGHTS = np.log(_WEIGHTS / _WEIGHTS.sum())
#: The search stays within this many spreads of a prior, where all covariances are sound.
SPREADS = 4.0
#: The mean of 150 authorities has chance too: 0.2 / √150 squared, about.
SHARED_CHANCE = 3e-4


@dataclass(frozen=True)
class Fitted:
    """The drift as of an origin, and how well it is known.

    drift          the parameters at the highest posterior density
    mode           the same on the scale without bounds, in the order of OWN and then SHARED
    covariance     their uncertainty there
    """

    drift: Drift
    mode: np.ndarray
    covariance: np.ndarray

    def draw(self, rng: np.random.Generator) -> Drift:
        """Another drift that the panel does not rule out."""
        values, vectors = np.linalg.eigh(self.covariance)
        step = vectors @ (np.sqrt(np.clip(values, 0, None)) * rng.standard_normal(len(values)))
        return _drift(_within(self.mode + step), self.drift.shared_freedom)

    def intervals(self, share: float = 0.8) -> dict[str, tuple[float, float]]:
        """Each parameter's interval that holds it with this probability."""
        reach = norm.ppf((1 + share) / 2) * np.sqrt(np.diag(self.covariance))
        sides = [numbers(_drift(self.mode + side)) for side in (-reach, reach)]
        return {name: (sides[0][name], sides[1][name]) for name, _ in _priors()}


def fit_drift(known: Flows, *, start: Fitted | None = None) -> Fitted:
    """The drift of the authorities of a panel up to its origin.

    known    from `panel_flows.flows`; nothing after its origin is in it
    start    where the search starts; it changes how long it takes, not what it finds
    """
    first = _middles() if start is None else start.mode
    part_own, part_shared = slice(0, len(OWN)), slice(len(OWN), None)
    groups = _groups(known)

    def own(at: np.ndarray) -> float:
        drift = _drift(np.concatenate([at, first[part_shared]]))
        seen = logsumexp(volatility_log_likelihood(drift, known, groups), axis=1)
        return _penalty(at, part_own) - float(seen.sum())

    at_own, spread_own = _highest(own, first[part_own], part_own)

    def shared(at: np.ndarray) -> float:
        drift = _drift(np.concatenate([at_own, at]))
        return _penalty(at, part_shared) - _shared_log_likelihood(drift, known)

    at_shared, spread_shared = _highest(shared, first[part_shared], part_shared)
    # The log of a standard deviation from n years has the variance 1 / 2n.
    freedom = 1 / (2 * float(np.diag(spread_shared)[:2].mean()))
    mode = np.concatenate([at_own, at_shared])
    return Fitted(_drift(mode, freedom), mode, block_diag(spread_own, spread_shared))


def volatility_log_likelihood(
    drift: Drift, known: Flows, groups: list[np.ndarray] | None = None
) -> np.ndarray:
    """Log likelihood of each area at each node of volatility, with the node's weight.

    returns  [areas, nodes]; up to one constant an area
    """
    root, moving = level_root(drift, known.years), drift_covariance(drift, known.years)
    variance = np.exp(2 * drift.volatility_sd * NODES)
    found = np.empty((len(known.own), len(NODES)))
    for rows in groups or _groups(known):
        seen = np.isfinite(known.own[rows[0]])
        chance = chance_covariance(drift, known.years, known.entries[rows], known.exits[rows])
        rest = moving[np.ix_(seen, seen)] + chance[:, seen][:, :, seen]
        values = known.own[rows][:, seen]
        found[rows] = LOG_WEIGHTS + _log_normal(values, root[seen], rest, variance)
    return found


def _log_normal(
    values: np.ndarray, level: np.ndarray, rest: np.ndarray, variance: np.ndarray
) -> np.ndarray:
    """Log density of values of covariance level level' + variance x rest, for each variance.

    The level is of two numbers, so that one root of the rest serves every variance (the
    matrix inversion and determinant lemmas).
    """
    root = np.linalg.cholesky(rest)
    both = np.concatenate([np.broadcast_to(level, (*values.shape, 2)), values[..., None]], axis=2)
    white = np.linalg.solve(root, both)
    products = white.swapaxes(1, 2) @ white
    levels = products[:, None, :2, :2] + variance[:, None, None] * np.eye(2)
    pulled = products[:, None, :2, 2:]
    fitted = (pulled * np.linalg.solve(levels, pulled)).sum(axis=(2, 3))
    size = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)[:, None]
    size = size + (values.shape[1] - 2) * np.log(variance) + np.linalg.slogdet(levels)[1]
    return -(size + (products[:, None, 2, 2] - fitted) / variance) / 2


def shared_covariance(drift: Drift, years: int) -> np.ndarray:
    """Covariance of the shared series [2 years, 2 years]: its unknown levels and its drift."""
    return unknown_level(years) + drift_covariance(drift, years, shared=True)


def _shared_log_likelihood(drift: Drift, known: Flows) -> float:
    years = known.years
    noise = SHARED_CHANCE * np.eye(2 * years)
    root = np.linalg.cholesky(shared_covariance(drift, years) + noise)
    white = np.linalg.solve(root, known.shared)
    return float(-np.log(np.diag(root)).sum() - white @ white / 2)


def _groups(known: Flows) -> list[np.ndarray]:
    """Areas known in the same years together, so that a covariance is cut once."""
    seen = np.isfinite(known.own)
    patterns, of = np.unique(seen, axis=0, return_inverse=True)
    return [np.flatnonzero(of.ravel() == one) for one in range(len(patterns))]


# --- the search ----------------------------------------------------------------------------------


def _priors() -> list[tuple[str, Prior]]:
    return [*OWN.items(), *SHARED.items()]


def _middles() -> np.ndarray:
    return np.array([_free(name, prior.middle) for name, prior in _priors()])


def _spreads() -> np.ndarray:
    return np.array([prior.spread for _, prior in _priors()])


def _free(name: str, value: float) -> float:
    if name.endswith("correlation"):
        return float(np.arctanh(value))
    return float(logit(value)) if name.endswith("persistence") else float(np.log(value))


def _bound(name: str, value: float) -> float:
    if name.endswith("correlation"):
        return float(np.tanh(value))
    return float(expit(value)) if name.endswith("persistence") else float(np.exp(value))


def _drift(at: np.ndarray, freedom: float = 1.0) -> Drift:
    named = {name: _bound(name, value) for (name, _), value in zip(_priors(), at, strict=True)}
    return Drift(**named, shared_freedom=freedom)


def _within(at: np.ndarray) -> np.ndarray:
    reach = SPREADS * _spreads()
    return np.clip(at, _middles() - reach, _middles() + reach)


def _penalty(at: np.ndarray, part: slice) -> float:
    return float((((at - _middles()[part]) / _spreads()[part]) ** 2).sum() / 2)


def _highest(
    function: Callable[[np.ndarray], float], first: np.ndarray, part: slice
) -> tuple[np.ndarray, np.ndarray]:
    """Where a function is least, and the inverse of its curvature there."""
    middle, spread = _middles()[part], _spreads()[part]
    bounds = list(zip(middle - SPREADS * spread, middle + SPREADS * spread, strict=True))
    at = minimize(function, first, method="L-BFGS-B", bounds=bounds).x
    values, vectors = np.linalg.eigh(approx_hess1(at, function, epsilon=1e-3 * np.ones_like(at)))
    # What is known cannot be less than the widest prior says.
    values = np.maximum(values, 1 / spread.max() ** 2)
    return at, (vectors / values) @ vectors.T
