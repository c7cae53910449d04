"""Monthly chances by cell, where cells with few children borrow from what they are made of.

The model, for cell c with n_c child-months and y_c events in them:

    y_c | p_c  ~ Binomial(n_c, p_c)
    p_c | m_c  ~ Beta(k m_c, k (1 - m_c))
    log(-log(1 - m_c)) = b0 + sum over factors f of u_f[level of c in f]
    u_f        ~ Normal(0, s_f^2)

m_c is what a cell's age, time looked after, placement group and state make of it; the Beta says
how far cells stray from that, and k how many child-months that knowledge is worth. The spreads
s_f and the weight k are estimated from the authority's own cells, so how much a sparse cell
borrows is not a choice of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betaln, gammaln

#: Within these the weight of prior knowledge is looked for: as good as none, as good as fixed.
_LEAST_WEIGHT, _MOST_WEIGHT = 0.1, 1e7
#: Rounds of fitting, each with the spreads and the weight of the one before; they settle in
#: three or four, and a change below a thousandth is none.
_ROUNDS, _SETTLED = 50, 1e-3
#: A spread is never quite nought, or its factor could not come back in a later round.
_LEAST_VARIANCE = 1e-6
#: Keeps the logarithm of a chance of one finite: sure within a month is sure.
_SURE = 1 - 1e-7


@dataclass(frozen=True)
class Chances:
    """What is known of the monthly chances of one kind of event: C cells, K coefficients.

    events, trials  [C]  seen, and child-months in which they could have been
    design          [C, K]  which coefficients make up each cell: the first is in all
    middle          [K]  the coefficients' estimates
    spread          [K, K]  a square root of their covariance
    weight          k: how many child-months a cell's factors are worth

    Where no event was ever seen none is expected: every chance is 0.
    """

    events: np.ndarray
    trials: np.ndarray
    design: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    weight: float

    @property
    def prior(self) -> np.ndarray:
        """m_c, [C]: the chance that a cell's factors make of it."""
        return chance_of(self.design @ self.middle)

    @property
    def mean(self) -> np.ndarray:
        """The chance of each cell in the middle, [C]: its own and its factors' share of it."""
        if not self.events.sum():
            return np.zeros(len(self.events))
        return (self.weight * self.prior + self.events) / (self.weight + self.trials)

    def draw(
        self, rng: np.random.Generator, draws: int, *, fixed_level: bool = False
    ) -> np.ndarray:
        """Monthly hazards, -log(1 - p), float32 [draws, C]: each draw's factors and then cells.

        fixed_level  whether each draw is scaled to the events that were seen, so that only how
                     they are shared between cells is uncertain and the level is not
        """
        if not self.events.sum():
            return np.zeros((draws, len(self.events)), dtype=np.float32)
        noise = rng.standard_normal((draws, len(self.middle))) @ (self.design @ self.spread).T
        # A logarithm that is normal would lift the mean of the hazards by half its variance.
        middle = self.design @ self.middle - ((self.design @ self.spread) ** 2).sum(axis=1) / 2
        prior = chance_of(middle + noise)
        chance = rng.beta(self.weight * prior + self.events,
                          self.weight * (1 - prior) + self.trials - self.events)
        hazard = -np.log1p(-np.minimum(chance, _SURE))
        if fixed_level:
            expected = np.minimum(chance, _SURE) @ self.trials
            hazard *= (self.events.sum() / expected)[:, None]
        return hazard.astype(np.float32)


def chance_of(line: np.ndarray) -> np.ndarray:
    """The chance whose complementary log-log is `line`, kept off 0 and 1.

    >>> chance_of(np.log(-np.log(1 - np.array([0.1, 0.5])))).round(6).tolist()
    [0.1, 0.5]
    """
    return np.clip(-np.expm1(-np.exp(np.minimum(line, 5.0))), 1e-9, _SURE)


def estimate(events: np.ndarray, trials: np.ndarray, factors: Sequence[np.ndarray]) -> Chances:
    """Fit the model of this module to counts by cell.

    events, trials  [C] each; a cell may have no trials: what it gets is its factors' alone
    factors         each [C]: the level of every cell, whole numbers from 0

    The spreads are found by Schall's rounds, k by maximum marginal likelihood (beta-binomial),
    in turn; in the fit of the factors a cell's trials count for what they are worth beside
    its own straying, n / (1 + (n - 1) / (k + 1)).

    Source: Schall (1991), Estimation in generalized linear models with random effects.

    >>> one = estimate(np.array([5, 5]), np.array([100, 100]), [np.array([0, 1])])
    >>> one.mean.round(3).tolist()
    [0.05, 0.05]
    """
    events, trials = np.asarray(events, float), np.asarray(trials, float)
    design, blocks = _design(factors)
    middle = np.zeros(design.shape[1])
    total = events.sum()
    if not total:
        return Chances(events, trials, design, middle, np.zeros((len(middle),) * 2), 1.0)
    seen = trials > 0
    share = min(total / trials.sum(), 0.99)
    middle[0] = np.log(-np.log1p(-share))
    variances, weight = np.ones(len(blocks)), _MOST_WEIGHT
    for _ in range(_ROUNDS):
        worth = 1 / (1 + (trials[seen] - 1) / (weight + 1))
        counts = events[seen] * worth, trials[seen] * worth
        middle, covariance = _fit(*counts, design[seen], blocks, variances, middle)
        found = _variances(middle, covariance, blocks, variances)
        new = _weight(events[seen], trials[seen], chance_of(design[seen] @ middle))
        # A weight matters by how little it leaves the largest cell to count for itself.
        most = np.log1p(trials.max() / (np.array([weight, new]) + 1))
        moved = max(np.abs(np.sqrt(found) - np.sqrt(variances)).max(), abs(np.diff(most)[0]))
        variances, weight = found, new
        if moved < _SETTLED:
            break
    return Chances(events, trials, design, middle, np.linalg.cholesky(covariance), weight)


