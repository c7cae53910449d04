"""What goes with a dearer placement: far from home, or many moves; placement by placement."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sufficiency_lib.metrics.amounts import pounds
from sufficiency_lib.metrics.ledger import PLACED, priced_on
from sufficiency_lib.metrics.pairs import levels_met
from sufficiency_lib.metrics.stability import OFTEN, placements_in_year
from sufficiency_lib.metrics.tally import By, areas_together, with_counts

#: With fewer children than this on either side, a mean says more of one child than of many.
FEWEST_TO_COMPARE = 10

FACTORS = ("over_20_miles", "three_or_more_placements")

_COST, _CONFIDENCE = "cost_gbp_per_week", 0.95


def cost_differences(
    episodes: pd.DataFrame,
    ledger: pd.DataFrame,
    as_at: object,
    *,
    fewest: int = FEWEST_TO_COMPARE,
    by: By = (),
) -> pd.DataFrame:
    """How much dearer placements are that are far from home, or that follow many others.

    episodes  the repaired history with distance_band, and what `stability` reads
    ledger    see `ledger.paid_stays`
    as_at     the day
    fewest    the fewest children on either side that are compared
    returns   factor, cohort, provider_side, difference_gbp_per_week (mean weekly cost with less
              that without), low_gbp_per_week and high_gbp_per_week (its 95% interval), in whole
              pounds, and base_children_with and base_children_without, the children on either
              side; a row for each placement that has enough of both. Of:

      over_20_miles  more than 20 miles from home, against 20 or less; not known is in neither
      three_or_more_placements  three or more placements in the year to the day (see
          `stability.placements_in_year`), against fewer

    Compared within one kind of placement, as children in homes are further away and are moved
    more often than fostered children and cost more for other reasons. Both sides are children
    whose placement has a price. The children are not printed, as a reader could take them from
    other tables. A difference is not what distance costs: children who need more are placed
    further away.

    Source: Welch (1947), *Biometrika* 34, 28-35: the interval of a difference of means where
    the spreads differ.
    """
    keys = [*by, "factor", *PLACED]
    rows = priced_on(episodes, ledger, as_at, columns=["distance_band"], by=by)
    rows = rows[rows[_COST].notna()].reset_index(drop=True)
    often = placements_in_year(episodes, as_at, by=by)
    parts = [rows.assign(factor=factor, has=has)[has.notna()]
             for factor, has in _answers(rows, often, by).items()]
    order = [levels_met(part, PLACED, by).assign(factor=factor)
             for factor, part in zip(FACTORS, parts, strict=True)]
    both = pd.concat(parts, ignore_index=True)
    frame = areas_together(pd.concat(order, ignore_index=True)[keys], by)
    has = both["has"].astype(bool)
    frame = with_counts(frame, both[has], keys, name="base_children_with")
    frame = with_counts(frame, both[~has], keys, name="base_children_without")
    sides = frame[["base_children_with", "base_children_without"]]
    frame = frame[(sides >= fewest).all(axis=1)].reset_index(drop=True)
    groups = dict(iter(both.groupby(keys, sort=False, observed=True)))
    found = [_compared(groups[key]) for key in frame[keys].itertuples(index=False, name=None)]
    names = [f"{name}_gbp_per_week" for name in ("difference", "low", "high")]
    whole = pounds(np.reshape(found, (-1, len(names))))
    figures = pd.DataFrame(whole, columns=names, index=frame.index)
    counts = [name for name in frame if name.startswith("base_")]
    return pd.concat([frame[keys], figures, frame[counts]], axis=1)


def _answers(rows: pd.DataFrame, often: pd.Series, by: By) -> Mapping[str, pd.Series]:
    """Whether each child has each factor; NA where it is not known."""
    band = rows["distance_band"].astype(object)
    many = often.rename("placements").reset_index().astype({"child_id": object})
    keys = [*by, "child_id"]
    moved = rows[keys].merge(many.astype(dict.fromkeys(keys, object)), on=keys, how="left")
    count = moved["placements"].set_axis(rows.index)
    return {
        FACTORS[0]: (band == "gt_20").astype("boolean").mask(~band.isin(["gt_20", "le_20"])),
        FACTORS[1]: (count >= OFTEN).astype("boolean").mask(count.isna()),
    }


def _compared(part: pd.DataFrame) -> tuple[float, float, float]:
    has = part["has"].astype(bool)
    one, two = part.loc[has, _COST].to_numpy(), part.loc[~has, _COST].to_numpy()
    return float(one.mean() - two.mean()), *welch(one, two)


def welch(one: np.ndarray, two: np.ndarray) -> tuple[float, float]:
    """The 95% interval of the mean of one sample less that of another.

    Where every amount of both is the same there is no spread, and no room for doubt.

    >>> low, high = welch(np.array([1.0, 2, 3, 4]), np.array([0.0, 1, 2, 3]))
    >>> round(low, 2), round(high, 2)
    (-1.23, 3.23)
    >>> welch(np.array([5.0, 5]), np.array([4.0, 4]))
    (1.0, 1.0)
    """
    from scipy.stats import ttest_ind

    if np.ptp(one) == np.ptp(two) == 0:
        gap = float(one.mean() - two.mean())
        return gap, gap
    with warnings.catch_warnings():
        # A side on which all cost alike has no spread; scipy takes that for lost precision.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = ttest_ind(one, two, equal_var=False).confidence_interval(_CONFIDENCE)
    return float(found.low), float(found.high)
