"""``python -m benchmarks.forecast_coverage``: do the forecast's intervals hold what they say?

    python -m benchmarks.forecast_coverage [--authorities 200] [--truth NAME] [--to TOML]

Over made-up authorities of known rates: how often the 80% interval of the stock in one, two and
three years held the outturn, and how far the mean was from it on average. The rates do not
change, and the forecast is told so; in `wandering` they drift from year to year as the published
panel's do, and the forecast is told that. With --to what was measured is written as
`forecast/parameters/coverage.toml` is, which the library ships.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast_truth import (
    ADULT_YEARS,
    LASTING,
    USUAL,
    Truth,
    Wandering,
    made_up_history,
)
from sufficiency_lib.forecast.drift import Drift, drift_paths, published_drift
from sufficiency_lib.forecast.entries import MONTHS_A_YEAR
from sufficiency_lib.forecast.panel_backtest import backtest_toml
from sufficiency_lib.forecast.run import forecast
from sufficiency_lib.metrics.stock import on_date

FIRST, AS_AT, LAST = "2020-04-01", "2025-03-31", "2028-03-31"
HORIZONS_MONTHS = (12, 24, 36)
AUTHORITIES = 200
DRAWS = 400
COMMAND = "python -m benchmarks.forecast_coverage --to TOML"

#: Steady rates; stays as long as the guidance says; and the same in a small authority.
TRUTHS: dict[str, Truth] = {
    "steady": Truth(entries=12),
    "lasting": Truth(entries=14, leaves=LASTING.leaves, teen_leaves=LASTING.teen_leaves),
    "small": Truth(entries=4, leaves=LASTING.leaves, teen_leaves=LASTING.teen_leaves),
}
#: Turnover as in England, and rates that wander as the published panel's.
WANDERING = "wandering"
DRIFTING: dict[str, Truth] = {
    WANDERING: Truth(entries=14, leaves=USUAL.leaves, teen_leaves=USUAL.teen_leaves),
}


def measured(
    truth: Truth, authorities: int, *, draws: int = DRAWS, drift: Drift | None = None
) -> pd.DataFrame:
    """One row an authority, horizon and group: actual, mean, p10, p90.

    drift  how the rates wander, in truth and in what the forecast is told; None: not at all
    """
    share = 0.0 if drift is None else _adult_share(truth)
    rows = []
    for seed in range(authorities):
        wandering = None if drift is None else _wandering(truth, drift, share, seed)
        history = made_up_history(truth, seed, first=FIRST, last=LAST, wandering=wandering)
        futures = forecast(history, AS_AT, first=FIRST, months=max(HORIZONS_MONTHS),
                           draws=draws, seed=seed, drift=drift)  # fmt: skip
        for month in HORIZONS_MONTHS:
            there = on_date(history, futures.dates[month])
            for group, counts in futures.by_group().items():
                low, high = np.percentile(counts[:, month], [10, 90])
                actual = len(there) if group == "all" else _of(there, group)
                rows.append((seed, month, group, actual, counts[:, month].mean(), low, high))
    names = ["authority", "months", "group", "actual", "mean", "p10", "p90"]
    return pd.DataFrame(rows, columns=names)


def _of(there: pd.DataFrame, group: str) -> int:
    if group == "fostering_in_house":
        return int(((there["placement_group"] == "fostering") & (there["provider"] == "own")).sum())
    if group == "fostering_ifa":
        other = there["provider"] != "own"
        return int(((there["placement_group"] == "fostering") & other).sum())
    return int((there["placement_group"] == group).sum())


def _adult_share(truth: Truth) -> float:
    """The part of a steady authority's exits that are at 18."""
    ended = made_up_history(truth, 0, first=FIRST, last=LAST).query("rec == 'E8'")
    # Birthdays are told to the day, 18 years of 365.25 days.
    birthday = ended["dob"] + pd.DateOffset(years=ADULT_YEARS) - pd.Timedelta(days=1)
    return float((ended["dec"] >= birthday).mean())


def _wandering(truth: Truth, drift: Drift, adult_share: float, seed: int) -> Wandering:
    """A path of the drift, long before the first return on; siblings come together in it.

    The drift is of all exits, and only those before 18 can take it.
    """
    years = ADULT_YEARS + pd.Timestamp(LAST).year - pd.Timestamp(FIRST).year
    usual = truth.entries * MONTHS_A_YEAR
    paths = drift_paths(
        drift, draws=1, months=years * MONTHS_A_YEAR, rng=np.random.default_rng([seed, years]),
        entries_per_year=usual, exits_per_year=usual, beyond_poisson=True,
    )  # fmt: skip
    entry, leave = (one[0, ::MONTHS_A_YEAR] for one in (paths.entry, paths.exit))
    return Wandering(entry, np.maximum(0, 1 + (leave - 1) / (1 - adult_share)))


def summed_up(rows: pd.DataFrame) -> pd.DataFrame:
    """By horizon and group: children, how often the interval held, bias and its error in %."""
    rows = rows.assign(
        held=rows["actual"].between(rows["p10"], rows["p90"]),
        missed=rows["mean"] - rows["actual"],
    )
    groups = rows.groupby(["months", "group"], sort=False)
    frame = groups.agg(children=("actual", "mean"), held_pct=("held", "mean"),
                       bias_pct=("missed", "mean"), error_pct=("missed", "sem"))  # fmt: skip
    for column in ("bias_pct", "error_pct"):
        frame[column] = 100 * frame[column] / frame["children"]
    return frame.assign(held_pct=100 * frame["held_pct"]).round(1)


def coverage_toml(found: Mapping[str, pd.DataFrame], authorities: int) -> str:
    """The text of the shipped table.

    found  truth → `summed_up`
    """
    table = pd.concat(
        [frame.reset_index().assign(truth=name) for name, frame in found.items()]
    )
    said = {"authorities": authorities, "draws": DRAWS, "first": FIRST, "as_at": AS_AT,
            "command": COMMAND}  # fmt: skip
    return backtest_toml({"coverage": table[["truth", *table.columns.drop("truth")]]}, said)


def main(arguments: list[str] | None = None) -> None:
    """Print what was measured for each made-up truth, and write it if asked."""
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("--authorities", type=int, default=AUTHORITIES)
    told.add_argument("--truth", choices=[*TRUTHS, *DRIFTING], action="append")
    told.add_argument("--to", type=Path)
    given = told.parse_args(arguments)
    found = {}
    for name in given.truth or [*TRUTHS, *DRIFTING]:
        drift = published_drift() if name in DRIFTING else None
        rows = measured((TRUTHS | DRIFTING)[name], given.authorities, drift=drift)
        found[name] = summed_up(rows)
        print(f"\n{name}: {given.authorities} authorities, {DRAWS} draws")
        print(found[name].to_string(), flush=True)
    if given.to:
        given.to.write_text(coverage_toml(found, given.authorities), encoding="utf-8")


if __name__ == "__main__":
    main()
