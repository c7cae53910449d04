"""Many thousand damaged returns: each is read right, refused, or its changed figures are told.

    python benchmarks/mutations.py [--runs 10000] [--seed 1] [--jobs 2]

Two years of a few synthetic children's returns are damaged in one to three ways (encodings,
delimiters, dates, codes, order, duplicates, cut files, blank cells …), read, repaired and
counted. What counts as silent is a figure that moved with no finding that the undamaged
return does not give; it should not happen, and a crash never may.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

from sufficiency_lib.cleaning.children import check_identity, children_of
from sufficiency_lib.cleaning.derive import Area, derive
from sufficiency_lib.cleaning.repair import repair
from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.reference import open_reference
from sufficiency_lib.intake.returns import read_returns
from sufficiency_lib.metrics.bed_nights import bed_nights
from sufficiency_lib.metrics.distances import distance_by_boundary
from sufficiency_lib.metrics.population import children_by_age, children_looked_after
from sufficiency_lib.metrics.provision import placement_mix
from sufficiency_lib.store import sample_data

YEARS = (2024, 2025)
TABLES = ("episodes", "header", "uasc")
CHILDREN = 60
CODE = "E06000019"

Table = list[list[str]]


def small_return(data: Path) -> dict[str, Table]:
    """File → rows (header first) of two years' returns of the first few children."""
    found: dict[str, Table] = {}
    chosen: set[str] = set()
    for year in YEARS:
        for table in TABLES:
            text = (data / "herefordshire" / str(year) / f"{table}.csv").read_text("utf-8")
            rows = [line.split(",") for line in text.splitlines()]
            if not chosen:
                chosen = set(sorted({row[0] for row in rows[1:]})[:CHILDREN])
            found[f"{year}/{table}.csv"] = [rows[0], *(r for r in rows[1:] if r[0] in chosen)]
    return found


def figures(folder: Path, directory, outline) -> tuple[dict[str, list], Counter]:
    """The figures of a folder of returns, and how often each finding was made."""
    log = FindingLog()
    returns = read_returns(folder, log)
    rows = returns.tables["episodes"]
    history = repair(rows, log).history
    check_identity(returns.tables.get("header"), rows, log)
    children = children_of(returns.tables.get("header"), returns.tables.get("uasc"))
    episodes = derive(history, children, directory, Area(frozenset({CODE}), outline, None))
    days = [f"{year}-03-31" for year in YEARS]
    made = {
        "looked_after": children_looked_after(episodes, days),
        "mix": placement_mix(episodes, days),
        "nights": bed_nights(episodes, days),
        "age": children_by_age(episodes, days[-1]),
        "distance": distance_by_boundary(episodes, days[-1]),
    }
    unknown = Counter(
        {f"{end}_{status}": int(count)
         for end in ("home", "placement")
         for status, count in episodes[f"{end}_postcode_status"].value_counts().items()
         if status != "found"}
    )
    told = Counter(log.frame()["rule"]) + unknown
    told["no_date_of_birth"] += int(episodes.drop_duplicates("child_id")["dob"].isna().sum())
    return {name: frame.astype(str).to_numpy().tolist() for name, frame in made.items()}, told


GARBAGE = (
    "", " ", "n/a", "NULL", "=1+1", "31/02/2024", "soon", "ZZ9", "9" * 60, "12/2024", "45382",
    "2024-01-31", "31/1/24", "01/31/2024", "1899-01-01", "é", '"', "a,b", "x" * 300, "U99", "HR1",
)


def _cell(r: random.Random, table: Table) -> tuple[list[str], int]:
    row = r.choice(table[1:]) if len(table) > 1 else table[0]
    return row, r.randrange(len(row))


def _garbage(r: random.Random, table: Table) -> None:
    row, place = _cell(r, table)
    row[place] = r.choice(GARBAGE)


def _blank(r: random.Random, table: Table) -> None:
    row, place = _cell(r, table)
    row[place] = ""


def _case(r: random.Random, table: Table) -> None:
    place = r.randrange(len(table[0]))
    for row in table[r.randint(0, 1):]:
        row[place] = f" {row[place].lower()} "


