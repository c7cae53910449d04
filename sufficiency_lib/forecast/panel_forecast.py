"""Children looked after in the years ahead, of every area of the panel, by simulation.

From the origin, with an authority's own past and the country's:

    entries(t+1)  = size exp(own b + shared A + chance)
    hazard(t+1)   = exp(own h + shared D + chance)
    stock(t+1)    = (stock(t) + entries(t+1)) exp(-hazard(t+1))

The logs of entries and hazards ahead are drawn from their distribution given the years known
(normal, given the volatility), chance is drawn anew each year, and parameters are drawn from
their uncertainty (see `panel_fit`). A point forecast is the median of the draws.
"""

from __future__ import annotations

import numpy as np

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.forecast.covariances import (
    chance_covariance,
    drift_covariance,
    given,
    known_first,
    level_covariance,
)
from sufficiency_lib.forecast.drift import Drift
from sufficiency_lib.forecast.panel_fit import (
    NODES,
    SHARED_CHANCE,
    Fitted,
    shared_covariance,
    volatility_log_likelihood,
)
from sufficiency_lib.forecast.panel_flows import Flows


def stock_draws(
    fitted: Fitted,
    known: Flows,
    *,
    years: int,
    draws: int,
    parameters: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Futures of the children looked after on 31 March.

    fitted      the drift as of the origin
    known       flows up to the origin
    years       how many years ahead
    draws       how many futures, a multiple of `parameters`
    parameters  how many sets of parameters are drawn
    rng         where chance comes from
    returns     [areas, draws, years] float; NaN where the stock at the origin is not known
    """
    if years < 1 or parameters < 1 or draws < 1 or draws % parameters:
        raise ConfigurationError(
            f"{draws} draws of {years} years with {parameters} sets of parameters: expected "
            "draws that are a multiple of the sets, and each at least 1."
        )
    each = draws // parameters
    parts = [_of_one_drift(fitted.draw(rng), known, years, each, rng) for _ in range(parameters)]
    return np.concatenate(parts, axis=1)


def _of_one_drift(
    drift: Drift, known: Flows, years: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    logs = _shared_ahead(drift, known, years, draws, rng)
    own, volatility = _own_ahead(drift, known, years, draws, rng)
    logs = own + logs
    spread = np.linalg.cholesky(chance_covariance(drift, 1, known.entries, known.exits))
    chance = rng.standard_normal((len(known.own), draws, years, 2))
    chance = volatility[..., None, None] * np.einsum("aij,adyj->adyi", spread, chance)
    entries = np.exp(logs[..., :years] + chance[..., 0] + known.size[:, None, None])
    stays = np.exp(-np.exp(logs[..., years:] + chance[..., 1]))
    stock = np.empty_like(entries)
    now = np.broadcast_to(known.stock[:, None], entries.shape[:2])
    for year in range(years):
        now = (now + entries[..., year]) * stays[..., year]
        stock[..., year] = now
    return stock


def _shared_ahead(
    drift: Drift, known: Flows, years: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Logs of the mean authority in the years ahead [draws, 2 years]."""
    order = known_first(known.years, years)
    whole = shared_covariance(drift, known.years + years)[np.ix_(order, order)]
    weights, left = given(whole, SHARED_CHANCE * np.eye(2 * known.years), 2 * known.years)
    # The levels are not known: measured from the first year, so that no prior pulls at them.
    origin = np.repeat(known.shared[[0, known.years]], known.years)
    middle = weights @ (known.shared - origin) + np.repeat(origin[:: known.years], years)
    return middle + rng.standard_normal((draws, 2 * years)) @ np.linalg.cholesky(left).T


def _own_ahead(
    drift: Drift, known: Flows, years: int, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Each area's own logs ahead [areas, draws, 2 years], and its volatility [areas, draws]."""
    likelihood = volatility_log_likelihood(drift, known)
    share = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    share = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    picked = rng.random((len(share), draws))[..., None] > share[:, None, :-1]
    node = picked.sum(axis=-1)
    normal = rng.standard_normal((len(share), draws, 2 * years))
    ahead = np.empty_like(normal)
    for one, at in enumerate(NODES):
        middle, root = _given_volatility(drift, known, years, np.exp(2 * drift.volatility_sd * at))
        path = middle[:, None] + np.einsum("aij,adj->adi", root, normal)
        ahead = np.where((node == one)[..., None], path, ahead)
    return ahead, np.exp(drift.volatility_sd * NODES[node])


def _given_volatility(
    drift: Drift, known: Flows, years: int, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Middle [areas, 2 years] and root of covariance of the own logs ahead."""
    past, whole = 2 * known.years, known.years + years
    order = known_first(known.years, years)
    both = level_covariance(drift, whole) + scale * drift_covariance(drift, whole)
    both = both[np.ix_(order, order)]
    noise = scale * chance_covariance(drift, known.years, known.entries, known.exits)
    unknown = ~np.isfinite(known.own)
    # A year that is not known is one measured with noise without end: its precision is none.
    seen = both[:past, :past] + noise
    seen = np.where(unknown[:, :, None] | unknown[:, None, :], 0.0, seen)
    seen += unknown[:, :, None] * np.eye(past)
    cross = np.where(unknown[:, None, :], 0.0, both[past:, :past])
    weights = np.linalg.solve(seen, cross.swapaxes(1, 2)).swapaxes(1, 2)
    middle = np.einsum("aij,aj->ai", weights, np.where(unknown, 0.0, known.own))
    left = both[past:, past:] - weights @ cross.swapaxes(1, 2)
    return middle, np.linalg.cholesky(left)
