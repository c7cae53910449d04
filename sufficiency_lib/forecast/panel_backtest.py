"""How far forecasts of the published panel missed, from each year on, and how often 80% held.

From every origin the drift is estimated again from the years up to it, and each area is
forecast; what came is compared with the median, the 80% interval, "same as today" and a
straight line. The first origin has one year behind it and no change between years: how fast
rates move then rests on the priors of `panel_fit` and on how authorities differ, and the
country's changes are few for years after. So how often the interval holds depends on the
priors: they are round numbers, set once and not fitted to what is measured here. The error of
the median hardly does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources

import numpy as np
import pandas as pd

from sufficiency_lib.errors import InputError
from sufficiency_lib.forecast.drift import toml_value
from sufficiency_lib.forecast.panel_fit import Fitted, fit_drift
from sufficiency_lib.forecast.panel_flows import flows
from sufficiency_lib.forecast.panel_forecast import stock_draws
from sufficiency_lib.forecast.panel_read import FIRST_SUM, Panel

HORIZONS = (1, 2, 3, 5)
#: The interval between the 10th and the 90th centile holds 80% of futures.
CENTILES = (10, 50, 90)
#: Of fewer children a percentage is mostly chance.
LEAST_CHILDREN = 50
#: A straight line goes through the logs of three years: this one and the one two before.
LINE_YEARS = 2
#: With two changes known, drift can be told from chance; see `panel_fit`.
CHANGES_KNOWN = 2

#: What is measured: name → (areas, from how many known years on).
SETS: Mapping[str, tuple[str, int]] = {
    "authorities": ("authorities", 1),
    "authorities, two changes known": ("authorities", 1 + CHANGES_KNOWN),
    "authorities, regions and England": ("all", 1),
}


def comparisons(panel: Panel) -> pd.DataFrame:
    """What came, and what "same as today" and a straight line would have said.

    panel    from `panel_read.read_panel`
    returns  origin, horizon_years, area, actual, same_as_today, straight_line (NaN without the
             year two before), one row an area, origin and horizon with a known outturn. The
             line keeps the yearly growth of the last two years
    """
    years, parts = panel.years, []
    for origin in years[:-1]:
        today = panel.stock[origin]
        two_before = panel.stock.get(origin - LINE_YEARS, pd.Series(np.nan, today.index))
        for year in [year for year in years if year > origin]:
            ahead = year - origin
            line = today * (today / two_before) ** (ahead / LINE_YEARS)
            part = {"origin": origin, "horizon_years": ahead, "area": today.index,
                    "actual": panel.stock[year], "same_as_today": today,
                    "straight_line": line}  # fmt: skip
            parts.append(pd.DataFrame(part).dropna(subset=["actual", "same_as_today"]))
    if not parts:
        raise InputError("The panel has one year: expected at least two, to compare.")
    return pd.concat(parts, ignore_index=True)


def rolling_forecasts(
    panel: Panel,
    *,
    seed: int,
    draws: int,
    parameters: int,
    origins: list[int] | None = None,
) -> pd.DataFrame:
    """The comparisons with the model's p10, p50 and p90, each from what was known at its origin.

    panel    England and the regions may be in it: they are forecast, and teach nothing
    seed     where chance comes from; draws, parameters: see `panel_forecast.stock_draws`
    origins  which; None: every year but the last
    returns  the columns of `comparisons`, then known_years, p10, p50, p90
    """
    authorities, last = panel.authorities(), panel.years[-1]
    fitted: Fitted | None = None
    parts = []
    for origin in origins or panel.years[:-1]:
        fitted = fit_drift(flows(authorities, origin), start=fitted)
        known = flows(authorities, origin, of=panel)
        rng = np.random.default_rng([seed, origin])
        size = {"years": last - origin, "draws": draws, "parameters": parameters}
        futures = stock_draws(fitted, known, rng=rng, **size)
        said = np.percentile(futures, CENTILES, axis=1)
        for ahead in range(last - origin):
            part = {f"p{centile}": said[at, :, ahead] for at, centile in enumerate(CENTILES)}
            head = {"origin": origin, "horizon_years": ahead + 1, "area": known.areas}
            parts.append(pd.DataFrame(head | {"known_years": known.years} | part))
    keys = ["origin", "horizon_years", "area"]
    found = comparisons(panel).merge(pd.concat(parts, ignore_index=True), on=keys)
    return found.dropna(subset=["p50"]).reset_index(drop=True)


def measured(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Error and coverage of each of SETS at each of HORIZONS.

    forecasts  from `rolling_forecasts`
    returns    areas (a name of SETS), horizon_years, forecasts (how many), error_pct,
               same_as_today_pct, error_of_today_pct, same_as_today_of_today_pct,
               straight_line_pct, interval_held_pct, below_pct, above_pct

    An error is |forecast - outturn| / outturn, in per cent, mean over all forecasts made with
    LEAST_CHILDREN looked after that day; ..._of_today_pct divides by that day's children. The
    line's is of those forecasts where there is one. below and above say where the rest fell.
    """
    rows = [
        {"areas": name, "horizon_years": ahead} | _errors(_chosen(forecasts, name, ahead))
        for name in SETS
        for ahead in HORIZONS
    ]
    return pd.DataFrame(rows)


