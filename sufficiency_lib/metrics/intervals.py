"""How sure a rate, and the gap between two rates, can be: intervals, a test, and several tests.

Counts in, proportions out, whole columns at once. statsmodels does the arithmetic and is
imported where it is used, as a run without a comparison should not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Counts = npt.ArrayLike
Bounds = tuple[np.ndarray, np.ndarray]

#: Standard errors either side of the middle that hold 95% of a normal curve.
Z_95 = 1.959963984540054
#: The search for a ratio runs from e to the minus this to e to this, halved so many times.
_WIDEST, _HALVINGS = 20.0, 60


def wilson(had: Counts, children: Counts) -> Bounds:
    """The 95% score interval of a proportion; NaN where there are no children.

    had       how many have the outcome
    children  of how many
    returns   low and high, between 0 and 1

    Source: Wilson (1927), *JASA* 22, 209-212; recommended by Newcombe (1998), *Statistics in
    Medicine* 17, 857-872, whose example is 81 of 263.

    >>> low, high = wilson([81, 0], [263, 0])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2553, nan], [0.3662, nan])
    """
    from statsmodels.stats.proportion import proportion_confint

    part, whole = _columns(had, children)
    low, high = np.full(part.shape, np.nan), np.full(part.shape, np.nan)
    some = whole > 0
    low[some], high[some] = proportion_confint(part[some], whole[some], method="wilson")
    return low, high


def newcombe(had: Counts, children: Counts, ref_had: Counts, ref_children: Counts) -> Bounds:
    """The 95% interval of a difference of two proportions, from their Wilson intervals.

    had, children          of the group
    ref_had, ref_children  of those it is set against
    returns                low and high of group less reference; NaN where either is empty

    Source: Newcombe (1998), *Statistics in Medicine* 17, 873-890, method 10, whose example
    is 56 of 70 against 48 of 80.

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.0524, 0.3339)
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    columns = _columns(had, children, ref_had, ref_children)
    low, high = np.full(columns[0].shape, np.nan), np.full(columns[0].shape, np.nan)
    some = (columns[1] > 0) & (columns[3] > 0)
    if some.any():
        low[some], high[some] = confint_proportions_2indep(
            *(column[some] for column in columns), compare="diff", method="newcomb"
        )
    return low, high


def score_ratio(had: Counts, children: Counts, ref_had: Counts, ref_children: Counts) -> Bounds:
    """The 95% score interval of a ratio of two proportions.

    returns  low and high of group over reference. NaN where either group is empty, where
             nobody in the reference has the outcome, so that there is no ratio, and where
             everybody in both has it. 0 is the low end where nobody in the group has it.

    Source: Miettinen and Nurminen (1985), *Statistics in Medicine* 4, 213-226. It holds 1
    exactly where `equality` finds no difference at 5%. Worked here, as statsmodels 0.15 takes
    the wrong root of its cubic where everybody in one group has the outcome.

    >>> low, high = score_ratio(36, 40, 16, 80)
    >>> round(float(low[0]), 2), round(float(high[0]), 2)
    (2.93, 7.17)
    """
    one, of_one, two, of_two = columns = _columns(had, children, ref_had, ref_children)
    some = (of_one > 0) & (two > 0) & (one + two < of_one + of_two)
    low, high = np.full(one.shape, np.nan), np.full(one.shape, np.nan)
    cells = [column[some] for column in columns]
    low[some] = np.where(cells[0] > 0, _ratio_where(cells, Z_95), 0.0)
    high[some] = _ratio_where(cells, -Z_95)
    return low, high


def _ratio_where(cells: Sequence[np.ndarray], z: float) -> np.ndarray:
    """The ratio at which the score of each pair of proportions is z, by halving."""
    low, high = np.full(cells[0].shape, -_WIDEST), np.full(cells[0].shape, _WIDEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = _score(cells, np.exp(middle)) > z
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.exp((low + high) / 2)


def _score(cells: Sequence[np.ndarray], ratio: np.ndarray) -> np.ndarray:
    """How many standard errors a ratio lies below the one seen; it falls as the ratio grows."""
    one, of_one, two, of_two = cells
    total = of_one + of_two
    # The likeliest proportion of the reference if this were the ratio: the root below 1.
    slope = of_one * ratio + one + of_two + two * ratio
    root = np.sqrt(np.maximum(slope**2 - 4 * total * ratio * (one + two), 0))
    rest = 2 * (one + two) / (slope + root)
    group = np.minimum(rest * ratio, 1.0)
    spread = group * (1 - group) / of_one + ratio**2 * rest * (1 - rest) / of_two
    spread = np.maximum(spread * total / (total - 1), 1e-300)
    return (one / of_one - ratio * two / of_two) / np.sqrt(spread)


def equality(
    had: Counts, children: Counts, ref_had: Counts, ref_children: Counts
) -> np.ndarray:
    """The p-value of two proportions being the same: the N - 1 chi-squared test, two-sided.

    NaN where either group is empty, or where nobody or everybody has the outcome.

    Source: Campbell (2007), *Statistics in Medicine* 26, 3661-3675, who finds it sound
    wherever every expected number is at least 1.

    >>> equality(56, 70, 48, 80).round(4).tolist()
    [0.0083]
    """
    from scipy.stats import norm

    one, of_one, two, of_two = _columns(had, children, ref_had, ref_children)
    total, both = of_one + of_two, one + two
    gap = one * of_two - two * of_one
    spread = of_one * of_two * both * (total - both)
    known = spread > 0
    z = np.sqrt(total - 1.0, where=known, out=np.zeros_like(total)) * np.abs(gap)
    z = np.divide(z, np.sqrt(spread), where=known, out=np.full(z.shape, np.nan))
    return 2 * norm.sf(z)


def smallest_expected(
    had: Counts, children: Counts, ref_had: Counts, ref_children: Counts
) -> np.ndarray:
    """The smallest of the four numbers that would be expected if two groups were alike.

    >>> smallest_expected(3, 10, 12, 50).tolist()
    [2.5]
    """
    one, of_one, two, of_two = _columns(had, children, ref_had, ref_children)
    total = np.maximum(of_one + of_two, 1.0)
    rarer = np.minimum(one + two, of_one + of_two - one - two)
    return np.minimum(of_one, of_two) * rarer / total


def holm(p: npt.ArrayLike) -> np.ndarray:
    """P-values made larger so that several comparisons are not read as one.

    p        one a comparison; NaN where there was none, which then does not count
    returns  such that with 0.05 the chance of any false finding among them is at most 5%

    Source: Holm (1979), *Scandinavian Journal of Statistics* 6, 65-70. Worked here, as
    statsmodels' own collects all garbage at each call: half a minute for 153 authorities.

    >>> holm([0.01, 0.04, 0.03, np.nan]).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    given = np.asarray(p, dtype="float64")
    adjusted = np.full(given.shape, np.nan)
    some = np.flatnonzero(np.isfinite(given))
    order = some[np.argsort(given[some], kind="stable")]
    stepped = given[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def _columns(*counts: Counts) -> list[np.ndarray]:
    return [np.atleast_1d(np.asarray(count, dtype="float64")) for count in counts]