def _design(factors: Sequence[np.ndarray]) -> tuple[np.ndarray, list[slice]]:
    """Columns of 0 and 1: one for all, then one a level; and where each factor's columns are."""
    columns, blocks, at = [np.ones((len(factors[0]), 1))], [], 1
    for levels in factors:
        many = int(levels.max()) + 1
        columns.append(np.eye(many)[levels])
        blocks.append(slice(at, at + many))
        at += many
    return np.hstack(columns), blocks


def _fit(
    events: np.ndarray,
    trials: np.ndarray,
    design: np.ndarray,
    blocks: list[slice],
    variances: np.ndarray,
    start: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The most likely coefficients given their spreads, and their covariance: Fisher scoring."""
    penalty = np.zeros(design.shape[1])
    for block, variance in zip(blocks, variances, strict=True):
        penalty[block] = 1 / variance
    # The level of all cells is free; this much keeps the matrix from being singular.
    penalty[0] = 1e-8
    middle = start
    for _ in range(_ROUNDS):
        chance = chance_of(design @ middle)
        slope = -(1 - chance) * np.log1p(-chance)
        score = design.T @ ((events / chance - (trials - events) / (1 - chance)) * slope)
        weights = trials * slope**2 / (chance * (1 - chance))
        information = design.T @ (design * weights[:, None]) + np.diag(penalty)
        # No coefficient leaps further than e-fold, or a first step could overshoot.
        step = np.clip(np.linalg.solve(information, score - penalty * middle), -1, 1)
        middle = middle + step
        if np.abs(step).max() < _SETTLED:
            break
    return middle, np.linalg.inv(information)


def _variances(
    middle: np.ndarray, covariance: np.ndarray, blocks: list[slice], variances: np.ndarray
) -> np.ndarray:
    """Schall's next spreads: each factor's squares over how many of its levels are settled."""
    found = []
    for block, variance in zip(blocks, variances, strict=True):
        loose = np.trace(covariance[block, block]) / variance
        settled = max(block.stop - block.start - loose, _LEAST_VARIANCE)
        found.append(max((middle[block] ** 2).sum() / settled, _LEAST_VARIANCE))
    return np.array(found)


def _weight(events: np.ndarray, trials: np.ndarray, prior: np.ndarray) -> float:
    """k of the greatest likelihood, given what the factors make of each cell."""
    def unlikely(log_weight: float) -> float:
        first, second = np.exp(log_weight) * prior, np.exp(log_weight) * (1 - prior)
        told = betaln(first + events, second + trials - events) - betaln(first, second)
        return -told.sum()

    bounds = np.log(_LEAST_WEIGHT), np.log(_MOST_WEIGHT)
    return float(np.exp(minimize_scalar(unlikely, bounds=bounds, method="bounded").x))


def concentration(counts: np.ndarray, shares: np.ndarray) -> float:
    """How many events the knowledge of `shares` is worth, by maximum marginal likelihood.

    counts   [R, J]  events of R rows by outcome
    shares   [R, J]  what each row's outcomes are expected to be; a row adds up to 1
    returns  the total of the Dirichlet's parameters; the most allowed where rows do not differ
             beyond chance

    >>> alike = concentration(np.array([[50, 50], [48, 52]]), np.full((2, 2), 0.5))
    >>> unlike = concentration(np.array([[90, 10], [5, 95]]), np.full((2, 2), 0.5))
    >>> alike > 1000, unlike < 10
    (True, True)
    """
    rows = counts.sum(axis=1) > 0
    counts, shares = counts[rows].astype(float), shares[rows]
    possible = shares > 0
    totals = counts.sum(axis=1)

    def unlikely(log_weight: float) -> float:
        prior = np.exp(log_weight) * np.where(possible, shares, 1.0)
        told = np.where(possible, gammaln(prior + counts) - gammaln(prior), 0.0).sum()
        weight = np.exp(log_weight) * np.where(possible, shares, 0.0).sum(axis=1)
        return -(told + (gammaln(weight) - gammaln(weight + totals)).sum())

    if not rows.any():
        return _LEAST_WEIGHT
    bounds = np.log(_LEAST_WEIGHT), np.log(_MOST_WEIGHT)
    return float(np.exp(minimize_scalar(unlikely, bounds=bounds, method="bounded").x))