def held_by_origin(forecasts: pd.DataFrame) -> pd.DataFrame:
    """How often the interval held from each origin, in per cent; authorities alone.

    returns  origin, horizon_years, forecasts, interval_held_pct, error_pct, same_as_today_pct
    """
    rows = []
    for ahead in HORIZONS:
        for origin, part in _chosen(forecasts, "authorities", ahead).groupby("origin"):
            found = _errors(part)
            names = ("forecasts", "interval_held_pct", "error_pct", "same_as_today_pct")
            head = {"origin": int(origin), "horizon_years": ahead}
            rows.append(head | {name: found[name] for name in names})
    columns = ["origin", "horizon_years"]
    return pd.DataFrame(rows).sort_values(columns, ignore_index=True)


def _chosen(forecasts: pd.DataFrame, name: str, ahead: int) -> pd.DataFrame:
    areas, known = SETS[name]
    kept = forecasts["horizon_years"].eq(ahead) & forecasts["known_years"].ge(known)
    kept &= forecasts["same_as_today"].ge(LEAST_CHILDREN)
    if areas == "authorities":
        kept &= forecasts["area"] < FIRST_SUM
    return forecasts[kept]


def _errors(rows: pd.DataFrame) -> dict[str, float]:
    def error(name: str, of: str = "actual") -> float:
        return 100 * float(((rows[name] - rows["actual"]).abs() / rows[of]).mean())

    below = 100 * float((rows["actual"] < rows["p10"]).mean())
    above = 100 * float((rows["actual"] > rows["p90"]).mean())
    return {
        "forecasts": len(rows),
        "error_pct": error("p50"),
        "same_as_today_pct": error("same_as_today"),
        "error_of_today_pct": error("p50", "same_as_today"),
        "same_as_today_of_today_pct": error("same_as_today", "same_as_today"),
        "straight_line_pct": error("straight_line"),
        "interval_held_pct": 100 - below - above,
        "below_pct": below,
        "above_pct": above,
    }


# --- the table that ships ------------------------------------------------------------------------


def backtest_toml(tables: Mapping[str, pd.DataFrame], provenance: Mapping[str, object]) -> str:
    """The text of the shipped table: [provenance], then a [[table]] a row of each table."""
    lines = ["[provenance]", *(f"{name} = {_toml(value)}" for name, value in provenance.items())]
    for name, table in tables.items():
        for row in table.to_dict("records"):
            lines += ["", f"[[{name}]]", *(f"{key} = {_toml(cell)}" for key, cell in row.items())]
    return "\n".join(lines) + "\n"


def published_backtest() -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """What was measured over the published panel, as shipped, and what it was measured on.

    returns  tables by name: measured (see `measured`), by_origin (see `held_by_origin`), both
             rounded to two decimals; and the provenance

    >>> tables, provenance = published_backtest()
    >>> tables["measured"]["horizon_years"].unique().tolist()
    [1, 2, 3, 5]
    """
    folder = resources.files("sufficiency_lib.forecast") / "parameters"
    held = tomllib.loads((folder / "panel_backtest.toml").read_text(encoding="utf-8"))
    provenance = held.pop("provenance")
    return {name: pd.DataFrame(rows) for name, rows in held.items()}, provenance


def _toml(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float | np.floating) else toml_value(value)
