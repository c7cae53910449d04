"""From a dataset to its futures: what the notebook calls, scenario by scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sufficiency_lib.dataset import Dataset
from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.drift import published_drift
from sufficiency_lib.forecast.futures import Futures
from sufficiency_lib.forecast.levers import Levers
from sufficiency_lib.forecast.refusal import Doubt, refused, worth
from sufficiency_lib.forecast.run import forecast, futures_of, learn
from sufficiency_lib.forecast.scenarios import levers_by_name
from sufficiency_lib.metrics.stock import MONTHS_A_YEAR
from sufficiency_lib.settings_forecast import Scenario


@dataclass(frozen=True)
class Asked:
    """How far a forecast looks, and how many futures it draws of which chance.

    >>> Asked(years=10, draws=500, seed=1).months
    120
    """

    years: int
    draws: int
    seed: int

    @property
    def months(self) -> int:
        """The years in months."""
        return self.years * MONTHS_A_YEAR


def first_day(study: Dataset) -> date:
    """The day from which the returns tell: 1 April that opens the first return's year."""
    return date(study.return_years[0] - 1, 4, 1)


def doubts_of(study: Dataset) -> list[Doubt]:
    """What stands against a forecast from the returns of a dataset; see `refusal.worth`."""
    return worth(
        study.episodes, study.as_at, first=first_day(study), return_years=study.return_years
    )


def project(
    study: Dataset, scenarios: Iterable[Scenario], asked: Asked
) -> dict[str, Futures]:
    """The futures of no change and of each scenario, by name, no change first.

    Nothing where a forecast is refused (see `doubts_of`). All share what was learnt of the
    history, their states and their chance, so that a scenario differs from no change by what it
    changes. Raises ConfigurationError for a scenario that cannot be meant.
    """
    levers = levers_by_name(tuple(scenarios))
    if refused(doubts_of(study)):
        return {}
    learnt = learn(
        study.episodes, study.as_at, first=first_day(study), drift=published_drift(),
        levers=_together(levers.values()),
    )
    return {
        name: futures_of(learnt, months=asked.months, draws=asked.draws, seed=asked.seed,
                         levers=one)
        for name, one in levers.items()
    }


def _together(levers: Iterable[Levers]) -> Levers:
    """One lever of all, by which every state that a scenario needs is there in all."""
    listed = list(levers)
    return Levers(
        step_down=tuple(step for one in listed for step in one.step_down),
        in_house=next((one.in_house for one in listed if one.in_house), None),
        new_places=tuple(places for one in listed for places in one.new_places),
    )


def past(study: Dataset, asked: Asked) -> Callable[[pd.Timestamp, int], Futures]:
    """The forecast as it would have been made on an earlier day, for `backtest.backtest`.

    The function it gives raises InputError where the forecast would have been refused.
    """
    drift, first = published_drift(), first_day(study)

    def predict(origin: pd.Timestamp, months: int) -> Futures:
        doubts = worth(study.episodes, origin, first=first, return_years=study.return_years)
        if refused(doubts):
            raise InputError(doubts[0].text)
        return forecast(
            study.episodes, origin, first=first, months=months, draws=asked.draws,
            seed=asked.seed, drift=drift,
        )

    return predict
