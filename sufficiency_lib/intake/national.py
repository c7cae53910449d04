"""England's figures that come with the suite, for a run without published statistics.

The table is small, and every row says what it was published in (``reference_data/``). Where
the Department's own files are given, they are used instead.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import pandas as pd


@cache
def _national() -> pd.DataFrame:
    source = resources.files("sufficiency_lib.intake") / "reference_data/national_figures.csv"
    with source.open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype={"time_period": str})


def national_figures() -> pd.DataFrame:
    """England's published figures, one row a measure and reporting year.

    Returns
    -------
    DataFrame: ``metric``, ``time_period`` (text: the year whose 31 March closes it),
    ``value`` (as published: whole), ``unit``, ``source`` (the published table) and
    ``release``.

    Source: DfE, *Children looked after in England including adoptions*.

    >>> figures = national_figures().set_index(["metric", "time_period"])
    >>> figures.at[("rate_per_10000", "2025"), "value"].item()
    67
    >>> figures.at[("rate_per_10000", "2025"), "release"]
    'DfE, 2025 release'
    """
    return _national().copy()
