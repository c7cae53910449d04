"""Forecasts of every authority's children looked after from each year on, against what came.

    python -m benchmarks.panel [FILE] [--draws 1000] [--to TOML]

FILE is the Local Authority Interactive Tool's table; ``../shared/reference`` is looked in where
none is named. Every parameter is estimated anew from the years up to each origin. With --to the
tables are written as `forecast/parameters/panel_backtest.toml` is, which the library ships.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pandas as pd

from sufficiency_lib.forecast.estimate import provenance
from sufficiency_lib.forecast.panel_backtest import (
    LEAST_CHILDREN,
    backtest_toml,
    held_by_origin,
    measured,
    rolling_forecasts,
)
from sufficiency_lib.forecast.panel_read import read_panel

SHARED = Path(__file__).resolve().parents[2] / "shared" / "reference" / "lait_cla_finance.parquet"
COMMAND = "python -m benchmarks.panel FILE --to TOML"
SEED = 20250331
DRAWS = 1000
#: Sets of parameters drawn; the draws are shared out among them.
PARAMETERS = 50


def table(found: pd.DataFrame) -> list[str]:
    """What was measured, a line a set and horizon."""
    lines = [
        f"{'from ' + str(LEAST_CHILDREN) + ' children':<36}{'years':>6}{'n':>6}"
        f"{'error':>8}{'same':>7}{'line':>7}{'80%':>7}{'below':>7}{'above':>7}"
        f"{'error*':>8}{'same*':>7}"
    ]
    for row in found.itertuples():
        lines.append(
            f"{row.areas:<36}{row.horizon_years:>6}{row.forecasts:>6}"
            f"{row.error_pct:>8.2f}{row.same_as_today_pct:>7.2f}{row.straight_line_pct:>7.2f}"
            f"{row.interval_held_pct:>7.1f}{row.below_pct:>7.1f}{row.above_pct:>7.1f}"
            f"{row.error_of_today_pct:>8.2f}{row.same_as_today_of_today_pct:>7.2f}"
        )
    return [*lines, "* of the children looked after at the origin, not of the outturn"]


def main() -> None:
    """Measure, print and, if asked, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    if not asked.file.is_file():
        print("The published panel is not here: name its file.")
        return
    panel = read_panel(asked.file)
    begun = time.monotonic()
    forecasts = rolling_forecasts(panel, seed=SEED, draws=asked.draws, parameters=PARAMETERS)
    took = time.monotonic() - begun
    found, origins = measured(forecasts), held_by_origin(forecasts)
    print("\n".join(table(found)))
    held = origins.pivot(index="origin", columns="horizon_years", values="interval_held_pct")
    print("80% interval held, by origin (authorities):")
    print(held.round(1).to_string(na_rep="-"))
    if asked.to:
        said = provenance(asked.file, panel)
        said |= {"least_children": LEAST_CHILDREN, "seed": SEED, "draws": asked.draws,
                 "parameters": PARAMETERS, "command": COMMAND}  # fmt: skip
        text = backtest_toml({"measured": found, "by_origin": origins}, said)
        asked.to.write_text(text, encoding="utf-8")
    print(f"{len(forecasts):,} forecasts from {forecasts['origin'].nunique()} origins "
          f"in {took:.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()
