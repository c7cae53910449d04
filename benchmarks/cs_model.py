"""Forecasts by `cs-demand-model`, in an environment that has nothing else.

    python benchmarks/cs_model.py PLAN

PLAN is JSON, a list of forecasts: the folder of returns, the way it is called, the day from
which rates are counted, the day of the forecast and the days that are forecast, in order. Prints
JSON: the version, and of each forecast what it said and the seconds from files to forecast.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
import warnings
from datetime import date
from importlib.metadata import version
from pathlib import Path

from cs_demand_model import (
    Config,
    DemandModellingDataContainer,
    ModelPredictor,
    PopulationStats,
    fs_datastore,
)


def forecast(asked: dict) -> dict:
    """The children it says there are today, and will be on each day; by daily steps, as its
    own command takes them.
    """
    begun = time.perf_counter()
    start, today, *days = (date.fromisoformat(d) for d in
                           (asked["start"], asked["today"], *asked["days"]))  # fmt: skip
    config = Config()
    data = DemandModellingDataContainer(fs_datastore(asked["folder"]), config)
    stats = PopulationStats(data.enriched_view, config)
    predictor = ModelPredictor.from_model(stats, start, today)
    said = predictor.predict((days[-1] - today).days).sum(axis=1)
    return asked | {
        "children_today": float(predictor.initial_population.sum()),
        "said": [float(said.iloc[(day - today).days - 1]) for day in days],
        "seconds": time.perf_counter() - begun,
    }


def main() -> None:
    """Forecast and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("plan", type=Path)
    plan = json.loads(parser.parse_args().plan.read_text(encoding="utf-8"))
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    rows = [forecast(asked) for asked in plan]
    print(json.dumps({"version": version("cs-demand-model"), "rows": rows}))


if __name__ == "__main__":
    main()
