"""How far from home children live: DfE's tables of distance, and the median."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sufficiency_lib.codes import DISTANCE_BANDS
from sufficiency_lib.metrics.locality import COHORTS, in_cohort
from sufficiency_lib.metrics.stock import on_date, placed_in_years, ratio
from sufficiency_lib.metrics.tally import (
    By,
    areas_of,
    has_rows,
    looked_up,
    tally,
    with_counts,
    with_share,
)

SIDES = ("inside", "outside")

#: DfE's five locations of a new placement.
LOCATIONS = ("inside_le_20", "inside_gt_20", "outside_le_20", "outside_gt_20", "not_known")

#: With fewer distances than this, a quartile would rest on two or three children.
FEWEST_FOR_QUARTILES = 10


def distance_by_boundary(
    episodes: pd.DataFrame, as_at: object, *, by: By = ()
) -> pd.DataFrame:
    """DfE's table of distance from home by whether placed inside the authority's boundary.

    episodes  the repaired history: boundary, distance_band (short breaks are left out)
    by        columns whose values each have a table
    returns   boundary (inside, outside), distance_band (le_20, gt_20, not_known), children,
              share_pct (of all children); six rows. A placement whose authority is not known
              is outside, as in DfE's table, whose two parts make the total. No rows where the
              responsible authority is not known.

    Source: DfE, *Children looked after in England*, distance between home and placement and
    locality of placement.
    """
    kept = [*by, "boundary", "distance_band"]
    stock = on_date(episodes, pd.Timestamp(as_at), columns=kept)
    levels = {"boundary": SIDES, "distance_band": DISTANCE_BANDS}
    return with_share(tally(stock, levels, _areas_with_boundary(episodes, by)), by)


def new_placements_by_distance(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """DfE's table of the location of new placements made in each year.

    A flow: stays with a carer that began in the year (see `stock.placed_between`).

    year_ends  31 Marches; the year is the one each closes
    returns    year_ending, location (inside or outside the boundary, 20 miles or less or more;
               not_known, wherever it is, when the distance is), starts (placements),
               share_pct (of all placements made in the year), base_starts (the children they
               were made for). No rows where the responsible authority is not known.

    Source: DfE, *Children looked after in England*, location of new placements during the
    year.
    """
    kept = [*by, "child_id", "boundary", "distance_band"]
    rows, ends = placed_in_years(episodes, year_ends, columns=kept)
    band = rows["distance_band"].astype(object)
    place = rows["boundary"].astype(object) + "_" + band
    rows = rows.assign(location=place.where(band != "not_known", "not_known"))
    levels = {"year_ending": ends, "location": LOCATIONS}
    frame = tally(rows, levels, _areas_with_boundary(episodes, by), name="starts")
    frame = with_share(frame, [*by, "year_ending"], of="starts")
    return with_counts(frame, rows, [*by, *levels], name="base_starts", distinct="child_id")


def _areas_with_boundary(episodes: pd.DataFrame, by: By) -> pd.DataFrame:
    """The areas (see `areas_of`) of which it is known what is inside."""
    unknown = episodes[episodes["boundary"] == "not_known"]
    areas = areas_of(episodes, by)
    return areas[~has_rows(areas, unknown, by)].reset_index(drop=True)


def distance_summary(
    episodes: pd.DataFrame,
    as_at: object,
    *,
    cohorts: Sequence[str] = COHORTS,
    by: By = (),
) -> pd.DataFrame:
    """The median distance from home on a day and the quartiles, for each cohort.

    episodes  the repaired history: distance_miles, placement_group, provider
    cohorts   as in `locality.in_cohort`
    returns   cohort, children, median_miles, lower_quartile_miles, upper_quartile_miles, and
              base_children: the children whose distance is known, on whom the three rest.
              They are of the DfE's straight lines, rounded half up to one decimal, and lie
              between the two nearest children in proportion (linear interpolation, as in R
              and Excel). NaN where no distance is known; quartiles are NaN where fewer than
              ten are, as they would rest on two or three children. A distance not known is
              left out: nothing stands for it, and 999.9 never does.

    >>> history = pd.DataFrame({"child_id": list("abc"), "is_short_break": [False] * 3,
    ...     "placement_group": ["fostering"] * 3, "provider": ["own"] * 3,
    ...     "distance_miles": [2.0, 31.0, 5.5], "dec": pd.to_datetime([None] * 3),
    ...     "decom": pd.to_datetime(["2024-01-01"] * 3)})
    >>> distance_summary(history, "2024-03-31", cohorts=["all"])["median_miles"].tolist()
    [5.5]
    """
    kept = [*by, "child_id", "placement_group", "provider", "distance_miles"]
    stock = on_date(episodes, pd.Timestamp(as_at), columns=kept)
    parts = [stock[in_cohort(stock, cohort)].assign(cohort=cohort) for cohort in cohorts]
    rows = pd.concat(parts or [stock[:0].assign(cohort="")], ignore_index=True)
    frame = tally(rows, {"cohort": cohorts}, areas_of(episodes, by))
    keys = [*by, "cohort"]
    known = rows[rows["distance_miles"].notna()]
    frame = with_counts(frame, known, keys, name="base_children")
    quartiles = {"median_miles": 0.5, "lower_quartile_miles": 0.25, "upper_quartile_miles": 0.75}
    for column, share in quartiles.items():
        frame[column] = _quantile(frame, known, keys, share)
        if share != 0.5:
            enough = frame["base_children"] >= FEWEST_FOR_QUARTILES
            frame[column] = frame[column].where(enough)
    return frame[[*keys, "children", *quartiles, "base_children"]]


def _quantile(
    frame: pd.DataFrame, known: pd.DataFrame, keys: list[str], share: float
) -> pd.Series:
    """The quantile of each row's distances in miles, exact to the last rounding; NaN for none."""
    # In whole tenths and quarters of the way between two, a half is a half and goes up.
    tenths = known.assign(tenths=(known["distance_miles"] * 10).round())
    grouped = tenths.groupby(keys, observed=True, sort=False)["tenths"]
    low, high = (grouped.quantile(share, interpolation=end) for end in ("lower", "higher"))
    quarters = (grouped.size() - 1) * round(share * 4) % 4
    fourfold = looked_up(frame, 4 * low + (high - low) * quarters, keys)
    return pd.Series(ratio(fourfold, 40, 1, 1), index=frame.index)
