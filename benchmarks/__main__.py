"""``python -m benchmarks``: every benchmark, one after another.

Those that need published figures, or returns, that are not beside this checkout say so; each has
a command of its own, which takes the file.
"""

from benchmarks import (
    demand_model,
    forecast_coverage,
    forecast_speed,
    geography,
    metrics,
    panel,
    runner,
)

#: Enough to see that intervals are about right; the table that ships is of more.
FEW_AUTHORITIES = 20

if __name__ == "__main__":
    geography.main()
    forecast_speed.main()
    forecast_coverage.main(["--authorities", str(FEW_AUTHORITIES)])
    panel.main()
    demand_model.main()
    metrics.main()
    runner.main([])
