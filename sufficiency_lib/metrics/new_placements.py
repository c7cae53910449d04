"""The placements made in each year: what was found for children, and with whom."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sufficiency_lib.metrics.pairs import (
    PAIR,
    by_sector,
    cohort_of,
    in_every_period,
    levels_met,
    with_share_of_total,
)
from sufficiency_lib.metrics.stock import placed_in_years
from sufficiency_lib.metrics.tally import By, areas_of, with_counts


def new_placements(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Placements made in each year by placement group and provider.

    episodes   the repaired history with rne (see `stock.placed_between`)
    year_ends  31 Marches; the year is the one each closes
    returns    year_ending, placement_group, provider, starts (stays with a carer that began
               in the year: RNE S, P or B), base_starts (the children they were made for). A
               pair met in any year has a row for every year.

    A flow: a child placed twice counts twice, and one placed before the year and still there
    not at all.

    >>> history = pd.DataFrame({"child_id": ["a", "a"], "placement_group": ["fostering"] * 2,
    ...     "provider": ["own"] * 2, "rne": ["S", "P"], "is_short_break": [False] * 2,
    ...     "decom": pd.to_datetime(["2024-05-01", "2024-06-01"])})
    >>> new_placements(history, ["2025-03-31"])[["starts", "base_starts"]].to_numpy().tolist()
    [[2, 1]]
    """
    made, ends = placed_in_years(episodes, year_ends, columns=[*by, *PAIR, "child_id"])
    frame = in_every_period(levels_met(made, PAIR, by), "year_ending", ends, by)
    keys = [*by, "year_ending", *PAIR]
    frame = with_counts(frame, made, keys, name="starts")
    return with_counts(frame, made, keys, name="base_starts", distinct="child_id")


def new_placements_by_sector(
    episodes: pd.DataFrame, year_ends: Iterable[object], *, by: By = ()
) -> pd.DataFrame:
    """Placements made in each year by placement, and by whose provision they are.

    episodes, year_ends  as in `new_placements`
    returns  year_ending, cohort (those met in any year, then `total`), own_provision,
             public_provision, independent_provision, no_provider (all as in
             `provision.placements_by_sector`), starts, share_pct (of all placements made in
             the year), and base_<count>: the children they were made for

    >>> history = pd.DataFrame({"child_id": ["a", "a"], "placement_group": ["fostering"] * 2,
    ...     "provider": ["own", "private"], "rne": ["S", "P"], "is_short_break": [False] * 2,
    ...     "decom": pd.to_datetime(["2024-05-01", "2024-06-01"])})
    >>> new_placements_by_sector(history, ["2025-03-31"])[
    ...     ["cohort", "starts", "base_starts"]].to_numpy().tolist()
    [['fostering_in_house', 1, 1], ['fostering_ifa', 1, 1], ['total', 2, 1]]
    """
    made, ends = placed_in_years(episodes, year_ends, columns=[*by, *PAIR, "child_id"])
    frame = by_sector(
        made.assign(cohort=cohort_of(made)), "year_ending", ends,
        areas_of(episodes, by), name="starts", is_flow=True,
    )
    return with_share_of_total(frame, [*by, "year_ending"], of="starts")
