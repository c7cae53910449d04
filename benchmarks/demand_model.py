"""``python -m benchmarks.demand_model``: our forecast beside the public one, on the same returns.

    python -m benchmarks.demand_model [FOLDER] [--draws 1000]

FOLDER holds SSDA903 returns as csv; the returns that `cs-demand-model` is tried on are looked
for in ``../shared/peer_returns/demand_model``. From each 31 March that has a year after it, both
are given the returns up to it and nothing later. What came is the children looked after in the
repaired history of all the returns, short breaks apart; on the last 31 March no later return has
filled it in. The other one says no interval; it is run as it comes, on rates of the last six
months, as its own command takes them, and once more on what ours has: no rows of short breaks,
and rates of all years. It is installed for the run into a folder that is thrown away; where that
cannot be done ours is told alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.shared import environment
from sufficiency_lib.codes import SHORT_BREAK_LEGAL_STATUSES
from sufficiency_lib.dataset import Dataset, load
from sufficiency_lib.forecast.drift import published_drift
from sufficiency_lib.forecast.projection import doubts_of, first_day
from sufficiency_lib.forecast.refusal import refused
from sufficiency_lib.forecast.run import forecast
from sufficiency_lib.metrics.stock import iso, on_date
from sufficiency_lib.settings import run_parameters

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "peer_returns" / "demand_model"
REQUIREMENTS = HERE / "requirements-demand-model.txt"
DRAWS, SEED = 1000, 20250331
YEARS_AHEAD = 3
OURS, SAME = "ours", "same as today"
AS_IT_COMES, AS_OURS = "theirs, as it comes", "theirs, given as ours"
WAYS = (OURS, AS_IT_COMES, AS_OURS, SAME)


@dataclass(frozen=True)
class Said:
    """What one forecast said of the children looked after on one day; p10 and p90 may be None."""

    way: str
    origin: pd.Timestamp
    day: pd.Timestamp
    middle: float
    p10: float | None = None
    p90: float | None = None

    @property
    def years(self) -> int:
        """How many years ahead."""
        return self.day.year - self.origin.year


# --- what both are given -------------------------------------------------------------------------


def read(folder: Path) -> Dataset:
    """The returns of a folder, repaired; nothing is kept from one reading to the next."""
    with tempfile.TemporaryDirectory() as cache:
        kept = os.environ.get("SUFFICIENCY_CACHE")
        os.environ["SUFFICIENCY_CACHE"] = cache
        try:
            return load(run_parameters(authority=folder.name, data=folder))
        finally:
            os.environ.pop("SUFFICIENCY_CACHE")
            if kept is not None:
                os.environ["SUFFICIENCY_CACHE"] = kept


def known_returns(study: Dataset, folder: Path, year: int, to: Path) -> Path:
    """Copy the files of the returns up to a year; their bytes are not touched."""
    to.mkdir(parents=True)
    known = study.sources[study.sources["return_year"] <= year]
    for name in known["source_file"].unique():
        (to / name).write_bytes((folder / name).read_bytes())
    return to


def without_short_breaks(given: Path, to: Path) -> Path:
    """The same returns without the episodes of short breaks."""
    to.mkdir(parents=True)
    for path in sorted(given.glob("*.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "LS" in rows:
            rows = rows[~rows["LS"].isin(SHORT_BREAK_LEGAL_STATUSES)]
        rows.to_csv(to / path.name, index=False)
    return to


def origins(study: Dataset) -> dict[pd.Timestamp, list[pd.Timestamp]]:
    """Each 31 March with a year known after it → the days, up to three years on."""
    ends = [pd.Timestamp(end) for end in study.year_ends]
    ahead = {end: [day for day in ends if 0 < day.year - end.year <= YEARS_AHEAD] for end in ends}
    return {end: days for end, days in ahead.items() if days}


# --- each side -----------------------------------------------------------------------------------


def ours(given: Path, days: Sequence[pd.Timestamp], draws: int) -> tuple[list[Said], float, bool]:
    """What our forecast says, the day itself first; the seconds from files to it; and whether a
    page would refuse it.
    """
    begun = time.perf_counter()
    study = read(given)
    origin = pd.Timestamp(study.as_at)
    months = 12 * (days[-1].year - origin.year)
    futures = forecast(
        study.episodes, origin, first=first_day(study), months=months, draws=draws, seed=SEED,
        drift=published_drift(),
    )  # fmt: skip
    total = futures.by_group()["all"]
    said = []
    for day in (origin, *days):
        p10, p50, p90 = np.percentile(total[:, 12 * (day.year - origin.year)], [10, 50, 90])
        said.append(Said(OURS, origin, day, float(p50), float(p10), float(p90)))
    return said, time.perf_counter() - begun, refused(doubts_of(study))


def theirs(python: str, plan: list[dict], folder: Path) -> dict:
    """What `cs_model.py` says of a plan."""
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = subprocess.run(
        [python, str(HERE / "cs_model.py"), str(folder / "plan.json")],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def planned(
    first: object, origin: pd.Timestamp, days: Sequence[pd.Timestamp], given: Path, alike: Path
) -> list[dict]:
    """Both ways of asking the other one from an origin."""
    asked = {"today": iso(origin), "days": [iso(day) for day in days]}
    half_a_year = iso(origin - pd.DateOffset(months=6))
    return [
        asked | {"way": AS_IT_COMES, "folder": str(given), "start": half_a_year},
        asked | {"way": AS_OURS, "folder": str(alike), "start": iso(first)},
    ]


def as_said(rows: list[dict]) -> list[Said]:
    """What the other side said, day by day."""
    return [
        Said(row["way"], pd.Timestamp(row["today"]), pd.Timestamp(day), middle)
        for row in rows
        for day, middle in zip(row["days"], row["said"], strict=True)
    ]


# --- the report ----------------------------------------------------------------------------------


def each_forecast(said: Sequence[Said], came: dict[pd.Timestamp, int]) -> list[str]:
    """A line an origin and day: what came, and what each way said of it."""
    keys = sorted({(one.origin, one.day) for one in said})
    found = {(one.way, one.origin, one.day): one for one in said}
    ways = [way for way in WAYS if any(one.way == way for one in said)]
    lines = [f"{'from':<6}{'to':<6}{'came':>6}" + "".join(f"  {way:>22}" for way in ways)]
    for origin, day in keys:
        cells = [_cell(found[way, origin, day]) for way in ways]
        lines.append(f"{origin.year:<6}{day.year:<6}{came[day]:>6}"
                     + "".join(f"  {cell:>22}" for cell in cells))  # fmt: skip
    return lines


def _cell(one: Said) -> str:
    if one.p10 is None:
        return f"{one.middle:.0f}"
    return f"{one.middle:.0f} ({one.p10:.0f} to {one.p90:.0f})"


def errors(said: Sequence[Said], came: dict[pd.Timestamp, int]) -> list[str]:
    """A line a way: its mean error at each horizon, and how often its interval held."""
    lines = [f"{'mean error, % of what came':<28}" + "".join(
        f"{years:>4} year{'s' if years > 1 else ' '}" for years in range(1, YEARS_AHEAD + 1))
        + "   80% interval held"]  # fmt: skip
    for way in [way for way in WAYS if any(one.way == way for one in said)]:
        mine = [one for one in said if one.way == way]
        means = [
            100 * float(np.mean([abs(one.middle - came[one.day]) / came[one.day]
                                 for one in mine if one.years == years] or [np.nan]))
            for years in range(1, YEARS_AHEAD + 1)
        ]  # fmt: skip
        wide = [one for one in mine if one.p10 is not None]
        held = sum(one.p10 <= came[one.day] <= one.p90 for one in wide)
        told = f"{held} of {len(wide)}" if wide else "says none"
        lines.append(f"{way:<28}" + "".join(f"{mean:>10.1f}" for mean in means) + f"   {told}")
    return lines


def run(folder: Path, draws: int) -> None:
    """Forecast from each origin by both, and print."""
    study = read(folder)
    ahead = origins(study)
    came = {pd.Timestamp(end): len(on_date(study.episodes, pd.Timestamp(end)))
            for end in study.year_ends}  # fmt: skip
    said: list[Said] = []
    seconds, unfit, plan = dict.fromkeys(WAYS, 0.0), [], []
    counted: dict[pd.Timestamp, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as made:
        room = Path(made)
        for origin, days in ahead.items():
            given = known_returns(study, folder, origin.year, room / f"known_{origin.year}")
            (today, *found), took, doubtful = ours(given, days, draws)
            said += found + [Said(SAME, origin, day, today.middle) for day in days]
            counted[origin] = {OURS: today.middle}
            seconds[OURS] += took
            unfit += [str(origin.year)] * doubtful
            alike = without_short_breaks(given, room / f"alike_{origin.year}")
            plan += planned(first_day(study), origin, days, given, alike)
        python = environment(room / "environment", REQUIREMENTS)
        others = theirs(python, plan, room)["rows"] if python else []
    said += as_said(others)
    for row in others:
        seconds[row["way"]] += row["seconds"]
        counted[pd.Timestamp(row["today"])][row["way"]] = row["children_today"]
    if not python:
        print("cs-demand-model could not be installed, so ours is told alone.")
    print("\n".join(each_forecast(said, came)))
    print("\n".join(errors(said, came)))
    print("\n".join(starting_points(counted, came)))
    if unfit:
        print(f"a page would refuse the forecast from {', '.join(unfit)}: the returns by then are "
              "too few or broken; it counts above all the same")  # fmt: skip
    timed = ", ".join(f"{way} {took:.1f}" for way, took in seconds.items() if took)
    print(f"seconds from files to {len(ahead)} forecasts: {timed}; ours with {draws:,} futures")


def starting_points(
    counted: dict[pd.Timestamp, dict[str, float]], came: dict[pd.Timestamp, int]
) -> list[str]:
    """A line an origin: whom each way counts as looked after, from the returns known then."""
    return [
        f"looked after on {day:%d/%m/%Y}: {came[day]} once all returns are in; then known: "
        + ", ".join(f"{way} {children:.0f}" for way, children in ways.items())
        for day, ways in counted.items()
    ]


def main() -> None:
    """Read what is asked, and say so where there is nothing to read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--draws", type=int, default=DRAWS)
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        print("The returns of the public forecaster are not here: name their folder.")
        return
    run(asked.folder, asked.draws)


if __name__ == "__main__":
    main()
