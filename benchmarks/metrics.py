"""Every measure of an England-sized table, against the same measures in DuckDB's SQL.

    python -m benchmarks.metrics [--children 82000] [--authorities 153]

Both sides read the same parquet into memory before their clocks start, each in a process of
its own, and say their best of three times (of one, where it takes more than a second) and the
most memory they held; their answers are then compared, row for row. DuckDB is installed for
the run into a folder that is thrown away; where that cannot be done the library is timed
alone. What all measures cost as one council grows is timed too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.shared import best, environment, peak_megabytes

HERE = Path(__file__).resolve().parent
#: Children looked after by one authority that is larger than most.
COUNTY = 900
GROWTH = (1, 4, 16)


# --- each side, in a process of its own ----------------------------------------------------------


def make_tables(folder: Path, children: int, authorities: int) -> dict:
    """Write a made-up country as one parquet a table."""
    from benchmarks.england import Size, england
    from benchmarks.measures import tables_of

    tables = tables_of(england(Size.of_children(children, authorities)))
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return {"episodes": len(tables["episodes"])}


def by_library(folder: Path, *, answers: bool) -> dict:
    """Seconds that each measure takes at best, and what was loaded and held."""
    import pandas as pd

    from benchmarks.measures import MEASURES, WITHOUT_SQL, not_measured

    start = time.perf_counter()
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    loading = time.perf_counter() - start
    took, rows = {}, {}
    (folder / "library").mkdir(exist_ok=True)
    for name, measure in MEASURES.items():
        made = []

        def timed(measure=measure, made=made) -> float:
            begun = time.perf_counter()
            made[:] = [measure(tables)]
            return time.perf_counter() - begun

        took[name] = best(timed)
        rows[name] = len(made[0])
        if answers:
            made[0].to_parquet(folder / "library" / f"{name}.parquet", index=False)
    return {"took": took, "rows": rows, "loading": loading, "peak_mb": peak_megabytes(),
            "without_sql": WITHOUT_SQL, "not_measured": not_measured()}  # fmt: skip


def by_duckdb(python: str, folder: Path, *more: str) -> dict:
    """The same of DuckDB."""
    return _said([python, str(HERE / "duck.py"), str(folder), *more])


def compared(folder: Path) -> dict[str, str]:
    """Measure → how the two sides' answers differ, where they do."""
    import pandas as pd

    from benchmarks.differences import difference

    found = {}
    for theirs in sorted((folder / "duckdb").glob("*.parquet")):
        ours = pd.read_parquet(folder / "library" / theirs.name)
        found[theirs.stem] = difference(ours, pd.read_parquet(theirs))
    return {name: said for name, said in found.items() if said}


def _here(way: str, folder: Path, *more: str) -> dict:
    """What this module says when it is asked in a process of its own."""
    module = [sys.executable, "-m", "benchmarks.metrics"]
    return _said([*module, "--way", way, "--in", str(folder), *more])


