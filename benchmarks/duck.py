"""The measures of the folder `sql`, run by DuckDB, in an environment that has nothing else.

    python benchmarks/duck.py FOLDER [--threads N] [--answers]

Every parquet in the folder becomes a table in memory before a clock starts. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import duckdb
from shared import SQL, best, peak_megabytes, queries


def run(folder: Path, threads: int, answers: bool) -> dict:
    """Seconds that each measure takes at best, and what was loaded and held."""
    connection = duckdb.connect(":memory:", config={"threads": threads} if threads else {})
    start = time.perf_counter()
    for path in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE TABLE {path.stem} AS SELECT * FROM '{path}'")
    connection.execute((SQL / "setup.sql").read_text(encoding="utf-8"))
    loading = time.perf_counter() - start
    took = {}
    for name, query in queries().items():
        took[name] = best(lambda query=query: _timed(connection, query))
        if answers:
            to = folder / "duckdb" / f"{name}.parquet"
            connection.execute(f"COPY answer TO '{to}' (FORMAT parquet)")
    used = connection.execute("SELECT current_setting('threads')").fetchone()[0]
    return {
        "took": took, "loading": loading, "threads": used, "version": duckdb.__version__,
        "peak_mb": peak_megabytes(),
    }  # fmt: skip


def _timed(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    start = time.perf_counter()
    connection.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {query}")
    return time.perf_counter() - start


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--answers", action="store_true")
    asked = parser.parse_args()
    (asked.folder / "duckdb").mkdir(exist_ok=True)
    print(json.dumps(run(asked.folder, asked.threads, asked.answers)))


if __name__ == "__main__":
    main()
