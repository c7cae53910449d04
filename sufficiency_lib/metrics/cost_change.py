"""Why spend changed: more nights, other placements, or higher prices, told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency_lib.metrics.amounts import pounds
from sufficiency_lib.metrics.costs import spend_by_year
from sufficiency_lib.metrics.ledger import PLACED
from sufficiency_lib.metrics.stock import iso
from sufficiency_lib.metrics.tally import By, total_within

#: What a change of spend is told apart into, in pounds a year.
EFFECTS = ("volume_gbp_per_year", "mix_gbp_per_year", "price_gbp_per_year")

_SPEND, _PRICED = "spend_gbp_per_year", "nights_priced"


def spend_change(
    episodes: pd.DataFrame, ledger: pd.DataFrame, start: object, end: object, *, by: By = ()
) -> pd.DataFrame:
    """The change in spend between two years, told apart into volume, mix and price.

    episodes, ledger  as in `costs.spend_by_year`
    start, end  the 31 Marches that close the two years
    returns     cohort, provider_side (`total` and `all` last), start_date, end_date (those
                days), start_gbp_per_year, end_gbp_per_year, change_gbp_per_year,
                volume_gbp_per_year, mix_gbp_per_year, price_gbp_per_year,
                start_coverage_pct, end_coverage_pct (nights with a price), and base_ columns
                with the children behind the two spends

    With N nights priced in a year, of which placement i has the share s at p a night, spend is
    N x sum of s x p. Each change is taken at the mean of the two years (the midpoint, or
    Marshall-Edgeworth, weights), which leaves nothing over:

      volume  change of N, at the mean cost of a night in i of both years (s x p)
      mix     change of s, at the mean of N and the mean of p
      price   change of p, at the mean of N and the mean of s

    A placement that only one of the years has no other price, so that it is all volume and
    mix. Each is in whole pounds, and what rounding leaves over is in the mix, so that the three of
    a row add up to its change; the rows add up to the total. Nights without a price are in none
    of it: a change of coverage looks like one of volume, so it is given beside.

    Source: Marshall (1887) and Edgeworth (1887) weights; Bennet (1920), *Journal of the Royal
    Statistical Society* 83, 455-462, for the exact difference.

    >>> told_apart([100, 100], [100.0, 200.0], [50, 150], [50.0, 300.0])[0].tolist()
    [0.0, 0.0]
    """
    first, last = iso(start), iso(end)
    spent = spend_by_year(episodes, ledger, {start, end}, by=by)
    keys = [*by, *PLACED]
    # Every placement has a row in both years, in the same order.
    one, two = (spent[spent["year_ending"] == day].reset_index(drop=True) for day in (first, last))
    frame = one[keys].assign(
        start_date=first, end_date=last,
        start_gbp_per_year=one[_SPEND], end_gbp_per_year=two[_SPEND],
        change_gbp_per_year=two[_SPEND] - one[_SPEND],
    )
    frame = _with_effects(frame, one, two, by)
    frame = frame.assign(
        start_coverage_pct=one["coverage_pct"], end_coverage_pct=two["coverage_pct"],
        base_start_gbp_per_year=one[f"base_{_SPEND}"], base_end_gbp_per_year=two[f"base_{_SPEND}"],
    )
    spending = (one[_PRICED] > 0) | (two[_PRICED] > 0)
    return frame[spending].reset_index(drop=True)


def _with_effects(
    frame: pd.DataFrame, one: pd.DataFrame, two: pd.DataFrame, by: By
) -> pd.DataFrame:
    is_total = frame["cohort"] == "total"
    effects = pd.DataFrame(0.0, index=frame.index, columns=list(EFFECTS))
    wholes = frame[list(by)].apply(tuple, axis=1) if by else pd.Series(0, frame.index)
    for _, rows in frame[~is_total].groupby(wholes[~is_total], sort=False):
        at = rows.index
        effects.loc[at] = np.column_stack(told_apart(
            one.loc[at, _PRICED], one.loc[at, _SPEND], two.loc[at, _PRICED], two.loc[at, _SPEND]
        ))
    volume, mix, price = EFFECTS
    whole = pd.DataFrame(pounds(effects), frame.index, list(EFFECTS)).astype("int64")
    whole[mix] = frame["change_gbp_per_year"] - whole[volume] - whole[price]
    sums = whole.assign(**frame[list(by)])
    for effect in EFFECTS:
        whole[effect] = whole[effect].mask(
            is_total, total_within(sums.assign(n=whole[effect].mask(is_total, 0)), "n", list(by)))
    return frame.assign(**whole)


def told_apart(
    start_nights: object, start_gbp: object, end_nights: object, end_gbp: object
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Volume, mix and price of each placement's change in spend, not rounded.

    start_nights, end_nights  nights in each placement in the two years
    start_gbp, end_gbp        what they cost together
    returns  three arrays that add up to end_gbp less start_gbp; see `spend_change`

    >>> volume, mix, price = told_apart([100], [1000.0], [150], [1800.0])
    >>> float(volume[0]), float(mix[0]), float(price[0])
    (550.0, 0.0, 250.0)
    """
    n0, m0, n1, m1 = (np.asarray(values, dtype="float64")
                      for values in (start_nights, start_gbp, end_nights, end_gbp))
    whole0, whole1 = n0.sum(), n1.sum()
    share0, share1 = _by(n0, whole0, 0.0), _by(n1, whole1, 0.0)
    price0, price1 = _by(m0, n0, np.nan), _by(m1, n1, np.nan)
    price0, price1 = (np.where(np.isnan(a), np.nan_to_num(b), a)
                      for a, b in ((price0, price1), (price1, price0)))
    nights = (whole0 + whole1) / 2
    volume = (whole1 - whole0) * (share0 * price0 + share1 * price1) / 2
    mix = nights * (share1 - share0) * (price0 + price1) / 2
    price = nights * (share0 + share1) / 2 * (price1 - price0)
    return volume, mix, price


def _by(part: np.ndarray, whole: object, otherwise: float) -> np.ndarray:
    bottom = np.broadcast_to(np.asarray(whole, dtype="float64"), part.shape)
    return np.divide(part, bottom, out=np.full(part.shape, otherwise), where=bottom > 0)
