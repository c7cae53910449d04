"""How well outlines built from postcodes agree with the published ones, over all authorities.

Used by `python -m benchmarks`; the figures in `sufficiency_lib.intake.voronoi` are its own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from sufficiency_lib.cleaning.distance import miles_to_boundary
from sufficiency_lib.intake.postcodes import PostcodeDirectory

NEAR_METRES = 40_000
SAMPLE = 1_000
LIMITS_MILES = (10, 20)


def agreement(
    built: pd.Series, published: pd.Series, directory: PostcodeDirectory, *, seed: int
) -> list[str]:
    """Lines that say how far two sets of outlines agree.

    built, published  code → geometry on EPSG:27700
    directory         whose postcodes are asked what a locality rule would decide of them
    """
    codes = [code for code in published.index if code in built.index]
    ours, real = built[codes], published[codes]
    common = shapely.area(shapely.intersection(ours.to_numpy(), real.to_numpy()))
    whole = shapely.area(shapely.union(ours.to_numpy(), real.to_numpy()))
    share = pd.Series(100 * common / whole, index=codes)
    lines = [
        f"outlines, {len(codes)} authorities: {100 * common.sum() / whole.sum():.1f}% of the area "
        f"in common, the middle authority {share.median():.0f}%, "
        f"least {share.min():.0f}% ({share.idxmin()})"
    ]
    asked = pd.concat(
        _asked(ours[code], real[code], directory, np.random.default_rng([seed, at]))
        for at, code in enumerate(codes)
    )
    same = (asked["ours"] == 0) == (asked["real"] == 0)
    decided = [f"inside or outside {100 * same.mean():.2f}%"]
    for limit in LIMITS_MILES:
        same = (asked["ours"] <= limit) == (asked["real"] <= limit)
        decided.append(f"within {limit} miles {100 * same.mean():.1f}%")
    lines.append(f"outlines, same answer for {len(asked):,} postcodes: {', '.join(decided)}")
    error = (asked["ours"] - asked["real"]).abs()
    lines.append(
        f"outlines, miles to the border: out by {error.mean():.2f} on average, "
        f"{error.quantile(0.99):.1f} at the 99th percentile, {error.max():.1f} at most"
    )
    return lines


def _asked(
    ours: shapely.Geometry,
    real: shapely.Geometry,
    directory: PostcodeDirectory,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Miles to either outline of postcodes in it and near it; 0 inside."""
    west, south, east, north = real.bounds
    near = np.flatnonzero(
        (directory.easting > west - NEAR_METRES) & (directory.easting < east + NEAR_METRES)
        & (directory.northing > south - NEAR_METRES) & (directory.northing < north + NEAR_METRES)
    )
    chosen = random.choice(near, min(SAMPLE, len(near)), replace=False)
    place = directory.easting[chosen], directory.northing[chosen]
    return pd.DataFrame(
        {"ours": miles_to_boundary(*place, ours), "real": miles_to_boundary(*place, real)}
    )
