"""``python -m benchmarks.forecast_speed``: ten years of a thousand children, in a thousand futures.

Nothing else is timed beside it: reading and repairing returns have benchmarks of their own.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from benchmarks.forecast_truth import USUAL, made_up_history
from sufficiency_lib.forecast.drift import published_drift
from sufficiency_lib.forecast.run import TEN_YEARS_MONTHS, futures_of, learn

FIRST, AS_AT = "2020-04-01", "2025-03-31"
#: Starts a month that keep a thousand children looked after, at the stays of `USUAL`.
ENTRIES = 400 / 12
DRAWS = 1000
TIMES = 5


def main() -> None:
    """Print the best and the middle time of learning the rates and of drawing the futures."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--draws", type=int, default=DRAWS)
    told.add_argument("--months", type=int, default=TEN_YEARS_MONTHS)
    given = told.parse_args()
    history = made_up_history(replace(USUAL, entries=ENTRIES), 1)
    learning, drawing, busy = [], [], []
    for seed in range(TIMES):
        begun = time.perf_counter()
        learnt = learn(history, AS_AT, first=FIRST, drift=published_drift())
        learning.append(time.perf_counter() - begun)
        begun, worked = time.perf_counter(), time.process_time()
        futures = futures_of(learnt, months=given.months, draws=given.draws, seed=seed)
        drawing.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
    print(f"{len(learnt.start):,} children, {learnt.entries_a_year:,.0f} starts a year, "
          f"{len(futures.states)} states; {given.draws:,} draws of {given.months} months")
    for name, seconds in (("learn", learning), ("draw", drawing), ("draw, of all cores", busy)):
        ordered = sorted(seconds)
        print(f"{name}: best {ordered[0]:.2f} s, middle {ordered[len(ordered) // 2]:.2f} s")


if __name__ == "__main__":
    main()