def _dates(r: random.Random, table: Table) -> None:
    shape = r.choice(["%Y-%m-%d", "%d/%m/%y", "%d/%m/%Y 00:00:00", "%d-%b-%Y", "%Y%m%d"])
    for row in table[1:]:
        for place, cell in enumerate(row):
            try:
                row[place] = datetime.strptime(cell, "%d/%m/%Y").strftime(shape)
            except ValueError:
                continue


def _order(r: random.Random, table: Table) -> None:
    rows = table[1:]
    r.shuffle(rows)
    table[1:] = rows


def _columns(r: random.Random, table: Table) -> None:
    order = r.sample(range(len(table[0])), len(table[0]))
    table[:] = [[row[place] for place in order] for row in table]


def _drop_column(r: random.Random, table: Table) -> None:
    place = r.randrange(len(table[0]))
    table[:] = [row[:place] + row[place + 1:] for row in table]


def _again(r: random.Random, table: Table) -> None:
    table.append(list(r.choice(table)))


def _extra(r: random.Random, table: Table) -> None:
    table[0].append(r.choice(["NOTES", "LA", "YEAR", ""]))
    for row in table[1:]:
        row.append(r.choice(["", "x", "E06000019"]))


CHANGES: tuple[Callable[[random.Random, Table], None], ...] = (
    _garbage, _garbage, _blank, _blank, _case, _dates, _order, _columns, _drop_column, _again,
    _extra,
)


def damage(r: random.Random, table: Table) -> tuple[bytes, list[str]]:
    """A table with one to three things done to it, as the bytes of a file, and what was done."""
    table = [list(row) for row in table]
    done = []
    for _ in range(r.randint(1, 3)):
        change = r.choice(CHANGES)
        change(r, table)
        done.append(change.__name__)
    delimiter = r.choice([",", ",", ",", ";", "\t", "|"])
    quoted = [[f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & {delimiter, '"', "\n"} else c
               for c in row] for row in table]
    text = r.choice(["\n", "\r\n"]).join(delimiter.join(row) for row in quoted) + "\n"
    raw = text.encode(r.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), "replace")
    way = r.randrange(12)
    if way == 0:
        raw, done = raw[: r.randrange(len(raw))], [*done, "cut"]
    elif way == 1:
        place = r.randrange(len(raw))
        raw, done = raw[:place] + bytes([r.randrange(256)]) + raw[place + 1:], [*done, "byte"]
    return raw, done


def one_batch(seeds: range) -> list[tuple[str, int, list[str]]]:
    """(what became of it, seed, what was done) for each seed."""
    data = sample_data()
    reference = open_reference(data / "reference" / "store")
    directory, outline = reference.postcodes, reference.outline(CODE)
    whole = small_return(data)
    outcomes = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, table in whole.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("\n".join(",".join(row) for row in table) + "\n")
        right, usual = figures(folder, directory, outline)
        for seed in seeds:
            r = random.Random(seed)
            name = r.choice(sorted(whole))
            raw, done = damage(r, whole[name])
            before = (folder / name).read_bytes()
            (folder / name).write_bytes(raw)
            outcome = _outcome(folder, directory, outline, right, usual)
            (folder / name).write_bytes(before)
            outcomes.append((outcome, seed, [name, *done]))
    return outcomes


def _outcome(folder: Path, directory, outline, right: dict, usual: Counter) -> str:
    try:
        got, told = figures(folder, directory, outline)
    except InputError:
        return "refused in a sentence"
    except Exception as error:
        return f"CRASH {type(error).__name__}: {error}"[:150]
    if got == right:
        return "read right"
    return "changed and told" if told - usual or usual - told else "SILENT"


def main() -> None:
    """Run the mutations and print what became of them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    told = options.parse_args()
    starts = range(told.seed, told.seed + told.runs, 250)
    batches = [range(at, min(at + 250, told.seed + told.runs)) for at in starts]
    sample_data()
    with ProcessPoolExecutor(told.jobs) as pool:
        outcomes = [outcome for batch in pool.map(one_batch, batches) for outcome in batch]
    for outcome, count in Counter(outcome for outcome, *_ in outcomes).most_common():
        print(f"{outcome}: {count:,} of {len(outcomes):,}")
    for outcome, seed, done in outcomes:
        if outcome == "SILENT" or outcome.startswith("CRASH"):
            print(f"  seed {seed}: {outcome}: {', '.join(done)}")


if __name__ == "__main__":
    main()
