"""What is foreseen of a dataset: its futures, and the tables that a judgement takes from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency_lib.forecast import kept, rows, summary, targets, unexpected
from sufficiency_lib.settings_forecast import NO_CHANGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sufficiency_lib.dataset import Dataset
    from sufficiency_lib.forecast.futures import Futures
    from sufficiency_lib.forecast.projection import Asked


#: Kinds of placement of which a council counts places.
_KINDS = ("fostering_in_house", "childrens_home", "supported_accommodation", "residential_school",
          "secure")  # fmt: skip


@dataclass(frozen=True)
class Foreseen:
    """The forecast of an authority, as its part of the page makes it.

    runs     scenario → its futures, no change first; empty where a forecast is refused
    today    row → children on the first date
    places   row → the places that the council can count on, and whence that is known
    tables   forecast_by_year, forecast_backtest, forecast_targets, unexpected_demand and
             standby_places by their names, with nothing hidden
    """

    runs: Mapping[str, Futures]
    today: pd.Series
    places: Mapping[str, tuple[int, str]]
    tables: Mapping[str, pd.DataFrame]


    @property
    def kinds(self) -> list[str]:
        """The placement groups that the council may be asked to have places in, where met."""
        met = next(iter(self.runs.values())).groups if self.runs else ()
        return [group for group in _KINDS if group in met]


def foreseen(study: Dataset, asked: Asked) -> Foreseen:
    """The futures of a dataset in every scenario of its profile, and what is said of them.

    study  the dataset
    asked  years, draws and seed: with those of the part on demand the figures are the same
    """
    profile = study.profile
    runs = kept.project(study, profile.scenarios, asked)
    today = rows.children_on(study.episodes, [study.as_at]).iloc[0]
    places = unexpected.capacity(profile.capacity_places, study.carers, study.as_at)
    unchanged = runs.get(NO_CHANGE)
    tables = {
        "forecast_by_year": summary.at_year_ends(summary.forecast(runs, today)),
        "forecast_backtest": kept.tested(study, asked),
        "forecast_targets": targets.forecast_targets(runs, profile.targets, study.episodes),
        "unexpected_demand": unexpected.unexpected_demand(unchanged, today, places),
        "standby_places": unexpected.standby_places(unchanged, today, places),
    }
    return Foreseen(runs, today, places, tables)