def _said(command: Iterable[str]) -> dict:
    # A process starts with its parent's peak of memory, so the parent reads nothing.
    done = subprocess.run(
        [*command], cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


# --- the report ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sides:
    """What was timed on one set of tables; without DuckDB `duck` and `alone` are None.

    ours   the library
    duck   DuckDB with as many threads as it takes
    alone  DuckDB with one thread, as the library has
    """

    ours: dict
    duck: dict | None
    alone: dict | None

    @property
    def every(self) -> list[dict]:
        """Those that there are."""
        return [side for side in (self.ours, self.duck, self.alone) if side]

    def totals(self) -> list[float]:
        """Seconds of the measures that every side has."""
        shared = set.intersection(*(set(side["took"]) for side in self.every))
        return [sum(side["took"][name] for name in shared) for side in self.every]


def table(sides: Sides) -> list[str]:
    """A line a measure, then all of them, what loading took and the most memory held."""
    heads = ["library"]
    if sides.duck and sides.alone:
        heads += ["DuckDB", "ratio", "1 thread", "ratio"]

    def line(name: str, rows: str, of: Sequence[float | None], places: int = 3) -> str:
        cells = [_number(of[0], places)]
        for one in of[1:]:
            cells += [_number(one, places), _number(of[0] / one if one else None, 1)]
        wide = "".join(f"{cell:>{len(head) + 2}}" for cell, head in zip(cells, heads, strict=True))
        return f"{name:<45}{rows:>8}{wide}".rstrip()

    ours = sides.ours
    lines = []
    if sides.duck:
        lines.append(
            f"DuckDB {sides.duck['version']} has {sides.duck['threads']} threads, and then one; "
            "each ratio is of the library's time to its"
        )
    lines += [f"{'measure, seconds':<45}{'rows':>8}" + "".join(f"  {head}" for head in heads)]
    lines += [
        line(name, f"{ours['rows'][name]:,}", [side["took"].get(name) for side in sides.every])
        for name in ours["took"]
    ]
    lines.append(line("every measure that all have", "", sides.totals()))
    lines.append(line("reading the tables", "", [side["loading"] for side in sides.every]))
    lines.append(line("peak memory, MB", "", [side["peak_mb"] for side in sides.every], 0))
    return lines


def _number(value: float | None, places: int) -> str:
    return "-" if value is None else f"{value:,.{places}f}"


def summary(sides: Sides, growth: Sequence[Sequence[float]], differing: dict[str, str]) -> str:
    """The one line at the end.

    growth     the totals of `Sides` at each of GROWTH
    differing  see `compared`
    """
    ours = sides.ours
    said = (f"{len(ours['took'])} measures of England in {sum(ours['took'].values()):.1f} s "
            f"and {ours['peak_mb']:,.0f} MB")  # fmt: skip
    if sides.duck:
        one, other = sides.totals()[:2]
        answers = "NOT the same answers" if differing else "the same answers"
        said += f"; {one / other:.1f} × DuckDB's time, {answers}"
    return f"{said}; {GROWTH[-1]} × a county is {growth[-1][0] / growth[0][0]:.1f} × the time"


def main() -> None:
    """Run both sides and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--children", type=int, default=82_000)
    parser.add_argument("--authorities", type=int, default=153)
    parser.add_argument("--way", choices=("make", "library", "compare"), help=argparse.SUPPRESS)
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--answers", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way == "make":
        print(json.dumps(make_tables(asked.folder, asked.children, asked.authorities)))
    elif asked.way == "library":
        print(json.dumps(by_library(asked.folder, answers=asked.answers)))
    elif asked.way == "compare":
        print(json.dumps(compared(asked.folder)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            _report(Path(folder), asked.children, asked.authorities)


def _report(folder: Path, children: int, authorities: int) -> None:
    python = environment(folder / "environment", HERE / "requirements-duckdb.txt")
    if python is None:
        print("DuckDB could not be installed, so the library is timed without it.")
    whole, made = _made(folder / "england", children, authorities)
    print(f"a made-up England: {made['episodes']:,} episodes of {authorities} authorities at once, "
          f"{children:,} children looked after")  # fmt: skip
    sides = Sides(
        _here("library", whole, "--answers"),
        by_duckdb(python, whole, "--answers") if python else None,
        by_duckdb(python, whole, "--threads", "1") if python else None,
    )
    differing = _here("compare", whole) if python else {}
    print("\n".join(table(sides)), flush=True)
    _say_what_is_missing(sides.ours)
    growth = _growth(folder, python)
    for name, said in differing.items():
        print(f"NOT the same answers, {name}: {said}")
    print(summary(sides, growth, differing))
    if differing:
        raise SystemExit(1)


def _made(folder: Path, children: int, authorities: int) -> tuple[Path, dict]:
    folder.mkdir()
    size = ("--children", str(children), "--authorities", str(authorities))
    return folder, _here("make", folder, *size)


def _say_what_is_missing(ours: dict) -> None:
    for name, why in ours["without_sql"].items():
        print(f"not in SQL: {name} ({why})")
    if ours["not_measured"]:
        print(f"not timed: {', '.join(ours['not_measured'])}")


def _growth(folder: Path, python: str | None) -> list[list[float]]:
    """Seconds of all measures of one authority at each of GROWTH times a county, printed."""
    found: list[list[float]] = []
    for times in GROWTH:
        county, made = _made(folder / f"county_{times}", COUNTY * times, 1)
        duck = by_duckdb(python, county) if python else None
        found.append(Sides(_here("library", county), duck, None).totals())
        each = [
            f"{name} {took:.2f} s ({took / first:.1f} ×)"
            for name, took, first in zip(("library", "duckdb"), found[-1], found[0], strict=False)
        ]
        print(f"all measures, {times:>2} × a county, {made['episodes']:>6,} episodes: "
              f"{', '.join(each)}", flush=True)  # fmt: skip
    return found


if __name__ == "__main__":
    main()
