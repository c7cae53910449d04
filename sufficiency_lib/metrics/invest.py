"""Invest to save: what it would save if agency fostering were the council's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.metrics.amounts import NIGHTS_A_WEEK, pounds, spend_of
from sufficiency_lib.metrics.cost_differences import FEWEST_TO_COMPARE
from sufficiency_lib.metrics.ledger import paid_stays
from sufficiency_lib.metrics.nights import slept_in_years
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR, iso, ratio, year_start
from sufficiency_lib.metrics.tally import By, for_each_area

AGENCY, OWN = "fostering_ifa", "fostering_in_house"

COLUMNS = (
    "year_ending", "moved_pct", "agency_nights", "agency_spend_gbp_per_year", "own_nights",
    "own_spend_gbp_per_year", "nights_moved", "places_needed", "agency_gbp_per_week",
    "own_gbp_per_week", "saving_gbp_per_year", "low_gbp_per_year", "high_gbp_per_year",
    "invest_gbp", "payback_months", "base_agency_nights", "base_agency_spend_gbp_per_year",
    "base_own_nights", "base_own_spend_gbp_per_year",
)  # fmt: skip

_ENDS = (2.5, 97.5)
#: Draws that differ by less differ by how a computer adds up, and not by what children cost.
_SAME_GBP = 1e-6


def invest_to_save(
    episodes: pd.DataFrame,
    ledger: pd.DataFrame,
    year_end: object,
    *,
    moved_pct: Sequence[float],
    occupancy_pct: float,
    own_overheads_gbp_per_week: float = 0.0,
    agency_overheads_gbp_per_week: float = 0.0,
    one_off_gbp_per_place: float | None = None,
    draws: int = 2_000,
    seed: int = 1,
    fewest: int = FEWEST_TO_COMPARE,
    by: By = (),
) -> pd.DataFrame:
    """What is saved in a year when a share of agency fostering nights are in-house instead.

    episodes, ledger  as in `costs.spend_by_year`
    year_end       the 31 March that closes the year
    moved_pct      shares of the agency's priced nights, a row each
    occupancy_pct  of in-house places that are filled: so many places are needed for the nights
    own_overheads_gbp_per_week, agency_overheads_gbp_per_week
                   full costs that the ledger does not hold (see `full_costs`), a child a week
    one_off_gbp_per_place  what a new place takes once; None: not known, and nor is what rests
                   on it
    draws, seed    of the bootstrap; the same seed gives the same interval
    fewest         with fewer children in either there are no rows
    returns        year_ending, moved_pct, agency_nights, agency_spend_gbp_per_year, own_nights
                   and own_spend_gbp_per_year (priced nights, and the ledger's cost of them),
                   nights_moved, places_needed (rounded up), agency_gbp_per_week and
                   own_gbp_per_week (mean cost with overheads), saving_gbp_per_year,
                   low_gbp_per_year and high_gbp_per_year (95% interval; NaN where every child
                   of either costs alike, as no draw then differs), invest_gbp (once),
                   payback_months (by the saving; NaN where there is none), and base_ columns
                   with the children behind the nights and the spends. Whole pounds.

    The interval is how sure the two mean costs are: children are drawn again with
    replacement, each with all nights and costs. It does not cover whether carers can be found,
    nor whether the children who would come to them cost what children there cost now.

    Source: Efron and Tibshirani (1993), *An Introduction to the Bootstrap*: percentile
    interval of a ratio of sums.

    Raises ConfigurationError for a share or an occupancy outside 0 to 100.
    """
    for share in (*moved_pct, occupancy_pct):
        if not 0 < share <= 100:
            raise ConfigurationError(
                f"{share:g} is not a share in per cent; expected more than 0 and at most 100."
            )
    stays = paid_stays(episodes, ledger, by=by)
    stays = stays[stays["cohort"].isin([AGENCY, OWN])]
    day = pd.Timestamp(year_end)
    paid = slept_in_years(stays, [day])
    alone = slept_in_years(stays, [day], begins="alone_from")
    # A night for which two rows pay costs both, and is one night.
    spent = paid.assign(spend=spend_of(paid["nights"], paid["cost_gbp_per_week"]), nights=0)
    both = pd.concat([spent, alone.assign(spend=0.0)], ignore_index=True)
    overheads = (agency_overheads_gbp_per_week, own_overheads_gbp_per_week)

    def of_one(rows: pd.DataFrame) -> pd.DataFrame:
        return _saving(rows, year_end, moved_pct, occupancy_pct, overheads,
                       one_off_gbp_per_place, draws, seed, fewest)

    return for_each_area(of_one, both, by)


def _saving(
    rows: pd.DataFrame, year_end: object, moved_pct: Sequence[float], occupancy_pct: float,
    overheads: tuple[float, float], one_off: float | None, draws: int, seed: int,
    fewest: int,
) -> pd.DataFrame:
    """The table of one area."""
    agency, own = (_by_child(rows, cohort) for cohort in (AGENCY, OWN))
    if min(len(agency), len(own)) < fewest:
        return pd.DataFrame(columns=list(COLUMNS))
    rng = np.random.default_rng(seed)
    means, drawn = zip(*(
        (_mean_week(part.T) + extra, _drawn(part, draws, rng) + extra)
        for part, extra in zip((agency, own), overheads, strict=True)
    ), strict=True)
    gaps = drawn[0] - drawn[1]
    low, high = np.percentile(gaps, _ENDS) if np.ptp(gaps) > _SAME_GBP else (np.nan, np.nan)
    day = pd.Timestamp(year_end)
    days = (day - year_start(day)).days + 1
    share = np.array(moved_pct, dtype="float64")
    nights = ratio(agency[:, 0].sum() * share, 100, 1, 0)
    places = np.ceil(nights / days * 100 / occupancy_pct)
    saving, low, high = (
        pounds(nights / NIGHTS_A_WEEK * gap) for gap in (means[0] - means[1], low, high)
    )
    invest = places * (np.nan if one_off is None else one_off)
    payback = ratio(invest * MONTHS_A_YEAR, np.where(saving > 0, saving, np.nan), 1, 1)
    whole = [int(n) for part in (agency, own) for n in pounds(part.sum(axis=0))]
    cells = (
        iso(day), share, *whole, nights.astype("int64"), places.astype("int64"),
        *(int(pounds(mean)) for mean in means), saving, low, high, invest, payback,
        len(agency), len(agency), len(own), len(own),
    )
    return pd.DataFrame(dict(zip(COLUMNS, cells, strict=True)))


def _by_child(rows: pd.DataFrame, cohort: str) -> np.ndarray:
    """Nights and pounds of each child in a cohort, one row a child."""
    part = rows[rows["cohort"] == cohort]
    sums = part.groupby(part["child_id"].astype(object), sort=True)[["nights", "spend"]].sum()
    return sums.to_numpy(dtype="float64").reshape(-1, 2)


def _mean_week(sums: np.ndarray) -> np.ndarray:
    """The mean cost of a week: nights and pounds, each added up over the last axis."""
    nights, spend = (part.sum(axis=-1) for part in sums)
    return NIGHTS_A_WEEK * spend / nights


def _drawn(children: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """The mean week of as many children drawn again, in each draw."""
    picked = rng.integers(len(children), size=(draws, len(children)))
    return _mean_week(np.moveaxis(children[picked], -1, 0))
