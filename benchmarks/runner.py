"""Appendices of a made-up England: this suite's run against the plain way, and against the floor.

    python -m benchmarks.runner [--each 2] [--authorities 8 | --all] [--workers 1 2 4] [--kept]

Writes the returns of a made-up England (`benchmarks.england_returns`). Authorities of middle size
are then made into appendices by each way, with the same notebooks, returns and parameters:
papermill's and nbconvert's commands, an authority after another for each worker, as `xargs -P`
would run them; this suite with as many workers; and the cells run without any kernel, a fork a
report (`benchmarks.runner_floor`). A worker makes one appendix, so that all ways take about as
long; `--each` and `--authorities` say otherwise. Every way, with every number of workers, begins
with an empty cache of its own, which in the plain way too serves the notebooks that follow. With
`--kept` come second runs with datasets, editions and futures in their caches.

Then come a run of twice as many authorities, and runs of what has not changed: of the few, and of
everyone. Of everyone only the inputs are their own: their outputs are the few's by another name,
which is as much to read.

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

from benchmarks.england_returns import AUTHORITIES, Made, made_up, of_middle_size, write_returns
from benchmarks.runner_ways import (
    Asked,
    Took,
    as_if_run,
    differing,
    floor,
    plain,
    suite,
    unchanged,
)
from sufficiency_lib.runs.forks import can_fork

WORKERS = (1, 2, 4)
PLAIN, SUITE, FLOOR = "papermill, nbconvert", "this suite", "no kernels (floor)"
KEPT = ", caches kept"
_MEGABYTE = 1e6


@dataclass(frozen=True)
class Timed:
    """A way that was timed: its name, its workers, how many appendices it made, what it took."""

    way: str
    workers: int
    made: int
    took: Took

    @property
    def seconds(self) -> float:
        """Of the clock, for an appendix."""
        return self.took.seconds / self.made


def table(timed: Sequence[Timed]) -> list[str]:
    """A line a way; times are of one appendix.

    `series ÷` is the plain way's time with one worker to a way's, `plain ÷` with as many workers,
    where caches were kept with them kept; `÷ floor` a way's to the floor's with as many workers.
    """
    lines = [
        f"{'an appendix by':<34}{'workers':>8}{'made':>5}{'s':>7}{'cpu s':>7}{'series ÷':>9}"
        f"{'plain ÷':>8}{'÷ floor':>8}{'MB each':>8}{'MB all':>7}"
    ]
    for one in timed:
        kept = KEPT if one.way.endswith(KEPT) else ""
        of_floor = _ratio(one.seconds, _seconds(timed, FLOOR, one.workers))
        lines.append(
            f"{one.way:<34}{one.workers:>8}{one.made:>5}{one.seconds:>7.1f}"
            f"{_or_dash(one.took.busy / one.made, 1):>7}"
            f"{_ratio(_seconds(timed, PLAIN + kept, 1), one.seconds):>9}"
            f"{_ratio(_seconds(timed, PLAIN + kept, one.workers), one.seconds):>8}"
            f"{'-' if kept or one.way == PLAIN else of_floor:>8}"
            f"{_or_dash(one.took.most / _MEGABYTE, 0):>8}"
            f"{_or_dash(one.took.in_all / _MEGABYTE, 0):>7}"
        )
    return lines


def _seconds(timed: Sequence[Timed], way: str, workers: int) -> float:
    """Seconds that an appendix took by a way with so many workers; 0 where it was not timed."""
    return sum(one.seconds for one in timed if (one.way, one.workers) == (way, workers))


def _ratio(above: float, below: float) -> str:
    return f"{above / below:.1f}" if above and below else "-"


def _or_dash(value: float, places: int) -> str:
    return f"{value:.{places}f}" if value else "-"


def summary(timed: Sequence[Timed], everyone: int, again: float) -> list[str]:
    """The lines at the end: a ratio for each number of workers, and everyone.

    everyone  authorities of the made-up country
    again     seconds of a run of them all that changed nothing
    """
    ours = [one for one in timed if one.way == SUITE]
    lines = [
        f"{_many(one.workers, 'worker')}: {one.seconds:.1f} s an appendix, "
        f"{_ratio(_seconds(timed, PLAIN, 1), one.seconds)} × as fast as the plain way in series, "
        f"{_ratio(_seconds(timed, PLAIN, one.workers), one.seconds)} × as fast as it with as many "
        f"at once, {_ratio(one.seconds, _seconds(timed, FLOOR, one.workers))} × the floor's time"
        for one in ours
    ]
    most = max(ours, key=lambda one: one.workers)
    return [*lines, (
        f"{everyone} unchanged in {again:.1f} s; {everyone} from nothing with "
        f"{_many(most.workers, 'worker')}, reckoned from {most.made}: "
        f"{most.seconds * everyone / 60:.0f} min"
    )]


class Bench:
    """Times one way after another in folders of their own, and says each as it is done.

    asked     enough authorities for the way with the most
    together  how many each way makes; 0: `each` for every worker
    """

    def __init__(self, asked: Asked, folder: Path, together: int, each: int) -> None:
        self.asked, self.folder, self.together, self.each = asked, folder, together, each
        self.timed: list[Timed] = []

    def own(self, name: str) -> Path:
        """The folder of one way, with its cache and outputs."""
        return self.folder / name

    def asked_of(self, workers: int) -> Asked:
        """What a way with so many workers is asked for."""
        return self.asked.of(self.asked.names[: self.together or self.each * workers])

    def note(self, way: str, workers: int, took: Took) -> None:
        """Keep what a way took, and say so: the whole takes long."""
        made = len(self.asked_of(workers).names)
        self.timed.append(Timed(way, workers, made, took))
        print(f"  {way}, {_many(workers, 'worker')}: {_many(made, 'appendix', 'appendices')} in "
              f"{took.seconds:.0f} s", flush=True)  # fmt: skip

    def every_way(self, workers: Sequence[int], *, kept: bool) -> None:
        """The plain way, this suite and the floor; then the first two with their caches `kept`."""
        for many in workers:
            asked = self.asked_of(many)
            self.note(PLAIN, many, plain(asked, self.own(f"plain-{many}"), many))
            self.note(SUITE, many, suite(asked, self.own(f"suite-{many}"), many))
            self.note(FLOOR, many, floor(asked, self.own(f"floor-{many}"), many))
        for many in workers if kept else ():
            asked = self.asked_of(many)
            self.note(PLAIN + KEPT, many, plain(asked, self.own(f"plain-{many}"), many))
            self.note(SUITE + KEPT, many, suite(asked, self.own(f"suite-{many}"), many, "--force"))

    def growth(self, workers: int) -> list[tuple[int, float]]:
        """Seconds that one, as many as were made, and twice as many take with so many workers."""
        many = len(self.asked_of(workers).names)
        known = {many: sum(one.took.seconds for one in self.timed
                           if (one.way, one.workers) == (SUITE, workers))}  # fmt: skip
        for number in {1, 2 * many} - {many}:
            names = self.asked.names[:number]
            took = suite(self.asked.of(names), self.own(f"growth-{number}"), workers)
            known[len(names)] = took.seconds
        return sorted(known.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the returns, time every way and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--each", type=int, default=1, help="how many appendices a worker makes")
    chosen.add_argument("--authorities", type=int, default=0, help="how many each way makes")
    chosen.add_argument("--all", action="store_true", help="every way makes all: takes many hours")
    parser.add_argument("--england", type=int, default=AUTHORITIES, help="how many are written")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    for name, said in (("kept", "whether to time ways again with their caches kept"),
                       ("growth", "whether to time more and fewer authorities too")):
        parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction,
                            default=name == "growth", help=said)  # fmt: skip
    asked = parser.parse_args(arguments)
    if not can_fork():
        print("The floor of a run is made by forks, which this system has not: nothing is timed.")
        return
    everyone = made_up(asked.england)
    together = len(everyone) if asked.all else min(asked.authorities, len(everyone))
    # Short enough a path for what is made below it, and on a disk: memory is measured too.
    with tempfile.TemporaryDirectory(prefix="sf-bench-") as folder:
        _report(Path(folder), everyone, together, asked)


def _report(
    folder: Path, everyone: Sequence[Made], together: int, chosen: argparse.Namespace
) -> None:
    from sufficiency_lib.store import sample_data

    most, data = max(chosen.workers), folder / "england"
    reference = sample_data() / "reference" / "store"
    _say_what_is_made(everyone, data)
    few = of_middle_size(everyone, min(len(everyone), 2 * (together or chosen.each * most)))
    print(f"made into appendices: {few[0].name} ({few[0].looked_after:,} children) and others as "
          "large")  # fmt: skip
    _say_of_the_machine(most)
    asked = Asked(tuple(made.name for made in few), data, reference)
    bench = Bench(asked, folder, together, chosen.each)
    bench.every_way(sorted(chosen.workers), kept=chosen.kept)
    own = bench.own(f"suite-{most}")
    again = suite(bench.asked_of(most), own, most)
    as_if_run(data, reference, own, bench.own("everyone"))
    all_again = unchanged(data, reference, bench.own("everyone"))
    grown = bench.growth(most) if chosen.growth else []
    print("\n".join(["", *table(bench.timed), ""]))
    _say_whether_alike(bench, most)
    if grown:
        print(f"by number, {_many(most, 'worker')}: "
              + ", ".join(f"{many} in {seconds:.0f} s" for many, seconds in grown))  # fmt: skip
    few_again = len(bench.asked_of(most).names)
    print(f"nothing changed: {few_again} in {again.seconds:.1f} s, {len(everyone)} (with the "
          f"outputs of those {few_again}) in {all_again.seconds:.1f} s "
          f"({_or_dash(all_again.busy, 1)} of processors)")  # fmt: skip
    print("\n".join(summary(bench.timed, len(everyone), all_again.seconds)))


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
    unlike = differing(*sides, bench.asked_of(most).names)
    print(f"NOT the same tables: {', '.join(unlike)}" if unlike else
          "this suite and the floor left the same tables")  # fmt: skip


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


if __name__ == "__main__":
    main()
