"""Appendices of a made-up England: this suite's run against the plain way, and against the floor.

    python -m benchmarks.runner [--authorities 4 | --all] [--england 153]

Writes the returns of a made-up England (`benchmarks.england_returns`). A few of its authorities,
drawn across all sizes, are then made into appendices by each way, with the same notebooks, returns
and parameters: papermill's and nbconvert's commands one after another; this suite with 1, 2 and 4
workers; and the cells run without any kernel, a fork a report (`benchmarks.runner_floor`). Each
way begins with an empty cache, which in the plain way too serves the notebooks that follow; the
lines `caches kept` are of a second run with datasets, editions and futures in their caches. Then
come runs of what has not changed: of those few, and of everyone's.

Seconds are of the clock, and processor seconds of all processes together: on a machine that
others use the second are the steadier. Only what is said to be reckoned was not measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.england_returns import AUTHORITIES, Made, drawn_across, made_up, write_returns
from benchmarks.runner_ways import (
    Asked,
    Took,
    as_if_run,
    differing,
    floor,
    plain,
    seconds_of_each,
    suite,
    unchanged,
)

WORKERS = (1, 2, 4)
FEW = 4
GROWTH = (1, 2, 4, 8, 16)
PLAIN, SUITE, FLOOR = "papermill, nbconvert", "this suite", "no kernels (floor)"
KEPT = ", caches kept"
_MEGABYTE = 1e6


@dataclass(frozen=True)
class Timed:
    """A way that was timed: its name, how many workers it had, and what it took."""

    way: str
    workers: int
    took: Took


def table(timed: Sequence[Timed], appendices: int) -> list[str]:
    """A line a way.

    Times are of one appendix. The ratios are the plain way's time to it, and its to the floor's
    with as many workers; where caches were kept, the plain way's with them kept.
    """
    lines = [
        f"{'an appendix by':<34}{'workers':>8}{'s':>8}{'cpu s':>8}{'plain ÷':>9}{'÷ floor':>9}"
        f"{'MB each':>9}{'MB all':>8}"
    ]
    for one in timed:
        kept = KEPT if one.way.endswith(KEPT) else ""
        of_plain = _ratio(_seconds(timed, PLAIN + kept, 1), one.took.seconds)
        of_floor = _ratio(one.took.seconds, _seconds(timed, FLOOR, one.workers))
        if kept or one.way == PLAIN:
            of_floor = "-"
        lines.append(
            f"{one.way:<34}{one.workers:>8}{one.took.seconds / appendices:>8.1f}"
            f"{_or_dash(one.took.busy / appendices, 1):>8}{of_plain:>9}{of_floor:>9}"
            f"{_or_dash(one.took.most / _MEGABYTE, 0):>9}"
            f"{_or_dash(one.took.in_all / _MEGABYTE, 0):>8}"
        )
    return lines


def _seconds(timed: Sequence[Timed], way: str, workers: int) -> float:
    """Seconds that a way took with so many workers; 0 where it was not timed."""
    return sum(one.took.seconds for one in timed if (one.way, one.workers) == (way, workers))


def _ratio(above: float, below: float) -> str:
    return f"{above / below:.1f}" if above and below else "-"


def _or_dash(value: float, places: int) -> str:
    return f"{value:.{places}f}" if value else "-"


def summary(timed: Sequence[Timed], few: int, everyone: int, again: float) -> str:
    """The one line at the end.

    few       appendices that each way made
    everyone  authorities of the made-up country
    again     seconds of a run of them all that changed nothing
    """
    workers = max(one.workers for one in timed)
    ours = _seconds(timed, SUITE, workers)
    return (
        f"{ours / few:.1f} s an appendix with {_many(workers, 'worker')}: "
        f"{_ratio(_seconds(timed, PLAIN, 1), ours)} × as fast as the plain way, "
        f"{_ratio(ours, _seconds(timed, FLOOR, workers))} × the floor's time; {everyone} unchanged "
        f"in {again:.1f} s; {everyone} from nothing, reckoned from {few}: "
        f"{ours / few * everyone / 60:.0f} min"
    )


class Bench:
    """Times one way after another in folders of their own, and says each as it is done."""

    def __init__(self, asked: Asked, folder: Path) -> None:
        self.asked, self.folder = asked, folder
        self.timed: list[Timed] = []

    def own(self, name: str) -> Path:
        """The folder of one way, with its cache and outputs."""
        return self.folder / name

    def note(self, way: str, workers: int, took: Took) -> None:
        """Keep what a way took, and say so: the whole takes long."""
        self.timed.append(Timed(way, workers, took))
        print(f"  {way}, {_many(workers, 'worker')}: {took.seconds:.0f} s", flush=True)

    def every_way(self, workers: Sequence[int], *, kept: bool) -> None:
        """The plain way, this suite and the floor; then the first two with their caches `kept`."""
        most = max(workers)
        self.note(PLAIN, 1, plain(self.asked, self.own("plain")))
        for many in workers:
            self.note(SUITE, many, suite(self.asked, self.own(f"suite-{many}"), many))
        for many in sorted({1, most}):
            self.note(FLOOR, many, floor(self.asked, self.own(f"floor-{many}"), many))
        if not kept:
            return
        self.note(PLAIN + KEPT, 1, plain(self.asked, self.own("plain")))
        own = self.own(f"suite-{most}")
        self.note(SUITE + KEPT, most, suite(self.asked, own, most, "--force"))

    def growth(self, few: Sequence[Made], workers: int) -> list[tuple[int, float]]:
        """Seconds that more and more authorities take with so many workers."""
        found = []
        for many in (many for many in GROWTH if many < len(few)):
            names = [made.name for made in drawn_across(few, many)]
            took = suite(self.asked.of(names), self.own(f"growth-{many}"), workers)
            found.append((many, took.seconds))
        return [*found, (len(few), _seconds(self.timed, SUITE, workers))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the returns, time every way and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--authorities", type=int, default=FEW, help="how many each way makes")
    chosen.add_argument("--all", action="store_true", help="every way makes all: takes many hours")
    parser.add_argument("--england", type=int, default=AUTHORITIES, help="how many are written")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    parser.add_argument("--kept", action=argparse.BooleanOptionalAction, default=True,
                        help="whether to time ways again with their caches kept")  # fmt: skip
    asked = parser.parse_args(arguments)
    everyone = made_up(asked.england)
    few = everyone if asked.all else drawn_across(everyone, min(asked.authorities, len(everyone)))
    # Short enough a path for what is made below it, and on a disk: memory is measured too.
    with tempfile.TemporaryDirectory(prefix="sf-bench-") as folder:
        _report(Path(folder), everyone, few, asked.workers, kept=asked.kept)


def _report(
    folder: Path, everyone: Sequence[Made], few: Sequence[Made], workers: Sequence[int],
    *, kept: bool,
) -> None:  # fmt: skip
    from sufficiency_lib.store import sample_data

    most, data = max(workers), folder / "england"
    reference = sample_data() / "reference" / "store"
    _say_what_is_made(everyone, data)
    print(f"each way makes {len(few)} of them: "
          + ", ".join(f"{made.name} ({made.looked_after:,} children)" for made in few))  # fmt: skip
    _say_of_the_machine(most)
    bench = Bench(Asked(tuple(made.name for made in few), data, reference), folder)
    bench.every_way(workers, kept=kept)
    own = bench.own(f"suite-{most}")
    again = suite(bench.asked, own, most)
    as_if_run(data, reference, own, bench.own("everyone"))
    all_again = unchanged(data, reference, bench.own("everyone"))
    grown = bench.growth(few, most)
    print("\n".join(["", *table(bench.timed, len(few)), ""]))
    _say_whether_alike(bench, most)
    each = seconds_of_each(bench.own("suite-1")) if 1 in workers else {}
    if each:
        print("by size, 1 worker: " + ", ".join(
            f"{made.looked_after:,} children {each[made.name]:.0f} s" for made in few))  # fmt: skip
    print(f"by number, {_many(most, 'worker')}: "
          + ", ".join(f"{many} in {seconds:.0f} s" for many, seconds in grown))  # fmt: skip
    print(f"nothing changed: {len(few)} in {again.seconds:.1f} s, {len(everyone)} (with outputs "
          f"copied from the {len(few)}) in {all_again.seconds:.1f} s")  # fmt: skip
    print(summary(bench.timed, len(few), len(everyone), all_again.seconds))


def _say_what_is_made(everyone: Sequence[Made], data: Path) -> None:
    processes = min(4, os.cpu_count() or 1)
    begun = time.perf_counter()
    write_returns(everyone, data, processes=processes)
    took = time.perf_counter() - begun
    files = [path for path in data.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / _MEGABYTE
    print(f"a made-up England: {_many(len(everyone), 'authority', 'authorities')}, "
          f"{sum(made.looked_after for made in everyone):,} children looked after, five returns "
          f"each; {len(files):,} files, {megabytes:,.0f} MB, written in {took:.0f} s by "
          f"{_many(processes, 'process', 'processes')}", flush=True)  # fmt: skip


def _say_of_the_machine(workers: int) -> None:
    """What else would explain the times."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{cores} cores for {_many(workers, 'worker')}; {busy:.1f} processes were waiting for "
          "them in the minute before", flush=True)  # fmt: skip
    if sys.dont_write_bytecode:
        print("Python keeps no bytecode here, so that every process may compile what it imports: "
              "unset PYTHONDONTWRITEBYTECODE")  # fmt: skip


def _say_whether_alike(bench: Bench, most: int) -> None:
    """The floor must have done the same work."""
    sides = bench.own(f"suite-{most}"), bench.own(f"floor-{most}")
    unlike = differing(*sides, bench.asked.names)
    print(f"NOT the same tables: {', '.join(unlike)}" if unlike else
          "this suite and the floor left the same tables")  # fmt: skip


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


if __name__ == "__main__":
    main()
