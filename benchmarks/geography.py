"""Postcodes to places and distances: the reference store against a plain pandas merge.

    python -m benchmarks.geography [--pairs 200000]

England's directory is used where ``../shared/reference`` is beside the checkout, else the
synthetic one. Each way runs in a process of its own, which says its time and the most memory
it held; both read the same pairs, and the distances they find are compared. One result a line.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from benchmarks.shared import peak_megabytes

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "reference"
SEED = 20250331
REPEATS = 5
# Real returns name a few postcodes again and again: homes, and the homes they are placed in.
DISTINCT_IN_RETURNS = 20_000
# A county on a border, a city inside a county, a city by the sea; and two large ones.
AUTHORITIES = ("E06000019", "E06000018", "E06000043", "E10000016", "E06000065")


@dataclass(frozen=True)
class Material:
    """The directory measured on, and its column names for the plain merge."""

    said: str
    postcodes: Path
    boundaries: Path
    columns: tuple[str, str, str, str]

    def frame(self) -> pd.DataFrame:
        """Postcode, easting, northing and area code as published."""
        read = pd.read_parquet if self.postcodes.suffix == ".parquet" else _read_csv
        return read(self.postcodes, columns=list(self.columns)).set_axis(
            ["pcd", "east", "north", "area"], axis=1
        )


def _read_csv(path: Path, columns: list[str]) -> pd.DataFrame:
    return pd.read_csv(path, usecols=columns, dtype={columns[0]: "str"})[columns]


def material() -> Material:
    """England where it is to be had, else the synthetic authorities."""
    if (SHARED / "postcodes_england.parquet").is_file():
        return Material(
            "England, ../shared/reference",
            SHARED / "postcodes_england.parquet",
            SHARED / "utla_england_dec2024_bgc.gpkg",
            ("pcd", "oseast1m", "osnrth1m", "utla"),
        )
    from sufficiency_lib.store import sample_data

    raw = sample_data() / "reference" / "raw"
    names = pd.read_csv(raw / "postcodes.csv", nrows=0).columns
    area = next(n for n in ("oslaua", "laua", "lad25cd") if n in names)
    columns = ("pcds", "oseast1m", "osnrth1m", area)
    return Material(
        "the synthetic authorities", raw / "postcodes.csv", raw / "boundaries.geojson", columns
    )


def write_pairs(folder: Path, pairs: int, distinct: int) -> dict:
    """Pairs of a home and a placement, in the form that councils write."""
    random = np.random.default_rng(SEED)
    text = material().frame()["pcd"].str.replace(" ", "").to_numpy()
    if distinct:
        text = text[random.integers(0, len(text), distinct)]
    chosen = {end: text[random.integers(0, len(text), pairs)] for end in ("home", "placement")}
    pd.DataFrame(
        {end: [f"{one[:-3]} {one[-3:]}" for one in some] for end, some in chosen.items()}
    ).to_parquet(folder / "pairs.parquet")
    return {"pairs": pairs}


# --- the ways, each in a process of its own ----------------------------------------------------


def by_store(folder: Path) -> dict:
    """Open the store, look up both ends, measure."""
    from sufficiency_lib.cleaning.distance import distance_miles
    from sufficiency_lib.intake.reference import open_reference

    pairs = pd.read_parquet(folder / "pairs.parquet")

    def opened():
        return open_reference(folder / "store").postcodes

    def measured(directory) -> np.ndarray:
        home, place = directory.lookup(pairs["home"]), directory.lookup(pairs["placement"])
        return distance_miles(
            home["easting"], home["northing"], place["easting"], place["northing"]
        )

    return _timed(opened, measured)


def by_merge(folder: Path) -> dict:
    """Read the directory, merge it to both ends, measure."""
    pairs = pd.read_parquet(folder / "pairs.parquet")
    source = material()

    def opened() -> pd.DataFrame:
        directory = source.frame()
        return directory.assign(pcd=directory["pcd"].str.replace(" ", ""))

    def measured(directory: pd.DataFrame) -> np.ndarray:
        ends = [
            pd.DataFrame({"pcd": pairs[end].str.upper().str.replace(" ", "")}).merge(
                directory, on="pcd", how="left"
            )
            for end in ("home", "placement")
        ]
        east, north = (ends[0][axis] - ends[1][axis] for axis in ("east", "north"))
        metres = np.sqrt(east.astype("float64") ** 2 + north.astype("float64") ** 2)
        return np.floor(metres.to_numpy() / 1000 / 1.6093 * 10 + 0.5) / 10

    return _timed(opened, measured)


def _timed(opened: Callable, measured: Callable) -> dict:
    before = peak_megabytes()
    start = time.perf_counter()
    directory = opened()
    opening = time.perf_counter() - start
    took, miles = [], np.array([])
    for _ in range(REPEATS):
        start = time.perf_counter()
        miles = measured(directory)
        took.append(time.perf_counter() - start)
    return {
        "opening": opening, "first": took[0], "median": median(took),
        "peak_mb": peak_megabytes(), "before_mb": before,
        "known": int((~np.isnan(miles)).sum()), "miles": round(float(np.nansum(miles)), 1),
    }  # fmt: skip


def by_building(folder: Path) -> dict:
    """Build the store from the published files."""
    from sufficiency_lib.intake.reference import build_reference

    source = material()
    start = time.perf_counter()
    built = build_reference(
        folder / "store", postcodes=source.postcodes, boundaries=source.boundaries
    )
    took = time.perf_counter() - start
    return {"took": took, "peak_mb": peak_megabytes(), "postcodes": len(built.postcodes)}


def by_outlines(folder: Path) -> dict:
    """Build outlines from the postcodes, and hold them against the published ones."""
    from benchmarks.agreement import agreement
    from sufficiency_lib.intake.reference import open_reference
    from sufficiency_lib.intake.voronoi import outline_from_postcodes, outlines_from_postcodes

    store = open_reference(folder / "store")
    published = store.boundaries.set_index("code").geometry
    each = []
    for code in [c for c in AUTHORITIES if c in published.index]:
        start = time.perf_counter()
        built = outline_from_postcodes(store.postcodes, code)
        took = time.perf_counter() - start
        real = published[code]
        overlap = built.intersection(real).area / built.union(real).area
        each.append({"code": code, "took": took, "overlap": overlap})
    start = time.perf_counter()
    every = outlines_from_postcodes(store.postcodes, published.index).set_index("code").geometry
    took, peak = time.perf_counter() - start, peak_megabytes()
    said = agreement(every, published, store.postcodes, seed=SEED)
    return {"each": each, "every": len(every), "took": took, "peak_mb": peak, "said": said}


WAYS = {"store": by_store, "merge": by_merge, "building": by_building, "outlines": by_outlines}


def _in_a_process(way: str, folder: Path, *more: str) -> dict:
    """One way's answer. A process starts with its parent's peak, so the parent reads nothing."""
    module = [sys.executable, "-m", "benchmarks.geography"]
    command = [*module, "--way", way, "--in", str(folder), *more]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


# --- the report ----------------------------------------------------------------------------------


def main() -> None:
    """Run every way and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=200_000)
    parser.add_argument("--distinct", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=("pairs", *WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way == "pairs":
        print(json.dumps(write_pairs(asked.folder, asked.pairs, asked.distinct)))
        return
    if asked.way:
        print(json.dumps(WAYS[asked.way](asked.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        _report(Path(folder), asked.pairs)


def _report(folder: Path, pairs: int) -> None:
    source = material()
    print(f"directory: {source.said}")
    built = _in_a_process("building", folder)
    print(f"postcodes: {built['postcodes']:,}")
    print(f"build the store: {built['took']:.2f} s, peak {built['peak_mb']:.0f} MB")
    for name, distinct in (("as in returns", DISTINCT_IN_RETURNS), ("all different", 0)):
        _in_a_process("pairs", folder, "--pairs", str(pairs), "--distinct", str(distinct))
        ours, plain = (_in_a_process(way, folder) for way in ("store", "merge"))
        _compare(f"{pairs:,} pairs, {name}", ours, plain)
    if source.postcodes.parent != SHARED:
        print("outlines from postcodes: not measured, the synthetic postcodes are too few for it")
        return
    outlines = _in_a_process("outlines", folder)
    for one in outlines["each"]:
        print(
            f"outline from postcodes, {one['code']}: {one['took']:.2f} s, "
            f"{one['overlap']:.3f} of the area in common with the published outline"
        )
    print(
        f"outlines from postcodes, all {outlines['every']}: {outlines['took']:.1f} s, "
        f"peak {outlines['peak_mb']:.0f} MB"
    )
    print("\n".join(outlines["said"]))


def _compare(title: str, ours: dict, plain: dict) -> None:
    def line(what: str, one: float, other: float, unit: str, places: int) -> None:
        print(f"{title}, {what}: store {one:.{places}f} {unit}, merge {other:.{places}f} {unit}")
        if one >= 10**-places:
            print(f"{title}, {what}, ratio: {other / one:.1f}")

    line("open", ours["opening"], plain["opening"], "s", 4)
    line("look up and measure", ours["median"], plain["median"], "s", 3)
    whole = [way["opening"] + way["first"] for way in (ours, plain)]
    line("open, look up and measure once", *whole, "s", 3)
    line("peak memory", ours["peak_mb"], plain["peak_mb"], "MB", 0)
    held = [way["peak_mb"] - way["before_mb"] for way in (ours, plain)]
    line("peak memory over what was held before", *held, "MB", 0)
    same = ours["known"] == plain["known"] and ours["miles"] == plain["miles"]
    print(f"{title}, same distances: {'yes' if same else 'no'}")
    if not same:
        # The merge takes references to the Irish grid, and noughts, for places in Britain.
        print(f"{title}, distances known: store {ours['known']:,}, merge {plain['known']:,}")


if __name__ == "__main__":
    main()
