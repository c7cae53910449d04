"""What was measured of the forecast, as the methods page prints it: from the tables that ship."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources

import pandas as pd

from sufficiency_lib.forecast.panel_backtest import published_backtest

TITLE = "What was measured of the forecast"

_BACKTEST = {
    "horizon_years": "years ahead", "forecasts": "forecasts", "error_pct": "error",
    "same_as_today_pct": "same as today", "straight_line_pct": "straight line",
    "interval_held_pct": "80% interval held", "below_pct": "below it", "above_pct": "above it",
    "error_of_today_pct": "error, of the children then",
    "same_as_today_of_today_pct": "same as today, of the children then",
}  # fmt: skip
_COVERAGE = {
    "months": "months ahead", "group": "placements", "children": "children",
    "held_pct": "80% interval held", "bias_pct": "mean above what came",
    "error_pct": "give or take",
}  # fmt: skip


def measured() -> list[str]:
    """The part of the methods page, as lines of Markdown."""
    return [f"## {TITLE}", "", *_of_the_panel(), "", *_of_made_up_authorities()]


def published_coverage() -> tuple[pd.DataFrame, dict[str, object]]:
    """How often intervals held over made-up authorities, as shipped, and how it was made.

    returns  truth, months, group, children, held_pct, bias_pct, error_pct; and the provenance

    >>> table, provenance = published_coverage()
    >>> sorted(table["months"].unique().tolist())
    [12, 24, 36]
    """
    folder = resources.files("sufficiency_lib.forecast") / "parameters"
    held = tomllib.loads((folder / "coverage.toml").read_text(encoding="utf-8"))
    return pd.DataFrame(held["coverage"]), held["provenance"]


def _of_the_panel() -> list[str]:
    tables, said = published_backtest()
    lines = [
        "### Over the published panel", "",
        f"Forecasts of the children looked after in every area and from every year, "
        f"{said['first_year']} to {said['last_year'] - 1}, against what came; every parameter "
        "estimated from the years up to the origin. Errors are mean absolute ones, in per cent "
        "of what came unless it is said; areas with fewer than "
        f"{said['least_children']} children looked after are left out. The straight line is of "
        "the areas and years that have the year two before.",
    ]  # fmt: skip
    for name, rows in tables["measured"].groupby("areas", sort=False):
        lines += ["", f"#### {name[0].upper()}{name[1:]}", "", *_table(rows, _BACKTEST)]
    held = tables["by_origin"].pivot(
        index="origin", columns="horizon_years", values="interval_held_pct"
    )
    lines += ["", "#### How often the 80% interval held, by the year of the origin", ""]
    named = {"origin": "origin"} | {years: _years(years) for years in held.columns}
    lines += [*_table(held.reset_index(), named), "", *_judged(tables), "",
              _made_by(said, f"{said['source']} (`{said['file']}`, SHA-256 `{said['sha256']}`; "
                             f"{said['authority_years']:,} years of {said['authorities']} "
                             "authorities)")]  # fmt: skip
    return lines


def _judged(tables: Mapping[str, pd.DataFrame]) -> Iterable[str]:
    """What the tables say in words, worked out from them."""
    found = tables["measured"].query("areas == 'authorities'")
    less, of_then = (
        100 * (1 - found[ours] / found[same])
        for ours, same in (("error_pct", "same_as_today_pct"),
                           ("error_of_today_pct", "same_as_today_of_today_pct"))
    )  # fmt: skip
    origins = tables["by_origin"]
    first = origins[origins["origin"] == origins["origin"].min()]
    low, high = first["interval_held_pct"].min(), first["interval_held_pct"].max()
    worse = (origins["error_pct"] >= origins["same_as_today_pct"]).sum()
    return (
        f"- The gain over \"same as today\" is small: {less.min():.0f}% to {less.max():.0f}% of "
        f"its error against what came, {of_then.min():.0f}% to {of_then.max():.0f}% against the "
        "children of the origin. What the forecast adds is its interval.",
        f"- From {worse} of the {len(origins)} origins and horizons \"same as today\" was as good "
        "or better.",
        f"- From {first['origin'].iloc[0]}, with one year known, the interval held "
        f"{low:.0f}% to {high:.0f}% of outturns.",
        "- How often the interval holds depends on the priors of `panel_fit`, which are round "
        "numbers and were not fitted to this table; the error hardly does.",
    )


def _of_made_up_authorities() -> list[str]:
    table, said = published_coverage()
    lines = [
        "### Over made-up authorities", "",
        f"Forecasts of {said['authorities']} made-up authorities each, whose rates are known, by "
        f"{said['draws']} futures as at {said['as_at']}, from returns since {said['first']}. The "
        "rates do not change, and the forecast is told so; in `wandering` they drift from year to "
        "year as the published panel's do, and the forecast is told that. The last columns are in "
        "per cent of the children: how far the mean was above what came, and its standard error.",
    ]  # fmt: skip
    for name, rows in table.groupby("truth", sort=False):
        lines += ["", f"#### Truth: {name}", "", *_table(rows, _COVERAGE)]
    return [*lines, "", _made_by(said, "`benchmarks/forecast_truth.py`")]


def _made_by(said: Mapping[str, object], source: str) -> str:
    return f"Made by `{said['command']}` from {source}."


def _years(many: int) -> str:
    return f"{many} year" if many == 1 else f"{many} years"


def _table(frame: pd.DataFrame, named: Mapping[object, str]) -> list[str]:
    """A Markdown table of some columns, under their headings."""
    rows = [[_cell(value) for value in row] for row in frame[list(named)].itertuples(index=False)]
    lines = [list(named.values()), ["---"] * len(named), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _cell(value: object) -> str:
    if isinstance(value, float):
        # Nothing is said to be a little below nought.
        return "" if pd.isna(value) else f"{round(value, 1) + 0.0:.1f}"
    return str(value).replace("_", "\\_")
