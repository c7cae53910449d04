"""How good the postcodes of a return are: what was looked up, counted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency_lib.intake.postcodes import STATUSES

#: A postcode that is found and live, or found where the directory does not say which are.
IN_USE, ENDED, NO_PLACE = "found", "terminated", "without_grid_reference"
KINDS = (IN_USE, ENDED, NO_PLACE, *STATUSES[1:])


def postcode_quality(looked_up: pd.DataFrame) -> pd.DataFrame:
    """Count the postcodes looked up, by what came of each.

    Parameters
    ----------
    looked_up: what :meth:`PostcodeDirectory.lookup` returns; several may be concatenated.

    Returns
    -------
    DataFrame, one row a kind in the order of :data:`KINDS`, none left out: ``kind``,
    ``postcodes`` (count), ``rate_pct`` (of all that were looked up, blanks too, not
    rounded; NaN where none were), ``rate_of_given_pct`` (of those that are not blank; NaN
    for ``blank``). Every row looked up is counted once: ``terminated`` and
    ``without_grid_reference`` are taken out of ``found`` (a terminated postcode without a
    grid reference is counted under the latter). Where the directory does not say which
    postcodes have ended, none is counted as terminated.

    >>> looked_up = pd.DataFrame({
    ...     "easting": [351018.0, 351018.0, np.nan, np.nan],
    ...     "status": ["found", "found", "unknown", "blank"],
    ...     "terminated": pd.array([False, True, None, None], dtype="boolean")})
    >>> quality = postcode_quality(looked_up).set_index("kind")
    >>> quality.loc[["found", "terminated", "unknown", "blank"], "rate_pct"].to_list()
    [25.0, 25.0, 25.0, 25.0]
    >>> quality["rate_of_given_pct"].round(1).loc[["found", "unknown"]].to_list()
    [33.3, 33.3]
    """
    found = looked_up["status"] == IN_USE
    kind = looked_up["status"].astype(object)
    kind = kind.mask(found & looked_up["terminated"].fillna(False).astype(bool), ENDED)
    kind = kind.mask(found & looked_up["easting"].isna(), NO_PLACE)
    count = kind.value_counts().reindex(list(KINDS), fill_value=0)
    total, given = len(kind), len(kind) - int(count["blank"])
    of_given = 100 * count / (given or np.nan)
    of_given["blank"] = np.nan
    return pd.DataFrame(
        {
            "kind": pd.array(KINDS, dtype="str"),
            "postcodes": count.to_numpy(dtype=np.int64),
            "rate_pct": (100 * count / (total or np.nan)).to_numpy(dtype=np.float64),
            "rate_of_given_pct": of_given.to_numpy(dtype=np.float64),
        }
    )
